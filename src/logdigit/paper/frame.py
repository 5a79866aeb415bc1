"""The frame about a scale block: its upright lines stand where tracks begin and end."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from itertools import pairwise

import cv2
import numpy as np
from scipy.stats import theilslopes

from logdigit.paper.foundsection import FoundSection
from logdigit.paper.mnemonics import measurement_of
from logdigit.paper.sections import edge_at
from logdigit.paper.skew import ink_mask
from logdigit.paper.text import Word
from logdigit.paper.tracks import FoundTrack, uneven
from logdigit.paper.units import without_unit
from logdigit.types import Bool, Strip, UInt8

_REACH = 0.5
"""Rows from a log in which its scale block is framed, as share of the strip's width."""
_TALL = 0.045
"""Rows of an upright line of a frame at least: three lines of print."""
_UNBROKEN = 0.8
"""Share of the rows of a short one in which it has ink, at least."""
_THIN = 0.012
"""Columns of such a line at most."""
_GRID_ROW = 0.4
"""Share of the upright lines of a grid that stand in a row of it; a frame has fewer."""
_CLEARER = 0.15
"""How much more of them, than of the places half way between them: a line of print has ink anywhere."""
_WANDER = 0.003
"""Columns by which such a line wanders, as share of the strip's width."""
_BROKEN = 0.03
"""Rows in which a grid is lost, as share of the strip's width, at most."""
_NEXT, _LEVEL = 0.1, 0.03
"""Rows between a log and the frame of its scale block, and by which the ends of its lines differ, as share of
the strip's width, at most."""
_DOUBLE = 0.004
"""Columns between two lines that are one, as share of the strip's width, at most."""
_ASIDE = 0.015
"""Columns by which a frame was pasted on aside of its log, as share of the strip's width, at most."""
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
_SEVERAL = 2
"""Columns that name measurements from which a frame is believed though no track found stands in it."""
_MET = 0.5
"""Share of the edges of the tracks found that stand at lines of a frame which is theirs, more than this."""
_FEW = 3
"""Figures up to which nothing is known of how a column of them leans."""
_SURE = 0.6


@dataclass(frozen=True)
class Upright:
    """An upright line of a frame: its column, and its rows, strip px."""

    x: float
    top: float
    bottom: float


def frame_of(
    strip: Strip, row: int, below: bool, lines: Sequence[float], edges: Sequence[float]
) -> list[Upright]:
    """Upright lines of the frame that stands next to a log, from left to right; empty where there is none.

    Where the frame was pasted on a little aside, they are where they stand over the log.

    Args:
        strip: the scan, level.
        row: first row of the log, or its last where the scale block stands ``below``.
        below: whether it does.
        lines: upright lines of the log at that row, strip px, but for the edges of its tracks, which a frame
            has too: where they run, no frame is.
        edges: those edges, strip px.
    """
    reach = round(_REACH * strip.width)
    top, bottom = (row, min(strip.height, row + reach)) if below else (max(0, row - reach), row)
    if bottom - top < _TALL * strip.width:
        return []
    ink = ink_mask(strip.read(top, bottom))
    tall = round(_TALL * strip.width)
    log = _grid_rows(ink, lines, tall)
    ink[log] = 0  # rows of the grid itself, where the log begins above its first figure
    upright = cv2.morphologyEx(cv2.dilate(ink, np.ones((5, 3))), cv2.MORPH_OPEN, np.ones((tall, 1)))
    count, labels, stats, _ = cv2.connectedComponentsWithStats(upright)
    out: list[Upright] = []
    for k in range(1, count):
        x0, y0, wide, high = (int(v) for v in stats[k, :4])
        if wide > _THIN * strip.width + 4 or high < tall:  # a border makes short ones pass
            continue
        rows, columns = slice(y0, y0 + high), slice(x0, x0 + wide)
        own = ((labels[rows, columns] == k) & (ink[rows, columns] > 0)).sum(axis=0)
        x = x0 + float(own @ np.arange(wide)) / max(1, int(own.sum()))
        near = slice(max(0, round(x) - 1), round(x) + 2)
        if high < 2 * tall and (ink[rows, near] > 0).any(axis=1).mean() < _UNBROKEN:
            continue  # letters above one another
        out.append(Upright(x, top + y0, top + y0 + high))
    first = row if below else top + _first_of_grid(log, strip.width)
    frame = _beside(_merged(out, strip.width), first, below, strip.width)
    return _aligned(frame, edges, _ASIDE * strip.width, _DOUBLE * strip.width)


