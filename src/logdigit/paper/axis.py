"""Depths on the axis of a plot: a tick at each figure, on the side of the tracks, and no line across them.

Plotting software puts one tick at each figure and spaces them evenly: so a few of them tell every depth.
"""

from __future__ import annotations

import numpy as np
from scipy.ndimage import find_objects, label

from logdigit.paper.column import Column
from logdigit.paper.drift import Course
from logdigit.paper.figures import Chain
from logdigit.paper.registered import Registered
from logdigit.paper.rules import Ruling
from logdigit.paper.ticked import Window, borders, straight
from logdigit.types import Float, Strip

_TICK, _LEAST = 0.003, 3
"""Columns of a tick, as share of the strip's width and px, at least."""
_INKED = 0.75
"""Share of those that are inked."""
_NEAR, _THICK = 0.75, 0.4
"""Rows from the middle of a figure to its tick, and of the tick, as share of the figure's height, at most."""
_LONE, _LONGEST = 3, 12.0
"""Figures whose ticks stand alone that are believed whatever lines there are, at least; rows of a plot, as
multiple of its width, at most."""
_FIGURES, _TICKED = 2, 0.8
"""Figures with a tick, at least, and as share of all."""
_EVEN_PX, _EVEN = 1.5, 0.003
"""Rows by which ticks lie off even places, at most; and as share of the way from one to the next."""


def on_axis(
    strip: Strip, chain: Chain, column: Column, alone: bool = False
) -> tuple[Course, Ruling, Registered] | None:
    """How the axis of a plot is askew, its ticks, and figures laid on them; None where there are none.

    Args:
        strip: the scan.
        chain: figures of one course.
        column: where they stand.
        alone: only if there is no tick between those of the figures, and a log no longer than a plot.
    """
    tall = chain.figures[0].height
    top = max(0, round(chain.rows[0] - 2 * tall))
    bottom = min(strip.height, round(chain.rows[-1] + 2 * tall))  # the axis goes no further, perhaps
    if alone and bottom - top > _LONGEST * strip.width:
        return None
    window = straight(strip, column, top, bottom)
    if window is None:
        return None
    left, right = borders(window, min(chain.width, column.width))
    for border, way in ((right, -1), (left, 1)):
        found = None if border is None else _laid(strip, chain, window, top, (border, way), alone)
        if found is not None:
            return found
    return None


def _laid(
    strip: Strip, chain: Chain, window: Window, top: int, border: tuple[int, int], alone: bool
) -> tuple[Course, Ruling, Registered] | None:
    """Figures laid on the ticks at a border (x, way), which stand to the side ``way`` of it."""
    at, way = border
    wide = max(_LEAST, round(_TICK * strip.width))
    first, last = sorted((at + way, at + way * (wide + 1)))
    cover = np.asarray(window.ink[:, max(0, first) : last].mean(axis=1) / 255.0, np.float64)
    slope = -window.lean  # lines stand at right angles to the frame
    rows, depths = [], []
    for figure in chain.figures:
        row = _tick(cover, figure.row - top, figure.height)
        if row is not None:
            rows.append(top + row - slope * (at - window.middle))
            depths.append(figure.value)
    if len(rows) < max(_FIGURES, _TICKED * len(chain.figures)):
        return None
    if alone and (len(rows) < _LONE or label(cover >= _INKED)[1] > len(rows)):
        return None
    line = np.polyfit(depths, rows, 1)
    off = float(np.abs(np.polyval(line, depths) - rows).max())
    if line[0] <= 0 or off > max(_EVEN_PX, _EVEN * chain.step * float(line[0])):
        return None
    ticks = tuple((round(float(np.polyval(line, d)), 2), float(d)) for d in (depths[0], depths[-1]))
    own = np.array([f.row for f in chain.figures if f.value in depths])
    offset = float(np.median(np.array(rows) - own))
    rms = float(np.sqrt(np.mean(np.square(np.array(rows) - own - offset))))
    count = len(rows) - 1
    registered = Registered(ticks, 0.0, offset, ticks[0][0], ticks[-1][0], count, count, rms)
    return (((ticks[0][0] + ticks[-1][0]) / 2, slope),), Ruling(top, cover), registered


def _tick(cover: Float, row: float, height: float) -> float | None:
    """Row of the only tick beside a figure; None where there is none, or more than one."""
    first = max(0, round(row - _NEAR * height))
    near = cover[first : round(row + _NEAR * height) + 1]
    ticks = find_objects(label(near >= _INKED)[0])
    if len(ticks) != 1:
        return None
    (own,) = ticks[0]
    thin = own.stop - own.start <= max(3.0, _THICK * height)
    return first + (own.start + own.stop - 1) / 2 if thin else None
