"""Ticks along the frame of a depth column, where the lines of equal depth themselves are lost.

A bilevel scan loses a pale grid altogether. What is left to tell depth by are the short strokes at the
borders of the column in which the figures stand: measured as lines are, and followed by the same code.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from scipy.ndimage import gaussian_filter1d, median_filter
from scipy.stats import theilslopes

from logdigit.paper.column import Column
from logdigit.paper.cover import shifted
from logdigit.paper.drift import Course
from logdigit.paper.rules import Ruling
from logdigit.paper.skew import ink_mask
from logdigit.paper.tracks import drift, vertical_strokes
from logdigit.types import Float, Strip, UInt8

_REACH = 0.085
"""Columns on either side of figures where the frame of their column is looked for, share of the width."""
_ROWS = 128
"""Rows of a block that is laid on the others as a whole."""
_FRAME = 0.6
"""Share of its rows in which an upright line of the frame has ink, at least."""
_BESIDE = 0.4
"""Print of a figure to one side of its middle, as share of its width: a frame is no nearer."""
_TICK = 0.004
"""Columns of a tick that are looked at, beside its border, as share of the strip's width."""
_STAYS = 15
"""Rows in half of which a tick is not."""
_ASKEW = 0.1
"""Rows by which the ticks at the two borders may stand apart, as share of the columns between these."""
_STEP = 0.1
"""Rows from one shift that is tried to the next."""
_PLAIN = 0.3
"""Rows by which their shift misses that of paper turned as a whole, up to which it was."""
_BLUR = 1.0
"""Rows (sigma) by which ticks are blurred to lay them on each other."""
_ALIKE = 0.35
"""Correlation of the ticks at one border with those at the other, at least."""


@dataclass(frozen=True)
class Window:
    """The paper about a column, laid straight: its ink (h, w) 0/255, and presence (w,) of upright strokes.

    ``lean`` is how far these run to the right, px per row.
    """

    ink: UInt8
    presence: Float
    middle: float
    lean: float


def ticked(strip: Strip, column: Column, top: int, bottom: int) -> tuple[Ruling, Course] | None:
    """The ticks at both borders of a depth column as its ruling, and how far the paper is askew.

    Args:
        strip: the scan.
        column: where the figures stand.
        top: first row.
        bottom: one past the last row.

    Returns:
        None where the column has no frame, or there are not the same ticks at both of its borders.
    """
    window = straight(strip, column, top, bottom)
    if window is None:
        return None
    left, right = borders(window, column.width)
    if left is None or right is None:
        return None
    wide = max(3, round(_TICK * strip.width))
    if right - left < 3 * wide:
        return None
    sides = [window.ink[:, a:b] for a, b in ((left + 1, left + 1 + wide), (right - wide, right))]
    profiles = [side.mean(axis=1) / 255.0 for side in sides]
    first, second = (np.maximum(p - median_filter(p, _STAYS), 0.0) for p in profiles)
    most = max(1.0, _ASKEW * (right - left))
    rows = np.arange(len(first), dtype=np.float64)

    def at(shift: float) -> tuple[Float, Float]:
        return np.interp(rows - shift / 2, rows, first), np.interp(rows + shift / 2, rows, second)

    shifts = np.arange(-most, most + _STEP / 2, _STEP)
    likeness = [_likeness(*(gaussian_filter1d(p, _BLUR) for p in at(float(shift)))) for shift in shifts]
    best = int(np.argmax(likeness))
    if likeness[best] < _ALIKE:
        return None
    # lines stand at right angles to the frame, unless the two borders plainly say otherwise
    due = -window.lean * (right - left)
    shift = due if abs(shifts[best] - due) <= _PLAIN else float(shifts[best])
    cover = np.sqrt(np.multiply(*at(shift)))
    slope = shift / float(right - left)
    # the middle of the borders need not be that of the figures
    aside = (left + right) / 2 - window.middle
    cover = np.interp(rows + slope * aside, rows, cover)
    return Ruling(top, np.asarray(cover, np.float64)), (((top + bottom) / 2, slope),)


def _likeness(one: Float, other: Float) -> float:
    """Correlation of two profiles; 0 where one of them is flat."""
    return float(np.corrcoef(one, other)[0, 1]) if np.ptp(one) > 0 and np.ptp(other) > 0 else 0.0


def straight(strip: Strip, column: Column, top: int, bottom: int) -> Window | None:
    """The paper about a column, blocks of rows moved aside so that upright strokes lie on one another."""
    half = round(_REACH * strip.width + column.width / 2)
    rows, xs = np.array(column.seen).T
    lean = float(theilslopes(xs, rows).slope) if len(rows) > 2 else 0.0
    start = float(np.median(xs - lean * rows))
    starts = list(range(top, bottom, _ROWS))
    blocks: list[UInt8] = []
    for first in starts:
        last = min(bottom, first + _ROWS)
        ink = ink_mask(strip.read(first, last))
        at = np.arange(first, last)[:, None] * lean + start + np.arange(-half, half + 1)
        columns = np.round(at).astype(int)
        inside = (columns >= 0) & (columns < strip.width)
        some = np.take_along_axis(ink, np.clip(columns, 0, strip.width - 1), axis=1)
        blocks.append(np.where(inside, some, 0).astype(np.uint8))
    if len(blocks) < 2 or len(blocks[-1]) < _ROWS // 4:
        blocks, starts = blocks[:-1], starts[:-1]
    if not blocks:
        return None
    strokes = np.stack([vertical_strokes(block) for block in blocks])
    shifts = drift(strokes)
    presence = np.mean([shifted(v, float(s)) for v, s in zip(strokes, shifts, strict=True)], axis=0)
    moved = [np.roll(block, -round(float(s)), axis=1) for block, s in zip(blocks, shifts, strict=True)]
    ink = np.concatenate(moved)
    ink = np.pad(ink, ((0, bottom - top - len(ink)), (0, 0)))
    if len(shifts) > 2:
        lean += float(theilslopes(shifts, np.array(starts, np.float64)).slope)
    return Window(np.asarray(ink, np.uint8), np.asarray(presence, np.float64), float(half), lean)


def borders(window: Window, width: float) -> tuple[int | None, int | None]:
    """Inner sides of the nearest upright lines left and right of figures so wide, or None."""
    lines = np.flatnonzero(window.presence >= _FRAME)
    groups = np.split(lines, np.flatnonzero(np.diff(lines) > 1) + 1) if len(lines) else []
    left = [g for g in groups if g[-1] < window.middle - _BESIDE * width]
    right = [g for g in groups if g[0] > window.middle + _BESIDE * width]
    return int(left[-1][-1]) if left else None, int(right[0][0]) if right else None
