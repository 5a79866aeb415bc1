"""The curves of a track as pens draw them: which measurements, on which scales, in which style."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Literal

import cv2
import numpy as np

from logdigit.curves.calibrate import to_position
from logdigit.synth.curves import CurveBank, gaps, layered
from logdigit.synth.families import Family
from logdigit.synth.geology import survey
from logdigit.synth.plan import Edge, Ink, Stroke
from logdigit.synth.scales import CustomScale
from logdigit.types import STYLES, Float, Style, ValueScale

Theme = Literal["correlation", "resistivity", "porosity", "anything"]
THEMES: tuple[Theme, ...] = ("correlation", "resistivity", "porosity", "anything")

_FARTHEST = (-2.5, 3.5)  # share of the track beyond which no pen goes

_QUIET = 0.25
"""Share of strokes that hardly move, as a caliper in gauge: upright, yet no line of a grid."""

_KICKED = 0.3
"""Share of strokes with kicks so short that the pen runs almost along a row, out and back."""

_BEDDED = {"wrap": 0.4, "over": 0.15, "peg": 0.15, "leave": 0.15}
"""Share of strokes, by what they do off scale, with beds between which the pen crosses in a row or two."""


@dataclass(frozen=True)
class Reading:
    """One curve before it has a pen: position ``u`` (H,) across the track, and what it does off scale."""

    u: Float
    edge: Edge


def log_uniform(rng: np.random.Generator, low: float, high: float) -> float:
    """A number between ``low`` and ``high``, every octave as likely."""
    return float(np.exp(rng.uniform(np.log(low), np.log(high))))


def pattern(rng: np.random.Generator, style: Style, width: float) -> tuple[float, ...]:
    """On/off lengths (px along the line) of a broken line; periods from 3 to 110 px."""
    if style == "solid":
        return ()
    # a round pen covers its own width of every gap: what must stay white is added to that; and it lengthens
    # every dot and dash by its width: a dot is then 1.1 to 1.7 widths long, a dash 2.8 at least
    if style == "dotted":
        dot = rng.uniform(0.1, 0.7) * width
        return (dot, width + log_uniform(rng, 2.0, 10.0))
    period = log_uniform(rng, 8, 70)
    if style == "dashed":
        on = max(3.0, 1.8 * width, period * rng.uniform(0.4, 0.78))
        return (on, width + max(log_uniform(rng, 2.5, 5.0), period - on))
    period *= 1.5  # forms have dots as far apart as half an inch
    gap = width + max(log_uniform(rng, 2.2, 4.0), period * rng.uniform(0.08, 0.2))
    dots = int(rng.choice([1, 2, 3], p=[0.75, 0.17, 0.08]))
    dot = max(0.7, width * rng.uniform(0.1, 1.0))
    return (max(4.0 + 2 * width, period * rng.uniform(0.45, 0.75)), gap, *((dot, gap) * dots))


def random_ink(rng: np.random.Generator, family: Family) -> Ink:
    """Nearly black, or a strong colour where the family has them."""
    if rng.random() < family.colour:
        hue, value = float(rng.uniform(0, 180)), float(rng.uniform(110, 255))
        pixel = np.array([[[hue, rng.uniform(140, 255), value]]]).astype(np.uint8)
        red, green, blue = (int(v) for v in cv2.cvtColor(pixel, cv2.COLOR_HSV2RGB)[0, 0])
        return (red, green, blue)
    grey = int(min(90, max(0, rng.normal(0, 30))))
    return (grey, grey, grey)


def random_strokes(
    rng: np.random.Generator,
    family: Family,
    theme: Theme,
    is_log: bool,
    rows: int,
    edges: tuple[float, float],
    bank: CurveBank | None = None,
) -> tuple[Stroke, ...]:
    """The strokes of one track of a random sheet.

    Args:
        rng: the only source of randomness.
        family: of print.
        theme: which measurements the track holds.
        is_log: whether the grid of the track is logarithmic.
        rows: height of the sheet, px.
        edges: left and right edge of the track, px.
        bank: real curves to draw too.
    """
    left, right = edges
    readings = _readings(rng, family, theme, is_log, rows, bank)
    common = log_uniform(rng, *family.stroke_width)
    strokes: list[Stroke] = []
    for reading in readings:
        style = STYLES[int(rng.choice(4, p=family.styles))]
        alike = rng.random() < 0.6
        width = common * rng.uniform(0.7, 1.3) if alike else log_uniform(rng, *family.stroke_width)
        u = gaps(
            rng, np.clip(_bedded(rng, _kicked(rng, _quietened(rng, reading.u)), reading.edge), *_FARTHEST)
        )
        cloud = style == "dotted" and rng.random() < family.clouds * 4
        stroke = Stroke(
            left + u * (right - left),
            style,
            width,
            random_ink(rng, family),
            pattern(rng, style, width),
            reading.edge,
            scatter=log_uniform(rng, 0.7, 4.0) if cloud else 0.0,
        )
        strokes.append(stroke)
        off = float(np.mean((u > 1) | (u < 0)))
        if reading.edge == "leave" and off > 0.01 and rng.random() < family.backups:
            strokes.append(_backup(rng, family, stroke, u, edges))
    return tuple(strokes)


def _quietened(rng: np.random.Generator, u: Float) -> Float:
    """Now and then, the same curve on a scale so wide that it hardly moves."""
    if rng.random() >= _QUIET:
        return u
    return rng.uniform(0.05, 0.95) + (u - np.nanmedian(u)) * log_uniform(rng, 0.002, 0.1)


def _kicked(rng: np.random.Generator, u: Float) -> Float:
    """Now and then, the curve with short kicks; beyond the edge they wrap, peg or leave as it does."""
    if rng.random() >= _KICKED:
        return u
    rows, out = np.arange(len(u)), u.copy()
    for _ in range(1 + int(rng.poisson(len(u) / 150))):
        half, power = log_uniform(rng, 0.7, 8), int(rng.choice([2, 4]))
        out += rng.normal(0, 0.35) * np.exp(-((np.abs(rows - rng.integers(len(u))) / half) ** power))
    return out


def _bedded(rng: np.random.Generator, u: Float, edge: Edge) -> Float:
    """Now and then, the curve with beds far from their neighbours, as hot shales of a compressed log."""
    if rng.random() >= _BEDDED[edge]:
        return u
    rows, out = np.arange(len(u)), u.copy()
    for _ in range(1 + int(rng.poisson(len(u) / 120))):
        middle, half, sharp = rng.integers(len(u)), log_uniform(rng, 2, 80), log_uniform(rng, 0.3, 2.5)
        bed = np.tanh((rows - middle + half) / sharp) - np.tanh((rows - middle - half) / sharp)
        out += rng.normal(0, 0.7) * bed / 2
    return out


def _backup(
    rng: np.random.Generator, family: Family, stroke: Stroke, u: Float, edges: tuple[float, float]
) -> Stroke:
    """The same curve on a scale 2 to 100 times as wide: always, or only where the main one is off."""
    left, right = edges
    again = u / float(rng.choice([2, 5, 10, 100], p=[0.2, 0.3, 0.4, 0.1]))
    if rng.random() < 0.5:
        again = np.where((u > 0.97) | (u < 0), again, np.nan)
    style = stroke.style if rng.random() < 0.5 else STYLES[int(rng.choice(4, p=family.styles))]
    return replace(
        stroke,
        x=left + np.clip(again, *_FARTHEST) * (right - left),
        style=style,
        pattern=stroke.pattern if style == stroke.style else pattern(rng, style, stroke.width),
    )


def _readings(
    rng: np.random.Generator, family: Family, theme: Theme, is_log: bool, rows: int, bank: CurveBank | None
) -> list[Reading]:
    count = int(rng.choice([0, 1, 2, 3, 4], p=[0.05, 0.27, 0.4, 0.2, 0.08]))
    if theme != "anything":
        well = survey(rng, rows, float(rng.choice(family.rows_a_foot)))
        scales = _scales(rng, theme, is_log, well)
        names = rng.permutation(list(scales))[:count]
        return [_on_scale(well[name], scales[name]) for name in names]
    out: list[Reading] = []
    for _ in range(count):
        u = bank.sample(rng, rows) if bank and bank.curves and rng.random() < 0.5 else layered(rng, rows)
        if out and rng.random() < 0.3:  # runs along another curve, and touches it
            other = out[int(rng.integers(len(out)))].u
            u = other + (u - np.nanmean(u)) * rng.uniform(0.02, 0.5) + rng.normal(0, 0.03)
        edges: tuple[Edge, ...] = ("wrap", "peg", "leave", "over")
        out.append(Reading(u, edges[int(rng.choice(4, p=[0.4, 0.2, 0.3, 0.1]))]))
    return out


def _on_scale(values: Float, scale: CustomScale) -> Reading:
    value_scale = ValueScale(((0.0, scale.left), (1.0, scale.right)), scale.kind)
    return Reading(to_position(value_scale, values), scale.edge)


def _scales(
    rng: np.random.Generator, theme: Theme, is_log: bool, well: dict[str, Float]
) -> dict[str, CustomScale]:
    """The measurements of a track with a scale each, from the customary ones."""

    def pick(*ends: tuple[float, float]) -> tuple[float, float]:
        return ends[int(rng.integers(len(ends)))]

    if theme == "correlation":
        return {
            "GR": CustomScale(*pick((0, 100), (0, 150), (0, 150), (0, 200)), "GAPI", edge="wrap"),
            "SP": CustomScale(*pick((-160, 40), (-100, 0), (-80, 20), (-200, 0)), "MV"),
            "CALI": CustomScale(*pick((6, 16), (4, 14), (8, 18), (6, 26)), "IN"),
        }
    if theme == "porosity":
        return {
            "RHOB": CustomScale(*pick((2, 3), (1.95, 2.95), (2.0, 3.0)), "G/C3", edge="wrap"),
            "NPHI": CustomScale(*pick((45, -15), (30, -10), (60, 0)), "PU", edge="leave"),
            "DT": CustomScale(*pick((140, 40), (150, 50), (100, 40), (240, 40)), "US/F", edge="wrap"),
            "PE": CustomScale(*pick((0, 10), (0, 20)), "B/E"),
        }
    if is_log:
        ends = pick((0.2, 2000), (0.2, 20), (0.2, 200), (1, 1000), (2, 2000))
        return {name: CustomScale(*ends, "OHMM", "log", "wrap") for name in ("MSFL", "ILM", "ILD")}
    typical = float(np.median(well["ILD"])) * log_uniform(rng, 1.5, 8)
    full = min((1, 2, 5, 10, 20, 50, 100, 200, 500, 1000), key=lambda end: abs(np.log(end / typical)))
    edge: Edge = "wrap" if rng.random() < 0.2 else "peg" if rng.random() < 0.2 else "leave"
    return {name: CustomScale(0, full, "OHMM", edge=edge) for name in ("MSFL", "ILM", "ILD")}
