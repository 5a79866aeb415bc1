"""What a run tells of itself: speed and share of waiting, rows of a CSV, lines for a person."""

from __future__ import annotations

import csv
import math
import time
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path

import torch
from torch import Tensor


class Meter:
    """Mean loss, speed and share of time spent waiting for data, since the last `restart`."""

    def __init__(self, device: torch.device) -> None:
        """Starts the clock."""
        self._loss = torch.zeros((), device=device)
        self.restart()

    def restart(self) -> None:
        """Begins anew."""
        self._loss.zero_()
        self._steps, self.waited, self.seconds = 0, 0.0, 0.0
        self._clock = time.perf_counter()

    @contextmanager
    def waiting(self) -> Iterator[None]:
        """Counts the time inside as waiting for data."""
        asked = time.perf_counter()
        yield
        self.waited += time.perf_counter() - asked

    def add(self, loss: Tensor) -> None:
        """Counts a step and its loss."""
        self._loss += loss  # no .item() here: it would make the host wait for the device in every step
        self._steps += 1

    def read(self, batch: int) -> dict[str, float]:
        """Row of the CSV; sets ``seconds``."""
        loss = float(self._loss) / self._steps
        self.seconds = time.perf_counter() - self._clock
        rate, waited = self._steps * batch / self.seconds, self.waited / self.seconds
        return {"loss": loss, "patches_per_s": rate, "wait_share": waited}


class Log:
    """The CSV beside the weights; a continued run drops the rows that it is going to write again."""

    def __init__(self, path: Path, classes: Sequence[str], step: int) -> None:
        """Begins the file, or goes on with it from ``step``."""
        scores = (*(f"dice_{name}" for name in classes), "curve_error")
        self._path, self._columns = path, ("step", "loss", "lr", "patches_per_s", "wait_share", *scores)
        rows: list[dict[str, str]] = []
        if step and path.is_file():
            with path.open(newline="", encoding="utf-8") as file:
                rows = [row for row in csv.DictReader(file) if _whole(row.get("step")) <= step]
        with path.open("w", newline="", encoding="utf-8") as file:
            writer = csv.DictWriter(file, self._columns, extrasaction="ignore")
            writer.writeheader()
            writer.writerows(rows)

    def write(self, row: Mapping[str, float]) -> None:
        """Adds a row."""
        texts = {name: str(value) if name == "step" else f"{value:.6g}" for name, value in row.items()}
        with self._path.open("a", newline="", encoding="utf-8") as file:
            csv.DictWriter(file, self._columns).writerow(texts)


def message(step: int, steps: int, row: Mapping[str, float]) -> str:
    """A row as a line for a person."""
    text = f"step {step} of {steps}: loss {row['loss']:.3f}, {row['patches_per_s']:.0f} patches/s"
    text += f", {row['wait_share']:.0%} waiting for data"
    if "curve_error" in row:
        dice = ", ".join(f"{key[5:]} {value:.3f}" for key, value in row.items() if key.startswith("dice_"))
        text += f"; curve error {row['curve_error']:.4f}, Dice {dice}"
    return text


def _whole(text: str | None) -> float:
    """Whole number in a cell; infinity where there is none."""
    return int(text) if text and text.isdigit() else math.inf
