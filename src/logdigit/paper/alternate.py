"""Figures of which only every other one has a line: at every 25 m where lines are printed every 10."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
from scipy.ndimage import gaussian_filter1d

from logdigit.paper.combed import course_of
from logdigit.paper.figures import MIN_CHAIN, Chain
from logdigit.paper.rules import FINEST_PX, Ruling
from logdigit.types import Float

_PARTS = 5
"""Lines from one figure to the next but one."""
_NEAR = 1.5
"""Rows from where it is due within which a line lies."""
_HIGH = 0.05
"""Cover by which lines stand out from the paper between them, at least."""
_NONE = 0.35
"""Height of what is at a figure without a line, as share of that of lines, at most,"""
_ALIKE = 0.4
"""and of the lines between figures, at least."""


def with_lines(chain: Chain, ruling: Ruling, offset: float) -> Chain:
    """The figures that have lines: every other one where five lines are printed to two figures; else all.

    A comb of the figures' step finds nothing at half of them but strokes of curves, and bends after these.

    Args:
        chain: figures of one course.
        ruling: the lines beside them.
        offset: rows from the middles of figures to their lines.
    """
    step = 2 * chain.step
    pitch = step * chain.px_per_unit / _PARTS
    at = np.round(chain.depths / chain.step).astype(int)
    if pitch < FINEST_PX or np.abs(chain.depths / chain.step - at).max() > 1e-6:
        return chain
    course = course_of(chain, offset)
    ends = chain.depths[0], chain.depths[-1]
    own, other = chain.depths[at % 2 == 0], chain.depths[at % 2 == 1]
    if min(len(own), len(other)) < MIN_CHAIN:
        return chain
    lines = np.arange(np.ceil(ends[0] / step * _PARTS), np.floor(ends[1] / step * _PARTS) + 1) * step / _PARTS
    between = lines[np.abs(lines / step - np.round(lines / step)) > 1e-6]
    high, none, fine = (_height(ruling, course.at(depths), pitch) for depths in (own, other, between))
    if high < _HIGH or none > _NONE * high or fine < _ALIKE * high:
        return chain
    kept = tuple(f for f, k in zip(chain.figures, at, strict=True) if k % 2 == 0)
    return replace(chain, figures=kept, step=step)


def _height(ruling: Ruling, due: Float, pitch: float) -> float:
    """By how much lines usually stand out from the paper around them, where they are due, (L,) strip px."""
    cover = gaussian_filter1d(ruling.cover, 1.0)
    rows = np.arange(len(cover))

    def around(reach: float) -> Float:
        away = np.linspace(-reach, reach, 13)
        return np.asarray(np.interp(due[:, None] - ruling.top + away, rows, cover), np.float64)

    return float(np.median(around(_NEAR).max(axis=1) - np.median(around(pitch / 2), axis=1)))
