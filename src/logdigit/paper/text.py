"""Print on the paper, read by RapidOCR: words with their places in the strip.

The engine is slow beside everything else in this room (about half a megapixel a second), so it sees crops
only. It was made for pages: a tall narrow depth column is therefore cut into squarer pieces, which are
laid side by side on one sheet.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Literal, Protocol

import cv2
import numpy as np

from logdigit.paper.skew import ink_mask
from logdigit.types import Box, Strip, UInt8

Turn = Literal[0, 90, 180, 270]
"""Degrees by which the paper is turned clockwise before it is read: 90 for print that runs upwards."""

SURE = 0.5
"""Least confidence of a word that is kept at all."""
_SHEET = 1200
"""Side of the sheet that pieces of a column are laid out on, px."""
_PAD = 12
_HARD = 0.02
"""Share of pixels between black and white up to which a picture has black and white alone."""
_SOFT = 0.65
"""By which such print is blurred, px (sigma)."""
_ACROSS = 0.85
"""Length of a line across a column, as share of the column's width."""
_TALLER = 0.75
"""Rows of an upright line at least, as share of what two pieces share: that is twice the height of print."""
_THICK = 9
"""Columns from which what is upright is no line: a shade of dots, a picture."""
_SPECK, _BESIDE = 4, 4
"""Pixels of a speck at most, and px from print within which it may be part of it."""


@dataclass(frozen=True)
class Word:
    """A run of print: its text, how sure (0 to 1), and its box in strip px (half-open floats)."""

    text: str
    confidence: float
    left: float
    top: float
    right: float
    bottom: float
    turn: Turn = 0

    @property
    def x(self) -> float:
        """Middle of the box across."""
        return (self.left + self.right) / 2

    @property
    def y(self) -> float:
        """Middle of the box down the strip."""
        return (self.top + self.bottom) / 2


class Reader(Protocol):
    """What reads print; the tests put another in place of the engine."""

    def __call__(self, pixels: UInt8, sideways: bool = True) -> Sequence[Word]:
        """Words of an upright picture (H, W) uint8, in its own pixels.

        Where ``sideways`` is false and most lines of print run up or down the picture, those are found but
        not read: their words have no text.
        """
        ...


def grey_of(pixels: UInt8) -> UInt8:
    """The darkest channel: print in any colour is dark."""
    return pixels if pixels.ndim == 2 else np.asarray(pixels.min(axis=2), dtype=np.uint8)


