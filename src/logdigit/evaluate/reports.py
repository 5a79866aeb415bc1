"""What `evaluate` says of a log: frozen values, no arrays."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal

from logdigit.evaluate.rulers import Source
from logdigit.metrics import CurveScore
from logdigit.types import DepthUnit, ScaleKind

LAG: Mapping[DepthUnit, float] = {"FT": 5.0, "M": 1.5}
"""Largest depth lag that is looked for, either way."""
LEVEL = 0.1
"""A reading on a backup is on the right one when it lies within this of its truth, share of that scale."""
Status = Literal["compared", "refused", "unusable"]


@dataclass(frozen=True)
class Turns:
    """Whether the turns of a wrapping curve are right (see `metrics.followed_turns`).

    Attributes:
        true: changes of turn in the truth.
        followed: of those, with the curve on the right turn before and after.
        given: changes of turn in the curve.
        right: of those, with the truth on the same turn before and after.
        wrong: share of the compared depths at which the curve is on a wrong turn.
    """

    true: int
    followed: int
    given: int
    right: int
    wrong: float


@dataclass(frozen=True)
class Backup:
    """The depths at which the truth is off the main scale, and on another one that is declared.

    Attributes:
        n: depths of the truth that are.
        coverage: share of them at which the curve has a value.
        right: share of those at which it lies within `LEVEL` of the truth: on the right scale.
        mae: mean absolute error there, share of that other scale.
    """

    n: int
    coverage: float
    right: float
    mae: float


@dataclass(frozen=True)
class Sureness:
    """Whether the confidences hold: of the samples of `metrics.SURE` and more, how many are right.

    Attributes:
        n: samples that are that sure, where the log has a true value, on its scale or off.
        share: of all samples given there.
        right: share of the ``n`` that lie within `metrics.CLOSE` of the truth.
    """

    n: int
    share: float
    right: float


@dataclass(frozen=True)
class CurveReport:
    """One curve of the truth and what became of it.

    Attributes:
        mnemonic: its name in the truth.
        read_as: its name in the log that was judged; "" where it is missing.
        unit: of the truth.
        style: as printed; "" where no layout tells.
        source: where the ruler comes from: layout, option, span; "" where there is none.
        kind: of the scale.
        anchors: (u, value) of the scale.
        wraps: whether it re-enters at the other edge.
        score: as `metrics.compare`, with errors in units on any scale; no swap rate where ``source`` is span.
        within: share of the compared depths at which the error is at most `metrics.CLOSE`.
        varies: whether the truth is anything but constant, so that it has a correlation.
        off_scale: depths at which the truth is off every scale, by more than `metrics.CLOSE`.
        off_scale_drawn: share of them at which a value is given.
        gaps: depths at which the truth has no value.
        gaps_drawn: share of them at which a value is given.
        turns: where the curve wraps.
        backup: where it has further scales.
        sureness: where the log has confidences.
    """

    mnemonic: str
    read_as: str
    unit: str
    style: str
    source: Source | Literal[""]
    kind: ScaleKind | Literal[""]
    anchors: tuple[tuple[float, float], ...]
    wraps: bool
    score: CurveScore
    within: float
    varies: bool
    off_scale: int
    off_scale_drawn: float
    gaps: int
    gaps_drawn: float
    turns: Turns | None = None
    backup: Backup | None = None
    sureness: Sureness | None = None


@dataclass(frozen=True)
class LogReport:
    """One log against its truth.

    Attributes:
        name: of the item.
        status: ``compared``; ``refused`` where there is nothing to compare (its curves count as not covered);
            ``unusable`` where the truth cannot be read (it counts for nothing).
        reason: why it is not ``compared``.
        unit: of the depths; "" where unusable.
        max_lag: largest depth lag that was looked for, in that unit.
        curves: of the truth, those that ought to be there.
        missing: those of them that the log does not have.
        extra: curves of the log that the truth does not have.
        notes: what was converted, and what to keep in mind.
        family: of print, where the log is a generated page.
        wear: kinds of it.
        held_out: whether the page has anything that no training corpus has.
        held_out_of: what that is.
        sheets: how the sheets of a generated page lie.
        refusal: whether it ought to be refused: what is digitised all the same is made up.
        weights: checksum of the network's weights, where the log was digitised here.
        seconds: spent on that.
    """

    name: str
    status: Status = "compared"
    reason: str = ""
    unit: str = ""
    max_lag: float = math.nan
    curves: tuple[CurveReport, ...] = ()
    missing: tuple[str, ...] = ()
    extra: tuple[str, ...] = ()
    notes: tuple[str, ...] = ()
    family: str = ""
    wear: tuple[str, ...] = ()
    held_out: bool = False
    held_out_of: tuple[str, ...] = ()
    sheets: str = ""
    refusal: bool = False
    weights: str = ""
    seconds: float = math.nan
