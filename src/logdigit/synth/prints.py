"""Whole prints of real LAS curves, with the layout that a person would write beside the scan.

A print takes a log (depths and values), chooses tracks, scales and styles as a service company would, draws
it at a depth scale with figures and a scale block, wears it, and knows exactly where everything lies.
"""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass, replace

import cv2
import numpy as np

from logdigit.curves.calibrate import to_position
from logdigit.paper.spec import LayoutFile, SectionFile, TrackFile
from logdigit.synth.pen import dashes
from logdigit.synth.plan import Edge, Grid, Ink, Label, Mark, SheetPlan, Stroke, TrackPlan
from logdigit.synth.render import draw
from logdigit.synth.scales import CustomScale, choose_scale, verticals
from logdigit.synth.scanner import scan
from logdigit.synth.strokes import pattern
from logdigit.synth.wear import Wear, warp_points
from logdigit.types import Curve, CurveSpec, Float, Style, UInt8, ValueScale, WellLog

DPI = 200.0


@dataclass(frozen=True)
class Print:
    """A worn print: its pixels (H, W[, 3]) uint8, the layout to read it by, and the log that was drawn."""

    image: UInt8
    layout: LayoutFile
    truth: WellLog


@dataclass(frozen=True)
class _DepthAxis:
    """How depth runs down the paper before wear: from ``start`` on row ``top`` to ``stop``."""

    start: float
    stop: float
    per_unit: float
    top: int

    def row(self, depth: Float | float) -> Float:
        """Paper row (px) of a depth."""
        return np.asarray(self.top + (depth - self.start) * self.per_unit)

    def every(self, step: float, reach: float = 0.0) -> Float:
        """The whole multiples of ``step`` from ``start`` up to (not including) ``stop + reach``."""
        return np.arange(math.ceil(self.start / step) * step, self.stop + reach, step)


