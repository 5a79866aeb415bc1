"""Tiles: a long strip cut so that the network says the same as if it had seen all of it at once.

An output pixel sees ``margin`` px around it. Each tile therefore has a *core*, which is kept, and a
*window*, which is computed: the core and its margin. Cores begin at absolute multiples of the network's
``multiple``, because poolings pair rows counted from the top of the window: with any other origin the same
row would be paired differently, and the result would depend on where the tile begins. Beyond the strip
there is paper.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass

import numpy as np

from logdigit.types import UInt8

PAPER = 255

ReadRows = Callable[[int, int], UInt8]
"""(top, bottom) to those rows, uint8 grey (h, W) or RGB (h, W, 3)."""


@dataclass(frozen=True)
class Span:
    """One tile along one axis, px: core ``[first, last)``, window ``[start, stop)``; all multiples."""

    first: int
    last: int
    start: int
    stop: int

    @property
    def core(self) -> slice:
        """Where the core lies in the window."""
        return slice(self.first - self.start, self.last - self.start)


def row_spans(top: int, bottom: int, size: int, multiple: int, margin: int) -> Iterator[Span]:
    """Tiles down the strip, whose cores cover rows ``top`` to ``bottom``; windows reach over the ends.

    >>> [(s.first, s.last, s.start, s.stop) for s in row_spans(40, 130, 64, 32, 32)]
    [(32, 96, 0, 128), (96, 160, 64, 192)]
    """
    size = max(1, size // multiple) * multiple
    end = -(-bottom // multiple) * multiple
    for first in range(top // multiple * multiple, end, size):
        last = min(first + size, end)
        yield Span(first, last, first - margin, last + margin)


def column_spans(width: int, size: int, multiple: int, margin: int) -> tuple[Span, ...]:
    """Tiles across the strip; windows end where the strip, filled up to a ``multiple``, ends.

    >>> [(s.first, s.last, s.start, s.stop) for s in column_spans(150, 96, 32, 32)]
    [(0, 96, 0, 128), (96, 160, 64, 160)]
    """
    size = max(1, size // multiple) * multiple
    end = -(-width // multiple) * multiple
    cores = ((first, min(first + size, end)) for first in range(0, end, size))
    return tuple(Span(first, last, max(0, first - margin), min(end, last + margin)) for first, last in cores)


class Windows:
    """Rows of the strip, grey, for windows that move down and overlap: every row is read once, in order."""

    def __init__(self, read: ReadRows, width: int, limits: tuple[int, int]) -> None:
        """Reads through ``read`` between the rows ``limits``; beyond them there is paper."""
        self._read, self._width, self._limits = read, width, limits
        self._top = 0
        self._rows = np.empty((0, width), np.uint8)

    def at(self, start: int, stop: int) -> UInt8:
        """Grey rows ``start`` to ``stop``, (stop - start, width); never earlier than the window before."""
        bottom = self._top + len(self._rows)
        if not len(self._rows) or start >= bottom:
            self._rows, bottom = self._fetch(start, stop), stop
        else:
            kept = self._rows[start - self._top :]
            self._rows = np.concatenate([kept, self._fetch(bottom, stop)]) if stop > bottom else kept
        self._top = start
        return self._rows[: stop - start]

    def _fetch(self, start: int, stop: int) -> UInt8:
        rows = np.full((stop - start, self._width), PAPER, np.uint8)
        top, bottom = max(start, self._limits[0]), min(stop, self._limits[1])
        if top < bottom:
            found = self._read(top, bottom)
            if found.ndim == 3:  # coloured ink is dark in one channel at least
                found = found.min(axis=2)
            if found.shape != (bottom - top, self._width):
                raise ValueError(
                    f"read({top}, {bottom}) gave {found.shape} px, not {(bottom - top, self._width)}"
                )
            rows[top - start : bottom - start] = found
        return rows
