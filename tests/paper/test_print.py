"""Pixels as they are handed to the reader: soft print, no pepper, no lines that tie figures together."""

from __future__ import annotations

from collections.abc import Callable, Sequence

import cv2
import numpy as np
import pytest

from logdigit.paper.text import Turn, Word, legible, read_column
from logdigit.types import Box, Strip, UInt8


def figures(height: int = 900) -> UInt8:
    """A column of print on white, a figure every 100 rows."""
    page = np.full((height, 200), 255, np.uint8)
    for row in range(60, height, 100):
        cv2.putText(page, "1250", (60, row), cv2.FONT_HERSHEY_SIMPLEX, 0.8, 0, 2)
    return np.where(page < 128, 0, 255).astype(np.uint8)


def test_bilevel_print_is_made_soft_and_grey_print_left_alone() -> None:
    hard = figures()
    soft = legible(hard)
    assert ((soft > 20) & (soft < 235)).any()
    assert abs(float(soft.mean()) - float(hard.mean())) < 0.5
    grey = np.asarray(cv2.GaussianBlur(hard, (0, 0), 1.5), dtype=np.uint8)
    assert np.array_equal(legible(grey), grey)


def test_a_speck_goes_where_it_stands_alone_and_stays_where_it_may_be_a_decimal_point() -> None:
    page = figures()
    page[200:202, 20:22] = 0
    bottom, right = (int(v.max()) for v in np.nonzero(page[:100] == 0))
    point = slice(bottom - 1, bottom + 1), slice(right + 3, right + 5)
    page[point] = 0
    seen = legible(page)
    assert seen[200:202, 20:22].min() == 255
    assert seen[point].max() < 160


@pytest.mark.parametrize("turn", [0, 90])
def test_lines_do_not_tie_figures_together(strip_of: Callable[..., Strip], turn: Turn) -> None:
    page = figures()
    clean = float((page < 128).sum())
    cv2.line(page, (180, 0), (182, 899), 0, 3)  # the edge of a track
    if turn:
        for row in range(20, 900, 100):
            cv2.line(page, (0, row), (199, row + 2), 0, 2)
    sheets: list[UInt8] = []

    def reader(pixels: UInt8, sideways: bool = True) -> Sequence[Word]:
        sheets.append(pixels)
        return []

    strip = strip_of(page, (200.0, 200.0))
    read_column(strip, Box(0, 0, 900, 200), reader, 1.0, turn, lap=60, bare=True)
    left = float(sum((sheet < 128).sum() for sheet in sheets))
    assert 0.9 * clean < left < 1.1 * clean
