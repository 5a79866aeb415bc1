"""Negatives: white ink on black paper, as microfilm is copied. They are made positive as they are read."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from logdigit.paper.derived import RecolouredPage
from logdigit.types import Page, UInt8

_SHARES = (0.15, 0.35, 0.5, 0.65, 0.85)
"""Where a page is looked at, as shares of its height."""
_ROWS = 128
_DARK = 128
_LEAST, _MOST = 0.7, 0.985
"""Share of dark pixels between which paper is black and still has ink on it; all black is a blank."""


@dataclass(frozen=True)
class NegativePage(RecolouredPage):
    """A page with black and white exchanged."""

    def read(self, top: int, bottom: int) -> UInt8:
        """Rows ``top`` to ``bottom``, as the protocol ``Page`` says."""
        return np.asarray(255 - self.page.read(top, bottom), dtype=np.uint8)


def positive(page: Page) -> Page:
    """The page, or its positive where it is a negative: black paper nearly everywhere, with ink on it."""
    if page.height < 2 * _ROWS:
        return page
    dark = []
    for share in _SHARES:
        top = round(share * (page.height - _ROWS))
        pixels = page.read(top, top + _ROWS)
        grey = pixels if pixels.ndim == 2 else pixels.max(axis=2)
        dark.append(float((grey < _DARK).mean()))
    seen = sum(_LEAST <= share <= _MOST for share in dark)
    return NegativePage(page) if seen >= len(_SHARES) - 1 else page
