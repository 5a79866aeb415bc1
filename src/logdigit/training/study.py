"""The comparison of recipes: the same data, the same network, the same budget, one table.

A study is a directory. Every training has a folder of its own in ``runs``, and is done once its
``result.json`` is there: a study that was stopped, or is asked for more recipes or repeats, goes on.
"""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import dataclass, replace
from pathlib import Path

from PIL import Image

from logdigit.errors import DataError, UsageError
from logdigit.ink.device import pick_device
from logdigit.ink.weights import write_atomically
from logdigit.options import StudyConfig, TrainConfig
from logdigit.training.corpus import Corpus, open_corpus
from logdigit.training.loop import DivergedError, train
from logdigit.training.pictures import draw_charts, draw_strips, labels_of
from logdigit.training.predict import Predictor
from logdigit.training.recipe import Recipe, load_recipe, shipped
from logdigit.training.result import TrainResult
from logdigit.training.runs import Run, Scored
from logdigit.training.scores import score
from logdigit.training.system import check, corpus_of, members
from logdigit.training.tables import write_tables

Progress = Callable[[str, float], None]
Say = Callable[[str], None]

_VALIDATIONS = 2  # of a training in a study: the better of them is kept
_VALIDATED = 24  # items each time
_WARMUP = 0.1  # share of the steps


@dataclass(frozen=True)
class _Ground:
    """What all trainings of a study share: the corpus, the items to score on, and the classes."""

    corpus: Corpus
    names: tuple[str, ...]
    classes: tuple[str, ...]
    items: int  # of the corpus to train on,
    seed: int  # and what it was made with


def study(config: StudyConfig, progress: Progress = lambda *_: None, say: Say = lambda _: None) -> list[Run]:
    """Trains and scores recipes, and writes the tables and pictures of them all into ``config.out``.

    Every recipe is checked before the first is trained. One that diverges, or that the data cannot feed, is
    reported, and the rest go on.

    Args:
        config: what to compare.
        progress: called with a message and the share done.
        say: called with lines to keep.

    Raises:
        UsageError: a recipe that cannot be, or a directory that holds a study made with other options.
        DataError: no corpus, or a damaged one.
    """
    recipes = [load_recipe(name) for name in config.recipes or shipped()]
    if len({recipe.name for recipe in recipes}) < len(recipes):
        raise UsageError("--recipes: two of one name; name each once")
    if min(config.repeats, config.test_items) < 1 or min(config.steps, config.checkpoints, config.strips) < 0:
        raise UsageError("repeats and test_items are at least 1, steps, checkpoints and strips at least 0")
    ground = _ground(config)
    _claim(config, ground)
    todo = [(recipe, config.seed + k) for k in range(config.repeats) for recipe in recipes]
    trainings = [_training(config, ground, recipe, seed) for recipe, seed in todo]
    for one in trainings:
        for member in members(one):
            check(member, corpus_of(member))
    runs: list[Run] = []
    for number, ((recipe, seed), one) in enumerate(zip(todo, trainings, strict=True)):

        def tell(message: str, share: float, name: str = recipe.name, number: int = number) -> None:
            progress(f"{name}: {message}", (number + share) / len(todo))

        runs.append(_run(config, ground, recipe, seed, one, tell, say))
        write_tables(config.out, runs, ground.classes)
    draw_charts(config.out, runs, ground.classes)
    draw_strips(config.out, ground.corpus, ground.names[: config.strips], [r for r in runs if not r.failure])
    return runs


