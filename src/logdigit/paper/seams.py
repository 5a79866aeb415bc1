"""Where tracks meet that abut: a block of lines alike from edge to edge, cut by what else the paper shows.

The frame of the scale block has upright lines where tracks meet, and none between. A logarithmic grid beside
an even one ends at the line from which gaps repeat.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from itertools import pairwise

import cv2
import numpy as np

from logdigit.paper.numbers import Number
from logdigit.paper.sections import edge_at
from logdigit.paper.skew import ink_mask
from logdigit.paper.tracks import FoundTrack, uneven
from logdigit.types import Bool, Float, Strip

_REACH = 0.5
"""Rows from a log in which its scale block is framed, as share of the strip's width."""
_TALL = 0.045
"""Rows of an upright line of a frame at least: three lines of print."""
_THIN = 0.012
"""Columns of such a line at most."""
_BESIDE = 0.04
"""Share of a track's width by which its numbers stand beside it, at most."""
_OFF = 0.006
"""Columns by which it misses the line of the grid that it goes on, at most."""
_NARROW = 0.12
"""Share of a block of lines that a track is wide, at least."""
_NEXT, _LEVEL = 0.1, 0.03
"""Rows between a log and the frame of its scale block, and by which the ends of its lines differ, as share of
the strip's width, at most."""
_BROKEN = 0.03
"""Rows in which a grid is lost, as share of the strip's width, at most."""
_MANY = 0.4
"""Share of the lines of a grid that go on in a frame at most."""
_GRID_ROW = 0.4
"""Share of the upright lines of a grid that stand in a row of it; a frame has fewer."""
_EVEN = 1.2
"""Ratio of wide to narrow gaps of an even grid at most."""
_DECADES = 5
_SOME = 6
"""Lines of which one may part an even grid from a logarithmic one, at least."""
_ON_DECADE = 0.006
"""Share of the width of a track by which a line misses its place in a decade, at most."""
_EXPLAINED = 0.8
"""Share of the lines of a logarithmic grid that stand at their places, and of the places that have one."""


@dataclass(frozen=True)
class Seam:
    """Where two tracks meet.

    Attributes:
        x: column where the block stands, strip px.
        top: first row in which a line of a frame parts them; every row where grids do.
        bottom: one past the last.
    """

    x: float
    top: float = float("-inf")
    bottom: float = float("inf")


@dataclass(frozen=True)
class Ruled:
    """Upright lines of a log beside its scale block: those of one track, or of some that abut.

    Attributes:
        left: x of the first, strip px.
        right: x of the last.
        lines: those between.
        seams: of them, where tracks meet, from left to right.
        logarithmic: whether they stand as decades do.
    """

    left: float
    right: float
    lines: tuple[float, ...] = ()
    seams: tuple[Seam, ...] = ()
    logarithmic: bool = False

    def tracks_at(self, row: float) -> list[Ruled]:
        """The tracks that seams part at a row of the block, from left to right."""
        at = [self.left, *sorted({s.x for s in self.seams if s.top <= row < s.bottom}), self.right]
        if len(at) == 2:
            return [self]
        out = []
        for left, right in pairwise(at):
            lines = tuple(x for x in self.lines if left + 2 < x < right - 2)
            out.append(Ruled(left, right, lines, (), uneven(np.array([left, *lines, right]))))
        return out

    def numbers_of(self, line: Sequence[Number]) -> list[tuple[Ruled, list[Number]]]:
        """The tracks at a line of numbers, each with those that are its own."""
        tracks = self.tracks_at(line[0].word.y)
        out = []
        for track in tracks:
            margin = _BESIDE * (track.right - track.left)  # what stands beyond a seam is the other track's
            first = track.left - (margin if track is tracks[0] else 0.0)
            last = track.right + (margin if track is tracks[-1] else 0.0)
            out.append((track, [n for n in line if first <= n.word.x <= last]))
        return out

    def parted(self, seams: Sequence[Seam]) -> Ruled:
        """The same with seams."""
        return replace(self, seams=tuple(seams))

    def decades(self, left: float, right: float) -> int | None:
        """Decades between two lines; None where the lines do not stand as decades have them."""
        return decades_of(np.array([left, *(x for x in self.lines if left + 2 < x < right - 2), right]))

    @property
    def cuts(self) -> tuple[float, ...]:
        """Seams as shares of the width."""
        return tuple((x - self.left) / (self.right - self.left) for x in sorted({s.x for s in self.seams}))


def ruled(strip: Strip, track: FoundTrack, row: int, below: bool) -> Ruled:
    """A found track beside its scale block, with its seams.

    Args:
        strip: the scan, level.
        track: as it was found.
        row: first row of the log, or its last where the scale block stands ``below``.
        below: whether it does.
    """
    left, right = edge_at(track.left, row), edge_at(track.right, row)
    lines = tuple(left + share * (right - left) for share in track.inner)
    seams = _framed(strip, row, below, left, right, lines)
    if not seams and len(lines) > _SOME:
        seams = [
            Seam(left + share * (right - left)) for share in grid_seams(np.array([0.0, *track.inner, 1.0]))
        ]
    return Ruled(left, right, lines, tuple(seams), track.uneven)


