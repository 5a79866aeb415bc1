"""Sections found on a strip without being told: bodies, depth column, registration, tracks."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace
from itertools import pairwise

import numpy as np

from logdigit.errors import RefusalError
from logdigit.paper.chains import find_chains, pair_of
from logdigit.paper.column import (
    Column,
    completed_by,
    either,
    find_columns,
    lone_columns,
    read_figures,
    rival,
    sample_words,
    standing_in,
)
from logdigit.paper.drift import find_course
from logdigit.paper.figures import Chain, Figure, completed, due_of
from logdigit.paper.foundsection import Found, FoundSection, apart, contradicting, repeats
from logdigit.paper.laid import deep, figures_alike, sections_of
from logdigit.paper.layout import check_depths
from logdigit.paper.registered import Registered
from logdigit.paper.survey import bodies, survey
from logdigit.paper.text import Reader, Word
from logdigit.paper.tracks import find_tracks
from logdigit.types import Strip

Progress = Callable[[str, float], None]
UNREADABLE = "no depth figures can be read"
ASTRAY = "the depths do not go on from those of the section beside it: a figure is misread; give --depth"
_SHORTEST = 0.5
"""Shortest body that is looked at, as multiple of the strip's width;"""
_REPEAT = 0.3
"""the same of one that repeats a log above, or that is the longest;"""
_GRIDLESS = 1.0
"""the same of rows that do not look like one."""
_WELL_READ = 0.9
"""Share of them from which no other reading is tried."""
_MOSTLY = 0.6
"""Share of its rows from which a body is part of the sections found before."""
_ENDS = 1.5
"""Steps of figures by which a body is longer than from its first figure to its last."""
_AT_END, _ON, _MOST_ON = 1.5, 3.0, 4
"""Steps from the end of a body within which its last figure stands where a log may go on; those read at a
time, and how often."""
_COMPLETED = 1.25
"""Weight of chains with short figures completed, as multiple of that without, that makes them believed."""
_SMOOTHER = 0.7
"""Enlargement of figures that are read once more, beside that of the first time."""
_HEARD = 8000
"""Rows over which a second column of figures is read."""


def find_sections(strip: Strip, reader: Reader, progress: Progress) -> Found:
    """Find and register what can be on a strip; what cannot is named with the reason.

    Where that is nothing, rows are looked at too that do not look like a log: its grid may be worn away.
    """
    spans = bodies(survey(strip), strip.height, strip.width)
    found = _found(strip, [s for s in spans if s[1] - s[0] >= _REPEAT * strip.width], reader, progress)
    if found.sections:
        return found
    between = pairwise([0, *(row for span in spans for row in span), strip.height])
    rest = [(top, bottom) for top, bottom in list(between)[::2] if bottom - top >= _GRIDLESS * strip.width]
    more = _found(strip, rest, reader, progress)
    refused = (
        more.refused if more.sections else (*found.refused, *(r for r in more.refused if r[2] != UNREADABLE))
    )
    return Found(more.sections, refused, (*found.words, *more.words))


def _found(strip: Strip, spans: Sequence[tuple[int, int]], reader: Reader, progress: Progress) -> Found:
    """What can be registered on some rows of a strip."""
    longest = max((bottom - top for top, bottom in spans), default=0)
    sections: list[FoundSection] = []
    refused: list[tuple[int, int, str]] = []
    words: list[Word] = []
    rows = sum(bottom - top for top, bottom in spans) or 1
    done = 0
    for top, bottom in spans:
        progress("reading depths", done / rows)
        done += bottom - top
        short = bottom - top < min(_SHORTEST * strip.width, longest)
        if _covered(top, bottom, sections) or (short and not sections):
            continue  # the log of the body above goes on here, or there is none
        sampled = sample_words(strip, top, bottom, reader)
        words += sampled
        chains, column = _chains(strip, sampled, top, bottom, reader)
        other = None if column is None else _disagreeing(strip, chains[0][0], sampled, column, reader)
        if short:
            if column is not None and other is None:
                good, _ = sections_of(strip, chains, column, (top, bottom))
                sections += [s for s in good if repeats(s, sections)]
        elif column is None:
            refused.append((top, bottom, UNREADABLE))
        elif other is not None:
            refused.append((top, bottom, other))
        else:
            good, bad = sections_of(strip, chains, column, (top, bottom))
            sections = [s for s in sections if not _covered(s.top, s.bottom, good)] + good
            refused += bad
    sections, unlike = figures_alike(strip, sections)
    refused += unlike
    sections.sort(key=lambda s: s.top)
    astray = contradicting(sections)
    refused += [(section.top, section.bottom, ASTRAY) for section in astray]
    kept = apart([section for section in sections if not any(section is other for other in astray)])
    refused = [item for item in refused if not _covered(item[0], item[1], kept)]
    return Found(tuple(kept), tuple(refused), tuple(words))


