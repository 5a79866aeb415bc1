"""Logs drawn with matplotlib after one of the customs of hand.py, and their layout files."""

from __future__ import annotations

import io
import json
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
from hand import FAMILIES, MARGIN, ROW, STYLES, Float, Hand, Pen, Places
from matplotlib.axes import Axes
from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.figure import Figure
from matplotlib.font_manager import FontProperties
from matplotlib.textpath import TextPath
from PIL import Image, ImageFilter


def number(value: float, hand: Hand) -> str:
    """A scale value as printed.

    >>> number(0.25, Hand(**dict.fromkeys(Hand.__annotations__, 0) | {"values": "{:.1f}"}))
    '0.25'
    """
    text = hand.values.format(value)
    same = text.count(".") < 2 and abs(float(text) - value) < 1e-9
    return text if same else f"{value:g}"


def length(text: str, hand: Hand) -> float:
    """Inches that a text takes."""
    font = FontProperties(family=hand.font, size=hand.size)
    return float(TextPath((0, 0), text, prop=font).get_extents().width) / 72


def rows(pen: Pen) -> list[Pen]:
    """A curve as it is declared: once for each of its scales."""
    return [pen, replace(pen, scale=pen.more, style="dashed", more=None)] if pen.more else [pen]


def declare(axes: Axes, pen: Pen, hand: Hand, left: float, right: float, y: float) -> None:
    """One row of a heading: name, unit, both values and, mostly, a sample of the line."""
    left, right = (left + u * (right - left) for u in pen.part)
    line: dict[str, Any] = {"color": pen.colour, "lw": pen.width, "ls": STYLES[pen.style]}
    line |= {"solid_capstyle": "butt", "dash_capstyle": "butt"}
    text: dict[str, Any] = {"fontsize": hand.size, "family": hand.font, "color": pen.colour}
    low, high = (number(value, hand) for value in pen.scale)
    middle = (left + right) / 2
    if hand.row == "broken":  # 0 ------ GR (API) ------ 150
        name = f"{pen.printed} ({pen.unit})"
        half = length(name, hand) / 2 + 0.05
        axes.text(left + 0.04, y, low, ha="left", va="center", **text)
        axes.text(right - 0.04, y, high, ha="right", va="center", **text)
        axes.text(middle, y, name, ha="center", va="center", **text)
        first, last = left + 0.09 + length(low, hand), right - 0.09 - length(high, hand)
        if middle - half > first + 0.08:
            axes.plot([first, middle - half], [y, y], **line)
            axes.plot([middle + half, last], [y, y], **line)
        return
    if hand.row == "under":  # values at the ends of the line, the name above it
        axes.text(middle, y - 0.05, f"{pen.printed} [{pen.unit}]", ha="center", va="bottom", **text)
        axes.text(left + 0.04, y + 0.06, low, ha="left", va="center", **text)
        axes.text(right - 0.04, y + 0.06, high, ha="right", va="center", **text)
        first, last = left + 0.09 + length(low, hand), right - 0.09 - length(high, hand)
        axes.plot([first, last], [y + 0.06] * 2, **line)
        return
    gap = "   " if hand.row == "words" else "  "
    axes.text(middle, y - 0.03, f"{pen.printed}{gap}{pen.unit}", ha="center", va="bottom", **text)
    axes.text(left + 0.05, y - 0.03, low, ha="left", va="bottom", **text)
    axes.text(right - 0.05, y - 0.03, high, ha="right", va="bottom", **text)
    axes.plot([left + 0.02, right - 0.02], [y + 0.04] * 2, **line)


