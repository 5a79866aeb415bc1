"""Skew: the slope along which the printed lines of equal depth pile up highest."""

from __future__ import annotations

import math
from itertools import pairwise

import cv2
import numpy as np
from scipy.ndimage import gaussian_filter1d

from logdigit.types import Float, Strip, UInt8

_MAX_SLOPE = math.tan(math.radians(6.0))
_BLOCKS, _ROWS = 16, 480
_CONTRAST = 25
"""Grey levels by which a grid line is darker than its surroundings, at least."""
_AROUND = 31
"""Rows whose mean a faint line is darker than,"""
_PALE, _NOISE = 6.0, 3.0
"""by so many grey levels at least, and by this multiple of what rows usually differ."""
_STRIPES = 32
_BLUR = 1.0
"""Rows (sigma)."""


def ink_mask(pixels: UInt8) -> UInt8:
    """0/255 mask of what is darker than its surroundings; in colour, of the darkest channel."""
    grey = pixels if pixels.ndim == 2 else pixels.min(axis=2)
    around = cv2.blur(grey, (31, 31), borderType=cv2.BORDER_REPLICATE)
    return np.asarray(np.where(around.astype(np.int16) - grey > _CONTRAST, 255, 0), dtype=np.uint8)


def _faint_mask(pixels: UInt8, along: int) -> UInt8:
    """0/255 mask of what is darker than the rows above and below, seen ``along`` px of each row together.

    Dots and pale print add up to lines so; strokes of curves that run nearly flat do too.
    """
    grey = pixels if pixels.ndim == 2 else pixels.min(axis=2)
    level = cv2.blur(grey.astype(np.float32), (along, 1), borderType=cv2.BORDER_REPLICATE)
    darker = cv2.blur(level, (1, _AROUND), borderType=cv2.BORDER_REPLICATE) - level
    least = max(_PALE, _NOISE * float(np.median(np.abs(darker))))
    return np.asarray(darker > least, dtype=np.uint8) * np.uint8(255)


