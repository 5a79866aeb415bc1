"""The comb laid on planted lines: bent paper, missing and doubled lines, finer units."""

from __future__ import annotations

import numpy as np
import pytest

from logdigit.errors import RefusalError
from logdigit.paper.alternate import with_lines
from logdigit.paper.comb import comb
from logdigit.paper.ends import unbroken
from logdigit.paper.figures import Chain, Figure
from logdigit.paper.register import register
from logdigit.paper.registered import Registered, within_course
from logdigit.paper.rules import Ruling
from logdigit.paper.ticks import thinned
from logdigit.types import Float

PITCH = 8.0  # px a depth unit
TOP = 100


def bent(depths: Float | float) -> Float:
    """Rows of depths on paper that is stretched by up to 2 % and back again."""
    depths = np.asarray(depths, dtype=np.float64)
    return np.asarray(TOP + 60 + PITCH * (depths - 1000) + 6.0 * np.sin(depths / 40.0), dtype=np.float64)


def ruled(unit: float, heavy: float, rng: np.random.Generator, noise: float = 0.1) -> Ruling:
    """Lines every ``unit`` from 990 to 1310, those at ``heavy`` 3 px thick, a tenth of the others missing."""
    cover = noise * rng.random(2700)
    rows = np.arange(len(cover)) + TOP
    for depth in np.arange(990, 1310 + unit / 2, unit):
        strong = abs(depth / heavy - round(depth / heavy)) < 1e-6
        if not strong and rng.random() < 0.1:
            continue
        cover += (0.9 if strong else 0.6) * np.exp(
            -np.square((rows - bent(depth)) / (1.3 if strong else 0.8))
        )
    return Ruling(TOP, np.minimum(cover, 1.0))


def figures(every: float, rng: np.random.Generator, off: float = 11.0, loose: float = 1.0) -> Chain:
    """Figures ``off`` px above their lines, give or take ``loose`` px."""
    depths = np.arange(1000, 1300 + every / 2, every)
    made = tuple(
        Figure(float(d), float(bent(d) - off + loose * rng.normal()), 500.0, 50.0, 24.0, 1.0, 4)
        for d in depths
    )
    return Chain(made, PITCH, every, float(len(made)))


@pytest.mark.parametrize(("unit", "every"), [(2.0, 20.0), (2.0, 50.0), (5.0, 50.0), (1.0, 10.0)])
def test_every_line_is_found_on_bent_paper(unit: float, every: float) -> None:
    rng = np.random.default_rng(3)
    found = comb(figures(every, rng), ruled(unit, every, rng), 11.0)
    assert found is not None
    assert found.unit == unit
    assert found.depths[0] <= 1000 and found.depths[-1] >= 1300
    assert np.sqrt(np.mean(np.square(found.rows - bent(found.depths)))) < 0.4


def test_the_comb_ends_where_the_lines_end() -> None:
    rng = np.random.default_rng(4)
    found = comb(figures(20.0, rng), ruled(2.0, 20.0, rng, noise=0.05), 11.0)
    assert found is not None
    assert 988 <= found.depths[0] <= 994 and 1306 <= found.depths[-1] <= 1312


def test_figures_too_uneven_to_tell_lines_apart_make_no_comb() -> None:
    rng = np.random.default_rng(5)
    assert comb(figures(20.0, rng, loose=9.0), ruled(1.0, 1.0, rng), 11.0) is None


def test_stray_strokes_between_lines_do_not_shift_a_registration() -> None:
    rng = np.random.default_rng(6)
    ruling = ruled(2.0, 20.0, rng)
    ruling.cover[rng.integers(0, len(ruling.cover), 120)] += 0.6  # flat strokes of a curve
    got = register(figures(20.0, rng), ruling)
    rows, depths = np.array(got.ticks).T
    at = np.linspace(1000, 1300, 200)
    assert np.abs(np.interp(at, depths, rows) - bent(at)).max() < 1.5


def test_paper_between_the_lines_of_figures_proves_nothing() -> None:
    rng = np.random.default_rng(7)
    with pytest.raises(RefusalError):
        register(figures(20.0, rng), Ruling(TOP, 0.1 * rng.random(2700)))


SAG = np.zeros(33)
SAG[:17] = [9, 5, 6, 1, 1, -4, -5, -6, -10, -8, -13, -8, -10, -7, -1, -2, 7]
SAG[17:] = [6, 11, 12, 9, 13, 7, 8, 5, 2, 3, -3, 0, -5, -5, -7, -13]
"""Rows by which the paper of an old log lies off an even course, every 50 ft."""


def sagging(depths: Float | float) -> Float:
    """Rows of depths from 3700 to 5300 on that paper, ten a foot."""
    off = np.interp(depths, 3700 + 50.0 * np.arange(len(SAG)), SAG)
    return np.asarray(TOP + 200 + 10.085 * (np.asarray(depths) - 3700) + off, dtype=np.float64)


