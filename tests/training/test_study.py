from __future__ import annotations

import csv
import json
import math
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from fake_corpus import write_fake_corpus
from PIL import Image

from logdigit.errors import UsageError
from logdigit.options import StudyConfig, TrainConfig
from logdigit.training import study as study_module
from logdigit.training.loop import DivergedError, train
from logdigit.training.pictures import COLOURS, Point, chart
from logdigit.training.recipe import Recipe, load_recipe
from logdigit.training.runs import Run, Scored
from logdigit.training.study import study
from logdigit.training.tables import markdown, spread

SMALL = "base = 2\ndepth = 1\ncrop = 32\nbatch = 4\nlr = 1e-2\n"


@pytest.fixture
def config(tmp_path: Path) -> StudyConfig:
    """Two recipes of one's own on a tiny corpus."""
    recipes = {
        "plain": "loss = { cross_entropy = 1.0 }\n",
        "rest": 'targets = "one_vs_rest"\nloss = { focal = 1 }\n',
    }
    for name, text in recipes.items():
        (tmp_path / f"{name}.toml").write_text(
            f"[system]\n{SMALL}{text}[factors]\nrest = {str(name == 'rest').lower()}\n"
        )
    data = write_fake_corpus(tmp_path / "data", n=8)
    files = tuple(str(tmp_path / f"{name}.toml") for name in recipes)
    return StudyConfig(data, tmp_path / "study", files, steps=4, strips=1, device="cpu", workers=1)


def _rows(path: Path) -> list[dict[str, str]]:
    with path.open(newline="") as file:
        return list(csv.DictReader(file))


def test_a_study_writes_tables_and_pictures(config: StudyConfig) -> None:
    lines: list[str] = []
    runs = study(replace(config, repeats=2, checkpoints=2), say=lines.append)
    assert [(run.recipe.name, run.seed) for run in runs] == [
        ("plain", 0),
        ("rest", 0),
        ("plain", 1),
        ("rest", 1),
    ]
    rows = _rows(config.out / "table.csv")
    assert len(rows) == 4 * 3  # the best weights, and two checkpoints
    assert [row["step"] for row in rows if row["recipe"] == "plain"] == ["4", "3", "4"] * 2
    assert all(0 <= float(row["error"]) <= 0.1 for row in rows)
    classes = _rows(config.out / "classes.csv")
    assert len(classes) == 4 * 3 * 4
    for row in classes:
        assert sum(int(row[count]) for count in ("tp", "fp", "fn", "tn")) == 64 * 64
    stored = json.loads((config.out / "table.json").read_text())
    assert stored[0]["final"]["curves"]["error"] == pytest.approx(float(rows[0]["error"]), rel=1e-5)
    text = (config.out / "table.md").read_text()
    for heading in ("Curves, best first", "Classes", "Stability", "Factorial"):
        assert f"## {heading}" in text
    assert "nan" not in text
    sizes = {}
    for path in config.out.glob("*.png"):
        with Image.open(path) as picture:
            sizes[path.name] = picture.size
    assert set(sizes) == {"tpr-fpr.png", "precision-recall.png", "variation.png", "strips.png"}
    assert sizes["strips.png"] == (230 + 196, 4 * 196)  # one patch: input, truth and two recipes


def test_a_study_goes_on(config: StudyConfig, monkeypatch: pytest.MonkeyPatch) -> None:
    study(replace(config, recipes=config.recipes[:1]))
    trained: list[str] = []

    def spy(one: TrainConfig, *rest: Any) -> Any:
        trained.append(one.recipe)
        return train(one, *rest)

    monkeypatch.setattr(study_module, "train", spy)
    runs = study(config)
    assert trained == ["rest"] and [run.recipe.name for run in runs] == ["plain", "rest"]
    path = Path(config.recipes[0])
    path.write_text(path.read_text().replace("lr = 1e-2", "lr = 2e-2"))
    study(config)
    assert trained == ["rest", "plain"]  # what is not what was trained is trained again


def test_a_training_that_was_stopped_goes_on(config: StudyConfig, monkeypatch: pytest.MonkeyPatch) -> None:
    one = replace(config, recipes=config.recipes[:1])

    def stopped(*_: Any) -> Any:
        raise KeyboardInterrupt

    with monkeypatch.context() as patch, pytest.raises(KeyboardInterrupt):
        patch.setattr(study_module, "train", stopped)
        study(one)
    folder = config.out / "runs" / "plain.0"
    (folder / "model.safetensors.ckpt").touch()
    asked: list[bool] = []

    def resumed(given: TrainConfig, *_: Any) -> Any:
        asked.append(given.resume)
        raise DivergedError("enough")

    monkeypatch.setattr(study_module, "train", resumed)
    study(one)
    assert asked == [True]


