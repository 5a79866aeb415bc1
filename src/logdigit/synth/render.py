"""The pen: draws tracks, grids, text and strokes on a canvas at twice the working resolution.

Everything is drawn twice: the picture (with dash gaps, ink levels, anti-aliasing) and the class mask, in
which the label of a broken line runs through its gaps. Coordinates are in sheet px at the working
resolution with pixel centres at integers; the canvas holds ``SCALE`` samples a px in each direction.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

import cv2
import numpy as np

from logdigit.types import CLASSES, Float, Style, UInt8

SCALE = 2
_SHIFT = 4  # fractional bits of cv2 coordinates

Edge = Literal["wrap", "peg", "leave", "over"]
Ink = tuple[int, int, int]


@dataclass(frozen=True)
class Stroke:
    """One curve as the pen draws it.

    Attributes:
        x: (H,) sheet px, unwrapped: may lie outside the track; NaN where nothing is drawn.
        style: line style.
        width: stroke width, px.
        ink: RGB of the ink.
        pattern: on, off, on, off ... lengths along the line, px; empty for a solid line.
        edge: what happens off scale: re-enter (wrap), stand at the edge (peg), stop (leave), go on (over).
    """

    x: Float
    style: Style
    width: float
    ink: Ink = (0, 0, 0)
    pattern: tuple[float, ...] = ()
    edge: Edge = "leave"


@dataclass(frozen=True)
class Grid:
    """The printed grid of a track: vertical lines at ``u`` in 0..1, horizontal ones every ``pitch`` rows.

    Attributes:
        verticals: (u, width px) pairs.
        pitch: rows between horizontal lines, px; 0 for none.
        phase: row of the first one.
        heavy: every n-th horizontal line is heavy; 0 for never.
        widths: width px of thin and heavy horizontal lines.
        ink: RGB.
        wholeness: share of the line that took ink; 1 for an unbroken line.
        fur: how far the lines are roughened, px.
        top: row at which the vertical lines begin, px; horizontal ones begin at ``phase``.
    """

    verticals: tuple[tuple[float, float], ...]
    pitch: float
    phase: float
    heavy: int
    widths: tuple[float, float]
    ink: Ink = (0, 0, 0)
    wholeness: float = 1.0
    fur: float = 0.0
    top: float = -1.0


@dataclass(frozen=True)
class TrackPlan:
    """A track of a sheet: edges in px, its grid, the strokes from bottom to top."""

    left: float
    right: float
    grid: Grid
    strokes: tuple[Stroke, ...]
    fill: tuple[int, str] | None = (
        None  # (stroke number, "grey" | "hatch" | "black"): shaded to the left edge
    )


@dataclass(frozen=True)
class Label:
    """Text on the sheet: (x, y) of its lower left corner, px; ``turned`` reads upwards."""

    text: str
    x: float
    y: float
    size: float
    turned: bool = False
    width: int = 1
    font: int = cv2.FONT_HERSHEY_SIMPLEX
    ink: Ink = (0, 0, 0)


@dataclass(frozen=True)
class Mark:
    """A polyline that is no curve (pip, arrow, flag, pen scratch): points (K, 2) px."""

    points: Float
    width: float
    ink: Ink = (0, 0, 0)
    closed: bool = False


@dataclass(frozen=True)
class SheetPlan:
    """A sheet before it is drawn: size in px, what lies on it, and the seed of its broken ink."""

    height: int
    width: int
    tracks: tuple[TrackPlan, ...]
    labels: tuple[Label, ...] = ()
    marks: tuple[Mark, ...] = ()
    paper: Ink = (255, 255, 255)
    seed: int = 0


def _fixed(points: Float) -> np.ndarray:
    """Sheet px (K, 2) to the fixed-point canvas coordinates that cv2 draws with."""
    canvas = points * SCALE + (SCALE - 1) / 2
    return np.rint(canvas * (1 << _SHIFT)).astype(np.int32)


def _thickness(width: float) -> int:
    return max(1, round(width * SCALE))


def _polylines(canvas: UInt8, lines: list[Float], ink: Ink | int, width: float, smooth: bool) -> None:
    colour = (ink,) if isinstance(ink, int) else (ink if canvas.ndim == 3 else (min(ink),))
    kind = cv2.LINE_AA if smooth else cv2.LINE_8
    cv2.polylines(canvas, [_fixed(line) for line in lines], False, colour, _thickness(width), kind, _SHIFT)


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
    ends = np.cumsum(np.tile(pattern, int((arc[-1] + phase) / sum(pattern)) + 1)) - phase
    starts = np.concatenate([[-phase], ends[:-1]])
    out = []
    for a, b in zip(starts[::2], ends[::2], strict=True):
        a, b = max(float(a), 0.0), min(float(b), float(arc[-1]))
        if b <= a:
            continue
        i, j = np.searchsorted(arc, [a, b])
        inner = np.arange(i, j)
        at = np.concatenate([[a], arc[inner], [b]])
        points = np.column_stack([np.interp(at, arc, line[:, 0]), np.interp(at, arc, line[:, 1])])
        keep = np.concatenate([[True], np.diff(at) > 1e-9])
        out.append(points[keep])
    return out


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


def _draw_stroke(image: UInt8, mask: UInt8, stroke: Stroke, track: TrackPlan, phase: float) -> None:
    left, right = track.left, track.right
    x = stroke.x
    if stroke.edge == "peg":
        inset = stroke.width / 2
        x = np.clip(x, left + inset, right - inset)
    lines = pieces(x)
    if not lines:
        return
    inked = [part for line in lines for part in dashes(line, stroke.pattern, phase)]
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
        _polylines(image[:, window], [line - shift for line in inked], stroke.ink, stroke.width, True)
        _polylines(mask[:, window], [line - shift for line in lines], label, max(stroke.width, 2.0), False)


def _draw_grid(image: UInt8, track: TrackPlan, rng: np.random.Generator) -> None:
    grid, height = track.grid, image.shape[0] / SCALE
    layer: UInt8 = np.full(image.shape[:2], 255, np.uint8)
    for u, width in grid.verticals:
        x = track.left + u * (track.right - track.left)
        _polylines(layer, [np.array([[x, grid.top], [x, height]])], 0, width, True)
    if grid.pitch > 0:
        rows = np.arange(grid.phase, height, grid.pitch)
        for number, y in enumerate(rows):
            heavy = grid.heavy > 0 and number % grid.heavy == 0
            _polylines(layer, [np.array([[track.left, y], [track.right, y]])], 0, grid.widths[heavy], True)
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
        cv2.fillPoly(layer, [_fixed(np.concatenate([line, edge]))], (0,), shift=_SHIFT)
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
            _draw_stroke(image, mask, stroke, track, rng.uniform(0, sum(stroke.pattern) or 1.0))
    for mark in plan.marks:
        points = np.concatenate([mark.points, mark.points[:1]]) if mark.closed else mark.points
        _polylines(image, [points], mark.ink, mark.width, True)
    for label in plan.labels:
        _draw_label(image, label)
    return image, mask


def reduce_mask(mask: UInt8) -> UInt8:
    """Canvas mask to sheet px: a px belongs to a class that covers at least half of it (later wins)."""
    height, width = mask.shape[0] // SCALE, mask.shape[1] // SCALE
    blocks = mask.reshape(height, SCALE, width, SCALE)
    out: UInt8 = np.zeros((height, width), np.uint8)
    for label in range(1, len(CLASSES)):
        out[(blocks == label).sum(axis=(1, 3)) * 2 >= SCALE * SCALE] = label
    return out
