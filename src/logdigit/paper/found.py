"""Sections found on a strip without being told: bodies, depth column, registration, tracks."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field, replace

import numpy as np

from logdigit.errors import RefusalError
from logdigit.paper.column import Column, find_columns, read_figures, sample_words
from logdigit.paper.figures import Chain, Figure, damaged, find_chains, longer
from logdigit.paper.layout import check_depths
from logdigit.paper.register import Registered, register
from logdigit.paper.rules import rule
from logdigit.paper.sides import tracks_beside
from logdigit.paper.skew import find_skew
from logdigit.paper.survey import bodies, survey
from logdigit.paper.text import Reader, Word
from logdigit.paper.tracks import FoundTrack, find_tracks
from logdigit.types import Strip

Progress = Callable[[str, float], None]
UNREADABLE = "no depth figures can be read"
_SHORTEST = 0.5
"""Shortest body that is looked at, as multiple of the strip's width."""
_CONTRADICTED = 0.5
"""Share of other figures among those of a chain from which the chain is not believed."""


@dataclass(frozen=True)
class FoundSection:
    """A registered interval: where, how, and between which tracks.

    Attributes:
        top: first row, strip px.
        bottom: one past the last row.
        registered: rows to depths.
        chain: the figures that it rests on; None where the depths were given.
        column: the depth column.
        slope: of the lines of equal depth, median.
        tracks: from left to right.
        tracks_sure: how sure the tracks are, 0 to 1.
        contradicted: figures that say something else.
    """

    top: int
    bottom: int
    registered: Registered
    chain: Chain | None
    column: Column
    slope: float
    tracks: tuple[FoundTrack, ...]
    tracks_sure: float
    contradicted: int

    @property
    def px_per_unit(self) -> float:
        """Rows per depth unit."""
        (row0, depth0), (row1, depth1) = self.registered.ticks[0], self.registered.ticks[-1]
        return (row1 - row0) / (depth1 - depth0)

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


def find_sections(strip: Strip, reader: Reader, progress: Progress) -> Found:
    """Find and register what can be on a strip; what cannot is named with the reason."""
    spans = bodies(survey(strip), strip.height, strip.width)
    spans = [(top, bottom) for top, bottom in spans if bottom - top >= _SHORTEST * strip.width]
    sections: list[FoundSection] = []
    refused: list[tuple[int, int, str]] = []
    words: list[Word] = []
    rows = sum(bottom - top for top, bottom in spans) or 1
    done = 0
    for top, bottom in spans:
        progress("reading depths", done / rows)
        sampled = sample_words(strip, top, bottom, reader)
        words += sampled
        chains, column = _chains(strip, sampled, top, bottom, reader)
        if column is None or not chains:
            refused.append((top, bottom, UNREADABLE))
        else:
            for chain, figures in chains:
                try:
                    sections.append(_section(strip, chain, figures, column))
                except RefusalError as error:
                    refused.append((round(chain.rows[0]), round(chain.rows[-1]), str(error)))
        done += bottom - top
    kept = _apart(sorted(sections, key=lambda s: s.top))
    return Found(tuple(kept), tuple(refused), tuple(words))


def _chains(
    strip: Strip, sampled: Sequence[Word], top: int, bottom: int, reader: Reader
) -> tuple[list[tuple[Chain, list[Figure]]], Column | None]:
    """Chains of the likeliest depth column of a body, each with all figures beside it."""
    for column in find_columns(sampled, strip.width):
        figures = read_figures(strip, column, top, bottom, reader)
        chains = find_chains(figures, strip.width)
        if chains:
            seen = tuple((f.row, f.x) for chain in chains for f in chain.figures)
            column = replace(column, seen=tuple(sorted(seen)))
            return [(chain, figures) for chain in chains], column
    return [], None


def _section(strip: Strip, chain: Chain, figures: Sequence[Figure], column: Column) -> FoundSection:
    """Register a chain and find the tracks beside it.

    Raises:
        RefusalError: naming what is in doubt, and the option that settles it.
    """
    rows = chain.rows
    contradicted = _contradicted(chain, figures)
    if contradicted > _CONTRADICTED * len(chain.figures):
        raise RefusalError(
            f"{len(chain.figures)} depth figures agree with one another and {contradicted} do not; "
            "give --depth ROW=DEPTH twice"
        )
    for more, count in longer(chain, figures).items():
        if count >= 2 and count > 0.1 * len(chain.figures):
            raise RefusalError(
                f"{count} figures read {more:g} more than the other {len(chain.figures)}: "
                f"digits are lost or gained; give --depth, or --depth-add {more:g}"
            )
    reach = 1.2 * chain.step * chain.px_per_unit
    top, bottom = max(0, round(rows[0] - reach)), min(strip.height, round(rows[-1] + reach))
    slope = find_skew(strip, round(rows[0]), round(rows[-1])) or 0.0
    own = replace(column, seen=tuple((f.row, f.x) for f in chain.figures))
    ruling = rule(strip, own, top, bottom, slope)
    registered = register(chain, ruling)
    first = max(0, round(registered.top - 1))
    last = min(strip.height, round(registered.bottom + 2))
    level = float(np.median(ruling.slope[:, 1]))
    if abs(level) * strip.width < 1.0:
        level = 0.0  # less than half a pixel to either side
    tracks, sure = tracks_beside(strip, first, last, level, own)
    return FoundSection(first, last, registered, chain, own, level, tracks, sure, contradicted)


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


def _apart(sections: Sequence[FoundSection]) -> list[FoundSection]:
    """Sections that do not share rows: of two that do, the one above ends where the other begins."""
    out: list[FoundSection] = []
    for section in sections:
        if out and section.top < out[-1].bottom:
            before = out[-1]
            middle = round((_ends(before)[1] + _ends(section)[0]) / 2)
            if middle <= before.top or middle >= section.bottom:
                continue
            out[-1] = replace(before, bottom=min(before.bottom, middle))
            section = replace(section, top=max(section.top, middle))
        out.append(section)
    return out


def _ends(section: FoundSection) -> tuple[float, float]:
    """Rows of the first and last figure."""
    if section.chain is None:
        return float(section.top), float(section.bottom)
    return float(section.chain.rows[0]), float(section.chain.rows[-1])


def given_section(
    strip: Strip, depths: Sequence[tuple[float, float]], skew_deg: float | None
) -> FoundSection:
    """A section whose depths are given; its tracks are found.

    Raises:
        LayoutError: if the depths cannot be obeyed.
        RefusalError: if no tracks can be made out.
    """
    ticks = check_depths(strip, depths)
    top, bottom = max(0, round(ticks[0][0])), min(strip.height, round(ticks[-1][0]) + 1)
    slope = (
        (find_skew(strip, top, bottom) or 0.0) if skew_deg is None else float(np.tan(np.radians(skew_deg)))
    )
    tracks = find_tracks(strip, top, bottom, slope)
    if not tracks:
        raise RefusalError(
            f"rows {top} to {bottom}: no tracks can be made out; give their edges with --layout well.toml"
        )
    registered = Registered(ticks, 0.0, 0.0, top, bottom, 0, 0, 0.0)
    middle = (strip.width - 1) / 2
    column = Column(((float(top), middle), (float(bottom), middle)), 0.0, 0.0)
    return FoundSection(top, bottom, registered, None, column, slope, tracks, 0.9, 0)
