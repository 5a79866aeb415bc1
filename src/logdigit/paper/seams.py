"""Where tracks meet that abut: a block of lines alike from edge to edge, cut by what else the paper shows.

The frame of the scale block has upright lines where tracks meet, and none between. A logarithmic grid beside
an even one ends at the line from which gaps repeat.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise

import numpy as np

from logdigit.paper.decades import decades_of, grid_seams
from logdigit.paper.divisions import ruler
from logdigit.paper.frame import frame_of
from logdigit.paper.framed import inner_lines
from logdigit.paper.numbers import Number, parted_at
from logdigit.paper.scalerow import ScaleRow
from logdigit.paper.scales import scale_rows
from logdigit.paper.sections import edge_at
from logdigit.paper.tracks import FoundTrack, uneven
from logdigit.types import Strip

_BESIDE = 0.04
"""Share of a track's width by which its numbers stand beside it, at most."""
_RULE = 2.5
"""Heights of print between the two lines of numbers at the ticks of one rule, at most."""
_OFF = 0.006
"""Share of the strip's width by which a line of a frame misses the grid line that it goes on, at most."""
_SHORT = 0.025
"""Share of the strip's width by which an upright line of a frame is seen too short: not a line of print."""
_NARROW = 0.12
"""Share of a block of lines that a track is wide, at least."""
_MANY = 0.4
"""Share of the lines of a grid that go on in a frame, at most;"""
_WIDE = 0.2
"""any, where tracks are as wide a share of the block as this: those without divisions have few lines."""
_SOME = 6
"""Lines of which one may part an even grid from a logarithmic one, at least."""


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
        plotted: whether the log is a plot in a frame of its own.
    """

    left: float
    right: float
    lines: tuple[float, ...] = ()
    seams: tuple[Seam, ...] = ()
    logarithmic: bool = False
    plotted: bool = False

    def tracks_at(self, row: float) -> list[Ruled]:
        """The tracks that seams part at a row of the block, from left to right."""
        at = [self.left, *sorted({s.x for s in self.seams if s.top <= row < s.bottom}), self.right]
        if len(at) == 2:
            return [self]
        out = []
        for left, right in pairwise(at):
            lines = self.between(left, right)
            logarithmic = uneven(np.array([left, *lines, right]))
            out.append(Ruled(left, right, lines, (), logarithmic, self.plotted))
        return out

    def numbers_of(self, line: Sequence[Number]) -> list[tuple[Ruled, list[Number]]]:
        """The tracks at a line of numbers, each with those that are its own."""
        tracks = self.tracks_at(line[0].word.y)
        for seam in (track.right for track in tracks[:-1]):
            line = [part for n in line for part in (parted_at(n, seam) or (n,))]
        out = []
        for track in tracks:
            margin = _BESIDE * (track.right - track.left)  # what stands beyond a seam is the other track's
            first = track.left - (margin if track is tracks[0] else 0.0)
            last = track.right + (margin if track is tracks[-1] else 0.0)
            out.append((track, [n for n in line if first <= n.word.x <= last]))
        return out

    def between(self, left: float, right: float) -> tuple[float, ...]:
        """Lines between two columns."""
        return tuple(x for x in self.lines if left + 2 < x < right - 2)

    def decades(self, left: float, right: float) -> int | None:
        """Decades between two lines; None where the lines do not stand as decades have them."""
        return decades_of(np.array([left, *self.between(left, right), right]))

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
    lines = tuple(inner_lines(track, left, right))
    seams = [Seam(x) for x in lines] if track.bare else _framed(strip, row, below, left, right, lines)
    if not seams and len(lines) > _SOME:
        seams = [
            Seam(left + share * (right - left)) for share in grid_seams(np.array([0.0, *track.inner, 1.0]))
        ]
    return Ruled(left, right, lines, tuple(seams), track.uneven, track.plotted)


def _framed(
    strip: Strip, row: int, below: bool, left: float, right: float, lines: Sequence[float]
) -> list[Seam]:
    """Seams at upright lines of the frame of the scale block."""
    if not lines:
        return []
    margin = _NARROW * (right - left)
    out: dict[float, Seam] = {}
    frame = frame_of(strip, row, below, lines, (left, right))
    short = _SHORT * strip.width
    ends = min((u.top for u in frame), default=0.0), max((u.bottom for u in frame), default=0.0)
    for line in frame:
        nearest = min(lines, key=lambda x: abs(x - line.x))
        inside = left + margin < nearest < right - margin
        crowded = any(line is not other and abs(other.x - line.x) < margin for other in frame)  # dirt
        if abs(nearest - line.x) <= max(3.0, _OFF * strip.width) and inside and not crowded:
            top = ends[0] if line.top - ends[0] < short else line.top
            bottom = ends[1] if ends[1] - line.bottom < short else line.bottom
            out[nearest] = Seam(nearest, top, bottom)
    parts = float(np.diff([left, *sorted(out), right]).min()) / (right - left)
    many = len(out) > max(1, _MANY * len(lines)) and parts < _WIDE
    return [] if many or parts < _NARROW else list(out.values())  # lines of a grid, or of a table


def rows_of(line: Sequence[Number], tracks: Ruled) -> list[ScaleRow]:
    """Scales of a line of numbers over tracks."""
    pairs = tracks.numbers_of(line)
    return [row for track, own in pairs for row in scale_rows(own, track.left, track.right, track.lines)]


def rulers_of(lines: Sequence[Sequence[Number]], tracks: Ruled) -> list[ScaleRow]:
    """Scales over tracks whose numbers stand above and below one rule; neither line is a scale alone."""
    out = []
    for upper, lower in pairwise(lines):
        tall = max(n.word.bottom - n.word.top for n in (*upper, *lower))
        if (
            lower[0].word.y - upper[0].word.y > _RULE * tall
            or rows_of(upper, tracks)
            or rows_of(lower, tracks)
        ):
            continue
        both = zip(tracks.numbers_of(upper), tracks.numbers_of(lower), strict=False)
        rows = [ruler(a, b, track.left, track.right) for (track, a), (_, b) in both]
        out += [row for row in rows if row is not None]
    return out
