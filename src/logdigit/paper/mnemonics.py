"""The table of printed names: what a curve is called in a LAS file, and what its readings can be."""

from __future__ import annotations

import re
import tomllib
from dataclasses import dataclass
from difflib import SequenceMatcher
from functools import lru_cache
from importlib.resources import files
from unicodedata import normalize

from logdigit.paper.units import less_unit, unit_of
from logdigit.types import ScaleKind


@dataclass(frozen=True)
class Measurement:
    """One measurement of the table.

    Attributes:
        mnemonic: as in the LAS file.
        names: printed names, capitals.
        unit: of the LAS file, where none is printed.
        lowest: that a reading can be.
        highest: that a reading can be.
        scale: customary values at the left and right edge.
        kind: of the customary scale.
        wraps: whether its pen usually comes in again at the other edge, though nothing printed says so.
        porosity: mnemonic of what bears the same name where its readings are porosity; empty for none.
        typical: reading in sedimentary rocks and its spread (sigma); None where there is none.
    """

    mnemonic: str
    names: tuple[str, ...]
    unit: str
    lowest: float
    highest: float
    scale: tuple[float, float]
    kind: ScaleKind
    wraps: bool = False
    porosity: str = ""
    typical: tuple[float, float] | None = None


@lru_cache(maxsize=1)
def measurements() -> tuple[Measurement, ...]:
    """The table, read once."""
    text = files("logdigit.paper").joinpath("mnemonics.toml").read_text(encoding="utf-8")
    out = []
    for mnemonic, row in tomllib.loads(text).items():
        low, high = row["range"]
        left, right = row["scale"]
        kind: ScaleKind = "log" if row.get("kind") == "log" else "linear"
        names = tuple(_plain(name) for name in row["names"])
        out.append(
            Measurement(
                mnemonic,
                names,
                row["unit"],
                float(low),
                float(high),
                (float(left), float(right)),
                kind,
                bool(row.get("wraps", False)),
                row.get("porosity", ""),
                (float(row["typical"][0]), float(row["typical"][1])) if "typical" in row else None,
            )
        )
    return tuple(out)


_LONG = 8
"""Letters of a name from which it is known with one of them misread."""
_UNIT_ONLY, _LEFT = 12, 3
"""Letters of a unit at most, and of what is left of a name beside it."""
_PIECE = 5
"""Letters of a piece of a name."""
_LONG_UNITS = (
    "APIUNITS",
    "MILLIVOLTS",
    "MICROSECONDS",
    "INCHES",
    "PERCENT",
    "OHMMETERS",
    "GRAMSCC",
    "POROSITY",
)
_ALIKE_NAMES, _APART = 0.86, 0.06
"""How much alike two names are that are one, and by how much less any other is."""


def _plain(text: str) -> str:
    """Capitals without the accents that specks make, digits and single blanks.

    >>> _plain("Gamma-Ráy  (API)")
    'GAMMA RAY API'
    """
    bare = normalize("NFKD", text).encode("ascii", "ignore").decode()
    return " ".join(re.sub(r"[^A-Z0-9]+", " ", bare.upper()).split())


_ZERO, _ONE = re.compile(r"(?<=[A-Za-z])0(?=[A-Za-z])"), re.compile(r"\b[1l|](?=[A-Z]{2,}\b)")
"""An O that was read as a zero, and an I that was read as a one."""
_GLUED = re.compile(r"(\d[.,]\d+)(?=[A-Za-z]{2})")
"""A value that a name follows without a blank."""
_CONSTANTS = ("FLUID DENSITY", "MATRIX DENSITY", "GRAIN DENSITY", "VARIABLE DENSITY")
"""Printed in scale blocks, and no curves."""


@lru_cache(maxsize=1)
def _names() -> tuple[tuple[str, Measurement], ...]:
    pairs = [(name, m) for m in measurements() for name in m.names]
    return tuple(sorted(pairs, key=lambda pair: -len(pair[0])))


def measurement_of(printed: str) -> Measurement | None:
    """The measurement that a printed text names: its longest known name, as whole words; None for none.

    >>> measurement_of("Gamma Ray (GAPI)").mnemonic, measurement_of("Density Porosity (pu)").mnemonic
    ('GR', 'DPHI')
    >>> measurement_of("Bulk Densify").mnemonic, measurement_of("GAMMNA RAY").mnemonic
    ('RHOB', 'GR')
    >>> measurement_of("MCRO NORMAL OHMM").mnemonic, measurement_of("SHORT NORMAL OHMM").mnemonic
    ('MNOR', 'SN')
    >>> measurement_of("NPHI(POROSITY %").mnemonic, measurement_of("Neutron Porosily (pul").mnemonic
    ('NPHI', 'NPHI')
    >>> measurement_of("Thermal Neutron Porosky (TNPH)").mnemonic
    'NPHI'
    >>> measurement_of("INDUCTIONCONPUCTVITY (NMHO):").mnemonic, measurement_of("SHALLOW LATEROLOO").mnemonic
    ('COND', 'LLS')
    >>> measurement_of("RH0B (G/C3)").mnemonic, measurement_of("1LD (ohm.m)").mnemonic
    ('RHOB', 'ILD')
    >>> measurement_of("SPMV").mnemonic, measurement_of("GRAPI").mnemonic, measurement_of("2.00ILD").mnemonic
    ('SP', 'GR', 'ILD')
    >>> measurement_of("run two") is None
    True
    """
    before, *inside = re.split(r"[(\[{]", printed, maxsplit=1)
    for part in (before, *inside) if inside else ():
        whole = next((m for name, m in _names() if name == _plain(part)), None)
        if whole is not None:
            return whole
    found = (_named(before) if before != printed else None) or _named(printed)
    mended = _ONE.sub("I", _ZERO.sub("O", printed))
    return measurement_of(mended) if found is None and mended != printed else found


