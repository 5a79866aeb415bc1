"""The straight frame: where it lies on the strip, and the pixels of the strip resampled into it.

In the straight frame a line of equal depth is a row, a track edge is a column, and a track of 2.5 inch is
500 px wide: what the network was trained on. ``types.Geometry`` is the truth about coordinates; here it is
built from what was measured on the page, and obeyed to the pixel centre.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from statistics import median_low

import cv2
import numpy as np
from numpy.typing import NDArray

from logdigit.errors import LayoutError
from logdigit.types import Geometry, Strip, UInt8

WORKING_DPI = 200.0
TRACK_INCHES = 2.5
"""Width of a standard (API) track."""
MIN_TRACK_INCHES, MAX_TRACK_INCHES = 1.6, 6.5
"""From a narrow track (one of four on 8 inches) to a double one of 5 inches, with tolerance."""
MAX_PAPER_INCHES = 12.0
SCREEN_DPI = (72.0, 96.0)
"""What programs write when they do not know."""
MAX_SKEW_DEG = 20.0
_BLOCK_ROWS = 256
_PAPER = 255


def true_dpi(tagged: tuple[float, float] | None, track_widths_px: Sequence[float]) -> tuple[float, float]:
    """Resolution (x, y) of a strip in dots per inch, by its tracks where the tag cannot be true.

    Many strips tagged 400 dpi measure 200 to 230: their 2.5-inch tracks would be 1.3 inches wide. A track
    of double width beside a single one does not count. A track that would be too *wide* is more often
    several that were taken for one than a tag that is too low, so there the tag holds up to the width of
    the paper, unless it is one that screens leave behind.

    Args:
        tagged: what the file says, None where it says nothing.
        track_widths_px: widths of the tracks found, strip px; may be empty.

    >>> true_dpi((400.0, 400.0), [540.0, 538.0, 1081.0])
    (216.0, 216.0)
    >>> true_dpi((200.0, 200.0), [498.0, 997.0])
    (200.0, 200.0)
    >>> true_dpi((72.0, 72.0), [500.0])
    (200.0, 200.0)
    """
    widths = [width for width in track_widths_px if width > 0]
    if not widths:
        return tagged or (WORKING_DPI, WORKING_DPI)
    width = float(median_low(widths))
    if tagged is not None:
        widest = MAX_TRACK_INCHES if tagged[0] in SCREEN_DPI else MAX_PAPER_INCHES
        if MIN_TRACK_INCHES <= width / tagged[0] <= widest:
            return tagged
    return width / TRACK_INCHES, width / TRACK_INCHES


def make_geometry(
    strip_height: int,
    strip_width: int,
    dpi: tuple[float, float],
    skew_deg: float | Sequence[tuple[float, float]] = 0.0,
    left_edge: Sequence[tuple[float, float]] | None = None,
    working_dpi: float = WORKING_DPI,
) -> Geometry:
    """Lay the straight frame over the whole strip: every pixel of the strip has a place in it.

    Skew is measured on the pixels: a line of equal depth runs ``tan(skew_deg)`` px down per px to the
    right; where it drifts, each line has the slope of its row at the middle. Where the left edge leans,
    ``left`` follows it, shifted by a constant so that straight column 0 is nowhere right of the strip's
    first column. At ``dpi == working_dpi`` with no skew and no lean the two frames are the same.

    Args:
        strip_height: rows of the strip, px.
        strip_width: columns of the strip, px.
        dpi: true resolution of the strip, (x, y).
        skew_deg: degrees, positive: a line of equal depth runs down to the right; (row, degrees) where it
            drifts, rows at the middle of the strip, linear between and held beyond.
        left_edge: (row, x) strip px along a line that is vertical on the log; held beyond its ends.
        working_dpi: resolution of the straight frame.

    Raises:
        LayoutError: if the skew or the resolution cannot be that of a scan.
    """
    course = [(0.0, skew_deg)] if isinstance(skew_deg, float | int) else list(skew_deg)
    steepest = max((deg for _, deg in course), key=abs)
    if not abs(steepest) <= MAX_SKEW_DEG:
        raise LayoutError(
            f"skew_deg = {steepest:g}: more than {MAX_SKEW_DEG:g} degrees; turn the scan upright first"
        )
    if not all(math.isfinite(d) and d > 0 for d in (*dpi, working_dpi)):
        raise LayoutError(f"dpi = {dpi[0]:g}:{dpi[1]:g}: must be positive numbers, as in --dpi 200")
    pitch_x, pitch_y = dpi[0] / working_dpi, dpi[1] / working_dpi
    turned = np.array([row for row, _ in course], dtype=np.float64)
    slopes = np.tan(np.radians([deg for _, deg in course]))
    centre_x = (strip_width - 1) / 2
    reach = float(np.abs(slopes).max()) * centre_x  # strip rows by which the corners stand off the middle
    # the first straight pixel covers strip pixels 0 .. pitch, so its centre lies half of that in
    first = (pitch_y - 1) / 2 - reach
    height = max(2, math.ceil((strip_height + 2 * reach) / pitch_y - 1e-9))

    edge = sorted(left_edge or [(0.0, 0.0)])
    # near enough the slope of the line through each point: the slope at its own row
    edge_rows = np.array(
        [(y - np.interp(y, turned, slopes) * (x - centre_x) - first) / pitch_y for y, x in edge]
    )
    edge_x = np.array([x for _, x in edge], dtype=np.float64)
    inner = np.concatenate([edge_rows, (turned - first) / pitch_y if len(turned) > 1 else []])
    inner = inner[(inner > 0) & (inner < height - 1)]
    rows = np.unique(np.concatenate([[0.0], inner, [float(height - 1)]]))
    left = np.interp(rows, edge_rows, edge_x)
    # the outer halves of the first and last row lie beyond the knots, where the edge leans on
    beyond = float(np.abs(np.diff(left) / np.diff(rows))[[0, -1]].max()) / 2
    left = left - left.max() - beyond + (pitch_x - 1) / 2
    # the last straight pixel reaches half a pitch further, and must reach the strip's right border
    width = math.ceil((strip_width - 0.5 - left.min() + beyond) / pitch_x + 0.5 - 1e-9)
    return Geometry(
        rows=rows,
        centre=first + pitch_y * rows,
        slope=np.interp(first + pitch_y * rows, turned, slopes),
        left=left,
        pitch_x=np.full(len(rows), pitch_x),
        centre_x=centre_x,
        width=max(1, width),
        dpi=dpi,
    )


def read_straight(strip: Strip, geometry: Geometry, top: int, bottom: int) -> UInt8:
    """Rows ``top`` to ``bottom`` of the straight frame.

    Pixels are made in blocks at fixed rows, so that a band does not depend on how the page is cut into
    bands. Reduction averages over the strip pixels that a straight pixel covers; where the two frames are
    the same, pixels are copied.

    Args:
        strip: the scan.
        geometry: its straight frame.
        top: first row, straight px.
        bottom: one past the last row.

    Returns:
        uint8 ``(bottom - top, geometry.width)`` grey or ``(..., 3)`` RGB, 0 ink; 255 outside the strip.

    Raises:
        ValueError: if the rows are not inside the straight frame.
    """
    if not 0 <= top < bottom <= geometry.height:
        raise ValueError(f"rows {top} to {bottom} are not inside a straight frame of {geometry.height} rows")
    identity = _is_identity(geometry)
    parts: list[UInt8] = []
    for start in range(top - top % _BLOCK_ROWS, bottom, _BLOCK_ROWS):
        stop = min(start + _BLOCK_ROWS, geometry.height)
        if identity:
            parts.append(_window(strip, max(start, top), min(stop, bottom), 0, geometry.width))
        else:
            block = _resample(strip, geometry, start, stop)
            parts.append(block[max(top - start, 0) : bottom - start])
    if any(part.ndim == 3 for part in parts):
        parts = [part if part.ndim == 3 else np.repeat(part[..., None], 3, axis=2) for part in parts]
    return np.ascontiguousarray(np.concatenate(parts))


def _is_identity(geometry: Geometry) -> bool:
    """Whether straight (x, y) is strip (x, y) everywhere."""
    return bool(
        np.allclose(geometry.rows, geometry.centre, rtol=0, atol=1e-6)
        and not geometry.slope.any()
        and np.allclose(geometry.left, 0, atol=1e-6)
        and np.allclose(geometry.pitch_x, 1, rtol=0, atol=1e-9)
    )


def _window(strip: Strip, top: int, bottom: int, left: int, right: int) -> UInt8:
    """Strip pixels of any window, paper where the strip does not reach."""
    y0, y1 = min(max(top, 0), strip.height), min(max(bottom, 0), strip.height)
    x0, x1 = min(max(left, 0), strip.width), min(max(right, 0), strip.width)
    if y0 >= y1 or x0 >= x1:
        return np.full((bottom - top, right - left), _PAPER, dtype=np.uint8)
    inside = strip.read(y0, y1)[:, x0:x1]
    pad = ((y0 - top, bottom - y1), (x0 - left, right - x1), (0, 0))[: inside.ndim]
    return np.pad(inside, pad, constant_values=_PAPER)


def _resample(strip: Strip, geometry: Geometry, top: int, bottom: int) -> UInt8:
    """One block of the straight frame, (bottom - top, width[, 3])."""
    # a column of rows against a row of columns: what depends on the row alone is looked up once a row
    y = np.arange(top, bottom, dtype=np.float64)[:, None]
    strip_x, strip_y = geometry.to_strip(np.arange(geometry.width, dtype=np.float64)[None, :], y)
    cover_x = float(np.interp((top + bottom - 1) / 2, geometry.rows, geometry.pitch_x))
    cover_y = _rows_covered(geometry, top, bottom)
    kernel_x, kernel_y = _box(cover_x), _box(cover_y)
    margin_x, margin_y = len(kernel_x) // 2 + 3, len(kernel_y) // 2 + 3  # 3: cubic needs 2, one to spare
    # the strip need not be read where no straight pixel can show it
    first_x = max(math.floor(strip_x.min()), -1) - margin_x
    last_x = min(math.ceil(strip_x.max()), strip.width) + margin_x + 1
    first_y = max(math.floor(strip_y.min()), -1) - margin_y
    last_y = min(math.ceil(strip_y.max()), strip.height) + margin_y + 1
    if last_y <= first_y or last_x <= first_x:
        return np.full(strip_x.shape, _PAPER, dtype=np.uint8)
    source = _window(strip, first_y, last_y, first_x, last_x)
    if len(kernel_x) > 1 or len(kernel_y) > 1:
        filtered = cv2.sepFilter2D(source, cv2.CV_8U, kernel_x, kernel_y, borderType=cv2.BORDER_REPLICATE)
        source = np.asarray(filtered, dtype=np.uint8)
    return np.asarray(
        cv2.remap(
            source,
            (strip_x - first_x).astype(np.float32),
            (strip_y - first_y).astype(np.float32),
            interpolation=cv2.INTER_CUBIC,
            borderMode=cv2.BORDER_CONSTANT,
            borderValue=(_PAPER, _PAPER, _PAPER),
        ),
        dtype=np.uint8,
    )


def _rows_covered(geometry: Geometry, top: int, bottom: int) -> float:
    """Strip rows per straight row of a block, at its left edge."""
    _, (first, last) = geometry.to_strip(np.zeros(2), np.array([float(top), float(bottom)]))
    return float(last - first) / (bottom - top)


def _box(cover: float) -> NDArray[np.float32]:
    """Box filter ``cover`` px wide, its ends cut within a pixel; one tap where nothing is reduced.

    >>> [float(tap) for tap in _box(2.0)]
    [0.25, 0.5, 0.25]
    """
    if cover <= 1.0:
        return np.ones(1, dtype=np.float32)
    half = math.ceil((cover - 1) / 2 - 1e-9)
    taps = np.ones(2 * half + 1)
    taps[0] = taps[-1] = (cover - (2 * half - 1)) / 2
    return np.asarray(taps / taps.sum(), dtype=np.float32)
