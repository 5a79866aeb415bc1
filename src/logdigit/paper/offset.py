"""How far the figures of a depth column stand from their lines: alike for all figures of a log."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray
from scipy.ndimage import maximum_filter1d

from logdigit.errors import RefusalError
from logdigit.paper.comb import course_of
from logdigit.paper.figures import Chain
from logdigit.paper.rules import Ruling
from logdigit.types import Float

_RIVAL = 0.8
"""Height, as share of the highest, from which another distance of the figures is a rival."""
_CENTRED = 0.65
"""The same for figures that stand right on a line."""
_ALONE = 1.12
"""Strength of the lines of figures, as multiple of that of the next strongest, that settles the matter."""
_AROUND = 6
"""Distances on either side, all together, that are held against one."""
_LOOSEST = 10
"""Rows by which figures may stand off their course and still be laid on one another."""
_PILED = 0.3
"""Cover of a few rows, summed, by which the lines at figures stand out from the paper."""


def offset_of(chain: Chain, ruling: Ruling) -> float:
    """Rows from the middle of a figure to its line, alike for all figures of a chain.

    Raises:
        RefusalError: if two distances are about as likely.
    """
    tall = float(np.median([f.height for f in chain.figures]))
    half = round(min(0.75 * chain.px_per_unit * chain.step, 5 * tall + 60))
    if half < 8:
        raise RefusalError("the depth figures stand too close for lines between them")
    near = min(0.45 * chain.px_per_unit * chain.step, max(1.3 * tall, 40.0))
    window = np.ones(3 + 2 * min(round(course_of(chain, 0.0).scatter), _LOOSEST))
    pile, count = np.zeros(2 * half + 1), 0
    for row in chain.rows:
        k = round(row) - ruling.top
        if half <= k < len(ruling.cover) - half:
            pile += np.convolve(ruling.cover[k - half : k + half + 1], window, "same")
            count += 1
    if count < 3:
        raise RefusalError("fewer than three depth figures lie inside the ruled paper")
    pile /= count
    pile -= np.median(pile)
    shifts = np.arange(-half, half + 1)
    peaks = np.flatnonzero((pile >= maximum_filter1d(pile, 9)) & (pile > 0.3 * pile.max()))
    inside = peaks[np.abs(shifts[peaks]) <= near]
    if not len(inside) or pile[inside].max() < _PILED:
        raise RefusalError("the depth figures stand at no line of equal depth")
    print_px = float(np.median([min(f.width, f.height) for f in chain.figures]))
    centred = np.abs(shifts[inside]) <= 0.15 * print_px
    own = int(inside[np.argmax(pile[inside])])
    if not centred.any() and _stands_alone(pile, peaks, own):
        return float(shifts[own])
    # of two lines as strong, a figure belongs to the one it stands nearer to, if that is plain
    strong = inside[pile[inside] >= np.where(centred, _CENTRED, _RIVAL) * pile[inside].max()]
    best = int(min(strong, key=lambda k: abs(shifts[k])))
    for rival in (int(k) for k in peaks if abs(shifts[k] - shifts[best]) > 8):
        near_share = abs(shifts[best]) / abs(shifts[rival] - shifts[best])
        if near_share > 0.36 and pile[rival] >= _RIVAL * pile[best]:
            raise RefusalError(
                f"the depth figures stand between two lines ({shifts[best]:+d} and {shifts[rival]:+d} px): "
                "which one they name cannot be told"
            )
    return float(shifts[best])


def _stands_alone(pile: Float, peaks: NDArray[np.intp], own: int) -> bool:
    """Whether the lines of one distance are heavier than those of all others, which are alike."""
    near = peaks[np.abs(peaks - own) > 8]
    near = near[np.argsort(np.abs(near - own), kind="stable")[:_AROUND]]
    others = pile[near]
    others = others[others >= _RIVAL * others.max(initial=0.0)]
    if len(others) < 3:
        return False
    spread = max(float(np.std(others)), 0.02 * float(np.mean(others)))
    return bool(pile[own] >= _ALONE * others.max() and pile[own] - np.mean(others) > 6 * spread)
