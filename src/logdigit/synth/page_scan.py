"""Whole pages through wear and scanner in pieces, so that memory does not grow with their length.

What belongs to the page as a whole (geometry, unevenness of ink and light, tears, folds) is laid over it
once; each piece then goes through `scanner.scan` with what is left of the wear.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace

import cv2
import numpy as np

from logdigit.synth.page_paper import Paper
from logdigit.synth.pen import SCALE
from logdigit.synth.scanner import scan
from logdigit.synth.wear import Cover, Wear, covered
from logdigit.types import Float, UInt8

_PIECE = 1400
"""Rows a piece, scan px: what fits on the glass of a copier. Each piece is copied at its own setting."""
_MARGIN = 16
"""Rows of its neighbours that a piece is scanned with; a multiple of the screen of dithered scans."""

_GRAIN = 16
"""Canvas samples between those whose place on the sheet is worked out."""

ToStrip = Callable[[Float, Float], tuple[Float, Float]]


@dataclass(frozen=True)
class Printed:
    """A page as it left the press, at canvas resolution: picture ``(H, W[, 3])`` and class mask, uint8."""

    picture: UInt8
    mask: UInt8

    @property
    def height(self) -> int:
        """Sheet px."""
        return int(self.picture.shape[0] // SCALE)

    @property
    def width(self) -> int:
        """Sheet px."""
        return int(self.picture.shape[1] // SCALE)


@dataclass(frozen=True)
class Field:
    """A smooth random field over a whole page, read a window at a time.

    Attributes:
        values: (h, w) float32 in 0..1, one every ``grain`` px.
        grain: px between values.
    """

    values: np.ndarray
    grain: float

    @classmethod
    def random(cls, rng: np.random.Generator, height: int, width: int, grain: float) -> Field:
        """A field over (height, width) px with features of about ``grain`` px."""
        shape = (int(height / grain) + 4, int(width / grain) + 4)
        return cls(rng.random(shape, dtype=np.float32), grain)

    def window(self, top: int, height: int, width: int) -> np.ndarray:
        """Rows ``top`` on, (height, width) float32 in 0..1."""
        matrix = np.array([[1 / self.grain, 0.0, 1.0], [0.0, 1 / self.grain, top / self.grain + 1.0]])
        flags = cv2.INTER_CUBIC | cv2.WARP_INVERSE_MAP
        out = cv2.warpAffine(self.values, matrix, (width, height), flags=flags, borderMode=cv2.BORDER_REFLECT)
        return np.asarray(np.clip(out, 0, 1), np.float32)


def scan_page(
    printed: Printed,
    paper: Paper,
    wear: Wear,
    size: tuple[int, int],
    seed: tuple[int, ...],
    to_strip: ToStrip | None = None,
) -> tuple[UInt8, UInt8]:
    """Wear a printed page and scan it.

    Args:
        printed: the page.
        paper: its geometry; that of ``wear`` is not looked at.
        wear: what else was done to it; covers, folds and streaks in scan px. The file's own compression
            (``jpeg``) and resolution (``coarse``) are the business of whoever writes it.
        size: (height, width) of the scan, px.
        seed: of the wear.
        to_strip: scan px (x, y) to the px of the strip that ``paper`` describes, where they differ.

    Returns:
        Picture (height, width[, 3]) and class mask (height, width), uint8.
    """
    rng = np.random.default_rng(seed)
    height, width = size
    fade = Field.random(rng, height * SCALE, width * SCALE, float(rng.choice([6, 40, 200])) * SCALE)
    light = Field.random(rng, height * SCALE, width * SCALE, 160.0 * SCALE)
    pictures, masks = [], []
    for number, top in enumerate(range(0, height, _PIECE)):
        first, last = max(0, top - _MARGIN), min(height, top + _PIECE + _MARGIN)
        picture, mask = _piece(printed, paper, first, last, width, to_strip)
        if wear.fade > 0:
            field = 1 - wear.fade * fade.window(first * SCALE, *picture.shape[:2])
            picture = 255 - _times(255 - picture, field)
        if wear.light > 0:
            picture = _times(picture, 1 - wear.light * light.window(first * SCALE, *picture.shape[:2]))
        here = _wear_of_piece(wear, first)
        picture, mask = scan(picture, mask, here, np.random.default_rng((*seed, number)))
        keep = slice(top - first, min(height, top + _PIECE) - first)
        pictures.append(picture[keep])
        masks.append(mask[keep])
    return np.concatenate(pictures), np.concatenate(masks)


def _wear_of_piece(wear: Wear, first: int) -> Wear:
    """What is left of the wear for a piece that begins at row ``first``."""
    covers = tuple(
        Cover(cover.kind, tuple((x, y - first) for x, y in cover.points), cover.grey) for cover in wear.covers
    )
    folds = tuple((row - first, depth) for row, depth in wear.folds)
    flat = Wear()
    return replace(
        wear,
        skew=0.0,
        wave=flat.wave,
        stretch=1.0,
        seam=flat.seam,
        fade=0.0,
        light=0.0,
        coarse=1.0,
        jpeg=0,
        covers=covers,
        folds=folds,
    )


def _times(picture: UInt8, field: np.ndarray) -> UInt8:
    """The picture times a field (H, W) in 0..1; colours alike."""
    field = field.astype(np.float32)
    if picture.ndim == 2:
        return np.asarray(cv2.multiply(picture, field, dtype=cv2.CV_8U), np.uint8)
    channels = [cv2.multiply(picture[..., k], field, dtype=cv2.CV_8U) for k in range(3)]
    return np.asarray(cv2.merge(channels), np.uint8)


def _piece(
    printed: Printed, paper: Paper, first: int, last: int, width: int, to_strip: ToStrip | None
) -> tuple[UInt8, UInt8]:
    """Rows of the scan before it is scanned: ``SCALE`` samples a scan px, picture and mask."""
    if paper.plain and to_strip is None and (last, width) <= (printed.height, printed.width):
        rows = slice(first * SCALE, last * SCALE)
        return printed.picture[rows].copy(), printed.mask[rows].copy()
    at_x, at_y, top = _sources(paper, first, last, width, to_strip)
    bottom = min(printed.picture.shape[0], top + int(np.ceil(at_y.max())) + 10)
    if bottom <= top:
        top, bottom = 0, 2
    source = printed.picture[top:bottom]
    paper_grey = tuple(int(v) for v in np.atleast_1d(np.median(printed.picture[:4], axis=(0, 1))))
    cover = 200.0 / min(paper.dpi)
    if cover > 1.3:  # fewer samples than the press had: each sees all that it stands for
        source = np.asarray(cv2.GaussianBlur(source, (0, 0), 0.42 * cover), np.uint8)
    picture = cv2.remap(
        source, at_x, at_y, cv2.INTER_LINEAR, borderMode=cv2.BORDER_CONSTANT, borderValue=paper_grey
    )
    mask = cv2.remap(
        printed.mask[top:bottom],
        at_x,
        at_y,
        cv2.INTER_NEAREST,
        borderMode=cv2.BORDER_CONSTANT,
        borderValue=(0,),
    )
    return np.asarray(picture, np.uint8), np.asarray(mask, np.uint8)


def _sources(
    paper: Paper, first: int, last: int, width: int, to_strip: ToStrip | None
) -> tuple[np.ndarray, np.ndarray, int]:
    """Where the samples of rows ``first`` to ``last`` of the scan lie on the printed canvas.

    Everything but a seam bends gently: worked out every `_GRAIN` samples, linear between them.

    Returns:
        Canvas columns and rows, float32 (h, w); the rows count from a canvas row, which comes third.
    """
    half = (SCALE - 1) / 2
    grain = 1 if paper.wear.seam[1] else _GRAIN
    x = (_centres(width * SCALE, grain) - half) / SCALE
    y = (_centres((last - first) * SCALE, grain) - half) / SCALE + first
    x, y = x[None, :], y[:, None]
    if to_strip is not None:
        x, y = to_strip(x, y)
    x, y = paper.to_sheet(x, y)
    top = max(0, int(np.floor(y.min() * SCALE)) - 8)
    shape = np.broadcast_shapes(x.shape, y.shape)
    maps = []
    for coarse in (x * SCALE + half, y * SCALE + half - top):
        whole = np.broadcast_to(coarse, shape).astype(np.float32)
        if grain > 1:
            size = (grain * shape[1], grain * shape[0])
            whole = np.asarray(cv2.resize(whole, size, interpolation=cv2.INTER_LINEAR))
            whole = whole[grain : grain + (last - first) * SCALE, grain : grain + width * SCALE]
        maps.append(whole)
    return maps[0], maps[1], top


def _centres(count: int, grain: int) -> Float:
    """The middles of groups of ``grain`` samples out of ``count``, one group more at either end."""
    if grain == 1:
        return np.arange(count, dtype=np.float64)
    groups = np.arange(-1, -(-count // grain) + 1, dtype=np.float64)
    return np.asarray((groups + 0.5) * grain - 0.5)


def is_hidden(wear: Wear, size: tuple[int, int], x: Float, y: Float) -> np.ndarray:
    """Whether scan points (x, y), NaN for none, lie under a cover or beside the scan; bool, same shape."""
    height, width = size
    known = np.isfinite(x) & np.isfinite(y)
    col, row = np.rint(np.nan_to_num(x)).astype(int), np.rint(np.nan_to_num(y)).astype(int)
    outside = (col < 0) | (col >= width) | (row < 0) | (row >= height)
    out = known & outside
    if wear.covers:
        hidden = covered(wear, height, width)
        inside = known & ~outside
        out[inside] = hidden[row[inside], col[inside]]
    return np.asarray(out)
