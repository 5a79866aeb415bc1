"""The layout of a scan, found without being told: what ``inspect`` writes and ``digitise`` obeys.

Everything here ends in a ``LayoutFile`` in the pixels of the scan, the same that a person would write, with
the origin of each field; and in a list of what was seen and could not be used.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field, replace

import numpy as np

from logdigit.errors import RefusalError
from logdigit.paper.column import zoom_of
from logdigit.paper.curves_read import Block, read_block
from logdigit.paper.found import (
    UNREADABLE,
    Found,
    FoundSection,
    Progress,
    find_sections,
    given_section,
)
from logdigit.paper.heading import depth_unit_of, lost_digit, read_region
from logdigit.paper.nominal import nominal_of, paper_dpi
from logdigit.paper.reread import look_again
from logdigit.paper.sections import edge_at, pass_of, section_file
from logdigit.paper.spec import LayoutFile
from logdigit.paper.text import Reader, Word
from logdigit.types import DepthUnit, Origin, Strip

Origins = dict[str, tuple[Origin, float]]
_BLOCK = 1.0
"""Rows above a log in which its scale block stands, as multiple of the strip's width."""
_UNREAD = 1.0
"""Rows of log without depth, as multiple of those with it, from which a strip is not taken for read."""


@dataclass(frozen=True)
class Auto:
    """A layout that was found.

    Attributes:
        file: what ``inspect`` writes.
        left_out: what was seen and could not be used, in words, with what to do.
        words: print that was read, strip px.
        found: sections with their figures, for the picture.
    """

    file: LayoutFile
    left_out: tuple[str, ...]
    words: tuple[Word, ...] = field(default=(), repr=False)
    found: Found = field(default=Found((), ()), repr=False)


def find_layout(
    strip: Strip,
    reader: Reader,
    progress: Progress,
    *,
    unit: DepthUnit | None = None,
    dpi: tuple[float, float] | None = None,
    skew_deg: float | None = None,
    depth_add: float = 0.0,
    depths: Sequence[tuple[float, float]] = (),
    bare: bool = False,
) -> Auto:
    """Find the layout of a strip.

    Args:
        strip: the scan.
        reader: reads print.
        progress: called with a message and the share done.
        unit: depth unit where it is given; otherwise it is read.
        dpi: true resolution (x, y) where it is given.
        skew_deg: skew where it is given.
        depth_add: that will be added to every depth: figures known to have lost a digit are not refused.
        depths: (row, depth) pairs where they are given; then no figure is read.
        bare: keep curves whose scale cannot be read, without one.

    Raises:
        RefusalError: if no section can be registered, with the reasons and the options that help.
    """
    if depths:
        found = Found((given_section(strip, depths, skew_deg),), ())
    else:
        found = find_sections(strip, reader, progress)
    if not found.sections:
        raise RefusalError(_nothing(found))
    progress("reading headings", 0.5)
    words = _heading_words(strip, found, reader)
    everything = [*found.words, *words]
    known = (unit, 1.0) if unit is not None else depth_unit_of(everything)
    if known is None:
        raise RefusalError("the depth unit is not printed on the log: give --depth-unit ft or m")
    paper = dpi or paper_dpi(strip, found.sections, known[0])
    sections, refused = _believed(found, known[0], paper, words, depth_add)
    if not sections:
        raise RefusalError("; ".join(reason for _, _, reason in refused))
    progress("reading scales", 0.8)
    blocks = _blocks(strip, sections, words, reader)
    if bare:
        blocks = [replace(block, curves=(*block.curves, *block.bare)) for block in blocks]
    origins: Origins = {}
    if not depths:
        _enough(sections, refused, strip.width)
    left_out = [
        f"rows {top} to {bottom}: {reason}"
        for top, bottom, reason in refused
        if bottom - top > 1.5 * strip.width or reason != UNREADABLE
    ]
    files = []
    for number, (section, block) in enumerate(zip(sections, blocks, strict=True), 1):
        nominal = nominal_of(section.px_per_unit, paper, known[0])
        place = f"section {number}"
        file = section_file(section, block, known[0], pass_of(section, sections, words), nominal)
        files.append(file)
        origins |= _origins(place, section, block, known, unit is not None)
        left_out += [f"{place}: {text}" for text in block.left_out]
    main = max(
        sections, key=lambda s: (s.px_per_unit > 0.8 * max(q.px_per_unit for q in sections), s.bottom - s.top)
    )
    skew = skew_deg if skew_deg is not None else round(float(np.degrees(np.arctan(main.slope))), 4)
    origins["skew_deg"] = ("given", 1.0) if skew_deg is not None else ("read", 0.9)
    origins["dpi"] = ("given", 1.0) if dpi is not None else ("read", 0.8)
    layout = LayoutFile(
        tuple(files),
        {},
        skew,
        (round(paper[0], 1), round(paper[1], 1)),
        "the scan",
        ("tracks", "skew_deg"),
        origins,
    )
    return Auto(
        layout, tuple(left_out), tuple(everything), replace(found, sections=tuple(sections), refused=refused)
    )


