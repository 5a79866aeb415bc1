"""Printed grids at random: linear, split, logarithmic, hyperbolic, millimetre; whole, broken, furry, dotted.

Lines across are whole, or only the heavy ones are, with ticks at the edges between, or they are far apart.
"""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from logdigit.synth.families import Family
from logdigit.synth.plan import Grid, Ink
from logdigit.synth.strokes import log_uniform

_MM = 200 / 25.4  # px


def random_grid(rng: np.random.Generator, family: Family, pitch: float, phase: float, is_log: bool) -> Grid:
    """A grid of ``family`` with horizontal lines every ``pitch`` px from row ``phase`` on."""
    level = int(rng.uniform(*family.grid_ink))
    ink: Ink = (level, level, level)
    if family.colour > 0.4 and rng.random() < 0.5:
        green, blue = (min(255, level + int(rng.integers(0, 60))) for _ in range(2))
        ink = (level, green, blue)
    thin = log_uniform(rng, *family.grid_width)
    heavy = min(thin * rng.uniform(1.0, 2.2 if rng.random() < 0.8 else 3.5), 6.0)
    broken = rng.random() < family.broken
    severe = rng.random() < 0.06
    wholeness = float(rng.uniform(0.45, 0.75) if severe else rng.uniform(0.75, 0.97)) if broken else 1.0
    fur = float(rng.uniform(0.2, 1.2)) if broken and rng.random() < 0.35 else 0.0
    every = int(rng.choice([0, 5, 10]))
    if rng.random() < family.millimetre:
        pitch, every = _MM * float(rng.choice([1, 2, 2, 5])), int(rng.choice([5, 10]))
    horizontals = pitch if rng.random() < family.horizontals else 0.0
    grid = Grid(
        tuple(_verticals(rng, family, is_log, thin, heavy)),
        horizontals,
        phase,
        every,
        (thin, heavy),
        ink,
        wholeness=wholeness,
        fur=fur,
    )
    if rng.random() < family.dotted:
        dash = log_uniform(rng, 0.5, 8)
        grid = replace(grid, pattern=(dash, thin + log_uniform(rng, 2, 8)))
    return _sparse(rng, grid) if horizontals and rng.random() < family.sparse else grid


def _sparse(rng: np.random.Generator, grid: Grid) -> Grid:
    """The grid with few whole lines across: heavy ones with ticks between them, or single ones far apart.

    Such a line stands alone in the white, as the flat stroke of a kick does.
    """
    heavy = max(grid.widths[1], min(6.0, grid.widths[0] * rng.uniform(1.3, 3.0)))
    if rng.random() < 0.3:
        return replace(grid, pitch=log_uniform(rng, 100, 400), heavy=1, widths=(grid.widths[0], heavy))
    every = int(rng.choice([5, 10]))
    pitch = float(rng.choice([10, 20, 25, 40, 50])) * rng.uniform(0.95, 1.05)
    ticks = log_uniform(rng, 6, 35)
    return replace(grid, pitch=pitch, heavy=every, ticks=ticks, widths=(grid.widths[0], heavy))


def _verticals(
    rng: np.random.Generator, family: Family, is_log: bool, thin: float, heavy: float
) -> list[tuple[float, float]]:
    """Vertical lines (u, width px), the edges heavy."""
    if rng.random() < family.millimetre:
        marks, main = np.arange(1, 32) / 32, 4
        inner = [(float(u), heavy if k % main == main - 1 else thin) for k, u in enumerate(marks[:-1])]
    elif is_log:
        inner = _decades(int(rng.choice([1, 2, 3, 4], p=[0.1, 0.3, 0.25, 0.35])), thin, heavy)
        if rng.random() < 0.15:  # hybrid: half of the track is linear
            inner = [(u / 2, w) for u, w in inner] + [(0.5 + k / 10, thin) for k in range(5)]
    elif rng.random() < family.hyperbolic:  # u = 1 - 1 / (1 + v): equal steps of conductivity crowd
        values = np.array([0.1, 0.2, 0.3, 0.5, 0.75, 1, 1.5, 2, 3, 5, 10, 20])
        inner = [(float(1 - 1 / (1 + v)), thin) for v in values]
    else:
        count = int(rng.choice([2, 4, 5, 8, 10, 20], p=[0.04, 0.12, 0.1, 0.1, 0.56, 0.08]))
        every = int(rng.choice([0, 2, 5]))
        inner = [(k / count, heavy if every and k % every == 0 else thin) for k in range(1, count)]
        if rng.random() < 0.06:
            inner = []
    return [(0.0, heavy), *inner, (1.0, heavy)]


def _decades(decades: int, thin: float, heavy: float) -> list[tuple[float, float]]:
    marks = np.concatenate([np.log10(np.arange(1, 10)) + k for k in range(decades)])[1:]
    return [(float(m) / decades, heavy if abs(m - round(m)) < 1e-9 else thin) for m in marks]
