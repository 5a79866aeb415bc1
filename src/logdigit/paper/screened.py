"""Screened scans, greys made of black and white dots as fax machines make them: grey again as they are read.

Every dot of a screen is an edge to whoever looks for print, lines and curves. A mean over four dots each way
is the grey that they stand for, and takes less than two pixels of sharpness, which a screen has lost before.
"""

from __future__ import annotations

from dataclasses import dataclass, replace

import cv2
import numpy as np

from logdigit.paper.derived import DerivedPage, RecolouredPage
from logdigit.types import Float32, Page, Strip, UInt8

_SHARES = (0.1, 0.25, 0.4, 0.55, 0.7, 0.85)
"""Where a page is looked at, as shares of its height."""
_ROWS = 256
_DARK = 128
_INK = 200
"""Dark pixels that tell anything, at least."""
_LONELY = 0.12
"""Share of the dark pixels that touch no other one side by side, from which they are dots of a screen."""
_SIDES = np.array([[0, 1, 0], [1, 0, 1], [0, 1, 0]], np.float32)
_PAPER, _DARKEST = 0.75, 64.0
"""Share of the pixels that are no lighter than paper; grey of the darkest paper that is made white."""
_DOTS = 6
"""Pixels of ink side by side up to which they are dots of a screen."""
_KERNEL = np.array([1, 2, 2, 2, 1]) / 8
"""Takes out what repeats every two or four pixels, to either side alike (a mean of four, then of two)."""
_BEYOND = _DOTS + len(_KERNEL) // 2
"""Rows on either side of those asked for that they depend on."""
_COARSE = 1200
"""Columns of a scan up to which print is hardly larger than the dots, and a mean would take it away."""


@dataclass(frozen=True)
class ScreenedPage(RecolouredPage):
    """A page of dots as the greys that they stand for, its paper white.

    Attributes:
        paper: grey of the paper.
    """

    paper: float

    def read(self, top: int, bottom: int) -> UInt8:
        """Rows ``top`` to ``bottom``, as the protocol ``Page`` says."""
        first, last = max(0, top - _BEYOND), min(self.page.height, bottom + _BEYOND)
        pixels = self.page.read(first, last)
        grey = _greys(pixels)[top - first : bottom - first]
        return np.asarray(np.rint(np.minimum(grey * (255 / self.paper), 255)), np.uint8)


@dataclass(frozen=True)
class BoldPage(RecolouredPage):
    """A page twice as dark: lines that a screen had made pale stand out from the paper."""

    def read(self, top: int, bottom: int) -> UInt8:
        """Rows ``top`` to ``bottom``, as the protocol ``Page`` says."""
        darkness = cv2.convertScaleAbs(255 - self.page.read(top, bottom), alpha=2.0)  # saturates
        return np.asarray(255 - darkness, dtype=np.uint8)


def bold(strip: Strip) -> Strip:
    """The strip as its lines and print are looked for: screened pages twice as dark."""
    return replace(strip, pages=tuple(BoldPage(p) if _was_screened(p) else p for p in strip.pages))


def _was_screened(page: Page) -> bool:
    return isinstance(page, ScreenedPage) or (isinstance(page, DerivedPage) and _was_screened(page.page))


def unscreened(page: Page) -> Page:
    """The page, or its greys where most of it is a screen of dots."""
    if page.width < _COARSE:
        return page
    tops = [round(share * max(0, page.height - _ROWS)) for share in _SHARES]
    parts = [page.read(top, min(page.height, top + _ROWS)) for top in tops]
    lonely = [share for share in map(_lonely, parts) if share is not None]
    if not lonely or float(np.median(lonely)) < _LONELY:
        return page
    paper = float(np.median([np.percentile(_greys(part), 100 * _PAPER) for part in parts]))
    return ScreenedPage(page, max(paper, _DARKEST))


def _greys(pixels: UInt8) -> Float32:
    """Means of the dots about each pixel; what is inked without a gap stays as it is, and sharp."""
    grey = pixels if pixels.ndim == 2 else pixels.min(axis=2)
    dark = (grey < _DARK).astype(np.uint8)
    _, labels, stats, _ = cv2.connectedComponentsWithStats(dark, connectivity=4)
    solid = (stats[:, cv2.CC_STAT_AREA] > _DOTS)[labels] & (dark > 0)
    rest = 1.0 - solid.astype(np.float32)
    weight = _mean(rest)
    means = _mean(grey * rest) / np.maximum(weight, 1e-3)
    return np.where(solid | (weight < 1e-3), grey, means).astype(np.float32)


def _mean(values: Float32) -> Float32:
    mean = cv2.sepFilter2D(values, cv2.CV_32F, _KERNEL, _KERNEL, borderType=cv2.BORDER_REPLICATE)
    return np.asarray(mean, dtype=np.float32)


def _lonely(pixels: UInt8) -> float | None:
    """Share of the dark pixels that touch no other one side by side; None where there are too few."""
    dark = ((pixels if pixels.ndim == 2 else pixels.min(axis=2)) < _DARK).astype(np.uint8)
    if dark.sum() < _INK:
        return None
    beside = cv2.filter2D(dark, -1, _SIDES, borderType=cv2.BORDER_CONSTANT)
    return float((beside[dark > 0] == 0).mean())
