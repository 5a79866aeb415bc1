"""Logs drawn with OpenCV after forms of another custom than those of hand.py.

Names stand over their units and these over the scale, or the scale is printed at the divisions; depths stand
in the margin, in a column at either side, above their lines; lines across may be ticks at the frame only;
pens press unevenly; names of formations and remarks stand in the tracks.
"""

from __future__ import annotations

from dataclasses import dataclass, fields
from itertools import pairwise
from typing import Any

import cv2
import numpy as np
from drawing import columns, divisions, figures, number, rows, steps
from hand import FAMILIES, MARGIN, Float, Hand, Pen, Places, pick_hand
from matplotlib import get_data_path
from numpy.typing import NDArray
from PIL import Image, ImageDraw, ImageFont

UInt8 = NDArray[np.uint8]
FACES = ("STIXGeneral", "cmtt10", "cmss10", "DejaVuSansMono", "simplex", "duplex", "default")
"""Of matplotlib, of OpenCV's strokes, of Pillow."""
TOPS = ("TOP OF SAND", "BASE LIME", "SEAT NIPPLE 12", "CSG 8 5/8 @ 320", "FLUID", "REPEAT SECTION BELOW")
REMARKS = (
    "REMARKS: MUD 9.4 LB/GAL, VISC 42, RM 1.2 @ 75F",
    "TOOL ZEROED AT 0 AND CHECKED AT 150 UNITS",
    "ALL DEPTHS FROM KELLY BUSHING",
)
ROWS = {"stack": 0.62, "pair": 0.42, "bar": 0.5, "ends": 0.36}


@dataclass
class Form(Hand):
    """One form; more than a hand has."""

    face: str = "default"
    depths: str = "column"  # "column", "margin" (no lines of its own), "above" (figures stand on their line)
    across: str = "full"  # lines across a track: "full", "ticks" (heavy ones only are whole), "column"
    dash: float = 1.0  # length of dashes, as multiple of the usual
    press: float = 0.0  # share by which the width of a pen changes
    tops: bool = False
    remarks: bool = False
    paper: tuple[int, int, int] = (255, 255, 255)


def pick_form(rng: np.random.Generator, tracks: int) -> Form:
    """A form, drawn at random."""
    hand = pick_hand(rng, tracks)
    form = Form(**{f.name: getattr(hand, f.name) for f in fields(Hand)})
    form.dpi = int(rng.choice([100, 150, 200, 200, 240, 300]))
    form.depth_at = int(rng.choice([0, 1, 1, tracks]))
    form.row = str(rng.choice(list(ROWS)))
    form.heading = str(rng.choice(["above", "above", "both"]))
    form.face = str(rng.choice(FACES))
    form.size = float(rng.choice([8, 9, 10]))
    form.depths = str(rng.choice(["column", "column", "margin", "above"]))
    form.across = str(rng.choice(["full", "full", "ticks", "column"]))
    form.divisions = int(rng.choice([10, 10, 4, 8]))
    form.dash = float(rng.uniform(0.6, 1.4))
    form.press = float(rng.choice([0.0, 0.2, 0.4]))
    form.tops, form.remarks = bool(rng.random() < 0.4), bool(rng.random() < 0.4)
    form.angle = float(rng.uniform(-1.2, 1.2))
    form.paper = (236, 224, 196) if form.colour and rng.random() < 0.5 else (255, 255, 255)
    form.fill, form.labels = False, str(rng.choice(["{:.0f}", "{:.0f}", "{:.0f}", "{:.0f}-"]))
    return form


