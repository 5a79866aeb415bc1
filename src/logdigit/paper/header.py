"""The heading of a log: well, company, place, elevations, total depths, as label and value that were read.

Only what stands beside its own label is taken, and only where it looks like what the label announces: a date
like a date, an elevation like a number. A heading that runs up or down the paper is turned and read again.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from types import MappingProxyType

from logdigit.paper.column import zoom_of
from logdigit.paper.text import Reader, Turn, Word, read_box
from logdigit.types import Box, Strip

_SURE = 0.8
"""Least confidence of a label and of a value that are taken."""
_HIGHEST = 1.5
"""Height of a heading, as multiple of the strip's width, at most."""
_FAR = 0.4
"""How far right of its label a value may stand, share of the heading's width."""
_MONTH = r"(?:JAN|FEB|MAR|APR|MAY|JUN|JUL|AUG|SEP|OCT|NOV|DEC)[A-Z]*"


@dataclass(frozen=True)
class HeaderItem:
    """An item of the heading: its text, and how sure it was read, 0 to 1."""

    text: str
    sure: float


def _words_of(text: str) -> str:
    """Text that names something: letters in it, ASCII, no unit and no label."""
    plain = " ".join(text.strip(" :.-_|").split())
    return plain if plain.isascii() and len(re.sub(r"[^A-Za-z]", "", plain)) >= 2 and len(plain) <= 60 else ""


def _name_of(text: str) -> str:
    """The name of a well: letters or digits; wells are called 1-4 too."""
    plain = " ".join(text.strip(" :._|").split())
    return plain if plain.isascii() and re.search(r"[A-Za-z0-9]{1,}", plain) and len(plain) <= 60 else ""


def _place_of(text: str) -> str:
    plain = _words_of(text)
    return plain if plain and not re.search(r"\d", plain) else ""


def _number(text: str, low: float, high: float) -> str:
    """The number at the start of a text, as printed less commas and its unit; empty outside its limits."""
    match = re.fullmatch(
        r"[:\s]*(-?\d{1,3}(?:,\d{3})+|-?\d+)(\.\d+)?\s*(?:FT|FEET|M|METERS|IN|INCHES|[\"'])?\.?", text.upper()
    )
    if match is None:
        return ""
    plain = match.group(1).replace(",", "") + (match.group(2) or "")
    return plain if low <= float(plain) <= high else ""


def _depth(text: str) -> str:
    return _number(text, 20, 40000)


def _elevation(text: str) -> str:
    return _number(text, -50, 12000)


def _bit(text: str) -> str:
    """A bit size in inches, fractions worked out.

    >>> _bit('7 7/8"'), _bit("8.75"), _bit("265")
    ('7.875', '8.75', '')
    """
    match = re.fullmatch(r"(\d{1,2})[ -](\d{1,2})/(\d{1,2})\s*(?:IN|\"|'')?\.?", text.strip().upper())
    if match is not None and int(match.group(3)) in (2, 4, 8, 16):
        whole, over, under = (int(g) for g in match.groups())
        return f"{whole + over / under:g}" if over < under else ""
    return _number(text, 2, 40)


def _date(text: str) -> str:
    """A date as printed; empty for anything else.

    >>> _date("10-13-81"), _date("12 JUN 2010"), _date("24-Jun-18 06:45"), _date("1981")
    ('10-13-81', '12 JUN 2010', '24-Jun-18', '')
    """
    for form in (
        r"\d{1,4}\s?[-/.]\s?\d{1,2}\s?[-/.]\s?\d{2,4}",
        rf"\d{{1,2}}[-/. ]*{_MONTH}[-/., ]*\d{{2,4}}",
        rf"{_MONTH}[-/. ]*\d{{1,2}}[-/., ]+\d{{2,4}}",
    ):
        match = re.match(rf"[:\s]*({form})(?:\s|$)", text, re.IGNORECASE)
        if match is not None:
            return match.group(1)
    return ""


