"""Tracks as the frame about their scale block has them, and as other sections of the strip have them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from itertools import pairwise

import numpy as np
from scipy.stats import theilslopes

from logdigit.paper.foundsection import FoundSection
from logdigit.paper.frame import DOUBLE, Upright, aligned, frame_of
from logdigit.paper.mnemonics import measurement_of
from logdigit.paper.sections import edge_at
from logdigit.paper.text import Word
from logdigit.paper.tracks import FoundTrack, uneven
from logdigit.paper.units import without_unit
from logdigit.types import Strip

_ANYWHERE = 0.15
"""Columns by which the tracks of one section stand aside of those of another, in the same way, at most."""
_NARROW = 0.08
"""Share of the strip's width that a column of a frame is wide, at least, to be a track."""
_AT_LINE = 0.02
"""Share of such a column by which the edge of its track misses its line, at most."""
_MOST, _NONE = 0.35, 0.1
"""Share of a column that a track covers which is its own; and up to which there is no track in it."""
_SOME, _WHOLE = 4, 0.1
"""Inner lines that tell the divisions of a track, at least; share by which what is lost is not whole ones."""
_NEAREST = 6
"""Lines of a grid nearest to an edge, which say whether it is one."""
_OFF_EDGE = 3.0
"""Columns by which an edge that is of something else misses its line, at least."""
_SEVERAL = 2
"""Columns that name measurements from which a frame is believed though no track found stands in it."""
_MET = 0.5
"""Share of the edges of the tracks found that stand at lines of a frame which is theirs, more than this."""
_FEW = 3
"""Figures up to which nothing is known of how a column of them leans."""
_TALL = 0.5
"""Height of a line of a frame at which a track is cut, as share of that of most, at least."""
_SURE = 0.6


def framed_tracks(
    strip: Strip, section: FoundSection, words: Sequence[Word], below: bool = False
) -> FoundSection:
    """A section with its tracks as wide as the columns of the frame that they stand in.

    A grid may be lost at its ends, or hidden by shading and curves altogether. What stands in a column
    that names a measurement is a track.

    Args:
        strip: the scan, level.
        section: as it was found.
        words: print above it, or below.
        below: whether the frame is looked for there.
    """
    row = section.bottom if below else section.top
    at = [(edge_at(t.left, row), edge_at(t.right, row)) for t in section.tracks]
    lines = [x for t, (a, b) in zip(section.tracks, at, strict=True) for x in inner_lines(t, a, b)]
    few = lines if len(lines) < _SOME else []  # one of them may be an edge
    edge = DOUBLE * strip.width  # of the paper
    frame = [
        u
        for u in frame_of(strip, row, below, lines, [*(x for pair in at for x in pair), *few])
        if edge < u.x < strip.width - 1 - edge
    ]
    named = [w for w in words if measurement_of(without_unit(w.text)) is not None]
    frame = _beside_names(frame, named, below)
    if len(frame) < 3:
        return section
    near = _AT_LINE * min((b - a for a, b in at), default=0.0) + 2
    met = [any(abs(u.x - x) < near for u in frame) for edges in at for x in edges]
    depths = section.column.x_at(row)
    first, last = (row, max(u.bottom for u in frame)) if below else (min(u.top for u in frame), row)
    names = [w.x for w in named if first < w.y < last]
    columns = [
        (a.x, b.x)
        for a, b in pairwise(frame)
        if b.x - a.x >= _NARROW * strip.width and any(a.x < x < b.x for x in names) and not a.x < depths < b.x
    ]
    if sum(met) <= _MET * len(met) and len(columns) < _SEVERAL:
        return section  # a frame about something else
    usual = float(np.median([u.bottom - u.top for u in frame]))
    sure = [u.x for u in frame if u.bottom - u.top > _TALL * usual]
    tracks = [_cut(t, a, b, sure, near, columns) for t, (a, b) in zip(section.tracks, at, strict=True)]
    at = [(edge_at(t.left, row), edge_at(t.right, row)) for t in tracks]
    tracks = [_widened(t, a, b, columns, row) for t, (a, b) in zip(tracks, at, strict=True)]
    at = [(edge_at(t.left, row), edge_at(t.right, row)) for t in tracks]
    for left, right in columns:
        inside = [k for k, (a, b) in enumerate(at) if _lap(left, right, a, b) >= _NONE]
        if len(inside) == 1 and _is_piece(*at[inside[0]], left, right, near):
            tracks[inside[0]] = _between(tracks[inside[0]], *at[inside[0]], left, right)
        if not inside:
            course = _course(section, left, row)
            shift = edge_at(course, row)
            moved = [tuple((r, x - shift + end) for r, x in course) for end in (left, right)]
            tracks.append(FoundTrack(moved[0], moved[1]))
    if tracks == list(section.tracks):
        return section
    tracks.sort(key=lambda t: edge_at(t.left, row) - edge_at(t.right, row))  # the widest first
    tracks = [t for k, t in enumerate(tracks) if not any(_inside(t, o, row) for o in tracks[:k])]
    tracks.sort(key=lambda t: edge_at(t.left, row))
    return replace(section, tracks=tuple(tracks), tracks_sure=min(section.tracks_sure, _SURE))


