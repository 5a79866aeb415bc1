"""One logged interval of a page: tracks with their grids, curves, depth figures, and what lies over them."""

from __future__ import annotations

import math
from dataclasses import dataclass, replace

import numpy as np

from logdigit.curves.calibrate import to_position
from logdigit.synth.clutter import random_block, random_clutter
from logdigit.synth.families import Family
from logdigit.synth.grids import random_grid
from logdigit.synth.page_figures import FigureStyle, write_figures
from logdigit.synth.page_scan import Printed
from logdigit.synth.page_text import Typeface, write
from logdigit.synth.page_tracks import Design, Recorded, TrackDesign
from logdigit.synth.plan import Grid, Ink, Mark, SheetPlan, Stroke, TrackPlan
from logdigit.synth.render import draw
from logdigit.synth.scales import verticals
from logdigit.types import DepthUnit, Float, PassName

_HOLD_PX = 80.0
"""Paper over which a pen stands still after its last reading, at most."""


@dataclass(frozen=True)
class Axis:
    """How depth runs down a body: depth ``start`` on its row 0, ``per_unit`` px a depth unit, to ``stop``."""

    start: float
    stop: float
    per_unit: float

    @property
    def rows(self) -> int:
        """Rows of the body, px."""
        return round((self.stop - self.start) * self.per_unit) + 1

    def row(self, depth: Float | float) -> Float:
        """Row (px) of a depth."""
        return (np.asarray(depth, dtype=np.float64) - self.start) * self.per_unit

    def depth(self, row: Float) -> Float:
        """Depth at a row."""
        return np.asarray(self.start + row / self.per_unit, dtype=np.float64)

    def lines(self, every: float) -> Float:
        """Whole multiples of ``every`` within the body."""
        first = math.ceil(round(self.start / every, 6))
        last = math.floor(round(self.stop / every, 6))
        return np.asarray(np.arange(first, last + 1) * every, dtype=np.float64)


@dataclass(frozen=True)
class Ruling:
    """Depth lines of a grid, depth units: thin ones, heavier ones, and the heaviest (0 for none)."""

    thin: float
    heavy: float
    heaviest: float


@dataclass(frozen=True)
class Body:
    """A logged interval before it is drawn.

    Attributes:
        axis: its depths.
        unit: of depth.
        nominal: name of its depth scale.
        pass_name: main or repeat.
        ruling: its depth lines; None where the grid has none.
        grid: ink and widths of the grid.
        crosses: whether depth lines run through the depth column.
        design: tracks; values on ``index``.
        index: (N,) depths of the values.
        edges: (left, right) of each track, sheet px.
        column: (left, right) of the depth column, sheet px.
        figures: how depth is written.
    """

    axis: Axis
    unit: DepthUnit
    nominal: str
    pass_name: PassName
    ruling: Ruling | None
    grid: Grid
    crosses: bool
    design: Design
    index: Float
    edges: tuple[tuple[float, float], ...]
    column: tuple[float, float]
    figures: FigureStyle


_RULINGS: dict[str, tuple[tuple[float, float, float], ...]] = {
    "FT": (
        *((2, 10, 50), (2, 10, 50), (2, 10, 0), (10, 50, 0), (5, 10, 50), (10, 50, 100), (10, 100, 0)),
        (20, 100, 0),
    ),
    "M": (
        *((1, 5, 25), (1, 5, 0), (2, 10, 50), (5, 25, 0), (5, 10, 50), (10, 50, 0), (1, 10, 0)),
        (0.4, 2, 10),
    ),
}
"""Thin, heavy and heaviest depth lines of charts, depth units."""


def choose_ruling(rng: np.random.Generator, unit: DepthUnit, per_unit: float) -> Ruling:
    """Depth lines as charts of that scale have them: thin ones 12 to 105 px apart."""
    choices = _RULINGS[unit]
    fits = [c for c in choices if 12 <= c[0] * per_unit <= 105] or [choices[-1]]
    return Ruling(*fits[int(rng.integers(len(fits)))])


