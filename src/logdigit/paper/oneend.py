"""Scales of logarithmic tracks of which one end was read: the grid tells the other.

The last labels of such a scale stand close, 1000 beside 2000, and copies run them together; the first one
is a lone digit beside a frame. A grid of three decades that begins with 2 ends with 2000.
"""

from __future__ import annotations

import math
from collections.abc import Sequence

from logdigit.paper.divisions import DOUBTED
from logdigit.paper.numbers import Number
from logdigit.paper.scalerow import ScaleRow
from logdigit.paper.seams import Ruled, rows_of

_AT_EDGE = 0.07
"""Share of a track's width within which a number stands at its edge."""
_ALIGNED = 0.04
"""Share of a track's width by which a number between the edges stands off its place, at most."""
_SURE = 0.6
"""How sure such a scale is, as share of how sure the number is."""
_FIRST, _DECADES = (0.1, 0.2, 1.0, 2.0, 10.0), (2, 3, 4)
"""Values with which logarithmic scales begin; decades that they have."""


def rows_and_ends(line: Sequence[Number], tracks: Ruled) -> list[ScaleRow]:
    """Scales that a line of numbers has, with those over logarithmic grids of which it tells one end alone.

    Args:
        line: numbers from left to right.
        tracks: over which they stand.
    """
    rows = rows_of(line, tracks)
    for track, own in tracks.numbers_of(line):
        if not track.logarithmic:
            continue
        over = [row for row in rows if track.left <= (row.left + row.right) / 2 <= track.right]
        slack = _AT_EDGE * (track.right - track.left)
        if any(row.left < track.left + slack and track.right - slack < row.right for row in over):
            continue
        row = _from_one_end(own, track)
        if row is not None:  # 2 and 20 at the first lines of its decades are no scale by themselves
            rows = [r for r in rows if r not in over] + [row]
    return rows


def _from_one_end(own: Sequence[Number], track: Ruled) -> ScaleRow | None:
    """The scale of a logarithmic track with a number at one of its edges.

    That must be read surely, and numbers between the edges stand where it puts them.
    """
    decades = track.decades(track.left, track.right)
    if decades not in _DECADES:
        return None
    width = track.right - track.left
    read = [n for n in own if not n.named and n.value > 0 and n.word.confidence >= DOUBTED]
    firsts = [n for n in read if abs(n.word.left - track.left) < _AT_EDGE * width]
    lasts = [n for n in read if abs(n.word.right - track.right) < _AT_EDGE * width]
    ends = [(n, n.value) for n in firsts] + [(n, n.value / 10**decades) for n in lasts]
    if len(ends) != 1 or not any(math.isclose(ends[0][1], first) for first in _FIRST):
        return None
    end, low = ends[0]
    places = [(n, track.left + math.log10(n.value / low) / decades * width) for n in read if n is not end]
    if any(abs(n.word.x - x) > _ALIGNED * width for n, x in places):
        return None
    low = min(_FIRST, key=lambda first: abs(first - low))
    values, high = (low, low * 10**decades), max(10.0, end.word.bottom - end.word.top)
    sure = _SURE * end.word.confidence
    return ScaleRow(track.left, track.right, values, "log", bool(places), end.word.y, high, sure)
