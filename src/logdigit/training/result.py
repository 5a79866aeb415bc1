"""What a training has made, of one network or of several."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from logdigit.ink.weights import load_weights


@dataclass(frozen=True)
class TrainResult:
    """What a run has made.

    Attributes:
        paths: the weights, with the lowest curve error of all validations; of ``one_vs_rest``, one a class.
        snapshots: for each snapshot, its step and its weights, as ``paths``.
        steps: batches trained on, all parts of the run together; of all networks.
        curve_error: of the weights, share of the patch width; the mean over the networks.
        dice: of each foreground class at the last validation.
        seconds: time spent training, validation left out.
        patches_per_s: mean over that time.
        wait_share: of that time, waiting for data.
    """

    paths: tuple[Path, ...]
    snapshots: tuple[tuple[int, tuple[Path, ...]], ...]
    steps: int
    curve_error: float
    dice: Mapping[str, float]
    seconds: float
    patches_per_s: float
    wait_share: float

    def __str__(self) -> str:
        """As a line for a person."""
        return (
            f"{self.paths[0]}: curve error {self.curve_error:.4f} after {self.steps} steps, "
            f"{self.patches_per_s:.1f} patches/s, {self.wait_share:.1%} of the time waiting for data"
        )


def finished(path: Path) -> TrainResult:
    """The result of a training that an earlier run has ended; what it took is not known any more.

    Raises:
        WeightsError: ``path`` is no weights.
    """
    card = load_weights(path).metadata
    error = float(card.get("curve_error", "nan"))
    return TrainResult((path,), (), int(card.get("step", "0")), error, {}, 0.0, 0.0, 0.0)


def together(results: Sequence[TrainResult]) -> TrainResult:
    """Several networks as one system."""
    seconds = sum(result.seconds for result in results)
    patches = sum(result.patches_per_s * result.seconds for result in results)
    waited = sum(result.wait_share * result.seconds for result in results)
    snapshots = zip(*(result.snapshots for result in results), strict=False)
    return TrainResult(
        tuple(path for result in results for path in result.paths),
        tuple((parts[0][0], tuple(path for _, paths in parts for path in paths)) for parts in snapshots),
        sum(result.steps for result in results),
        sum(result.curve_error for result in results) / len(results),
        {name: value for result in results for name, value in result.dice.items()},
        seconds,
        patches / max(seconds, 1e-9),
        waited / max(seconds, 1e-9),
    )
