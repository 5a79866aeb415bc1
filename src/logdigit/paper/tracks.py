"""Tracks, found from the grid that is printed on the paper.

Only thin straight ink is looked at: a mask of what is darker than its surroundings, opened along one
direction so that curves and lettering drop out. Tracks are blocks of vertical grid lines; what separates
them is a wide gap that the lines of equal depth do not cross (the depth column, and the margins).
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from itertools import pairwise

import cv2
import numpy as np
from numpy.typing import NDArray
from scipy.ndimage import maximum_filter1d, minimum_filter1d, uniform_filter1d

from logdigit.paper.boxes import INTO, REACH, boxes, filled, sides_in
from logdigit.paper.cover import cover_of, shifted, strokes_over
from logdigit.paper.outer import crossed, extended, lines_seen, median_between, trimmed, uncrossed
from logdigit.paper.polyline import corners
from logdigit.paper.skew import block_starts, ink_mask
from logdigit.types import Float, Strip, UInt8

_TRACK_BLOCKS, _TRACK_ROWS = 90, 128
_LEAST = 24
"""Rows in which the end of a log is looked for, at least."""
_TRACKS, _CLEARLY, _PICTURE = 60, 0.25, 0.3
"""Percentile of what covers columns that is still of tracks, beside pictures and depth columns; what covers
those whose lines of depth are seen, at least; share of it up to which most divisions are a picture's."""
_STRAIGHT = 1.0
"""Px by which an edge may stray from a line and still be called straight."""


@dataclass(frozen=True)
class FoundTrack:
    """Edges of a track in the strip frame, as (row, x) points down the interval that was searched.

    Both edges have their points at the same places of the log, so that their means can be compared.
    """

    left: tuple[tuple[float, float], ...]
    right: tuple[tuple[float, float], ...]
    uneven: bool = False
    """Whether the divisions are those of a logarithmic grid."""
    inner: tuple[float, ...] = ()
    """Vertical lines between the edges, as shares of the width."""
    plotted: bool = False
    """Whether this is of a plot: framed at top and base, with the figures of its depths beside it."""
    bare: bool = False
    """Whether tracks without a grid abut in it: the lines between its edges are their sides."""

    @property
    def width(self) -> float:
        """Mean width, strip px."""
        return float(np.mean([x for _, x in self.right]) - np.mean([x for _, x in self.left]))


def find_tracks(
    strip: Strip,
    top: int,
    bottom: int,
    slope: float = 0.0,
    ruled: Float | None = None,
    column: float | None = None,
) -> tuple[FoundTrack, ...]:
    """Tracks between two rows, from left to right; the depth column is not one of them.

    Two tracks that share an edge, without a depth column between, are found as one: a track of double
    width with a heavy line in its middle looks the same.

    Args:
        strip: the scan.
        top: first row.
        bottom: one past the last row.
        slope: of the lines of equal depth, as ``find_skew`` gives it.
        ruled: rows of the lines of equal depth at the middle of the strip, (L,), where they are known: what
            they do not cross is no track, whatever pictures are drawn there.
        column: x of the depth column, where it is known.

    Returns:
        The tracks; empty where no grid can be made out.
    """
    width = strip.width
    if width < 60 or bottom - top < 24:
        return ()
    starts = block_starts(top, bottom, _TRACK_ROWS, _TRACK_BLOCKS)
    blocks = [upright_ink(strip.read(start, min(start + _TRACK_ROWS, bottom)), slope) for start in starts]
    vertical = [vertical_strokes(block) for block in blocks]
    shifts = drift(np.stack(vertical))
    presence = np.mean([shifted(v, s) for v, s in zip(vertical, shifts, strict=True)], axis=0)
    told = cover_of(ruled, blocks, starts, shifts)
    strokes = strokes_over(blocks, shifts)
    covered = strokes if told is None else told
    # a frame with a line across at every hundred feet alone is one without a grid
    dense = ruled is not None and len(ruled) > 1 and np.median(np.diff(ruled)) <= _TRACK_ROWS
    lines = peaks(presence, width)
    rows = [start + _TRACK_ROWS / 2 for start in starts]
    middle = (width - 1) / 2
    # the axis of depths stands beside a plot; figures between tracks are those of paper
    beside = column is not None and len(lines) > 0 and not lines[0] < column < lines[-1]
    boxed = _boxed(strip, top, bottom, slope, lines, presence, shifts) if beside else None
    found, sides = boxed or [], None
    if len(found) == 1:
        sides = sides_in(found[0], lines, covered if dense else strokes, presence)
    if len(found) < 2 and sides is None:
        grids = _blocks(lines, covered, presence, width, told is not None, column)
        found = grids if not found or filled(found[0], grids, width) else found
    lines = lines if sides is None else sides
    return tuple(
        FoundTrack(
            strip_points(left, rows, shifts, slope, middle),
            strip_points(right, rows, shifts, slope, middle),
            uneven(lines[(lines > left - 2) & (lines < right + 2)]),
            shares(lines, left, right),
            boxed is not None,
            sides is not None,
        )
        for left, right in found
    )


