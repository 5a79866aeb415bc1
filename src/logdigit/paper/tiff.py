"""TIFF directories, read for what the decoders do not check: resolution units and promised byte ranges."""

from __future__ import annotations

import logging
import struct
from dataclasses import dataclass
from pathlib import Path

import tifffile

from logdigit.errors import ScanError

# tifffile reports oddities of a file through logging, which prints to stderr where nobody listens
logging.getLogger("tifffile").addHandler(logging.NullHandler())

MIN_DPI, MAX_DPI = 20.0, 2400.0
"""Tags outside are placeholders (1, 72000) or dots per metre, not the resolution of a scanner."""


@dataclass(frozen=True)
class Directory:
    """One image of a TIFF file.

    Attributes:
        index: number of the image in the file, from 0.
        dpi: tagged resolution (x, y), None where absent, without a unit, or absurd.
        reduced: a thumbnail or a mask of another image.
        ranges: (offset, bytes) of each strip or tile.
    """

    index: int
    dpi: tuple[float, float] | None
    reduced: bool
    ranges: tuple[tuple[int, int], ...]


def plausible_dpi(x: float, y: float) -> tuple[float, float] | None:
    """The resolution if a scanner can have it, else None; rounded to hide the decimals of rational tags.

    >>> plausible_dpi(200.0000015, 400.0), plausible_dpi(1.0, 1.0)
    ((200.0, 400.0), None)
    """
    if not (MIN_DPI <= x <= MAX_DPI and MIN_DPI <= y <= MAX_DPI):
        return None
    return round(x, 3), round(y, 3)


def directories(path: Path) -> list[Directory]:
    """All images of a TIFF file, in order.

    Raises:
        ScanError: if the file ends before its directory, or holds no image.
    """
    size = path.stat().st_size
    try:
        _follow_chain(path)
        with tifffile.TiffFile(path) as file:
            found = [_directory(index, page) for index, page in enumerate(file.pages)]
    except (tifffile.TiffFileError, struct.error, ValueError, IndexError, KeyError, TypeError, OSError):
        # what a cut directory raises inside the parser depends on where it was cut
        raise ScanError(
            f"{path}: truncated or damaged TIFF: its directory cannot be read from {size:,} bytes; "
            "copy the file again from its source"
        ) from None
    if not found:
        raise ScanError(f"{path}: a TIFF file without an image, or cut before its first directory")
    return found


def _follow_chain(path: Path) -> None:
    """Walk the chain of directories, which tifffile follows for ever where it bites its own tail.

    Raises:
        ValueError: if the chain loops or holds an empty directory.
        struct.error: if it leads beyond the end of the file.
    """
    with path.open("rb") as file:
        head = file.read(16)
        order = "<" if head[:2] == b"II" else ">"
        big = head[2:4] in (b"+\0", b"\0+")
        count_format, pointer_format, entry = (
            (f"{order}Q", f"{order}Q", 20) if big else (f"{order}H", f"{order}I", 12)
        )
        (offset,) = struct.unpack_from(pointer_format, head, 8 if big else 4)
        seen: set[int] = set()
        while offset:
            if offset in seen:
                raise ValueError("the directories of the file form a loop")
            seen.add(offset)
            file.seek(offset)
            (count,) = struct.unpack(count_format, file.read(struct.calcsize(count_format)))
            if not 0 < count < 65536:
                raise ValueError("a directory without entries")
            file.seek(count * entry, 1)
            (offset,) = struct.unpack(pointer_format, file.read(struct.calcsize(pointer_format)))


def _directory(index: int, page: tifffile.TiffPage | tifffile.TiffFrame) -> Directory:
    page = page.aspage()
    per_unit = {2: 1.0, 3: 2.54}.get(int(_number(page, "ResolutionUnit", 2.0)))
    x, y = _number(page, "XResolution", 0.0), _number(page, "YResolution", 0.0)
    return Directory(
        index=index,
        dpi=None if per_unit is None else plausible_dpi(x * per_unit, y * per_unit),
        reduced=bool(page.is_reduced or page.is_mask),
        ranges=tuple(zip(page.dataoffsets, page.databytecounts, strict=False)),
    )


def _number(page: tifffile.TiffPage, name: str, default: float) -> float:
    """A tag as a number; rationals come as (numerator, denominator)."""
    tag = page.tags.get(name)
    value = default if tag is None else tag.value
    if isinstance(value, tuple):
        return float(value[0]) / float(value[1]) if len(value) == 2 and value[1] else default
    return float(value)


def check_ranges(path: Path, directory: Directory) -> None:
    """Compare the byte ranges of an image with the length of the file.

    libtiff fills rows whose data is missing with white and says nothing at its usual level.

    Raises:
        ScanError: if a strip or tile lies beyond the end of the file, or none is stated.
    """
    size = path.stat().st_size
    page = f", page {directory.index + 1}" if directory.index else ""
    if not directory.ranges:
        raise ScanError(f"{path}{page}: a TIFF directory without image data")
    end = max(offset + count for offset, count in directory.ranges)
    if end > size:
        raise ScanError(
            f"{path}{page}: truncated: image data should run to byte {end:,}, the file has {size:,}; "
            "copy it again from its source"
        )