class Sheet:
    """A picture that is drawn in inches, larger than it will be."""

    def __init__(self, size: tuple[float, float], form: Form) -> None:
        """``size`` width and height, inches."""
        self.form = form
        self.finer = 3 if form.dpi <= 200 else 2
        self.px = form.dpi * self.finer
        shape = (round(size[1] * self.px), round(size[0] * self.px), 3)
        self.pixels: UInt8 = np.full(shape, form.paper, np.uint8)

    def line(self, points: Float, width: float, colour: str, closed: bool = False) -> None:
        """A stroke through ``points`` (n, 2) inches, ``width`` points wide."""
        at = np.round(points * self.px * 16).astype(np.int32).reshape(-1, 1, 2)
        thick = max(1, round(width / 72 * self.px))
        cv2.polylines(self.pixels, [at], closed, rgb(colour), thick, cv2.LINE_AA, 4)

    def text(
        self, x: float, y: float, words: str, anchor: str = "mm", size: float = 0.0, colour: str = "black"
    ) -> float:
        """Words; ``anchor`` as Pillow has it (l, m, r and t, m, b). Returns their length, inches."""
        ink = lettering(words, self.form.face, (size or self.form.size) / 72 * self.px)
        height, width = ink.shape
        left = round(x * self.px - width * {"l": 0.0, "m": 0.5, "r": 1.0}[anchor[0]])
        top = round(y * self.px - height * {"t": 0.0, "m": 0.5, "b": 1.0}[anchor[1]])
        part = self.pixels[max(top, 0) : top + height, max(left, 0) : left + width]
        ink = ink[max(-top, 0) :, max(-left, 0) :][: part.shape[0], : part.shape[1]]
        share = (ink / 255.0)[..., None]
        part[:] = (part * (1 - share) + np.array(rgb(colour)) * share).astype(np.uint8)
        return float(width / self.px)

    def image(self) -> Image.Image:
        """At the resolution of the scan."""
        height, width = (side // self.finer for side in self.pixels.shape[:2])
        return Image.fromarray(cv2.resize(self.pixels, (width, height), interpolation=cv2.INTER_AREA))


def rgb(colour: str) -> tuple[int, int, int]:
    """A colour as matplotlib names it: black, a grey "0.75", or "#rrggbb"."""
    if colour.startswith("#"):
        return (int(colour[1:3], 16), int(colour[3:5], 16), int(colour[5:7], 16))
    grey = 0 if colour == "black" else round(255 * float(colour))
    return (grey, grey, grey)


def lettering(words: str, face: str, size: float) -> UInt8:
    """Ink of words (h, w), 255 where ink is; ``size`` px."""
    if face in ("simplex", "duplex"):
        font = cv2.FONT_HERSHEY_SIMPLEX if face == "simplex" else cv2.FONT_HERSHEY_DUPLEX
        scale, thick = size / 30, max(1, round(size / 16))
        (width, height), below = cv2.getTextSize(words, font, scale, thick)
        ink = np.zeros((height + below + thick, width + thick), np.uint8)
        cv2.putText(ink, words, (0, height), font, scale, 255, thick, cv2.LINE_AA)
        return ink
    if face == "default":
        letters: Any = ImageFont.load_default(size)
    else:
        letters = ImageFont.truetype(f"{get_data_path()}/fonts/ttf/{face}.ttf", size)
    left, top, right, bottom = letters.getbbox(words)
    picture = Image.new("L", (max(1, int(right - left)), max(1, int(bottom - top))))
    ImageDraw.Draw(picture).text((-left, -top), words, fill=255, font=letters)
    return np.asarray(picture)


def draw(
    tracks: list[list[Pen]],
    depth: Float,
    unit: str,
    inches: float,
    form: Form,
    items: list[tuple[str, str]],
    title: str = "",
) -> tuple[Image.Image, Places]:
    """The page, and where things are on it before it was scanned; see ``drawing.draw``."""
    for pen in (pen for pens in tracks for pen in pens):
        shorten(pen, form)
    block = ROWS[form.row] * max(sum(len(rows(pen)) for pen in pens) for pens in tracks) + 0.15
    first = MARGIN + (0.3 * ((len(items) + 1) // 2) + 0.5) + (0.9 if form.remarks else 0.0)
    top = first + block
    base = top + float(depth[-1] - depth[0]) * inches
    lefts, column, x = columns(len(tracks), form)
    places = Places(lefts, form.track, column, top, base, inches, float(depth[0]), float(depth[-1]))
    sheet = Sheet((x + MARGIN, base + (block if form.heading == "both" else 0.0) + MARGIN), form)
    _heading(sheet, items, title, x)
    rng = np.random.default_rng(round(1000 * float(depth[0])))
    for left, pens in zip(lefts, tracks, strict=True):
        _grid(sheet, pens, left, unit, places)
        for y in [first, base][: 2 if form.heading == "both" else 1]:
            _frame(sheet, left, left + form.track, y, y + block)
            for index, row in enumerate(row for pen in pens for row in rows(pen)):
                declare(sheet, row, left, y + 0.1 + ROWS[form.row] * index)
        for pen in pens:
            pencil(sheet, pen, depth, left, places, rng)
        if form.tops:
            for share in rng.uniform(0.1, 0.9, 2):
                at = left + float(rng.uniform(0.3, 0.7)) * form.track, top + float(share) * (base - top)
                sheet.text(*at, str(rng.choice(TOPS)))
    _depths(sheet, unit, places, block)
    return sheet.image(), places


def shorten(pen: Pen, form: Form) -> None:
    """Print the abbreviation where the name would run into what else is on its line."""
    room = form.track * (pen.part[1] - pen.part[0]) - 0.4
    ends = " ".join(number(value, form) for value in pen.scale) if form.row == "ends" else ""
    for name in (pen.printed, min(FAMILIES[pen.family].names.split("|"), key=len)):
        pen.printed = name
        words = name if form.row == "stack" else f"{name} - {pen.unit} {ends}"
        if lettering(words, form.face, form.size / 72 * form.dpi).shape[1] < room * form.dpi:
            return
    pen.part = (0.0, 1.0)


def _heading(sheet: Sheet, items: list[tuple[str, str]], title: str, right: float) -> None:
    """Two items to a line, then remarks in small print."""
    half = (right - MARGIN) / 2
    for index, (name, text) in enumerate(items):
        x, y = MARGIN + half * (index % 2), MARGIN + 0.3 * (index // 2) + 0.1
        sheet.text(x, y, f"{name}  {text}", "lm", 10)
    y = MARGIN + 0.3 * ((len(items) + 1) // 2) + 0.1
    if sheet.form.remarks:
        for line in REMARKS:
            sheet.text(MARGIN, y, line, "lm", 7)
            y += 0.25
    sheet.text((MARGIN + right) / 2, y + 0.1, title or "LOG OF BOREHOLE", "mm", 12)


def _frame(sheet: Sheet, left: float, right: float, top: float, base: float) -> None:
    corners = np.array([(left, top), (right, top), (right, base), (left, base)])
    sheet.line(corners, 1.0, "black", closed=True)


def declare(sheet: Sheet, pen: Pen, left: float, y: float) -> None:
    """A curve in the heading, from ``y`` on."""
    form = sheet.form
    left, right = (left + u * form.track for u in pen.part)
    middle = (left + right) / 2
    low, high = (number(value, form) for value in pen.scale)

    def sample(x0: float, x1: float, at: float) -> None:
        if x1 > x0 + 0.1:
            along = np.linspace(x0, x1, 40)
            _stroke(sheet, np.column_stack([along, np.full(40, at)]), pen, pen.style)

    def say(x: float, at: float, words: str, anchor: str) -> float:
        return sheet.text(x, at, words, anchor, colour=pen.colour)

    if form.row == "stack":  # name, unit, and the values with a sample between them
        say(middle, y + 0.08, pen.printed, "mm")
        say(middle, y + 0.25, pen.unit, "mm")
        first = say(left + 0.05, y + 0.45, low, "lm")
        last = say(right - 0.05, y + 0.45, high, "rm")
        sample(left + 0.15 + first, right - 0.15 - last, y + 0.45)
    elif form.row == "pair":  # name left, unit right, values below
        say(left + 0.06, y + 0.08, pen.printed, "lm")
        say(right - 0.06, y + 0.08, pen.unit, "rm")
        first, last = say(left + 0.06, y + 0.27, low, "lm"), say(right - 0.06, y + 0.27, high, "rm")
        sample(left + 0.15 + first, right - 0.15 - last, y + 0.27)
    elif form.row == "ends":  # name in the middle of the values, a sample under them
        say(left + 0.05, y + 0.08, low, "lm")
        say(middle, y + 0.08, f"{pen.printed}, {pen.unit}", "mm")
        say(right - 0.05, y + 0.08, high, "rm")
        sample(left + 0.03, right - 0.03, y + 0.22)
    else:  # "bar": values at the divisions
        say(middle, y + 0.08, f"{pen.printed} - {pen.unit}", "mm")
        sample(left + 0.03, right - 0.03, y + 0.2)
        shares = (0.0, 1.0) if pen.log else (0.0, 0.5, 1.0)
        for share in shares:
            value = pen.scale[0] + share * (pen.scale[1] - pen.scale[0])
            x = left + 0.04 + share * (right - left - 0.08)
            say(x, y + 0.33, number(round(value, 6), form), {0.0: "lm", 0.5: "mm", 1.0: "rm"}[share])


def _grid(sheet: Sheet, pens: list[Pen], left: float, unit: str, places: Places) -> None:
    """The lines of a track, whole or as ticks, and its frame."""
    form = sheet.form
    light, heavy, _ = steps(unit, places.inches)
    right = left + form.track
    for at in np.arange(np.ceil(places.first / light) * light, places.last + 1e-6, light):
        y, bold = places.row(at), bool(abs(at / heavy - round(at / heavy)) < 1e-6)
        ends = [(left, right)]
        if form.across != "full" and not bold:
            ends = [(left, left + 0.07), (right - 0.07, right)] if form.across == "ticks" else []
        for x0, x1 in ends:
            sheet.line(np.array([(x0, y), (x1, y)]), form.lines[bold], "0.0" if bold else form.grid)
    for u, bold in divisions(pens, form.divisions):
        x = left + u * form.track
        sheet.line(np.array([(x, places.top), (x, places.base)]), form.lines[bold], form.grid)
    _frame(sheet, left, right, places.top, places.base)


def _depths(sheet: Sheet, unit: str, places: Places, block: float) -> None:
    """Figures, in a column with a frame or without."""
    form = sheet.form
    x = sum(places.column) / 2
    sheet.text(x, places.top - block / 2 - 0.1, "DEPTH")
    sheet.text(x, places.top - block / 2 + 0.1, "FEET" if unit == "FT" else "METERS")
    if form.depths != "margin":
        _frame(sheet, *places.column, places.top, places.base)
    light, heavy, _ = steps(unit, places.inches)
    for at in np.arange(np.ceil(places.first / light) * light, places.last + 1e-6, light):
        long = 0.12 if abs(at / heavy - round(at / heavy)) < 1e-6 else 0.06
        for side, way in zip(places.column, (1, -1), strict=True):
            y = places.row(at)
            sheet.line(np.array([(side, y), (side + way * long, y)]), 0.6, "black")
    for at in figures(places, unit):
        y = places.row(at) - (0.09 if form.depths == "above" else 0.0)
        if 0.15 < y - places.top < places.base - places.top - 0.15:
            sheet.text(x, y, form.labels.format(at), size=form.size + 1)


def pencil(
    sheet: Sheet, pen: Pen, depth: Float, left: float, places: Places, rng: np.random.Generator
) -> None:
    """Draw one curve; off its scale it is not drawn, or drawn again from the other edge."""
    form = sheet.form
    fine = np.linspace(depth[0], depth[-1], 8 * len(depth))
    u = pen.place(np.interp(fine, depth, pen.values))
    y = places.top + (fine - depth[0]) * places.inches
    begin, width = left + pen.part[0] * form.track, (pen.part[1] - pen.part[0]) * form.track
    knots = rng.uniform(-1, 1, 2 + int(places.base - places.top))
    press = 1 + form.press * np.interp(np.linspace(0, len(knots) - 1, len(fine)), range(len(knots)), knots)
    for turn in range(-1, 3) if pen.wraps else (0, 1) if pen.more else (0,):
        on = np.isfinite(u) & (u >= turn) & (u <= turn + 1)
        edges = np.flatnonzero(np.diff(np.concatenate([[False], on, [False]]).astype(int)))
        style = "dashed" if pen.more and turn else pen.style
        for first, last in zip(edges[::2], edges[1::2], strict=True):
            points = np.column_stack([begin + (u - turn)[first:last] * width, y[first:last]])
            _stroke(sheet, points, pen, style, press[first:last])


def _stroke(sheet: Sheet, points: Float, pen: Pen, style: str, press: Float | None = None) -> None:
    """A line of a style through points (n, 2) inches."""
    if len(points) < 2:
        return
    run = np.concatenate([[0.0], np.cumsum(np.hypot(*np.diff(points, axis=0).T))])
    unit = pen.width / 72 * sheet.form.dash
    pattern = {"solid": (), "dashed": (7, 4), "dotted": (0.7, 3.3), "dashdot": (9, 4, 1, 4)}[style]
    if pattern:
        times = 1 + int(run[-1] / unit / sum(pattern))
        pieces = list(pairwise(np.cumsum([0.0, *[mark * unit for mark in pattern] * times])))[::2]
    else:
        pieces = list(pairwise(np.append(np.arange(0.0, run[-1], 0.5), run[-1])))
    for begin, end in pieces:
        if begin >= run[-1]:
            break
        inside = (run > begin) & (run < end)
        at = np.concatenate([[begin], run[inside], [min(end, run[-1])]])
        piece = np.column_stack([np.interp(at, run, points[:, k]) for k in (0, 1)])
        share = 1.0 if press is None else float(np.interp(begin, run, press))
        sheet.line(piece, pen.width * share, pen.colour)
