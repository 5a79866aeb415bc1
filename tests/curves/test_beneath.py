from __future__ import annotations

import numpy as np
import pytest

from logdigit.curves.beneath import follow_beneath
from logdigit.curves.trace import trace_track
from logdigit.types import CLASSES, CurveSpec, Float32, ProbabilityMap, Track, ValueScale

ROWS, NULL = 300, np.float32(np.nan)
UNIT = (ValueScale(((0.0, 0.0), (1.0, 1.0))),)


def host() -> Float32:
    return (150 + 40 * np.sin(np.arange(ROWS) / 20)).astype(np.float32)


def filled(x: Float32, other: Float32, turned: int = 0) -> tuple[Float32, Float32]:
    """What becomes of readings beside another curve, and how sure; from row 200 on a turn higher."""
    x, sure, turns = x.copy(), np.where(np.isfinite(x), 0.8, 0).astype(np.float32), np.zeros(ROWS, np.int8)
    turns[200:] = turned
    follow_beneath(x, sure, turns, [np.full(ROWS, 20, np.float32), other])
    return x, sure


@pytest.mark.parametrize("apart", [0.0, 8.0, -11.0])
def test_a_curve_goes_on_beneath_another_from_where_it_ends_to_where_it_comes_out(apart: float) -> None:
    x = host() + np.float32(apart)
    x[100:200] = NULL
    got, sure = filled(x, host())
    assert np.abs(got - host())[140:160].max() < 0.3 * abs(apart) + 1e-3
    assert np.abs(got - host()).max() <= abs(apart) + 1e-3
    assert sure[99] == np.float32(0.8) and sure[150] == np.float32(0.4)


def test_a_gap_stays_where_nothing_says_that_it_is_beneath() -> None:
    late, early = host() + np.float32(0), host() + np.float32(0)
    late[200:] += 30  # comes out elsewhere
    early[:100] -= 30  # went in elsewhere
    for x in (late, early):
        x[100:200] = NULL
        assert np.isnan(filled(x, host())[0][100:200]).all()
    lost = host()
    lost[150:170] = NULL  # the other is not known either
    x = host()
    x[100:200] = NULL
    assert np.isnan(filled(x, lost)[0][100:200]).all()
    assert np.isnan(filled(x, host(), turned=1)[0][100:200]).all()
    assert np.isfinite(filled(x, host())[0]).all()


def test_what_begins_late_or_ends_early_is_not_looked_for_beneath() -> None:
    x = host()
    x[:100] = x[250:] = NULL
    got = filled(x, host())[0]
    assert np.isnan(got[:100]).all() and np.isnan(got[250:]).all()


def test_a_dashed_curve_is_read_where_it_runs_with_a_solid_one() -> None:
    rows, width = 900, 300
    y = np.arange(rows)
    deep = 140 + 30 * np.sin(y / 60)
    together = np.clip(np.minimum((y - 300) / 40, (620 - y) / 40), 0, 1)
    medium = deep + 50 * (1 - together)
    prob = np.zeros((len(CLASSES), rows, width), np.float32)
    for x, style in ((medium, "dashed"), (deep, "solid")):  # the later one covers the earlier one
        for row in y:
            at = slice(round(x[row]) - 1, round(x[row]) + 2)
            prob[1:, row, at] = 0
            prob[CLASSES.index(style), row, at] = 1
    prob[0] = 1 - prob[1:].sum(axis=0)
    track = Track(0.0, width - 1.0, (CurveSpec("ILD", UNIT), CurveSpec("ILM", UNIT, style="dashed")))
    one, other = trace_track([ProbabilityMap(0, prob, CLASSES)], track)
    assert np.isfinite(other.x).mean() > 0.97
    assert np.nanmax(np.abs(other.x - medium)) < 3 and np.nanmax(np.abs(one.x - deep)) < 3
    assert other.confidence[400:560].max() <= 0.5
