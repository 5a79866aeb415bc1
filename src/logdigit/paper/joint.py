"""A butt joint: whether the paper below goes on where the paper above ends.

Track edges and grid lines run across a cut, the lines of equal depth keep their pitch and phase, and the ink
of curves meets. Where a sheet is missing, the edges still meet and the rest does not; where two logs were
mixed up, not even the edges do.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from scipy.ndimage import gaussian_filter1d, maximum_filter1d

from logdigit.paper.overlap import Band
from logdigit.paper.skew import level_rows, pile
from logdigit.paper.survey import lines_of, vertical_share
from logdigit.types import Bool, Float, Float32, UInt8

BLOCK_ROWS = 96
"""Rows on either side of a joint in which vertical lines are looked for, at the working resolution."""
_LEVEL_ROWS = 600
"""Rows on either side in which lines of equal depth are looked for."""
_ASIDE = 0.09
"""How far sheets may lie beside each other, share of their width."""
_STRETCHES = tuple(float(s) for s in np.arange(0.97, 1.0301, 0.005))
_SLOPES = np.linspace(-0.035, 0.035, 71)
_MIN_LINES = 4
_EDGE_ROWS = 4
"""Rows next to a cut in which the ink of curves still stands where the other sheet goes on."""
_SIDEWAYS = 1 / 350
"""How far a stroke may run sideways within those rows, share of the width."""
_LEAST_INK = 6
_OWN = 0.4
"""Least share of the ink that goes on within a sheet for its end at a cut to mean something."""
_LEAST_PITCH = 7
"""Px between lines of equal depth."""
_COMB = 0.4
"""Least correlation of the lines on either side, at some distance."""


@dataclass(frozen=True)
class Joint:
    """What the two sides of a joint say; None where they say nothing.

    Attributes:
        shift: columns by which the lower sheet is to be moved to the right, px.
        lines: likeness of the vertical lines, -1..1.
        miss_px: by how much the lines of equal depth miss the pitch across the cut, working px.
        ink: how far the ink of curves goes on across the cut, as share of how far it does within the sheets.
    """

    shift: int
    lines: float | None
    miss_px: float | None
    ink: float | None


def look_at(upper: Band, lower: Band) -> Joint:
    """Compare the end of a sheet with the beginning of the next, edge to edge."""
    above, below = upper.ink[-BLOCK_ROWS:], lower.ink[:BLOCK_ROWS]
    lines, shift = likeness(above, below)
    return Joint(
        shift * upper.factor if lines is not None and lines > 0.5 else 0,
        lines,
        _miss(upper.ink[-_LEVEL_ROWS:], lower.ink[:_LEVEL_ROWS]),
        _ink(upper.loose, lower.loose, shift),
    )


def likeness(above: UInt8, below: UInt8) -> tuple[float | None, int]:
    """Likeness of the vertical lines of two masks, as `alike`; None where either has hardly a line."""
    profiles = [vertical_share(mask) for mask in (above, below)]
    if min(lines_of(profile) for profile in profiles) < _MIN_LINES:
        return None, 0
    return alike(profiles[0], profiles[1])


def alike(one: Float32, two: Float32) -> tuple[float, int]:
    """Correlation of two profiles of vertical lines, -1..1, and the shift of the second at which it is so.

    Sheets that were scanned at slightly different scales are alike.
    """
    width = max(len(one), len(two))
    first, second = (
        _smooth(np.pad(side, (0, width - len(side))).astype(np.float64), width / 600) for side in (one, two)
    )
    reach = round(_ASIDE * width)
    columns = np.arange(width, dtype=np.float64)
    best, at = -1.0, 0
    for stretch in _STRETCHES:
        scaled = np.interp((columns - width / 2) / stretch + width / 2, columns, second)
        curve = _correlated(first, scaled, reach)
        k = int(np.argmax(curve))
        if curve[k] > best:
            best, at = float(curve[k]), k - reach
    return best, at


def _smooth(values: Float, sigma: float) -> Float:
    out: Float = gaussian_filter1d(values, max(1.0, sigma))
    return out


def _correlated(one: Float, two: Float, reach: int) -> Float:
    """Correlation of ``one`` with ``two`` shifted to the right by -reach..reach, (2 * reach + 1,)."""
    one, two = one - one.mean(), two - two.mean()
    scale = float(np.sqrt((one @ one) * (two @ two)))
    if scale <= 1e-9:
        return np.zeros(2 * reach + 1)
    full = np.correlate(one, np.pad(two, reach), mode="valid")[::-1]
    return np.asarray(full / scale, dtype=np.float64)


def _miss(above: UInt8, below: UInt8) -> float | None:
    """By how much the lines of equal depth below miss where those above would go on, px."""
    one, two = _ruled(above), _ruled(below)
    if one is None or two is None:
        return None
    length = min(len(one), len(two))
    one, two = one[-length:], two[:length]
    pitch = _pitch(one, two)
    if pitch is None:
        return None
    one, two = (_smooth(side - side.mean(), 1.0) for side in (one, two))
    # two at row r is as one at row r - lag, rows counted from the cut
    lags = np.arange(1, 2 * length)
    shared = length - np.abs(lags - length)
    like = np.correlate(two, one, mode="full") / shared
    like[shared < 0.4 * length] = -np.inf
    best = int(np.argmax(like))
    if like[best] < _COMB * np.sqrt(one @ one * (two @ two)) / length:
        return None
    turns = lags[best] / pitch
    return float(abs(turns - round(turns)) * pitch)


def _ruled(mask: UInt8) -> Float | None:
    """How much of each row is ruled, at the middle of the sheet; None where nothing is."""
    heights = pile(mask, _SLOPES)
    if not heights.any():
        return None
    cover = level_rows(mask, float(_SLOPES[int(np.argmax(heights))]))
    cover = np.clip(cover - np.median(cover), 0, None)
    return cover if (cover > 0.1).sum() >= 3 else None


def _pitch(one: Float, two: Float) -> float | None:
    """The least distance at which both sides repeat themselves, px: heavy lines are told from light ones."""
    length = min(len(one), len(two))
    both = np.min([_repeats(side)[: 2 * length // 3] for side in (one, two)], axis=0)
    tops = np.flatnonzero((both[1:-1] >= both[:-2]) & (both[1:-1] >= both[2:])) + 1
    tops = tops[tops >= _LEAST_PITCH]
    if not len(tops) or both[tops].max() < 0.3:
        return None
    pitch = float(next(k for k in tops if both[k] >= 0.9 * both[tops].max()))
    for turns in range(2, int(len(both) / pitch)):  # the further, the finer
        near = tops[np.abs(tops - turns * pitch) <= 2]
        if len(near) and both[near].max() >= 0.5 * both[tops].max():
            pitch = float(near[np.argmax(both[near])]) / turns
    return pitch


def _repeats(side: Float) -> Float:
    """Correlation of a profile with itself at each distance, 1 at 0."""
    side = _smooth(side - side.mean(), 1.0)
    full = np.correlate(side, side, mode="full")[len(side) - 1 :]
    shared = np.arange(len(side), 0, -1) / len(side)
    return np.asarray(full / shared / max(float(full[0]), 1e-9), dtype=np.float64)


def _ink(above: UInt8, below: UInt8, shift: int) -> float | None:
    """How far the loose ink goes on across the cut, as share of how far it does within the sheets."""
    width = max(above.shape[1], below.shape[1])
    strips = [above[-2 * _EDGE_ROWS : -_EDGE_ROWS], above[-_EDGE_ROWS:], below[:_EDGE_ROWS]]
    strips.append(below[_EDGE_ROWS : 2 * _EDGE_ROWS])
    a0, a1, b0, b1 = (np.pad(s.max(axis=0) > 0, (0, width - s.shape[1])) for s in strips)
    if min(int(p.sum()) for p in (a0, a1, b0, b1)) < _LEAST_INK:
        return None
    own = min(_goes_on(a0, a1), _goes_on(b0, b1))
    return _goes_on(a1, np.roll(b0, shift)) / own if own >= _OWN else None


def _goes_on(one: Bool, two: Bool) -> float:
    """Share of the ink of either row that has ink of the other nearby, over chance; -1..1."""
    reach = max(3, round(_SIDEWAYS * len(one)))
    found = [_near(one, np.roll(two, d), reach) for d in (0, *range(3 * reach, 12 * reach, reach))]
    found += [_near(one, np.roll(two, -d), reach) for d in range(3 * reach, 12 * reach, reach)]
    by_chance = float(np.mean(found[1:]))
    return (found[0] - by_chance) / max(0.05, 1 - by_chance)


def _near(one: Bool, two: Bool, reach: int) -> float:
    wide = [maximum_filter1d(side.astype(np.uint8), 2 * reach + 1) > 0 for side in (one, two)]
    return min(float(wide[1][one].mean()), float(wide[0][two].mean()))
