"""Registration by the comb: where figures stand evenly, all lines of equal depth together are one comb.

Figures give the comb its pitch and its depths, the lines its place. No single line is looked for: the comb
is laid on the ruling piece by piece, first with the lines of the figures, then with ever finer ones, and by
how much it shifts from one piece to the next is how the paper bends. A line that is faint, missing or doubled
by a curve does not matter, and nothing is counted: a comb cannot slip as long as figures lead to within half
a line of where it lies.
"""

from __future__ import annotations

from dataclasses import replace
from itertools import pairwise

import numpy as np
from scipy.ndimage import gaussian_filter1d, uniform_filter1d

from logdigit.paper.combed import Combed, course_of
from logdigit.paper.figures import MIN_CHAIN, Chain
from logdigit.paper.rules import FINEST_PX, UNITS, Ruling
from logdigit.types import Float

_ALIKE = 0.75
"""Height of finer lines, as share of the coarser ones', from which a figure could stand at either."""
_THERE = 0.85
"""Share of the finer lines that must be there,"""
_MANY, _HIGH = 0.58, 0.45
"""or share where curves hide lines, if they are that high, as share of the coarser ones."""
_PIECE_PX = 100.0
"""Rows of a piece of the comb; never less than `_TEETH` lines, or a single one that far from the next."""
_TEETH = 3
_BEND_PX = 0.5
"""Rows by which the comb usually shifts from one piece to the next at least,"""
_SLOPES = 0.006
"""and as share of the way from one to the next."""
_MOST = 6.0
"""Price of a shift, in squares of the usual one, from which it costs no more for being larger."""
_PRICE = 0.15
"""Price of the usual shift, in heights of a line."""
_STANDS_OUT = 0.05
"""Cover by which lines stand out from the paper between them at least,"""
_CLEAR = 0.35
"""and share of that by which lines usually do."""
_AS_HIGH = 2.0
"""Height of most lines, as multiple, from which one counts no more for being higher: it may be of a frame."""
_HOLE_PX = 700.0
"""Rows without lines between two pieces that have them, at most."""
_HOLE = 3
"""Lines in a row that need not be seen, however far apart they are."""
_LIGHT = 0.2
"""Height of a line that is there, as share of that of the coarser ones."""
_SPARSE_PX = 90.0
"""Rows from one line to the next from which each is measured by itself."""
_LOOSE_PX = 1.5
"""Rows by which the lines of figures may lie off their course at least."""
_REACH_PX = 2.5
"""Rows by which finer lines may lie off where coarser ones lead, at most;"""
_SAGS = 0.002
"""it is this share of the way from one figure to the next, and what figures stray."""
_WOBBLY_PX, _MORE = 1.2, (19, 41)
"""Rows that figures stray from which more of them make their course, and how many."""
_PHASES, _APART_PX, _ASIDE = (0.2, 0.35, 0.5, 0.65, 0.8), 5.0, 0.2
"""Shares of a pitch by which a comb is laid beside its lines; rows from these that it must keep; share of a
pitch that it may be off there."""
_CHANCE, _ANYWHERE = 0.5, 0.15
"""Height beside its lines, as share of theirs, from which a comb may be laid on anything: strokes of curves
reach 0.6 and more, lines 0.4 at most; and what most such places have: lines half way between have none."""
_FINE = 0.25
"""Rows from one tried shift to the next."""
_NEAR = 1.5
"""Rows from its place within which a single line lies."""


def comb(chain: Chain, ruling: Ruling, offset: float) -> Combed | None:
    """Lay the lines of a chain of figures on a ruling.

    Args:
        chain: figures of one course.
        ruling: the lines beside them.
        offset: rows from the middles of figures to their lines.

    Returns:
        The lines from the first to the last that can be followed; None where figures stand too unevenly to
        tell which line is whose, or no lines stand out from the first figure to the last.
    """
    course = course_of(chain, offset)
    reach = max(_LOOSE_PX, 2.5 * course.scatter)
    if course.scatter > _WOBBLY_PX:
        # where figures are loose, a course through a few of them wobbles more than paper does
        longer = [course_of(chain, offset, n) for n in _MORE if n < 2 * len(chain.figures)]
        courses = [course, *(replace(other, scatter=course.scatter) for other in longer)]
        course = max(courses, key=lambda one: _stands_out(one, ruling, chain, reach))
    between = _SAGS * chain.step * chain.px_per_unit + 2.0 * course.scatter
    between = float(np.clip(between, 1.0, _REACH_PX))
    laid = _laid(course, ruling, chain, chain.step, reach)
    if laid is None:
        return None
    while (finer := _finer(laid, ruling, chain)) is not None:
        unit, height = finer
        pitch = unit * chain.px_per_unit
        if height > _ALIKE and reach > 0.5 * pitch:
            return None
        closer = _laid(laid, ruling, chain, unit, min(between, 0.4 * pitch))
        if closer is None:
            break
        laid = closer
    for _ in range(2):  # the ends were led by few figures: once more, by the lines that were found
        again = _laid(laid, ruling, chain, laid.unit, min(between, 0.4 * laid.unit * chain.px_per_unit))
        laid = laid if again is None else again
    return _followed(laid, ruling, chain)


