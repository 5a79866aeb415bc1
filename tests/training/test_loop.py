from __future__ import annotations

import csv
import math
from dataclasses import replace
from itertools import pairwise
from pathlib import Path

import numpy as np
import pytest
import torch
from fake_corpus import write_fake_corpus

from logdigit.errors import DataError, OutputExistsError, UsageError, WeightsError
from logdigit.ink.weights import load_weights
from logdigit.options import TrainConfig
from logdigit.training import loop
from logdigit.training.journal import Meter
from logdigit.training.loop import DivergedError, learning_rate, train
from logdigit.types import CLASSES, Float, Float32, UInt8


@pytest.fixture
def corpus(tmp_path: Path) -> Path:
    """Six patches of 64 px: one to validate on, five to train on."""
    return write_fake_corpus(tmp_path / "data")


@pytest.fixture
def config(corpus: Path, tmp_path: Path) -> TrainConfig:
    """Six steps of a tiny network."""
    return TrainConfig(
        corpus, tmp_path / "w.safetensors", "cpu", steps=6, batch=3, crop=32, crops_per_image=2, base=2,
        depth=1, warmup=2, validate_every=3, log_every=2, workers=1,
    )  # fmt: skip


def _rows(config: TrainConfig) -> list[dict[str, str]]:
    with config.out.with_name(config.out.name + ".csv").open(newline="") as file:
        return list(csv.DictReader(file))


def test_a_run_writes_weights_and_a_log(config: TrainConfig) -> None:
    messages: list[tuple[str, float]] = []
    result = train(config, lambda message, share: messages.append((message, share)))
    loaded = load_weights(config.out)
    assert result.paths == (config.out,) and result.steps == 6 and 0 <= result.wait_share < 1
    assert loaded.config.classes == CLASSES and loaded.config.base == 2
    assert float(loaded.metadata["curve_error"]) == pytest.approx(result.curve_error, abs=1e-6)
    assert set(result.dice) == set(CLASSES[1:])
    assert messages[-1][1] == 1 and "curve error" in messages[-1][0]
    rows = _rows(config)
    assert [row["step"] for row in rows] == ["2", "3", "4", "6"]
    assert all(float(row["loss"]) > 0 and 0 <= float(row["wait_share"]) <= 1 for row in rows)
    assert [bool(row["curve_error"]) for row in rows] == [False, True, False, True]
    assert not config.out.with_name(config.out.name + ".ckpt").exists()


def test_it_learns(config: TrainConfig) -> None:
    train(replace(config, steps=40, batch=4, base=4, validate_every=40, log_every=10, ema=0.9, lr=1e-2))
    losses = [float(row["loss"]) for row in _rows(config)]
    assert losses[-1] < 0.8 * losses[0]


class _Killed(Exception):
    pass


