"""In which unit depth is printed."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence

import numpy as np

from logdigit.paper.column import zoom_of
from logdigit.paper.foundsection import FoundSection
from logdigit.paper.sections import edge_at
from logdigit.paper.text import Reader, Turn, Word, read_box
from logdigit.types import Box, DepthUnit, Strip

_FEET = re.compile(
    r"\bFEET\b|\bFOOT\b|(?<!/)(?<!/ )\bFT\b|\d ?FT\b|[25]\"? ?(?:IN)?[.]? ?[=/:] ?100'?|/ ?100 ?(?:FT|')|"
    r"\bF[NSEW]L\b|"
    r"(?:PER|=|/) ?100 ?(?:FEET|FT|')|1:(?:240|600|1200|48)\b|\d' ?F[NS]",
    re.IGNORECASE,
)
_METRES = re.compile(
    r"\bMET(?:RE|ER)S?\b|\bMTRS?\b|\bmMD\b|\bmRT\b|\bm MD\b|\(m\)|(?<![\w²/.])\d[\d.,]* ?m\b|"
    r"US/M\b|KG/M3|1:(?:200|500|1000)\b",
    re.IGNORECASE,
)
_OHMS = re.compile(r"OHM", re.IGNORECASE)
_PER_FOOT = re.compile(r"(?:SEC(?:OND)?S?|\b[UµM]S)[ /.]*F(?:OO)?T?\b", re.IGNORECASE)
"""The unit of a sonic log, whose stroke is lost now and then."""
_STATES = re.compile(
    r"(?<![-\w])(?:TEXAS|OKLAHOMA|KANSAS|NEW ?MEXICO|WEST VIRGINIA|W\. ?VA|LOUISIANA|COLORADO|WYOMING|"
    r"NORTH DAKOTA|MONTANA|"
    r"UTAH|CALIFORNIA|OHIO|PENNSYLVANIA|KENTUCKY|MISSISSIPPI|ALABAMA|ARKANSAS|NEBRASKA|ILLINOIS|"
    r"INDIANA|MICHIGAN|"
    r"NEW YORK|TENNESSEE|VIRGINIA|SOUTH DAKOTA|NEVADA|ALASKA|FLORIDA|ARIZONA|COUNTY)\b",
    re.IGNORECASE,
)
_HEAD_FEET = re.compile(
    r"\bFEET\b|\bFOOT\b|(?<!/)\bFT\b|1 ?: ?(?:240|600|1200|48)\b|/ ?100 ?(?:FT|')|100'", re.IGNORECASE
)
_HEAD_METRES = re.compile(r"\bMET(?:RE|ER)S?\b|\bMTRS?\b|\(M\)|1 ?: ?(?:200|500|1000|2000)\b", re.IGNORECASE)
_LETTER = {"FT": re.compile(r"(?<!/)\bF\b", re.IGNORECASE), "M": re.compile(r"\bM\b", re.IGNORECASE)}
_GLUED = re.compile(r"(DEPTHS?)(M|FT|FEET|MET(?:RE|ER)S)")
"""A head read without the blank before its unit."""
_SPELT = ("FEET", "METERS", "METRES", "METER", "METRE")
_SHORT = 12
"""Letters of a head up to which one may be the unit: DEPTH M; not what a line of print was cut to."""
_HEAD = 0.35
"""Rows above a log in which the head of its depth column stands, as multiple of the strip's width."""
_TITLE, _BESIDE, _THIN = 0.3, 0.1, 12
"""Rows from the middle of a log, and columns from its figures, in which the title of the depth axis stands,
as share of the strip's width; px that hold print at least."""
_SURER = 0.1
"""How much surer one reading of it is than another that contradicts it, at least."""
_WIDE = 0.045
"""Half the width of the head of a depth column at least, share of the strip's width."""


def unit_at_column(
    strip: Strip, sections: Sequence[FoundSection], words: Sequence[Word], reader: Reader, below: bool = False
) -> tuple[DepthUnit, float] | None:
    """The unit that the head of a depth column names, and how sure; None where none does, or two disagree.

    What stands there is of depth, whatever the rest of the print is about; where nothing is read upright, the
    head is turned: narrow columns are headed sideways.

    Args:
        strip: the scan.
        sections: with their depth columns.
        words: print that was read already.
        reader: as ``engine()`` gives it.
        below: look at the feet of the columns: some logs have their scale block there alone.
    """
    heads = [(section, _head(strip, section, below)) for section in sections if section.chain is not None]
    said = [_said(w.text for w in words if _within(w, head)) for _, head in heads]
    known = {unit for unit in said if unit is not None}
    turns: tuple[Turn, Turn] = (270, 90)
    for turn in turns:
        for _, head in heads[:2] if not known else ():
            turned = read_box(strip, head, reader, zoom_of(strip), turn)
            unit = _said(w.text for w in turned if len(w.text) > 1)  # a scrap of a curve reads as one letter
            known |= {unit} if unit is not None else set()
    return (known.pop(), 0.95) if len(known) == 1 else None