def _boxed(
    strip: Strip, top: int, bottom: int, slope: float, lines: Float, presence: Float, shifts: Float
) -> list[tuple[float, float]] | None:
    """Tracks that are boxes, as ``boxes`` gives them, framed at or beyond the rows searched."""
    half, beyond, into = _TRACK_ROWS / 2, round(REACH * strip.width), round(INTO * strip.width)
    first, last = max(0, top - beyond), min(strip.height, bottom + beyond)
    rows = (first, min(strip.height, top + into)), (max(0, bottom - into), last)
    if min(b - a for a, b in rows) < _LEAST:
        return None
    inks = [upright_ink(strip.read(a, b), slope) for a, b in rows]
    blocks = (top + half, shifts[0]), (bottom - half, shifts[-1])
    at = [
        lines + shift - slope * ((a + b) / 2 - block)
        for (a, b), (block, shift) in zip(rows, blocks, strict=True)
    ]
    return boxes(lines, presence, (inks[0], at[0]), (inks[1][::-1], at[1]))


def shares(lines: Float, left: float, right: float) -> tuple[float, ...]:
    """Lines between two edges as shares of the way."""
    inside = lines[(lines > left + 2) & (lines < right - 2)]
    return tuple(float(share) for share in (inside - left) / (right - left))


def upright_ink(pixels: UInt8, slope: float) -> UInt8:
    """Ink of a block turned by its skew about its centre."""
    ink = ink_mask(pixels)
    if not slope:
        return ink
    height, width = ink.shape
    turn = cv2.getRotationMatrix2D(((width - 1) / 2, (height - 1) / 2), math.degrees(math.atan(slope)), 1.0)
    return np.asarray(cv2.warpAffine(ink, turn, (width, height), flags=cv2.INTER_NEAREST), dtype=np.uint8)


