"""Logarithmic scales of which one end was read."""

from __future__ import annotations

import numpy as np
import pytest

from logdigit.paper.numbers import lines_of_numbers
from logdigit.paper.oneend import rows_and_ends
from logdigit.paper.scalerow import ScaleRow
from logdigit.paper.seams import Ruled
from logdigit.paper.text import Word

LEFT, RIGHT, DECADES = 100.0, 1000.0, 3
PLACES = LEFT + 300 * (np.log10(np.arange(1, 10)) + np.arange(DECADES)[:, None]).ravel()
GRID = Ruled(LEFT, RIGHT, tuple(PLACES[1:]), logarithmic=True)


def scales(words: list[Word], track: Ruled = GRID) -> list[ScaleRow]:
    return [row for line in lines_of_numbers(words) for row in rows_and_ends(line, track)]


def word(text: str, left: float, sure: float = 0.98) -> Word:
    return Word(text, sure, left, 488, left + 14 * len(text), 512)


@pytest.mark.parametrize(
    ("words", "due"),
    [
        ([word("2", 104)], (2.0, 2000.0)),
        ([word("2", 104), word("20", 386)], (2.0, 2000.0)),
        ([word("2", 104), word("20", 386), word("2000", 920, 0.3)], (2.0, 2000.0)),  # 1000 2000, run together
        ([word("200", 952)], (0.2, 200.0)),
        ([word("20", 686), word("200", 952)], (0.2, 200.0)),
    ],
)
def test_the_grid_tells_the_other_end(words: list[Word], due: tuple[float, float]) -> None:
    (row,) = scales(words)
    assert row.values == pytest.approx(due) and row.kind == "log" and (row.left, row.right) == (LEFT, RIGHT)


@pytest.mark.parametrize(
    ("words", "track"),
    [
        ([word("2", 104, 0.3)], GRID),  # doubtful itself
        ([word("3", 104)], GRID),  # no scale begins with it
        ([word("2", 104), word("20", 600)], GRID),  # where 92 should be
        ([word("2", 400)], GRID),  # at neither edge
        ([word("2", 104)], Ruled(LEFT, RIGHT, tuple(np.arange(190.0, 1000, 90)))),  # linear
    ],
)
def test_nothing_is_made_up(words: list[Word], track: Ruled) -> None:
    assert all(row.right < RIGHT for row in scales(words, track))


def test_both_ends_count_before_the_grid() -> None:
    assert [row.values for row in scales([word("2", 104), word("200", 952)])] == [(2.0, 200.0)]
