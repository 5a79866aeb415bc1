from dataclasses import replace

import numpy as np
import pytest

from logdigit.synth.families import FAMILIES, Family
from logdigit.synth.grids import random_grid
from logdigit.synth.patches import patch_truth
from logdigit.synth.pen import dashes, visible
from logdigit.synth.plan import Grid, SheetPlan, Stroke, TrackPlan
from logdigit.synth.render import draw, reduce_mask
from logdigit.synth.scanner import scan
from logdigit.synth.sheets import random_sheet
from logdigit.synth.strokes import pattern
from logdigit.synth.wear import HELD_OUT_WEAR, Cover, Wear, random_wear, warp_points
from logdigit.types import CLASSES, STYLES, Float, Style, UInt8

BLANK = Grid((), 0.0, 0.0, 0, (1.0, 1.0))


def one_stroke(x: Float, style: Style = "solid", width: float = 3.0) -> SheetPlan:
    stroke = Stroke(x, style, width, pattern=pattern(np.random.default_rng(1), style, width))
    return SheetPlan(len(x), 256, (TrackPlan(0.0, 255.0, BLANK, (stroke,)),))


def middles(mask: UInt8) -> Float:
    """Mean column of the label in each row, NaN where there is none."""
    columns = np.arange(mask.shape[1])
    with np.errstate(invalid="ignore"):
        out: Float = (mask > 0) @ columns / (mask > 0).sum(axis=1)
    return out


@pytest.mark.parametrize("style", STYLES)
@pytest.mark.parametrize("width", [1.0, 2.0, 3.5, 8.0])
def test_the_mask_lies_on_the_curve_and_runs_through_the_gaps(style: Style, width: float) -> None:
    x = 120 + 40 * np.sin(np.arange(400) / 60)
    image, mask = draw(one_stroke(x, style, width))
    small = reduce_mask(mask)
    assert set(np.unique(small)) == {0, CLASSES.index(style)}
    found = middles(small)
    assert np.isfinite(found[2:-2]).all()
    assert np.abs(found - x)[5:-5].mean() < 0.3
    gaps = image.min(axis=1)[10:-10] == 255
    assert gaps.any() == (style != "solid")


@pytest.mark.parametrize(
    "wear",
    [
        Wear(skew=0.02),
        Wear(wave=(4.0, 200.0)),
        Wear(stretch=1.07),
        Wear(skew=-0.01, wave=(2.0, 90.0), stretch=0.95),
    ],
    ids=["skew", "wave", "stretch", "all"],
)
def test_truth_follows_the_paper_through_every_warp(wear: Wear) -> None:
    x, rows = 120 + 30 * np.sin(np.arange(400) / 50), np.arange(400.0)
    _, mask = scan(*draw(one_stroke(x)), wear, np.random.default_rng(0))
    moved_x, moved_y = warp_points(wear, x, rows)
    found = middles(mask)
    inside = np.arange(int(max(5, moved_y[5])), int(min(len(found) - 5, moved_y[-5])))
    wanted = np.interp(inside, moved_y, moved_x)
    assert np.abs(found[inside] - wanted).mean() < 0.3


def test_a_wrapped_stroke_re_enters_at_the_other_edge() -> None:
    x = np.linspace(100, 400, 300)
    stroke = Stroke(x, "solid", 3.0, edge="wrap")
    got, turns = visible(stroke, 0.0, 255.0)
    np.testing.assert_allclose(got + 255.0 * turns, x)
    assert turns.max() == 1 and got.max() <= 255
    _, mask = draw(SheetPlan(300, 256, (TrackPlan(0.0, 255.0, BLANK, (stroke,)),)))
    assert reduce_mask(mask)[290, int(got[290])] == 1


def test_a_stroke_that_leaves_has_no_reading_and_no_ink_off_scale() -> None:
    x = np.full(100, 300.0)
    x[:50] = 100
    stroke = Stroke(x, "solid", 3.0, edge="leave")
    got, _ = visible(stroke, 20.0, 200.0)
    assert np.isnan(got[50:]).all() and np.isfinite(got[:50]).all()
    _, mask = draw(SheetPlan(100, 400, (TrackPlan(20.0, 200.0, BLANK, (stroke,)),)))
    assert not reduce_mask(mask)[55:].any()


def test_a_pegged_stroke_has_ink_at_the_edge_but_no_reading() -> None:
    stroke = Stroke(np.full(100, 300.0), "solid", 3.0, edge="peg")
    assert np.isnan(visible(stroke, 20.0, 200.0)[0]).all()
    _, mask = draw(SheetPlan(100, 400, (TrackPlan(20.0, 200.0, BLANK, (stroke,)),)))
    assert reduce_mask(mask)[50, 199] == 1


def test_dashes_keep_the_share_of_ink() -> None:
    line = np.column_stack([np.zeros(1000), np.arange(1000.0)])
    inked = sum(np.ptp(part[:, 1]) for part in dashes(line, (6.0, 4.0)))
    assert inked == pytest.approx(600, abs=6)


WARPS: tuple[dict[str, object], ...] = (
    {},
    {"skew": 0.05},
    {"wave": (2.0, 150.0)},
    {"stretch": 1.1},
    {"seam": (170.0, 5.0)},
    {"skew": -0.02, "wave": (1.5, 90.0), "stretch": 0.97, "seam": (100.0, -4.0)},
)


