"""Black on paper where every pen of a track has a colour: lines of the grid, marks and print, no curve."""

from __future__ import annotations

import numpy as np
from scipy.ndimage import binary_dilation

from logdigit.curves.evidence import rgb_of
from logdigit.curves.grid import faded
from logdigit.types import CurveSpec, Float32, UInt8

CHROMATIC = 0.5  # how far the channels of a pen differ, as share of its depth, from which it has a colour
PLAIN = 0.3  # the same of a px up to which it has none
NEAR = 4  # px from coloured ink up to which black lies on a stroke, or is the rim of one
SEEN = 0.2  # depth of a px, as share of that from paper to black, from which it has ink


def without_plain_ink(
    prob: Float32, background: int, rgb: UInt8 | None, curves: tuple[CurveSpec, ...]
) -> Float32:
    """Probabilities (C, H, W) in which ink of no colour is paper; the same ones where a pen may be black.

    Args:
        prob: of the columns of a track.
        background: number of its class.
        rgb: pixels (H, W, 3); None where nobody has them.
        curves: of the track, with their colours as far as they are stated.
    """
    if rgb is None or not curves or not all(_is_coloured(curve.colour) for curve in curves):
        return prob
    paper = np.percentile(rgb[::4, ::4].reshape(-1, 3), 80, axis=0).astype(np.float32)  # may be yellow
    depth = np.clip(paper - rgb, 0, None)
    most = depth.max(axis=2)
    plain = most - depth.min(axis=2) < PLAIN * most
    inked = most > SEEN * float(paper.max())
    coloured = binary_dilation(inked & ~plain, np.ones((3, 3), bool), iterations=NEAR)
    return faded(prob, background, inked & plain & ~coloured)


def _is_coloured(colour: str | None) -> bool:
    """Whether a pen has a colour.

    >>> _is_coloured("#c00000"), _is_coloured("#303038"), _is_coloured(None)
    (True, False, False)
    """
    if colour is None:
        return False
    depth = 255 - rgb_of(colour)
    return bool(np.ptp(depth) >= CHROMATIC * depth.max())
