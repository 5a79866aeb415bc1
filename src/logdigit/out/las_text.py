"""The text of a LAS 2.0 file, line by line.

A header line is ``MNEM.UNIT  DATA : DESCRIPTION``: the mnemonic ends at the first dot, the unit at the first
blank after it, the data at the last colon. Hence no dot in a mnemonic, no blank in a unit and no colon in a
description; a colon in the data is harmless.

The text is made here and not by lasio, which guesses STEP from two rows, adds lines that the standard does
not know and changes the object it writes; lasio then reads the result back as a second opinion.
"""

from __future__ import annotations

import math
import re
from collections.abc import Iterator, Sequence

from logdigit.errors import UsageError
from logdigit.out.numbers import (
    NULL_VALUE,
    ascii_text,
    check_index,
    decimal_depths,
    decimal_step,
    decimal_value,
)
from logdigit.types import Curve, WellLog

NULL = str(NULL_VALUE)
_BESIDE_NULL = "-999.2501"
"""A true reading that would print as the null value is written one digit beside it."""
CONF_SUFFIX = "_CONF"
"""Suffix of the channel that holds the confidence of a curve."""
INDEX = "DEPT"

_WELL = {
    "COMP": "COMPANY",
    "WELL": "WELL",
    "FLD": "FIELD",
    "LOC": "LOCATION",
    "PROV": "PROVINCE",
    "CNTY": "COUNTY",
    "STAT": "STATE",
    "CTRY": "COUNTRY",
    "SRVC": "SERVICE COMPANY",
    "DATE": "LOG DATE",
    "UWI": "UNIQUE WELL ID",
    "API": "API NUMBER",
    "LIC": "LICENCE NUMBER",
    "LATI": "LATITUDE",
    "LONG": "LONGITUDE",
    "GDAT": "GEODETIC DATUM",
}
"""The ~Well items of the standard, in its order; every other item goes to ~Parameter."""
_ALWAYS = ("COMP", "WELL", "FLD", "LOC", "SRVC", "DATE")
_PARAMETER = {
    "RUN": "RUN NUMBER",
    "EKB": "ELEVATION OF KELLY BUSHING",
    "EDF": "ELEVATION OF DERRICK FLOOR",
    "EGL": "ELEVATION OF GROUND LEVEL",
    "EREF": "ELEVATION OF DEPTH REFERENCE",
    "TDD": "TOTAL DEPTH DRILLER",
    "TDL": "TOTAL DEPTH LOGGER",
    "BS": "BIT SIZE",
    "BHT": "BOTTOM HOLE TEMPERATURE",
    "PDAT": "PERMANENT DATUM",
    "LMF": "LOG MEASURED FROM",
    "DMF": "DRILLING MEASURED FROM",
}
_LENGTHS = frozenset({"EKB", "EDF", "EGL", "EREF", "TDD", "TDL", "EPD", "APD"})
"""Parameters in the depth unit of the log, where they hold a bare number."""
_OURS = frozenset({"VERS", "WRAP", "DLM", "STRT", "STOP", "STEP", "NULL", INDEX})
"""Names that readers look up wherever they stand."""
_MNEMONIC = re.compile(r"[!\"$-\-/-9;-}][!-\-/-9;-}]{0,31}")
"""No blank, dot or colon; a line that begins with # is a comment, one with ~ a section."""
_NUMBER = re.compile(r"[+-]?\d+(\.\d*)?|[+-]?\.\d+")


def las_text(log: WellLog, confidence: bool = False, other: Sequence[str] = ()) -> str:
    """The whole file.

    Args:
        log: curves on one index of consecutive whole multiples of its step.
        confidence: whether each curve is followed by a channel of its confidence, 0 to 1.
        other: lines for the ~Other section, after the notes of the log.

    Raises:
        ValueError: if the index is not what it should be, or two curves have one name.
        UsageError: if a header item or a curve has a name that LAS does not allow or that is taken.
    """
    check_index(log)
    lines = [
        "~Version",
        _item("VERS", "", "2.0", "CWLS LOG ASCII STANDARD - VERSION 2.0"),
        _item("WRAP", "", "NO", "ONE LINE PER DEPTH STEP"),
        *_well_and_parameters(log),
        "~Curve",
        _item(INDEX, log.unit, "", "DEPTH"),
    ]
    depth = decimal_depths(log.depth, log.step)
    columns = [depth]
    for name, unit, descr, cells in channels(log, confidence):
        lines.append(_item(name, unit, "", descr))
        columns.append([NULL if c is None else _BESIDE_NULL if float(c) == NULL_VALUE else c for c in cells])
    lines += ["~Other", *_other([*log.notes, *other]), "~ASCII"]
    widths = [max(map(len, column)) for column in columns]
    rows = zip(*columns, strict=True)
    lines += [" ".join(c.rjust(w) for c, w in zip(row, widths, strict=True)) for row in rows]
    return "\n".join(lines) + "\n"


