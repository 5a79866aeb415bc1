"""Which of several curves that look alike a stroke is by its width: a heavy pen beside a fine one.

The network sees every stroke about as wide as every other; the paper shows how wide it is. How a scan was
made thickens or thins all strokes alike, so only differences of widths tell.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from logdigit.types import CurveSpec, Float32, UInt8

APART = 0.45  # px by which pens differ, at least, to be told apart
SPREAD = 0.6  # px by which the width of a stroke varies from place to place (sigma)
SEEN = 0.15  # ink from which a px is of a stroke
WIDEST = 16.0  # px; wider is no stroke of a pen
THICKENED = 4.0  # px by which scanning makes strokes wider or narrower, at most
USUALLY = 3.0  # px by which it does (sigma)
LEAST = 0.1  # likeness of a stroke to a pen of quite another width


def alike(curves: Sequence[CurveSpec], coloured: bool) -> list[list[int]]:
    """Numbers of the curves that only the width of their pens tells apart, in groups.

    Args:
        curves: with their styles, colours and widths.
        coloured: whether colours are seen.

    >>> fine, heavy = (CurveSpec(name, (), width_px=width) for name, width in (("GR", 2.0), ("SP", 4.0)))
    >>> alike([fine, heavy, CurveSpec("CAL", (), style="dashed", width_px=3.0)], False)
    [[0, 1]]
    """
    looks = [(curve.style == "solid", curve.colour if coloured else None) for curve in curves]
    out = []
    for look in dict.fromkeys(looks):
        group = [i for i, other in enumerate(looks) if other == look]
        widths = [curves[i].width_px for i in group]
        known = [width for width in widths if width is not None]
        if len(known) == len(group) and max(known) - min(known) >= APART:
            out.append(group)
    return out


def stroke_widths(grey: UInt8, ink: Float32) -> Float32:
    """Width of the stroke at each px, px (H, W); 0 where there is none.

    The darkness of a straight stroke of width ``w`` adds up to ``h = w / cos a`` along a row and to
    ``v = w / sin a`` down a column, however it leans: ``w = h v / sqrt(h^2 + v^2)``, blurred or sharp.

    Args:
        grey: pixels (H, W).
        ink: probability of ink (H, W), which the darkness of grid lines and print beside it is not.
    """
    seen = ink > SEEN
    if not seen.any():
        return np.zeros(ink.shape, np.float32)
    paper = float(np.percentile(grey[::4, ::4], 90))
    black = float(np.percentile(grey[ink > 0.5], 5)) if (ink > 0.5).any() else 0.0
    dark = np.clip((paper - grey.astype(np.float32)) / max(paper - black, 20.0), 0, 1) * seen
    across, down = _run_sums(dark, seen), _run_sums(dark.T, seen.T).T
    out: Float32 = (across * down / np.sqrt(across**2 + down**2 + 1e-6)).astype(np.float32)
    return out


def _run_sums(values: Float32, seen: NDArray[np.bool_]) -> Float32:
    """(H, W) the sum of the values over the run of seen px along its row that each px is in, 0 elsewhere."""
    starts = seen & ~np.pad(seen, ((0, 0), (1, 0)))[:, :-1]
    run = np.cumsum(starts.ravel()) - 1
    own = seen.ravel()
    sums = np.bincount(run[own], weights=values.ravel()[own])
    out = np.zeros(seen.size, np.float32)
    out[own] = sums[run[own]]
    return out.reshape(seen.shape)


def _thickened(widths: Float32, weights: Sequence[Float32], pens: Sequence[Float32]) -> float:
    """By how much scanning made all strokes wider, px: as many as may be are then as wide as one of the pens.

    A mean would lean to the pen that draws most.

    Args:
        widths: of the strokes (H, W).
        weights: (H, W) each, how much every px looks like the curves of one style,
        pens: and the widths of the pens of these.
    """
    tried = np.arange(-THICKENED, THICKENED + 1e-6, 0.1)
    worth = np.zeros(len(tried))
    total = 1e-6
    for weight, own in zip(weights, pens, strict=True):
        tally, edges = np.histogram(widths, 128, (0.0, WIDEST), weights=weight)
        middle = (edges[1:] + edges[:-1]) / 2
        off = middle[:, None, None] - own - tried[:, None]
        worth += tally @ np.log(np.exp(-(off**2) / (2 * SPREAD**2)).sum(axis=2) + LEAST)
        total += float(tally.sum())
    return float(tried[(worth / total - tried**2 / (2 * USUALLY**2)).argmax()])


def width_scores(
    widths: Float32, scores: Float32, ink: Float32, curves: Sequence[CurveSpec], groups: Sequence[list[int]]
) -> Float32:
    """(n, H, W) likeness of each px to each curve by the width of its pen, 1 for the likest of a group.

    Args:
        widths: of `stroke_widths`.
        scores: (n, H, W) by style and colour, which say where strokes of a group are.
        ink: (H, W).
        curves: (n,).
        groups: of `alike`.
    """
    out = np.ones((len(curves), *widths.shape), np.float32)
    known = [i for i, curve in enumerate(curves) if curve.width_px is not None]
    styles = list(dict.fromkeys(curves[i].style for i in known))
    mates = [[i for i in known if curves[i].style == style] for style in styles]
    weights = [scores[own[0]] ** 2 * ink * (widths > 0) for own in mates]
    own_pens = [np.array([curves[i].width_px for i in own], np.float32) for own in mates]
    more = _thickened(widths, weights, own_pens)
    for group in groups:
        pens = np.array([curves[i].width_px for i in group], np.float32)
        near = np.exp(-((widths - more - pens[:, None, None]) ** 2) / np.float32(2 * SPREAD**2)) + LEAST
        out[group] = near / near.max(axis=0)
    return out
