"""How far lines of equal depth cover the columns of a log: tracks are covered, depth columns are not."""

from __future__ import annotations

from collections.abc import Sequence

import cv2
import numpy as np

from logdigit.types import Float, UInt8

_TELLING = 8
"""Lines of equal depth that tell what they cross."""
_ASIDE = 32.0
"""Rows beside a line of equal depth in which what is no line is seen, at most."""


def crossings(ink: UInt8) -> Float:
    """Long horizontal strokes that cross a column, per row, (W,).

    They are counted, not measured: the heavy line of every tenth foot may run on through the depth column,
    and weighs as much as nine light ones that do not.
    """
    reach = max(9, ink.shape[1] // 60)
    strokes = cv2.morphologyEx(cv2.dilate(ink, np.ones((3, 3))), cv2.MORPH_OPEN, np.ones((1, reach)))
    begun: Float = ((strokes[1:] > 0) & (strokes[:-1] == 0)).mean(axis=0)
    return begun


def cover(blocks: Sequence[UInt8], starts: Sequence[int], shifts: Float, ruled: Float | None) -> Float:
    """How far the lines of equal depth cover each column, (W,): where they are known, else all long strokes.

    Args:
        blocks: upright ink, (h, W) each.
        starts: strip row of the first row of each.
        shifts: of each block, px.
        ruled: rows of the lines at the middle of the strip, (L,); None where they are not known.
    """
    told = cover_of(ruled, blocks, starts, shifts)
    return strokes_over(blocks, shifts) if told is None else told


def strokes_over(blocks: Sequence[UInt8], shifts: Float) -> Float:
    """Long strokes of any kind that cross each column, per row, (W,); see ``cover``."""
    across = [shifted(crossings(block), s) for block, s in zip(blocks, shifts, strict=True)]
    return np.asarray(np.mean(across, axis=0), dtype=np.float64)


def cover_of(
    ruled: Float | None, blocks: Sequence[UInt8], starts: Sequence[int], shifts: Float
) -> Float | None:
    """How far known lines of equal depth cover each column; None where these are too few; see ``cover``."""
    if ruled is None or len(ruled) < 2:
        return None
    away = min(float(np.median(np.diff(ruled))) / 2, _ASIDE)
    found = []
    for block, start, shift in zip(blocks, starts, shifts, strict=True):
        thick = cv2.dilate(block, np.ones((3, 1))) > 0
        within = (ruled >= start + 1) & (ruled < start + len(block) - 1 - away)
        at = np.round(ruled[within] - start).astype(int)
        if len(at):
            lines, between = thick[at].mean(axis=0), thick[np.round(at + away).astype(int)].mean(axis=0)
            found.append((len(at), shifted(np.maximum(lines - between, 0.0), float(shift))))
    if sum(count for count, _ in found) < _TELLING:
        return None
    weights, profiles = zip(*found, strict=True)
    return np.asarray(np.average(profiles, axis=0, weights=weights), dtype=np.float64)


def shifted(profile: Float, shift: float) -> Float:
    """The profile read ``shift`` px further right, zero beyond its ends."""
    x = np.arange(len(profile), dtype=np.float64)
    return np.interp(x + shift, x, profile, left=0.0, right=0.0)
