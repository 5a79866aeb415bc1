"""Raster pages: pyvips in sequential bands, Pillow and tifffile for what pyvips cannot open.

libvips decodes rows in order and keeps few of them, which is what a strip of 241,008 rows needs. A page
therefore asks for fixed chunks of rows and keeps the last few; going further back starts the file anew.
"""

from __future__ import annotations

import logging
import threading
import warnings
from collections import OrderedDict
from dataclasses import dataclass, field
from pathlib import Path

import numpy as np
import pyvips
import tifffile
from PIL import Image, UnidentifiedImageError

from logdigit.errors import ScanError
from logdigit.paper.tiff import plausible_dpi
from logdigit.types import Page, UInt8

CHUNK_ROWS = 1024
KEPT_CHUNKS = 4
_DAMAGE = ("premature", "not enough", "line length", "end of file", "read error", "seek error", "corrupt")


class _Listener(logging.Handler):
    """Keeps libvips warnings off stderr, and remembers those that mean lost rows."""

    def __init__(self) -> None:
        super().__init__(logging.WARNING)
        self.damage = ""

    def emit(self, record: logging.LogRecord) -> None:
        text = record.getMessage()
        if any(word in text.lower() for word in _DAMAGE):
            self.damage = text.removeprefix("VIPS: ")

    def take(self) -> str:
        """The last damage reported since the last call."""
        text, self.damage = self.damage, ""
        return text


_LISTENER = _Listener()
logging.getLogger("pyvips").addHandler(_LISTENER)


