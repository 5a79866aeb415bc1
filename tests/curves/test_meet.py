"""Strokes that look alike cross where they lie nearly flat, or only touch: direction tells."""

from __future__ import annotations

import numpy as np
import pytest
from test_trace import bands, sheet

from logdigit.curves.identity import Path
from logdigit.curves.meet import bends
from logdigit.curves.trace import trace_track
from logdigit.types import Float

ROWS = 400


def step(rows: Float, at: float, left: float, right: float, width: float) -> Float:
    """A bed boundary: from one level to another within ``width`` rows."""
    out: Float = left + (right - left) / (1 + np.exp(-(rows - at) / (width / 8)))
    return out


@pytest.mark.parametrize("width", [16.0, 30.0, 60.0])
def test_two_curves_of_one_style_cross_at_a_bed_boundary(width: float) -> None:
    rows = np.arange(float(ROWS))
    one = step(rows, 200, 70, 230, width) + 8 * np.sin(rows / 17)
    other = step(rows, 200, 210, 90, width) + 8 * np.sin(rows / 23)
    prob, track, _ = sheet([(one, "solid"), (other, "solid")])
    above = [float(np.nanmedian(trace.x[60:180])) for trace in trace_track(bands(prob, 200), track)]
    below = [float(np.nanmedian(trace.x[220:340])) for trace in trace_track(bands(prob, 200), track)]
    assert (above[0] < above[1]) == (below[0] > below[1])


def test_two_curves_that_touch_and_turn_back_do_not_change_places() -> None:
    rows = np.arange(float(ROWS))
    bump = 60 * np.exp(-np.square((rows - 200) / 50))
    prob, track, _ = sheet([(88 + bump, "solid"), (212 - bump, "solid")])
    traces = trace_track(bands(prob, 200), track)
    sides = [
        np.sign(np.nanmedian(trace.x[part]) - 150)
        for trace in traces
        for part in (np.s_[60:150], np.s_[250:340])
    ]
    assert sides[0] == sides[1] and sides[2] == sides[3] and sides[0] != sides[2]


def path(x: Float) -> Path:
    columns = np.round(x).astype(np.int32)
    return Path(np.concatenate([columns[:1], columns[:-1]]), columns, np.zeros(len(x), np.int32))


def ink_of(*strokes: Float) -> np.ndarray:
    ink = np.zeros((len(strokes[0]), 300), np.float32)
    for x in strokes:
        before = np.concatenate([x[:1], x[:-1]])
        for row, (a, b) in enumerate(zip(before, x, strict=True)):
            ink[row, max(0, int(min(a, b)) - 1) : int(max(a, b)) + 2] = 1
    return ink


def test_straight_on_is_less_of_a_bend_than_turning_back() -> None:
    rows = np.arange(100.0)
    right, left = 50 + 2 * rows, 250 - 2 * rows
    back = (
        np.where(rows < 50, right, left),
        np.where(rows < 50, left, right),
    )  # each turns back where they meet
    pens = np.array([3.0, 3.0], np.float32)
    on = bends([path(right), path(left)], pens, ink_of(right, left))
    turned = bends([path(back[0]), path(back[1])], pens, ink_of(right, left))
    assert np.nanmax(on) > 1.5 and np.nanmin(turned) < -1.5
    assert np.isfinite(on[0, 1]).sum() == np.isfinite(turned[0, 1]).sum() == 1


def test_strokes_with_paper_between_them_do_not_meet() -> None:
    rows = np.arange(100.0)
    near, far = 140 - np.abs(rows - 50), 160 + np.abs(rows - 50)
    pens = np.array([3.0, 3.0], np.float32)
    assert np.isnan(bends([path(near), path(far)], pens, ink_of(near, far))).all()
