"""``logdigit train``: weights from a corpus."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated, Any

import typer

from logdigit.cli.common import DeviceChoice, option, progress_bar, to_device
from logdigit.options import TrainConfig

_TRAIN = TrainConfig()
_TRAIN_DEVICE = DeviceChoice(_TRAIN.device)
_OF_A_RECIPE = {"steps": "steps", "batch": "batch", "rate": "lr"}  # options that win over a recipe


def train(
    context: typer.Context,
    data: Annotated[
        Path, typer.Argument(metavar="[DATA]", help="Corpus made by logdigit synth.")
    ] = _TRAIN.data,
    out: Annotated[Path, option("-o --output FILE", "Weights to write.")] = _TRAIN.out,
    recipe: Annotated[
        str, option("--recipe NAME|FILE.toml", "What to train: a recipe that is shipped, or one of your own.")
    ] = _TRAIN.recipe,
    published: Annotated[
        bool, option("--published", "Also take the network and the schedule from the recipe's source.")
    ] = False,
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
    from logdigit.training.recipe import load_recipe

    base = TrainConfig(
        data=data,
        out=out,
        start=start,
        device=to_device(device),
        seed=seed,
        workers=workers,
        resume=resume,
        overwrite=overwrite,
    )
    config = load_recipe(recipe).config(
        base, published, **_given(context, steps=steps, batch=batch, rate=rate)
    )
    with progress_bar() as progress:
        run(config, progress, lambda line: typer.echo(line, err=True))


def _given(context: typer.Context, **values: Any) -> dict[str, Any]:
    """Those of the options that stand on the command line, as fields of `TrainConfig`."""
    sources = {name: context.get_parameter_source(name) for name in values}
    return {
        _OF_A_RECIPE[name]: value
        for name, value in values.items()
        if getattr(sources[name], "name", "DEFAULT") != "DEFAULT"
    }
