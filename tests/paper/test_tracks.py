"""Tracks beside pictures: what the lines of equal depth cross is grid, what they do not is something else."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
import pytest

from logdigit.paper.tracks import find_tracks, strip_points
from logdigit.types import Strip, UInt8, along

HEIGHT, WIDTH, PITCH = 3000, 1600, 40
LINES = np.arange(60, HEIGHT - 20, PITCH)
LEFT, PICTURE, RIGHT = (100, 600), (600, 900), (1000, 1500)


def page() -> UInt8:
    """Two tracks; between them a column of bricks that borders on the first, and paper."""
    pixels = np.full((HEIGHT, WIDTH), 255, np.uint8)
    for left, right in (LEFT, RIGHT):
        for row in LINES:
            pixels[row : row + 2, left : right + 2] = 0
        for x in range(left, right + 1, 50):
            pixels[:, x : x + 2] = 0
    rng = np.random.default_rng(2)
    for row in np.cumsum(rng.integers(9, 30, 400)):
        pixels[row : row + 2, PICTURE[0] : PICTURE[1]] = 0
    for x in range(PICTURE[0], PICTURE[1] + 1, 25):
        pixels[:, x : x + 2] = 0
    return pixels


def test_a_picture_beside_a_track_is_told_by_the_lines_that_do_not_cross_it(
    strip_of: Callable[..., Strip],
) -> None:
    strip = strip_of(page(), (200.0, 200.0))
    found = find_tracks(strip, 0, HEIGHT, 0.0, LINES.astype(float))
    edges = [(track.left[0][1], track.right[0][1]) for track in found]
    assert edges == [pytest.approx(LEFT, abs=2), pytest.approx(RIGHT, abs=2)]
    without = find_tracks(strip, 0, HEIGHT)
    assert [(track.left[0][1], track.right[0][1]) for track in without] != edges


def test_wide_divisions_are_no_hole_where_the_depth_column_is_known(strip_of: Callable[..., Strip]) -> None:
    pixels = np.full((HEIGHT, WIDTH), 255, np.uint8)
    for x in (200, 500, 800, 900, 1000, 1100, 1400):
        pixels[:, x : x + 2] = 0
    for row in LINES:
        pixels[row : row + 2, 200:1402] = 0
    strip = strip_of(pixels, (200.0, 200.0))
    (found,) = find_tracks(strip, 0, HEIGHT, 0.0, LINES.astype(float), 120.0)
    assert (found.left[0][1], found.right[0][1]) == pytest.approx((200, 1400), abs=2)
    for column in (None, 350.0):  # it may stand in one of the divisions
        assert find_tracks(strip, 0, HEIGHT, 0.0, LINES.astype(float), column) == ()


def test_lines_of_depth_far_apart_tell_what_is_one_track_too(strip_of: Callable[..., Strip]) -> None:
    """Of a logarithmic track, parted at each decade where only the lines of every hundred feet were known."""
    pixels = np.full((5000, WIDTH), 255, np.uint8)
    lines = np.arange(100, 4950, 300)
    for left, right in ((100, 400), (600, 1500)):
        for row in lines:
            pixels[row : row + 2, left : right + 2] = 0
    for x in range(100, 401, 30):
        pixels[:, x : x + 2] = 0
    for decade in range(3):
        for k in range(1, 11):
            x = 600 + round(300 * (decade + np.log10(k)))
            pixels[:, x : x + 2] = 0
    strip = strip_of(pixels, (200.0, 200.0))
    found = find_tracks(strip, 0, 5000, 0.0, lines.astype(float))
    assert [(t.left[0][1], t.right[0][1]) for t in found] == [
        pytest.approx((100, 400), abs=2),
        pytest.approx((600, 1500), abs=2),
    ]


def test_an_edge_known_at_one_place_only_is_upright() -> None:
    (top, x), (base, again) = strip_points(300.0, [64.0], np.zeros(1), 0.0, 500.0)
    assert (top, x, again) == (64.0, 300.0, 300.0) and base > top
    assert along(np.array([0.0, 500.0]), np.array([top, base]), np.array([x, again])).tolist() == [300, 300]
