"""Lines of equal depth as a comb, and the course of the figures that lead to it."""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np

from logdigit.paper.figures import Chain
from logdigit.types import Bool, Float, along

_FEW = 7
"""Figures below which their deviation is that from a straight line."""
_PAIR_PX = 1.5
"""Rows that two figures deviate from their course, as figures usually do: they cannot tell."""


@dataclass(frozen=True)
class Combed:
    """A comb laid on the lines.

    Attributes:
        rows: of the lines, strip px, (L,), increasing.
        depths: of the lines, (L,), increasing.
        unit: depth units from one line to the next.
        seen: whether the lines of the piece that a line is in stand out, (L,).
        scatter: deviation of the figures from their course, px.
    """

    rows: Float
    depths: Float
    unit: float
    seen: Bool
    scatter: float

    def at(self, depths: Float) -> Float:
        """Rows of depths, extrapolated by the outer lines."""
        return along(depths, self.depths, self.rows)

    def part(self, kept: slice) -> Combed:
        """Some of its lines."""
        return replace(self, rows=self.rows[kept], depths=self.depths[kept], seen=self.seen[kept])


def course_of(chain: Chain, offset: float, nearest: int = 9) -> Combed:
    """Where figures lead: their rows smoothed by a parabola through those nearest to each."""
    rows, depths = chain.rows + offset, chain.depths
    smooth, off = smooth_course(rows, depths, nearest)
    scatter = max(1.48 * float(np.median(off)), 0.6 * float(np.sqrt(np.mean(np.square(off)))))
    if 2 < len(rows) < _FEW:  # a line through few figures is near them all
        bent = rows - np.polyval(np.polyfit(depths, rows, 1), depths)
        scatter = max(scatter, float(np.sqrt(np.square(bent).sum() / (len(rows) - 2))))
    elif len(rows) == 2:
        scatter = _PAIR_PX
    return Combed(smooth, depths, chain.step, np.ones(len(rows), bool), scatter)


def smooth_course(rows: Float, depths: Float, nearest: int) -> tuple[Float, Float]:
    """Rows smoothed over depth by a parabola through those nearest to each, and how far they were off, (L,).

    Rows that stand far off count less.
    """
    slope, start = np.polyfit(depths, rows, 1)
    bent = rows - (slope * depths + start)
    smooth, trust = np.empty(len(rows)), np.ones(len(rows))
    count = min(nearest, len(rows))
    off = np.zeros(len(rows))
    for _ in range(2):
        for k in range(len(rows)):
            near = np.argsort(np.abs(depths - depths[k]), kind="stable")[:count]
            away = depths[near] - depths[k]
            weight = (1 - np.abs(away / (1.05 * np.abs(away).max())) ** 3) ** 1.5 * trust[near]
            fit = np.polynomial.polynomial.polyfit(away, bent[near], 2 if count > 6 else 1, w=weight)
            smooth[k] = fit[0]
        off = np.abs(bent - smooth)
        trust = 1 / (1 + np.square(off / max(1.0, 2 * float(np.median(off)))))
    return slope * depths + start + smooth, off
