"""The contact sheet of a corpus of pages: whole strips, reduced, for a person to see what was made."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Any

import cv2
import numpy as np
from PIL import Image, ImageSequence

from logdigit.errors import DataError
from logdigit.types import UInt8

MOST = 18
"""Items on a sheet."""
COLUMNS = 6
"""Items side by side."""
WIDTH_PX, HEIGHT_PX = 240, 1000
"""Room for an item; what is longer is cut off at its foot."""
_CAPTION_PX = 22
_GAP_PX = 8
_FRAME = (225, 225, 225)


def contact_sheet(corpus: Path, items: Sequence[dict[str, Any]]) -> UInt8:
    """Up to `MOST` evenly spaced items side by side, the sheets of a set one below the other.

    Args:
        corpus: directory of the corpus.
        items: its items as in the manifest, at least one.

    Returns:
        RGB picture, (H, W, 3).

    Raises:
        DataError: if a scan cannot be read back.
    """
    chosen = [items[k] for k in np.linspace(0, len(items) - 1, min(MOST, len(items))).round().astype(int)]
    cells = [_cell(corpus, item) for item in chosen]
    rows = [cells[k : k + COLUMNS] for k in range(0, len(cells), COLUMNS)]
    return np.concatenate([_row(row, len(rows[0])) for row in rows])


def _row(cells: Sequence[UInt8], columns: int) -> UInt8:
    """Cells side by side on the frame, as tall as the tallest."""
    tall = max(len(cell) for cell in cells) + _GAP_PX
    out: UInt8 = np.full((tall, _GAP_PX + columns * (WIDTH_PX + _GAP_PX), 3), _FRAME, np.uint8)
    for number, cell in enumerate(cells):
        left = _GAP_PX + number * (WIDTH_PX + _GAP_PX)
        out[: len(cell), left : left + WIDTH_PX] = cell
    return out


def _cell(corpus: Path, item: dict[str, Any]) -> UInt8:
    """The scans of an item under its number and family, ink dark on light whatever the file says."""
    caption: UInt8 = np.full((_CAPTION_PX, WIDTH_PX, 3), _FRAME, np.uint8)
    kind = " (set)" if "joins" in item else ""
    text = f"{int(item['name'])} {item['family']}{kind}"
    cv2.putText(caption, text, (0, _CAPTION_PX - 7), cv2.FONT_HERSHEY_SIMPLEX, 0.5, (0, 0, 0), 1, cv2.LINE_AA)
    parts: list[UInt8] = [caption]
    for file in item["files"]:
        for scan in _reduced(corpus / file):
            parts += [255 - scan if "inverted" in item["wear"] else scan, caption[:_GAP_PX] * 0 + _FRAME[0]]
    return np.concatenate(parts[:-1])[: _CAPTION_PX + HEIGHT_PX]


def _reduced(path: Path) -> list[UInt8]:
    """The images of a file, `WIDTH_PX` wide, RGB."""
    out = []
    try:
        with Image.open(path) as file:
            for image in ImageSequence.Iterator(file):
                size = (WIDTH_PX, max(1, round(image.height * WIDTH_PX / image.width)))
                grey = image.convert("L") if image.mode == "1" else image
                out.append(np.asarray(grey.resize(size, Image.Resampling.BOX).convert("RGB"), np.uint8))
    except OSError as error:
        raise DataError(f"{path}: is no picture; delete the corpus and make it again") from error
    return out
