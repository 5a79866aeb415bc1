"""The tables of a study: Markdown to read, CSV and JSON to reckon with."""

from __future__ import annotations

import csv
import io
import json
import math
from collections.abc import Callable, Iterable, Mapping, Sequence
from pathlib import Path

import numpy as np

from logdigit.ink.weights import write_atomically
from logdigit.training.runs import Run, Scored

CURVES = {
    "error": "curve error",
    "mae": "MAE",
    "mse": "MSE",
    "r2": "R²",
    "r": "r",
    "coverage": "coverage",
    "swap_rate": "swap rate",
}
"""Scores of the curves, and how tables head them."""
RATES = {
    "tpr": "TPR",
    "fpr": "FPR",
    "precision": "precision",
    "recall": "recall",
    "f1": "F1",
    "iou": "IoU",
    "boundary_iou": "Boundary IoU",
    "cldice": "clDice",
}
"""Scores of a class; the true positive rate and recall are one and the same."""
COUNTS = {"tp": "TP", "fp": "FP", "fn": "FN", "tn": "TN"}
"""Pixels of a class."""

_TOLD = ("recipe", "group", "seed", "failure", "step", "seconds", "patches", "patches_per_s", "wait_share")


def write_tables(out: Path, runs: Sequence[Run], classes: Sequence[str]) -> None:
    """Writes ``table.md``, ``table.csv``, ``classes.csv`` and ``table.json``."""
    write_atomically(out / "table.json", json.dumps([run.to_json() for run in runs], indent=1).encode())
    write_atomically(out / "table.csv", _csv((*_TOLD, *CURVES), _curve_rows(runs)).encode())
    names = ("recipe", "seed", "step", "class", *COUNTS, *RATES)
    write_atomically(out / "classes.csv", _csv(names, _class_rows(runs, classes)).encode())
    write_atomically(out / "table.md", markdown(runs, classes).encode())


def spread(values: Sequence[float]) -> tuple[float, float]:
    """Mean and standard deviation of those that are numbers; NaN where there are too few."""
    known = [value for value in values if math.isfinite(value)]
    mean = float(np.mean(known)) if known else math.nan
    return mean, float(np.std(known, ddof=1)) if len(known) > 1 else math.nan


def _csv(columns: Sequence[str], rows: Iterable[Sequence[object]]) -> str:
    text = io.StringIO()
    writer = csv.writer(text, lineterminator="\n")
    writer.writerow(columns)
    for row in rows:
        writer.writerow([f"{cell:.6g}" if isinstance(cell, float) else cell for cell in row])
    return text.getvalue()


def _curve_rows(runs: Sequence[Run]) -> Iterable[Sequence[object]]:
    for run in runs:
        told = (run.seconds, run.patches, run.patches_per_s, run.wait_share)
        for one in (run.final, *run.checkpoints):
            figures = [one.figure(name) for name in CURVES]
            yield (run.recipe.name, run.recipe.group, run.seed, run.failure, one.step, *told, *figures)


def _class_rows(runs: Sequence[Run], classes: Sequence[str]) -> Iterable[Sequence[object]]:
    for run in runs:
        for one in (run.final, *run.checkpoints):
            for label in classes[1:] if not run.failure else ():
                figures = [one.figure(name, label) for name in (*COUNTS, *RATES)]
                yield (run.recipe.name, run.seed, one.step, label, *figures)


def markdown(runs: Sequence[Run], classes: Sequence[str]) -> str:
    """All tables of a study as Markdown."""
    good: dict[str, list[Run]] = {}
    for run in runs:
        if not run.failure:
            good.setdefault(run.recipe.name, []).append(run)
    parts = ["# Study", _curves_table(good), _classes_table(good, classes)]
    parts += [_stability_table(good, classes), _factorial(good, classes), _failures(runs)]
    return "\n\n".join(part for part in parts if part) + "\n"


def _table(title: str, head: Sequence[str], rows: Sequence[Sequence[str]]) -> str:
    if not rows:
        return ""
    lines = ["| " + " | ".join(head) + " |", "|" + "---|" * len(head)]
    return "\n".join([f"## {title}", "", *lines, *("| " + " | ".join(row) + " |" for row in rows)])


