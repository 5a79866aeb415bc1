"""What of counted lines can be believed: where a comb slips by a line it is cut.

A comb goes where figures lead. Where they stand loosely and lines are hidden, it may pass from one line to
the next one within some way, and every line after that is in its place again, a line off.
"""

from __future__ import annotations

from dataclasses import replace
from itertools import pairwise

import numpy as np
from numpy.typing import NDArray
from scipy.ndimage import median_filter

from logdigit.paper.combed import Combed
from logdigit.paper.ends import unbroken
from logdigit.paper.figures import Chain
from logdigit.paper.follow import miscounted
from logdigit.paper.rules import Lines
from logdigit.types import Bool, Float

_ON, _UNSEEN = 0.2, 3
"""Share of a pitch within which a line is on one that is seen; lines in a row that are on none."""
_STRONGER = 1.1
"""Strength of lines half way between others, as multiple of theirs, from which they are the stronger ones,"""
_RUN, _STRETCH = 9, 0.1
"""by the median of so many lines; share of all that such stretches are."""


def sound_part(
    combed: Combed, chain: Chain, lines: Lines, offset: float
) -> tuple[Combed, Chain, tuple[tuple[float, float], ...]]:
    """The part of a comb with most figures that does not slip; those; rows (first, last) of the others.

    Args:
        combed: the comb.
        chain: figures that led it.
        lines: seen beside them.
        offset: rows from the middles of figures to their lines.
    """
    runs = unbroken(combed.rows, _torn(combed, chain, lines))
    if not runs:
        return combed, replace(chain, figures=()), ()
    held = [
        (chain.depths >= combed.depths[run][0]) & (chain.depths <= combed.depths[run][-1]) for run in runs
    ]
    best = int(np.argmax([own.sum() for own in held]))
    part = combed.part(runs[best])
    kept = np.flatnonzero(held[best])
    if len(kept) == len(chain.figures) or not len(kept):
        return part, chain, ()
    rows = chain.rows + offset
    others = (rows[: kept[0]], rows[kept[-1] + 1 :])
    own = replace(chain, figures=tuple(chain.figures[k] for k in kept))
    return part, own, tuple((float(other[0]), float(other[-1])) for other in others if len(other))


def _torn(combed: Combed, chain: Chain, lines: Lines) -> Bool:
    """Which lines of a comb lie between two figures with a line more or less between them than it says, (L,).

    It may count itself right where lines are seen all the way; a slip passes where they are not.
    """
    pitch = combed.unit * chain.px_per_unit
    nearest = lines.rows[_nearest(lines, combed.rows)]
    there = np.abs(nearest - combed.rows) <= _ON * pitch
    torn = np.zeros(len(combed.rows), bool)
    figures = [int(np.abs(combed.depths - depth).argmin()) for depth in chain.depths]
    for a, b in pairwise(figures):
        holes = np.convolve(~there[a : b + 1], np.ones(_UNSEEN), "valid") if b - a >= _UNSEEN else np.zeros(1)
        if there[a] and there[b] and holes.max() >= _UNSEEN:
            more = miscounted(float(nearest[a]), float(nearest[b]), b - a, lines)
            torn[a + 1 : b] = more is not None and abs(more) == 1
    return torn


def _nearest(lines: Lines, rows: Float) -> NDArray[np.intp]:
    """Numbers of the lines nearest to rows, (L,)."""
    return np.searchsorted((lines.rows[1:] + lines.rows[:-1]) / 2, rows)


def between_stronger(ticks: list[tuple[float, float]], lines: Lines, unit: float) -> bool:
    """Whether lines half way between those that were counted are stronger, somewhere: figures name these."""
    rows, depths = np.array(ticks).T
    own = np.interp(np.arange(depths[0], depths[-1] + unit / 2, unit), depths, rows)
    reach = _ON * float(np.median(np.diff(own)))

    def strength(at: Float) -> Float:
        nearest = _nearest(lines, at)
        there = np.abs(lines.rows[nearest] - at) <= reach
        return np.asarray(median_filter(np.where(there, lines.strength[nearest], 0.0), _RUN, mode="nearest"))

    between = strength((own[1:] + own[:-1]) / 2)
    return len(own) > _RUN and bool((between > _STRONGER * strength(own)[1:]).mean() > _STRETCH)
