"""The traces painted on the scan, for a person to see in one look what was followed and what was not.

A picture is the scan at its own resolution, washed out, with a margin at the left for depths and a legend
at the top, drawn like the scales of a log. A strip longer than ``max_rows`` becomes several pictures; each
holds the pixels of its own rows only, so memory does not grow with the strip.
"""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise
from pathlib import Path

import cv2
import numpy as np

from logdigit.errors import UsageError
from logdigit.out.files import atomic, check_output
from logdigit.out.numbers import ascii_text
from logdigit.types import CurveSpec, DepthUnit, Float, Geometry, Layout, Section, Strip, Trace, Track, UInt8

MARGIN_PX = 128
"""Width of the column of depths and rows at the left of the scan."""
LEGEND_PX = 26
"""Height of one line of the legend."""
INK_GREY = 0.55
"""Where black ink lands between black and white: light enough for the traces to stand out."""
LOW_CONFIDENCE = 0.5
"""Samples less sure than this are drawn in a lighter tint."""
_SHIFT = 4
"""Binary places of the coordinates handed to cv2: a sixteenth of a pixel."""
_COLOURS = (
    *((230, 0, 0), (0, 80, 255), (0, 150, 0), (200, 0, 200), (235, 120, 0), (0, 160, 170), (120, 60, 0)),
    *((110, 0, 220), (150, 150, 0), (220, 0, 110), (0, 90, 90), (90, 90, 255)),
)
"""Strong colours (RGB) that are told apart on grey."""
_EDGE = (90, 90, 90)
_LINES: Mapping[DepthUnit, tuple[int, int]] = {"FT": (10, 50), "M": (5, 25)}
"""A thin line every so many feet or metres, and a labelled one."""
_MIN_PITCH_PX = 8.0
"""Depth lines closer than this would hide the scan: every second, fifth, ... is drawn instead."""

Colour = tuple[int, int, int]


@dataclass(frozen=True)
class _Sheet:
    """One picture: rows ``[top, bottom)`` of the strip, of one section."""

    section: int
    top: int
    bottom: int


def write_overlay(
    path: Path,
    strip: Strip,
    layout: Layout,
    traces: Mapping[tuple[int, str], Trace],
    *,
    overwrite: bool = False,
    max_rows: int = 6000,
) -> list[Path]:
    """Paint the traces on the scan, with depth lines, track edges and a legend.

    Args:
        path: the picture, PNG by its suffix; ``well.png`` becomes ``well.1.png``, ``well.2.png``, ... where
            the sections that were used hold more than ``max_rows`` rows.
        strip: the scan.
        layout: its sections, tracks and registration.
        traces: by section index and mnemonic.
        overwrite: whether existing files may be replaced.
        max_rows: rows of the scan in one picture.

    Returns:
        The files written.

    Raises:
        UsageError: if a picture cannot be written, or its suffix names no image format.
        OutputExistsError: if one is already there; then none is written.
    """
    sheets = list(_sheets(layout, sorted({section for section, _ in traces}), max_rows, strip.height))
    names = [path] if len(sheets) == 1 else [numbered(path, k) for k in range(1, len(sheets) + 1)]
    if path.suffix.lower() not in (".png", ".jpg", ".jpeg", ".tif", ".tiff", ".webp"):
        raise UsageError(f"{path}: the overlay is a picture; name it well.png")
    for name in names:
        check_output(name, overwrite)
    for name, sheet in zip(names, sheets, strict=True):
        picture = _paint(strip, layout, traces, sheet)
        done, coded = cv2.imencode(path.suffix.lower(), picture[..., ::-1])
        if not done:
            raise UsageError(
                f"{name}: the picture of {picture.shape[1]} x {picture.shape[0]} px cannot be coded"
            )
        with atomic(name, overwrite) as temporary:
            temporary.write_bytes(coded.tobytes())
    return names if sheets else []


def numbered(path: Path, number: int) -> Path:
    """The path of one of several outputs.

    >>> numbered(Path("a/well.png"), 2).as_posix()
    'a/well.2.png'
    """
    return path.with_name(f"{path.stem}.{number}{path.suffix}")


