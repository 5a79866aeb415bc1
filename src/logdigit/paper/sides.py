"""Tracks beside a known depth column, where blocks of grid lines alone do not show them."""

from __future__ import annotations

from itertools import pairwise

import numpy as np

from logdigit.paper.column import Column
from logdigit.paper.cover import cover, shifted
from logdigit.paper.skew import block_starts
from logdigit.paper.tracks import (
    FoundTrack,
    drift,
    find_tracks,
    peaks,
    shares,
    strip_points,
    upright_ink,
    vertical_strokes,
)
from logdigit.types import Float, Strip

_BLOCKS, _ROWS = 60, 128
_AS_STRONG = 0.6
"""Strength of the line beside the depth column that is an edge; share of the strongest near it, at least."""
_PICTURE = 0.25
"""Width of a picture between the depth column and a track, as share of that of the strip, at most."""


def tracks_beside(
    strip: Strip, top: int, bottom: int, slope: float, column: Column, ruled: Float | None = None
) -> tuple[tuple[FoundTrack, ...], float]:
    """Tracks of a section whose depth column is known, and how sure; ``ruled`` as for ``find_tracks``.

    Blocks of grid lines are taken where the column stands between or beside them; where they do not agree
    with it (a grid too faint, a column taken for a track), the edges are looked for from the column outwards.
    """
    x = column.x_at((top + bottom) / 2)
    if ruled is not None:
        found = find_tracks(strip, top, bottom, slope, ruled, x)
        if _fits(found, column, strip.width, _PICTURE):
            return found, 0.9
    found = find_tracks(strip, top, bottom, slope, column=x)
    if _fits(found, column, strip.width):
        return found, 0.9
    beside = tuple(
        t for t in _from_column(strip, top, bottom, slope, column, ruled) if _on_paper(t, strip.width)
    )
    if beside:
        return beside, 0.6
    clear = tuple(t for t in found if not _covers(t, column) and _on_paper(t, strip.width))
    return clear, 0.5 if clear else 0.0


def _at(edge: tuple[tuple[float, float], ...], row: float) -> float:
    rows, xs = np.array(edge).T
    return float(np.interp(row, rows, xs))


def _on_paper(track: FoundTrack, width: int) -> bool:
    """Whether both edges stay on the scan: a wandering paper may have led an edge off it."""
    return min(x for _, x in track.left) > -3 and max(x for _, x in track.right) <= width + 2


def _covers(track: FoundTrack, column: Column) -> bool:
    """Whether the column's middle lies inside the track."""
    row = (track.left[0][0] + track.left[-1][0]) / 2
    return _at(track.left, row) < column.x_at(row) < _at(track.right, row)


def _fits(found: tuple[FoundTrack, ...], column: Column, width: int, between: float = 0.0) -> bool:
    """Whether tracks border on the column, on each side where there is paper for one.

    ``between``: share of the width that a picture takes between them, at most.
    """
    if not found or any(_covers(track, column) for track in found):
        return False
    row = (found[0].left[0][0] + found[0].left[-1][0]) / 2
    x = column.x_at(row)
    lefts = [x - _at(t.right, row) for t in found if _at(t.right, row) < x]
    rights = [_at(t.left, row) - x for t in found if _at(t.left, row) > x]
    reach = max(0.07 * width, 1.6 * column.width) + between * width
    ok_left = min(lefts) < reach if lefts else x < 0.25 * width
    ok_right = min(rights) < reach if rights else width - x < 0.25 * width
    return bool(ok_left and ok_right)


def _from_column(
    strip: Strip, top: int, bottom: int, slope: float, column: Column, ruled: Float | None
) -> tuple[FoundTrack, ...]:
    """One track on each side of the column: from the line next to it to the last line of the grid."""
    starts = block_starts(top, bottom, _ROWS, _BLOCKS)
    blocks = [upright_ink(strip.read(s, min(s + _ROWS, bottom)), slope) for s in starts]
    vertical = [vertical_strokes(block) for block in blocks]
    shifts = drift(np.stack(vertical))
    presence = np.mean([shifted(v, s) for v, s in zip(vertical, shifts, strict=True)], axis=0)
    covered = cover(blocks, starts, shifts, ruled)
    lines = peaks(presence, strip.width)
    middle_row = starts[len(starts) // 2] + _ROWS / 2
    x = column.x_at(middle_row)
    rows = [s + _ROWS / 2 for s in starts]
    centre = (strip.width - 1) / 2
    out = []
    for side in (-1, 1):
        edges = _side(lines, presence, covered, x, side, column.width, strip.width)
        if edges is not None:
            left, right = sorted(edges)
            out.append(
                FoundTrack(
                    strip_points(left, rows, shifts, slope, centre),
                    strip_points(right, rows, shifts, slope, centre),
                    inner=shares(lines, left, right),
                )
            )
    return tuple(out)


def _side(
    lines: Float, presence: Float, covered: Float, x: float, side: int, figure: float, width: int
) -> tuple[float, float] | None:
    """Inner and outer edge of the track on one side of the column; None where there is none."""
    away = np.sort((lines - x) * side)
    away = away[away > 0.4 * figure]
    strength = np.array([presence[round(x + side * a)] for a in away if 0 <= round(x + side * a) < width])
    away = away[: len(strength)]
    near = np.flatnonzero(away < max(0.09 * width, 1.8 * figure))
    if not len(near) or len(away) < 3:
        return None
    inner = int(near[np.argmax(strength[near] >= _AS_STRONG * strength[near].max())])
    outer = inner
    usual = 0.0
    for k, (a, b) in enumerate(pairwise(away[inner:])):
        if b - a > 0.2 * width:
            break
        lo, hi = sorted((int(x + side * a), int(x + side * b)))
        between = float(np.median(covered[lo + 4 : hi - 3])) if hi - lo > 12 else usual
        if usual and between < 0.3 * usual:
            break  # the lines of equal depth end here: beyond is margin
        usual = between if not usual else 0.8 * usual + 0.2 * between
        outer = inner + k + 1
    if away[outer] - away[inner] < 0.12 * width:
        return None
    return float(x + side * away[inner]), float(x + side * away[outer])