@pytest.mark.parametrize("warp", WARPS, ids=[" ".join(warp) or "straight" for warp in WARPS])
@pytest.mark.parametrize("family", FAMILIES.values(), ids=list(FAMILIES))
def test_known_curves_come_back_from_the_mask_of_every_family(
    family: Family, warp: dict[str, object]
) -> None:
    rng = np.random.default_rng(3)
    sheet = random_sheet(rng, family, 320, 320)
    x = 160 + 60 * np.sin(np.arange(320) / 40)
    style = STYLES[int(rng.choice(4, p=family.styles))]
    width = float(rng.uniform(*family.stroke_width))
    stroke = Stroke(x, style, width, pattern=pattern(rng, style, width))
    track = TrackPlan(5.0, 315.0, sheet.tracks[0].grid, (stroke,))
    plan = replace(sheet, tracks=(track,))
    straight = {"covers": (), "skew": 0.0, "wave": Wear.wave, "stretch": 1.0, "seam": Wear.seam}
    wear = replace(random_wear(rng, 320, 320), **straight | warp)  # type: ignore[arg-type]
    image, mask = scan(*draw(plan), wear, rng)
    assert image.shape == mask.shape == (round(320 * wear.stretch), 320)
    truth, _, labels, _ = patch_truth(plan, wear)
    assert labels.tolist() == [CLASSES.index(style)]
    rows = np.arange(12, min(len(mask), 320) - 12)
    rows = rows[np.isfinite(truth[0, rows]) & np.isfinite(middles(mask)[rows])]
    away = np.abs(rows - (wear.seam[0] + wear.skew * 160) * wear.stretch) > 12
    rows = rows[away] if wear.seam[1] else rows
    assert len(rows) > 200
    assert np.abs(middles(mask)[rows] - truth[0, rows]).mean() < 0.3


@pytest.mark.parametrize("kind", HELD_OUT_WEAR)
def test_held_out_wear_is_only_made_when_asked_for(kind: str) -> None:
    rng = np.random.default_rng(1)
    assert not any(kind in random_wear(rng).kinds() for _ in range(300))
    assert any(kind in random_wear(rng, held_out=True).kinds() for _ in range(20))


def test_what_is_covered_has_no_label_and_no_reading() -> None:
    plan = one_stroke(np.full(200, 120.0))
    cover = Cover("torn", ((0.0, 50.0), (200.0, 50.0), (200.0, 90.0), (0.0, 90.0)), 255)
    wear = Wear(covers=(cover,))
    image, mask = scan(*draw(plan), wear, np.random.default_rng(0))
    assert (image[55:85, 10:190] == 255).all() and not mask[55:85].any()
    assert mask[30].any() and mask[110].any()
    x = patch_truth(plan, wear)[0][0]
    assert np.isnan(x[55:85]).all() and np.isfinite(x[95:190]).all()


def test_colour_sheets_are_rgb_and_their_darkest_channel_is_the_grey_sheet() -> None:
    stroke = Stroke(np.full(100, 50.0), "solid", 3.0, ink=(200, 30, 90))
    plan = SheetPlan(100, 120, (TrackPlan(0.0, 119.0, BLANK, (stroke,)),))
    grey, rgb = draw(plan)[0], draw(plan, colour=True)[0]
    assert rgb.shape == (*grey.shape, 3)
    np.testing.assert_allclose(rgb.min(axis=2), grey, atol=1)


def a_grid(grid: Grid) -> UInt8:
    return scan(
        *draw(SheetPlan(100, 200, (TrackPlan(0.0, 199.0, grid, ()),))), Wear(), np.random.default_rng(0)
    )[0]


def test_ticks_stand_at_the_edges_between_whole_heavy_lines() -> None:
    image = a_grid(Grid((), 10.0, 10.0, 5, (2.0, 4.0), ticks=15.0))
    for number, row in enumerate(range(10, 100, 10)):
        assert (image[row, 3:12] < 100).all() and (image[row, 190:197] < 100).all()
        assert (image[row, 20:180] < 100).all() == (number % 5 == 0)
        assert (image[row, 20:180] > 200).all() == (number % 5 != 0)


def test_thin_lines_of_a_grid_may_be_dotted_and_heavy_ones_are_not() -> None:
    image = a_grid(Grid(((0.5, 2.0), (0.75, 4.0)), 20.0, 10.0, 2, (2.0, 4.0), pattern=(2.0, 6.0)))
    for line, whole in ((image[10], True), (image[30], False), (image[:, 149], True), (image[:, 99], False)):
        assert (line[5:95] < 120).all() == whole
        assert 0.2 < (line[5:95] < 120).mean() <= 1


@pytest.mark.parametrize("family", FAMILIES.values(), ids=list(FAMILIES))
def test_some_grids_of_every_family_have_few_whole_lines_across(family: Family) -> None:
    rng = np.random.default_rng(2)
    grids = [random_grid(rng, family, 20.0, 0.0, is_log=False) for _ in range(400)]
    for kind in ([g for g in grids if g.ticks], [g for g in grids if g.heavy == 1]):
        assert 8 <= len(kind) <= 100
        assert all(g.pitch * g.heavy >= 45 and g.widths[1] >= g.widths[0] for g in kind)
