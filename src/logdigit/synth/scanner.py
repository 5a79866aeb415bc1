"""From a drawn canvas to the file of a scan: paper geometry, ink, copier, optics, sensor, thresholds."""

from __future__ import annotations

import cv2
import numpy as np

from logdigit.synth.pen import SCALE
from logdigit.synth.render import reduce_mask
from logdigit.synth.wear import Wear, covered
from logdigit.types import UInt8

_BAYER = np.array([[0, 8, 2, 10], [12, 4, 14, 6], [3, 11, 1, 9], [15, 7, 13, 5]])  # Bayer (1973)


def scan(canvas: UInt8, mask: UInt8, wear: Wear, rng: np.random.Generator) -> tuple[UInt8, UInt8]:
    """Wear a drawn sheet and scan it back at the working resolution.

    Args:
        canvas: picture at canvas resolution, ``(H * SCALE, W * SCALE[, 3])`` uint8.
        mask: its class mask at canvas resolution.
        wear: what to do to it.
        rng: the only source of randomness.

    Returns:
        Picture and class mask at sheet resolution ``(H', W)``; ``H' = H * wear.stretch``. Under a cover
        (a tear, a hole) the mask is background.
    """
    if wear.moves:
        canvas = _warp(canvas, wear, int(np.median(canvas[:4])), exact=False)
        mask = _warp(mask, wear, 0, exact=True)
        rows = canvas.shape[0] // SCALE * SCALE
        canvas, mask = canvas[:rows], mask[:rows]
    canvas = _ink_and_copier(canvas, wear, rng)
    small = reduce_mask(mask)
    hidden = covered(wear, *small.shape) if wear.covers else None
    out = _scanner(canvas, wear, rng, small.shape[::-1])
    if hidden is not None:
        small[hidden] = 0
    return out, small


