"""What happens to a sheet between the printer and the file: geometry, ink, copier, scanner.

Each kind of wear is a small function on a picture at canvas resolution (``render.SCALE`` samples a px) or
at sheet resolution; `Wear` holds their strengths, `scan` applies them in the order in which paper suffers.
"""

from __future__ import annotations

from dataclasses import dataclass

import cv2
import numpy as np

from logdigit.synth.render import SCALE, reduce_mask
from logdigit.types import Float, UInt8


@dataclass(frozen=True)
class Wear:
    """How badly a sheet was treated; the defaults leave it as printed.

    Attributes:
        skew: rise of a line of equal depth, px down per px to the right.
        wave: amplitude (px) and period (px) of a sideways wander of the paper.
        stretch: px of paper at the end of the feed per px printed.
        fade: depth of the unevenness of the ink, 0..1.
        light: depth of the unevenness of the light, 0..1.
        bleed: spread of the ink, sheet px; negative thins it.
        blur: blur of the optics, sheet px sigma.
        noise: noise of the sensor, grey levels sigma.
        copies: photocopy generations, each blurs and thresholds at canvas resolution.
        bilevel: how the scanner thresholds: "" (grey), "scan" (at working dpi), "fine" (at twice it).
        threshold: grey level below which ink is black, 0..255.
        coarse: working px per scanned px; 1.0 scans at the working resolution, 2.0 at half of it.
        speckle: black (and white) specks per 1000 px.
        jpeg: quality; 0 for none.
    """

    skew: float = 0.0
    wave: tuple[float, float] = (0.0, 300.0)
    stretch: float = 1.0
    fade: float = 0.0
    light: float = 0.0
    bleed: float = 0.0
    blur: float = 0.0
    noise: float = 0.0
    copies: int = 0
    bilevel: str = ""
    threshold: float = 150.0
    coarse: float = 1.0
    speckle: float = 0.0
    jpeg: int = 0

    def kinds(self) -> tuple[str, ...]:
        """Names of what was done, for a manifest."""
        plain = Wear()
        return tuple(
            name for name in self.__dataclass_fields__ if getattr(self, name) != getattr(plain, name)
        )


def random_wear(rng: np.random.Generator) -> Wear:
    """A treatment as archives show it: two thirds bilevel, most of it mild, some of it awful."""
    harsh = float(rng.choice([0.25, 1.0, 1.8], p=[0.35, 0.45, 0.2]))
    kind = rng.choice(["", "scan", "fine"], p=[0.34, 0.38, 0.28])
    skew = float(rng.normal(0, 0.006) if rng.random() < 0.5 else 0.0)
    amplitude = float(rng.uniform(0, 1.5 * harsh)) if rng.random() < 0.15 else 0.0
    period = float(rng.uniform(150, 900))
    return Wear(
        skew=skew,
        wave=(amplitude, period) if amplitude else Wear.wave,
        fade=float(rng.uniform(0, 0.45 * harsh)) if rng.random() < 0.4 else 0.0,
        light=float(rng.uniform(0, 0.3 * harsh)) if rng.random() < 0.3 else 0.0,
        bleed=float(rng.normal(0, 0.35 * harsh)) if rng.random() < 0.5 else 0.0,
        blur=float(rng.uniform(0.2, 0.5 + 0.6 * harsh)),
        noise=float(rng.uniform(0, 14 * harsh)),
        copies=int(rng.integers(1, 3)) if rng.random() < 0.2 * harsh else 0,
        bilevel=str(kind),
        threshold=float(rng.uniform(95, 205)),
        coarse=float(rng.choice([1.0, 4 / 3, 2.0], p=[0.8, 0.1, 0.1])),
        speckle=float(np.exp(rng.uniform(np.log(0.02), np.log(3.0 * harsh)))) if rng.random() < 0.5 else 0.0,
        jpeg=int(rng.integers(25, 90)) if kind == "" and rng.random() < 0.4 else 0,
    )


