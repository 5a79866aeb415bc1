"""The axes of plots: numbers at ticks wherever the software put them, the name above, below or as a title.

An axis need not begin or end with a tick: its numbers tell the scale, and where the frame cuts it off.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from itertools import combinations

import numpy as np

from logdigit.paper.divisions import DOUBTED
from logdigit.paper.numbers import Number
from logdigit.paper.scalerow import ScaleRow
from logdigit.paper.seams import Ruled
from logdigit.paper.text import Word

_LEAST, _SPAN = 3, 0.35
"""Numbers that make an axis, at least; and share of a track that they extend over, at least."""
_OFF = 0.01
"""Share of a track's width by which a number stands off its place, at most."""
_AT_EDGE = 0.028
"""The same for the first and the last, both of which stand at the edges."""
_LEVEL = 0.5
"""Heights of print by which rows of numbers stand above one another, at most."""
_LABEL = 3.5
"""Heights of print from numbers down to the name of their axis, at most."""


def with_axes(rows: Sequence[ScaleRow], lines: Sequence[Sequence[Number]], tracks: Ruled) -> list[ScaleRow]:
    """Scales over tracks; where these are of a plot, with those that its ticks tell in place of others.

    Args:
        rows: as numbers at edges and divisions tell them.
        lines: of numbers.
        tracks: over which they stand.
    """
    if not tracks.plotted:
        return list(rows)
    own = [axis_row(n, t.left, t.right) for line in lines for t, n in tracks.numbers_of(line)]
    return in_place([row for row in own if row is not None], rows)


def in_place(told: Sequence[ScaleRow], rows: Sequence[ScaleRow]) -> list[ScaleRow]:
    """Scales that are told in place of others on the same lines over the same part of a track."""
    kept = [
        row
        for row in rows
        if not any(
            abs(row.y - t.y) < _LEVEL * t.height and row.left < t.right and t.left < row.right for t in told
        )
    ]
    return [*kept, *told]


def axis_row(numbers: Sequence[Number], left: float, right: float) -> ScaleRow | None:
    """The scale of numbers at ticks anywhere between two edges, one of which may be misread; else None.

    >>> def at(value: float, x: float) -> Number:
    ...     return Number(value, Word(f"{value:g}", 0.9, x - 9, 0, x + 9, 20))
    >>> row = axis_row([at(0, 120), at(50, 220), at(100, 320), at(150, 420)], 100, 440)
    >>> row.values, row.edges
    ((0.0, 150.0), (-10.0, 160.0))
    >>> axis_row([at(0, 120), at(50, 200), at(100, 320)], 100, 440)
    """
    plain = [n for n in numbers if not n.named and n.word.confidence >= DOUBTED]
    plain = [n for n in plain if left - 2 <= n.word.x <= right + 2]
    for count in range(len(plain), max(_LEAST, len(plain) - 1) - 1, -1):
        rows = [_collinear(some, left, right) for some in combinations(plain, count)]
        good = [row for row in rows if row is not None]
        if good:
            return good[0] if len(good) == 1 else None
    return None


def _collinear(numbers: Sequence[Number], left: float, right: float) -> ScaleRow | None:
    """The scale of numbers that all stand where it puts them."""
    x, values = np.array([n.word.x for n in numbers]), np.array([n.value for n in numbers])
    width, steps = right - left, np.diff(values)
    if np.ptp(x) < _SPAN * width or not ((steps > 0).all() or (steps < 0).all()):
        return None
    slope, start = np.polyfit(x, values, 1)
    if np.abs(start + slope * x - values).max() > _OFF * width * abs(slope):
        return None
    ends = start + slope * np.array([left, right])
    near = np.abs(ends - values[[0, -1]]).max() <= _AT_EDGE * width * abs(slope)
    height = max(10.0, max(n.word.bottom - n.word.top for n in numbers))
    return ScaleRow(
        left,
        right,
        (float(values[0]), float(values[-1])),
        "linear",
        True,
        float(np.mean([n.word.y for n in numbers])),
        height,
        min(n.word.confidence for n in numbers),
        edges=None if near else (float(f"{ends[0]:.6g}"), float(f"{ends[1]:.6g}")),
    )


def texts_of_axis(row: ScaleRow, words: Sequence[Word], log: float) -> list[Word]:
    """Words that may name the axis below a plot: below its numbers, else the title above the plot.

    Args:
        row: numbers of the axis.
        words: print above and below the plot.
        log: a row of the plot.
    """
    over = [w for w in words if re.search(r"[A-Za-z]", w.text) and row.left < w.x < row.right]
    below = [w for w in over if row.y + _LEVEL * row.height < w.y < row.y + _LABEL * row.height]
    titles = [w for w in over if w.y < min(log, row.y)]
    return [*sorted(below, key=lambda w: w.y), *sorted(titles, key=lambda w: -w.y)]
