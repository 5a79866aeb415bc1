"""Figures on planted lines, heavy and light: which one they stand at, or a refusal."""

from __future__ import annotations

from contextlib import suppress

import numpy as np
import pytest

from logdigit.errors import RefusalError
from logdigit.paper.figures import Chain, Figure
from logdigit.paper.offset import offset_of
from logdigit.paper.rules import Ruling

TOP, PITCH, STEP = 500, 15.75, 5.0


def ruling(heavy: float, light: float = 0.5, hidden: bool = False) -> Ruling:
    """Lines every unit, those every fifth heavier; ``hidden``: not seen beside figures, every 25 units."""
    cover = np.zeros(8000)
    rows = np.arange(len(cover))
    for k in range(20, 480):
        strong = light if k % 5 or (hidden and k % 25 == 0) else heavy
        cover = np.maximum(cover, strong * np.clip(1.5 - np.abs(rows - k * PITCH), 0, 1))
    return Ruling(TOP, cover)


def chain(offset: float, every: float = STEP, loose: float = 0.5) -> Chain:
    """Figures of depths 25 to 450 that stand ``offset`` rows above their lines."""
    rng = np.random.default_rng(3)
    depths = np.arange(25.0, 451.0, every)
    rows = TOP + depths * PITCH - offset + rng.normal(0, loose, len(depths))
    figures = tuple(
        Figure(float(d), float(r), 900.0, 40.0, 28.0, 1.0, 3) for d, r in zip(depths, rows, strict=True)
    )
    return Chain(figures, PITCH, every, float(len(figures)))


@pytest.mark.parametrize("offset", [0.0, 12.0, -12.0, 20.0])
def test_figures_stand_at_heavy_lines_whatever_light_one_is_nearer(offset: float) -> None:
    assert offset_of(chain(offset), ruling(1.0)) == pytest.approx(offset, abs=2)


@pytest.mark.parametrize("lines", [-1, 1])
def test_figures_right_on_a_light_line_are_of_the_plainly_heavy_one_beside_it(lines: int) -> None:
    rng = np.random.default_rng(1)
    cover = np.zeros(8000)
    cover[::16] = rng.uniform(0.49, 0.5, 500)
    cover[::80] = rng.uniform(0.6, 0.61, 100)
    depths = np.arange(25.0, 451.0, 25.0)
    figures = tuple(Figure(d, TOP + 16.0 * (d - lines), 900.0, 40.0, 28.0, 1.0, 3) for d in depths.tolist())
    assert offset_of(Chain(figures, 16.0, 25.0, 18.0), Ruling(TOP, cover)) == pytest.approx(lines * 16, abs=2)


def test_a_figure_nearly_half_way_between_two_heavy_lines_is_refused() -> None:
    with pytest.raises(RefusalError, match="between two lines"):
        offset_of(chain(31.0), ruling(1.0))


def test_a_heavy_line_hidden_by_its_figure_is_where_the_others_lead() -> None:
    assert offset_of(chain(0.0, every=25.0), ruling(1.0, hidden=True)) == pytest.approx(0, abs=2)


def test_figures_that_stand_loosely_still_find_their_lines() -> None:
    assert offset_of(chain(0.0, loose=6.0), ruling(1.0)) == pytest.approx(0, abs=4)


def test_of_lines_all_alike_the_one_on_which_figures_stand_is_theirs() -> None:
    assert offset_of(chain(0.0), ruling(0.5)) == pytest.approx(0, abs=2)


def test_three_figures_tell_though_the_paper_ends_near_the_first_and_the_last() -> None:
    few = chain(0.0, every=200.0)
    few = Chain(few.figures[:3], PITCH, 200.0, 3.0)
    first, last = round(few.rows[0]) - TOP, round(few.rows[-1]) - TOP
    whole = ruling(1.0).cover
    short = Ruling(TOP + first - 20, whole[first - 20 : last + 21])
    assert offset_of(few, short) == pytest.approx(0, abs=2)


@pytest.mark.parametrize("share", [0.2, 0.85])
def test_figures_beside_a_picture_are_refused_unless_their_lines_stand_out(share: float) -> None:
    """Of the lines of a lithology column, uneven ones, those nearest the figures were taken: 1.4 m off."""
    rng = np.random.default_rng(3)
    figures = chain(3.0, every=25.0)
    cover = np.zeros(len(ruling(1.0).cover))
    for row in figures.rows:
        cover[round(row) + 3 - TOP] = 1.0 if rng.random() < 0.9 else 0.0
        for away in (-93, -76, -61, -50, -38, -28, -17, 13, 22, 36, 53, 62, 79, 101):
            cover[round(row) + away - TOP] = 1.0 if rng.random() < share else 0.0
    paper = Ruling(TOP, cover)
    if share < 0.5:
        assert offset_of(figures, paper) == pytest.approx(3, abs=2)
    else:
        with pytest.raises(RefusalError, match="between two lines"):
            offset_of(figures, paper)


@pytest.mark.parametrize("seed", [1, 5, 48, 115, 131, 164])
def test_what_comes_and_goes_at_random_beside_figures_is_not_taken_for_their_line(seed: int) -> None:
    """Strokes of a lithology column: some distance has most of them, but by no more than chance."""
    rng = np.random.default_rng(seed)
    figures = chain(0.0, every=25.0)
    cover = np.zeros(8000)
    for row in figures.rows:
        for away in (-45, -32, 7, 46):
            cover[round(row) + away - TOP] = rng.random()
    with suppress(RefusalError):
        assert abs(offset_of(figures, Ruling(TOP, cover)) - 7) <= 2


def test_a_few_figures_beside_much_stronger_strokes_elsewhere_are_refused() -> None:
    few = chain(0.0, every=200.0)
    cover = np.zeros(8000)
    for row, strength in zip(few.rows, (0.0, 0.5, 0.2), strict=True):
        cover[round(row) - 15 - TOP] = strength
    cover[round(few.rows[0]) + 221 - TOP] = 1.0
    cover[round(few.rows[1]) + 221 - TOP] = 1.0
    with pytest.raises(RefusalError):
        offset_of(few, Ruling(TOP, cover))