def smooth_field(rng: np.random.Generator, shape: tuple[int, int], grain: float) -> np.ndarray:
    """A smooth random field in 0..1, (H, W) float32, with features of about ``grain`` px."""
    small = (max(2, int(shape[0] / grain) + 2), max(2, int(shape[1] / grain) + 2))
    field = cv2.resize(
        rng.random(small, dtype=np.float32), (shape[1], shape[0]), interpolation=cv2.INTER_CUBIC
    )
    return np.asarray(np.clip(field, 0, 1))


def warp_points(wear: Wear, x: Float, y: Float) -> tuple[Float, Float]:
    """Where a printed point (x, y), sheet px, lies after the paper's geometry; inverse of the pixel map."""
    amplitude, period = wear.wave
    moved_x = x + amplitude * np.sin(2 * np.pi * y / period)
    return moved_x, (y + wear.skew * moved_x) * wear.stretch


def _warp(image: UInt8, wear: Wear, paper: int, exact: bool) -> UInt8:
    """Move the pixels of a canvas as `warp_points` moves points; height grows by the stretch."""
    height, width = round(image.shape[0] * wear.stretch), image.shape[1]
    half = (SCALE - 1) / 2
    x = ((np.arange(width, dtype=np.float32) - half) / SCALE)[None, :]
    y = ((np.arange(height, dtype=np.float32) - half) / SCALE)[:, None] / np.float32(wear.stretch)
    source_y = y - np.float32(wear.skew) * x
    amplitude, period = wear.wave
    source_x = x - np.float32(amplitude) * np.sin(np.float32(2 * np.pi / period) * source_y)
    method = cv2.INTER_NEAREST if exact else cv2.INTER_LINEAR
    source = ((source_x * SCALE + half).astype(np.float32), (source_y * SCALE + half).astype(np.float32))
    fill = (paper,) * (image.shape[2] if image.ndim == 3 else 1)
    out: UInt8 = cv2.remap(image, *source, method, borderMode=cv2.BORDER_CONSTANT, borderValue=fill)  # type: ignore[assignment]
    return out


def _each_channel(image: np.ndarray, field: np.ndarray) -> np.ndarray:
    return field[..., None] if image.ndim == 3 else field


def _reduce(image: np.ndarray, factor: float) -> np.ndarray:
    size = (max(1, round(image.shape[1] / factor)), max(1, round(image.shape[0] / factor)))
    return np.asarray(cv2.resize(image, size, interpolation=cv2.INTER_AREA))


def _blur(image: np.ndarray, sigma: float) -> np.ndarray:
    return np.asarray(cv2.GaussianBlur(image, (0, 0), sigma)) if sigma > 0 else image


