"""What is read from the ink, and what comes out: probabilities, traces, curves, a log."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from logdigit.types.arrays import DepthUnit, Float, Float32, Int8, UInt8
from logdigit.types.findings import Finding
from logdigit.types.layout import Layout


@dataclass(frozen=True)
class ProbabilityMap:
    """One band of class probabilities in the straight frame.

    Attributes:
        top: straight row of the first row of ``prob``.
        prob: (C, h, W) float32 in [0, 1], summing to 1 over C.
        classes: C names, as stored in the checkpoint.
        rgb: (h, W, 3) uint8 pixels of the same rows where the scan has colour: there colour is identity.
        grey: (h, W) uint8 pixels of the same rows, 0 ink; None where nobody has them.
    """

    top: int
    prob: Float32
    classes: tuple[str, ...]
    rgb: UInt8 | None = None
    grey: UInt8 | None = None


@dataclass(frozen=True)
class Trace:
    """One curve in the straight frame, a value a row from ``top`` on.

    Attributes:
        top: straight row of the first sample.
        x: (H,) px, NaN where there is no ink.
        confidence: (H,) in [0, 1].
        turns: (H,) which wrap: 0 on the main scale, +1 re-entered from the left edge after leaving right.
    """

    top: int
    x: Float32
    confidence: Float32
    turns: Int8


@dataclass(frozen=True)
class Curve:
    """A calibrated curve: ``depth`` and ``value`` float64 (N,), NaN where missing, ``confidence`` (N,)."""

    mnemonic: str
    unit: str
    descr: str
    depth: Float
    value: Float
    confidence: Float


@dataclass(frozen=True)
class WellLog:
    """Curves on one index, ready to be written: all share ``depth`` (N,), a constant ``step`` apart."""

    header: Mapping[str, str]
    unit: DepthUnit
    step: float
    depth: Float
    curves: tuple[Curve, ...]
    notes: tuple[str, ...] = ()


@dataclass(frozen=True)
class Provenance:
    """What made a result: enough to make it again."""

    version: str
    weights_sha256: str
    input_sha256: tuple[str, ...]
    options: Mapping[str, str]


@dataclass(frozen=True)
class Digitised:
    """The result of the main job; one section of the strip (or several, spliced) as one log."""

    log: WellLog
    layout: Layout
    sections: tuple[int, ...]
    traces: Mapping[tuple[int, str], Trace]
    findings: tuple[Finding, ...]
    left_out: Sequence[str]
    provenance: Provenance
