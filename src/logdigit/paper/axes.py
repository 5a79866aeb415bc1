"""The axes of plots: numbers at ticks wherever the software put them, the name above, below or as a title.

An axis need not begin or end with a tick: its numbers tell the scale, and where the frame cuts it off.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace
from itertools import combinations

import numpy as np
from scipy.ndimage import find_objects, label

from logdigit.paper.divisions import DOUBTED
from logdigit.paper.numbers import Number
from logdigit.paper.scalerow import ScaleRow
from logdigit.paper.seams import Ruled
from logdigit.paper.text import Word, grey_of
from logdigit.types import Strip

_LEAST, _FEW, _SPAN = 3, 2, 0.35
"""Numbers that make an axis, at least; where each has its tick; share of a track that they extend over."""
_TICK, _AWAY, _THIN = 0.9, 1.0, 0.25
"""Rows from numbers in which ticks stand, columns from the middle of one to its tick, and columns of a tick,
in heights of print, at most."""
_DARK, _LINE, _LEAST_PX = 60, 0.6, 2
"""Grey levels by which ink is darker than paper; share of a row that the line of a frame covers; rows of a
tick, at least."""
_DECADE = 10.0
_OFF = 0.01
"""Share of a track's width by which a number stands off its place, at most."""
_AT_EDGE = 0.015
"""The same for those at the edges, read or not."""
_EDGE = 0.02
"""Share of a track's width by which the outer numbers stand off its edges, where they stand there."""
_LEVEL = 0.5
"""Heights of print by which rows of numbers stand above one another, at most."""
_LABEL = 3.5
"""Heights of print from numbers down to the name of their axis, at most."""


def with_axes(
    strip: Strip,
    rows: Sequence[ScaleRow],
    lines: Sequence[Sequence[Number]],
    tracks: Ruled,
    log: float,
) -> list[ScaleRow]:
    """Scales over tracks; where these are of a plot, with those that its ticks tell in place of others.

    Args:
        strip: the scan.
        rows: as numbers at edges and divisions tell them.
        lines: of numbers.
        tracks: over which they stand.
        log: a row of the plot.
    """
    if not tracks.plotted:
        return list(rows)
    own = []
    for line in lines:
        for track, numbers in tracks.numbers_of(line):
            if _at_edges(numbers, track.left, track.right) and _known(numbers, track, rows):
                continue
            ticked = [at_tick(strip, number, log) for number in numbers]
            sure = [number for number in ticked if number is not None]
            pair = len(sure) == len(numbers) == _FEW and _is_linear(*sure)
            row = axis_row(sure, track.left, track.right, _FEW if pair else _LEAST)
            own.append(row or axis_row(numbers, track.left, track.right))
    return in_place([row for row in own if row is not None], rows)


def _at_edges(numbers: Sequence[Number], left: float, right: float) -> bool:
    """Whether the outer numbers stand at the edges: in the middle of their print, or just inside."""
    if not numbers:
        return False
    first, last = numbers[0].word, numbers[-1].word
    near = _EDGE * (right - left)
    return all(
        abs(middle) <= near or -near / 3 <= inside <= near
        for middle, inside in ((first.x - left, first.left - left), (right - last.x, right - last.right))
    )


def _known(numbers: Sequence[Number], track: Ruled, rows: Sequence[ScaleRow]) -> bool:
    """Whether numbers on the line of these already tell the scale of a whole track."""
    y = numbers[0].word.y
    return any(
        abs(r.y - y) < _LEVEL * r.height and r.left <= track.left + 1 and r.right >= track.right - 1
        for r in rows
    )


def _is_linear(first: Number, last: Number) -> bool:
    """Whether two numbers are of a linear axis: those of decades are ten times one another."""
    low, high = sorted((first.value, last.value))
    return low <= 0 or high < _DECADE * low


def at_tick(strip: Strip, number: Number, log: float) -> Number | None:
    """A number in the place of its tick, on the side of the log; None where there is no tick.

    Print that was read in one piece is cut by counting letters, which misses by some columns.
    """
    word = number.word
    tall = word.bottom - word.top
    rows = (word.top - _TICK * tall, word.top) if log < word.y else (word.bottom, word.bottom + _TICK * tall)
    top, bottom = max(0, round(rows[0])), min(strip.height, round(rows[1]))
    left, right = max(0, round(word.x - _AWAY * tall)), min(strip.width, round(word.x + _AWAY * tall) + 1)
    if bottom - top < 3 or right - left < 3:
        return None
    grey = grey_of(strip.read(top, bottom)).astype(np.int16)
    ink = grey[:, left:right] < np.percentile(grey, 90) - _DARK
    ink = ink[ink.mean(axis=1) < _LINE]  # not the line of the frame
    strokes = find_objects(label(ink.sum(axis=0) >= _LEAST_PX)[0])
    thin = [(s.start + s.stop - 1) / 2 + left for (s,) in strokes if s.stop - s.start <= _THIN * tall]
    near = min(thin, key=lambda x: abs(x - word.x), default=None)
    if near is None:
        return None
    half = (word.right - word.left) / 2
    return replace(number, word=replace(word, left=near - half, right=near + half))


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


def axis_row(numbers: Sequence[Number], left: float, right: float, least: int = _LEAST) -> ScaleRow | None:
    """The scale of numbers at ticks anywhere between two edges, one of which may be misread; else None.

    Args:
        numbers: from left to right.
        left: x of the track's left edge.
        right: x of its right edge.
        least: numbers that make an axis, at least.

    >>> def at(value: float, x: float) -> Number:
    ...     return Number(value, Word(f"{value:g}", 0.9, x - 9, 0, x + 9, 20))
    >>> row = axis_row([at(0, 120), at(50, 220), at(100, 320), at(150, 420)], 100, 440)
    >>> row.values, row.edges
    ((0.0, 150.0), (-10.0, 160.0))
    >>> axis_row([at(0, 120), at(50, 200), at(100, 320)], 100, 440)
    """
    plain = [n for n in numbers if not n.named and n.word.confidence >= DOUBTED]
    near = _AT_EDGE * (right - left)
    plain = [n for n in plain if left - near <= n.word.x <= right + near]
    for count in range(len(plain), max(least, min(_LEAST, len(plain)), len(plain) - 1) - 1, -1):
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
    step = float(np.abs(steps).min())
    due = values[0] + np.round((ends - values[0]) / step) * step
    near = np.abs(ends - due).max() <= _AT_EDGE * width * abs(slope)
    low, high = (float(f"{v:.6g}") for v in (due if near else values[[0, -1]]))
    height = max(10.0, max(n.word.bottom - n.word.top for n in numbers))
    return ScaleRow(
        left,
        right,
        (low, high),
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
