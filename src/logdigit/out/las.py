"""LAS files, written and read: the only module that knows lasio.

Missing is NaN everywhere else, a number only in the files.
"""

from __future__ import annotations

import io
import logging
import math
import re
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np

from logdigit.errors import DataError, LogdigitError
from logdigit.out.files import atomic, check_output
from logdigit.out.las_text import CONF_SUFFIX, INDEX, channels, las_text
from logdigit.out.numbers import VALUE_DIGITS, decimal_depths
from logdigit.types import Curve, DepthUnit, Float, WellLog

_UNITS: dict[str, DepthUnit] = {
    **dict.fromkeys(("F", "FT", "FEET", "FOOT"), "FT"),
    **dict.fromkeys(("M", "METRE", "METRES", "METER", "METERS"), "M"),
}
_NULLS = (-999.25, -9999.0, -9999.25, -99999.0)
"""Nulls that files hold beside (or instead of) the one that they state."""
_WRAPPED = re.compile(r"^\s*WRAP\s*\.\s*YES\b", re.IGNORECASE | re.MULTILINE)


def _import_lasio() -> Any:
    """Lasio, without the level and the two functions that its import adds to ``logging``."""
    if (present := sys.modules.get("lasio")) is not None:
        return present  # somebody else's import, theirs to have patched
    import lasio
    import lasio.exceptions
    import lasio.reader

    log_trace = logging.Logger.trace_lasio  # type: ignore[attr-defined]
    for holder, name in ((logging.Logger, "trace_lasio"), (logging, "trace_lasio"), (logging, "TRACE_LASIO")):
        delattr(holder, name)
    logging._levelToName.pop(logging._nameToLevel.pop("TRACE_LASIO"))
    # its reader calls the method on its own logger, which may keep it
    lasio.reader.logger.trace_lasio = log_trace.__get__(lasio.reader.logger)
    # what it finds odd about a file is for those who set up logging, not for stderr
    logging.getLogger("lasio").addHandler(logging.NullHandler())
    return lasio


_lasio = _import_lasio()
_READ_ERRORS: tuple[type[Exception], ...] = (
    *(
        _lasio.exceptions.LASHeaderError,
        _lasio.exceptions.LASDataError,
        _lasio.exceptions.LASUnknownUnitError,
    ),
    *(ValueError, LookupError, AttributeError, TypeError, OSError, AssertionError),
)
"""Its own, and what it lets through on files that are no LAS."""


def write_las(
    path: Path,
    log: WellLog,
    *,
    confidence: bool = False,
    other: Sequence[str] = (),
    overwrite: bool = False,
) -> None:
    """Write a log as strict LAS 2.0, read it back, compare, and only then move it into place.

    Args:
        path: the file; its directory must exist.
        log: curves on one index of consecutive whole multiples of its step; NaN is written as -999.25.
        confidence: whether each curve is followed by a channel ``<MNEMONIC>_CONF``.
        other: lines for the ~Other section, after the notes of the log.
        overwrite: whether an existing file may be replaced.

    Raises:
        ValueError: if the index is uneven or not finite, or a mnemonic appears twice.
        UsageError: if the file, a header item or the name of a curve cannot be written.
        OutputExistsError: if it is already there.
        LogdigitError: if what was read back is not what was written.
    """
    check_output(path, overwrite)
    text = las_text(log, confidence, other)
    with atomic(path, overwrite) as temporary:
        temporary.write_bytes(text.encode("ascii"))
        _verify(path, temporary, log, confidence)


def _verify(path: Path, written: Path, log: WellLog, confidence: bool) -> None:
    """Compare a file with the log it was written from, as another program would read it.

    Raises:
        LogdigitError: naming the first thing that differs.
    """
    las = _read(written)
    expected = channels(log, confidence)
    names = [curve.original_mnemonic for curve in las.curves]  # capitals, whatever was written
    depth = np.array(decimal_depths(log.depth, log.step), dtype=np.float64)
    wrong = ""
    if names != [INDEX, *(name.upper() for name, *_ in expected)]:
        wrong = f"the curves {', '.join(names)}"
    elif not np.array_equal(las.curves[0].data, depth):
        wrong = "other depths"
    elif (
        las.well.STRT.value != depth[0] or las.well.STOP.value != depth[-1] or las.well.STEP.value != log.step
    ):
        wrong = "other limits STRT, STOP or STEP"
    for (name, _, _, cells), curve in zip(expected, las.curves[1:], strict=False):
        values = np.array([math.nan if cell is None else float(cell) for cell in cells])
        if not wrong and not _same(values, np.asarray(curve.data)):
            wrong = f"other values of {name}"
    if wrong:
        raise LogdigitError(f"{path}: not written: read back, the file holds {wrong}; please report this")


def _same(values: Float, read: Float) -> bool:
    """Whether values (N,) came back: to the digits that were written, missing where missing."""
    if read.shape != values.shape or read.dtype.kind != "f":
        return False
    return np.allclose(read, values, rtol=10.0 ** (1 - VALUE_DIGITS), atol=0.0, equal_nan=True)


