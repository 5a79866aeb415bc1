"""Strips written as TIFF and read again."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from logdigit.errors import OutputExistsError, UsageError
from logdigit.out.strip import write_strip
from logdigit.paper.page import open_pages
from logdigit.paper.raster import ArrayPage
from logdigit.types import Join, Strip, UInt8


def strip_of(pixels: UInt8, dpi: tuple[float, float] | None = (200.0, 100.0)) -> Strip:
    half = len(pixels) // 2
    pages = (ArrayPage(pixels[:half], dpi, "a.tif", 0), ArrayPage(pixels[half:], dpi, "b.tif", 0))
    return Strip(pages, (Join(0, 1.0), Join(half, 1.0)))


@pytest.mark.parametrize(
    ("shape", "levels", "compression", "mode"),
    [
        ((2500, 90), (0, 255), "group4", "1"),
        ((2500, 90), (0, 80, 255), "tiff_adobe_deflate", "L"),
        ((2500, 90, 3), (0, 80, 255), "tiff_adobe_deflate", "RGB"),
    ],
)
def test_pixels_and_resolution_come_back(
    tmp_path: Path, shape: tuple[int, ...], levels: tuple[int, ...], compression: str, mode: str
) -> None:
    pixels = np.random.default_rng(0).choice(np.array(levels, dtype=np.uint8), shape)
    path = tmp_path / "strip.tif"
    write_strip(path, strip_of(pixels))
    (page,) = open_pages([path])
    assert np.array_equal(page.read(0, page.height), pixels)
    assert page.dpi == (200.0, 100.0)
    with Image.open(path) as image:
        assert (image.info["compression"], image.mode) == (compression, mode)
    assert [file.name for file in tmp_path.iterdir()] == ["strip.tif"]


def test_an_unknown_resolution_stays_unknown(tmp_path: Path) -> None:
    path = tmp_path / "strip.tif"
    write_strip(path, strip_of(np.zeros((100, 40), dtype=np.uint8), dpi=None))
    assert open_pages([path])[0].dpi is None


def test_what_cannot_be_written(tmp_path: Path) -> None:
    strip = strip_of(np.zeros((100, 40), dtype=np.uint8))
    with pytest.raises(UsageError, match="as TIFF"):
        write_strip(tmp_path / "strip.png", strip)
    (tmp_path / "strip.tif").write_text("mine")
    with pytest.raises(OutputExistsError):
        write_strip(tmp_path / "strip.tif", strip)
    assert (tmp_path / "strip.tif").read_text() == "mine"
