"""What upright lines say of where a grid is: its divisions stand from its first row to its last."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

import numpy as np
from scipy.ndimage import find_objects, label, uniform_filter1d

from logdigit.paper.skew import ink_mask
from logdigit.paper.tracks import FoundTrack
from logdigit.types import Float, Strip, along

_DIVISIONS = 3
"""Upright lines inside a track from which they tell where the grid is."""
_REACH = 0.5
"""Rows from either end of a section in which its grid may begin, as multiple of the strip's width,"""
_THIRD = 3
"""and the part of the section that they are at most."""
_SMOOTH = 25
_SEEN, _THERE = 0.25, 0.4
"""Share of their rows in which divisions are seen from which they tell; share of that where they are."""
_RUN = 75
"""Rows in a row that have them where a grid begins."""
_NEAR = 2
"""Px to either side within which a division is where it should be."""
_PLAIN, _HOLE = 0.6, 3
"""Share of the divisions seen row by row from which their end is one; rows without any that are, at least."""
_GOES_ON, _ANY = 0.6, 0.08
"""Share of the divisions seen in a log that go on beyond its last line; share of all that are seen in it."""


def grid_rows(strip: Strip, tracks: Sequence[FoundTrack], top: int, bottom: int) -> tuple[int, int]:
    """First row of the grid between two rows, and one past its last: where divisions of its tracks stand.

    Lines of equal depth alone do not tell: those of the frame above the log may lie where the next one would.

    Args:
        strip: the scan.
        tracks: of the section.
        top: first row that the lines of equal depth reach.
        bottom: one past the last.

    Returns:
        The rows that were given where divisions are too faint to tell.
    """
    tracks = [track for track in tracks if len(track.inner) >= _DIVISIONS]
    reach = min(round(_REACH * strip.width), (bottom - top) // _THIRD)
    if not tracks or reach < 2 * _SMOOTH:
        return top, bottom
    upper = _divisions(strip, tracks, top, top + 2 * reach)
    lower = _divisions(strip, tracks, bottom - 2 * reach, bottom)[::-1]
    first, last = (_begins(seen, reach) for seen in (upper, lower))
    return top + first, bottom - last


def end_of_uprights(
    strip: Strip, tracks: Sequence[FoundTrack], row: float, way: int, reach: float
) -> float | None:
    """Row in which all divisions of a log end, on the way from a row of it; None where they do not.

    Beyond them stands a frame of something else, which may lie where the next line of equal depth would.

    Args:
        strip: the scan.
        tracks: of the section.
        row: that is in the log.
        way: 1 for down the strip, -1 for up.
        reach: rows that are looked at.
    """
    tracks = [track for track in tracks if len(track.inner) >= _DIVISIONS]
    first, last = sorted((round(row - way * 4 * _RUN), round(row + way * reach) + way))
    first, last = max(0, first), min(strip.height, last)
    if not tracks or last - first < _RUN:
        return None
    rows = np.arange(first, last)[::way]
    seen = _seen(strip, tracks, first, last)[::way]
    usual = float(np.median(seen))
    if usual < _PLAIN:
        return None
    holes = find_objects(label(seen < _THERE / 2 * usual)[0])
    inside = [hole.stop - hole.start for (hole,) in holes if way * (rows[hole.start] - row) < 0]
    least = max(_HOLE, 2 * max(inside, default=0))  # dotted lines have holes all over
    for (hole,) in holes:
        if way * (rows[hole.start] - row) >= 0 and hole.stop - hole.start >= least:
            return float(rows[hole.start] - way)
    return None


def _divisions(strip: Strip, tracks: Sequence[FoundTrack], top: int, bottom: int) -> Float:
    """Share of the divisions that are seen about a row, (h,)."""
    return np.asarray(uniform_filter1d(_seen(strip, tracks, top, bottom), _SMOOTH, mode="nearest"))


def _seen(strip: Strip, tracks: Sequence[FoundTrack], top: int, bottom: int) -> Float:
    """Share of the divisions that are seen, row by row, (h,)."""
    ink = np.pad(ink_mask(strip.read(top, bottom)) > 0, ((0, 0), (_NEAR, _NEAR)))
    rows = np.arange(top, bottom)
    seen = []
    for track in tracks:
        left, right = (
            along(rows.astype(np.float64), *np.array(edge).T) for edge in (track.left, track.right)
        )
        for share in track.inner:
            x = np.clip(np.round(left + share * (right - left)).astype(int), 0, strip.width - 1)
            seen.append(np.any([ink[rows - top, x + k] for k in range(2 * _NEAR + 1)], axis=0))
    return np.asarray(np.mean(seen, axis=0), dtype=np.float64)


def _begins(seen: Float, reach: int) -> int:
    """Rows before the first run of rows with divisions, at most ``reach``; a hole further on is none."""
    usual = float(np.median(seen[reach:]))
    if usual < _SEEN:
        return 0
    there = seen[: reach + _RUN] >= _THERE * usual
    lasting = np.flatnonzero(np.convolve(there, np.ones(_RUN), "valid") >= _RUN)
    return int(lasting[0]) if len(lasting) else 0


def go_on(
    strip: Strip, tracks: Sequence[FoundTrack], rows: Sequence[float], way: int, unseen: bool = False
) -> bool:
    """Whether the divisions of a log go on over the rows between its last line and a frame.

    ``unseen`` is the answer where there are none to be seen.
    """
    tracks = [track for track in tracks if track.inner]
    top, bottom = round(rows[0]), round(rows[1])
    inside = (bottom, min(strip.height, bottom + 4 * _RUN)) if way < 0 else (max(0, top - 4 * _RUN), top)
    if not tracks or inside[1] - inside[0] < _RUN:
        return unseen
    usual = float(np.median(_divisions(strip, tracks, *inside)))
    if usual < _ANY:
        return unseen
    return float(np.mean(_divisions(strip, tracks, top, bottom))) >= _GOES_ON * usual


def sides_go_on(strip: Strip, tracks: Sequence[FoundTrack], rows: Sequence[float]) -> bool:
    """Whether the sides of tracks go on between two rows: beyond a frame stands the axis of another scale."""
    sides = [replace(track, inner=(0.0, 1.0)) for track in tracks]
    return float(np.mean(_divisions(strip, sides, round(rows[0]), round(rows[1])))) >= _GOES_ON
