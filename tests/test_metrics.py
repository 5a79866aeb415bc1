from __future__ import annotations

import math

import numpy as np
import pytest

from logdigit.metrics import compare, correlation, followed_turns, sample, swap_rate
from logdigit.types import Float

NAN = math.nan
Z = np.arange(0.0, 10.0, 0.5)
WAVE = 0.5 + 0.3 * np.sin(np.arange(400) * 0.11) + 0.1 * np.sin(np.arange(400) * 0.37)
LONG: Float = 100 + 0.5 * np.arange(400, dtype=np.float64)


def test_a_perfect_curve() -> None:
    score = compare(LONG, WAVE, LONG, WAVE, others=[1 - WAVE], span=150)
    assert (score.n, score.mae, score.median, score.bias, score.p95) == (400, 0, 0, 0, 0)
    assert (score.coverage, score.false, score.swap_rate, score.mae_units) == (1, 0, 0, 0)
    assert score.r == pytest.approx(1) and score.r2 == pytest.approx(1)
    assert score.depth_lag == pytest.approx(0, abs=1e-9)


def test_errors_by_hand() -> None:
    # errors +0.1, -0.1, 0, +0.4: mean size 0.15, median 0.1, bias 0.1
    true = np.array([0.0, 0.2, 0.4, 0.6])
    score = compare(Z[:4], true + np.array([0.1, -0.1, 0.0, 0.4]), Z[:4], true, span=-40.0)
    assert (score.mae, score.median, score.bias) == pytest.approx((0.15, 0.1, 0.1))
    assert score.p95 == pytest.approx(0.1 + 0.85 * 0.3)  # ranks 0, 1/3, 2/3, 1: 0.95 lies between 0.1 and 0.4
    assert (score.mae_units, score.bias_units) == pytest.approx((6.0, -4.0))
    # sum of squares about the mean 0.3: 0.09 + 0.01 + 0.01 + 0.09 = 0.2; errors: 0.01 + 0.01 + 0.16 = 0.18
    assert score.r2 == pytest.approx(1 - 0.18 / 0.2)
    assert math.isnan(score.r) and math.isnan(score.depth_lag)  # four samples correlate with anything


def test_a_scale_that_is_not_linear_has_no_units() -> None:
    assert math.isnan(compare(Z, Z / 10, Z, Z / 10).mae_units)


def test_coverage_and_false_values() -> None:
    # the truth has 15 of 20 values; the curve 12 of them and 4 where the truth has none
    true, given = Z / 10, Z / 10
    true, given = true.copy(), given.copy()
    true[:5] = NAN
    given[4:8] = NAN
    score = compare(Z, given, Z, true)
    assert (score.n, score.coverage, score.false) == (12, 12 / 15, 4 / 16)


def test_nothing_to_compare() -> None:
    score = compare(Z, np.full(20, NAN), Z, Z)
    assert (score.n, score.coverage) == (0, 0)
    assert all(math.isnan(v) for v in (score.mae, score.p95, score.r2, score.false, score.swap_rate))
    beyond = compare(Z + 100, Z, Z, Z)
    assert (beyond.n, beyond.coverage) == (0, 0)


@pytest.mark.parametrize("lag", [-2.0, -0.5, 0.0, 0.2, 1.7, 4.5])
def test_depth_lag_is_positive_where_the_curve_lies_too_deep(lag: float) -> None:
    assert compare(LONG + lag, WAVE, LONG, WAVE).depth_lag == pytest.approx(lag, abs=0.02)


def test_a_lag_beyond_the_range_is_unknown_rather_than_clipped() -> None:
    assert math.isnan(compare(LONG + 6, WAVE, LONG, WAVE, max_lag=5).depth_lag)
    assert compare(LONG + 6, WAVE, LONG, WAVE, max_lag=8).depth_lag == pytest.approx(6, abs=0.02)


def test_swaps_by_hand() -> None:
    own, other, third = np.full(20, 0.3), np.full(20, 0.7), np.full(20, NAN)
    at = own.copy()
    at[:4] = 0.705  # on the other curve: swapped
    at[4:6] = 0.5  # off both: wrong, but no swap
    at[6:8] = 0.315  # within 0.02 of its own
    assert compare(Z, at, Z, own, others=[other, third]).swap_rate == 4 / 20
    crossing = np.full(20, 0.309)
    assert compare(Z, crossing, Z, own, others=[np.full(20, 0.31)]).swap_rate == 0
    assert compare(Z, at, Z, own).swap_rate == 0
    assert compare(Z, at, Z, own, np.stack([other, third])).swap_rate == 4 / 20
    assert compare(Z, at, Z, own, np.empty((0, 20))).swap_rate == 0


def test_sampling_never_crosses_a_gap() -> None:
    z, v = np.array([0.0, 1.0, 2.0, 6.0, 7.0]), np.array([0.0, 1.0, 2.0, 6.0, NAN])
    at = np.array([-0.5, -0.6, 0.25, 2.0, 2.4, 3.0, 4.0, 5.7, 6.0, 6.4, 6.6, 7.0])
    np.testing.assert_array_equal(
        sample(z, v, at), [0.0, NAN, 0.25, 2.0, 2.0, NAN, NAN, 6.0, 6.0, 6.0, NAN, NAN]
    )
    np.testing.assert_array_equal(sample(z[:1], v[:1], np.array([0.0, 1.0])), [0.0, NAN])
    np.testing.assert_array_equal(sample(z[:0], v[:0], np.array([0.0])), [NAN])


def test_constant_series_do_not_correlate() -> None:
    assert math.isnan(correlation(np.full(50, 0.1), WAVE[:50]))
    assert correlation(WAVE, -WAVE) == pytest.approx(-1)


def test_a_wrong_turn_on_its_own_ink_is_no_swap() -> None:
    own, other = np.full(10, 1.3), np.full(10, 0.7)
    at = own.copy()
    at[:2] = 0.3  # its own ink, the wrap missed
    at[2:5] = 1.7  # the ink of the other
    assert swap_rate(at, own, [other], wraps=True) == 3 / 10
    assert swap_rate(at, own, [other]) == 0  # without wraps nothing of the other is at 1.7
    assert swap_rate(at, own, []) == 0 and math.isnan(swap_rate(at[:0], own[:0], [other[:0]]))
    edge = np.full(10, 1.995)  # across the edge from its truth, 0.01 of the scale away
    assert swap_rate(edge, np.full(10, 2.005), [np.full(10, 0.995)], wraps=True) == 0


def test_changes_of_turn() -> None:
    touch = np.array([0.9, 0.99, 1.01, 0.99, 0.9])  # the edge is touched, not crossed
    assert followed_turns(touch, touch) == (0, 0)
    there = np.array([0.9, 0.995, 1.1, NAN, 1.2, 0.8])
    assert followed_turns(there, there) == (2, 2)
    assert followed_turns(there, np.full(6, NAN)) == (2, 0)
    early = there + np.array([0, 1, 0, 0, 0, 0])  # wrong only where the truth is on the edge
    assert followed_turns(there, early) == (2, 2)
