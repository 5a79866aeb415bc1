"""Where tracks meet that abut: a block of lines alike from edge to edge, cut by what else the paper shows.

The frame of the scale block has upright lines where tracks meet, and none between. A logarithmic grid beside
an even one ends at the line from which gaps repeat.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass, replace
from itertools import combinations, pairwise, product

import numpy as np

from logdigit.paper.divisions import ruler
from logdigit.paper.frame import frame_of
from logdigit.paper.framed import inner_lines
from logdigit.paper.mnemonics import measurement_of
from logdigit.paper.numbers import Number, parted_at
from logdigit.paper.scalerow import ScaleRow
from logdigit.paper.scales import scale_rows
from logdigit.paper.sections import edge_at
from logdigit.paper.text import Word
from logdigit.paper.tracks import FoundTrack, uneven
from logdigit.paper.units import without_unit
from logdigit.types import Float, Strip

_BESIDE = 0.04
"""Share of a track's width by which its numbers stand beside it, at most."""
_RULE = 2.5
"""Heights of print between the two lines of numbers at the ticks of one rule, at most."""
_AT_SEAM = 0.08
"""Share of the width of two tracks by which their numbers stand off their seam, at most."""
_OFF = 0.006
"""Share of the strip's width by which a line of a frame misses the grid line that it goes on, at most."""
_SHORT = 0.025
"""Share of the strip's width by which an upright line of a frame is seen too short: not a line of print."""
_NARROW = 0.12
"""Share of a block of lines that a track is wide, at least."""
_MANY = 0.4
"""Share of the lines of a grid that go on in a frame at most."""
_EVEN = 1.2
"""Ratio of wide to narrow gaps of an even grid at most."""
_HOLE = 1.8
"""Distance of two numbers from which they are of two scales, as multiple of the usual one."""
_RUN = 3
"""Numbers at the divisions of one track, at least, of a line of such numbers over several."""
_CHOICES = 64
"""Ways to part the numbers of a line that are tried, at most."""
_DECADES = 5
_SOME = 6
"""Lines of which one may part an even grid from a logarithmic one, at least."""
_ON_DECADE = 0.006
"""Share of the width of a track by which a line misses its place in a decade, at most."""
_EXPLAINED = 0.8
"""Share of the lines of a logarithmic grid that stand at their places, and of the places that have one."""
_SEEN = 5
"""Lines of a decade that are seen beside an even grid, at least; further ones may run together."""


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
    seams = _framed(strip, row, below, left, right, lines)
    if not seams and len(lines) > _SOME:
        seams = [
            Seam(left + share * (right - left)) for share in grid_seams(np.array([0.0, *track.inner, 1.0]))
        ]
    return Ruled(left, right, lines, tuple(seams), track.uneven, track.frame is not None)


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
        if abs(nearest - line.x) <= max(3.0, _OFF * strip.width) and left + margin < nearest < right - margin:
            top = ends[0] if line.top - ends[0] < short else line.top
            bottom = ends[1] if ends[1] - line.bottom < short else line.bottom
            out[nearest] = Seam(nearest, top, bottom)
    near = bool(np.diff([left, *sorted(out), right]).min() < margin)  # lines of a grid, or of a table
    return [] if near or len(out) > max(1, _MANY * len(lines)) else list(out.values())


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


def meetings(lines: Sequence[Sequence[Number]], tracks: Ruled, words: Sequence[Word]) -> tuple[Seam, ...]:
    """Where two scales of one line meet, which parts the other lines too: 0 20|20 40 is no scale of 0 to 40.

    Only for lines that have two numbers there, or one of both between two names; others may be of scales
    over both tracks.
    """
    rows = [rows_of(line, tracks) for line in lines]
    meet = {a.right for own in rows for a, b in pairwise(own) if a.right == b.left}
    out = []
    for x in sorted(meet):
        near = _AT_SEAM * (tracks.right - tracks.left)
        for line in lines:
            y, tall = line[0].word.y, line[0].word.bottom - line[0].word.top
            names = {
                w.x < x
                for w in words
                if abs(w.y - y) < tall
                and tracks.left < w.x < tracks.right
                and measurement_of(without_unit(w.text)) is not None
            }
            astride = len(names) == 2 and any(parted_at(n, x) for n in line)
            if astride or {n.word.x < x for n in line if abs(n.word.x - x) < near} == {True, False}:
                out.append(Seam(x, y - tall, y + tall))
    anew = [seam for line in lines for seam in (_restarts(line, tracks) or _astride(line, tracks, words))]
    found = dict.fromkeys([*out, *anew])
    # the axes of a plot are its tracks'
    return tuple(dict.fromkeys(Seam(seam.x) for seam in found)) if tracks.plotted else tuple(found)


