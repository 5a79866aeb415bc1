"""Traces of one or more sections to calibrated curves on one depth index."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

import numpy as np

from logdigit.curves.calibrate import to_value
from logdigit.curves.fixes import read_points
from logdigit.curves.resample import at_depths
from logdigit.types import Curve, CurveSpec, DepthScale, Float, Section, Trace, Track

LEAST = 2  # samples; less is no curve


@dataclass(frozen=True)
class Traced:
    """A section with its traces by mnemonic and the depths (top, base) that its body spans."""

    section: Section
    traces: Mapping[str, Trace]
    interval: tuple[float, float]


def calibrate(
    trace: Trace, track: Track, spec: CurveSpec, depth: DepthScale, index: Float
) -> tuple[Float, Float]:
    """Values and confidence (N,) of a trace at depths ``index``.

    NaN (and 0) where there is no ink and outside the first and last reading. Only the main scale is used.
    """
    rows = trace.top + np.arange(len(trace.x), dtype=np.float64)
    u = (trace.x.astype(np.float64) - track.left) / (track.right - track.left) + trace.turns
    at = at_depths(rows, u, depth, index)
    turned = spec.wraps or bool(trace.turns.any())  # by hand, a curve that does not wrap may be turned
    turns = np.floor(np.nan_to_num(at)) if turned else np.zeros(len(at))
    value = to_value(spec.scales[0], at - turns, turns)
    value[~np.isfinite(value)] = np.nan  # a hyperbolic scale is infinite where its conductivity is 0
    if spec.valid is not None:
        value[(index < min(spec.valid)) | (index > max(spec.valid))] = np.nan
    confidence = np.nan_to_num(at_depths(rows, trace.confidence.astype(np.float64), depth, index))
    return value, np.where(np.isfinite(value), confidence, 0.0)


def combine(parts: Sequence[Traced], index: Float) -> tuple[tuple[Curve, ...], dict[str, str]]:
    """Curves of the sections of one log; where two sections overlap, the first has the word.

    Args:
        parts: the sections, in the order in which they count.
        index: depths of the log, (N,).

    Returns:
        The curves, in the order declared, and of those left out the reason by mnemonic.
    """
    curves: dict[str, Curve] = {}
    left_out: dict[str, str] = {}
    for part in parts:
        low, high = part.interval
        for track in part.section.tracks:
            for spec in track.curves:
                name = spec.mnemonic
                if not spec.scales:
                    left_out[name] = "declared without a scale; give scale or points"
                    continue
                depth = part.section.depth
                value, confidence = calibrate(part.traces[name], track, spec, depth, index)
                read_points(part.section, spec, value, confidence, index)
                if name not in curves:
                    nothing = np.full(len(index), np.nan)
                    curves[name] = Curve(name, spec.unit, spec.printed, index, nothing, np.zeros(len(index)))
                old = curves[name]
                fresh = (index >= low) & (index <= high) & np.isfinite(value) & ~np.isfinite(old.value)
                curves[name] = replace(
                    old,
                    value=np.where(fresh, value, old.value),
                    confidence=np.where(fresh, confidence, old.confidence),
                )
    for name, curve in curves.items():
        if np.isfinite(curve.value).sum() < LEAST:
            left_out[name] = "declared, but no ink was found in its track"
        else:
            left_out.pop(name, None)
    return tuple(curve for name, curve in curves.items() if name not in left_out), left_out
