"""The trainings of a study and their scores, as they lie on disk."""

from __future__ import annotations

import dataclasses
import math
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from logdigit.training.recipe import Recipe
from logdigit.training.scores import ClassScore, CurveScores


@dataclass(frozen=True)
class Scored:
    """Scores of weights: ``curves`` by name, and ``classes`` by class and name; see `scores`."""

    step: int
    curves: Mapping[str, float]
    classes: Mapping[str, Mapping[str, float]]

    @classmethod
    def of(cls, step: int, classes: Mapping[str, ClassScore], curves: CurveScores) -> Scored:
        """From what `scores.score` returns."""
        rows = {name: one.row() for name, one in classes.items()}
        return cls(step, dataclasses.asdict(curves), rows)

    def figure(self, name: str, label: str = "") -> float:
        """A score of the curves, or of a class."""
        value = self.classes.get(label, {}).get(name) if label else self.curves.get(name)
        return math.nan if value is None else float(value)


@dataclass(frozen=True)
class Run:
    """One training of a study.

    Attributes:
        recipe: that was trained.
        seed: of the training.
        failure: why there are no scores; empty where there are.
        final: of the best weights.
        checkpoints: of those at later iterations.
        seconds: time spent training.
        patches: that were seen.
        patches_per_s: mean.
        wait_share: share of the time waiting for data.
    """

    recipe: Recipe
    seed: int
    failure: str = ""
    final: Scored = field(default_factory=lambda: Scored(0, {}, {}))
    checkpoints: tuple[Scored, ...] = ()
    seconds: float = 0.0
    patches: int = 0
    patches_per_s: float = 0.0
    wait_share: float = 0.0

    def to_json(self) -> dict[str, Any]:
        """Everything as plain values; NaN as null, as JSON has no other."""
        out = dataclasses.asdict(self)
        out["recipe"] = self.recipe.name
        return dict(_plain(out))

    @classmethod
    def from_json(cls, stored: Mapping[str, Any], recipe: Recipe) -> Run:
        """What `to_json` made."""
        final, *later = (Scored(**one) for one in (stored["final"], *stored["checkpoints"]))
        names = ("seed", "failure", "seconds", "patches", "patches_per_s", "wait_share")
        rest = {name: stored[name] for name in names}
        return cls(recipe=recipe, final=final, checkpoints=tuple(later), **rest)


def _plain(value: Any) -> Any:
    if isinstance(value, Mapping):
        return {key: _plain(one) for key, one in value.items()}
    if isinstance(value, tuple | list):
        return [_plain(one) for one in value]
    return None if isinstance(value, float) and not math.isfinite(value) else value
