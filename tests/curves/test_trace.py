from dataclasses import replace

import numpy as np
import pytest

from logdigit.curves import trace
from logdigit.curves.evidence import rgb_of
from logdigit.curves.identity import Path, claim
from logdigit.curves.reading import bridge, off_scale
from logdigit.curves.trace import TrackTracer, trace_track
from logdigit.synth.pen import visible
from logdigit.synth.plan import Edge, Grid, SheetPlan, Stroke, TrackPlan
from logdigit.synth.render import draw, reduce_mask
from logdigit.types import CLASSES, CurveSpec, Float, Float32, ProbabilityMap, Style, Track, ValueScale

WIDTH = 300
BLANK = Grid((), 0.0, 0.0, 0, (1.0, 1.0))
UNIT = (ValueScale(((0.0, 0.0), (1.0, 1.0))),)


def sheet(curves: list[tuple[Float, Style]], wraps: bool = False) -> tuple[Float32, Track, list[Float]]:
    """Perfect probabilities of a drawn track, its declaration, and the x that was drawn."""
    edge: Edge = "wrap" if wraps else "leave"
    strokes = tuple(Stroke(x, style, 3.0, edge=edge) for x, style in curves)
    plan = SheetPlan(len(curves[0][0]), WIDTH, (TrackPlan(0.0, WIDTH - 1.0, BLANK, strokes),))
    mask = reduce_mask(draw(plan)[1])
    prob = np.stack([(mask == k) for k in range(len(CLASSES))]).astype(np.float32)
    specs = tuple(CurveSpec(f"C{k}", UNIT, style=style, wraps=wraps) for k, (_, style) in enumerate(curves))
    return prob, Track(0.0, WIDTH - 1.0, specs), [visible(s, 0.0, WIDTH - 1.0)[0] for s in strokes]


def bands(prob: Float32, rows: int) -> list[ProbabilityMap]:
    return [ProbabilityMap(10 + k, prob[:, k : k + rows], CLASSES) for k in range(0, prob.shape[1], rows)]


def wander(seed: int, rows: int, centre: float, reach: float) -> Float:
    rng = np.random.default_rng(seed)
    y = np.arange(rows)
    waves = [reach * rng.uniform(0.2, 0.5) * np.sin(y / p + rng.uniform(0, 6)) for p in (13, 37, 90)]
    out: Float = centre + np.sum(waves, axis=0)
    return out


@pytest.mark.parametrize("slope", [0.0, 0.5, 1.5, 5.0])
def test_readings_are_unbiased_on_steep_and_flat_strokes(slope: float) -> None:
    y = np.arange(600.0)
    x = 150 + 100 * (2 / np.pi) * np.arcsin(np.sin(y * slope * np.pi / 200)) + 0.3
    prob, track, (true,) = sheet([(x, "solid")])
    (got,) = trace_track(bands(prob, 200), track)
    turning = np.abs(np.gradient(np.gradient(true))) > 0.05
    clear = ~(np.convolve(turning, np.ones(15), "same") > 0)
    error = (got.x - true)[clear]
    assert abs(np.median(error)) < 0.3
    assert np.mean(np.abs(error)) < 0.4 + 0.1 * slope


def test_three_styles_cross_and_keep_their_names() -> None:
    curves: list[tuple[Float, Style]] = [
        (wander(1, 900, 140, 60), "solid"),
        (wander(2, 900, 150, 60), "dashed"),
        (wander(3, 900, 160, 60), "dotted"),
    ]
    prob, track, true = sheet(curves)
    traces = trace_track(bands(prob, 300), track)
    for got, want in zip(traces, true, strict=True):
        assert np.isfinite(got.x).mean() > 0.98
        assert np.nanmean(np.abs(got.x - want) > 6) < 0.03


@pytest.mark.parametrize("stated", [("#0000c0", None), (None, "#0000c0"), ("#0000c0", "#c00000")])
def test_pens_turn_back_from_one_another_where_their_colours_say_so(stated: tuple[str | None, ...]) -> None:
    away = 90 * np.abs(np.sin(np.arange(900) / 70))
    curves: list[tuple[Float, Style]] = [(150 + away, "solid"), (150 - away, "solid")]
    prob, track, true = sheet(curves)
    rgb = np.full((*prob.shape[1:], 3), 255, np.uint8)
    for x, colour in zip(true, stated, strict=True):
        near = np.abs(np.arange(prob.shape[2]) - x[:, None]) < 2
        rgb[near & (prob[0] < 0.5)] = rgb_of(colour or "#101010")
    specs = [replace(spec, colour=colour) for spec, colour in zip(track.curves, stated, strict=True)]
    seen = [replace(band, rgb=rgb[band.top - 10 :][: band.prob.shape[1]]) for band in bands(prob, 300)]
    for got, want in zip(trace_track(seen, replace(track, curves=tuple(specs))), true, strict=True):
        assert np.isfinite(got.x).mean() > 0.98
        assert np.nanmean(np.abs(got.x - want) > 6) < 0.02


