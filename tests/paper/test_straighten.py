"""The straight frame: planted lines come back straight, wherever the bands are cut."""

from __future__ import annotations

import math
from collections.abc import Callable
from itertools import pairwise

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from logdigit.errors import LayoutError, ScanError
from logdigit.paper.raster import ArrayPage
from logdigit.paper.stitch import stitch
from logdigit.paper.straighten import make_geometry, read_straight, true_dpi
from logdigit.types import Float, Geometry, Strip, UInt8

Strips = Callable[..., Strip]


def line_picture(height: int, width: int, distance: Callable[[Float, Float], Float], half: float) -> UInt8:
    """A dark line on paper with exact anti-aliased edges; ``distance`` gives px from its centre."""
    y, x = np.mgrid[0:height, 0:width].astype(np.float64)
    cover = np.clip(half + 0.5 - np.abs(np.asarray(distance(x, y))), 0, 1)
    return np.asarray(np.round(255 * (1 - cover)), dtype=np.uint8)


def centre_of_ink(profile: object) -> float:
    ink = 255.0 - np.asarray(profile, dtype=np.float64)
    return float((ink * np.arange(len(ink))).sum() / ink.sum())


def test_nothing_known_is_the_identity_and_copies(strip_of: Strips) -> None:
    pixels = np.random.default_rng(0).integers(0, 256, (700, 90), dtype=np.uint8)
    geometry = make_geometry(700, 90, (200.0, 200.0))
    x, y = np.array([0.0, 12.5, 89.0]), np.array([0.0, 300.0, 699.0])
    for got in (geometry.to_strip(x, y), geometry.to_straight(x, y)):
        np.testing.assert_allclose(got, (x, y), atol=1e-9)
    assert (geometry.height, geometry.width) == (700, 90)
    strip = strip_of(pixels)
    np.testing.assert_array_equal(read_straight(strip, geometry, 0, 700), pixels)
    np.testing.assert_array_equal(read_straight(strip, geometry, 250, 260), pixels[250:260])


@pytest.mark.parametrize(
    "dpi", [(200.0, 200.0), (300.0, 300.0), (400.0, 200.0), (100.0, 100.0), (227.0, 214.0)]
)
@pytest.mark.parametrize("skew", [0.0, 0.7, -2.0])
def test_a_skewed_line_of_equal_depth_comes_back_as_a_row(
    strip_of: Strips, dpi: tuple[float, float], skew: float
) -> None:
    height, width, slope = 900, 600, math.tan(math.radians(skew))
    at, middle = 421.3, (600 - 1) / 2
    half = 3 * dpi[1] / 200
    pixels = line_picture(
        height, width, lambda x, y: (y - at - slope * (x - middle)) * math.cos(math.atan(slope)), half
    )
    geometry = make_geometry(height, width, dpi, skew)
    _, row = geometry.to_straight(np.array([middle]), np.array([at]))
    straight = read_straight(strip_of(pixels), geometry, 0, geometry.height)
    inside = range(10, geometry.width - 10, 17)
    got = np.array([centre_of_ink(straight[:, x]) for x in inside])
    # positions are quantised to 1/32 strip px, which enlargement shows
    assert np.abs(got - row[0]).max() < (0.1 if dpi[1] >= 200 else 0.15)


@pytest.mark.parametrize("dpi", [(200.0, 200.0), (300.0, 300.0), (400.0, 200.0)])
def test_a_leaning_edge_comes_back_as_a_column(strip_of: Strips, dpi: tuple[float, float]) -> None:
    height, width = 1200, 500
    edge = [(0.0, 100.0), (400.0, 104.0), (1199.0, 95.0)]

    def course(y: Float) -> Float:
        return np.interp(np.asarray(y), [r for r, _ in edge], [x for _, x in edge])

    pixels = line_picture(height, width, lambda x, y: x - course(y), 3 * dpi[0] / 200)
    geometry = make_geometry(height, width, dpi, 0.0, edge)
    column, _ = geometry.to_straight(np.array([100.0, 104.0, 95.0]), np.array([0.0, 400.0, 1199.0]))
    assert np.ptp(column) < 0.01
    straight = read_straight(strip_of(pixels), geometry, 0, geometry.height)
    got = np.array([centre_of_ink(row) for row in straight[5:-5:11]])
    assert np.abs(got - column[0]).max() < 0.1


@given(
    st.integers(2, 3000),
    st.integers(2, 3000),
    st.floats(60, 600),
    st.floats(60, 600),
    st.floats(-5, 5),
    st.floats(-40, 40),
)
@settings(max_examples=60, deadline=None)
def test_every_pixel_of_the_strip_has_a_place(
    height: int, width: int, dpi_x: float, dpi_y: float, skew: float, lean: float
) -> None:
    edge = [(0.0, 50.0), (float(height), 50.0 + lean)]
    geometry = make_geometry(height, width, (dpi_x, dpi_y), skew, edge)
    x = np.array([0.0, 0.0, width - 1.0, width - 1.0, (width - 1) / 2])
    y = np.array([0.0, height - 1.0, 0.0, height - 1.0, (height - 1) / 2])
    straight_x, straight_y = geometry.to_straight(x, y)
    assert straight_x.min() > -0.5 - 1e-6
    assert straight_x.max() < geometry.width - 0.5 + 1e-6
    assert straight_y.min() > -0.5 - 1e-6
    assert straight_y.max() < geometry.height - 0.5 + 1e-6
    back = geometry.to_strip(straight_x, straight_y)
    np.testing.assert_allclose(back, (x, y), atol=1e-5)


