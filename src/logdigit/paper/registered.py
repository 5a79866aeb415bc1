"""What registration gives, and whether its lines go with the figures they were counted from."""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np

from logdigit.errors import RefusalError
from logdigit.paper.combed import course_of
from logdigit.paper.figures import Chain

STRAY_PX = 5.0
"""Rows by which the distance of a figure from its line may always differ from that of the others."""
_LEFT = 4.0
"""and as multiple of what figures deviate from their course; two in a row say that the lines are others."""
_OWN = 0.6
"""Share of the figures that must stand beside their lines."""
EVEN_PX = 1.0
"""Deviation of figures from their course, px, up to which there is no bend to show."""
_SURELY = 6
"""Figures from which their course shows that paper does not bend."""
_BENT_PX, _BENT, _BENT_SHARE = 4.0, 8.0, 0.012
"""Rows by which lines may then lie off that course, as multiple of what figures do, and in figure steps."""


@dataclass(frozen=True)
class Registered:
    """Rows to depths, and how that was found.

    Attributes:
        ticks: (strip row, depth) at the depth column, two or more, both increasing.
        line_unit: depth units from one line to the next that was counted; 0 where none could be.
        offset: rows from the figures' middles to their lines, median.
        top: first row where lines of this course run, strip px.
        bottom: last such row.
        counted: intervals between figures in which lines could be counted.
        agreed: of those, where the count is that of the figures.
        rms: of the ticks against the figures, px.
        dropped: (first, last) rows with figures that the lines do not vouch for.
    """

    ticks: tuple[tuple[float, float], ...]
    line_unit: float
    offset: float
    top: float
    bottom: float
    counted: int
    agreed: int
    rms: float
    dropped: tuple[tuple[float, float], ...] = ()


def held_against(found: Registered, chain: Chain) -> Registered:
    """What is found, between figures that stand beside their lines: others were counted on to something else.

    Raises:
        RefusalError: naming rows of two figures one after the other that do not, unless most others do.
    """
    rows, depths = np.array(found.ticks).T
    led = chain.rows + found.offset
    inside = (led >= rows[0]) & (led <= rows[-1])
    off = np.abs(led - np.interp(chain.depths, depths, rows))[inside]
    astray = off > max(STRAY_PX, _LEFT * course_of(chain, found.offset).scatter)
    led = led[inside]
    both = np.flatnonzero(astray[1:] & astray[:-1])
    own = max(np.split(np.arange(len(led)), both + 1), key=len)
    good = own[~astray[own]]
    if len(both) and len(good) < max(2, _OWN * len(led)):
        raise RefusalError(
            f"from row {led[both[0]]:.0f} to {led[both[-1] + 1]:.0f} the lines of equal depth do not go "
            "with the depth figures"
        )
    if len(good) < 2:
        return found
    above, below = led[: good[0]], led[good[-1] + 1 :]
    if not len(above) and not len(below):
        return found
    top = led[good[0]] if len(above) else rows[0]
    bottom = led[good[-1]] if len(below) else rows[-1]
    at = np.unique(np.concatenate([[top, bottom], rows[(rows > top) & (rows < bottom)]]))
    ticks = tuple((round(float(r), 2), round(float(np.interp(r, rows, depths)), 6)) for r in at)
    cut = tuple((float(part[0]), float(part[-1])) for part in (above, below) if len(part) > 1)
    return replace(
        found,
        ticks=ticks,
        top=max(found.top, float(top)),
        bottom=min(found.bottom, float(bottom)),
        dropped=found.dropped + cut,
    )


def within_course(found: Registered, chain: Chain) -> Registered:
    """What is found, if its lines go with figures that stand so evenly that they leave no room for a bend.

    Raises:
        RefusalError: naming the rows.
    """
    course = course_of(chain, found.offset)
    stray = float(np.abs(chain.rows + found.offset - course.rows).max())
    if len(chain.figures) < _SURELY or stray > max(EVEN_PX, _LEFT * course.scatter):
        return found
    rows, depths = np.array(found.ticks).T
    inside = (depths >= chain.depths[0]) & (depths <= chain.depths[-1])
    off = np.abs(rows - course.at(depths))[inside]
    apart = chain.step * chain.px_per_unit
    if len(off) and off.max() > max(_BENT_PX, _BENT * course.scatter, _BENT_SHARE * apart):
        row = rows[inside][int(off.argmax())]
        raise RefusalError(
            f"about row {row:.0f} the lines of equal depth do not go with depth figures that stand evenly"
        )
    return found