def unit_along_column(strip: Strip, section: FoundSection, reader: Reader) -> tuple[DepthUnit, float] | None:
    """The unit in the title of a depth axis, which runs up or down the paper beside the figures, half way.

    So plots have it. What stands there is read only where no other print says the unit.

    Args:
        strip: the scan.
        section: with its depth column.
        reader: as ``engine()`` gives it.
    """
    middle, half = (section.top + section.bottom) / 2, _TITLE * strip.width
    wide = section.column.width if section.chain is None else min(section.chain.width, section.column.width)
    x, aside = section.column.x_at(middle), wide / 2
    top, bottom = (round(np.clip(middle + d, section.top, section.bottom)) for d in (-half, half))
    reach = round(_BESIDE * strip.width)
    near = [edge_at(edge, middle) for track in section.tracks for edge in (track.left, track.right)]
    left = max([0.0, x - aside - reach, *(e for e in near if e < x)])
    right = min([float(strip.width), x + aside + reach, *(e for e in near if e > x)])
    sides = ((left, x - aside), (x + aside, right))
    boxes = [Box(top, round(a), bottom, round(b)) for a, b in sides if min(b - a, bottom - top) >= _THIN]
    turns: tuple[Turn, Turn] = (90, 270)
    words = [w for box in boxes for turn in turns for w in read_box(strip, box, reader, zoom_of(strip), turn)]
    best: dict[DepthUnit, float] = {}  # read the wrong way round, letters are less sure
    for word in words:
        said = _said([word.text]) if len(word.text) > 1 else None
        if said is not None:
            best[said] = max(best.get(said, 0.0), word.confidence)
    sure = sorted(best, key=lambda unit: -best[unit])
    plain = len(sure) == 1 or (len(sure) == 2 and best[sure[0]] - best[sure[1]] > _SURER)
    return (sure[0], 0.9) if plain else None


def _head(strip: Strip, section: FoundSection, below: bool) -> Box:
    """Where the head of the depth column of a section stands, or its foot."""
    middle = section.column.x_at(section.bottom if below else section.top)
    half = max(section.column.width, _WIDE * strip.width)
    tall = round(_HEAD * strip.width)
    top = min(section.bottom, strip.height - 8) if below else max(0, section.top - tall)
    bottom = min(strip.height, section.bottom + tall) if below else section.top
    left, right = max(0, round(middle - half)), min(strip.width, round(middle + half))
    return Box(top, left, max(top + 8, bottom), max(left + 8, right))


def _within(word: Word, box: Box) -> bool:
    """Whether a word stands in a box, and is not wider than it by half."""
    wide = word.right - word.left > 1.5 * box.width
    return box.top <= word.y <= box.bottom and box.left <= word.x <= box.right and not wide


def _said(texts: Iterable[str]) -> DepthUnit | None:
    every = [_spelt(text) for text in texts]
    short = [text for text in every if len(text) <= _SHORT]
    feet = any(_HEAD_FEET.search(text) for text in every) or any(_LETTER["FT"].search(t) for t in short)
    metres = any(_HEAD_METRES.search(text) for text in every) or any(_LETTER["M"].search(t) for t in short)
    return None if feet == metres else "FT" if feet else "M"


def _spelt(text: str) -> str:
    """The unit that a word of a column's head spells but for one letter of it, else the text.

    >>> _spelt("FEFT"), _spelt("METFRS"), _spelt("DEPT"), _spelt("DEPTHM")
    ('FEET', 'METERS', 'DEPT', 'DEPTH M')
    """
    bare = text.strip(" .:()").upper()
    glued = _GLUED.fullmatch(bare)
    if glued is not None:
        return " ".join(glued.groups())
    for unit in _SPELT:
        if len(bare) == len(unit) and sum(a != b for a, b in zip(bare, unit, strict=True)) <= 1:
            return unit
    return text


def depth_unit_of(words: Sequence[Word]) -> tuple[DepthUnit, float] | None:
    """The unit of depth that print speaks for, and how sure; None where nothing or both are said as often.

    Metres of resistivity are none of depth, and a single word for metres is not believed on a log of the
    United States.

    >>> depth_unit_of([Word("Depth in Feet scaled 1:240", 1.0, 0, 0, 1, 1)])
    ('FT', 0.9)
    >>> depth_unit_of([Word(text, 1.0, 0, 0, 1, 1) for text in ("ohms. m2m", "LEA COUNTY")])
    ('FT', 0.8)
    >>> depth_unit_of([Word(text, 1.0, 0, 0, 1, 1) for text in ("T.D. 905 m", "LEA COUNTY")])
    >>> depth_unit_of([Word(text, 1.0, 0, 0, 1, 1) for text in ("TRI-COUNTY INC.", "USEC FT", "1:1000")])
    ('M', 0.9)
    """
    feet = sum(1.0 for w in words if _FEET.search(_PER_FOOT.sub("", w.text)))
    metres = sum(1.0 for w in words if _METRES.search(w.text) and not _OHMS.search(w.text))
    american = any(_STATES.search(w.text) for w in words)
    if feet or metres:
        if feet >= 3 * metres:
            return "FT", 0.9 if feet >= 1 else 0.8
        if metres >= 3 * feet and not (american and metres == 1):
            return "M", 0.9
    if american and (feet > metres or not metres):
        return "FT", 0.8  # wells of the United States are logged in feet
    return None
