"""Logarithmic scales printed as powers of ten, as plotting software does: 10⁰ 10¹ 10² above the lines.

The small figure is read as one more digit, 100 101 102, so that a line of them tells what one does not.
"""

from __future__ import annotations

import math
import re
from collections.abc import Sequence
from itertools import pairwise
from unicodedata import normalize

import numpy as np

from logdigit.paper.axes import in_place
from logdigit.paper.scalerow import ScaleRow
from logdigit.paper.seams import Ruled
from logdigit.paper.text import Word

_POWER = re.compile(r"[1IlT][0Oo]\^?(-?\d)")
_LEAST, _FEW = 3, 2
"""Powers one after another that are a scale, at least; and in a plot, where nothing else is printed so."""
_LEVEL = 0.5
"""Heights of print by which they stand above one another, at most."""
_OFF = 0.06
"""Share of a decade by which they stand off their places, at most."""
_ENDS = (1, 2, 5)
"""First digits of the values at the ends."""


def with_powers(rows: Sequence[ScaleRow], words: Sequence[Word], tracks: Ruled) -> list[ScaleRow]:
    """Scales over tracks, with those that powers of ten tell in place of what else their figures seem to say.

    Args:
        rows: as numbers tell them.
        words: print of the block.
        tracks: over which they stand.
    """
    return in_place([row for line in _lines(words) for row in _rows(line, tracks)], rows)


def exponent_of(text: str) -> int | None:
    """The exponent of a power of ten, however its small figure was read; None for any other text.

    >>> [exponent_of(text) for text in ("10²", "103", "10-1", "10⁻¹", "10^4", "1000", "200")]
    [2, 3, -1, -1, 4, None, None]
    """
    found = _POWER.fullmatch(normalize("NFKC", text).replace("−", "-"))
    return None if found is None else int(found.group(1))


def _lines(words: Sequence[Word]) -> list[list[tuple[int, Word]]]:
    """Powers of ten on lines, from left to right."""
    powers = [(k, w) for w in words if (k := exponent_of(w.text)) is not None]
    out: list[list[tuple[int, Word]]] = []
    for power in sorted(powers, key=lambda p: p[1].y):
        tall = power[1].bottom - power[1].top
        if out and power[1].y - out[-1][-1][1].y < _LEVEL * tall:
            out[-1].append(power)
        else:
            out.append([power])
    return [sorted(line, key=lambda p: p[1].x) for line in out]


def _rows(line: Sequence[tuple[int, Word]], tracks: Ruled) -> list[ScaleRow]:
    """Scales of a line of powers, one for each track over which they follow one another."""
    out = []
    for track in tracks.tracks_at(line[0][1].y):
        own = [(k, w) for k, w in line if track.left < w.x < track.right]
        steps = {b - a for (a, _), (b, _) in pairwise(own)}
        if len(own) < (_FEW if tracks.plotted else _LEAST) or steps not in ({1}, {-1}):
            continue
        x, exponents = np.array([w.x for _, w in own]), np.array([k for k, _ in own], dtype=np.float64)
        slope, start = np.polyfit(x, exponents, 1)
        at = [float(start + slope * edge) for edge in (track.left, track.right)]
        ends = [_end(exponent) for exponent in at]
        if np.abs(start + slope * x - exponents).max() > _OFF:
            continue
        edges = None
        if ends[0] is None or ends[1] is None:
            if not tracks.plotted:
                continue
            ends = [10.0**k for k in exponents[[0, -1]]]
            edges = float(f"{10 ** at[0]:.6g}"), float(f"{10 ** at[1]:.6g}")
        height = max(10.0, max(w.bottom - w.top for _, w in own))
        y, sure = float(np.mean([w.y for _, w in own])), min(w.confidence for _, w in own)
        values = float(ends[0] or 0.0), float(ends[1] or 0.0)
        out.append(ScaleRow(track.left, track.right, values, "log", True, y, height, sure, edges=edges))
    return out


def _end(exponent: float) -> float | None:
    """The value at the end of a scale, where it is 1, 2 or 5 times a power of ten; None for any other."""
    whole = math.floor(exponent + _OFF)
    near = next((m for m in _ENDS if abs(exponent - whole - math.log10(m)) < _OFF), None)
    return None if near is None else float(f"{near}e{whole}")
