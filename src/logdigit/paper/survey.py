"""The whole strip at a glance: which rows carry a log, judged by vertical lines that persist.

A heading has boxes, a log has a grid: the same vertical lines, block after block. A strip is looked at in
blocks of rows some way apart; bodies of logs are runs of blocks whose lines stand where those of their
neighbours stand.
"""

from __future__ import annotations

from dataclasses import dataclass

import cv2
import numpy as np
from scipy.ndimage import maximum_filter1d, uniform_filter1d

from logdigit.paper.skew import ink_mask
from logdigit.types import Float, Float32, Strip, UInt8

BLOCK_ROWS = 96
_EVERY = 192
"""Rows from one block to the next, at 200 dpi."""
_MIN_LINES = 4
_ALIKE = 0.5
"""Least correlation of the line profiles of two blocks of one body."""


@dataclass(frozen=True)
class Survey:
    """What was seen of a strip.

    Attributes:
        rows: first row of each block, (B,), strip px.
        every: rows from one block to the next.
        upright: share of the rows of a block in which a column belongs to a long vertical stroke, (B, W).
        ink: share of dark pixels of a block, (B,).
    """

    rows: Float
    every: int
    upright: Float32
    ink: Float


def survey(strip: Strip) -> Survey:
    """Look at a strip in blocks, top to bottom."""
    scale = float(np.clip(strip.width / 1700, 0.35, 1.6))
    height, every = max(24, round(BLOCK_ROWS * scale)), max(48, round(_EVERY * scale))
    tops = np.arange(0, max(1, strip.height - height), every)
    upright, ink = [], []
    for top in tops:
        mask = ink_mask(strip.read(int(top), min(strip.height, int(top) + height)))
        upright.append(vertical_share(mask))
        ink.append(float((mask > 0).mean()))
    return Survey(tops.astype(np.float64), every, np.array(upright, dtype=np.float32), np.array(ink))


def vertical_share(mask: UInt8) -> Float32:
    """Share of the rows in which a column belongs to a long vertical stroke, (W,)."""
    reach = min(mask.shape[0], max(12, mask.shape[1] // 50))
    wide = cv2.dilate(mask, np.ones((5, 3)))  # bridges broken lines, allows a degree of lean
    strokes = cv2.morphologyEx(wide, cv2.MORPH_OPEN, np.ones((reach, 1)))
    return np.asarray(((strokes > 0) & (mask > 0)).mean(axis=0), dtype=np.float32)


def lines_of(profile: Float32) -> int:
    """How many vertical lines stand in a profile."""
    reach = max(3, len(profile) // 250)
    smooth = uniform_filter1d(profile.astype(np.float64), 3)
    tops = (smooth >= 0.2) & (smooth >= maximum_filter1d(smooth, 2 * reach + 1))
    where = np.flatnonzero(tops)
    return int(1 + (np.diff(where) > reach).sum()) if len(where) else 0


def likeness(upper: Float32, lower: Float32) -> float:
    """Correlation of two profiles at the best small shift, 0 to 1."""
    reach = max(3, len(upper) // 250)
    a, b = (uniform_filter1d(p.astype(np.float64), reach) for p in (upper, lower))
    a, b = a - a.mean(), b - b.mean()
    scale = float(np.sqrt((a @ a) * (b @ b)))
    if scale <= 1e-9:
        return 0.0
    best = 0.0
    for shift in range(-2 * reach, 2 * reach + 1):
        best = max(best, float(np.roll(a, shift) @ b) / scale)
    return best


def bodies(seen: Survey, height: int, width: int) -> list[tuple[int, int]]:
    """Runs of rows that carry a grid, (top, bottom) in strip px, longer than a quarter of the width."""
    count = len(seen.rows)
    lines = np.array([lines_of(p) for p in seen.upright])
    alike = np.array([likeness(seen.upright[k], seen.upright[k + 1]) for k in range(count - 1)] or [0.0])
    joined = np.zeros(count, dtype=bool)
    for k in range(count - 1):
        if alike[k] >= _ALIKE and min(lines[k], lines[k + 1]) >= _MIN_LINES:
            joined[k] = True
    out: list[list[int]] = []
    for k in range(count - 1):
        if not joined[k]:
            continue
        if out and k <= out[-1][1] + 2 and likeness(seen.upright[out[-1][1]], seen.upright[k]) >= _ALIKE:
            out[-1][1] = k + 1  # a smear or a tear of one or two blocks does not end a log
        else:
            out.append([k, k + 1])
    least = width / 4
    found = [(int(seen.rows[a]), int(min(height, seen.rows[b] + seen.every))) for a, b in out]
    return [(top, bottom) for top, bottom in found if bottom - top >= least]
