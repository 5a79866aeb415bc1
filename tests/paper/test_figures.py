"""Chains of depth figures among misread, truncated and foreign numbers."""

from __future__ import annotations

import numpy as np
import pytest

from logdigit.paper.chains import best_chain, find_chains, pair_of
from logdigit.paper.column import Column, completed_by, standing_in
from logdigit.paper.figures import Figure, completed, damaged, figure_of, longer
from logdigit.paper.text import Word

WIDTH = 1700.0


def figure(value: float, row: float, text: str | None = None, x: float = 580.0) -> Figure:
    digits = len(text or f"{value:.0f}")
    return Figure(float(text or value), row, x, 55.0, 30.0, 0.98 if digits > 2 else 0.4, digits)


def column(
    first: int, last: int, step: int, pitch: float, jitter: float = 3.0, seed: int = 0
) -> list[Figure]:
    """Figures of a column, ``pitch`` px a unit, each a little off its place."""
    rng = np.random.default_rng(seed)
    return [
        figure(d, 500 + pitch * (d - first) + rng.normal(0, jitter)) for d in range(first, last + 1, step)
    ]


def test_a_column_of_figures_is_one_chain() -> None:
    chain = best_chain(column(1000, 1900, 100, 10.15), WIDTH)
    assert chain is not None
    assert chain.depths.tolist() == list(range(1000, 1901, 100))
    assert chain.px_per_unit == pytest.approx(10.15, rel=0.01)
    assert chain.step == 100


def test_misread_figures_are_left_out() -> None:
    figures = column(4000, 6000, 100, 4.0)
    figures[3] = figure(4300, figures[3].row, "4800")
    figures[9] = figure(4900, figures[9].row, "1900")
    chain = best_chain(figures, WIDTH)
    assert chain is not None
    assert set(range(4000, 6001, 100)) - set(chain.depths.tolist()) == {4300, 4900}
    assert {f.value for f in damaged(chain, figures)} == {4800, 1900}


def test_figures_that_have_lost_their_last_digit_do_not_make_a_chain_of_their_own() -> None:
    figures = column(5000, 9000, 100, 4.27)
    cut = [figure(f.value, f.row, f"{f.value:.0f}"[:-1]) if k % 5 < 2 else f for k, f in enumerate(figures)]
    chain = best_chain(cut, WIDTH)
    assert chain is not None and chain.px_per_unit == pytest.approx(4.27, rel=0.02)
    assert min(chain.depths) >= 5000


def test_figures_with_a_digit_more_in_front_are_counted() -> None:
    figures = column(7700, 8600, 100, 10.0)
    for k in (2, 5):
        figures[k] = figure(0, figures[k].row, f"1{figures[k].value:.0f}")
    chain = best_chain(figures, WIDTH)
    assert chain is not None
    assert longer(chain, figures) == {10000.0: 2}


def test_abbreviated_figures_stand_between_full_ones() -> None:
    full = column(6000, 7000, 100, 15.0)
    short = [figure(50, f.row + 750, "50") for f in full]
    chain = best_chain(sorted([*full, *short], key=lambda f: f.row), WIDTH)
    assert chain is not None and chain.depths.tolist() == list(range(6000, 7001, 100))


def test_figures_may_be_odd_fifties() -> None:
    figures = [figure(d, 100 + 1.2 * (d - 3550)) for d in range(3550, 5000, 100)]
    chain = best_chain(figures, WIDTH)
    assert chain is not None and len(chain.figures) == len(figures)


def test_a_chain_is_not_coarser_than_figures_that_stand_in_their_place() -> None:
    """Two of 1075, 1080, ... 1140 misread, two lost: those at fives are figures all the same."""
    figures = column(1075, 1140, 5, 11.8, jitter=0.5)
    figures[0] = figure(1075, figures[0].row, "1076")
    figures[6] = figure(1105, figures[6].row, "1106")
    chain = best_chain([f for f in figures if f.value not in (1085, 1115)], WIDTH)
    assert chain is not None and chain.step == 5
    assert {1095, 1125, 1135} <= set(chain.depths.tolist())


