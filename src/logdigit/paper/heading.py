"""Print between the logs, and how deep it says that the well is."""

from __future__ import annotations

import re
from collections.abc import Sequence

from logdigit.paper.column import zoom_of
from logdigit.paper.text import Reader, Word, read_box
from logdigit.types import Box, Strip


def read_region(
    strip: Strip, top: int, bottom: int, reader: Reader, zoom: float = 1.0, sideways: bool = True
) -> list[Word]:
    """Words of the rows between two logs, in pieces that the reader takes whole; ``sideways``: see it."""
    words: list[Word] = []
    piece, lap = round(0.8 * strip.width), round(0.05 * strip.width)
    first = top
    while first < bottom:
        last = first + piece if first + piece < bottom - lap else bottom  # no piece too low to hold print
        box = Box(max(top, first - lap), 0, last, strip.width)
        found = read_box(strip, box, reader, zoom * zoom_of(strip), 0, sideways)
        words += [w for w in found if not _twice(w, words)]
        first = last
    return sorted(words, key=lambda w: (w.y, w.x))


def _twice(word: Word, words: Sequence[Word]) -> bool:
    tall = max(12.0, word.bottom - word.top)
    return any(
        abs(word.y - w.y) < 0.5 * tall
        and min(word.right, w.right) - max(word.left, w.left)
        > 0.5 * min(word.right - word.left, w.right - w.left)
        for w in words
    )


_DEPTH = re.compile(r"\d\s*(?:FT|FEET|M|MTRS?|MET(?:ER|RE)S?)\b|\bT\.?D\b|\bDEPTH\b", re.IGNORECASE)
"""A number with the unit of a depth behind it, or called one."""


_ELEVATION = re.compile(r"\W*(?:ELEV|[KDG]\W?\s?[BFL]\W*(?:\d|$))", re.IGNORECASE)
"""Elevation above the sea of the kelly bushing, the derrick floor or the ground, as a heading has it."""

_ROW = 4
"""Numbers in one piece of print, at most: more are the figures of a depth column."""


def numbers_of(words: Sequence[Word]) -> list[float]:
    """Whole numbers of three to five digits in print, commas taken out."""
    out = []
    for word in words:
        for match in re.finditer(r"(?<![\d.\-/])(\d{1,2},\d{3}|\d{3,5})(?![\d/\-])", word.text):
            out.append(float(match.group().replace(",", "")))
    return out


def ends_at(depths: Sequence[float], loose: float, words: Sequence[Word]) -> bool:
    """Whether the heading knows one of these depths: twice, or once with its unit or a name that says so.

    >>> texts = [Word(text, 1.0, 0.0, 0.0, 9.0, 9.0) for text in ("Btm. Log Interval", "3290 FT", "3105")]
    >>> ends_at((3000.0, 3298.0), 50.0, texts), ends_at((3100.0, 3400.0), 50.0, texts)
    (True, False)
    """
    return sum(2 if unit else 1 for n, unit in _said(words) if min(abs(n - d) for d in depths) <= loose) >= 2


def _said(words: Sequence[Word]) -> list[tuple[float, bool]]:
    """Numbers that may be depths, and whether print says that they are.

    Not those in rows of elevations, nor a column of figures.
    """
    rows = [(word.y, word.bottom - word.top) for word in words if _ELEVATION.match(word.text)]
    words = [w for w in words if all(abs(w.y - y) >= 0.5 * tall for y, tall in rows)]
    told = [(numbers_of([word]), _DEPTH.search(word.text) is not None) for word in words]
    return [(n, named) for numbers, named in told if len(numbers) <= _ROW for n in numbers]


def lost_digit(deepest: float, words: Sequence[Word]) -> float | None:
    """What figures have lost if the heading has their depth and a digit more: 10000 for 7700 that is 17700.

    None where the heading knows no depth with a digit more, or not more often than one near the deepest
    figure: a survey's distance or a serial number may lie there by accident, total depths stand there twice.

    A depth with its unit behind it, or called one, counts twice.

    >>> def said(*texts):
    ...     return [Word(text, 1.0, 0.0, 0.0, 9.0, 9.0) for text in texts]
    >>> lost_digit(7320.0, said("17329 FT", "tool 8085")), lost_digit(7320.0, said("17329", "17335", "8085"))
    (10000.0, 10000.0)
    >>> lost_digit(7320.0, said("7329", "7335", "17329")), lost_digit(7320.0, said("tool 17329"))
    (None, None)

    Elevations may be as high as the figures are deep, and are no depths:

    >>> elevations = [Word(text, 1.0, 0.0, 20.0, 9.0, 29.0) for text in ("7340", "K.B. 7350", "G.L. 7338")]
    >>> lost_digit(7320.0, [*said("17329", "17335"), *elevations])
    10000.0
    """
    said = [(n, 2 if unit else 1) for n, unit in _said(words)]
    near = sum(count for n, count in said if 0.96 * deepest <= n <= 1.12 * deepest + 100)
    for more in (10000.0, 20000.0):
        beyond = sum(count for n, count in said if 0.99 * (deepest + more) <= n <= 1.04 * (deepest + more))
        if deepest < 10000 and beyond >= max(2, near + 1):
            return more
    return None
