"""Reports as plain values: a line of JSON a log, and the file of a whole run."""

from __future__ import annotations

import json
import math
from collections.abc import Sequence
from dataclasses import asdict
from pathlib import Path

from logdigit.evaluate.reports import LogReport
from logdigit.evaluate.summary import Group
from logdigit.options import EvaluateOptions
from logdigit.out.files import atomic

VERSION = 1


def values(report: LogReport | Group | EvaluateOptions) -> dict[str, object]:
    """A report as values that JSON can hold: null for NaN, paths as texts, six significant digits."""
    return {name: _plain(value) for name, value in asdict(report).items()}


def _plain(value: object) -> object:
    if isinstance(value, dict):
        return {key: _plain(inner) for key, inner in value.items()}
    if isinstance(value, list | tuple):
        return [_plain(inner) for inner in value]
    if isinstance(value, Path):
        return str(value)
    if isinstance(value, float):
        if math.isnan(value):
            return None
        return float(f"{value:.6g}") if math.isfinite(value) else str(value)
    return value


def write_report(
    path: Path,
    options: EvaluateOptions,
    logs: Sequence[LogReport],
    groups: Sequence[Group],
    *,
    overwrite: bool = False,
) -> None:
    """Write a run as JSON: ``version``, ``options``, ``groups`` and ``logs``.

    Raises:
        UsageError: if the file cannot be written.
        OutputExistsError: if it is already there.
    """
    report = {
        "version": VERSION,
        "options": values(options),
        "groups": [values(group) for group in groups],
        "logs": [values(log) for log in logs],
    }
    with atomic(path, overwrite) as temporary:
        temporary.write_text(json.dumps(report, indent=1, allow_nan=False) + "\n", encoding="utf-8")
