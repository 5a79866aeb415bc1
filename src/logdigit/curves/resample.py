"""Traces on paper rows to values on a constant depth step, never across a gap."""

from __future__ import annotations

import math

import numpy as np

from logdigit.types import DepthScale, Float


def depth_index(top: float, base: float, step: float) -> Float:
    """Depths from ``top`` to ``base``, whole multiples of ``step``, both ends inside.

    >>> depth_index(249.9, 251.2, 0.5).tolist()
    [250.0, 250.5, 251.0]
    """
    first, last = math.ceil(round(top / step, 6)), math.floor(round(base / step, 6))
    # a multiple computed as k / (1 / step) is exact for the steps people use, k * 0.1 is not
    return np.array([round(k * step, 6) for k in range(first, last + 1)], dtype=np.float64)


def at_depths(rows: Float, values: Float, depth: DepthScale, index: Float) -> Float:
    """Sample a row-wise series at depths.

    Linear between neighbouring rows that both hold a value; where only the nearer one does, and it lies
    within half a row, that one; NaN elsewhere, so a gap stays a gap.

    Args:
        rows: straight rows, (H,), one apart.
        values: (H,), NaN where there is nothing.
        depth: registration.
        index: depths, (N,).

    Returns:
        (N,) float64.
    """
    at = depth.to_row(index) - rows[0]
    low = np.floor(at).astype(int)
    t = at - low
    padded = np.concatenate([[np.nan], values, [np.nan, np.nan]])
    a = padded[np.clip(low + 1, 0, len(values) + 1)]
    b = padded[np.clip(low + 2, 0, len(values) + 1)]
    both = a + t * (b - a)
    nearer = np.where(t <= 0.5, a, b)
    exact = np.where(t == 0, a, both)
    out: Float = np.where(np.isfinite(exact), exact, nearer)
    return out
