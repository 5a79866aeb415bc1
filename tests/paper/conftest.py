"""Pages held in memory."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from logdigit.paper.raster import ArrayPage
from logdigit.paper.stitch import stitch
from logdigit.types import Strip, UInt8


@pytest.fixture
def strip_of() -> Callable[..., Strip]:
    """A strip of one page with the given pixels and tagged resolution."""

    def make(pixels: UInt8, dpi: tuple[float, float] | None = None) -> Strip:
        return stitch([ArrayPage(pixels, dpi, "memory.tif", 0)])

    return make