def by_chance(laid: Combed, ruling: Ruling, chain: Chain) -> bool:
    """Whether a comb finds about as much beside its lines as at them: where none are printed, curves pass.

    Args:
        laid: the comb.
        ruling: what it is laid on.
        chain: figures that led it.
    """
    pitch = laid.unit * chain.px_per_unit
    reach = min(_REACH_PX, _ASIDE * pitch)
    phases = [phase for phase in _PHASES if min(phase, 1 - phase) * pitch - reach >= _APART_PX]
    asides = [replace(laid, rows=laid.rows + phase * pitch) for phase in phases]
    found = [_laid(aside, ruling, chain, laid.unit, reach) for aside in asides]
    heights = [0.0 if one is None else _height(ruling, one, pitch) for one in found]
    own = max(_height(ruling, laid, pitch), 1e-6)
    return bool(heights) and max(heights) >= _CHANCE * own and float(np.median(heights)) >= _ANYWHERE * own


def _height(ruling: Ruling, laid: Combed, pitch: float) -> float:
    """How high a comb stands on what it is laid on: on most of its lines, and on all."""
    heights = _heights(ruling, laid.rows, pitch)
    return float(min(np.median(heights), np.mean(heights)))


def _stands_out(course: Combed, ruling: Ruling, chain: Chain, reach: float) -> float:
    """How high the lines of figures are that are found along a course."""
    laid = _laid(course, ruling, chain, chain.step, reach)
    return -1.0 if laid is None else float(_heights(ruling, laid.rows, chain.step * chain.px_per_unit).mean())


def _laid(course: Combed, ruling: Ruling, chain: Chain, unit: float, reach: float) -> Combed | None:
    """The comb of a unit laid near a course, at most ``reach`` px off it; None where there are no lines.

    The shifts of all pieces are chosen together (Viterbi): lines stand out there, and neighbours shift alike.
    """
    pitch = unit * chain.px_per_unit
    ends = chain.depths[0] - 2 * chain.step, chain.depths[-1] + 2 * chain.step
    depths = _teeth(chain, max(0.0, ends[0]), ends[1], unit)
    due = course.at(depths) - ruling.top
    inside = (due >= reach + 3) & (due <= len(ruling.cover) - reach - 4)
    depths, due = depths[inside], due[inside]
    if len(depths) < min(MIN_CHAIN, len(chain.figures)):
        return None
    reach = min(reach, 0.45 * pitch)
    steps = round(reach / _FINE)
    shifts = np.linspace(-steps * _FINE, steps * _FINE, 2 * steps + 1)
    half = max(_TEETH, round(_PIECE_PX / pitch)) // 2 if pitch < _PIECE_PX else 0
    bend = max(_BEND_PX, _SLOPES * max(1, half) * pitch)
    cover = gaussian_filter1d(ruling.cover, 1.0)  # so that thick lines count for more
    each = np.interp(due[:, None] + shifts[None], np.arange(len(cover)), cover)
    paper = np.median(_around(cover, due, pitch), axis=1)
    high = each - paper[:, None]
    high = np.minimum(high, _AS_HIGH * max(_STANDS_OUT, float(np.median(high.max(axis=1)))))
    pile: Float = uniform_filter1d(high, 2 * half + 1, axis=0, mode="nearest")
    usual = float(np.median(pile.max(axis=1)))
    at = np.unique(np.clip(np.arange(half, len(due) + half, max(1, half)), 0, len(due) - 1))
    gain = pile[at] / max(usual, _STANDS_OUT)
    moved = np.square((shifts[:, None] - shifts[None]) / bend)
    price = _PRICE * np.minimum(moved, _MOST)
    best = gain[0]
    back = np.zeros((len(at), len(shifts)), dtype=int)
    for k in range(1, len(at)):
        total = best[:, None] - price
        back[k] = total.argmax(axis=0)
        best = total.max(axis=0) + gain[k]
    chosen = [int(best.argmax())]
    for k in range(len(at) - 1, 0, -1):
        chosen.append(int(back[k, chosen[-1]]))
    chosen.reverse()
    exact = np.array([_peak(shifts, np.asarray(pile[k]), c) for k, c in zip(at, chosen, strict=True)])
    clear = pile[at, chosen] >= max(_STANDS_OUT, _CLEAR * usual)
    if clear.sum() < 2:
        return None
    lines = np.arange(len(due))
    moves = np.interp(lines, at[clear], exact[clear])
    seen = clear[np.abs(lines[:, None] - at[None]).argmin(axis=1)]
    return replace(course, rows=due + moves + ruling.top, depths=depths, unit=unit, seen=seen)


def _teeth(chain: Chain, top: float, base: float, unit: float) -> Float:
    """Depths from one to another at which a comb of a unit has its lines: those of figures are among them."""
    first = float(chain.depths[0] % unit)  # figures may be 3450, 3550, ... at lines every 20
    return np.asarray(
        np.arange(np.ceil((top - first) / unit), np.floor((base - first) / unit) + 1) * unit + first
    )