def test_stretched_paper_is_still_one_chain() -> None:
    depths = np.arange(100, 2600, 100)
    rows = 7788 + 4.23 * (depths - 100) + 40 * np.sin(depths / 24.0)
    figures = [figure(float(d), float(r)) for d, r in zip(depths, rows, strict=True)]
    chain = best_chain(figures, WIDTH)
    assert chain is not None and len(chain.figures) >= 0.9 * len(figures)


def test_two_logs_one_below_the_other_are_two_chains() -> None:
    upper = column(100, 2000, 100, 2.0)
    lower = [Figure(f.value, f.row + 6000, f.x, 55, 30, 0.98, f.digits) for f in column(100, 1000, 100, 10.0)]
    chains = sorted(find_chains([*upper, *lower], WIDTH), key=lambda c: c.rows[0])
    assert [round(c.px_per_unit) for c in chains] == [2, 10]


def test_scattered_numbers_are_no_chain() -> None:
    rng = np.random.default_rng(1)
    numbers = [figure(float(rng.integers(10, 20) * 100), float(r)) for r in np.arange(100, 900, 100)[::-1]]
    chain = best_chain(sorted(numbers, key=lambda f: -f.value), WIDTH)
    assert chain is None or len(chain.figures) <= 4


@pytest.mark.parametrize(
    ("text", "value"),
    [("8130-", 8130), ("!4600", 14600), ("1,250", 1250), ("l500", 1500), ("GR", None), ("12.5", None)],
)
def test_what_is_a_figure(text: str, value: float | None) -> None:
    found = figure_of(Word(text, 0.9, 0, 0, 40, 20))
    assert (None if found is None else found.value) == value


def test_short_figures_are_completed_by_the_whole_ones_beside_them() -> None:
    printed = [figure(v, 200 * k) for k, v in enumerate((50, 3400, 50, 3500, 50), 1)]
    (chain,) = find_chains(completed(printed, 2000.0), 2000.0)
    assert chain.depths.tolist() == [3350, 3400, 3450, 3500, 3550]
    elsewhere = figure(20, 400, x=1500.0)
    assert completed([*printed, elsewhere], 2000.0)[-1] == elsewhere


@pytest.mark.parametrize(
    ("upper", "lower", "due"),
    [
        (figure(3100, 500), figure(3200, 1500), True),
        (figure(950, 500), figure(1000, 1000), True),
        (figure(3200, 500), figure(3100, 1500), False),
        (figure(3100, 500), figure(3230, 1500), False),
        (figure(3130, 500), figure(3230, 1500), False),
        (figure(3100, 500), figure(3200, 1500, x=640.0), False),
        (figure(300, 500), figure(3200, 1500), False),
    ],
)
def test_what_two_figures_are_a_pair(upper: Figure, lower: Figure, due: bool) -> None:
    assert (pair_of([upper, lower], WIDTH) is not None) == due
    assert pair_of([upper, lower, figure(7100, 900)], WIDTH) is None
    assert best_chain([upper, lower], WIDTH) is None


def test_figures_sampled_in_a_column_count_too() -> None:
    """The frame of a column takes the first digits of figures when it is read as a whole, not of all."""
    place = Column(((700.0, 580.0), (2700.0, 580.0)), 60.0, 30.0)
    texts = [("1800 ft", 1000, 578), ("2000", 2000, 585), ("2050", 2250, 900), ("50", 1250, 580)]
    words = [Word(t, 0.95, x - 30, row - 15, x + 30, row + 15) for t, row, x in texts]
    assert [f.value for f in standing_in(place, words, (500, 2600), 1700)] == [1800.0, 2000.0]
    assert [f.value for f in standing_in(place, words, (1500, 2600), 1700)] == [2000.0]
    read = [figure(value, row, text) for value, row, text in ((750, 750, "750"), (0, 2000, "00"))]
    both = completed_by(read, standing_in(place, words, (500, 2600), 1700))
    assert [f.value for f in both] == [750.0, 1800.0, 2000.0]
    beside = [figure(50, 1641, "50"), figure(150, 1645, "150", x=900.0)]  # of a table
    assert completed_by(beside, []) == beside
