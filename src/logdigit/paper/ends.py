"""How far lines of equal depth run: whether they lie evenly, where they break off, how far they go on."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise

import numpy as np
from scipy.ndimage import median_filter

from logdigit.paper.rules import Lines
from logdigit.types import Bool, Float

_UNEVEN, _ODD = 0.2, 0.1
"""Share by which a line's distance differs from that of most; share of the lines for which it may."""
_NEAREST = 12
"""Lines that lead to the next one, at most."""
_END = 3
"""Lines at either end of a log that are looked at one by one."""
_STEADY = 0.12
"""Share of a line's distance by which the next one may stand off it, beyond the last figure."""
_NEXT_PX, _LOOSELY = 5.0, 3.0
"""Rows by which it may, however far apart lines are, and as multiple of what lines usually do: what stands
further off is the frame of the log."""
_JUMP_PX, _JUMP, _PLAINLY, _BACK = 3.0, 0.1, 8.0, 0.35
"""Rows by which a run of lines stands off all others, at least, share of the way from one to the next, and
multiple of what lines usually do; how much less or more they come back, as share of that."""
_ASIDE_PX, _ASIDE = 3.0, 0.02
"""Rows by which the line of a figure may lie off the course of those beside it; share of their distance."""
_FEWEST = 4
"""Lines of figures of which any are left out, at least."""
_AHEAD, _SLIP = 4, 0.4
"""Lines over which a comb that slips goes astray; by how much, in lines (sound paper: 0.25 at most)."""
_AROUND = 20
"""Lines to either side that say how far one lies from the next."""
_LED, _LEADS_PX = 6, 0.6
"""Lines that lead to the first and last ones of a comb, where they lie as straight as this;"""
_OFF_PX = 1.5
"""rows by which one of few may lie off it;"""
_LOOSE_PX, _LOOSE = 1.0, 0.03
"""rows by which those may lie off where they lead, and in lines."""


def even(ticks: list[tuple[float, float]]) -> bool:
    """Whether lines lie as evenly as on stretched paper: nothing else was counted with them."""
    return bool(np.mean(_uneven(ticks)) <= _ODD)


