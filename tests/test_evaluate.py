"""Curves with planted errors: the ruler is asked for what was planted."""

from __future__ import annotations

import math
from dataclasses import replace
from typing import Any

import numpy as np
import pytest

from logdigit.errors import DataError, UsageError
from logdigit.evaluate.reports import CurveReport, LogReport
from logdigit.evaluate.rulers import Printed, Ruler, from_file, parse_scale, rulers, span_ruler
from logdigit.evaluate.score import score_log
from logdigit.evaluate.summary import Group, summarise
from logdigit.evaluate.values import values
from logdigit.paper.spec import LayoutFile, SectionFile, TrackFile
from logdigit.types import Curve, CurveSpec, DepthUnit, Float, ScaleKind, ValueScale, WellLog

NAN = math.nan
DEPTH: Float = 1000 + 0.5 * np.arange(400, dtype=np.float64)
WAVE: Float = 0.5 + 0.3 * np.sin(np.arange(400) * 0.11) + 0.1 * np.sin(np.arange(400) * 0.37)


def a_log(unit: DepthUnit = "FT", depth: Float = DEPTH, **curves: Float) -> WellLog:
    made = tuple(Curve(n, "", "", depth, v, np.isfinite(v).astype(float)) for n, v in curves.items())
    return WellLog({}, unit, float(depth[1] - depth[0]), depth, made)


def spec(name: str, left: float, right: float, kind: ScaleKind = "linear", **more: object) -> CurveSpec:
    return replace(CurveSpec(name, (ValueScale(((0.0, left), (1.0, right)), kind),)), **more)  # type: ignore[arg-type]


def a_layout(*tracks: tuple[CurveSpec, ...], unit: DepthUnit = "FT") -> LayoutFile:
    """One section that covers ``DEPTH``, 10 px a foot."""
    files = tuple(TrackFile(100.0 * k, 100.0 * k + 90, curves) for k, curves in enumerate(tracks))
    return LayoutFile((SectionFile((0, 2001), unit, ((0.0, 1000.0), (2000.0, 1200.0)), files),))


def ruled(*tracks: tuple[CurveSpec, ...]) -> dict[str, Ruler]:
    return rulers(from_file(a_layout(*tracks), "FT"), {})


def score(got: WellLog | None, true: WellLog, *tracks: tuple[CurveSpec, ...]) -> dict[str, CurveReport]:
    return {c.mnemonic: c for c in score_log("x", got, true, ruled(*tracks)).curves}


@pytest.mark.parametrize(
    ("scale", "true", "given", "sign"),
    [
        (spec("C", 0, 150), 150 * WAVE, 150 * WAVE + 1.5, 1),
        (spec("C", 140, 40), 140 - 100 * WAVE, 141 - 100 * WAVE, -1),
        (spec("C", 0.2, 2000, "log"), 0.2 * 10 ** (4 * WAVE), 0.2 * 10 ** (4 * (WAVE + 0.01)), 1),
        (spec("C", math.inf, 50, "hyperbolic"), 50 / WAVE, 50 / (WAVE + 0.01), 1),
    ],
)
def test_an_error_of_a_hundredth_is_that_on_every_scale(
    scale: CurveSpec, true: Float, given: Float, sign: int
) -> None:
    got = score(a_log(C=given), a_log(C=true), (scale,))["C"]
    assert (got.score.mae, got.score.median) == pytest.approx((0.01, 0.01))
    assert got.score.bias == pytest.approx(sign * 0.01)
    assert got.score.mae_units == pytest.approx(np.abs(given - true).mean())
    assert got.score.bias_units == pytest.approx((given - true).mean())
    assert (got.source, got.kind, got.score.coverage, got.score.swap_rate) == (
        "layout",
        scale.scales[0].kind,
        1,
        0,
    )


def test_metres_against_feet_and_another_step() -> None:
    # sampled every 0.1 m, one foot too deep
    depth = 0.1 * np.arange(3050, 3655, dtype=np.float64)
    metres = a_log("M", depth, GR=np.interp(depth / 0.3048 - 1, DEPTH, 150 * WAVE))
    report = score_log("x", metres, a_log(GR=150 * WAVE), ruled((spec("GR", 0, 150),)))
    assert report.unit == "FT" and report.max_lag == 5
    assert report.curves[0].score.depth_lag == pytest.approx(1, abs=0.02)
    assert "converted from M to FT" in report.notes[0]


