"""Numbers in print, and the lines that they stand on."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, replace
from itertools import pairwise

from logdigit.paper.text import Word
from logdigit.paper.units import unit_of

_NUMBER = re.compile(r"[-+–−]?(?:\d+(?:[.,]\d*)?|[.,]\d+)")
_ONE = re.compile(r"[iIl][oóO0]{1,3}|[hiIl]\d{2,3}")
"""A number whose one is read as a letter, and noughts perhaps too."""
_SPECK = re.compile(r"[.,]\d0+")
_UNSURE = 0.4
_OVER = 0.75
"""Digits by which two numbers read as one are cut beside the place where they meet, at most."""
_GLUED = re.compile(r"(.*?[A-Za-z)\]}])([-+–−]?\d+(?:[.,]\d+)?)")
"""A number that ends what is read in one piece with the unit before it."""
_BEFORE = re.compile(r"([-+–−]?\d+(?:[.,]\d+)?)[A-Za-z]{4,}.*|([-+–−]?\d+[.,]\d+)[A-Za-z]{2,}.*")
"""A number that a name follows without a blank."""
_STROKES = re.compile(
    r"[.·]{2,}|…+|[-–—_=~]+(?=[-–—_=~][\d.])|[-–—_=~]{2,}(?![-\d.])|(?<=\d)[-–—.](?=[A-Za-z(])|(?<=[A-Za-z)])[—–.](?=\d)"
)
"""What the stroke of a curve that is drawn between its name and its values is read as."""
_BLANK = re.compile(r"(?<![\d.,])(\d(?= \d\d\b)|\d{1,4}(?= 0{4}\b)|^0(?= \d [A-Za-z])) (\d+)(?![\d.,])")
"""A number of which the point is read as a blank."""
_APART = re.compile(r"(?<![\d.,])(\d+) (00+\.)(?!\d)")
"""A number that ends in its point, read in two pieces."""
_TOKEN = re.compile(r"(?<![\w.,/])[-+]?\d+(?:[.,](\d+))?(?![\w,/]|\.\d)")
"""A number as it stands in print, with what is behind its point."""
_PLAINLY = 3
"""Noughts behind a point, from which a number that ends in as many has lost it."""
_CUSTOM, _MOSTLY = 4, 0.5
"""Numbers with the same count of noughts behind the point that make a custom of it, and share of them all."""
_CLOSE = 0.7
"""Width of a letter, as share of its height, up to which a blank among digits parts no numbers."""
_WHOLE = re.compile(r"[-+]?(?:0|[1-9]\d*)\.\d+")
"""A number with its point as print has it."""
_NOUGHTS = re.compile(r"-?00+(\.0*)?")
"""The end of a longer number; none is printed so."""
_NAME = 3
"""Letters that make a name of what is read in one piece."""


@dataclass(frozen=True)
class Number:
    """A number in a scale block, with its box; ``named`` if it was read as part of a name (16" NORMAL)."""

    value: float
    word: Word
    named: bool = False


def split_words(words: Sequence[Word]) -> list[Word]:
    """Words cut at blanks and bars, behind a unit and before a name, each part with its share of the box.

    >>> def parts(*texts):
    ...     return [w.text for w in split_words([Word(text, 1.0, 0, 0, 20, 1) for text in texts])]
    >>> parts("0.2 DEEP (OHM-M)2000", "M2R9", "-100SPONTANEOUS", "-160.0SP")
    ['0.2', 'DEEP', '(OHM-M)', '2000', 'M2R9', '-100', 'SPONTANEOUS', '-160.0', 'SP']
    >>> parts("1 95 DENSITY", "140-DT(US/F)..-40", "INCHES14 0000")
    ['1.95', 'DENSITY', '140', 'DT(US/F)', '-40', 'INCHES', '14.0000']
    >>> parts("0 2 ILM", "75.0000150.0000", "2000.01.95", "20 00.", "4.0.")
    ['0.2', 'ILM', '75.0000', '150.0000', '2000.0', '1.95', '2000.', '4.0.']
    """
    out: list[Word] = []
    for word in words:
        width = (word.right - word.left) / max(1, len(word.text))
        plain = _APART.sub(r"\1\2 ", word.text)
        if _is_named(word):
            plain = _STROKES.sub(lambda m: " " * len(m.group()), plain)
        if _is_named(word) or width < _CLOSE * (word.bottom - word.top):
            plain = _BLANK.sub(r"\1.\2", plain)
        for match in re.finditer(r"[^\s|]+", plain):
            cuts = {0, *_cuts(match.group()), match.end() - match.start()}
            for start, end in pairwise(sorted(match.start() + cut for cut in cuts)):
                left, right = (word.left + width * k for k in (start, end))
                out.append(replace(word, text=plain[start:end], left=left, right=right))
    return out


def pointed(words: Sequence[Word]) -> list[Word]:
    """Words of a block with the points that are read as blanks, where its numbers are printed as 45.0.

    Or as commas, or not at all, where three noughts or more stand behind each: 45.000.

    >>> def texts(*texts):
    ...     return [w.text for w in pointed([Word(text, 1.0, 0, 0, 20, 1) for text in texts])]
    >>> texts("0.0", "45.0", "2.0", "-15.0", "2000 0", "45 0")[4:]
    ['2000.0', '45.0']
    >>> texts("0", "150", "2.0", "3.0", "150 0")[4:]
    ['150 0']
    >>> texts("0.000", "45.000", "2.000", "3.000", "14000", "-15000", "45,000")[4:]
    ['14.000', '-15.000', '45.000']
    """
    behind = [match.group(1) for word in words for match in _TOKEN.finditer(word.text)]
    noughts = Counter(len(digits) for digits in behind if digits and not digits.strip("0"))
    count, seen = max(noughts.items(), key=lambda item: item[1], default=(0, 0))
    if seen < max(_CUSTOM, _MOSTLY * len(behind)):
        return list(words)
    blank = "[ ,]?" if count >= _PLAINLY else " "
    lost = re.compile(rf"(?<![\d.,])(\d+){blank}(0{{{count}}})(?![\w.,])")
    return [replace(word, text=lost.sub(r"\1.\2", word.text)) for word in words]


def _is_named(word: Word) -> bool:
    """Whether a word has the letters of a name."""
    return len(re.findall(r"[A-Za-z]", word.text)) >= _NAME


def _cuts(text: str) -> list[int]:
    """Letters of a text up to the number behind a unit or a bracket, or to the name, or to further numbers.

    Numbers that touch are told apart where all have as many digits behind the point; two, where that can be
    done in one way only.
    """
    before = _BEFORE.fullmatch(text)
    if before is not None:
        return [len(before.group(1) or before.group(2))]
    glued = _GLUED.fullmatch(text)
    if glued is not None and (glued.group(1)[-1] in ")]}" or unit_of(glued.group(1))):
        return [len(glued.group(1))]
    if re.fullmatch(r"[-+]?\d+\.0\.", text):  # 4.0 and a speck
        return []
    one = rf"[-+]?\d+\.\d{{{len(text) - 1 - text.rfind('.')}}}"
    if text.count(".") > 1 and re.fullmatch(f"(?:{one})+", text):
        return [match.end() for match in re.finditer(one, text)]
    ways = [k for k in range(1, len(text)) if _WHOLE.fullmatch(text[:k]) and _WHOLE.fullmatch(text[k:])]
    return ways if len(ways) == 1 and text.count(".") > 1 else []


def number_of(word: Word) -> Number | None:
    """The number that a word is; None for anything else.

    >>> number_of(Word('16"', 1.0, 0, 0, 1, 1)).value, number_of(Word("2000.", 1.0, 0, 0, 1, 1)).value
    (16.0, 2000.0)
    >>> number_of(Word("·160", 1.0, 0, 0, 1, 1)).value, number_of(Word("1.95—", 1.0, 0, 0, 1, 1)).value
    (-160.0, 1.95)
    >>> number_of(Word("02", 1.0, 0, 0, 1, 1)).value
    0.2
    >>> number_of(Word("i0", 1.0, 0, 0, 1, 1)).value, number_of(Word("lOO", 1.0, 0, 0, 1, 1)).value
    (10.0, 100.0)
    >>> number_of(Word("h60", 1.0, 0, 0, 1, 1)).value, number_of(Word("5θ", 1.0, 0, 0, 1, 1)).value
    (160.0, 50.0)
    >>> number_of(Word("日", 1.0, 0, 0, 1, 1)).value
    0.0
    >>> number_of(Word("14,0000", 1.0, 0, 0, 1, 1)).value, number_of(Word("~15", 1.0, 0, 0, 1, 1)).value
    (14.0, -15.0)
    >>> number_of(Word(".300.0", 1.0, 0, 0, 1, 1)).value, number_of(Word("4.0.", 1.0, 0, 0, 1, 1)).value
    (300.0, 4.0)
    >>> number_of(Word("21K", 1.0, 0, 0, 1, 1)).value
    21000.0
    >>> [number_of(Word(text, 1.0, 0, 0, 1, 1)) for text in ("AT90", "000", "000.0")]
    [None, None, None]
    """
    text = re.sub("[−–—·•∙~]", "-", word.text.strip("\"'°:;|_()[]"))  # a short minus is read as a dot
    text = re.sub(r"^-+(?=[-\d.,])", "-", text).rstrip("-")  # of a stroke drawn up to the number
    text = re.sub(r"^([-+]?)\.(?=\d+\.\d)", r"\1", text)  # a speck: the point is there
    text = re.sub(r"(?<=\d\.)(\d+)\.$", r"\1", text)
    text = re.sub("[θΘØø∅日曰口〇]", "0", text)  # with a stroke through it, as on plotters; framed
    if text in ("O", "o", "ó", "Q", "D"):
        text = "0"
    if _ONE.fullmatch(text):
        text = "1" + re.sub("[oóO]", "0", text[1:])
    if _SPECK.fullmatch(text):  # 50 behind a speck, or half
        word = replace(word, confidence=min(word.confidence, _UNSURE))
    thousands = re.fullmatch(r"-?\d{1,2}[Kk]", text) is not None
    text = text[:-1] if thousands else text
    if not _NUMBER.fullmatch(text) or _NOUGHTS.fullmatch(text):
        return None
    text = (
        re.sub(r"^([-+]?)0(?=[1-9])", r"\g<1>0.", text) if "." not in text else text
    )  # 02 has lost its point
    text = text.replace(",", "." if re.fullmatch(r"[-+]?\d*,(?:\d{1,2}|\d{4,})", text) else "")
    return Number(1000 * float(text) if thousands else float(text), word)


def _numbers_in(word: Word) -> list[Number]:
    found = [n for n in map(number_of, split_words([word])) if n is not None]
    return [replace(n, named=_is_named(word)) for n in found]


def lines_of_numbers(words: Sequence[Word]) -> list[list[Number]]:
    """Numbers that stand on one line, from left to right; lines from top to bottom."""
    return on_lines([n for word in words for n in _numbers_in(word)])


def on_lines(numbers: Sequence[Number]) -> list[list[Number]]:
    """Numbers by the lines that they stand on, from left to right; lines from top to bottom."""
    lines: list[list[Number]] = []
    for number in sorted(numbers, key=lambda n: n.word.y):
        height = max(10.0, number.word.bottom - number.word.top)
        if lines and abs(number.word.y - lines[-1][-1].word.y) < 0.45 * height:
            lines[-1].append(number)
        else:
            lines.append([number])
    return [sorted(line, key=lambda n: n.word.x) for line in lines]


def parted(number: Number) -> list[tuple[Number, Number]]:
    """A number as two that stand end to end, each way that leaves two numbers: 200 is 20 and 0."""
    word = number.word
    out = []
    for k in range(1, len(word.text)):
        cut = word.left + (word.right - word.left) * k / len(word.text)
        first = number_of(replace(word, text=word.text[:k], right=cut))
        second = number_of(replace(word, text=word.text[k:], left=cut))
        if first is not None and second is not None:
            out.append((first, second))
    return out


def parted_at(number: Number, x: float) -> tuple[Number, Number] | None:
    """The two numbers that one which goes over the seam of two tracks was read from; None for any other."""
    word = number.word
    digit = (word.right - word.left) / max(1, len(word.text))
    if not word.left + 0.5 * digit < x < word.right - 0.5 * digit:
        return None
    pairs = parted(number)
    best = min(pairs, key=lambda pair: abs(pair[0].word.right - x), default=None)
    return best if best is not None and abs(best[0].word.right - x) < _OVER * digit else None


def name_in(text: str, values: Sequence[float] = ()) -> str:
    """A printed name without its values and the strokes that were read with it, as LAS can hold it.

    >>> name_in("45 .. NEUTRON POROSITY (PU) .. -15", (45.0, -15.0)), name_in("-- Gamma  Ray°")
    ('NEUTRON POROSITY (PU)', 'Gamma Ray')
    """
    plain = _STROKES.sub(" ", text).encode("ascii", "ignore").decode()
    parts = [part for part in plain.split() if part not in ("-", "_", "=", "~", ".")]
    for end in (0, -1):
        number = number_of(Word(parts[end], 1.0, 0, 0, 1, 1)) if len(parts) > 1 else None
        if number is not None and any(abs(number.value) == abs(value) for value in values):
            parts.pop(end)
    return " ".join(parts)