def turned(pixels: UInt8, turn: Turn) -> UInt8:
    """The picture turned clockwise by ``turn`` degrees."""
    return np.ascontiguousarray(np.rot90(pixels, -turn // 90)) if turn else pixels


def unturned(word: Word, turn: Turn, height: int, width: int) -> Word:
    """A word of a turned picture in the pixels of the upright one, (height, width) before it was turned."""
    box = (word.left, word.top, word.right, word.bottom)
    if turn == 90:  # x' = height - y, y' = x
        box = (word.top, height - word.right, word.bottom, height - word.left)
    elif turn == 180:
        box = (width - word.right, height - word.bottom, width - word.left, height - word.top)
    elif turn == 270:  # x' = y, y' = width - x
        box = (width - word.bottom, word.left, width - word.top, word.right)
    left, top, right, bottom = box
    return replace(word, left=left, top=top, right=right, bottom=bottom, turn=turn)


def read_box(
    strip: Strip, box: Box, reader: Reader, zoom: float = 1.0, turn: Turn = 0, sideways: bool = True
) -> list[Word]:
    """Words in a box of the strip.

    Args:
        strip: the scan.
        box: where to look, inside the strip.
        reader: as ``engine()`` gives it.
        zoom: by which the pixels are enlarged first (print is read best at about 200 dpi).
        turn: turn the paper first.
        sideways: as for ``Reader``.
    """
    grey = grey_of(strip.read(box.top, box.bottom))[:, box.left : box.right]
    return read_pixels(grey, box, reader, zoom, turn, sideways)


def read_pixels(
    grey: UInt8, box: Box, reader: Reader, zoom: float = 1.0, turn: Turn = 0, sideways: bool = True
) -> list[Word]:
    """Words of the pixels (H, W) of a box, as ``read_box`` gives them."""
    sheet = turned(legible(grey, zoom), turn)
    shape = (round(box.height * zoom), round(box.width * zoom))
    return [placed(unturned(word, turn, *shape), zoom, box.left, box.top) for word in reader(sheet, sideways)]


def legible(pixels: UInt8, zoom: float = 1.0) -> UInt8:
    """Grey pixels as the engine reads them best: enlarged, and print in black and white alone made soft.

    The engine learned from photographs. The hard edges of a bilevel scan, worse those of a dithered one, hide
    half of its print from it, and a sprinkle of pepper most of the rest.
    """
    hard = np.count_nonzero((pixels > 0) & (pixels < 255)) <= _HARD * pixels.size
    pixels = _without_pepper(pixels) if hard else pixels
    if zoom != 1.0:
        size = (max(1, round(pixels.shape[1] * zoom)), max(1, round(pixels.shape[0] * zoom)))
        how = cv2.INTER_AREA if zoom < 1 else cv2.INTER_CUBIC
        pixels = np.asarray(cv2.resize(pixels, size, interpolation=how), dtype=np.uint8)
    soft = _SOFT * min(1.0, 2 * zoom - 1)  # what is reduced is soft already
    return np.asarray(cv2.GaussianBlur(pixels, (0, 0), soft), dtype=np.uint8) if hard and soft > 0 else pixels


def _without_pepper(pixels: UInt8) -> UInt8:
    """Without the specks of ink that stand alone: those beside print may be its points."""
    ink = (pixels < 128).astype(np.uint8)
    _, labels, stats, _ = cv2.connectedComponentsWithStats(ink, connectivity=8)
    speck = (stats[:, cv2.CC_STAT_AREA] <= _SPECK)[labels] & (ink > 0)
    print_ = (ink > 0) & ~speck
    near = cv2.dilate(print_.astype(np.uint8), np.ones((2 * _BESIDE + 1, 2 * _BESIDE + 1)))
    return np.where(speck & (near == 0), 255, pixels).astype(np.uint8)


def placed(word: Word, zoom: float, left: float, top: float) -> Word:
    """A word of an enlarged picture in the strip, the picture's corner at (left, top)."""
    return replace(
        word,
        left=left + word.left / zoom,
        right=left + word.right / zoom,
        top=top + word.top / zoom,
        bottom=top + word.bottom / zoom,
    )


def read_column(
    strip: Strip,
    box: Box,
    reader: Reader,
    zoom: float = 1.0,
    turn: Turn = 0,
    lap: int = 80,
    bare: bool = False,
) -> list[Word]:
    """Words of a tall narrow column, cut into overlapping pieces that are read many to a sheet.

    Args:
        strip: the scan.
        box: the column.
        reader: as ``engine()`` gives it.
        zoom: as for ``read_box``.
        turn: turn each piece first.
        lap: rows that two pieces share, more than print is high.
        bare: without the lines that tie print together.

    Returns:
        Words from top to bottom, each once.
    """
    piece = max(2 * lap, min(box.height, round((_SHEET - _PAD) / zoom)))
    step = piece - lap
    tops = list(range(box.top, max(box.top + 1, box.bottom - (piece - step)), step))
    long, short = round(piece * zoom), round(box.width * zoom)
    cell = (short, long) if turn else (long, short)
    rows, cols = max(1, _SHEET // (cell[0] + _PAD)), max(1, _SHEET // (cell[1] + _PAD))
    out: list[Word] = []
    rule_px = round(_TALLER * lap) if bare else None
    for first in range(0, len(tops), rows * cols):
        some = tops[first : first + rows * cols]
        out += _sheet(strip, box, some, piece, cols, cell, reader, zoom, turn, rule_px)
    return _once(out)


def _sheet(
    strip: Strip,
    box: Box,
    tops: Sequence[int],
    piece: int,
    cols: int,
    cell: tuple[int, int],
    reader: Reader,
    zoom: float,
    turn: Turn,
    rule_px: int | None,
) -> list[Word]:
    """Words of some pieces of a column, laid on one sheet ``cols`` a row in cells of (height, width) px.

    Without upright lines of at least ``rule_px`` rows, where that is given.
    """
    high, wide = cell[0] + _PAD, cell[1] + _PAD
    rows = math.ceil(len(tops) / cols)
    sheet = np.full((rows * high, min(cols, len(tops)) * wide), 255, dtype=np.uint8)
    for k, top in enumerate(tops):
        grey = grey_of(strip.read(top, min(top + piece, box.bottom)))[:, box.left : box.right]
        grey = grey if rule_px is None else _without_rules(grey, rule_px, turn)
        part = turned(legible(grey, zoom), turn)
        y, x = (k // cols) * high, (k % cols) * wide
        part = part[: cell[0], : cell[1]]
        sheet[y : y + part.shape[0], x : x + part.shape[1]] = part
    out = []
    for word in reader(sheet):
        k = int(word.y // high) * cols + int(word.x // wide)
        if k >= len(tops):
            continue
        y, x = (k // cols) * high, (k % cols) * wide
        inside = replace(
            word, left=word.left - x, right=word.right - x, top=word.top - y, bottom=word.bottom - y
        )
        rows_here = min(piece, box.bottom - tops[k])
        upright = unturned(inside, turn, round(rows_here * zoom), round(box.width * zoom))
        out.append(placed(upright, zoom, box.left, tops[k]))
    return out


def _without_rules(grey: UInt8, least: int, turn: Turn) -> UInt8:
    """Without upright strokes of at least so many rows, which tie print together so that it is not found.

    Where print is to be turned, without strokes from side to side too: it would be strung on them like beads.
    """
    ink = ink_mask(grey)
    long_ = cv2.morphologyEx(cv2.dilate(ink, np.ones((5, 1))), cv2.MORPH_OPEN, np.ones((least, 1)))
    long_ = cv2.dilate(long_ - cv2.morphologyEx(long_, cv2.MORPH_OPEN, np.ones((1, _THICK))), np.ones((3, 5)))
    if turn:
        across = round(_ACROSS * grey.shape[1])
        level = cv2.morphologyEx(cv2.dilate(ink, np.ones((5, 1))), cv2.MORPH_OPEN, np.ones((1, across)))
        long_ = cv2.bitwise_or(long_, cv2.bitwise_and(level, cv2.dilate(ink, np.ones((3, 1)))))
    return np.where(long_ > 0, 255, grey).astype(np.uint8)


def _once(words: Sequence[Word]) -> list[Word]:
    """Words from top to bottom; of those that overlap, as pieces do, the surest of the longest."""
    kept: list[Word] = []
    for word in sorted(words, key=lambda w: (-len(w.text), -w.confidence)):
        if not any(
            min(word.bottom, other.bottom) - max(word.top, other.top) > 0.3 * (word.bottom - word.top)
            and min(word.right, other.right) - max(word.left, other.left) > 0.3 * (word.right - word.left)
            for other in kept
            if abs(other.y - word.y) < 400
        ):
            kept.append(word)
    return sorted(kept, key=lambda w: w.y)
