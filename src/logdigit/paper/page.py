"""Scan files to pages: what kind of file it is, whether it can be trusted, which images it holds.

A scan that cannot be read whole is an error, never a picture with white rows where the data ended: a
curve that stops half-way looks like a hole in the log. Files are therefore judged by their first bytes
rather than by their name, and the byte ranges that a TIFF directory promises are compared with the
length of the file before anything is decoded.
"""

from __future__ import annotations

import hashlib
import struct
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import TypeVar

from logdigit.errors import ScanError
from logdigit.paper.pdf import open_pdf
from logdigit.paper.raster import VipsPage, open_fallback, open_vips
from logdigit.paper.tiff import check_ranges, directories
from logdigit.types import Page

MAX_PIXELS = 4_000_000_000
"""Most pixels in one log: 2 m of 12-inch paper at 600 dpi is 0.3e9, the longest real strip met 0.6e9."""

_MAGIC: tuple[tuple[bytes, str], ...] = (
    (b"II*\x00", "tiff"),
    (b"MM\x00*", "tiff"),
    (b"II+\x00", "tiff"),
    (b"MM\x00+", "tiff"),
    (b"\x89PNG\r\n\x1a\n", "png"),
    (b"\xff\xd8\xff", "jpeg"),
    (b"GIF8", "gif"),
    (b"BM", "bmp"),
    (b"\x00\x00\x00\x0cjP  ", "jp2"),
)
_T = TypeVar("_T")


def open_pages(paths: Sequence[Path], max_pixels: int = MAX_PIXELS) -> tuple[Page, ...]:
    """Open scan files as the pages of one log, in the order given.

    Only headers are read here; pixels are decoded band by band in ``Page.read``.

    Args:
        paths: TIFF, PNG, JPEG or PDF files (GIF, BMP, WebP and JPEG 2000 where the decoders allow);
            several images in one file are consecutive pages. Reduced copies (thumbnails) are skipped.
        max_pixels: refuse a log of more pixels than this, all pages together.

    Returns:
        One page or more.

    Raises:
        ScanError: if a file is missing, empty, truncated, not an image, or the log is too large.
    """
    pages: list[Page] = []
    pixels = 0
    for path in paths:
        for page in _open(Path(path)):
            pixels += page.height * page.width
            if pixels > max_pixels:
                raise ScanError(
                    f"{path}: {page.width} x {page.height} px bring the log to {pixels:,} px, more than the "
                    f"limit of {max_pixels:,} (max_pixels); scan at a lower resolution or split the log"
                )
            pages.append(page)
    if not pages:
        raise ScanError("no scan files given; name one or more TIFF, PNG, JPEG or PDF files")
    return tuple(pages)


def sha256(path: Path) -> str:
    """Hexadecimal SHA-256 of a file, read in pieces.

    Raises:
        ScanError: if the file cannot be read.
    """
    return _touch(Path(path), _digest)


def _digest(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def _touch(path: Path, action: Callable[[Path], _T]) -> _T:
    """Run ``action`` on the file, with the operating system's refusals said in one line."""
    try:
        return action(path)
    except FileNotFoundError:
        raise ScanError(f"{path}: no such file") from None
    except IsADirectoryError:
        raise ScanError(f"{path}: is a directory; name the scan files in it, or use logdigit batch") from None
    except PermissionError:
        raise ScanError(f"{path}: permission denied") from None
    except (OSError, ValueError) as error:  # ValueError: a name with a null character
        reason = getattr(error, "strerror", None) or error
        raise ScanError(f"{path!s}: cannot be read: {reason}".replace("\0", "\\0")) from None


def _first_bytes(path: Path) -> bytes:
    if path.is_dir():
        raise IsADirectoryError
    with path.open("rb") as file:
        return file.read(1024)


def _kind(path: Path) -> str:
    """What the first bytes say the file is; an empty string if no image at all."""
    head = _touch(path, _first_bytes)
    if not head:
        raise ScanError(f"{path}: the file is empty (0 bytes)")
    if b"%PDF-" in head:
        return "pdf"
    if head[:4] == b"RIFF" and head[8:12] == b"WEBP":
        return "webp"
    return next((kind for magic, kind in _MAGIC if head.startswith(magic)), "")


def _open(path: Path) -> Sequence[Page]:
    kind = _kind(path)
    if not kind:
        raise ScanError(f"{path}: not an image; expected a TIFF, PNG, JPEG or PDF file")
    if kind == "pdf":
        return open_pdf(path)
    if kind == "tiff":
        return _open_tiff(path)
    if kind == "bmp" and path.stat().st_size < struct.unpack("<I", path.read_bytes()[2:6].ljust(4, b"\0"))[0]:
        raise ScanError(f"{path}: truncated: the file is shorter than its header says")
    page = open_vips(path, 0, kind)
    return [page if page is not None else open_fallback(path, 0)]


def _open_tiff(path: Path) -> Sequence[Page]:
    """The full images of a TIFF file, whose directories were checked against the length of the file."""
    found = directories(path)
    keep = [d for d in found if not d.reduced] or found
    pages: list[Page] = []
    for directory in keep:
        check_ranges(path, directory)
        page: VipsPage | None = open_vips(path, directory.index, "tiff", directory.dpi)
        pages.append(page if page is not None else open_fallback(path, directory.index, directory.dpi))
    return pages