@lru_cache(maxsize=4096)
def _named(printed: str) -> Measurement | None:
    """The measurement that the words of a text name."""
    printed = _GLUED.sub(r"\1 ", printed)
    text = f" {_plain(printed)} ".replace(" CAMMA ", " GAMMA ")  # as broad print is often read
    text = text.replace(" SPMV ", " SP MV ").replace(" GRAPI ", " GR API ").replace(" GRGAPI ", " GR GAPI ")
    if any(f" {constant} " in text for constant in _CONSTANTS):
        return None
    squeezed = _without_last_unit(text).replace(" ", "")
    for name, measurement in _names():
        if f" {name} " in text:
            # NEUTRON POROSITV is more than the neutron that it holds
            longer = _misread(squeezed) if len(squeezed) >= len(name) + _LONG // 2 else None
            return longer or measurement
    for name, measurement in _names():
        # print is often read without its blanks; short names would be found in anything
        if len(name) >= 6 and name.replace(" ", "") in squeezed:
            longer = _misread(squeezed) if len(squeezed) >= len(name) + _LONG // 2 else None
            return longer or measurement
    return _misread(squeezed)


@lru_cache(maxsize=4096)
def is_piece(text: str) -> bool:
    """Whether a text is a piece of a known name, or nearly a unit: what is left of print half read.

    >>> is_piece("COMPENS"), is_piece("APLUNITS"), is_piece("QCAP")
    (True, True, False)
    """
    squeezed = _plain(text).replace(" ", "")
    if len(squeezed) < _PIECE:
        return False
    if any(
        SequenceMatcher(None, unit, squeezed, autojunk=False).ratio() > _ALIKE_NAMES for unit in _LONG_UNITS
    ):
        return True
    known = (name.replace(" ", "") for name, _ in _names())
    return any(len(name) > len(squeezed) and name.startswith(squeezed) for name in known)


def _without_last_unit(text: str) -> str:
    """A text without the unit that it ends with, if there is one behind a name.

    >>> _without_last_unit("MCRO NORMAL OHMM "), _without_last_unit("GAPI")
    ('MCRO NORMAL', 'GAPI')
    """
    name, _, last = text.strip().rpartition(" ")
    return name if name and unit_of(last) else text


def _misread(squeezed: str) -> Measurement | None:
    """The measurement of a long name with a letter misread: BULKDENSIFY; None where two are as near."""
    near: dict[str, tuple[float, Measurement]] = {}
    for name, measurement in _names():
        known = name.replace(" ", "")
        if len(known) >= _LONG and abs(len(known) - len(squeezed)) <= 2:
            alike = SequenceMatcher(None, known, squeezed, autojunk=False).ratio()
            near[measurement.mnemonic] = max(
                near.get(measurement.mnemonic, (0.0, measurement)), (alike, measurement), key=lambda n: n[0]
            )
    best = sorted(near.values(), key=lambda n: -n[0])[:2]
    if not best or best[0][0] < _ALIKE_NAMES or (len(best) > 1 and best[0][0] - best[1][0] < _APART):
        return None
    return best[0][1]


_ALONE = {"GAPI": "GR", "MV": "SP"}
"""Units in which a single measurement is logged."""


def measurement_in(printed: str) -> Measurement | None:
    """The measurement that a unit alone names, where its name is lost; None for other text.

    >>> measurement_in("GAPI").mnemonic, measurement_in("MILLIVOLTS").mnemonic, measurement_in("OHMM")
    ('GR', 'SP', None)
    >>> measurement_in("SR (MILVOLTS)").mnemonic, measurement_in("SHALE BASE LINE MV")
    ('SP', None)
    >>> measurement_in("12.5 API/CD. 125").mnemonic
    'GR'
    """
    unit = unit_of(printed)
    rest = sum(c.isalpha() for c in less_unit(printed))
    mnemonic = _ALONE.get(unit) if len(printed) <= _UNIT_ONLY or rest <= _LEFT else None
    return next((m for m in measurements() if m.mnemonic == mnemonic), None)


def abbreviation(printed: str, measurement: Measurement) -> str:
    """The abbreviation by which a printed text names a measurement; empty where it is named in words.

    >>> abbreviation("LTEN (lb)", measurement_of("LTEN (lb)")), abbreviation("GAMMA", measurement_of("GAMMA"))
    ('LTEN', '')
    """
    for word in _plain(printed).split():
        if word in measurement.names and (len(word) <= 4 or any(c.isdigit() for c in word)):
            return word
    return ""
