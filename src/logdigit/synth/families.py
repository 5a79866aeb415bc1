"""Families of print: what sheets looked like in each era and house, as parameter ranges."""

from __future__ import annotations

from dataclasses import dataclass

Range = tuple[float, float]


@dataclass(frozen=True)
class Family:
    """Parameter ranges of one kind of print; px at 200 dpi, probabilities in 0..1.

    Attributes:
        name: in manifests and reports.
        stroke_width: of curves, px.
        grid_width: of thin grid lines, px.
        grid_ink: grey levels of the grid.
        rows_a_foot: paper px a foot of hole: 10 is 5 inches a 100 ft, 4.8 is 1:500.
        styles: how often a curve is solid, dashed, dotted, dash-dot.
        broken: how often the grid is broken or furry.
        horizontals: how often there are horizontal grid lines.
        sparse: how often whole horizontal lines are few: heavy ones with ticks between, or single ones.
        dotted: how often thin lines of the grid are dotted or dashed.
        log_tracks: how often a resistivity track is logarithmic.
        hyperbolic: how often a track is ruled hyperbolically.
        colour: how often a curve has an ink of its own.
        upright: how often text stands upright.
        fills: how often a curve is shaded to the edge.
        backups: how often a curve that leaves its scale is drawn again on a smaller one.
        clouds: how often a dotted line breaks up into a cloud.
        blocks: how often a track holds waveforms or lithology instead of curves.
        millimetre: how often the grid is millimetre paper.
        held_out: never in a training corpus.
    """

    name: str
    stroke_width: Range
    grid_width: Range
    grid_ink: Range
    rows_a_foot: tuple[float, ...]
    styles: tuple[float, float, float, float]
    broken: float = 0.1
    horizontals: float = 0.92
    sparse: float = 0.18
    dotted: float = 0.04
    log_tracks: float = 0.2
    hyperbolic: float = 0.0
    colour: float = 0.0
    upright: float = 0.5
    fills: float = 0.02
    backups: float = 0.2
    clouds: float = 0.0
    blocks: float = 0.03
    millimetre: float = 0.0
    held_out: bool = False


FAMILIES: dict[str, Family] = {
    family.name: family
    for family in (
        Family(  # pen recorders of the 1940s to 60s: electrical logs with backups and relative scales
            name="electrical",
            stroke_width=(1.5, 5.0),
            grid_width=(1.0, 2.5),
            grid_ink=(0, 110),
            rows_a_foot=(10, 4, 2),
            styles=(0.58, 0.24, 0.09, 0.09),
            broken=0.45,
            log_tracks=0.03,
            hyperbolic=0.1,
            upright=0.3,
            fills=0.01,
            backups=0.5,
            clouds=0.06,
        ),
        Family(  # optical film recorders, 1960s to 80s, diazo copies
            name="film",
            stroke_width=(2.0, 6.5),
            grid_width=(1.0, 4.0),
            grid_ink=(0, 90),
            rows_a_foot=(10, 4, 2),
            styles=(0.56, 0.24, 0.1, 0.1),
            broken=0.4,
            horizontals=0.82,
            upright=0.4,
            backups=0.3,
            clouds=0.03,
        ),
        Family(  # pen and electrostatic plotters, 1980s
            name="plotter",
            stroke_width=(1.5, 4.0),
            grid_width=(0.5, 2.0),
            grid_ink=(0, 60),
            rows_a_foot=(10, 4, 12),
            styles=(0.5, 0.28, 0.11, 0.11),
            broken=0.15,
            log_tracks=0.35,
            upright=0.7,
            fills=0.05,
            backups=0.25,
        ),
        Family(  # thermal and laser prints from 1990 on
            name="digital",
            stroke_width=(1.0, 4.0),
            grid_width=(0.5, 1.5),
            grid_ink=(0, 160),
            rows_a_foot=(10, 4, 2, 12),
            styles=(0.48, 0.27, 0.14, 0.11),
            broken=0.05,
            dotted=0.12,
            log_tracks=0.5,
            colour=0.1,
            upright=0.9,
            fills=0.15,
            backups=0.1,
        ),
        Family(  # colour prints: the colour is the identity
            name="colour",
            stroke_width=(1.0, 4.0),
            grid_width=(0.5, 1.5),
            grid_ink=(90, 215),
            rows_a_foot=(10, 4, 2, 12),
            styles=(0.58, 0.23, 0.1, 0.09),
            broken=0.03,
            log_tracks=0.5,
            colour=0.9,
            upright=0.95,
            fills=0.12,
            backups=0.1,
        ),
        Family(  # micrologs and microlaterologs: dense hatching strokes on heavy grids
            name="micro",
            stroke_width=(1.2, 4.0),
            grid_width=(1.0, 3.0),
            grid_ink=(0, 120),
            rows_a_foot=(10, 4),
            styles=(0.55, 0.25, 0.14, 0.06),
            broken=0.3,
            log_tracks=0.15,
            upright=0.4,
            backups=0.3,
            clouds=0.12,
        ),
        Family(  # continental sheets on millimetre paper
            name="millimetre",
            stroke_width=(1.5, 5.0),
            grid_width=(0.5, 1.2),
            grid_ink=(60, 170),
            rows_a_foot=(12, 4.8, 2.4),
            styles=(0.55, 0.25, 0.1, 0.1),
            broken=0.1,
            upright=0.6,
            backups=0.3,
            millimetre=1.0,
            held_out=True,
        ),
        Family(  # composites: compressed, shaded, with lithology between the tracks
            name="composite",
            stroke_width=(1.0, 3.0),
            grid_width=(0.5, 1.5),
            grid_ink=(120, 215),
            rows_a_foot=(2.4, 1.2, 4.8),
            styles=(0.62, 0.22, 0.08, 0.08),
            broken=0.02,
            log_tracks=0.4,
            colour=0.5,
            upright=0.95,
            fills=0.5,
            blocks=0.25,
            held_out=True,
        ),
    )
}


def family_names(held_out: bool) -> tuple[str, ...]:
    """Families for training, or those held out from it."""
    return tuple(name for name, family in FAMILIES.items() if family.held_out == held_out)
