"""Whether two pages can be of one log: the same tracks somewhere on either."""

from __future__ import annotations

from itertools import product

from logdigit.paper.joint import BLOCK_ROWS, likeness
from logdigit.paper.overlap import band_of
from logdigit.paper.skew import block_starts
from logdigit.paper.survey import lines_of, vertical_share
from logdigit.types import Page, UInt8

_BLOCKS = 9
_MIN_LINES = 6
_LEAST_BLOCKS = 3
_ALIKE = 0.65
"""Least likeness of the vertical lines of two sheets of one log, at the best of their blocks."""


def same_log(one: Page, other: Page) -> bool:
    """Whether two pages have the tracks of one log anywhere, or one of them has no grid to tell by."""
    blocks = [_gridded(page) for page in (one, other)]
    if min(len(found) for found in blocks) < _LEAST_BLOCKS:
        return True
    return any((likeness(a, b)[0] or 0.0) >= _ALIKE for a, b in product(*blocks))


def _gridded(page: Page) -> list[UInt8]:
    """Ink masks of blocks of rows, spread over a page, that show a grid."""
    rows = min(page.height, BLOCK_ROWS * max(1, page.width // 1700))
    out = []
    for top in block_starts(0, page.height, rows, _BLOCKS):
        ink = band_of(page.read(top, min(page.height, top + rows))).ink
        if lines_of(vertical_share(ink)) >= _MIN_LINES:
            out.append(ink)
    return out
