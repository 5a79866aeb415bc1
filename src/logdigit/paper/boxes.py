"""Tracks that are boxes with bare paper between them: solid uprights, joined by a line at top and base.

Where lines of equal depth are few, dotted or none, frames tell a track from the gap beside it.
"""

from __future__ import annotations

from dataclasses import dataclass
from itertools import pairwise

import cv2
import numpy as np
from scipy.ndimage import find_objects, label, uniform_filter1d

from logdigit.types import Float, UInt8

_SOLID = 0.75
"""Share of the rows in which the side of a box has ink, at least."""
REACH, INTO = 1.0, 0.06
"""Rows beyond the end of a log, and before it, in which its frame ends, as share of the strip's width."""
_LEVEL = 0.012
"""Rows by which the sides of frames end apart, as share of the strip's width, at most."""
_DASH = 0.012
"""Columns of a piece of that line, as share of the strip's width, at least."""
_ENDED = 0.6
"""Share of the solid uprights that end alike, at least."""
_JOINED, _BARE = 0.9, 0.4
"""Share of the way between two uprights that a line joins, at least; and up to which there is none."""
_BELOW, _AS_FULL = 0.05, 0.95
"""Rows below the end of uprights, on which print may stand, in which that line is, as share of the strip's
width; and how far it covers the way from the first to the last, as share of any line there, at least."""
_TOUCH = 8.0
"""Columns between two uprights up to which they are joined, px."""
_TRACK, _GAP = 0.1, 0.5
"""Widths of a box, as share of the strip's at least; and of a gap, as share of the widest box's at most."""


@dataclass(frozen=True)
class Boxes:
    """Boxes side by side: (left, right) of each, px; rows of their top and base from the ends of the ink."""

    sides: tuple[tuple[float, float], ...]
    top: float
    base: float


@dataclass(frozen=True)
class _Crown:
    """The row in which uprights end, and how far a line there joins each to the next, (L - 1,)."""

    row: float
    joined: Float


def boxes(
    lines: Float, presence: Float, first: tuple[UInt8, Float], last: tuple[UInt8, Float]
) -> Boxes | None:
    """Boxes with gaps between them; the frame of tracks that abut, without sides; None where there is none.

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
    top, base = _crown(first[0], first[1][solid]), _crown(last[0], last[1][solid])
    if top is None or base is None:
        return None
    joined = np.minimum(top.joined, base.joined) >= _JOINED
    bare = np.maximum(top.joined, base.joined) <= _BARE
    if not (joined | bare).all():
        return None
    if not bare.any():
        return Boxes((), top.row, base.row)
    sides = lines[solid]
    out = tuple((float(own[0]), float(own[-1])) for own in np.split(sides, np.flatnonzero(bare) + 1))
    widest = max(b - a for a, b in out)
    gaps = [b[0] - a[1] for a, b in pairwise(out)]
    good = min(b - a for a, b in out) >= _TRACK * width and max(gaps) <= _GAP * widest
    return Boxes(out, top.row, base.row) if good else None


def _crown(ink: UInt8, sides: Float) -> _Crown | None:
    """The line at the end of uprights; None where they do not end alike.

    Args:
        ink: about that end, (h, W), the log below.
        sides: columns of the uprights, (L,).
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
    near = _LEVEL * width
    if not 0 <= usual < len(ink) - near or (np.abs(at - usual) <= near).mean() < _ENDED:
        return None
    rows = slice(max(0, round(usual - 2)), round(usual + _BELOW * width) + 1)
    dash = np.ones((1, max(9, round(_DASH * width))))
    flat = cv2.morphologyEx(thick[rows], cv2.MORPH_OPEN, dash) > 0  # no print
    cover = flat[:, round(sides[0]) : round(sides[-1])].mean(axis=1)
    (own,) = find_objects(label(cover >= _AS_FULL * cover.max())[0])[0]  # further ones are lines of depth
    filled = [
        float(flat[own, round(a) + 3 : round(b) - 2].any(axis=0).mean()) if b - a > _TOUCH else 1.0
        for a, b in pairwise(sides)
    ]
    return _Crown(rows.start + (own.start + own.stop - 1) / 2, np.array(filled))
