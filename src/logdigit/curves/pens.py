"""The pens of a track: one for each scale of each curve, and what those of one curve know of each other.

A curve that is printed on several scales is drawn by as many pens: the main one, a backup that is 5, 10 or
100 times as coarse, an amplified one that is finer. Where one of them stands, the others can only stand in
one place. And a backup that is drawn only where the main curve is off its scale begins on the row on which
that one leaves, at the very column that means the same value: there it may come in from nowhere.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Protocol

import numpy as np
from numpy.typing import NDArray

from logdigit.curves.calibrate import to_position, to_value
from logdigit.types import CurveSpec, DepthScale, Float, Float32, Track, ValueScale

INSIDE_PX = 3.0
"""What stands so far inside the part of a coarse scale that a finer one shows ought to be seen there too."""
NEAR_PX = 3.0
"""Two strokes of one curve agree where they stand within this of one value, on the coarser scale."""


@dataclass(frozen=True)
class Pen:
    """One stroke of one curve.

    Attributes:
        spec: what it looks like, and its one scale; no scale where the curve has none.
        name: of the stroke, see `CurveSpec.strokes`.
        curve: number of the curve in the track.
        scale: number of the scale in the curve.
        doors: u, beside the edges, at which it may begin and end: where a finer scale of the curve ends.
        rows: first and last straight row on which it is drawn; None for all.
    """

    spec: CurveSpec
    name: str
    curve: int = 0
    scale: int = 0
    doors: tuple[float, ...] = ()
    rows: tuple[float, float] | None = None


@dataclass(frozen=True)
class Kin:
    """Two pens of one curve.

    Attributes:
        fine: number of the finer one.
        coarse: number of the coarser one.
        columns: (W,) px, where the coarser stands when the finer stands at each column.
        always: whether the coarser is drawn wherever the finer is, as a main stroke beside an amplified one.
    """

    fine: int
    coarse: int
    columns: Float
    always: bool = False


def pens_of(track: Track, depth: DepthScale | None = None) -> tuple[Pen, ...]:
    """The pens of a track, curve by curve, the main scale of each first.

    Args:
        track: its curves.
        depth: registration, for scales that hold in an interval of depth; None to let them hold all along.
    """
    pens = []
    for number, curve in enumerate(track.curves):
        if not curve.scales:
            pens.append(Pen(curve, curve.mnemonic, number))
            continue
        for k, (name, scale) in enumerate(zip(curve.strokes, curve.scales, strict=True)):
            spec = replace(
                curve,
                scales=(scale,),
                style=scale.style or curve.style,
                width_px=curve.width_px if k == 0 else None,  # of the main stroke: others may be finer
                wraps=curve.wraps and k == 0,
            )
            finer = [other for other in curve.scales if _finer(other, scale, curve.scales[0])]
            ends = [float(u) for other in finer for u in across(other, scale, np.array([0.0, 1.0]))]
            doors = tuple(u for u in ends if 0 < u < 1)
            rows = None
            if scale.depths is not None and depth is not None:
                top, base = depth.to_row(np.array(scale.depths))
                rows = (float(top), float(base))
            pens.append(Pen(spec, name, number, k, doors, rows))
    return tuple(pens)


def across(scale: ValueScale, other: ValueScale, u: Float) -> Float:
    """Positions on another scale of the values at positions ``u`` (any shape); NaN where there are none."""
    return to_position(other, to_value(scale, u))


def fineness(scale: ValueScale, main: ValueScale) -> float:
    """How much of a scale's width the range of the main one takes: 1 for itself, 0.1 for a backup of ten."""
    ends = across(main, scale, np.array([0.01, 0.99]))
    return float(abs(ends[1] - ends[0])) / 0.98


_RANK = {"amplified": 0, "main": 1, "backup": 2}


def _finer(one: ValueScale, other: ValueScale, main: ValueScale) -> bool:
    """Whether a scale is finer than another; of two that are as fine, the main one counts as finer."""
    mine, theirs = fineness(one, main), fineness(other, main)
    alike = abs(mine - theirs) < 0.02 * mine
    return _RANK[one.role] < _RANK[other.role] if alike else mine > theirs


