"""A page before it is drawn: which well, which logs of it, at which scales, on what paper."""

from __future__ import annotations

from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np
from scipy.ndimage import gaussian_filter1d

from logdigit.curves.calibrate import to_position, to_value
from logdigit.synth.families import Family
from logdigit.synth.page_body import Axis, Body, Ruling, choose_ruling, random_ruled_grid
from logdigit.synth.page_facts import Facts, random_facts
from logdigit.synth.page_figures import choose_figures
from logdigit.synth.page_scales import BlockStyle, random_style
from logdigit.synth.page_text import Typeface, random_typeface
from logdigit.synth.page_tracks import Design, Recorded
from logdigit.synth.page_wells import OLD, Well, random_well
from logdigit.synth.plan import Ink

_YEARS = {"electrical": (1948, 1966), "film": (1961, 1984), "micro": (1952, 1982), "millimetre": (1955, 1985)}
_TITLES = {
    "MNOR": "MICROLOG",
    "MLL": "MICROLATEROLOG",
    "RHOB": "COMPENSATED DENSITY LOG",
    "DT": "SONIC LOG",
    "NPHI": "COMPENSATED NEUTRON LOG",
    "LLD": "DUAL LATEROLOG",
    "ILD": "DUAL INDUCTION LOG",
    "IL": "INDUCTION ELECTRICAL LOG",
    "SN": "ELECTRICAL LOG",
    "NEUT": "GAMMA RAY NEUTRON LOG",
    "CAL": "CALIPER LOG",
}


@dataclass(frozen=True)
class PagePlan:
    """A page before it is drawn.

    Attributes:
        family: of print.
        bodies: logged intervals from top to bottom; the first main pass at the largest scale is what a
            digitiser delivers.
        step: of the index of all bodies, depth units.
        facts: the heading.
        face: typeface.
        block: how scale blocks look.
        width: of the page, px.
        margin: white beside the heading, px.
        turned: whether the heading is printed at 90 degrees.
        colour: whether the page has colours.
        paper: RGB of the paper.
        tail: whether a calibration summary ends the strip.
        footer: whether scale blocks stand below the logs, too.
    """

    family: Family
    bodies: tuple[Body, ...]
    step: float
    facts: Facts
    face: Typeface
    block: BlockStyle
    width: int
    margin: int
    turned: bool
    colour: bool
    paper: Ink
    tail: bool
    footer: bool


def plan_page(
    rng: np.random.Generator, family: Family, held_out_font: bool, logs: tuple[Path, ...] = ()
) -> PagePlan:
    """A random page of ``family``.

    Args:
        rng: the only source of randomness.
        family: of print.
        held_out_font: use the typeface that no training corpus has.
        logs: LAS files to print curves of; empty for a well that never was.

    Raises:
        DataError: if no file of ``logs`` has a curve that can be printed.
    """
    face = random_typeface(rng, held_out_font)
    colour = bool(rng.random() < (0.95 * family.colour + 0.05 if family.colour > 0.05 else 0.02))
    well = random_well(rng, family, colour, logs)
    margin = int(rng.uniform(30, 130))
    main = _main_pass(rng, family, well, margin, face)
    first, last = float(well.index[0]), float(well.index[-1])
    measures = {curve.measure for curve in well.design.curves}
    title = next((words for name, words in _TITLES.items() if name in measures), "GAMMA RAY LOG")
    year = int(rng.integers(*_YEARS.get(family.name, (1982, 2018))))
    facts = random_facts(rng, well.unit, first, last, year, title, well.header)
    block = random_style(rng, family.name, face, well.unit, well.nominal)
    level = int(255 - abs(rng.normal(0, 10))) if rng.random() < 0.4 else 255
    paper = (level, min(255, level + int(rng.integers(-12, 4))), max(150, level - int(rng.integers(0, 40))))
    return PagePlan(
        family,
        _all_bodies(rng, family, main),
        well.step,
        facts,
        face,
        block,
        _places(well.design, margin)[2],
        margin,
        bool(rng.random() < 0.6),
        colour,
        paper if colour and rng.random() < 0.5 else (level, level, level),
        bool(rng.random() < 0.2),
        bool(rng.random() < 0.3),
    )


