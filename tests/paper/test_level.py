"""A page that lies askew, made level: rows move, columns stay, and words find their way back."""

from __future__ import annotations

from collections.abc import Callable

import cv2
import numpy as np
import pytest

from logdigit.paper.level import levelled
from logdigit.paper.text import Word
from logdigit.types import Strip


def test_what_lies_on_a_slope_lies_level(strip_of: Callable[..., Strip]) -> None:
    page = np.full((600, 1000), 255, np.uint8)
    cv2.line(page, (0, 200 - 15), (999, 200 + 15), 0, 3)  # row 200 at column 500
    level = levelled(strip_of(page, (200.0, 200.0)), 0.03, 500.0)
    whole = level.strip.read(0, 600)
    assert whole.shape == page.shape
    rows, columns = np.nonzero(whole < 128)
    assert rows.min() >= 197 and rows.max() <= 203
    assert len(set(columns.tolist())) == 1000
    assert np.array_equal(level.strip.read(150, 260), whole[150:260])
    assert set(np.unique(whole).tolist()) == {0, 255}


def test_a_word_goes_back_to_where_it_was_printed(strip_of: Callable[..., Strip]) -> None:
    level = levelled(strip_of(np.full((600, 1000), 255, np.uint8), None), -0.02, 100.0)
    word = level.on_scan(Word("20", 1.0, 880, 300, 920, 320))
    assert (word.left, word.right) == (880, 920)
    assert (word.top, word.bottom) == pytest.approx((284, 304))


def test_next_to_no_slope_is_left_alone(strip_of: Callable[..., Strip]) -> None:
    strip = strip_of(np.full((600, 1000), 255, np.uint8), None)
    assert levelled(strip, 0.004, 0.0).strip is strip
