"""Scale blocks: numbers at the edges of a track, the name above or between them, the stroke beside them.

A row of numbers is a scale where the first stands at a left edge and the last at a right edge, and any
between them lie where the scale puts them. Its name is the nearest text that names a measurement, on the
same line or above. What has no name, or values that the measurement cannot have, is no scale.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

import numpy as np

from logdigit.paper.divisions import CLEAR, DOUBTED, NARROW, divisions
from logdigit.paper.misread import ALIGNED, fits, of_two_rows, one_glyph_off, otherwise, through_zero
from logdigit.paper.numbers import Number, parted
from logdigit.paper.scalerow import ScaleRow
from logdigit.types import ScaleKind

_AT_EDGE = 0.07
"""Share of a scale's width within which a number stands at its edge."""
_INNER, _OUTER = 0.25, 0.4
"""Share of half a track from its inner end, and from its outer one, within which a number is that end's."""
_SEAM = 2.0
"""Digits by which two numbers read as one meet beside the middle, at most: the right one may be longer."""
_AT_DIVISION = 0.01
"""Share of a track's width by which a number stands off a quarter or a tenth of it, at most."""
_INSET = 0.03
"""Share of a scale's width from the edge at which a number stands at a division; by which it misses it."""
_BESIDE = 0.06
"""Share of a scale by which inner numbers lead past both outer ones that stand beside the edges."""
_SIGN = 0.8
"""How sure a number is without the minus that it was read with, as share."""
_PAIRS = frozenset(["12", "14", "15", "16", "18", "24", "25", "35", "36", "45", "75", "95"])
"""The two digits that count of the spans of linear scales; of 400 read on real logs none that was right had
others: 21 was 10 and 51 was 50."""


def scale_rows(
    line: Sequence[Number], left: float, right: float, inner: Sequence[float] = ()
) -> list[ScaleRow]:
    """Scales of one line of numbers between two edges of a track, of its halves, or of other parts of it.

    Args:
        line: numbers from left to right.
        left: x of the track's left edge.
        right: x of its right edge.
        inner: x of the vertical lines between them, at which tracks that abut may meet.
    """
    width = right - left
    own = [n for n in line if left - 0.04 * width <= n.word.x <= right + 0.04 * width]
    middle = (left + right) / 2
    # a number that straddles the middle belongs to a scale of the whole width, or is two, read as one
    clear = [n for n in own if abs(n.word.x - middle) > 0.38 * (n.word.right - n.word.left)]
    for astride in (n for n in own if n not in clear):
        for pair in parted(astride):
            both = sorted([*clear, *pair], key=lambda n: n.word.x)
            rows = _halves(both, left, middle, right)
            if len(rows) == 2 and all(row.told for row in rows):
                return rows
    whole = _row(own, left, right)
    whole = divisions(own, left, right) if whole is None else whole
    if whole is not None:
        return [whole]
    for astride in (n for n in own if n not in clear):
        apart = _at_seam(clear, astride, left, middle, right)
        if apart:
            return apart
    return _halves(clear, left, middle, right) or _parts(own, [left, *inner, right])


def _at_seam(
    clear: Sequence[Number], astride: Number, left: float, middle: float, right: float
) -> list[ScaleRow]:
    """Scales of two halves whose inner ends were read as one number: 104000 is 10 and 4000.

    Only where a single cut near the middle leaves numbers as they are printed at edges of scales.
    """
    word = astride.word
    digit = (word.right - word.left) / max(1, len(word.text))
    found = []
    for pair in parted(astride):
        zeros = any(len(n.word.text) > 1 and n.word.text[0] == "0" and n.word.text[1] != "." for n in pair)
        rows = _halves(sorted([*clear, *pair], key=lambda n: n.word.x), left, middle, right)
        near = abs(pair[0].word.right - middle) < _SEAM * digit
        if len(rows) == 2 and near and not zeros and all(round_scale(r.values, r.kind) for r in rows):
            found.append([replace(row, sure=0.9 * row.sure) for row in rows])
    return found[0] if len(found) == 1 else []


