"""Curves that go on beneath another's stroke: where two coincide one line is seen.

Resistivities of two depths run together for hundreds of feet, a density and the porosity made of it all
along, and a broken line is not seen beneath an unbroken one. A curve that ends beside another's stroke and
comes out beside it again has been there all the while; how sure that is its confidence says.
"""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise

import numpy as np

from logdigit.types import Float32, Int8

_NEAR_PX = 12.0
"""Columns between two curves, at most, where one goes beneath the other: a gap of its own may come first."""
_JOINS_PX = 25.0
"""Rows over which it comes as near as 1 / e of that."""
_KNOWN = 0.95
"""Share of the rows on which the other is known."""
_SURE = 0.5
"""Of the confidence of the ends."""
_LEAST = 4
"""Rows; shorter gaps are bridged."""


def follow_beneath(x: Float32, sure: Float32, turns: Int8, others: Sequence[Float32]) -> None:
    """Fill, in place, gaps at both ends of which a curve stands beside one and the same other curve.

    Args:
        x: (H,) readings, px from the left edge of the track, NaN where there are none.
        sure: (H,) confidence.
        turns: (H,).
        others: (H,) readings of each other curve of the track.

    >>> x = np.array([20, 21, *[np.nan] * 6, 28, 29], np.float32)
    >>> sure, turns = np.ones(10, np.float32), np.zeros(10, np.int8)
    >>> follow_beneath(x, sure, turns, [np.arange(20, 30, dtype=np.float32)])
    >>> x.tolist() == list(range(20, 30)), sure[4].item()
    (True, 0.5)
    """
    good = np.flatnonzero(np.isfinite(x))
    for a, b in pairwise(good.tolist()):
        if b - a <= _LEAST or turns[a] != turns[b]:
            continue
        for other in others:
            apart, comes_apart = x[a] - other[a], x[b] - other[b]
            between = other[a + 1 : b]
            beside = abs(apart) <= _NEAR_PX and abs(comes_apart) <= _NEAR_PX  # NaN is not
            if beside and np.isfinite(between).mean() >= _KNOWN:
                rows = np.arange(1, b - a)
                nears = apart * np.exp(-rows / _JOINS_PX) + comes_apart * np.exp((rows - (b - a)) / _JOINS_PX)
                x[a + 1 : b] = between + nears
                sure[a + 1 : b] = np.where(np.isfinite(between), _SURE * min(sure[a], sure[b]), 0.0)
                turns[a + 1 : b] = turns[a]
                break