def test_what_diverges_is_reported_and_the_rest_go_on(
    config: StudyConfig, monkeypatch: pytest.MonkeyPatch
) -> None:
    def diverging(one: TrainConfig, *rest: Any) -> Any:
        if one.recipe == "plain":
            raise DivergedError("the loss is not finite after step 2")
        return train(one, *rest)

    monkeypatch.setattr(study_module, "train", diverging)
    lines: list[str] = []
    first, second = study(config, say=lines.append)
    assert first.failure and not second.failure
    assert lines[0] == "plain, seed 0: the loss is not finite after step 2"
    text = (config.out / "table.md").read_text()
    assert "## Not scored\n\n- plain, seed 0: the loss is not finite" in text and "| rest |" in text
    again = study(config)
    assert again[0].failure == first.failure


def test_every_recipe_is_checked_before_any_is_trained(
    config: StudyConfig, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = Path(config.recipes[1])
    path.write_text(path.read_text().replace("focal", "fokal"))
    monkeypatch.setattr(study_module, "train", lambda *_: pytest.fail("trained"))
    with pytest.raises(UsageError, match="'fokal'"):
        study(config)


def test_classes_that_never_occur_are_left_out(config: StudyConfig) -> None:
    manifest = json.loads((config.data / "manifest.json").read_text())
    for path in (config.data / "masks").glob("*.png"):
        mask = np.array(Image.open(path))
        Image.fromarray(np.where(mask > 2, 0, mask)).save(path)
    assert len(manifest["classes"]) == 5
    (run,) = study(replace(config, recipes=config.recipes[:1]))
    assert set(run.final.classes) == {"solid", "dashed"}


@pytest.mark.parametrize(
    ("change", "named"),
    [
        ({"repeats": 0}, "repeats"),
        ({"steps": -1}, "steps"),
        ({"recipes": ("ours", "ours")}, "two of one name"),
        ({"recipes": ("nonsense",)}, "nonsense"),
        ({"out": Path("nowhere") / "study"}, "nowhere"),
    ],
)
def test_a_study_that_cannot_be(config: StudyConfig, change: dict[str, Any], named: str) -> None:
    with pytest.raises(UsageError, match=named):
        study(replace(config, **change))


def test_directories_that_are_taken(config: StudyConfig, tmp_path: Path) -> None:
    with pytest.raises(UsageError, match="not empty"):
        study(replace(config, out=config.data))
    study(replace(config, recipes=config.recipes[:1]))
    with pytest.raises(UsageError, match="other steps"):
        study(replace(config, steps=5))


def _run(name: str, seed: int, error: float, **factors: bool) -> Run:
    scored = Scored(9, {"error": error}, {"solid": {"f1": 1 - error}})
    return Run(Recipe(name, factors=factors), seed, final=scored)


def test_stability_and_effects_by_hand() -> None:
    assert spread([1.0, 3.0, math.nan]) == pytest.approx((2.0, math.sqrt(2)))
    runs = [_run("none", 0, 0.04, a=False), _run("none", 1, 0.02, a=False), _run("a", 0, 0.01, a=True)]
    text = markdown(runs, ("background", "solid"))
    assert "| a | -0.0200 | +0.0200 |" in text
    assert "| none | trainings | 1.4e-02 | 1.4e-02 |" in text
    assert text.index("| a | ") < text.index("| none | ")  # best first
    later = (Scored(5, {"error": 0.1}, {}), Scored(9, {"error": 0.3}, {}))
    assert "| x | iterations | 1.4e-01 | – |" in markdown(
        [replace(_run("x", 0, 0.1), checkpoints=later)], ("b", "solid")
    )


def test_runs_survive_the_file() -> None:
    run = Run(
        load_recipe("ours"),
        3,
        final=Scored(5, {"r2": math.nan, "mae": 0.1}, {"solid": {"tp": 7}}),
        seconds=2.5,
    )
    again = Run.from_json(json.loads(json.dumps(run.to_json(), allow_nan=False)), run.recipe)
    assert again.final.figure("mae") == 0.1 and math.isnan(again.final.figure("r2"))
    assert again.final.figure("tp", "solid") == 7 and again.seconds == 2.5 and again.seed == 3


def test_points_stand_where_they_belong() -> None:
    picture = chart(
        [Point(0.0, 0.0, COLOURS[1], 1), Point(1.0, 1.0, COLOURS[2], 2), Point(math.nan, 1.0, "red", 3)],
        "x",
        "y",
        [],
        [],
    )
    pixels = np.array(picture)
    for colour, (row, column) in ((COLOURS[1], (680, 70)), (COLOURS[2], (40, 710))):
        rgb = [int(colour[k : k + 2], 16) for k in (1, 3, 5)]
        rows, columns = np.nonzero((pixels == rgb).all(axis=2))
        near = (abs(rows - row) < 6) & (abs(columns - column) < 6)
        assert near.sum() > 10
    assert not (pixels == [255, 0, 0]).all(axis=2).any()