def _parts(numbers: Sequence[Number], lines: Sequence[float]) -> list[ScaleRow]:
    """Scales between any two vertical lines of a track, from left to right, none over another.

    A number that is of none of them says that the others are not what they seem.
    """
    at = np.array(lines)
    numbers = [n for n in numbers if not n.named]  # 6 COIL 40" is no scale
    near = 3 * _AT_DIVISION * (at[-1] - at[0])
    shares = [
        0.0 if abs(n.word.left - at[0]) < near else (n.word.x - at[0]) / (at[-1] - at[0]) for n in numbers
    ]
    if all(min(abs(share * k - round(share * k)) / k for k in (4, 10)) < _AT_DIVISION for share in shares):
        return []  # of the whole track, and those at its edges not read
    reach = _AT_EDGE * NARROW * 2 * (at[-1] - at[0])
    rows: list[ScaleRow] = []
    used = 0
    k = 0
    while k < len(numbers) - 1:
        row = None
        for m in range(k + 1, len(numbers)):
            a = float(at[np.argmin(np.abs(at - numbers[k].word.left))])
            b = float(at[np.argmin(np.abs(at - numbers[m].word.right))])
            off = max(abs(a - numbers[k].word.left), abs(b - numbers[m].word.right))
            if b - a >= NARROW * (at[-1] - at[0]) and off <= reach:
                row = _row(numbers[k : m + 1], a, b)
            if row is not None:
                rows.append(row)
                used += m + 1 - k
                k = m
                break
        k += 1
    return rows if used == len(numbers) else []


def _halves(numbers: Sequence[Number], left: float, middle: float, right: float) -> list[ScaleRow]:
    """Scales of the two halves of a track.

    Where the other half has a number at its outer end, but none at its inner end, the line is a scale of the
    whole track of which a number is misread. (Numbers in its middle alone are of another kind: -|15|+.)
    """
    sides = [n for n in numbers if n.word.x < middle], [n for n in numbers if n.word.x >= middle]
    rows = _row(sides[0], left, middle), _row(sides[1], middle, right)
    half = right - middle
    for row, others, end in zip(rows, reversed(sides), (right, left), strict=True):
        inner = any(abs(n.word.x - middle) < _INNER * half for n in others)
        outer = any(abs(n.word.x - end) < _OUTER * half for n in others)
        if row is not None and rows.count(None) and outer and not inner:
            return []
    return [row for row in rows if row is not None]


def _row(numbers: Sequence[Number], left: float, right: float) -> ScaleRow | None:
    """The scale that numbers make between two edges; None where they make none."""
    width = right - left
    reach = max(_AT_EDGE * width, 12.0)
    firsts = [n for n in numbers if _off(n, left, right)[0] < reach]
    lasts = [n for n in numbers if _off(n, left, right)[1] < reach]
    if not firsts or not lasts:
        return None
    first = min(firsts, key=lambda n: _off(n, left, right)[0])
    last = min(lasts, key=lambda n: _off(n, left, right)[1])
    if first.word.x >= last.word.x or of_two_rows(first, last):
        return None
    if first.value == last.value:
        if first.value == 0 or (first.value > 0 and len(numbers) > 2):
            return None  # of 20, 10, 0, 10, 20 either end may have lost its minus
        first, last = _apart(first, last)
    inner = [
        n
        for n in numbers
        if first.word.right <= n.word.x <= last.word.left and not n.named and n.word.confidence >= DOUBTED
    ]
    kind: ScaleKind = "linear"
    if inner:
        first, inner, last = through_zero(first, inner, last, left, right)
        found = [
            kind for kind in ("linear", "log") if fits(inner, first.value, last.value, left, right, kind)
        ]
        if not found and not one_glyph_off(first, inner, last, left, right):
            return None
        inner = inner if found else []
        kind = "log" if found == ["log"] else "linear"
        if kind == "linear" and _beside_edges(inner, first.value, last.value, left, right):
            return None
    values = _from_zero(first, last, left, right)
    sure = min(n.word.confidence for n in (first, last))
    height = max(10.0, last.word.bottom - last.word.top)
    y = (first.word.y + last.word.y) / 2
    return ScaleRow(left, right, values, kind, bool(inner), y, height, sure, otherwise(first, last))


