import numpy as np
import pytest

from logdigit.synth.families import FAMILIES, pattern, random_sheet
from logdigit.synth.render import Grid, SheetPlan, Stroke, TrackPlan, dashes, draw, reduce_mask, visible
from logdigit.synth.wear import Wear, random_wear, scan, warp_points
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


@pytest.mark.parametrize("family", FAMILIES.values(), ids=list(FAMILIES))
def test_every_family_draws_curves_worn_but_there(family: object) -> None:
    rng = np.random.default_rng(3)
    for _ in range(3):
        plan = random_sheet(rng, family, 256, 256)  # type: ignore[arg-type]
        image, mask = scan(*draw(plan), random_wear(rng), rng)
        assert image.shape == mask.shape == (256, 256)
        assert image.dtype == mask.dtype == np.uint8
        assert mask.max() < len(CLASSES)


def test_colour_sheets_are_rgb_and_their_darkest_channel_is_the_grey_sheet() -> None:
    stroke = Stroke(np.full(100, 50.0), "solid", 3.0, ink=(200, 30, 90))
    plan = SheetPlan(100, 120, (TrackPlan(0.0, 119.0, BLANK, (stroke,)),))
    grey, rgb = draw(plan)[0], draw(plan, colour=True)[0]
    assert rgb.shape == (*grey.shape, 3)
    np.testing.assert_allclose(rgb.min(axis=2), grey, atol=1)