def print_log(
    log: WellLog,
    tracks: tuple[tuple[str, ...], ...],
    wear: Wear,
    seed: int,
    *,
    per_unit: float = 10.0,
    distinct: bool = True,
    declared: Mapping[str, CurveSpec] | None = None,
    always: bool = False,
) -> Print:
    """Print curves of a log and wear the print.

    Args:
        log: what to print; only curves named in ``tracks`` are drawn.
        tracks: mnemonics of each track, left to right; the depth column stands right of the first.
        wear: how the print was treated.
        seed: of everything random.
        per_unit: rows px a depth unit at 200 dpi; 10 is 5 inches a 100 ft.
        distinct: give the curves of a track different styles.
        declared: curves that are to be printed on these scales and in this style, by mnemonic; the others on
            their customary scale.
        always: whether backups are drawn where a finer scale shows the value, too.

    Returns:
        The print with its layout and truth.
    """
    rng = np.random.default_rng(seed)
    top_margin, side = 260, 40
    axis = _DepthAxis(float(log.depth[0]), float(log.depth[-1]), per_unit, top_margin)
    height = round((axis.stop - axis.start) * per_unit) + top_margin + 80
    rows = np.arange(height, dtype=np.float64)
    depths = axis.start + (rows - top_margin) / per_unit
    thin, heavy = float(rng.uniform(0.8, 1.5)), float(rng.uniform(1.5, 3.0))
    level = int(rng.integers(0, 120))
    pitch = per_unit * (2.0 if per_unit * 2 >= 12 else 10.0)
    first_line = (math.ceil(axis.start / 10) * 10 - axis.start) * per_unit + top_margin
    x = float(side)
    plans: list[TrackPlan] = []
    files: list[TrackFile] = []
    labels: list[Label] = []
    marks: list[Mark] = []
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
            spec = CurveSpec(
                name,
                (ValueScale(anchors, scale.kind),),
                scale.unit or curve.unit,
                name,
                style,
                wraps=scale.edge == "wrap",
            )
            edge = scale.edge
            if declared is not None and name in declared:
                spec = declared[name]
                pen, edge = spec.width_px or pen, "wrap" if spec.wraps else "leave"
                ends, main = spec.scales[0].anchors, spec.scales[0]
                scale = CustomScale(ends[0][1], ends[-1][1], spec.unit, main.kind, edge)
            value = _on_rows(curve, depths)
            strokes += _strokes(rng, spec, value, (left, width), pen, edge, always)
            specs.append(spec)
            labels += _scale_labels(name, scale, left, right, top_margin - 40 - 45 * k)
            y = top_margin - 28.0 - 45 * k
            sample = np.array([[left + 5.0, y], [right - 5.0, y]])
            marks += [Mark(part, pen) for part in dashes(sample, strokes[-1].pattern)]
        first = first_line - pitch * ((first_line - top_margin) // pitch)
        lines = verticals(grid_scale.kind, grid_scale, thin, heavy)
        grid = Grid(lines, pitch, first, 5, (thin, heavy), _grey(level), top=top_margin - 12.0)
        plans.append(TrackPlan(left, right, grid, tuple(strokes)))
        files.append(TrackFile(left, right, tuple(specs)))
        x = right
        if number == 0:
            labels += _figures(axis, right)
            x += 130.0
    plan = SheetPlan(height, round(x) + side, tuple(plans), tuple(labels), tuple(marks), seed=seed)
    plan = _clear_header(plan, top_margin)
    cv2.setNumThreads(1)
    image, _ = scan(*draw(plan), wear, rng)
    file = _layout_file(log, wear, axis, tuple(files), plan.width / 2, image.shape[0])
    names_drawn = {name for names in tracks for name in names}
    truth = replace(log, curves=tuple(curve for curve in log.curves if curve.mnemonic in names_drawn))
    return Print(image, file, truth)


def _strokes(
    rng: np.random.Generator,
    spec: CurveSpec,
    value: Float,
    place: tuple[float, float],
    pen: float,
    edge: Edge,
    always: bool,
) -> list[Stroke]:
    """The strokes of a curve, its main one last, from its values (H,) on the rows of the paper.

    Args:
        rng: of broken lines.
        spec: its scales and styles.
        value: what it reads.
        place: left edge and width of the track, px.
        pen: its width, px.
        edge: what the main stroke does off its scale.
        always: whether backups are drawn where a finer scale shows the value, too.
    """
    left, width = place
    shown = np.zeros(len(value), bool)
    out = []
    for scale in spec.scales:
        u = to_position(scale, value)
        x = left + (np.where(shown, np.nan, u) if scale.role == "backup" and not always else u) * width
        style = scale.style or spec.style
        out.append(
            Stroke(
                x, style, pen, (0, 0, 0), pattern(rng, style, pen), edge if scale.role == "main" else "leave"
            )
        )
        with np.errstate(invalid="ignore"):
            shown |= (scale.role != "amplified") & (u >= 0) & (u <= 0.98)
    return out[::-1]


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


def _scale_labels(name: str, scale: CustomScale, left: float, right: float, y: float) -> list[Label]:
    return [
        Label(f"{name} {scale.unit}", (left + right) / 2 - 60, y + 6, 0.55),
        Label(f"{scale.left:g}", left + 6, y + 6, 0.5),
        Label(f"{scale.right:g}", right - 70, y + 6, 0.5),
    ]


def _figures(axis: _DepthAxis, x: float) -> list[Label]:
    figures = axis.every(50.0 if axis.per_unit >= 6 else 100.0)
    return [Label(f"{d:g}", x + 22, float(axis.row(d)) + 8, 0.65, width=1) for d in figures]


def _layout_file(
    log: WellLog, wear: Wear, axis: _DepthAxis, tracks: tuple[TrackFile, ...], middle: float, height: int
) -> LayoutFile:
    """The layout of the worn print, ``height`` rows high, with its ticks at the column ``middle``."""
    marks = axis.every(50.0, reach=1e-9)
    if len(marks) < 2:
        marks = np.array([axis.start, axis.stop])
    straight = replace(wear, wave=Wear.wave)  # a wander of the paper moves no depth
    at = axis.row(np.concatenate([marks, [axis.start, axis.stop]]))
    *rows, top, base = warp_points(straight, np.full(len(at), middle), at)[1].tolist()
    section = SectionFile(
        rows=(max(0, math.floor(top)), min(height, math.ceil(base) + 1)),
        unit=log.unit,
        ticks=tuple((round(row, 3), float(depth)) for row, depth in zip(rows, marks, strict=True)),
        tracks=tracks,
        ticks_x=middle,
        step=log.step,
    )
    skew_deg = math.degrees(math.atan(wear.skew * wear.stretch))
    return LayoutFile((section,), dict(log.header), skew_deg, (DPI, DPI))
