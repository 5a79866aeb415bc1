"""Two sides of a cut across lines of equal depth that lie askew: whether they keep their pitch."""

from __future__ import annotations

import cv2
import numpy as np
import pytest

from logdigit.paper.joint import look_at
from logdigit.paper.overlap import Band
from logdigit.types import UInt8

WIDTH, ROWS, PITCH, SLOPE = 1200, 640, 40, 0.012


def band(first: float) -> Band:
    """Lines every 40 rows, the first ``first`` rows from the top at the middle; a track and flat strokes."""
    mask: UInt8 = np.zeros((ROWS, WIDTH), np.uint8)
    for x in range(100, WIDTH, 50):
        mask[:, x : x + 2] = 255
    for row in np.arange(first - 2 * PITCH, ROWS + 2 * PITCH, PITCH):
        ends = [(x, round(row + SLOPE * (x - WIDTH / 2))) for x in (100, WIDTH - 50)]
        cv2.line(mask, ends[0], ends[1], 255, 2)
    return Band(mask, np.zeros_like(mask), 1)


@pytest.mark.parametrize("missing", [0.0, 8.0, 15.0])
def test_lines_that_lie_askew_tell_how_much_is_missing_at_a_cut(missing: float) -> None:
    joint = look_at(band(10.0), band((10.0 - ROWS + missing) % PITCH))
    assert joint.miss_px == pytest.approx(missing, abs=1.5)
