"""Scans as archives file them: Group 4 for two levels, LZW or JPEG for the rest, tags true, false or none."""

from __future__ import annotations

import io
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from PIL import Image

from logdigit.types import UInt8


@dataclass(frozen=True)
class Filing:
    """How a scan is filed.

    Attributes:
        tag: resolution that the file states, (x, y) dots per inch; None for none.
        jpeg: quality; 0 for a compression without loss.
        inverted: ink is white, paper black.
    """

    tag: tuple[float, float] | None
    jpeg: int = 0
    inverted: bool = False


def tiff(pictures: Sequence[UInt8], filing: Filing) -> bytes:
    """One TIFF of the pictures, (H, W) or (H, W, 3) uint8, an image each."""
    images = [_image(255 - picture if filing.inverted else picture) for picture in pictures]
    options: dict[str, Any] = {"format": "TIFF", "save_all": len(images) > 1}
    if images[0].mode == "1":
        options["compression"] = "group4"
    elif filing.jpeg:
        options |= {"compression": "jpeg", "quality": filing.jpeg}
    else:
        options["compression"] = "tiff_lzw"
    if filing.tag is not None:
        options["dpi"] = filing.tag
    out = io.BytesIO()
    images[0].save(out, append_images=images[1:], **options)
    return out.getvalue()


def _image(picture: UInt8) -> Image.Image:
    """Two levels as one bit a px."""
    if picture.ndim == 2 and is_bilevel(picture):
        return Image.fromarray(picture > 127)
    return Image.fromarray(np.ascontiguousarray(picture))


def is_bilevel(picture: UInt8) -> bool:
    """Whether a grey picture has black and white only."""
    counts = np.bincount(picture.ravel(), minlength=256)
    return bool(counts[0] + counts[255] == picture.size)
