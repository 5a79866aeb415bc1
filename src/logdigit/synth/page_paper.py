"""The paper of a page between the press and the scan: where a printed point ends up, and the way back.

Sheet px are those of the press (200 to the inch), scan px those of the file. A line of equal depth stays
straight: the paper is sheared, leans, wanders, is fed unevenly and stretched, and is scanned at any
resolution, but one printed row is one straight line of the scan.
"""

from __future__ import annotations

from dataclasses import dataclass, field

import numpy as np

from logdigit.synth.wear import Wear, warp_points
from logdigit.types import Float

WORKING_DPI = 200.0


@dataclass(frozen=True)
class Paper:
    """Geometry of a worn page.

    Attributes:
        wear: skew, wave, stretch and seam of the print.
        lean: sideways drift of the paper, px to the right per px of feed.
        feed: amplitude and period (px) of an uneven feed: rows lie up to the amplitude off their even place.
        dpi: of the scan, (x, y).
        offset: (x, y) px by which everything is moved before it is scanned, so that nothing is cut off.
    """

    wear: Wear = field(default_factory=Wear)
    lean: float = 0.0
    feed: tuple[float, float] = (0.0, 1000.0)
    dpi: tuple[float, float] = (WORKING_DPI, WORKING_DPI)
    offset: tuple[float, float] = (0.0, 0.0)

    @property
    def plain(self) -> bool:
        """Whether scan px are sheet px."""
        straight = not (self.wear.moves or self.lean or self.feed[0])
        return straight and self.dpi == (WORKING_DPI, WORKING_DPI) and self.offset == (0.0, 0.0)

    @property
    def upright(self) -> bool:
        """Whether a line that is vertical on the print is one of the scan's columns."""
        return not (self.wear.wave[0] or self.wear.seam[1] or self.lean)

    @property
    def slope(self) -> float:
        """Rise of a line of equal depth, scan px down per px to the right."""
        return self.wear.skew * self.wear.stretch * self.dpi[1] / self.dpi[0]

    def _fed(self, y: Float) -> Float:
        """Printed row to its place in an uneven feed: solves ``fed - a sin(2 pi fed / p) = y``."""
        amplitude, period = self.feed
        fed = np.array(y, dtype=np.float64)
        for _ in range(30 if amplitude else 0):  # a contraction: the feed is off by a few per cent at most
            fed = y + amplitude * np.sin(2 * np.pi * fed / period)
        return fed

    def printed_row(self, fed: float) -> float:
        """Printed row that an uneven feed has put at row ``fed``."""
        return float(fed - self.feed[0] * np.sin(2 * np.pi * fed / self.feed[1]))

    def to_scan(self, x: Float, y: Float) -> tuple[Float, Float]:
        """Sheet px (any matching shapes) to scan px."""
        x, y = np.asarray(x, dtype=np.float64), np.asarray(y, dtype=np.float64)
        fed = self._fed(y)
        moved_x, moved_y = warp_points(self.wear, x + self.lean * fed, fed)
        fx, fy = self.dpi[0] / WORKING_DPI, self.dpi[1] / WORKING_DPI
        return (moved_x + self.offset[0] + 0.5) * fx - 0.5, (moved_y + self.offset[1] + 0.5) * fy - 0.5

    def row_at(self, y: Float, scan_x: float) -> Float:
        """Scan row at which the line of printed row ``y`` crosses the scan column ``scan_x``."""
        fx, fy = self.dpi[0] / WORKING_DPI, self.dpi[1] / WORKING_DPI
        moved_x = (scan_x + 0.5) / fx - 0.5 - self.offset[0]
        moved_y = (self._fed(np.asarray(y, dtype=np.float64)) + self.wear.skew * moved_x) * self.wear.stretch
        out: Float = (moved_y + self.offset[1] + 0.5) * fy - 0.5
        return out

    def to_sheet(self, x: Float, y: Float) -> tuple[Float, Float]:
        """Scan px to sheet px; ``x`` and ``y`` broadcast."""
        fx, fy = self.dpi[0] / WORKING_DPI, self.dpi[1] / WORKING_DPI
        moved_x = (x + 0.5) / fx - 0.5 - self.offset[0]
        fed = ((y + 0.5) / fy - 0.5 - self.offset[1]) / self.wear.stretch - self.wear.skew * moved_x
        amplitude, period = self.wear.wave
        if amplitude:
            moved_x = moved_x - amplitude * np.sin(2 * np.pi * fed / period)
        if self.wear.seam[1]:
            moved_x = moved_x - np.where(fed >= self.wear.seam[0], self.wear.seam[1], 0.0)
        row = fed
        if self.feed[0]:
            row = fed - self.feed[0] * np.sin(2 * np.pi * fed / self.feed[1])
        return moved_x - self.lean * fed, row


def place(paper: Paper, height: int, width: int) -> tuple[Paper, tuple[int, int]]:
    """The paper with an offset that keeps a sheet of (height, width) px whole, and the size of its scan."""
    rows = np.linspace(-0.5, height - 0.5, 200)
    x = np.concatenate([np.full(200, -0.5), np.full(200, width - 0.5)])
    y = np.concatenate([rows, rows])
    flat = Paper(paper.wear, paper.lean, paper.feed)
    moved_x, moved_y = flat.to_scan(x, y)
    left, top = np.floor(min(0.0, moved_x.min() + 0.5)), np.floor(min(0.0, moved_y.min() + 0.5))
    fx, fy = paper.dpi[0] / WORKING_DPI, paper.dpi[1] / WORKING_DPI
    size = (
        round(float(moved_y.max() - top + 0.5) * fy),
        round(float(max(width, moved_x.max() + 0.5) - left) * fx),
    )
    return Paper(paper.wear, paper.lean, paper.feed, paper.dpi, (-float(left), -float(top))), size