def random_ruled_grid(rng: np.random.Generator, family: Family) -> Grid:
    """Ink, widths and wear of a page's grids; where the lines lie is decided by each body."""
    grid = random_grid(rng, family, 20.0, 0.0, is_log=False)
    thin = float(np.clip(grid.widths[0], 0.8, 2.5))
    heavy = min(max(grid.widths[1], 1.25 * thin), 4.0)
    faint = min(grid.ink)  # a chart whose lines nobody sees is no chart
    red, green, blue = (level - max(0, faint - 180) for level in grid.ink)
    return replace(grid, widths=(thin, heavy), ink=(red, green, blue))


def at_depths(index: Float, value: Float, depths: Float) -> Float:
    """A curve (N,) at other depths (M,): linear between neighbours, NaN in its gaps and beyond its ends.

    >>> at_depths(np.array([0.0, 1.0, 2.0]), np.array([0.0, 10.0, np.nan]), np.array([0.5, 1.0, 1.5, 3.0]))
    array([ 5., 10., nan, nan])
    """
    low = np.clip(np.searchsorted(index, depths, side="right") - 1, 0, len(index) - 2)
    share = (depths - index[low]) / (index[low + 1] - index[low])
    a, b = value[low], value[low + 1]
    mixed = np.where(share <= 0, a, np.where(share >= 1, b, a + share * (b - a)))
    out: Float = np.where((share < -1e-9) | (share > 1 + 1e-9), np.nan, mixed)
    return out


def draw_body(
    rng: np.random.Generator, family: Family, body: Body, width: int, face: Typeface, colour: bool, paper: Ink
) -> Printed:
    """Draw a body over the whole ``width`` of the page, sheet px."""
    height = body.axis.rows
    tracks: list[TrackPlan] = []
    marks: list[Mark] = []
    for track, (left, right) in zip(body.design.tracks, body.edges, strict=True):
        tracks.append(_plan_track(rng, family, body, track, left, right))
        if track.picture:
            marks += random_block(rng, height, left, right)
    marks += _column_marks(rng, body)
    words = []
    for top in range(0, height, 1000):
        if rng.random() < 0.5:
            labels, more = random_clutter(rng, family, min(1000, height - top), width, [], 0)
            words += [replace(label, y=label.y + top) for label in labels]
            marks += [replace(mark, points=mark.points + np.array([0.0, top])) for mark in more]
    plan = SheetPlan(
        height,
        width,
        (*tracks, *_heaviest(body)),
        (),
        tuple(marks),
        paper,
        int(rng.integers(2**31)),
    )
    printed = Printed(*draw(plan, colour))
    blank = paper if body.crosses and rng.random() < 0.8 else None
    write_figures(rng, printed.picture, body.axis, body.column, body.figures, blank)
    for label in words:  # in the page's typeface, not in that of a patch
        cap = max(6.0, 20.0 * label.size)
        write(printed.picture, label.text, label.x, label.y, cap, face, turn=270 if label.turned else 0)
    return printed


def _plan_track(
    rng: np.random.Generator, family: Family, body: Body, track: TrackDesign, left: float, right: float
) -> TrackPlan:
    thin, heavy = body.grid.widths
    lines = verticals(track.ruled.kind, track.ruled, thin, heavy)
    if track.picture:
        lines = ((0.0, heavy), (1.0, heavy))
    grid = replace(body.grid, verticals=lines, pitch=0.0, heavy=0)
    if body.ruling is not None and not track.picture:
        ruling, axis = body.ruling, body.axis
        grid = replace(
            grid,
            pitch=ruling.thin * axis.per_unit,
            phase=_line_above(axis, ruling.heavy),
            heavy=round(ruling.heavy / ruling.thin),
        )
    strokes = tuple(s for curve in reversed(track.curves) for s in strokes_of(curve, body, left, right))
    fill = None
    if len(track.curves) == 1 and len(strokes) == 1 and rng.random() < family.fills:
        fill = (0, str(rng.choice(["grey", "hatch"])))
    return TrackPlan(left, right, grid, strokes, fill)


