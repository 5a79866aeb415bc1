"""Customs of drawing logs by another hand than the generator's, each picked at random.

The generator prints what the network is trained on, so its pages cannot tell what only works on them. Here
every log has a custom of its own: where depths stand, how headings are set, colours, fills, wear.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from logdigit.curves.calibrate import to_position
from logdigit.types import ValueScale

Float = NDArray[np.float64]


class Family(NamedTuple):
    """What a measurement may be called and how it is scaled, and where its values are.

    Attributes:
        names: printed.
        units: printed.
        scales: customary.
        right: mnemonics in the LAS file that count as right.
        sources: mnemonics of real curves.
        log: whether the scale is logarithmic.
    """

    names: str
    units: str
    scales: tuple[tuple[float, float], ...]
    right: str
    sources: str
    log: bool = False


_OHMS = "OHMM|OHM-M|ohm.m"
_DECADES = ((0.2, 2000.0), (0.2, 200.0), (2.0, 2000.0))
FAMILIES = {
    "GR": Family("GAMMA RAY|GR|Gamma Ray", "API|GAPI", ((0, 150), (0, 100), (0, 200)), "GR", "GR GAMN GR2"),
    "SP": Family("SP|SPONTANEOUS POTENTIAL|S.P.", "MV|mV", ((-160, 40), (-100, 100), (-80, 20)), "SP", "SP"),
    "CALI": Family(
        "CALIPER|CALI|CAL", "IN|INCHES", ((6, 16), (4, 14), (8, 18)), "CALI CAL", "CALI CAL1 DCAL MCAL"
    ),
    "DEEP": Family(
        "ILD|DEEP INDUCTION|Deep Resistivity|RILD", _OHMS, _DECADES, "ILD RILD RDEP", "ILD RILD RT SN", True
    ),
    "MED": Family("ILM|MEDIUM INDUCTION|RILM", _OHMS, _DECADES, "ILM RILM RMED", "ILM RILM", True),
    "LLD": Family("LLD|LATEROLOG DEEP", _OHMS, ((0.2, 2000), (2, 20000)), "LLD", "LLD RD", True),
    "LLS": Family("LLS|LATEROLOG SHALLOW", _OHMS, ((0.2, 2000), (2, 20000)), "LLS", "LLS RS", True),
    "RHOB": Family(
        "RHOB|BULK DENSITY|Bulk Density", "G/CC|G/C3|g/cm3", ((1.95, 2.95), (2, 3)), "RHOB", "RHOB"
    ),
    "NPHI": Family(
        "NPHI|NEUTRON POROSITY|Neutron", "V/V", ((0.45, -0.15), (0.3, -0.1), (0.6, 0)), "NPHI", "NPHI CNLS"
    ),
    "DPHI": Family("DPHI|DENSITY POROSITY", "V/V", ((0.45, -0.15), (0.3, -0.1)), "DPHI", "DPHI DPOR"),
    "DT": Family(
        "DT|SONIC|Sonic Transit Time", "US/F|us/ft|USEC/FT", ((140, 40), (150, 50), (100, 40)), "DT", "DT"
    ),
    "DRHO": Family("DRHO|CORRECTION", "G/CC", ((-0.25, 0.25), (-0.05, 0.45)), "DRHO", "DRHO RHOC"),
    "PE": Family("PE|PEF", "B/E", ((0, 10), (0, 20)), "PE PEF", "PE PEF"),
    "NEU": Family("NEUTRON|NEU", "CPS|API", ((0, 5000), (0, 1000), (0, 2000)), "NEUT NEU", "NEU NEUT"),
}
MARGIN = 0.35
ROW = {"line": 0.34, "broken": 0.34, "words": 0.34, "under": 0.42}
STYLES = {"solid": "-", "dashed": (0, (6, 3)), "dotted": (0, (1.2, 2)), "dashdot": (0, (7, 2, 1.5, 2))}
COLOURED, GREYS = ["#e08030", "#50a050", "#8080c0"], ["0.75", "0.6", "0.4", "0.0"]
PENS = ["black", "#c00000", "#0000c0", "#007000", "#a000a0"]


def drawn_scale(ends: tuple[float, float], log: bool) -> ValueScale:
    """A scale by its values at the left and right edge."""
    return ValueScale(((0.0, ends[0]), (1.0, ends[1])), "log" if log else "linear")


@dataclass
class Pen:
    """A curve as it is drawn: its printed words, its scale and its line."""

    family: str
    printed: str
    unit: str
    scale: tuple[float, float]
    log: bool
    style: str
    width: float
    colour: str
    values: Float
    wraps: bool = False
    part: tuple[float, float] = (0.0, 1.0)  # of the track's width
    more: tuple[float, float] | None = None  # a second scale, in dashes, where the curve is off its own

    def place(self, values: Float) -> Float:
        """Values as shares of the track's width, as drawn."""
        return to_position(drawn_scale(self.scale, self.log), values)


@dataclass
class Places:
    """Where things are on the page, inches from its upper left corner, and the depths of the log."""

    lefts: list[float]
    track: float
    column: tuple[float, float]
    top: float
    base: float
    inches: float
    first: float
    last: float

    def row(self, depth: float) -> float:
        """How far down a depth is."""
        return self.top + (depth - self.first) * self.inches


@dataclass
class Hand:
    """One custom of drawing; inches on paper unless said otherwise."""

    dpi: int
    track: float
    column: float
    depth_at: int  # tracks left of the depth column
    grid: str
    lines: tuple[float, float]  # widths of light and heavy grid lines, points
    divisions: int
    heading: str  # "above" the log, "below" it, "both"
    row: str  # how a curve is declared: "line", "broken", "words", "under"
    font: str
    size: float  # points
    labels: str  # format of the depth figures
    values: str  # of the scale values
    fill: bool
    note: bool
    colour: bool
    wear: str
    angle: float
    repeat: bool = False  # a repeat pass below the main one


def pick_hand(rng: np.random.Generator, tracks: int) -> Hand:
    """A custom, drawn at random."""
    colour = bool(rng.random() < 0.3)
    return Hand(
        dpi=int(rng.choice([150, 200, 200, 300])),
        track=float(rng.choice([2.0, 2.5, 2.5, 3.0])),
        column=float(rng.choice([0.5, 0.75, 0.9])),
        depth_at=int(rng.choice([1, 1, 1, 0])) if tracks > 1 else int(rng.integers(2)),
        grid=str(rng.choice(COLOURED if colour and rng.random() < 0.5 else GREYS)),
        lines=[(0.3, 0.7), (0.45, 0.9), (0.4, 1.2)][rng.integers(3)],
        divisions=int(rng.choice([10, 10, 10, 5, 20])),
        heading=str(rng.choice(["above", "above", "both", "below"])),
        row=str(rng.choice(["line", "broken", "words", "under"])),
        font=str(rng.choice(["DejaVu Sans", "DejaVu Serif", "DejaVu Sans Mono"])),
        size=float(rng.choice([7, 8, 9])),
        labels=str(rng.choice(["{:.0f}", "{:.0f}", "{:.0f}", "{:,.0f}", "{:.0f}'"])),
        values=str(rng.choice(["{:g}", "{:g}", "{:.1f}", "{:.4f}", "{:g}."])),
        fill=bool(rng.random() < 0.2),
        note=bool(rng.random() < 0.3),
        colour=colour,
        wear=str(rng.choice(["clean", "grey", "bilevel"])),
        angle=float(rng.uniform(-0.5, 0.5)),
    )  # fmt: skip
