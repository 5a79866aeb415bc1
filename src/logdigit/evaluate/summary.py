"""Many logs in one table: families and kinds of wear apart, what training never saw apart from the rest."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass

import numpy as np

from logdigit.evaluate.reports import CurveReport, LogReport
from logdigit.types import Float

GOOD_R = 0.98
GOOD_COVERAGE = 0.9


@dataclass(frozen=True)
class Group:
    """What a group of curves has in common; NaN where no curve of it has the figure.

    Curves that are missing, or of logs that were refused, have no errors, but count in ``coverage``,
    ``good_r``, ``good_coverage`` and ``good``.

    Attributes:
        part: ``all``; or ``seen`` and ``held out`` where there are logs of both kinds.
        by: what the group has in common: all, family, wear, held out of, sheets, style; ``refusal`` for the
            logs that ought to be refused, which are in no other group.
        name: which of them.
        logs: logs of which a curve is in the group.
        refused: those of them that were refused.
        curves: curves of the truth.
        missing: those of them that have no value at all.
        mae: mean over the curves of their mean absolute error, share of the scale.
        mae_p50: median over the curves; so are the next two percentiles.
        mae_p90: 90th percentile.
        median: median over the curves of their median error.
        bias: mean over the curves of their bias.
        r: median over the curves of their correlation.
        coverage: mean over the curves.
        swap_rate: mean over the curves.
        off_scale_drawn: share of all depths off scale, of curves that are there, at which a value is given.
        lag: median over the curves of the size of their depth lag, depth units of each.
        good_r: share of the curves with r of at least `GOOD_R`.
        good_coverage: share with a coverage of at least `GOOD_COVERAGE`.
        good: share with both.
        turns_recall: share of all true changes of turn that were followed.
        turns_precision: share of all given ones that are right.
        sure_right: of all samples of high confidence, the share that is right.
    """

    part: str
    by: str
    name: str
    logs: int
    refused: int
    curves: int
    missing: int
    mae: float
    mae_p50: float
    mae_p90: float
    median: float
    bias: float
    r: float
    coverage: float
    swap_rate: float
    off_scale_drawn: float
    lag: float
    good_r: float
    good_coverage: float
    good: float
    turns_recall: float
    turns_precision: float
    sure_right: float


def summarise(logs: Iterable[LogReport]) -> tuple[Group, ...]:
    """The groups of a run, those of all logs first.

    Where some logs are held out and some are not, no figure mixes them.
    """
    every = [log for log in logs if log.status != "unusable"]
    usable = [log for log in every if not log.refusal]
    parts = {log.held_out for log in usable}
    out: list[Group] = []
    for held_out in sorted(parts):
        part = "all" if len(parts) < 2 else "held out" if held_out else "seen"
        own = [log for log in usable if log.held_out == held_out]
        out.append(_group(part, "all", "all", own))
        for by, names in _BY.items():
            for name in sorted({name for log in own for name in names(log)}):
                out.append(_group(part, by, name, [log for log in own if name in names(log)]))
        styles = sorted({curve.style for log in own for curve in log.curves if curve.style})
        out += [_group(part, "style", style, own, lambda c, s=style: c.style == s) for style in styles]  # type: ignore[misc]
    if len(usable) < len(every):
        out.append(_group("all", "refusal", "to be refused", [log for log in every if log.refusal]))
    return tuple(group for group in out if group.curves or group.by == "all")


_BY: dict[str, Callable[[LogReport], Sequence[str]]] = {
    "family": lambda log: (log.family,) if log.family else (),
    "wear": lambda log: log.wear or (("none",) if log.family else ()),
    "held out of": lambda log: log.held_out_of,
    "sheets": lambda log: (log.sheets,) if log.sheets else (),
}


def _group(
    part: str,
    by: str,
    name: str,
    logs: Sequence[LogReport],
    wanted: Callable[[CurveReport], bool] = lambda curve: True,
) -> Group:
    chosen = [(log, [curve for curve in log.curves if wanted(curve)]) for log in logs]
    curves = [curve for _, own in chosen for curve in own]
    held = [log for log, own in chosen if own or by == "all"]
    scores = [curve.score for curve in curves]
    mae = np.array([score.mae for score in scores])
    r = np.nan_to_num(np.array([c.score.r for c in curves if c.varies]))
    coverage = np.array([score.coverage for score in scores])
    covered = coverage[np.isfinite(coverage)] >= GOOD_COVERAGE
    varying = [c for c in curves if c.varies]
    good = [c.score.r >= GOOD_R and c.score.coverage >= GOOD_COVERAGE for c in varying]
    turns = [c.turns for c in curves if c.turns is not None]
    off = [c for c in curves if c.read_as and c.off_scale]
    sure = [c.sureness for c in curves if c.sureness is not None and c.sureness.n]
    return Group(
        part=part,
        by=by,
        name=name,
        logs=len(held),
        refused=sum(log.status == "refused" for log in held),
        curves=len(curves),
        missing=sum(score.n == 0 and score.coverage == 0 for score in scores),
        mae=_over(np.mean, mae),
        mae_p50=_over(np.median, mae),
        mae_p90=_over(lambda x: np.percentile(x, 90), mae),
        median=_over(np.median, np.array([score.median for score in scores])),
        bias=_over(np.mean, np.array([score.bias for score in scores])),
        r=_over(np.median, r),
        coverage=_over(np.mean, coverage),
        swap_rate=_over(np.mean, np.array([score.swap_rate for score in scores])),
        off_scale_drawn=_ratio(
            sum(c.off_scale_drawn * c.off_scale for c in off), sum(c.off_scale for c in off)
        ),
        lag=_over(np.median, np.abs([score.depth_lag for score in scores])),
        good_r=_over(np.mean, (r >= GOOD_R).astype(float)),
        good_coverage=_over(np.mean, covered.astype(float)),
        good=_over(np.mean, np.array(good, dtype=float)),
        turns_recall=_ratio(sum(t.followed for t in turns), sum(t.true for t in turns)),
        turns_precision=_ratio(sum(t.right for t in turns), sum(t.given for t in turns)),
        sure_right=_ratio(sum(s.right * s.n for s in sure), sum(s.n for s in sure)),
    )


def _over(figure: Callable[[Float], object], values: Float) -> float:
    known = values[np.isfinite(values)]
    return float(figure(known)) if len(known) else math.nan  # type: ignore[arg-type]


def _ratio(part: float, whole: float) -> float:
    return part / whole if whole else math.nan