def strokes_of(curve: Recorded, body: Body, left: float, right: float) -> list[Stroke]:
    """The strokes of a curve in a body, one for each of its scales, backups first."""
    depths = body.axis.depth(np.arange(body.axis.rows, dtype=np.float64))
    value = at_depths(body.index, _held(curve, body), depths)
    out = []
    covered = np.zeros(len(value), bool)  # rows that a finer scale shows
    for scale, pen in zip(curve.spec.scales, curve.pens, strict=True):
        u = to_position(scale, value)
        shown = u
        if scale.role == "main":
            covered = (u <= 0.98) & (u >= 0)
            low, high = {"over": (-0.12, 1.12), "wrap": (-2.0, 3.0)}.get(curve.edge, (-2.5, 3.5))
            shown = np.clip(u, low, high)
        elif scale.role == "backup":
            shown = u if curve.always else np.where(covered, np.nan, u)
            covered = covered | (u <= 0.98)
        x = left + np.clip(shown, -2.5, 3.5) * (right - left)
        edge = curve.edge if scale.role == "main" else "leave"
        out.append(Stroke(x, pen.style, pen.width, pen.ink, pen.pattern, edge, pen.scatter))
    return out[::-1]


def _held(curve: Recorded, body: Body) -> Float:
    """Values to draw: beyond the last reading the pen stands still for a while (that is no data)."""
    value = curve.value
    if curve.spec.valid is None or not curve.hold:
        return value
    known = np.flatnonzero(np.isfinite(value))
    if not len(known):
        return value
    value = value.copy()
    reach = body.index[known[-1]] + _HOLD_PX / body.axis.per_unit
    value[known[-1] + 1 : np.searchsorted(body.index, reach)] = value[known[-1]]
    return value


def _heaviest(body: Body) -> list[TrackPlan]:
    """The heaviest depth lines, over all tracks or also through the depth column."""
    out = []
    if body.ruling is None:
        return []
    flat = replace(body.grid, verticals=(), heavy=0, fur=0.0)
    _, heavy = body.grid.widths
    if body.ruling.heaviest:
        pitch, wide = body.ruling.heaviest * body.axis.per_unit, min(5.0, 1.5 * heavy)
        first = float(
            body.axis.row(math.floor(body.axis.start / body.ruling.heaviest) * body.ruling.heaviest)
        )
        grid = replace(flat, pitch=pitch, phase=first, widths=(wide, wide))
        drawn = zip(body.design.tracks, body.edges, strict=True)
        out += [TrackPlan(*edges, grid, ()) for track, edges in drawn if not track.picture]
    if body.crosses:
        pitch = body.ruling.heavy * body.axis.per_unit
        first = _line_above(body.axis, body.ruling.heavy)
        out.append(TrackPlan(*body.column, replace(flat, pitch=pitch, phase=first), ()))
    return out


def _line_above(axis: Axis, every: float) -> float:
    """Row of the last depth line at or above the body's first row."""
    return float(axis.row(math.floor(round(axis.start / every, 9)) * every))


def _column_marks(rng: np.random.Generator, body: Body) -> list[Mark]:
    """Short depth ticks at the sides of the depth column, and pips of travel time or volume."""
    marks = []
    left, right = body.column
    if body.ruling is not None and rng.random() < 0.4:
        for y in body.axis.row(body.axis.lines(body.ruling.heavy)):
            marks.append(Mark(np.array([[left, y], [left + 9, y]]), 1.5))
            marks.append(Mark(np.array([[right - 9, y], [right, y]]), 1.5))
    if rng.random() < 0.25:
        step, side = float(rng.uniform(25, 120)), rng.random() < 0.5
        for y in np.arange(rng.uniform(0, step), body.axis.rows, step):
            reach = rng.uniform(6, 22)
            ends = [[left, y], [left + reach, y]] if side else [[right - reach, y], [right, y]]
            marks.append(Mark(np.array(ends), float(rng.uniform(1.0, 2.0))))
    return marks
