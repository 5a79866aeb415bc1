"""Where scales on one line of numbers meet: tracks that abut without a line of a frame between them."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import replace
from itertools import pairwise, product

import numpy as np

from logdigit.paper.mnemonics import measurement_of
from logdigit.paper.numbers import Number, parted_at
from logdigit.paper.seams import Ruled, Seam, rows_of
from logdigit.paper.text import Word
from logdigit.paper.units import without_unit

_AT_SEAM = 0.08
"""Share of the width of two tracks by which their numbers stand off their seam, at most."""
_CHOICES = 64
"""Ways to part the numbers of a line that are tried, at most."""
_HOLE = 1.8
"""Distance of two numbers from which they are of two scales, as multiple of the usual one."""
_RUN = 3
"""Numbers at the divisions of one track, at least, of a line of such numbers over several."""
_LABEL = 2.5
"""Heights of print from numbers to the names over them, at most."""


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
    if tracks.plotted or _undivided(tracks, {seam.x for seam in found}):  # no scale is of parts of a track
        return tuple(dict.fromkeys(Seam(seam.x) for seam in found))
    return tuple(found)


def _undivided(tracks: Ruled, seams: set[float]) -> bool:
    """Whether there are fewer lines beside the seams than tracks: these have no divisions."""
    return bool(seams) and seams <= set(tracks.lines) and len(tracks.lines) < 2 * len(seams) + 1


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
    if any(row.told for row in rows_of(line, tracks)):
        return []  # 5 10 15 is one scale, though a division runs through the 10
    y, tall = line[0].word.y, line[0].word.bottom - line[0].word.top
    names = [
        w.x
        for w in words
        if abs(w.y - y) < _LABEL * tall and measurement_of(without_unit(w.text)) is not None
    ]
    for at in product(*choices):
        apart = replace(tracks, seams=tuple(Seam(x, y - tall, y + tall) for x in at))
        rows = [(row.left, row.right) for row in rows_of(line, apart)]
        own = [(track.left, track.right) for track in apart.tracks_at(y)]
        if all(pair in rows and any(pair[0] < x < pair[1] for x in names) for pair in own):
            return list(apart.seams)
    return []
