"""Upright solid strokes that the network takes for lines of the grid, read through where paper shows them.

A quiet caliper drawn as a solid upright line looks like a line of the grid to whoever sees a hand's
breadth of it. But where a curve is known to stand at the upper end of a gap and near the same column at
the lower end, and an unbroken dark line leads from the one to the other that is dark nowhere else, that
line is the curve. What is dark far above and below as well is the grid, and a line that another curve
goes along is that curve's.
"""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise

import numpy as np
from numpy.typing import NDArray
from scipy.ndimage import maximum_filter1d, uniform_filter1d

from logdigit.curves.runs import runs
from logdigit.curves.viterbi import Prices, State, decode
from logdigit.types import Float32, UInt8

PAPER_PX = 101  # width over which paper is averaged
DEPTH = 0.35  # what is this much of the way from the mean to the darkest ink is dark
LEAN = 0.1  # px a row, most, from one end of a gap to the other: an upright stroke
ASIDE = 8  # px beyond the ends within which the stroke may stand
AROUND = 1500  # rows above and below that tell a line of the grid from a stroke
RULED = 0.5  # share of those rows on which a line of the grid is dark
ACROSS = 0.8  # of the columns are dark where a line of the grid runs across: such rows tell nothing
SHOWN = 0.85  # share of the other rows on which the stroke must be seen,
TELLING = 0.4  # which must be so many of all,
BROKEN = 12  # and rows of paper in a row that end it
OTHERS = 4  # px within which ink is another curve's
SURE = 0.6  # of the confidence of the ends
LEAST = 4  # rows; shorter gaps are bridged
_UNSEEN = Prices(absent=1e6, edge=1e6, inside=1e6)


def darkness(grey: UInt8) -> UInt8:
    """Where a band of a track (h, W) is darker than its paper, packed: eight columns a byte (h, W / 8)."""
    light = grey.astype(np.float32)
    mean = uniform_filter1d(light, PAPER_PX, axis=1, mode="nearest")
    darkest = np.float32(np.percentile(grey[::4, ::4], 1))  # a sixteenth tells as much
    return np.packbits(light < mean - DEPTH * np.maximum(mean - darkest, 20.0), axis=1)


def read_through(
    x: Float32, sure: Float32, turns: NDArray[np.int8], dark: UInt8, others: Sequence[Float32]
) -> None:
    """Fill, in place, gaps of an upright solid stroke along which paper is dark.

    Args:
        x: (H,) readings, px from the left edge of the track, NaN where there are none.
        sure: (H,) confidence.
        turns: (H,).
        dark: (H, W / 8) of `darkness`.
        others: (H,) readings of the other curves of the track.
    """
    good = np.flatnonzero(np.isfinite(x))
    for a, b in pairwise(good):
        if b - a <= LEAST or abs(x[b] - x[a]) > 2 + LEAN * (b - a):
            continue
        path = _line(x, int(a), int(b), dark, others)
        if path is not None:
            x[a + 1 : b] = path
            sure[a + 1 : b] = SURE * min(sure[a], sure[b])
            turns[a + 1 : b] = turns[a]


def _line(x: Float32, a: int, b: int, dark: UInt8, others: Sequence[Float32]) -> Float32 | None:
    """Columns (b - a - 1,) of a dark line from row ``a`` to row ``b``, None where there is none."""
    low = max(0, int(min(x[a], x[b])) - ASIDE)
    high = min(8 * dark.shape[1], int(max(x[a], x[b])) + ASIDE + 1)
    first, last = max(0, a - AROUND), min(len(x), b + AROUND)
    ink = np.unpackbits(dark[first:last], axis=1)[:, low:high].astype(bool)
    telling = ink.mean(axis=1) < ACROSS
    inside = slice(a + 1 - first, b - first)
    columns = np.arange(low, high)
    with np.errstate(invalid="ignore"):  # rows of which the stroke is known to be elsewhere
        away = telling[:, None] & (np.abs(x[first:last, None] - columns) > ASIDE)
    away[inside] = False
    rows = away.sum(axis=0)
    ruled = (rows < BROKEN) | ((ink & away).sum(axis=0) > RULED * rows)
    ink[:, maximum_filter1d(ruled.astype(np.uint8), 3) > 0] = False
    ink, telling = ink[inside], telling[inside]
    taken = np.zeros(ink.shape, bool)
    for other in others:
        with np.errstate(invalid="ignore"):
            taken |= np.abs(other[a + 1 : b, None] - columns) < OTHERS
    ink &= ~taken
    unary = np.where(ink, 0.05, 1.5).astype(np.float32)
    side = np.full(ink.shape, 0.5, np.float32)
    _, at, _ = decode(
        unary, side, _UNSEEN, start=State(0, int(np.clip(round(x[a]) - low, 0, high - low - 1)))
    )
    telling &= ~taken[np.arange(len(at)), at]
    near = maximum_filter1d(ink.astype(np.uint8), 3, axis=1)[np.arange(len(at)), at] > 0
    seen = near[telling]
    if telling.mean() < TELLING or seen.mean() < SHOWN or abs(at[-1] + low - x[b]) > 3:
        return None
    if any(end - start > BROKEN for start, end in runs(~seen)):
        return None
    return _centred(ink & telling[:, None], at) + np.float32(low)


def _centred(ink: NDArray[np.bool_], at: NDArray[np.int32]) -> Float32:
    """Middle (H,) of the ink (H, W) within two px of a path, smoothed; the path where there is none."""
    reach = np.clip(at[:, None] + np.arange(-2, 3), 0, ink.shape[1] - 1)
    here = np.take_along_axis(ink, reach, axis=1)
    total = here.sum(axis=1)
    middle = np.where(total > 0, (here * reach).sum(axis=1) / np.maximum(total, 1), at)
    return uniform_filter1d(middle.astype(np.float32), 5, mode="nearest")
