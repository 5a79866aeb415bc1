"""What numbers of a scale may have been: a minus, a point or a glyph is lost, and the other numbers tell."""

from __future__ import annotations

import math
import re
from collections.abc import Sequence
from dataclasses import replace
from itertools import pairwise, product

from logdigit.paper.divisions import CLEAR
from logdigit.paper.numbers import Number

_TALLER, _DOUBTFUL = 1.7, 0.8
"""How much taller than the other one of two numbers is that was read from two rows, at least; how sure it is,
less than."""
_SURE, _LESS_SURE, _DIVISIONS = 0.95, 0.9, 20
"""How sure the ends of a scale are, at least, beside which a number between them, less sure than this, may be
misread; divisions at one of which it stands."""
ALIGNED, _EXACT = 0.07, 0.02
"""Share of a scale's width by which an inner number stands off its place, at most; one that bears out a minus
which was not read."""


def through_zero(
    first: Number, inner: list[Number], last: Number, left: float, right: float
) -> tuple[Number, list[Number], Number]:
    """Numbers of a scale with the minus that those beyond its nought have lost: 30 20 10 0 10 ends at -10.

    Nought may lie between two of them, 45 15 15. The fewer ones have lost it; or one did, among others that
    have theirs: 100 -75 -50 -25 0. As they are where they make a scale so, or as many are on either side.
    """
    if fits(inner, first.value, last.value, left, right, "linear"):
        return first, inner, last
    lone = [n for n in (first, *inner, last) if n.value > 0]
    if len(lone) == 1 and sum(n.value < 0 for n in inner) > 1:
        one, *some, other = (replace(n, value=-abs(n.value)) for n in (first, *inner, last))
        if fits(some, one.value, other.value, left, right, "linear", _EXACT):
            return one, some, other
    every, aligned = (first, *inner, last), ALIGNED
    noughts = [n.word.x for n in inner if n.value == 0]
    if not noughts and all(n.value > 0 for n in every):
        noughts, aligned = [(a.word.x + b.word.x) / 2 for a, b in pairwise(every)], _EXACT
    found: list[tuple[int, list[Number]]] = []
    for nought, way in product(noughts, (-1, 1)):
        beyond = [way * (n.word.x - nought) > 0 for n in every]
        signed = [replace(n, value=-n.value) if lost else n for n, lost in zip(every, beyond, strict=True)]
        if fits(signed[1:-1], signed[0].value, signed[-1].value, left, right, "linear", aligned):
            found.append((sum(beyond), signed))
    found.sort(key=lambda item: item[0])
    if not found or len({count for count, _ in found}) < len(found):
        return first, inner, last
    one, *some, other = found[0][1]
    return one, some, other


def otherwise(first: Number, last: Number) -> tuple[tuple[float, float], ...]:
    """What two numbers may have been: 0.0 and 1500 were 0.0 and 150.0; 45 and .15 were 45 and -15.

    Of two of one form one has lost its point, or both have; before a number that has none, a short minus is
    read as one. The border of the track makes another digit of the last one, or is read behind it.
    """
    forms = [re.search(r"\.(\d+)$", n.word.text.rstrip(")|]")) for n in (first, last)]
    places = max(len(form.group(1)) if form else 0 for form in forms)
    bare = [n for n, form in zip((first, last), forms, strict=True) if form is None]
    out = []
    if len(bare) == 1 and re.fullmatch(rf"\D?\d{{{places + 1},}}", bare[0].word.text):
        out.append([n.value / 10**places if n is bare[0] else n.value for n in (first, last)])
    if all(re.fullmatch(r"\d\d[05]", n.word.text) for n in (first, last)):  # of densities: 1.95 to 2.95
        out.append([first.value / 100, last.value / 100])
    if all(
        re.fullmatch(r"\D?\d{2,}0", n.word.text) for n in (first, last)
    ):  # -100.0 to 100.0 as -1000 to 1000
        out.append([first.value / 10, last.value / 10])
    left, right = (form.group(1) if form else "" for form in forms)
    longer = len(right) == len(left) + 1 or (left == "0" and len(right) == 1)
    if left and longer and not right.endswith("5"):  # 2.0 to 3.01; 0.0 to 150.4; but -0.1 to 0.45 is printed
        cut = 10 ** (len(right) - 1)
        less = math.copysign(math.floor(abs(last.value) * cut + 1e-6) / cut, last.value)
        out += [[first.value, less]] if less != last.value else []
    pointed = [n for n in (first, last) if re.fullmatch(r"\.\d{2,}", n.word.text)]
    for sign in (-1, 1) if pointed else ():  # behind a stroke of dots the point is one of them
        out.append([sign * float(n.word.text[1:]) if n in pointed else n.value for n in (first, last)])
    return tuple((a, b) for a, b in out if a != b)


def one_glyph_off(first: Number, inner: Sequence[Number], last: Number, left: float, right: float) -> bool:
    """Whether the one number between two sure ones, less sure, is but a glyph from what is due: 0 6 10."""
    if len(inner) != 1 or min(first.word.confidence, last.word.confidence) < _SURE:
        return False
    (number,) = inner
    share = (number.word.x - left) / (right - left)
    at = round(_DIVISIONS * share) / _DIVISIONS
    due, text = f"{first.value + at * (last.value - first.value):g}", number.word.text
    if abs(at - share) > _EXACT or number.word.confidence >= _LESS_SURE or len(due) != len(text):
        return False
    return sum(a != b for a, b in zip(due, text, strict=True)) == 1


def of_two_rows(one: Number, other: Number) -> bool:
    """Whether one of two numbers, much taller and not sure, was read from two rows: 50 over 500 is no 6."""
    low, high = sorted((one.word, other.word), key=lambda w: w.bottom - w.top)
    return high.bottom - high.top > _TALLER * (low.bottom - low.top) and high.confidence < _DOUBTFUL


def fits(
    inner: Sequence[Number],
    a: float,
    b: float,
    left: float,
    right: float,
    kind: str,
    aligned: float = ALIGNED,
) -> bool:
    """Whether numbers between the edges stand where a scale of this kind has them."""
    if a == b or (kind == "log" and (min(a, b) <= 0 or max(a, b) / min(a, b) < 5)):
        return False
    astray = 0
    for number in inner:
        if kind == "log":
            if number.value <= 0:
                return False
            u = math.log(number.value / a) / math.log(b / a)
        else:
            u = (number.value - a) / (b - a)
        off = abs(left + u * (right - left) - number.word.x) > aligned * (right - left)
        astray += off and not (kind == "linear" and _lost_point(number, a, b, left, right))
    return astray == 0 or (astray == 1 and len(inner) >= CLEAR)


def _lost_point(number: Number, a: float, b: float, left: float, right: float) -> bool:
    """Whether a number stands where it would with the point that it has lost: 375 amid 0 and 75."""
    due = a + (number.word.x - left) / (right - left) * (b - a)
    whole = number.value == round(number.value)
    return whole and any(abs(number.value / ten - due) <= ALIGNED * abs(b - a) for ten in (10, 100))