def vertical_strokes(ink: UInt8) -> Float:
    """Share of the rows in which a column belongs to a long vertical stroke, (W,)."""
    height, width = ink.shape
    reach = min(height, max(12, width // 50))
    wide = cv2.dilate(ink, np.ones((5, 3)))  # bridges broken lines, allows a degree of lean
    strokes = cv2.morphologyEx(wide, cv2.MORPH_OPEN, np.ones((reach, 1)))
    share: Float = ((strokes > 0) & (ink > 0)).mean(axis=0)
    return share


def drift(profiles: Float) -> Float:
    """How far the lines of each block stand right of those of the middle block, (B,) px.

    Paper wanders on the scanner; each block is laid on the mean of its neighbours already laid, from the
    middle outwards, within less than half a grid division so as not to slip by one.
    """
    count, width = profiles.shape
    reach = max(4, width // 120)
    smooth = uniform_filter1d(profiles, 3, axis=1)
    shifts = np.zeros(count)
    middle = count // 2
    for order in (range(middle + 1, count), range(middle - 1, -1, -1)):
        reference = smooth[middle].copy()
        last = 0.0
        for k in order:
            steps = np.arange(-reach, reach + 1)
            scores = np.array([float(shifted(smooth[k], last + s) @ reference) for s in steps])
            scores -= 1e-6 * np.abs(steps) * scores.max()  # where nothing tells, stay
            if scores.max() > 0:
                last += float(steps[int(np.argmax(scores))])
            shifts[k] = last
            reference = 0.8 * reference + 0.2 * shifted(smooth[k], last)
    return shifts


def peaks(presence: Float, width: int) -> NDArray[np.float64]:
    """Positions of the vertical lines, px, increasing."""
    reach = max(3, width // 250)
    base = minimum_filter1d(presence, 4 * reach + 1)
    height = presence - uniform_filter1d(base, 4 * reach + 1)
    strong = float(np.percentile(height, 99))
    level = max(0.12, 0.25 * strong)
    tops = (height >= level) & (height >= maximum_filter1d(height, 2 * reach + 1))
    where = np.flatnonzero(tops)
    out: list[float] = []
    for column in (int(c) for c in where):
        lo, hi = max(0, column - reach), min(len(height), column + reach + 1)
        weight = np.where(height[lo:hi] >= 0.5 * height[column], height[lo:hi], 0.0)
        x = float((weight * np.arange(lo, hi)).sum() / weight.sum())
        if not out or x - out[-1] > reach:
            out.append(x)
    return np.array(out)


def _blocks(
    lines: Float, covered: Float, presence: Float, width: int, known: bool, column: float | None
) -> list[tuple[float, float]]:
    """Outer lines (left, right) of each block of vertical lines, px; ``known`` as for ``crossed``."""
    if len(lines) < 3:
        return []
    gaps = np.diff(lines)
    inside = np.array([median_between(covered, a, b) for a, b in pairwise(lines)])
    usual, usual_cover = float(np.median(gaps)), float(np.median(inside))
    widely = float(np.percentile(np.repeat(inside, np.maximum(1, np.round(gaps).astype(int))), _TRACKS))
    if known and widely > _CLEARLY and usual_cover < _PICTURE * widely:
        usual_cover = widely  # most lines are those of a picture, which stand close
    # a depth column is not crossed by the lines of equal depth; where those are lost, only its width tells
    if lines_seen(usual_cover, known):
        wide = (gaps >= max(1.15 * usual, 0.02 * width)) | (gaps >= 0.05 * width)
        parted = (inside < 0.35 * usual_cover) & wide
        if known:
            parted |= uncrossed(lines, inside, usual_cover, width)
    else:
        parted = gaps >= max(2.2 * usual, 0.04 * width)
    groups = np.split(lines, np.flatnonzero(parted) + 1)
    groups = [crossed(group, covered, usual_cover, known) for group in groups]
    kept = [trimmed(group, presence, known) for group in groups]
    kept = [group for group in kept if len(group) >= 3 and group[-1] - group[0] >= 0.1 * width]
    # most of the page with a hole in it is two tracks whose depth column was not recognised: no answer
    beside = column is not None and not any(group[0] < column < group[-1] for group in kept)
    holed = [np.ptp(group) > 0.7 * width and np.diff(group).max() > 0.1 * width for group in kept]
    if any(holed) and not beside:
        return []
    kept = [extended(group, covered, known) for group in kept]
    single = float(min((group[-1] - group[0] for group in kept), default=0.0))
    out: list[tuple[float, float]] = []
    for group in kept:
        seam = _seam(group, single)
        edges = (
            (float(group[0]), float(group[-1])) if seam is None else (float(group[0]), seam, float(group[-1]))
        )
        out.extend(pairwise(edges))
    return out


def uneven(lines: Float) -> bool:
    """Whether lines stand as decades do: gaps that narrow four times or more, again and again."""
    gaps = np.diff(lines)
    return len(gaps) >= 6 and float(np.percentile(gaps, 90) / np.percentile(gaps, 15)) > 2.2


def _seam(group: Float, single: float) -> float | None:
    """The line at which a block of double width changes from logarithmic to even divisions, or back.

    Two tracks that abut with the same divisions cannot be told from one wide track, and stay one.
    """
    middle = (group[0] + group[-1]) / 2
    if not 1.8 * single <= group[-1] - group[0] <= 2.2 * single:
        return None
    seam = float(group[np.argmin(np.abs(group - middle))])
    halves = np.diff(group[group <= seam]), np.diff(group[group >= seam])
    if abs(seam - middle) > 0.03 * single or min(len(half) for half in halves) < 3:
        return None
    # decades are 0.30 wide at their start and 0.05 at their end; even divisions differ by a pixel or two
    uneven = [float(np.percentile(half, 90) / np.percentile(half, 10)) > 2.2 for half in halves]
    return seam if uneven[0] != uneven[1] else None


def strip_points(
    column: float, rows: list[float], shifts: Float, slope: float, middle: float
) -> tuple[tuple[float, float], ...]:
    """An upright column as (row, x) points of the strip, only as many as its course needs."""
    turn = 1 / math.hypot(1.0, slope)
    x = middle + (column + shifts - middle) * turn
    points = np.column_stack([np.array(rows) + slope * (x - middle), x])
    if np.ptp(x) <= _STRAIGHT:
        first, last = float(points[0, 0]), float(points[-1, 0])
        return (first, float(np.mean(x))), (max(last, first + 1), float(np.mean(x)))  # of one block: upright
    return tuple(
        (float(row), float(col)) for row, col in points[corners(points[:, 0], points[:, 1], _STRAIGHT)]
    )
