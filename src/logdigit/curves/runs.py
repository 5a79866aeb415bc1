"""Runs of true values in a series."""

from __future__ import annotations

from itertools import pairwise

import numpy as np

from logdigit.types import Bool


def runs(flags: Bool) -> list[tuple[int, int]]:
    """First and one past the last of each run of true values (N,).

    >>> runs(np.array([True, False, True, True]))
    [(0, 1), (2, 4)]
    """
    edges = np.flatnonzero(np.diff(np.concatenate([[False], flags, [False]]).astype(np.int8)))
    return [(int(a), int(b)) for a, b in zip(edges[::2], edges[1::2], strict=True)]


def bridged(flags: Bool, longest: int) -> Bool:
    """The same (N,) with false stretches of at most ``longest`` between true values made true.

    >>> bridged(np.array([False, True, False, True, False, False, True]), 1).tolist()
    [False, True, True, True, False, False, True]
    """
    out = flags.copy()
    there = np.flatnonzero(flags)
    for a, b in pairwise(there):
        if b - a - 1 <= longest:
            out[a:b] = True
    return out
