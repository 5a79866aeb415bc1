"""Registration: a chain of figures laid on the lines of equal depth.

A figure names a depth, but stands beside its line, sometimes well above or below it; the line gives the
place. All figures of a log stand alike, so their common distance from a line is measured first; then each
takes the line at that distance, and the finer lines between two figures are followed and counted. A count
that disagrees with the figures, or a distance that could as well be another, is no registration.
"""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from logdigit.errors import RefusalError
from logdigit.paper.alternate import with_lines
from logdigit.paper.comb import by_chance, comb
from logdigit.paper.combed import Combed, course_of, smooth_course
from logdigit.paper.ends import even, even_ends, extended, firm, in_course, led_ends, off_and_back
from logdigit.paper.figures import MIN_CHAIN, Chain
from logdigit.paper.follow import (
    count_lines,
    miscounted,
    ticks_along,
    vouched,
    vouched_by_figures,
    without_strays,
)
from logdigit.paper.offset import offset_of
from logdigit.paper.registered import EVEN_PX, STRAY_PX, Registered, held_against, within_course
from logdigit.paper.rules import Lines, Ruling, lines_in
from logdigit.paper.sound import between_stronger, sound_part
from logdigit.paper.ticks import smoothed, without_loose_ends
from logdigit.types import Bool, Float

_HEAVY = 1.6
"""Strength of the lines of figures, as multiple of that of all, from which they are a class of their own."""
_LOOSE = 0.2
"""Deviation of figures from their course, in lines all alike, from which a figure may be its neighbour's."""
_SMOOTH = 200.0
"""Rows to either side over which a comb is smoothed: heavy lines and light ones lie half a pixel apart."""
_SEEN = 0.8
"""Share of the lines of a comb, between the first and the last figure, that must be seen."""
_OWN = 0.6
"""Share of the figures that the part of a comb that does not slip must hold."""
_DENSE = 60.0
"""Rows from one line of a comb to the next up to which it shows how paper bends,"""
_COURSE = 9
"""Lines further apart that are smoothed together, for there is no bend between them,"""
_LINES = 5
"""and so many lines that lie evenly show that there is none."""
_ASTRAY_PX = 3.0
"""Rows by which a figure may always stand off its place in a comb,"""
_ASTRAY = 6.0
"""and as multiple of what figures usually do."""
_OTHER_LINE = 0.6
"""Share of the way from line to line from which a figure stands at another line than a comb says."""
_BESIDE = 0.25
"""Share of the way from line to line from which all figures stand beside the lines of a comb."""


def register(chain: Chain, ruling: Ruling, offset: float | None = None) -> Registered:
    """Lay a chain of figures on the lines beside it.

    Args:
        chain: figures of one course.
        ruling: the lines beside them.
        offset: rows from the middles of figures to their lines, where other figures of the column have told.

    Raises:
        RefusalError: naming what is in doubt.
    """
    lines = lines_in(ruling)
    if len(lines.rows) < 4:
        raise RefusalError("no lines of equal depth can be made out beside the figures")
    if offset is None:
        offset = offset_of(chain, ruling)
    chain = with_lines(chain, ruling, offset)
    combed = comb(chain, ruling, offset)
    if combed is not None:
        combed, own, dropped = sound_part(combed, chain, lines, offset)
        enough = len(own.figures) >= max(min(MIN_CHAIN, len(chain.figures)), _OWN * len(chain.figures))
        if enough and _told(combed, own) and _borne_out(combed, own, lines, offset):
            _not_by_chance(combed, own, ruling)
            return within_course(replace(_by_comb(combed, own, offset), dropped=dropped), own)
    counted = held_against(_by_count(chain, ruling, lines, offset), chain)
    if counted.line_unit:
        _not_by_chance(_as_comb(counted), chain, ruling)
    return within_course(counted, chain)


def _as_comb(counted: Registered) -> Combed:
    """All lines of what was counted, those between its ticks where they are due."""
    rows, depths = np.array(counted.ticks).T
    every = np.arange(depths[0], depths[-1] + counted.line_unit / 2, counted.line_unit)
    return Combed(np.interp(every, depths, rows), every, counted.line_unit, np.ones(len(every), bool), 0.0)


def _not_by_chance(found: Combed, chain: Chain, ruling: Ruling) -> None:
    """Refuse lines where as much lies between them: kicks of curves pass for lines where none are printed.

    Raises:
        RefusalError: saying so.
    """
    if by_chance(found, ruling, chain):
        raise RefusalError("what passes for lines of equal depth stands as high between them")