def test_gaps_are_never_bridged() -> None:
    given, sparse = 150 * WAVE, DEPTH[::4]
    given[100:140] = NAN
    assert score(a_log(GR=given), a_log(GR=150 * WAVE), (spec("GR", 0, 150),))["GR"].score.coverage == 0.9
    # a coarser step is no gap: between its samples the curve is a line; of the three rows beyond the last one
    # two lie within half a step of it
    coarse = score(a_log(depth=sparse, GR=150 * WAVE[::4]), a_log(GR=150 * WAVE), (spec("GR", 0, 150),))
    assert coarse["GR"].score.coverage == 399 / 400


def test_off_scale_gaps_and_first_readings_by_hand() -> None:
    true = np.full(400, 100.0)
    true[:40] = 150.75  # on the edge, as a pen sees it: neither compared nor off
    true[40:60] = 160.0
    true[60:90] = NAN
    given = np.full(400, 101.5)
    given[50:70] = NAN  # 10 of the rows off scale, 10 of the gap
    got = score(a_log(GR=given), a_log(GR=true), (spec("GR", 0, 150, valid=(1000.0, 1149.5)),))["GR"]
    assert (got.off_scale, got.off_scale_drawn, got.gaps) == (20, 0.5, 30)
    assert got.gaps_drawn == pytest.approx(20 / 30)
    assert got.score.n == 300 - 90  # not after the last reading
    assert not got.varies and math.isnan(got.score.r)


def test_swaps_need_the_ink_of_the_same_track() -> None:
    gr, sp = 150 * (0.2 + 0.1 * WAVE), 100 * (0.7 + 0.1 * WAVE)
    given = gr.copy()
    given[:100] = 150 * (0.7 + 0.1 * WAVE[:100])  # on the ink of SP
    own, other = spec("GR", 0, 150), spec("SP", 0, 100)
    together = score(a_log(GR=given), a_log(GR=gr, SP=sp), (own, other))["GR"]
    apart = score(a_log(GR=given), a_log(GR=gr, SP=sp), (own,), (other,))["GR"]
    assert (together.score.swap_rate, apart.score.swap_rate) == (0.25, 0)
    unknown = score_log("x", a_log(GR=given), a_log(GR=gr, SP=sp), {})
    assert math.isnan(unknown.curves[0].score.swap_rate)


def test_wraps_are_compared_on_paper() -> None:
    turns = np.repeat([0.0, 1.0, 0.0, 2.0], 100)
    u = turns + 0.3 + 0.2 * WAVE
    sp = 0.7 + 0.1 * WAVE
    given = u.copy()
    given[100:200] -= 1  # the wrap is missed: its own ink on a wrong turn is no swap
    given[300:350] = 1.7 + 0.1 * WAVE[300:350]  # the ink of SP, whatever the turn
    tracks = (spec("GR", 0, 150, wraps=True), spec("SP", 0, 1))
    got = score(a_log(GR=150 * given), a_log(GR=150 * u, SP=sp), tracks)["GR"]
    assert got.score.n == 400 and got.off_scale == 0
    assert got.score.swap_rate == 50 / 400
    assert got.turns is not None
    # three changes in the truth; the curve makes 0 -> 1 at row 300 and 1 -> 2 at row 350
    assert (got.turns.true, got.turns.followed, got.turns.given, got.turns.right) == (3, 0, 2, 0)
    assert got.turns.wrong == (100 + 50) / 400


def test_turns_that_are_followed() -> None:
    u = np.repeat([0.5, 1.5, 0.5], [100, 100, 200]) + 0.1 * WAVE
    given = u.copy()
    given[100:110] -= 1  # ten rows late
    given[150:155] = 0.5  # and off once in between
    got = score(a_log(GR=150 * given), a_log(GR=150 * u), (spec("GR", 0, 150, wraps=True),))["GR"].turns
    assert got is not None and (got.true, got.followed, got.given, got.right) == (2, 1, 4, 1)
    exact = score(a_log(GR=150 * u), a_log(GR=150 * u), (spec("GR", 0, 150, wraps=True),))["GR"].turns
    assert exact is not None and (exact.true, exact.followed, exact.given, exact.right) == (2, 2, 2, 2)


