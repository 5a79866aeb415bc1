from __future__ import annotations

import numpy as np
import pytest

from logdigit.curves.trace import TrackTracer
from logdigit.curves.usual import unusual
from logdigit.paper.readings import typical_of
from logdigit.types import (
    CLASSES,
    Box,
    CurveSpec,
    DepthScale,
    Float32,
    ProbabilityMap,
    Section,
    Style,
    Track,
    ValueScale,
)

RHOB = CurveSpec("RHOB", (ValueScale(((0.0, 2.0), (1.0, 3.0))),), "G/CC")
DT = CurveSpec("DT", (ValueScale(((0.0, 140.0), (1.0, 40.0))),), "US/F")
TYPICAL = {"RHOB": (2.45, 0.17), "DT": (80.0, 20.0)}
WIDTH, ROWS = 300, 900


def drawn(*columns: float) -> Float32:
    """Probabilities of solid strokes that sway side by side."""
    prob = np.zeros((len(CLASSES), ROWS, WIDTH), np.float32)
    for row in range(ROWS):
        for column in columns:
            at = round(column + 15 * np.sin(row / 40))
            prob[CLASSES.index("solid"), row, at - 1 : at + 2] = 1
    prob[0] = 1 - prob[1:].sum(axis=0)
    return prob


@pytest.mark.parametrize("order", [(RHOB, DT), (DT, RHOB)])
@pytest.mark.parametrize(("left", "right"), [("RHOB", "DT"), ("DT", "RHOB")])
def test_two_strokes_that_look_alike_go_where_their_readings_are_usual(
    order: tuple[CurveSpec, ...], left: str, right: str
) -> None:
    places = {left: 100.0, right: 220.0}
    typical = {"RHOB": (2.33, 0.15), "DT": (67.0, 15.0)} if left == "RHOB" else {"RHOB": (2.73, 0.15)}
    typical = {"DT": (107.0, 15.0)} | typical
    tracer = TrackTracer(Track(0.0, WIDTH - 1.0, order), None, {}, typical)
    tracer.push(ProbabilityMap(0, drawn(*places.values()), CLASSES))
    got = {pen.name: float(np.nanmean(t.x)) for pen, t in zip(tracer.pens, tracer.finish(), strict=True)}
    assert got == pytest.approx(places, abs=6)


@pytest.mark.parametrize("first", [True, False])
@pytest.mark.parametrize(("part", "place"), [((0.0, 0.5), 100.0), ((0.5, 1.0), 220.0)])
def test_a_curve_with_a_scale_on_half_of_a_track_stays_there(
    part: tuple[float, float], place: float, first: bool
) -> None:
    half = CurveSpec("SP", (ValueScale(((part[0], -100.0), (part[1], 0.0))),), "MV")
    whole = CurveSpec("XYZ", (ValueScale(((0.0, 0.0), (1.0, 100.0))),), "")
    tracer = TrackTracer(Track(0.0, WIDTH - 1.0, (half, whole) if first else (whole, half)))
    tracer.push(ProbabilityMap(0, drawn(100.0, 220.0), CLASSES))
    got = {pen.name: float(np.nanmean(t.x)) for pen, t in zip(tracer.pens, tracer.finish(), strict=True)}
    assert got == pytest.approx({"SP": place, "XYZ": 320.0 - place}, abs=6)


def test_a_scale_told_at_a_division_or_on_a_whole_track_keeps_no_curve_in_it() -> None:
    for ends in ((0.0, 1.0), (0.4, 0.6), (0.1, 0.9), (0.25, 0.75)):
        told = CurveSpec("SP", (ValueScale(((ends[0], -100.0), (ends[1], 0.0))),), "MV")
        assert unusual((told,), {}, np.zeros(2, np.float32)) == (None,)


@pytest.mark.parametrize("style", ["dashed", "solid"])
def test_only_curves_that_look_alike_and_are_known_pay(style: Style) -> None:
    other = CurveSpec("DT", DT.scales, "US/F", style=style)
    prices = unusual((RHOB, other), TYPICAL, np.array([0.0, 0.45], np.float32))
    assert [price is not None for price in prices] == [style == "solid"] * 2
    assert unusual((RHOB, CurveSpec("XYZ", DT.scales)), TYPICAL, np.zeros(2, np.float32)) == (None, None)


def test_typical_readings_are_in_the_units_of_the_curves() -> None:
    curves = [
        CurveSpec(name, (), unit)
        for name, unit in (("RHOB", "K/M3"), ("NPHI", "V/V"), ("DPHI", "PU"), ("DT", "IN"), ("GR", "GAPI"))
    ]
    depth = DepthScale(np.array([0.0, 9.0]), np.array([0.0, 9.0]), "FT", 0.0)
    found = typical_of([Section(Box(0, 0, 9, 9), (Track(0.0, 9.0, tuple(curves)),), depth)])
    assert found == {
        "RHOB": pytest.approx((2450, 170)),
        "NPHI": pytest.approx((0.2, 0.12)),
        "DPHI": pytest.approx((15, 10)),
    }
