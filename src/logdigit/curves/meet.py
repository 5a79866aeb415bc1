"""Where candidate strokes meet: whether they go straighter on as they are, or each on the other's course.

Strokes that meet run into one for some rows, and whoever followed one of them alone may have come out on
the other. What tells is direction on the paper: a pen does not turn back where another pen happens to pass.
Directions are taken along the stroke, so that one that runs nearly flat has its own within a row or two.
"""

from __future__ import annotations

from collections.abc import Sequence
from itertools import combinations

import numpy as np
from numpy.typing import NDArray
from scipy.ndimage import maximum_filter1d

from logdigit.curves.identity import Path
from logdigit.types import Bool, Float32

_ALONG_PX = 8.0
"""Length of a stroke over which its direction is taken."""
_CLOSE_PX = 1.5
"""Px between two strokes, beside their width, from which they are seen apart."""
_INK = 0.4
"""Evidence from which a pixel has ink,"""
_ACROSS_PX = 120
"""and px of ink from one stroke to another over which they may be crossing ones that lie nearly flat."""
_LOST = 2
"""Rows between two touches of one meeting, at most."""
_LONGEST = 60
"""Rows that strokes run together and still tell where they were going."""


def bends(candidates: Sequence[Path], pens: Float32, ink: Float32) -> Float32:
    """By how much less two strokes turn if they go on as they are than if they change places, (m, m, H).

    In radians, both strokes together, halved: each pays its part. NaN but on the middle row of a meeting.

    Args:
        candidates: decoded strokes, (H,) rows each.
        pens: their widths, px (m,).
        ink: evidence for any ink (H, W).
    """
    count, height = len(candidates), len(candidates[0].exit)
    inked = np.pad(maximum_filter1d(ink, 3, axis=0) > _INK, ((0, 0), (1, 0)))
    filled = np.cumsum(inked, axis=1, dtype=np.int64)
    out = np.full((count, count, height), np.nan, np.float32)
    for a, b in combinations(range(count), 2):
        one, other = candidates[a], candidates[b]
        for first, last in _meetings(_touching(one, other, float(max(pens[a], pens[b])), filled)):
            before = [_direction(path, first, -1) for path in (one, other)]
            after = [_direction(path, last, 1) for path in (one, other)]
            if not np.isfinite([*before, *after]).all():
                continue
            on = abs(before[0] - after[0]) + abs(before[1] - after[1])
            across = abs(before[0] - after[1]) + abs(before[1] - after[0])
            middle = (first + last + 1) // 2
            out[a, b, middle] = out[b, a, middle] = (across - on) / 2
    return out


def _touching(one: Path, other: Path, pen: float, filled: NDArray[np.int64]) -> Bool:
    """Rows on which two strokes are one, or have nothing but ink between them, (H,).

    ``filled`` (H, W + 1): how many columns from the left have ink on or beside a row.
    """
    low, high = np.minimum(one.entry, one.exit), np.maximum(one.entry, one.exit)
    least, most = np.minimum(other.entry, other.exit), np.maximum(other.entry, other.exit)
    there = (one.exit >= 0) & (other.exit >= 0)
    left, right = np.where(there, np.minimum(high, most), 0), np.where(there, np.maximum(low, least), 0)
    gap, rows = right - left, np.arange(len(left))
    between = filled[rows, np.maximum(right, left)] - filled[rows, left]
    return np.asarray(
        there & ((gap < pen + _CLOSE_PX) | ((gap < _ACROSS_PX) & (between >= gap))), dtype=np.bool_
    )


def _meetings(touching: Bool) -> list[tuple[int, int]]:
    """First and last rows of the meetings that are brief enough to tell anything."""
    rows = np.flatnonzero(touching)
    if not len(rows):
        return []
    parts = np.split(rows, np.flatnonzero(np.diff(rows) > _LOST + 1) + 1)
    return [(int(part[0]), int(part[-1])) for part in parts if part[-1] - part[0] < _LONGEST]


def _direction(path: Path, row: int, way: int) -> float:
    """Angle from straight down, rad, of a stroke before a row (way -1) or after it (1); NaN where it ends."""
    at = path.entry if way < 0 else path.exit
    start = x = float(at[row])
    length, k = 0.0, row
    while length < _ALONG_PX:
        k += way
        if not 0 <= k < len(path.exit) or path.exit[k] < 0:
            return float("nan") if abs(k - row) < 3 else _angle(x - start, k - way - row, way)
        length += float(np.hypot(at[k] - x, 1.0))
        x = float(at[k])
    return _angle(x - start, k - row, way)


def _angle(across: float, down: int, way: int) -> float:
    return float(np.arctan2(way * across, abs(down)))
