"""Whole prints of real LAS curves, with the layout that a person would write beside the scan.

A print takes a log (depths and values), chooses tracks, scales and styles as a service company would, draws
it at a depth scale with figures and a scale block, wears it, and knows exactly where everything lies.
"""

from __future__ import annotations

import math
from dataclasses import dataclass, replace

import cv2
import numpy as np

from logdigit.curves.calibrate import to_position
from logdigit.paper.spec import LayoutFile, SectionFile, TrackFile
from logdigit.synth.families import pattern
from logdigit.synth.render import Edge, Grid, Ink, Label, Mark, SheetPlan, Stroke, TrackPlan, draw
from logdigit.synth.wear import Wear, scan, warp_points
from logdigit.types import Curve, CurveSpec, DepthUnit, Float, ScaleKind, Style, UInt8, ValueScale, WellLog

DPI = 200.0


@dataclass(frozen=True)
class CustomScale:
    """How a measurement is usually printed: scale values left and right, unit, kind; it wraps or pegs."""

    left: float
    right: float
    unit: str
    kind: ScaleKind = "linear"
    edge: Edge = "leave"


# Customary scales by mnemonic stem (Schlumberger, Log Interpretation Charts; API RP 31A form).
CUSTOMARY: dict[str, CustomScale] = {
    "GR": CustomScale(0, 150, "GAPI", edge="wrap"),
    "SP": CustomScale(-160, 40, "MV"),
    "CAL": CustomScale(6, 16, "IN"),
    "CALI": CustomScale(6, 16, "IN"),
    "DCAL": CustomScale(6, 16, "IN"),
    "RHOB": CustomScale(2, 3, "G/CC"),
    "DEN": CustomScale(2, 3, "G/CC"),
    "NPHI": CustomScale(45, -15, "PU"),
    "DPHI": CustomScale(45, -15, "PU"),
    "PE": CustomScale(0, 10, "B/E"),
    "DT": CustomScale(140, 40, "US/F"),
    "ILD": CustomScale(0.2, 2000, "OHMM", "log"),
    "ILM": CustomScale(0.2, 2000, "OHMM", "log"),
    "LLD": CustomScale(0.2, 2000, "OHMM", "log"),
    "LLS": CustomScale(0.2, 2000, "OHMM", "log"),
    "LL8": CustomScale(0.2, 2000, "OHMM", "log"),
    "MSFL": CustomScale(0.2, 2000, "OHMM", "log"),
}


@dataclass(frozen=True)
class Print:
    """A worn print: its pixels (H, W[, 3]) uint8, the layout to read it by, and the log that was drawn."""

    image: UInt8
    layout: LayoutFile
    truth: WellLog


def choose_scale(curve: Curve) -> CustomScale:
    """The customary scale where most readings lie on it, else a round one around the readings."""
    good = curve.value[np.isfinite(curve.value)]
    low, high = np.percentile(good, [1, 99])
    known = CUSTOMARY.get(curve.mnemonic.upper())
    if known is not None:
        a, b = sorted((known.left, known.right))
        on = float(((good >= a) & (good <= b)).mean())
        spread = (high - low) / (b - a)
        if on > 0.85 and (spread > 0.08 or known.kind == "log"):
            return known
    if low > 0.05 and high / low > 50:
        first, last = math.floor(math.log10(low)), math.ceil(math.log10(high))
        return CustomScale(10.0**first, 10.0 ** max(last, first + 1), curve.unit, "log")
    width = max(high - low, 1e-6) * 1.3
    step = 10.0 ** math.floor(math.log10(width))
    step *= 0.5 if width / step < 3 else 1.0
    left = math.floor(low / step) * step
    return CustomScale(left, left + math.ceil((high - left) / step) * step, curve.unit)


