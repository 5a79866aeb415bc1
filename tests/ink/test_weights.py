from __future__ import annotations

import hashlib
import json
from dataclasses import asdict
from pathlib import Path

import pytest
import torch
from safetensors.torch import save_file

from logdigit.errors import WeightsError
from logdigit.ink import network
from logdigit.ink.network import default_weights
from logdigit.ink.unet import UNet, UNetConfig
from logdigit.ink.weights import FORMAT, load_weights, save_weights

CONFIG = UNetConfig(("paper", "ink"), base=2, depth=1, working_dpi=150.0)


@pytest.fixture
def file(tmp_path: Path) -> Path:
    torch.manual_seed(1)
    save_weights(tmp_path / "w.safetensors", UNet(CONFIG), {"maker": "a test"})
    return tmp_path / "w.safetensors"


def _refusal(path: Path) -> str:
    with pytest.raises(WeightsError) as caught:
        load_weights(path)
    message = str(caught.value)
    assert "\n" not in message and str(path) in message and caught.value.exit_code == 3
    return message


def test_what_is_saved_is_loaded(file: Path) -> None:
    loaded = load_weights(file)
    torch.manual_seed(1)
    original = UNet(CONFIG).eval()
    ink = torch.rand(1, 1, 16, 16)
    assert loaded.config == CONFIG
    assert loaded.metadata == {"maker": "a test"}
    assert loaded.sha256 == hashlib.sha256(file.read_bytes()).hexdigest()
    assert not loaded.model.training
    assert torch.equal(loaded.model(ink), original(ink))


def test_saving_replaces_and_leaves_nothing_else(file: Path) -> None:
    save_weights(file, UNet(CONFIG))
    assert load_weights(file).metadata == {}
    assert list(file.parent.iterdir()) == [file]


def test_a_missing_file(tmp_path: Path) -> None:
    assert "No such file" in _refusal(tmp_path / "none.safetensors")


def test_a_directory(tmp_path: Path) -> None:
    _refusal(tmp_path)


@pytest.mark.parametrize("length", [0, 4, 8, 100, -1])
def test_a_truncated_file(file: Path, length: int) -> None:
    file.write_bytes(file.read_bytes()[:length])
    _refusal(file)


def test_a_pickle(tmp_path: Path) -> None:
    torch.save({"a": torch.zeros(1)}, tmp_path / "w.pt")
    assert "not a safetensors file" in _refusal(tmp_path / "w.pt")


def test_safetensors_of_somebody_else(tmp_path: Path) -> None:
    save_file({"a": torch.zeros(1)}, tmp_path / "w.safetensors")
    assert "not weights of logdigit" in _refusal(tmp_path / "w.safetensors")


def _with_header(path: Path, config: object, tensors: dict[str, torch.Tensor] | None = None) -> Path:
    tensors = tensors or {k: v.contiguous() for k, v in UNet(CONFIG).state_dict().items()}
    text = config if isinstance(config, str) else json.dumps(config)
    save_file(tensors, path, {"format": FORMAT, "config": text})
    return path


@pytest.mark.parametrize(
    "change",
    [
        {"base": "2"},
        {"base": 10**9},
        {"depth": 60},
        {"depth": True},
        {"classes": "paper"},
        {"classes": ["paper"]},
        {"classes": [1, 2]},
        {"working_dpi": "nan"},
        {"working_dpi": None},
        {"ink": 255.0},
        {"base": None},
    ],
)
def test_a_header_that_describes_no_network(tmp_path: Path, change: dict[str, object]) -> None:
    config = {**asdict(CONFIG), **change}
    assert "describes no network" in _refusal(_with_header(tmp_path / "w.safetensors", config))


@pytest.mark.parametrize("text", ["", "[]", "3", "{}", "{"])
def test_a_header_that_is_no_config(tmp_path: Path, text: str) -> None:
    assert "describes no network" in _refusal(_with_header(tmp_path / "w.safetensors", text))


def test_tensors_of_another_network(tmp_path: Path) -> None:
    config = {**asdict(CONFIG), "base": 4}
    assert "do not fit" in _refusal(_with_header(tmp_path / "w.safetensors", config))
    tensors = UNet(CONFIG).state_dict()
    del tensors["head.bias"]
    assert "do not fit" in _refusal(_with_header(tmp_path / "w.safetensors", asdict(CONFIG), tensors))


@pytest.mark.parametrize("value", [torch.tensor([torch.nan] * 8), torch.zeros(8, dtype=torch.float16)])
def test_tensors_that_are_not_finite_float32(tmp_path: Path, value: torch.Tensor) -> None:
    tensors = {**UNet(CONFIG).state_dict(), "head.bias": value}
    assert "head.bias" in _refusal(_with_header(tmp_path / "w.safetensors", asdict(CONFIG), tensors))


def test_the_package_is_searched_before_the_tree(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    package = tmp_path / "src" / "logdigit"
    monkeypatch.setattr(network, "__file__", str(package / "ink" / "network.py"))
    with pytest.raises(WeightsError, match="--weights FILE"):
        default_weights()
    for folder in (tmp_path / "weights", package / "weights"):
        folder.mkdir(parents=True)
        (folder / "logdigit.safetensors").touch()
        assert default_weights() == folder / "logdigit.safetensors"