def _framed(
    strip: Strip, row: int, below: bool, left: float, right: float, lines: Sequence[float]
) -> list[Seam]:
    """Seams at upright lines of the frame of the scale block."""
    reach = round(_REACH * strip.width)
    top, bottom = (row, min(strip.height, row + reach)) if below else (max(0, row - reach), row)
    if bottom - top < _TALL * strip.width or not len(lines):
        return []
    ink = ink_mask(strip.read(top, bottom))
    at = np.clip(np.round([left, *lines, right]).astype(int), 1, strip.width - 2)
    grid = np.max([ink[:, at - 1], ink[:, at], ink[:, at + 1]], axis=0).mean(axis=1) / 255 > _GRID_ROW
    tall = round(_TALL * strip.width)
    log = cv2.morphologyEx(grid.astype(np.uint8)[:, None], cv2.MORPH_OPEN, np.ones((tall // 2, 1)))[:, 0]
    ink[log > 0] = 0  # rows of the grid itself, where the log begins above its first figure
    upright = cv2.morphologyEx(cv2.dilate(ink, np.ones((5, 3))), cv2.MORPH_OPEN, np.ones((tall, 1)))
    count, labels, stats, _ = cv2.connectedComponentsWithStats(upright)
    out: list[Seam] = []
    for k in range(1, count):
        x0, y0, wide, high = (int(v) for v in stats[k, :4])
        if wide > _THIN * strip.width + 4:
            continue
        columns = (
            (labels[y0 : y0 + high, x0 : x0 + wide] == k) & (ink[y0 : y0 + high, x0 : x0 + wide] > 0)
        ).sum(axis=0)
        x = x0 + float(columns @ np.arange(wide)) / max(1, int(columns.sum()))
        nearest = float(min(lines, key=lambda line: abs(line - x)))
        margin = _NARROW * (right - left)
        if abs(nearest - x) <= max(3.0, _OFF * strip.width) and left + margin < nearest < right - margin:
            out.append(Seam(nearest, top + y0, top + y0 + high))
    if len(out) > _MANY * len(lines):
        return []
    return _beside(
        _merged(out), row if below else top + _first_of_grid(grid, strip.width), below, strip.width
    )


def _first_of_grid(grid: Bool, width: int) -> int:
    """First row of a grid that goes on to the last, and may be broken."""
    rows = np.flatnonzero(grid)[::-1]
    first = len(grid)
    for row in rows:
        if first - row > _BROKEN * width:
            break
        first = int(row)
    return first


def _beside(seams: Sequence[Seam], row: int, below: bool, width: int) -> list[Seam]:
    """Those of the frame that stands next to the log: others are of tables in the heading."""
    away = [(s.top - row if below else row - s.bottom) for s in seams]
    near = min(away, default=0.0)
    if near > _NEXT * width:
        return []
    return [s for s, far in zip(seams, away, strict=True) if far < near + _LEVEL * width]


def _merged(seams: Sequence[Seam]) -> list[Seam]:
    """Each line once, from the first row of its pieces to the last."""
    out: dict[float, Seam] = {}
    for seam in seams:
        same = out.get(seam.x, seam)
        out[seam.x] = Seam(seam.x, min(seam.top, same.top), max(seam.bottom, same.bottom))
    return sorted(out.values(), key=lambda seam: seam.x)


def grid_seams(shares: Float) -> list[float]:
    """Where an even grid meets a logarithmic one, as share of the way; empty where it does nowhere.

    Args:
        shares: upright lines from 0 to 1, (L,).

    >>> even, log = np.linspace(0, 0.4, 6), 0.4 + 0.6 * np.log10(np.arange(1, 11))
    >>> [round(share, 3) for share in grid_seams(np.unique(np.concatenate([even, log])))]
    [0.4]
    """
    for seam in shares[(shares > _NARROW) & (shares < 1 - _NARROW)]:
        sides = shares[shares <= seam], shares[shares >= seam]
        for even, log in (sides, sides[::-1]):
            if (
                len(even) > 4
                and np.ptp(even) > 2 * _NARROW
                and _is_even(even)
                and decades_of(log) is not None
            ):
                return [float(seam)]
    return []


def _is_even(lines: Float) -> bool:
    gaps = np.diff(lines)
    return bool(gaps.max() <= _EVEN * gaps.min())


def decades_of(lines: Float) -> int | None:
    """How many whole decades lines stand for, from 1 or from 2 on; None where they stand otherwise.

    >>> decades_of(np.unique(np.concatenate([np.log10(np.arange(1, 11)) + k for k in range(3)]).round(6)))
    3
    """
    if len(lines) < _SOME:
        return None
    at = (lines - lines[0]) / (lines[-1] - lines[0])
    for decades in range(1, _DECADES + 1):
        for first in (1, 2):
            steps = np.log10(np.arange(1, 10))
            places = (steps[None] + np.arange(decades + 1)[:, None]).ravel() - np.log10(first)
            places = places[(places >= -1e-9) & (places <= decades + 1e-9)] / decades
            off = np.abs(at[:, None] - places)
            if (off.min(axis=1) < _ON_DECADE).mean() > _EXPLAINED and (
                off.min(axis=0) < _ON_DECADE
            ).mean() > _EXPLAINED:
                return decades
    return None
