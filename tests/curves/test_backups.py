from dataclasses import replace

import numpy as np
import pytest

from logdigit.curves.calibrate import to_position, to_value
from logdigit.curves.levels import Levels, together
from logdigit.curves.pens import finest_first, pens_of
from logdigit.curves.trace import trace_track
from logdigit.synth.plan import Grid, SheetPlan, Stroke, TrackPlan
from logdigit.synth.render import draw, reduce_mask
from logdigit.types import (
    CLASSES,
    CurveSpec,
    DepthScale,
    Float,
    ProbabilityMap,
    ScaleRole,
    Style,
    Trace,
    Track,
    ValueScale,
)

WIDTH, ROWS = 400, 1500
BLANK = Grid((), 0.0, 0.0, 0, (1.0, 1.0))


def scale(end: float, role: ScaleRole = "main", style: Style | None = None) -> ValueScale:
    return ValueScale(((0.0, 0.0), (1.0, end)), role=role, style=style)


def resistivity(seed: int) -> Float:
    """Ohm-m over the rows, mostly below 50, with beds of several hundred."""
    rng = np.random.default_rng(seed)
    y = np.arange(ROWS)
    waves = [np.sin(y / p * rng.uniform(0.8, 1.2) + rng.uniform(0, 6)) for p in (25, 60, 140)]
    out: Float = 25 * np.exp(0.6 * np.sum(waves, axis=0))
    return out


def strokes_of(spec: CurveSpec, value: Float, always: bool) -> list[Stroke]:
    """One pen a scale; backups all along, or only where no finer scale shows the value."""
    covered = np.zeros(ROWS, bool)
    out = []
    for one in spec.scales:
        u = to_position(one, value)
        shown = np.where(covered, np.nan, u) if one.role == "backup" and not always else u
        out.append(
            Stroke(np.clip(shown, -2.5, 3.5) * (WIDTH - 1), one.style or spec.style, 3.0, edge="leave")
        )
        if one.role != "amplified":
            covered |= u <= 0.98
    return out[::-1]


def traced(curves: list[tuple[CurveSpec, Float]], always: bool) -> list[Levels]:
    """The curves as read from perfect probabilities of what was drawn."""
    strokes = tuple(stroke for spec, value in curves for stroke in strokes_of(spec, value, always))
    plan = SheetPlan(ROWS, WIDTH, (TrackPlan(0.0, WIDTH - 1.0, BLANK, strokes),))
    mask = reduce_mask(draw(plan)[1])
    prob = np.stack([(mask == k) for k in range(len(CLASSES))]).astype(np.float32)
    track = Track(0.0, WIDTH - 1.0, tuple(spec for spec, _ in curves))
    pens = pens_of(track)
    traces = trace_track([ProbabilityMap(0, prob, CLASSES)], track)
    named = {pen.name: trace for pen, trace in zip(pens, traces, strict=True)}
    return [
        together(spec, track, [pen for pen in pens if pen.curve == k], named)
        for k, (spec, _) in enumerate(curves)
    ]


def share_right(spec: CurveSpec, value: Float, levels: Levels) -> float:
    """Share of the rows within a tenth of the scale that shows the value best: on the right level."""
    right, shown = np.zeros(ROWS, bool), np.zeros(ROWS, bool)
    for k in finest_first(spec):
        u = to_position(spec.scales[k], value)
        here = (u >= 0) & (u <= 1) & ~shown
        read = to_position(spec.scales[k], to_value(spec.scales[0], levels.u))
        right |= here & (np.abs(np.nan_to_num(read, nan=9.0) - u) < 0.1)
        shown |= here
    return float(right[shown].mean())


@pytest.mark.parametrize("always", [False, True])
@pytest.mark.parametrize("style", [None, "dashed"])
def test_a_backup_of_ten_goes_on_where_the_main_stroke_leaves(style: Style | None, always: bool) -> None:
    spec, value = CurveSpec("SN", (scale(50), scale(500, "backup", style))), resistivity(0)
    assert (value > 50).mean() > 0.1
    (levels,) = traced([(spec, value)], always)
    assert share_right(spec, value, levels) > 0.98


def test_three_scales_in_one_style_are_told_apart() -> None:
    spec, value = (
        CurveSpec("SN", (scale(50), scale(500, "backup"), scale(5000, "backup"))),
        resistivity(2) ** 1.4,
    )
    (levels,) = traced([(spec, value)], always=False)
    assert set(np.unique(levels.scale)) >= {0, 1, 2}
    assert share_right(spec, value, levels) > 0.98


def test_an_amplified_stroke_is_finer_than_the_main_one() -> None:
    spec, value = CurveSpec("SN", (scale(100), scale(20, "amplified"))), resistivity(4)
    (levels,) = traced([(spec, value)], always=True)
    assert (levels.scale == 1).mean() > 0.2
    assert share_right(spec, value, levels) > 0.98