def _aligned(lines: list[Upright], edges: Sequence[float], most: float, near: float) -> list[Upright]:
    """Lines moved aside, all alike and ``most`` px at most, to where the most edges are within ``near`` px.

    They stay where they are unless that meets two, and more than they meet there.

    >>> frame = [Upright(x, 0.0, 90.0) for x in (423, 1169, 1393, 2139, 2883)]
    >>> [u.x for u in _aligned(frame, [469, 1140, 1364, 2778], 45.0, 12.0)]
    [394.0, 1140.0, 1364.0, 2110.0, 2854.0]
    """
    at = np.array([line.x for line in lines])
    apart = np.array([edge - x for edge in edges for x in at])
    apart = apart[np.abs(apart) <= most]
    if not len(apart):
        return lines

    def met(shift: float) -> int:
        return sum(bool((np.abs(edge - at - shift) <= near).any()) for edge in edges)

    best = max(apart.tolist(), key=lambda shift: (met(shift), -abs(shift)))
    if met(best) < 2 or met(best) <= met(0.0):
        return lines
    shift = float(np.median(apart[np.abs(apart - best) <= near]))
    return [replace(line, x=line.x + shift) for line in lines]


def _grid_rows(ink: UInt8, lines: Sequence[float], tall: int) -> Bool:
    """Rows in which most upright lines of a grid stand, wherever the paper wanders, and no single strokes."""
    if len(lines) < 2:
        return np.zeros(len(ink), np.bool_)
    near = max(1, round(_WANDER * ink.shape[1]))
    upright = cv2.dilate(ink, np.ones((5, 1)))  # strokes of curves that are drawn in a scale block lie
    upright = cv2.morphologyEx(upright, cv2.MORPH_OPEN, np.ones((max(8, tall // 6), 1)))
    wide = cv2.dilate(upright, np.ones((1, 2 * near + 1)))
    columns = np.sort(np.asarray(lines, np.float64))
    at, between = (
        wide[:, np.clip(np.round(x).astype(int), 0, ink.shape[1] - 1)].mean(axis=1) / 255
        for x in (columns, (columns[1:] + columns[:-1]) / 2)
    )
    grid = ((at > _GRID_ROW) & (at > between + _CLEARER)).astype(np.uint8)[:, None]
    half = max(3, tall // 2)
    grid = cv2.morphologyEx(
        cv2.morphologyEx(grid, cv2.MORPH_CLOSE, np.ones((half // 3, 1))), cv2.MORPH_OPEN, np.ones((half, 1))
    )
    return np.asarray(grid[:, 0] > 0, dtype=np.bool_)


def _first_of_grid(grid: Bool, width: int) -> int:
    """First row of a grid that goes on to the last, and may be broken."""
    rows = np.flatnonzero(grid)[::-1]
    first = len(grid)
    for row in rows:
        if first - row > _BROKEN * width:
            break
        first = int(row)
    return first


def _beside(lines: Sequence[Upright], row: int, below: bool, width: int) -> list[Upright]:
    """Those of the frame that stands next to the log: others are of tables in the heading."""
    away = [(line.top - row if below else row - line.bottom) for line in lines]
    near = min(away, default=0.0)
    if near > _NEXT * width:
        return []
    return [line for line, far in zip(lines, away, strict=True) if far < near + _LEVEL * width]


def _merged(lines: Sequence[Upright], width: int) -> list[Upright]:
    """Each line once, from the first row of its pieces to the last."""
    out: list[Upright] = []
    for line in sorted(lines, key=lambda u: u.x):
        if out and line.x - out[-1].x <= max(2.0, _DOUBLE * width):
            last = out.pop()
            line = Upright((last.x + line.x) / 2, min(last.top, line.top), max(last.bottom, line.bottom))
        out.append(line)
    return out


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
    edge = _DOUBLE * strip.width  # of the paper
    frame = [
        u
        for u in frame_of(strip, row, below, lines, [x for pair in at for x in pair])
        if edge < u.x < strip.width - 1 - edge
    ]
    if len(frame) < 3:
        return section
    near = _AT_LINE * min((b - a for a, b in at), default=0.0) + 2
    met = [any(abs(u.x - x) < near for u in frame) for edges in at for x in edges]
    depths = section.column.x_at(row)
    first, last = (row, max(u.bottom for u in frame)) if below else (min(u.top for u in frame), row)
    names = [w.x for w in words if first < w.y < last and measurement_of(without_unit(w.text)) is not None]
    columns = [
        (a.x, b.x)
        for a, b in pairwise(frame)
        if b.x - a.x >= _NARROW * strip.width and any(a.x < x < b.x for x in names) and not a.x < depths < b.x
    ]
    if sum(met) <= _MET * len(met) and len(columns) < _SEVERAL:
        return section  # a frame about something else
    tracks = [_widened(t, a, b, columns, row) for t, (a, b) in zip(section.tracks, at, strict=True)]
    at = [(edge_at(t.left, row), edge_at(t.right, row)) for t in tracks]
    for left, right in columns:
        if all(_lap(left, right, a, b) < _NONE for a, b in at):
            course = _course(section, left, row)
            shift = edge_at(course, row)
            moved = [tuple((r, x - shift + end) for r, x in course) for end in (left, right)]
            tracks.append(FoundTrack(moved[0], moved[1]))
    if tracks == list(section.tracks):
        return section
    tracks = [t for k, t in enumerate(tracks) if not any(_inside(t, o, row) for o in tracks[:k])]
    tracks.sort(key=lambda t: edge_at(t.left, row))
    return replace(section, tracks=tuple(tracks), tracks_sure=min(section.tracks_sure, _SURE))


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
            moved = [u.x for u in _aligned(lines, edges, _ANYWHERE * width, _DOUBLE * width)]
            met = sum(abs(a - b) <= _DOUBLE * width for a, b in zip(moved, edges, strict=True))
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


def _divides(track: FoundTrack, left: float, right: float, more: float) -> bool:
    """Whether a track would be wider by whole divisions: what is lost are those, no margin of a frame."""
    if track.uneven or len(track.inner) < _SOME:
        return True
    parts = more / float(np.median(np.diff([left, *inner_lines(track, left, right), right])))
    return abs(parts - round(parts)) < _WHOLE


def _widened(
    track: FoundTrack, left: float, right: float, columns: Sequence[tuple[float, float]], row: int
) -> FoundTrack:
    """A track with its edges at the lines of the columns of which it covers most."""
    ends = [left, right]
    for a, b in columns:
        if _lap(a, b, left, right) < _MOST:
            continue
        near = _AT_LINE * (b - a) + 2
        ends[0] = a if a < left - near and left < b and _divides(track, left, right, left - a) else ends[0]
        ends[1] = b if b > right + near and right > a and _divides(track, left, right, b - right) else ends[1]
    if ends == [left, right]:
        return track
    lines = [x for x in (left, *inner_lines(track, left, right), right) if ends[0] + 2 < x < ends[1] - 2]
    return FoundTrack(
        tuple((r, x + ends[0] - left) for r, x in track.left),
        tuple((r, x + ends[1] - right) for r, x in track.right),
        uneven(np.array([ends[0], *lines, ends[1]])),
        tuple((x - ends[0]) / (ends[1] - ends[0]) for x in lines),
    )
