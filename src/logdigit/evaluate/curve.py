"""One curve against its truth, on the depths of the truth."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np

from logdigit.evaluate.reports import LEVEL, Backup, CurveReport, Sureness, Turns
from logdigit.evaluate.rulers import Ruler
from logdigit.metrics import CLOSE, SURE, CurveScore, compare, correlation, followed_turns, sample, swap_rate
from logdigit.types import Bool, Curve, Float


@dataclass(frozen=True)
class _Rows:
    """A curve and its truth side by side, all (N,).

    Attributes:
        given: values of the curve, NaN where it has none.
        true: true values.
        u_given: their positions, share of the scale.
        u_true: the true positions.
        asked: where the layout says that there are readings.
        on: where the truth stands on its scale, and is compared.
    """

    given: Float
    true: Float
    u_given: Float
    u_true: Float
    asked: Bool
    on: Bool

    @property
    def both(self) -> Bool:
        """Where there is an error to measure."""
        return np.asarray(self.on & np.isfinite(self.u_given))


def score_curve(
    got: Curve | None,
    true: Curve,
    ruler: Ruler | None,
    others: Sequence[Float],
    max_lag: float,
    rated: bool = False,
) -> CurveReport:
    """Score a curve against its truth.

    Args:
        got: what was digitised, its depths in the unit of the truth; None where it is missing.
        true: the truth.
        ruler: how it is printed; None where nothing tells and the truth does not vary.
        others: where the ink of the other curves of its track is, on the depths of the truth.
        max_lag: largest depth lag to look for, depth units.
        rated: whether its confidences are its own, and not what a reader puts in their place.
    """
    depth, value = (np.empty(0), np.empty(0)) if got is None else (got.depth, got.value)
    u = np.full(len(depth), np.nan) if ruler is None else ruler.position(depth, value)
    rows = _rows(depth, value, u, true, ruler)
    u_on = np.where(rows.on, rows.u_true, np.nan)
    score = compare(depth, u, true.depth, u_on, max_lag=max_lag)
    swaps = math.nan
    if ruler is not None and ruler.source != "span":
        both = rows.both
        swaps = swap_rate(
            rows.u_given[both], rows.u_true[both], [other[both] for other in others], wraps=ruler.wraps
        )
    level = np.zeros(len(true.depth), np.int64) if ruler is None else _levels(true, rows, ruler)
    off = _off_scale(rows) & (level == 0)
    gap = rows.asked & ~np.isfinite(rows.true)
    many = ruler is not None and ruler.levels > 1
    return CurveReport(
        mnemonic=true.mnemonic,
        read_as="" if got is None else got.mnemonic,
        unit=true.unit,
        style="" if ruler is None or not ruler.placed else ruler.spec.style,
        source="" if ruler is None else ruler.source,
        kind="" if ruler is None else ruler.spec.scales[0].kind,
        anchors=() if ruler is None else ruler.spec.scales[0].anchors,
        wraps=ruler is not None and ruler.wraps,
        score=_completed(score, rows, swaps),
        within=_mean(np.abs(rows.u_given - rows.u_true)[rows.both] <= CLOSE),
        varies=not math.isnan(correlation(u_on, u_on)),
        off_scale=int(off.sum()),
        off_scale_drawn=_mean(np.isfinite(rows.given)[off]),
        gaps=int(gap.sum()),
        gaps_drawn=_mean(np.isfinite(rows.given)[gap]),
        turns=_turns(rows) if ruler is not None and ruler.wraps else None,
        backup=_backup(depth, value, true, ruler, level) if ruler is not None and many else None,
        sureness=_sureness(got, true.depth, rows) if got is not None and rated else None,
    )


def _rows(depth: Float, value: Float, u: Float, true: Curve, ruler: Ruler | None) -> _Rows:
    """Everything on the depths of the truth; ``u`` are the positions of ``value``."""
    there = np.isfinite(true.value)
    if ruler is None:  # no scale: only whether there are values can be judged
        nowhere, asked, on = np.full(len(there), np.nan), np.ones_like(there), there
        return _Rows(sample(depth, value, true.depth), true.value, nowhere, nowhere, asked, on)
    u_true = ruler.position(true.depth, true.value)
    asked = ruler.declared(true.depth)
    on = asked & ruler.on_scale(true.depth, u_true)
    return _Rows(
        sample(depth, value, true.depth), true.value, sample(depth, u, true.depth), u_true, asked, on
    )


def _completed(score: CurveScore, rows: _Rows, swaps: float) -> CurveScore:
    """The score with its swaps, its coverage where there is no scale, and its errors in units."""
    given = np.isfinite(rows.given)
    if not np.isfinite(rows.u_true).any():
        score = replace(score, coverage=_mean(given[rows.on]), n=int((rows.on & given).sum()))
    error = (rows.given - rows.true)[rows.on & given]
    if not len(error):
        return replace(score, swap_rate=swaps)
    return replace(
        score,
        swap_rate=swaps,
        mae_units=float(np.abs(error).mean()),
        median_units=float(np.median(np.abs(error))),
        bias_units=float(error.mean()),
        p95_units=float(np.percentile(np.abs(error), 95)),
    )


def _off_scale(rows: _Rows) -> Bool:
    """Where the truth has a value that is not on the scale, nor so near that a pen would touch the edge."""
    with np.errstate(invalid="ignore"):
        near = (rows.u_true >= -CLOSE) & (rows.u_true <= 1 + CLOSE)
    return np.asarray(rows.asked & np.isfinite(rows.true) & ~rows.on & ~near)


def _levels(true: Curve, rows: _Rows, ruler: Ruler) -> np.ndarray:
    """Which further scale (1, 2, ...) the truth stands on where it is off the main one; 0 for none."""
    level = np.zeros(len(true.depth), np.int64)
    for k in range(1, ruler.levels):
        u = ruler.position(true.depth, true.value, k)
        with np.errstate(invalid="ignore"):
            level[rows.asked & ~rows.on & (level == 0) & (u >= 0) & (u <= 1)] = k
    return level


def _backup(depth: Float, value: Float, true: Curve, ruler: Ruler, level: np.ndarray) -> Backup:
    """The rows on further scales, each measured on its own."""
    errors: list[Float] = []
    for k in range(1, ruler.levels):
        here = level == k
        at = sample(depth, ruler.position(depth, value, k), true.depth)[here]
        errors.append(np.abs(at - ruler.position(true.depth, true.value, k)[here]))
    error = np.concatenate(errors)
    known = error[np.isfinite(error)]
    return Backup(
        len(error),
        _mean(np.isfinite(error)),
        _mean(known <= LEVEL),
        float(known.mean()) if len(known) else math.nan,
    )


def _turns(rows: _Rows) -> Turns:
    given, true = np.where(rows.asked, rows.u_given, np.nan), np.where(rows.on, rows.u_true, np.nan)
    wrong = np.abs(given - true)[rows.both] >= 0.5
    return Turns(*followed_turns(true, given), *followed_turns(given, true), _mean(wrong))


def _sureness(got: Curve, at: Float, rows: _Rows) -> Sureness:
    """Whether its confidences hold, at the depths of the truth (N,)."""
    known = rows.asked & np.isfinite(rows.u_given) & np.isfinite(rows.true)
    confidence = sample(got.depth, got.confidence, at)
    sure = known & (np.nan_to_num(confidence) >= SURE)
    with np.errstate(invalid="ignore"):
        right = np.abs(rows.u_given - rows.u_true) <= CLOSE
    return Sureness(int(sure.sum()), _mean(sure[known]), _mean(right[sure]))


def _mean(flags: np.ndarray) -> float:
    return float(flags.mean()) if len(flags) else math.nan
