"""The frame about a scale block: its upright lines stand where tracks begin and end."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

import cv2
import numpy as np

from logdigit.paper.skew import ink_mask
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
_LOW = 0.2
"""Height of a line of a frame, as share of that of most, at least: strokes of curves are lower."""
_BLOCK = 0.25
"""Rows of a scale block, as share of the strip's width: lines that are higher run on into the heading."""
DOUBLE = 0.004
"""Columns between two lines that are one, as share of the strip's width, at most."""
_ASIDE = 0.015
"""Columns by which a frame was pasted on aside of its log, as share of the strip's width, at most."""


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
    return aligned(frame, edges, _ASIDE * strip.width, DOUBLE * strip.width)


def aligned(lines: list[Upright], edges: Sequence[float], most: float, near: float) -> list[Upright]:
    """Lines moved aside, all alike and ``most`` px at most, to where the most edges are within ``near`` px.

    They stay where they are unless that meets two, and more than they meet there.

    >>> frame = [Upright(x, 0.0, 90.0) for x in (423, 1169, 1393, 2139, 2883)]
    >>> [u.x for u in aligned(frame, [469, 1140, 1364, 2778], 45.0, 12.0)]
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
    beside = [line for line, far in zip(lines, away, strict=True) if far < near + _LEVEL * width]
    if not beside:
        return []
    usual = float(np.median([line.bottom - line.top for line in beside]))
    least = _LOW * min(usual, _BLOCK * width)
    return [line for line in beside if line.bottom - line.top >= least]


def _merged(lines: Sequence[Upright], width: int) -> list[Upright]:
    """Each line once, from the first row of its pieces to the last."""
    out: list[Upright] = []
    for line in sorted(lines, key=lambda u: u.x):
        if out and line.x - out[-1].x <= max(2.0, DOUBLE * width):
            last = out.pop()
            line = Upright((last.x + line.x) / 2, min(last.top, line.top), max(last.bottom, line.bottom))
        out.append(line)
    return out