def test_two_curves_keep_their_backups() -> None:
    curves = [
        (CurveSpec("SN", (scale(50), scale(500, "backup"))), resistivity(0)),
        (CurveSpec("LN", (scale(50), scale(500, "backup")), style="dashed"), resistivity(1)),
    ]
    for (spec, value), levels in zip(curves, traced(curves, always=False), strict=True):
        assert share_right(spec, value, levels) > 0.97


def trace(u: Float) -> Trace:
    return Trace(
        0, (u * (WIDTH - 1)).astype(np.float32), np.ones(len(u), np.float32), np.zeros(len(u), np.int8)
    )


def combined(main: Float, backup: Float) -> Levels:
    track = Track(0.0, WIDTH - 1.0, (CurveSpec("SN", (scale(50), scale(500, "backup"))),))
    return together(track.curves[0], track, pens_of(track), {"SN": trace(main), "SN_BU": trace(backup)})


def test_the_finest_scale_that_shows_a_value_has_the_word() -> None:
    main, backup = np.full(60, 0.5), np.full(60, 0.05)
    main[40:] = np.nan
    backup[40:] = 0.3
    levels = combined(main, backup)
    assert levels.scale.tolist() == [0] * 40 + [1] * 20
    np.testing.assert_allclose(levels.u, [0.5] * 40 + [3.0] * 20, rtol=1e-6)
    assert not levels.doubts


def test_a_backup_alone_where_the_main_stroke_would_be_seen_is_left_out() -> None:
    main, backup = np.full(60, 0.9), np.full(60, np.nan)
    main[30:], backup[30:] = np.nan, 0.06  # 30 ohm-m: in the middle of the main scale, and nothing is there
    levels = combined(main, backup)
    (doubt,) = levels.doubts
    assert (doubt.first, doubt.last) == (30, 59) and "left out" in doubt.reason
    assert np.isnan(levels.u[30:]).all() and (levels.scale[30:] == -1).all()


def test_strokes_that_disagree_are_doubted_and_the_finer_is_kept() -> None:
    levels = combined(np.full(60, 0.5), np.full(60, 0.6))
    (doubt,) = levels.doubts
    assert "0 to 50 and 0 to 500" in doubt.reason
    np.testing.assert_allclose(levels.u, 0.5)
    assert (levels.confidence == 0.5).all()


@pytest.mark.parametrize(
    ("first", "last", "kept"),
    [
        (0.97, 0.96, True),  # leaves at the right edge, and comes back there
        (0.97, 0.4, True),  # comes back unseen
        (0.4, 0.4, False),  # the stroke of another curve
        (None, 0.4, False),
        (None, 0.98, True),  # the log begins beyond the main scale
        (0.4, None, False),
    ],
)
def test_a_stroke_beyond_the_main_scale_is_come_to_or_left_at_its_edge(
    first: float | None, last: float | None, kept: bool
) -> None:
    main, further = np.full(300, np.nan), np.full(300, np.nan)
    main[:98], main[203:] = (np.nan if at is None else at for at in (first, last))
    further[100:200] = 0.05
    spec = CurveSpec("GR", (scale(150), ValueScale(((0.0, 150.0), (1.0, 300.0)), role="backup")))
    track = Track(0, WIDTH - 1, (spec,))
    pens = pens_of(track, None)
    levels = together(
        spec, track, pens, dict(zip((p.name for p in pens), map(trace, (main, further)), strict=True))
    )
    assert (levels.u[100:200] == pytest.approx(1.05)) == kept
    if not kept:
        assert np.isnan(levels.u[100:200]).all() and (levels.confidence[100:200] == 0).all()
        assert any("leap" in doubt.reason for doubt in levels.doubts)


def test_a_few_rows_between_two_strokes_are_joined() -> None:
    main, backup = np.linspace(0.8, 0.99, 40), np.full(40, np.nan)
    main[30:], backup[34:] = np.nan, 0.1
    levels = combined(main, backup)
    assert np.isfinite(levels.u).all()
    assert levels.confidence[31] < levels.confidence[29]


def test_a_scale_of_an_interval_is_read_there_only() -> None:
    curve = CurveSpec("SN", (scale(50), replace(scale(500, "backup"), depths=(1010.0, 1020.0))))
    depth = DepthScale(np.array([0.0, 100.0]), np.array([1000.0, 1100.0]), "FT", 0.0)
    track = Track(0.0, WIDTH - 1.0, (curve,))
    pens = pens_of(track, depth)
    assert pens[1].rows == (10.0, 20.0)
    levels = together(
        curve, track, pens, {"SN": trace(np.full(40, np.nan)), "SN_BU": trace(np.full(40, 0.5))}
    )
    assert np.flatnonzero(np.isfinite(levels.u)).tolist() == list(range(10, 21))
