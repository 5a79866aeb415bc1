from __future__ import annotations

from dataclasses import fields, replace
from json import dumps, loads
from pathlib import Path
from typing import Any

import pytest
from fake_corpus import write_fake_corpus

from logdigit.errors import DataError, LogdigitError, OutputExistsError, UsageError
from logdigit.options import TrainConfig
from logdigit.training.recipe import load_recipe, parse_recipe, shipped
from logdigit.training.system import check, corpus_of, members

# The table of the issue: every system keeps its row.
ROWS = {
    "ours": 1,
    "VeerNet, binary stack": 2,
    "VeerNet, multiclass": 5,
    "the three-family stack": 8,
    "thin-structure remedies": 3,
    "severe imbalance: baseline": 1,
    "severe imbalance: resampling": 3,
    "severe imbalance: one-vs-rest": 2,
    "severe imbalance: losses": 9,
}


@pytest.fixture
def base(tmp_path: Path) -> TrainConfig:
    """A corpus of seven patches of 64 px."""
    return TrainConfig(write_fake_corpus(tmp_path / "data", n=7), tmp_path / "w.safetensors", "cpu", crop=64)


def test_every_system_keeps_its_row() -> None:
    groups = [load_recipe(name).group for name in shipped()]
    assert {group: groups.count(group) for group in groups} == ROWS


@pytest.mark.parametrize("name", shipped())
@pytest.mark.parametrize("published", [False, True])
def test_every_recipe_can_be_trained(name: str, published: bool, base: TrainConfig) -> None:
    recipe = load_recipe(name)
    assert recipe.about and recipe.source and recipe.system
    crop = 32 if name == "thin-double" else 64
    config = recipe.config(base, published, crop=crop)
    for member in members(config):
        check(member, corpus_of(member))


def test_ours_is_what_is_trained_without_a_recipe() -> None:
    assert load_recipe("ours").config(TrainConfig()) == TrainConfig()
    assert TrainConfig().loss == {"cross_entropy": 1, "batch_dice": 1, "style": 0.5}


def test_the_network_is_that_of_the_source_only_where_it_is_asked_for() -> None:
    recipe = load_recipe("severe-focal-icf")
    assert recipe.config(TrainConfig()).base == 16
    published = recipe.config(TrainConfig(), published=True)
    assert (published.base, published.unshuffle, published.head, published.norm_momentum) == (32, 1, 3, 0.1)
    assert (published.norm_eps, published.lr, published.weight_decay) == (1e-3, 1e-3, 1e-5)
    assert (published.crop, published.steps, published.class_weights) == (256, 10_000, "icf")
    assert recipe.config(TrainConfig(), published=True, steps=7).steps == 7  # what is given wins


def test_the_factorial_is_full() -> None:
    factors = [load_recipe(name).factors for name in shipped() if name.startswith("stack-")]
    assert len({tuple(sorted(one.items())) for one in factors}) == 8
    assert all(set(one) == {"weighting", "region", "balancing"} for one in factors)


def test_a_recipe_of_ones_own(tmp_path: Path) -> None:
    path = tmp_path / "mine.toml"
    path.write_text(
        '[system]\nloss = { dice = 1 }\nclass_weights = [1, 2.5]\nlr = 1\nclasses = ["background"]\n'
    )
    config = load_recipe(str(path)).config(TrainConfig())
    assert config.recipe == "mine" and config.loss == {"dice": 1.0} and config.class_weights == (1.0, 2.5)
    assert config.lr == 1.0 and isinstance(config.lr, float) and config.classes == ("background",)


