"""A closer look at a scale block of which something could not be read: print without frame and strokes.

Numbers at the edges of tracks stand against the lines of the frame, and names and units on the strokes of
their curves; with these taken away they are read.
"""

from __future__ import annotations

from collections.abc import Sequence

import cv2
import numpy as np

from logdigit.paper.lone import number_at
from logdigit.paper.mnemonics import measurement_of
from logdigit.paper.seams import Ruled
from logdigit.paper.skew import ink_mask
from logdigit.paper.text import Reader, Word, grey_of, legible, placed
from logdigit.paper.units import without_unit
from logdigit.types import Box, Strip, UInt8

_CLOSER = 1.5
"""Enlargement, beside that of the first look."""
_PAD = 32
_LINE = 0.045
"""Length of a line as share of the strip's width, at least."""
_BELOW = 2.8
"""Heights of print below a name in which its numbers stand."""
_SIDE, _ZONE, _NEAR = 0.03, 0.25, 0.05
"""Shares of a track's width: beside it that is its own; at its edge in which a number lies; by which that
stands off the edge, at most."""
_LOW, _HIGH, _GAP, _LONG = 0.4, 1.2, 0.5, 4.5
"""Height of a digit, the gap between two, and the length of a number, as multiples of the height of print."""
_ON = 0.3
"""Share of a word's box over that of another from which it is the same print."""


def read_unlined(strip: Strip, box: Box, reader: Reader, zoom: float) -> list[Word]:
    """Words of a box, read once the long lines are taken out of it.

    Args:
        strip: the scan, level.
        box: where to look.
        reader: as ``engine()`` gives it.
        zoom: as for the first look.
    """
    closer = _CLOSER * zoom
    grey = without_lines(
        grey_of(strip.read(box.top, box.bottom))[:, box.left : box.right], round(_LINE * strip.width)
    )
    sheet = np.pad(legible(grey, closer), _PAD, constant_values=255)  # print beside a border is not found
    left, top = box.left - _PAD / closer, box.top - _PAD / closer
    return [placed(word, closer, left, top) for word in reader(sheet)]


def numbers_beside(
    strip: Strip, track: Ruled, name: Word, words: Sequence[Word], reader: Reader
) -> list[Word]:
    """Numbers at the edges of a track on the lines of a name or just below it, where none was read.

    Args:
        strip: the scan, level.
        track: in which the name stands.
        name: of a curve.
        words: print of the block that is known.
        reader: as ``engine()`` gives it.
    """
    tall, width = name.bottom - name.top, track.right - track.left
    lower = [
        w.top
        for w in words
        if w.top > name.y + 1.5 * tall
        and track.left < w.x < track.right
        and measurement_of(without_unit(w.text)) is not None
    ]
    top = max(0, round(name.top - 0.3 * tall))
    bottom = min(strip.height, round(min([name.bottom + _BELOW * tall, *lower])))
    left, right = (
        max(0, round(track.left - _SIDE * width)),
        min(strip.width, round(track.right + _SIDE * width)),
    )
    if bottom - top < tall or right - left < 2 * tall:
        return []
    grey = without_lines(grey_of(strip.read(top, bottom))[:, left:right], round(_LINE * strip.width))
    grey = legible(grey)
    zone = _ZONE * width
    out: list[Word] = []
    for place in _glyphs(grey, tall):
        at_left = place[1] + left < track.left + _NEAR * width + tall and place[3] + left < track.left + zone
        at_right = (
            place[3] + left > track.right - _NEAR * width - tall and place[1] + left > track.right - zone
        )
        box = Word("", 1.0, left + place[1], top + place[0], left + place[3], top + place[2])
        if (at_left or at_right) and not any(_same(box, w) for w in words):
            number = number_at(grey, place, (left, top), reader)
            out += [] if number is None else [number.word]
    return out


def _glyphs(grey: UInt8, tall: float) -> list[tuple[int, int, int, int]]:
    """Top, left, bottom, right of runs of glyphs of the height of digits, with the minus before them."""
    ink, paper = int(grey.min()), int(np.percentile(grey, 95))
    dark = np.asarray(grey < paper - 0.3 * (paper - ink), dtype=np.uint8)
    _, _, stats, _ = cv2.connectedComponentsWithStats(dark, connectivity=8)
    boxes = [
        (int(y), int(x), int(y + h), int(x + w))
        for x, y, w, h, area in stats[1:]
        if area > 0.03 * tall * tall
    ]
    digits = sorted((b for b in boxes if _LOW * tall <= b[2] - b[0] <= _HIGH * tall), key=lambda b: b[1])
    runs: list[tuple[int, int, int, int]] = []
    for y0, x0, y1, x1 in digits:
        for k, (top, left, bottom, right) in enumerate(runs):
            lap = min(bottom, y1) - max(top, y0)
            if -0.2 * tall < x0 - right < _GAP * tall and lap > 0.6 * min(bottom - top, y1 - y0):
                runs[k] = (min(top, y0), left, max(bottom, y1), max(right, x1))
                break
        else:
            runs.append((y0, x0, y1, x1))
    return [_signed(run, boxes, tall) for run in runs if run[3] - run[1] < _LONG * tall]


def _signed(
    run: tuple[int, int, int, int], boxes: Sequence[tuple[int, int, int, int]], tall: float
) -> tuple[int, int, int, int]:
    """A run with the minus before it."""
    top, left, bottom, right = run
    for y0, x0, y1, x1 in boxes:
        flat = y1 - y0 < 0.35 * tall and 0.2 * tall < x1 - x0 < 0.9 * tall
        halfway = abs((y0 + y1) / 2 - (top + bottom) / 2) < 0.2 * tall
        if flat and halfway and -0.2 * tall < left - x1 < 0.5 * tall:
            return top, x0, bottom, right
    return run


def without_lines(grey: UInt8, least: int) -> UInt8:
    """Grey pixels (H, W) with strokes of at least ``least`` px, level or upright, painted white."""
    ink = ink_mask(grey)
    wide = cv2.dilate(ink, np.ones((3, 3)))
    level, upright = (
        cv2.morphologyEx(wide, cv2.MORPH_OPEN, np.ones(along)) for along in ((1, least), (least, 1))
    )
    lines = cv2.bitwise_or(level, upright)
    paper = int(np.percentile(grey, 75))
    return np.where(lines > 0, paper, grey).astype(np.uint8)


def added(words: Sequence[Word], closer: Sequence[Word]) -> list[Word]:
    """Words of a first look, and those of a closer one where the first saw nothing."""
    return [*words, *(w for w in closer if not any(_same(w, other) for other in words))]


def _same(one: Word, other: Word) -> bool:
    wide = min(one.right, other.right) - max(one.left, other.left)
    high = min(one.bottom, other.bottom) - max(one.top, other.top)
    if wide <= 0 or high <= 0:
        return False
    least = min((w.right - w.left) * (w.bottom - w.top) for w in (one, other))
    return wide * high > _ON * least
