"""Flat strokes, and how they pull the pen along: ink that runs along the rows was drawn by somebody.

At a bed boundary the pen of a compressed log crosses the whole track within a row or two. Going down the
rows, a decoder need not follow it there: it may step over to where the stroke comes back, and so miss a kick,
or a turn of a curve that wraps. So every px of a flat stroke is worth something to the pen that goes along
it: once (on its middle row only), and in the way in which it falls, as the paper moves while the pen crosses.
Against that way it costs as much, so that going out along another curve's stroke and back is worth nothing.
"""

from __future__ import annotations

import numpy as np
from scipy.ndimage import sobel, uniform_filter, uniform_filter1d

from logdigit.types import Bool, Float32

PULL = 0.05
"""What a px of a flat stroke is worth to the pen that goes along it, nats."""
_WINDOW = (5, 49)
"""Px across and along over which the slope of a flat stroke is measured."""
_FLAT = 0.35
"""Slope, rows a px, from which a stroke is no longer quite flat: there the pen needs no pull."""
_LEAST = 0.01
"""Slope from which it is known which way a flat stroke falls."""
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

    >>> stroke = np.zeros((30, 300), np.float32)
    >>> for x in range(300):
    ...     stroke[10 + x // 50 : 13 + x // 50, x] = 1  # falls to the right
    >>> right, left = pulls(stroke)
    >>> bool(right[:, 100:200].sum() < -4), bool(left[:, 100:200].sum() > 12)
    (True, True)
    """
    dx, dy = (sobel(likelihood, axis, mode="nearest") for axis in (1, 0))
    across = np.maximum(uniform_filter(dy * dy, _WINDOW), 1e-3)
    along = uniform_filter(dx * dx, _WINDOW)
    falls = np.clip(-uniform_filter(dx * dy, _WINDOW) / across / _LEAST, -1, 1)
    level = 1 - np.abs(falls)
    worth = PULL * likelihood * np.clip(2 - along / across / _FLAT**2, 0, 1)
    middle = middles(likelihood)
    right, left = (
        np.where(middle, -np.maximum(way, 0) - level, level) + np.maximum(-way, 0) for way in (falls, -falls)
    )
    return (worth * right).astype(np.float32), (worth * left).astype(np.float32)


def middles(likelihood: Float32) -> Bool:
    """The middle row of every stroke in every column (H, W), where it is cut from top to bottom.

    >>> column = np.array([[0], [1], [1], [1], [0], [1], [1]], np.float32)
    >>> np.flatnonzero(middles(np.repeat(column, 9, axis=1))[:, 4]).tolist()
    [2, 5]
    """
    ink = uniform_filter1d(likelihood, _EVEN, axis=1) > _SEEN
    rows = np.arange(len(ink))[:, None]
    above = rows - np.maximum.accumulate(np.where(ink, -1, rows), axis=0)  # rows of the run so far, from 1
    below = np.minimum.accumulate(np.where(ink, len(ink), rows)[::-1], axis=0)[::-1] - rows
    out: Bool = ink & ((above == below) | (above + 1 == below))
    return out