def _run(text: str) -> str:
    plain = text.strip(" :.").upper()
    return plain if re.fullmatch(r"\d{1,2}[A-Z]?|ONE|TWO|THREE|FOUR|FIVE|SIX", plain) else ""


_ITEMS: Mapping[str, tuple[str, Callable[[str], str]]] = MappingProxyType(
    {
        "COMP": (r"COMPANY|OPERATOR", _words_of),
        "WELL": (r"WELL(?: NAME)?(?: ?(?:&|AND)? ?N[O0]\.?)?", _name_of),
        "FLD": (r"FIELD(?: ?/ ?BLOCK)?(?: ?(?:OR|/) ?(?:PROSPECT|LOCATION))?", _words_of),
        "CNTY": (r"COUNTY|PARISH|COUNTY ?/ ?PARISH", _place_of),
        "STAT": (r"STATE", _place_of),
        "PROV": (r"PROVINCE", _place_of),
        "CTRY": (r"COUNTRY|NATION", _place_of),
        "DATE": (r"DATE(?: LOGGED)?|LOG(?:GING)? DATE|DATE OF LOG", _date),
        "RUN": (r"RUN(?: ?(?:N[O0]|NUMBER))?\.?", _run),
        "EKB": (r"(?:ELEV\w*[.:]? ?)?K\.? ?B\.?", _elevation),
        "EDF": (r"(?:ELEV\w*[.:]? ?)?D\.? ?F\.?", _elevation),
        "EGL": (r"(?:ELEV\w*[.:]? ?)?G\.? ?L\.?", _elevation),
        "TDD": (r"(?:TOTAL )?DEPTH ?[-—–_.(]* ?DRI?L*E?R?\)?|T\.?D\.? ?[-—–]* ?DRILLER", _depth),
        "TDL": (r"(?:TOTAL )?DEPTH ?[-—–_.(]* ?LOGGER\)?|T\.?D\.? ?[-—–]* ?LOGGER", _depth),
        "BS": (r"BIT ?SIZE", _bit),
    }
)
_LABEL = re.compile(
    r"\s*(?:COMPANY|OPERATOR|WELL|FIELD|COUNTY|PARISH|STATE|PROVINCE|COUNTRY|DATE|RUN|DEPTH|BIT|CASING|TYPE|"
    r"LOCATION|PERMANENT|DRILLING|LOG MEAS|ELEV|API|SEC|TWP|RGE|OTHER|BTM|TOP|MAX|RECORDED|WITNESSED)\b",
    re.IGNORECASE,
)
_API = re.compile(r"(?<!\d)(\d{2})[- ]?(\d{3})[- ]?(\d{2}[,.]?\d{3})(?:[- ]?(\d{2}))?(?:[- ]?(\d{2}))?(?!\d)")
_LAST_STATE = 61
"""Highest state code of an API number."""


@dataclass(frozen=True)
class Heading:
    """The heading above the first log: its items by their LAS name, and the print that they are of."""

    items: Mapping[str, HeaderItem]
    words: tuple[Word, ...]


def read_header(strip: Strip, bottom: int, words: Sequence[Word], reader: Reader) -> Heading:
    """The heading above the first log; print that runs up or down the paper is read turned.

    Args:
        strip: the scan.
        bottom: first row of the first log.
        words: print above it, as read upright, or without text where it runs sideways.
        reader: as ``engine()`` gives it.
    """
    above = [w for w in words if w.bottom <= bottom]
    lettered = [w for w in above if len(w.text) >= 4 or not w.text]
    above = [w for w in above if w.text]
    tall = [w for w in lettered if w.bottom - w.top > 1.4 * (w.right - w.left)]
    if len(tall) <= len(lettered) - len(tall):
        return Heading(items_of(above, strip.width), tuple(above))
    last = min(bottom, round(max(w.bottom for w in tall)) + 40, round(_HIGHEST * strip.width))
    best = Heading({}, ())
    turns: tuple[Turn, Turn] = (270, 90)
    for turn in turns:
        read = _read_turned(strip, last, turn, reader)
        best = max(best, Heading(items_of(read, last), tuple(read)), key=lambda heading: len(heading.items))
        if len(best.items) >= 3:
            break
    return best


