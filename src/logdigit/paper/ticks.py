"""Ticks of a registration: laid on a smooth course, and no more of them than it takes."""

from __future__ import annotations

from collections.abc import Collection

import numpy as np

from logdigit.paper.polyline import corners

_LEADING = 5
"""Lines that lead to the first or last one."""
_HELD_PX = 1.0
"""Rows by which the line of a figure is moved at most."""


def smoothed(
    ticks: list[tuple[float, float]], held: Collection[float] = (), reach_px: float = 130.0
) -> list[tuple[float, float]]:
    """Ticks on a local parabola: a ruled line lies within half a pixel of where it was meant.

    Args:
        ticks: (row, depth).
        held: rows of the lines that figures stand at, which lines between them do not move.
        reach_px: rows of the parabola to either side.
    """
    points = np.array(ticks)
    rows = points[:, 0].copy()
    for k in range(len(points)):
        near = np.abs(points[:, 0] - points[k, 0]) <= reach_px
        if near.sum() < 4:
            continue
        x, y = points[near, 1] - points[k, 1], points[near, 0] - points[k, 0]
        for _ in range(2):  # the second time without lines that a curve or a splice has moved
            fit = np.polynomial.polynomial.polyfit(x, y, 2 if len(x) > 5 else 1)
            off = np.abs(y - np.polynomial.polynomial.polyval(x, fit))
            keep = off <= max(1.0, 2.5 * float(np.median(off)))
            x, y = x[keep], y[keep]
            if len(x) < 4 or np.ptp(x) == 0:
                break
        most = _HELD_PX if points[k, 0] in held else np.inf
        rows[k] += float(np.clip(fit[0], -most, most))
    return [(float(r), float(d)) for r, d in zip(rows, points[:, 1], strict=True)]


def without_loose_ends(ticks: list[tuple[float, float]], unit: float) -> list[tuple[float, float]]:
    """Ticks less a first and a last one that the lines before it do not lead to: the stroke of a curve.

    Args:
        ticks: (row, depth), a line apart.
        unit: depth units from one line to the next; 0 where no lines were counted.
    """
    if not unit or len(ticks) < _LEADING + 2:
        return ticks
    for end in (0, -1):
        rows, depths = np.array(ticks[1 : _LEADING + 1] if end == 0 else ticks[-_LEADING - 1 : -1]).T
        pitch, at = np.polyfit(depths - ticks[end][1], rows, 1)
        if abs(ticks[end][0] - at) > max(2.0, 0.06 * pitch * unit) and len(ticks) > _LEADING + 2:
            ticks = ticks[1:] if end == 0 else ticks[:-1]
    return ticks


def thinned(ticks: list[tuple[float, float]], within: float = 0.35) -> list[tuple[float, float]]:
    """As many ticks as it takes to stay within a fraction of a pixel of all of them."""
    points = np.array(ticks)
    kept = corners(points[:, 1], points[:, 0], within)
    return [(float(points[k, 0]), float(points[k, 1])) for k in kept]
