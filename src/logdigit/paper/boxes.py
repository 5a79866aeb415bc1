"""Tracks that are boxes with bare paper between them: solid uprights, joined by a line at top and base.

Where lines of equal depth are few, dotted or none, frames tell a track from the gap beside it.
"""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise

import cv2
import numpy as np
from scipy.ndimage import find_objects, label, uniform_filter1d

from logdigit.paper.outer import median_between
from logdigit.types import Float, UInt8

_SOLID = 0.75
"""Share of the rows in which the side of a box has ink, at least; two such sides tell where boxes end."""
REACH, INTO = 1.0, 0.06
"""Rows beyond the end of a log, and before it, in which its frame ends, as share of the strip's width."""
_LEVEL = 0.03
"""Rows by which sides of frames end apart, as share of the strip's width, at most: print stands on some."""
_DASH, _WHOLE = 0.012, 0.012
"""Columns of a piece of the line of a frame, and of a hole in it, as share of the strip's width, at least and
at most."""
_ENDED = 0.6
"""Share of the solid uprights that end alike, at least."""
_BELOW, _AS_FULL = 0.05, 0.95
"""Rows below the end of uprights, on which print may stand, in which that line is, as share of the strip's
width; and how far it covers the way from the first to the last, as share of any line there, at least."""
_ALIKE = 0.01
"""Columns by which top and base of a box, and its sides, differ, as share of the strip's width, at most."""
_TRACK, _GAP = 0.1, 0.5
"""Width of a box, as share of the strip's, at least; and of a gap, as share of the widest box's, at most."""
_BESIDE = 0.02
"""Columns from the sides of a frame at which the outer tracks in it begin and end, as share of the strip's
width, at most."""
_LINED, _MOST = 0.0005, 4
"""Lines across per row, in every track, from which a frame has a grid; tracks in one without, at most."""


def boxes(
    lines: Float, presence: Float, first: tuple[UInt8, Float], last: tuple[UInt8, Float]
) -> list[tuple[float, float]] | None:
    """Boxes (left, right) with gaps between them, px: one for a frame of tracks that abut; None without any.

    Args:
        lines: upright lines, px, (L,).
        presence: share of the rows in which a column belongs to one, (W,).
        first: upright ink about the top of the log, (h, W), the log below; and the lines there, px, (L,).
        last: the same about its base, upside down.
    """
    width = len(presence)
    solid = np.array([presence[round(x)] >= _SOLID for x in lines], dtype=np.bool_)
    if solid.sum() < 2:
        return None
    top, base = (_crown(ink, at[solid], (at[0], at[-1])) for ink, at in (first, last))
    if top is None or base is None or len(top) != len(base):
        return None
    pieces = np.stack([top - np.mean(first[1] - lines), base - np.mean(last[1] - lines)])
    if np.abs(np.diff(pieces, axis=0)).max() > _ALIKE * width:
        return None
    sides = pieces.mean(axis=0)
    nearest = lines[np.abs(lines - sides[..., None]).argmin(axis=-1)]
    if np.abs(nearest - sides).max() > _ALIKE * width:
        return None
    wide, gaps = nearest[:, 1] - nearest[:, 0], nearest[1:, 0] - nearest[:-1, 1]
    if wide.min() < _TRACK * width or gaps.max(initial=0.0) > _GAP * wide.max():
        return None
    return [(float(a), float(b)) for a, b in nearest]


def filled(frame: tuple[float, float], tracks: Sequence[tuple[float, float]], width: int) -> bool:
    """Whether tracks reach from side to side of a frame, px: those without divisions may not be seen."""
    return (
        bool(tracks) and max(abs(tracks[0][0] - frame[0]), abs(tracks[-1][1] - frame[1])) <= _BESIDE * width
    )


def sides_in(frame: tuple[float, float], lines: Float, covered: Float, presence: Float) -> Float | None:
    """Sides of the tracks that abut in a frame without a grid, px: its solid uprights; None with a grid."""
    inner = lines[(lines > frame[0] + 2) & (lines < frame[1] - 2)]
    sides = np.array([frame[0], *(x for x in inner if presence[round(x)] >= _SOLID), frame[1]])
    lined = min(median_between(covered, a, b) for a, b in pairwise(sides)) >= _LINED
    narrow = np.diff(sides).min() < _TRACK * len(presence)
    return None if lined or narrow or len(sides) > _MOST + 1 else sides


def _crown(ink: UInt8, sides: Float, outer: tuple[float, float]) -> Float | None:
    """Pieces (left, right) of the line in which uprights end, px, (K, 2); None where they do not end alike.

    Args:
        ink: about that end, (h, W), the log below.
        sides: columns of the solid uprights, (L,).
        outer: columns of the first upright and the last: what is beyond is a figure at a corner.
    """
    width = ink.shape[1]
    thick = cv2.dilate(ink, np.ones((5, 3)))
    ends = []
    for x in np.round(sides).astype(int):
        column = thick[:, max(0, x - 1) : x + 2].any(axis=1)
        empty = np.flatnonzero(uniform_filter1d((~column).astype(np.float64), 7) > 0.99)
        ends.append(int(empty[-1]) + 3 if len(empty) else -1)
    at = np.array(ends)
    usual = float(np.median(at))
    alike = np.abs(at - usual) <= _LEVEL * width
    if not 0 <= usual < len(ink) - _LEVEL * width or alike.mean() < _ENDED:
        return None
    rows = slice(max(0, int(at[alike].min()) - 2), int(at[alike].max() + _BELOW * width) + 1)
    dash = np.ones((1, max(9, round(_DASH * width))))
    flat = cv2.morphologyEx(thick[rows], cv2.MORPH_OPEN, dash)  # no print
    flat[:, : max(0, round(outer[0]) - 1)] = flat[:, round(outer[1]) + 2 :] = 0
    cover = (flat[:, round(sides[0]) : round(sides[-1])] > 0).mean(axis=1)
    (own,) = find_objects(label(cover >= _AS_FULL * cover.max())[0])[0]  # further ones are lines of depth
    line = cv2.morphologyEx(
        flat[own].max(axis=0)[None], cv2.MORPH_CLOSE, np.ones((1, max(3, round(_WHOLE * width))))
    )
    pieces = [(p.start, p.stop - 1) for (p,) in find_objects(label(line[0])[0])]
    pieces = [piece for piece in pieces if piece[1] - piece[0] >= _WHOLE * width]
    return np.array(pieces, np.float64) if pieces else None