def _covered(top: int, bottom: int, sections: Sequence[FoundSection]) -> bool:
    """Whether rows are those of sections that were found, for the most part."""
    rows = sum(max(0, min(bottom, s.bottom) - max(top, s.top)) for s in sections)
    return rows > _MOSTLY * (bottom - top)


def _chains(
    strip: Strip, sampled: Sequence[Word], top: int, bottom: int, reader: Reader
) -> tuple[list[tuple[Chain, list[Figure]]], Column | None]:
    """Chains of the likeliest depth column of a body, each with all figures beside it.

    A pair of figures is one where no column has more.
    """
    pairs: list[tuple[Chain, list[Figure], Column]] = []
    columns = find_columns(sampled, strip.width)
    for column in columns:
        chains, figures = _read(strip, column, top, bottom, reader, sampled)
        if chains:
            return _read_on(strip, column, chains, figures, (top, bottom), reader)
        pair = pair_of(figures, strip.width)
        if pair is not None:
            pairs.append((pair, figures, column))
    for column in lone_columns(sampled, columns, strip.width):
        led, figures = _read(strip, column, top, bottom, reader)
        pair = None if led else pair_of(figures, strip.width)
        if pair is not None:
            pairs.append((pair, figures, column))
        if led:  # once more, now that they tell where the column runs
            course = _seen(column, led)
            chains, figures = _read(strip, course, top, bottom, reader)
            if chains:
                return _read_on(strip, course, chains, figures, (top, bottom), reader)
    for pair, figures, column in pairs[:1]:
        return [(pair, figures)], _seen(column, [pair])
    return [], None


def _read(
    strip: Strip, column: Column, top: int, bottom: int, reader: Reader, sampled: Sequence[Word] = ()
) -> tuple[list[Chain], list[Figure]]:
    """Chains of a column and all its figures; read otherwise where figures are missing.

    What was ``sampled`` in its place counts too: a figure may have lost a digit to the frame of its column.
    """
    figures = read_figures(strip, column, top, bottom, reader)
    also = standing_in(column, sampled, (top, bottom), strip.width)
    chains, both = _likelier(completed_by(figures, also), strip.width)
    figures = both if chains else figures
    known = sum(len(chain.figures) for chain in chains)
    if known < _WELL_READ * _due_in(chains, top, bottom):
        more = read_figures(strip, column, top, bottom, reader, bare=True)
        if known >= _WELL_READ * sum(map(due_of, chains)) > 0:  # nothing is missing but at the ends
            more = [f for f in more if not any(c.rows[0] < f.row < c.rows[-1] for c in chains)]
        chains, figures = _likelier(either(figures, more), strip.width)
    if not chains:
        more = read_figures(strip, column, top, bottom, reader, zoom=_SMOOTHER)
        chains, figures = _likelier(either(figures, more), strip.width)
    if _upwards(figures) and not _explained(chains, figures):
        # tall print is read as running down the paper; what runs up it must be turned the other way
        again = read_figures(strip, column, top, bottom, reader, 90, bare=True)
        other, again = _likelier(again, strip.width)
        if sum(c.weight for c in other) > sum(c.weight for c in chains):
            return other, again
    return chains, figures


def _due_in(chains: Sequence[Chain], top: int, bottom: int) -> float:
    """How many figures chains have, read or not, with those that go on from the first to the ends of a body.

    A body ends somewhere between two figures, and a heading may be part of it.
    """
    if not chains:
        return float("inf")
    first = chains[0]
    inside = (bottom - top) / (first.step * first.px_per_unit) - _ENDS
    return max(float(due_of(first)), inside) if len(chains) == 1 else sum(due_of(c) for c in chains)


