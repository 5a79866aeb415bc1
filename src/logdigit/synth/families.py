"""Families of print: random sheets as four eras drew them, each with its own parameter ranges."""

from __future__ import annotations

from dataclasses import dataclass

import cv2
import numpy as np

from logdigit.synth.curves import CurveBank, gaps, layered
from logdigit.synth.render import Edge, Grid, Ink, Label, Mark, SheetPlan, Stroke, TrackPlan
from logdigit.types import STYLES, Float, Style

Range = tuple[float, float]


@dataclass(frozen=True)
class Family:
    """Parameter ranges of one kind of print; px at 200 dpi, probabilities in 0..1."""

    name: str
    stroke_width: Range
    grid_width: Range
    grid_ink: Range  # grey levels
    broken: float  # how often the grid is broken or rough
    horizontals: float  # how often there are horizontal grid lines
    log_tracks: float
    styles: tuple[float, float, float, float]  # solid, dashed, dotted, dashdot
    colour: float  # how often a curve has an ink of its own
    upright: float  # how often text stands upright
    fills: float


FAMILIES: dict[str, Family] = {
    family.name: family
    for family in (
        Family(
            "electrical",
            (1.5, 5.0),
            (1.0, 2.5),
            (0, 110),
            0.55,
            0.9,
            0.05,
            (0.55, 0.25, 0.1, 0.1),
            0.0,
            0.3,
            0.01,
        ),
        Family(
            "film", (2.0, 6.5), (1.0, 4.0), (0, 90), 0.5, 0.85, 0.2, (0.55, 0.25, 0.1, 0.1), 0.0, 0.4, 0.02
        ),
        Family(
            "digital",
            (1.0, 4.0),
            (0.5, 1.5),
            (0, 160),
            0.1,
            0.95,
            0.35,
            (0.5, 0.26, 0.14, 0.1),
            0.1,
            0.9,
            0.15,
        ),
        Family(
            "colour",
            (1.0, 4.0),
            (0.5, 1.5),
            (90, 215),
            0.05,
            0.95,
            0.35,
            (0.6, 0.22, 0.1, 0.08),
            0.9,
            0.95,
            0.12,
        ),
    )
}

_FONTS = (
    cv2.FONT_HERSHEY_SIMPLEX,
    cv2.FONT_HERSHEY_PLAIN,
    cv2.FONT_HERSHEY_DUPLEX,
    cv2.FONT_HERSHEY_COMPLEX,
    cv2.FONT_HERSHEY_COMPLEX_SMALL,
    cv2.FONT_HERSHEY_SCRIPT_SIMPLEX,
)
_WORDS = (
    *("GR", "SP", "CAL", "DT", "RHOB", "NPHI", "ILD", "SN", "CALIPER", "GAMMA RAY", "SFL", "CSG", "5.5"),
    *("API", "REPEAT", "RUN 2", "NEUTRON", "TENSION", "RXO", "BIT"),
)


def log_uniform(rng: np.random.Generator, low: float, high: float) -> float:
    """A number between ``low`` and ``high``, every octave as likely."""
    return float(np.exp(rng.uniform(np.log(low), np.log(high))))


def pattern(rng: np.random.Generator, style: Style, width: float) -> tuple[float, ...]:
    """On/off lengths (px along the line) of a broken line; periods from 3 to 70 px."""
    if style == "solid":
        return ()
    if style == "dotted":
        dot = log_uniform(rng, 0.3, 1.4) * width
        return (dot, max(1.5, width * rng.uniform(0.9, 1.6)) + log_uniform(rng, 1.0, 9.0))
    period = log_uniform(rng, 8, 70)
    if style == "dashed":
        on = max(3.0, period * rng.uniform(0.4, 0.78))
        return (on, max(2.0, period - on) + width * 0.7)
    gap = max(2.0, period * rng.uniform(0.1, 0.22)) + width * 0.7
    dots = int(rng.choice([1, 2, 3], p=[0.75, 0.17, 0.08]))
    dot = max(1.0, width * rng.uniform(0.3, 1.3))
    return (max(4.0, period * rng.uniform(0.45, 0.7)), gap, *((dot, gap) * dots))


def _ink(rng: np.random.Generator, family: Family) -> Ink:
    if rng.random() < family.colour:
        hue, value = float(rng.uniform(0, 180)), float(rng.uniform(110, 255))
        pixel = np.array([[[hue, rng.uniform(140, 255), value]]]).astype(np.uint8)
        red, green, blue = (int(v) for v in cv2.cvtColor(pixel, cv2.COLOR_HSV2RGB)[0, 0])
        return (red, green, blue)
    grey = int(max(0, rng.normal(0, 35)))
    return (grey, grey, grey)