def _scanner(canvas: UInt8, wear: Wear, rng: np.random.Generator, size: tuple[int, int]) -> UInt8:
    """What the scanner makes of the sheet, at sheet resolution; ``size`` is (width, height) px."""
    if wear.bilevel == "fine":
        image = _blur(canvas, wear.blur * SCALE)
    else:
        image = _blur(_reduce(canvas, SCALE * wear.coarse), wear.blur / min(wear.coarse, 1.4))
    image = _light(image, wear, size[1], rng)
    for cover in wear.covers:
        points = np.rint(np.array(cover.points) * image.shape[1] / size[0]).astype(np.int32)
        cv2.fillPoly(image, [points], (cover.grey,) * 3)
    if wear.noise > 0:
        noisy = rng.standard_normal(image.shape, dtype=np.float32) * np.float32(wear.noise)
        image = np.clip(noisy + image, 0, 255).astype(np.uint8)
    for x, width in wear.streaks:
        a = max(0, round((x - width / 2) * image.shape[1] / size[0]))
        image[:, a : max(a + 1, round((x + width / 2) * image.shape[1] / size[0]))] = 255
    if wear.dither:
        screen = np.tile((_BAYER + 0.5) * 16, (image.shape[0] // 4 + 1, image.shape[1] // 4 + 1))
        image = np.where(_grey(image) < screen[: image.shape[0], : image.shape[1]], 0, 255).astype(np.uint8)
    if wear.bilevel:
        image = np.where(_grey(image) < wear.threshold, 0, 255).astype(np.uint8)
    if wear.speckle > 0:
        _specks(image, wear.speckle, rng)
    if wear.jpeg:
        coded = cv2.imencode(".jpg", image, [cv2.IMWRITE_JPEG_QUALITY, wear.jpeg])[1]
        image = np.asarray(cv2.imdecode(coded, cv2.IMREAD_UNCHANGED), np.uint8)
    if image.shape[1::-1] == size:
        return image
    larger = image.shape[1] > size[0]
    return np.asarray(cv2.resize(image, size, interpolation=cv2.INTER_AREA if larger else cv2.INTER_LINEAR))


def _grey(image: UInt8) -> UInt8:
    out: UInt8 = image.min(axis=2) if image.ndim == 3 else image
    return out


def smooth_field(rng: np.random.Generator, shape: tuple[int, int], grain: float) -> np.ndarray:
    """A smooth random field in 0..1, (H, W) float32, with features of about ``grain`` px."""
    small = (max(2, int(shape[0] / grain) + 2), max(2, int(shape[1] / grain) + 2))
    field = cv2.resize(
        rng.random(small, dtype=np.float32), (shape[1], shape[0]), interpolation=cv2.INTER_CUBIC
    )
    return np.asarray(np.clip(field, 0, 1))


def _warp(image: UInt8, wear: Wear, paper: int, exact: bool) -> UInt8:
    """Move the pixels of a canvas as `wear.warp_points` moves points; height grows by the stretch."""
    height, width = round(image.shape[0] * wear.stretch), image.shape[1]
    half = np.float32((SCALE - 1) / 2)
    x = ((np.arange(width, dtype=np.float32) - half) / SCALE)[None, :]
    y = ((np.arange(height, dtype=np.float32) - half) / SCALE)[:, None] / np.float32(wear.stretch)
    source_y = y - np.float32(wear.skew) * x
    source_x = np.broadcast_to(x, source_y.shape)
    amplitude, period = wear.wave
    if amplitude:
        source_x = source_x - np.float32(amplitude) * np.sin(np.float32(2 * np.pi / period) * source_y)
    if wear.seam[1]:
        source_x = source_x - np.where(source_y >= wear.seam[0], np.float32(wear.seam[1]), np.float32(0))
    method = cv2.INTER_NEAREST if exact else cv2.INTER_LINEAR
    fill = (paper,) * (image.shape[2] if image.ndim == 3 else 1)
    source = (source_x * np.float32(SCALE) + half, source_y * np.float32(SCALE) + half)
    out: UInt8 = cv2.remap(image, *source, method, borderMode=cv2.BORDER_CONSTANT, borderValue=fill)  # type: ignore[assignment]
    return out


def _times(image: UInt8, field: np.ndarray) -> UInt8:
    """The picture times a field (H, W) in 0..1; colours alike."""
    if image.ndim == 3:
        field = np.repeat(field[..., None], 3, axis=2)
    return np.asarray(cv2.multiply(image, field, dtype=cv2.CV_8U), np.uint8).reshape(image.shape)


def _reduce(image: UInt8, factor: float) -> UInt8:
    size = (max(1, round(image.shape[1] / factor)), max(1, round(image.shape[0] / factor)))
    return np.asarray(cv2.resize(image, size, interpolation=cv2.INTER_AREA))


def _blur(image: UInt8, sigma: float) -> UInt8:
    return np.asarray(cv2.GaussianBlur(image, (0, 0), sigma)) if sigma > 0 else image


def _harder(image: UInt8, middle: float, gain: float) -> UInt8:
    """Contrast times ``gain`` around the grey level ``middle``."""
    table = np.clip(128 + (np.arange(256) - middle) * gain, 0, 255).astype(np.uint8)
    return np.asarray(cv2.LUT(image, table))


def _ink_and_copier(canvas: UInt8, wear: Wear, rng: np.random.Generator) -> UInt8:
    if wear.fade > 0:
        shape = (canvas.shape[0], canvas.shape[1])
        field = 1 - wear.fade * smooth_field(rng, shape, float(rng.choice([6, 40, 200])) * SCALE)
        canvas = 255 - _times(255 - canvas, field)
    if abs(wear.bleed) > 0.05:  # blur, then move the threshold of a soft edge: grows or thins every stroke
        soft = _blur(canvas, max(0.4, abs(wear.bleed)) * SCALE * 0.8)
        canvas = _harder(soft, 128 + 75 * float(np.clip(wear.bleed / max(0.5, abs(wear.bleed)), -1, 1)), 2.2)
    for _ in range(wear.copies):
        coarse = rng.normal(0, 22, (canvas.shape[0] // 2, canvas.shape[1] // 2)).astype(np.float32)
        grain = np.asarray(cv2.resize(coarse, canvas.shape[1::-1], interpolation=cv2.INTER_LINEAR))
        soft = _blur(canvas, 0.9 * SCALE * float(rng.uniform(0.4, 0.9)))
        grain = np.repeat(grain[..., None], 3, axis=2) if canvas.ndim == 3 else grain
        grainy = np.asarray(cv2.add(soft, grain, dtype=cv2.CV_8U), np.uint8).reshape(canvas.shape)
        canvas = _harder(grainy, wear.threshold + float(rng.normal(0, 12)), 4)
    return canvas


def _light(image: UInt8, wear: Wear, rows: int, rng: np.random.Generator) -> UInt8:
    """Uneven light, and the shadows of folds: a dark crease with a soft flank on one side."""
    if wear.light <= 0 and not wear.folds:
        return image
    height, width = image.shape[:2]
    field = 1 - np.float32(wear.light) * smooth_field(rng, (height, width), 160)
    at = np.arange(height, dtype=np.float32)[:, None] * rows / height
    for row, depth in wear.folds:
        away = at - np.float32(row)
        shadow = np.where(away >= 0, np.exp(-np.maximum(away, 0) / 25), 0) + np.exp(-(away**2) / 2)
        field = field * np.clip(1 - np.float32(depth) * shadow, 0, 1).astype(np.float32)
    return _times(image, field.astype(np.float32))


def _specks(image: UInt8, per_thousand: float, rng: np.random.Generator) -> None:
    """Dust and pin holes, in place: single pixels and small blots, three quarters of them black."""
    count = int(rng.poisson(per_thousand * image.shape[0] * image.shape[1] / 1000))
    count = min(count, image.shape[0] * image.shape[1] // 20)
    rows, cols = rng.integers(0, image.shape[0], count), rng.integers(0, image.shape[1], count)
    ink = np.where(rng.random(count) < 0.75, 0, 255).astype(np.uint8)
    big = rng.random(count) < 0.25
    image[rows, cols] = ink[:, None] if image.ndim == 3 else ink
    for dy, dx in ((0, 1), (1, 0), (1, 1)):
        r, c = np.minimum(rows[big] + dy, image.shape[0] - 1), np.minimum(cols[big] + dx, image.shape[1] - 1)
        image[r, c] = ink[big][:, None] if image.ndim == 3 else ink[big]
