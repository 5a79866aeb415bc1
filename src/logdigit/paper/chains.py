"""Chains of depth figures among numbers that may be any.

A figure alone proves nothing: figures are misread, lose digits, and scale values stand between them. What
proves depth is a *chain*: many numbers of one column that lie on one smooth course of rows. A chain is
searched with every px-per-unit that pairs of figures suggest; numbers off it are left out.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from logdigit.paper.figures import MIN_CHAIN, STRETCH, Chain, Figure, damaged
from logdigit.types import Float

_MOST = 40
"""Chains of a strip, at most."""
_LOOSE = 0.16
"""Share of a figure step by which a figure stands off its even place."""
_SHOWN = 0.45
"""Share of the least difference of two near figures that a figure step is, at least."""
_IN_PLACE = 0.2
"""Share of a figure step within which a figure stands in its place."""
_PAIR_WEIGHT = 0.8
"""Weight from which two figures are enough,"""
_PAIR_STEPS = (10.0, 20.0, 25.0, 50.0, 100.0, 200.0)
"""and by how much they differ then."""


def find_chains(figures: Sequence[Figure], width: float) -> list[Chain]:
    """Chains among the figures of a strip, the strongest first; none overlaps another in its rows.

    Args:
        figures: numbers that may be depths.
        width: of the strip, px; bounds how far a column wanders.
    """
    parts = [sorted((f for f in figures if f.value > 0), key=lambda f: f.row)]
    out: list[Chain] = []
    while parts and len(out) < _MOST:
        part = parts.pop()
        chain = best_chain(part, width) if len(part) >= MIN_CHAIN else None
        if chain is None:
            continue
        out.append(chain)
        top, bottom = chain.figures[0].row, chain.figures[-1].row
        parts += [[f for f in part if f.row < top - 1], [f for f in part if f.row > bottom + 1]]
    return sorted(out, key=lambda chain: -chain.weight)


def pair_of(figures: Sequence[Figure], width: float) -> Chain | None:
    """The chain of a log so short that only two of its figures are printed; None where it is not so.

    Nothing beside them may say something else, and what they say is not proved: the heading must know it.

    >>> upper, lower = (Figure(v, 10 * v, 50.0, 40.0, 20.0, 1.0, 4) for v in (3100.0, 3200.0))
    >>> pair_of([upper, lower], 1000.0).step, pair_of([upper, lower, lower], 1000.0)
    (100.0, None)
    """
    whole = sorted((f for f in figures if f.digits >= 3), key=lambda f: f.row)
    if len(whole) != 2 or min(f.weight for f in whole) < _PAIR_WEIGHT:
        return None
    a, b = whole
    step, apart = b.value - a.value, b.row - a.row
    beside = abs(a.x - b.x) < 0.02 * width + 0.012 * apart
    if step not in _PAIR_STEPS or a.value % step or a.digits != b.digits - (b.value >= 1000 > a.value):
        return None
    return Chain((a, b), apart / step, step, a.weight + b.weight) if beside and apart > 0 else None


def best_chain(figures: Sequence[Figure], width: float) -> Chain | None:
    """The chain that explains most of the figures; None where no three make one."""
    rows = np.array([f.row for f in figures])
    values = np.array([f.value for f in figures])
    best: Chain | None = None
    most = 0.0
    for pitch in _pitches(figures):
        for step in _steps(values, rows, pitch):
            chain = _chain(figures, rows, values, pitch, step, width)
            if chain is None:
                continue
            worth = chain.weight + 0.7 * len(damaged(chain, figures))
            if worth > most * 1.001:
                best, most = chain, worth
    return best


def _pitches(figures: Sequence[Figure]) -> list[float]:
    """Rows per unit that many pairs of near figures suggest, the commonest first."""
    logs = []
    for k, a in enumerate(figures):
        for b in figures[k + 1 : k + 9]:
            if b.value > a.value and b.row > a.row + 2:
                logs.append((np.log((b.row - a.row) / (b.value - a.value)), a.weight * b.weight))
    if not logs:
        return []
    where, weights = np.array(logs).T
    inside = np.abs(where - np.log(5.0)) < np.log(100.0)
    if not inside.any():
        return []
    bins = np.round(where[inside] / 0.03).astype(int)
    lowest = int(bins.min())
    heights = np.bincount(bins - lowest, weights[inside])
    smooth = np.convolve(np.pad(heights, 1), np.ones(3), "valid")
    order = np.argsort(-smooth, kind="stable")
    out: list[int] = []
    for k in (int(o) for o in order if smooth[o] > 0):
        if all(abs(k - other) > 2 for other in out):
            out.append(k)
        if len(out) == 10:
            break
    return [float(np.exp((k + lowest) * 0.03)) for k in out]


def _steps(values: Float, rows: Float, pitch: float) -> list[float]:
    """Figure steps (1, 2, 2.5 or 5 x 10^n) that near figures on this pitch show.

    A step that no two figures stand apart is none: what makes 49 and 51 of fifties is misread.
    """
    near = [(a, b) for a in range(len(values)) for b in range(a + 1, min(a + 4, len(values)))]
    first, second = np.array(near or [(0, 0)]).T
    gaps, apart = values[second] - values[first], rows[second] - rows[first]
    fits = (gaps > 0) & (np.abs(apart - pitch * gaps) < (STRETCH + 0.1) * pitch * gaps)
    if not fits.any():
        return []
    round_ = np.array(sorted(m * 10.0**e for e in range(0, 4) for m in (1.0, 2.0, 2.5, 5.0)))
    parts = gaps[fits][:, None] / round_[None]
    largest = np.where(np.abs(parts - np.round(parts)) < 1e-6, round_[None], 0.0).max(axis=1)
    largest[largest < _SHOWN * gaps[fits].min()] = 0.0
    known, counts = np.unique(largest[largest > 0], return_counts=True)
    return [float(s) for s in known[np.argsort(-counts, kind="stable")][:3]]


def _whole(values: Float, step: float, weights: Float) -> NDArray[np.bool_]:
    """Which values are a whole number of steps from the weightiest remainder: figures may be 50, 150, 250."""
    remainders = np.round(values % step, 3) % step
    round_ = np.asarray(
        (remainders % 5 == 0) | (step < 5), dtype=np.bool_
    )  # 1576, 1626, 1676: a digit is misread, always alike
    if not round_.any():
        return round_
    known, where = np.unique(remainders[round_], return_inverse=True)
    usual = known[np.argmax(np.bincount(where, weights[round_]))]
    return np.asarray(remainders == usual, dtype=np.bool_)


def _on_course(path: Sequence[int], kept: Sequence[int], rows: Float, values: Float, step: float) -> bool:
    """Whether the figures of a path that were not kept stand in place: they are not misread."""
    rest = [k for k in path if k not in kept and rows[kept[0]] < rows[k] < rows[kept[-1]]]
    if not rest:
        return False
    due = np.interp(rows[rest], rows[list(kept)], values[list(kept)])
    return bool(np.median(np.abs(values[rest] - due)) < _IN_PLACE * step)


def _chain(
    figures: Sequence[Figure], rows: Float, values: Float, pitch: float, step: float, width: float
) -> Chain | None:
    """The heaviest run of figures each of which follows from the one before."""
    xs = np.array([f.x for f in figures])
    weights = np.array([f.weight for f in figures])
    total, back = weights.copy(), np.full(len(figures), -1)
    whole = _whole(values, step, np.where(values >= 100, weights, 0.1 * weights))
    total[~whole] = -np.inf
    for k in range(1, len(figures)):
        if not whole[k]:
            continue
        due = pitch * (values[k] - values[:k])
        loose = STRETCH * np.minimum(due, 4 * pitch * step) + 0.04 * due + _LOOSE * pitch * step
        near = np.abs(xs[k] - xs[:k]) < 0.02 * width + 0.012 * np.abs(rows[k] - rows[:k])
        fits = (due > 0) & (np.abs(rows[k] - rows[:k] - due) <= loose) & near & whole[:k]
        if fits.any():
            # a step left out costs a little: of two courses the one without holes is likelier
            holes = 0.02 * np.minimum(np.round((values[k] - values[:k]) / step) - 1, 20)
            gain = np.where(fits, total[:k] - holes, -np.inf)
            j = int(np.argmax(gain))
            if gain[j] > 0:
                total[k], back[k] = weights[k] + gain[j], j
    k = int(np.argmax(total))
    path = [k]
    while back[path[-1]] >= 0:
        path.append(int(back[path[-1]]))
    path.reverse()
    if len(path) < MIN_CHAIN:
        return None
    # figures of every hundred with a misread one at a five are a chain of hundreds
    for coarse in (m * step for m in (2, 4, 5, 10, 20)):
        kept = [k for k, fits in zip(path, _whole(values[path], coarse, weights[path]), strict=True) if fits]
        if len(kept) >= max(MIN_CHAIN, 0.7 * len(path)) and not _on_course(path, kept, rows, values, step):
            path, step = kept, coarse
    chosen = tuple(figures[k] for k in path)
    slope = float(np.median(np.diff(rows[path]) / np.diff(values[path])))
    return Chain(chosen, slope, step, float(weights[path].sum()))