def channels(log: WellLog, confidence: bool) -> list[tuple[str, str, str, list[str | None]]]:
    """Name, unit, description and cells (N,) of every channel after the depth; None for a missing value.

    Raises:
        ValueError: if two curves have one name.
        UsageError: if a name cannot be written.
    """
    check_mnemonics([ascii_text(curve.mnemonic) for curve in log.curves], confidence)
    return [channel for curve in log.curves for channel in _channels(curve, confidence)]


def check_mnemonics(names: Sequence[str], confidence: bool) -> None:
    """Refuse names of curves that cannot stand in one LAS file.

    Raises:
        ValueError: if two are the same (in any case, as readers compare them).
        UsageError: if one is not a LAS mnemonic, is reserved, or is that of a confidence channel.
    """
    seen: set[str] = set()
    for name in names:
        if not _MNEMONIC.fullmatch(name):
            raise UsageError(
                f"curve {name!r}: not a LAS mnemonic: 1 to 32 characters, no blank, dot or colon"
            )
        if name.upper() in _OURS:
            raise UsageError(f"curve {name}: the mnemonic is taken by LAS itself; name it otherwise")
        if name.upper() in seen:
            raise ValueError(f"mnemonic {name} appears twice")
        seen.add(name.upper())
    for name in names:
        if confidence and name.upper() + CONF_SUFFIX in seen:
            raise UsageError(f"curve {name}{CONF_SUFFIX}: the mnemonic is that of a channel of --confidence")


def _channels(curve: Curve, confidence: bool) -> Iterator[tuple[str, str, str, list[str | None]]]:
    name = ascii_text(curve.mnemonic)
    yield name, _unit(curve.unit), ascii_text(curve.descr), [decimal_value(v) for v in curve.value.tolist()]
    if confidence:
        cells = [None if math.isnan(c) else f"{c:.3f}" for c in curve.confidence.tolist()]
        yield name + CONF_SUFFIX, "", f"CONFIDENCE OF {name}, 0 TO 1", cells


def _unit(text: str) -> str:
    """A unit without blanks or colons, which would end it, nor a leading dot, which some readers stumble on.

    >>> _unit("µs / ft"), _unit(".1IN")
    ('us/ft', '0.1IN')
    """
    unit = ascii_text(text).replace(" ", "").replace(":", "/")
    return f"0{unit}" if re.match(r"\.\d", unit) else unit.lstrip(".")


def _item(mnemonic: str, unit: str, data: str, descr: str) -> str:
    """One header line; data as wide as most of them, so that the colons stand in one column.

    >>> _item("STRT", "FT", "250.0", "FIRST DEPTH")
    'STRT.FT                        250.0 : FIRST DEPTH'
    """
    left = f"{mnemonic}.{unit}"
    data = ascii_text(data)
    return f"{left} {data:>{max(0, 35 - len(left))}} : {ascii_text(descr).replace(':', ';')}".rstrip()


def _well_and_parameters(log: WellLog) -> list[str]:
    header: dict[str, str] = {}
    for key, text in log.header.items():
        name = key.upper()
        if not _MNEMONIC.fullmatch(name):
            raise UsageError(f"header item {key!r}: not a LAS mnemonic; no blank, dot or colon")
        if name in _OURS:
            raise UsageError(f"header item {name}: is written from the log itself; leave it out")
        header[name] = text
    depth, step = decimal_depths(log.depth[[0, -1]], log.step), decimal_step(log.step)
    lines = [
        "~Well",
        _item("STRT", log.unit, depth[0], "FIRST DEPTH"),
        _item("STOP", log.unit, depth[1], "LAST DEPTH"),
        _item("STEP", log.unit, step, "DEPTH STEP"),
        _item("NULL", "", NULL, "NULL VALUE"),
    ]
    wanted = {*_ALWAYS, *header}
    if "PROV" not in header or wanted & {"CNTY", "STAT", "CTRY"}:
        wanted |= {"CNTY", "STAT", "CTRY"}
    if "API" not in header:
        wanted.add("UWI")
    lines += [_item(name, "", header.get(name, ""), _WELL[name]) for name in _WELL if name in wanted]
    lines.append("~Parameter")
    for name, text in header.items():
        if name not in _WELL:
            length = name in _LENGTHS and _NUMBER.fullmatch(text.strip())
            lines.append(_item(name, log.unit if length else "", text, _PARAMETER.get(name, name)))
    return lines


def _other(notes: Sequence[str]) -> list[str]:
    """Notes as lines that no reader takes for a section (``~``) or skips as a comment (``#``)."""
    lines = [ascii_text(line) for note in notes for line in note.splitlines()]
    return [f"- {line}" if line[0] in "~#" else line for line in lines if line]
