"""How a page was treated and scanned: the wear of an archive at the size of a page, and its file."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np

from logdigit.synth.page_body import Body
from logdigit.synth.page_files import Filing
from logdigit.synth.page_paper import WORKING_DPI, Paper, place
from logdigit.synth.patches import legible
from logdigit.synth.plan import Grid, Ink, SheetPlan, Stroke, TrackPlan
from logdigit.synth.wear import Wear, random_wear

_MOST_LEAN_PX = 70.0
_FOLD_PX = 1900.0
_TEXT_STROKE = 0.11
"""Width of the strokes of text, share of the capitals' height."""
_BLANK = Grid((), 0.0, 0.0, 0, (1.0, 1.0))
_NOTICED = {
    "skew": 5e-4,
    "fade": 0.1,
    "light": 0.06,
    "bleed": 0.12,
    "blur": 0.7,
    "noise": 6.0,
    "speckle": 0.15,
}
"""What of a wear anybody would notice: less of it is in every scan, and is not named."""


@dataclass(frozen=True)
class Treatment:
    """What happened to a page after it was printed.

    Attributes:
        paper: its geometry.
        size: (height, width) of the scan, px.
        wear: everything else; covers, folds and streaks in scan px.
        filing: how the scan is filed.
    """

    paper: Paper
    size: tuple[int, int]
    wear: Wear
    filing: Filing

    def kinds(self) -> tuple[str, ...]:
        """Names of what was done and can be seen, for a manifest."""
        geometry = {"skew", "wave", "stretch", "seam"}
        two_levels = bool(self.wear.bilevel)
        done = [kind for kind in self.paper.wear.kinds() if kind in geometry]
        done += [kind for kind in self.wear.kinds() if kind not in geometry]
        done = [kind for kind in done if self._noticed(kind) and not (two_levels and kind == "noise")]
        named = {
            "lean": self.paper.lean != 0,
            "feed": self.paper.feed[0] != 0,
            "jpeg": self.filing.jpeg > 0,
            "inverted": self.filing.inverted,
            "coarse": min(self.paper.dpi) < 195,
            "fine": min(self.paper.dpi) > 250,
            "anisotropic": self.paper.dpi[0] != self.paper.dpi[1],
            "false tag": self.filing.tag is not None and self.filing.tag != self.paper.dpi,
        }
        return (*done, *(kind for kind, so in named.items() if so and kind not in done))

    def _noticed(self, kind: str) -> bool:
        wear = self.paper.wear if kind == "skew" else self.wear
        return kind not in _NOTICED or abs(getattr(wear, kind)) > _NOTICED[kind]


def treat(
    rng: np.random.Generator,
    bodies: Sequence[Body],
    sheet: tuple[int, int],
    paper: Ink,
    colour: bool,
    held_out: bool,
) -> Treatment:
    """A treatment as archives show it.

    Args:
        rng: the only source of randomness.
        bodies: of the page, whose strokes must stay legible.
        sheet: (height, width) of the page, sheet px.
        paper: RGB of its paper.
        colour: whether it has colours.
        held_out: add wear that no training corpus has.
    """
    wear = random_wear(rng, *sheet, held_out)
    if colour and rng.random() < 0.8:
        wear = replace(wear, bilevel="", copies=0)
    dpi = _resolution(rng, wear, colour, sheet[0])
    geometry = _geometry(rng, wear, sheet[0])
    geometry, size = place(replace(geometry, dpi=dpi), *sheet)
    fx, fy = dpi[0] / WORKING_DPI, dpi[1] / WORKING_DPI
    wear = replace(
        wear,
        bilevel="scan" if wear.bilevel else "",
        coarse=1.0,
        folds=_folds(wear.folds, fy, size[0]),
        covers=tuple(replace(c, points=tuple((x * fx, y * fy) for x, y in c.points)) for c in wear.covers),
        streaks=tuple((x * fx, width * fx) for x, width in wear.streaks),
    )
    wear = legible(wear, _legend(bodies, min(fx, fy), paper, with_grid=rng.random() < 0.92))
    jpeg = wear.jpeg
    if not jpeg and wear.noise > 1.5 and rng.random() < 0.85:  # nobody files noise without loss
        jpeg = int(rng.integers(70, 93))
    if wear.bilevel and not wear.dither:  # two levels are filed as Group 4
        jpeg = 0
    filing = Filing(_tag(rng, dpi), jpeg, bool(rng.random() < 0.03))
    return Treatment(geometry, size, replace(wear, jpeg=0), filing)


