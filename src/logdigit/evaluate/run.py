"""A run: item after item, each digitised if need be, and scored."""

from __future__ import annotations

import math
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np

from logdigit.errors import DataError, LogdigitError, OutputExistsError, UsageError, WeightsError
from logdigit.evaluate.items import Item, find_items, is_alone
from logdigit.evaluate.reports import LogReport
from logdigit.evaluate.rulers import Printed, from_file, from_result, parse_scale, printed_names, rulers
from logdigit.evaluate.score import listed, score_log
from logdigit.options import DigitiseOptions, EvaluateOptions
from logdigit.out.las import read_las
from logdigit.paper.spec import read_layout
from logdigit.pipeline import digitise, write
from logdigit.types import CurveSpec, Digitised, WellLog

if TYPE_CHECKING:
    from logdigit.ink.network import SegmentsInk

Progress = Callable[[str, float], None]


def _quiet(message: str, share: float) -> None:
    """No progress."""


@dataclass(frozen=True)
class _Asked:
    """The options, parsed."""

    options: EvaluateOptions
    scales: Mapping[str, CurveSpec]
    match: Mapping[str, str]
    alone: bool
    segmenter: SegmentsInk | None


def evaluate(
    options: EvaluateOptions, progress: Progress = _quiet, segmenter: SegmentsInk | None = None
) -> Iterator[LogReport]:
    """Score logs against their truth, one after the other.

    A log of a folder that is refused, or has nothing in common with its truth, is reported and the run goes
    on; one that is alone raises what is wrong with it.

    Args:
        options: what to compare, and how.
        progress: called with a message and the share done.
        segmenter: finds the ink of scans; None for the network of the options.

    Yields:
        One report a log, as soon as it is done.

    Raises:
        LogdigitError: with the reason, and what to do, in one line.
    """
    scales = {spec.mnemonic.upper(): spec for spec in map(parse_scale, options.scales)}
    asked = _Asked(options, scales, _match(options.match), is_alone(options), segmenter)
    items = find_items(options)
    _check_keep(options, items)
    usable = 0
    for k, item in enumerate(items):

        def part(message: str, share: float, k: int = k, name: str = item.name) -> None:
            progress(f"{name}: {message}", (k + share) / len(items))

        report = _item(item, asked, part)
        usable += report.status != "unusable"
        if k == len(items) - 1 and not usable:
            raise DataError(f"no true LAS file can be used; the last one: {report.reason}")
        yield report


def _match(texts: tuple[str, ...]) -> dict[str, str]:
    """``--match`` texts: name in the log to name in the truth, in capitals.

    Raises:
        UsageError: quoting the text.
    """
    out: dict[str, str] = {}
    for text in texts:
        mine, equals, true = (part.strip().upper() for part in text.partition("="))
        if not (mine and equals and true):
            raise UsageError(
                f"--match {text!r}: must be MINE=TRUE, a name in the log and one in the truth: GR=GAMMA"
            )
        if mine in out or true in out.values():
            raise UsageError(f"--match {text!r}: {mine if mine in out else true} is matched twice")
        out[mine] = true
    return out


def _check_keep(options: EvaluateOptions, items: tuple[Item, ...]) -> None:
    """Make the folder for what is digitised, and refuse to write over what is in it.

    Raises:
        UsageError: if it cannot be made.
        OutputExistsError: if a file is there and may not be replaced.
    """
    if options.keep is None:
        return
    try:
        options.keep.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise UsageError(f"{options.keep}: cannot be made: {error.strerror}") from None
    for item in items:
        path = _kept(options.keep, item)
        if path.exists() and not options.overwrite:
            raise OutputExistsError(f"{path}: already exists; give --overwrite to replace it")


def _kept(folder: Path, item: Item) -> Path:
    return folder / f"{Path(item.name).stem}.las"


