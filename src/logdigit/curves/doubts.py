"""What traces tell of themselves: two on one stroke, or one that stands still on a line of the grid."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from itertools import combinations

import numpy as np
from scipy.ndimage import maximum_filter1d, minimum_filter1d, uniform_filter1d

from logdigit.curves.calibrate import to_position
from logdigit.curves.runs import bridged, runs
from logdigit.types import Bool, CurveSpec, DepthUnit, Finding, Float, Section, Trace, Track

MET_PX = 6.0
"""Strokes nearer than this touch: a pen is 2 to 4 px wide."""
ONE_PX = 1.0
"""and nearer than this they are one stroke."""
NEAR = 10
"""Rows on either side within which strokes that touch make a reading doubtful."""
UNSURE = 0.9
"""Confidence below which it is: what is not called sure."""
TOGETHER: dict[DepthUnit, float] = {"FT": 20.0, "M": 6.0}
"""Depth over which ..."""
DOUBTFUL = 0.5
"""... this share of the rows must be doubtful."""
STILL_PX = 1.0
"""Width of the strip in which a trace stays that stands still: half a pixel to either side."""
LOCKED: dict[DepthUnit, float] = {"FT": 40.0, "M": 12.0}
"""Depth over which a trace must stand still on a line of the grid, ..."""
CONSTANT: dict[DepthUnit, float] = {"FT": 100.0, "M": 30.0}
"""... or anywhere else."""
FEWEST = 100
"""Rows, at least: on a small depth scale 40 ft is nothing."""
LINE_PX = 1.5
"""A trace this near a line is on it."""
STEADY = frozenset(("BS", "BIT"))
"""What is constant by nature."""


def stroke_findings(section: Section, traces: Mapping[str, Trace]) -> Iterator[Finding]:
    """Curves that run on one stroke and curves that stand still, of all tracks of a section."""
    for track in section.tracks:
        for a, b in combinations([curve.mnemonic for curve in track.curves], 2):
            yield from _together(section, a, traces[a], b, traces[b])
        for curve in track.curves:
            if curve.mnemonic not in STEADY:
                yield from _still(section, track, curve, traces[curve.mnemonic])


def _rows(section: Section, depth: float) -> int:
    """Rows that a depth takes."""
    pitch = np.ptp(section.depth.rows) / np.ptp(section.depth.depths)
    return max(1, round(float(depth * pitch)))


def _depths(section: Section, trace: Trace, first: int, last: int) -> tuple[float, float]:
    ends = section.depth.to_depth(np.array([trace.top + first, trace.top + last - 1.0]))
    return float(np.round(ends[0], 1)), float(np.round(ends[1], 1))


def _together(section: Section, a: str, one: Trace, b: str, other: Trace) -> Iterator[Finding]:
    """Long intervals in which two curves meet again and again, and are not sure where they do."""
    window = _rows(section, TOGETHER[section.depth.unit])
    sure = np.minimum(one.confidence, other.confidence)
    with np.errstate(invalid="ignore"):
        touching = np.abs(one.x - other.x) < MET_PX
    doubtful = (maximum_filter1d(touching.astype(np.uint8), 2 * NEAR + 1) > 0) & (sure < UNSURE)
    mostly: Bool = np.asarray(uniform_filter1d(doubtful.astype(np.float32), window) > DOUBTFUL, np.bool_)
    for first, last in runs(bridged(mostly, window)):
        seen = max(0, first - window // 2) + np.flatnonzero(
            doubtful[max(0, first - window // 2) : last + window // 2]
        )
        begin, end = int(seen[0]), int(seen[-1]) + 1
        share = 100 * float(doubtful[begin:end].mean())
        message = f"meets {b}, and on {share:.0f} % of the rows it is doubtful which is which"
        if np.nanmedian(np.abs(one.x - other.x)[begin:end]) < ONE_PX:
            message = f"runs along {b}: one stroke is seen for both"
        yield Finding("ambiguous", message, a, *_depths(section, one, begin, end))


def _still(section: Section, track: Track, curve: CurveSpec, trace: Trace) -> Iterator[Finding]:
    """Long intervals in which a trace does not move."""
    unit = section.depth.unit
    window = max(FEWEST, _rows(section, LOCKED[unit]))
    if len(trace.x) < window:
        return
    x = np.nan_to_num(trace.x.astype(np.float64), nan=np.inf)
    with np.errstate(invalid="ignore"):
        span = maximum_filter1d(x, window, mode="nearest") - minimum_filter1d(x, window, mode="nearest")
        calm = np.asarray(span <= STILL_PX, dtype=np.bool_)  # NaN where a gap is in the window: not calm
    half = window // 2
    for first, last in runs(calm):
        begin, end = max(0, first - half), min(len(x), last + half)
        top, base = _depths(section, trace, begin, end)
        at = float(np.median(trace.x[first:last]))
        message = f"stays within half a pixel for {base - top:.0f} {unit.lower()}"
        if float(np.min(np.abs(_lines(track, curve) - at))) <= LINE_PX:
            text = f"{message}, on a line of the grid: was the line taken for the curve?"
            yield Finding("grid lock", text, curve.mnemonic, top, base)
        elif base - top >= CONSTANT[unit]:
            text = f"{message}: right in casing, else some other line was followed"
            yield Finding("constant", text, curve.mnemonic, top, base)


def _lines(track: Track, curve: CurveSpec) -> Float:
    """Where vertical grid lines are, straight px: tenths of the track, or the lines of the decades."""
    u = np.arange(11) / 10
    if curve.scales and curve.scales[0].kind == "log":
        values = np.outer(10.0 ** np.arange(-3, 6), np.arange(1, 10)).ravel()
        u = to_position(curve.scales[0], values)
        u = u[(u > -0.01) & (u < 1.01)]
    return np.asarray(track.left + np.append(u, [0.0, 1.0]) * (track.right - track.left))