def _resolution(rng: np.random.Generator, wear: Wear, colour: bool, rows: int) -> tuple[float, float]:
    """True resolution of the scan, (x, y) dots per inch."""
    dpi = 200.0
    if wear.bilevel == "fine":
        dpi = 400.0 if rows < 6000 and rng.random() < 0.3 else 300.0
    elif colour and rng.random() < 0.6:
        dpi = float(rng.choice([100, 115, 150]))
    elif wear.coarse != 1:
        dpi = 200 / wear.coarse
    elif not wear.bilevel and rng.random() < 0.03:
        dpi = float(rng.choice([72, 80, 96]))
    elif rng.random() < 0.08:
        dpi = 240.0
    if dpi == 200 and rng.random() < 0.03:
        return (204.0, 196.0) if rng.random() < 0.6 else (200.0, 150.0)
    return dpi, dpi


def _tag(rng: np.random.Generator, dpi: tuple[float, float]) -> tuple[float, float] | None:
    """What the file says of its resolution: the truth more often than not."""
    kind = str(rng.choice(["true", "none", "false"], p=[0.68, 0.12, 0.2]))
    if kind == "true":
        return dpi
    if kind == "none":
        return None
    false = float(rng.choice([400, 72, 96, 300] if dpi[0] <= 240 else [200, 72, 96]))
    return (false, false) if (false, false) != dpi else None


def _geometry(rng: np.random.Generator, wear: Wear, rows: int) -> Paper:
    """The paper's geometry: that of patches, with the longer wander and uneven feed that only pages show."""
    flat = Wear()
    wave = (float(rng.uniform(0.5, 5)), float(rng.uniform(900, 5000))) if wear.wave[0] else flat.wave
    bent = Wear(skew=wear.skew, wave=wave, stretch=wear.stretch, seam=wear.seam)
    lean = 0.0
    if rng.random() < 0.25:
        lean = float(np.clip(rng.normal(0, 0.004), -_MOST_LEAN_PX / rows, _MOST_LEAN_PX / rows))
    feed = (0.0, 1000.0)
    if rng.random() < 0.25:  # up to 0.8 % too fast or too slow
        period = float(rng.uniform(1500, 6000))
        feed = (float(rng.uniform(0.3, 1.0)) * period / 800, period)
    return Paper(bent, lean, feed)


def _folds(folds: tuple[tuple[float, float], ...], fy: float, rows: int) -> tuple[tuple[float, float], ...]:
    """A folded strip is folded all along: the folds of a patch, again every ``_FOLD_PX`` px."""
    pitch = _FOLD_PX * fy
    return tuple(
        (float(row), depth) for first, depth in folds for row in np.arange(first * fy % pitch, rows, pitch)
    )


def _legend(bodies: Sequence[Body], px: float, paper: Ink, with_grid: bool) -> SheetPlan:
    """A sheet with every stroke of the page and its figures, ``px`` times as wide, for `patches.legible`."""
    short = np.zeros(2)
    pens = [pen for body in bodies for curve in body.design.curves for pen in curve.pens]
    figures = min(body.figures.cap for body in bodies)
    strokes = [Stroke(short, pen.style, max(0.8, pen.width * px), pen.ink, pen.pattern) for pen in pens]
    strokes.append(Stroke(short, "solid", max(0.8, _TEXT_STROKE * figures * px), (0, 0, 0)))
    if with_grid:
        grid = bodies[0].grid
        strokes.append(Stroke(short, "solid", max(0.8, grid.widths[0] * px), grid.ink))
    return SheetPlan(2, 2, (TrackPlan(0.0, 1.0, _BLANK, tuple(strokes)),), paper=paper)