def draw(
    tracks: list[list[Pen]],
    depth: Float,
    unit: str,
    inches: float,
    hand: Hand,
    items: list[tuple[str, str]],
    title: str = "",
) -> tuple[Image.Image, Places]:
    """The page, and where things are on it before it was scanned.

    Args:
        tracks: curves of each track, from left to right.
        depth: (n,), increasing.
        unit: "FT" or "M".
        inches: of paper for one unit of depth.
        hand: the custom.
        items: of the heading, name and text.
        title: above the scales.
    """
    for pen in (pen for pens in tracks for pen in pens):
        shorten(pen, hand)
    block = ROW[hand.row] * max(sum(len(rows(pen)) for pen in pens) for pens in tracks) + 0.2
    first = MARGIN + (0.27 * len(items) + 0.7 if items else 0.0) + (0.4 if title else 0.0)
    top = first + (0.0 if hand.heading == "below" else block)
    base = top + float(depth[-1] - depth[0]) * inches
    lefts, column, right = columns(len(tracks), hand)
    places = Places(lefts, hand.track, column, top, base, inches, float(depth[0]), float(depth[-1]))
    size = right + MARGIN, base + (0.0 if hand.heading == "above" else block) + MARGIN
    figure = Figure(figsize=size)
    FigureCanvasAgg(figure)
    axes = figure.add_axes((0.0, 0.0, 1.0, 1.0))
    axes.set_xlim(0, size[0])
    axes.set_ylim(size[1], 0)
    axes.axis("off")
    for index, (name, text) in enumerate(items):
        y = MARGIN + 0.3 + 0.27 * index
        axes.text(MARGIN + 0.2, y, f"{name}:", fontsize=9, va="center", family=hand.font)
        axes.text(MARGIN + 2.2, y, text, fontsize=9, va="center", family=hand.font)
    axes.text((MARGIN + right) / 2, first - 0.2, title, fontsize=11, ha="center", family=hand.font)
    blocks = [y for y, where in ((first, "above"), (base, "below")) if hand.heading in (where, "both")]
    for left, pens in zip(lefts, tracks, strict=True):
        _grid(axes, pens, left, unit, hand, places)
        for y in blocks:
            _framed(axes, left, left + hand.track, y, y + block)
            for index, row in enumerate(row for pen in pens for row in rows(pen)):
                declare(axes, row, hand, left, left + hand.track, y + ROW[hand.row] * (index + 0.75))
        for pen in pens:
            pencil(axes, pen, depth, left, hand, places)
    _depths(axes, unit, hand, places, [(y, block) for y in blocks])
    if hand.note:
        axes.text(
            lefts[-1] + 0.3, top + 0.37 * (base - top), "FLUID LEVEL", fontsize=hand.size, family=hand.font
        )
    stream = io.BytesIO()
    figure.savefig(stream, dpi=hand.dpi, format="png")
    stream.seek(0)
    return Image.open(stream).convert("RGB"), places


def columns(tracks: int, hand: Hand) -> tuple[list[float], tuple[float, float], float]:
    """Left edges of the tracks, edges of the depth column, right edge of them all."""
    lefts, x, column = [], MARGIN, (0.0, 0.0)
    for place in range(tracks + 1):
        if place == hand.depth_at:
            column = (x, x + hand.column)
            x += hand.column
        if place < tracks:
            lefts.append(x)
            x += hand.track
    return lefts, column, x


def _framed(axes: Axes, left: float, right: float, top: float, base: float) -> None:
    x, y = [left, right, right, left, left], [top, top, base, base, top]
    axes.plot(x, y, color="black", lw=1.2, zorder=3)


def _grid(axes: Axes, pens: list[Pen], left: float, unit: str, hand: Hand, places: Places) -> None:
    """The lines of a track, light and heavy, and its frame."""
    strong = hand.grid if hand.grid.startswith("#") else "0.25"
    light, heavy, _ = steps(unit, places.inches)
    ink: dict[bool, dict[str, Any]] = {
        True: {"color": strong, "lw": hand.lines[1], "zorder": 1},
        False: {"color": hand.grid, "lw": hand.lines[0], "zorder": 1},
    }
    for at in np.arange(np.ceil(places.first / light) * light, places.last + 1e-6, light):
        y = places.row(at)
        axes.plot([left, left + hand.track], [y, y], **ink[abs(at / heavy - round(at / heavy)) < 1e-6])
    for u, bold in divisions(pens, hand.divisions):
        axes.plot([left + u * hand.track] * 2, [places.top, places.base], **ink[bold])
    _framed(axes, left, left + hand.track, places.top, places.base)


