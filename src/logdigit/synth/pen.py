"""The pen: strokes on a canvas at twice the working resolution, and the class mask beside them.

A stroke is drawn twice: the picture has its dash gaps, ink level and anti-aliasing, and in the mask the
label of a broken line runs through its gaps. The canvas holds ``SCALE`` samples a px in each direction.
"""

from __future__ import annotations

import cv2
import numpy as np

from logdigit.synth.plan import Ink, Stroke, TrackPlan
from logdigit.types import CLASSES, Float, UInt8

SCALE = 2
SHIFT = 4
"""Fractional bits of cv2 coordinates."""


def fixed(points: Float) -> np.ndarray:
    """Sheet px (K, 2) to the fixed-point canvas coordinates that cv2 draws with."""
    canvas = points * SCALE + (SCALE - 1) / 2
    return np.rint(canvas * (1 << SHIFT)).astype(np.int32)


def _thickness(width: float) -> int:
    return max(1, round(width * SCALE))


def polylines(canvas: UInt8, lines: list[Float], ink: Ink | int, width: float, smooth: bool) -> None:
    """Draw lines (K, 2), sheet px, of a width in px, anti-aliased or hard, on a canvas in place."""
    colour = (ink,) if isinstance(ink, int) else (ink if canvas.ndim == 3 else (min(ink),))
    kind = cv2.LINE_AA if smooth else cv2.LINE_8
    cv2.polylines(canvas, [fixed(line) for line in lines], False, colour, _thickness(width), kind, SHIFT)


def pieces(x: Float, top: float = 0.0) -> list[Float]:
    """The drawn parts of a curve: one (K, 2) array of (x, y) for each run without NaN."""
    y = np.arange(len(x)) + top
    good = np.isfinite(x)
    cuts = np.flatnonzero(np.diff(good.astype(np.int8))) + 1
    parts = np.split(np.column_stack([x, y]), cuts)
    return [part for part in parts if len(part) and np.isfinite(part[0, 0])]


def dashes(line: Float, pattern: tuple[float, ...], phase: float = 0.0) -> list[Float]:
    """Cut a polyline (K, 2) into the inked parts of an on/off pattern, measured along the line.

    >>> [d[:, 1].tolist() for d in dashes(np.array([[0.0, 0.0], [0.0, 10.0]]), (3.0, 2.0))]
    [[0.0, 3.0], [5.0, 8.0]]
    """
    if len(line) < 2:
        return [line]
    arc = np.concatenate([[0.0], np.cumsum(np.hypot(*np.diff(line, axis=0).T))])
    if not pattern or arc[-1] == 0:
        return [line]
    count = int((arc[-1] + phase) / sum(pattern)) + 1
    ends = np.cumsum(np.tile(pattern, count)) - phase
    a, b = np.concatenate([[-phase], ends[1:-1:2]]), ends[::2]
    a, b = np.maximum(a, 0.0), np.minimum(b, arc[-1])
    a, b = a[b - a > 1e-9], b[b - a > 1e-9]
    # every vertex of the line and every end of a dash, once, in order along the line
    at, place = np.unique(np.concatenate([a, arc, b]), return_inverse=True)
    points = np.column_stack([np.interp(at, arc, line[:, 0]), np.interp(at, arc, line[:, 1])])
    return [points[i : j + 1] for i, j in zip(place[: len(a)], place[len(a) + len(arc) :], strict=True)]


def visible(stroke: Stroke, left: float, right: float) -> tuple[Float, np.ndarray]:
    """Where a stroke stands as a reading: wrapped x (H,) px, NaN off scale, and its turns (H,) int8."""
    width = right - left
    with np.errstate(invalid="ignore"):
        turns = np.floor((stroke.x - left) / width)
    if stroke.edge == "wrap":
        turns = np.where(stroke.x == right, 0, turns)
        clean = np.nan_to_num(turns).clip(-100, 100)
        return stroke.x - clean * width, clean.astype(np.int8)
    on_scale = (stroke.x >= left) & (stroke.x <= right)
    return np.where(on_scale, stroke.x, np.nan), np.zeros(len(stroke.x), np.int8)


def draw_stroke(
    image: UInt8, mask: UInt8, stroke: Stroke, track: TrackPlan, rng: np.random.Generator
) -> None:
    """Draw a stroke of ``track`` on the picture and its label on the mask, both in place."""
    left, right = track.left, track.right
    x = stroke.x
    if stroke.edge == "peg":
        inset = stroke.width / 2
        x = np.clip(x, left + inset, right - inset)
    lines = pieces(x)
    if not lines:
        return
    phase = float(rng.uniform(0, sum(stroke.pattern) or 1.0))
    inked = [part for line in lines for part in dashes(line, stroke.pattern, phase)]
    if stroke.scatter > 0:
        inked = [part + np.array([rng.normal(0, stroke.scatter), 0.0]) for part in inked]
    label = CLASSES.index(stroke.style)
    first, last = 0, 0
    window = slice(0, image.shape[1])
    offset = 0.0
    if stroke.edge != "over":  # drawing on a view of the canvas clips at the track's edges
        window = slice(max(0, round(left * SCALE)), max(0, round((right + 1) * SCALE)))
        offset = window.start / SCALE
    if stroke.edge == "wrap":
        good = x[np.isfinite(x)]
        first, last = (int(np.floor((v - left) / (right - left))) for v in (good.min(), good.max()))
        first, last = max(first, -6), min(last, 6)
    if window.stop <= window.start or image[:, window].size == 0:
        return
    for turn in range(first, last + 1):
        shift = np.array([offset + turn * (right - left), 0.0])
        polylines(image[:, window], [line - shift for line in inked], stroke.ink, stroke.width, True)
        polylines(mask[:, window], [line - shift for line in lines], label, max(stroke.width, 2.0), False)