def _ink_and_copier(canvas: UInt8, wear: Wear, rng: np.random.Generator) -> UInt8:
    if wear.fade > 0:
        field = 1 - wear.fade * smooth_field(rng, canvas.shape[:2], float(rng.choice([6, 40, 200])) * SCALE)
        canvas = (255 - (255 - canvas) * _each_channel(canvas, field)).astype(np.uint8)
    if abs(wear.bleed) > 0.05:  # blur, then move the threshold of a soft edge: grows or thins every stroke
        sigma = max(0.4, abs(wear.bleed)) * SCALE * 0.8
        soft = cv2.GaussianBlur(canvas, (0, 0), sigma).astype(np.float32)
        middle = 128 + 75 * np.clip(wear.bleed / max(0.5, abs(wear.bleed)), -1, 1)
        canvas = np.clip(128 + (soft - middle) * 2.2, 0, 255).astype(np.uint8)
    for _ in range(wear.copies):
        coarse = rng.normal(0, 22, (canvas.shape[0] // 2, canvas.shape[1] // 2)).astype(np.float32)
        grain = np.asarray(cv2.resize(coarse, canvas.shape[1::-1], interpolation=cv2.INTER_LINEAR))
        soft = cv2.GaussianBlur(canvas, (0, 0), 0.9 * SCALE * float(rng.uniform(0.4, 0.9))).astype(np.float32)
        cut = wear.threshold + float(rng.normal(0, 12))
        canvas = np.clip(128 + (soft + _each_channel(canvas, grain) - cut) * 4, 0, 255).astype(np.uint8)
    return canvas


def scan(canvas: UInt8, mask: UInt8, wear: Wear, rng: np.random.Generator) -> tuple[UInt8, UInt8]:
    """Wear a drawn sheet and scan it back at the working resolution.

    Args:
        canvas: picture at canvas resolution, ``(H * SCALE, W * SCALE[, 3])`` uint8.
        mask: its class mask at canvas resolution.
        wear: what to do to it.
        rng: the only source of randomness.

    Returns:
        Picture and class mask at sheet resolution ``(H', W)``; ``H' = H * wear.stretch``.
    """
    if wear.skew or wear.wave[0] or wear.stretch != 1:
        canvas = _warp(canvas, wear, int(np.median(canvas[:4])), exact=False)
        mask = _warp(mask, wear, 0, exact=True)
        rows = canvas.shape[0] // SCALE * SCALE
        canvas, mask = canvas[:rows], mask[:rows]
    canvas = _ink_and_copier(canvas, wear, rng)
    if wear.bilevel == "fine":
        image = _blur(canvas.astype(np.float32), wear.blur * SCALE)
    else:
        image = _reduce(canvas, SCALE * wear.coarse).astype(np.float32)
        image = _blur(image, wear.blur / min(wear.coarse, 1.4))
    if wear.light > 0:
        field = 1 - wear.light * smooth_field(rng, image.shape[:2], 160)
        image = image * _each_channel(image, field.astype(np.float32))
    if wear.noise > 0:
        image += rng.standard_normal(image.shape, dtype=np.float32) * np.float32(wear.noise)
    if wear.bilevel:
        grey = image.min(axis=2) if image.ndim == 3 else image
        image = np.where(grey < wear.threshold, np.float32(0), np.float32(255))
    if wear.speckle > 0:
        _specks(image, wear.speckle, rng)
    out = np.clip(image, 0, 255).astype(np.uint8)
    if wear.jpeg:
        coded = cv2.imencode(".jpg", out, [cv2.IMWRITE_JPEG_QUALITY, wear.jpeg])[1]
        out = np.asarray(cv2.imdecode(coded, cv2.IMREAD_UNCHANGED))
    size = (mask.shape[1] // SCALE, mask.shape[0] // SCALE)
    if out.shape[1::-1] != size:
        larger = out.shape[1] > size[0]
        out = np.asarray(cv2.resize(out, size, interpolation=cv2.INTER_AREA if larger else cv2.INTER_LINEAR))
    return out, reduce_mask(mask)


def _specks(image: np.ndarray, per_thousand: float, rng: np.random.Generator) -> None:
    """Dust and pin holes, in place: single pixels and small blots, three quarters of them black."""
    count = int(rng.poisson(per_thousand * image.shape[0] * image.shape[1] / 1000))
    count = min(count, image.shape[0] * image.shape[1] // 20)
    rows, cols = rng.integers(0, image.shape[0], count), rng.integers(0, image.shape[1], count)
    ink = np.where(rng.random(count) < 0.75, 0, 255).astype(image.dtype)
    big = rng.random(count) < 0.25
    image[rows, cols] = ink[:, None] if image.ndim == 3 else ink
    for dy, dx in ((0, 1), (1, 0), (1, 1)):
        r, c = np.minimum(rows[big] + dy, image.shape[0] - 1), np.minimum(cols[big] + dx, image.shape[1] - 1)
        image[r, c] = ink[big][:, None] if image.ndim == 3 else ink[big]
