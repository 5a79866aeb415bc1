"""Where the grid of a section begins and ends: the frame of a scale block has edges, and no divisions."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import replace
from itertools import pairwise

import cv2
import numpy as np
from scipy.ndimage import find_objects, label
from scipy.stats import theilslopes

from logdigit.paper.column import Column
from logdigit.paper.drift import Course
from logdigit.paper.ends import loose_by, walked
from logdigit.paper.figures import MIN_CHAIN, Chain, Figure
from logdigit.paper.registered import Registered
from logdigit.paper.rules import Lines, Ruling, lines_in, rule
from logdigit.paper.skew import ink_mask
from logdigit.paper.tracks import FoundTrack
from logdigit.paper.uprights import end_of_uprights, go_on, sides_go_on
from logdigit.types import Float, Strip

_BORDER, _CLEAR_PX = 0.8, 6
"""How strong the line of a frame is, beside those of the log, and how far from the last of them, at least."""
_TOUCHES, _LEAD, _STEADY = 1.5, 6, 0.05
"""Lines from the end of what was looked at within which the last one found lies where a log may go on; lines
that tell how far it is from one to the next; and share of that by which it may differ."""
_APART = 0.15
"""How far the line of a frame is from those of depth, in lines."""
_SURE, _ASTRAY, _NEXT_LOG = 0.8, 0.3, (0.2, 1.8)
"""How sure a figure beyond a chain is that says something else; by how much, in steps; and how far it stands
from the end of the chain, in steps: at the nearer of these the chain ends."""
_BEYOND, _ACROSS, _LEVEL = 1.2, 0.9, 7
"""Lines, or figures where none are counted, by which a box goes on beyond the last, at most; share of every
track that its frame crosses, at least; rows in which it lies."""
_EDGE_PX = 3
"""Rows beyond the grid in which its last line may still lie."""


def to_frame(
    strip: Strip, tracks: Sequence[FoundTrack], ruling: Ruling, registered: Registered
) -> Registered:
    """Registered from frame to frame: a log begins above its first line and ends below its last one.

    Where heavy lines alone are seen, that may be many feet. The next line as strong as those is the frame if
    it comes sooner than another of them would, and the divisions go on to it. Where all divisions end before,
    so does the log: what lies beyond is the frame of something else, even in the place of a line.

    Args:
        strip: the scan.
        tracks: of the section.
        ruling: lines beside its figures.
        registered: as far as lines are counted.
    """
    ticks = list(registered.ticks)
    unit = registered.line_unit
    if not unit or len(ticks) < 2:
        return registered
    rows = np.interp(np.arange(ticks[0][1], ticks[-1][1] + unit / 2, unit), *np.array(ticks).T[::-1])
    at = np.clip(np.round(rows).astype(int) - ruling.top, 1, len(ruling.cover) - 2)
    strong = _BORDER * float(np.median(np.max([ruling.cover[at + k] for k in (-1, 0, 1)], axis=0)))
    for end, way in ((0, -1), (-1, 1)):
        scale = _rows_per_unit(ticks, end)
        reach = unit * scale - _CLEAR_PX
        over = end_of_uprights(strip, tracks, ticks[end][0] - way * reach, way, 2 * reach)
        if over is not None and way * (ticks[end][0] - over) > _CLEAR_PX / 2 and len(ticks) > 2:
            ticks.pop(end)  # the frame of what follows, in the place of a line
            scale = _rows_per_unit(ticks, end)
        row, depth = ticks[end]
        frame = _frame(ruling, row, way, unit * scale, strong)
        if over is not None and (frame is None or way * (frame - over) > _CLEAR_PX / 2):
            frame = over if way * (over - row) >= _CLEAR_PX else None
        elif frame is not None and not go_on(strip, tracks, sorted((row, frame)), way):
            frame = None
        if frame is None:
            continue
        tick = (round(frame, 2), round(depth + (frame - row) / scale, 6))
        ticks = [tick, *ticks] if way < 0 else [*ticks, tick]
    if ticks[0][1] < 0:
        ticks = ticks[1:]
    return replace(registered, ticks=tuple(ticks), top=ticks[0][0], bottom=ticks[-1][0])


def _rows_per_unit(ticks: Sequence[tuple[float, float]], end: int) -> float:
    """Rows of a depth unit at the first (0) or last (-1) of some ticks, by those that lead to it."""
    lead = _leading(ticks, end)
    return float(np.ptp(lead[:, 0]) / np.ptp(lead[:, 1]))


def _leading(ticks: Sequence[tuple[float, float]], end: int) -> Float:
    """The ticks (row, depth) that lead to the first (0) or last (-1) of some, it included, (N, 2)."""
    return np.array(ticks[:_LEAD] if end == 0 else ticks[-_LEAD:])


def to_boxes(
    strip: Strip,
    tracks: Sequence[FoundTrack],
    column: Column,
    slope: float,
    registered: Registered,
    step: float,
) -> Registered:
    """Registered from top to base of the boxes that all tracks are: plots have few lines, and even depths.

    A frame that sides and divisions do not go on to is that of a scale block.

    Args:
        strip: the scan.
        tracks: of the section.
        column: where its figures stand.
        slope: of the lines of equal depth.
        registered: as far as lines are counted.
        step: depth units from figure to figure.
    """
    ticks = list(registered.ticks)
    if not tracks or not all(track.plotted for track in tracks) or len(ticks) < 2:
        return registered
    rows, depths = np.array(ticks).T
    pitch = float(theilslopes(rows, depths).slope)
    for end, way in ((0, -1), (-1, 1)):
        last = rows[end] + way * _BEYOND * (registered.line_unit or step) * pitch
        row = _full_line(strip, tracks, column, slope, (rows[end] + way * _CLEAR_PX, last))
        if row is None:
            continue
        depth = float(depths[end] + (row - rows[end]) / pitch)
        between = sorted((row, float(rows[end])))
        if (
            depth >= 0
            and sides_go_on(strip, tracks, between)
            and go_on(strip, tracks, between, way, unseen=True)
        ):
            tick = (round(row, 2), round(depth, 6))
            ticks = [*ticks, tick] if end else [tick, *ticks]
    return replace(registered, ticks=tuple(ticks), top=ticks[0][0], bottom=ticks[-1][0])


def _full_line(
    strip: Strip, tracks: Sequence[FoundTrack], column: Column, slope: float, rows: tuple[float, float]
) -> float | None:
    """Row at a column of the first line across every track, from one row to another; None without one."""
    edges = [
        (round(np.mean([x for _, x in t.left])), round(np.mean([x for _, x in t.right]))) for t in tracks
    ]
    aside = math.ceil(abs(slope) * strip.width) + 2
    low, high = sorted(round(row) for row in rows)
    top, bottom = max(0, low - aside), min(strip.height, high + aside)
    if bottom - top < 2 * aside + 3:
        return None
    ink = cv2.dilate(ink_mask(strip.read(top, bottom)), np.ones((_LEVEL, 1))) > 0
    at = np.arange(top + aside, bottom - aside)
    middle = column.x_at(rows[0])
    covers = []
    for left, right in edges:
        x = np.arange(max(0, left + 3), min(strip.width, right - 2))
        shift = np.round(slope * (x - middle)).astype(int)
        covers.append(ink[at[:, None] - top + shift, x].mean(axis=1))
    full = find_objects(label(np.min(covers, axis=0) >= _ACROSS)[0])
    if not full:
        return None
    (own,) = full[0] if rows[1] > rows[0] else full[-1]
    return float(at[own].mean())


def _frame(ruling: Ruling, row: float, way: int, pitch: float, strong: float) -> float | None:
    """Row of the first strong line beyond one, sooner than ``pitch`` rows; None where there is none."""
    rows = round(row) + way * np.arange(_CLEAR_PX, round(pitch) - _CLEAR_PX) - ruling.top
    rows = rows[(rows >= 1) & (rows < len(ruling.cover) - 1)]
    there = np.flatnonzero(ruling.cover[rows] >= strong)
    if not len(there):
        return None
    around = rows[there[0] : there[0] + _CLEAR_PX]
    return float(around[ruling.cover[around] >= strong].mean() + ruling.top)


def walked_on(
    strip: Strip,
    column: Column,
    course: Course,
    ruling: Ruling,
    registered: Registered,
    body: tuple[int, int],
) -> Registered:
    """Registered as far as lines go on evenly beyond those looked at: figures at an end may all be unread.

    Args:
        strip: the scan.
        column: where its figures stand.
        course: slope of its lines.
        ruling: the lines that were looked at.
        registered: by them.
        body: rows that look like a log: beyond them are other ones.
    """
    ticks = list(registered.ticks)
    unit = registered.line_unit
    if not unit or len(ticks) <= _LEAD:
        return registered
    looked = ruling.top, ruling.top + len(ruling.cover)
    for end in (0, -1):
        slope = _rows_per_unit(ticks, end)
        pitch = unit * slope
        if abs(ticks[end][0] - looked[end]) > _TOUCHES * pitch:
            continue
        row = ticks[end][0]
        top, bottom = (body[0], row + pitch) if end == 0 else (row - pitch, body[1])
        if bottom - top < _TOUCHES * pitch:
            continue
        lines = lines_in(rule(strip, column, round(top), round(bottom), course))
        if not len(lines.rows):
            continue
        way = 1 if end else -1
        loose = loose_by([(row, depth) for row, depth in _leading(ticks, end)], unit)
        more = walked(ticks[end], way * slope, way * unit, lines, 0, _STEADY, loose)
        more = more[: _before_frame([ticks[end], *more], lines, pitch)]
        ticks = [*ticks, *more] if end else [*reversed(more), *ticks]
    return replace(registered, ticks=tuple(ticks), top=ticks[0][0], bottom=ticks[-1][0])


def _before_frame(ticks: Sequence[tuple[float, float]], lines: Lines, pitch: float) -> int:
    """How many ticks follow the first before a strong line between two of them: the frame of the log."""
    usual = np.median([lines.strength[np.abs(lines.rows - row).argmin()] for row, _ in ticks])
    strong = lines.rows[lines.strength >= _BORDER * usual]
    for k, ((a, _), (b, _)) in enumerate(pairwise(ticks)):
        low, high = min(a, b) + _APART * pitch, max(a, b) - _APART * pitch
        if ((strong > low) & (strong < high)).any():
            return k
    return len(ticks) - 1


def within(registered: Registered, first: int, last: int) -> Registered:
    """Registered by the lines of the grid alone: what lies beyond it was taken for a line in the heading."""
    own = tuple(tick for tick in registered.ticks if first - _EDGE_PX <= tick[0] <= last + _EDGE_PX)
    if len(own) < MIN_CHAIN:
        return registered
    return replace(registered, ticks=own, top=own[0][0], bottom=own[-1][0])


def another_log(chain: Chain, figures: Sequence[Figure]) -> tuple[int, int]:
    """Rows before and beyond which a chain is not followed: figures there are of another log."""
    apart = chain.step * chain.px_per_unit
    first, last = 0, 1 << 30
    for f in figures:
        if f.digits < max(3, min(g.digits for g in chain.figures)) or f.weight <= _SURE:
            continue
        for end, way in ((0, -1), (-1, 1)):
            away = way * (f.row - chain.rows[end]) / apart
            due = chain.depths[end] + way * away * chain.step
            if _NEXT_LOG[0] < away < _NEXT_LOG[1] and abs(f.value - due) > _ASTRAY * chain.step:
                edge = round(float(chain.rows[end]) + way * _NEXT_LOG[0] * apart)
                first, last = (max(first, edge), last) if end == 0 else (first, min(last, edge))
    return first, last
