"""Print between the logs: in which unit depth is, how deep the well is, what the scale blocks say."""

from __future__ import annotations

import re
from collections.abc import Sequence

from logdigit.paper.column import zoom_of
from logdigit.paper.text import Reader, Word, read_box
from logdigit.types import Box, DepthUnit, Strip

_FEET = re.compile(
    r"\bFEET\b|\bFOOT\b|\bFT\b|\bFT\.|\d ?FT\b|[25]\"? ?(?:IN)?[.]? ?[=/:] ?100'?|/ ?100 ?(?:FT|')|"
    r"\bF[NSEW]L\b|"
    r"(?:PER|=|/) ?100 ?(?:FEET|FT|')|1:(?:240|600|1200|48)\b|USEC/FT|US/F\b|\d' ?F[NS]",
    re.IGNORECASE,
)
_METRES = re.compile(
    r"\bMET(?:RE|ER)S?\b|\bMTRS?\b|\bmMD\b|\bmRT\b|\bm MD\b|\(m\)|\d ?m\b|US/M\b|KG/M3|1:(?:200|500|1000)\b",
    re.IGNORECASE,
)
_STATES = re.compile(
    r"\b(?:TEXAS|OKLAHOMA|KANSAS|NEW ?MEXICO|WEST VIRGINIA|W\. ?VA|LOUISIANA|COLORADO|WYOMING|NORTH DAKOTA|"
    r"MONTANA|"
    r"UTAH|CALIFORNIA|OHIO|PENNSYLVANIA|KENTUCKY|MISSISSIPPI|ALABAMA|ARKANSAS|NEBRASKA|ILLINOIS|"
    r"INDIANA|MICHIGAN|"
    r"NEW YORK|TENNESSEE|VIRGINIA|SOUTH DAKOTA|NEVADA|ALASKA|FLORIDA|ARIZONA|COUNTY)\b",
    re.IGNORECASE,
)


def read_region(strip: Strip, top: int, bottom: int, reader: Reader, zoom: float = 1.0) -> list[Word]:
    """Words of the rows between two logs, in pieces that the reader takes whole."""
    words: list[Word] = []
    piece, lap = round(0.8 * strip.width), round(0.05 * strip.width)
    first = top
    while first < bottom - lap:
        last = min(bottom, first + piece)
        box = Box(max(top, first - lap), 0, last, strip.width)
        found = read_box(strip, box, reader, zoom * zoom_of(strip))
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


def depth_unit_of(words: Sequence[Word]) -> tuple[DepthUnit, float] | None:
    """The unit of depth that print speaks for, and how sure; None where nothing or both are said as often.

    >>> depth_unit_of([Word("Depth in Feet scaled 1:240", 1.0, 0, 0, 1, 1)])
    ('FT', 0.9)
    """
    feet = sum(1.0 for w in words if _FEET.search(w.text))
    metres = sum(1.0 for w in words if _METRES.search(w.text))
    if feet or metres:
        if feet >= 3 * metres:
            return "FT", 0.9 if feet >= 1 else 0.8
        if metres >= 3 * feet:
            return "M", 0.9
    if any(_STATES.search(w.text) for w in words) and feet >= metres:
        return "FT", 0.8  # wells of the United States are logged in feet
    return None


def numbers_of(words: Sequence[Word]) -> list[float]:
    """Whole numbers of three to five digits in print, commas taken out."""
    out = []
    for word in words:
        for match in re.finditer(r"(?<![\d.\-/])(\d{1,2},\d{3}|\d{3,5})(?![\d/\-])", word.text):
            out.append(float(match.group().replace(",", "")))
    return out


def lost_digit(deepest: float, words: Sequence[Word]) -> float | None:
    """What figures have lost if the heading has their depth and a digit more: 10000 for 7700 that is 17700.

    None where the heading knows a depth near the deepest figure, or none with a digit more either.
    """
    said = numbers_of(words)
    if any(0.96 * deepest <= n <= 1.12 * deepest + 100 for n in said):
        return None
    for more in (10000.0, 20000.0):
        if (
            deepest < 10000
            and sum(0.99 * (deepest + more) <= n <= 1.04 * (deepest + more) for n in said) >= 2
        ):
            return more
    return None
