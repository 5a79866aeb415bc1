"""Whether a sheet lies upside down: figures that make sense once it is turned by 180 degrees."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from logdigit.paper.chains import best_chain
from logdigit.paper.column import zoom_of
from logdigit.paper.figures import Chain, figure_of
from logdigit.paper.text import Reader, Turn, read_box
from logdigit.types import Box, Strip

_WINDOWS = 3
_HEIGHT = 0.6
"""Height of a window, as share of the strip's width."""
_FEWEST = 3
"""Figures that grow downwards on the turned paper, at least,"""
_CLEARLY = 2.0
"""and their weight as multiple of that of those that do as the paper lies."""


def upside_down(strip: Strip, spans: Sequence[tuple[int, int]], reader: Reader) -> bool:
    """Whether figures of the longest of some spans grow downwards once the paper is turned, and only then.

    Figures of print that stands upright are read upside down too, some of them: what is read upright must be
    clearly less.

    Args:
        strip: the scan.
        spans: rows (top, bottom) in which no depth could be registered.
        reader: as ``engine()`` gives it.
    """
    if not spans:
        return False
    top, bottom = max(spans, key=lambda span: span[1] - span[0])
    turned = _chain(strip, top, bottom, reader, 180)
    if turned is None or len(turned.figures) < _FEWEST:
        return False
    upright = _chain(strip, top, bottom, reader, 0)
    return upright is None or turned.weight > _CLEARLY * upright.weight


def _chain(strip: Strip, top: int, bottom: int, reader: Reader, turn: Turn) -> Chain | None:
    """The heaviest run of figures of some windows that grow downwards on the paper turned so."""
    height = min(bottom - top, round(_HEIGHT * strip.width))
    words = []
    for k in range(_WINDOWS):
        first = top + round((k + 0.5) / _WINDOWS * (bottom - top) - height / 2)
        box = Box(max(top, first), 0, min(bottom, max(top, first) + height), strip.width)
        words += read_box(strip, box, reader, zoom_of(strip), turn)
    figures = [f for f in map(figure_of, words) if f is not None and f.digits >= 3 and f.value > 0]
    if turn:
        figures = [replace(f, row=strip.height - f.row, x=strip.width - f.x) for f in figures]
    return best_chain(sorted(figures, key=lambda f: f.row), strip.width)
