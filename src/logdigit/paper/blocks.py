"""The scale block of each section: where it stands, and whose block serves a section that has none."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from logdigit.paper.closer import added, numbers_beside, read_unlined
from logdigit.paper.column import zoom_of
from logdigit.paper.curves_read import read_block
from logdigit.paper.foundsection import FoundSection
from logdigit.paper.heading import read_region
from logdigit.paper.lent import lent
from logdigit.paper.mnemonics import measurement_of
from logdigit.paper.readcurve import Block, ReadCurve
from logdigit.paper.reread import look_again
from logdigit.paper.seams import Ruled, ruled
from logdigit.paper.sections import edge_at
from logdigit.paper.strokes import read_without_strokes
from logdigit.paper.text import Reader, Word
from logdigit.paper.units import without_unit
from logdigit.types import Box, Strip

_INTO = 0.04
"""Rows of the log in which its scale block may end, as multiple of the strip's width."""
_GOES_ON = 0.6
"""Rows between two pieces of one log, as multiple of the strip's width, at most,"""
_AS_FAR = 0.15
"""and share by which they differ from what its depths say, where paper is spliced or stretched."""
_ALIKE = 0.03
"""Share by which the tracks of two sections differ in width, at most."""
_OFF = 0.05
"""Share of a track's width by which a scale of another piece of the log stands off it, at most."""
_STRETCH = 0.3
"""Rows of a closer look beside a log, as multiple of the strip's width, at most."""
_MARGIN = 0.01
"""Share of the strip's width beside the tracks at which their print is looked for."""
_LEAST = 24
"""Rows and columns of a place that can hold print, px."""
REACH = 1.0
"""Rows above a log in which its scale block stands, as multiple of the strip's width,"""
FARTHER = 1.6
"""and of those, in which it does where none stands so near."""


