"""Corrections by hand, applied to what was decoded.

Swaps, nulls and turns work on traces, where a curve is still ink at a place on paper: two curves that were
taken for each other get each other's ink, and each reads it on its own scale. They are applied in the order
in which they were written. Points come last and have the last word: a person has read them.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import replace

import numpy as np

from logdigit.curves.calibrate import to_position, to_value
from logdigit.types import CurveSpec, Finding, Fix, Float, Section, Trace, Track

_MOST = 127
"""Turns that a trace can hold."""


def fixed(traces: Mapping[str, Trace], section: Section) -> dict[str, Trace]:
    """The traces of a section, by name of the stroke, as its fixes say; the rest of them as they are.

    Of a curve with several scales a null takes all strokes; a swap and turns are of its main one.
    """
    out = dict(traces)
    declared = {curve.mnemonic: (track, curve) for track in section.tracks for curve in track.curves}
    for fix in sorted(section.fixes, key=lambda fix: fix.kind == "points"):
        if fix.kind == "swap":
            a, b = fix.curves
            out[a], out[b] = (
                _with_ink(out[one], out[other], _inside(out[one], fix, section), declared[one][1])
                for one, other in ((a, b), (b, a))
            )
            continue
        for name in fix.curves:
            rows = _inside(out[name], fix, section)
            if fix.kind == "null":
                for stroke in declared[name][1].strokes:
                    out[stroke] = _null(out[stroke], rows)
            elif fix.kind == "turns":
                out[name] = _turned(out[name], rows, fix)
            else:
                out[name] = _drawn(out[name], rows, fix, section, *declared[name])
    return out


def _inside(trace: Trace, fix: Fix, section: Section) -> slice:
    """Rows of a trace within half a row of an interval: every depth of it has its nearest row among them."""
    ends = section.depth.to_row(np.array(fix.interval)) - trace.top
    first, last = int(np.ceil(ends[0] - 0.5)), int(np.floor(ends[1] + 0.5))
    return slice(max(0, first), max(0, min(len(trace.x), last + 1)))


def _with_ink(trace: Trace, other: Trace, rows: slice, curve: CurveSpec) -> Trace:
    """A trace with the ink of another in some rows; what does not wrap has no turns."""
    x, confidence, turns = trace.x.copy(), trace.confidence.copy(), trace.turns.copy()
    moved = slice(rows.start + trace.top - other.top, rows.stop + trace.top - other.top)
    x[rows], confidence[rows] = other.x[moved], other.confidence[moved]
    turns[rows] = other.turns[moved] if curve.wraps else 0
    return replace(trace, x=x, confidence=confidence, turns=turns)


def _null(trace: Trace, rows: slice) -> Trace:
    x, confidence, turns = trace.x.copy(), trace.confidence.copy(), trace.turns.copy()
    x[rows], confidence[rows], turns[rows] = np.nan, 0, 0
    return replace(trace, x=x, confidence=confidence, turns=turns)


def _turned(trace: Trace, rows: slice, fix: Fix) -> Trace:
    turns = trace.turns.copy()
    there = turns[rows].astype(int) + fix.add if fix.turns is None else fix.turns
    turns[rows] = np.where(np.isfinite(trace.x[rows]), np.clip(there, -_MOST, _MOST), 0)
    return replace(trace, turns=turns)


def _drawn(trace: Trace, rows: slice, fix: Fix, section: Section, track: Track, curve: CurveSpec) -> Trace:
    """A trace with the points of a fix drawn on it, for the overlay; the values come from `read_points`."""
    x, confidence, turns = trace.x.copy(), trace.confidence.copy(), trace.turns.copy()
    depth = section.depth.to_depth(np.arange(trace.top + rows.start, trace.top + rows.stop, dtype=np.float64))
    at = positions(fix, curve, np.clip(depth, *fix.interval))
    turn = np.clip(np.floor(at), -_MOST, _MOST) if curve.wraps else np.zeros(len(at))
    x[rows] = track.left + (at - turn) * (track.right - track.left)
    confidence[rows], turns[rows] = 1, turn
    return replace(trace, x=x, confidence=confidence, turns=turns)


def positions(fix: Fix, curve: CurveSpec, depth: Float) -> Float:
    """Position (N,) across the track, unwrapped, of the lines through points, at depths (N,); NaN outside."""
    depths, values = np.array(fix.points, dtype=np.float64).T
    at: Float = np.interp(depth, depths, to_position(curve.scales[0], values), left=np.nan, right=np.nan)
    return at


def read_points(section: Section, curve: CurveSpec, value: Float, confidence: Float, index: Float) -> None:
    """Put what the points of a section's fixes say in place of values and confidence (N,) at depths (N,).

    The lines between them are straight on paper: on a log scale, straight in the logarithm.
    """
    for fix in section.fixes:
        if fix.kind == "points" and curve.mnemonic in fix.curves:
            at = positions(fix, curve, index)
            turn = np.floor(np.nan_to_num(at)) if curve.wraps else np.zeros(len(at))
            given = np.isfinite(at)
            value[given] = to_value(curve.scales[0], at - turn, turn)[given]
            confidence[given] = 1.0


def said(section: Section) -> Iterator[Finding]:
    """One finding a correction and curve: a LAS file tells what in it was not read by the program."""
    for fix in section.fixes:
        for name in fix.curves:
            others = ", ".join(other for other in fix.curves if other != name)
            words = {
                "swap": f"swapped with {others}",
                "null": "made missing",
                "turns": f"turns set to {fix.turns}" if fix.turns is not None else f"{fix.add:+d} turns",
                "points": f"drawn through {len(fix.points)} points",
            }
            yield Finding("fixed", f"{words[fix.kind]}, as the layout says", name, *fix.interval)
    for box in section.ignore:
        place = f"rows {box.top} to {box.bottom}, columns {box.left} to {box.right}"
        yield Finding("ignored", f"ink in {place} is not data, as the layout says")
