"""Where the grid of a section begins and ends: the frame of a scale block has edges, and no divisions."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from scipy.ndimage import uniform_filter1d

from logdigit.paper.skew import ink_mask
from logdigit.paper.tracks import FoundTrack
from logdigit.types import Float, Strip

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


def _divisions(strip: Strip, tracks: Sequence[FoundTrack], top: int, bottom: int) -> Float:
    """Share of the divisions that are seen, row by row, (h,)."""
    ink = np.pad(ink_mask(strip.read(top, bottom)) > 0, ((0, 0), (_NEAR, _NEAR)))
    rows = np.arange(top, bottom)
    seen = []
    for track in tracks:
        left, right = (np.interp(rows, *np.array(edge).T) for edge in (track.left, track.right))
        for share in track.inner:
            x = np.clip(np.round(left + share * (right - left)).astype(int), 0, strip.width - 1)
            seen.append(np.any([ink[rows - top, x + k] for k in range(2 * _NEAR + 1)], axis=0))
    return np.asarray(uniform_filter1d(np.mean(seen, axis=0), _SMOOTH, mode="nearest"))


def _begins(seen: Float, reach: int) -> int:
    """Rows before the first run of rows with divisions, at most ``reach``; a hole further on is none."""
    usual = float(np.median(seen[reach:]))
    if usual < _SEEN:
        return 0
    there = seen[: reach + _RUN] >= _THERE * usual
    lasting = np.flatnonzero(np.convolve(there, np.ones(_RUN), "valid") >= _RUN)
    return int(lasting[0]) if len(lasting) else 0
