"""The truth beside a page: its layout in scan px, and a log for each of its sections."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import replace
from typing import Any

import numpy as np

from logdigit.curves.calibrate import to_position
from logdigit.paper.spec import Edge, LayoutFile, SectionFile, TrackFile
from logdigit.synth.page_body import Body
from logdigit.synth.page_paper import WORKING_DPI, Paper
from logdigit.synth.page_scan import is_hidden
from logdigit.synth.wear import Wear
from logdigit.types import Curve, CurveSpec, Float, WellLog

_TICK_PX = 40.0
"""Least paper between the ticks of a layout: an uneven feed bends a longer stretch."""
_EDGE_PX = 40.0
"""Paper between the points of an edge that wanders."""


def layout_of(
    paper: Paper,
    size: tuple[int, int],
    bodies: Sequence[Body],
    tops: Sequence[int],
    step: float,
    header: dict[str, str],
) -> LayoutFile:
    """The layout of a worn page.

    Args:
        paper: its geometry.
        size: (height, width) of the scan, px.
        bodies: its logged intervals.
        tops: sheet row of the first row of each.
        step: of the index, depth units.
        header: items of the heading.
    """
    sections = tuple(_section(paper, size, body, top, step) for body, top in zip(bodies, tops, strict=True))
    skew = round(math.degrees(math.atan(paper.slope)), 6)
    return LayoutFile(sections, dict(header), skew, tuple(float(d) for d in paper.dpi))  # type: ignore[arg-type]


def _section(paper: Paper, size: tuple[int, int], body: Body, top: int, step: float) -> SectionFile:
    height, width = size
    middle = (width - 1) / 2
    depths = tick_depths(body)
    rows = paper.row_at(top + body.axis.row(depths), middle)
    first, last = paper.row_at(np.array([top, top + body.axis.rows - 1.0]), middle)
    return SectionFile(
        rows=(max(0, math.floor(first)), min(height, math.ceil(last) + 1)),
        unit=body.unit,
        ticks=tuple(
            (round(float(row), 3), round(float(depth - body.figures.lost), 4))
            for row, depth in zip(rows, depths, strict=True)
        ),
        tracks=tuple(
            TrackFile(
                _edge(paper, left, top, body.axis.rows),
                _edge(paper, right, top, body.axis.rows),
                tuple(_in_scan(paper, curve.spec) for curve in track.curves),
            )
            for track, (left, right) in zip(body.design.tracks, body.edges, strict=True)
            if track.curves
        ),
        ticks_x=middle,
        pass_name=body.pass_name,
        step=step,
        figure_add=body.figures.lost,
        nominal=body.nominal,
    )


def _in_scan(paper: Paper, spec: CurveSpec) -> CurveSpec:
    """The curve with the width of its stroke in scan px."""
    if spec.width_px is None:
        return spec
    return replace(spec, width_px=round(spec.width_px * paper.dpi[0] / WORKING_DPI, 2))


def tick_depths(body: Body) -> Float:
    """Depths of printed lines (or of figures, where no lines are printed) for the ticks of a layout."""
    every = body.ruling.thin if body.ruling is not None else body.figures.every
    lines = body.axis.lines(every)
    stride = max(1, math.ceil(_TICK_PX / (every * body.axis.per_unit)))
    kept = lines[::stride]
    if len(lines) and kept[-1] != lines[-1]:
        kept = np.append(kept, lines[-1])
    return kept if len(kept) > 1 else np.array([body.axis.start, body.axis.stop])


def _edge(paper: Paper, x: float, top: int, rows: int) -> Edge:
    """A track edge: one x where the paper is upright, else points dense enough for its wander."""
    if paper.upright:
        return round(float(paper.to_scan(np.array(x), np.array(float(top)))[0]), 3)
    pitch = _EDGE_PX if paper.wear.wave[0] else 800.0
    at = np.linspace(top, top + rows - 1, max(2, math.ceil(rows / pitch) + 1))
    if paper.wear.seam[1]:
        seam = paper.printed_row(paper.wear.seam[0])
        step = 1.0 + abs(paper.wear.seam[1])  # a shifted edge must not run back up a skewed page
        around = [row for row in (seam - step, seam + step) if top < row < top + rows - 1]
        at = np.unique(np.concatenate([at[np.abs(at - seam) > 1.5 * step], around]))
    scan_x, scan_y = paper.to_scan(np.full(len(at), x), at)
    points = zip(scan_y.tolist(), scan_x.tolist(), strict=True)
    return tuple((round(row, 2), round(col, 3)) for row, col in points)


def truth_of(
    paper: Paper,
    wear: Wear,
    size: tuple[int, int],
    body: Body,
    top: int,
    step: float,
    header: dict[str, str],
) -> tuple[WellLog, list[list[Any]]]:
    """What was drawn in a body: values on its index, NaN where there is no ink or where it is covered.

    Values off the scale are kept: whoever compares knows the scale.

    Returns:
        The log, and the intervals hidden by covers as [mnemonic, top, base].
    """
    curves, hidden_of = [], []
    rows = top + body.axis.row(body.index)
    for track, (left, right) in zip(body.design.tracks, body.edges, strict=True):
        for curve in track.curves:
            u = to_position(curve.spec.scales[0], curve.value)
            turns = np.floor(u) if curve.spec.wraps else 0.0
            x, y = paper.to_scan(left + (u - turns) * (right - left), rows)
            gone = is_hidden(wear, size, x, y)
            gone &= (u >= 0) & (u <= 1) | curve.spec.wraps
            value = np.where(gone, np.nan, curve.value)
            hidden_of += [[curve.spec.mnemonic, a, b] for a, b in _intervals(body.index, gone)]
            sure = np.isfinite(value).astype(np.float64)
            spec = curve.spec
            curves.append(Curve(spec.mnemonic, spec.unit, spec.printed, body.index, value, sure))
    return WellLog(header, body.unit, step, body.index, tuple(curves)), hidden_of


def _intervals(index: Float, flags: np.ndarray) -> list[tuple[float, float]]:
    """First and last depth of each run of set flags (N,)."""
    steps = np.diff(np.concatenate([[0], flags.astype(np.int8), [0]]))
    starts, ends = np.flatnonzero(steps == 1), np.flatnonzero(steps == -1) - 1
    return [(round(float(index[a]), 4), round(float(index[b]), 4)) for a, b in zip(starts, ends, strict=True)]
