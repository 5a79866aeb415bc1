"""A strict checker of LAS 2.0 files, written from the standard, on the standard library only.

It shares no code with the writer and none with lasio: a reader that has read its own file proves little.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from decimal import Decimal, InvalidOperation
from pathlib import Path

SECTIONS = ("V", "W", "P", "C", "O", "A")
MANDATORY = ("STRT", "STOP", "STEP", "NULL", "COMP", "WELL", "FLD", "LOC", "SRVC", "DATE")


@dataclass
class Item:
    mnemonic: str
    unit: str
    data: str
    descr: str


@dataclass
class Las:
    """What the file holds, and everything that is wrong with it."""

    errors: list[str] = field(default_factory=list)
    version: list[Item] = field(default_factory=list)
    well: list[Item] = field(default_factory=list)
    parameter: list[Item] = field(default_factory=list)
    curve: list[Item] = field(default_factory=list)
    other: list[str] = field(default_factory=list)
    rows: list[list[Decimal]] = field(default_factory=list)

    def get(self, mnemonic: str) -> Item | None:
        found = [item for item in self.well if item.mnemonic == mnemonic]
        if len(found) > 1:
            self.errors.append(f"~W holds {mnemonic} {len(found)} times")
        return found[0] if found else None

    def column(self, mnemonic: str) -> list[Decimal | None]:
        index = [item.mnemonic for item in self.curve].index(mnemonic)
        null = self.get("NULL")
        assert null is not None
        return [None if row[index] == Decimal(null.data) else row[index] for row in self.rows]


def parse_item(line: str) -> Item | None:
    """Mnemonic to the first dot, unit to the first blank after it, data to the last colon."""
    name, dot, rest = line.partition(".")
    if not dot or ":" not in rest:
        return None
    left, _, descr = rest.rpartition(":")
    unit = re.match(r"[^ ]*", left)
    assert unit is not None
    return Item(name.strip(), unit.group(), left[unit.end() :].strip(), descr.strip())


def number(text: str) -> Decimal | None:
    """A plain decimal; exponents, NaN and the like are none."""
    if not re.fullmatch(r"[+-]?\d+(\.\d*)?|[+-]?\.\d+", text):
        return None
    try:
        return Decimal(text)
    except InvalidOperation:
        return None


def read(path: Path) -> Las:
    """Everything in the file; ``errors`` is empty where it keeps to the standard."""
    las = Las()
    raw = path.read_bytes()
    for k, coded in enumerate(raw.split(b"\n"), 1):
        bad = [byte for byte in coded.removesuffix(b"\r") if not 32 <= byte <= 126]
        if bad:
            las.errors.append(f"line {k}: byte {bad[0]} is not printable ASCII")
    if not raw.endswith(b"\n"):
        las.errors.append("the last line does not end")
    order: list[str] = []
    for k, line in enumerate(raw.decode("ascii", "replace").splitlines(), 1):
        _line(las, order, k, line)
    if order[:1] != ["V"]:
        las.errors.append("~V is not the first section")
    if order[-1:] != ["A"]:
        las.errors.append("~A is not the last section")
    for section in sorted({*order}):
        if order.count(section) > 1:
            las.errors.append(f"~{section} appears {order.count(section)} times")
    las.errors += [f"~{section} is missing" for section in "VWCA" if section not in order]
    _header(las)
    _data(las)
    return las


def _line(las: Las, order: list[str], k: int, line: str) -> None:
    if line.startswith("~"):
        letter = line[1:2]
        if letter not in SECTIONS:
            las.errors.append(f"line {k}: section {line!r} is not in the standard")
        order.append(letter)
    elif not order:
        if line.strip() and not line.startswith("#"):
            las.errors.append(f"line {k}: stands before the first section")
    elif order[-1] == "A":
        values = [number(cell) for cell in line.split()]
        if not values or None in values:
            las.errors.append(f"line {k}: {line!r} is not a row of plain decimals")
        las.rows.append([value for value in values if value is not None])
    elif order[-1] == "O":
        las.other.append(line)
    elif line.strip() and not line.lstrip().startswith("#"):
        item = parse_item(line)
        if item is None:
            las.errors.append(f"line {k}: {line!r} is not MNEM.UNIT DATA : DESCRIPTION")
            return
        if not item.mnemonic or re.search(r"[ .:]", item.mnemonic):
            las.errors.append(f"line {k}: mnemonic {item.mnemonic!r}")
        kinds = {"V": las.version, "W": las.well, "P": las.parameter, "C": las.curve}
        kinds.get(order[-1], []).append(item)


def _header(las: Las) -> None:
    version = {item.mnemonic: item.data for item in las.version}
    if list(version) != ["VERS", "WRAP"] or len(las.version) != 2:
        las.errors.append(f"~V holds {', '.join(item.mnemonic for item in las.version)}, not VERS and WRAP")
    if version.get("VERS") != "2.0":
        las.errors.append(f"VERS is {version.get('VERS')}")
    if version.get("WRAP") != "NO":
        las.errors.append(f"WRAP is {version.get('WRAP')}")
    las.errors += [f"~W lacks {name}" for name in MANDATORY if las.get(name) is None]
    if las.get("PROV") is None and not all(las.get(name) for name in ("CNTY", "STAT", "CTRY")):
        las.errors.append("~W lacks PROV, or CNTY, STAT and CTRY")
    if las.get("UWI") is None and las.get("API") is None:
        las.errors.append("~W lacks UWI or API")
    names = [item.mnemonic.upper() for item in las.curve]
    if names[:1] not in (["DEPT"], ["DEPTH"], ["TIME"], ["INDEX"]):
        las.errors.append(f"the first curve is {names[:1]}")
    las.errors += [f"curve {name} appears twice" for name in sorted({n for n in names if names.count(n) > 1})]
    if not las.curve:
        return
    unit = las.curve[0].unit
    if unit not in ("M", "F", "FT"):
        las.errors.append(f"the index is in {unit!r}")
    for name in ("STRT", "STOP", "STEP"):
        item = las.get(name)
        if item is not None and item.unit != unit:
            las.errors.append(f"{name} is in {item.unit!r}, the index in {unit!r}")


def _data(las: Las) -> None:
    limits = [number(item.data) if (item := las.get(name)) else None for name in ("STRT", "STOP", "STEP")]
    null = number(item.data) if (item := las.get("NULL")) else None
    strt, stop, step = limits
    if strt is None or stop is None or step is None or null is None:
        las.errors.append("STRT, STOP, STEP or NULL is not a plain decimal")
        return
    if not las.rows:
        las.errors.append("~A holds no rows")
        return
    for k, row in enumerate(las.rows, 1):
        if len(row) != len(las.curve):
            las.errors.append(f"row {k}: {len(row)} values for {len(las.curve)} curves")
            return
    depths = [row[0] for row in las.rows]
    if null in depths:
        las.errors.append("the null value stands in the index")
    if depths[0] != strt or depths[-1] != stop:
        las.errors.append(f"the index runs {depths[0]} to {depths[-1]}, the header says {strt} to {stop}")
    if step == 0:
        las.errors.append("STEP is 0")
        return
    if strt % step or stop % step:
        las.errors.append(f"STRT {strt} and STOP {stop} are not whole multiples of STEP {step}")
    for k, depth in enumerate(depths):
        if depth != strt + k * step:
            las.errors.append(f"row {k + 1}: depth {depth}, STRT and STEP make it {strt + k * step}")
            return


def check(path: Path) -> Las:
    """Read a file and demand that nothing is wrong with it."""
    las = read(path)
    assert not las.errors, "\n".join(las.errors)
    return las