def _restarts(line: Sequence[Number], tracks: Ruled) -> list[Seam]:
    """Where numbers at divisions begin anew: 0 5 10 15 20 0 5 10 15 20 are of two tracks."""
    plain = [n for n in line if tracks.left - 2 < n.word.x < tracks.right + 2 and not n.named]
    k = 1
    while k < len(plain) - 1:  # 200 amid 10 15 and 5 10
        n, around = plain[k], (plain[k - 1].value, plain[k + 1].value)
        astride = next((x for x in tracks.lines if n.word.left < x < n.word.right), None)
        halves = None if astride is None else parted_at(n, astride)
        if halves and not min(around) <= n.value <= max(around):
            plain[k : k + 1] = halves
            k += 1
        k += 1
    runs: list[list[Number]] = []
    apart = float(np.median(np.diff([n.word.x for n in plain]))) if len(plain) > 1 else 0.0
    for n in plain:
        run = runs[-1] if runs else []
        on = run and n.word.x - run[-1].word.x < _HOLE * apart
        if on and (len(run) == 1 or (n.value - run[-1].value) * _way(run) > 0):
            run.append(n)
        else:
            runs.append([n])
    if len(runs) < 2 or any(len(run) < _RUN or _way(run) == 0 for run in runs):
        return []
    y, tall = line[0].word.y, line[0].word.bottom - line[0].word.top
    out = []
    for last, first in ((one[-1].word, other[0].word) for one, other in pairwise(runs)):
        between = [x for x in tracks.lines if last.x < x < first.x]
        if not between or (len(between) > 1 and not tracks.plotted):
            return []
        for x in (last.right, first.left):  # where there is a track without numbers, these are two lines
            nearest = min(between, key=lambda line: abs(line - x))
            out.append(Seam(nearest, y - tall, y + tall))
    return list(dict.fromkeys(out))


def _way(run: Sequence[Number]) -> float:
    """Whether a run of numbers rises or falls: 1 or -1; 0 where its first two are the same."""
    return float(np.sign(run[1].value - run[0].value))


def _astride(line: Sequence[Number], tracks: Ruled, words: Sequence[Word]) -> list[Seam]:
    """Lines that numbers stand astride which are of two scales: 0 1500.2 20002 3, a name over each part."""
    over = [[x for x in tracks.lines if n.word.left < x < n.word.right] for n in line]
    parting = [[x for x in own if parted_at(n, x)] for n, own in zip(line, over, strict=True)]
    choices = [own for own in parting if own]
    if not choices or math.prod(map(len, choices)) > _CHOICES:
        return []
    y, tall = line[0].word.y, line[0].word.bottom - line[0].word.top
    names = [
        w.x for w in words if abs(w.y - y) < _RULE * tall and measurement_of(without_unit(w.text)) is not None
    ]
    for at in product(*choices):
        apart = replace(tracks, seams=tuple(Seam(x, y - tall, y + tall) for x in at))
        rows = [(row.left, row.right) for row in rows_of(line, apart)]
        own = [(track.left, track.right) for track in apart.tracks_at(y)]
        if all(pair in rows and any(pair[0] < x < pair[1] for x in names) for pair in own):
            return list(apart.seams)
    return []


def grid_seams(shares: Float) -> list[float]:
    """Where even grids meet a logarithmic one, as shares of the way; empty where they do nowhere.

    Args:
        shares: upright lines from 0 to 1, (L,).

    >>> even, log = np.linspace(0, 0.3, 6), 0.3 + 0.4 * np.log10(np.arange(2, 11))
    >>> [round(share, 3) for share in grid_seams(np.concatenate([even, log]) / 0.7)]
    [0.429]
    >>> [round(share, 3) for share in grid_seams(np.concatenate([even, log, 0.7 + even[1:]]))]
    [0.3, 0.7]
    """
    inner = shares[(shares > _NARROW) & (shares < 1 - _NARROW)]
    ways = [(seam,) for seam in inner] + [pair for pair in combinations(inner, 2) if np.ptp(pair) > _NARROW]
    for last, way in product((9, _SEEN), ways):
        edges = (0.0, *way, 1.0)
        parts = [shares[(shares >= a) & (shares <= b)] for a, b in pairwise(edges)]
        even = [len(part) > 4 and np.ptp(part) > 2 * _NARROW and _is_even(part) for part in parts]
        whole = [e or decades_of(part, last) is not None for e, part in zip(even, parts, strict=True)]
        if all(a != b for a, b in pairwise(even)) and all(whole):
            return [float(seam) for seam in way]
    return []


def _is_even(lines: Float) -> bool:
    gaps = np.diff(lines)
    return bool(gaps.max() <= _EVEN * gaps.min())


def decades_of(lines: Float, last: int = 9) -> int | None:
    """How many whole decades lines stand for, from 1 or from 2 on; None where they stand otherwise.

    Args:
        lines: upright lines, (L,).
        last: the last line of a decade that must be seen: further ones may run together with the next.

    >>> decades_of(np.unique(np.concatenate([np.log10(np.arange(1, 11)) + k for k in range(3)]).round(6)))
    3
    """
    if len(lines) < _SOME:
        return None
    at = (lines - lines[0]) / (lines[-1] - lines[0])
    for decades, first in product(range(1, _DECADES + 1), (1, 2)):
        places = [math.log10(k / first) + d for d in range(decades + 1) for k in range(1, 10)]
        due = np.array([k <= last for _ in range(decades + 1) for k in range(1, 10)])
        own = (np.array(places) >= -1e-9) & (np.array(places) <= decades + 1e-9)
        off = np.abs(at[:, None] - np.array(places)[own] / decades)
        explained = (off.min(axis=1) < _ON_DECADE).mean() > _EXPLAINED
        if explained and (off.min(axis=0)[due[own]] < _ON_DECADE).mean() > _EXPLAINED:
            return decades
    return None
