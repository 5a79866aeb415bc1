"""What was logged on a page: readings of a well that never was, or a stretch of a LAS file."""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np

from logdigit.errors import DataError
from logdigit.out.las import read_las
from logdigit.synth.families import Family
from logdigit.synth.geology import survey
from logdigit.synth.page_body import at_depths
from logdigit.synth.page_measures import derived
from logdigit.synth.page_tracks import Design, Recorded, design_of_log, design_tracks
from logdigit.synth.strokes import log_uniform
from logdigit.types import Curve, DepthUnit, Float, WellLog

OLD = ("electrical", "film", "micro", "millimetre")
"""Families of the pen and film recorders."""

_PER_FOOT: dict[float, str] = {10: "5in", 4: "2in", 2: "1in"}
_OFTEN = {"5in": 0.6, "2in": 0.25, "1in": 0.15}
"""Most logs that anybody digitises are 5-inch ones."""
_PER_METRE = {12: (200, "1:200"), 4.8: (500, "1:500"), 2.4: (1000, "1:1000"), 1.2: (2000, "1:2000")}
_LEAST_ROWS, _MOST_ROWS = 2200.0, 6500.0
_NAME = re.compile(r"[A-Za-z][A-Za-z0-9_]{0,11}")


@dataclass(frozen=True)
class Well:
    """What was logged.

    Attributes:
        unit: of depth.
        step: of the index, depth units.
        index: (N,) depths.
        per_unit: px at 200 dpi a depth unit.
        nominal: name of that depth scale.
        design: tracks, with the readings of their curves on ``index``.
        header: what a LAS file says of the well.
    """

    unit: DepthUnit
    step: float
    index: Float
    per_unit: float
    nominal: str
    design: Design
    header: dict[str, str]


def random_well(rng: np.random.Generator, family: Family, colour: bool, logs: tuple[Path, ...]) -> Well:
    """A well as ``family`` prints it; ``logs`` are LAS files to take curves from, empty to invent them.

    Raises:
        DataError: if no file of ``logs`` has a curve that can be printed.
    """
    well = _real_well(rng, family, colour, logs) if logs else _invented_well(rng, family, colour)
    tracks = tuple(
        replace(track, curves=tuple(_interrupted(rng, curve, well) for curve in track.curves))
        for track in well.design.tracks
    )
    return replace(well, design=replace(well.design, tracks=tracks))


def _scale_of(rng: np.random.Generator, family: Family, unit: DepthUnit) -> tuple[float, str]:
    """Px a depth unit at 200 dpi and the name of a depth scale that ``family`` has."""
    if unit == "FT":
        feet = [float(rows) for rows in family.rows_a_foot if rows in _PER_FOOT] or [10.0]
        weights = np.array([_OFTEN[_PER_FOOT[rows]] for rows in feet])
        picked = feet[int(rng.choice(len(feet), p=weights / weights.sum()))]
        return picked, _PER_FOOT[picked]
    metric = [rows for rows in family.rows_a_foot if rows in _PER_METRE] or [12]
    denominator, name = _PER_METRE[metric[int(rng.integers(len(metric)))]]
    return 200 / 0.0254 / denominator, name


def _step(family: Family, unit: DepthUnit, per_unit: float) -> float:
    """Depth between readings: fine for recorders with a pen, what loggers store for the others."""
    if family.name in OLD:
        fine = 0.1 if family.name == "micro" else 0.25
        steps = [fine, 0.5, 1.0] if unit == "FT" else [0.05, 0.1, 0.2, 0.5]
    else:
        steps = [0.5, 1.0] if unit == "FT" else [0.1, 0.2, 0.5]
    return next((s for s in steps if s * per_unit >= 0.95), steps[-1])