def _read(path: Path) -> Any:
    """The file as a ``LASFile``, mnemonics in capitals.

    Raises:
        DataError: if it is missing or no LAS file.
    """
    try:
        raw = path.read_bytes()
    except OSError as error:
        raise DataError(f"{path}: cannot be read: {error.strerror}") from None
    if b"~" not in raw:
        raise DataError(f"{path}: not a LAS file: it has no section that begins with ~")
    try:
        text = raw.decode("utf-8-sig")
    except UnicodeDecodeError:
        text = raw.decode("latin-1")  # cannot fail; what old programs wrote
    wrapped = _WRAPPED.search(text) is not None  # only the slow engine reads these, and warns otherwise
    buffer = io.StringIO("\n".join(text.splitlines()) + "\n")
    try:
        return _lasio.read(
            buffer, engine="normal" if wrapped else "numpy", null_policy="strict", mnemonic_case="upper"
        )
    except _READ_ERRORS as error:
        reason = str(error).strip().splitlines()[-1:] or [type(error).__name__]
        raise DataError(f"{path}: not a LAS file that can be read: {reason[0]}") from None


def read_las(path: Path) -> WellLog:
    """Read a LAS 1.2 or 2.0 file, wrapped or not.

    The null value becomes NaN. A file logged upwards is turned so that depths increase. Of several curves
    of one name the first keeps it and the others become ``GR_2``, ``GR_3``. Channels ``<MNEMONIC>_CONF``
    become the confidence of their curve; other confidences are 1 where there is a value.

    Returns:
        The log; ``step`` is 0 where the depths are not evenly spaced (as LAS has it), ``header`` holds the
        filled ~Well and ~Parameter items other than STRT, STOP, STEP and NULL.

    Raises:
        DataError: if the file is missing, is no LAS file, or its index is not a depth in feet or metres.
    """
    las = _read(path)
    if not las.curves or len(las.curves[0].data) == 0:
        raise DataError(f"{path}: holds no data")
    depth = _numbers(las.curves[0].data)
    spelled = str(las.curves[0].unit).strip() or _header_unit(las)
    unit = _UNITS.get(spelled.upper().strip("."))
    if unit is None:
        raise DataError(
            f"{path}: the index {las.curves[0].mnemonic} is in {spelled or 'no unit'}, not FT or M"
        )
    keep = np.isfinite(depth)
    if not keep.any():
        raise DataError(f"{path}: holds no depths")
    order = np.flatnonzero(keep)
    if depth[order[0]] > depth[order[-1]]:
        order = order[::-1]
    depth = depth[order]
    if (np.diff(depth) <= 0).any():
        raise DataError(f"{path}: depths do not run in one direction")
    data = {name: _values(item.data)[order] for name, item in zip(_names(las), las.curves[1:], strict=True)}
    curves = tuple(
        Curve(name, str(item.unit), str(item.descr), depth, data[name], _confidence(name, data))
        for name, item in zip(_names(las), las.curves[1:], strict=True)
        if not (name.endswith(CONF_SUFFIX) and name.removesuffix(CONF_SUFFIX) in data)
    )
    return WellLog(
        _header(las), unit, _step(depth, _stated_step(las)), depth, curves, tuple(las.other.splitlines())
    )


def _names(las: Any) -> list[str]:
    """Mnemonics after the index, made unique."""
    names: list[str] = []
    for curve in las.curves[1:]:
        base = name = curve.original_mnemonic or "UNKNOWN"
        count = 1
        while name in names:
            count += 1
            name = f"{base}_{count}"
        names.append(name)
    return names


def _numbers(data: Any) -> Float:
    """A column as float64 (N,); NaN for whatever is not a finite number."""
    array = np.asarray(data)
    if array.dtype.kind in "iuf":
        out = array.astype(np.float64)
    else:
        out = np.array([_number(str(cell)) for cell in array.tolist()], dtype=np.float64)
    return np.where(np.isfinite(out), out, np.nan)


def _values(data: Any) -> Float:
    """A column of readings as float64 (N,); NaN where missing."""
    out = _numbers(data)
    return np.where(np.isin(out, _NULLS), np.nan, out)


def _number(text: str) -> float:
    try:
        return float(text)
    except ValueError:
        return math.nan


def _confidence(name: str, data: dict[str, Float]) -> Float:
    stored = data.get(name + CONF_SUFFIX)
    return np.isfinite(data[name]).astype(np.float64) if stored is None else stored


def _step(depth: Float, stated: float) -> float:
    """The step of even depths (N,): the stated one where it fits, else to six decimals; 0 where uneven.

    >>> _step(np.array([0.1, 0.2, 0.30000001]), 0.0), _step(np.array([0.0, 1.0, 3.0]), 1.0)
    (0.1, 0.0)
    """
    if len(depth) < 2:
        return stated
    found = round(float(depth[-1] - depth[0]) / (len(depth) - 1), 6)
    for step in (stated, found):
        even = depth[0] + step * np.arange(len(depth))
        # files round depths to three or four decimals: 0.1524 m steps wander by half a millimetre
        if step > 0 and float(np.max(np.abs(even - depth))) <= max(1e-3, 0.01 * step):
            return step
    return 0.0


def _stated_step(las: Any) -> float:
    """STEP of the header without its sign; 0 where there is none."""
    value = _number(str(las.well["STEP"].value)) if "STEP" in las.well else math.nan
    return abs(value) if math.isfinite(value) else 0.0


def _header_unit(las: Any) -> str:
    return str(las.well["STRT"].unit).strip() if "STRT" in las.well else ""


def _header(las: Any) -> dict[str, str]:
    items: dict[str, str] = {}
    for item in (*las.well, *las.params):
        text, name = str(item.value).strip(), item.original_mnemonic.upper()
        if text and name and name not in {"STRT", "STOP", "STEP", "NULL"}:
            items.setdefault(name, text)
    return items
