"""Print on a page: text in a typeface, at any quarter turn, on a canvas at the pen's resolution.

Coordinates are sheet px; a text is placed by its middle line (half its capitals' height), which is what
people align figures with grid lines by.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache
from typing import Literal

import cv2
import numpy as np
from PIL import Image, ImageDraw, ImageFont

from logdigit.synth.clutter import FONTS
from logdigit.synth.pen import SCALE
from logdigit.synth.plan import Ink
from logdigit.types import UInt8

HELD_OUT_FONT = "aileron"
"""A typeface that no training corpus contains: the one that Pillow brings along."""

Turn = Literal[0, 90, 270]
"""Degrees clockwise: 90 reads downwards, 270 upwards."""
Anchor = Literal["left", "middle", "right"]

_MARGIN = 0.45
"""White around a text in its bitmap, share of the capitals' height: room for descenders."""


@dataclass(frozen=True)
class Typeface:
    """A font of `clutter.FONTS` by its number, or the held-out one by its name; ``bold`` or not."""

    font: int | str = FONTS[0]
    bold: bool = False

    @property
    def held_out(self) -> bool:
        """Whether no training corpus has it."""
        return self.font == HELD_OUT_FONT


def random_typeface(rng: np.random.Generator, held_out: bool) -> Typeface:
    """The typeface of a page."""
    bold = bool(rng.random() < 0.3)
    upright = FONTS[:5]  # the sixth is a script
    return Typeface(HELD_OUT_FONT if held_out else int(rng.choice(upright)), bold)


@lru_cache(maxsize=64)
def _aileron(size: int) -> ImageFont.FreeTypeFont:
    font = ImageFont.load_default(size)
    assert isinstance(font, ImageFont.FreeTypeFont)
    return font


@lru_cache(maxsize=512)
def bitmap(text: str, cap: float, face: Typeface) -> UInt8:
    """A text at canvas resolution, (h, w) uint8, 255 paper; its middle line is the middle row.

    Args:
        text: one line.
        cap: height of the capitals, sheet px.
        face: typeface.
    """
    tall = cap * SCALE
    margin = max(2, round(_MARGIN * tall))
    baseline = margin + round(tall)
    if isinstance(face.font, str):
        font = _aileron(round(tall / 0.7))  # the capitals of this face are 0.7 of its size
        width = int(font.getlength(text)) + 2 * margin
        picture = Image.new("L", (width, baseline + margin), 255)
        stroke = 0.03 * tall if face.bold else 0.0
        ImageDraw.Draw(picture).text(
            (margin, baseline), text, fill=0, font=font, anchor="ls", stroke_width=stroke
        )
        return _cropped(np.array(picture, np.uint8), margin)
    scale, width_px = tall / _cap_height(face.font), 2 if face.bold else 1
    (width, _), _ = cv2.getTextSize(text, face.font, scale, width_px)
    out: UInt8 = np.full((baseline + margin, width + 2 * margin + 4), 255, np.uint8)
    cv2.putText(out, text, (margin, baseline), face.font, scale, (0,), width_px, cv2.LINE_AA)
    return _cropped(out, margin)


@lru_cache(maxsize=16)
def _cap_height(font: int) -> float:
    """Height of a capital at size 1, px, measured on a large one."""
    out = np.full((400, 400), 255, np.uint8)
    cv2.putText(out, "H", (50, 300), font, 8.0, (0,), 1, cv2.LINE_AA)
    return float(np.ptp(np.flatnonzero((out < 128).any(axis=1))) + 1) / 8.0


def _cropped(picture: UInt8, margin: int) -> UInt8:
    """The picture without white columns beside its ink, but for a little air."""
    inked = np.flatnonzero((picture < 200).any(axis=0))
    if not len(inked):
        return picture[:, :1]
    air = margin // 4
    return picture[:, max(0, inked[0] - air) : inked[-1] + 1 + air]


def length(text: str, cap: float, face: Typeface) -> float:
    """Length of a text, sheet px."""
    return float(bitmap(text, cap, face).shape[1] / SCALE)


def write(
    canvas: UInt8,
    text: str,
    x: float,
    y: float,
    cap: float,
    face: Typeface,
    anchor: Anchor = "left",
    turn: Turn = 0,
    ink: Ink = (0, 0, 0),
    most: float = float("inf"),
) -> None:
    """Write a text on a canvas, in place.

    Args:
        canvas: ``(H * SCALE, W * SCALE[, 3])`` uint8.
        text: one line.
        x: of its left end, middle or right end (``anchor``, in reading direction), sheet px.
        y: of the same point, on the middle line.
        cap: height of the capitals, sheet px.
        face: typeface.
        anchor: which point of the text lies at (x, y).
        turn: degrees clockwise.
        ink: RGB.
        most: room for it, sheet px; a longer text is set smaller.
    """
    if not text:
        return
    long = length(text, cap, face)
    patch = bitmap(text, cap * min(1.0, most / long), face)
    along = {"left": 0.0, "middle": 0.5, "right": 1.0}[anchor] * patch.shape[1]
    across = patch.shape[0] / 2
    patch = np.rot90(patch, -turn // 90)
    left, top = {
        0: (x * SCALE - along, y * SCALE - across),
        90: (x * SCALE - across, y * SCALE - along),
        270: (x * SCALE - across, y * SCALE - (patch.shape[0] - along)),
    }[turn]
    lay(canvas, np.ascontiguousarray(patch), round(left), round(top), ink)


def lay(canvas: UInt8, patch: UInt8, left: int, top: int, ink: Ink = (0, 0, 0)) -> None:
    """Lay a grey picture (0 = ink) on a canvas, in place, at canvas px; the darker of the two stays."""
    a, b = max(0, top), min(canvas.shape[0], top + patch.shape[0])
    c, d = max(0, left), min(canvas.shape[1], left + patch.shape[1])
    if a >= b or c >= d:
        return
    here, patch = canvas[a:b, c:d], patch[a - top : b - top, c - left : d - left]
    if canvas.ndim == 2:
        np.minimum(here, np.maximum(patch, np.uint8(min(ink))), out=here)
        return
    for channel in range(3):
        np.minimum(here[..., channel], np.maximum(patch, np.uint8(ink[channel])), out=here[..., channel])
