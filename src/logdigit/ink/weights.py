"""Weights on disk: safetensors only, with everything that is needed to use them in the header.

The header names the network (`UNetConfig`: classes, widths, working resolution, normalisation), so that a
checkpoint cannot be fed with pixels that it was not trained on. No pickle: a weights file from a stranger
can be wrong, but it cannot run code.
"""

from __future__ import annotations

import dataclasses
import hashlib
import json
import os
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

import torch
from safetensors import SafetensorError, safe_open
from safetensors.torch import save

from logdigit.errors import WeightsError
from logdigit.ink.unet import UNet, UNetConfig

FORMAT = "logdigit-unet-1"
_ADDED = {"head": 1, "norm_momentum": 0.1, "norm_eps": 1e-5}  # what files older than these fields mean


@dataclass(frozen=True)
class Loaded:
    """A network read from a file, on the CPU in evaluation mode.

    Attributes:
        model: the network, float32.
        config: as stored in the file.
        sha256: of the whole file, hexadecimal.
        metadata: everything else that the header says: who trained it, on what, how well it does.
    """

    model: UNet
    config: UNetConfig
    sha256: str
    metadata: Mapping[str, str] = field(default_factory=dict)


def write_atomically(path: Path, content: bytes) -> None:
    """Writes beside ``path`` and moves into place, so that a killed run leaves no half file."""
    part = path.with_name(f".{path.name}.{os.getpid()}.part")
    try:
        part.write_bytes(content)
        part.replace(path)
    finally:
        part.unlink(missing_ok=True)


def save_weights(path: Path, model: UNet, metadata: Mapping[str, str] | None = None) -> None:
    """Writes ``model`` to ``path``.

    Args:
        path: a ``.safetensors`` file; replaced if there.
        model: the network; its `UNetConfig` goes into the header.
        metadata: further texts for the header; ``format`` and ``config`` are taken.
    """
    tensors = {name: value.detach().cpu().contiguous() for name, value in model.state_dict().items()}
    header = {
        **(metadata or {}),
        "format": FORMAT,
        "config": json.dumps(dataclasses.asdict(model.config)),
    }
    write_atomically(path, save(tensors, metadata=header))


def load_weights(path: Path) -> Loaded:
    """The network in ``path``.

    Raises:
        WeightsError: if the file is missing, truncated, not safetensors, or made for another network.
    """
    try:
        sha256 = hashlib.sha256(path.read_bytes()).hexdigest()
        with safe_open(path, framework="pt", device="cpu") as file:
            metadata = dict(file.metadata() or {})
            tensors = {name: file.get_tensor(name) for name in file.keys()}  # noqa: SIM118 - not a dict
    except OSError as error:
        raise WeightsError(f"{path}: cannot read the weights: {error.strerror or error}") from error
    except SafetensorError as error:
        reason = _one_line(error)
        raise WeightsError(f"{path}: not a safetensors file, or a truncated one: {reason}") from error
    if metadata.pop("format", "") != FORMAT:
        raise WeightsError(f"{path}: not weights of logdigit (the header does not say {FORMAT})")
    try:
        config = _config(json.loads(metadata.pop("config", "")))
    except (TypeError, ValueError, KeyError) as error:
        raise WeightsError(f"{path}: the header describes no network: {_one_line(error)}") from error
    with torch.device("meta"):  # nothing is allocated for what the header merely claims
        model = UNet(config)
    try:
        model.load_state_dict(tensors, assign=True)
    except RuntimeError as error:
        raise WeightsError(f"{path}: the tensors do not fit the network in the header") from error
    for name, value in model.state_dict().items():
        if value.is_floating_point() and (value.dtype != torch.float32 or not bool(value.isfinite().all())):
            raise WeightsError(f"{path}: {name} is not finite float32")
    return Loaded(model.eval(), config, sha256, metadata)


def _config(stored: Mapping[str, object]) -> UNetConfig:
    """The config of a header; every field is wanted and checked, since anything may stand in a file."""
    stored = {**_ADDED, **stored}
    fields = {f.name: stored[f.name] for f in dataclasses.fields(UNetConfig)}
    classes = fields.pop("classes")
    if not isinstance(classes, list) or not all(isinstance(name, str) for name in classes):
        raise ValueError("classes are not a list of names")
    whole = {name: fields[name] for name in ("base", "depth", "unshuffle", "head")}
    if not all(type(value) is int and 0 <= value <= 512 for value in whole.values()):
        raise ValueError(f"the size of the network is out of range: {whole}")
    names = ("working_dpi", "paper", "ink", "norm_momentum", "norm_eps")
    real = {name: float(str(fields[name])) for name in names}
    base, depth, unshuffle, head = (int(str(value)) for value in whole.values())
    if depth > 8:
        raise ValueError(f"the size of the network is out of range: {whole}")
    return UNetConfig(tuple(classes), base, depth, unshuffle, head=head, **real)


def _one_line(error: Exception) -> str:
    return " ".join(str(error).split())
