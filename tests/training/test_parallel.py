"""Two processes on the processor, as ``torchrun`` starts them: tiny, but the real thing."""

from __future__ import annotations

import json
import os
import socket
import subprocess
import sys
from dataclasses import replace
from pathlib import Path

import pytest
import torch
from fake_corpus import write_fake_corpus

from logdigit.errors import UsageError
from logdigit.ink.weights import load_weights
from logdigit.options import TrainConfig
from logdigit.training import loop
from logdigit.training.parallel import Group, group

SCRIPT = """
import json, sys
from pathlib import Path
from logdigit.options import TrainConfig
from logdigit.training import loop
told, data, out = [], Path(sys.argv[1]), Path(sys.argv[2])
average = loop._average
def seen(state, decay):
    average(state, decay)
    told.append(sum(float(p.detach().double().abs().sum()) for p in state.model.parameters()))
loop._average = seen
config = TrainConfig(data, out, "cpu", steps=4, batch=4, crop=32, crops_per_image=1, base=2, depth=1,
                     warmup=1, validate_every=2, log_every=2, workers=1, snapshots=1)
spoken = []
result = loop.train(config, say=spoken.append)
print(json.dumps({"weights": told, "error": result.curve_error, "spoken": len(spoken)}))
"""


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def test_two_processes_train_one_network(tmp_path: Path) -> None:
    data, out = write_fake_corpus(tmp_path / "data"), tmp_path / "w.safetensors"
    common = {**os.environ, "WORLD_SIZE": "2", "MASTER_ADDR": "127.0.0.1", "MASTER_PORT": str(_free_port())}
    command = [sys.executable, "-c", SCRIPT, str(data), str(out)]
    processes = [
        subprocess.Popen(
            command, env={**common, "RANK": str(k)}, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True
        )
        for k in range(2)
    ]
    told = []
    for process in processes:
        output, errors = process.communicate(timeout=120)
        assert process.returncode == 0, errors
        told.append(json.loads(output.splitlines()[-1]))
    first, second = told
    assert first["weights"] == second["weights"]  # each saw other patches: only averaged gradients agree
    assert len(set(first["weights"])) == 4
    assert first["error"] == second["error"] and (first["spoken"], second["spoken"]) == (1, 0)
    assert load_weights(out).metadata["step"] in ("2", "4")
    assert sorted(path.name for path in tmp_path.glob("w.*")) == [
        "w.4.safetensors",
        "w.safetensors",
        "w.safetensors.csv",
    ]


def test_one_process_is_a_group_too(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("WORLD_SIZE", raising=False)
    with group("cpu") as alone:
        assert alone.leads and alone.agreed(1.5, 2.0) == (1.5, 2.0)
        model = torch.nn.Linear(1, 1)
        assert alone.wrap(model) is model


def test_a_batch_is_shared_out_evenly(tmp_path: Path) -> None:
    config = TrainConfig(write_fake_corpus(tmp_path / "data"), tmp_path / "w.safetensors", crop=32, batch=5)
    nobody = loop._nobody
    with pytest.raises(UsageError, match="batch 5: not a multiple of the 2 processes"):
        loop._train_one(
            replace(config),
            Group(torch.device("cpu"), 0, 2),
            nobody,
            nobody,
            lambda *_: torch.empty(0).numpy(),
        )