def _main_pass(rng: np.random.Generator, family: Family, well: Well, margin: int, face: Typeface) -> Body:
    edges, column, _ = _places(well.design, margin)
    axis = Axis(
        float(well.index[0]) - float(rng.uniform(2, 30)) / well.per_unit, float(well.index[-1]), well.per_unit
    )
    ruling: Ruling | None = choose_ruling(rng, well.unit, well.per_unit)
    if rng.random() < 0.3 * (1 - family.horizontals):
        ruling = None
    grid = random_ruled_grid(rng, family)
    return Body(
        axis=axis,
        unit=well.unit,
        nominal=well.nominal,
        pass_name="main",
        ruling=ruling,
        grid=grid,
        crosses=bool(rng.random() < 0.2),
        design=well.design,
        index=well.index,
        edges=edges,
        column=column,
        figures=choose_figures(
            rng, well.unit, axis, ruling, grid.distinct, family.name in OLD, face, family.upright
        ),
    )


def _places(design: Design, margin: int) -> tuple[tuple[tuple[float, float], ...], tuple[float, float], int]:
    """(left, right) of each track and of the depth column, px, and the width of the page."""
    edges, x, column = [], float(margin), (float(margin), margin + design.column_width)
    for number, track in enumerate([*design.tracks, None]):
        if number == design.column:
            column = (x, x + design.column_width)
            x += design.column_width
        if track is not None:
            edges.append((x, x + track.width))
            x += track.width
    return tuple(edges), column, round(x + margin) + 1


def _all_bodies(rng: np.random.Generator, family: Family, main: Body) -> tuple[Body, ...]:
    """The main pass with what else a strip carries: the same interval at a smaller scale, a repeat pass."""
    bodies = [main]
    smaller = {"5in": (4.0, "2in"), "2in": (2.0, "1in"), "1:200": (200 / 0.0254 / 500, "1:500")}
    if main.nominal in smaller and rng.random() < 0.22:
        per_unit, nominal = smaller[main.nominal]
        axis = replace(main.axis, per_unit=per_unit)
        ruling = choose_ruling(rng, main.unit, per_unit)
        figures = choose_figures(
            rng, main.unit, axis, ruling, main.grid.distinct, False, main.figures.face, 1.0
        )
        figures = replace(figures, lost=main.figures.lost, turn=main.figures.turn, wrong=(), whole=0.0)
        other = replace(main, axis=axis, nominal=nominal, figures=figures, ruling=ruling)
        bodies.insert(int(rng.random() < 0.5), other)
    if rng.random() < 0.28:
        span = min(
            float(rng.uniform(600, 1500)) / main.axis.per_unit, 0.4 * (main.axis.stop - main.axis.start)
        )
        start = float(rng.uniform(main.axis.start, main.axis.stop - span))
        step = float(np.median(np.diff(main.index)))
        inside = (main.index >= start) & (main.index <= start + span)
        axis = Axis(float(main.index[inside][0]), float(main.index[inside][-1]), main.axis.per_unit)
        tracks = tuple(
            replace(t, curves=tuple(_repeated(rng, c, inside, 0.5 / step) for c in t.curves))
            for t in main.design.tracks
        )
        figures = replace(main.figures, wrong=())
        bodies.append(
            replace(
                main,
                axis=axis,
                pass_name="repeat",
                index=main.index[inside],
                design=replace(main.design, tracks=tracks),
                figures=figures,
            )
        )
    return tuple(bodies)


def _repeated(rng: np.random.Generator, curve: Recorded, inside: np.ndarray, wide: float) -> Recorded:
    """A second pass over part of a curve: the same rock, other statistics."""
    scale, value = curve.spec.scales[0], curve.value[inside]
    noise = 0.008 * gaussian_filter1d(rng.normal(0, 1, len(value)), max(0.5, wide))
    again = to_value(scale, to_position(scale, value) + noise)
    again = np.where(np.isfinite(again), again, value)
    return replace(curve, value=again, spec=replace(curve.spec, valid=None))
