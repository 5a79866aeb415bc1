"""What a chain of figures is laid on: lines across the paper, plain or pale; ticks where these are lost."""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from logdigit.errors import RefusalError
from logdigit.paper.axis import on_axis
from logdigit.paper.column import Column
from logdigit.paper.drift import Course, find_course
from logdigit.paper.figures import MIN_CHAIN, Chain
from logdigit.paper.register import register
from logdigit.paper.registered import Registered
from logdigit.paper.rules import Ruling, rule
from logdigit.paper.ticked import ticked
from logdigit.types import Strip

_TICKS = 4.0
"""Ticks from one figure to the next that make a depth column sound, at least."""
_APART_PX = 60.0
"""Rows from line to line from which a log may go on a good way beyond the last: ticks tell how far."""
_AGREE_PX = 3.0
"""Rows by which ticks may lie off the lines that they go on from."""
_ASIDE = 0.2
"""The same for ticks at figures alone, as share of the way from line to line: where the frame leans and lines
do not, a tick at it stands a little off its line."""
_CUT = 2
"""Figures of a chain beyond what was registered, at both ends, from which more lines are looked for."""


def lay(
    strip: Strip, chain: Chain, column: Column, top: int, bottom: int, offset: float | None
) -> tuple[Course, Ruling, Registered, Registered | None]:
    """Slope of the lines along a section, what its figures are laid on, how, and how on lines across it.

    Lines that are pale or dotted are looked at where plain ones do not do. Where these do not either, or are
    few, there may be ticks along the column, or at the figures alone.

    Ticks that stand at the figures alone are those of a plot: where lines say otherwise, these are strokes of
    curves.

    Raises:
        RefusalError: naming what is in doubt.
    """
    axis = on_axis(strip, chain, column, alone=True)
    try:
        course, ruling, registered = _by_lines(strip, chain, column, top, bottom, offset)
    except RefusalError:
        ticks = _on_ticks(strip, chain, column, top, bottom, offset)
        if ticks is not None:
            return *ticks, None
        axis = axis or on_axis(strip, chain, column)
        if axis is None:
            raise
        lines = _as_told(strip, chain, column, top, bottom, axis[2])
        return (*lines, lines[2]) if lines else (*axis, None)
    if axis is not None and not _agree(axis[2], registered):
        return *axis, None
    if not 0 < registered.line_unit * chain.px_per_unit < _APART_PX:
        ticks = _on_ticks(strip, chain, column, top, bottom, registered.offset)
        if ticks is not None and _agree(ticks[2], registered):
            return course, ticks[1], led_on(registered, ticks[2]), registered
    return course, ruling, registered, registered


def _by_lines(
    strip: Strip, chain: Chain, column: Column, top: int, bottom: int, offset: float | None
) -> tuple[Course, Ruling, Registered]:
    """Figures laid on plain lines across the section; on pale, dotted ones where those bear out more of them.

    Only where a few are cut off: more than that are laid by themselves, as those of another sheet.

    Raises:
        RefusalError: naming what is in doubt, with all lines that can be seen.
    """
    try:
        plain = _on_lines(strip, chain, column, top, bottom, offset, False)
    except RefusalError:
        return _on_lines(strip, chain, column, top, bottom, offset, True)
    cut = _cut_off(plain[2], chain)
    if sum(cut) < _CUT or max(cut) >= MIN_CHAIN:
        return plain
    try:
        pale = _on_lines(strip, chain, column, top, bottom, offset, True)
    except RefusalError:
        return plain
    more = sum(_cut_off(pale[2], chain)) < sum(cut) and _agree(plain[2], pale[2])
    return pale if more else plain


def _cut_off(registered: Registered, chain: Chain) -> tuple[int, int]:
    """Figures before the first row that was registered by them, and beyond the last."""
    (_, first), (_, last) = registered.ticks[0], registered.ticks[-1]
    return int((chain.depths < first).sum()), int((chain.depths > last).sum())


def _as_told(
    strip: Strip, chain: Chain, column: Column, top: int, bottom: int, told: Registered
) -> tuple[Course, Ruling, Registered] | None:
    """Figures laid on lines across the section, as far off as ticks at the figures tell.

    Lines tell the slope and go on beyond the figures, which such ticks do not. None where there are none, or
    they contradict the ticks.
    """
    for faint in (False, True):
        try:
            course, ruling, registered = _on_lines(strip, chain, column, top, bottom, told.offset, faint)
        except RefusalError:
            continue
        if registered.line_unit and _agree(
            told, registered, _ASIDE * registered.line_unit * chain.px_per_unit
        ):
            return course, ruling, registered
    return None


def _on_ticks(
    strip: Strip, chain: Chain, column: Column, top: int, bottom: int, offset: float | None
) -> tuple[Course, Ruling, Registered] | None:
    """Turn of the paper, ticks along the depth column, figures laid on them; None where they tell nothing."""
    ticks = ticked(strip, column, top, bottom)
    if ticks is None:
        return None
    try:
        registered = register(chain, ticks[0], offset)
    except RefusalError:
        return None
    return (ticks[1], ticks[0], registered) if 0 < registered.line_unit <= chain.step / _TICKS else None


def led_on(registered: Registered, finer: Registered) -> Registered:
    """A registration with the ticks of a finer one beyond its ends, from where these are on."""
    rows, depths = np.array(finer.ticks).T
    (first, top), (last, base) = registered.ticks[0], registered.ticks[-1]
    above = [
        (float(row + first - np.interp(top, depths, rows)), d) for row, d in finer.ticks if d < top - 1e-6
    ]
    below = [
        (float(row + last - np.interp(base, depths, rows)), d) for row, d in finer.ticks if d > base + 1e-6
    ]
    ticks = (*above, *registered.ticks, *below)
    return replace(registered, ticks=ticks, top=ticks[0][0], bottom=ticks[-1][0])


def _agree(one: Registered, other: Registered, within_px: float = 0.0) -> bool:
    """Whether two registrations put the same depths at the same rows, where both do."""
    (rows, depths), (at, known) = np.array(one.ticks).T, np.array(other.ticks).T
    both = (known >= depths[0]) & (known <= depths[-1])
    return bool(both.any()) and bool(
        np.abs(np.interp(known[both], depths, rows) - at[both]).max() <= max(_AGREE_PX, within_px)
    )


def _on_lines(
    strip: Strip, chain: Chain, column: Column, top: int, bottom: int, offset: float | None, faint: bool
) -> tuple[Course, Ruling, Registered]:
    """Slope of the lines of equal depth, they, and figures laid on them; ``faint``: pale, dotted ones.

    Raises:
        RefusalError: naming what is in doubt.
    """
    first, last = round(chain.rows[0]), round(chain.rows[-1])
    course = find_course(strip, first, last, faint) or (((first + last) / 2, 0.0),)
    ruling = rule(strip, column, top, bottom, course, faint)
    return course, ruling, register(chain, ruling, offset)