def block_starts(top: int, bottom: int, rows: int, count: int) -> list[int]:
    """First rows of at most ``count`` blocks of ``rows`` spread evenly over the interval."""
    last = max(top, bottom - rows)
    number = max(1, min(count, (bottom - top) // rows))
    return sorted({round(top + (last - top) * k / max(1, number - 1)) for k in range(number)})


def find_skew(strip: Strip, top: int, bottom: int, faint: bool = False) -> float | None:
    """Slope of the lines of equal depth between two rows, strip px down per px to the right.

    Args:
        strip: the scan.
        top: first row.
        bottom: one past the last row.
        faint: look for lines that are pale or dotted.

    Returns:
        The slope; None where there are no horizontal grid lines to measure it on.
    """
    slopes = np.linspace(-_MAX_SLOPE, _MAX_SLOPE, 241)
    total = np.zeros(len(slopes))
    for start in block_starts(top, bottom, _ROWS, _BLOCKS):
        pixels = strip.read(start, min(start + _ROWS, bottom))
        if pixels.shape[0] < 32 or pixels.shape[1] < 2 * _STRIPES:
            continue
        total += sharpness(pixels, slopes, faint)
    if not total.any():
        return None
    best = int(np.argmax(total))
    if total[best] < 1.3 * float(np.median(total)) or best in (0, len(slopes) - 1):
        return None
    fine = np.linspace(slopes[best - 1], slopes[best + 1], 41)
    score = np.zeros(len(fine))
    for start in block_starts(top, bottom, _ROWS, _BLOCKS):
        score += sharpness(strip.read(start, min(start + _ROWS, bottom)), fine, faint)
    # the middle of the plateau: a line one pixel thick fits a range of slopes equally well
    high = fine[score >= score.max() - 0.1 * (score.max() - score.min())]
    slope = float((high[0] + high[-1]) / 2)
    # less than half a pixel from border to border cannot be told from none, and none needs no resampling
    return slope if abs(slope) * strip.width >= 0.5 else 0.0


def seen_strokes(pixels: UInt8, reach: int, faint: bool) -> tuple[UInt8, UInt8]:
    """Ink of pixels, and its horizontal strokes at least ``reach`` px long, 0/255 masks.

    ``faint``: see lines that are pale or dotted, as ``_faint_mask`` does.
    """
    if faint:
        along = max(5, reach // 2) | 1
        ink, reach = _faint_mask(pixels, along), reach + along
    else:
        ink = ink_mask(pixels)
    return ink, _long_strokes(ink, reach)


def _long_strokes(ink: UInt8, reach: int) -> UInt8:
    """Strokes of a mask that are long along its rows, a pixel thicker on either side than they are."""
    # thickened across the line first, a sloping line survives the opening along it
    strokes = cv2.morphologyEx(cv2.dilate(ink, np.ones((3, 1))), cv2.MORPH_OPEN, np.ones((1, reach)))
    return np.asarray(strokes, dtype=np.uint8)


def _line_px(width: int) -> int:
    """Length from which a stroke may be a line, px."""
    return max(9, width // 100)


def sharpness(pixels: UInt8, slopes: Float, faint: bool) -> Float:
    """As ``pile``, of pixels (h, W) or (h, W, 3)."""
    return _piled(seen_strokes(pixels, _line_px(pixels.shape[1]), faint)[1], slopes)


def pile(ink: UInt8, slopes: Float) -> Float:
    """How sharply a mask of ink piles up into rows when it is sheared by each slope, (len(slopes),)."""
    return _piled(_long_strokes(ink, _line_px(ink.shape[1])), slopes)


def level_rows(ink: UInt8, slope: float) -> Float:
    """Share of each row that long strokes of a mask cover once it is sheared by a slope, (H,)."""
    stripes = _stripes(_long_strokes(ink, _line_px(ink.shape[1])))
    return np.asarray(_levelled(*stripes, np.array([slope]))[0] / _STRIPES, dtype=np.float64)


def _piled(strokes: UInt8, slopes: Float) -> Float:
    profiles, offsets = _stripes(strokes)
    # shifted by part of a row a profile is blurred; were it not blurred before, no shift at all would win
    levelled = _levelled(gaussian_filter1d(profiles, _BLUR, axis=1), offsets, slopes)
    return np.asarray(np.square(np.diff(levelled, axis=1)).sum(axis=1), dtype=np.float64)


def _stripes(strokes: UInt8) -> tuple[Float, Float]:
    """Rows of a mask in upright stripes of the page, (S, H), and their x from its middle."""
    width = strokes.shape[1]
    edges = np.linspace(0, width, _STRIPES + 1).astype(int)
    profiles = np.stack([(strokes[:, a:b] > 0).mean(axis=1) for a, b in pairwise(edges)])
    return profiles, (edges[:-1] + edges[1:]) / 2 - width / 2


def _levelled(profiles: Float, offsets: Float, slopes: Float) -> Float:
    """Sum of the stripes, each shifted to where a line of a slope stands level, (len(slopes), H).

    Between rows stripes are linear; a row that comes from beyond their ends is 0.
    """
    count, height = profiles.shape
    shifts = slopes[:, None] * offsets
    whole = np.floor(shifts).astype(np.int64)
    reach = int(np.abs(whole).max()) + 1
    padded = np.pad(profiles, ((0, 0), (reach, reach + 1)))
    windows = np.lib.stride_tricks.sliding_window_view(padded, height + 1, axis=1)
    stripes, rows = np.arange(count), np.arange(height)
    out = np.empty((len(slopes), height))
    for k, (shift, first) in enumerate(zip(shifts, whole, strict=True)):
        part = shift - first
        both = windows[stripes, first + reach]
        from_rows = rows + shift[:, None]
        inside = (from_rows >= 0) & (from_rows <= height - 1)
        out[k] = (1 - part) @ (both[:, :-1] * inside) + part @ (both[:, 1:] * inside)
    return out
