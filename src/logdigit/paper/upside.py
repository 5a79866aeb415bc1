"""Whether a sheet lies upside down: figures that make sense once it is turned by 180 degrees."""

from __future__ import annotations

from collections.abc import Sequence

from logdigit.paper.column import zoom_of
from logdigit.paper.figures import Figure, best_chain, figure_of
from logdigit.paper.text import Reader, read_box
from logdigit.types import Box, Strip

_WINDOWS = 3
_HEIGHT = 0.6
"""Height of a window, as share of the strip's width."""


def upside_down(strip: Strip, spans: Sequence[tuple[int, int]], reader: Reader) -> bool:
    """Whether the longest of some spans has figures that grow downwards once the paper is turned.

    Args:
        strip: the scan.
        spans: rows (top, bottom) in which no depth could be registered.
        reader: as ``engine()`` gives it.
    """
    if not spans:
        return False
    top, bottom = max(spans, key=lambda span: span[1] - span[0])
    height = min(bottom - top, round(_HEIGHT * strip.width))
    words = []
    for k in range(_WINDOWS):
        first = top + round((k + 0.5) / _WINDOWS * (bottom - top) - height / 2)
        box = Box(max(top, first), 0, min(bottom, max(top, first) + height), strip.width)
        words += read_box(strip, box, reader, zoom_of(strip), 180)
    figures = [f for f in map(figure_of, words) if f is not None and f.digits >= 3 and f.value > 0]
    turned = sorted(
        (Figure(f.value, strip.height - f.row, f.x, f.width, f.height, f.weight, f.digits) for f in figures),
        key=lambda f: f.row,
    )
    chain = best_chain(turned, strip.width)
    return chain is not None and len(chain.figures) >= 3
