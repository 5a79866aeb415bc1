"""Findings: what is planted is told with its interval, and what is sound is left in peace."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
import pytest

from logdigit.curves.assemble import Traced, combine
from logdigit.curves.checks import findings_of, worst_first
from logdigit.curves.doubts import stroke_findings
from logdigit.curves.resample import depth_index
from logdigit.types import Box, CurveSpec, DepthScale, Finding, Fix, Float, Section, Trace, Track, ValueScale

ROWS = 5000  # 10 rows a foot: 1000 to 1500 ft
DEPTHS = 1000 + np.arange(ROWS) / 10
WAVE = 100 + 60 * np.sin(np.arange(ROWS) / 70)
GR = CurveSpec("GR", (ValueScale(((0.0, 0.0), (1.0, 200.0))),), "GAPI")
DT = CurveSpec("DT", (ValueScale(((0.0, 140.0), (1.0, 40.0))),), "US/F")


def findings(
    x: Mapping[str, Float],
    confidence: Float | float = 0.9,
    curves: tuple[CurveSpec, ...] = (GR, DT),
    fixes: tuple[Fix, ...] = (),
    limits: Mapping[str, tuple[float, float]] | None = None,
) -> list[tuple[str, str, float | None, float | None]]:
    depth = DepthScale(np.array([0.0, ROWS - 1.0]), DEPTHS[[0, -1]], "FT", 0.0)
    section = Section(Box(0, 0, ROWS, 400), (Track(0.0, 200.0, curves),), depth, fixes=fixes)
    sure = np.broadcast_to(np.float32(confidence), ROWS)
    traces = {
        name: Trace(0, at.astype(np.float32), np.where(np.isfinite(at), sure, 0), np.zeros(ROWS, np.int8))
        for name, at in x.items()
    }
    parts = [Traced(section, traces, (float(DEPTHS[0]), float(DEPTHS[-1])))]
    combined = combine(parts, depth_index(1000.0, 1499.9, 0.5))
    kept, left_out = combined.curves, combined.left_out
    found = worst_first(findings_of(parts, kept, left_out, limits or {}))
    return [(f.kind, f.curve, f.top, f.base) for f in found]


def between(top: float, base: float) -> np.ndarray:
    return (top <= DEPTHS) & (base >= DEPTHS)


def without(x: Float, top: float, base: float) -> Float:
    return np.where(between(top, base), np.nan, x)


def test_two_sound_curves_have_no_findings() -> None:
    assert findings({"GR": WAVE, "DT": 200 - WAVE}) == []


def test_a_gap_is_told_and_one_that_a_person_made_is_not() -> None:
    x = {"GR": without(WAVE, 1100, 1120), "DT": 200 - WAVE}
    assert findings(x) == [("long gap", "GR", 1099.5, 1120.5)]
    fix = Fix("null", ("GR",), (1100.0, 1120.0))
    assert findings(x, fixes=(fix,)) == [("fixed", "GR", 1100.0, 1120.0)]


def test_a_gap_from_edge_to_edge_is_off_scale() -> None:
    out = 150 + 80 * np.sin(np.arange(ROWS) / 300)
    x = np.where(out < 198, out, np.nan)
    found = findings({"GR": x, "DT": 100 - WAVE / 2})
    assert len(found) == 3 and {kind for kind, *_ in found} == {"off scale"}


def test_a_curve_without_ink_and_one_that_begins_late() -> None:
    nothing, late = np.full(ROWS, np.nan), without(WAVE, 1000, 1200)
    assert findings({"GR": nothing, "DT": late}) == [
        ("left out", "GR", 1000.0, pytest.approx(1499.9)),
        ("declared but no ink", "DT", 1000.0, 1200.5),
    ]
    known = CurveSpec("DT", DT.scales, "US/F", valid=(1200.0, 1500.0))
    assert [kind for kind, *_ in findings({"GR": WAVE, "DT": late}, curves=(GR, known))] == []


def test_what_cannot_be_is_told_once_a_stretch() -> None:
    x = np.where(between(1100, 1101), 180, WAVE)
    x = np.where(between(1105, 1106), 190, x)
    x = np.where(between(1300, 1310), 195, x)
    found = findings({"GR": x, "DT": 200 - WAVE}, limits={"GR": (0, 170), "DT": (40, 140)})
    assert found == [("out of range", "GR", 1300.0, 1310.0), ("out of range", "GR", 1100.0, 1106.0)]


def test_two_curves_on_one_stroke_are_ambiguous_only_where_they_are_unsure() -> None:
    other = np.where(between(1200, 1260), WAVE + 2, 200 - WAVE)
    unsure = np.where(between(1200, 1260), 0.5, 0.9)
    assert findings({"GR": WAVE, "DT": other}, 0.9) == []
    ((kind, curve, top, base),) = findings({"GR": WAVE, "DT": other}, unsure)
    assert (kind, curve) == ("ambiguous", "GR")
    assert top == pytest.approx(1200, abs=5) and base == pytest.approx(1260, abs=5)


def test_crossings_are_not_ambiguous() -> None:
    crossing = 100 + 60 * np.sin(np.arange(ROWS) / 25)
    assert findings({"GR": WAVE, "DT": crossing}, 0.5) == []


@pytest.mark.parametrize(("at", "kind"), [(120.0, "grid lock"), (119.0, "grid lock"), (126.0, "constant")])
def test_a_trace_that_stands_still(at: float, kind: str) -> None:
    noise = np.random.default_rng(0).uniform(-0.45, 0.45, ROWS)
    x = np.where(between(1100, 1220), at + noise, WAVE)
    ((found, curve, top, base),) = findings({"GR": x, "DT": 50 - WAVE / 4})
    assert (found, curve) == (kind, "GR")
    assert top == pytest.approx(1100, abs=2) and base == pytest.approx(1220, abs=2)


def test_a_bit_size_may_stand_still_and_a_slow_curve_is_no_line() -> None:
    bit = CurveSpec("BS", GR.scales, "IN")
    slow = np.linspace(20, 120, ROWS)
    assert findings({"BS": np.full(ROWS, 120.0), "DT": slow}, curves=(bit, DT)) == []


def test_decades_are_the_lines_of_a_logarithmic_track() -> None:
    rt = CurveSpec("RT", (ValueScale(((0.0, 0.2), (1.0, 2000.0)), "log"),), "OHMM")
    at = 200 * np.log10(3 / 0.2) / 4
    x = np.where(between(1100, 1160), at, WAVE)
    found = findings({"RT": x, "DT": 50 - WAVE / 4}, curves=(rt, DT))
    assert [kind for kind, *_ in found] == ["grid lock"]


def test_the_worst_come_first_and_an_unknown_kind_in_the_middle() -> None:
    kinds = ["repeat", "fixed", "long gap", "news", "grid lock", "left out"]
    found = worst_first([Finding(kind, "") for kind in kinds])
    assert [f.kind for f in found] == ["left out", "grid lock", "news", "long gap", "fixed", "repeat"]


def test_two_curves_of_which_one_stroke_is_seen_are_told_as_such() -> None:
    depth = DepthScale(np.array([0.0, ROWS - 1.0]), DEPTHS[[0, -1]], "FT", 0.0)
    section = Section(Box(0, 0, ROWS, 400), (Track(0.0, 200.0, (GR, DT)),), depth)
    sure = np.full(ROWS, 0.5, np.float32)
    for apart, told in ((0.3, "one stroke is seen"), (3.0, "doubtful which is which")):
        traces = {
            name: Trace(0, x.astype(np.float32), sure, np.zeros(ROWS, np.int8))
            for name, x in (("GR", WAVE), ("DT", WAVE + apart))
        }
        (found,) = stroke_findings(section, traces)
        assert found.kind == "ambiguous" and told in found.message
