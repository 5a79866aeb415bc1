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

from logdigit.types import Box, Strip, UInt8

Turn = Literal[0, 90, 180, 270]
"""Degrees by which the paper is turned clockwise before it is read: 90 for print that runs upwards."""

SURE = 0.5
"""Least confidence of a word that is kept at all."""
_SHEET = 1200
"""Side of the sheet that pieces of a column are laid out on, px."""
_PAD = 12


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
    sheet = turned(_zoomed(grey, zoom), turn)
    shape = (round(box.height * zoom), round(box.width * zoom))
    return [
        _placed(unturned(word, turn, *shape), zoom, box.left, box.top) for word in reader(sheet, sideways)
    ]


def _zoomed(pixels: UInt8, zoom: float) -> UInt8:
    if zoom == 1.0:
        return pixels
    size = (max(1, round(pixels.shape[1] * zoom)), max(1, round(pixels.shape[0] * zoom)))
    how = cv2.INTER_AREA if zoom < 1 else cv2.INTER_CUBIC
    return np.asarray(cv2.resize(pixels, size, interpolation=how), dtype=np.uint8)


def _placed(word: Word, zoom: float, left: float, top: float) -> Word:
    return replace(
        word,
        left=left + word.left / zoom,
        right=left + word.right / zoom,
        top=top + word.top / zoom,
        bottom=top + word.bottom / zoom,
    )


def read_column(
    strip: Strip, box: Box, reader: Reader, zoom: float = 1.0, turn: Turn = 0, lap: int = 80
) -> list[Word]:
    """Words of a tall narrow column, cut into overlapping pieces that are read many to a sheet.

    Args:
        strip: the scan.
        box: the column.
        reader: as ``engine()`` gives it.
        zoom: as for ``read_box``.
        turn: turn each piece first.
        lap: rows that two pieces share, more than print is high.

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
    for first in range(0, len(tops), rows * cols):
        out += _sheet(strip, box, tops[first : first + rows * cols], piece, cols, cell, reader, zoom, turn)
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
) -> list[Word]:
    """Words of some pieces of a column, laid on one sheet ``cols`` a row in cells of (height, width) px."""
    high, wide = cell[0] + _PAD, cell[1] + _PAD
    rows = math.ceil(len(tops) / cols)
    sheet = np.full((rows * high, min(cols, len(tops)) * wide), 255, dtype=np.uint8)
    for k, top in enumerate(tops):
        grey = grey_of(strip.read(top, min(top + piece, box.bottom)))[:, box.left : box.right]
        part = turned(_zoomed(grey, zoom), turn)
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
        out.append(_placed(upright, zoom, box.left, tops[k]))
    return out


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
