"""Everything found on a page, painted on it: what a person looks at before trusting it."""

from __future__ import annotations

import math
from pathlib import Path

import cv2
import numpy as np

from logdigit.errors import OutputExistsError, UsageError
from logdigit.paper.auto import Auto
from logdigit.paper.spec import SectionFile, edge_x
from logdigit.types import Strip, UInt8

_WIDTH = 1000
"""Width of the picture, px."""
_ROWS = 12_000
"""Most rows of one picture; a longer strip becomes several."""
_TRACK, _TICK, _BODY, _REFUSED, _FIGURE = (0, 140, 0), (220, 0, 0), (0, 90, 220), (0, 0, 220), (200, 100, 0)
_FONT = cv2.FONT_HERSHEY_SIMPLEX


def write_picture(path: Path, strip: Strip, auto: Auto) -> list[Path]:
    """Paint sections, tracks, ticks, curve names and what was refused on the strip (PNG).

    Returns:
        The files written: one, or ``name.1.png``, ``name.2.png``, ... for a long strip.

    Raises:
        UsageError: if a file cannot be written.
    """
    scale = min(1.0, _WIDTH / strip.width)
    step = math.ceil(_ROWS / scale)
    count = math.ceil(strip.height / step)
    written = []
    for number in range(count):
        top, bottom = number * step, min(strip.height, (number + 1) * step)
        image = _reduced(strip, top, bottom, scale)
        _paint(image, auto, top, bottom, scale)
        file = path if count == 1 else path.with_name(f"{path.stem}.{number + 1}{path.suffix}")
        done, data = cv2.imencode(".png", image)
        if not done:
            raise UsageError(f"{file}: the picture cannot be encoded")
        try:
            file.write_bytes(data.tobytes())
        except FileExistsError as error:
            raise OutputExistsError(f"{file}: exists") from error
        except OSError as error:
            raise UsageError(f"{file}: cannot be written: {error.strerror}") from None
        written.append(file)
    return written


def _reduced(strip: Strip, top: int, bottom: int, scale: float) -> UInt8:
    """Rows of the strip as BGR, reduced, read in bands."""
    height = max(1, round((bottom - top) * scale))
    width = max(1, round(strip.width * scale))
    out = np.full((height, width, 3), 255, dtype=np.uint8)
    band = max(1, round(512 / scale))
    for first in range(top, bottom, band):
        last = min(bottom, first + band)
        pixels = strip.read(first, last)
        rows = round((first - top) * scale), min(height, round((last - top) * scale))
        if rows[1] <= rows[0]:
            continue
        small = cv2.resize(pixels, (width, rows[1] - rows[0]), interpolation=cv2.INTER_AREA)
        out[rows[0] : rows[1]] = small[..., ::-1] if small.ndim == 3 else small[..., None]
    # pale, so that what is painted stands out
    return np.asarray(255 - (255 - out.astype(np.uint16)) * 6 // 10, dtype=np.uint8)


def _paint(image: UInt8, auto: Auto, top: int, bottom: int, scale: float) -> None:
    for number, section in enumerate(auto.file.sections, 1):
        if section.rows[0] < bottom and section.rows[1] > top:
            _paint_section(image, section, number, top, scale)
    for first, last, reason in auto.found.refused:
        if first < bottom and last > top:
            a, b = (round((row - top) * scale) for row in (first, last))
            cv2.rectangle(image, (2, a), (image.shape[1] - 3, b), _REFUSED, 2)
            cv2.putText(image, reason[:110], (8, max(16, a + 18)), _FONT, 0.5, _REFUSED, 1, cv2.LINE_AA)
    for figure in (f for s in auto.found.sections if s.chain is not None for f in s.chain.figures):
        if top <= figure.row < bottom:
            x, y = round(figure.x * scale), round((figure.row - top) * scale)
            half = round(figure.width * scale / 2) + 3, round(figure.height * scale / 2) + 3
            cv2.rectangle(image, (x - half[0], y - half[1]), (x + half[0], y + half[1]), _FIGURE, 1)


def _paint_section(image: UInt8, section: SectionFile, number: int, top: int, scale: float) -> None:
    a, b = (round((row - top) * scale) for row in section.rows)
    cv2.rectangle(image, (1, a), (image.shape[1] - 2, b), _BODY, 2)
    title = f"section {number}: {section.pass_name} {section.nominal} {section.unit}"
    cv2.putText(image, title, (8, max(16, a - 6)), _FONT, 0.6, _BODY, 2, cv2.LINE_AA)
    for track in section.tracks:
        for edge in (track.left, track.right):
            rows = np.linspace(*section.rows, 60)
            points = [[round(edge_x(edge, row) * scale), round((row - top) * scale)] for row in rows]
            cv2.polylines(image, [np.array(points, dtype=np.int32)], False, _TRACK, 2)
        x = round(edge_x(track.left, section.rows[0]) * scale) + 4
        for k, curve in enumerate(track.curves):
            scales = curve.scales[0].anchors if curve.scales else ()
            values = f" {scales[0][1]:g}..{scales[-1][1]:g}" if scales else " no scale"
            text = f"{curve.mnemonic} {curve.unit} {curve.style}{values}{' wraps' if curve.wraps else ''}"
            cv2.putText(image, text, (x, a + 18 + 18 * k), _FONT, 0.5, _TRACK, 1, cv2.LINE_AA)
    at = section.ticks_x or 0.0
    last = -100
    for row, depth in section.ticks:
        y, x = round((row - top) * scale), round(at * scale)
        cv2.line(image, (x - 40, y), (x + 40, y), _TICK, 1)
        if y - last > 40:
            cv2.putText(image, f"{depth:g}", (x + 44, y + 5), _FONT, 0.45, _TICK, 1, cv2.LINE_AA)
            last = y
