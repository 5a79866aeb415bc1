"""How far the figures of a depth column stand from their lines: alike for all figures of a log."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray
from scipy.ndimage import maximum_filter1d

from logdigit.errors import RefusalError
from logdigit.paper.combed import course_of
from logdigit.paper.figures import MIN_CHAIN, Chain
from logdigit.paper.rules import Ruling
from logdigit.types import Float

_RIVAL = 0.8
"""Height, as share of the highest, from which another distance of the figures is a rival."""
_CENTRED = 0.65
"""The same for figures that stand right on a line."""
_TOP, _SEVERAL = 0.9, 2
"""Height of the lines beside figures that stand on none, as share of the highest about, at least, where so
many others lie between the two;"""
_LEAST = 0.5
"""and where not."""
_PLAIN = 0.33
"""Share of the way from line to line up to which a figure plainly stands at the nearer one."""
_NEARER, _ALIKE = 0.295, 0.6
"""The same where all lines are alike; height of a line that is, where figures stand on none."""
_MANY, _EVEN, _ASTRAY, _CLOSEST = 8, 0.75, 0.18, 10.0
"""Lines among which those of a grid lie evenly, though paper stretches; share of them that do; how far off
one may lie, as share of the distance from one to the next; and px of that distance, at least."""
_OUT = 0.75
"""Height of any other line, as share of that of the figures', up to which theirs stands out among uneven
ones."""
_HEAVIER = ((1.2, 2), (1.35, 3), (1.5, 3))
"""Strength of heavy lines, as multiple of that of most, and how many there are at least: tried in turn."""
_RARE, _REGULAR, _CLASS = 0.6, 0.12, 1.5
"""Share of all lines that they are; how evenly they lie; rows from one to the next, as multiple of that of
all lines, at least."""
_APART = 1.5
"""By how much heavy lines exceed all others, as multiple of what these differ by, where they are plain."""
_NEAR_PX = 4
"""Rows within which a line is where the heavy ones lead."""
_SHARE = 0.015
"""Strength by which the lines of figures exceed the next strongest, as share of that; this much for each"""
_ALONE = 4.0
"""multiple of what the others differ by. From this multiple on, the matter is settled,"""
_SURELY = 6.0
"""from this one on, even where figures stand right on another line;"""
_AHEAD = 2.0
"""from this one on, no other line is taken instead."""
_AROUND = 6
"""Distances on either side, all together, that are held against one."""
_TELLING = 5
"""Figures from which their course tells how they stand off it."""
_LOOSEST = 10
"""Rows by which figures may stand off their course and still be laid on one another."""
_PILED = 0.3
"""Cover of a few rows, summed, by which the lines at figures stand out from the paper."""


def offset_of(chain: Chain, ruling: Ruling) -> float:
    """Rows from the middle of a figure to its line, alike for all figures of a chain.

    Raises:
        RefusalError: if two distances are about as likely.
    """
    tall = float(np.median([f.height for f in chain.figures]))
    half = round(min(0.75 * chain.px_per_unit * chain.step, 5 * tall + 60))
    if half < 8:
        raise RefusalError("the depth figures stand too close for lines between them")
    near = min(0.45 * chain.px_per_unit * chain.step, max(1.3 * tall, 40.0))
    loose = course_of(chain, 0.0).scatter if len(chain.figures) >= _TELLING else 1.0
    window = np.ones(3 + 2 * min(round(loose), _LOOSEST))
    # a figure near the end of the paper tells of as many rows as there are
    cover = np.pad(np.convolve(ruling.cover, window, "same"), half, constant_values=np.nan)
    places = np.round(chain.rows).astype(int) - ruling.top
    places = places[(places >= 0) & (places < len(ruling.cover))]
    piles = np.array([cover[k : k + 2 * half + 1] for k in places])
    if len(piles) < min(MIN_CHAIN, len(chain.figures)):
        raise RefusalError("fewer than three depth figures lie inside the ruled paper")
    told = np.isfinite(piles).sum(axis=0)
    pile = np.where(np.isfinite(piles), piles, 0.0).sum(axis=0) / np.maximum(told, 1)
    pile[told < min(2, len(piles))] = 0.0
    pile -= np.median(pile)
    shifts = np.arange(-half, half + 1)
    peaks = np.flatnonzero((pile >= maximum_filter1d(pile, 9)) & (pile > 0.3 * pile.max()))
    peaks = peaks[np.diff(peaks, prepend=-_AROUND) > _NEAR_PX]  # a plateau is one peak
    inside = peaks[np.abs(shifts[peaks]) <= near]
    if not len(inside) or pile[inside].max() < _PILED:
        raise RefusalError("the depth figures stand at no line of equal depth")
    print_px = float(np.median([min(f.width, f.height) for f in chain.figures]))
    centred = np.abs(shifts[inside]) <= 0.15 * print_px
    own = int(inside[np.argmax(pile[inside])])
    heavy = _heavy(pile, peaks, shifts, chain.step * chain.px_per_unit)
    right_on = pile[inside[centred]].max(initial=0.0) >= _RIVAL * pile[inside].max()
    if heavy is not None and (abs(heavy[0]) <= 0.15 * print_px or not right_on or heavy[2]):
        near_by, spacing, _ = heavy
        if abs(near_by) > _PLAIN * spacing:
            raise _between(near_by, near_by - spacing if near_by > 0 else near_by + spacing)
        return float(near_by)
    top = int(peaks[np.argmax(pile[peaks])])
    finer = int(((peaks > min(own, top)) & (peaks < max(own, top))).sum())
    least = _TOP if finer >= _SEVERAL else _LEAST
    if pile[own] < least * pile[top] and not right_on:
        raise _between(int(shifts[own]), int(shifts[top]))
    lead = min(_lead(pile, peaks, own), _certain(piles, peaks, own))
    if lead > (_SURELY if centred.any() else _ALONE):
        return float(shifts[own])
    # of two lines as strong, a figure belongs to the one it stands nearer to, if that is plain
    strong = inside[pile[inside] >= np.where(centred, _CENTRED, _RIVAL) * pile[inside].max()]
    best = int(min(strong, key=lambda k: abs(shifts[k])))
    if best != own and lead > _AHEAD and abs(shifts[best]) > 0.15 * print_px:
        raise _between(int(shifts[best]), int(shifts[own]))
    _no_rival(pile, shifts, peaks, best, _RIVAL if right_on else _ALIKE)
    return float(shifts[best])


def _no_rival(
    pile: Float, shifts: NDArray[np.intp], peaks: NDArray[np.intp], best: int, as_high: float
) -> None:
    """Refuse figures whose lines are no likelier than others, ``as_high`` a share of theirs.

    Raises:
        RefusalError: naming both distances.
    """
    others = peaks[np.abs(peaks - best) > 8]
    if len(peaks) >= _MANY and not _even(shifts[peaks] - shifts[best]):  # print or a picture lies beside them
        rival = int(others[np.argmax(pile[others])])
        if pile[rival] > _OUT * pile[best]:
            raise _between(int(shifts[best]), int(shifts[rival]))
    for rival in (int(k) for k in others):
        near_share = abs(shifts[best]) / abs(shifts[rival] - shifts[best])
        if near_share > _NEARER and pile[rival] >= as_high * pile[best]:
            raise _between(int(shifts[best]), int(shifts[rival]))


def _even(shifts: NDArray[np.intp]) -> bool:
    """Whether most lines lie whole numbers of one distance from the one at 0."""
    apart = np.arange(_CLOSEST, float(np.ptp(shifts)) / 2, 0.25)[:, None]
    off = np.abs(shifts / apart - np.round(shifts / apart))
    return bool(((off <= _ASTRAY).mean(axis=1) >= _EVEN).any())


def _between(one: int, other: int) -> RefusalError:
    return RefusalError(
        f"the depth figures stand between two lines ({one:+d} and {other:+d} px): "
        "which one they name cannot be told"
    )


def _heavy(
    pile: Float, peaks: NDArray[np.intp], shifts: NDArray[np.intp], between: float
) -> tuple[int, int, bool] | None:
    """Place of the heavy line nearest to the figures, rows from one to the next, and whether they are plain.

    None where none are. Figures stand at heavy lines where there are any. That of the figure itself may be
    hidden by print, but it is where those around it lead. Plain are those that all others fall short of by
    more than these differ: figures that stand right on a light line, printed above their own, are of these.

    Args:
        pile: what lies at each distance from the figures.
        peaks: where it stands out.
        shifts: the distances, px.
        between: rows from figure to figure, a whole number of heavy lines.
    """
    gap = float(np.median(np.diff(shifts[peaks]))) if len(peaks) > 1 else 0.0
    usual = float(np.median(pile[peaks]))
    for heavier, fewest in _HEAVIER:
        high = peaks[pile[peaks] >= heavier * usual]
        spacing = _spacing(shifts[high], between) if fewest <= len(high) <= _RARE * len(peaks) else None
        if spacing is not None and spacing > _CLASS * gap:
            break
    else:
        return None
    first = float(shifts[high[0]])
    place = first + round(-first / spacing) * spacing
    line = peaks[np.argmin(np.abs(shifts[peaks] - place))]
    light = pile[np.setdiff1d(peaks, high)]
    plain = bool(pile[high].min() - light.max() > _APART * np.ptp(light))
    place = float(shifts[line]) if abs(shifts[line] - place) <= _NEAR_PX else place
    return round(place), round(spacing), plain


def _spacing(shifts: NDArray[np.intp], between: float) -> float | None:
    """Rows from one heavy line to the next if those lie evenly and go into a step of figures; else None."""
    apart = np.diff(shifts)
    spacing = float(apart.min())
    steps = apart / spacing
    if np.abs(steps - np.round(steps)).max() > _REGULAR:
        return None
    spacing = float(apart.sum() / np.round(steps).sum())
    if abs(between / spacing - round(between / spacing)) > _REGULAR / 2 or spacing > 1.05 * between:
        return None
    return spacing


def _certain(piles: Float, peaks: NDArray[np.intp], own: int) -> float:
    """By how much the lines of one distance exceed those of the likeliest other, in standard errors.

    Args:
        piles: cover around each figure, (F, D); NaN beyond the paper.
        peaks: distances that stand out over all figures.
        own: that of the lines in question.
    """
    others = peaks[np.abs(peaks - own) > 8]
    if not len(others) or len(piles) < 2:
        return np.inf
    rival = int(others[np.argmax(np.nanmean(piles[:, others], axis=0))])
    more = piles[:, own] - piles[:, rival]
    more = more[np.isfinite(more)]
    if len(more) < 2:
        return 0.0
    return float(more.mean() / max(float(more.std(ddof=1)) / np.sqrt(len(more)), 1e-6))


def _lead(pile: Float, peaks: NDArray[np.intp], own: int) -> float:
    """By how much the lines of one distance are heavier than those of all others, which are alike.

    In multiples of what the others differ by; 0 where there are too few of them, or they are not alike.
    """
    near = peaks[np.abs(peaks - own) > 8]
    near = near[np.argsort(np.abs(near - own), kind="stable")[:_AROUND]]
    others = pile[near]
    others = others[others >= _RIVAL * others.max(initial=0.0)]
    if len(others) < 3:
        return 0.0
    spread = max(float(np.std(others)), 0.02 * float(np.mean(others)))
    return float(min((pile[own] - np.mean(others)) / spread, (pile[own] / others.max() - 1) / _SHARE))
