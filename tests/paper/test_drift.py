"""Skew that drifts is followed, and a geometry that follows it makes level lines level."""

from pathlib import Path

import cv2
import numpy as np
import pytest

from logdigit.paper.drift import drifting_skew, find_course
from logdigit.paper.spec import LayoutFile, SectionFile, read_layout, write_layout
from logdigit.paper.straighten import make_geometry, read_straight
from logdigit.types import Float, UInt8

HEIGHT, WIDTH = 6000, 1200


def slopes(rows: Float | float) -> Float:
    """Of the lines drawn, px down per px to the right."""
    return np.asarray(0.004 + 0.006 * np.sin(rows / HEIGHT * 5))


def ruled(steady: float | None = None) -> UInt8:
    """A grid whose lines of equal depth slope as ``slopes`` says, or by a steady slope."""
    page = np.full((HEIGHT, WIDTH), 255, np.uint8)
    for row in np.arange(30, HEIGHT, 50.0):
        slope = float(slopes(row)) if steady is None else steady
        ends = [(x, row + slope * (x - (WIDTH - 1) / 2)) for x in (100, 1100)]
        points = np.rint(np.array(ends) * 16).astype(np.int32)
        cv2.polylines(page, [points], False, (0,), 2, cv2.LINE_AA, 4)
    for x in (100, 600, 1100):
        page[:, x : x + 2] = 0
    return page


def test_course_follows_the_lines(strip_of) -> None:  # type: ignore[no-untyped-def]
    course = np.array(find_course(strip_of(ruled(), (200.0, 200.0)), 0, HEIGHT))
    assert len(course) > 5
    assert np.abs(course[:, 1] - slopes(course[:, 0])).max() < 0.0015


@pytest.mark.parametrize("steady", [0.0, 0.0006, -0.02])
def test_steady_skew_is_one_number(strip_of, steady) -> None:  # type: ignore[no-untyped-def]
    found = drifting_skew(strip_of(ruled(steady), (200.0, 200.0)), [(0, 2900), (3000, HEIGHT)])
    assert isinstance(found, float)
    assert np.tan(np.radians(found)) == pytest.approx(
        steady, abs=0.5 / (WIDTH / 2)
    )  # half a px at the border


def test_no_lines_no_skew(strip_of) -> None:  # type: ignore[no-untyped-def]
    blank = np.full((3000, WIDTH), 255, np.uint8)
    assert drifting_skew(strip_of(blank, (200.0, 200.0)), [(0, 3000)]) is None


def test_lines_stand_level_in_the_straight_frame(strip_of) -> None:  # type: ignore[no-untyped-def]
    strip = strip_of(ruled(), (200.0, 200.0))
    skew = drifting_skew(strip, [(0, HEIGHT)])
    assert isinstance(skew, tuple)
    geometry = make_geometry(HEIGHT, WIDTH, (200.0, 200.0), skew)
    straight = read_straight(strip, geometry, 0, geometry.height)
    for row in np.arange(530, HEIGHT - 500, 500.0):
        levels = []
        for x in (200, 1000):
            strip_row = row + slopes(row) * (x - (WIDTH - 1) / 2)
            column, level = geometry.to_straight(np.array([float(x)]), np.array([strip_row]))
            levels.append(float(level[0]))
            near = straight[round(level[0]) - 4 : round(level[0]) + 5, round(column[0])].astype(float)
            ink = 255 - near
            assert (ink @ np.arange(-4, 5)) / ink.sum() + round(level[0]) == pytest.approx(level[0], abs=0.6)
        assert levels[0] == pytest.approx(levels[1], abs=1.0)


def test_drifting_skew_in_a_layout_file(tmp_path: Path) -> None:
    section = SectionFile((0, 900), "FT", ((0.0, 100.0), (900.0, 200.0)))
    for skew in (0.3, ((100.0, 0.2), (800.0, -0.1))):
        layout = LayoutFile((section,), {}, skew)
        write_layout(tmp_path / "a.toml", layout)
        assert read_layout(tmp_path / "a.toml").skew_deg == skew