def test_readings_on_a_backup_are_judged_on_the_backup() -> None:
    true = np.full(400, 25.0)
    true[:100] = 200.0  # off the main scale, 0.4 of the backup
    given = true.copy()
    given[:50] += 5.0  # a hundredth of the backup
    given[50:60] = 20.0  # taken for the main scale: 0.36 of the backup too low
    given[60:80] = NAN
    scales = (spec("RES", 0, 50).scales[0], ValueScale(((0.0, 0.0), (1.0, 500.0)), role="backup"))
    got = score(a_log(RES=given), a_log(RES=true), (CurveSpec("RES", scales),))["RES"]
    assert (got.score.n, got.score.mae, got.off_scale) == (300, 0, 0)
    assert got.backup is not None and (got.backup.n, got.backup.coverage) == (100, 0.8)
    assert got.backup.right == 70 / 80
    assert got.backup.mae == pytest.approx((50 * 0.01 + 10 * 0.36) / 80)


def test_each_section_has_its_own_scale() -> None:
    # GR is printed 0-150 above 1100 ft and 0-300 below; a repeat on another scale counts for nothing
    def section(rows: tuple[int, int], top: float, right: float, name: str = "main") -> SectionFile:
        ticks = ((float(rows[0]), top), (float(rows[1] - 1), top + 100))
        track = TrackFile(0.0, 90.0, (spec("GR", 0, right),))
        return SectionFile(rows, "FT", ticks, (track,), pass_name=name)  # type: ignore[arg-type]

    repeat = section((0, 1001), 1000, 10, "repeat")
    file = LayoutFile((repeat, section((1000, 2001), 1000, 150), section((2000, 3001), 1100, 300)))
    true = np.where(DEPTH < 1100, 150 * WAVE, 300 * WAVE)
    given = np.where(DEPTH < 1100, true + 1.5, true + 6.0)
    (got,) = score_log("x", a_log(GR=given), a_log(GR=true), rulers(from_file(file, "FT"), {})).curves
    assert got.score.mae == pytest.approx(0.015, abs=1e-4)  # 0.01 above, 0.02 below


def test_depths_of_a_layout_in_other_units() -> None:
    (printed,) = from_file(a_layout((spec("GR", 0, 150, valid=(1000.0, 1100.0)),)), "M")
    assert (printed.top, printed.base) == pytest.approx((304.8, 365.76))
    assert printed.spec.valid == pytest.approx((304.8, 335.28))


def test_without_a_scale_the_spread_of_the_truth_stands_for_it() -> None:
    true = np.linspace(0, 100, 400)
    (got,) = score_log("x", a_log(GR=true + 0.98), a_log(GR=true), {}).curves
    assert (got.source, got.style) == ("span", "")
    assert np.array(got.anchors) == pytest.approx(np.array([[0, 1], [1, 99]]))
    assert got.score.mae == pytest.approx(0.01) and got.score.n == 400
    flat = score_log("x", a_log(GR=true), a_log(GR=np.full(400, 7.0)), {})
    assert flat.curves[0].source == "" and flat.curves[0].score.coverage == 1
    assert math.isnan(flat.curves[0].score.mae) and "does not vary" in flat.notes[0]
    assert flat.curves[0].score.mae_units == pytest.approx(np.abs(true - 7).mean())
    assert span_ruler("GR", np.full(5, NAN)) is None


def test_what_an_option_says_wins_over_the_layout_but_keeps_its_track() -> None:
    declared = from_file(a_layout((spec("GR", 0, 150, style="dashed"), spec("SP", 0, 1))), "FT")
    made = rulers(declared, {"GR": parse_scale("GR=0:300 wraps=true"), "DT": parse_scale("DT=140:40")})
    assert (made["GR"].source, made["GR"].spec.style, made["GR"].wraps) == ("option", "dashed", True)
    assert made["GR"].position(DEPTH[:1], np.array([75.0]))[0] == 0.25
    assert made["GR"].shares_track(DEPTH, made["SP"]).all()
    assert not made["DT"].shares_track(DEPTH, made["SP"]).any() and not made["DT"].placed


@pytest.mark.parametrize(
    "text", ["GR", "GR=", "=0:150", "GR=0", "GR=0:0", "GR=a:b", "GR=0:150 style=solid", "ILD=0:10 kind=log"]
)
def test_scales_that_cannot_be_obeyed(text: str) -> None:
    with pytest.raises(UsageError, match=f"^--scale '{text}': "):
        parse_scale(text)


def test_curves_of_other_names_missing_and_extra() -> None:
    true = a_log(GAMMA=150 * WAVE, SP=WAVE, DT=WAVE)
    got = a_log(GR=150 * WAVE, TENS=WAVE, DT=WAVE)
    report = score_log("x", got, true, {}, match={"GR": "GAMMA"})
    assert [(c.mnemonic, c.read_as) for c in report.curves] == [("GAMMA", "GR"), ("SP", ""), ("DT", "DT")]
    assert (report.missing, report.extra) == (("SP",), ("TENS",))
    assert (report.curves[1].score.coverage, report.curves[1].score.n) == (0, 0)
    # a layout says what ought to be there
    declared = score_log("x", got, true, ruled((spec("DT", 0, 1),)))
    assert [c.mnemonic for c in declared.curves] == ["DT"] and not declared.missing
    only = score_log("x", got, true, {}, only=["DT"])
    assert [c.mnemonic for c in only.curves] == ["DT"]


