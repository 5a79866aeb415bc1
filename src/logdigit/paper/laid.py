"""A chain of figures laid on its lines: a section, with the tracks beside it; or why it is none."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

import numpy as np

from logdigit.errors import RefusalError
from logdigit.paper.column import Column
from logdigit.paper.extent import another_log, to_boxes, to_frame, walked_on, within
from logdigit.paper.figures import MIN_CHAIN, STRETCH, Chain, Figure, damaged, due_of, longer
from logdigit.paper.foundsection import FoundSection
from logdigit.paper.laid_on import lay
from logdigit.paper.registered import Registered
from logdigit.paper.sides import tracks_beside
from logdigit.paper.ticks import thinned
from logdigit.paper.uprights import grid_rows
from logdigit.types import Float, Strip

UNCOUNTED = (
    "the lines between depth figures cannot be counted and the paper is stretched: give ticks with --layout"
)
UNLIKE = "the depth figures stand otherwise beside their lines than in the other sections; give --depth"
_TELLING = 6
"""Figures that tell how far from its line each of a print stands;"""
_NEAR_PX = 6.0
"""rows by which that may differ from section to section at least."""
_LEAST = 0.5
"""Share of the figures that a course has which must be read."""
_HURT = 0.5
"""What a figure with one digit lost or misread counts towards that."""
_MANY = 5
"""Figures of a chain among which a single whole one is enough."""
_CONTRADICTED = 0.5
"""Share of other figures among those of a chain from which the chain is not believed."""


def sections_of(
    strip: Strip,
    chains: Sequence[tuple[Chain, Sequence[Figure]]],
    column: Column,
    body: tuple[int, int],
) -> tuple[list[FoundSection], list[tuple[int, int, str]]]:
    """Sections of the chains of a body, and rows (top, bottom) that are refused, with the reason.

    What a section leaves out because its lines cannot be counted is tried again on its own.
    """
    sections: list[FoundSection] = []
    refused: list[tuple[int, int, str]] = []
    todo: list[tuple[Chain, Sequence[Figure], float | None]] = [(*item, None) for item in chains]
    while todo:
        chain, figures, offset = todo.pop(0)
        try:
            section = _section(strip, chain, figures, column, offset, _own_rows(chain, chains, body))
        except RefusalError as error:
            refused.append((round(chain.rows[0]), round(chain.rows[-1]), str(error)))
            continue
        sections.append(section)
        for top, bottom in section.registered.dropped:
            half = 0.5 * chain.step * chain.px_per_unit
            own = tuple(f for f in chain.figures if top - half < f.row < bottom + half)
            if MIN_CHAIN <= len(own) < len(chain.figures):
                part = replace(chain, figures=own, weight=sum(f.weight for f in own))
                todo.append((part, figures, section.registered.offset))
            else:
                refused.append((round(top), round(bottom), UNCOUNTED))
    return sections, refused


def _own_rows(
    chain: Chain, chains: Sequence[tuple[Chain, Sequence[Figure]]], body: tuple[int, int]
) -> tuple[int, int]:
    """Rows of a body between the chains above and below one."""
    above = [other.rows[-1] for other, _ in chains if other.rows[-1] < chain.rows[0]]
    below = [other.rows[0] for other, _ in chains if other.rows[0] > chain.rows[-1]]
    return max([body[0], *map(round, above)]), min([body[1], *map(round, below)])


def figures_alike(
    strip: Strip, sections: Sequence[FoundSection]
) -> tuple[list[FoundSection], list[tuple[int, int, str]]]:
    """Sections of few figures with these as far from their lines as in the section with most of them.

    Three figures may all stand by a line that is not theirs; those of one print stand alike. What cannot
    be laid so is refused: rows (top, bottom), with the reason.
    """
    kept: list[FoundSection] = []
    refused: list[tuple[int, int, str]] = []
    most = max(sections, key=lambda s: 0 if s.chain is None else len(s.chain.figures), default=None)
    for section in sections:
        chain = section.chain
        if most is None or most.chain is None or chain is None or section is most:
            kept.append(section)
            continue
        alike = abs(section.px_per_unit / most.px_per_unit - 1) < STRETCH
        few = len(chain.figures) < _TELLING <= len(most.chain.figures)
        offset = most.registered.offset
        near = max(_NEAR_PX, 0.5 * section.registered.line_unit * section.px_per_unit)
        if not (few and alike) or abs(section.registered.offset - offset) < near:
            kept.append(section)
            continue
        try:
            rows = section.top, section.bottom
            kept.append(_section(strip, chain, chain.figures, section.column, offset, rows))
        except RefusalError:
            refused.append((section.top, section.bottom, UNLIKE))
    return kept, refused


def _section(
    strip: Strip,
    chain: Chain,
    figures: Sequence[Figure],
    column: Column,
    offset: float | None,
    body: tuple[int, int],
) -> FoundSection:
    """Register a chain, its figures ``offset`` rows above their lines if that is known; find its tracks.

    Lines are counted on over the rows of ``body`` (top, bottom) alone.

    Raises:
        RefusalError: naming what is in doubt, and the option that settles it.
    """
    rows = chain.rows
    if not deep(chain):
        raise RefusalError(
            f"figures {chain.depths[0]:g} to {chain.depths[-1]:g} may be the last two digits of longer ones; "
            "give --depth ROW=DEPTH twice"
        )
    contradicted = _contradicted(chain, figures)
    if contradicted > _CONTRADICTED * len(chain.figures):
        raise RefusalError(
            f"{len(chain.figures)} depth figures agree with one another and {contradicted} do not; "
            "give --depth ROW=DEPTH twice"
        )
    due = due_of(chain)
    if len(chain.figures) + _HURT * len(damaged(chain, figures)) < _LEAST * due:
        raise RefusalError(
            f"only {len(chain.figures)} of {due} depth figures can be read; give --depth ROW=DEPTH twice"
        )
    for more, count in longer(chain, figures).items():
        if count >= 2 and count > 0.1 * len(chain.figures):
            raise RefusalError(
                f"{count} figures read {more:g} more than the other {len(chain.figures)}: "
                f"digits are lost or gained; give --depth, or --depth-add {more:g}"
            )
    reach = 1.2 * chain.step * chain.px_per_unit
    first, last = another_log(chain, figures)
    top = max(0, round(rows[0] - reach), first)
    bottom = min(strip.height, round(rows[-1] + reach), last)
    body = max(body[0], first), min(body[1], last)
    own = replace(column, seen=tuple((f.row, f.x) for f in chain.figures))
    course, ruling, registered, by_lines = lay(strip, chain, own, top, bottom, offset)
    if registered is by_lines:
        registered = walked_on(strip, own, course, ruling, registered, body)
    first = max(0, round(registered.top - 1))
    last = min(strip.height, round(registered.bottom + 2))
    level = float(np.median([slope for _, slope in course]))
    if abs(level) * strip.width < 1.0:
        level = 0.0  # less than half a pixel to either side
    lines = None if by_lines is None else _lines(registered, own, level, strip.width)
    tracks, sure = tracks_beside(strip, first, last, level, own, lines)
    above, below = grid_rows(strip, tracks, first, last)
    if (above, below) == (first, last):
        registered = to_frame(strip, tracks, ruling, registered)
        first = max(0, round(registered.top - 1))
        last = min(strip.height, round(registered.bottom + 2))
    else:
        first, last = min(above, max(first, int(rows[0]))), max(below, min(last, int(rows[-1]) + 1))
        registered = within(registered, first, last)
    plotted = to_boxes(strip, tracks, own, level, registered, chain.step)
    if plotted is not registered:
        registered = plotted
        first = min(first, max(0, round(registered.top - 1)))
        last = max(last, min(strip.height, round(registered.bottom + 2)))
    registered = replace(registered, ticks=tuple(thinned(list(registered.ticks))))
    return FoundSection(first, last, registered, chain, own, course, tracks, sure, contradicted)


def _lines(registered: Registered, column: Column, slope: float, width: int) -> Float | None:
    """Rows of the lines of equal depth at the middle of the strip, (L,); None where they were not counted."""
    if not registered.line_unit:
        return None
    at, depths = np.array(registered.ticks).T
    lines = np.arange(depths[0], depths[-1] + registered.line_unit / 2, registered.line_unit)
    rows = np.interp(lines, depths, at)
    middle = float(at[0] + at[-1]) / 2
    return np.asarray(rows + slope * ((width - 1) / 2 - column.x_at(middle)))


def _contradicted(chain: Chain, figures: Sequence[Figure]) -> int:
    """Figures between those of a chain, as long and as sure, that say something else."""
    rows = chain.rows
    own = {f.row for f in chain.figures}
    hurt = {f.row for f in damaged(chain, figures)}
    digits = min(f.digits for f in chain.figures)
    return sum(
        1
        for f in figures
        if rows[0] < f.row < rows[-1]
        and f.row not in own
        and f.row not in hurt
        and f.digits >= max(3, digits)
        and f.weight > 0.8
    )


def deep(chain: Chain) -> bool:
    """Whether whole figures tell where a chain is: two, or one among many short ones."""
    whole = sum(figure.digits >= 3 for figure in chain.figures)
    return whole >= 2 or (whole == 1 and len(chain.figures) >= _MANY)
