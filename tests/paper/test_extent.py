"""A section that the frame of its scale block was taken for: the grid begins where divisions stand."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
import pytest

from logdigit.paper.ends import walked
from logdigit.paper.extent import to_frame
from logdigit.paper.laid_on import led_on
from logdigit.paper.registered import Registered
from logdigit.paper.rules import Lines, Ruling
from logdigit.paper.tracks import FoundTrack
from logdigit.paper.uprights import grid_rows
from logdigit.types import Strip

HEIGHT, FIRST, LAST = 3000, 500, 2600
TRACK = FoundTrack(
    ((0.0, 100.0), (3000.0, 100.0)),
    ((0.0, 600.0), (3000.0, 600.0)),
    False,
    tuple(k / 10 for k in range(1, 10)),
)


def test_a_frame_without_divisions_is_no_grid_and_a_hole_in_it_does_not_end_it(
    strip_of: Callable[..., Strip],
) -> None:
    page = np.full((HEIGHT, 900), 255, np.uint8)
    page[200:2900, [100, 101, 600, 601]] = 0  # the edges run on into the blocks above and below
    for x in range(150, 600, 50):
        page[FIRST:LAST, x : x + 2] = 0
    page[700:760, 105:595] = 255
    strip = strip_of(page, (200.0, 200.0))
    top, bottom = grid_rows(strip, [TRACK], 250, 2850)
    assert abs(top - FIRST) < 15 and abs(bottom - LAST) < 15
    assert grid_rows(strip, [TRACK], FIRST + 20, LAST - 20) == (FIRST + 20, LAST - 20)
    blank = strip_of(np.full((HEIGHT, 900), 255, np.uint8), (200.0, 200.0))
    assert grid_rows(blank, [TRACK], 250, 2850) == (250, 2850)


@pytest.mark.parametrize(("first", "last"), [(FIRST, 2560), (FIRST, 2460), (540, 2560)])
def test_a_log_goes_on_to_its_frame(first: int, last: int, strip_of: Callable[..., Strip]) -> None:
    """Lines every 200 rows are 10 ft apart; the frames end between them, and headings go on beyond."""
    page = np.full((HEIGHT, 900), 255, np.uint8)
    page[200:2900, [100, 101, 600, 601]] = 0
    for x in range(150, 600, 50):
        page[first:last, x : x + 2] = 0
    cover = np.zeros(HEIGHT)
    for row in (first, last, *range(600, 2401, 200), first - 60, last + 70):
        cover[row : row + 2] = 1.0
    ticks = tuple((float(row) + 0.5, 1000 + (row - 600) / 20) for row in range(600, 2401, 600))
    known = Registered(ticks, 10.0, 0.0, 600.5, 2400.5, 3, 3, 0.2)
    found = to_frame(strip_of(page, (200.0, 200.0)), [TRACK], Ruling(0, cover), known)
    assert found.ticks[1:-1] == known.ticks
    assert [row for row, _ in (found.ticks[0], found.ticks[-1])] == [first + 0.5, last + 0.5]
    assert all(depth == pytest.approx(1000 + (row - 600.5) / 20) for row, depth in found.ticks)
    assert (found.top, found.bottom) == (first + 0.5, last + 0.5)


@pytest.mark.parametrize("gap", [5, 20])
def test_a_frame_in_the_place_of_a_line_is_none_where_uprights_end_before_it(
    gap: int, strip_of: Callable[..., Strip]
) -> None:
    """Lines every 50 rows are 10 ft apart; the next block's frame lies where the line of 1,390 ft would."""
    page = np.full((HEIGHT, 900), 255, np.uint8)
    page[600 : 2550 - gap, 100:601:50] = page[600 : 2550 - gap, 101:602:50] = 0
    cover = np.zeros(HEIGHT)
    for row in range(600, 2551, 50):
        cover[row : row + 2] = 1.0
        page[row : row + 2, 100:601] = 0
    ticks = tuple((row + 0.5, 1000 + (row - 600) / 5) for row in range(600, 2551, 50))
    known = Registered(ticks, 10.0, 0.0, 600.5, 2550.5, 3, 3, 0.2)
    found = to_frame(strip_of(page, (200.0, 200.0)), [TRACK], Ruling(0, cover), known)
    at, depth = found.ticks[-1]
    assert found.ticks[:-1] == known.ticks[:-1] and found.bottom == at
    assert at == pytest.approx(2549.5 - gap, abs=1)
    assert depth == pytest.approx(1000 + (at - 600.5) / 5)


@pytest.mark.parametrize(("off", "count"), [(0.0, 2), (4.0, 2), (17.0, 1), (-17.0, 1)])
def test_a_line_far_apart_is_counted_on_only_where_it_is_due(off: float, count: int) -> None:
    """Every 50 ft, 375 rows: the frame stands nearer to where the next line would than a share of that."""
    lines = Lines(np.array([1000.0, 1375.0, 1750.0 + off]), np.ones(3))
    found = walked((1000.0, 450.0), 7.5, 50.0, lines, 0, 0.05)
    assert [depth for _, depth in found] == [500.0, 550.0][:count]


def test_a_log_goes_on_by_ticks_beyond_its_lines() -> None:
    """Lines every 50 ft alone are seen; ticks every 2 ft, a row lower, lead 30 ft further either way."""
    rows = np.arange(600.0, 2401.0, 500.0)
    known = Registered(tuple((r, 1000 + (r - 600) / 10) for r in rows), 50.0, 0.0, 600.0, 2100.0, 3, 3, 0.2)
    finer = np.arange(300.0, 2401.0, 20.0)
    ticks = tuple((r + 1.0, 1000 + (r - 600) / 10) for r in finer)
    led = led_on(known, Registered(ticks, 2.0, 0.0, 301.0, 2401.0, 90, 90, 0.2))
    at, depths = np.array(led.ticks).T
    assert set(known.ticks) <= set(led.ticks)
    assert (depths[0], depths[-1]) == (970.0, 1180.0)
    assert np.allclose(at, 600 + 10 * (depths - 1000))
    assert (led.top, led.bottom) == (300.0, 2400.0)