def _around(cover: Float, due: Float, pitch: float) -> Float:
    """Cover over a whole pitch around each line, (L, 24)."""
    away = np.linspace(-0.5, 0.5, 24) * pitch
    return np.asarray(np.interp(due[:, None] + away[None], np.arange(len(cover)), cover), dtype=np.float64)


def _peak(shifts: Float, pile: Float, k: int) -> float:
    """Top of the parabola through a peak and its two neighbours."""
    if not 0 < k < len(shifts) - 1:
        return float(shifts[k])
    left, mid, right = (float(height) for height in pile[k - 1 : k + 2])
    bend = left - 2 * mid + right
    return float(shifts[k] + (_FINE * np.clip(0.5 * (left - right) / bend, -1, 1) if bend < -1e-9 else 0.0))


def _heights(ruling: Ruling, due: Float, pitch: float) -> Float:
    """By how much single lines stand out where they are due (strip px), (L,)."""
    cover = gaussian_filter1d(ruling.cover, 1.0)
    near = np.linspace(-_NEAR, _NEAR, 7)
    here = np.interp(due[:, None] - ruling.top + near[None], np.arange(len(cover)), cover).max(axis=1)
    return np.asarray(here - np.median(_around(cover, due - ruling.top, pitch), axis=1), dtype=np.float64)


def _measured(ruling: Ruling, due: Float) -> Float:
    """Rows of single lines, (L,) strip px, at most 2 px from where they are due."""
    near = np.arange(-2.0, 2.01, _FINE)
    rows = np.arange(len(ruling.cover))
    cover = np.interp(due[:, None] - ruling.top + near[None], rows, gaussian_filter1d(ruling.cover, 1.0))
    return np.array(
        [row + _peak(near, one, int(one.argmax())) for row, one in zip(due, list(cover), strict=True)]
    )


def _finer(laid: Combed, ruling: Ruling, chain: Chain) -> tuple[float, float] | None:
    """The next unit whose lines are there, and how high they are, as share of those laid; None for no more.

    Of several it is the one with the highest lines (lines every 2 ft are near some of those every 2.5 would
    be), the coarsest of those about as high.
    """
    there: list[tuple[float, float]] = []
    for unit in UNITS:
        parts, pitch = laid.unit / unit, unit * chain.px_per_unit
        if parts < 1.5 or abs(parts - round(parts)) > 1e-6 or pitch < FINEST_PX:
            continue
        share, height = _lines_there(laid, ruling, chain, unit)
        if share >= _THERE or (share >= _MANY and height >= _HIGH):
            there.append((unit, height))
    if not there:
        return None
    highest = max(height for _, height in there)
    return max(found for found in there if found[1] >= 0.85 * highest)


def _lines_there(laid: Combed, ruling: Ruling, chain: Chain, unit: float) -> tuple[float, float]:
    """Share of the lines of a finer unit that are there; how high they are, as share of those laid."""
    pitch = unit * chain.px_per_unit
    usual = float(np.median(_heights(ruling, laid.rows[laid.seen], pitch)))
    depths = _teeth(chain, float(laid.depths[0]), float(laid.depths[-1]), unit)
    parts = (depths - laid.depths[0]) / laid.unit
    depths = depths[np.abs(parts - np.round(parts)) > 1e-6]
    depths = depths[laid.seen[np.abs(laid.depths[:, None] - depths[None]).argmin(axis=0)]]
    if not len(depths) or usual <= 0:
        return 0.0, 0.0
    due = laid.at(depths)
    heights = _heights(ruling, due, pitch)
    return float((heights > max(_STANDS_OUT, _LIGHT * usual)).mean()), float(np.median(heights)) / usual


def _followed(laid: Combed, ruling: Ruling, chain: Chain) -> Combed | None:
    """The lines that are reached from the figures without crossing a hole; None if not all figures are."""
    pitch = laid.unit * chain.px_per_unit
    known = np.flatnonzero(laid.seen)
    hole = max(_HOLE_PX / pitch, _HOLE)
    gaps = np.flatnonzero(np.diff(known) > hole)
    ends = [0, *(int(k) + 1 for k in gaps), len(known)]
    runs = [(int(known[a]), int(known[b - 1])) for a, b in pairwise(ends)]
    top, bottom = max(runs, key=lambda run: laid.depths[run[1]] - laid.depths[run[0]])
    heights = _heights(ruling, laid.rows, pitch)
    good = heights > max(_STANDS_OUT, _CLEAR * float(np.median(heights[top : bottom + 1])))
    first, last = (int(np.abs(laid.depths - d).argmin()) for d in (chain.depths[0], chain.depths[-1]))
    if top > first + hole or bottom < last - hole:
        return None
    top, bottom = min(top, first), max(bottom, last)
    while top < first and not (good[top] and good[top + 1]):
        top += 1
    while bottom > last and not (good[bottom] and good[bottom - 1]):
        bottom -= 1
    if pitch > _SPARSE_PX:
        laid = replace(laid, rows=np.where(good, _measured(ruling, laid.rows), laid.rows))
    return laid.part(slice(top, bottom + 1))