def _told(combed: Combed, chain: Chain) -> bool:
    """Whether a comb tells the place of every depth: its lines are seen, and near enough to show a bend."""
    inside = (combed.depths >= chain.depths[0]) & (combed.depths <= chain.depths[-1])
    pitch = combed.unit * chain.px_per_unit
    return bool(inside.any() and combed.seen[inside].mean() >= _SEEN) and (
        pitch <= _DENSE or combed.scatter <= EVEN_PX or _straight(combed)
    )


def _straight(combed: Combed) -> bool:
    """Whether the lines that are seen lie so evenly that there is no bend between them either."""
    rows, depths = combed.rows[combed.seen], combed.depths[combed.seen]
    if len(rows) < _LINES:
        return False
    return float(np.abs(rows - np.polyval(np.polyfit(depths, rows, 1), depths)).max()) <= EVEN_PX


def _borne_out(combed: Combed, chain: Chain, lines: Lines, offset: float) -> bool:
    """Whether nothing contradicts a comb: as many lines are passed as it says, and figures stand alike.

    Where figures are missing and the paper bends, a comb slips by a line and back, each line in its place;
    only who counts them notices. A figure astray may be misread, unless its line is that which the count
    says; two in a row are right.
    """
    places = combed.at(chain.depths)
    led = chain.rows + offset
    off = np.abs(led - places)
    pitch = combed.unit * chain.px_per_unit
    if abs(float(np.median(led - places))) > max(_ASTRAY_PX, _BESIDE * pitch):
        return False
    astray = off > max(_ASTRAY_PX, _ASTRAY * float(np.median(off)))
    if (astray[1:] & astray[:-1]).any():
        return False

    def line(row: float) -> float:
        return float(lines.rows[np.argmin(np.abs(lines.rows - row))])

    for k in np.flatnonzero(off > _OTHER_LINE * pitch):
        beside = [m for m in (k - 1, k + 1) if 0 <= m < len(off) and off[m] <= _OTHER_LINE * pitch]
        passed = [
            (min(a, b), max(a, b), due, due + (1 if abs(b - a) > abs(places[k] - a) else -1))
            for m in beside
            for a, b in [(line(places[m]), line(led[k]))]
            if (due := abs(round(float(chain.depths[k] - chain.depths[m]) / combed.unit))) > 1
        ]
        # where lines are hidden, either number may come out: then the count tells nothing
        own = [
            miscounted(a, b, due, lines) == 0 and miscounted(a, b, other, lines) != 0
            for a, b, due, other in passed
        ]
        if own and all(own):
            return False
    return True


def _by_comb(combed: Combed, chain: Chain, offset: float) -> Registered:
    rows = led_ends(combed.rows)
    if combed.unit * chain.px_per_unit > _DENSE:
        rows, _ = smooth_course(rows, combed.depths, _COURSE)
    combed = replace(combed, rows=rows)
    ticks = list(zip(combed.rows.tolist(), combed.depths.tolist(), strict=True))
    ticks = smoothed(ticks, reach_px=_SMOOTH)[firm(combed.rows)]
    inside = (combed.depths >= chain.depths[0]) & (combed.depths <= chain.depths[-1])
    return Registered(
        tuple((round(r, 2), round(d, 6)) for r, d in ticks),
        combed.unit,
        offset,
        ticks[0][0],
        ticks[-1][0],
        int(inside.sum()),
        int(combed.seen[inside].sum()),
        float(np.sqrt(np.mean(np.square(chain.rows + offset - combed.at(chain.depths))))),
    )