def _beside_names(frame: list[Upright], names: Sequence[Word], below: bool) -> list[Upright]:
    """The lines of a frame without those between all its names and the log, which are of its grid.

    A log begins above its first line where that is lost, and then its own upright lines touch the frame.
    """
    if not frame:
        return frame
    first, last = min(u.top for u in frame), max(u.bottom for u in frame)
    rows = [w.y for w in names if first < w.y < last]
    beside = [u for u in frame if rows and (u.bottom > min(rows) if below else u.top < max(rows))]
    return beside if len(beside) >= 3 else frame


def like_others(sections: Sequence[FoundSection], width: int) -> list[FoundSection]:
    """Sections with tracks as wide as those of another one with as many, where whole divisions were lost.

    The 5-inch log of a strip has the tracks of its 2-inch one, and often no frame of its own to show where
    they end.

    Args:
        sections: of one strip.
        width: of the strip, px.
    """
    out = []
    for section in sections:
        row = section.top
        at = [(edge_at(t.left, row), edge_at(t.right, row)) for t in section.tracks]
        edges = [x for pair in at for x in pair]
        for other in sections:
            theirs = [edge_at(e, other.top) for t in other.tracks for e in (t.left, t.right)]
            if other is section or not edges or len(theirs) != len(edges):
                continue
            lines = [Upright(x, 0.0, 0.0) for x in theirs]
            moved = [u.x for u in aligned(lines, edges, _ANYWHERE * width, DOUBLE * width)]
            met = sum(abs(a - b) <= DOUBLE * width for a, b in zip(moved, edges, strict=True))
            if not len(edges) / 2 < met < len(edges):
                continue
            columns = list(zip(moved[::2], moved[1::2], strict=True))
            tracks = [_widened(t, a, b, columns, row) for t, (a, b) in zip(section.tracks, at, strict=True)]
            if tracks != list(section.tracks):
                section = replace(section, tracks=tuple(tracks), tracks_sure=min(section.tracks_sure, _SURE))
                break
        out.append(section)
    return out


def _course(section: FoundSection, x: float, row: int) -> tuple[tuple[float, float], ...]:
    """How upright lines run down a section: the edge of a track nearest ``x``, else its column of depths."""
    if section.tracks:
        return min((t.left for t in section.tracks), key=lambda edge: abs(edge_at(edge, row) - x))
    rows, columns = np.array(section.column.seen).T
    lean = theilslopes(columns, rows).slope if len(rows) > _FEW else 0.0
    return tuple((float(r), x + float(lean) * (r - row)) for r in (section.top, section.bottom))


def _inside(track: FoundTrack, other: FoundTrack, row: int) -> bool:
    """Whether a track is a piece of another that was widened."""
    return _lap(*(edge_at(e, row) for e in (track.left, track.right, other.left, other.right))) > _MOST


