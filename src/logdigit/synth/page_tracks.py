"""The tracks of a page: which curves stand in them, on which scales, drawn with which pens."""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np

from logdigit.curves.calibrate import to_position, to_value
from logdigit.synth.families import Family
from logdigit.synth.page_measures import MEASURES, RESISTIVITIES, TEMPLATES, Measure
from logdigit.synth.page_pens import Pen, deal_pens
from logdigit.synth.plan import Edge
from logdigit.synth.scales import CustomScale, choose_scale
from logdigit.synth.strokes import log_uniform, pattern
from logdigit.types import STYLES, Curve, CurveSpec, Float, ScaleKind, ValueScale

_ROUND = (5.0, 10.0, 20.0, 50.0, 100.0, 200.0, 500.0, 1000.0)
_LOGS = ((0.2, 2000), (0.2, 2000), (2, 2000), (0.2, 200), (0.2, 20), (1, 1000))
_FARTHEST = (-0.95, 1.95)
"""Share of the track beyond which a wrapping recorder stands still."""


@dataclass(frozen=True)
class Recorded:
    """A curve as it is printed.

    Attributes:
        spec: as a layout declares it, its main scale first.
        value: (N,) on the index of the log, NaN where nothing was recorded.
        pens: one for each scale of ``spec``.
        edge: what the stroke on the main scale does where it leaves it.
        always: whether backups are drawn where the main scale holds, too.
        unit: as printed.
        measure: key of `MEASURES`; "" for a curve of a LAS file.
        hold: whether the pen goes on standing still after the last reading.
    """

    spec: CurveSpec
    value: Float
    pens: tuple[Pen, ...]
    edge: Edge
    always: bool
    unit: str
    measure: str = ""
    hold: bool = False


@dataclass(frozen=True)
class TrackDesign:
    """A track before it has a place: width px, curves, the scale that rules its grid; or a picture."""

    width: float
    curves: tuple[Recorded, ...]
    ruled: CustomScale
    picture: bool = False


@dataclass(frozen=True)
class Design:
    """Tracks from left to right; the depth column, ``column_width`` px, stands after ``column`` of them."""

    tracks: tuple[TrackDesign, ...]
    column: int
    column_width: float

    @property
    def curves(self) -> tuple[Recorded, ...]:
        """Of all tracks."""
        return tuple(curve for track in self.tracks for curve in track.curves)


def design_tracks(
    rng: np.random.Generator, family: Family, readings: dict[str, Float], colour: bool
) -> Design:
    """Tracks as ``family`` has them, from the readings of one well, each (N,)."""
    template = str(rng.choice(TEMPLATES[family.name]))
    parts = template.split()
    if rng.random() < 0.12:  # the depth column somewhere else
        parts.remove(".")
        parts.insert(int(rng.integers(len(parts) + 1)), ".")
    number = len(parts) - 1
    base = 500.0 * float(rng.uniform(0.96, 1.06)) * (0.85 if number > 3 else 1.0)
    common = log_uniform(rng, *family.stroke_width)
    tracks = []
    for part in (part for part in parts if part != "."):
        if part == "#":
            plain = CustomScale(0, 1, "")
            tracks.append(TrackDesign(float(rng.uniform(150, 320)), (), plain, picture=True))
            continue
        width = base * (2.0 if "w:" in part and number < 4 else 1.0)
        names = part.rsplit(":", 1)[-1].split("+")
        kept = names[:1] + [name for name in names[1:] if rng.random() < 0.9]
        is_log = "log:" in part and rng.random() < 0.93
        tracks.append(_track(rng, family, kept, readings, width, is_log, common, colour))
    return Design(tuple(tracks), parts.index("."), float(rng.uniform(95, 165)))


def design_of_log(
    rng: np.random.Generator, family: Family, curves: tuple[Curve, ...], colour: bool
) -> Design:
    """Tracks for the curves of a LAS file: those people print first to the left, at most three a track."""
    names = [curve.mnemonic for curve in curves]
    first = [name for name in ("GR", "SP", "CAL", "CALI") if name in names][:2] or names[:1]
    others = [name for name in names if name not in first]
    rng.shuffle(others)
    middle = others[: int(rng.integers(1, 4))]
    last = others[len(middle) : len(middle) + int(rng.integers(0, 4))]
    common = log_uniform(rng, *family.stroke_width)
    by_name = {curve.mnemonic: curve for curve in curves}
    tracks: list[TrackDesign] = []
    for group in (group for group in (first, middle, last) if group):
        scales = [choose_scale(by_name[name]) for name in group]
        pens = deal_pens(rng, family, group, common)
        drawn = []
        for name, scale, pen in zip(group, scales, pens, strict=True):
            spec = _spec(name, name, scale.unit or by_name[name].unit, scale, pen, colour)
            drawn.append(_recorded(rng, family, spec, by_name[name].value, pen, scale.edge, spec.unit, ""))
        wide = len(tracks) == 1 and not last and rng.random() < 0.6
        tracks.append(TrackDesign(500.0 * (2 if wide else 1), tuple(drawn), scales[0]))
    return Design(tuple(tracks), min(1, len(tracks)), float(rng.uniform(95, 165)))


def _track(
    rng: np.random.Generator,
    family: Family,
    names: list[str],
    readings: dict[str, Float],
    width: float,
    is_log: bool,
    common: float,
    colour: bool,
) -> TrackDesign:
    scales = _scales(rng, family, names, readings, is_log)
    pens = deal_pens(rng, family, names, common)
    curves = []
    for name, scale, pen in zip(names, scales, pens, strict=True):
        measure, value = MEASURES[name], readings[name]
        edge = scale.edge
        printed, unit = _printed(rng, family, measure)
        if scale.kind == "relative":  # the recorder's zero is anybody's guess
            value = value - np.median(value) + (0.35 + 0.3 * rng.random()) * scale.right
        spec = _spec(name, printed, measure.unit, scale, pen, colour)
        curves.append(_recorded(rng, family, spec, value, pen, edge, unit, name))
    return TrackDesign(width, tuple(curves), scales[0])


