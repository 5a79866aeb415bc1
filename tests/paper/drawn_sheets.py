"""A drawn strip, and sheets of it with their place known."""

from __future__ import annotations

import math

import cv2
import numpy as np

from logdigit.paper.raster import ArrayPage
from logdigit.types import Float, UInt8

WIDTH = 700


def draw_log(
    height: int, seed: int, *, curves: bool = True, edges: tuple[int, ...] = (20, 290, 400, 680)
) -> UInt8:
    """A two-level log of two tracks: grid lines every 20 px, heavy every 100, wandering curves, figures."""
    out = np.full((height, WIDTH), 255, dtype=np.uint8)
    rng = np.random.default_rng(seed)
    for left, right in (edges[:2], edges[2:]):
        for k, x in enumerate(np.linspace(left, right, 11).round().astype(int)):
            out[:, x : x + (3 if k in (0, 10) else 1)] = 0
        for row in range(7, height, 20):
            out[row : row + (3 if row % 100 == 7 else 1), left:right] = 0
        for _ in range(2 if curves else 0):
            steps = np.cumsum(rng.normal(0, 2.2, height))
            x = left + (right - left) * (0.5 + 0.45 * np.sin(steps / 25 + rng.uniform(0, 6)))
            points = np.column_stack([x, np.arange(height)]).round().astype(np.int32)
            cv2.polylines(out, [points.reshape(-1, 1, 2)], False, (0,), 2)
    for number, row in enumerate(range(107, height, 200)):
        text = str(1000 + 10 * number + int(rng.integers(9)) * 1000)
        cv2.putText(out, text, (edges[1] + 20, row), cv2.FONT_HERSHEY_SIMPLEX, 0.8, (0,), 2)
    return np.where(out < 128, 0, 255).astype(np.uint8)  # cv2 smooths letters


def sheet(
    strip: UInt8,
    top: int,
    bottom: int,
    name: str,
    *,
    turn_deg: float = 0.0,
    scale: float = 1.0,
    grey: int = 128,
) -> tuple[ArrayPage, Float]:
    """Rows of a strip scanned anew, and the (3, 3) map from px of that sheet to px of the strip."""
    turn = math.radians(turn_deg)
    size = (round(scale * strip.shape[1]), round(scale * (bottom - top)))
    linear = np.array([[math.cos(turn), -math.sin(turn)], [math.sin(turn), math.cos(turn)]]) / scale
    middle = np.array([(strip.shape[1] - 1) / 2, (top + bottom - 1) / 2])
    move = middle - linear @ np.array([(size[0] - 1) / 2, (size[1] - 1) / 2])
    matrix = np.column_stack([linear, move])
    flags = cv2.INTER_LINEAR | cv2.WARP_INVERSE_MAP
    out = cv2.warpAffine(strip, matrix, size, flags=flags, borderValue=(255,))
    pixels = np.where(np.asarray(out) < grey, 0, 255).astype(np.uint8)
    return ArrayPage(pixels, (200.0, 200.0), name, 0), np.vstack([matrix, [0.0, 0.0, 1.0]])