def inner_lines(track: FoundTrack, left: float, right: float) -> list[float]:
    """Upright lines of a track between its edges where these are at two columns, strip px."""
    return [left + share * (right - left) for share in track.inner]


def _lap(left: float, right: float, a: float, b: float) -> float:
    """Share of a column that lies between two edges."""
    return (min(right, b) - max(left, a)) / (right - left)


def _is_piece(a: float, b: float, left: float, right: float, near: float) -> bool:
    """Whether a track between two edges is the least part of a column, at one of its edges."""
    inside = left - near < a and b < right + near and _lap(left, right, a, b) < _MOST
    return inside and min(abs(a - left), abs(b - right)) < near


def _divides(track: FoundTrack, left: float, right: float, edge: float) -> bool:
    """Whether an edge is whole divisions from the lines of a track: no margin of a frame."""
    lines = np.array(inner_lines(track, left, right))
    if track.uneven or uneven(np.array([left, *lines, right])) or len(lines) < _SOME:
        return True
    near = np.sort(lines[np.argsort(np.abs(lines - edge))[:_NEAREST]])  # paper is not as wide everywhere
    parts = np.abs(near - edge) / float(np.median(np.diff(near)))
    return float(np.median(np.abs(parts - np.round(parts)))) < _WHOLE


def _drawn(track: FoundTrack, left: float, right: float, end: float, line: float) -> float:
    """The edge of a track: a line of a frame a little aside of that, where divisions say it is the edge.

    The outermost stroke of a picture right beside a track is taken for its edge.
    """
    lines = inner_lines(track, left, right)
    if len(lines) < _SOME or not _OFF_EDGE < abs(line - end) < np.median(np.diff(lines)) / 2:
        return end
    return line if _divides(track, left, right, line) and not _divides(track, left, right, end) else end


def _widened(
    track: FoundTrack, left: float, right: float, columns: Sequence[tuple[float, float]], row: int
) -> FoundTrack:
    """A track with its edges at the lines of the columns of which it covers most."""
    ends = [left, right]
    for a, b in columns:
        if _lap(a, b, left, right) < _MOST:
            continue
        near = _AT_LINE * (b - a) + 2
        ends[0] = a if a < left - near and left < b and _divides(track, left, right, a) else ends[0]
        ends[1] = b if b > right + near and right > a and _divides(track, left, right, b) else ends[1]
        if ends == [left, right]:
            ends = [_drawn(track, left, right, end, x) for end, x in ((left, a), (right, b))]
    return track if ends == [left, right] else _between(track, left, right, ends[0], ends[1])


def _cut(
    track: FoundTrack,
    left: float,
    right: float,
    frame: Sequence[float],
    near: float,
    columns: Sequence[tuple[float, float]],
) -> FoundTrack:
    """A track with one edge at a line of the frame and the other at none, cut at an upright line of both.

    What is beyond it is of the depth column, or the least part of another one. (Where it is most of that, two
    tracks abut: where they meet is found with the scales.)
    """
    met = [any(abs(x - edge) < near for x in frame) for edge in (left, right)]
    inner = [x for x in inner_lines(track, left, right) if any(abs(x - at) < near for at in frame)]
    if all(met) or not any(met) or not inner:
        return track
    cut = inner[-1] if met[0] else inner[0]
    own, beyond = ((left, cut), (cut, right)) if met[0] else ((cut, right), (left, cut))
    if any(_lap(a, b, *beyond) >= _MOST for a, b in columns):
        return track
    return _between(track, left, right, *own)


def _between(track: FoundTrack, left: float, right: float, first: float, last: float) -> FoundTrack:
    """A track that has its edges at ``left`` and ``right`` with them at ``first`` and ``last``."""
    lines = [x for x in (left, *inner_lines(track, left, right), right) if first + 2 < x < last - 2]
    return FoundTrack(
        tuple((r, x + first - left) for r, x in track.left),
        tuple((r, x + last - right) for r, x in track.right),
        uneven(np.array([first, *lines, last])),
        tuple((x - first) / (last - first) for x in lines),
    )