def lines_at(rows: Float) -> Ruling:
    at = np.arange(int(rows[-1]) + 200) + TOP
    cover = sum((0.7 * np.exp(-np.square(at - row)) for row in rows), np.zeros(len(at)))
    return Ruling(TOP, np.asarray(cover))


def test_a_comb_that_slips_by_a_line_and_back_is_noticed() -> None:
    """Too few figures are read to lead a comb round every bend of the paper."""
    read = (3700.0, 3800.0, 4000.0, 4300.0, 4600.0, 4800.0, 5000.0, 5100.0, 5300.0)
    ruling = lines_at(sagging(np.arange(3690.0, 5312.0, 2.0)))
    made = tuple(Figure(d, float(sagging(d)) - 2.0, 500.0, 50.0, 24.0, 1.0, 4) for d in read)
    chain = Chain(made, 10.085, 100.0, float(len(made)))
    slipped = comb(chain, ruling, 2.0)
    assert slipped is not None and abs(slipped.at(np.array([4300.0]))[0] - sagging(4300.0)) > 15
    rows, depths = np.array(register(chain, ruling, 2.0).ticks).T
    at = np.linspace(depths[0], depths[-1], 800)
    assert np.abs(np.interp(at, depths, rows) - sagging(at)).max() < 4.0


def kinked(depths: Float | float) -> Float:
    """Rows of depths on a print whose first 350 ft are stretched by a third."""
    depths = np.asarray(depths, dtype=np.float64)
    return np.asarray(TOP + 600 + 1.156 * (depths - 3850) + 0.4 * np.minimum(0.0, depths - 3800))


def test_figures_in_a_row_that_stand_astray_contradict_the_comb() -> None:
    read = np.arange(3450.0, 7151.0, 100.0)
    ruling = lines_at(kinked(np.arange(3450.0, 7151.0, 20.0)))
    made = tuple(Figure(d, float(kinked(d)), 500.0, 50.0, 12.0, 1.0, 4) for d in read)
    chain = Chain(made, 1.156, 100.0, float(len(made)))
    laid = comb(chain, ruling, 0.0)
    assert laid is not None and np.abs(laid.at(read[:4]) - kinked(read[:4])).max() > 4
    rows, depths = np.array(register(chain, ruling, 0.0).ticks).T
    at = np.linspace(depths[0], depths[-1], 800)
    assert np.abs(np.interp(at, depths, rows) - kinked(at)).max() < 4.0  # the corner is rounded


@pytest.mark.parametrize("lines", [1, 3, 6])
@pytest.mark.parametrize("way", [-1, 1])
def test_a_comb_is_cut_where_it_slips_by_a_line(lines: int, way: int) -> None:
    paper = 20.0 * np.arange(200) + 6.0 * np.sin(np.arange(200) / 12)  # stretched by up to 3 % and back
    assert unbroken(paper) == [slice(0, 200)]
    slipped = paper + way * 20.0 * np.clip((np.arange(200) - 120) / lines, 0, 1)
    above, below = unbroken(slipped)
    assert 110 <= above.stop <= 121 and 120 + lines <= below.start <= 134 + lines


def test_a_frame_beyond_the_last_line_is_no_line() -> None:
    rng = np.random.default_rng(12)
    ruling = ruled(2.0, 20.0, rng)
    rows = np.arange(len(ruling.cover)) + TOP
    last = float(bent(1310.0))
    cover = np.where(rows > last - 2.0 * PITCH * 1.5, 0.05, ruling.cover)
    cover = np.maximum(cover, 0.95 * np.exp(-np.square((rows - (last - 4.0)) / 1.5)))  # 4 px before its place
    found = register(figures(20.0, rng, off=2.0), Ruling(TOP, cover), 2.0)
    ticks, told = np.array(found.ticks).T
    assert np.abs(ticks - bent(told)).max() < 1.0


def test_a_fold_that_hides_a_line_ends_a_comb_and_is_not_smoothed_over() -> None:
    rng = np.random.default_rng(11)

    def folded(depths: Float) -> Float:
        rows = TOP + 60 + PITCH * (np.asarray(depths) - 1000)
        return np.asarray(np.where(depths > 1180, rows - PITCH * 2.0, rows), dtype=np.float64)

    at = np.arange(2700) + TOP
    lines = [float(folded(np.array(depth))) for depth in np.arange(990, 1311, 2.0)]
    cover = 0.05 * rng.random(2700) + sum(0.8 * np.exp(-np.square((at - row) / 0.9)) for row in lines)
    depths = np.arange(1000, 1301, 20.0)
    made = tuple(
        Figure(float(d), float(r) - 2 + 0.5 * rng.normal(), 500.0, 50.0, 24.0, 1.0, 4)
        for d, r in zip(depths, folded(depths), strict=True)
    )
    found = register(Chain(made, PITCH, 20.0, float(len(made))), Ruling(TOP, np.minimum(cover, 1.0)), 2.0)
    rows, told = np.array(thinned(list(found.ticks))).T
    assert np.abs(rows - folded(told)).max() < 0.5 * PITCH  # half a foot at the fold itself


