"""The pens of a page: how each curve of a track is drawn."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np

from logdigit.synth.families import Family
from logdigit.synth.plan import Ink
from logdigit.synth.strokes import log_uniform, pattern, random_ink
from logdigit.types import STYLES, Style

RESTLESS = ("GR", "NEUT", "MLL", "MNOR", "MINV", "DT", "MSFL")
"""Curves that swing across a track within a few px: dotted, nobody could read them."""


@dataclass(frozen=True)
class Pen:
    """What draws one stroke: style, width px, ink, on/off lengths px, scatter of its dots px."""

    style: Style
    width: float
    ink: Ink
    pattern: tuple[float, ...]
    scatter: float = 0.0


def deal_pens(rng: np.random.Generator, family: Family, names: Sequence[str], common: float) -> list[Pen]:
    """Pens for the curves of a track: most of the time no two of one style, and what is restless not dotted.

    Args:
        rng: the only source of randomness.
        family: of print.
        names: LAS mnemonics of the curves.
        common: width of the pens of the page, px.
    """
    first = int(rng.choice(4, p=family.styles))
    styles: list[Style] = [STYLES[first]]
    apart = rng.random() < 0.75
    while len(styles) < len(names):
        style = STYLES[int(rng.choice(4, p=family.styles))]
        if not apart or style not in styles:
            styles.append(style)
    pens = []
    for style in styles:
        width = min(common * float(rng.uniform(0.75, 1.3)), family.stroke_width[1] * 1.2)
        cloud = style == "dotted" and rng.random() < family.clouds * 3
        scatter = log_uniform(rng, 0.7, 3.0) if cloud else 0.0
        pens.append(Pen(style, width, random_ink(rng, family), pattern(rng, style, width), scatter))
    return _suited(rng, names, pens)


def _suited(rng: np.random.Generator, names: Sequence[str], pens: list[Pen]) -> list[Pen]:
    """The pens dealt out as service companies do: a curve that moves fast has a line that can be followed."""
    pens = list(pens)
    for k, name in enumerate(names):
        if name not in RESTLESS or pens[k].style not in ("dotted", "dashdot") or rng.random() < 0.15:
            continue
        calm = [j for j, other in enumerate(names) if other not in RESTLESS and pens[j].style == "solid"]
        if calm:
            pens[k], pens[calm[0]] = pens[calm[0]], pens[k]
        else:
            pens[k] = replace(pens[k], style="solid", pattern=(), scatter=0.0)
    return pens