def _read_turned(strip: Strip, bottom: int, turn: Turn, reader: Reader) -> list[Word]:
    """Words of the rows above ``bottom`` in the frame of the turned paper, px of the strip."""
    found = read_box(strip, Box(0, 0, bottom, strip.width), reader, zoom_of(strip), turn)
    return [_in_turned(word, turn, bottom, strip.width) for word in found]


def _in_turned(word: Word, turn: Turn, height: int, width: int) -> Word:
    """A word of the upright strip in the frame of the turned paper."""
    if turn == 270:  # x = y, y = width - x
        box = (word.top, width - word.right, word.bottom, width - word.left)
    else:  # x = height - y, y = x
        box = (height - word.bottom, word.left, height - word.top, word.right)
    return Word(word.text, word.confidence, *box)


def items_of(words: Sequence[Word], width: float) -> Mapping[str, HeaderItem]:
    """Items that words of an upright heading hold.

    Args:
        words: print of the heading.
        width: of the heading, in the same px.

    >>> words = [Word("COMPANY", 1.0, 10, 0, 90, 20), Word("ACME OIL", 0.9, 120, 1, 210, 21)]
    >>> items_of(words, 1000)["COMP"]
    HeaderItem(text='ACME OIL', sure=0.9)
    """
    out: dict[str, HeaderItem] = {}
    for name, (label, meant) in _ITEMS.items():
        form = re.compile(rf"\s*(?:{label})(?P<end>\s*[:.]+\s*|\s+|$)(?P<rest>.*)", re.IGNORECASE)
        for word in words:
            match = form.fullmatch(word.text)
            if match is None or word.confidence < _SURE:
                continue
            item = _inside(match, meant, word) or _beside(word, match, words, meant, width)
            if item is not None:
                out[name] = item
                break
    api = _api(words)
    return out if api is None else {**out, "API": api}


def _inside(match: re.Match[str], meant: Callable[[str], str], word: Word) -> HeaderItem | None:
    """The value that was read together with its label."""
    rest = match.group("rest")
    text = meant(rest) if rest else ""
    # a name without a colon after its label may be another phrase: WELL SURVEYS
    loose = meant in (_words_of, _name_of) and ":" not in match.group("end")
    return HeaderItem(text, round(word.confidence, 2)) if text and not loose else None


def _beside(
    label: Word, match: re.Match[str], words: Sequence[Word], meant: Callable[[str], str], width: float
) -> HeaderItem | None:
    """The value that stands right of its label on the same line."""
    if match.group("rest"):
        return None
    tall = label.bottom - label.top
    right = [
        w
        for w in words
        if w.left > label.right - 0.5 * tall
        and w.left - label.right < _FAR * width
        and abs(w.y - label.y) < 0.6 * max(tall, w.bottom - w.top)
    ]
    for word in sorted(right, key=lambda w: w.left)[:2]:
        if _LABEL.match(word.text) and not meant(word.text).isdigit():
            return None
        text = meant(word.text)
        if text and word.confidence >= _SURE:
            return HeaderItem(text, round(min(label.confidence, word.confidence), 2))
    return None


def _api(words: Sequence[Word]) -> HeaderItem | None:
    """The API number of a heading that says it has one."""
    if not any(re.match(r"\s*A\.?P\.?I\b", w.text.upper()) for w in words):
        return None
    for word in words:
        match = _API.search(re.sub(r"\s*-\s*", "-", word.text))
        if match is None or word.confidence < _SURE or not 1 <= int(match.group(1)) <= _LAST_STATE:
            continue
        parts = [re.sub(r"[,.]", "", part) for part in match.groups() if part]
        return HeaderItem("-".join(parts), round(word.confidence, 2))
    return None
