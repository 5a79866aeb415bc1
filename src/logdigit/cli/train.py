"""``logdigit train``: weights from a corpus."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from logdigit.cli.common import DeviceChoice, option, progress_bar, to_device
from logdigit.options import TrainConfig

_TRAIN = TrainConfig()
_TRAIN_DEVICE = DeviceChoice(_TRAIN.device)


def train(
    data: Annotated[
        Path, typer.Argument(metavar="[DATA]", help="Corpus made by logdigit synth.")
    ] = _TRAIN.data,
    out: Annotated[Path, option("-o --output FILE", "Weights to write.")] = _TRAIN.out,
    steps: Annotated[int, option("--steps N", "Batches to train on.")] = _TRAIN.steps,
    batch: Annotated[int, option("--batch N", "Patches in a batch.")] = _TRAIN.batch,
    rate: Annotated[float, option("--lr RATE", "Highest learning rate.")] = _TRAIN.lr,
    start: Annotated[Path | None, option("--start FILE", "Weights to start from.")] = _TRAIN.start,
    device: Annotated[DeviceChoice, option("--device", "Where to train.")] = _TRAIN_DEVICE,
    seed: Annotated[int, option("--seed N", "Seed of the run.")] = _TRAIN.seed,
    workers: Annotated[int, option("--workers N", "Threads that read patches.")] = _TRAIN.workers,
    resume: Annotated[bool, option("--resume", "Go on from the last checkpoint.")] = _TRAIN.resume,
    overwrite: Annotated[bool, option("--overwrite", "Replace the weights file.")] = _TRAIN.overwrite,
) -> None:
    """Train the network on a synthetic corpus."""
    from logdigit.training.loop import train as run

    config = TrainConfig(
        data=data,
        out=out,
        steps=steps,
        batch=batch,
        lr=rate,
        start=start,
        device=to_device(device),
        seed=seed,
        workers=workers,
        resume=resume,
        overwrite=overwrite,
    )
    with progress_bar() as progress:
        run(config, progress)
    typer.echo(f"{out}: written", err=True)
