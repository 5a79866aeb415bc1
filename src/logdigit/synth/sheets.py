"""Random sheets: tracks side by side, as a window on a strip of some family of print sees them."""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from logdigit.synth.clutter import FONTS, random_block, random_clutter
from logdigit.synth.curves import CurveBank
from logdigit.synth.families import Family, Range
from logdigit.synth.grids import random_grid
from logdigit.synth.plan import Grid, Label, Mark, SheetPlan, TrackPlan
from logdigit.synth.strokes import THEMES, Theme, random_strokes

_FILLS = ("grey", "hatch", "black")


def random_sheet(
    rng: np.random.Generator, family: Family, height: int, width: int, bank: CurveBank | None = None
) -> SheetPlan:
    """A window on a random print of ``family``: tracks that may begin outside the window.

    Args:
        rng: the only source of randomness.
        family: of print.
        height: of the window, px at 200 dpi.
        width: of the window, px.
        bank: real curves to draw too.
    """
    pitch = float(rng.choice([10, 20, 25, 40, 50, 79, 100])) * rng.uniform(0.95, 1.05)
    phase = float(rng.uniform(0, pitch))
    x = float(-rng.uniform(0, 450))
    tracks: list[TrackPlan] = []
    columns: list[Range] = []
    blocks: list[Mark] = []
    common = random_grid(rng, family, pitch, phase, is_log=False)
    while x < width:
        if rng.random() < 0.35:
            column = float(rng.uniform(40, 180))
            columns.append((x, x + column))
            x += column
        span = float(rng.choice([250, 333, 500, 500, 500, 1000])) * rng.uniform(0.9, 1.15)
        if rng.random() < family.blocks:
            blocks += random_block(rng, height, max(x, -20.0), min(x + span, width + 20.0))
            tracks.append(TrackPlan(x, x + span, common, ()))
        elif x + span > 0:
            tracks.append(_random_track(rng, family, height, (x, x + span), common, bank))
        x += span
    labels, marks = random_clutter(rng, family, height, width, columns, int(rng.choice(FONTS)))
    plan = SheetPlan(
        height,
        width,
        tuple(tracks),
        tuple(labels),
        tuple(marks + blocks),
        (int(255 - abs(rng.normal(0, 12))) if rng.random() < 0.5 else 255,) * 3,
        int(rng.integers(2**31)),
    )
    return _end_of_section(rng, plan) if rng.random() < 0.05 else plan


def _random_track(
    rng: np.random.Generator,
    family: Family,
    height: int,
    edges: Range,
    common: Grid,
    bank: CurveBank | None,
) -> TrackPlan:
    """A track with its curves; its grid is that of its neighbours, or keeps their rows most of the time."""
    theme: Theme = THEMES[int(rng.choice(4, p=[0.17, 0.17, 0.16, 0.5]))]
    is_log = bool(rng.random() < family.log_tracks) and theme in ("resistivity", "anything")
    strokes = random_strokes(rng, family, theme, is_log, height, edges, bank)
    grid = common
    if is_log or rng.random() < 0.4:
        pitch = common.pitch if common.pitch and rng.random() < 0.8 else float(rng.uniform(10, 100))
        phase = common.phase if pitch == common.pitch else float(rng.uniform(0, pitch))
        grid = random_grid(rng, family, pitch, phase, is_log)
    fill = None
    if strokes and rng.random() < family.fills:  # black hides whatever else lies in it
        kind = str(rng.choice(_FILLS, p=[0.5, 0.4, 0.1] if len(strokes) == 1 else [0.55, 0.45, 0.0]))
        fill = (int(rng.integers(len(strokes))), kind)
    return TrackPlan(*edges, grid, strokes, fill)


def _end_of_section(rng: np.random.Generator, plan: SheetPlan) -> SheetPlan:
    """The log ends (or begins) within the window; beyond lie white paper and a line of words."""
    row = int(rng.integers(plan.height // 8, plan.height * 7 // 8))
    ends = rng.random() < 0.5
    tracks = []
    for track in plan.tracks:
        grid = replace(track.grid, bottom=float(row)) if ends else replace(track.grid, top=float(row))
        if not ends and grid.pitch > 0:
            grid = replace(grid, phase=grid.phase + np.ceil((row - grid.phase) / grid.pitch) * grid.pitch)
        strokes = []
        for stroke in track.strokes:
            x = stroke.x.copy()
            x[slice(row, None) if ends else slice(0, row)] = np.nan
            strokes.append(replace(stroke, x=x))
        tracks.append(replace(track, grid=grid, strokes=tuple(strokes)))
    words = str(rng.choice(["MAIN PASS", "REPEAT SECTION", "FIRST READING", "1:240", "CALIBRATION SUMMARY"]))
    y = row + 40 if ends else row - 20
    label = Label(words, float(rng.uniform(0, 200)), float(y), float(rng.uniform(0.5, 1.0)))
    labels = tuple(lab for lab in plan.labels if (lab.y < row) == ends)
    return replace(plan, tracks=tuple(tracks), labels=(*labels, label))