def _apart(first: Number, last: Number) -> tuple[Number, Number]:
    """Equal numbers with another sign for one: a thin minus is lost, -100 to 100 stands behind dashes."""

    def turned(number: Number) -> Number:
        word = replace(number.word, confidence=_SIGN * number.word.confidence)
        return replace(number, value=-number.value, word=word)

    return (turned(first), last) if first.value > 0 else (first, turned(last))


def _from_zero(first: Number, last: Number, left: float, right: float) -> tuple[float, float]:
    """Values at both edges; where the left number stands at a division, those of the whole width.

    A backup scale is often printed from where the main one ends: 20 to 200 from the first of ten divisions
    on is 0 to 200.
    """
    a, b = first.value, last.value
    starts, stands = ((x - left) / (right - left) for x in (first.word.left, first.word.x))
    if 0 < a < b and starts > _INSET and starts - _INSET < a / b < stands + _INSET:
        return 0.0, b
    return a, b


def _off(number: Number, left: float, right: float) -> tuple[float, float]:
    """How far a number stands from either edge, px: its outer end from it, or, less likely, its middle.

    A number of which two readings differ is further away than any other.
    """
    word = number.word
    doubt = 0.0 if word.confidence >= DOUBTED else 8.0
    near = 0.3 * (word.right - word.left)
    return (
        doubt + min(abs(word.left - left), near + 2 * abs(word.x - left)),
        doubt + min(abs(word.right - right), near + 2 * abs(word.x - right)),
    )


def _beside_edges(inner: Sequence[Number], a: float, b: float, left: float, right: float) -> bool:
    """Whether inner numbers say that the outer ones stand beside the edges: 7 to 15 on a track of 6 to 16."""
    share = np.array([(n.word.x - left) / (right - left) for n in inner])
    if len(inner) < CLEAR or np.ptp(share) < ALIGNED:
        return False
    values = np.array([n.value for n in inner])
    slope, start = np.polyfit(share, values, 1)
    if np.abs(slope * share + start - values).max() > _BESIDE / 2 * abs(b - a):
        return False  # one of them is misread
    return bool(min(abs(start - a), abs(start + slope - b)) > _BESIDE * abs(b - a))


def round_scale(values: tuple[float, float], kind: ScaleKind, told: bool = False) -> bool:
    """Whether a log can have these values at the edges of a track; others are misread.

    The span of a linear scale makes round divisions: it has one digit that counts, or two of a usual pair,
    or three that end in five. The ends of a logarithmic one have a single digit, and are two decades apart
    in the usual case, one at least. Numbers between the ends that say so (``told``) bear out any two digits.

    >>> round_scale((0, 150), "linear"), round_scale((0, 12.5), "linear"), round_scale((1, 300), "linear")
    (True, True, False)
    >>> round_scale((-160, 10), "linear"), round_scale((-160, 10), "linear", told=True)
    (False, True)
    >>> round_scale((0.2, 2000), "log"), round_scale((0.25, 2000), "log")
    (True, False)
    """

    def digits(value: float) -> str:
        return f"{abs(value):.8e}".split("e")[0].replace(".", "").rstrip("0")

    if kind == "log":
        return all(len(digits(v)) <= 1 for v in values)
    span = digits(values[1] - values[0])
    if len(span) == 2:
        return told or span in _PAIRS
    return len(span) <= 1 or (len(span) == 3 and span.endswith("5"))


def sound_scale(values: tuple[float, float]) -> bool:
    """Whether values can be those of a scale, linear or logarithmic."""
    return round_scale(values, "linear") or (min(values) > 0 and round_scale(values, "log"))
