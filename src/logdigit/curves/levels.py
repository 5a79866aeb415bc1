"""The strokes of one curve put together: the finest scale that shows a value has the word.

Of two strokes of a curve each tells where the other must stand. Where both are read and do not mean the same,
one of them is another curve's ink: the finer one is kept, and said to be doubtful. Where only the coarser one
is read, at a value that the finer scale shows as well, it is either a print that draws both all along (then
the two are seen to agree elsewhere) or a stroke taken for what it is not: such a reading is left out. So is
one on a scale that goes on from the main one, 150 to 300 from 0 to 150, that is neither come to nor left at
the edge where the two scales meet: the value would leap by half a track and back.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise

import numpy as np
from numpy.typing import NDArray

from logdigit.curves.pens import INSIDE_PX, NEAR_PX, Pen, across, finest_first
from logdigit.types import CurveSpec, Float, Trace, Track, ValueScale

TOGETHER = 0.3
"""Share of the rows on the finer scale on which the coarser agrees, where both are drawn all along."""
SEAM_ROWS = 8
"""Longest gap between the end of one stroke and the beginning of the next, rows."""
LEAP, NEAR_ROWS = 0.5, 100
"""Share of the main scale by which a value leaps from one stroke to the next, at least; rows between them, at
most: beyond that nobody knows where it went."""
LEAST_ROWS = 10
"""Shorter doubts are not worth a word."""
DOUBTFUL = 0.5
"""What the confidence is multiplied by where two strokes disagree."""


@dataclass(frozen=True)
class Doubt:
    """Rows ``[first, last]`` of a trace on which the strokes of a curve do not go together, and why."""

    first: int
    last: int
    reason: str


@dataclass(frozen=True)
class Levels:
    """One curve from all its strokes, a value a row.

    Attributes:
        u: (H,) position on the main scale, unwrapped: beyond 0..1 where another scale was read.
        confidence: (H,) in 0..1, with respect to the scale that was read.
        scale: (H,) number of the scale that was read, -1 where none was.
        doubts: longest first.
    """

    u: Float
    confidence: Float
    scale: NDArray[np.int8]
    doubts: tuple[Doubt, ...] = ()


def positions(trace: Trace, track: Track, pen: Pen) -> Float:
    """Position (H,) of a trace on its own scale, NaN where there is no ink and where it is not drawn."""
    u = (trace.x.astype(np.float64) - track.left) / (track.right - track.left) + trace.turns
    if pen.rows is not None:
        rows = trace.top + np.arange(len(u))
        u[(rows < pen.rows[0]) | (rows > pen.rows[1])] = np.nan
    return u


def together(spec: CurveSpec, track: Track, pens: Sequence[Pen], traces: Mapping[str, Trace]) -> Levels:
    """Combine the strokes of a curve.

    Args:
        spec: the curve, with one scale or more.
        track: its edges, straight px.
        pens: of this curve, in the order of its scales.
        traces: by name of the stroke, all on the same rows.
    """
    own = [positions(traces[pen.name], track, pen) for pen in pens]
    sure = [traces[pen.name].confidence.astype(np.float64) for pen in pens]
    order = finest_first(spec) if len(pens) > 1 else (0,)
    doubts: list[Doubt] = []
    scale = np.full(len(own[0]), -1, np.int8)
    for place, k in enumerate(order):
        for finer in order[:place]:
            one, other = spec.scales[finer], spec.scales[k]
            where = across(one, other, own[finer])
            shown = np.sort(across(one, other, np.array([0.0, 1.0])))
            margin = (INSIDE_PX + 2) / (track.right - track.left)
            with np.errstate(invalid="ignore"):
                apart = np.abs(where - own[k]) > (NEAR_PX + 1) / (track.right - track.left)
                inside = (own[k] > shown[0] + margin) & (own[k] < shown[1] - margin)
                expected = (where > shown[0] + margin) & (where < shown[1] - margin)
            both = np.isfinite(where) & np.isfinite(own[k])
            names = f"{ends_of(one)} and {ends_of(other)}"
            doubts += _runs(both & apart, f"the strokes on {names} do not mean the same value")
            sure[finer] = np.where(both & apart, DOUBTFUL * sure[finer], sure[finer])
            alone = inside & np.isnan(own[finer])
            if _mean((both & ~apart)[expected]) < TOGETHER:
                why = f"a stroke on {ends_of(other)} where that on {ends_of(one)} would be seen; left out"
                doubts += _runs(alone & (scale < 0), why)
                own[k] = np.where(alone, np.nan, own[k])
        scale[(scale < 0) & np.isfinite(own[k])] = k
    u, confidence = np.full(len(scale), np.nan), np.zeros(len(scale))
    for k, values in enumerate(own):
        here = scale == k
        u[here] = values[here] if k == 0 else across(spec.scales[k], spec.scales[0], values[here])
        confidence[here] = sure[k][here]
    if len(pens) > 1:
        doubts += _unmet(u, confidence, scale, spec)
        _join(u, confidence, scale)
    return Levels(u, confidence, scale, tuple(sorted(doubts, key=lambda d: d.first - d.last)))


def _unmet(u: Float, confidence: Float, scale: NDArray[np.int8], spec: CurveSpec) -> list[Doubt]:
    """Leave out, in place, strokes on scales that go on from the main one, where the value leaps."""
    beyond = [False]
    for one in spec.scales[1:]:
        ends = across(one, spec.scales[0], np.array([0.0, 1.0]))
        beyond.append(bool(ends.min() > 0.99 or ends.max() < 0.01))
    good = np.flatnonzero(np.isfinite(u))
    runs = np.split(good, np.flatnonzero(np.diff(scale[good])) + 1) if len(good) else []
    out = []
    for k, run in enumerate(runs):
        other = int(scale[run[0]])
        to = [(runs[k - 1][-1], run[0])] if k else []
        fro = [(run[-1], runs[k + 1][0])] if k + 1 < len(runs) else []
        meets = any(b - a > NEAR_ROWS or abs(u[a] - u[b]) <= LEAP for a, b in to + fro)
        if beyond[other] and (to or fro) and not meets:
            scales = f"{ends_of(spec.scales[0])} and {ends_of(spec.scales[other])}"
            why = f"the value would leap between the strokes on {scales}; left out"
            out.append(Doubt(int(run[0]), int(run[-1]), why))
    for doubt in out:
        rows = slice(doubt.first, doubt.last + 1)
        u[rows], confidence[rows], scale[rows] = np.nan, 0, -1
    return out


def _join(u: Float, confidence: Float, scale: NDArray[np.int8]) -> None:
    """Fill, in place, the few rows between the end of one stroke and the beginning of the next."""
    good = np.flatnonzero(np.isfinite(u))
    for a, b in pairwise(good):
        if 1 < b - a <= SEAM_ROWS + 1 and scale[a] != scale[b]:
            rows = np.arange(a + 1, b)
            u[rows] = np.interp(rows, [a, b], [u[a], u[b]])
            confidence[rows] = 0.6 * min(confidence[a], confidence[b])
            scale[rows] = scale[a]


def ends_of(scale: ValueScale) -> str:
    """A scale as it is printed.

    >>> ends_of(ValueScale(((0.0, 0.0), (1.0, 500.0))))
    '0 to 500'
    """
    return f"{scale.anchors[0][1]:g} to {scale.anchors[-1][1]:g}"


def _runs(flags: np.ndarray, reason: str) -> list[Doubt]:
    padded = np.concatenate([[False], flags, [False]]).astype(np.int8)
    first, last = np.flatnonzero(np.diff(padded) == 1), np.flatnonzero(np.diff(padded) == -1) - 1
    return [
        Doubt(int(a), int(b), reason) for a, b in zip(first, last, strict=True) if b - a + 1 >= LEAST_ROWS
    ]


def _mean(flags: np.ndarray) -> float:
    return float(flags.mean()) if len(flags) else 0.0