def test_two_curves_of_one_style_take_a_stroke_each() -> None:
    y = np.arange(800)
    left, right = 90 + 20 * np.sin(y / 30), 210 + 20 * np.sin(y / 25)
    prob, track, _ = sheet([(left, "solid"), (right, "solid")])
    a, b = (np.nanmedian(t.x) for t in trace_track(bands(prob, 800), track))
    assert sorted([round(float(a) / 30), round(float(b) / 30)]) == [3, 7]


def test_wraps_are_unrolled() -> None:
    x = 150 + 220 * np.sin(np.arange(1200) / 110)
    prob, track, _ = sheet([(x, "solid")], wraps=True)
    (got,) = trace_track(bands(prob, 400), track)
    total = got.x + got.turns.astype(float) * (WIDTH - 1)
    assert np.nanmedian(np.abs(total - x)) < 1
    assert np.nanmean(np.abs(total - x) > 10) < 0.01


@pytest.mark.parametrize("sharp", [1.0, 2.0, 3.0])
@pytest.mark.parametrize("jump", [0.9, 1.05])
def test_a_wrap_within_a_few_rows_is_counted_and_undone(sharp: float, jump: float) -> None:
    y = np.arange(700)
    bed = (np.tanh((y - 200) / sharp) - np.tanh((y - 450) / sharp)) / 2
    x = 90 + 10 * np.sin(y / 20) + jump * WIDTH * bed
    prob, track, _ = sheet([(x, "solid")], wraps=True)
    (got,) = trace_track(bands(prob, 400), track)
    total = got.x + got.turns.astype(float) * (WIDTH - 1)
    assert np.isfinite(total).all() and np.mean(np.abs(total - x) > 10) < 0.03


def test_the_flat_stroke_of_another_curve_is_no_way_out_and_back() -> None:
    y = np.arange(600)
    other = 250 - 200 * (np.tanh((y - 250) / 2) - np.tanh((y - 350) / 2)) / 2  # a box that reaches over
    prob, track, _ = sheet([(np.full(600, 200.0), "solid"), (other, "dashed")])
    (got, _) = trace_track(bands(prob, 600), track)
    assert np.nanmax(np.abs(got.x - 200)) < 8


def test_a_quiet_curve_does_not_leave_for_a_busy_one_that_nobody_declared() -> None:
    y = np.arange(900)
    quiet, busy = 90 + 15 * np.sin(y / 60), 200 + 60 * np.sign(np.sin(y / 9))
    prob, track, _ = sheet([(quiet, "solid"), (busy, "solid")])
    (got,) = trace_track(bands(prob, 900), replace(track, curves=track.curves[:1]), None)
    assert np.nanmean(np.abs(got.x - quiet) < 5) > 0.95


def test_a_turn_on_which_nothing_can_be_read_is_not_taken() -> None:
    x = 40 + 80 * np.sin(np.arange(600) / 90)  # off the left edge, and back
    prob, track, _ = sheet([(x, "solid")], wraps=True)
    scale = ValueScale(((0.0, 0.0), (1.0, 150.0)))
    (spec,) = track.curves
    track = replace(track, curves=(replace(spec, scales=(scale,)),))
    (free,) = trace_track(bands(prob, 200), track)
    assert free.turns.min() == -1
    tracer = TrackTracer(track, None, {spec.mnemonic: (0.0, 1000.0)})
    for band in bands(prob, 200):
        tracer.push(band)
    assert tracer.finish()[0].turns.min() == 0


def test_a_gap_stays_a_gap() -> None:
    x = wander(5, 600, 150, 40)
    x[200:320] = np.nan
    prob, track, _ = sheet([(x, "solid")])
    (got,) = trace_track(bands(prob, 600), track)
    assert np.isnan(got.x[206:314]).all()
    assert np.isfinite(got.x[:194]).all() and np.isfinite(got.x[326:]).all()
    assert (got.confidence[206:314] == 0).all()


def test_pegged_ink_is_off_scale() -> None:
    x = np.full(100, 150.0, np.float32)
    x[40:60] = 0.5
    assert off_scale(x, WIDTH, wraps=False)[40:60].all()
    assert off_scale(x, WIDTH, wraps=False).sum() == 20
    assert not off_scale(x, WIDTH, wraps=True).any()