def _depths(axes: Axes, unit: str, hand: Hand, places: Places, blocks: list[tuple[float, float]]) -> None:
    """The depth column with its head, its foot and its figures."""
    x = sum(places.column) / 2
    text: dict[str, Any] = {"ha": "center", "va": "center", "family": hand.font}
    for y, block in blocks:
        name = "DEPTH\n" + ("FEET" if unit == "FT" else "METRES")
        axes.text(x, y + block / 2, name, fontsize=hand.size, **text)
        _framed(axes, *places.column, y, y + block)
    _framed(axes, *places.column, places.top, places.base)
    for at in figures(places, unit):
        y = places.row(at)
        if 0.1 < y - places.top < places.base - places.top - 0.1:
            mark = hand.labels.replace("'", "" if unit == "M" else "'").format(at)
            axes.text(x, y, mark, fontsize=hand.size + 1, **text)


def figures(places: Places, unit: str) -> Float:
    """Depths that have a figure."""
    _, _, every = steps(unit, places.inches)
    return np.arange(np.ceil(places.first / every) * every, places.last, every)


def shorten(pen: Pen, hand: Hand) -> None:
    """Print the abbreviation where the name would run into the values."""
    text = " ".join((number(pen.scale[0], hand), pen.printed, " ", pen.unit, number(pen.scale[1], hand)))
    room = hand.track * (pen.part[1] - pen.part[0]) - 0.35 - (0.5 if hand.row == "broken" else 0.0)
    if length(text, hand) > room:
        name = min(FAMILIES[pen.family].names.split("|"), key=len)
        text, pen.printed = text.replace(pen.printed, name), name
    if length(text, hand) > room:
        pen.part = (0.0, 1.0)


def steps(unit: str, inches: float) -> tuple[float, float, float]:
    """Depths between light lines, heavy lines and figures."""
    if unit == "FT":
        return (
            (2.0, 10.0, 50.0)
            if inches > 0.04
            else (10.0, 50.0, 100.0)
            if inches > 0.015
            else (10.0, 100.0, 100.0)
        )
    return (1.0, 5.0, 10.0) if inches > 0.15 else (1.0, 5.0, 25.0) if inches > 0.07 else (5.0, 25.0, 50.0)


def divisions(pens: list[Pen], count: int) -> list[tuple[float, bool]]:
    """Places of the lines along the track, and whether each is heavy."""
    if not pens[0].log:
        return [(i / count, count >= 10 and i * 2 == count) for i in range(1, count)]
    low, high = pens[0].scale
    out = []
    for power in range(int(np.floor(np.log10(low))), int(np.ceil(np.log10(high))) + 1):
        for step in range(1, 10):
            u = np.log10(step * 10.0**power / low) / np.log10(high / low)
            if 1e-6 < u < 1 - 1e-6:
                out.append((float(u), step == 1))
    return out


def pencil(axes: Axes, pen: Pen, depth: Float, left: float, hand: Hand, places: Places) -> None:
    """Draw one curve; off its scale it is not drawn, or drawn again from the other edge."""
    fine = np.linspace(depth[0], depth[-1], 20 * len(depth))
    u = pen.place(np.interp(fine, depth, pen.values))
    y = places.top + (fine - depth[0]) * places.inches
    if hand.fill and pen.family == "GR":
        edge = left + 0.5 * hand.track
        shade = "#f0e060" if hand.colour else "0.85"
        axes.fill_betweenx(y, left + np.clip(u, 0, 1) * hand.track, edge, where=u < 0.5, color=shade, lw=0)
    begin, width = left + pen.part[0] * hand.track, (pen.part[1] - pen.part[0]) * hand.track
    for turn in range(-1, 3) if pen.wraps else (0, 1) if pen.more else (0,):
        x = begin + np.where((u >= turn) & (u <= turn + 1), u - turn, np.nan) * width
        style = STYLES["dashed" if pen.more and turn else pen.style]
        axes.plot(x, y, color=pen.colour, lw=pen.width, ls=style, zorder=2, dash_capstyle="butt")


