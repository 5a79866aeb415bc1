"""How good a digitised curve is, judged on the curve that is delivered: a value at each depth.

Everything is measured as a *share of the scale*, u = 0 at the left edge of the track and 1 at the right:
0.01 is the same distance on paper for every curve, and a log scale is compared in log space. Callers map
values to u (``curves.calibrate.to_position``); this module knows arrays only.

The curve is sampled at the depths of the truth, never across a gap, and compared there.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from logdigit.types import Float

SWAP_FAR = 0.02
"""A swapped sample lies further than this from its own truth, share of the scale, ..."""
SWAP_NEAR = 0.01
"""... and nearer than this to another curve of the same track."""
CLOSE = 0.01
"""A sample is right when it lies within this of its truth, share of the scale."""
SURE = 0.9
"""A sample of this confidence or more claims to be right."""
FIRM = 0.02
"""How far past an edge a curve must go for its turn to have changed, share of the scale: less is a touch."""
_REACH = 2
"""Rows beside a change of turn within which the other curve must have a value."""
GAP_STEPS = 1.5
"""Samples further apart than this many steps have a gap between them."""
_MIN_PAIRS = 8
"""Fewer pairs of samples than this have no correlation worth naming."""


@dataclass(frozen=True)
class CurveScore:
    """A curve against its truth; NaN where nothing could be compared.

    Attributes:
        n: depths of the truth at which both have a value.
        mae: mean absolute error, share of the scale, over those depths, as all that follow.
        median: median absolute error.
        bias: mean error; positive where the curve lies too far right.
        p95: 95th percentile of the absolute error.
        r: Pearson correlation.
        r2: coefficient of determination, 1 - squared errors / variance of the truth about its mean.
        coverage: share of the samples of the truth at which the curve has a value.
        false: share of the curve's values, at the depths of the truth, that stand where the truth has none.
        depth_lag: shift in depth that fits best, in depth units; positive where the curve lies too deep.
        swap_rate: share of the ``n`` depths on which the curve follows another curve of its track.
        mae_units: ``mae`` in the unit of the curve; NaN where the scale is not linear (but see
            ``evaluate``, which fills it on any scale). So are the next.
        median_units: ``median`` likewise.
        bias_units: ``bias`` likewise, in the direction of the values.
        p95_units: ``p95`` likewise.
    """

    n: int
    mae: float
    median: float
    bias: float
    p95: float
    r: float
    r2: float
    coverage: float
    false: float
    depth_lag: float
    swap_rate: float
    mae_units: float
    median_units: float
    bias_units: float
    p95_units: float


def compare(
    depth: Float,
    u: Float,
    true_depth: Float,
    true_u: Float,
    others: Sequence[Float] | Float = (),
    *,
    span: float = math.nan,
    max_lag: float = 5.0,
) -> CurveScore:
    """Score a curve against its truth.

    Args:
        depth: depths of the curve, (N,), increasing.
        u: its position, share of the scale, (N,); NaN where it has no value.
        true_depth: depths of the truth, (M,), increasing.
        true_u: the true position, (M,); NaN where there is none.
        others: true positions of the other curves of the same track, K of (M,) or (K, M), each on the scale
            of *its* curve: where its ink is.
        span: value at the right edge minus value at the left, of a linear scale; NaN for any other.
        max_lag: largest shift that is tried, in depth units.

    >>> z = np.arange(10.0)
    >>> score = compare(z, z / 10 + 0.01, z, z / 10, span=150.0)
    >>> round(score.mae, 6), round(score.mae_units, 6), score.coverage
    (0.01, 1.5, 1.0)
    """
    at = sample(depth, u, true_depth)
    given, true = np.isfinite(at), np.isfinite(true_u)
    both = given & true
    n = int(both.sum())
    error = at[both] - true_u[both]
    size = np.abs(error)
    mae, median, bias, p95 = (
        (float(size.mean()), float(np.median(size)), float(error.mean()), float(np.percentile(size, 95)))
        if n
        else (math.nan,) * 4
    )
    spread = float(np.sum((true_u[both] - true_u[both].mean()) ** 2)) if n else 0.0
    return CurveScore(
        n=n,
        mae=mae,
        median=median,
        bias=bias,
        p95=p95,
        r=correlation(at, true_u),
        r2=1.0 - float(np.sum(error**2)) / spread if spread > 0 else math.nan,
        coverage=_share(n, int(true.sum())),
        false=_share(int((given & ~true).sum()), int(given.sum())),
        depth_lag=depth_lag(depth, u, true_depth, true_u, max_lag),
        swap_rate=swap_rate(at[both], true_u[both], [other[both] for other in others]),
        mae_units=mae * abs(span),
        median_units=median * abs(span),
        bias_units=bias * span,
        p95_units=p95 * abs(span),
    )


def sample(depth: Float, value: Float, at: Float) -> Float:
    """A curve (N,) at other depths (M,), linear between neighbours, never across a gap.

    Where only one neighbour has a value it is taken if it lies within half a step; NaN elsewhere.

    >>> nan = np.nan
    >>> sample(np.array([0.0, 1.0, 2.0, 3.0]), np.array([0.0, 1.0, nan, 3.0]), np.array([0.5, 1.4, 1.6, 9.0]))
    array([0.5, 1. , nan, nan])
    """
    at = np.asarray(at, dtype=np.float64)
    if len(depth) < 2:
        return np.where(np.isin(at, depth), value[0] if len(value) else np.nan, np.nan)
    step = float(np.median(np.diff(depth)))
    low = np.clip(np.searchsorted(depth, at, side="right") - 1, 0, len(depth) - 2)
    before, after = at - depth[low], depth[low + 1] - at
    a, b = value[low], value[low + 1]
    joined = (before + after <= GAP_STEPS * step) & (before >= 0) & (after >= 0)
    mixed = np.where(joined, a + (b - a) * before / (before + after), np.nan)
    exact = np.where(before == 0, a, np.where(after == 0, b, mixed))
    nearer = np.where(np.abs(before) <= np.abs(after), a, b)
    close = np.minimum(np.abs(before), np.abs(after)) <= 0.5 * step
    out: Float = np.where(np.isfinite(exact), exact, np.where(close, nearer, np.nan))
    return out


def correlation(a: Float, b: Float) -> float:
    """Pearson's r of two series (N,) where both have a value; NaN where too few have or one is constant."""
    both = np.isfinite(a) & np.isfinite(b)
    if int(both.sum()) < _MIN_PAIRS:
        return math.nan
    x, y = a[both] - a[both].mean(), b[both] - b[both].mean()
    norm = math.sqrt(float(x @ x) * float(y @ y))
    # a constant series is left with rounding noise, which correlates with anything
    tiny = 1e-12 * len(x) * max(1.0, float(np.max(np.abs(a[both]))) * float(np.max(np.abs(b[both]))))
    return float(x @ y) / norm if norm > tiny else math.nan