@pytest.mark.parametrize(("sway", "loose", "good"), [(2.0, 0.2, True), (9.0, 0.2, False), (9.0, 6.0, True)])
def test_lines_that_sway_between_figures_that_stand_evenly_are_something_else(
    sway: float, loose: float, good: bool
) -> None:
    rng = np.random.default_rng(13)
    depths = np.arange(1000, 1901, 100.0)
    made = tuple(
        Figure(float(d), 4 * float(d - 1000) + loose * rng.normal(), 500.0, 50.0, 24.0, 1.0, 4)
        for d in depths
    )
    chain = Chain(made, 4.0, 100.0, float(len(made)))
    told = np.arange(1000, 1901, 10.0)
    rows = 4 * (told - 1000) + sway * np.sin(2 * np.pi * (told - 1000) / 100)
    ticks = tuple(zip(rows.tolist(), told.tolist(), strict=True))
    found = Registered(ticks, 10.0, 0.0, rows[0], rows[-1], 9, 9, 0.5)
    if good:
        assert within_course(found, chain) is found
    else:
        with pytest.raises(RefusalError, match="stand evenly"):
            within_course(found, chain)


def test_a_frame_just_above_the_first_line_does_not_draw_the_lines_below_it() -> None:
    lines = TOP + 400 + 14.8 * np.arange(126.0)
    ruling = lines_at(lines)
    rows = np.arange(len(ruling.cover)) + TOP
    cover = np.where(rows < lines[0] - 1, 0.0, 0.4 / 0.7 * ruling.cover)
    cover = np.maximum(cover, 0.95 * np.exp(-np.square(rows - (lines[0] - 3.2))))
    made = tuple(
        Figure(400.0 + 100 * k, float(lines[18 + 20 * k]), 500.0, 50.0, 12.0, 1.0, 3) for k in range(6)
    )
    found = register(Chain(made, 2.96, 100.0, 6.0), Ruling(TOP, cover), 0.0)
    ticks, told = np.array(found.ticks).T
    assert np.abs(ticks - (lines[0] + 2.96 * (told - 310.0))).max() < 0.8


@pytest.mark.parametrize("seed", [1, 7, 8])
def test_lines_are_found_though_figures_stand_loosely(seed: int) -> None:
    """Nine loose figures make a course that wobbles more than the paper; nineteen do not."""
    rng = np.random.default_rng(seed)
    lines = TOP + 300 + 39.4 * np.arange(49.0)
    cover = lines_at(lines[rng.random(49) < 0.9]).cover
    made = tuple(
        Figure(100.0 + 5 * k, float(row + 5.0 * rng.normal()), 500.0, 30.0, 16.0, 1.0, 3)
        for k, row in enumerate(lines)
    )
    found = comb(Chain(made, 7.88, 5.0, 49.0), Ruling(TOP, cover), 0.0)
    assert found is not None
    assert np.abs(found.rows - (lines[0] + 7.88 * (found.depths - 100.0))).max() < 0.8


@pytest.mark.parametrize("seed", [2, 7, 9, 37])
def test_kicks_of_curves_are_no_lines_of_equal_depth(seed: int) -> None:
    """Where no lines are printed, strokes lie every few rows: some are where figures and a comb want them."""
    rng = np.random.default_rng(seed)
    cover = np.zeros(2700)
    for row in rng.integers(10, 2690, 400):
        cover[row : row + rng.integers(1, 4)] = rng.uniform(0.1, 0.6)
    with pytest.raises(RefusalError, match="as high between them"):
        register(figures(50.0, rng, loose=0.5), Ruling(TOP, cover), 11.0)


def test_where_only_every_other_figure_has_a_line_the_lines_tell_how_the_paper_bends() -> None:
    rng = np.random.default_rng(8)
    ruling = ruled(10.0, 50.0, rng)
    for at in range(0, len(ruling.cover) - 40, 37):  # strokes of curves, which stand at figures without lines
        ruling.cover[at : at + 3] += 0.12 * rng.random()
    chain = figures(25.0, rng, off=0.0, loose=0.3)
    kept = with_lines(chain, ruling, 0.0)
    assert [f.value for f in kept.figures] == [1000, 1050, 1100, 1150, 1200, 1250, 1300]
    assert kept.step == 50
    found = register(chain, ruling, 0.0)
    assert found.line_unit == 10
    rows, depths = np.array(found.ticks).T
    every = np.arange(1000.0, 1301.0)
    assert np.abs(np.interp(every, depths, rows) - bent(every)).max() < 0.6
    dense = ruled(5.0, 50.0, rng)
    assert with_lines(chain, dense, 0.0) == chain
