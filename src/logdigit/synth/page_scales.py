"""The scale block above a log: for each curve its name, unit, scale values, and a sample of its line."""

from __future__ import annotations

from dataclasses import dataclass, replace

import cv2
import numpy as np

from logdigit.synth.page_pens import Pen
from logdigit.synth.page_text import Typeface, write
from logdigit.synth.page_tracks import Design, Recorded
from logdigit.synth.pen import SCALE, dashes, polylines
from logdigit.types import DepthUnit, Float, UInt8, ValueScale

FORMS = ("plain", "boxed", "ticked", "plotted")
"""plain: values and name on one line above the sample. boxed: name, sample, values below it, in a frame.
ticked: values along a ruled line. plotted: values with the decimals of a plotter."""


@dataclass(frozen=True)
class Row:
    """One line of a scale block: what it says, on which scale, drawn with which pen."""

    name: str
    unit: str
    scale: ValueScale
    pen: Pen


@dataclass(frozen=True)
class BlockStyle:
    """How scale blocks of a page look: form, capitals px, typeface, frames, name of the depth column."""

    form: str
    cap: float
    face: Typeface
    framed: bool
    depth_words: tuple[str, ...]
    depth_turned: bool
    show_wraps: bool


_DEPTH_WORDS = {"FT": ("FEET", "DEPTH FT", "DEPTH FEET"), "M": ("METRES", "DEPTH M", "METERS")}
_RATIOS = {"5in": "1:240", "2in": "1:600", "1in": "1:1200"}


def random_style(
    rng: np.random.Generator, family: str, face: Typeface, unit: DepthUnit, nominal: str
) -> BlockStyle:
    """The scale blocks of one page."""
    old = family in ("electrical", "film", "micro", "millimetre")
    form = str(rng.choice(FORMS, p=[0.35, 0.15, 0.4, 0.1] if old else [0.35, 0.3, 0.1, 0.25]))
    words = [*str(rng.choice(_DEPTH_WORDS[unit])).split()]
    if rng.random() < (0.8 if ":" in nominal else 0.3):
        words.append(_RATIOS.get(nominal, nominal))
    return BlockStyle(
        form,
        float(rng.uniform(11.5, 16.5)),
        replace(face, bold=False) if rng.random() < 0.7 else face,
        form == "boxed" or bool(rng.random() < 0.6),
        tuple(words),
        bool(old and rng.random() < 0.35),
        bool(rng.random() < 0.75),
    )


def rows_of(curve: Recorded, show_wraps: bool) -> list[Row]:
    """What a scale block says of a curve, its main scale first."""
    out = []
    for scale, pen in zip(curve.spec.scales, curve.pens, strict=True):
        name = f"AMPLIFIED {curve.spec.printed}" if scale.role == "amplified" else curve.spec.printed
        out.append(Row(name, curve.unit, scale, pen))
    main = curve.spec.scales[0]
    if curve.spec.wraps and show_wraps and main.kind == "linear":
        (_, left), (_, right) = main.anchors[0], main.anchors[-1]
        again = ValueScale(((0.0, right), (1.0, 2 * right - left)), main.kind)
        out.append(Row(curve.spec.printed, curve.unit, again, curve.pens[0]))
    return out


def number(value: float, form: str) -> str:
    """A scale value as it is printed.

    >>> number(0.2, "plotted"), number(2000, "plotted"), number(1.95, "plotted"), number(45, "plain")
    ('0.2000', '2000.0', '1.95', '45')
    """
    if form != "plotted":
        return f"{value:g}"
    if abs(value) < 1 and value:
        return f"{value:.4f}"
    return f"{value:.1f}" if round(value, 1) == value else f"{value:g}"  # 1.95 is never 1.9


def height_of(design: Design, style: BlockStyle) -> int:
    """Rows of the block, sheet px."""
    most = max(sum(len(rows_of(c, style.show_wraps)) for c in t.curves) for t in design.tracks)
    return round(_pitch(style) * max(1, most) + 2.2 * style.cap + 14)


def _pitch(style: BlockStyle) -> float:
    return style.cap * {"plain": 2.3, "boxed": 4.3, "ticked": 4.4, "plotted": 2.9}[style.form] + 8


def draw_block(
    canvas: UInt8,
    design: Design,
    edges: list[tuple[float, float]],
    column: tuple[float, float],
    top: float,
    height: float,
    style: BlockStyle,
) -> None:
    """Draw the scale block over its tracks, in place.

    Args:
        canvas: of the page, at canvas resolution.
        design: tracks and curves.
        edges: (left, right) of each track, sheet px.
        column: (left, right) of the depth column.
        top: of the block, sheet px.
        height: of the block, sheet px.
        style: how it looks.
    """
    bottom = top + height
    for track, (left, right) in zip(design.tracks, edges, strict=True):
        rows = [row for curve in track.curves for row in rows_of(curve, style.show_wraps)]
        y = bottom - 8
        for row in reversed(rows):  # the first curve stands on top
            _row(canvas, row, left, right, y, style)
            y -= _pitch(style)
            if style.form == "boxed" and style.framed:
                _line(canvas, [(left, y + 4), (right, y + 4)], 1.5)
        if style.framed:
            _frame(canvas, left, right, top, bottom)
    a, b = column
    middle = (a + b) / 2
    if style.depth_turned:
        write(
            canvas,
            " ".join(style.depth_words),
            middle,
            (top + bottom) / 2,
            style.cap,
            style.face,
            "middle",
            90,
        )
    else:
        for k, word in enumerate(style.depth_words):
            y = bottom - height / 2 + (k - len(style.depth_words) / 2) * 1.9 * style.cap
            write(canvas, word, middle, y, style.cap, style.face, "middle", most=b - a - 8)
    if style.framed:
        _frame(canvas, a, b, top, bottom)


