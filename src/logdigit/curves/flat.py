"""Flat strokes, and how they pull the pen along: ink that runs along the rows was drawn by somebody.

At a bed boundary the pen of a compressed log crosses the whole track within a row or two. Going down the
rows, a decoder need not follow it there: it may step over to where the stroke comes back, and so miss a kick,
or a turn of a curve that wraps. So every px of a flat stroke is worth something to the pen that goes along
it: once (on its middle row only), and in the way in which it falls, as the paper moves while the pen crosses.
Against that way it costs as much, so that going out along another curve's stroke and back is worth nothing.
"""

from __future__ import annotations

import numba
import numpy as np

from logdigit.curves.evidence import FLOOR
from logdigit.types import Bool, Float32

PULL = 0.05
"""What a px of a flat stroke is worth to the pen that goes along it, nats."""
_WINDOW = (5, 49)
"""Px across and along over which the slope of a flat stroke is measured."""
_FLAT = 0.35
"""Slope, rows a px, from which a stroke is no longer quite flat: there the pen needs no pull."""
_LEAST = 0.01
"""Slope from which it is known which way a flat stroke falls."""
_FAINT = 0.01
"""Sum of squared gradients over that window from which there is a stroke."""
_EVEN, _SEEN = 9, 0.3
"""Px along over which a stroke is evened out, and likelihood from which a px then belongs to it."""


def pulls(likelihood: Float32) -> tuple[Float32, Float32]:
    """What flat strokes add to the price of a step sideways: onto a px to the right, and off it to the left.

    The slope is that of the least squares fit of the gradients, -sum(gx gy) / sum(gy gy), about each px.

    Args:
        likelihood: (H, W) that the pen is at a px.

    Returns:
        Two arrays (H, W), nats, below 0 along the way in which a stroke falls. Where a stroke is quite level,
        both are below 0 on its middle row, and above 0 on its other rows.
    """
    falls, flat = _slopes(likelihood, _WINDOW[0] // 2, _WINDOW[1] // 2)
    middle = middles(likelihood)
    right, left = np.zeros_like(likelihood), np.zeros_like(likelihood)
    at = np.nonzero((likelihood > FLOOR) & (flat > 0))  # most of a track is paper
    worth = np.float32(PULL) * likelihood[at] * flat[at]
    way, own = np.clip(falls[at] / np.float32(_LEAST), -1, 1), middle[at]
    level = 1 - np.abs(way)
    for out, along in ((right, way), (left, -way)):
        out[at] = worth * (np.where(own, -np.maximum(along, 0) - level, level) + np.maximum(-along, 0))
    return right, left


@numba.njit(cache=True, nogil=True)
def _slopes(likelihood: Float32, high: int, wide: int) -> tuple[Float32, Float32]:
    """Slope of the stroke about each px (H, W), rows a px, and how flat it is, 0 to 1.

    Sums of squared gradients over ``2 high + 1`` rows and ``2 wide + 1`` columns are kept running.
    """
    height, width = likelihood.shape
    falls, flat = np.zeros_like(likelihood), np.zeros_like(likelihood)
    sums = np.zeros((3, width), np.float32)  # over rows: gx gx, gx gy, gy gy
    for y in range(-high, height):
        for row, sign in ((y + high, 1.0), (y - high - 1, -1.0)):
            if 0 <= row < height:
                up, down = max(row - 1, 0), min(row + 1, height - 1)
                for x in range(width):
                    gx = likelihood[row, min(x + 1, width - 1)] - likelihood[row, max(x - 1, 0)]
                    gy = likelihood[down, x] - likelihood[up, x]
                    sums[0, x] += sign * gx * gx
                    sums[1, x] += sign * gx * gy
                    sums[2, x] += sign * gy * gy
        if y < 0:
            continue
        xx, xy, yy = 0.0, 0.0, 0.0
        for x in range(-wide, width):
            if x + wide < width:
                xx, xy, yy = xx + sums[0, x + wide], xy + sums[1, x + wide], yy + sums[2, x + wide]
            if x - wide - 1 >= 0:
                k = x - wide - 1
                xx, xy, yy = xx - sums[0, k], xy - sums[1, k], yy - sums[2, k]
            if x >= 0 and yy > _FAINT:
                falls[y, x] = -xy / yy
                flat[y, x] = min(1.0, max(0.0, 2.0 - xx / yy / _FLAT**2))
    return falls, flat


@numba.njit(cache=True, nogil=True)
def middles(likelihood: Float32) -> Bool:
    """The middle row of every stroke in every column (H, W), where it is cut from top to bottom."""
    wide = _EVEN // 2
    height, width = likelihood.shape
    ink = np.zeros((height, width), np.bool_)
    out = np.zeros((height, width), np.bool_)
    for y in range(height):
        total = 0.0
        for x in range(-wide, width):
            total += likelihood[y, x + wide] if x + wide < width else 0.0
            total -= likelihood[y, x - wide - 1] if x - wide - 1 >= 0 else 0.0
            if x >= 0:
                ink[y, x] = total > _SEEN * (min(x + wide, width - 1) - max(x - wide, 0) + 1)
    first = np.full(width, -1)
    for y in range(height + 1):
        for x in range(width):
            here = y < height and ink[y, x]
            if here and first[x] < 0:
                first[x] = y
            elif not here and first[x] >= 0:
                out[(first[x] + y - 1) // 2, x] = True
                first[x] = -1
    return out
