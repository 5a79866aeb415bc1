"""The customs of chart.py, and the sheet that it draws on."""

from __future__ import annotations

from dataclasses import dataclass, fields
from itertools import count, pairwise

import numpy as np
from hand import Float, Hand, Pen, pick_hand
from matplotlib import get_data_path
from PIL import Image, ImageDraw, ImageFont

FACES = [f"DejaVu{face}" for face in ("Sans", "Sans-Bold", "Serif", "SansMono", "SansMono-Bold")]
FACES += ["STIXGeneralBol", "cmr10", "cmb10"]
DASHES = {"solid": (), "dashed": (8.0, 4.0), "dotted": (1.2, 2.6), "dashdot": (9.0, 3.0, 1.2, 3.0)}
TOPS = ("Top Niobrara", "BASE SAND", "Marker A", "TD LOGGER")
ROWS = {"top": 3.4, "mid": 2.6, "under": 5.0, "lead": 2.6, "equals": 3.4}
"""Heights of print that the words of a curve take."""


@dataclass
class Chart(Hand):
    """One custom; more than a hand has."""

    face: str = "DejaVuSans"
    turned: bool = False  # depth figures run up the paper
    short: bool = False  # those between hundreds are abbreviated
    boxes: bool = False  # each curve of a heading in a box of its own
    over: bool = False  # the grid is drawn over the curves
    tiers: int = 2  # widths of level lines
    shade: str = ""  # what is filled: "gr" up to the middle, "cross" between the first two curves
    litho: bool = False
    tops: bool = False
    step: bool = False  # calipers and PE step from sample to sample
    wide: bool = False  # the stroke of a curve runs over its whole width
    holes: bool = False
    scribble: bool = False
    head: str = "DEPTH|{}"  # of the depth column; {} for the unit


def pick_form(rng: np.random.Generator, tracks: int) -> Chart:
    """A custom, drawn at random."""
    hand = pick_hand(rng, tracks)
    chart = Chart(**{f.name: getattr(hand, f.name) for f in fields(Hand)})
    chart.dpi = int(rng.choice([120, 150, 200, 200, 250, 300, 400]))
    chart.depth_at = int(rng.choice([0, 1, 1, 1, tracks]))
    chart.row = str(rng.choice(list(ROWS)))
    chart.heading = str(rng.choice(["above", "above", "both"]))
    chart.face = str(rng.choice(FACES))
    chart.size = float(rng.choice([7, 8, 9, 11]))
    chart.turned, chart.short = bool(rng.random() < 0.3), bool(rng.random() < 0.15)
    chart.boxes, chart.over = bool(rng.random() < 0.5), bool(rng.random() < 0.3)
    chart.tiers = int(rng.choice([1, 2, 3]))
    coloured = ["#60a060", "#d09050", "#6080c0"] if chart.colour else []
    chart.grid = str(rng.choice(["#000000", "#000000", "#808080", "#b0b0b0", *coloured]))
    chart.shade = str(rng.choice(["", "", "", "gr", "cross"]))
    chart.litho, chart.tops = bool(rng.random() < 0.2), bool(rng.random() < 0.35)
    chart.step, chart.wide = bool(rng.random() < 0.15), bool(rng.random() < 0.5)
    chart.holes, chart.scribble = bool(rng.random() < 0.2), bool(rng.random() < 0.2)
    chart.track = float(rng.choice([2.0, 2.5, 2.5, 3.0, 3.5]))
    chart.column = float(rng.choice([0.5, 0.6, 0.75, 1.0]))
    chart.divisions = int(rng.choice([10, 10, 10, 5, 8, 20]))
    chart.labels = str(rng.choice(["{:.0f}", "{:.0f}", "{:.0f}", "{:,.0f}", "{:.0f} @", "-{:.0f}-"]))
    chart.values = str(rng.choice(["{:g}", "{:g}", "{:.2f}", "{:.1f}", "{:.4f}", "{:.3f}"]))
    chart.lines = [(0.25, 0.6), (0.4, 0.8), (0.5, 1.4), (0.3, 1.0)][rng.integers(4)]
    chart.angle = float(rng.uniform(-1.0, 1.0))
    chart.head = str(rng.choice(["DEPTH|{}", "MD|({})", "Depth|{}", "1:240|{}", "{}|"]))
    chart.fill = False
    return chart


