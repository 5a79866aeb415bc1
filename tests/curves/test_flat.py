"""What flat strokes are worth to a pen."""

import numpy as np
import pytest

from logdigit.curves.flat import PULL, middles, pulls
from logdigit.types import Float32


def stroke(falls: float) -> Float32:
    """A stroke 3 px thick and 400 long, that falls by so many rows a px."""
    out = np.full((60, 400), 1e-4, np.float32)
    for x in range(400):
        y = round(30 + falls * (x - 200))
        out[y - 1 : y + 2, x] = 1
    return out


@pytest.mark.parametrize("falls", [0.03, 0.05, -0.03, -0.05])
def test_a_stroke_pulls_once_the_way_it_falls_and_costs_the_other_way(falls: float) -> None:
    right, left = pulls(stroke(falls))
    with_it, against = (right, left) if falls > 0 else (left, right)
    inner = slice(60, 340)
    gained, lost = -with_it[:, inner].sum() / PULL, against[:, inner].sum(axis=0) / PULL
    assert gained == pytest.approx(280, rel=0.05) and with_it.max() <= 1e-6
    assert (lost > 2.5).all()  # on each of its three rows


def test_a_level_stroke_pulls_either_way_on_its_middle_and_costs_on_its_other_rows() -> None:
    right, left = pulls(stroke(0.0))
    for way in (right, left):
        assert way[30, 60:340] == pytest.approx(np.full(280, -PULL), rel=0.05)
        assert way[[29, 31], 60:340] == pytest.approx(np.full((2, 280), PULL), rel=0.05)


def test_steep_strokes_and_paper_pull_nobody() -> None:
    upright = np.full((300, 60), 1e-4, np.float32)
    upright[:, 30:33] = 1
    for likelihood in (upright, np.full((50, 200), 1e-4, np.float32)):
        assert all(np.abs(way).max() < 1e-3 * PULL for way in pulls(likelihood))


def test_the_middle_of_each_stroke_of_a_column() -> None:
    column = np.array([[0], [1], [1], [1], [0], [1], [1]], np.float32)
    assert np.flatnonzero(middles(np.repeat(column, 9, axis=1))[:, 4]).tolist() == [2, 5]