def _sheets(layout: Layout, sections: Sequence[int], max_rows: int, height: int) -> Iterator[_Sheet]:
    for index in sections:
        body = layout.sections[index].body
        top, bottom = max(0, body.top), min(height, body.bottom)
        count = max(1, math.ceil((bottom - top) / max_rows))
        cuts = [top + (bottom - top) * k // count for k in range(count + 1)]
        yield from (_Sheet(index, a, b) for a, b in pairwise(cuts))


def _paint(strip: Strip, layout: Layout, traces: Mapping[tuple[int, str], Trace], sheet: _Sheet) -> UInt8:
    """One picture, RGB."""
    section = layout.sections[sheet.section]
    curves = [(track, spec) for track in section.tracks for spec in track.curves]
    lines = max((len(track.curves) for track in section.tracks), default=0)
    head = LEGEND_PX * lines + 8
    scan = strip.read(sheet.top, sheet.bottom)
    picture = np.full((head + scan.shape[0], MARGIN_PX + scan.shape[1], 3), 255, dtype=np.uint8)
    table = (255 * INK_GREY + np.arange(256) * (1 - INK_GREY)).round().astype(np.uint8)
    picture[head:, MARGIN_PX:] = table[scan if scan.ndim == 3 else scan[..., None]]
    canvas = _Canvas(picture, layout.geometry, MARGIN_PX, head - sheet.top, head)
    _depth_lines(canvas, section, sheet, scan.shape[1])
    for track in section.tracks:
        _edges(canvas, track, sheet)
    for k, (_, spec) in enumerate(curves):
        for name in spec.strokes:
            trace = traces.get((sheet.section, name))
            if trace is not None:
                _trace(canvas, trace, _COLOURS[k % len(_COLOURS)], sheet)
    colours = {spec.mnemonic: _COLOURS[k % len(_COLOURS)] for k, (_, spec) in enumerate(curves)}
    for track in section.tracks:
        for line, spec in enumerate(track.curves):
            _legend(
                canvas, track, spec, colours[spec.mnemonic], line, (sheet.section, spec.mnemonic) in traces
            )
    return picture


@dataclass(frozen=True)
class _Canvas:
    """A picture (H, W, 3) RGB and where the strip lies on it; nothing is drawn above row ``head``."""

    pixels: UInt8
    geometry: Geometry
    left: int
    top: int
    head: int

    def line(self, x: Float, y: Float, colour: Colour, width: int) -> None:
        """A polyline through strip points x, y (N,)."""
        points = np.stack([x + self.left, y + self.top - self.head], axis=-1)
        coded = np.round(points * 2**_SHIFT).astype(np.int32).reshape(-1, 1, 2)
        scan = self.pixels[self.head :]
        cv2.polylines(scan, [coded], False, colour, width, cv2.LINE_AA, _SHIFT)

    def straight(self, x: Float, y: Float, colour: Colour, width: int) -> None:
        """A polyline through straight-frame points x, y (N,)."""
        self.line(*self.geometry.to_strip(x, y), colour, width)

    def text(self, text: str, x: float, y: float, colour: Colour, size: float = 0.45) -> None:
        """Text whose baseline begins at picture point x, y."""
        at = (round(x), round(y))
        cv2.putText(self.pixels, ascii_text(text), at, cv2.FONT_HERSHEY_SIMPLEX, size, colour, 1, cv2.LINE_AA)


def _straight_rows(canvas: _Canvas, sheet: _Sheet, width: float) -> tuple[float, float]:
    """First and last straight row that touch a sheet (its four corners, for skew)."""
    x = np.array([0.0, width, 0.0, width])
    y = np.array([sheet.top, sheet.top, sheet.bottom, sheet.bottom], dtype=np.float64)
    _, rows = canvas.geometry.to_straight(x, y)
    return float(rows.min()), float(rows.max())


def _depth_lines(canvas: _Canvas, section: Section, sheet: _Sheet, width: int) -> None:
    first, last = _straight_rows(canvas, sheet, float(width))
    depth = section.depth
    top, base = (float(d) for d in depth.to_depth(np.array([first, last])))
    minor, major = _LINES[depth.unit]
    pitch = (sheet.bottom - sheet.top) / max(base - top, 1e-9)
    for factor in (1, 2, 5, 10, 20, 50):
        if minor * factor * pitch >= _MIN_PITCH_PX:
            break
    minor, major = minor * factor, major * factor
    for k in range(math.ceil(top / minor), math.floor(base / minor) + 1):
        labelled = k * minor % major == 0
        row = depth.to_row(np.array([float(k * minor)] * 2))
        x, y = canvas.geometry.to_strip(np.array([0.0, float(canvas.geometry.width - 1)]), row)
        if y.max() < sheet.top or y.min() >= sheet.bottom:
            continue
        canvas.line(x, y, (60, 120, 220) if labelled else (150, 185, 235), 1)
        if labelled and sheet.top <= y[0] < sheet.bottom:
            at = max(canvas.head + 12.0, y[0] + canvas.top + 5)
            canvas.text(f"{k * minor} {depth.unit.lower()}", 4, at, (0, 0, 0))
            canvas.text(f"{y[0]:.0f}", MARGIN_PX - 46, at, (140, 140, 140), 0.38)


def _edges(canvas: _Canvas, track: Track, sheet: _Sheet) -> None:
    first, last = _straight_rows(canvas, sheet, 0.0)
    inner = canvas.geometry.rows[(canvas.geometry.rows > first) & (canvas.geometry.rows < last)]
    y = np.concatenate([[first], inner, [last]])
    for edge in (track.left, track.right):
        canvas.straight(np.full(len(y), edge), y, _EDGE, 1)


def _trace(canvas: _Canvas, trace: Trace, colour: Colour, sheet: _Sheet) -> None:
    """A trace, in pieces of one look: lighter where unsure, thicker where wrapped, nothing across gaps."""
    width = float(canvas.geometry.width)
    first, last = _straight_rows(canvas, sheet, width)
    low = min(max(math.floor(first) - trace.top, 0), len(trace.x))
    high = min(max(math.ceil(last) - trace.top + 1, low), len(trace.x))
    x = trace.x[low:high].astype(np.float64)
    turns = trace.turns[low:high]
    unsure = trace.confidence[low:high] < LOW_CONFIDENCE
    rows = trace.top + np.arange(low, high, dtype=np.float64)
    given = np.isfinite(x)
    broken = ~(given[1:] & given[:-1]) | (turns[1:] != turns[:-1])  # the arc between the edges is no ink
    cuts = np.flatnonzero(broken | (unsure[1:] != unsure[:-1])) + 1
    for a, b in pairwise([0, *cuts.tolist(), len(x)]):
        if a == b or not given[a]:
            continue
        joined = b < len(x) and not broken[b - 1]
        piece = slice(a, b + 1 if joined else b)
        tint = _lighter(colour) if unsure[a] else colour
        xs, ys = x[piece], rows[piece]
        if len(xs) == 1:  # a single row is a dot, and cv2 draws no line of one point
            xs, ys = np.repeat(xs, 2), np.array([ys[0] - 0.5, ys[0] + 0.5])
        canvas.straight(xs, ys, tint, 2 if turns[a] == 0 else 4)


def _lighter(colour: Colour) -> Colour:
    red, green, blue = (round(c + (255 - c) * 0.55) for c in colour)
    return red, green, blue


def _legend(canvas: _Canvas, track: Track, spec: CurveSpec, colour: Colour, line: int, traced: bool) -> None:
    """The scale of a curve above its track: left value, name and unit, right value, in its colour."""
    y = LEGEND_PX * (line + 1) - 8.0
    top_row = np.full(
        2, canvas.geometry.to_straight(np.array([0.0]), np.array([float(canvas.head - canvas.top)]))[1]
    )
    edges, _ = canvas.geometry.to_strip(np.array([track.left, track.right]), top_row)
    left, right = (float(x) + canvas.left for x in edges)
    anchors = spec.scales[0].anchors if spec.scales else ()
    name = f"{spec.mnemonic} [{spec.unit}]" if spec.unit else spec.mnemonic
    name += "" if traced else " not traced"
    ends = (f"{anchors[0][1]:g}", f"{anchors[-1][1]:g}") if anchors else ("", "")
    tint = colour if traced else _EDGE
    cv2.line(
        canvas.pixels, (round(left), round(y + 5)), (round(right), round(y + 5)), tint, 2 if traced else 1
    )
    canvas.text(ends[0], left + 2, y, tint)
    canvas.text(name, (left + right) / 2 - 4.2 * len(name), y, tint)
    canvas.text(ends[1], right - 9.0 * len(ends[1]) - 2, y, tint)
