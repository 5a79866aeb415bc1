"""Where a run stands, on disk: tensors in safetensors, scalars as JSON in its header, nothing pickled.

The batches are a pure function of seed and step (`sampling`), and nothing else in a step is random, so the
step, the tensors and the best score so far are all that an exact continuation needs.
"""

from __future__ import annotations

import dataclasses
import json
from dataclasses import dataclass
from pathlib import Path

import torch
from safetensors import SafetensorError, safe_open
from safetensors.torch import save
from torch import Tensor

from logdigit.errors import UsageError, WeightsError
from logdigit.ink.unet import UNet
from logdigit.ink.weights import write_atomically
from logdigit.options import TrainConfig
from logdigit.training.corpus import Corpus

FORMAT = "logdigit-checkpoint-2"
_SCALARS = ("step", "best", "seconds", "waited", "stale")
# What may change between two parts of a run without changing its result.
_FREE = {"data", "out", "device", "resume", "overwrite", "log_every", "checkpoint_minutes", "workers"}
_FREE |= {"recipe", "compile"}


@dataclass
class State:
    """A run in progress; changed in place by the loop.

    Attributes:
        model: the network being trained.
        ema: running average of its weights.
        optimiser: AdamW.
        step: batches done.
        best: lowest curve error so far; what ``out`` holds.
        seconds: time spent training.
        waited: of it, waiting for data.
        stale: validations since ``best``.
    """

    model: UNet
    ema: UNet
    optimiser: torch.optim.AdamW
    step: int = 0
    best: float = float("inf")
    seconds: float = 0.0
    waited: float = 0.0
    stale: int = 0


def beside(out: Path, suffix: str) -> Path:
    """The file of that kind that belongs to a weights file."""
    return out.with_name(out.name + suffix)


def identity(config: TrainConfig, corpus: Corpus) -> dict[str, str]:
    """What must be the same for a run to be continued, as texts."""
    fields = {f.name: str(getattr(config, f.name)) for f in dataclasses.fields(config) if f.name not in _FREE}
    fields["loss"] = str(sorted(config.loss.items()))
    return {**fields, "corpus seed": str(corpus.seed), "corpus size": str(len(corpus.names))}


def save_checkpoint(path: Path, state: State, same: dict[str, str]) -> None:
    """Writes ``state``; ``same`` is from `identity`."""
    tensors: dict[str, Tensor] = {}
    for part, module in (("model", state.model), ("ema", state.ema)):
        tensors |= {f"{part}.{name}": value for name, value in module.state_dict().items()}
    for index, slots in state.optimiser.state_dict()["state"].items():
        tensors |= {f"optimiser.{index}.{name}": value for name, value in slots.items()}
    scalars = {**{name: getattr(state, name) for name in _SCALARS}, "same": same}
    contiguous = {name: value.detach().cpu().contiguous() for name, value in tensors.items()}
    header = {"format": FORMAT, "scalars": json.dumps(scalars)}
    write_atomically(path, save(contiguous, metadata=header))


def load_checkpoint(path: Path, state: State, same: dict[str, str]) -> None:
    """Puts what ``path`` holds into ``state``.

    Raises:
        UsageError: if there is no checkpoint, or it belongs to a run with other options.
        WeightsError: if it is damaged.
    """
    if not path.is_file():
        raise UsageError(f"--resume: there is no {path}; train without --resume to start")
    damaged = f"{path}: a damaged checkpoint; delete it and train without --resume"
    try:
        with safe_open(path, framework="pt", device="cpu") as file:
            metadata = dict(file.metadata() or {})
            tensors = {name: file.get_tensor(name) for name in file.keys()}  # noqa: SIM118 - not a dict
        scalars = json.loads(metadata["scalars"]) if metadata.get("format") == FORMAT else {}
        stored = dict(scalars["same"])
        for name in _SCALARS:
            setattr(state, name, scalars[name])
    except (OSError, SafetensorError, ValueError, KeyError, TypeError) as error:
        raise WeightsError(damaged) from error
    changed = sorted(name for name in same.keys() | stored.keys() if same.get(name) != stored.get(name))
    if changed:
        name = changed[0]
        raise UsageError(
            f"--resume: the run in {path} had {name} {stored.get(name)}, not {same.get(name)}; "
            "give the same options, or train without --resume"
        )
    parts: dict[str, dict[str, Tensor]] = {"model": {}, "ema": {}, "optimiser": {}}
    for key, value in tensors.items():
        part, _, name = key.partition(".")
        parts[part][name] = value
    try:
        state.model.load_state_dict(parts["model"])
        state.ema.load_state_dict(parts["ema"])
        # Fused AdamW takes it for granted that its averages lie in memory as their parameter does.
        slots = {
            index: {
                "step": parts["optimiser"][f"{index}.step"],
                **{
                    name: torch.empty_like(parameter).copy_(parts["optimiser"][f"{index}.{name}"])
                    for name in ("exp_avg", "exp_avg_sq")
                },
            }
            for index, parameter in enumerate(state.model.parameters())
        }
        state.optimiser.load_state_dict({**state.optimiser.state_dict(), "state": slots})
    except (RuntimeError, ValueError, KeyError) as error:
        raise WeightsError(damaged) from error
