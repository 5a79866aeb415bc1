"""Either end of lines that were counted: how far they go on, and whether they lie evenly."""

from __future__ import annotations

import numpy as np

from logdigit.paper.rules import Lines
from logdigit.types import Bool

_UNEVEN, _ODD = 0.2, 0.1
"""Share by which a line's distance differs from that of most; share of the lines for which it may."""
_END = 3
"""Lines at either end of a log that are looked at one by one."""
_STEADY = 0.12
"""Share of a line's distance by which the next one may stand off it, beyond the last figure."""


def even(ticks: list[tuple[float, float]]) -> bool:
    """Whether lines lie as evenly as on stretched paper: nothing else was counted with them."""
    return bool(np.mean(_uneven(ticks)) <= _ODD)


def even_ends(ticks: list[tuple[float, float]]) -> list[tuple[float, float]]:
    """Ticks without those at either end that stand too far from the next one, or too near."""
    odd = _uneven(ticks)
    first = max((int(k) + 1 for k in np.flatnonzero(odd[:_END])), default=0)
    last = min((int(k) for k in np.flatnonzero(odd) if k >= len(odd) - _END), default=len(odd))
    return ticks[first : last + 1] if last - first >= _END else ticks


def _uneven(ticks: list[tuple[float, float]]) -> Bool:
    """Which ticks but the last, two or more in all, stand unlike most from the next one, (K - 1,)."""
    rows, depths = np.array(ticks).T
    pitches = np.diff(rows) / np.diff(depths)
    return np.asarray(np.abs(pitches / np.median(pitches) - 1) > _UNEVEN, dtype=np.bool_)


def extended(
    ticks: list[tuple[float, float]], lines: Lines, unit: float
) -> tuple[float, float, list[tuple[float, float]]]:
    """First and last row of this course, with ticks up to there where lines can be counted on."""
    if not unit or len(ticks) < 2:
        return ticks[0][0], ticks[-1][0], ticks
    few = min(12, max(1, len(ticks) // 2))
    up = _walk(ticks[0], -(ticks[few][0] - ticks[0][0]) / (ticks[few][1] - ticks[0][1]), -unit, lines)
    down = _walk(
        ticks[-1], (ticks[-1][0] - ticks[-1 - few][0]) / (ticks[-1][1] - ticks[-1 - few][1]), unit, lines
    )
    whole = [*reversed(up), *ticks, *down]
    return whole[0][0], whole[-1][0], whole


def _walk(start: tuple[float, float], pitch: float, unit: float, lines: Lines) -> list[tuple[float, float]]:
    """Lines counted on from a tick, ``unit`` a line (negative upwards), until two in a row are missing."""
    out: list[tuple[float, float]] = []
    waiting: list[tuple[float, float]] = []
    (row, depth), step = start, pitch * abs(unit)
    while len(waiting) < 2 and depth + unit >= -1e-9:
        due, depth = row + step, depth + unit
        k = int(np.argmin(np.abs(lines.rows - due)))
        if abs(lines.rows[k] - due) <= _STEADY * abs(step):
            row = float(lines.rows[k])
            out += [*waiting, (row, depth)]
            waiting = []
        else:
            row = due
            waiting.append((row, depth))
    return out
