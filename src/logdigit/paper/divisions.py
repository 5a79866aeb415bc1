"""Scales told by numbers at the divisions of a track, not at its edges."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import combinations

import numpy as np

from logdigit.paper.numbers import Number
from logdigit.paper.scalerow import ScaleRow

_OFF_DIVISION = 0.12
"""Share of a step by which a number stands off its division, at most."""
_RULED, _MOST = 5, 0.7
"""Numbers at the ticks of a rule that agree, at least, and share of all of them."""
_OFF_RULE, _OFF_TICK = 0.03, 0.25
"""Share of a track's width by which they stand off their ticks, and of the way from one to the next."""
CLEAR = 3
"""Numbers between the edges of which one may stand in the wrong place: it is misread."""
DOUBTED = 0.5
"""Confidence below which two readings of a number differ."""
NARROW = 0.12
"""Share of a block of lines that a track is wide, at least."""


def divisions(numbers: Sequence[Number], left: float, right: float) -> ScaleRow | None:
    """The scale of numbers that stand at divisions of a track; those at its edges may not have been read.

    50, 100 and 150 a division apart, from one division inside the left edge to one inside the right one, are
    0 to 200.
    """
    plain = [n for n in numbers if not n.named and n.word.confidence >= DOUBTED]
    return _at_divisions(plain, left, right) if len(plain) >= CLEAR else None


def ruler(upper: Sequence[Number], lower: Sequence[Number], left: float, right: float) -> ScaleRow | None:
    """The scale of numbers above and below the ticks of one rule, a few of which may be misread.

    >>> from logdigit.paper.text import Word
    >>> def at(value: int, x: float) -> Number:
    ...     return Number(value, Word(str(value), 0.9, x - 9, 0, x + 9, 20))
    >>> upper, lower = [at(8, 300), at(10, 400)], [at(7, 250), at(11, 450), at(18, 550), at(15, 650)]
    >>> ruler(upper, lower, 200, 700).values
    (6.0, 16.0)
    """
    plain = sorted((n for n in (*upper, *lower) if not n.named), key=lambda n: n.word.x)
    best: list[Number] = []
    for a, b in combinations(plain, 2):
        if a.value == b.value or b.word.x - a.word.x < NARROW * (right - left):
            continue
        slope = (b.value - a.value) / (b.word.x - a.word.x)
        off = [abs(a.value + slope * (n.word.x - a.word.x) - n.value) for n in plain]
        near = _OFF_RULE * abs(slope) * (right - left)
        best = max(best, [n for n, far in zip(plain, off, strict=True) if far <= near], key=len)
    if len(best) < max(_RULED, _MOST * len(plain)):
        return None
    return _at_divisions(best, left, right, _OFF_TICK)


def _at_divisions(
    plain: Sequence[Number], left: float, right: float, off: float = _OFF_DIVISION
) -> ScaleRow | None:
    """The scale of numbers that are right, at most ``off`` steps off their divisions."""
    x, values = np.array([n.word.x for n in plain]), np.array([n.value for n in plain])
    apart, step = float(np.diff(x).min()), float(np.abs(np.diff(values)).min())
    if step == 0 or apart < NARROW / 2 * (right - left):
        return None
    slope, start = np.polyfit(x, values, 1)
    ends = start + slope * np.array([left, right])
    due = values[0] + np.round((ends - values[0]) / step) * step
    inside = x[0] - left < 1.2 * apart and right - x[-1] < 1.2 * apart
    straight = np.abs(start + slope * x - values).max() < off * step
    if not inside or not straight or np.abs(ends - due).max() > off * step:
        return None
    a, b = (float(f"{value:.6g}") for value in due)
    height = max(10.0, plain[-1].word.bottom - plain[-1].word.top)
    y = float(np.mean([n.word.y for n in plain]))
    sure = 0.8 * min(n.word.confidence for n in plain)
    return ScaleRow(left, right, (a, b), "linear", True, y, height, sure)
