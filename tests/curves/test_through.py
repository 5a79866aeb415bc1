import numpy as np
import pytest

from logdigit.curves.through import darkness, read_through
from logdigit.types import Float32, UInt8

ROWS, WIDTH = 900, 300
GAP = slice(300, 600)


def paper(stroke: bool, seed: int = 0) -> tuple[UInt8, Float32]:
    """A tinted grid with lines every 50 px, and the x of an upright stroke off the lines, drawn or not."""
    rng = np.random.default_rng(seed)
    grey = rng.normal(210, 8, (ROWS, WIDTH)) - np.linspace(0, 40, WIDTH)
    grey[::20], grey[:, ::50] = 90, 90
    x = 120 + 30 * np.clip(np.abs(np.arange(ROWS) - 450) / 100 - 2, 0, 1) + np.sin(np.arange(ROWS) / 60)
    for y in np.flatnonzero(np.full(ROWS, stroke)):
        grey[y, round(x[y]) - 1 : round(x[y]) + 2] = 60
    return grey.clip(0, 255).astype(np.uint8), x.astype(np.float32)


def filled(grey: UInt8, x: Float32, *others: Float32) -> tuple[Float32, Float32]:
    """Readings and confidence after a gap in ``x`` was looked through."""
    seen = x.copy()
    seen[GAP] = np.nan
    sure = np.where(np.isfinite(seen), 0.9, 0).astype(np.float32)
    read_through(seen, sure, np.zeros(ROWS, np.int8), darkness(grey), others)
    return seen, sure


def test_a_stroke_that_goes_on_is_read_and_is_not_sure() -> None:
    grey, x = paper(stroke=True)
    got, sure = filled(grey, x)
    assert np.abs(got - x).max() < 1.0
    assert sure[GAP].max() < 0.6


def test_a_gap_on_paper_stays_a_gap() -> None:
    grey, x = paper(stroke=False)
    assert np.isnan(filled(grey, x)[0][GAP]).all()
    grey, x = paper(stroke=True)
    white, _ = paper(stroke=False)
    grey[400:430] = white[400:430]
    assert np.isnan(filled(grey, x)[0][GAP]).all()


def test_a_line_of_the_grid_is_no_stroke() -> None:
    grey, x = paper(stroke=False)
    assert np.isnan(filled(grey, x - 120 + 150)[0][GAP]).all()  # it leaves the line, which goes on
    assert np.isnan(filled(grey, np.full_like(x, 150.0))[0][GAP]).all()  # it never does


@pytest.mark.parametrize(("aside", "read"), [(0.0, False), (20.0, True)])
def test_what_another_curve_stands_on_is_that_curves(aside: float, read: bool) -> None:
    grey, x = paper(stroke=True)
    got, _ = filled(grey, x, x + np.float32(aside))
    assert np.isfinite(got[GAP]).all() == read


def test_ends_that_do_not_stand_above_each_other_are_left_alone() -> None:
    grey, x = paper(stroke=True)
    x[600:] += 60
    assert np.isnan(filled(grey, x)[0][GAP]).all()