def _verticals(
    kind: ScaleKind, scale: CustomScale, thin: float, heavy: float
) -> tuple[tuple[float, float], ...]:
    if kind != "log":
        return tuple((k / 10, heavy if k in (0, 5, 10) else thin) for k in range(11))
    first, last = sorted((math.log10(scale.left), math.log10(scale.right)))
    decades = np.arange(math.floor(first), math.ceil(last) + 1)
    marks = np.unique(np.concatenate([d + np.log10(np.arange(1, 10)) for d in decades]).round(9))
    inside = marks[(marks >= first - 1e-9) & (marks <= last + 1e-9)]
    lines = [
        (float((m - first) / (last - first)), heavy if abs(m - round(m)) < 1e-6 else thin) for m in inside
    ]
    return (*lines, (0.0, heavy), (1.0, heavy))


def print_log(
    log: WellLog,
    tracks: tuple[tuple[str, ...], ...],
    wear: Wear,
    seed: int,
    *,
    per_unit: float = 10.0,
    distinct: bool = True,
) -> Print:
    """Print curves of a log and wear the print.

    Args:
        log: what to print; only curves named in ``tracks`` are drawn.
        tracks: mnemonics of each track, left to right; the depth column stands right of the first.
        wear: how the print was treated.
        seed: of everything random.
        per_unit: rows px a depth unit at 200 dpi; 10 is 5 inches a 100 ft.
        distinct: give the curves of a track different styles.

    Returns:
        The print with its layout and truth.
    """
    rng = np.random.default_rng(seed)
    top_margin, side = 260, 40
    start, stop = float(log.depth[0]), float(log.depth[-1])
    height = round((stop - start) * per_unit) + top_margin + 80
    rows = np.arange(height, dtype=np.float64)
    depths = start + (rows - top_margin) / per_unit
    thin, heavy = float(rng.uniform(0.8, 1.5)), float(rng.uniform(1.5, 3.0))
    level = int(rng.integers(0, 120))
    pitch = per_unit * (2.0 if per_unit * 2 >= 12 else 10.0)
    first_line = (math.ceil(start / 10) * 10 - start) * per_unit + top_margin
    x = float(side)
    plans, files, labels, marks = [], [], [], []
    by_name = {curve.mnemonic: curve for curve in log.curves}
    for number, names in enumerate(tracks):
        width = float(rng.choice([500, 500, 560])) if len(tracks) < 3 else 500.0
        left, right = x, x + width
        strokes, specs = [], []
        order: list[Style] = ["solid", "dashed", "dotted", "dashdot"]
        grid_scale = choose_scale(by_name[names[0]])
        for k, name in enumerate(names):
            curve, scale = by_name[name], choose_scale(by_name[name])
            style: Style = order[k] if distinct else "solid"
            pen = float(np.exp(rng.uniform(np.log(1.6), np.log(4.5))))
            anchors = ((0.0, scale.left), (1.0, scale.right))
            value = ValueScale(anchors, scale.kind)
            u = to_position(value, _on_rows(curve, depths))
            strokes.append(
                Stroke(left + u * width, style, pen, (0, 0, 0), pattern(rng, style, pen), scale.edge)
            )
            specs.append(
                CurveSpec(name, (value,), scale.unit or curve.unit, name, style, wraps=scale.edge == "wrap")
            )
            labels += _scale_labels(name, scale, style, left, right, top_margin - 40 - 45 * k)
            sample = np.array(
                [[left + 5.0, top_margin - 28.0 - 45 * k], [right - 5.0, top_margin - 28.0 - 45 * k]]
            )
            marks += [Mark(part, pen) for part in _dashed_sample(sample, strokes[-1].pattern)]
        first = first_line - pitch * ((first_line - top_margin) // pitch)
        lines = _verticals(grid_scale.kind, grid_scale, thin, heavy)
        grid = Grid(lines, pitch, first, 5, (thin, heavy), _grey(level), top=top_margin - 12.0)
        plans.append(TrackPlan(left, right, grid, tuple(strokes)))
        files.append((left, right, tuple(specs)))
        x = right
        if number == 0:
            labels += _figures(start, stop, per_unit, top_margin, right)
            x += 130.0
    plan = SheetPlan(height, round(x) + side, tuple(plans), tuple(labels), tuple(marks), seed=seed)
    plan = _clear_header(plan, top_margin)
    cv2.setNumThreads(1)
    image, _ = scan(*draw(plan), wear, rng)
    middle = plan.width / 2
    skew_deg = math.degrees(math.atan(wear.skew * wear.stretch))
    file = _layout_file(log, wear, files, start, stop, per_unit, top_margin, middle, image.shape[0], skew_deg)
    names_drawn = {name for names in tracks for name in names}
    truth = replace(log, curves=tuple(curve for curve in log.curves if curve.mnemonic in names_drawn))
    return Print(image, file, truth)


def _on_rows(curve: Curve, depths: Float) -> Float:
    """The curve at every paper row, linear between readings, NaN beyond them and in its gaps."""
    good = np.isfinite(curve.value)
    value = np.interp(depths, curve.depth[good], curve.value[good], left=np.nan, right=np.nan)
    nearest = np.clip(np.searchsorted(curve.depth, depths), 1, len(curve.depth) - 1)
    value[~(good[nearest] & good[nearest - 1])] = np.nan
    return value


def _clear_header(plan: SheetPlan, top_margin: int) -> SheetPlan:
    """Curves begin below the scale block."""
    tracks = []
    for track in plan.tracks:
        strokes = []
        for stroke in track.strokes:
            x = stroke.x.copy()
            x[:top_margin] = np.nan
            strokes.append(replace(stroke, x=x))
        tracks.append(replace(track, strokes=tuple(strokes)))
    return replace(plan, tracks=tuple(tracks))


def _grey(level: int) -> Ink:
    return (level, level, level)


def _scale_labels(
    name: str, scale: CustomScale, style: Style, left: float, right: float, y: float
) -> list[Label]:
    return [
        Label(f"{name} {scale.unit}", (left + right) / 2 - 60, y + 6, 0.55),
        Label(f"{scale.left:g}", left + 6, y + 6, 0.5),
        Label(f"{scale.right:g}", right - 70, y + 6, 0.5),
    ]


def _dashed_sample(line: Float, on_off: tuple[float, ...]) -> list[Float]:
    from logdigit.synth.render import dashes

    return dashes(line, on_off)


def _figures(start: float, stop: float, per_unit: float, top_margin: int, x: float) -> list[Label]:
    step = 50.0 if per_unit >= 6 else 100.0
    figures = np.arange(math.ceil(start / step) * step, stop, step)
    return [Label(f"{d:g}", x + 22, top_margin + (d - start) * per_unit + 8, 0.65, width=1) for d in figures]


def _layout_file(
    log: WellLog,
    wear: Wear,
    files: list[tuple[float, float, tuple[CurveSpec, ...]]],
    start: float,
    stop: float,
    per_unit: float,
    top_margin: int,
    middle: float,
    height: int,
    skew_deg: float,
) -> LayoutFile:
    step = 50.0
    marks = np.arange(math.ceil(start / step) * step, stop + 1e-9, step)
    if len(marks) < 2:
        marks = np.array([start, stop])
    at = top_margin + (marks - start) * per_unit
    rows = warp_points(replace(wear, wave=(0.0, 300.0)), np.full(len(at), middle), at)[1]
    ends = warp_points(
        replace(wear, wave=(0.0, 300.0)),
        np.full(2, middle),
        np.array([top_margin, top_margin + (stop - start) * per_unit]),
    )[1]
    unit: DepthUnit = log.unit
    section = SectionFile(
        rows=(max(0, math.floor(ends[0])), min(height, math.ceil(ends[1]) + 1)),
        unit=unit,
        ticks=tuple((round(float(r), 3), float(d)) for r, d in zip(rows, marks, strict=True)),
        tracks=tuple(TrackFile(left, right, specs) for left, right, specs in files),
        ticks_x=middle,
        step=log.step,
    )
    return LayoutFile((section,), dict(log.header), skew_deg, (DPI, DPI))
