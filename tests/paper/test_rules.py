"""Lines of equal depth beside a column, drawn and measured: level, sloping, dotted, pale."""

from __future__ import annotations

from collections.abc import Callable

import cv2
import numpy as np

from logdigit.paper.column import Column
from logdigit.paper.drift import find_course
from logdigit.paper.rules import rule
from logdigit.paper.skew import ink_mask, pile, sharpness
from logdigit.types import Float, Strip, UInt8

HEIGHT, WIDTH, PITCH = 2400, 1400, 100
COLUMN = Column(((0.0, 700.0), (float(HEIGHT), 700.0)), 60.0, 20.0)
DUE = np.arange(60, HEIGHT - 60, PITCH)


def ruled(slope: float, level: int = 0) -> UInt8:
    """Lines two pixels thick from border to border, ``slope`` about the middle of the page."""
    page = np.full((HEIGHT, WIDTH), 255, np.uint8)
    for row in DUE:
        ends = [(x, round(row + slope * (x - WIDTH / 2))) for x in (0, WIDTH)]
        cv2.line(page, ends[0], ends[1], level, 2)
    return page


def at_lines(cover: Float) -> Float:
    """Cover at each line that is due, at most two rows off."""
    return np.array([cover[row - 2 : row + 3].max() for row in DUE])


def between(cover: Float) -> Float:
    inside = np.ones(HEIGHT, bool)
    for row in DUE:
        inside[row - 6 : row + 7] = False
    return cover[inside]


def test_flat_strokes_do_not_tilt_lines_that_are_few(strip_of: Callable[..., Strip]) -> None:
    page = ruled(0.008)
    for row in range(80, HEIGHT - 80, 50):  # beside the column, as many as there are lines, and steeper
        cv2.line(page, (760, row), (1060, row + 9), 0, 2)
    strip = strip_of(page, (200.0, 200.0))
    course = find_course(strip, 0, HEIGHT)
    assert max(abs(slope - 0.008) for _, slope in course) < 0.001
    found = rule(strip, COLUMN, 0, HEIGHT, course)
    assert at_lines(found.cover).min() > 0.6
    assert np.percentile(between(found.cover), 99) < 0.3


def test_dotted_and_pale_lines_are_seen_where_that_is_asked(strip_of: Callable[..., Strip]) -> None:
    dotted = ruled(0.0)
    dotted[:, ::3] = 255
    dotted[:, 1::3] = 255
    pale = np.clip(
        ruled(0.0, 240).astype(int) - 15 + np.random.default_rng(1).normal(0, 6, (HEIGHT, WIDTH)), 0, 255
    )
    for page in (dotted, pale.astype(np.uint8)):
        strip = strip_of(page, (200.0, 200.0))
        plain, seen = (rule(strip, COLUMN, 0, HEIGHT, [(0.0, 0.0)], faint) for faint in (False, True))
        assert np.median(at_lines(plain.cover)) < 0.3
        assert np.median(at_lines(seen.cover)) > 0.8
        assert np.percentile(between(seen.cover), 99) < 0.1


def test_a_mask_of_ink_piles_up_as_the_pixels_that_it_was_made_of() -> None:
    page, slopes = ruled(0.008), np.linspace(-0.02, 0.02, 41)
    of_mask = pile(ink_mask(page), slopes)
    assert np.allclose(of_mask, sharpness(page, slopes, False))
    assert abs(slopes[int(np.argmax(of_mask))] - 0.008) < 0.0015
