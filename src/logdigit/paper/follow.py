"""Lines between figures: followed, counted, and what of a column they vouch for."""

from __future__ import annotations

from itertools import pairwise

import numpy as np

from logdigit.paper.rules import FINEST_PX, UNITS, Lines
from logdigit.types import Bool, Float

_OFF_PX = 4.0
"""Rows by which a line may stand off its place, beside a share of the pitch; farther is a finer line."""
_HOLE = 3.5
"""Figure steps from one figure to the next over which a count of lines still proves something."""
_BENT = 0.4
"""Depth units by which an interval without counted lines may be off before it is given up."""


def count_lines(
    rows: Float, depths: Float, lines: Lines, pitch: float
) -> tuple[float, list[tuple[float, float]], int, int]:
    """The finest line unit whose lines are there and whose count is that of the figures.

    Returns:
        Unit (0 where there is none), ticks, intervals in which lines could be counted, those that agree.
    """
    for unit in UNITS:
        if pitch * unit < FINEST_PX or unit > np.diff(depths).min():
            continue
        ticks, counted, agreed = ticks_along(rows, depths, lines, unit)
        if counted >= max(2, 0.5 * (len(rows) - 1)) and agreed >= 0.75 * counted:
            return unit, ticks, counted, agreed
    return 0.0, list(zip(rows.tolist(), depths.tolist(), strict=True)), 0, 0


def ticks_along(
    rows: Float, depths: Float, lines: Lines, unit: float
) -> tuple[list[tuple[float, float]], int, int]:
    """Ticks at figures and at the lines between them where their count agrees; intervals counted, agreed."""
    ticks: list[tuple[float, float]] = [(float(rows[0]), float(depths[0]))]
    counted = agreed = 0
    for (row0, depth0), (row1, depth1) in pairwise(zip(rows, depths, strict=True)):
        if unit:
            between = _between(float(row0), float(row1), round((depth1 - depth0) / unit), lines)
            if between is not None:
                counted += 1
                if len(between) == round((depth1 - depth0) / unit) - 1:
                    agreed += 1
                    ticks += [(r, float(depth0) + unit * (k + 1)) for k, r in enumerate(between)]
        ticks.append((float(row1), float(depth1)))
    return ticks, counted, agreed


def _between(row0: float, row1: float, count: int, lines: Lines) -> list[float] | None:
    """Rows of the lines passed on the way from one line to another, those not seen put in where due.

    None where too few of them are there, so that nothing is counted.
    """
    pitch = (row1 - row0) / max(1, count)
    out: list[float] = []
    seen, row = 0, row0
    while row + 1.5 * pitch < row1 + 0.02 * pitch and len(out) <= count + 2:
        due = row + pitch
        k = int(np.argmin(np.abs(lines.rows - due)))
        if abs(lines.rows[k] - due) <= _loose(pitch):
            row = float(lines.rows[k])
            seen += 1
        else:
            row = due
        out.append(row)
    return out if seen >= 0.6 * max(1, len(out)) else None


def _loose(pitch: float) -> float:
    """Rows by which a line may stand off its place."""
    return min(0.3 * pitch, _OFF_PX + 0.1 * pitch)


def miscounted(row0: float, row1: float, due: int, lines: Lines) -> int | None:
    """Lines passed on the way from one line to another beyond those due; None where none can be counted."""
    between = _between(row0, row1, due, lines)
    return None if between is None else len(between) + 1 - due


def followed_between(
    rows: Float, depths: Float, lines: Lines, unit: float, a: int, b: int
) -> list[float] | None:
    """Rows of the lines between two figures where they are as many as the figures say; None where not."""
    due = round((depths[b] - depths[a]) / unit)
    row0, row1 = float(rows[a]), float(rows[b])
    between = _between(row0, row1, due, lines)
    if between is None or len(between) != due - 1:
        return None
    pitch = (row1 - row0) / due
    off = row1 - (between[-1] if between else row0) - pitch
    return between if abs(off) <= _loose(pitch) else None


def without_strays(rows: Float, depths: Float, fits: Bool, lines: Lines, unit: float) -> tuple[Float, Float]:
    """Lines of figures less those that the lines on either side do not bear out.

    A figure is left out where the lines on both sides disagree in number with the figures, and agree
    without it; where it stands unlike the others and a side disagrees; and at either end where its one
    interval disagrees: nothing beyond vouches for it.
    """

    def agrees(a: int, b: int) -> bool:
        return followed_between(rows, depths, lines, unit, a, b) is not None

    kept = list(range(len(rows)))
    for k in range(1, len(rows) - 1):
        at = kept.index(k)
        a, b = kept[at - 1], kept[at + 1]
        sides = agrees(a, k) + agrees(k, b)
        if (sides == 0 and agrees(a, b)) or (sides < 2 and not fits[k]):
            kept.remove(k)
    for first in (0, -1):
        a, b = sorted((kept[first], kept[1 if first == 0 else -2]))
        if len(kept) > 3 and not agrees(a, b):
            kept.pop(first)
    return rows[kept], depths[kept]


def vouched(rows: Float, depths: Float, lines: Lines, unit: float) -> tuple[int, int]:
    """First and last of the longest run of figures between which the depths can be vouched for.

    Where the lines between two figures cannot be counted, depths there are as far off as the paper is bent;
    how bent it is the intervals tell in which lines were counted. What may be off by too much ends a run.
    """
    usual = float(np.median(np.diff(depths)))
    between = [
        followed_between(rows, depths, lines, unit, k, k + 1)
        if depths[k + 1] - depths[k] <= _HOLE * usual
        else None  # a count over many figures that are missing comes out right by chance
        for k in range(len(rows) - 1)
    ]
    bends = [
        _bend(float(rows[k]), float(rows[k + 1]), found) * unit * usual / (depths[k + 1] - depths[k])
        for k, found in enumerate(between)
        if found
    ]
    bent = float(np.percentile(bends, 90)) if bends else 0.0
    ends = [0]
    for k, found in enumerate(between):
        if found is None and bent * (depths[k + 1] - depths[k]) / usual > _BENT:
            ends += [k, k + 1]
    ends.append(len(rows) - 1)
    return _longest(ends, depths)


def vouched_by_figures(rows: Float, depths: Float) -> tuple[int, int]:
    """The same where no lines can be counted at all: an interval unlike both its neighbours ends a run."""
    pitch = np.diff(rows) / np.diff(depths)
    # between two figures a steady change of the pitch bows the course by an eighth of that change
    off = np.abs(np.diff(pitch)) * np.diff(depths)[:-1] / 8 / float(np.median(pitch))
    ends = [0]
    for k in range(1, len(pitch) - 1):
        if min(off[k - 1], off[k]) > _BENT:
            ends += [k, k + 1]
    ends.append(len(rows) - 1)
    return _longest(ends, depths)


def _longest(ends: list[int], depths: Float) -> tuple[int, int]:
    """Of runs of figures, first and last in turn, the one that spans most depth."""
    runs = list(zip(ends[::2], ends[1::2], strict=True))
    return max(runs, key=lambda run: float(depths[run[1]] - depths[run[0]]))


def _bend(row0: float, row1: float, between: list[float]) -> float:
    """How far lines between two figures stand off even places, in lines."""
    pitch = (row1 - row0) / (len(between) + 1)
    even = row0 + pitch * np.arange(1, len(between) + 1)
    return float(np.abs(np.array(between) - even).max() / pitch)
