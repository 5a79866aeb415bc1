"""The contact sheet of a corpus: what was made, for a person to see before training on it."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Any

import cv2
import numpy as np

from logdigit.errors import DataError, OutputExistsError, UsageError
from logdigit.types import CLASSES, STYLES, Style, UInt8

MOST = 24
"""Patches on a sheet."""
COLUMNS = 4
"""Patches side by side, each with its mask."""
TILE_PX = 256
"""Largest side of a patch on the sheet; larger patches are reduced."""
COLOURS: dict[Style, tuple[int, int, int]] = {
    "solid": (0, 0, 0),
    "dashed": (210, 0, 0),
    "dotted": (0, 90, 230),
    "dashdot": (0, 140, 0),
}
"""Colour (RGB) of each class in the masks; the background is white."""
_CAPTION_PX = 22
_GAP_PX = 8
_FRAME = (225, 225, 225)


def check_sheet(path: Path, corpus: Path) -> None:
    """Refuse a contact sheet that could not be written, before the work.

    Args:
        path: the picture to be written.
        corpus: directory of the corpus; the sheet may lie in it, though it may not exist yet.

    Raises:
        UsageError: if the path is no PNG, is a directory, or lies in none.
        OutputExistsError: if it is already there.
    """
    if path.suffix.lower() != ".png":
        raise UsageError(f"{path}: the contact sheet is a PNG; name it sheet.png")
    if path.is_dir():
        raise UsageError(f"{path}: is a directory; name a file in it")
    if path.exists() or path.is_symlink():
        raise OutputExistsError(f"{path}: already exists; name another file with --sheet")
    if not path.parent.is_dir() and path.parent.resolve() != corpus.resolve():
        raise UsageError(f"{path}: the directory {path.parent} does not exist; create it first")


def contact_sheet(corpus: Path, items: Sequence[dict[str, Any]]) -> UInt8:
    """Up to `MOST` evenly spaced items, each patch beside its mask in class colours.

    Args:
        corpus: directory of the corpus.
        items: its items as in the manifest, at least one.

    Returns:
        RGB picture, (H, W, 3).

    Raises:
        DataError: if an image cannot be read back.
    """
    chosen = [items[k] for k in np.linspace(0, len(items) - 1, min(MOST, len(items))).round().astype(int)]
    cells = [_cell(corpus, item) for item in chosen]
    columns = min(COLUMNS, len(cells))
    height, width = cells[0].shape[0] + _GAP_PX, cells[0].shape[1] + _GAP_PX
    rows = -(-len(cells) // columns)
    sheet: UInt8 = np.empty((_CAPTION_PX + rows * height, max(_GAP_PX + columns * width, 400), 3), np.uint8)
    sheet[:] = _FRAME
    x = _GAP_PX
    for style in STYLES:  # the legend
        x += _write(sheet, style, x, COLOURS[style]) + 2 * _GAP_PX
    for number, cell in enumerate(cells):
        row, column = divmod(number, columns)
        top, left = _CAPTION_PX + row * height, _GAP_PX + column * width
        sheet[top : top + cell.shape[0], left : left + cell.shape[1]] = cell
    return sheet


def _cell(corpus: Path, item: dict[str, Any]) -> UInt8:
    """A patch and its mask side by side under the item's number and family."""
    image = _read(corpus / "images" / f"{item['name']}.png", cv2.IMREAD_COLOR)[..., ::-1]
    mask = _read(corpus / "masks" / f"{item['name']}.png", cv2.IMREAD_GRAYSCALE)
    table = np.array([(255, 255, 255), *(COLOURS[style] for style in STYLES)], np.uint8)
    side = min(TILE_PX, *mask.shape)
    tiles = [
        np.asarray(cv2.resize(picture, (side, side), interpolation=cv2.INTER_AREA))
        for picture in (np.ascontiguousarray(image), table[np.minimum(mask, len(CLASSES) - 1)])
    ]
    cell: UInt8 = np.full((_CAPTION_PX + side, 2 * side + 2, 3), _FRAME, np.uint8)
    cell[_CAPTION_PX:, :side], cell[_CAPTION_PX:, side + 2 :] = tiles
    _write(cell, f"{int(item['name'])} {item['family']}", 0, (0, 0, 0))
    return cell


def _read(path: Path, kind: int) -> UInt8:
    picture = cv2.imread(str(path), kind)
    if picture is None:
        raise DataError(f"{path}: is no picture; delete the corpus and make it again")
    return np.asarray(picture, np.uint8)


def _write(picture: UInt8, text: str, x: int, ink: tuple[int, int, int]) -> int:
    """Write text into the caption strip at the top of a picture, in place; returns its width, px."""
    font, size = cv2.FONT_HERSHEY_SIMPLEX, 0.5
    cv2.putText(picture, text, (x, _CAPTION_PX - 7), font, size, ink, 1, cv2.LINE_AA)
    return int(cv2.getTextSize(text, font, size, 1)[0][0])
