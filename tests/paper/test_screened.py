"""Screens of dots become grey; black and white print does not, however dirty."""

from __future__ import annotations

import numpy as np
import pytest

from logdigit.paper.raster import ArrayPage
from logdigit.paper.screened import ScreenedPage, bold, unscreened
from logdigit.paper.stitch import stitch
from logdigit.types import Strip, UInt8

BAYER = np.array([[0, 8, 2, 10], [12, 4, 14, 6], [3, 11, 1, 9], [15, 7, 13, 5]]) * 16 + 8
ROWS, COLUMNS = 1600, 1400


def chart(paper: int = 235) -> UInt8:
    """Grey paper with paler lines than print, and one black stroke."""
    pixels = np.full((ROWS, COLUMNS), paper, np.uint8)
    pixels[20::40, :] = pixels[21::40, :] = 130
    pixels[:, 30::60] = pixels[:, 31::60] = 130
    pixels[:, 700:704] = 0
    return pixels


def dots(pixels: UInt8) -> UInt8:
    """An ordered screen, as scanners make it."""
    screen = np.tile(BAYER, (ROWS // 4, COLUMNS // 4))
    return np.where(pixels < screen, 0, 255).astype(np.uint8)


def page(pixels: UInt8) -> ArrayPage:
    return ArrayPage(pixels, (200.0, 200.0), "memory.tif", 0)


def test_dots_become_the_greys_that_they_stand_for_and_strokes_stay_sharp() -> None:
    got = stitch([page(dots(chart()))]).read(200, 1200)
    clear = got[4:18, 735:748]  # between the lines
    assert clear.min() > 225
    line = got[20:22, 735:748].astype(float)
    assert 120 < line.mean() < 215 and np.ptp(line.mean(axis=0)) < 30
    assert (got[:, 700:704] == 0).all()
    assert (got[4:18, 695] > 225).all()


def test_bands_agree_with_the_whole() -> None:
    strip = stitch([page(dots(chart(250)))])
    parts = [strip.read(top, top + 37) for top in range(300, 300 + 20 * 37, 37)]
    np.testing.assert_array_equal(np.concatenate(parts), strip.read(300, 300 + 20 * 37))


@pytest.mark.parametrize("dirt", [0.0, 0.002])
def test_black_and_white_print_stays_as_it_is(dirt: float) -> None:
    pixels = np.where(chart(255) < 200, 0, 255).astype(np.uint8)
    pixels[np.random.default_rng(1).random(pixels.shape) < dirt] = 0  # pepper
    pixels[:, 500:502] = np.where(np.arange(ROWS) % 6 < 2, 0, 255)[:, None]  # a dotted curve
    one = page(pixels)
    assert unscreened(one) is one


def test_what_is_too_coarse_or_too_small_stays_as_it_is() -> None:
    for pixels in (dots(chart())[:, :1000], np.zeros((1, 1), np.uint8)):
        one = page(np.ascontiguousarray(pixels))
        assert unscreened(one) is one


def test_lines_are_looked_for_on_darker_greys_of_screened_pages_only() -> None:
    screened = stitch([page(dots(chart()))])
    assert isinstance(screened.pages[0], ScreenedPage)
    plain, dark = screened.read(200, 400), bold(screened).read(200, 400)
    np.testing.assert_array_equal(255 - dark.astype(int), np.minimum(2 * (255 - plain.astype(int)), 255))
    colour = stitch([page(np.repeat(chart()[..., None], 3, axis=2))])
    assert isinstance(bold(colour), Strip)
    np.testing.assert_array_equal(bold(colour).read(0, 50), colour.read(0, 50))
