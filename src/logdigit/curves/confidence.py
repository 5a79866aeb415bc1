"""How sure a reading is: signs of trouble along a decoded path, and what they have been seen to mean.

Nothing that the decoder pays is a probability. So signs are weighed as a logistic regression weighs them, and
a monotone table turns the sum into the share of readings with such a sum that were within 1 % of the width of
the scale. Weights and table are fitted by ``benchmarks/confidence.py``, which says on what.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from scipy.ndimage import maximum_filter1d, minimum_filter1d, uniform_filter1d

from logdigit.curves.evidence import Evidence
from logdigit.curves.identity import Path, claim
from logdigit.types import Float32

SIGNS = (
    *("own", "ink", "ink_low", "far", "travel", "edge", "alone", "stray", "stray_long", "wide", "rough"),
    "main_turn",
)
"""Names of what `signs` returns, in its order."""


def signs(
    paths: Sequence[Path],
    alone: Sequence[Path],
    evidence: Evidence,
    curve: int,
    x: Float32,
    run: tuple[np.ndarray, np.ndarray],
    pen: float,
) -> Float32:
    """(H, F) signs of one of the paths of a window, each in 0..1, 1 being the better where that is known.

    Args:
        paths: of all pens.
        alone: the same, each decoded as if there were no other.
        evidence: of the window.
        curve: number of the path.
        x: (H,) its readings, px.
        run: first and last column (H,) of the ink that it crosses.
        pen: its stroke width, px.
    """
    path = paths[curve]
    height, width = evidence.ink.shape
    here = path.exit >= 0
    rows, at = np.arange(height), np.clip(path.exit, 0, None)
    own = np.where(here, evidence.likelihood(curve)[rows, at], 0).astype(np.float32)
    ink = np.where(here, evidence.ink[rows, at], 0).astype(np.float32)
    apart = np.full(height, 40.0, np.float32)
    for k, other in enumerate(paths):
        if k != curve:
            gap = np.maximum(
                np.minimum(other.entry, other.exit) - np.maximum(path.entry, path.exit),
                np.minimum(path.entry, path.exit) - np.maximum(other.entry, other.exit),
            )
            apart = np.minimum(apart, np.where(here & (other.exit >= 0), np.maximum(gap, 0), 40.0))
    travel = np.where(here, np.abs(path.exit - path.entry), 0).astype(np.float32)
    edge = np.where(here, np.minimum(at, width - 1 - at), 0) / (0.1 * width)
    apart_alone = np.abs(alone[curve].exit - path.exit) > 4
    claimed = np.zeros(evidence.ink.shape, bool)
    for other in paths:
        claimed |= claim(other, claimed.shape, pen + 2)
    stray = np.where(claimed, 0, evidence.ink).sum(axis=1) / max(pen, 1.0)
    surplus = np.where(here, run[1] - run[0] + 1 - travel - pen, 0) / (2 * pen)
    bend = np.abs(np.diff(np.nan_to_num(x), n=2, prepend=0, append=0)) / 20
    values = (
        uniform_filter1d(own, 21, mode="nearest"),
        ink,
        minimum_filter1d(ink, 9),
        minimum_filter1d(apart, 9) / 40,
        1 - np.clip(maximum_filter1d(travel, 5) / 40, 0, 1),
        np.clip(edge, 0, 1),
        1 - uniform_filter1d(apart_alone.astype(np.float32), 21, mode="nearest"),
        1 - np.clip(uniform_filter1d(stray.astype(np.float32), 21, mode="nearest") / 3, 0, 1),
        1 - np.clip(uniform_filter1d(stray.astype(np.float32), 301, mode="nearest") / 3, 0, 1),
        1 - np.clip(surplus, 0, 1),
        1 - np.clip(maximum_filter1d(bend, 5), 0, 1),
        (path.turns == 0).astype(np.float32),
    )
    return np.stack(values, axis=1).astype(np.float32)


WEIGHTS = np.array([0.28, 0.46, 0.93, 1.4, 2.06, 1.64, 0.37, 1.11, 0.49, 0.79, 1.2, 0.33], np.float32)
"""Of `SIGNS`, in their order. Fitted with `TABLE` on 24 prints of eight wells, every fifth row: 64,127
readings, 93 % of them right."""
TABLE = np.array(
    [
        *((0.96, 0.36), (5.11, 0.44), (6.17, 0.62), (7.05, 0.79), (7.63, 0.87), (8.08, 0.91), (8.82, 0.95)),
        *((9.29, 0.98), (10.04, 0.985), (10.31, 0.99)),
    ]
)
"""Weighed sum of the signs, and the share of readings near that sum that were right."""


def confidence(seen: Float32) -> Float32:
    """Share (H,) of readings with such signs (H, F) that are right; it rises with the sum of the signs."""
    out: Float32 = np.interp(seen @ WEIGHTS, TABLE[:, 0], TABLE[:, 1]).astype(np.float32)
    return out