def test_windows_agree_at_their_seams(monkeypatch: pytest.MonkeyPatch) -> None:
    curves: list[tuple[Float, Style]] = [
        (wander(7, 2000, 120, 70), "solid"),
        (wander(8, 2000, 180, 70), "dashed"),
    ]
    prob, track, _ = sheet(curves)
    whole = trace_track(bands(prob, 2000), track)
    monkeypatch.setattr(trace, "KEEP", 400)
    monkeypatch.setattr(trace, "AHEAD", 300)
    parts = trace_track(bands(prob, 130), track)
    for a, b in zip(whole, parts, strict=True):
        assert a.top == b.top == 10 and len(a.x) == len(b.x) == 2000
        assert np.nanmean(np.abs(a.x - b.x) > 1) < 0.01


def test_the_same_bands_give_the_same_bytes() -> None:
    prob, track, _ = sheet([(wander(9, 500, 150, 60), "solid"), (wander(10, 500, 150, 60), "dashed")])
    first, second = (trace_track(bands(prob, 500), track) for _ in range(2))
    assert all(a.x.tobytes() == b.x.tobytes() for a, b in zip(first, second, strict=True))


def dashes(ink: float, on: int, off: int, rows: int = 900) -> tuple[list[ProbabilityMap], Track, Float]:
    """A quiet dashed curve whose gaps the network sees as paper and whose dashes it half sees, x as drawn."""
    x = 100 + 8 * np.sin(np.arange(rows) / 150)
    prob = np.zeros((len(CLASSES), rows, WIDTH), np.float32)
    for y in np.flatnonzero(np.arange(rows) % (on + off) < on):
        prob[CLASSES.index("dashed"), y, round(x[y]) - 1 : round(x[y]) + 2] = ink
    prob[0] = 1 - prob.sum(axis=0)
    track = Track(0.0, WIDTH - 1.0, (CurveSpec("SP", UNIT, style="dashed"), CurveSpec("GR", UNIT)))
    return bands(prob, 300), track, x


@pytest.mark.parametrize("ink", [0.5, 0.9])
def test_faint_dashes_far_apart_are_one_line(ink: float) -> None:
    maps, track, x = dashes(ink, on=15, off=30)
    got = trace_track(maps, track)[0]
    assert np.isfinite(got.x).mean() > 0.95
    assert np.nanmax(np.abs(got.x - x)) < 2
    assert got.confidence[(np.arange(len(x)) % 45 > 18) & (np.arange(len(x)) % 45 < 42)].max() <= 0.6


def test_a_window_that_begins_between_two_dashes_goes_on_with_the_line(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(trace, "KEEP", 300)  # 300 % 45 = 30: in a gap
    maps, track, x = dashes(0.6, on=15, off=30, rows=1500)
    got = trace_track(maps, track)[0]
    assert np.isfinite(got.x[:1480]).all()
    assert np.nanmax(np.abs(got.x - x)) < 2


def gap(before: Float, after: Float, rows: int, held: bool, explained: bool = True) -> bool:
    """Whether a gap of so many rows between two strokes of dashes is bridged."""
    x = np.concatenate([before, np.full(rows, np.nan), after]).astype(np.float32)
    turns, sure = np.zeros(len(x), np.int8), np.ones(len(x), np.float32)
    bridge(x, sure, turns, np.full(len(x), held), np.full(len(x), explained), 40)
    return bool(np.isfinite(x).all())


def test_gaps_are_bridged_where_the_ends_point_at_each_other() -> None:
    still, flat = np.full(20, 50.0), np.linspace(10.0, 46.0, 10)
    assert gap(still, still, 35, held=False)
    assert not gap(still, still, 60, held=False)  # longer than a gap of this style
    assert gap(still, still, 60, held=True)  # one dash is missing
    assert not gap(still, still, 90, held=True)
    assert not gap(still, still, 60, held=True, explained=False)  # ink beside it that nobody explains
    assert not gap(flat, still, 30, held=True)  # it turned somewhere, nobody knows where
    assert gap(flat, flat + 70, 7, held=True)  # a flat dash and the next
    assert not gap(flat, flat + 70, 7, held=False)


def test_a_flat_stroke_is_claimed_as_high_as_its_pen() -> None:
    """What is left over of it would be taken for another stroke, beside it."""
    x = np.where(np.arange(100) < 50, 60, 240).astype(np.int32)
    entry = np.concatenate([x[:1], x[:-1]])
    path = Path(entry, x, np.zeros(100, np.int32))
    low, high = (claim(path, (100, WIDTH), 4.0, high=tall) for tall in (False, True))
    assert [int(mask[:, 150].sum()) for mask in (low, high)] == [1, 5]
    assert (low[:40] == high[:40]).all() and (low[60:] == high[60:]).all()