def test_a_resumed_run_is_the_same_run(
    config: TrainConfig, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    whole = replace(config, out=tmp_path / "whole.safetensors")
    train(whole)
    config = replace(config, checkpoint_minutes=0.0)
    step = loop._step

    def killed(run: loop._Run, *rest: torch.Tensor) -> torch.Tensor:
        if run.state.step == 5:  # the last checkpoint is that of step 4
            raise _Killed
        return step(run, *rest)

    with monkeypatch.context() as patch, pytest.raises(_Killed):
        patch.setattr(loop, "_step", killed)
        train(config)
    train(replace(config, resume=True, workers=2))
    expected, found = (load_weights(path).model.state_dict() for path in (whole.out, config.out))
    for name, value in expected.items():
        torch.testing.assert_close(found[name], value, rtol=1e-5, atol=1e-6)
    lengths = ("patches_per_s", "wait_share")
    numbers = [
        [[float(value or "nan") for name, value in row.items() if name not in lengths] for row in _rows(run)]
        for run in (whole, config)
    ]
    np.testing.assert_allclose(numbers[1], numbers[0], rtol=1e-4)


def _interrupted(config: TrainConfig, monkeypatch: pytest.MonkeyPatch) -> None:
    def stop(message: str, share: float) -> None:
        if share > 0.5:
            raise _Killed

    with pytest.raises(_Killed):
        train(replace(config, checkpoint_minutes=0.0), stop)


def test_resuming_needs_a_checkpoint(config: TrainConfig) -> None:
    with pytest.raises(UsageError, match="without --resume"):
        train(replace(config, resume=True))


def test_resuming_needs_the_same_options(config: TrainConfig, monkeypatch: pytest.MonkeyPatch) -> None:
    _interrupted(config, monkeypatch)
    with pytest.raises(UsageError, match=r"had lr 0\.002, not 0\.5"):
        train(replace(config, resume=True, lr=0.5))


@pytest.mark.parametrize("kept", [0, 200, -9])
def test_a_damaged_checkpoint(config: TrainConfig, monkeypatch: pytest.MonkeyPatch, kept: int) -> None:
    _interrupted(config, monkeypatch)
    path = config.out.with_name(config.out.name + ".ckpt")
    path.write_bytes(path.read_bytes()[:kept])
    with pytest.raises(WeightsError, match="damaged"):
        train(replace(config, resume=True))


def test_weights_are_not_a_checkpoint(config: TrainConfig) -> None:
    train(config)
    config.out.rename(config.out.with_name(config.out.name + ".ckpt"))
    with pytest.raises(WeightsError, match="damaged"):
        train(replace(config, resume=True))


def test_the_best_weights_are_those_of_the_lowest_curve_error(config: TrainConfig) -> None:
    errors = iter([0.05, 0.02, 0.03])

    def scored(prob: Float32, classes: tuple[str, ...], x: Float32, cls: UInt8) -> Float:
        return np.array([next(errors)])

    result = train(replace(config, validate_every=2), score_curves=scored)
    assert result.curve_error == 0.02
    assert load_weights(config.out).metadata["step"] == "4"


def test_training_goes_on_from_given_weights(config: TrainConfig, tmp_path: Path) -> None:
    first = train(config)
    still = replace(config, start=first.paths[0], out=tmp_path / "second.safetensors", steps=1, lr=0.0)
    train(still)
    expected, found = (load_weights(path).model.state_dict() for path in (first.paths[0], still.out))
    torch.testing.assert_close(found["head.weight"], expected["head.weight"])


def test_a_run_that_diverges_says_so(config: TrainConfig) -> None:
    with pytest.raises(DivergedError, match=r"not finite after step .*smaller lr"):
        train(replace(config, lr=math.inf))


def test_no_data(config: TrainConfig, tmp_path: Path) -> None:
    with pytest.raises(DataError, match="logdigit synth"):
        train(replace(config, data=tmp_path))


def test_an_output_is_not_replaced_unasked(config: TrainConfig) -> None:
    config.out.touch()
    with pytest.raises(OutputExistsError):
        train(config)
    train(replace(config, overwrite=True))
    load_weights(config.out)


def test_class_weights_are_used(config: TrainConfig, tmp_path: Path) -> None:
    train(replace(config, steps=2))
    train(replace(config, steps=2, out=tmp_path / "b.safetensors", class_weights=(1.0, 9.0, 9.0, 9.0, 9.0)))
    assert _rows(config)[0]["loss"] != _rows(replace(config, out=tmp_path / "b.safetensors"))[0]["loss"]


def test_the_learning_rate_warms_up_and_falls() -> None:
    config = TrainConfig(steps=100, warmup=10, lr=1.0)
    rates = [learning_rate(config, step) for step in range(100)]
    assert rates[0] == pytest.approx(0.1) and max(rates) == rates[9] == rates[10] == 1
    assert all(a >= b for a, b in pairwise(rates[10:]))
    assert 0.01 <= rates[-1] < 0.02


def test_training_stops_where_nothing_gets_better(config: TrainConfig) -> None:
    errors = iter([0.05, 0.02, 0.03, 0.02, 0.01])

    def scored(prob: Float32, classes: tuple[str, ...], x: Float32, cls: UInt8) -> Float:
        return np.array([next(errors)])

    result = train(replace(config, validate_every=1, patience=2), score_curves=scored)
    assert result.steps == 4 and result.curve_error == 0.02


def test_snapshots_are_kept_from_the_second_half(config: TrainConfig) -> None:
    result = train(replace(config, snapshots=2))
    assert [step for step, _ in result.snapshots] == [5, 6]
    for step, (path,) in result.snapshots:
        assert load_weights(path).metadata["step"] == str(step)


def test_weights_computed_from_the_data_are_said(config: TrainConfig) -> None:
    lines: list[str] = []
    train(replace(config, steps=1, class_weights="icf"), say=lines.append)
    assert "pixels of the training data: background " in lines[0] and "class weights (icf): 0.0" in lines[0]
    assert str(config.out) in lines[1] and "waiting for data" in lines[1]


def test_one_against_the_rest_is_a_network_a_class(config: TrainConfig) -> None:
    config = replace(config, steps=2, targets="one_vs_rest", classes=("background", "solid", "dotted"))
    result = train(config)
    assert [path.name for path in result.paths] == ["w.solid.safetensors", "w.dotted.safetensors"]
    assert [load_weights(path).config.classes[1] for path in result.paths] == ["solid", "dotted"]
    assert set(result.dice) == {"solid", "dotted"} and result.steps == 4 and not config.out.exists()
    result.paths[1].unlink()
    again = train(replace(config, resume=True))  # the first is done, the second was never begun
    assert again.paths == result.paths and again.paths[1].is_file()


@pytest.mark.parametrize(
    "system",
    [
        {"targets": "binary_stack", "loss": {"binary_cross_entropy": 1.0}},
        {"loss": {"lovasz": 1.0, "cldice": 0.5, "boundary_band": 0.5}},
        {"sampling": "equal_samples", "refresh": 3},
        {"scale": 2},
        {"unshuffle": 1, "head": 3, "norm_eps": 1e-3, "compile": "off"},
    ],
)
def test_systems_of_every_kind_learn(config: TrainConfig, system: dict[str, object]) -> None:
    """Trained until it can be seen: the loss falls, and the weights can be used."""
    config = replace(config, steps=24, validate_every=24, log_every=8, lr=1e-2, ema=0.9, **system)  # type: ignore[arg-type]
    train(config)
    losses = [float(row["loss"]) for row in _rows(config)]
    assert losses[-1] < losses[0]
    assert load_weights(config.out).config.working_dpi == 200 * config.scale


def test_the_meter_tells_waiting_from_working(monkeypatch: pytest.MonkeyPatch) -> None:
    clock = iter([0.0, 0.0, 3.0, 10.0])  # begun, asked, got, read
    monkeypatch.setattr("time.perf_counter", lambda: next(clock))
    meter = Meter(torch.device("cpu"))
    with meter.waiting():
        pass
    meter.add(torch.tensor(2.0))
    assert meter.read(batch=20) == {"loss": 2.0, "patches_per_s": 2.0, "wait_share": 0.3}
