"""Readings inside a stroke: planted polylines drawn with a round pen, and read back."""

from __future__ import annotations

import numpy as np
import pytest
from scipy.ndimage import gaussian_filter

from logdigit.curves.centre import centroids, edges, pen_width, runs_at, sharpened
from logdigit.types import Float, Float32

ROWS, WIDTH, FINE = 120, 160, 8


def drawn(x: Float, pen: float) -> Float32:
    """The share of each px that a round pen covers on its way down through ``x`` (ROWS,)."""
    side = np.arange(-np.ceil(pen * FINE / 2), np.ceil(pen * FINE / 2) + 1)
    down, aside = (a[np.hypot(*np.meshgrid(side, side)) <= pen * FINE / 2] for a in np.meshgrid(side, side))
    fine = np.zeros(((ROWS + 20) * FINE, WIDTH * FINE), bool)
    rows = np.arange(0, ROWS - 1, 1 / 128)
    for row, column in zip(rows, np.interp(rows, np.arange(ROWS), x), strict=True):
        at = np.rint([(row + 10.5) * FINE, (column + 0.5) * FINE])
        fine[(at[0] + down).astype(int), (at[1] + aside).astype(int)] = True
    ink = fine.reshape(ROWS + 20, FINE, WIDTH, FINE).mean(axis=(1, 3))
    return np.asarray(ink[10:-10], np.float32)


def zigzag(half: int, reach: float) -> Float:
    """A saw between 80 - reach and 80 + reach, a turning point every ``half`` rows; then a line."""
    turns = np.arange(-half, ROWS + 2 * half, half)
    sides = np.where(np.arange(len(turns)) % 2, -1.0, 1.0)
    x = 80 + reach * np.interp(np.arange(ROWS), turns, sides)
    x[90:] = x[90]
    return x


def readings(x: Float, pen: float) -> tuple[Float32, Float32]:
    """What is read from the stroke, plain and with its turning points restored."""
    ink = drawn(x, pen)
    column = np.rint(x).astype(np.int32)
    first, last = runs_at(ink, column, column, 0.45)
    plain = centroids(ink, ink, column, column, first, last, 40.0)
    return plain, sharpened(plain, ink, column, column, np.zeros(ROWS, bool))


@pytest.mark.parametrize("pen", [2.0, 3.0, 5.0])
@pytest.mark.parametrize(("half", "reach"), [(10, 8.0), (10, 40.0), (6, 12.0)])
def test_turning_points_come_back(pen: float, half: int, reach: float) -> None:
    x = zigzag(half, reach)
    plain, sharp = readings(x, pen)
    tips = np.flatnonzero(np.abs(np.abs(x[:85] - 80) - reach) < 1e-9)[2:]
    clipped = np.abs(plain - x)[tips].mean()
    assert clipped > 0.25 * reach / half * (pen / 2)  # there is something to restore
    assert np.abs(sharp - x)[tips].mean() < 0.45 * clipped
    assert np.abs(sharp - x)[10:80].mean() < 0.8 * np.abs(plain - x)[10:80].mean()


@pytest.mark.parametrize("blur", [0.4, 0.8])
def test_the_tips_of_sharp_spikes_come_back_from_a_blurred_scan(blur: float) -> None:
    x = zigzag(8, 60.0)
    ink = np.asarray(gaussian_filter(drawn(x, 3.0), blur), np.float32)
    column = np.rint(x).astype(np.int32)
    first, last = runs_at(ink, column, column, 0.45)
    plain = centroids(ink, ink, column, column, first, last, 40.0)
    sharp = sharpened(plain, ink, column, column, np.zeros(ROWS, bool))
    tips = np.flatnonzero(np.abs(np.abs(x[:85] - 80) - 60) < 1e-9)[2:]
    assert np.abs(plain - x)[tips].mean() > 10
    assert np.abs(sharp - x)[tips].mean() < 1.5


@pytest.mark.parametrize("slope", [0.0, 0.5, -3.0, 12.0])
def test_a_straight_stroke_is_read_as_before(slope: float) -> None:
    x = np.clip(80 + slope * (np.arange(ROWS) - 60), 12, 148)
    plain, sharp = readings(x, 3.0)
    inner = (np.abs(x - 80) < 30) & (np.abs(np.arange(ROWS) - 60) < 50)
    assert np.abs(sharp - x)[inner].max() < 0.3 + 0.1 * abs(slope)
    assert np.abs(sharp - plain)[inner].max() < 0.3 + 0.1 * abs(slope)


@pytest.mark.parametrize("pen", [2.0, 4.0, 7.0])
def test_the_pen_is_measured_square_to_its_stroke(pen: float) -> None:
    x = 80 + 30 * np.sin(np.arange(ROWS) / 12)
    column = np.rint(x).astype(np.int32)
    left, right = edges(drawn(x, pen), column, column)
    assert pen_width(left, right, np.ones(ROWS, bool)) == pytest.approx(pen, abs=0.35)


def test_ink_that_is_shared_or_missing_is_left_alone() -> None:
    x = zigzag(10, 20.0)
    ink = drawn(x, 3.0)
    ink[50:60] = 0
    column = np.rint(x).astype(np.int32)
    column[50:60] = -1
    plain = np.where(column < 0, np.nan, x).astype(np.float32)
    met = np.zeros(ROWS, bool)
    met[20:30] = True
    sharp = sharpened(plain, ink, column, column, met)
    assert np.isnan(sharp[50:60]).all()
    np.testing.assert_array_equal(sharp[20:30], plain[20:30])