def _cell(values: Sequence[float]) -> str:
    """Mean, and standard deviation where there are several: of the trainings of a recipe."""
    mean, deviation = spread(values)
    if not math.isfinite(mean):
        return "–"
    text = f"{mean:.2e}" if 0 < abs(mean) < 1e-3 else f"{mean:.4f}"
    return text + (f" ± {deviation:.1e}" if math.isfinite(deviation) else "")


def _curves_table(good: Mapping[str, Sequence[Run]]) -> str:
    def error(name: str) -> float:
        mean, _ = spread([run.final.figure("error") for run in good[name]])
        return mean if math.isfinite(mean) else math.inf

    rows = []
    for name in sorted(good, key=error):
        runs = good[name]
        figures = [_cell([run.final.figure(figure) for run in runs]) for figure in CURVES]
        patches, seconds = (np.mean([getattr(run, of) for run in runs]) for of in ("patches", "seconds"))
        rows.append(
            (name, runs[0].recipe.group, str(len(runs)), *figures, f"{patches:.0f}", f"{seconds:.0f}")
        )
    head = ("recipe", "group", "runs", *CURVES.values(), "patches", "seconds")
    return _table("Curves, best first", head, rows)


def _classes_table(good: Mapping[str, Sequence[Run]], classes: Sequence[str]) -> str:
    rows = []
    for name, runs in good.items():
        for label in classes[1:]:
            rates = [_cell([run.final.figure(figure, label) for run in runs]) for figure in RATES]
            counts = [f"{np.mean([run.final.figure(n, label) for run in runs]):.0f}" for n in COUNTS]
            rows.append((name, label, *rates, *counts))
    return _table("Classes", ("recipe", "class", *RATES.values(), *COUNTS.values()), rows)


def _measures(classes: Sequence[str]) -> dict[str, Callable[[Scored], float]]:
    """What stability and effects are told of."""

    def f1(label: str) -> Callable[[Scored], float]:
        return lambda one: one.figure("f1", label)

    return {
        "curve error": lambda one: one.figure("error"),
        **{f"F1 {name}": f1(name) for name in classes[1:]},
    }


def _stability_table(good: Mapping[str, Sequence[Run]], classes: Sequence[str]) -> str:
    """Standard deviations over trainings of a recipe, and over the later iterations of a training."""
    measures = _measures(classes)
    rows = []
    for name, runs in good.items():
        trainings = [spread([measure(run.final) for run in runs])[1] for measure in measures.values()]
        iterations = [
            spread([spread([measure(one) for one in run.checkpoints])[1] for run in runs])[0]
            for measure in measures.values()
        ]
        for kind, deviations in (("trainings", trainings), ("iterations", iterations)):
            if any(map(math.isfinite, deviations)):
                rows.append((name, kind, *(f"{d:.1e}" if math.isfinite(d) else "–" for d in deviations)))
    return _table("Stability: standard deviations", ("recipe", "over", *measures), rows)


def _factorial(good: Mapping[str, Sequence[Run]], classes: Sequence[str]) -> str:
    """Main effects: the mean with a factor less that without it, over all recipes that tell of factors."""
    measures = _measures(classes)
    runs = [run for group in good.values() for run in group if run.recipe.factors]
    rows = []
    for factor in dict.fromkeys(name for run in runs for name in run.recipe.factors):
        with_it = [run.final for run in runs if run.recipe.factors.get(factor)]
        without = [run.final for run in runs if not run.recipe.factors.get(factor)]
        effects = [
            spread([measure(one) for one in with_it])[0] - spread([measure(one) for one in without])[0]
            for measure in measures.values()
        ]
        if with_it and without:
            rows.append((factor, *(f"{d:+.4f}" if math.isfinite(d) else "–" for d in effects)))
    return _table("Factorial: what each factor changes", ("factor", *measures), rows)


def _failures(runs: Sequence[Run]) -> str:
    lines = [f"- {run.recipe.name}, seed {run.seed}: {run.failure}" for run in runs if run.failure]
    return "\n".join(["## Not scored", "", *lines]) if lines else ""
