"""What was measured and how it was printed: names, units and scales of each era, and the usual tracks."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from scipy.ndimage import gaussian_filter1d

from logdigit.synth.plan import Edge
from logdigit.types import Float

Scale = tuple[float, float]


@dataclass(frozen=True)
class Measure:
    """One measurement as service companies print it.

    Attributes:
        words: names on prints of the film era, capitals.
        short: names on digital prints.
        unit: as LAS has it.
        units: as printed.
        scales: customary values at the left and right edge; empty for a resistivity, which takes what fits.
        edges: what it may do off scale.
    """

    words: tuple[str, ...]
    short: tuple[str, ...]
    unit: str
    units: tuple[str, ...]
    scales: tuple[Scale, ...] = ()
    edges: tuple[Edge, ...] = ("leave",)


_OHMM = ("OHMM", "OHM-M", "OHMS M2/M", "ohm.m")
_RES: tuple[Edge, ...] = ("leave", "leave", "peg", "wrap")
_PU = ("PU", "%", "POROSITY %", "pu")
_POROSITY: tuple[Scale, ...] = ((45, -15), (30, -10), (30, -10), (60, 0))

MEASURES: dict[str, Measure] = {
    "GR": Measure(
        ("GAMMA RAY", "GAMMA RAY"),
        ("GR", "Gamma Ray", "GAMMA"),
        "GAPI",
        ("API UNITS", "GAPI", "API", "gAPI"),
        ((0, 150), (0, 150), (0, 100), (0, 200), (20, 120)),
        ("wrap",),
    ),
    "SP": Measure(
        ("SPONTANEOUS POTENTIAL", "S P"),
        ("SP",),
        "MV",
        ("MILLIVOLTS", "MV", "mV"),
        ((-160, 40), (-100, 0), (-80, 20), (-150, 50)),
    ),
    "CAL": Measure(
        ("CALIPER", "HOLE DIAMETER", "HOLE SIZE"),
        ("CALI", "Caliper", "HCAL"),
        "IN",
        ("INCHES", "IN", "in"),
        ((6, 16), (6, 16), (5, 15), (4, 14)),
        ("leave", "peg"),
    ),
    "SN": Measure(('16" NORMAL', "SHORT NORMAL"), ("RES(16N)", "SN"), "OHMM", _OHMM, edges=_RES),
    "LN": Measure(('64" NORMAL', "LONG NORMAL"), ("RES(64N)", "LN"), "OHMM", _OHMM, edges=_RES),
    "LAT": Measure(("LATERAL", "18'8\" LATERAL"), ("LATERAL",), "OHMM", _OHMM, edges=_RES),
    "IL": Measure(("INDUCTION", "6FF40"), ("INDUCTION",), "OHMM", _OHMM, edges=_RES),
    "ILD": Measure(("DEEP INDUCTION",), ("ILD", "RILD", "Deep Induction"), "OHMM", _OHMM, edges=_RES),
    "ILM": Measure(("MEDIUM INDUCTION",), ("ILM", "RILM", "Medium Induction"), "OHMM", _OHMM, edges=_RES),
    "SFL": Measure(("SPHERICALLY FOCUSED LOG",), ("SFLU", "SFL"), "OHMM", _OHMM, edges=_RES),
    "LLD": Measure(("DEEP LATEROLOG",), ("LLD",), "OHMM", _OHMM, edges=_RES),
    "LLS": Measure(("SHALLOW LATEROLOG",), ("LLS",), "OHMM", _OHMM, edges=_RES),
    "MSFL": Measure(("MICRO SFL",), ("MSFL",), "OHMM", _OHMM, edges=_RES),
    "MLL": Measure(("MICROLATEROLOG",), ("MLL",), "OHMM", _OHMM, edges=_RES),
    "MNOR": Measure(("MICRO NORMAL",), ("MNOR",), "OHMM", _OHMM, edges=("leave", "peg")),
    "MINV": Measure(("MICRO INVERSE",), ("MINV",), "OHMM", _OHMM, edges=("leave", "peg")),
    "COND": Measure(
        ("CONDUCTIVITY", "INDUCTION CONDUCTIVITY"),
        ("CILD", "COND", "Conductivity"),
        "MMHO",
        ("MILLIMHOS/M", "MMHO", "mmho/m"),
        ((1000, 0), (500, 0), (400, 0)),
        ("wrap", "leave"),
    ),
    "RHOB": Measure(
        ("BULK DENSITY",),
        ("RHOB", "Bulk Density", "RHOZ"),
        "G/CC",
        ("GRAMS/CC", "G/CC", "g/cc"),
        ((2, 3), (2, 3), (1.95, 2.95)),
        ("wrap", "leave"),
    ),
    "DRHO": Measure(
        ("CORRECTION", "DENSITY CORRECTION"),
        ("DRHO", "HDRA"),
        "G/CC",
        ("G/CC", "g/cc"),
        ((-0.25, 0.25), (-0.75, 0.25)),
    ),
    "NPHI": Measure(
        ("NEUTRON POROSITY", "COMPENSATED NEUTRON POROSITY"),
        ("NPHI", "Neutron Porosity", "TNPH"),
        "PU",
        _PU,
        _POROSITY,
    ),
    "DPHI": Measure(
        ("DENSITY POROSITY",), ("DPHI", "Density Porosity", "DPHZ"), "PU", _PU, _POROSITY, ("leave", "wrap")
    ),
    "DT": Measure(
        ("INTERVAL TRANSIT TIME", "SPECIFIC ACOUSTIC TIME", "DELTA T"),
        ("DT", "Delta Time", "DTCO"),
        "US/F",
        ("MICROSECONDS/FT", "US/F", "usec/ft", "MICROSEC/FT"),
        ((140, 40), (140, 40), (100, 40), (150, 50)),
        ("wrap", "leave"),
    ),
    "SPOR": Measure(("SONIC POROSITY",), ("Sonic Porosity", "SPHI"), "PU", _PU, ((30, -10), (45, -15))),
    "PE": Measure(
        ("PHOTOELECTRIC FACTOR",), ("PEF", "PE", "PEFZ"), "B/E", ("B/E", "b/e"), ((0, 10), (0, 20))
    ),
    "NEUT": Measure(
        ("NEUTRON", "NEUTRON CURVE"),
        ("NEUTRON",),
        "CPS",
        ("COUNTS/SEC", "CPS"),
        ((0, 1000), (200, 1200), (0, 600)),
        ("leave", "wrap"),
    ),
    "TENS": Measure(
        ("TENSION",), ("TENS", "LTEN", "Line Tension"), "LBF", ("LB", "lbf"), ((10000, 0), (15000, 0))
    ),
}
"""By LAS mnemonic."""

RESISTIVITIES = ("SN", "LN", "LAT", "IL", "ILD", "ILM", "SFL", "LLD", "LLS", "MSFL", "MLL", "MNOR", "MINV")

TEMPLATES: dict[str, tuple[str, ...]] = {
    "electrical": (
        "SP . SN+LN LAT",
        "SP+GR . SN+LN LAT",
        "SP . w:SN+LN",
        "SP . SN+IL COND",
        "GR . NEUT",
        ". SP SN+LN",
        "SP . SN LN LAT",
    ),
    "film": (
        "GR+CAL . w:DT",
        "GR+CAL . w:RHOB",
        "SP+GR . SN+IL COND",
        "GR . NEUT",
        ". CAL",
        "GR+SP . w:log:ILD+SFL",
        "CAL+GR . w:DT+SPOR",
        "GR+CAL . DRHO RHOB",
        "GR+CAL . w:NPHI",
    ),
    "plotter": (
        "GR+CAL . w:RHOB+NPHI",
        "SP+GR . log:ILD+ILM+SFL",
        "SP+GR . w:log:ILD+ILM+SFL",
        "GR+CAL . w:DT+SPOR",
        "GR . w:NPHI+DPHI",
        "GR+CAL . w:log:LLD+LLS+MSFL",
        "SP . SN+IL COND",
    ),
    "digital": (
        "GR+SP+CAL . log:ILD+ILM+SFL RHOB+NPHI",
        "GR+CAL . w:DT+SPOR+TENS",
        "GR+CAL . w:NPHI+DPHI+PE",
        "GR+SP log:ILD+ILM . NPHI+RHOB DT",
        "SP+GR . w:log:ILD+ILM+SFL",
        "GR+CAL w:RHOB+NPHI .",
        "GR+SP . SN+LN LAT",
        "GR . w:log:LLD+LLS+MSFL",
    ),
    "colour": (
        "GR+SP+CAL . log:ILD+ILM+SFL RHOB+NPHI",
        "GR+CAL . w:NPHI+DPHI+PE+TENS",
        "GR+SP . SN+LN LAT",
        "GR+SP log:ILD+ILM . NPHI+RHOB DT",
        "GR+CAL . w:DT+SPOR",
        "SP+GR . w:log:ILD+ILM+SFL",
        "GR . IL COND",
    ),
    "micro": (
        "CAL . MNOR+MINV",
        "SP+CAL . MNOR+MINV",
        "CAL . w:MLL",
        "GR+CAL . MNOR+MINV MLL",
        "SP . w:log:MLL+SFL",
    ),
    "millimetre": (". SP SN+LN", "SP . SN+LN LAT", "GR . NEUT", "GR+CAL . DT", "SP GR . w:SN+LN"),
    "composite": (
        "GR+SP # . log:ILD+ILM NPHI+RHOB",
        "GR+CAL . # log:ILD+SFL DT",
        "GR+SP+CAL . log:LLD+LLS # NPHI+RHOB",
        "GR . # w:NPHI+DPHI",
    ),
}
"""Usual tracks of each family: ``.`` the depth column, ``#`` a picture, ``w:`` double width, ``log:``."""


