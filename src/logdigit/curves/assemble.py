"""Traces of one or more sections to calibrated curves on one depth index."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

import numpy as np

from logdigit.curves.calibrate import to_value
from logdigit.curves.fixes import read_points
from logdigit.curves.levels import Doubt, Levels, ends_of, positions, together
from logdigit.curves.pens import pens_of
from logdigit.curves.resample import at_depths
from logdigit.types import Curve, CurveSpec, DepthScale, Finding, Float, Section, Trace, ValueScale

LEAST = 2  # samples; less is no curve
MAIN = "_MAIN"  # what the main stroke is called where the strokes of a curve are given apart
MOST_DOUBTS = 5  # intervals of a curve that are named one by one


@dataclass(frozen=True)
class Traced:
    """A section with its traces by name of the stroke and the depths (top, base) that its body spans."""

    section: Section
    traces: Mapping[str, Trace]
    interval: tuple[float, float]


@dataclass(frozen=True)
class Combined:
    """The curves of a log in the order declared; of those left out the reason; what to know of the others."""

    curves: tuple[Curve, ...]
    left_out: Mapping[str, str]
    findings: tuple[Finding, ...]


@dataclass(frozen=True)
class _Rows:
    """Readings from straight row ``top`` on, with the registration of their section."""

    top: int
    depth: DepthScale

    def calibrate(
        self,
        u: Float,
        confidence: Float,
        spec: CurveSpec,
        scale: ValueScale,
        index: Float,
        turned: bool = False,
    ) -> tuple[Float, Float]:
        """Values and confidence (N,) at depths ``index`` of positions and confidence (H,) on a scale.

        What lies beyond the edges is the scale once more for a curve that wraps, or is ``turned`` by hand;
        else the scale goes on as it ends. NaN (and 0) where there is no ink and outside the first and last
        reading.
        """
        rows = self.top + np.arange(len(u), dtype=np.float64)
        at = at_depths(rows, u, self.depth, index)
        turns = np.floor(np.nan_to_num(at)) if spec.wraps or turned else np.zeros(len(at))
        value = to_value(scale, at - turns, turns)
        value[~np.isfinite(value)] = np.nan  # a hyperbolic scale is infinite where its conductivity is 0
        if spec.valid is not None:
            value[(index < min(spec.valid)) | (index > max(spec.valid))] = np.nan
        sure = np.nan_to_num(at_depths(rows, confidence, self.depth, index))
        return value, np.where(np.isfinite(value), sure, 0.0)


@dataclass
class _Growing:
    """The curves of a log, section after section; where two overlap, the first has the word."""

    index: Float
    curves: dict[str, Curve]

    def add(self, name: str, spec: CurveSpec, descr: str, read: tuple[Float, Float], part: Traced) -> None:
        """Lay the values and confidence ``read`` (N,) of a section under what is known of a curve."""
        value, confidence = read
        low, high = part.interval
        nothing = np.full(len(self.index), np.nan)
        old = self.curves.get(name) or Curve(name, spec.unit, descr, self.index, nothing, 0 * self.index)
        fresh = (self.index >= low) & (self.index <= high) & np.isfinite(value) & ~np.isfinite(old.value)
        self.curves[name] = replace(
            old,
            value=np.where(fresh, value, old.value),
            confidence=np.where(fresh, confidence, old.confidence),
        )


def combine(parts: Sequence[Traced], index: Float, strokes: bool = False) -> Combined:
    """Curves of the sections of one log; where two sections overlap, the first has the word.

    Args:
        parts: the sections, in the order in which they count.
        index: depths of the log, (N,).
        strokes: whether each stroke of a curve with several scales is given apart as well.
    """
    log = _Growing(index, {})
    left_out: dict[str, str] = {}
    findings: list[Finding] = []
    for part in parts:
        for track in part.section.tracks:
            pens = pens_of(track, part.section.depth)
            for number, spec in enumerate(track.curves):
                if not spec.scales:
                    left_out[spec.mnemonic] = "declared without a scale; give scale or points"
                    continue
                mine = [pen for pen in pens if pen.curve == number]
                levels = together(spec, track, mine, part.traces)
                rows = _Rows(part.traces[spec.mnemonic].top, part.section.depth)
                turned = len(mine) == 1 and bool(part.traces[spec.mnemonic].turns.any())
                read = rows.calibrate(levels.u, levels.confidence, spec, spec.scales[0], index, turned)
                read_points(part.section, spec, *read, index)
                log.add(spec.mnemonic, spec, spec.printed, read, part)
                findings += _doubts(spec.mnemonic, levels, rows)
                for pen in mine if strokes and len(mine) > 1 else ():
                    trace, (scale,) = part.traces[pen.name], pen.spec.scales
                    u, sure = positions(trace, track, pen), trace.confidence.astype(np.float64)
                    name = pen.name if pen.scale else pen.name + MAIN
                    own = rows.calibrate(u, sure, pen.spec, scale, index)
                    log.add(name, spec, f"{spec.printed} on {ends_of(scale)}".strip(), own, part)
    for name, curve in list(log.curves.items()):
        if np.isfinite(curve.value).sum() >= LEAST:
            left_out.pop(name, None)
            continue
        del log.curves[name]
        if any(name == spec.mnemonic for part in parts for t in part.section.tracks for spec in t.curves):
            left_out[name] = "declared, but no ink was found in its track"
    kept = [finding for finding in findings if finding.curve not in left_out]
    return Combined(tuple(log.curves.values()), left_out, tuple(kept))


def _doubts(name: str, levels: Levels, rows: _Rows) -> list[Finding]:
    """The longest doubts about the strokes of a curve as findings, and how many there are beside them."""

    def named(doubt: Doubt) -> Finding:
        ends = rows.depth.to_depth(rows.top + np.array([doubt.first, doubt.last], np.float64))
        top, base = (round(float(depth), 2) for depth in ends)
        return Finding("level unsure", doubt.reason, name, top, base)

    findings = [named(doubt) for doubt in levels.doubts[:MOST_DOUBTS]]
    if len(levels.doubts) > MOST_DOUBTS:
        more = f"{len(levels.doubts) - MOST_DOUBTS} shorter intervals where its strokes do not go together"
        findings.append(Finding("level unsure", more, name))
    return findings
