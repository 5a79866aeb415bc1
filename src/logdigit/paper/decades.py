"""Grids of upright lines: even ones, those that stand as decades do, and where one meets the other."""

from __future__ import annotations

import math
from itertools import combinations, pairwise, product

import numpy as np

from logdigit.types import Float

_NARROW = 0.12
"""Share of a block of lines that a track is wide, at least."""
_EVEN = 1.2
"""Ratio of wide to narrow gaps of an even grid at most."""
_DECADES = 5
_SOME = 6
"""Lines of which one may part an even grid from a logarithmic one, at least."""
_ON_DECADE = 0.006
"""Share of the width of a track by which a line misses its place in a decade, at most."""
_EXPLAINED = 0.8
"""Share of the lines of a logarithmic grid that stand at their places, and of the places that have one."""
_SEEN = 5
"""Lines of a decade that are seen beside an even grid, at least; further ones may run together."""


def grid_seams(shares: Float) -> list[float]:
    """Where even grids meet a logarithmic one, as shares of the way; empty where they do nowhere.

    Args:
        shares: upright lines from 0 to 1, (L,).

    >>> even, log = np.linspace(0, 0.3, 6), 0.3 + 0.4 * np.log10(np.arange(2, 11))
    >>> [round(share, 3) for share in grid_seams(np.concatenate([even, log]) / 0.7)]
    [0.429]
    >>> [round(share, 3) for share in grid_seams(np.concatenate([even, log, 0.7 + even[1:]]))]
    [0.3, 0.7]
    """
    inner = shares[(shares > _NARROW) & (shares < 1 - _NARROW)]
    ways = [(seam,) for seam in inner] + [pair for pair in combinations(inner, 2) if np.ptp(pair) > _NARROW]
    for last, way in product((9, _SEEN), ways):
        edges = (0.0, *way, 1.0)
        parts = [shares[(shares >= a) & (shares <= b)] for a, b in pairwise(edges)]
        even = [len(part) > 4 and np.ptp(part) > 2 * _NARROW and _is_even(part) for part in parts]
        whole = [e or decades_of(part, last) is not None for e, part in zip(even, parts, strict=True)]
        if all(a != b for a, b in pairwise(even)) and all(whole):
            return [float(seam) for seam in way]
    return []


def _is_even(lines: Float) -> bool:
    gaps = np.diff(lines)
    return bool(gaps.max() <= _EVEN * gaps.min())


def decades_of(lines: Float, last: int = 9) -> int | None:
    """How many whole decades lines stand for, from 1 or from 2 on; None where they stand otherwise.

    Args:
        lines: upright lines, (L,).
        last: the last line of a decade that must be seen: further ones may run together with the next.

    >>> decades_of(np.unique(np.concatenate([np.log10(np.arange(1, 11)) + k for k in range(3)]).round(6)))
    3
    """
    if len(lines) < _SOME:
        return None
    at = (lines - lines[0]) / (lines[-1] - lines[0])
    for decades, first in product(range(1, _DECADES + 1), (1, 2)):
        places = [math.log10(k / first) + d for d in range(decades + 1) for k in range(1, 10)]
        due = np.array([k <= last for _ in range(decades + 1) for k in range(1, 10)])
        own = (np.array(places) >= -1e-9) & (np.array(places) <= decades + 1e-9)
        off = np.abs(at[:, None] - np.array(places)[own] / decades)
        explained = (off.min(axis=1) < _ON_DECADE).mean() > _EXPLAINED
        if explained and (off.min(axis=0)[due[own]] < _ON_DECADE).mean() > _EXPLAINED:
            return decades
    return None
