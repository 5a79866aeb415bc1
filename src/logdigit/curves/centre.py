"""Where in its stroke the curve is: the sub-pixel reading of a decoded path.

The decoder knows which ink is the curve's; anywhere inside the stroke costs it the same. A stroke of even
width cut by a row is symmetric about the curve, steep or flat, so the reading is the centre of the run of
ink that the path crosses. Where the run is shared with another curve it is wider than the pen's own travel
and width explain, and only the part near the path counts.
"""

from __future__ import annotations

import numba
import numpy as np

from logdigit.curves.viterbi import Int32
from logdigit.types import Float32


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