def _row(canvas: UInt8, row: Row, left: float, right: float, y: float, style: BlockStyle) -> None:
    """One row whose lowest line lies at ``y``."""
    cap, face = style.cap, style.face
    (_, first), (_, last) = row.scale.anchors[0], row.scale.anchors[-1]
    middle, room = (left + right) / 2, right - left
    values = (number(first, style.form), number(last, style.form))
    unit = f"({row.unit})" if row.unit else ""
    if row.scale.kind == "relative":
        _relative(canvas, row, left, right, y, style)
        return
    if style.form == "ticked":
        _sample(canvas, row.pen, left, right, y)
        marks = _marks(row.scale)
        for u, value in marks:
            x = left + u * room
            _line(canvas, [(x, y), (x, y - 7)], 1.5)
            anchor = "left" if u == 0 else "right" if u == 1 else "middle"
            shift = 5 if u == 0 else -5 if u == 1 else 0
            write(canvas, number(value, "plain"), x + shift, y - 8 - 0.8 * cap, 0.95 * cap, face, anchor)  # type: ignore[arg-type]
        words = f"{row.name}  {row.unit}".strip()
        write(canvas, words, middle, y - 8 - 2.5 * cap, cap, face, "middle", most=0.9 * room)
        return
    if style.form == "boxed":
        line = y - 1.9 * cap
        write(canvas, row.name, middle, line - 0.95 * cap, cap, face, "middle", most=0.95 * room)
        _sample(canvas, row.pen, left, right, line)
        write(canvas, row.unit, middle, line + 0.95 * cap, 0.9 * cap, face, "middle")
        where = line + 0.95 * cap
    else:
        _sample(canvas, row.pen, left, right, y)
        where = y - 5 - 0.8 * cap
        used = sum(len(v) for v in values) * cap * 0.85 + 40
        write(canvas, f"{row.name} {unit}".strip(), middle, where, cap, face, "middle", most=room - used)
    write(canvas, values[0], left + 5, where, cap, face, "left")
    write(canvas, values[1], right - 5, where, cap, face, "right")


def _relative(canvas: UInt8, row: Row, left: float, right: float, y: float, style: BlockStyle) -> None:
    """A scale without a zero: what one division is worth, between two ticks."""
    cap, face, middle = style.cap, style.face, (left + right) / 2
    division, worth = (right - left) / 10, row.scale.anchors[-1][1] / 10
    _sample(canvas, row.pen, left, right, y)
    at = y - 5 - 0.9 * cap
    for x in (middle - division / 2, middle + division / 2):
        _line(canvas, [(x, at - 0.7 * cap), (x, at + 0.7 * cap)], 1.5)
    write(canvas, f"{worth:g}", middle, at, cap, face, "middle", most=0.8 * division)
    write(canvas, "-", middle - division / 2 - 14, at, cap, face, "middle")
    write(canvas, "+", middle + division / 2 + 14, at, cap, face, "middle")
    write(canvas, row.name, left + 6, at, cap, face, most=middle - division - 30 - left)
    write(canvas, row.unit, right - 6, at, cap, face, "right", most=right - middle - division - 30)


def _marks(scale: ValueScale) -> list[tuple[float, float]]:
    """Where values stand along a ruled scale: (u, value); decades on a log scale."""
    (_, first), (_, last) = scale.anchors[0], scale.anchors[-1]
    if scale.kind == "log":
        low, high = np.log10(first), np.log10(last)
        decades = np.arange(np.ceil(low + 1e-9), np.floor(high - 1e-9) + 1)
        inside = [(float((d - low) / (high - low)), float(10.0**d)) for d in decades]
        return [(0.0, first), *((u, v) for u, v in inside if 0.09 < u < 0.91), (1.0, last)]
    parts = next((n for n in (4, 5, 2) if abs((last - first) / n) % 5 == 0 or abs((last - first) / n) < 1), 2)
    return [(k / parts, round(first + (last - first) * k / parts, 6)) for k in range(parts + 1)]


def _sample(canvas: UInt8, pen: Pen, left: float, right: float, y: float) -> None:
    """A stretch of the curve's line across the track."""
    line: Float = np.array([[left + 3, y], [right - 3, y]])
    polylines(canvas, dashes(line, pen.pattern), pen.ink, pen.width, True)


def _line(canvas: UInt8, points: list[tuple[float, float]], width: float) -> None:
    polylines(canvas, [np.array(points, dtype=np.float64)], (0, 0, 0), width, True)


def _frame(canvas: UInt8, left: float, right: float, top: float, bottom: float) -> None:
    corners = [(round(x * SCALE), round(y * SCALE)) for x, y in ((left, top), (right, bottom))]
    cv2.rectangle(canvas, corners[0], corners[1], (0, 0, 0), SCALE + 1)