class Sheet:
    """A picture that is drawn in inches, larger than it will be."""

    def __init__(self, size: tuple[float, float], form: Chart) -> None:
        """``size`` width and height, inches."""
        self.form = form
        self.finer = 3 if form.dpi <= 200 else 2
        self.px = form.dpi * self.finer
        self.picture = Image.new("RGB", (round(size[0] * self.px), round(size[1] * self.px)), "white")
        self.pen = ImageDraw.Draw(self.picture)

    def line(self, points: Float, width: float, colour: str = "black") -> None:
        """A stroke through ``points`` (n, 2) inches, ``width`` points wide."""
        at = [(float(x * self.px), float(y * self.px)) for x, y in points]
        joint = "curve" if len(at) > 2 else None
        self.pen.line(at, fill=rgb(colour), width=max(1, round(width / 72 * self.px)), joint=joint)

    def level(self, left: float, right: float, y: float, width: float, colour: str = "black") -> None:
        """A level line."""
        self.line(np.array([(left, y), (right, y)]), width, colour)

    def frame(self, left: float, top: float, right: float, base: float) -> None:
        """A frame."""
        corners = [(left, top), (right, top), (right, base), (left, base), (left, top)]
        for ends in pairwise(corners):
            self.line(np.array(ends), 0.9)

    def font(self, size: float = 0.0) -> ImageFont.FreeTypeFont:
        """The form's face, ``size`` points."""
        px = max(6, round((size or self.form.size) / 72 * self.px))
        return ImageFont.truetype(f"{get_data_path()}/fonts/ttf/{self.form.face}.ttf", px)

    def length(self, words: str) -> float:
        """Inches that words take."""
        return float(self.font().getlength(words)) / self.px

    def text(
        self, x: float, y: float, words: str, anchor: str = "mm", size: float = 0.0, turned: bool = False
    ) -> float:
        """Words; ``anchor`` as Pillow has it. Returns their length, inches."""
        font = self.font(size)
        left, top, right, base = font.getbbox(words)
        ink = Image.new("L", (int(right - left) + 2, int(base - top) + 2))
        ImageDraw.Draw(ink).text((1 - left, 1 - top), words, fill=255, font=font)
        ink = ink.transpose(Image.Transpose.ROTATE_90) if turned else ink
        aside, down = {"l": 0.0, "m": 0.5, "r": 1.0}[anchor[0]], {"t": 0.0, "m": 0.5, "b": 1.0}[anchor[1]]
        corner = round(x * self.px - ink.width * aside), round(y * self.px - ink.height * down)
        self.picture.paste(Image.new("RGB", ink.size, self.colour), corner, ink)
        return ink.width / self.px

    colour: str = "black"
    """Of words."""


def rgb(colour: str) -> str | tuple[int, int, int]:
    """A colour as matplotlib names it, for Pillow: a grey is "0.75"."""
    if not colour.startswith("0"):
        return colour
    grey = round(255 * float(colour))
    return (grey, grey, grey)


def stroke(sheet: Sheet, points: Float, pen: Pen) -> None:
    """A line of a pen's style through points (n, 2) inches."""
    if len(points) < 2:
        return
    marks = DASHES[pen.style]
    if not marks:
        sheet.line(points, pen.width, pen.colour)
        return
    run = np.concatenate([[0.0], np.cumsum(np.hypot(*np.diff(points, axis=0).T))])
    begin = 0.0
    for k in count():
        if begin >= run[-1]:
            break
        end = begin + marks[k % len(marks)] * max(pen.width, 0.7) / 72
        if k % 2 == 0:
            at = np.concatenate([[begin], run[(run > begin) & (run < end)], [min(end, run[-1])]])
            piece = np.column_stack([np.interp(at, run, points[:, i]) for i in (0, 1)])
            sheet.line(piece, pen.width, pen.colour)
        begin = end
