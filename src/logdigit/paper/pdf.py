"""PDF pages through pypdfium2, rendered band by band.

A PDF that only wraps a scan is rendered at the resolution of the scan, so that nothing is resampled; a
drawn (vector) page at 200 dpi, the working resolution of the network.
"""

from __future__ import annotations

import threading
from dataclasses import dataclass, field
from pathlib import Path

import numpy as np
import pypdfium2 as pdfium
import pypdfium2.raw as pdfium_c

from logdigit.errors import ScanError
from logdigit.paper.tiff import plausible_dpi
from logdigit.types import UInt8

VECTOR_DPI = 200.0
_POINTS_PER_INCH = 72.0
_PROBE_SIDE = 2000  # px: enough for a thin coloured line to keep some colour
_LOCK = threading.Lock()  # PDFium is not thread-safe, not even across documents


@dataclass(frozen=True)
class PdfPage:
    """One page of a PDF; see the protocol ``Page``."""

    height: int
    width: int
    dpi: tuple[float, float] | None
    source: str
    index: int
    coloured: bool
    _page: pdfium.PdfPage = field(repr=False, compare=False)

    def read(self, top: int, bottom: int) -> UInt8:
        """Rows ``top`` to ``bottom`` as uint8 ``(h, W)`` grey or ``(h, W, 3)`` RGB, 0 ink, 255 paper.

        Raises:
            ValueError: if the rows are not inside the page.
        """
        if not 0 <= top < bottom <= self.height:
            raise ValueError(f"rows {top} to {bottom} are not inside a page of {self.height} rows")
        rgb = _render(self._page, self.width, self.height, top, bottom)
        return rgb if self.coloured else np.ascontiguousarray(rgb[..., 0])


def open_pdf(path: Path) -> list[PdfPage]:
    """All pages of a PDF file, in order.

    Raises:
        ScanError: if the file is damaged, has no pages, or needs a password.
    """
    with _LOCK:
        try:
            document = pdfium.PdfDocument(path)
            pages = [document[index] for index in range(len(document))]
        except pdfium.PdfiumError as error:
            if "assword" in str(error):
                raise ScanError(f"{path}: the PDF needs a password; save a copy without one") from None
            raise ScanError(f"{path}: damaged or truncated PDF: {error}") from None
    if not pages:
        raise ScanError(f"{path}: a PDF without pages")
    return [_describe(path, index, page) for index, page in enumerate(pages)]


def _describe(path: Path, index: int, page: pdfium.PdfPage) -> PdfPage:
    with _LOCK:
        across, down = page.get_width() / _POINTS_PER_INCH, page.get_height() / _POINTS_PER_INCH
        x, y = _native_dpi(page) or (VECTOR_DPI, VECTOR_DPI)
    width, height = max(1, round(across * x)), max(1, round(down * y))
    shrink = min(1.0, _PROBE_SIDE / width)
    small = (max(1, round(width * shrink)), max(1, round(height * shrink)))
    coloured = False
    for top in range(0, small[1], _PROBE_SIDE):
        rgb = _render(page, *small, top, min(top + _PROBE_SIDE, small[1]))
        if (rgb != rgb[..., :1]).any():
            coloured = True
            break
    return PdfPage(height, width, (round(x, 3), round(y, 3)), str(path), index, coloured, page)


def _native_dpi(page: pdfium.PdfPage) -> tuple[float, float] | None:
    """Resolution of the scan that a page wraps; None for a page with drawing on it.

    Scanners write a long page as one image or as several bands of full width, some with invisible text.
    """
    best: tuple[float, float] | None = None
    for item in page.get_objects(max_depth=3):
        if item.type in (pdfium_c.FPDF_PAGEOBJ_PATH, pdfium_c.FPDF_PAGEOBJ_SHADING):
            return None
        if item.type != pdfium_c.FPDF_PAGEOBJ_IMAGE:
            continue
        left, bottom, right, top = item.get_bounds()
        if right - left < 0.8 * page.get_width() or top <= bottom:
            continue
        across, down = item.get_px_size()
        if page.get_rotation() % 180:
            across, down = down, across
        dpi = plausible_dpi(
            across * _POINTS_PER_INCH / (right - left), down * _POINTS_PER_INCH / (top - bottom)
        )
        if dpi and (best is None or dpi > best):
            best = dpi
    return best


def _render(page: pdfium.PdfPage, width: int, height: int, top: int, bottom: int) -> UInt8:
    """Rows of the page drawn at ``width`` x ``height`` px on white, (bottom - top, width, 3) RGB."""
    with _LOCK:
        bitmap = pdfium.PdfBitmap.new_native(width, bottom - top, pdfium_c.FPDFBitmap_BGR)
        bitmap.fill_rect((255, 255, 255, 255), 0, 0, width, bottom - top)
        flags = pdfium_c.FPDF_ANNOT | pdfium_c.FPDF_REVERSE_BYTE_ORDER
        # the page is drawn whole, shifted up: a band then has the very pixels of the full picture
        pdfium_c.FPDF_RenderPageBitmap(bitmap, page, 0, -top, width, height, 0, flags)
        out: UInt8 = bitmap.to_numpy()[:, :width, :3].copy()
        bitmap.close()
    return out