def _by_count(chain: Chain, ruling: Ruling, lines: Lines, offset: float) -> Registered:
    """Follow and count the lines from figure to figure: on paper too uneven for a comb.

    Raises:
        RefusalError: naming what is in doubt.
    """
    rows, depths, misses = _snapped(chain, lines, offset)
    share = len(rows) / len(chain.figures)
    if len(rows) < 3 or share < 0.6:
        raise RefusalError(
            f"only {len(rows)} of {len(chain.figures)} depth figures stand at a line of equal depth"
        )
    own = lines.strength[np.isin(lines.rows, rows)]
    apart = float(np.median(np.diff(lines.rows)))
    loose = course_of(chain, offset).scatter
    if loose > _LOOSE * apart and np.median(own) < _HEAVY * np.median(lines.strength):
        raise RefusalError("the depth figures stand too unevenly to tell which line each of them names")
    fits = _alike(misses)
    dropped: tuple[tuple[float, float], ...] = ()
    unit, ticks, counted, agreed = count_lines(rows, depths, lines, chain.px_per_unit)
    if unit:
        if agreed < counted or not fits.all():
            rows, depths = without_strays(rows, depths, fits, lines, unit)
        first, last = vouched(rows, depths, lines, unit)
        dropped = ((rows[0], rows[first]), (rows[last], rows[-1]))
        rows, depths = rows[first : last + 1], depths[first : last + 1]
        if len(rows) < 3:
            raise RefusalError("the lines between figures cannot be counted, and the paper is stretched")
        ticks, counted, agreed = ticks_along(rows, depths, lines, unit)
        ticks = without_loose_ends(ticks, unit)
        if not even(ticks) or off_and_back(ticks):
            raise RefusalError("the lines of equal depth lie too unevenly to be followed")
        if between_stronger(ticks, lines, unit):
            raise RefusalError("the depth figures stand at lines half way between stronger ones")
    elif fits.sum() >= max(3, 0.5 * len(chain.figures)):
        rows, depths = in_course(rows[fits], depths[fits])
        first, last = vouched_by_figures(rows, depths)
        dropped = ((rows[0], rows[first]), (rows[last], rows[-1]))
        rows, depths = rows[first : last + 1], depths[first : last + 1]
        ticks = list(zip(rows.tolist(), depths.tolist(), strict=True))
    else:
        raise RefusalError("the depth figures stand unevenly beside the lines of equal depth")
    if not unit and share < 0.8:
        raise RefusalError("the lines between figures cannot be counted, and some figures have no line")
    for k, (a, b) in enumerate(dropped):
        if b > a:  # a run that was cut is not followed into what it was cut from
            keep = lines.rows >= b if k == 0 else lines.rows <= a
            lines = Lines(lines.rows[keep], lines.strength[keep])
    top, bottom, ticks = extended(even_ends(ticks), lines, unit)
    return Registered(
        tuple((round(float(r), 2), float(d)) for r, d in smoothed(ticks, set(rows.tolist()))),
        unit,
        offset,
        top,
        bottom,
        counted,
        agreed,
        float(np.sqrt(np.mean(np.square(misses)))),
        tuple((float(a), float(b)) for a, b in dropped if b > a),
    )


def _snapped(chain: Chain, lines: Lines, offset: float) -> tuple[Float, Float, Float]:
    """Line rows and depths of the figures with a line at the common distance, and how far each missed.

    Where figures stand at lines much heavier than the others, they stand at those only, however far off.
    """
    gap = float(np.median(np.diff(lines.rows)))
    found = _nearest(chain, lines, offset, max(8.0, float(np.clip(0.45 * gap, 4.0, 14.0))))
    own = lines.strength[np.isin(lines.rows, found[0])]
    if not len(own) or np.median(own) < _HEAVY * np.median(lines.strength):
        return found
    heavy = lines.strength >= np.sqrt(np.median(own) * np.median(lines.strength))
    if heavy.sum() < 4:
        return found
    gap = float(np.median(np.diff(lines.rows[heavy])))
    reach = float(np.clip(0.35 * gap, 8.0, 40.0))
    only = _nearest(chain, Lines(lines.rows[heavy], lines.strength[heavy]), offset, reach)
    return only if len(only[0]) >= 0.8 * len(found[0]) else found


def _nearest(chain: Chain, lines: Lines, offset: float, reach: float) -> tuple[Float, Float, Float]:
    """The likeliest line within reach of each figure: strong, and near."""
    strong = float(np.median(lines.strength))
    rows: list[float] = []
    depths: list[float] = []
    misses: list[float] = []
    for figure in chain.figures:
        off = lines.rows - (figure.row + offset)
        near = np.flatnonzero(np.abs(off) <= reach)
        if not len(near):
            continue
        worth = np.minimum(lines.strength[near], 3 * strong) * np.exp(-np.square(off[near] / 8.0))
        k = int(near[np.argmax(worth)])
        if rows and lines.rows[k] <= rows[-1]:
            continue
        rows.append(float(lines.rows[k]))
        depths.append(figure.value)
        misses.append(float(off[k]))
    return np.array(rows), np.array(depths), np.array(misses or [0.0])


def _alike(misses: Float) -> Bool:
    """Which figures stand beside their line as the others do: another took a curve or a finer line for it."""
    off = np.abs(misses - np.median(misses))
    limit = max(STRAY_PX, 6.0 * float(np.median(off)))
    return np.asarray(off <= limit, dtype=np.bool_)
