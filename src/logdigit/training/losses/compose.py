"""Losses by name, and an objective composed of them as a recipe says."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass

from torch import Tensor

from logdigit.options import TrainConfig
from logdigit.training.losses import ink, library, thin
from logdigit.training.losses.fused import FUSED, fused_mix
from logdigit.training.targets import as_problem


@dataclass(frozen=True)
class Settings:
    """What the terms need to know beside logits and target; see `TrainConfig` for the fields of that name.

    Attributes:
        class_weights: (C,) on the device of the logits; None for equal ones.
        positive_weight: weight of ink in a mask.
    """

    class_weights: Tensor | None = None
    positive_weight: float = 1.0
    focal_gamma: float = 2.0
    focal_alpha: float | None = None
    tversky_fp: float = 0.5
    tversky_fn: float = 0.5
    smoothing: float = 0.1
    skeleton_rounds: int = 3
    band_px: int = 2

    @classmethod
    def of(cls, config: TrainConfig, class_weights: Tensor | None, positive_weight: float) -> Settings:
        """Those of a training."""
        return cls(
            class_weights,
            positive_weight,
            config.focal_gamma,
            config.focal_alpha or None,
            config.tversky_fp,
            config.tversky_fn,
            config.smoothing,
            config.skeleton_rounds,
            config.band_px,
        )


Term = Callable[[Tensor, Tensor, Settings], Tensor]
"""(logits (N, C, H, W) float32, target (N, H, W) int64, settings) to a scalar."""

TERMS: Mapping[str, Term] = {
    "cross_entropy": lambda x, t, s: ink.cross_entropy(x, t, s.class_weights),
    "batch_dice": lambda x, t, s: ink.soft_dice(x.softmax(1), t),
    "style": lambda x, t, s: ink.style_entropy(x, t),
    "soft_cross_entropy": lambda x, t, s: library.soft_cross_entropy(x, t, s.smoothing, s.class_weights),
    "binary_cross_entropy": lambda x, t, s: library.binary_cross_entropy(x, t, s.positive_weight),
    "focal": lambda x, t, s: library.focal(x, t, s.focal_gamma, s.focal_alpha, s.class_weights),
    "dice": lambda x, t, s: library.dice(x, t),
    "tversky": lambda x, t, s: library.tversky(x, t, s.tversky_fp, s.tversky_fn),
    "lovasz": lambda x, t, s: library.lovasz(x, t),
    "cldice": lambda x, t, s: thin.cldice(x, t, s.skeleton_rounds),
    "boundary_band": lambda x, t, s: thin.boundary_band(x, t, s.band_px, s.class_weights),
}
WEIGHTED = ("cross_entropy", "soft_cross_entropy", "focal", "boundary_band")
"""The terms that heed class weights."""
OF_TWO = ("binary_cross_entropy",)
"""The terms that tell two classes apart, no more."""


@dataclass(frozen=True)
class Objective:
    """A weighted sum of terms.

    Attributes:
        loss: name and weight of each term.
        targets: shape of the targets; see `TrainConfig`.
        settings: of the terms.
    """

    loss: Mapping[str, float]
    targets: str
    settings: Settings

    def __call__(self, logits: Tensor, mask: Tensor) -> Tensor:
        """The loss of a batch.

        Args:
            logits: (N, C, H, W), any float type; computed in float32.
            mask: (N, H, W) uint8, class index or `IGNORE`.
        """
        logits, target = as_problem(self.targets, logits, mask)
        if logits.device.type == "cpu" and set(self.loss) <= FUSED:
            weights = [self.loss.get(name, 0.0) for name in ("cross_entropy", "batch_dice", "style")]
            return fused_mix(logits, target, self.settings.class_weights, *weights)
        logits, target = logits.float(), target.long()
        terms = [
            weight * TERMS[name](logits, target, self.settings)
            for name, weight in self.loss.items()
            if weight
        ]
        return sum(terms[1:], terms[0])
