"""One log against its truth: which curves are asked for, and how each of them is."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace

import numpy as np

from logdigit.errors import DataError
from logdigit.evaluate.curve import score_curve
from logdigit.evaluate.reports import LAG, LogReport
from logdigit.evaluate.rulers import Ruler, span_ruler, unit_factor
from logdigit.types import Curve, DepthUnit, Float, WellLog

_MOST_NAMES = 12
_ONE_UNIT = (
    *({"API", "GAPI"}, {"IN", "INCH", "INCHES"}, {"OHMM", "OHM-M", "OHM.M", "OHM/M"}),
    *({"G/CC", "G/C3", "GM/CC", "G/CM3"}, {"US/F", "US/FT", "USEC/FT"}, {"PU", "%"}, {"B/E", "BARN/E"}),
)
"""Spellings of one unit, as LAS files have them."""


def score_log(
    name: str,
    log: WellLog | None,
    truth: WellLog,
    rulers: Mapping[str, Ruler],
    *,
    match: Mapping[str, str] | None = None,
    only: Sequence[str] = (),
    max_lag: float | None = None,
    rated: bool | None = None,
) -> LogReport:
    """Score a log against its truth.

    Args:
        name: of the log.
        log: what was digitised; None where nothing was.
        truth: its true curves, cut to what is to be compared.
        rulers: how curves are printed, by mnemonic in capitals. Where a layout places any of them, a curve
            that neither it nor the log has is not asked for.
        match: name in the log to name in the truth, in capitals.
        only: curves of the truth to compare, in capitals; empty for all.
        max_lag: largest depth lag to look for; None for that of the unit.
        rated: whether its confidences are its own; None to tell by whether they say anything.

    Raises:
        DataError: if the two have no curve or no depth in common.
    """
    notes: list[str] = []
    if log is not None:
        log = _in_unit(log, truth.unit, notes)
        _check_overlap(name, log, truth, notes)
    aliases = match or {}
    curves = () if log is None else log.curves
    got = {aliases.get(c.mnemonic.upper(), c.mnemonic.upper()): c for c in curves}
    wanted = _wanted(truth, rulers, got, only)
    if log is not None and not set(wanted) & set(got):
        there = only or [c.mnemonic for c in truth.curves]
        raise DataError(
            f"{name}: no curve in common: it has {listed(c.mnemonic for c in curves)}, the truth "
            f"{listed(there)}; say which is which with --match GR=GAMMA"
        )
    inks = {
        n: rulers[n].ink(c.depth, rulers[n].position(c.depth, c.value))
        for n, c in wanted.items()
        if n in rulers
    }
    lag = LAG[truth.unit] if max_lag is None else max_lag
    if rated is None:  # a reader gives a file without confidences 1 where there is a value
        rated = any(not np.array_equal(c.confidence, np.isfinite(c.value)) for c in curves)
    reports = []
    for n, curve in wanted.items():
        ruler = rulers.get(n) or span_ruler(curve.mnemonic, curve.value)
        _note_curve(n, got.get(n), curve, ruler, notes)
        others = _same_track(n, truth.depth, rulers, inks)
        reports.append(score_curve(got.get(n), curve, ruler, others, lag, rated))
    true_names = {c.mnemonic.upper() for c in truth.curves}
    return LogReport(
        name,
        unit=truth.unit,
        max_lag=lag,
        curves=tuple(reports),
        missing=tuple(c.mnemonic for n, c in wanted.items() if n not in got and np.isfinite(c.value).any()),
        extra=tuple(c.mnemonic for n, c in got.items() if n not in true_names),
        notes=tuple(notes),
    )


def _wanted(
    truth: WellLog, rulers: Mapping[str, Ruler], got: Mapping[str, Curve], only: Sequence[str]
) -> dict[str, Curve]:
    """The curves of the truth that are asked for, by mnemonic in capitals."""
    wanted = {c.mnemonic.upper(): c for c in truth.curves if not only or c.mnemonic.upper() in only}
    if not only and any(ruler.placed for ruler in rulers.values()):
        wanted = {n: c for n, c in wanted.items() if n in rulers or n in got}
    return wanted


def _same_track(n: str, depth: Float, rulers: Mapping[str, Ruler], inks: Mapping[str, Float]) -> list[Float]:
    """The ink of the other curves, on the rows where they stand in the same track."""
    if n not in rulers:
        return []
    return [
        np.where(rulers[n].shares_track(depth, rulers[k]), ink, np.nan) for k, ink in inks.items() if k != n
    ]


def _in_unit(log: WellLog, unit: DepthUnit, notes: list[str]) -> WellLog:
    """The log with its depths in the unit of the truth."""
    if log.unit == unit:
        return log
    factor = unit_factor(log.unit, unit)
    notes.append(f"depths converted from {log.unit} to {unit}, that of the truth")
    depth = log.depth * factor
    curves = tuple(replace(c, depth=c.depth * factor) for c in log.curves)
    return replace(log, unit=unit, step=log.step * factor, depth=depth, curves=curves)


def _check_overlap(name: str, log: WellLog, truth: WellLog, notes: list[str]) -> None:
    """Refuse logs of different intervals; say where the log covers only part of the truth.

    Raises:
        DataError: if they have no depth in common.
    """
    unit = truth.unit.lower()
    (a, b), (top, base) = ((float(x.depth[0]), float(x.depth[-1])) for x in (log, truth))
    if a > base or b < top:
        raise DataError(
            f"{name}: no depth in common: it goes from {a:g} to {b:g} {unit}, "
            f"the truth from {top:g} to {base:g}"
        )
    slack = 2 * max(log.step, truth.step)
    if a > top + slack or b < base - slack:
        notes.append(
            f"goes from {a:g} to {b:g} {unit}, the truth from {top:g} to {base:g}: what is beyond counts as "
            "not covered; --interval TOP:BASE leaves it out"
        )


def _note_curve(n: str, got: Curve | None, true: Curve, ruler: Ruler | None, notes: list[str]) -> None:
    units = set() if got is None else {got.unit.upper(), true.unit.upper()} - {""}
    if got is not None and len(units) > 1 and not any(units <= same for same in _ONE_UNIT):
        notes.append(f"{n}: in {got.unit}, the truth in {true.unit}: compared as the numbers stand")
    if ruler is None:
        notes.append(f"{n}: no scale is known and the truth does not vary: judged by its coverage only")


def listed(names: Iterable[str]) -> str:
    """Names as a person wants them, the first dozen of them."""
    every = list(names)
    more = f" and {len(every) - _MOST_NAMES} more" if len(every) > _MOST_NAMES else ""
    return (", ".join(every[:_MOST_NAMES]) or "none") + more
