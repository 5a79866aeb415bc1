"""A second, closer look at numbers of scale blocks: lost zeros and lost minus signs change every value."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace
from itertools import pairwise

import numpy as np
from scipy.ndimage import find_objects, label

from logdigit.paper.lone import lone_number
from logdigit.paper.numbers import Number, lines_of_numbers, number_of, split_words
from logdigit.paper.scales import scale_rows
from logdigit.paper.seams import Ruled
from logdigit.paper.text import Reader, Word, grey_of, read_box
from logdigit.types import Box, Strip

_SPACING = re.compile(r"\d\s?-?(?:IN\b|INCH|FT\b|FOOT|[\"”″'])", re.IGNORECASE)
"""Spacing of a tool in the name of its curve, 120 IN DOI: no number of a scale."""
_OVER = 0.6
"""Distance of the middle of a number from the edge that it stands over, in heights of print, at most."""
_LINE, _DRAWN, _DARK = (0.7, 0.15), 0.7, 60
"""Between how many heights of print above it the line of a frame is looked for; the share of its rows that
such a line darkens, at least; grey levels by which ink is darker than paper."""
_APART = 3.0
"""Paper between two tracks in which no column of figures stands, in heights of print, at most."""
_GAP = 0.45
"""Gap between two numbers on either side of an edge, in heights of print, at least."""
_GLUED = re.compile(r"\d*\.\d+\.\d")
"""Two numbers that touch: a box about one of them cuts through the other."""
_CLOSER = 2.0
"""Enlargement of the second look, beside that of the first."""


def look_again(
    strip: Strip, words: Sequence[Word], log: Sequence[Ruled], reader: Reader, zoom: float
) -> list[Word]:
    """Words with the numbers at edges of tracks read a second time, and those added that were missed there.

    On lines that make no scale as they were read, all numbers are read a second time.

    Where two readings differ by the minus sign alone, the sign is believed, less surely; where they differ
    otherwise, neither is.
    """
    words = [piece for word in words for piece in _parted(strip, word, log, reader, zoom)]
    out = list(words)
    for line in lines_of_numbers(words):
        for track, own in (pair for block in log for pair in block.numbers_of(line)):
            if not own:
                continue
            doubted = own if not scale_rows(own, track.left, track.right) else (own[0], own[-1])
            for number in {id(n): n for n in doubted}.values():
                _confirm(strip, out, number, reader, zoom)
            _complete(strip, out, own, track.left, track.right, reader, zoom)
    return out


def _parted(strip: Strip, word: Word, log: Sequence[Ruled], reader: Reader, zoom: float) -> list[Word]:
    """A word with a number in it that goes over the edge of a track, read again on either side of it."""
    tall = word.bottom - word.top
    seams = _meeting([t for block in log for t in block.tracks_at(word.y)], _APART * tall)
    over = [x for x in seams if word.left + 0.4 * tall < x < word.right - 0.4 * tall]
    over = [x for x in over if not _stands_over(strip, word, x)]
    if not over or not any(c.isdigit() for c in word.text):
        return [word]
    ends = [word.left - 0.5 * tall, *over, word.right + 0.5 * tall]
    out: list[Word] = []
    for left, right in pairwise(ends):
        box = _inside(strip, left + 2, word.top - 0.35 * tall, right - 2, word.bottom + 0.35 * tall)
        found = read_box(strip, box, reader, _CLOSER * zoom)
        lone = lone_number(strip, box, tall, reader) if not found else None
        out += found if lone is None else [lone.word]
    return out or [word]


def _meeting(tracks: Sequence[Ruled], apart: float) -> list[float]:
    """Edges of tracks from left to right; of two with less than ``apart`` px of paper between, its middle.

    Numbers may stand astride both edges, those of one track and those of the next.
    """
    sides = sorted((t.left, t.right) for t in tracks)
    gaps = [(a, b) for (_, a), (b, _) in pairwise(sides) if 0 < b - a < apart]
    edges = {x for side in sides for x in side} - {x for gap in gaps for x in gap}
    return sorted(edges | {(a + b) / 2 for a, b in gaps})


def _stands_over(strip: Strip, word: Word, edge: float) -> bool:
    """Whether a number stands over the edge of a track as at a division, as those of the axes of plots do.

    No line of a frame comes down on it, and no gap as between two numbers is there.
    """
    tall = word.bottom - word.top
    if number_of(word) is None or abs(word.x - edge) > _OVER * tall:
        return False
    left, top = max(0, round(word.left)), max(0, round(word.top - _LINE[0] * tall))
    grey = grey_of(strip.read(top, round(word.bottom)))[:, left : round(word.right)].astype(np.int16)
    dark = np.asarray(grey < np.percentile(grey, 90) - _DARK, dtype=np.bool_)
    above, print_ = dark[: round((_LINE[0] - _LINE[1]) * tall)], dark[round(_LINE[0] * tall) :]
    at, near = round(edge) - left, max(2, round(_LINE[1] * tall))
    if above[:, max(0, at - near) : at + near].mean(axis=0).max(initial=0.0) > _DRAWN:
        return False
    blanks = find_objects(label(~print_.any(axis=0))[0])
    gaps = [b.stop - b.start for (b,) in blanks if b.start <= at + near and at - near < b.stop]
    return max(gaps, default=0) < _GAP * tall


def _read_numbers(strip: Strip, box: Box, reader: Reader, zoom: float) -> list[Number]:
    words = split_words(read_box(strip, box, reader, _CLOSER * zoom))
    return [n for n in map(number_of, words) if n is not None]


def _confirm(strip: Strip, words: list[Word], number: Number, reader: Reader, zoom: float) -> None:
    """Read a number again and lower or mend the word it came from."""
    own = number.word
    source = next(
        (k for k, w in enumerate(words) if w.y == own.y and w.left - 1 <= own.left <= w.right), None
    )
    glued = source is not None and _GLUED.search(words[source].text) is not None
    for about in (own, words[source]) if source is not None and glued else (own,):
        again = _again(strip, about, own, reader, zoom)
        if again is None or again.value == number.value:
            return  # a lone digit may be missed in a small crop: the first reading stands
    if source is None or again is None:
        return
    if again.value == -number.value:
        if again.value < 0 and number_of(words[source]) is not None:
            words[source] = replace(
                words[source], text=again.word.text, confidence=min(0.85, again.word.confidence)
            )
        return
    if not _SPACING.search(words[source].text):
        words[source] = replace(words[source], confidence=0.3)


def _again(strip: Strip, about: Word, own: Word, reader: Reader, zoom: float) -> Number | None:
    """The number that stands where ``own`` does, read from a box about a word; None where none is read."""
    tall = own.bottom - own.top
    box = _inside(
        strip,
        about.left - 1.2 * tall,
        own.top - 0.35 * tall,
        about.right + 0.6 * tall,
        own.bottom + 0.35 * tall,
    )
    near = [n for n in _read_numbers(strip, box, reader, zoom) if abs(n.word.x - own.x) < tall]
    return min(near, key=lambda n: abs(n.word.x - own.x), default=None)


def _complete(
    strip: Strip,
    words: list[Word],
    own: Sequence[Number],
    left: float,
    right: float,
    reader: Reader,
    zoom: float,
) -> None:
    """Look for the number at one edge of a line that has one at the other edge only."""
    width = right - left
    first, last = own[0], own[-1]
    tall = max(12.0, last.word.bottom - last.word.top)
    at_left = abs(first.word.left - left) < max(0.07 * width, 12)
    at_right = abs(last.word.right - right) < max(0.07 * width, 12)
    if at_left == at_right:
        return
    lo, hi = (
        (right - 0.16 * width, right + 0.02 * width)
        if at_left
        else (left - 0.02 * width, left + 0.16 * width)
    )
    y = (first if at_left else last).word.y
    box = _inside(strip, lo, y - 0.9 * tall, hi, y + 0.9 * tall)
    found = _read_numbers(strip, box, reader, zoom)
    if not found:
        place = _inside(strip, lo, y - 0.62 * tall, hi, y + 0.62 * tall)
        lone = lone_number(strip, place, tall, reader)
        found = [] if lone is None else [lone]
    for number in found:
        if not any(abs(number.word.x - w.x) < tall and abs(number.word.y - w.y) < 0.5 * tall for w in words):
            words.append(number.word)


def _inside(strip: Strip, left: float, top: float, right: float, bottom: float) -> Box:
    x0, y0 = max(0, round(left)), max(0, round(top))
    return Box(
        y0, x0, max(y0 + 8, min(strip.height, round(bottom))), max(x0 + 8, min(strip.width, round(right)))
    )
