"""Sections as they are found: registered intervals with their tracks."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from itertools import pairwise

import numpy as np

from logdigit.paper.column import Column
from logdigit.paper.drift import Course
from logdigit.paper.figures import Chain
from logdigit.paper.registered import Registered
from logdigit.paper.text import Word
from logdigit.paper.tracks import FoundTrack

_BORDER_PX = 60
"""Rows between two pieces of one log, at most."""
_A_FIGURE = 1.6
"""Figure steps by which one of them may be off because its figures are misread."""
_WHOLE = 3
"""Digits of a figure that is not printed short, at least."""
_REPEATED, _ON_SCALE = 0.8, 0.02
"""Share of the depths of a repeat that the main pass has too; share by which its depth scale differs."""
_SAME = 1.0
"""Depth units by which two sections on one paper differ where they meet, at most, if they are one log."""


@dataclass(frozen=True)
class FoundSection:
    """A registered interval: where, how, and between which tracks.

    Attributes:
        top: first row, strip px.
        bottom: one past the last row.
        registered: rows to depths.
        chain: the figures that it rests on; None where the depths were given.
        column: the depth column.
        course: slope of the lines of equal depth along it.
        tracks: from left to right.
        tracks_sure: how sure the tracks are, 0 to 1.
        contradicted: figures that say something else.
    """

    top: int
    bottom: int
    registered: Registered
    chain: Chain | None
    column: Column
    course: Course
    tracks: tuple[FoundTrack, ...]
    tracks_sure: float
    contradicted: int

    @property
    def slope(self) -> float:
        """Slope of the lines of equal depth, median."""
        return float(np.median([slope for _, slope in self.course]))

    @property
    def px_per_unit(self) -> float:
        """Rows per depth unit."""
        (row0, depth0), (row1, depth1) = self.registered.ticks[0], self.registered.ticks[-1]
        return (row1 - row0) / (depth1 - depth0)

    def depth_at(self, row: float) -> float:
        """Depth at a row, beyond the ticks on the course of the whole."""
        rows, depths = np.array(self.registered.ticks).T
        if rows[0] <= row <= rows[-1]:
            return float(np.interp(row, rows, depths))
        k = 0 if row < rows[0] else -1
        return float(depths[k] + (row - rows[k]) / self.px_per_unit)

    @property
    def sure(self) -> float:
        """How sure the depths are, 0 to 1: by figures read, by lines counted."""
        if self.chain is None:
            return 1.0
        share = len(self.chain.figures) / (len(self.chain.figures) + self.contradicted)
        count = self.registered.agreed / self.registered.counted if self.registered.counted else 0.7
        return round(min(0.99, share * (0.5 + 0.5 * count)), 2)


@dataclass(frozen=True)
class Found:
    """Everything found on a strip.

    Attributes:
        sections: registered, from top to bottom.
        refused: (top, bottom, reason) of bodies that could not be registered.
        words: print that was read on the way, by body.
    """

    sections: tuple[FoundSection, ...]
    refused: tuple[tuple[int, int, str], ...]
    words: tuple[Word, ...] = field(default=(), repr=False)


def repeats(section: FoundSection, others: Sequence[FoundSection]) -> bool:
    """Whether one of the others, with more figures, holds most of its depths, on the same depth scale."""
    first, last = section.registered.ticks[0][1], section.registered.ticks[-1][1]
    mine = 0 if section.chain is None else len(section.chain.figures)
    for other in others:
        if other is section or (other.chain is not None and len(other.chain.figures) <= mine):
            continue
        a, b = other.registered.ticks[0][1], other.registered.ticks[-1][1]
        alike = abs(section.px_per_unit / other.px_per_unit - 1) < _ON_SCALE
        if alike and min(b, last) - max(a, first) >= _REPEATED * (last - first):
            return True
    return False


def contradicting(sections: Sequence[FoundSection]) -> list[FoundSection]:
    """Sections that are a figure or so off those that they border on, with fewer figures than these.

    Or whole hundreds off, where a single figure is printed whole: 50, 75, 1900, 25 goes on from 1800, 25;
    read as 50, 75, 1000, 25 it is a course of its own, on which the short figures are right all the same.

    Args:
        sections: from top to bottom.
    """
    out: list[FoundSection] = []
    for upper, lower in pairwise(sections):
        if upper.chain is None or lower.chain is None:
            continue
        border = (upper.bottom + lower.top) / 2
        off = abs(upper.depth_at(border) - lower.depth_at(border))
        figure = _A_FIGURE * max(upper.chain.step, lower.chain.step)
        gap = abs(lower.top - upper.bottom)
        pairs = (upper, upper.chain), (lower, lower.chain)
        fewer, its = min(pairs, key=lambda pair: len(pair[1].figures))
        short = sum(f.digits >= _WHOLE for f in its.figures) <= 1 and gap <= figure * lower.px_per_unit
        hundreds = short and abs(off - 100 * round(off / 100)) <= _SAME
        contradicts = off > _SAME and (hundreds or (off <= figure and gap <= _BORDER_PX))
        if contradicts and not any(fewer is other for other in out):
            out.append(fewer)
    return out


def apart(sections: Sequence[FoundSection]) -> list[FoundSection]:
    """Sections that do not share rows.

    Of two that do, the one above ends where the other begins if both have the same depth there, as pieces
    of one log do. Otherwise nothing tells where in the grid the one ends (a repeat follows its main pass on
    the same paper), and each keeps no more than its own figures vouch for.
    """
    out: list[FoundSection] = []
    for section in sections:
        if out and section.top < out[-1].bottom:
            before = out[-1]
            above, below = _ends(before)[1], _ends(section)[0]
            middle = round((above + below) / 2)
            if middle <= before.top or middle >= section.bottom:
                continue
            if abs(before.depth_at(middle) - section.depth_at(middle)) > _SAME:
                above, below = round(above) + 1, round(below)
            else:
                above = below = middle
            out[-1] = replace(before, bottom=min(before.bottom, int(above)))
            section = replace(section, top=max(section.top, int(below)))
        out.append(section)
    return out


def _ends(section: FoundSection) -> tuple[float, float]:
    """Rows of the first and last figure of a section: its chain may go on in other pieces."""
    if section.chain is None:
        return float(section.top), float(section.bottom)
    rows = section.chain.rows
    own = rows[(rows >= section.top) & (rows <= section.bottom)]
    return (float(own[0]), float(own[-1])) if len(own) else (float(section.top), float(section.bottom))
