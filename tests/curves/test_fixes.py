"""Corrections by hand: what is swapped, nulled, turned, drawn or ignored is exactly that."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np
import pytest

from logdigit.curves.assemble import Traced, combine
from logdigit.curves.fixes import fixed, said
from logdigit.curves.ignore import without
from logdigit.curves.resample import depth_index
from logdigit.types import (
    CLASSES,
    Box,
    Curve,
    CurveSpec,
    DepthScale,
    Fix,
    Float,
    Geometry,
    ProbabilityMap,
    Section,
    Trace,
    Track,
    ValueScale,
)

ROWS = 201  # 10 rows a foot: 100 to 120 ft
GR = CurveSpec("GR", (ValueScale(((0.0, 0.0), (1.0, 150.0))),), wraps=True)
RT = CurveSpec("RT", (ValueScale(((0.0, 0.2), (1.0, 2000.0)), "log"),))
DEPTH = DepthScale(np.array([50.0, 250.0]), np.array([100.0, 120.0]), "FT", 0.0)


def a_section(*fixes: Fix) -> Section:
    return Section(Box(0, 0, 300, 300), (Track(100.0, 200.0, (GR, RT)),), DEPTH, fixes=fixes)


def a_trace(x: Float | float, turns: int = 0, confidence: float = 0.5) -> Trace:
    full = np.broadcast_to(np.asarray(x, np.float32), ROWS).copy()
    return Trace(50, full, np.full(ROWS, confidence, np.float32), np.full(ROWS, turns, np.int8))


def read(section: Section, traces: Mapping[str, Trace], step: float = 0.5) -> dict[str, Curve]:
    index = depth_index(100.0, 120.0, step)
    curves = combine([Traced(section, fixed(traces, section), (100.0, 120.0))], index).curves
    return {curve.mnemonic: curve for curve in curves}


def between(curve: Curve, top: float, base: float) -> Any:
    return (curve.depth >= top) & (curve.depth <= base)


def test_a_swap_moves_ink_and_each_curve_reads_it_on_its_own_scale() -> None:
    section = a_section(Fix("swap", ("GR", "RT"), (105.0, 110.0)))
    got = read(section, {"GR": a_trace(150.0, confidence=0.9), "RT": a_trace(125.0)})
    inside = between(got["GR"], 105.0, 110.0)
    np.testing.assert_allclose(got["GR"].value, np.where(inside, 37.5, 75.0))
    np.testing.assert_allclose(got["RT"].value, np.where(inside, 20.0, 2.0))
    np.testing.assert_allclose(got["GR"].confidence, np.where(inside, 0.5, 0.9))


def test_a_swap_leaves_no_turns_with_a_curve_that_does_not_wrap() -> None:
    section = a_section(Fix("swap", ("RT", "GR"), (100.0, 120.0)))
    got = read(section, {"GR": a_trace(110.0, turns=1), "RT": a_trace(125.0)})
    np.testing.assert_allclose(got["RT"].value, 0.2 * 10**0.4)
    np.testing.assert_allclose(got["GR"].value, 37.5)


@pytest.mark.parametrize("step", [0.5, 0.1, 0.07])
def test_null_takes_every_depth_of_the_interval_and_none_beyond(step: float) -> None:
    section = a_section(Fix("null", ("GR",), (105.0, 110.02)))
    got = read(section, {"GR": a_trace(150.0), "RT": a_trace(125.0)}, step)
    missing = np.isnan(got["GR"].value)
    assert missing[between(got["GR"], 105.0, 110.02)].all()
    assert not missing[~between(got["GR"], 104.94, 110.08)].any()
    assert (got["GR"].confidence[missing] == 0).all()
    assert np.isfinite(got["RT"].value).all()


@pytest.mark.parametrize(("turns", "add", "value"), [(0, 0, 75.0), (None, 1, 375.0), (-1, 0, -75.0)])
def test_turns_are_set_or_added(turns: int | None, add: int, value: float) -> None:
    section = a_section(Fix("turns", ("GR",), (105.0, 110.0), turns, add))
    curve = read(section, {"GR": a_trace(150.0, turns=1), "RT": a_trace(125.0)})["GR"]
    np.testing.assert_allclose(curve.value, np.where(between(curve, 105.0, 110.0), value, 225.0))


def test_what_does_not_wrap_is_turned_on_its_whole_scale() -> None:
    uneven = CurveSpec("TEMP", (ValueScale(((0.0, 0.0), (0.5, 10.0), (1.0, 100.0))),))
    turns = Fix("turns", ("TEMP",), (105.0, 110.0), 1)
    section = Section(Box(0, 0, 300, 300), (Track(100.0, 200.0, (uneven,)),), DEPTH, fixes=(turns,))
    curve = read(section, {"TEMP": a_trace(125.0)})["TEMP"]
    np.testing.assert_allclose(curve.value, np.where(between(curve, 105.0, 110.0), 105.0, 5.0))


def test_points_are_drawn_straight_on_paper_and_exactly_as_given() -> None:
    points = ((103.3, 20.0), (110.0, 160.0), (112.0, 7.7))
    log = ((104.0, 1.0), (106.0, 100.0))
    section = a_section(
        Fix("points", ("GR",), (103.3, 112.0), points=points),
        Fix("points", ("RT",), (104.0, 106.0), points=log),
    )
    traces = {"GR": a_trace(150.0), "RT": a_trace(125.0)}
    got = read(section, traces)
    inside = between(got["GR"], 103.3, 112.0)
    true = np.interp(got["GR"].depth, *np.array(points).T)
    np.testing.assert_allclose(got["GR"].value, np.where(inside, true, 75.0), rtol=1e-12)
    np.testing.assert_array_equal(got["GR"].confidence, np.where(inside, 1.0, 0.5))
    np.testing.assert_allclose(got["RT"].value[got["RT"].depth == 105.0], 10.0, rtol=1e-12)
    drawn = fixed(traces, section)["GR"]  # what the overlay shows: 160 GAPI is a tenth of a turn further
    assert (drawn.x[100], drawn.turns[100]) == (pytest.approx(106.6667), 1)


def test_points_have_the_last_word_and_the_others_their_order() -> None:
    points = Fix("points", ("GR",), (104.0, 106.0), points=((104.0, 30.0), (106.0, 30.0)))
    null = Fix("null", ("GR",), (102.0, 108.0))
    swap = Fix("swap", ("GR", "RT"), (102.0, 108.0))
    got = read(a_section(points, null, swap), {"GR": a_trace(150.0), "RT": a_trace(125.0)})
    at = {depth: float(got["GR"].value[got["GR"].depth == depth][0]) for depth in (101.0, 103.0, 105.0)}
    assert at == pytest.approx({101.0: 75.0, 103.0: 37.5, 105.0: 30.0})
    assert np.isnan(got["RT"].value[between(got["RT"], 102.0, 108.0)]).all()


def test_points_make_a_curve_where_nothing_was_decoded() -> None:
    points = Fix("points", ("GR",), (104.0, 106.0), points=((104.0, 30.0), (106.0, 60.0)))
    nothing = a_trace(np.nan, confidence=0.0)
    curve = read(a_section(points), {"GR": nothing, "RT": nothing})["GR"]
    np.testing.assert_array_equal(np.isfinite(curve.value), between(curve, 104.0, 106.0))


def test_every_correction_is_told_for_every_curve() -> None:
    section = a_section(
        Fix("swap", ("GR", "RT"), (105.0, 110.0)), Fix("turns", ("GR",), (101.0, 102.0), add=-1)
    )
    told = [(f.kind, f.curve, f.top, f.message.split(",")[0]) for f in said(section)]
    assert told == [
        ("fixed", "GR", 105.0, "swapped with RT"),
        ("fixed", "RT", 105.0, "swapped with GR"),
        ("fixed", "GR", 101.0, "-1 turns"),
    ]


@pytest.mark.parametrize("slope", [0.0, 0.05])
def test_a_box_is_paper_in_the_frame_of_the_scan(slope: float) -> None:
    knots = np.array([0.0, 99.0])
    geometry = Geometry(
        knots, knots * 2, np.full(2, slope), np.zeros(2), np.full(2, 2.0), 100.0, 100, (400.0, 400.0)
    )
    box = Box(60, 40, 100, 120)
    prob = np.zeros((len(CLASSES), 100, 100), np.float32)
    prob[1] = 1
    dark = np.zeros((100, 100), np.uint8)
    cuts = [slice(top, min(100, top + 35)) for top in (0, 35, 70)]
    bands = [ProbabilityMap(cut.start, prob[:, cut], CLASSES, grey=dark[cut]) for cut in cuts]
    left = list(without(bands, [box], geometry))
    got = np.concatenate([band.prob for band in left], axis=1)
    x, y = geometry.to_strip(*np.meshgrid(np.arange(100.0), np.arange(100.0)))
    inside = (x >= 39.5) & (x < 119.5) & (y >= 59.5) & (y < 99.5)
    assert inside.sum() == pytest.approx(40 * 20, abs=40)
    np.testing.assert_array_equal(got[0] == 1, inside)
    np.testing.assert_array_equal(got[1] == 0, inside)
    grey = np.concatenate([band.grey for band in left if band.grey is not None])
    np.testing.assert_array_equal(grey == 255, inside)
    assert (prob[1] == 1).all() and not dark.any()
