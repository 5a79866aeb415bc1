"""A decoded path to a reading a row: where in its stroke, how sure, and what of it is no data."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise

import numpy as np
from numpy.typing import NDArray
from scipy.interpolate import PchipInterpolator

from logdigit.curves.centre import centroids, runs_at, sharpened
from logdigit.curves.confidence import SIGNS, confidence, signs
from logdigit.curves.evidence import Evidence
from logdigit.curves.identity import Path, stroke_width
from logdigit.curves.runs import runs
from logdigit.types import Float32, Int8

CROSSING = 16  # most rows over which two strokes cross
BRIDGE = {"solid": 3, "dashed": 40, "dotted": 25, "dashdot": 45}  # longest gap (rows) that is no gap
UPRIGHT = 0.3  # px a row
BLINK = 8  # rows of a gap of which nobody asks how it lies
TIP = 8  # rows of a stroke that tell how its end lies
STRAIGHT = 0.6  # radians
EXPLAINED = 0.8  # of the sign "stray": less, and there is ink that the curve may have gone along
CLEAR = 0.9  # share of the rows of a gap on which there must be none
BRIDGED = 0.6  # of the confidence of its ends, where nothing is seen


def read_path(
    paths: Sequence[Path], alone: Sequence[Path], evidence: Evidence, curve: int
) -> tuple[Float32, Float32, NDArray[np.bool_]]:
    """Of a path of a window (H,) each: sub-pixel columns, confidence, and where the track's ink is explained.

    Args:
        paths: of all pens.
        alone: the same, each decoded as if there were no other.
        evidence: of the window.
        curve: number of the path.
    """
    path = paths[curve]
    own = evidence.likelihood(curve)
    first, last = runs_at(evidence.ink, path.entry, path.exit, 0.45)
    pen = stroke_width(path, evidence.ink)
    x = centroids(evidence.ink, own, path.entry, path.exit, first, last, pen)
    met = np.zeros(len(x), bool)
    for other in (*paths[:curve], *paths[curve + 1 :]):
        met |= (other.exit >= first - 1) & (other.exit <= last + 1) & (other.exit >= 0)
    wide = (last - first + 1) > np.abs(path.exit - path.entry) + 1.5 * pen + 1
    round_the_edge = np.diff(path.turns, append=path.turns[-1:]) != 0
    x = sharpened(x, evidence.ink, path.entry, path.exit, met | round_the_edge)
    through_crossings(x, met & wide & (path.exit >= 0), evidence.ink)
    seen = signs(paths, alone, evidence, curve, x, (first, last), pen)
    sure = np.where(np.isfinite(x), confidence(seen), 0).astype(np.float32)
    return x, sure, seen[:, SIGNS.index("stray")] > EXPLAINED


def through_crossings(x: Float32, met: np.ndarray, ink: Float32) -> None:
    """Where a stroke crosses another, read it in place from what lies before and after (H,).

    Over the few rows of a crossing the ink tells where both curves are, not where each is. A cubic through
    the clear rows on either side does, as long as it stays on the ink.
    """
    for a, b in runs(met):
        near = np.concatenate([np.arange(max(0, a - 4), a), np.arange(b, min(len(x), b + 4))])
        near = near[np.isfinite(x[near]) & ~met[near]]
        if b - a > CROSSING or not (near < a).any() or not (near >= b).any():
            continue
        rows = np.arange(a, b)
        guess = PchipInterpolator(near, x[near])(rows)
        column = np.clip(np.rint(guess).astype(int), 0, ink.shape[1] - 1)
        if (ink[rows, column] > 0.4).all():
            x[rows] = guess


def off_scale(x: Float32, width: int, wraps: bool) -> np.ndarray:
    """Rows (H,) bool on which the pen stands at an edge of the track: pegged ink is no reading."""
    if wraps:
        return np.zeros(len(x), bool)
    with np.errstate(invalid="ignore"):
        hugging = (x < 2.0) | (x > width - 3.0)
    out = np.zeros(len(x), bool)
    for a, b in runs(hugging):
        if b - a >= 8:
            out[a:b] = True
    return out


def bridge(
    x: Float32,
    sure: Float32,
    turns: Int8,
    held: NDArray[np.bool_],
    explained: NDArray[np.bool_],
    longest: int,
) -> None:
    """Fill, in place, gaps that are shorter than a broken line's own, where both ends point at each other.

    Where the pen was held all the way it is the same pen that comes back: then the gap is measured along the
    line, flat or steep, and where that stands upright a dash may be missing.

    Args:
        x: (H,) readings, NaN where there are none.
        sure: (H,) confidence.
        turns: (H,) of a curve that wraps.
        held: (H,) bool, rows on which the pen was not absent.
        explained: (H,) bool, rows without ink beside the curves: what kicks unseen has no dash missing.
        longest: rows that a gap may be long.
    """
    good = np.flatnonzero(np.isfinite(x))
    for a, b in pairwise(good.tolist()):
        gap, apart = b - a - 1, abs(x[b] - x[a])
        if not 0 < gap <= 2 * longest or turns[a] != turns[b]:
            continue
        near = gap <= longest and apart <= 5 + gap
        if held[a + 1 : b].all():
            near |= np.hypot(gap, apart) <= longest or apart <= UPRIGHT * gap
        if near and gap > BLINK:
            near = _bend(x, a, b) <= STRAIGHT
        if near and gap > longest:
            near = explained[a + 1 : b].mean() >= CLEAR
        if near:
            x[a + 1 : b] = np.interp(np.arange(a + 1, b), [a, b], [x[a], x[b]])
            sure[a + 1 : b] = BRIDGED * min(sure[a], sure[b])
            turns[a + 1 : b] = turns[a]


def _bend(x: Float32, a: int, b: int) -> float:
    """Largest angle, radians, between the ends of a stroke (H,) at rows a < b and the line from a to b."""
    across = np.arctan2(x[b] - x[a], b - a)
    before = next((k for k in range(1, TIP) if a < k or np.isnan(x[a - k])), TIP) - 1
    after = next((k for k in range(1, TIP) if b + k >= len(x) or np.isnan(x[b + k])), TIP) - 1
    ends = [np.arctan2(x[a] - x[a - before], before)] if before else []
    ends += [np.arctan2(x[b + after] - x[b], after)] if after else []
    return max((abs(float(end - across)) for end in ends), default=0.0)
