"""Depth scales as the trade has them, and the resolution of paper that follows from tracks and scale."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from logdigit.paper.straighten import true_dpi
from logdigit.types import DepthUnit, Strip

if TYPE_CHECKING:
    from logdigit.paper.foundsection import FoundSection

_LOOSE = 0.145
"""Share by which paper is longer or shorter than it was printed."""
_FEET: dict[str, float] = {"1in": 1.0, "2in": 2.0, "5in": 5.0}
_RARE_FEET: dict[str, float] = {"1:1000": 1.2, "1:500": 2.4, "2.5in": 2.5, "1:200": 6.0}
_DETAIL: dict[str, float] = {"10in": 10.0, "25in": 25.0}
"""Scales of detail logs: figures that have all lost their last digit look the same."""
_METRES: dict[str, float] = {
    **{
        "1:2000": 1.9685,
        "1:1200": 3.281,
        "1:1000": 3.937,
        "1:600": 6.562,
        "1:500": 7.874,
        "1:240": 16.404,
        "1:200": 19.685,
    },
    **{"1:100": 39.37, "1:48": 82.02, "1:40": 98.4},
}


@dataclass(frozen=True)
class Nominal:
    """A depth scale: its name, and its inches of paper for 100 depth units."""

    name: str
    inches: float

    @property
    def detail(self) -> bool:
        """Whether this is the scale of a detail log, which stands beside another of the same depths."""
        return self.name in _DETAIL or self.inches >= 39


def nominal_of(px_per_unit: float, dpi: tuple[float, float], unit: DepthUnit) -> Nominal | None:
    """The usual depth scale nearest to rows per depth unit, else a rare one; None where none is near.

    >>> nominal_of(10.15, (200.0, 200.0), "FT")
    Nominal(name='5in', inches=5.0)
    >>> nominal_of(42.7, (203.0, 203.0), "FT") is None
    True
    """
    inches = 100 * px_per_unit / dpi[1]
    for known in (_FEET, _RARE_FEET, _DETAIL) if unit == "FT" else (_METRES,):
        name = min(known, key=lambda n: abs(known[n] / inches - 1))
        if abs(inches / known[name] - 1) <= _LOOSE:
            return Nominal(name, known[name])
    return None


def paper_dpi(strip: Strip, sections: Sequence[FoundSection], unit: DepthUnit) -> tuple[float, float]:
    """True resolution (x, y): across by the tracks, along by the depth scale where that is a usual one."""
    across = true_dpi(strip.dpi, [t.width for s in sections for t in s.tracks])
    longest = max(sections, key=lambda s: s.bottom - s.top)
    nominal = nominal_of(longest.px_per_unit, across, unit)
    if nominal is None:
        return across
    return across[0], 100 * longest.px_per_unit / nominal.inches