def _grid(rng: np.random.Generator, family: Family, rows_pitch: float, phase: float) -> Grid:
    level = int(rng.uniform(*family.grid_ink))
    ink: Ink = (level, level, level)
    if family.colour > 0.5 and rng.random() < 0.5:
        green, blue = (min(255, level + int(rng.integers(0, 60))) for _ in range(2))
        ink = (level, green, blue)
    thin = log_uniform(rng, *family.grid_width)
    heavy = min(thin * rng.uniform(1.0, 2.2), 6.0)
    if rng.random() < family.log_tracks:
        decades = int(rng.choice([1, 2, 3, 4], p=[0.1, 0.3, 0.25, 0.35]))
        marks = np.concatenate([np.log10(np.arange(1, 10)) + k for k in range(decades)])
        verticals = [(float(m) / decades, heavy if m == int(m) else thin) for m in marks]
    else:
        count = int(rng.choice([2, 4, 5, 8, 10, 20], p=[0.04, 0.12, 0.1, 0.1, 0.56, 0.08]))
        every = int(rng.choice([0, 2, 5]))
        verticals = [(k / count, heavy if every and k % every == 0 else thin) for k in range(count)]
        if rng.random() < 0.06:
            verticals = verticals[:1]
    verticals.append((1.0, heavy))
    verticals[0] = (verticals[0][0], heavy)
    broken = rng.random() < family.broken
    return Grid(
        tuple(verticals),
        rows_pitch if rng.random() < family.horizontals else 0.0,
        phase,
        int(rng.choice([0, 5, 10])),
        (thin, heavy),
        ink,
        wholeness=float(rng.uniform(0.35, 0.95)) if broken else 1.0,
        fur=float(rng.uniform(0.2, 1.2)) if broken and rng.random() < 0.5 else 0.0,
    )


def _position(rng: np.random.Generator, rows: int, bank: CurveBank | None) -> Float:
    if bank is not None and bank.curves and rng.random() < 0.5:
        return bank.sample(rng, rows)
    return layered(rng, rows)


def _strokes(
    rng: np.random.Generator, family: Family, rows: int, left: float, right: float, bank: CurveBank | None
) -> tuple[Stroke, ...]:
    count = int(rng.choice([0, 1, 2, 3, 4], p=[0.05, 0.27, 0.4, 0.2, 0.08]))
    common = log_uniform(rng, *family.stroke_width)
    strokes: list[Stroke] = []
    earlier: list[Float] = []
    for _ in range(count):
        u = _position(rng, rows, bank)
        if earlier and rng.random() < 0.3:  # runs along another curve, and touches it
            other = earlier[int(rng.integers(len(earlier)))]
            u = other + (u - np.nanmean(u)) * rng.uniform(0.02, 0.5) + rng.normal(0, 0.03)
        u = np.clip(u, -2.5, 3.5)
        earlier.append(u)
        style = STYLES[int(rng.choice(4, p=family.styles))]
        width = (
            common * rng.uniform(0.7, 1.3) if rng.random() < 0.6 else log_uniform(rng, *family.stroke_width)
        )
        edges: tuple[Edge, ...] = ("wrap", "peg", "leave", "over")
        edge = edges[int(rng.choice(4, p=[0.4, 0.2, 0.3, 0.1]))]
        x = left + gaps(rng, u) * (right - left)
        strokes.append(Stroke(x, style, width, _ink(rng, family), pattern(rng, style, width), edge))
    return tuple(strokes)