def depth_lag(depth: Float, u: Float, true_depth: Float, true_u: Float, max_lag: float) -> float:
    """The shift that the curve has against its truth, by cross-correlation, refined by a parabola.

    Returns:
        Depth units, positive where the curve lies too deep; NaN where no shift correlates, or where the
        best one is the largest that was tried (then the true shift is unknown).
    """
    if len(true_depth) < _MIN_PAIRS or len(depth) < 2:
        return math.nan
    step = float(np.median(np.diff(true_depth)))
    count = math.ceil(max_lag / step - 1e-9)
    lags = step * np.arange(-count, count + 1)
    r = np.array([correlation(sample(depth, u, true_depth + lag), true_u) for lag in lags])
    if not np.isfinite(r).any():
        return math.nan
    best = int(np.nanargmax(r))
    if not 0 < best < len(r) - 1:
        return math.nan
    left, top, right = r[best - 1 : best + 2]
    bend = left - 2 * top + right
    offset = 0.5 * (left - right) / bend if np.isfinite(bend) and bend < 0 else 0.0
    return float(lags[best] + offset * step)


def swap_rate(at: Float, own: Float, others: Sequence[Float], *, wraps: bool = False) -> float:
    """Share of samples that lie off their own truth and on the ink of another curve.

    Off and on are `SWAP_FAR` and `SWAP_NEAR`: where curves cross or run together nothing is swapped.

    Args:
        at: positions of the curve, (N,), all finite.
        own: its true positions, (N,), all finite.
        others: where the ink of the other curves is, K of (N,); NaN where they have none.
        wraps: whether the curve re-enters at the other edge: then a wrong turn on its own ink is no swap.

    Returns:
        NaN without samples, 0 without other curves.
    """
    if not len(at):
        return math.nan
    if not len(others):
        return 0.0
    off, ink = at - own, at
    if wraps:
        off, ink = off - np.round(off), at - np.floor(at)
    gap = np.abs(np.stack(list(others)) - ink)
    nearest = np.min(np.where(np.isfinite(gap), gap, np.inf), axis=0)
    return float(np.mean((np.abs(off) > SWAP_FAR) & (nearest < SWAP_NEAR)))


def followed_turns(u: Float, other: Float) -> tuple[int, int]:
    """How many changes of turn a wrapping curve makes, and in how many another one is with it.

    A change stands between two rows that are both `FIRM` inside their turn; the other curve is with it when
    it is on the same turn (nearer than half a scale) on both sides of the change. With the truth first this
    is recall, with the truth second precision.

    Args:
        u: unwrapped positions, (N,), NaN where there is none; turn k is from k to k + 1.
        other: those of the other curve, on the same rows.

    Returns:
        Changes, and changes followed.

    >>> true = np.array([0.8, 0.9, 1.1, 1.2, 0.9])
    >>> followed_turns(true, np.array([0.8, 0.9, 1.1, 1.2, 1.9]))
    (2, 1)
    """
    rows = np.flatnonzero(np.isfinite(u))
    into = u[rows] - np.floor(u[rows])
    rows = rows[(into >= FIRM) & (into <= 1 - FIRM)]
    turn = np.floor(u[rows])
    same = np.abs(other - u) < 0.5  # False where the other has no value
    changes = np.flatnonzero(np.diff(turn))
    followed = 0
    for k in changes:
        before = rows[max(0, k - _REACH) : k + 1][turn[max(0, k - _REACH) : k + 1] == turn[k]]
        after = rows[k + 1 : k + 2 + _REACH][turn[k + 1 : k + 2 + _REACH] == turn[k + 1]]
        followed += bool(same[before].any() and same[after].any())
    return len(changes), followed


def _share(part: int, whole: int) -> float:
    return part / whole if whole else math.nan
