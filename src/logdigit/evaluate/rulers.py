"""Where the values of a curve stand on paper: the ruler by which its errors are measured.

A ruler comes from a layout (each section of it holds over its own depths), from a ``--scale``, or, where
nothing says how the curve is printed, from the spread of its true values.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Literal

import numpy as np
from numpy.typing import NDArray

from logdigit.curves.calibrate import to_position
from logdigit.errors import LayoutError, UsageError
from logdigit.paper.curvespec import parse_curve
from logdigit.paper.spec import LayoutFile
from logdigit.types import Bool, CurveSpec, DepthScale, DepthUnit, Digitised, Float, ValueScale, WellLog

Source = Literal["layout", "option", "span"]
SPAN = (1.0, 99.0)
"""Percentiles of the true values that stand for the edges of a scale that nobody stated."""
_FT_IN_M = 0.3048
_NO_TRACK = (-1, -1)


@dataclass(frozen=True)
class Printed:
    """A curve as it is printed over an interval of depth.

    Attributes:
        spec: what it looks like; its depths are in the unit of the truth.
        top: first depth of its section.
        base: last depth.
        track: number of the section and of the track in it; the same for all curves that no layout places.
    """

    spec: CurveSpec
    top: float = -math.inf
    base: float = math.inf
    track: tuple[int, int] = _NO_TRACK


@dataclass(frozen=True)
class Ruler:
    """How one curve is printed, section after section; where two overlap, the first one counts."""

    source: Source
    printed: tuple[Printed, ...]

    @property
    def spec(self) -> CurveSpec:
        """The curve as its first section has it."""
        return self.printed[0].spec

    @property
    def wraps(self) -> bool:
        """Whether it re-enters at the other edge when it leaves its scale."""
        return any(p.spec.wraps for p in self.printed)

    @property
    def placed(self) -> bool:
        """Whether a layout says where it is printed."""
        return self.printed[0].track != _NO_TRACK

    @property
    def levels(self) -> int:
        """Scales that it is printed on: 1, or more where it has backups."""
        return max(len(p.spec.scales) for p in self.printed)

    def position(self, depth: Float, value: Float, level: int = 0) -> Float:
        """Positions (N,) of values (N,) at depths (N,): share of the scale, unwrapped.

        NaN where there is no value, or it has no place on the scale, or there is no such scale.
        """
        out = np.full(len(depth), np.nan)
        for k, printed in enumerate(self.printed):
            if level < len(printed.spec.scales):
                scale = printed.spec.scales[level]
                here = self._section(depth) == k
                if scale.depths is not None and level > 0:
                    here &= (depth >= scale.depths[0]) & (depth <= scale.depths[1])
                out[here] = to_position(scale, value[here])
        return out

    def on_scale(self, depth: Float, u: Float) -> Bool:
        """Rows whose reading stands on paper: on the scale, or on any turn of a curve that wraps."""
        if self.source == "span":
            return np.isfinite(u)
        wraps = np.array([p.spec.wraps for p in self.printed])[self._section(depth)]
        with np.errstate(invalid="ignore"):
            return np.isfinite(u) & (wraps | ((u >= 0) & (u <= 1)))

    def declared(self, depth: Float) -> Bool:
        """Rows between the first and the last reading, where the layout states them."""
        out = np.ones(len(depth), dtype=np.bool_)
        for k, printed in enumerate(self.printed):
            if printed.spec.valid is not None:
                first, last = printed.spec.valid
                out &= (self._section(depth) != k) | ((depth >= first) & (depth <= last))
        return out

    def ink(self, depth: Float, u: Float) -> Float:
        """Where its ink is, 0 to 1; NaN where it has none."""
        wraps = np.array([p.spec.wraps for p in self.printed])[self._section(depth)]
        return np.where(self.on_scale(depth, u), np.where(wraps, u - np.floor(u), u), np.nan)

    def shares_track(self, depth: Float, other: Ruler) -> Bool:
        """Rows on which it stands in the same track as another curve."""
        mine, theirs = (np.array([p.track for p in r.printed])[r._section(depth)] for r in (self, other))
        return np.asarray((mine == theirs).all(axis=1))

    def _section(self, depth: Float) -> NDArray[np.int64]:
        """Index into ``printed`` of each depth (N,): the first that covers it, else the nearest."""
        away = [np.maximum(np.maximum(p.top - depth, depth - p.base), 0.0) for p in self.printed]
        return np.asarray(np.argmin(np.stack(away), axis=0))


def unit_factor(of: DepthUnit, to: DepthUnit) -> float:
    """What depths in one unit are multiplied by to be in another."""
    return 1.0 if of == to else _FT_IN_M if to == "M" else 1 / _FT_IN_M


def printed_names(layout: LayoutFile, truth: WellLog) -> dict[str, str]:
    """Abbreviations that are printed for curves of the truth, in capitals: they name these in a log as well.

    A density porosity that the truth calls NPHI is TNPH where that is what the heading says.
    """
    curves = [c for s in layout.sections for t in s.tracks for c in t.curves]
    true = {curve.mnemonic.upper() for curve in truth.curves}
    out: dict[str, str] = {}
    for curve in curves:
        printed, name = curve.printed.upper(), curve.mnemonic.upper()
        if printed != name and printed not in true and name in true and " " not in printed:
            out.setdefault(printed, name)
    return out


def from_file(file: LayoutFile, unit: DepthUnit) -> tuple[Printed, ...]:
    """The curves of the main passes of a layout file, that at the largest depth scale first.

    Args:
        file: the layout.
        unit: of the truth; depths are converted to it.
    """
    out: list[tuple[float, tuple[Printed, ...]]] = []
    mains = [s for s in file.sections if s.pass_name == "main"] or list(file.sections)
    for number, section in enumerate(mains):
        rows, depths = np.array(section.ticks, dtype=np.float64).T
        factor = unit_factor(section.unit, unit)
        scale = DepthScale(rows, (depths + section.figure_add) * factor, unit, 0.0)
        top, base = scale.to_depth(np.array([section.rows[0], section.rows[1] - 1.0]))
        tracks = [track.curves for track in section.tracks]
        pitch = (rows[-1] - rows[0]) / (scale.depths[-1] - scale.depths[0])
        out.append((float(pitch), _printed(number, float(top), float(base), tracks, factor)))
    return tuple(p for _, part in sorted(out, key=lambda part: -part[0]) for p in part)


def from_result(result: Digitised, unit: DepthUnit) -> tuple[Printed, ...]:
    """The curves of the sections that a log was digitised from, as the product laid them out."""
    out: tuple[Printed, ...] = ()
    for number in result.sections:
        section = result.layout.sections[number]
        middle = np.full(2, (section.body.left + section.body.right) / 2)
        rows = np.array([section.body.top, section.body.bottom - 1.0])
        _, straight = result.layout.geometry.to_straight(middle, rows)
        factor = unit_factor(section.depth.unit, unit)
        top, base = section.depth.to_depth(straight) * factor
        out += _printed(number, float(top), float(base), [t.curves for t in section.tracks], factor)
    return out


def _printed(
    number: int, top: float, base: float, tracks: Iterable[Sequence[CurveSpec]], factor: float
) -> tuple[Printed, ...]:
    def moved(ends: tuple[float, float] | None) -> tuple[float, float] | None:
        return None if ends is None else (ends[0] * factor, ends[1] * factor)

    return tuple(
        Printed(
            replace(
                spec,
                scales=tuple(replace(scale, depths=moved(scale.depths)) for scale in spec.scales),
                valid=moved(spec.valid),
            ),
            top,
            base,
            (number, k),
        )
        for k, curves in enumerate(tracks)
        for spec in curves
    )


def rulers(declared: Iterable[Printed], given: Mapping[str, CurveSpec]) -> dict[str, Ruler]:
    """Rulers by mnemonic, in capitals; what an option says wins over the layout.

    Args:
        declared: curves of the layout; those without a scale have no ruler.
        given: curves of ``--scale``, by mnemonic in capitals.
    """
    placed: dict[str, tuple[Printed, ...]] = {}
    for printed in declared:
        name = printed.spec.mnemonic.upper()
        placed[name] = (*placed.get(name, ()), printed)
    out = {}
    for name in {**placed, **given}:
        where = placed.get(name, ())
        if name in given:
            said = given[name]
            where = where or (Printed(said),)
            out[name] = Ruler(
                "option",
                tuple(replace(p, spec=replace(p.spec, scales=said.scales, wraps=said.wraps)) for p in where),
            )
        elif scaled := tuple(p for p in where if p.spec.scales):
            out[name] = Ruler("layout", scaled)
    return out


def span_ruler(mnemonic: str, value: Float) -> Ruler | None:
    """A ruler from the spread of true values (N,); None where they do not vary."""
    good = value[np.isfinite(value)]
    if not len(good):
        return None
    low, high = (float(v) for v in np.percentile(good, SPAN))
    if not low < high:
        low, high = float(good.min()), float(good.max())
    if not low < high:
        return None
    return Ruler("span", (Printed(CurveSpec(mnemonic, (ValueScale(((0.0, low), (1.0, high))),))),))


def parse_scale(text: str) -> CurveSpec:
    """The value of ``--scale``: ``GR=0:150``, and ``kind=`` or ``wraps=`` behind a blank.

    Raises:
        UsageError: quoting the text.

    >>> parse_scale("ILD=0.2:2000 kind=log").scales[0].kind
    'log'
    """
    name, equals, rest = text.partition("=")
    words = rest.split()
    known = all(word.startswith(("kind=", "wraps=")) for word in words[1:])
    if not equals or not name.strip() or not words or ":" not in words[0] or not known:
        raise UsageError(
            f"--scale {text!r}: must be MNEMONIC=LEFT:RIGHT, then kind= or wraps= if need be: "
            '"GR=0:150 wraps=true", "ILD=0.2:2000 kind=log"'
        )
    try:
        return parse_curve(f"{name.strip()} track=1 scale={rest}")[1]
    except LayoutError as error:
        raise UsageError(f"--scale {text!r}: {str(error).rpartition(': ')[2]}") from None
