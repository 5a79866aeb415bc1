"""The pages of a log joined to one TIFF: Group 4 where they are black and white, deflate otherwise."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pyvips

from logdigit.errors import UsageError
from logdigit.out.files import atomic
from logdigit.types import Strip

_ROWS = 1024
_CLASSIC = 3_500_000_000
"""Bytes of pixels beyond which a TIFF may outgrow 32-bit offsets, however it is compressed."""
_UNKNOWN_DPI = 1.0
"""Written where the resolution is not known: libvips writes some, and nobody takes this for a scan's."""


def write_strip(
    path: Path,
    strip: Strip,
    progress: Callable[[str, float], None] = lambda message, share: None,
    *,
    overwrite: bool = False,
) -> None:
    """Write a strip as one TIFF image, with its resolution; memory holds a band of rows.

    The pixels go through a temporary file beside ``path``, a byte each.

    Args:
        path: the file, ``.tif`` or ``.tiff``.
        strip: what to write.
        progress: called with a message and the share done.
        overwrite: whether an existing file may be replaced.

    Raises:
        UsageError: if the file cannot be written, or its suffix is another.
        OutputExistsError: if it is already there and may not be replaced.
        ScanError: if a page cannot be decoded.
    """
    if path.suffix.lower() not in (".tif", ".tiff"):
        raise UsageError(f"{path}: a strip is written as TIFF; name it strip.tif")
    colours = 3 if any(page.read(0, 1).ndim == 3 for page in strip.pages) else 1
    with atomic(path, overwrite) as temporary:
        raw = temporary.with_suffix(".raw")
        try:
            two_levels = _spool(raw, strip, colours, progress)
            _compress(raw, temporary, strip, colours, two_levels)
        except pyvips.Error as error:
            raise UsageError(f"{path}: cannot be written: {' '.join(str(error).split())}") from None
        finally:
            raw.unlink(missing_ok=True)


def _spool(raw: Path, strip: Strip, colours: int, progress: Callable[[str, float], None]) -> bool:
    """Write the pixels as bytes; returns whether all of them are black or white."""
    two_levels = True
    with raw.open("wb") as file:
        for top in range(0, strip.height, _ROWS):
            bottom = min(top + _ROWS, strip.height)
            band = strip.read(top, bottom)
            if colours == 3 and band.ndim == 2:
                band = np.repeat(band[..., None], 3, axis=2)
            two_levels = two_levels and not np.bincount(band.ravel(), minlength=256)[1:255].any()
            file.write(np.ascontiguousarray(band).tobytes())
            progress("writing", bottom / strip.height)
    return two_levels and colours == 1


def _compress(raw: Path, path: Path, strip: Strip, colours: int, two_levels: bool) -> None:
    image = pyvips.Image.rawload(str(raw), strip.width, strip.height, colours, access="sequential")
    x, y = strip.dpi or (_UNKNOWN_DPI, _UNKNOWN_DPI)
    image = image.copy(interpretation="srgb" if colours == 3 else "b-w", xres=x / 25.4, yres=y / 25.4)
    options: dict[str, Any] = {"compression": "deflate", "predictor": "horizontal"}
    if two_levels:
        options = {"compression": "ccittfax4", "bitdepth": 1, "miniswhite": True}
    big = strip.width * strip.height * colours > _CLASSIC
    image.tiffsave(str(path), resunit="inch", bigtiff=big, **options)