def off_and_back(ticks: list[tuple[float, float]]) -> bool:
    """Whether a run of lines steps aside from those before it and back to those behind it, as no paper does.

    Finer lines were followed there; where sheets are joined, a log steps aside and stays.

    >>> paper = [(20.0 * k, 2.0 * k) for k in range(30)]
    >>> slipped = [(row - 4 * (9 < k < 18), depth) for k, (row, depth) in enumerate(paper)]
    >>> joined = [(row - 4 * (9 < k), depth) for k, (row, depth) in enumerate(paper)]
    >>> off_and_back(paper), off_and_back(slipped), off_and_back(joined)
    (False, True, False)
    """
    rows, depths = np.array(ticks).T
    if len(rows) < _AROUND:
        return False
    apart = np.diff(rows)
    usual = median_filter(apart / np.diff(depths), 2 * _AROUND + 1, mode="nearest") * np.diff(depths)
    steps = apart - usual
    loose = _PLAINLY * float(np.median(np.abs(steps)))  # on furry paper all lines are uneven
    jumps = np.flatnonzero(np.abs(steps) > np.maximum(max(_JUMP_PX, loose), _JUMP * usual))
    return any(
        1 < b - a <= _AROUND and abs(steps[a] + steps[b]) < _BACK * abs(steps[a]) for a, b in pairwise(jumps)
    )


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
    few = min(_NEAREST, max(1, len(ticks) // 2))
    upper, lower = (loose_by(some, unit) for some in (ticks[: few + 1], ticks[-few - 1 :]))
    up = walked(
        ticks[0], -(ticks[few][0] - ticks[0][0]) / (ticks[few][1] - ticks[0][1]), -unit, lines, loose=upper
    )
    down = walked(
        ticks[-1],
        (ticks[-1][0] - ticks[-1 - few][0]) / (ticks[-1][1] - ticks[-1 - few][1]),
        unit,
        lines,
        loose=lower,
    )
    whole = [*reversed(up), *ticks, *down]
    return whole[0][0], whole[-1][0], whole


def loose_by(ticks: Sequence[tuple[float, float]], unit: float) -> float:
    """Rows by which lines ``unit`` apart lie off where the one before leads, usually.

    >>> loose_by([(0.0, 0.0), (101.0, 10.0), (200.0, 20.0), (301.0, 30.0)], 10.0)
    1.0
    """
    rows, depths = np.array(ticks).T
    apart = np.diff(rows) / np.diff(depths) * unit
    return float(np.median(np.abs(np.diff(apart)))) / 2 if len(apart) > 1 else 0.0


def walked(
    start: tuple[float, float],
    pitch: float,
    unit: float,
    lines: Lines,
    missing: int = 1,
    steady: float = _STEADY,
    loose: float = 0.0,
) -> list[tuple[float, float]]:
    """Lines counted on from a tick until more in a row are missing than may be.

    Args:
        start: row and depth of the tick.
        pitch: rows per depth unit, negative upwards.
        unit: depth units a line, negative upwards.
        lines: that are there.
        missing: lines in a row that may be.
        steady: share of their distance by which the next one may stand off it.
        loose: rows by which lines usually do, as ``loose_by`` gives it.
    """
    out: list[tuple[float, float]] = []
    waiting: list[tuple[float, float]] = []
    (row, depth), step = start, pitch * abs(unit)
    while len(waiting) <= missing and depth + unit >= -1e-9:
        due, depth = row + step, depth + unit
        k = int(np.argmin(np.abs(lines.rows - due)))
        if abs(lines.rows[k] - due) <= min(steady * abs(step), max(_NEXT_PX, _LOOSELY * loose)):
            row = float(lines.rows[k])
            out += [*waiting, (row, depth)]
            waiting = []
        else:
            row = due
            waiting.append((row, depth))
    return out


def in_course(rows: Float, depths: Float) -> tuple[Float, Float]:
    """Lines of figures without those that are off the course of the two beside them: other lines were taken.

    >>> rows, depths = in_course(np.array([0.0, 80, 160, 250, 320, 400]), np.arange(6) * 10.0)
    >>> depths.tolist()
    [0.0, 10.0, 20.0, 40.0, 50.0]
    """
    while len(rows) > _FEWEST:
        share = (depths[1:-1] - depths[:-2]) / (depths[2:] - depths[:-2])
        apart = rows[2:] - rows[:-2]
        off = np.abs(rows[1:-1] - rows[:-2] - share * apart) / np.maximum(_ASIDE_PX, _ASIDE * apart)
        worst = int(np.argmax(off))
        if off[worst] <= 1:
            break
        rows, depths = np.delete(rows, worst + 1), np.delete(depths, worst + 1)
    return rows, depths


def unbroken(rows: Float, torn: Bool | None = None) -> list[slice]:
    """Runs of a comb's lines between the places where it slips: there the lines bunch up, or are torn apart.

    Args:
        rows: of the lines (L,), increasing.
        torn: lines that are in no run whatever the others say, (L,).

    >>> paper = np.arange(40) * 20.0
    >>> slipped = np.where(paper > 400, paper - 20 * np.clip((paper - 400) / 100, 0, 1), paper)
    >>> unbroken(paper), unbroken(slipped)
    ([slice(0, 40, None)], [slice(0, 19, None), slice(27, 40, None)])
    """
    whole = np.ones(len(rows), bool) if torn is None else ~torn
    if len(rows) < 2 * _AHEAD:
        return _runs(whole)
    pitch = median_filter(np.diff(rows), 2 * _AROUND + 1, mode="nearest")
    from_here = rows[_AHEAD:] - rows[:-_AHEAD] - _AHEAD * pitch[_AHEAD // 2 : 1 - _AHEAD // 2]
    slips = np.flatnonzero(np.abs(from_here) > _SLIP * pitch[_AHEAD // 2 : 1 - _AHEAD // 2])
    for k in slips:
        whole[k : k + _AHEAD + 1] = False
    return _runs(whole)


def _runs(whole: Bool) -> list[slice]:
    edges = np.flatnonzero(np.diff(np.concatenate([[False], whole, [False]]).astype(int)))
    return [slice(int(a), int(b)) for a, b in edges.reshape(-1, 2)]


def firm(rows: Float) -> slice:
    """A comb's lines without first and last ones that those before do not lead to: they are something else.

    They are looked at one by one, from the lines right before each, and together, from twice as many before
    them all: a comb may drift by less than a px a line.

    >>> paper = np.arange(40) * 20.0
    >>> firm(np.where(paper < 10, paper - 4, paper))
    slice(1, 40, None)
    >>> firm(paper + np.clip(paper - 720, 0, None) / 25)
    slice(0, 38, None)
    """
    kept = [0, 0]
    for end, side in enumerate((rows, rows[::-1])):
        for k in range(_END if len(rows) >= 2 * (_LED + _END) else 0):
            before = [np.arange(k + 1, k + 1 + _LED), np.arange(_END, _END + 2 * _LED)]
            for at in before if len(rows) >= 2 * (2 * _LED + _END) else before[:1]:
                lead = np.polynomial.Polynomial.fit(at, side[at], 1)
                led = np.abs(side[at] - lead(at)).max() <= _LEADS_PX
                if led and abs(side[k] - lead(k)) > max(_LOOSE_PX, _LOOSE * abs(side[at[1]] - side[at[0]])):
                    kept[end] = k + 1
    return slice(kept[0], len(rows) - kept[1])


def led_ends(rows: Float) -> Float:
    """Lines with the first and last of a few where those between lead, if these lie straight.

    What is taken for them may be the frame of the log, some px beside.

    >>> led_ends(np.array([4.0, 200, 400, 600, 797])).round(1).tolist()
    [0.0, 200.0, 400.0, 600.0, 800.0]
    """
    if not _FEWEST < len(rows) < 2 * (_LED + _END):
        return rows
    inner = np.arange(1, len(rows) - 1)
    lead = np.polynomial.Polynomial.fit(inner, rows[1:-1], 1)
    if np.abs(rows[1:-1] - lead(inner)).max() > _LEADS_PX:
        return rows
    out = rows.copy()
    for k in (0, len(rows) - 1):
        out[k] = lead(k) if abs(rows[k] - lead(k)) > _OFF_PX else rows[k]
    return out
