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
from logdigit.paper.numbers import Number, on_lines
from logdigit.paper.scalerow import ScaleRow
from logdigit.paper.seams import Ruled
from logdigit.paper.text import Word

_POWER = re.compile(r"[1IlT][0Oo]\^?(-?\d)")
_LEAST, _FEW = 3, 2
"""Powers one after another that are a scale, at least; and in a plot, where nothing else is printed so."""
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
    powers = [Number(float(k), w) for w in words if (k := exponent_of(w.text)) is not None]
    return in_place([row for line in on_lines(powers) for row in _rows(line, tracks)], rows)


def exponent_of(text: str) -> int | None:
    """The exponent of a power of ten, however its small figure was read; None for any other text.

    >>> [exponent_of(text) for text in ("10²", "103", "10-1", "10⁻¹", "10^4", "1000", "200")]
    [2, 3, -1, -1, 4, None, None]
    """
    found = _POWER.fullmatch(normalize("NFKC", text).replace("−", "-"))
    return None if found is None else int(found.group(1))


def _rows(line: Sequence[Number], tracks: Ruled) -> list[ScaleRow]:
    """Scales of a line of exponents, one for each track over which they follow one another."""
    out = []
    for track in tracks.tracks_at(line[0].word.y):
        own = [n for n in line if track.left < n.word.x < track.right]
        steps = {b.value - a.value for a, b in pairwise(own)}
        if len(own) < (_FEW if tracks.plotted else _LEAST) or steps not in ({1.0}, {-1.0}):
            continue
        x, exponents = np.array([n.word.x for n in own]), np.array([n.value for n in own])
        slope, start = np.polyfit(x, exponents, 1)
        if np.abs(start + slope * x - exponents).max() > _OFF:
            continue
        at = [float(start + slope * edge) for edge in (track.left, track.right)]
        low, high = (_end(exponent) for exponent in at)
        edges = None
        if low is None or high is None:
            if not tracks.plotted:
                continue
            low, high = 10.0 ** own[0].value, 10.0 ** own[-1].value
            edges = float(f"{10 ** at[0]:.6g}"), float(f"{10 ** at[1]:.6g}")
        words = [n.word for n in own]
        height = max(10.0, max(w.bottom - w.top for w in words))
        y, sure = float(np.mean([w.y for w in words])), min(w.confidence for w in words)
        out.append(ScaleRow(track.left, track.right, (low, high), "log", True, y, height, sure, edges=edges))
    return out


def _end(exponent: float) -> float | None:
    """The value at the end of a scale, where it is 1, 2 or 5 times a power of ten; None for any other."""
    whole = math.floor(exponent + _OFF)
    near = next((m for m in _ENDS if abs(exponent - whole - math.log10(m)) < _OFF), None)
    return None if near is None else float(f"{near}e{whole}")
