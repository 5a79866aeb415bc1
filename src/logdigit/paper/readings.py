"""What the readings of a measurement can be and usually are, in whatever unit they are printed."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from logdigit.paper.mnemonics import Measurement, measurements
from logdigit.paper.units import unit_of
from logdigit.types import CurveSpec, Section

_DENSE = 2.4
"""G/CC to which a scale of bulk density reaches at least: all rocks are about as dense."""
_ALIKE: tuple[frozenset[str], ...] = tuple(
    frozenset(units)
    for units in (
        ("IN", "MM"),
        ("US/F", "US/M"),
        ("G/CC", "K/M3"),
        ("PU", "%", "V/V"),
        ("GAPI", "UGRA/T", "CPS"),
        ("DEGF", "DEGC"),
        ("MMHO", "MS/M"),
    )
)


_FACTORS = {("IN", "MM"): 25.4, ("US/F", "US/M"): 1 / 0.3048, ("G/CC", "K/M3"): 1000.0}
"""By which readings in the first unit are smaller than in the second."""
_SHARES = {("PU", "%"): 1.0, ("PU", "V/V"): 0.01}
"""The same of units of a share: what is read does not tell these apart."""


def in_unit(measurement: Measurement, values: tuple[float, float]) -> str:
    """The unit in which a measurement can have these readings; empty where it can in none.

    >>> from logdigit.paper.mnemonics import measurement_of
    >>> rhob, cal = measurement_of("RHOB"), measurement_of("CALIPER")
    >>> in_unit(rhob, (1.95, 2.95)), in_unit(rhob, (1950, 2950)), in_unit(cal, (125, 375))
    ('G/CC', 'K/M3', 'MM')
    >>> in_unit(cal, (-9, 9))
    ''
    """
    factors = {measurement.unit: 1.0} | {b: f for (a, b), f in _FACTORS.items() if a == measurement.unit}
    for unit, factor in factors.items():
        low, high = sorted(value / factor for value in values)
        inside = low >= measurement.lowest - 1e-9 and high <= measurement.highest + 1e-9
        if inside and lies_right(measurement, (values[0] / factor, values[1] / factor)):
            return unit
    return ""


def can_be_in(measurement: Measurement, unit: str) -> bool:
    """Whether readings of a measurement can be in a unit.

    >>> from logdigit.paper.mnemonics import measurement_of
    >>> can_be_in(measurement_of("GR"), "UGRA/T"), can_be_in(measurement_of("DT"), "IN")
    (True, False)
    """
    if measurement.unit == unit:
        return True
    return any(measurement.unit in units and unit in units for units in _ALIKE)


def _known_in(sections: Sequence[Section]) -> Iterator[tuple[CurveSpec, Measurement, str]]:
    """Curves of sections that the table knows by their mnemonic, what they measure, and their unit."""
    known = {name: m for m in reversed(measurements()) for name in (*m.names, m.mnemonic)}
    for curve in (curve for section in sections for track in section.tracks for curve in track.curves):
        if (measurement := known.get(curve.mnemonic.upper())) is not None:
            yield curve, measurement, unit_of(curve.unit) or curve.unit.upper()


def typical_of(sections: Sequence[Section]) -> dict[str, tuple[float, float]]:
    """Typical reading of the curves of sections and its spread, in their units, by mnemonic.

    Only of those that the table knows by their mnemonic, in a unit that it can turn into its own.
    """
    out = {}
    for curve, measurement, unit in _known_in(sections):
        factor = 1.0 if unit == measurement.unit else (_FACTORS | _SHARES).get((measurement.unit, unit))
        if measurement.typical is not None and factor is not None:
            out[curve.mnemonic] = (factor * measurement.typical[0], factor * measurement.typical[1])
    return out


def limits_of(sections: Sequence[Section]) -> dict[str, tuple[float, float]]:
    """Lowest and highest possible reading of the curves of sections, by mnemonic.

    Only of those that the table knows by their mnemonic, printed in the unit of the table.
    """
    return {
        curve.mnemonic: (measurement.lowest, measurement.highest)
        for curve, measurement, unit in _known_in(sections)
        if unit == measurement.unit
    }


def lies_right(measurement: Measurement, values: tuple[float, float]) -> bool:
    """Whether a scale runs the way that all logs print this measurement: a lost minus sign shows here.

    >>> from logdigit.paper.mnemonics import measurement_of
    >>> lies_right(measurement_of("SP"), (80, 20)), lies_right(measurement_of("SP"), (-80, 20))
    (False, True)
    >>> lies_right(measurement_of("GR"), (150, 300)), lies_right(measurement_of("GR"), (0, 150))
    (False, True)
    """
    left, right = values
    if min(measurement.scale) == 0 and 0 < abs(right - left) <= min(values):
        return False  # 150 to 300 is where the scale of 0 to 150 goes on, which was not read
    if measurement.mnemonic == "RHOB" and max(values) < _DENSE:
        return False
    if measurement.mnemonic in ("SP", "GR", "CAL", "DCAL", "MCAL", "RHOB", "DRHO", "BS"):
        return left < right
    if measurement.unit == "OHMM":
        return left < right
    if measurement.mnemonic in ("DT", "DTS"):
        return left > right
    if measurement.unit == "PU":
        return left > right and right <= 0
    return True
