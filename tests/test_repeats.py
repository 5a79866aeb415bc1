"""What a strip carries twice: a planted lag, bias or strange curve is found, and agreement is called that."""

from __future__ import annotations

import math
from collections.abc import Mapping

import numpy as np
import pytest

from logdigit.curves.assemble import Traced, combine
from logdigit.curves.resample import depth_index
from logdigit.repeats import agreement, compared, twice
from logdigit.types import (
    Box,
    CurveSpec,
    DepthScale,
    Finding,
    Float,
    Geometry,
    Layout,
    PassName,
    Section,
    Trace,
    Track,
    ValueScale,
    WellLog,
)

ROWS = 4000
KNOTS = np.array([0.0, ROWS - 1.0])
GEOMETRY = Geometry(KNOTS, KNOTS, KNOTS * 0, KNOTS * 0, KNOTS * 0 + 1, 0.0, 300, (200.0, 200.0))


def wiggle(depth: Float) -> Float:
    """A curve between 0.2 and 0.8 of its track that never repeats itself."""
    return np.asarray(0.5 + 0.1 * sum(np.sin(depth / k + k) for k in (0.9, 2.3, 7.1)))


def section(
    top_row: int,
    depths: tuple[float, float],
    rows: int = 2000,
    scale: tuple[float, float] = (0, 150),
    names: tuple[str, ...] = ("GR",),
    of: PassName = "main",
) -> Section:
    curves = tuple(CurveSpec(n, (ValueScale(((0.0, scale[0]), (1.0, scale[1]))),), "GAPI") for n in names)
    at = DepthScale(np.array([top_row, top_row + rows - 1.0]), np.array(depths), "FT", 0.0)
    return Section(Box(top_row, 0, top_row + rows, 300), (Track(0.0, 200.0, curves),), at, pass_name=of)


def traced(one: Section, u: Mapping[str, Float]) -> Traced:
    top = one.body.top
    traces = {
        name: Trace(
            top,
            (200 * at).astype(np.float32),
            np.ones(len(at), np.float32),
            np.zeros(len(at), np.int8),
        )
        for name, at in u.items()
    }
    return Traced(one, traces, (float(one.depth.depths[0]), float(one.depth.depths[-1])))


def depths_of(one: Section) -> Float:
    return one.depth.to_depth(np.arange(one.body.top, one.body.bottom, dtype=np.float64))


def told(main: Section, again: Section, u_main: Float, u_again: Float) -> list[Finding]:
    layout = Layout(GEOMETRY, (main, again))
    parts = [traced(main, {"GR": u_main}), traced(again, {"GR": u_again})]
    index = depth_index(*parts[0].interval, 0.5)
    curves = combine(parts[:1], index).curves
    log = WellLog({}, "FT", 0.5, index, curves)
    return list(compared(log, layout, (0,), tuple(enumerate(parts))))


MAIN = section(0, (1000.0, 1199.9))
REPEAT = section(2100, (1100.0, 1199.9), 1000, of="repeat")
SMALL = section(2100, (900.0, 1299.8), 1000, scale=(0, 300))
"""The same at a fifth of the depth scale, on half the value scale."""


def test_a_repeat_pass_that_agrees_says_so() -> None:
    (found,) = told(MAIN, REPEAT, wiggle(depths_of(MAIN)), wiggle(depths_of(REPEAT)))
    assert (found.kind, found.curve, found.top, found.base) == ("repeat", "GR", 1100.0, 1199.5)
    assert found.message.startswith("in section 2 (repeat) it repeats: bias +0.0 %")


def test_two_scales_of_depth_and_value_are_the_same_curve() -> None:
    (found,) = told(MAIN, SMALL, wiggle(depths_of(MAIN)), wiggle(depths_of(SMALL)) / 2)
    assert found.kind == "repeat" and "r 1.000" in found.message


@pytest.mark.parametrize(
    ("shift", "bias", "words"),
    [(2.4, 0.0, "lies 2.4 ft deeper"), (-1.7, 0.0, "lies 1.7 ft shallower"), (0.0, 0.1, "reads +10 % of")],
)
def test_a_planted_lag_or_bias_is_told(shift: float, bias: float, words: str) -> None:
    again = wiggle(depths_of(REPEAT) - shift) + bias
    (found,) = told(MAIN, REPEAT, wiggle(depths_of(MAIN)), again)
    assert found.kind == "repeat disagrees" and words in found.message
    other = "reads" if shift else "deeper"
    assert other not in found.message


def test_another_curve_does_not_repeat() -> None:
    (found,) = told(MAIN, REPEAT, wiggle(depths_of(MAIN)), wiggle(depths_of(REPEAT) * 1.37))
    assert found.kind == "repeat disagrees" and "does not repeat" in found.message


def test_a_flat_curve_is_judged_by_its_value_only() -> None:
    (found,) = told(MAIN, REPEAT, np.full(2000, 0.5), np.full(1000, 0.505))
    assert found.kind == "repeat" and "lag" not in found.message
    (found,) = told(MAIN, REPEAT, np.full(2000, 0.5), np.full(1000, 0.6))
    assert found.kind == "repeat disagrees"


def test_too_little_in_both_is_not_compared() -> None:
    depth = np.arange(1000.0, 1100.0, 0.5)
    part = np.where(depth < 1015, wiggle(depth), np.nan)
    assert agreement(depth, wiggle(depth), depth, part, "FT") is None
    some = agreement(depth, wiggle(depth), depth, part, "M")
    assert some is not None and math.isclose(some.base, 1014.5)


def test_only_sections_that_hold_the_same_again_are_worth_reading() -> None:
    elsewhere = section(2100, (3000.0, 3099.9), 1000)
    panel = section(2100, (1100.0, 1199.9), 1000, of="calibration")
    others = section(2100, (1100.0, 1199.9), 1000, names=("DT",))
    short = section(2100, (1190.0, 1209.9), 200)
    layout = Layout(GEOMETRY, (MAIN, elsewhere, panel, REPEAT, others, short, SMALL))
    assert twice(layout, ((0,),)) == (3, 6)
    assert twice(layout, ((0, 3), (6,))) == ()