def _ground(config: StudyConfig) -> _Ground:
    corpus = open_corpus(config.data)
    pixels = corpus.pixels().sum(axis=0)
    classes = tuple(name for k, name in enumerate(corpus.classes) if not k or pixels[k])
    if len(classes) < 2:
        raise DataError(f"{config.data}: no ink in any patch to train on")
    tested = corpus if config.test is None else open_corpus(config.test)
    names = tested.test if config.test is None else tested.names
    count = min(config.test_items, len(names))
    names = tuple(names[k * len(names) // count] for k in range(count))
    return _Ground(tested.of_classes(classes), names, classes, len(corpus.names), corpus.seed)


def _claim(config: StudyConfig, ground: _Ground) -> None:
    """Marks the directory as this study's, or makes sure that it is."""
    plan = {
        "corpus": [ground.items, ground.seed],
        "classes": list(ground.classes), "test": [str(config.test), *ground.names],
        "steps": config.steps, "published": config.published, "checkpoints": config.checkpoints,
    }  # fmt: skip
    path = config.out / "plan.json"
    if path.is_file():
        found = json.loads(path.read_text(encoding="utf-8"))
        for key in plan:
            if found.get(key) != plan[key]:
                raise UsageError(
                    f"{config.out}: holds a study with other {key}; name another directory with -o"
                )
        return
    if config.out.exists() and (not config.out.is_dir() or any(config.out.iterdir())):
        raise UsageError(f"{config.out}: is no study and not empty; name another directory with -o")
    if not config.out.absolute().parent.is_dir():
        raise UsageError(f"{config.out.parent}: no such directory to write the study to")
    config.out.mkdir(exist_ok=True)
    write_atomically(path, json.dumps(plan, indent=1).encode())


def _training(config: StudyConfig, ground: _Ground, recipe: Recipe, seed: int) -> TrainConfig:
    """How a recipe is trained in this study."""
    folder = config.out / "runs" / f"{recipe.name}.{seed}"
    folder.mkdir(parents=True, exist_ok=True)
    base = TrainConfig(
        data=config.data, out=folder / "model.safetensors", device=config.device, seed=seed,
        workers=config.workers, overwrite=True, classes=ground.classes, snapshots=config.checkpoints,
    )  # fmt: skip
    one = recipe.config(base, config.published)
    if config.steps:
        one = replace(one, steps=config.steps)
    often = -(-one.steps // _VALIDATIONS)
    warmup = min(one.warmup, round(_WARMUP * one.steps))
    return replace(one, warmup=warmup, validate_every=often, validate_items=_VALIDATED)


def _run(
    config: StudyConfig,
    ground: _Ground,
    recipe: Recipe,
    seed: int,
    one: TrainConfig,
    progress: Progress,
    say: Say,
) -> Run:
    """One training and its scores, or what an earlier part of the study has found."""
    folder = one.out.parent
    done = folder / "result.json"
    if _same_recipe(folder, recipe, config.published) and done.is_file():
        return Run.from_json(json.loads(done.read_text(encoding="utf-8")), recipe)
    begun = any(folder.glob("*.ckpt"))
    try:
        result = train(replace(one, resume=begun), progress, lambda line: say(f"{recipe.name}: {line}"))
        run = _scored(ground, recipe, seed, one, result, config.strips)
    except (DivergedError, DataError) as error:
        say(f"{recipe.name}, seed {seed}: {error}")
        run = Run(recipe, seed, failure=str(error))
    write_atomically(done, json.dumps(run.to_json(), indent=1).encode())
    return run


def _same_recipe(folder: Path, recipe: Recipe, published: bool) -> bool:
    """Whether what lies in the folder of a training is of this recipe; what is of another one is dropped."""
    fields = {**recipe.system, **(recipe.published if published else {})}
    path, wanted = folder / "recipe.json", json.dumps(fields, indent=1, sort_keys=True)
    if path.is_file() and path.read_text(encoding="utf-8") == wanted:
        return True
    for stale in (*folder.glob("*.ckpt"), *folder.glob("*.safetensors"), *folder.glob("result.json")):
        stale.unlink()
    write_atomically(path, wanted.encode())
    return False


def _scored(
    ground: _Ground, recipe: Recipe, seed: int, one: TrainConfig, result: TrainResult, strips: int
) -> Run:
    """The scores of what was trained, and its answers on the first images, for the picture."""
    device = pick_device(one.device)
    predictor = Predictor(result.paths, one.targets, device)
    for name in ground.names[:strips]:
        labels = labels_of(predictor(ground.corpus.read(name)[0]).masks)
        Image.fromarray(labels).save(one.out.parent / f"{name}.png")
    final = Scored.of(result.steps, *score(predictor, ground.corpus, ground.names))
    later = [
        Scored.of(step, *score(Predictor(paths, one.targets, device), ground.corpus, ground.names))
        for step, paths in result.snapshots
    ]
    return Run(
        recipe, seed, final=final, checkpoints=tuple(later), seconds=result.seconds,
        patches=result.steps * one.batch, patches_per_s=result.patches_per_s, wait_share=result.wait_share,
    )  # fmt: skip
