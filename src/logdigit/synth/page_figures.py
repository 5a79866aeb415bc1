"""Depth figures: how often, how written, how far off their line, and which of them are wrong."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

import numpy as np

from logdigit.synth.page_text import Turn, Typeface, length, write
from logdigit.synth.pen import SCALE
from logdigit.synth.plan import Ink
from logdigit.types import DepthUnit, UInt8

if TYPE_CHECKING:
    from logdigit.synth.page_body import Axis, Ruling

_STEPS: dict[str, tuple[float, ...]] = {"FT": (10, 20, 25, 50, 100, 200), "M": (5, 10, 20, 25, 50, 100)}

_BESIDE = 0.3
"""Share of the way to the next line that looks like its own by which a figure stands off at most."""


@dataclass(frozen=True)
class FigureStyle:
    """How depth is written down a column.

    Attributes:
        every: depth units between figures.
        whole: figures are whole at multiples of this and their last two digits elsewhere; 0 for whole ones
            everywhere.
        lost: what the figures have lost: 10000 where 17700 is printed as 7700.
        digits: written with at least so many, zeros in front.
        below: how far the middle of a figure stands below its line, px.
        loose: sigma of that from figure to figure, px.
        turn: degrees clockwise.
        cap: height of the figures, px.
        face: typeface.
        share: place across the column, 0..1.
        wrong: depths at which another number stands than should.
    """

    every: float
    whole: float = 0.0
    lost: float = 0.0
    digits: int = 0
    below: float = 0.0
    loose: float = 0.0
    turn: Turn = 0
    cap: float = 14.0
    face: Typeface = field(default_factory=Typeface)
    share: float = 0.5
    wrong: tuple[float, ...] = ()

    def text(self, depth: float) -> str:
        """What stands at a depth.

        >>> FigureStyle(50, whole=200).text(6550), FigureStyle(100, lost=10000).text(17700)
        ('50', '7700')
        """
        printed = round(depth - self.lost)
        if depth in self.wrong:
            printed += round(self.every) if printed < 10 * self.every else -round(self.every)
        if self.whole and printed % self.whole:
            return f"{printed % 100:02d}"
        return f"{printed:0{self.digits}d}"

    def record(self) -> dict[str, Any]:
        """What a manifest says of it."""
        kept = ("every", "whole", "lost", "below", "loose", "turn", "cap", "wrong")
        return {name: _plain(getattr(self, name)) for name in kept}


def _plain(value: Any) -> Any:
    return round(value, 2) if isinstance(value, float) else list(value) if isinstance(value, tuple) else value


def choose_figures(
    rng: np.random.Generator,
    unit: DepthUnit,
    axis: Axis,
    ruling: Ruling | None,
    distinct: bool,
    old: bool,
    face: Typeface,
    upright: float,
) -> FigureStyle:
    """Figures as a family writes them: 60 to 900 px apart, at lines of the paper, each nearest to its own.

    Args:
        rng: where chance comes from.
        unit: of depth.
        axis: of the body.
        ruling: its depth lines; None where it has none.
        distinct: whether heavy lines are told from thin ones at a glance.
        old: whether the family is of an old logging unit.
        face: typeface.
        upright: share of columns whose figures are not turned.
    """
    thin = ruling.thin if ruling else 1.0
    turn: Turn = 0 if rng.random() < upright else 270 if rng.random() < 0.6 else 90
    cap = float(rng.uniform(11, 19))
    least = 2.2 * cap if turn == 0 else 7 * cap
    span = (axis.stop - axis.start) * axis.per_unit
    fits = [
        step
        for step in _STEPS[unit]
        if max(60.0, least) <= step * axis.per_unit <= min(900.0, span / 3) and round(step / thin, 6) % 1 == 0
    ]
    every = float(rng.choice(fits)) if fits else 50.0
    whole = 0.0
    if rng.random() < (0.12 if old else 0.05) and every in (10, 20, 25, 50):
        whole = float(rng.choice([100, 100, 200])) if every < 50 or rng.random() < 0.5 else 200.0
    lost = 0.0
    if axis.start > 10_000 and rng.random() < 0.35:
        lost = 10_000.0 * (axis.start // 10_000)
        if axis.stop - lost >= 10_000:
            lost = 0.0
    loose = float(rng.choice([0.0, rng.uniform(0, 2), rng.uniform(2, 8)], p=[0.5, 0.35, 0.15]))
    below = float(rng.choice([0.0, rng.normal(0, 4), rng.uniform(-30, 30)], p=[0.55, 0.33, 0.12]))
    if ruling is not None:  # farther off nobody could tell which line is whose
        heavy = distinct and round(every / ruling.heavy, 6) % 1 == 0
        most = _BESIDE * axis.per_unit * (ruling.heavy if heavy else ruling.thin)
        below = float(np.clip(below, -most, most))
    every_figure = axis.lines(every)
    wrong: tuple[float, ...] = ()
    if rng.random() < 0.06 and len(every_figure) > 6:
        wrong = (float(rng.choice(every_figure[1:-1])),)
    return FigureStyle(
        every,
        whole,
        lost,
        4 if old and rng.random() < 0.06 else 0,
        below,
        loose,
        turn,
        cap,
        face,
        float(rng.uniform(0.42, 0.58)),
        wrong,
    )


def write_figures(
    rng: np.random.Generator,
    canvas: UInt8,
    axis: Axis,
    column: tuple[float, float],
    style: FigureStyle,
    blank: Ink | None = None,
) -> None:
    """Write the figures of a body into its depth column, in place; ``blank`` clears the paper below them."""
    left, right = column
    x = left + style.share * (right - left)
    height = axis.rows
    for depth in axis.lines(style.every):
        y = float(axis.row(depth)) + style.below + float(rng.normal(0, 1)) * style.loose
        if 0.5 * style.cap < y < height - 0.5 * style.cap:
            text = style.text(float(depth))
            if blank is not None:
                _clear(canvas, text, x, y, style, right - left, blank)
            write(canvas, text, x, y, style.cap, style.face, "middle", style.turn, most=right - left - 4)


def _clear(canvas: UInt8, text: str, x: float, y: float, style: FigureStyle, most: float, paper: Ink) -> None:
    """Lay paper over the lines where a figure is to stand."""
    along = min(length(text, style.cap, style.face), most - 4) / 2
    wide, tall = (along, 0.8 * style.cap) if style.turn == 0 else (0.8 * style.cap, along)
    rows = slice(max(0, round((y - tall) * SCALE)), max(0, round((y + tall) * SCALE)))
    columns = slice(max(0, round((x - wide) * SCALE)), max(0, round((x + wide) * SCALE)))
    canvas[rows, columns] = paper if canvas.ndim == 3 else min(paper)