def _enough(sections: Sequence[FoundSection], refused: Sequence[tuple[int, int, str]], width: int) -> None:
    """Refuse a strip of which most cannot be registered: what can is not the log.

    Raises:
        RefusalError: naming the longest stretch without depth.
    """
    largest = max(section.px_per_unit for section in sections)
    known = sum(s.bottom - s.top for s in sections if s.px_per_unit > 0.8 * largest)
    blank = [item for item in refused if item[2] == UNREADABLE and item[1] - item[0] > 3 * width]
    if sum(bottom - top for top, bottom, _ in blank) > _UNREAD * known:
        top, bottom, reason = max(blank, key=lambda item: item[1] - item[0])
        raise RefusalError(
            f"rows {top} to {bottom} (and more, longer than all that can be registered): {reason}; "
            "give --depth ROW=DEPTH twice and --depth-unit"
        )


def _nothing(found: Found) -> str:
    """Why nothing could be registered, and what helps."""
    reasons = list(dict.fromkeys(reason for _, _, reason in found.refused))
    if not reasons:
        return (
            "no log can be made out on the scan: no grid lines; "
            "give --depth, --depth-unit and --curve, or --layout well.toml"
        )
    longest = max(found.refused, key=lambda item: item[1] - item[0])
    return (
        f"depth cannot be registered: rows {longest[0]} to {longest[1]}: {longest[2]}; "
        "give --depth ROW=DEPTH twice and --depth-unit, or --layout"
    )


def _heading_words(strip: Strip, found: Found, reader: Reader) -> list[Word]:
    """Print of the first heading, and of the rows above each section."""
    reach = round(_BLOCK * strip.width)
    before = 0
    first = (0, max(0, min(found.sections[0].top - reach, round(1.2 * strip.width))))
    words = read_region(strip, *first, reader, 0.8) if first[1] > 40 else []
    for section in found.sections:
        top = max(before, section.top - reach)
        if section.top - top > 20:
            words += read_region(strip, top, section.top, reader)
        before = section.bottom
    return words


def _believed(
    found: Found, unit: DepthUnit, paper: tuple[float, float], words: Sequence[Word], depth_add: float
) -> tuple[list[FoundSection], tuple[tuple[int, int, str], ...]]:
    """Sections that agree with the heading, with the usual depth scales and with one another; the others."""
    kept: list[FoundSection] = []
    refused = list(found.refused)
    deepest = max(s.registered.ticks[-1][1] for s in found.sections)
    lost = None if depth_add else lost_digit(deepest, words)
    for section in found.sections:
        reason = ""
        first, last = section.registered.ticks[0][1], section.registered.ticks[-1][1]
        if lost is not None:
            reason = f"figures reach {deepest:g}, the heading {deepest + lost:g}: give --depth-add {lost:g}"
        elif nominal_of(section.px_per_unit, paper, unit) is None:
            reason = (
                f"figures {first:g} to {last:g} would make {100 * section.px_per_unit / paper[1]:.2f} "
                f"inches a 100 {unit.lower()}, which no log has: give --depth, --depth-unit or --dpi"
            )
        elif not depth_add and _stray(section, found.sections):
            reason = (
                f"figures {first:g} to {last:g} have lost a digit beside those of the other sections: "
                "give --depth-add 10000 with --sections"
            )
        if reason:
            refused.append((section.top, section.bottom, reason))
        else:
            kept.append(section)
    return kept, tuple(refused)