def derived(rng: np.random.Generator, well: dict[str, Float], samples_a_foot: float) -> dict[str, Float]:
    """Everything in `MEASURES` from the readings of `geology.survey`, each (N,), in LAS units."""

    def slow(values: Float, feet: float) -> Float:
        return np.asarray(gaussian_filter1d(values, max(0.3, feet * samples_a_foot / 2.35), mode="reflect"))

    count = len(well["GR"])
    shallow = np.exp(0.5 * (np.log(well["MSFL"]) + np.log(well["ILM"])))
    micro = np.exp(slow(np.log(well["MSFL"]), 0.2))
    cake = 0.8 + 0.5 * slow(rng.random(count), 3.0)
    pull = np.linspace(float(rng.uniform(2000, 4000)), float(rng.uniform(3000, 6000)), count)
    return {
        **well,
        "CAL": well["CALI"],
        "SN": np.exp(slow(np.log(shallow), 2.0)),
        "LN": np.exp(slow(np.log(well["ILM"]), 5.0)),
        "LAT": np.exp(slow(np.log(well["ILD"]), 9.0)),
        "IL": well["ILD"],
        "SFL": np.exp(slow(np.log(shallow), 1.0)),
        "LLD": well["ILD"] * 1.1,
        "LLS": np.exp(slow(np.log(well["ILM"] * 0.95), 1.5)),
        "MLL": micro,
        "MNOR": np.minimum(micro, 40.0) * cake,
        "MINV": np.minimum(micro, 40.0) * 0.82,
        "COND": 1000.0 / np.maximum(well["ILD"], 0.05),
        "DPHI": (2.71 - well["RHOB"]) / 1.71 * 100,
        "DRHO": 0.01
        + 0.1 * slow(np.maximum(well["CALI"] - np.median(well["CALI"]) - 0.5, 0), 1.0)
        + 0.006 * slow(rng.normal(0, 2, count), 1.0),
        "SPOR": (well["DT"] - 47.6) / (189 - 47.6) * 100,
        "NEUT": 900 * np.exp(-np.maximum(well["NPHI"], 0) / 22),
        "TENS": pull + 60 * slow(rng.normal(0, 3, count), 1.5),
    }