class _Reader:
    """Sequential decoder of one image, restarted when asked to go back."""

    def __init__(self, path: Path, index: int, paged: bool) -> None:
        self._path, self._index, self._paged = path, index, paged
        self._region: pyvips.Region | None = None
        self._next = 0
        self._kept: OrderedDict[int, UInt8] = OrderedDict()
        self._lock = threading.Lock()
        self._coloured: bool | None = None
        image = self._image()
        self.height, self.width, self.bands = int(image.height), int(image.width), int(image.bands)
        self.header = image

    def _image(self) -> pyvips.Image:
        """The image as uint8 grey or RGB without alpha."""
        page = {"page": self._index} if self._paged else {}
        # "error" rather than "truncated": at the latter level a broken LZW strip passes as rows of zeros
        image = pyvips.Image.new_from_file(str(self._path), access="sequential", fail_on="error", **page)
        if "orientation" in image.get_fields() and image.get("orientation") != 1:
            # a picture turned by its tag cannot be read in its own row order
            image = pyvips.Image.new_from_file(str(self._path), access="random", fail_on="error", **page)
            image = image.autorot()
        if image.format not in ("uchar", "ushort"):
            raise ScanError(f"{self._path}: {image.format} samples; save it as an 8-bit or bilevel image")
        if image.interpretation not in ("b-w", "srgb"):
            image = image.colourspace("b-w" if image.interpretation == "grey16" else "srgb")
        if image.hasalpha():
            image = image.flatten(background=255)
        if image.format != "uchar":
            image = image.cast("uchar", shift=True)
        return image.extract_band(0, n=3) if image.bands > 3 else image

    def chunk(self, number: int) -> UInt8:
        """Rows ``number * CHUNK_ROWS`` onwards, (h, W) or (h, W, 3).

        Raises:
            ScanError: if the rows cannot be decoded.
        """
        with self._lock:
            if number not in self._kept:
                if self._region is None or number < self._next:
                    self._region, self._next = pyvips.Region.new(self._image()), 0
                for k in range(self._next, number + 1):
                    self._kept[k] = self._decode(self._region, k)
                    while len(self._kept) > KEPT_CHUNKS:
                        self._kept.popitem(last=False)
                self._next = number + 1
            self._kept.move_to_end(number)
            return self._kept[number]

    def coloured(self) -> bool:
        """Whether any pixel of the page has unequal channels.

        Decided once for the whole page, so that the shape of a band does not depend on where it lies; a
        colour log is known by its first rows, a grey one stored as RGB costs one extra pass.
        """
        if self._coloured is None:
            probe = _Reader(self._path, self._index, self._paged)
            count = -(-self.height // CHUNK_ROWS)
            self._coloured = self.bands == 3 and any(is_coloured(probe.chunk(k)) for k in range(count))
        return self._coloured

    def _decode(self, region: pyvips.Region, number: int) -> UInt8:
        top = number * CHUNK_ROWS
        rows = min(CHUNK_ROWS, self.height - top)
        _complaints()  # forget what others left
        try:
            data = region.fetch(0, top, self.width, rows)
            complaint = _complaints()
        except pyvips.Error as error:
            complaint = str(error)
            data = b""
        # libtiff reports bad Group 4 codes, fills the row and carries on; the report is all there is
        if not data or complaint.strip():
            self._region = None
            where = f"{self._path}" + (f", page {self._index + 1}" if self._index else "")
            raise ScanError(
                f"{where}: truncated or damaged at or below row {top}: {_last_line(complaint)}; copy it "
                "again from its source, or save it anew in an image viewer if the loss is acceptable"
            )
        shape = (rows, self.width) if self.bands == 1 else (rows, self.width, self.bands)
        return np.frombuffer(data, dtype=np.uint8).reshape(shape)


def _complaints() -> str:
    """What libvips and libtiff reported since the last call without failing."""
    return f"{pyvips.Error('').detail}\n{_LISTENER.take()}".strip()


def _last_line(text: str) -> str:
    lines = [line.strip() for line in text.splitlines() if line.strip()]
    return lines[-1] if lines else "no reason given"


@dataclass(frozen=True)
class VipsPage:
    """A page decoded by libvips in bands; see the protocol ``Page``."""

    height: int
    width: int
    dpi: tuple[float, float] | None
    source: str
    index: int
    _reader: _Reader = field(repr=False, compare=False)

    def read(self, top: int, bottom: int) -> UInt8:
        """Rows ``top`` to ``bottom`` as uint8 ``(h, W)`` grey or ``(h, W, 3)`` RGB, 0 ink, 255 paper.

        Raises:
            ValueError: if the rows are not inside the page.
            ScanError: if the rows cannot be decoded.
        """
        check_rows(self, top, bottom)
        parts = []
        for number in range(top // CHUNK_ROWS, (bottom - 1) // CHUNK_ROWS + 1):
            start = number * CHUNK_ROWS
            parts.append(self._reader.chunk(number)[max(top - start, 0) : bottom - start])
        out = parts[0].copy() if len(parts) == 1 else np.concatenate(parts)
        return out if out.ndim == 2 or self._reader.coloured() else np.ascontiguousarray(out[..., 0])


@dataclass(frozen=True)
class ArrayPage:
    """A page held in memory, for the formats that only the second readers open."""

    pixels: UInt8 = field(repr=False, compare=False)
    dpi: tuple[float, float] | None
    source: str
    index: int

    @property
    def height(self) -> int:
        """Rows, px."""
        return int(self.pixels.shape[0])

    @property
    def width(self) -> int:
        """Columns, px."""
        return int(self.pixels.shape[1])

    def read(self, top: int, bottom: int) -> UInt8:
        """Rows ``top`` to ``bottom``, as the protocol ``Page`` says.

        Raises:
            ValueError: if the rows are not inside the page.
        """
        check_rows(self, top, bottom)
        return self.pixels[top:bottom].copy()


def check_rows(page: Page, top: int, bottom: int) -> None:
    """Refuse rows outside the page, which is a mistake of the caller, not of the file."""
    if not 0 <= top < bottom <= page.height:
        raise ValueError(f"rows {top} to {bottom} are not inside a page of {page.height} rows")


def is_coloured(pixels: UInt8) -> bool:
    """Whether any pixel of (h, W, 3) has unequal channels."""
    return bool((pixels[..., 0] != pixels[..., 1]).any() or (pixels[..., 0] != pixels[..., 2]).any())


def open_vips(path: Path, index: int, kind: str, dpi: tuple[float, float] | None = None) -> VipsPage | None:
    """Open image ``index`` of a file with libvips; None where libvips does not know the flavour.

    Raises:
        ScanError: if the samples are of a type that holds no picture.
    """
    try:
        reader = _Reader(path, index, paged=kind == "tiff")
    except pyvips.Error:
        return None
    finally:
        _complaints()
    if kind != "tiff":
        dpi = _tagged_dpi(reader.header, kind)
    return VipsPage(reader.height, reader.width, dpi, str(path), index, reader)


def _tagged_dpi(image: pyvips.Image, kind: str) -> tuple[float, float] | None:
    """Resolution of a PNG or JPEG file; libvips fills in 72 dpi (or 1 px/mm) where there is none."""
    x, y = float(image.xres) * 25.4, float(image.yres) * 25.4
    if kind in ("png", "jpeg") and not (abs(x - 72.0) < 0.05 and abs(y - 72.0) < 0.05):
        return None if abs(x - 25.4) < 1e-6 else plausible_dpi(x, y)
    return None


def open_fallback(path: Path, index: int, dpi: tuple[float, float] | None = None) -> ArrayPage:
    """Open image ``index`` of a file with Pillow, then with tifffile, whole.

    Raises:
        ScanError: if neither can.
    """
    pixels = _with_pillow(path, index)
    if pixels is None:
        pixels = _with_tifffile(path, index)
    if pixels is None or pixels.ndim not in (2, 3) or 0 in pixels.shape:
        raise ScanError(
            f"{path}: none of the image readers can decode this file: it is damaged, or of a rare kind; "
            "save it anew as TIFF or PNG"
        )
    if pixels.ndim == 3 and not is_coloured(pixels):
        pixels = np.ascontiguousarray(pixels[..., 0])
    return ArrayPage(pixels, dpi, str(path), index)


def _with_pillow(path: Path, index: int) -> UInt8 | None:
    """The image through Pillow, (h, W) or (h, W, 3); None if it cannot."""
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # the pixel limit is ours, oddities of tags do not matter
            with Image.open(path) as image:
                image.seek(index)
                if image.mode.startswith("I;16"):
                    return (np.asarray(image) >> 8).astype(np.uint8)
                if image.mode in ("1", "L"):
                    return np.asarray(image.convert("L"))
                rgba = image.convert("RGBA")
                paper = Image.new("RGBA", rgba.size, "white")
                return np.asarray(Image.alpha_composite(paper, rgba).convert("RGB"))
    except (UnidentifiedImageError, OSError, SyntaxError, ValueError, EOFError, Image.DecompressionBombError):
        return None


def _with_tifffile(path: Path, index: int) -> UInt8 | None:
    """The image through tifffile, for 8- and 16-bit grey or RGB that is stored in an unusual way."""
    try:
        with tifffile.TiffFile(path) as file:
            page = file.pages[index].aspage()
            data = np.asarray(page.asarray())
            inverted = page.photometric == tifffile.PHOTOMETRIC.MINISWHITE
    except (tifffile.TiffFileError, OSError, ValueError, IndexError, KeyError, RuntimeError):
        return None
    if data.dtype == np.bool_:
        data = data.astype(np.uint8) * 255
    if data.dtype == np.uint16:
        data = data >> 8
    if data.dtype not in (np.uint8, np.uint16) or (data.ndim == 3 and data.shape[2] != 3):
        return None
    grey = data.astype(np.uint8)
    return 255 - grey if inverted else grey