def _read_on(
    strip: Strip,
    column: Column,
    chains: list[Chain],
    figures: list[Figure],
    body: tuple[int, int],
    reader: Reader,
) -> tuple[list[tuple[Chain, list[Figure]]], Column]:
    """Chains with the figures beyond a body whose first and last ones stand at its very ends.

    Where a grid is worn away, a log goes on beyond what looks like one.
    """
    for end in (0, -1):
        for _ in range(_MOST_ON):
            chain = min(chains, key=lambda c: abs(c.rows[end] - body[end]))
            step = chain.step * chain.px_per_unit
            if abs(chain.rows[end] - body[end]) > _AT_END * step:
                break
            last = round(chain.rows[end] + (0.5 if end else -0.5) * step)
            beyond = round(body[end] + (_ON if end else -_ON) * step)
            top, bottom = max(0, min(last, beyond)), min(strip.height, max(last, beyond))
            more = read_figures(strip, _seen(column, [chain]), top, bottom, reader, bare=True)
            longer, whole = _likelier(either(figures, more), strip.width)
            # what is not joined to them is another log
            longer = [c for c in longer if any(_meet(c, d) for d in chains)]
            if sum(len(c.figures) for c in longer) <= sum(len(c.figures) for c in chains):
                break
            chains, figures = longer, whole
            body = (top, body[1]) if end == 0 else (body[0], bottom)
    return [(chain, figures) for chain in chains], _seen(column, chains)


def _meet(one: Chain, other: Chain) -> bool:
    """Whether two chains have rows in common."""
    return bool(one.rows[0] <= other.rows[-1] and other.rows[0] <= one.rows[-1])


def _seen(column: Column, chains: Sequence[Chain]) -> Column:
    """The column where the figures of its chains stand."""
    seen = tuple((f.row, f.x) for chain in chains for f in chain.figures)
    return replace(column, seen=tuple(sorted(seen)))


def _likelier(figures: list[Figure], width: float) -> tuple[list[Chain], list[Figure]]:
    """Chains of figures as they are read; with short ones completed where that explains many more of them."""
    whole = completed(figures, width)
    plain, more = find_chains(figures, width), find_chains(whole, width)
    gained = sum(c.weight for c in more) > _COMPLETED * sum(c.weight for c in plain if deep(c))
    return (more, whole) if gained else (plain, figures)


def _disagreeing(
    strip: Strip, chain: Chain, sampled: Sequence[Word], column: Column, reader: Reader
) -> str | None:
    """What a second column of figures says, where one was sampled; None where none disagrees."""
    top = max(0, round(chain.rows[0]) - 100)
    bottom = min(strip.height, round(chain.rows[-1]) + 100, top + _HEARD)
    for other in find_columns(sampled, strip.width):
        row = other.seen[len(other.seen) // 2][0]
        if abs(other.x_at(row) - column.x_at(row)) < max(1.5 * column.width, 0.03 * strip.width):
            continue
        said = rival(chain, read_figures(strip, other, top, bottom, reader), column, strip.width)
        if said is not None:
            return said
    return None


def _upwards(figures: Sequence[Figure]) -> bool:
    """Whether figures are taller than wide: print that runs along the strip."""
    tall = [f.height > 1.15 * f.width for f in figures]
    return sum(tall) > 0.5 * len(tall) > 0


def _explained(chains: Sequence[Chain], figures: Sequence[Figure]) -> bool:
    """Whether nearly all figures are on chains."""
    return sum(len(chain.figures) for chain in chains) >= 0.8 * len(figures)


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
    middle = (top + bottom) / 2
    if skew_deg is None:
        course = find_course(strip, top, bottom) or ((middle, 0.0),)
    else:
        course = ((middle, float(np.tan(np.radians(skew_deg)))),)
    slope = float(np.median([slope for _, slope in course]))
    tracks = find_tracks(strip, top, bottom, slope)
    if not tracks:
        raise RefusalError(
            f"rows {top} to {bottom}: no tracks can be made out; give their edges with --layout well.toml"
        )
    registered = Registered(ticks, 0.0, 0.0, top, bottom, 0, 0, 0.0)
    middle = (strip.width - 1) / 2
    column = Column(((float(top), middle), (float(bottom), middle)), 0.0, 0.0)
    return FoundSection(top, bottom, registered, None, column, course, tracks, 0.9, 0)