def _stray(section: FoundSection, sections: Sequence[FoundSection]) -> bool:
    """Whether a section lies outside all others, but inside one of them with 10,000 more."""
    first, last = section.registered.ticks[0][1], section.registered.ticks[-1][1]
    others = [s for s in sections if s is not section]
    ranges = [(s.registered.ticks[0][1], s.registered.ticks[-1][1]) for s in others]
    apart = all(last < a - 500 or first > b + 500 for a, b in ranges)
    inside = any(a - 200 <= first + 10000 and last + 10000 <= b + 200 for a, b in ranges)
    return apart and inside


def _blocks(
    strip: Strip, sections: Sequence[FoundSection], words: Sequence[Word], reader: Reader
) -> list[Block]:
    """The scale block of each section: above it, else below it, else that of a section alike."""
    out: list[Block] = []
    reach = round(_BLOCK * strip.width)
    for k, section in enumerate(sections):
        before = sections[k - 1].bottom if k else 0
        after = sections[k + 1].top if k + 1 < len(sections) else strip.height
        above = [w for w in words if max(before, section.top - reach) <= w.y < section.top]
        block = _block(strip, section, above, section.top, reader)
        bottom = min(after, section.bottom + reach // 2)
        if not block.curves and bottom - section.bottom > 40:
            below = read_region(strip, section.bottom, bottom, reader)
            footer = _block(strip, section, below, section.bottom, reader)
            block = footer if footer.curves else block
        out.append(block)
    for k, section in enumerate(sections):
        if not out[k].curves:
            out[k] = _borrowed(section, sections, out) or out[k]
    return out


def _block(strip: Strip, section: FoundSection, words: Sequence[Word], row: int, reader: Reader) -> Block:
    edges = [(edge_at(t.left, row), edge_at(t.right, row)) for t in section.tracks]
    closer = look_again(strip, words, edges, reader, zoom_of(strip))
    return read_block(strip, closer, edges, [t.uneven for t in section.tracks], row)


def _borrowed(
    section: FoundSection, sections: Sequence[FoundSection], blocks: Sequence[Block]
) -> Block | None:
    """The block of the nearest section with tracks alike, its curves moved over; None where there is none."""
    alike = []
    for other, block in zip(sections, blocks, strict=True):
        if other is section or not block.curves or len(other.tracks) != len(section.tracks):
            continue
        ratios = [a.width / b.width for a, b in zip(section.tracks, other.tracks, strict=True)]
        if max(abs(r - 1) for r in ratios) < 0.03 and abs(section.px_per_unit / other.px_per_unit - 1) < 0.1:
            alike.append((abs(other.top - section.top), other, block))
    if not alike:
        return None
    _, other, block = min(alike, key=lambda item: item[0])
    shift = edge_at(section.tracks[0].left, section.top) - edge_at(other.tracks[0].left, other.top)
    curves = [
        replace(
            c, left=c.left + shift, right=c.right + shift, origins=dict.fromkeys(c.origins, ("assumed", 0.5))
        )
        for c in block.curves
    ]
    return Block(tuple(curves), ("scales are those of the section alike; none stands beside this one",))


def _origins(
    place: str, section: FoundSection, block: Block, unit: tuple[DepthUnit, float], given: bool
) -> Origins:
    out: Origins = {
        f"{place}: ticks": ("read", section.sure),
        f"{place}: unit": ("given", 1.0) if given else ("read", unit[1]),
        f"{place}: tracks": ("read", section.tracks_sure),
    }
    for curve in block.curves:
        for key, origin in curve.origins.items():
            out[f"{place}, {curve.curve.mnemonic}: {key}"] = origin
    return out
