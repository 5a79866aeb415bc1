"""The printing press: draws the plan of a sheet, picture and class mask."""

from __future__ import annotations

from collections.abc import Iterator

import cv2
import numpy as np

from logdigit.synth.pen import SCALE, SHIFT, dashes, draw_stroke, fixed, pieces, polylines
from logdigit.synth.plan import Ink, Label, SheetPlan, TrackPlan
from logdigit.types import CLASSES, Float, UInt8


def grid_lines(track: TrackPlan, height: float) -> Iterator[tuple[float, Float]]:
    """The lines of a track's grid down to row ``height``: width px and ends (2, 2) sheet px of each."""
    grid, left, right = track.grid, track.left, track.right
    for u, width in grid.verticals:
        x = left + u * (right - left)
        yield width, np.array([[x, grid.top], [x, height]])
    if grid.pitch <= 0:
        return
    for number, y in enumerate(np.arange(grid.phase, height, grid.pitch)):
        heavy = grid.heavy > 0 and number % grid.heavy == 0
        ends = [(left, right)]
        if grid.ticks and not heavy:
            ends = [(left, left + grid.ticks), (right - grid.ticks, right)]
        for pair in ends:
            yield grid.widths[heavy], np.array([[x, y] for x in pair])


def _draw_grid(image: UInt8, track: TrackPlan, rng: np.random.Generator) -> None:
    grid = track.grid
    height = min(image.shape[0] / SCALE, grid.bottom)
    layer: UInt8 = np.full(image.shape[:2], 255, np.uint8)
    for width, line in grid_lines(track, height):
        on_off = grid.pattern if width <= grid.widths[0] else ()
        polylines(layer, dashes(line, on_off), 0, width, True)
    if grid.fur > 0:
        coarse = rng.normal(0, 1, (layer.shape[0] // 2 + 1, layer.shape[1] // 2 + 1)).astype(np.float32)
        rough = np.asarray(cv2.resize(coarse, layer.shape[::-1], interpolation=cv2.INTER_LINEAR))
        soft = cv2.GaussianBlur(layer, (0, 0), 0.6 + grid.fur * SCALE / 2)
        layer = np.where(soft < 255 * (0.62 + 0.22 * rough), 0, 255).astype(np.uint8)
    if grid.wholeness < 1:
        grain = float(rng.choice([2, 4, 12]))
        size = (max(2, int(layer.shape[1] / grain)), max(2, int(layer.shape[0] / grain)))
        broken = cv2.resize(rng.random(size[::-1], dtype=np.float32), layer.shape[::-1])
        layer[broken > 0.5 + (grid.wholeness - 0.5) * 0.8] = 255
    _blend(image, layer, grid.ink)


def _blend(image: UInt8, layer: UInt8, ink: Ink) -> None:
    """Lay a layer (0 = ink) on the picture in place; where both hold ink the darker wins."""
    if image.ndim == 2:
        np.minimum(image, cv2.max(layer, min(ink)), out=image)  # type: ignore[call-overload]
        return
    for channel in range(3):
        image[..., channel] = np.minimum(image[..., channel], np.maximum(layer, ink[channel]))


def _draw_fill(image: UInt8, track: TrackPlan) -> None:
    if track.fill is None:
        return
    number, kind = track.fill
    x = np.clip(track.strokes[number].x, track.left, track.right)
    layer: UInt8 = np.full(image.shape[:2], 255, np.uint8)
    for line in pieces(x):
        edge = np.array([[track.left, line[-1, 1]], [track.left, line[0, 1]]])
        cv2.fillPoly(layer, [fixed(np.concatenate([line, edge]))], (0,), shift=SHIFT)
    if kind == "hatch":
        diagonal = np.arange(layer.shape[0])[:, None] + np.arange(layer.shape[1])
        layer[(diagonal % (8 * SCALE)) >= SCALE] = 255
    elif kind == "grey":
        layer = np.maximum(layer, 190)
    _blend(image, layer, (0, 0, 0))


def _draw_label(image: UInt8, label: Label) -> None:
    size, _ = cv2.getTextSize(label.text, label.font, label.size * SCALE, label.width * SCALE)
    pad = 4 * SCALE
    patch = np.full((size[1] + 2 * pad, size[0] + 2 * pad), 255, np.uint8)
    origin = (pad, pad + size[1])
    cv2.putText(
        patch, label.text, origin, label.font, label.size * SCALE, (0,), label.width * SCALE, cv2.LINE_AA
    )
    if label.turned:
        patch = np.rot90(patch)
    left, bottom = round(label.x * SCALE), round(label.y * SCALE)
    top = bottom - patch.shape[0]
    a, b = max(0, top), min(image.shape[0], bottom)
    c, d = max(0, left), min(image.shape[1], left + patch.shape[1])
    if a < b and c < d:
        _blend(
            image[a:b, c:d], np.ascontiguousarray(patch[a - top : b - top, c - left : d - left]), label.ink
        )


def draw(plan: SheetPlan, colour: bool = False) -> tuple[UInt8, UInt8]:
    """Draw a sheet.

    Args:
        plan: what lies on it.
        colour: RGB picture; otherwise grey, each ink at its darkest channel.

    Returns:
        Picture ``(H * SCALE, W * SCALE[, 3])`` and class mask ``(H * SCALE, W * SCALE)``, both uint8.
    """
    rng = np.random.default_rng(plan.seed)
    shape = (plan.height * SCALE, plan.width * SCALE)
    image: UInt8 = (
        np.full((*shape, 3), plan.paper, np.uint8) if colour else np.full(shape, min(plan.paper), np.uint8)
    )
    mask: UInt8 = np.zeros(shape, np.uint8)
    for track in plan.tracks:
        _draw_fill(image, track)
        _draw_grid(image, track, rng)
    for track in plan.tracks:
        for stroke in track.strokes:
            draw_stroke(image, mask, stroke, track, rng)
    for mark in plan.marks:
        points = np.concatenate([mark.points, mark.points[:1]]) if mark.closed else mark.points
        polylines(image, [points], mark.ink, mark.width, True)
    for label in plan.labels:
        _draw_label(image, label)
    return image, mask


def reduce_mask(mask: UInt8) -> UInt8:
    """Canvas mask to sheet px: a px belongs to a class that covers at least half of it (later wins)."""
    size = (mask.shape[1] // SCALE, mask.shape[0] // SCALE)
    out: UInt8 = np.zeros(size[::-1], np.uint8)
    for label in range(1, len(CLASSES)):
        here = (mask == label).view(np.uint8) * np.uint8(255)
        share = np.asarray(cv2.resize(here, size, interpolation=cv2.INTER_AREA))

        out[share >= 127] = label
    return out
