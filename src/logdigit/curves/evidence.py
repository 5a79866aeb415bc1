"""What the network saw, as costs for the decoder: sharp about ink, patient about identity.

Whether there is ink is decided px by px. Whose ink it is flickers from patch to patch, so style (and colour)
are averaged along the stroke, weighted by ink, before a curve believes them: down the rows where strokes are
steep, across where they lie flat.
"""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray
from scipy.ndimage import uniform_filter

from logdigit.curves.through import darkness
from logdigit.curves.width import alike, stroke_widths, width_scores
from logdigit.types import STYLES, CurveSpec, Float32, UInt8

ALONG, ASIDE = 121, 5  # px along and across a stroke over which its style is averaged
FLOOR = 0.01  # least likelihood of a px: no px is impossible, paper may hide a worn stroke
_OTHER_INK = 0.4  # likeness of an ink unlike all that are stated to one that is not
STRAY = 0.03  # share of its own stroke that a curve may find in another's style

# What the network calls a stroke (columns) of a true style (rows): solid, dashed, dotted, dash-dot. Measured
# on validation patches, rounded; what matters is that the broken styles are taken for one another.
CONFUSION = np.array(
    [
        [0.93, 0.03, 0.02, 0.02],
        [0.05, 0.82, 0.06, 0.07],
        [0.06, 0.08, 0.82, 0.04],
        [0.05, 0.18, 0.05, 0.72],
    ],
    np.float32,
)


@dataclass(frozen=True)
class Evidence:
    """Maps of one track window, each (H, W) or (n, H, W) float32: ink in 0..1, and whose it is.

    Attributes:
        ink: probability that there is any curve's ink.
        share: (n, H, W) probability that ink there is curve i's, by style and colour; sums to 1 over the
            looks that differ (curves of one look share it fully).
        score: (n, H, W) the same px by px and not normalised.
        looks: numbers of the curves whose looks differ.
        dark: (H, W) bool, where paper is dark; None where that is not asked for.
    """

    ink: Float32
    share: Float32
    score: Float32
    looks: tuple[int, ...]
    dark: NDArray[np.bool_] | None = None

    def rows(self, rows: slice) -> Evidence:
        """Evidence of some of the rows."""
        ink, share, score = (
            np.ascontiguousarray(a[..., rows, :]) for a in (self.ink, self.share, self.score)
        )
        return Evidence(ink, share, score, self.looks, None if self.dark is None else self.dark[rows])

    def only(self, drawn: NDArray[np.bool_]) -> Evidence:
        """The same with nothing in favour of a curve on rows where it is not drawn, (n, H)."""
        share, score = (a * drawn[:, :, None].astype(np.float32) for a in (self.share, self.score))
        return replace(self, share=share, score=score)

    def likelihood(self, curve: int) -> Float32:
        """(H, W) likelihood that the pen of a curve is at a px."""
        out: Float32 = self.ink * (STRAY + (1 - STRAY) * self.share[curve])
        return out


def style_scores(prob: Float32, classes: tuple[str, ...], curves: tuple[CurveSpec, ...]) -> Float32:
    """(n, H, W) score of each curve's declared style, from class probabilities (C, H, W)."""
    planes = np.stack([prob[classes.index(style)] for style in STYLES])
    declared = sorted({STYLES.index(curve.style) for curve in curves})
    scores = {style: np.tensordot(CONFUSION[style], planes, axes=1) for style in declared}
    return np.stack([scores[STYLES.index(curve.style)] for curve in curves]).astype(np.float32)


def rgb_of(colour: str) -> NDArray[np.float32]:
    """``#rrggbb`` to (3,) float32.

    >>> rgb_of("#ff8000").tolist()
    [255.0, 128.0, 0.0]
    """
    return np.array([int(colour[k : k + 2], 16) for k in (1, 3, 5)], np.float32)


def colour_scores(rgb: UInt8, curves: tuple[CurveSpec, ...]) -> Float32 | None:
    """(n, H, W) likeness of each px to each curve's ink in hue and chroma; None where no two colours differ.

    Ink that is half paper keeps its hue but not its depth, so only the direction from white counts. A curve
    of no stated colour beside coloured ones is black, or else of an ink that is none of theirs.
    """
    if len({curve.colour for curve in curves}) < 2:
        return None
    depth = 255 - rgb.astype(np.float32)
    depth /= np.linalg.norm(depth, axis=2, keepdims=True) + 30.0

    def likeness(colour: str) -> Float32:
        ink = 255 - rgb_of(colour)
        apart = ((depth - ink / (float(np.linalg.norm(ink)) + 30.0)) ** 2).sum(axis=2)
        out: Float32 = np.exp(-apart / (2 * 0.18**2))
        return out

    stated = {curve.colour: likeness(curve.colour) for curve in curves if curve.colour}
    other = _OTHER_INK * (1 - np.max(list(stated.values()), axis=0))
    plain = np.maximum(likeness("#000000"), other)
    scores = [stated[curve.colour] if curve.colour else plain for curve in curves]
    return np.stack(scores).astype(np.float32) + np.float32(0.02)


def _shares(seen: Float32, ink: Float32, different: tuple[int, ...], window: tuple[int, int]) -> Float32:
    """(n, H, W) share of each curve in the ink of a window, by its scores times ink (n, H, W)."""
    smooth = np.stack([uniform_filter(one, window, mode="nearest") for one in seen])
    base = uniform_filter(ink, window, mode="nearest") * 0.02 + 1e-5
    out: Float32 = (smooth + base / len(different)) / (smooth[list(different)].sum(axis=0) + base)
    return out


def weigh(
    prob: Float32,
    classes: tuple[str, ...],
    curves: tuple[CurveSpec, ...],
    rgb: UInt8 | None,
    grey: UInt8 | None = None,
) -> Evidence:
    """Evidence of a track window from probabilities (C, H, W) and its pixels, in colour and in grey."""
    ink = (1 - prob[classes.index("background")]).astype(np.float32)
    scores = style_scores(prob, classes, curves)
    if rgb is not None:
        hues = colour_scores(rgb, curves)
        if hues is not None:
            scores = scores * hues
    groups = alike(curves, rgb is not None) if grey is not None else []
    if grey is not None and groups:
        scores = scores * width_scores(stroke_widths(grey, ink), scores, ink, curves, groups)
    by_width = {i for group in groups for i in group}
    looks = [
        (curve.style, curve.colour if rgb is not None else None, curve.width_px if i in by_width else None)
        for i, curve in enumerate(curves)
    ]
    different = tuple(looks.index(look) for look in dict.fromkeys(looks))
    down, across = (
        _shares(scores * ink, ink, different, window) for window in ((ALONG, ASIDE), (ASIDE, ALONG))
    )
    steep, flat = (uniform_filter(ink, window, mode="nearest") ** 2 for window in ((41, 3), (3, 41)))
    lies = flat / (steep + flat + 1e-6)
    share = down + lies * (across - down)
    dark = None
    if grey is not None and {"dashed", "dashdot"} <= {curve.style for curve in curves}:
        dark = np.unpackbits(darkness(grey), axis=1)[:, : grey.shape[1]].astype(np.bool_)
    return Evidence(ink, share, scores.astype(np.float32), different, dark)
