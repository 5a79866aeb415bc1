"""What a person should know of a log before trusting it: where it may be wrong, and why, the worst first.

A finding that is often wrong is worse than none: each of these is said of long intervals only, and says what
it rests on.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from itertools import pairwise

import numpy as np

from logdigit.curves.assemble import Traced
from logdigit.curves.calibrate import to_position
from logdigit.curves.doubts import stroke_findings
from logdigit.curves.fixes import said
from logdigit.curves.runs import bridged, runs
from logdigit.types import Curve, CurveSpec, DepthUnit, Finding, Float

LONG: dict[DepthUnit, float] = {"FT": 10.0, "M": 3.0}
"""Depth without a value, inside the logged interval, that is a long gap."""
UNSEEN: dict[DepthUnit, float] = {"FT": 50.0, "M": 15.0}
"""Depth without ink at an end of a curve from which it is told, ..."""
UNSEEN_SHARE = 0.2
"""... if it is more than this share of the interval in which the curve is declared."""
EDGE = 0.05
"""Share of the scale at an edge, from which a curve goes off it."""
SAMPLES = 3
"""Samples beyond what is possible that are no accident."""
ORDER = (
    *("left out", "repeat disagrees", "out of range", "grid lock", "ambiguous", "level unsure", "not used"),
    *("declared but no ink", "", "low confidence", "long gap", "constant", "off scale"),
    *("uncalibrated", "cache", "fixed", "ignored", "repeat"),
)
"""Kinds, the worst first; those that are not here come where the empty one is."""


def worst_first(findings: Iterable[Finding]) -> tuple[Finding, ...]:
    """Findings by how bad their kind is, then by how much of the log they are about.

    >>> gaps = [Finding("long gap", "", "GR", 0.0, base) for base in (11.0, 30.0)]
    >>> [f.base or f.kind for f in worst_first([*gaps, Finding("left out", "", "DT")])]
    ['left out', 30.0, 11.0]
    """
    rank = {kind: k for k, kind in enumerate(ORDER)}
    return tuple(
        sorted(
            findings,
            key=lambda f: (rank.get(f.kind, rank[""]), (f.top or 0.0) - (f.base or 0.0), f.top or 0.0),
        )
    )


def findings_of(
    parts: Sequence[Traced],
    curves: Sequence[Curve],
    left_out: Mapping[str, str],
    limits: Mapping[str, tuple[float, float]],
) -> Iterator[Finding]:
    """Everything that is to be said of the curves of one log.

    Args:
        parts: its sections.
        curves: those written.
        left_out: reasons by mnemonic.
        limits: lowest and highest reading that a curve can have, by mnemonic, where that is known.
    """
    unit = parts[0].section.depth.unit
    for name, reason in left_out.items():
        yield Finding("left out", reason, name, *_declared(parts, name))
    declared = [c for part in parts for track in part.section.tracks for c in track.curves if c.scales]
    specs = {spec.mnemonic: spec for spec in reversed(declared)}
    for curve in (c for c in curves if c.mnemonic in specs):  # not the strokes that are written apart
        if curve.mnemonic in limits:
            yield from _beyond(curve, *limits[curve.mnemonic], LONG[unit])
        yield from _gaps(curve, specs[curve.mnemonic], parts, unit)
        yield from _doubt(curve)
    for part in parts:
        yield from stroke_findings(part.section, part.traces)
        yield from said(part.section)


def _declared(parts: Sequence[Traced], name: str) -> tuple[float, float]:
    """Depths between which a curve is declared."""
    ends = []
    for part in parts:
        for spec in (c for track in part.section.tracks for c in track.curves if c.mnemonic == name):
            low, high = spec.valid or part.interval
            ends.append((max(low, part.interval[0]), min(high, part.interval[1])))
    return min(top for top, _ in ends), max(base for _, base in ends)


def _nulls(parts: Sequence[Traced], name: str) -> list[tuple[float, float]]:
    """Intervals that a person made missing."""
    fixes = [fix for part in parts for fix in part.section.fixes]
    return [fix.interval for fix in fixes if fix.kind == "null" and name in fix.curves]


def _gaps(curve: Curve, spec: CurveSpec, parts: Sequence[Traced], unit: DepthUnit) -> Iterator[Finding]:
    """Long gaps inside a curve, and ends without ink where it is declared."""
    declared, nulls = _declared(parts, curve.mnemonic), _nulls(parts, curve.mnemonic)
    good = np.flatnonzero(np.isfinite(curve.value))
    step = float(curve.depth[1] - curve.depth[0])
    for a, b in pairwise(good):
        top, base = float(curve.depth[a]), float(curve.depth[b])
        meant = any(low <= top + step and base - step <= high for low, high in nulls)
        if base - top > LONG[unit] and not meant:
            edge = _left_at(spec, curve.value[[a, b]])
            where = f"beyond the {edge} edge of its scale" if edge else "without a reading"
            message = f"{base - top:g} {unit.lower()} {where}"
            yield Finding("off scale" if edge else "long gap", message, curve.mnemonic, top, base)
    least = max(UNSEEN[unit], UNSEEN_SHARE * (declared[1] - declared[0]))
    first, last = float(curve.depth[good[0]]), float(curve.depth[good[-1]])
    for top, base in ((declared[0], first), (last, declared[1])):
        if base - top > least:
            hint = f"if it is not logged there, give valid = [{first:g}, {last:g}]"
            yield Finding("declared but no ink", f"nothing is read; {hint}", curve.mnemonic, top, base)


def _left_at(spec: CurveSpec, ends: Float) -> str:
    """Edge of the track at which a gap begins and ends, by the values (2,) on either side; "" for none."""
    u = to_position(spec.scales[0], ends)
    if spec.wraps:
        return ""
    if u.max() < EDGE:
        return "left"
    return "right" if u.min() > 1 - EDGE else ""


def _beyond(curve: Curve, lowest: float, highest: float, apart: float) -> Iterator[Finding]:
    """Stretches of values that the measurement cannot have; those nearer than ``apart`` are one."""
    with np.errstate(invalid="ignore"):
        wrong = (curve.value < lowest) | (curve.value > highest)
    step = float(curve.depth[1] - curve.depth[0])
    for a, b in runs(bridged(wrong, round(apart / step))):
        seen = curve.value[a:b][wrong[a:b]]
        if len(seen) >= SAMPLES:
            values = f"{seen.min():.4g} to {seen.max():.4g} {curve.unit}".rstrip()
            message = f"reads {values}, possible is {lowest:g} to {highest:g}: is the scale right, or a turn?"
            yield Finding(
                "out of range", message, curve.mnemonic, float(curve.depth[a]), float(curve.depth[b - 1])
            )


def _doubt(curve: Curve) -> Iterator[Finding]:
    """Low confidence of a good part of a curve."""
    good = np.flatnonzero(np.isfinite(curve.value))
    doubtful = float((curve.confidence[good] < 0.5).mean())
    if doubtful > 0.2:
        message = f"{100 * doubtful:.0f} % of the samples have a confidence below 0.5"
        top, base = float(curve.depth[good[0]]), float(curve.depth[good[-1]])
        yield Finding("low confidence", message, curve.mnemonic, top, base)
