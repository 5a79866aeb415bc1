"""What a run made, as plain values: one JSON line a log, or a few lines to read."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import numpy as np

from logdigit.types import Digitised

MOST_FINDINGS = 20
"""Findings that are printed; all of them stand in ~Other of the LAS file."""


def summary(result: Digitised, las: Path) -> dict[str, object]:
    """A result as values that JSON can hold: no NaN, no arrays.

    Args:
        result: one log.
        las: the file that it was written to.
    """
    log = result.log
    return {
        "las": str(las),
        "well": log.header.get("WELL", ""),
        "unit": log.unit,
        "start": float(log.depth[0]),
        "stop": float(log.depth[-1]),
        "step": log.step,
        "sections": [index + 1 for index in result.sections],
        "curves": [
            {
                "mnemonic": curve.mnemonic,
                "unit": curve.unit,
                "coverage": round(float(np.isfinite(curve.value).mean()), 4),
                "confidence": _mean_confidence(curve.value, curve.confidence),
            }
            for curve in log.curves
        ],
        "left_out": list(result.left_out),
        "findings": [
            {"kind": f.kind, "curve": f.curve, "top": f.top, "base": f.base, "message": f.message}
            for f in result.findings
        ],
        "version": result.provenance.version,
        "weights_sha256": result.provenance.weights_sha256,
        "input_sha256": list(result.provenance.input_sha256),
    }


def _mean_confidence(value: np.ndarray, confidence: np.ndarray) -> float:
    """Mean confidence of the samples that have a value; 0 where none has."""
    given = np.isfinite(value)
    return round(float(confidence[given].mean()), 4) if given.any() else 0.0


def lines(result: Digitised, las: Path) -> Iterator[str]:
    """The same for a person: what was written, what was left out, what to look at."""
    log = result.log
    names = ", ".join(curve.mnemonic for curve in log.curves)
    yield (
        f"{las}: {names}, {log.depth[0]:g} to {log.depth[-1]:g} {log.unit.lower()} every {log.step:g}, "
        f"section {', '.join(str(index + 1) for index in result.sections)}"
    )
    if result.left_out:
        yield f"left out: {', '.join(result.left_out)}"
    for finding in result.findings[:MOST_FINDINGS]:
        where = "" if finding.top is None or finding.base is None else f" {finding.top:g}-{finding.base:g}"
        yield f"  {finding.curve or 'log'}{where}: {finding.kind}: {finding.message}"
    if len(result.findings) > MOST_FINDINGS:
        yield f"  and {len(result.findings) - MOST_FINDINGS} more, in ~Other of {las}"