def geometries() -> list[Geometry]:
    return [
        make_geometry(900, 130, (300.0, 260.0), 1.3, [(0.0, 5.0), (500.0, 9.0), (900.0, 2.0)]),
        make_geometry(900, 130, (100.0, 100.0), -0.4),
        make_geometry(900, 130, (400.0, 400.0)),
    ]


@pytest.mark.parametrize("number", [0, 1, 2])
@pytest.mark.parametrize("colour", [False, True])
def test_bands_do_not_depend_on_where_they_are_cut(strip_of: Strips, number: int, colour: bool) -> None:
    shape = (900, 130, 3) if colour else (900, 130)
    pixels = np.random.default_rng(1).integers(0, 256, shape, dtype=np.uint8)
    geometry, strip = geometries()[number], strip_of(pixels)
    whole = read_straight(strip, geometry, 0, geometry.height)
    assert whole.shape[:2] == (geometry.height, geometry.width)
    cuts = [0, 1, 100, 255, 256, 300, geometry.height]
    parts = [read_straight(strip, geometry, a, b) for a, b in pairwise(cuts) if a < b]
    np.testing.assert_array_equal(np.concatenate(parts)[: geometry.height], whole)


def test_reduction_averages_and_paper_surrounds(strip_of: Strips) -> None:
    pixels = np.full((800, 400), 255, dtype=np.uint8)
    pixels[:, ::4] = 0  # a quarter of ink, finer than the working resolution can hold
    geometry = make_geometry(800, 400, (800.0, 800.0))
    straight = read_straight(strip_of(pixels), geometry, 0, geometry.height)
    assert straight.shape == (200, 100)
    np.testing.assert_allclose(straight[5:-5, 5:-5], 191, atol=25)
    skewed = make_geometry(800, 400, (200.0, 200.0), 3.0)
    ends = read_straight(strip_of(np.zeros_like(pixels)), skewed, 0, skewed.height)
    assert ends[0, 0] == 255
    assert ends[-1, -1] == 255
    assert ends[400, 200] == 0


def test_area_of_ink_is_kept(strip_of: Strips) -> None:
    pixels = np.full((600, 300), 255, dtype=np.uint8)
    pixels[:, 150:156] = 0  # 6 px at 400 dpi is 3 px at 200 dpi
    straight = read_straight(strip_of(pixels), make_geometry(600, 300, (400.0, 400.0)), 0, 300)
    assert (255.0 - straight[100].astype(float)).sum() / 255 == pytest.approx(3.0, abs=0.05)
    assert centre_of_ink(straight[100]) == pytest.approx(76.0, abs=0.02)  # centre 152.5 = 0.5 + 2 * 76


@pytest.mark.parametrize(("height", "width"), [(1, 1), (1, 50), (50, 1)])
def test_tiny_strips(strip_of: Strips, height: int, width: int) -> None:
    geometry = make_geometry(height, width, (200.0, 200.0), 0.5)
    out = read_straight(strip_of(np.zeros((height, width), dtype=np.uint8)), geometry, 0, geometry.height)
    assert out.shape == (geometry.height, geometry.width)


@pytest.mark.parametrize(
    ("skew", "dpi"),
    [(45.0, (200.0, 200.0)), (math.nan, (200.0, 200.0)), (0.0, (0.0, 200.0)), (0.0, (200.0, math.inf))],
)
def test_geometry_that_no_scan_has(skew: float, dpi: tuple[float, float]) -> None:
    with pytest.raises(LayoutError):
        make_geometry(100, 100, dpi, skew)


@pytest.mark.parametrize(
    ("tagged", "widths", "expected"),
    [
        ((400.0, 400.0), [503.0, 1003.0], (201.2, 201.2)),
        ((400.0, 400.0), [567.0, 859.0], (226.8, 226.8)),
        ((200.0, 200.0), [498.0, 997.0], (200.0, 200.0)),
        ((300.0, 150.0), [745.0, 1485.0], (300.0, 150.0)),
        (None, [500.0], (200.0, 200.0)),
        (None, [], (200.0, 200.0)),
        ((123.0, 123.0), [], (123.0, 123.0)),
        ((72.0, 72.0), [500.0, 1000.0], (200.0, 200.0)),
        ((300.0, 300.0), [2248.0], (300.0, 300.0)),
    ],
)
def test_true_dpi(
    tagged: tuple[float, float] | None, widths: list[float], expected: tuple[float, float]
) -> None:
    assert true_dpi(tagged, widths) == pytest.approx(expected)


def test_stitch_butts_pages_and_fills_narrow_ones() -> None:
    pages = [
        ArrayPage(np.full((h, w), v, dtype=np.uint8), None, "a", k)
        for k, (h, w, v) in enumerate([(3, 5, 10), (4, 2, 20)])
    ]
    strip = stitch(pages)
    assert (strip.height, strip.width) == (7, 5)
    assert [join.row for join in strip.joins] == [0, 3]
    assert strip.read(2, 4).tolist() == [[10] * 5, [20, 20, 255, 255, 255]]
    with pytest.raises(ScanError):
        stitch([])