def below_top(strip: Strip, section: FoundSection) -> int:
    """Row to which a block may reach: its frame may be taken for the first line of the log.

    What stands beside the first depth figure is of the log.
    """
    last = section.top + round(_INTO * strip.width)
    if section.chain is None:
        return last
    first, apart = section.chain.figures[0], section.chain.step * section.chain.px_per_unit
    steps = max(0.0, (first.row - section.top) // apart)  # the first may not have been read
    return max(section.top, min(last, round(first.row - steps * apart - max(first.height, 10.0))))


def find_blocks(
    strip: Strip, sections: Sequence[FoundSection], words: Sequence[Word], reader: Reader
) -> list[Block]:
    """The scale block of each section: above it, else below it, else that of a section alike."""
    out: list[Block] = []
    bare: list[bool] = []  # whether no measurement is named above a section, so that its scales are another's
    reach = round(REACH * strip.width)
    for k, section in enumerate(sections):
        before = sections[k - 1].bottom if k else 0
        after = sections[k + 1].top if k + 1 < len(sections) else strip.height
        start, end = max(before, section.top - reach), below_top(strip, section)
        above = [w for w in words if start <= w.y < end]
        block = _block(strip, section, above, section.top, reader)
        higher = max(before, section.top - round(FARTHER * reach))
        if not block.curves and start - higher > 40:  # calibrations may be recorded between them
            above = [*read_region(strip, higher, start, reader), *above]
            block = _block(strip, section, above, section.top, reader)
        bare.append(all(measurement_of(without_unit(w.text)) is None for w in above))
        bottom = min(after, section.bottom + reach // 2)
        if not block.curves and bottom - section.bottom > 40:
            below = read_region(strip, section.bottom, bottom, reader)
            if any(track.plotted for track in section.tracks):
                below = [*above, *below]  # a plot may be named above and have its axis below
            footer = _block(strip, section, below, section.bottom, reader)
            block = footer if footer.curves else block
        out.append(block)
    for k, section in enumerate(sections):
        if not out[k].curves:
            out[k] = _borrowed(strip, section, sections, out, bare[k]) or out[k]
    return [lent(block, out) for block in out]


def _block(strip: Strip, section: FoundSection, words: Sequence[Word], row: int, reader: Reader) -> Block:
    below = row == section.bottom
    log = [ruled(strip, track, row, below) for track in section.tracks]
    zoom = zoom_of(strip)
    plain, words = read_without_strokes(strip, words, log, reader, zoom)
    block = read_block(strip, look_again(plain, words, log, reader, zoom), log, row)
    if not block.bare and not block.left_out and not _empty(log, block):
        return block
    place = _place(strip, log, row, below)
    if not words or place.height < _LEAST or place.width < _LEAST:
        return block
    words = added(words, read_unlined(plain, place, reader, zoom))
    again = read_block(strip, look_again(plain, words, log, reader, zoom), log, row)
    for bare in again.bare:
        words = added(words, _beside(plain, log, bare, words, reader))
    if again.bare:
        again = read_block(strip, look_again(plain, words, log, reader, zoom), log, row)
    return _both(again, block) if len(again.curves) >= len(block.curves) else _both(block, again)


def _both(block: Block, other: Block) -> Block:
    """A block with those curves of another look at it that it names without a scale.

    Without those that the other look has the other way round: one of them is that of a wrap.
    """
    turned = [c for c in block.curves if any(_other_way(c, o) for o in other.curves)]
    why = [
        f"{c.curve.mnemonic} ({c.curve.printed!r}): which way its scale runs cannot be read" for c in turned
    ]
    kept = tuple(c for c in block.curves if c not in turned)
    block = replace(block, curves=kept, left_out=(*block.left_out, *why))
    names = [bare.curve.mnemonic for bare in block.bare]
    more = [c for c in other.curves if c.curve.mnemonic in names]
    if not more:
        return block
    known = {c.curve.mnemonic for c in more}
    said = tuple(text for text in block.left_out if text.split(" ")[0] not in known)
    bare = tuple(b for b in block.bare if b.curve.mnemonic not in known)
    return replace(block, curves=(*block.curves, *more), left_out=said, bare=bare)


def _other_way(one: ReadCurve, other: ReadCurve) -> bool:
    """Whether two readings of a curve have its scale from left to right and from right to left."""
    ends, others = ([value for _, value in c.curve.scales[0].anchors] for c in (one, other))
    return one.curve.mnemonic == other.curve.mnemonic and ends == others[::-1] != others


def _beside(
    strip: Strip, log: Sequence[Ruled], bare: ReadCurve, words: Sequence[Word], reader: Reader
) -> list[Word]:
    """Numbers beside the names of a curve that has none."""
    out: list[Word] = []
    for name in words:
        known = measurement_of(without_unit(name.text))
        if known is not None and known.mnemonic == bare.curve.mnemonic:
            tracks = (t for block in log for t in block.tracks_at(name.y) if t.left < name.x < t.right)
            out += [w for t in tracks for w in numbers_beside(strip, t, name, [*words, *out], reader)]
    return out


def _empty(log: Sequence[Ruled], block: Block) -> bool:
    """Whether a track has no curve."""
    tracks = [t for one in log for t in one.tracks_at(one.seams[0].top if one.seams else 0.0)]
    middles = [(c.left + c.right) / 2 for c in block.curves]
    return any(not any(t.left < x < t.right for x in middles) for t in tracks)


def _place(strip: Strip, log: Sequence[Ruled], row: int, below: bool) -> Box:
    """Where the block is framed, or, without a frame, a stretch beside the log."""
    left = min(t.left for t in log) - _MARGIN * strip.width
    right = max(t.right for t in log) + _MARGIN * strip.width
    framed = [s for t in log for s in t.seams if s.top > 0]
    reach = _STRETCH * strip.width
    top = row if below else max(min((s.top for s in framed), default=0.0), row - reach)
    bottom = min(max((s.bottom for s in framed), default=row + reach), row + reach) if below else row
    return Box(
        max(0, round(top)),
        max(0, round(left)),
        min(strip.height, round(bottom)),
        min(strip.width, round(right)),
    )


def _borrowed(
    strip: Strip, section: FoundSection, sections: Sequence[FoundSection], blocks: Sequence[Block], bare: bool
) -> Block | None:
    """The block of the nearest section with tracks alike, its curves moved over; None where there is none.

    Alike in depth scale too, but for one that nothing is printed above (``bare``): a strip may have one
    heading for its 2-inch log and its 5-inch one. First of all that of the piece above of the same log.
    """
    alike = []
    for other, block in zip(sections, blocks, strict=True):
        if other is section or not block.curves:
            continue
        moved = _moved(block, other, section)
        if _goes_on(strip, other, section) and all(_fits(c, section) for c in moved.curves):
            alike.append((-1, moved))
        elif len(other.tracks) == len(section.tracks):
            ratios = [a.width / b.width for a, b in zip(section.tracks, other.tracks, strict=True)]
            same = bare or abs(section.px_per_unit / other.px_per_unit - 1) < 0.1
            if same and max(abs(r - 1) for r in ratios) < _ALIKE:
                alike.append((abs(other.top - section.top), moved))
    return min(alike, key=lambda item: item[0])[1] if alike else None


def _moved(block: Block, other: FoundSection, section: FoundSection) -> Block:
    """The block of another section, its curves moved over to where the tracks of this one stand."""
    shift = edge_at(section.tracks[0].left, section.top) - edge_at(other.tracks[0].left, other.top)
    curves = [
        replace(
            c, left=c.left + shift, right=c.right + shift, origins=dict.fromkeys(c.origins, ("assumed", 0.5))
        )
        for c in block.curves
    ]
    why = "scales are those of the section alike; none stands beside this one"
    return Block(tuple(curves), (why,), cuts=block.cuts if len(section.tracks) == len(other.tracks) else ())


def _fits(curve: ReadCurve, section: FoundSection) -> bool:
    """Whether the scale of a curve begins and ends within one track: a last line may be beyond the scan."""
    return any(
        edge_at(t.left, section.top) - _OFF * t.width <= curve.left
        and curve.right <= edge_at(t.right, section.top) + _OFF * t.width
        for t in section.tracks
    )


def _goes_on(strip: Strip, above: FoundSection, section: FoundSection) -> bool:
    """Whether a log goes on from a piece above, in depth as in rows, where its lines could not be counted."""
    gap = section.top - above.bottom
    if not 0 <= gap < _GOES_ON * strip.width or abs(section.px_per_unit / above.px_per_unit - 1) > 0.1:
        return False
    said = (section.depth_at(section.top) - above.depth_at(above.bottom)) * section.px_per_unit
    return abs(said - gap) <= max(_AS_FAR * gap, _LEAST)
