"""How well the ink of two sheets agrees once one is laid on the other."""

from __future__ import annotations

import cv2
import numpy as np

from logdigit.types import Float, UInt8

LEAST_ROWS = 24
_ROWS = 500
"""Most rows that are compared."""
_TOLERANCE = 1 / 800
"""By how much strokes of two scans of one line may differ, share of the sheet's width."""
_NEAR, _FAR = 8, 90
"""Rows by which a sheet is moved along to see what agrees by chance."""
_LEAST_INK = 40
_PARTS = 4
_BUSY = 0.01
"""Share of ink from which a part of the width is looked at."""


def agreement(upper: UInt8, lower: UInt8, matrix: Float) -> tuple[float, float]:
    """Share of the ink of two bands that meets that of the other, and the highest when one is moved along.

    Args:
        upper: (H, W) 0/255 mask of the sheet above.
        lower: (h, w) mask of the sheet below.
        matrix: (2, 3), px of the lower mask to px of the upper one.
    """
    pair = _laid(upper, lower, matrix)
    if pair is None:
        return 0.0, 0.0
    above, below = pair
    wide = _widened(above, below)
    far = min(_FAR, above.shape[0] // 2)
    shifts = [d for d in range(-far, far + 1, 4) if abs(d) >= _NEAR]
    by_chance = max((_met(above, below, wide, d) for d in shifts), default=1.0)
    return _met(above, below, wide, 0), by_chance


def fit(upper: UInt8, lower: UInt8, matrix: Float) -> tuple[float, float]:
    """Share of the ink of two bands that meets that of the other: over the width, and in its worst part."""
    pair = _laid(upper, lower, matrix)
    if pair is None:
        return 0.0, 0.0
    above, below = pair
    wide = _widened(above, below)
    parts = []
    for cols in np.array_split(np.arange(above.shape[1]), _PARTS):
        part = slice(int(cols[0]), int(cols[-1]) + 1)
        pieces = above[:, part], below[:, part]
        if min(cv2.countNonZero(piece) for piece in pieces) > _BUSY * pieces[0].size:
            parts.append(_met(*pieces, (wide[0][:, part], wide[1][:, part]), 0))
    whole = _met(above, below, wide, 0)
    return whole, min(parts, default=whole)


def _laid(upper: UInt8, lower: UInt8, matrix: Float) -> tuple[UInt8, UInt8] | None:
    """Both masks where they overlap, the lower one laid on the upper; None where hardly a row does."""
    first = max(0, int(np.floor(min(matrix[1, 2], matrix[1, 0] * lower.shape[1] + matrix[1, 2]))))
    rows = min(upper.shape[0] - first, lower.shape[0], _ROWS)
    if rows < LEAST_ROWS:
        return None
    moved = matrix - np.array([[0, 0, 0], [0, 0, float(first)]])
    size = (upper.shape[1], rows)
    laid = cv2.warpAffine(lower, moved, size, flags=cv2.INTER_LINEAR)
    shown = cv2.warpAffine(np.full_like(lower, 255), moved, size, flags=cv2.INTER_NEAREST)
    above = np.asarray(cv2.bitwise_and(upper[first : first + rows], shown), dtype=np.uint8)
    return above, np.where(laid > 100, 255, 0).astype(np.uint8)


def _widened(above: UInt8, below: UInt8) -> tuple[UInt8, UInt8]:
    reach = 2 * max(1, round(_TOLERANCE * above.shape[1])) + 1
    side = np.ones((reach, reach), np.uint8)
    return np.asarray(cv2.dilate(above, side), np.uint8), np.asarray(cv2.dilate(below, side), np.uint8)


def _met(above: UInt8, below: UInt8, wide: tuple[UInt8, UInt8], down: int) -> float:
    """Share of ink that meets ink with the lower picture ``down`` rows further down, the lesser way."""
    rows = above.shape[0]
    a, b = slice(max(0, down), rows + min(0, down)), slice(max(0, -down), rows - max(0, down))
    one, two = cv2.countNonZero(above[a]), cv2.countNonZero(below[b])
    if min(one, two) < _LEAST_INK:
        return 0.0
    met_one = cv2.countNonZero(cv2.bitwise_and(above[a], wide[1][b]))
    met_two = cv2.countNonZero(cv2.bitwise_and(below[b], wide[0][a]))
    return min(met_one / one, met_two / two)
