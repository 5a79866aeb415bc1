"""A well on paper: who drilled it, where, how deep; the items of a heading and of the LAS beside it."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from logdigit.types import DepthUnit

_COMPANIES = (
    *("HALVERSON PETROLEUM CORP.", "CIMARRON RIVER OIL CO.", "TRI-COUNTY DRILLING INC.", "J. M. ACKERLEY"),
    *("BLUESTEM ENERGY PARTNERS", "PINON OPERATING LLC", "OSAGE PLAINS OIL & GAS", "MESA VERDE RESOURCES"),
    *("PRAIRIE GAS TRANSMISSION", "LONE ELM PETROLEUM", "DELAWARE BASIN OIL CO.", "WHITEWATER EXPLORATION"),
)
_LEASES = (
    *("STATE", "SCHROEDER", "MCALLISTER", "J. W. HARPER", "UNIVERSITY", "FEDERAL", "ROSALES", "OLSON TRUST"),
    *("KEMPER UNIT", "BUCHANAN", "WEST CREEK UNIT", "HOLLINGSWORTH", "DIETZ", "SANTA RITA", "GREEN HEIRS"),
)
_FIELDS = ("WILDCAT", "SANDY CREEK", "NORTH PAWNEE", "LITTLE BEAVER", "TWIN BUTTES", "ROUND LAKE")
_US = (  # county, state, API code of state and county
    ("LEA", "NEW MEXICO", "30-025"),
    ("EDDY", "NEW MEXICO", "30-015"),
    ("ELLIS", "KANSAS", "15-051"),
    ("NEMAHA", "KANSAS", "15-131"),
    ("MEDINA", "TEXAS", "42-325"),
    ("ANDREWS", "TEXAS", "42-003"),
    ("MINGO", "WEST VIRGINIA", "47-059"),
    ("HARDY", "WEST VIRGINIA", "47-031"),
    ("KAY", "OKLAHOMA", "35-071"),
    ("MCKENZIE", "NORTH DAKOTA", "33-053"),
    ("CAMPBELL", "WYOMING", "49-005"),
    ("WELD", "COLORADO", "05-123"),
)
_METRIC = (  # area, country or province
    *(("PEMBINA", "ALBERTA"), ("WEYBURN", "SASKATCHEWAN"), ("COOPER BASIN", "SOUTH AUSTRALIA")),
    *(("NEUQUEN", "ARGENTINA"), ("PANNONIAN BASIN", "HUNGARY"), ("EMSLAND", "GERMANY")),
)
_SERVICE = (
    *("PERMIAN WELL SURVEYS", "GREAT BEND LOGGING", "TRISTATE WIRELINE", "NORTHERN GEOPHYSICAL"),
    *("CONTINENTAL LOG SERVICE", "ALAMO PERFORATORS"),
)
_MUDS = ("CHEM. GEL", "NATIVE", "FRESH GEL", "SALT MUD", "WATER BASE", "OIL BASE")
_ENGINEERS = ("B. BECKER", "R. SHELTON", "GARDNER", "L. DOHERTY", "S. RANEY", "Y. ZHAO")
_WITNESSES = ("MR. SPENCER", "L. NICHOLS", "S. NELSON", "MISS TRUSLOW", "J. KINNEY")


@dataclass(frozen=True)
class Facts:
    """A heading.

    Attributes:
        items: LAS items of the heading that are printed, by mnemonic.
        rows: the table of the heading: printed name and entry.
        title: name of the log.
        service: service company.
        location: lines of the location.
    """

    items: dict[str, str]
    rows: tuple[tuple[str, str], ...]
    title: str
    service: str
    location: tuple[str, ...]


def random_facts(
    rng: np.random.Generator,
    unit: DepthUnit,
    first: float,
    last: float,
    year: int,
    title: str,
    header: dict[str, str] | None = None,
) -> Facts:
    """The heading of a well logged from ``first`` to ``last`` (depths); items of ``header`` are kept."""
    ground = float(rng.integers(80, 4200)) if unit == "FT" else float(rng.integers(20, 1100))
    above = float(rng.integers(6, 26)) if unit == "FT" else float(rng.integers(3, 9))
    logger = round(last + float(rng.uniform(0, 6 if unit == "FT" else 2)))
    driller = logger + int(rng.integers(-6, 7))
    casing = max(1, round(first - float(rng.uniform(0, 60 if unit == "FT" else 15))))
    county, state, code = (str(v) for v in _US[int(rng.integers(len(_US)))])
    items = {
        "COMP": str(rng.choice(_COMPANIES)),
        "WELL": f"{rng.choice(_LEASES)} {rng.choice(['NO. ', '#', ''])}{rng.integers(1, 30)}",
        "FLD": str(rng.choice(_FIELDS)),
    }
    if unit == "FT":
        items |= {"CNTY": county, "STAT": state, "API": f"{code}-{rng.integers(100, 40000):05d}"}
    else:
        area, province = _METRIC[int(rng.integers(len(_METRIC)))]
        canada = province in ("ALBERTA", "SASKATCHEWAN")
        items |= {"LOC": area, "PROV" if canada else "CTRY": province}
    items |= {
        "SRVC": str(rng.choice(_SERVICE)),
        "DATE": f"{rng.integers(1, 13)}-{rng.integers(1, 29)}-{year % 100:02d}",
        "RUN": str(rng.choice(["1", "ONE", "ONE", "2", "TWO"])),
        "EKB": f"{ground + above:g}",
        "EDF": f"{ground + above - 1:g}",
        "EGL": f"{ground:g}",
        "TDD": str(driller),
        "TDL": str(logger),
        "BS": str(rng.choice(["7.875", "8.75", "6.25", "12.25"])),
    }
    for name, text in (header or {}).items():
        if name in items and text.isascii() and 0 < len(text) < 40:
            items[name] = text.upper()
    us = unit == "FT"
    location = (
        (
            f"{rng.integers(1, 26) * 100 + 30}' FNL & {rng.integers(3, 26) * 100 - 10}' FWL",
            f"SEC. {rng.integers(1, 37)}   TWP. {rng.integers(1, 30)}S   RGE. {rng.integers(1, 30)}W",
        )
        if us
        else (f"{items.get('LOC', '')}  {items.get('PROV', items.get('CTRY', ''))}",)
    )
    return Facts(items, _table(rng, items, first, last, casing, unit), title, items["SRVC"], location)


def _table(
    rng: np.random.Generator, items: dict[str, str], first: float, last: float, casing: int, unit: DepthUnit
) -> tuple[tuple[str, str], ...]:
    size = str(rng.choice(['8 5/8"', '5 1/2"', '13 3/8"', '9 5/8"']))
    temperature = int(rng.integers(70, 240)) if unit == "FT" else int(rng.integers(25, 110))
    degrees = "F" if unit == "FT" else "C"
    rm = float(rng.uniform(0.08, 3.5))
    word = "" if rng.random() < 0.5 else f" {unit}"
    return (
        ("Date", items["DATE"]),
        ("Run No.", items["RUN"]),
        ("Depth - Driller", items["TDD"] + word),
        ("Depth - Logger", items["TDL"] + word),
        ("Btm. Log Interval", f"{round(last)}{word}"),
        ("Top Log Interval", f"{round(first)}{word}"),
        ("Casing - Driller", f"{size} @ {casing}"),
        ("Casing - Logger", f"{casing + int(rng.integers(-3, 4))}"),
        ("Bit Size", items["BS"]),
        ("Type Fluid in Hole", str(rng.choice(_MUDS))),
        ("Dens. / Visc.", f"{rng.uniform(8.6, 11):.1f} / {rng.integers(30, 60)}"),
        ("pH / Fluid Loss", f"{rng.uniform(7, 11):.1f} / {rng.uniform(4, 12):.1f}"),
        ("Source of Sample", str(rng.choice(["FLOWLINE", "PIT", "MUD TANK"]))),
        ("Rm @ Meas. Temp.", f"{rm:.2f} @ {rng.integers(60, 90)} {degrees}"),
        ("Rmf @ Meas. Temp.", f"{0.8 * rm:.2f} @ {rng.integers(60, 90)} {degrees}"),
        ("Rm @ BHT", f"{0.6 * rm:.2f} @ {temperature} {degrees}"),
        ("Max. Rec. Temp.", f"{temperature} {degrees}"),
        ("Equip. / Location", f"{rng.integers(1000, 9999)}"),
        ("Recorded By", str(rng.choice(_ENGINEERS))),
        ("Witnessed By", str(rng.choice(_WITNESSES))),
    )