def _clutter(
    rng: np.random.Generator, family: Family, height: int, width: int, columns: list[Range]
) -> tuple[list[Label], list[Mark]]:
    labels: list[Label] = []
    marks: list[Mark] = []
    turned = rng.random() > family.upright
    font, bold = int(rng.choice(_FONTS)), int(rng.choice([1, 1, 2]))
    size = float(rng.uniform(0.35, 0.9))
    pitch = float(rng.choice([50, 100, 200, 250, 500]))
    number, add = int(rng.integers(1, 1500)) * 10, int(rng.choice([5, 10, 20, 50, 100]))
    for left, right in columns:
        for k, y in enumerate(np.arange(rng.uniform(0, pitch), height + 50, pitch)):
            x = left + (right - left) * rng.uniform(0.05, 0.3)
            labels.append(Label(str(number + k * add), x, y + rng.normal(5, 3), size, turned, bold, font))
        if rng.random() < 0.25:  # pips of travel time or cable marks
            step = float(rng.uniform(10, 90))
            for y in np.arange(rng.uniform(0, step), height, step):
                length = rng.uniform(5, 25)
                marks.append(Mark(np.array([[right, y], [right - length, y]]), rng.uniform(1, 2.5)))
    if rng.random() < 0.3:
        for _ in range(rng.integers(1, 4)):  # names written over the curves, some with an arrow
            x, y = rng.uniform(0, width), rng.uniform(0, height)
            words = " ".join(rng.choice(_WORDS, rng.integers(1, 4)))
            labels.append(
                Label(
                    words,
                    x,
                    y,
                    float(rng.uniform(0.3, 1.0)),
                    bool(rng.random() < 0.3),
                    bold,
                    int(rng.choice(_FONTS)),
                )
            )
            if rng.random() < 0.5:
                tip = np.array([x - rng.uniform(20, 70), y - rng.uniform(-10, 10)])
                marks.append(Mark(np.array([[x, y - 5], tip]), rng.uniform(1, 2.5)))
                head = tip + np.array([[8.0, -4.0], [0.0, 0.0], [8.0, 4.0]])
                marks.append(Mark(head, rng.uniform(1, 3)))
    if rng.random() < 0.06:  # a stroke of somebody's pencil
        points = np.cumsum(rng.normal(0, 25, (6, 2)), axis=0) + rng.uniform(0, [width, height])
        marks.append(Mark(points, rng.uniform(1, 3), (90, 90, 90)))
    if rng.random() < 0.05:  # a box or a flag
        x, y, w, h = rng.uniform(0, width), rng.uniform(0, height), rng.uniform(20, 150), rng.uniform(10, 60)
        marks.append(
            Mark(np.array([[x, y], [x + w, y], [x + w, y + h], [x, y + h]]), rng.uniform(1, 3), closed=True)
        )
    return labels, marks


def _wiggles(rng: np.random.Generator, height: int, left: float, right: float) -> list[Mark]:
    """A variable-density block: waveforms side by side, which are ink but no curve."""
    marks, base = [], np.arange(height, dtype=np.float64)
    arrivals = np.interp(base, np.linspace(0, height, 8), rng.normal(0, 10, 8))
    step = float(rng.uniform(5, 14))
    for number, x in enumerate(np.arange(left + 15, right - 5, step)):
        wave = x + arrivals * rng.uniform(0.6, 1.0) + 2 * np.sin(base / rng.uniform(8, 60) + number)
        start = int(rng.integers(0, max(1, height // 3))) if rng.random() < 0.5 else 0
        marks.append(Mark(np.column_stack([wave, base])[start:], step * rng.uniform(0.2, 0.6)))
    return marks


def random_sheet(
    rng: np.random.Generator, family: Family, height: int, width: int, bank: CurveBank | None = None
) -> SheetPlan:
    """A window on a random print of ``family``: tracks that may begin outside the window."""
    pitch = float(rng.choice([10, 20, 25, 40, 50, 79, 100])) * rng.uniform(0.95, 1.05)
    phase = float(rng.uniform(0, pitch))
    x = float(-rng.uniform(0, 450))
    tracks: list[TrackPlan] = []
    columns: list[Range] = []
    extra: list[Mark] = []
    common_grid = _grid(rng, family, pitch, phase)
    while x < width:
        if rng.random() < 0.35:
            column = float(rng.uniform(40, 180))
            columns.append((x, x + column))
            x += column
        span = float(rng.choice([250, 333, 500, 500, 500, 1000])) * rng.uniform(0.9, 1.15)
        grid = common_grid if rng.random() < 0.6 else _grid(rng, family, pitch, phase)
        if rng.random() < 0.03:
            extra += _wiggles(rng, height, x, x + span)
            tracks.append(TrackPlan(x, x + span, grid, ()))
        elif x + span > 0:
            strokes = _strokes(rng, family, height, x, x + span, bank)
            fill = None
            if strokes and rng.random() < family.fills:
                fill = (
                    int(rng.integers(len(strokes))),
                    str(rng.choice(["grey", "hatch", "black"], p=[0.5, 0.4, 0.1])),
                )
            tracks.append(TrackPlan(x, x + span, grid, strokes, fill))
        x += span
    labels, marks = _clutter(rng, family, height, width, columns)
    level = int(255 - abs(rng.normal(0, 12))) if rng.random() < 0.5 else 255
    seed = int(rng.integers(2**31))
    return SheetPlan(height, width, tuple(tracks), tuple(labels), tuple(marks + extra), (level,) * 3, seed)
