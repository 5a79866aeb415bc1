"""Print of scale blocks read without the strokes that run up to it.

Many logs draw the stroke of a curve on the line of its name and values: ``0 --- GR (API) --- 150``. The
reader takes the stroke for dashes, points and minus signs, and ties name and values together with it. So
where a line has strokes, it is read again without them, and each track by itself.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import Any

import cv2
import numpy as np
from numpy.typing import NDArray
from scipy.stats import theilslopes

from logdigit.paper.numbers import number_of, split_words
from logdigit.paper.seams import Ruled
from logdigit.paper.skew import ink_mask
from logdigit.paper.text import Reader, Word, grey_of, placed, read_pixels
from logdigit.types import Box, Float, Strip, UInt8

_FLAT = 0.35
"""Height of a piece of a stroke at most, as share of the height of the print."""
_HIGH = 0.5
"""Height of a letter at least, as share of the height of the print."""
_LETTER, _LETTERS = 1.2, 8
"""Height of a letter at most, and letters from which it shows how their line leans."""
_LEANS = 0.1
"""Rows by which a line leans over its width, as share of those that are read, from which that counts."""
_BOX = 1.35
"""Height of print as the reader gives it, as multiple of that of a letter."""
_MIDDLE = 0.3
"""Distance of a stroke from the middle of the print, as share of its height, at most."""
_LEVEL = 0.14
"""By which pieces of one stroke are higher or lower, at most."""
_LONG = 1.2
"""Length of a stroke at least, as multiple of the height of the print."""
_INKED = 0.25
"""Share of its length on which a stroke has ink, at least: specks have less."""
_MINUS = 0.8
"""Length of a minus sign, and its distance from its number, at most."""
_SEVERAL, _ALIKE = 3, 0.3
"""Pieces of a broken stroke from which its period is known, and by which its lengths and gaps differ."""
_DRAWN = re.compile(r"[-–—−_=~…·]|\.\D|\.$|^\.")
"""What strokes are read as, among other things."""
_BARE, _SIGNED = re.compile(r"\d+(?:\.\d+|,\d{1,3})?"), re.compile(r"[-+\d.,]+")
_SURE = 0.8
"""Certainty from which a bare number stands as it was read first."""
_UNSURE = 0.02
"""Certainty by which words of a line that is read again are less sure on the mean, at most."""
_MARGIN = 0.35
"""Paper about a line of print that is read again, as share of its height."""
_UPRIGHT = 0.9
"""Rows of the line of a frame, as share of those that are read, at least."""
_NARROW = 0.4
"""Length of a part of a line that holds print, as multiple of the height of the print, at least."""


@dataclass(frozen=True)
class PlainStrip(Strip):
    """A strip without some of its strokes.

    Attributes:
        erased: first row and column, bool (H, W) and grey level of the paper, of each place.
    """

    erased: tuple[tuple[int, int, NDArray[np.bool_], int], ...] = ()

    def read(self, top: int, bottom: int) -> UInt8:
        """Rows ``top`` to ``bottom``, as ``Strip`` gives them."""
        pixels = super().read(top, bottom)
        for row, column, mask, paper in self.erased:
            first, last = max(top, row), min(bottom, row + len(mask))
            if first < last:
                pixels = pixels.copy()
                part = pixels[first - top : last - top, column : column + mask.shape[1]]
                part[mask[first - row : last - row]] = paper
        return pixels


def read_without_strokes(
    strip: Strip, words: Sequence[Word], log: Sequence[Ruled], reader: Reader, zoom: float
) -> tuple[Strip, list[Word]]:
    """The strip without the strokes on lines of print, and the words, those lines read again.

    Args:
        strip: the scan.
        words: print of a scale block, strip px.
        log: the tracks beside it.
        reader: as ``engine()`` gives it.
        zoom: by which the pixels are enlarged first.
    """
    out: list[Word] = []
    erased = []
    edges = min((t.left for t in log), default=0.0), max((t.right for t in log), default=0.0)
    for line in _lines(words):
        tall = float(np.median([w.bottom - w.top for w in line]))
        top, bottom = min(w.top for w in line) - _MARGIN * tall, max(w.bottom for w in line) + _MARGIN * tall
        left, right = (
            min(edges[0], *(w.left for w in line)) - tall,
            max(edges[1], *(w.right for w in line)) + tall,
        )
        box = Box(
            max(0, round(top)),
            max(0, round(left)),
            min(strip.height, round(bottom)),
            min(strip.width, round(right)),
        )
        grey = grey_of(strip.read(box.top, box.bottom))[:, box.left : box.right]
        mask = strokes_in(grey, tall) if _doubtful(line) else np.zeros(grey.shape, np.bool_)
        if not mask.any():
            out += line
            continue
        tracks = [t for one in log for t in one.tracks_at((top + bottom) / 2)]
        cuts = sorted({round(x) for t in tracks for x in (t.left, t.right) if box.left < x < box.right})
        mask |= _frames_in(grey)
        paper = int(np.percentile(grey, 90))
        erased.append((box.top, box.left, mask, paper))
        again = _read_parts(np.where(mask, paper, grey).astype(np.uint8), box, cuts, tall, reader, zoom)
        out += _merged(line, again) if _surer(again, line) else line
    return PlainStrip(strip.pages, strip.joins, strip.findings, tuple(erased)) if erased else strip, out


def _frames_in(grey: UInt8) -> NDArray[np.bool_]:
    """(H, W) bool: upright lines from top to bottom of a line of print: higher than any letter."""
    ink = cv2.dilate(ink_mask(grey), np.ones((1, 3)))  # they may lean, and be broken
    ink = cv2.morphologyEx(ink, cv2.MORPH_CLOSE, np.ones((3, 1)))
    upright = cv2.morphologyEx(ink, cv2.MORPH_OPEN, np.ones((round(_UPRIGHT * len(grey)), 1)))
    return np.asarray(cv2.dilate(upright, np.ones((len(grey), 1))) > 0, dtype=np.bool_)


def _read_parts(
    grey: UInt8, box: Box, cuts: Sequence[int], tall: float, reader: Reader, zoom: float
) -> list[Word]:
    """Words of a line of print, its parts between columns laid beneath one another and read at once."""
    at = [box.left, *cuts, box.right]
    parts = [(a, b) for a, b in pairwise(at) if b - a >= _NARROW * tall]
    if not parts:
        return []
    pad = round(tall)
    high = box.height + pad
    wide = max(b - a for a, b in parts) + 2 * pad
    sheet = np.full((len(parts) * high, wide), np.percentile(grey, 90), np.uint8)
    for k, (a, b) in enumerate(parts):
        sheet[k * high : k * high + box.height, pad : pad + b - a] = grey[:, a - box.left : b - box.left]
    whole = Box(0, 0, *sheet.shape)
    out = []
    for word in read_pixels(sheet, whole, reader, zoom):
        k = min(len(parts) - 1, int(word.y // high))
        out.append(placed(word, 1.0, parts[k][0] - pad, box.top - k * high))
    return out


def _doubtful(line: Sequence[Word]) -> bool:
    """Whether a line has numbers, and not in pairs, or something that a stroke is read as."""
    numbers = [n for n in map(number_of, split_words(line)) if n is not None]
    return bool(numbers) and (len(numbers) % 2 == 1 or any(_DRAWN.search(word.text) for word in line))


def _surer(again: Sequence[Word], before: Sequence[Word]) -> bool:
    """Whether a line is read as surely as before: parts of other lines, or of letters, are not."""
    sure, was = (np.mean([w.confidence for w in words] or [0.0]) for words in (again, before))
    return bool(sure >= was - _UNSURE)


def _merged(before: Sequence[Word], again: Sequence[Word]) -> list[Word]:
    """Words of a line read again, with those before that are missing now, or were bare numbers even so."""
    bare = [w for w in before if _BARE.fullmatch(w.text) and w.confidence >= _SURE]
    again = [a for a in again if not (_SIGNED.fullmatch(a.text) and any(_overlap(a, word) for word in bare))]
    return [*again, *(w for w in before if not any(_overlap(w, a) for a in again))]


def _overlap(one: Word, other: Word) -> bool:
    return one.left < other.right and other.left < one.right


def _lines(words: Sequence[Word]) -> list[list[Word]]:
    """Words on one line whose numbers or name a stroke may run up to, from left to right."""
    lines: list[list[Word]] = []
    for word in sorted(words, key=lambda w: w.y):
        near = [li for li in lines if abs(li[-1].y - word.y) < 0.35 * (word.bottom - word.top)]
        if near and not word.turn:
            near[-1].append(word)
        else:
            lines.append([word])
    return [sorted(line, key=lambda w: w.x) for line in lines]


def strokes_in(grey: UInt8, tall: float) -> NDArray[np.bool_]:
    """(H, W) bool: the level strokes half way up a line of print (H, W).

    A piece of a stroke is low; several of them, or a single long one, follow each other at one height with no
    letter between. The last one before a number may be its minus sign, and stays.

    Args:
        grey: pixels, print dark.
        tall: height of the print, px.
    """
    count, labels, stats, centres = cv2.connectedComponentsWithStats(ink_mask(grey), connectivity=8)
    left, wide, high = (stats[:, k] for k in (cv2.CC_STAT_LEFT, cv2.CC_STAT_WIDTH, cv2.CC_STAT_HEIGHT))
    right = left + wide
    numbers = np.arange(count)
    letters = [k for k in numbers[1:] if high[k] >= _HIGH * tall]
    plain = [k for k in letters if high[k] <= _LETTER * tall]
    if len(plain) >= _LETTERS:  # the box of a long line that leans is higher than its print
        tall = min(tall, _BOX * float(np.median(high[plain])))
    middle = _middle(np.asarray(centres, dtype=np.float64), plain, grey.shape)
    level = np.abs(centres[:, 1] - middle) < _MIDDLE * tall
    pieces = [k for k in numbers[1:] if level[k] and high[k] <= max(4.0, _FLAT * tall)]
    runs: list[list[int]] = []
    for k in sorted(pieces, key=lambda k: left[k]):
        last = runs[-1][-1] if runs else None
        between = last is not None and any(left[m] < right[k] and right[m] > left[last] for m in letters)
        if (
            last is not None
            and not between
            and abs(centres[k, 1] - centres[last, 1]) <= max(2.0, _LEVEL * tall)
        ):
            runs[-1].append(int(k))
        else:
            runs.append([int(k)])
    gone = np.zeros(count, bool)
    for run in runs:
        beside = min((left[m] - right[run[-1]] for m in letters if left[m] >= right[run[-1]]), default=np.inf)
        sign = 0.2 * tall < wide[run[-1]] < _MINUS * tall and beside < _FLAT * tall
        sign = sign and not _goes_on(wide[run], left[run[1:]] - right[run[:-1]])
        kept = run[:-1] if sign else run
        length = right[kept[-1]] - left[kept[0]] if kept else 0
        if length >= _LONG * tall and wide[kept].sum() >= _INKED * length:
            gone[kept] = True
    return np.asarray(
        cv2.dilate(gone[labels].astype(np.uint8), np.ones((3, 3), np.uint8)) > 0, dtype=np.bool_
    )


def _middle(centres: Float, letters: Sequence[int], shape: tuple[int, ...]) -> Float:
    """Row of the middle of a line of print at the centre of each piece, (K,): a line may lean."""
    xs, ys = centres[letters].T if letters else np.zeros((2, 0))
    if len(xs) < _LETTERS or np.ptp(xs) < 0.5 * shape[1]:
        return np.full(len(centres), (shape[0] - 1) / 2)
    lean = float(theilslopes(ys, xs).slope)
    if abs(lean) * shape[1] < _LEANS * shape[0]:
        return np.full(len(centres), (shape[0] - 1) / 2)
    return np.asarray(np.median(ys - lean * xs) + lean * centres[:, 0], dtype=np.float64)


def _goes_on(lengths: NDArray[Any], gaps: NDArray[Any]) -> bool:
    """Whether the last piece of a run is one more of a broken stroke: as long, as far from the one before."""
    if len(lengths) < _SEVERAL:
        return False
    near = np.abs(lengths[:-1] - lengths[-1]).min() <= max(2.0, _ALIKE * lengths[-1])
    return bool(near and abs(gaps[-1] - np.median(gaps[:-1])) <= max(2.0, _ALIKE * np.median(gaps[:-1])))
