"""Where in its stroke the curve is: the sub-pixel reading of a decoded path.

The decoder knows which ink is the curve's; anywhere inside the stroke costs it the same. A stroke of even
width cut by a row is symmetric about the curve, steep or flat, so the reading is the centre of the run of
ink that the path crosses. Where the run is shared with another curve it is wider than the pen's own travel
and width explain, and only the part near the path counts.

At the tip of a spike the run is cut on one side by the tip and on the other by where the two flanks part, and
its centre lies short of the tip. But the edges of a stroke tell more than their middle: a round pen that runs
along x dilates it on the right and erodes it on the left (Serra 1982, grey-scale morphology), so eroding the
right edge by the same pen gives back every maximum of x, dilating the left edge every minimum, and both agree
where the stroke goes straight.
"""

from __future__ import annotations

import numba
import numpy as np
from scipy.ndimage import uniform_filter1d

from logdigit.curves.viterbi import Int32
from logdigit.types import Float, Float32


@numba.njit(cache=True, nogil=True)
def runs_at(ink: Float32, entry: Int32, exit_: Int32, level: float) -> tuple[Int32, Int32]:
    """First and last column (H,) of the run of ink above ``level`` around each row's travel; -1 if absent."""
    rows, width = ink.shape
    first, last = np.full(rows, -1, np.int32), np.full(rows, -1, np.int32)
    for y in range(rows):
        if exit_[y] < 0:
            continue
        a, b = min(entry[y], exit_[y]), max(entry[y], exit_[y])
        while a > 0 and ink[y, a - 1] > level:
            a -= 1
        while b < width - 1 and ink[y, b + 1] > level:
            b += 1
        first[y], last[y] = a, b
    return first, last


@numba.njit(cache=True, nogil=True)
def centroids(
    ink: Float32, own: Float32, entry: Int32, exit_: Int32, first: Int32, last: Int32, pen: float
) -> Float32:
    """Centre of the stroke a row, (H,) px, NaN where absent.

    ``own`` is the likelihood of this curve, ``pen`` its stroke width in px.
    """
    rows, width = ink.shape
    out = np.full(rows, np.nan, np.float32)
    for y in range(rows):
        if exit_[y] < 0:
            continue
        a, b = first[y], last[y]
        low, high = min(entry[y], exit_[y]), max(entry[y], exit_[y])
        shared = (b - a + 1) > (high - low) + 1.9 * pen + 2.0
        if shared:
            reach = int(np.ceil(pen * 0.5)) + 1
            a, b = max(a, low - reach), min(b, high + reach)
        a, b = max(a - 1, 0), min(b + 1, width - 1)
        weight, moment = 0.0, 0.0
        for x in range(a, b + 1):
            w = own[y, x] if shared else ink[y, x]
            weight += w
            moment += w * x
        out[y] = moment / weight if weight > 0.05 else 0.5 * (low + high)
    return out


_FINE = 16  # parts of a row in which the pen's outline is followed
_TURN = 3  # rows on either side over which a turning point shows
_SLIM = 0.95  # of its width at half height, a pen blurred by paper and scan has this share of effect
_SLIMMER = 0.75  # and this where its flanks lie so close that less of its tip is left
_SPIKE = 16.0  # px by which a spike stands in front of its flanks, from which they do


def edges(ink: Float32, entry: Int32, exit_: Int32) -> tuple[Float, Float]:
    """Left and right edge (H,) px of the ink around each row's travel, where it falls to a half, or NaN."""
    rows, width = np.arange(len(exit_)), ink.shape[1]
    first, last = runs_at(ink, entry, exit_, 0.5)
    padded = np.pad(ink, ((0, 0), (1, 1)))

    def beyond(column: Int32, step: int) -> Float:
        at = np.clip(column, 0, width - 1)
        inner, outer = padded[rows, at + 1], padded[rows, at + 1 + step]
        return np.asarray(np.clip((inner - 0.5) / np.maximum(inner - outer, 1e-3), 0, 1), np.float64)

    left, right = first - beyond(first, -1), last + beyond(last, 1)
    return np.where(first >= 0, left, np.nan), np.where(first >= 0, right, np.nan)


