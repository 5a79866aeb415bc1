"""Ticks of a registration: laid on a smooth course, and no more of them than it takes."""

from __future__ import annotations

from collections.abc import Collection

import numpy as np
from scipy.interpolate import make_smoothing_spline

from logdigit.paper.polyline import corners

_BENDS = 5.0
"""Reach of a course, as multiple of the fourth root of the penalty on its bends."""
_REACH = 2.0
"""Lines to either side over which a course may bend, at least: heavy lines stand far apart."""
_STRAY_PX = 1.0
"""Rows by which a line may always lie off its course and still count."""
_FEWEST = 5
"""Lines that make a course, as SciPy has it."""
_LEADING = 5
"""Lines that lead to the first or last one."""
_HELD_PX = 1.0
"""Rows by which the line of a figure is moved at most."""


def smoothed(
    ticks: list[tuple[float, float]], held: Collection[float] = (), reach_px: float = 130.0
) -> list[tuple[float, float]]:
    """Ticks on a smooth course, straight at its ends: a line lies within half a pixel of where it was meant.

    Args:
        ticks: (row, depth).
        held: rows of the lines that figures stand at, which lines between them do not move.
        reach_px: rows to either side over which the course may bend.
    """
    rows, depths = np.array(ticks).T
    if len(rows) < _FEWEST:
        return ticks
    lines = (depths - depths[0]) / float(np.median(np.diff(depths)))
    reach = max(reach_px / float(np.median(np.diff(rows))), _REACH)
    weights = np.ones(len(rows))
    for _ in range(3):  # again without lines that a curve or a splice has moved
        course = make_smoothing_spline(lines, rows, weights, lam=(reach / _BENDS) ** 4)(lines)
        off = np.abs(rows - course)
        weights = np.minimum(1.0, max(_STRAY_PX, 2.5 * float(np.median(off))) / np.maximum(off, 1e-9))
    most = np.where(np.isin(rows, list(held)), _HELD_PX, np.inf)
    return list(zip((rows + np.clip(course - rows, -most, most)).tolist(), depths.tolist(), strict=True))


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