@pytest.mark.parametrize(
    ("text", "named"),
    [
        ("[system]\nlos = 1", "'los'"),
        ("[system]\nout = 'x'", "'out'"),
        ("sistem = 1", "'sistem'"),
        ("system = 1", "system"),
        ("about = 1", "about"),
        ("[system]\nsteps = 1.5", "steps = 1.5"),
        ("[system]\nsteps = true", "steps = True"),
        ("[system]\ntargets = 3", "targets = 3"),
        ("[system]\nloss = 'dice'", "loss = 'dice'"),
        ("[system]\nloss = { dice = 'x' }", "loss"),
        ("[system]\nclass_weights = [1, 'x']", "class_weights"),
        ("[published]\nbase = '32'", "base = '32'"),
        ("[system", "not TOML"),
    ],
)
def test_a_recipe_that_cannot_be_names_the_key(text: str, named: str) -> None:
    with pytest.raises(UsageError) as caught:
        parse_recipe("mine", text, "mine.toml")
    message = str(caught.value)
    assert message.startswith("mine.toml: ") and named in message and "\n" not in message


@pytest.mark.parametrize("name", ["nonsense", "nowhere.toml", "../ours"])
def test_no_recipe(name: str) -> None:
    with pytest.raises(UsageError, match=name):
        load_recipe(name)


@pytest.mark.parametrize(
    ("change", "named"),
    [
        ({"crop": 48}, "crop 48"),
        ({"crop": 96}, "crop 96"),
        ({"crop": 0}, "crop 0"),
        ({"steps": 0}, "steps 0"),
        ({"batch": 0}, "batch 0"),
        ({"depth": 7}, "depth 7"),
        ({"class_weights": (1.0, 2.0)}, "class_weights: 2 for 5"),
        ({"class_weights": "rare"}, "class_weights 'rare'"),
        ({"class_weights": "icf", "loss": {"dice": 1.0}}, "class_weights 'icf'"),
        ({"loss": {}}, "loss: names no term"),
        ({"loss": {"dise": 1.0}}, "loss 'dise'"),
        ({"loss": {"dice": -1.0}}, "loss dice -1"),
        ({"loss": {"binary_cross_entropy": 1.0}}, "loss 'binary_cross_entropy'"),
        ({"targets": "many"}, "targets 'many'"),
        ({"targets": "binary_stack", "class_weights": "icf"}, "positive_weight"),
        ({"positive": "solid"}, "positive 'solid'"),
        ({"targets": "one_vs_rest", "positive": "wavy"}, "positive 'wavy'"),
        ({"sampling": "often"}, "sampling 'often'"),
        ({"sampling": "half_present"}, "half_present"),
        ({"classes": ("background", "wavy")}, "wavy"),
        ({"focal_gamma": -1.0}, "focal_gamma -1"),
        ({"focal_alpha": 1.5}, "focal_alpha 1.5"),
        ({"ema": 1.5}, "ema 1.5"),
        ({"head": 2}, "head 2"),
        ({"out": Path("nowhere") / "w.safetensors"}, "nowhere"),
    ],
)
def test_what_cannot_be_trained_is_named(base: TrainConfig, change: dict[str, Any], named: str) -> None:
    with pytest.raises(UsageError, match=r"^[^\n]*$") as caught:
        config = replace(base, **change)
        check(config, corpus_of(config))
    assert named in str(caught.value)


def test_an_output_is_not_replaced_unasked(base: TrainConfig) -> None:
    base.out.touch()
    with pytest.raises(OutputExistsError):
        check(base, corpus_of(base))
    check(replace(base, overwrite=True), corpus_of(base))


def test_every_field_of_the_config_can_be_in_a_recipe_or_belongs_to_the_run() -> None:
    run = {"data", "out", "device", "seed", "resume", "overwrite", "start", "recipe", "workers"}
    run |= {"log_every", "checkpoint_minutes", "snapshots"}
    for field in fields(TrainConfig):
        value = getattr(TrainConfig(), field.name)
        text = str(value).lower() if isinstance(value, int | float) else None
        if field.name in run or text is None:
            continue
        assert parse_recipe("r", f"[system]\n{field.name} = {text}", "r").system == {field.name: value}
    with pytest.raises(LogdigitError):
        parse_recipe("r", "[system]\nseed = 1", "r")


def test_what_is_held_out_is_not_trained_on(base: TrainConfig) -> None:
    path = base.data / "manifest.json"
    path.write_text(dumps({**loads(path.read_text()), "held_out": True}))
    with pytest.raises(DataError, match="--held-out"):
        corpus_of(base)
