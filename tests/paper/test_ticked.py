"""Ticks along the frame of a depth column, drawn and found again: all that a bilevel copy may keep."""

from __future__ import annotations

from collections.abc import Callable

import cv2
import numpy as np
import pytest

from logdigit.paper.column import Column
from logdigit.paper.rules import lines_in
from logdigit.paper.ticked import ticked
from logdigit.types import Strip, UInt8

HEIGHT, WIDTH, PITCH = 2400, 1400, 39.7
LEFT, RIGHT = 640.0, 760.0
MIDDLE = (LEFT + RIGHT) / 2
DUE = [float(row) for row in np.arange(60, HEIGHT - 60, PITCH)]


def column(lean: float) -> Column:
    seen = tuple((float(row), MIDDLE + lean * (row - HEIGHT / 2)) for row in range(200, HEIGHT, 400))
    return Column(seen, 56.0, 20.0)


def framed(lean: float, ticks: bool = True, right: bool = True) -> UInt8:
    """A frame that leans, ticks at right angles to it, and the stroke of a curve outside."""
    page = np.full((HEIGHT, WIDTH), 255, np.uint8)

    def line(x0: float, y0: float, x1: float, y1: float) -> None:
        ends = [
            (round(16 * (x + lean * (y - HEIGHT / 2))), round(16 * (y - lean * (x - WIDTH / 2))))
            for x, y in ((x0, y0), (x1, y1))
        ]
        cv2.line(page, ends[0], ends[1], 0, 2, cv2.LINE_AA, 4)

    for x in (LEFT, RIGHT):
        line(x, 0, x, HEIGHT)
    for row in DUE if ticks else ():
        line(LEFT, row, LEFT + 10, row)
        if right:
            line(RIGHT - 10, row, RIGHT, row)
    rows = np.arange(HEIGHT)
    points = np.column_stack([900 + 120 * np.sin(rows / 30.0), rows]).astype(np.int32)
    cv2.polylines(page, [points], False, 0, 2)
    for row, x in column(lean).seen:
        cv2.putText(page, "1250", (round(x) - 28, round(row) + 8), cv2.FONT_HERSHEY_SIMPLEX, 0.7, 0, 2)
    return page


@pytest.mark.parametrize("lean", [0.0, 0.012, -0.02])
def test_ticks_at_both_borders_are_lines(strip_of: Callable[..., Strip], lean: float) -> None:
    found = ticked(strip_of(framed(lean), (200.0, 200.0)), column(lean), 0, HEIGHT)
    assert found is not None
    ruling, course = found
    assert all(abs(slope + lean) < 0.002 for _, slope in course)
    rows = lines_in(ruling).rows
    due = [row - lean * (MIDDLE - WIDTH / 2) for row in DUE]
    inside = [row for row in due if 200 < row < HEIGHT - 200]
    assert max(min(abs(rows - row)) for row in inside) < 0.8
    assert len(rows) < 1.1 * len(DUE)


@pytest.mark.parametrize(("ticks", "right"), [(False, True), (True, False)])
def test_none_where_ticks_are_not_at_both(strip_of: Callable[..., Strip], ticks: bool, right: bool) -> None:
    page = framed(0.0, ticks, right)
    assert ticked(strip_of(page, (200.0, 200.0)), column(0.0), 0, HEIGHT) is None


def test_none_without_a_frame(strip_of: Callable[..., Strip]) -> None:
    page = np.full((HEIGHT, WIDTH), 255, np.uint8)
    assert ticked(strip_of(page, (200.0, 200.0)), column(0.0), 0, HEIGHT) is None
