"""The layout of a scan, found without being told: what ``inspect`` writes and ``digitise`` obeys.

Everything here ends in a ``LayoutFile`` in the pixels of the scan, the same that a person would write, with
the origin of each field; and in a list of what was seen and could not be used.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field, replace

from logdigit.errors import RefusalError
from logdigit.paper.believe import believed, enough
from logdigit.paper.blocks import REACH, below_top, find_blocks
from logdigit.paper.depthunit import depth_unit_of, unit_along_column, unit_at_column
from logdigit.paper.drift import drifting_skew
from logdigit.paper.found import UNREADABLE, Progress, find_sections, given_section
from logdigit.paper.foundsection import Found, FoundSection
from logdigit.paper.framed import framed_tracks, like_others
from logdigit.paper.header import read_header
from logdigit.paper.heading import read_region
from logdigit.paper.level import levelled
from logdigit.paper.mnemonics import measurement_of
from logdigit.paper.nominal import nominal_of, paper_dpi
from logdigit.paper.readcurve import Block
from logdigit.paper.sections import pass_of, section_file
from logdigit.paper.spec import LayoutFile, Skew
from logdigit.paper.text import Reader, Word
from logdigit.paper.units import without_unit
from logdigit.paper.upside import upside_down
from logdigit.types import DepthUnit, Finding, Origin, Strip

Origins = dict[str, tuple[Origin, float]]


@dataclass(frozen=True)
class Auto:
    """A layout that was found.

    Attributes:
        file: what ``inspect`` writes.
        left_out: what was seen and could not be used, in words, with what to do.
        words: print that was read, strip px.
        found: sections with their figures, for the picture.
        findings: what a person should know of the joins of the pages.
    """

    file: LayoutFile
    left_out: tuple[str, ...]
    words: tuple[Word, ...] = field(default=(), repr=False)
    found: Found = field(default=Found((), ()), repr=False)
    findings: tuple[Finding, ...] = ()


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
        if upside_down(strip, [(top, bottom) for top, bottom, _ in found.refused], reader):
            raise RefusalError("the sheet lies upside down: turn it by 180 degrees and try again")
        raise RefusalError(_nothing(found))
    progress("reading headings", 0.5)
    first = found.sections[0]
    level = levelled(strip, first.slope, first.column.x_at(first.top))
    words = _heading_words(level.strip, found, reader)
    heading = read_header(level.strip, first.top, words, reader)
    words = [word for word in words if word.text]
    everything = [*found.words, *words]
    known = (unit, 1.0) if unit is not None else None
    known = known or unit_at_column(level.strip, found.sections, everything, reader)
    known = known or depth_unit_of([*everything, *heading.words])
    footers: list[Word] = []
    if known is None:
        footers = _footer_words(level.strip, found, reader)
        known = unit_at_column(level.strip, found.sections, footers, reader, below=True)
        known = known or depth_unit_of(footers) or unit_along_column(level.strip, first, reader)
    if known is None:
        raise RefusalError("the depth unit is not printed on the log: give --depth-unit ft or m")
    paper = dpi or paper_dpi(strip, found.sections, known[0], [*everything, *heading.words])
    printed = [w for w in words if not any(s.top <= w.y <= s.bottom for s in found.sections)]
    sections, refused = believed(found, known[0], paper, [*printed, *heading.words], depth_add)
    if not sections:
        raise RefusalError("; ".join(dict.fromkeys(reason for _, _, reason in refused)))
    if not depths:
        enough(sections, refused, strip.width)
    header = heading.items
    progress("reading scales", 0.8)
    sections = [framed_tracks(level.strip, section, words) for section in sections]
    unnamed = [not _named_above(section, found.sections, words) for section in sections]
    if any(unnamed):  # the blocks stand below
        footers = footers or _footer_words(level.strip, found, reader)
        sections = [
            framed_tracks(level.strip, section, footers, below=True) if without else section
            for section, without in zip(sections, unnamed, strict=True)
        ]
    sections = like_others(sections, strip.width)
    blocks = find_blocks(level.strip, sections, words, reader)
    if bare:
        blocks = [replace(block, curves=(*block.curves, *block.bare)) for block in blocks]
    origins: Origins = {
        "skew_deg": ("read", 0.9) if skew_deg is None else ("given", 1.0),
        "dpi": ("read", 0.8) if dpi is None else ("given", 1.0),
        **{name: ("read", item.sure) for name, item in header.items()},
    }
    left_out = [
        f"rows {top} to {bottom}: {reason}"
        for top, bottom, reason in refused
        if bottom - top > 1.5 * strip.width or reason != UNREADABLE
    ]
    files = []
    for number, (section, block) in enumerate(zip(sections, blocks, strict=True), 1):
        nominal = nominal_of(section.px_per_unit, paper, known[0])
        place = f"section {number}"
        files.append(section_file(section, block, known[0], pass_of(section, sections, words), nominal))
        origins |= _origins(place, section, block, known, unit is not None)
        left_out += [f"{place}: {text}" for text in block.left_out]
    layout = LayoutFile(
        tuple(files),
        {name: item.text for name, item in header.items()},
        _skew(strip, sections) if skew_deg is None else skew_deg,
        (round(paper[0], 1), round(paper[1], 1)),
        "the scan",
        ("tracks", "skew_deg"),
        origins,
    )
    return Auto(
        layout,
        tuple(left_out),
        (*found.words, *map(level.on_scan, words)),
        replace(found, sections=tuple(sections), refused=refused),
    )


def _skew(strip: Strip, sections: Sequence[FoundSection]) -> Skew:
    """Skew along the strip, degrees."""
    rows = [(section.top, section.bottom) for section in sections]
    return drifting_skew(strip, rows, [section.course for section in sections]) or 0.0


def _nothing(found: Found) -> str:
    """Why nothing could be registered, and what helps."""
    reasons = list(dict.fromkeys(reason for _, _, reason in found.refused))
    if not reasons:
        return (
            "no log can be made out on the scan: no grid lines; "
            "give --depth, --depth-unit and --curve, or --layout well.toml"
        )
    longest = max(found.refused, key=lambda item: item[1] - item[0])
    said = f"depth cannot be registered: rows {longest[0]} to {longest[1]}: {longest[2]}"
    return (
        said
        if "give --" in longest[2]
        else f"{said}; give --depth ROW=DEPTH twice and --depth-unit, or --layout"
    )


def _heading_words(strip: Strip, found: Found, reader: Reader) -> list[Word]:
    """Print of the first heading, and of the rows above each section.

    What runs sideways in the heading of the log is found only: ``read_header`` reads it, turned.
    """
    reach = round(REACH * strip.width)
    before = 0
    first = (0, max(0, min(found.sections[0].top - reach, round(1.2 * strip.width))))
    words = read_region(strip, *first, reader, 0.8, sideways=False) if first[1] > 40 else []
    for section in found.sections:
        top = max(before, section.top - reach)
        if section.top - top > 20:
            bottom = min(strip.height, below_top(strip, section))
            words += read_region(strip, top, bottom, reader, sideways=section is not found.sections[0])
        before = section.bottom
    return words


def _named_above(section: FoundSection, sections: Sequence[FoundSection], words: Sequence[Word]) -> bool:
    """Whether a measurement is named between a section and the one before it."""
    before = max((other.bottom for other in sections if other.bottom <= section.top), default=0)
    above = (word for word in words if before <= word.y < section.top)
    return any(measurement_of(without_unit(word.text)) for word in above)


def _footer_words(strip: Strip, found: Found, reader: Reader) -> list[Word]:
    """Print of the rows below each section."""
    words: list[Word] = []
    after = [section.top for section in found.sections[1:]] + [strip.height]
    for section, end in zip(found.sections, after, strict=True):
        bottom = min(end, section.bottom + round(REACH / 2 * strip.width))
        if bottom - section.bottom > 40:
            words += read_region(strip, section.bottom, bottom, reader)
    return words


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