def _item(item: Item, asked: _Asked, progress: Progress) -> LogReport:
    """Score one item, whatever is wrong with it.

    Raises:
        LogdigitError: if it is alone, or what is wrong would be wrong with every item.
    """
    about = partial(
        replace,
        family=item.family,
        wear=item.wear,
        held_out=item.held_out,
        held_out_of=item.held_out_of,
        sheets=item.sheets,
        refusal=item.refusal,
    )
    try:
        truth = _cut(read_las(item.truth), item.truth, asked.options.interval)
        layout = None if item.layout is None else read_layout(item.layout)
        declared = () if layout is None else from_file(layout, truth.unit)
    except LogdigitError as error:
        if asked.alone:
            raise
        return about(LogReport(item.name, "unusable", str(error)))
    if asked.alone:
        _check_names(truth, asked)
    began, log, result, reason = time.perf_counter(), None, None, item.absent
    try:
        if not reason:
            log, result = _log(item, asked, progress)
    except WeightsError:
        raise
    except LogdigitError as error:
        if asked.alone:
            raise
        reason = str(error)
    seconds = time.perf_counter() - began if item.scans else math.nan
    if result is not None and asked.options.keep is not None:
        path = _kept(asked.options.keep, item)
        write([result], path, confidence=True, overwrite=asked.options.overwrite)
    if result is not None and item.layout is None:
        declared = from_result(result, truth.unit)
    if layout is not None:
        asked = replace(asked, match={**printed_names(layout, truth), **asked.match})
    report = about(_scored(item, log, truth, declared, asked, reason), seconds=seconds)
    return report if result is None else replace(report, weights=result.provenance.weights_sha256)


def _check_names(truth: WellLog, asked: _Asked) -> None:
    """Refuse options that name curves which the truth does not have; a folder may hold logs of many kinds.

    Raises:
        UsageError: naming the option.
    """
    true = {curve.mnemonic.upper() for curve in truth.curves}
    named = [("--match", name) for name in asked.match.values()]
    named += [("--curves", name.upper()) for name in asked.options.curves]
    named += [("--scale", asked.match.get(name, name)) for name in asked.scales]
    for flag, name in named:
        if name not in true:
            raise UsageError(f"{flag}: the truth has no curve {name}; it has {listed(sorted(true))}")


def _scored(
    item: Item, log: WellLog | None, truth: WellLog, declared: Sequence[Printed], asked: _Asked, reason: str
) -> LogReport:
    """The scores of a log, or of nothing for ``reason``.

    Raises:
        DataError: if it is alone and has nothing in common with its truth.
    """
    score = partial(
        score_log,
        item.name,
        truth=truth,
        rulers={asked.match.get(name, name): r for name, r in rulers(declared, asked.scales).items()},
        match=asked.match,
        only=tuple(name.upper() for name in asked.options.curves),
        max_lag=asked.options.max_lag,
        rated=True if item.scans else None,
    )
    if not reason:
        try:
            return score(log)
        except DataError as error:
            if asked.alone:
                raise
            reason = str(error)
    return replace(score(None), status="refused", reason=reason)


def _cut(truth: WellLog, path: Path, interval: tuple[float, float] | None) -> WellLog:
    """The truth between two depths, in its unit.

    Raises:
        DataError: if it has none there.
    """
    if interval is None:
        return truth
    rows = np.flatnonzero((truth.depth >= interval[0]) & (truth.depth <= interval[1]))
    if not len(rows):
        raise DataError(
            f"{path}: has no depths from {interval[0]:g} to {interval[1]:g} {truth.unit.lower()}: it goes "
            f"from {truth.depth[0]:g} to {truth.depth[-1]:g}"
        )
    part = slice(int(rows[0]), int(rows[-1]) + 1)
    curves = tuple(
        replace(c, depth=c.depth[part], value=c.value[part], confidence=c.confidence[part])
        for c in truth.curves
    )
    return replace(truth, depth=truth.depth[part], curves=curves)


def _log(item: Item, asked: _Asked, progress: Progress) -> tuple[WellLog, Digitised | None]:
    """What was digitised, before or now."""
    if item.las is not None:
        progress("comparing", 0.0)
        return read_las(item.las), None
    options = DigitiseOptions(
        layout=item.layout if item.obey else None,
        device=asked.options.device,
        weights=asked.options.weights,
    )
    result = digitise(item.scans, options, progress, asked.segmenter)[0]
    return result.log, result
