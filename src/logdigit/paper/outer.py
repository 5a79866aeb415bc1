"""The outer lines of a block of grid lines: what is the edge of a track, and what is paper or a picture."""

from __future__ import annotations

from itertools import pairwise

import numpy as np
from numpy.typing import NDArray
from scipy.ndimage import find_objects, label

from logdigit.types import Float

_LINES_SEEN = 0.004
"""Lines of equal depth per row, at least, for their absence to mean something: one in 250 rows."""
_LINES_COVER = 0.02
"""The same where the lines of equal depth are known: share of them that covers a division."""
_UNCROSSED = 0.1
"""Share of the usual lines of equal depth up to which a division at the end of a block is margin."""
_UNCROSSED_BY_LINES = 0.3
"""The same where the lines of equal depth are known."""
_BARE, _COLUMN = 0.35, 0.04
"""Share of what usually covers a division up to which it is bare; share of the strip that bare ones take."""
_CLOSE = 0.75
"""Share of the pitch of an even grid from which a line after its last one is a division."""


def lines_seen(usual: float, known: bool) -> bool:
    """Whether divisions are covered enough for those that are not to be none.

    Args:
        usual: what covers most of them.
        known: whether that is lines of equal depth, not whatever long strokes there are.
    """
    return usual >= (_LINES_COVER if known else _LINES_SEEN)


def median_between(profile: Float, left: float, right: float) -> float:
    """Median of a profile between two lines, their own ink left out."""
    inner = profile[int(left) + 4 : int(right) - 3]
    return float(np.median(inner if len(inner) else profile[int(left) : int(right) + 1]))


def crossed(group: Float, covered: Float, usual: float, known: bool = False) -> Float:
    """A block without outer lines up to which no line of equal depth runs: a paper edge, a frame, a picture.

    ``known``: what covers are lines of equal depth, not whatever long strokes there are.
    """
    if usual < _LINES_SEEN:  # lines that are known tell of margins though they cover next to nothing
        return group
    least = (_UNCROSSED_BY_LINES if known else _UNCROSSED) * usual
    while len(group) > 3 and median_between(covered, group[-2], group[-1]) < least:
        group = group[:-1]
    while len(group) > 3 and median_between(covered, group[0], group[1]) < least:
        group = group[1:]
    return group


def uncrossed(lines: Float, inside: Float, usual: float, width: int) -> NDArray[np.bool_]:
    """Which divisions, together as wide as a depth column or a picture, no line of equal depth crosses.

    Args:
        lines: upright lines, px, (L,).
        inside: how far lines of equal depth cover the divisions between them, (L - 1,).
        usual: how far they usually do.
        width: of the strip, px.
    """
    out = np.zeros(len(inside), dtype=np.bool_)
    for (run,) in find_objects(label(inside < _BARE * usual)[0]):
        out[run] = lines[run.stop] - lines[run.start] >= _COLUMN * width
    return out


def trimmed(group: Float, presence: Float, known: bool = False) -> Float:
    """A block without outer lines that are much weaker than its own (a paper edge, a pen held at a stop).

    ``known``: the lines of equal depth have told already that they are of the grid.
    """
    if not known:
        strength = presence[np.clip(np.round(group).astype(int), 0, len(presence) - 1)]
        strong = np.flatnonzero(strength >= 0.6 * np.median(strength))
        group = group[strong[0] : strong[-1] + 1]
    # a line far outside the even rest is the frame of a remarks column
    while len(group) > 3 and _outlying(np.diff(group)):
        group = group[:-1] if np.argmax(np.diff(group)) else group[1:]
    # one that is nearer than the next division of an even grid is the border of a picture beside it
    gaps = np.diff(group)
    if len(group) > 6 and np.percentile(gaps, 85) < 1.3 * np.percentile(gaps, 15):
        close = _CLOSE * float(np.median(gaps))
        group = group[:-1] if gaps[-1] < close < gaps[-2] else group
        group = group[1:] if gaps[0] < close < gaps[1] else group
    return group


def extended(group: Float, covered: Float, known: bool = False) -> Float:
    """A block with outer lines that are too faint to be seen, where the lines of equal depth run on.

    Only for even divisions: the next line then stands one division further out. ``known`` as for ``crossed``.
    """
    gaps = np.diff(group)
    pitch = float(np.median(gaps))
    if np.percentile(gaps, 90) > 1.5 * np.percentile(gaps, 10):
        return group
    inside = float(np.median([median_between(covered, a, b) for a, b in pairwise(group)]))
    if not lines_seen(inside, known):
        return group
    enough = 0.5 * inside
    while group[0] - pitch > -0.1 * pitch:
        if median_between(covered, max(0.0, group[0] - pitch), group[0]) < enough:
            break
        group = np.concatenate([[max(0.0, group[0] - pitch)], group])
    last = len(covered) - 1
    while group[-1] + pitch < last + 0.1 * pitch:
        if median_between(covered, group[-1], min(float(last), group[-1] + pitch)) < enough:
            break
        group = np.concatenate([group, [min(float(last), group[-1] + pitch)]])
    return group


def _outlying(gaps: Float) -> bool:
    """Whether the first or last gap is by far the largest."""
    largest = int(np.argmax(gaps))
    second = float(np.partition(gaps, -2)[-2])
    return largest in (0, len(gaps) - 1) and float(gaps[largest]) > 2.5 * second
