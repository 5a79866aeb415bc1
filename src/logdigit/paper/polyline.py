"""Polylines thinned to the points that they need."""

from __future__ import annotations

import numpy as np

from logdigit.types import Float


def corners(at: Float, value: Float, within: float) -> list[int]:
    """Numbers of the points between which a polyline stays within a distance of all the others.

    Ramer (1972), Douglas and Peucker (1973), with the distance measured along ``value``.

    Args:
        at: (n,) increasing.
        value: (n,) what the polyline tells at each.
        within: distance.

    >>> corners(np.array([0.0, 1.0, 2.0, 3.0]), np.array([0.0, 1.0, 2.0, 0.0]), 0.1)
    [0, 2, 3]
    """
    keep, open_ = {0, len(at) - 1}, [(0, len(at) - 1)]
    while open_:
        a, b = open_.pop()
        if b - a < 2:
            continue
        off = np.abs(value[a:b] - np.interp(at[a:b], at[[a, b]], value[[a, b]]))
        worst = a + int(np.argmax(off))
        if off.max() > within:
            keep.add(worst)
            open_ += [(a, worst), (worst, b)]
    return sorted(keep)
