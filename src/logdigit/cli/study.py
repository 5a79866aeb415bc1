"""``logdigit study``: recipes compared, in tables and pictures."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from logdigit.cli.common import DeviceChoice, option, progress_bar, to_device
from logdigit.options import StudyConfig

_STUDY = StudyConfig()
_STUDY_DEVICE = DeviceChoice(_STUDY.device)


def study(
    data: Annotated[
        Path, typer.Argument(metavar="[DATA]", help="Corpus made by logdigit synth.")
    ] = _STUDY.data,
    out: Annotated[
        Path, option("-o --output DIR", "Directory of the study; one that is there goes on.")
    ] = _STUDY.out,
    recipes: Annotated[
        list[str] | None,
        option("--recipes NAME|FILE.toml", "A recipe to compare, once for each; all shipped ones if none."),
    ] = None,
    repeats: Annotated[
        int, option("--repeats N", "Trainings of each recipe, with a seed each.")
    ] = _STUDY.repeats,
    checkpoints: Annotated[
        int, option("--checkpoints N", "Later iterations of each training to score too.")
    ] = _STUDY.checkpoints,
    steps: Annotated[
        int, option("--steps N", "Batches of each training; 0 for as many as the recipe says.")
    ] = _STUDY.steps,
    published: Annotated[
        bool, option("--published", "Networks and schedules as published, not the small network for all.")
    ] = False,
    test: Annotated[
        Path | None, option("--test DIR", "Corpus to score on; part of DATA that is kept apart if not given.")
    ] = _STUDY.test,
    test_items: Annotated[int, option("--test-items N", "Most patches to score on.")] = _STUDY.test_items,
    strips: Annotated[
        int, option("--strips N", "Patches in the picture of answers side by side.")
    ] = _STUDY.strips,
    seed: Annotated[int, option("--seed N", "Seed of the first training.")] = _STUDY.seed,
    device: Annotated[DeviceChoice, option("--device", "Where to train.")] = _STUDY_DEVICE,
    workers: Annotated[int, option("--workers N", "Threads that read patches.")] = _STUDY.workers,
) -> None:
    """Train recipes on the same data, and compare them."""
    from logdigit.training.study import study as run

    config = StudyConfig(
        data=data,
        out=out,
        recipes=tuple(recipes or ()),
        repeats=repeats,
        checkpoints=checkpoints,
        steps=steps,
        published=published,
        test=test,
        test_items=test_items,
        strips=strips,
        seed=seed,
        device=to_device(device),
        workers=workers,
    )
    with progress_bar() as progress:
        run(config, progress, lambda line: typer.echo(line, err=True))
    typer.echo(f"{out / 'table.md'}: written", err=True)
