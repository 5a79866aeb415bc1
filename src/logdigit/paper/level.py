"""A strip made level: print beside a log that lies askew stands on lines again.

Numbers of one scale stand at both edges of a track. On a page that is askew by two degrees one of them stands
a line higher than the other; what is read there must first lie level.
"""

from __future__ import annotations

from dataclasses import dataclass, field, replace

import numpy as np

from logdigit.paper.raster import check_rows
from logdigit.paper.text import Word
from logdigit.types import Join, Strip, UInt8

_LEAST_PX = 6.0
"""Rows from border to border from which a slope is worth levelling: a third of the height of print."""


@dataclass(frozen=True)
class Level:
    """A strip sheared so that lines of equal depth lie level, and the way back.

    Attributes:
        strip: what to read; its columns are those of the scan.
        slope: scan px down per px to the right.
        pivot: column at which the rows are those of the scan.
    """

    strip: Strip
    slope: float
    pivot: float

    def on_scan(self, word: Word) -> Word:
        """A word of the level strip where it stands on the scan."""
        down = self.slope * (word.x - self.pivot)
        return replace(word, top=word.top + down, bottom=word.bottom + down)


def levelled(strip: Strip, slope: float, pivot: float) -> Level:
    """A strip sheared by its slope; itself where that is next to none.

    Args:
        strip: the scan.
        slope: px down per px to the right.
        pivot: column that stays where it is.
    """
    if abs(slope) * strip.width < _LEAST_PX:
        return Level(strip, 0.0, pivot)
    page = _LevelPage(strip, slope, pivot, strip.dpi, strip.pages[0].source, strip.pages[0].index)
    return Level(Strip((page,), (Join(0, 1.0),)), slope, pivot)


@dataclass(frozen=True)
class _LevelPage:
    """The strip as one page, sheared as it is read; white where the shear reaches beyond it."""

    scan: Strip = field(repr=False)
    slope: float
    pivot: float
    dpi: tuple[float, float] | None
    source: str
    index: int

    @property
    def height(self) -> int:
        """Rows, px."""
        return self.scan.height

    @property
    def width(self) -> int:
        """Columns, px."""
        return self.scan.width

    def read(self, top: int, bottom: int) -> UInt8:
        """Rows ``top`` to ``bottom``, as the protocol ``Page`` says.

        Raises:
            ValueError: if the rows are not inside the page.
        """
        check_rows(self, top, bottom)
        columns = np.arange(self.width)
        down = np.round(self.slope * (columns - self.pivot)).astype(np.intp)
        first, last = max(0, top + int(down.min())), min(self.height, bottom + int(down.max()))
        if first >= last:
            return np.full((bottom - top, self.width), 255, dtype=np.uint8)
        rows = np.arange(top, bottom)[:, None] + down
        inside = (rows >= first) & (rows < last)
        # no pixel is mixed with its neighbours: what is black and white alone stays so
        level = self.scan.read(first, last)[np.clip(rows - first, 0, last - first - 1), columns]
        return np.where(inside if level.ndim == 2 else inside[..., None], level, 255).astype(np.uint8)