def worn(image: Image.Image, hand: Hand, rng: np.random.Generator) -> Image.Image:
    """The page as scanned: turned a little, blurred, noisy, thresholded."""
    if hand.wear == "clean":
        return image if hand.colour else image.convert("L")
    turned = image.rotate(hand.angle, Image.Resampling.BICUBIC, fillcolor=(255, 255, 255))
    turned = turned.filter(ImageFilter.GaussianBlur(float(rng.uniform(0.4, 0.9)) * hand.dpi / 200))
    x = np.asarray(turned if hand.colour and hand.wear == "grey" else turned.convert("L"), np.float64)
    ramp = np.linspace(0, float(rng.uniform(-25, 25)), x.shape[0]).reshape(-1, *[1] * (x.ndim - 1))
    x = x * 0.8 + 35 + ramp + rng.normal(0, float(rng.uniform(4, 14)), x.shape)
    if hand.wear == "bilevel":
        bits = ((x > 150 + float(rng.uniform(-20, 20))) * 255).astype(np.uint8)
        return Image.fromarray(bits).convert("1", dither=Image.Dither.NONE)
    return Image.fromarray(np.clip(x, 0, 255).astype(np.uint8))


def layout_of(tracks: list[list[Pen]], places: Places, unit: str, hand: Hand, size: tuple[int, int]) -> str:
    """The layout file of the page as scanned."""
    turn = 0.0 if hand.wear == "clean" else np.radians(hand.angle)
    middle = (np.array(size) - 1) / 2

    def at(x: float, y: float) -> tuple[float, float]:
        dx, dy = x * hand.dpi - 0.5 - middle[0], y * hand.dpi - 0.5 - middle[1]
        turned = dx * np.cos(turn) + dy * np.sin(turn), dy * np.cos(turn) - dx * np.sin(turn)
        return float(middle[0] + turned[0]), float(middle[1] + turned[1])

    centre = sum(places.column) / 2
    ticks_x = at(centre, (places.top + places.base) / 2)[0]
    ticks = []
    for depth in figures(places, unit):
        x, y = at(centre, places.row(depth))
        ticks.append([y + (x - ticks_x) * np.tan(turn), float(depth)])
    out = ["version = 1", "[geometry]", f"skew_deg = {-np.degrees(turn):.5f}"]
    out += [f"dpi = [{hand.dpi}.0, {hand.dpi}.0]", "[[section]]"]
    out += [f"rows = [{int(at(centre, places.top)[1])}, {int(at(centre, places.base)[1])}]"]
    out += [f'unit = "{unit}"', f"ticks = {json.dumps(ticks)}", f"ticks_x = {ticks_x:.2f}"]
    for left, pens in zip(places.lefts, tracks, strict=True):
        out.append("[[section.track]]")
        for name, x in (("left", left), ("right", left + places.track)):
            out.append(f"{name} = {json.dumps([at(x, y)[::-1] for y in (places.top, places.base)])}")
        for pen in pens:
            kind = "log" if pen.log else "linear"
            out += ["[[section.track.curve]]", f'mnemonic = "{pen.family}"', f'unit = "{pen.unit}"']
            out += [f'style = "{pen.style}"', f"width_px = {pen.width / 72 * hand.dpi:.2f}"]
            ends = [[u, float(value)] for u, value in zip(pen.part, pen.scale, strict=True)]
            out += [f"points = {json.dumps(ends)}", f'kind = "{kind}"']
            out += [f"wraps = {str(pen.wraps).lower()}"]
            out += [f'colour = "{pen.colour}"'] if pen.colour.startswith("#") else []
            if pen.more:
                out += ["[[section.track.curve.more]]", f"scale = {json.dumps(list(map(float, pen.more)))}"]
                out += ['style = "dashed"']
    return "\n".join(out) + "\n"


def stacked(upper: Image.Image, lower: Image.Image) -> Image.Image:
    """Two pages as one strip."""
    strip = Image.new("RGB", (upper.width, upper.height + lower.height), "white")
    strip.paste(upper, (0, 0))
    strip.paste(lower, (0, upper.height))
    return strip


def save(image: Image.Image, hand: Hand, path: Path) -> Path:
    """Write the scan as archives hold it."""
    tag = (hand.dpi, hand.dpi)
    if hand.wear == "bilevel":
        path = path.with_suffix(".tif")
        image.save(path, dpi=tag, compression="group4")
    elif hand.wear == "grey":
        path = path.with_suffix(".jpg")
        image.save(path, quality=75, dpi=tag)
    else:
        path = path.with_suffix(".tif")
        image.save(path, dpi=tag, compression="tiff_lzw")
    return path