def _printed(rng: np.random.Generator, family: Family, measure: Measure) -> tuple[str, str]:
    """Name and unit as the family prints them."""
    old = family.name in ("electrical", "film", "micro", "millimetre")
    names = measure.words if old or rng.random() < 0.25 else measure.short
    return str(rng.choice(names)), str(rng.choice(measure.units[:2] if old else measure.units))


def _spec(name: str, printed: str, unit: str, scale: CustomScale, pen: Pen, colour: bool) -> CurveSpec:
    anchors = ((0.0, float(scale.left)), (1.0, float(scale.right)))
    ink = "#{:02x}{:02x}{:02x}".format(*pen.ink) if colour else None
    return CurveSpec(
        name,
        (ValueScale(anchors, scale.kind),),
        unit,
        printed,
        pen.style,
        round(pen.width, 2),
        ink,
        wraps=scale.edge == "wrap",
    )


def _scales(
    rng: np.random.Generator, family: Family, names: list[str], readings: dict[str, Float], is_log: bool
) -> list[CustomScale]:
    """A scale for each curve of a track; resistivities of one track share theirs."""
    shared = _resistivity(rng, [readings[n] for n in names if n in RESISTIVITIES], is_log)
    out = []
    for name in names:
        measure = MEASURES[name]
        edge = measure.edges[int(rng.integers(len(measure.edges)))]
        if edge == "leave" and rng.random() < 0.08:
            edge = "over"
        if name in RESISTIVITIES:
            left, right, kind = shared
        elif (
            name == "SP"
            and family.name in ("electrical", "film", "micro", "millimetre")
            and rng.random() < 0.5
        ):
            left, right, kind = 0.0, 10 * float(rng.choice([10, 15, 20, 25])), "relative"
        else:
            left, right = _best(rng, measure, readings[name])
            kind = "linear"
        if kind == "log" and edge == "peg":
            edge = "leave"
        out.append(CustomScale(left, right, measure.unit, kind, edge))
    return out


def _best(rng: np.random.Generator, measure: Measure, value: Float) -> tuple[float, float]:
    """A customary scale, more likely one that holds most of the readings."""
    order = rng.permutation(len(measure.scales))
    on = []
    for k in order:
        low, high = sorted(measure.scales[k])
        on.append(float(np.mean((value >= low) & (value <= high))))
    good = [k for k, share in zip(order, on, strict=True) if share > 0.8]
    left, right = measure.scales[good[0] if good else order[int(np.argmax(on))]]
    return float(left), float(right)


def _resistivity(
    rng: np.random.Generator, values: list[Float], is_log: bool
) -> tuple[float, float, ScaleKind]:
    if not values:
        return 0.0, 1.0, "linear"
    together = np.concatenate(values)
    if is_log:
        on = [float(np.mean((together >= a) & (together <= b))) for a, b in _LOGS]
        good = [k for k, share in enumerate(on) if share > 0.9] or [int(np.argmax(on))]
        left, right = _LOGS[good[int(rng.integers(len(good)))]]
        return float(left), float(right), "log"
    typical = float(np.median(together)) * log_uniform(rng, 1.6, 6)
    return 0.0, min(_ROUND, key=lambda end: abs(np.log(end / typical))), "linear"


def _recorded(
    rng: np.random.Generator,
    family: Family,
    spec: CurveSpec,
    value: Float,
    pen: Pen,
    edge: Edge,
    unit: str,
    measure: str,
) -> Recorded:
    """The curve with its backups and amplified strokes, where it has some."""
    main = spec.scales[0]
    with np.errstate(invalid="ignore"):
        u = to_position(main, value)
        if edge == "wrap":  # what a recorder cannot show it does not record
            value = np.where(
                (u < _FARTHEST[0]) | (u > _FARTHEST[1]), to_value(main, np.clip(u, *_FARTHEST)), value
            )
        off = float(np.mean(u > 1))
    left, right = main.anchors[0][1], main.anchors[-1][1]
    scales, pens = [main], [pen]
    linear = main.kind == "linear" and left == 0 and right > 0 and edge in ("leave", "peg")
    times = 1.0
    while linear and off > 0.01 and len(scales) < 3 and rng.random() < min(0.9, 1.6 * family.backups):
        times *= float(rng.choice([5, 10, 10, 10])) if len(scales) == 1 else 10.0
        style = pen.style if rng.random() < 0.35 else STYLES[int(rng.choice(4, p=family.styles))]
        other = replace(pen, style=style, pattern=pattern(rng, style, pen.width), scatter=0.0)
        scales.append(ValueScale(((0.0, left), (1.0, right * times)), "linear", "backup", style))
        pens.append(other)
        off = float(np.mean(u > times))
    if linear and len(scales) == 1 and spec.mnemonic in ("SN", "GR", "NEUT") and rng.random() < 0.12:
        style = STYLES[int(rng.choice(4, p=family.styles))]
        scales.append(ValueScale(((0.0, left), (1.0, right / 5)), "linear", "amplified", style))
        pens.append(replace(pen, style=style, pattern=pattern(rng, style, pen.width), scatter=0.0))
    spec = replace(spec, scales=tuple(scales))
    # in one style, nobody could tell a backup that is always drawn from the curve itself
    always = bool(rng.random() < 0.4) and all(other.style != pen.style for other in pens[1:])
    return Recorded(spec, value, tuple(pens), edge, always, unit, measure)