def test_nothing_in_common() -> None:
    with pytest.raises(DataError, match=r"x: no curve in common: it has GR, the truth SP; .*--match"):
        score_log("x", a_log(GR=WAVE), a_log(SP=WAVE), {})
    with pytest.raises(DataError, match=r"x: no depth in common: it goes from 2000 to 2199\.5 ft, the truth"):
        score_log("x", a_log(depth=DEPTH + 1000, GR=WAVE), a_log(GR=WAVE), {})
    part = score_log("x", a_log(depth=DEPTH[:200], GR=WAVE[:200]), a_log(GR=WAVE), {})
    assert part.curves[0].score.coverage == 0.5 and "counts as not covered" in part.notes[0]


def test_confidences_are_held_to_their_word() -> None:
    true = 150 * WAVE
    true[380:] = 200.0  # off scale; a sure value there is wrong
    given = np.where(np.arange(400) < 100, true + 3.0, np.minimum(true, 149.0))
    got = a_log(GR=given)
    sure = np.where(np.arange(400) < 50, 0.5, 0.95)  # the first 50 of 100 wrong ones are not sure
    got = replace(got, curves=(replace(got.curves[0], confidence=sure),))
    report = score(got, a_log(GR=true), (spec("GR", 0, 150),))["GR"].sureness
    assert report is not None and (report.n, report.share) == (350, 350 / 400)
    assert report.right == 280 / 350
    assert score(a_log(GR=given), a_log(GR=true), (spec("GR", 0, 150),))["GR"].sureness is None


def a_report(name: str, mae: float, **about: object) -> LogReport:
    """One curve of 400 rows that is off by ``mae`` everywhere, or is not there."""
    got = None if math.isnan(mae) else a_log(GR=150 * (WAVE + mae))
    made = score_log(name, got, a_log(GR=150 * WAVE), ruled((spec("GR", 0, 150),)))
    return replace(made, **about)  # type: ignore[arg-type]


def test_what_is_held_out_is_never_mixed_with_what_is_not() -> None:
    film = {"family": "film", "wear": ("fade", "skew")}
    fax = {"family": "fax", "wear": ("skew",), "held_out": True, "held_out_of": ("family:fax",)}
    logs = [
        *(a_report("a", 0.01, **film), a_report("b", 0.03, **film), a_report("c", 0.1, **fax)),
        a_report("d", NAN, **film, status="refused", reason="too dark"),
        LogReport("e", "unusable", "no LAS file"),
    ]
    groups = {(g.part, g.by, g.name): g for g in summarise(logs)}
    assert set(groups) == {
        *(("seen", "all", "all"), ("seen", "family", "film"), ("seen", "wear", "fade")),
        *(("seen", "wear", "skew"), ("seen", "style", "solid"), ("held out", "all", "all")),
        *(("held out", "family", "fax"), ("held out", "wear", "skew")),
        *(("held out", "held out of", "family:fax"), ("held out", "style", "solid")),
    }
    seen = groups["seen", "wear", "skew"]
    assert (seen.logs, seen.refused, seen.curves, seen.missing) == (3, 1, 3, 1)
    assert seen.mae == pytest.approx(0.02) and seen.coverage == pytest.approx(2 / 3)
    assert (seen.good_r, seen.good_coverage, seen.good) == pytest.approx((2 / 3,) * 3)
    assert groups["held out", "wear", "skew"].mae == pytest.approx(0.1)
    alone = summarise(logs[:2])
    assert {g.part for g in alone} == {"all"} and isinstance(alone[0], Group)


def test_values_hold_no_nan() -> None:
    plain: dict[str, Any] = values(a_report("a", NAN))
    (curve,) = plain["curves"]
    assert curve["score"]["mae"] is None and curve["score"]["coverage"] == 0
    infinite = Ruler("layout", (Printed(spec("C", math.inf, 50, "hyperbolic")),))
    report = score_log("x", None, a_log(C=50 / WAVE), {"C": infinite})
    listed: dict[str, Any] = values(report)
    assert listed["curves"][0]["anchors"] == [[0.0, "inf"], [1.0, 50.0]]
