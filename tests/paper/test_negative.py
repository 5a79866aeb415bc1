"""Negatives are turned into positives; dark scans and half-black ones are not."""

from __future__ import annotations

import numpy as np
import pytest

from logdigit.paper.negative import positive
from logdigit.paper.raster import ArrayPage
from logdigit.paper.stitch import stitch
from logdigit.types import UInt8


def log(paper: int, ink: int) -> UInt8:
    pixels = np.full((3000, 400), paper, np.uint8)
    pixels[::20] = ink
    pixels[:, ::40] = ink
    return pixels


def page(pixels: UInt8) -> ArrayPage:
    return ArrayPage(pixels, (200.0, 200.0), "memory.tif", 0)


@pytest.mark.parametrize("colour", [False, True])
def test_a_negative_is_read_as_its_positive(colour: bool) -> None:
    negative = log(0, 255)
    if colour:
        negative = np.repeat(negative[..., None], 3, axis=2)
    strip = stitch([page(negative)])
    assert strip.dpi == (200.0, 200.0)
    np.testing.assert_array_equal(strip.read(100, 160), 255 - negative[100:160])


def test_a_positive_a_blank_and_half_a_page_of_black_stay_as_they_are() -> None:
    half = log(255, 0)
    half[:1500] = 0
    for pixels in (log(255, 0), np.zeros((3000, 400), np.uint8), half, log(60, 0)):
        one = page(pixels)
        assert positive(one) is one
