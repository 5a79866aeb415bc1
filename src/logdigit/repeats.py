"""Free truth: what a strip carries twice, at two depth scales or in a repeat pass, is compared.

A wrong depth, two curves taken for each other or a wrong scale show here without any other log.
"""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np

from logdigit.curves.assemble import Traced, combine
from logdigit.curves.calibrate import to_position
from logdigit.curves.resample import depth_index
from logdigit.metrics import correlation, depth_lag, sample
from logdigit.paper.choose import interval
from logdigit.types import DepthUnit, Finding, Float, Layout, Section, ValueScale, WellLog

LEAST: dict[DepthUnit, float] = {"FT": 20.0, "M": 6.0}
"""Depth that both must hold: less tells nothing."""
SEARCHED: dict[DepthUnit, float] = {"FT": 5.0, "M": 1.5}
"""Largest lag that is looked for."""
WORST_LAG: dict[DepthUnit, float] = {"FT": 1.0, "M": 0.3}
WORST_R = 0.8
"""Two passes of one tool repeat better than this, gamma ray with its noise of counting included."""
WORST_BIAS = 0.03
"""Median difference, share of the scale."""
FLAT = 0.02
"""A curve that varies less than this (standard deviation, share of the scale) correlates with nothing."""

CABLE = frozenset(("TENS", "LTEN", "TTEN", "HTEN", "TEN", "TENSION", "LSPD", "SPD", "CS", "ETIM"))
"""Of the cable, not of the rock: no two passes agree."""


@dataclass(frozen=True)
class Agreement:
    """One curve against the same one of another section.

    Attributes:
        top: of the depths on which both have a value.
        base: likewise.
        lag: by which the other lies too deep, depth units; NaN where none can be told.
        bias: median of the other less this one, share of the scale.
        r: Pearson correlation at no lag; NaN where one is flat.
        best: the same at the lag.
    """

    top: float
    base: float
    lag: float
    bias: float
    r: float
    best: float


def twice(layout: Layout, chosen: Sequence[Sequence[int]]) -> tuple[int, ...]:
    """Sections (from 0) outside the chosen logs that hold, in part, the same curves at the same depths."""
    picked = [i for group in chosen for i in group]
    return tuple(
        k
        for k in range(len(layout.sections))
        if k not in picked and any(_shares(layout, i, k) for i in picked)
    )


def _shares(layout: Layout, i: int, k: int) -> bool:
    """Whether two sections hold enough of one interval, with a curve in common."""
    a, b = layout.sections[i], layout.sections[k]
    if a.depth.unit != b.depth.unit or "calibration" in (a.pass_name, b.pass_name):
        return False
    (top, base), (other_top, other_base) = interval(layout, i), interval(layout, k)
    enough = min(base, other_base) - max(top, other_top) >= LEAST[a.depth.unit]
    return enough and bool(_scales([a]).keys() & _scales([b]).keys())


def _scales(sections: Sequence[Section]) -> dict[str, ValueScale]:
    curves = [c for section in sections for track in section.tracks for c in track.curves]
    return {curve.mnemonic: curve.scales[0] for curve in reversed(curves) if curve.scales}


def compared(
    log: WellLog, layout: Layout, group: Sequence[int], others: Sequence[tuple[int, Traced]]
) -> Iterator[Finding]:
    """What other sections (number from 0, traced) say of the curves of a log that is made of a group of them.

    Every curve that both have is told of: ``repeat`` where they agree, ``repeat disagrees`` where not.
    """
    scales = _scales([layout.sections[i] for i in group])
    for number, other in others:
        if number in group or not any(_shares(layout, i, number) for i in group):
            continue
        top, base = max(other.interval[0], log.depth[0]), min(other.interval[1], log.depth[-1])
        again = combine([other], depth_index(float(top), float(base), log.step))
        known = {curve.mnemonic: curve for curve in again.curves if curve.mnemonic in scales}
        kind = " ".join(filter(None, (other.section.pass_name, other.section.nominal)))
        for curve in log.curves:
            twin = known.get(curve.mnemonic)
            if (
                twin is None
                or curve.mnemonic in CABLE
                or (curve.unit and twin.unit and curve.unit != twin.unit)
            ):
                continue
            scale = scales[curve.mnemonic]
            here, there = to_position(scale, curve.value), to_position(scale, twin.value)
            found = agreement(curve.depth, here, twin.depth, there, log.unit)
            if found is not None:
                yield told(found, curve.mnemonic, f"section {number + 1} ({kind})", log.unit)


def agreement(depth: Float, u: Float, other_depth: Float, other: Float, unit: DepthUnit) -> Agreement | None:
    """Compare two readings (N,), (M,) of one curve, shares of its scale; None where too little is in both."""
    at = sample(other_depth, other, depth)
    both = np.flatnonzero(np.isfinite(at) & np.isfinite(u))
    step = float(np.median(np.diff(depth)))
    if len(both) * step < LEAST[unit]:
        return None
    lag = r = best = math.nan
    if min(float(np.std(u[both])), float(np.std(at[both]))) >= FLAT:
        r = correlation(at, u)
        lag = depth_lag(other_depth, other, depth, u, SEARCHED[unit])
        best = correlation(sample(other_depth, other, depth + lag), u) if math.isfinite(lag) else r
    bias = float(np.median(at[both] - u[both]))
    return Agreement(float(depth[both[0]]), float(depth[both[-1]]), lag, bias, r, best)


def told(found: Agreement, mnemonic: str, name: str, unit: DepthUnit) -> Finding:
    """An agreement in words, and whether it is one."""
    wrong = []
    if found.best < WORST_R:
        wrong.append(f"does not repeat, r {found.r:.2f}")
    elif abs(found.lag) > WORST_LAG[unit]:
        wrong.append(f"lies {abs(found.lag):.1f} {unit.lower()} {'deeper' if found.lag > 0 else 'shallower'}")
    if abs(found.bias) > WORST_BIAS:
        wrong.append(f"reads {100 * found.bias:+.0f} % of the scale")
    figures = f"bias {100 * found.bias:+.1f} % of the scale"
    if math.isfinite(found.r):
        figures += f", r {found.r:.3f}"
    if math.isfinite(found.lag):
        figures += f", lag {found.lag:+.1f} {unit.lower()}"
    kind = "repeat disagrees" if wrong else "repeat"
    message = f"in {name} it {' and '.join(wrong) or 'repeats'}: {figures}"
    return Finding(kind, message, mnemonic, found.top, found.base)