def pen_width(left: Float, right: Float, clear: np.ndarray) -> float:
    """Width of the pen, px: the median over straight rows that are ``clear``, square to the stroke; NaN."""
    middle = (left + right) / 2
    slope, bend = np.full(len(middle), np.nan), np.full(len(middle), np.nan)
    slope[2:-2] = (middle[4:] - middle[:-4]) / 4
    bend[2:-2] = middle[4:] + middle[:-4] - 2 * middle[2:-2]
    with np.errstate(invalid="ignore"):
        straight = clear & (np.abs(bend) < 0.5 + 0.1 * np.abs(slope)) & (np.abs(slope) < 15)
    if straight.sum() < 10:
        return float("nan")
    return float(np.median(((right - left) / np.hypot(1, slope))[straight]))


def unclipped(left: Float, right: Float, pen: float) -> Float:
    """Position (H,) px of a round pen from the edges (H,) of its stroke, NaN where there are none.

    Where the two outlines disagree the pen turned: at a maximum the right edge has it, at a minimum the left.
    """
    x, turning = _turned(left, right, _SLIM * pen / 2)
    spiky, _ = _turned(left, right, _SLIMMER * pen / 2)
    return np.where(np.abs(turning) > _SPIKE, spiky, x)


def _turned(left: Float, right: Float, radius: float) -> tuple[Float, Float]:
    """Position (H,) px of a disc from the edges of its stroke, and how far it is in front of its flanks."""
    low, high = _outlines(left, right, radius)
    middle = (low + high) / 2
    around = np.full(len(middle), np.nan)
    around[_TURN:-_TURN] = (middle[: -2 * _TURN] + middle[2 * _TURN :]) / 2
    turning = np.nan_to_num(middle - around)  # > 0 in front of a maximum
    apart = np.maximum(high - low, 0.5)
    share = np.clip(0.5 + turning / apart, 0, 1)
    return np.where(high - low > 0.3, low + share * (high - low), middle), turning


@numba.njit(cache=True, nogil=True)
def _outlines(left: Float, right: Float, radius: float) -> tuple[Float, Float]:
    """Left edge dilated, right edge eroded by a disc, (H,): one has the minima, the other the maxima."""
    rows, reach = len(left), int(radius * _FINE)
    low, high = np.full(rows, np.nan), np.full(rows, np.nan)
    for y in range(rows):
        if np.isnan(left[y]) or np.isnan(right[y]):
            continue
        low[y], high[y] = -1e9, 1e9
        for k in range(-reach, reach + 1):
            at = y + k / _FINE
            a, b = int(np.floor(at)), int(np.ceil(at))
            if a < 0 or b >= rows:
                continue
            part = at - a
            half = np.sqrt(max(radius * radius - (at - y) ** 2, 0.0))
            edge = left[a] + part * (left[b] - left[a])
            if not np.isnan(edge):
                low[y] = max(low[y], edge + half)
            edge = right[a] + part * (right[b] - right[a])
            if not np.isnan(edge):
                high[y] = min(high[y], edge - half)
    return low, high


def sharpened(x: Float32, ink: Float32, entry: Int32, exit_: Int32, met: np.ndarray) -> Float32:
    """Readings (H,) px with their turning points restored, where no other curve is ``met`` (H,) bool."""
    left, right = edges(ink, entry, exit_)
    near = uniform_filter1d((met | (exit_ < 0)).astype(np.float32), 3) > 0
    pen = pen_width(left, right, ~near)
    if np.isnan(pen):
        return x
    left[near] = right[near] = np.nan
    better = unclipped(left, right, pen)
    return np.where(np.isfinite(better) & np.isfinite(x), better, x).astype(np.float32)
