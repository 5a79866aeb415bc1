"""Lines of equal depth beside the depth column: how strongly each row of the strip is ruled.

The line gives the depth its place, not the figure, so it is measured to a fraction of a pixel: the share of
the paper beside the column that is covered by long horizontal strokes, row by row, with the paper sheared so
that each stroke lies level. The slope of the strokes drifts along a strip: each piece has its own.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise

import cv2
import numpy as np
from scipy.ndimage import maximum_filter1d, median_filter

from logdigit.paper.column import Column
from logdigit.paper.skew import seen_strokes
from logdigit.types import Float, Strip, UInt8

UNITS = (0.1, 0.2, 0.25, 0.4, 0.5, 1.0, 2.0, 2.5, 4.0, 5.0, 10.0, 20.0, 25.0, 50.0, 100.0)
"""Depth units from one line to the next; on millimetre paper at 1:200 and 1:2000 they are 0.4 and 4 m."""
FINEST_PX = 7.0
"""Lines nearer than this run into each other."""
_PIECE = 1536
_STRIPE = 48
"""Columns of one stripe, which is shifted as a whole, px."""
_REACH = 0.24
"""How far from the column paper is looked at, share of the strip's width: nearer lines tell more."""
_STAYS = 31
"""Rows in half of which a rule is not."""
_LEVEL = 7
"""Rows within which the two ends of a rule stand level."""
_ONE_SIDED = 0.2
"""Share that is left of a stroke seen on one side of the column only."""


@dataclass(frozen=True)
class Ruling:
    """Horizontal rules beside a column, row by row.

    Attributes:
        top: strip row of the first sample.
        cover: share of the paper beside the column that is ruled, (H,), at the column's middle.
    """

    top: int
    cover: Float


def rule(
    strip: Strip,
    column: Column,
    top: int,
    bottom: int,
    course: Sequence[tuple[float, float]],
    faint: bool = False,
) -> Ruling:
    """Measure the rules beside a column between two rows.

    Args:
        strip: the scan.
        column: the depth column.
        top: first row.
        bottom: one past the last row.
        course: (row, slope of the lines of equal depth, strip px down per px to the right), as
            ``drift.find_course`` gives it: measured over the whole width, for beside the column there is too
            little paper to tell a few lines from the flat strokes of a curve.
        faint: see lines that are pale, or broken into dots; strokes of curves that run nearly flat are seen
            with them.
    """
    at, slopes = np.array(course).T
    cover = np.zeros(bottom - top)
    margin = 48
    for first in range(top, bottom, _PIECE):
        last = min(bottom, first + _PIECE)
        lo, hi = max(0, first - margin), min(strip.height, last + margin)
        slope = float(np.interp((first + last) / 2, at, slopes))
        stripes, offsets = _stripes(strip, column, lo, hi, faint)
        if len(stripes):
            cover[first - top : last - top] = _levelled(stripes, offsets, slope)[first - lo : last - lo]
    return Ruling(top, cover)


def _stripes(strip: Strip, column: Column, top: int, bottom: int, faint: bool) -> tuple[Float, Float]:
    """Profiles of ruled rows of stripes left and right of the column, (S, h), and their x from its middle."""
    ink, strokes = seen_strokes(strip.read(top, bottom), max(12, strip.width // 60), faint)
    ruled: UInt8 = np.asarray(cv2.bitwise_and(strokes, ink), dtype=np.uint8)
    middle = column.x_at((top + bottom) / 2)
    near = column.width * 0.7 + 0.008 * strip.width
    far = near + _REACH * strip.width
    stripe = max(16, round(_STRIPE * strip.width / 2000))
    edges = [middle - far, middle - near, middle + near, middle + far]
    profiles, offsets = [], []
    for a, b in (edges[:2], edges[2:]):
        cuts = np.arange(max(0, round(a)), min(strip.width, round(b)) + 1, stripe)
        for left, right in pairwise(cuts):
            profile = ruled[:, left:right].mean(axis=1) / 255.0
            # what stays from row to row is a picture or a wide upright stroke, never a rule
            profiles.append(np.maximum(profile - median_filter(profile, _STAYS), 0.0))
            offsets.append((left + right - 1) / 2 - middle)
    return np.array(profiles), np.array(offsets)


def _levelled(stripes: Float, offsets: Float, slope: float) -> Float:
    """Mean profile with each stripe shifted to the column's middle, (h,).

    Where one side of the column is not ruled (a picture, blank paper), it is left out.
    """
    rows = np.arange(stripes.shape[1], dtype=np.float64)
    moved = np.array([np.interp(rows + slope * x, rows, s) for s, x in zip(stripes, offsets, strict=True)])
    sides = [moved[offsets < 0], moved[offsets > 0]]
    busy = [float(np.square(np.diff(side.mean(axis=0))).sum()) if len(side) else 0.0 for side in sides]
    kept = [side for side, b in zip(sides, busy, strict=True) if b > 0.3 * max(busy)] or [moved]
    profiles = [side.mean(axis=0) for side in kept]
    mean: Float = np.mean(profiles, axis=0)
    if len(profiles) < 2:
        return mean
    # a rule runs on both sides of the column, the stroke of a curve on one of them
    lesser: Float = np.min([maximum_filter1d(profile, _LEVEL) for profile in profiles], axis=0)
    out: Float = np.minimum(mean, lesser + _ONE_SIDED * mean)
    return out


@dataclass(frozen=True)
class Lines:
    """Single rules: rows (L,), sub-pixel, increasing, and how strong each is (L,): cover x thickness."""

    rows: Float
    strength: Float


def lines_in(ruling: Ruling, least: float = 0.12, reach: int = 3) -> Lines:
    """The rules of a ruling as single lines."""
    cover = ruling.cover
    tops = np.flatnonzero((cover >= least) & (cover >= maximum_filter1d(cover, 2 * reach + 1)))
    rows, strength = [], []
    last = -reach - 1
    for k in (int(t) for t in tops):
        if k - last <= reach:
            continue
        last = k
        lo, hi = max(0, k - 5), min(len(cover), k + 6)
        part = np.where(cover[lo:hi] >= 0.4 * cover[k], cover[lo:hi], 0.0)
        a = k - lo
        while a > 0 and part[a - 1] > 0:
            a -= 1
        b = k - lo
        while b + 1 < len(part) and part[b + 1] > 0:
            b += 1
        inner = part[a : b + 1]
        rows.append(ruling.top + lo + a + float((inner * np.arange(len(inner))).sum() / inner.sum()))
        strength.append(float(inner.sum()))
    return Lines(np.array(rows), np.array(strength))