def _invented_well(rng: np.random.Generator, family: Family, colour: bool) -> Well:
    metric = all(r not in _PER_FOOT for r in family.rows_a_foot)
    if not metric and any(r in _PER_METRE for r in family.rows_a_foot):
        metric = bool(rng.random() < 0.3)
    unit: DepthUnit = "M" if metric else "FT"
    per_unit, nominal = _scale_of(rng, family, unit)
    step = _step(family, unit, per_unit)
    span = log_uniform(rng, _LEAST_ROWS, _MOST_ROWS) / per_unit
    start = log_uniform(rng, 200, 9000) if rng.random() < 0.8 else rng.uniform(10_000, 17_500)
    start = start * (0.3048 if metric else 1.0)
    first, last = round(start / step), round((start + span) / step)
    index = np.asarray(np.arange(first, last + 1) * step, dtype=np.float64)
    a_foot = (0.3048 if metric else 1.0) / step
    readings = derived(rng, survey(rng, len(index), a_foot), a_foot)
    return Well(unit, step, index, per_unit, nominal, design_tracks(rng, family, readings, colour), {})


def _real_well(rng: np.random.Generator, family: Family, colour: bool, logs: tuple[Path, ...]) -> Well:
    """A stretch of one of the LAS files, on even depths; the next file where one has nothing to print."""
    order = rng.permutation(len(logs))
    for number in order:
        log = read_las(logs[int(number)])
        curves = tuple(c for c in log.curves if _NAME.fullmatch(c.mnemonic) and _varies(c.value))
        if not curves or len(log.depth) < 300:
            continue
        per_unit, nominal = _scale_of(rng, family, log.unit)
        step = max(_step(family, log.unit, per_unit), round(float(np.median(np.diff(log.depth))), 4))
        span = min(log_uniform(rng, _LEAST_ROWS, _MOST_ROWS) / per_unit, float(np.ptp(log.depth)) - 2 * step)
        first = _best_start(log, curves, span)
        index: Float = np.arange(np.ceil(first / step), np.floor((first + span) / step) + 1) * step
        even = tuple(replace(c, depth=index, value=at_depths(log.depth, c.value, index)) for c in curves)
        even = tuple(c for c in even if _varies(c.value) and np.isfinite(c.value).mean() > 0.5)
        if even and len(index) > 100:
            design = design_of_log(rng, family, even, colour)
            return Well(log.unit, step, index, per_unit, nominal, design, dict(log.header))
    raise DataError(
        f"{logs[0].parent}: no LAS file with a curve to print; --curves-from names a directory of LAS files"
    )


def _varies(value: Float) -> bool:
    good = value[np.isfinite(value)]
    return bool(len(good) > 100 and np.percentile(good, 98) > np.percentile(good, 2))


def _best_start(log: WellLog, curves: tuple[Curve, ...], span: float) -> float:
    """Where a stretch of ``span`` begins that holds most readings."""
    known = np.concatenate([[0], np.cumsum(np.sum([np.isfinite(c.value) for c in curves], axis=0))])
    ends = np.searchsorted(log.depth, log.depth + span, side="right")
    inside = log.depth + span <= log.depth[-1] + 1e-6
    total = np.where(inside, known[ends] - known[:-1], -1)
    return float(log.depth[int(np.argmax(total))])


def _interrupted(rng: np.random.Generator, curve: Recorded, well: Well) -> Recorded:
    """The curve with what was never recorded taken out, and its first and last reading declared."""
    value, count = curve.value.copy(), len(well.index)
    px = well.per_unit * well.step  # paper a reading takes
    if rng.random() < 0.12:
        start = int(rng.uniform(0.1, 0.85) * count)
        value[start : start + int(rng.uniform(40, 400) / px)] = np.nan
    if rng.random() < 0.15:
        value[: int(rng.uniform(60, 0.25 * count * px) / px)] = np.nan
    if rng.random() < 0.2:
        value[count - int(rng.uniform(20, 300) / px) :] = np.nan
    known = np.flatnonzero(np.isfinite(value))
    if len(known) < 50:
        return curve
    valid = None
    if known[0] > 0 or known[-1] < count - 1:
        valid = (round(float(well.index[known[0]]), 4), round(float(well.index[known[-1]]), 4))
    return replace(curve, value=value, spec=replace(curve.spec, valid=valid), hold=bool(rng.random() < 0.5))
