"""Lone digits: the 0 at the edge of a track, which a reader made for pages takes for a speck.

The ink of the digit is cut out and set three times in a row, which looks like print; what is read must be
three times the same.
"""

from __future__ import annotations

import cv2
import numpy as np

from logdigit.paper.numbers import Number, number_of
from logdigit.paper.text import Reader, Word, grey_of, legible
from logdigit.types import Box, Strip, UInt8

_TIMES = 3
_HEIGHT = 36
"""Height of print that is read best, px."""
_LOWEST, _HIGHEST = 0.45, 1.15
"""Height of a digit, as share of that of the other numbers on its line; the edge of the track is higher."""
_INK = 0.3
"""Share of the way from paper to ink at which a digit ends: where thin, a dithered one is grey."""
_SURE = 0.85


def lone_number(strip: Strip, box: Box, tall: float, reader: Reader) -> Number | None:
    """The number that stands alone in a box; None where there is none, or it is not read for certain.

    Args:
        strip: the scan.
        box: the place of one number on its line, a quarter higher than print.
        tall: height of the print of that line, px.
        reader: as ``engine()`` gives it.
    """
    grey = legible(grey_of(strip.read(box.top, box.bottom))[:, box.left : box.right])
    found = _print_in(grey, tall)
    return None if found is None else number_at(grey, found, (box.left, box.top), reader)


def number_at(
    grey: UInt8, place: tuple[int, int, int, int], corner: tuple[float, float], reader: Reader
) -> Number | None:
    """The number whose ink is at a place of a picture; None where it is not read for certain.

    Args:
        grey: the picture (H, W).
        place: top, left, bottom, right of the ink.
        corner: x and y of the picture in the strip.
        reader: as ``engine()`` gives it.
    """
    top, left, bottom, right = place
    piece = grey[max(0, top - 2) : bottom + 2, max(0, left - 2) : right + 2]
    size = (max(8, round(piece.shape[1] * _HEIGHT / piece.shape[0])), _HEIGHT)
    piece = np.asarray(cv2.resize(piece, size, interpolation=cv2.INTER_CUBIC), dtype=np.uint8)
    gap = np.full((_HEIGHT, _HEIGHT // 3), 255, dtype=np.uint8)
    line = np.hstack([gap, *([piece, gap] * _TIMES)])
    words = reader(np.pad(line, _HEIGHT, constant_values=255))
    text = "".join(word.text for word in sorted(words, key=lambda w: w.x)).replace(" ", "")
    part = text[: len(text) // _TIMES]
    if not part or part * _TIMES != text:
        return None
    sure = min(_SURE, *(word.confidence for word in words), 1.0)
    x, y = corner
    return number_of(Word(part, sure, x + left, y + top, x + right, y + bottom))


def _print_in(grey: UInt8, tall: float) -> tuple[int, int, int, int] | None:
    """Top, left, bottom, right of the digits in a picture, ruled lines and specks left out; None for none."""
    ink, paper = int(grey.min()), int(np.percentile(grey, 95))
    if paper - ink < 60:
        return None
    dark = np.asarray(grey < paper - _INK * (paper - ink), dtype=np.uint8)
    _, _, stats, _ = cv2.connectedComponentsWithStats(dark, connectivity=8)
    digits = [
        (int(y), int(x), int(y + h), int(x + w))
        for x, y, w, h, area in stats[1:]
        if _LOWEST * tall <= h <= _HIGHEST * tall and w <= 1.2 * tall and area >= 0.08 * tall * tall
    ]
    if not digits or len(digits) > 5:
        return None
    tops, lefts, bottoms, rights = zip(*digits, strict=True)
    if max(bottoms) - min(tops) > _HIGHEST * tall or max(rights) - min(lefts) > 4 * tall:
        return None
    return min(tops), min(lefts), max(bottoms), max(rights)