def finest_first(curve: CurveSpec) -> tuple[int, ...]:
    """Numbers of the scales of a curve, the finest first.

    >>> main, backup = (ValueScale(((0.0, 0.0), (1.0, end))) for end in (50.0, 500.0))
    >>> finest_first(CurveSpec("SN", (main, backup, ValueScale(((0.0, 0.0), (1.0, 10.0))))))
    (2, 0, 1)
    """
    main = curve.scales[0]
    coarser = [sum(_finer(one, other, main) for one in curve.scales) for other in curve.scales]
    return tuple(sorted(range(len(coarser)), key=coarser.__getitem__))


def kin_of(pens: Sequence[Pen], track: Track, first: int, width: int) -> tuple[Kin, ...]:
    """Pens of one curve, two by two; a curve that wraps shows every value already and has none.

    Args:
        pens: of the track.
        track: its edges, straight px.
        first: straight column of the window's first.
        width: columns of the window.
    """
    u = (np.arange(width, dtype=np.float64) + first - track.left) / (track.right - track.left)
    out = []
    for i, fine in enumerate(pens):
        for j, coarse in enumerate(pens):
            if fine.curve != coarse.curve or i == j or fine.spec.wraps or coarse.spec.wraps:
                continue
            main = track.curves[fine.curve].scales[0]
            (one,), (other,) = fine.spec.scales, coarse.spec.scales
            if _finer(one, other, main):
                columns = track.left - first + across(one, other, u) * (track.right - track.left)
                out.append(Kin(i, j, columns, one.role == "amplified" and other.role == "main"))
    return tuple(out)


class Agreement(Protocol):
    """What it costs, nats a row, how the strokes of one curve stand to each other (see `identity.Rules`)."""

    @property
    def disagree(self) -> float:
        """Both are seen and do not mean the same value."""

    @property
    def lonely(self) -> float:
        """One stands where the other would be seen, and is not."""

    @property
    def coarse(self) -> float:
        """The coarser stands alone anywhere else."""

    @property
    def agree(self) -> float:
        """Both mean the same value: a gain, so negative."""


def agreement(kin: Kin, low: Float32, high: Float32, rules: Agreement) -> Float32:
    """(H, m + 1, m + 1) cost of the finer pen on one candidate and the coarser on another; 0 is none.

    Args:
        kin: the two pens.
        low: (m, H) leftmost column of each candidate on each row, NaN where it is absent.
        high: (m, H) rightmost.
        rules: what it costs.
    """
    count, height = low.shape
    width = len(kin.columns)
    out = np.zeros((height, count + 1, count + 1), np.float32)

    def map_to(x: Float32) -> Float:
        known = kin.columns[np.clip(np.nan_to_num(np.rint(x)), 0, width - 1).astype(int)]
        return np.asarray(np.where(np.isfinite(x), known, np.nan))

    ends = np.stack([map_to(low), map_to(high)])
    with np.errstate(invalid="ignore"):
        expected_low, expected_high = ends.min(axis=0), ends.max(axis=0)
        shown = np.sort(kin.columns[[0, -1]])
        if kin.always:
            out[:, 1:, 0] = np.where(np.isfinite(expected_low), rules.lonely, 0.0).T
        for b in range(count):
            alone = (low[b] > shown[0] + INSIDE_PX) & (high[b] < shown[1] - INSIDE_PX)
            out[:, 0, b + 1] = np.where(np.isnan(low[b]), 0.0, np.where(alone, rules.lonely, rules.coarse))
            for a in range(count):
                apart = np.maximum(expected_low[a] - high[b], low[b] - expected_high[a])
                wrong = np.clip((apart - NEAR_PX) / 4.0, 0.0, 1.0)
                cost = np.where(apart <= NEAR_PX, rules.agree, wrong * rules.disagree)
                out[:, a + 1, b + 1] = np.where(np.isfinite(apart), cost, 0.0)
    return out


def drawn_rows(pens: Sequence[Pen], top: int, height: int) -> NDArray[np.bool_]:
    """(n, H) bool: where each pen is drawn at all, on rows from straight row ``top`` on."""
    rows = top + np.arange(height)
    out = np.ones((len(pens), height), bool)
    for mask, pen in zip(out, pens, strict=True):
        if pen.rows is not None:
            mask &= (rows >= pen.rows[0]) & (rows <= pen.rows[1])
    return out
