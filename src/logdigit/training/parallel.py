"""Training on several devices: one process each, started by ``torchrun``, that average their gradients."""

from __future__ import annotations

import gc
import os
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Literal

import torch
import torch.distributed as dist
from torch import nn

from logdigit.ink.device import pick_device


@dataclass(frozen=True)
class Group:
    """The processes of a run.

    Attributes:
        device: of this process.
        rank: number of this process; 0 validates, writes and speaks.
        size: number of processes.
    """

    device: torch.device
    rank: int = 0
    size: int = 1

    @property
    def leads(self) -> bool:
        """Whether this process is the one that writes."""
        return self.rank == 0

    def wrap(self, model: nn.Module) -> nn.Module:
        """The same network, with gradients averaged over the processes."""
        if self.size == 1:
            return model
        local = [self.device.index] if self.device.type == "cuda" else None
        return nn.parallel.DistributedDataParallel(model, device_ids=local)

    def agreed(self, *numbers: float) -> tuple[float, ...]:
        """What the leading process has for ``numbers``; the others wait for it here."""
        if self.size == 1:
            return numbers
        shared = torch.tensor(numbers, dtype=torch.float64, device=self.device)
        dist.broadcast(shared, 0)
        return tuple(shared.tolist())


@contextmanager
def group(device: Literal["auto", "cpu", "cuda"]) -> Iterator[Group]:
    """The processes that ``torchrun`` has started, or this one alone."""
    size = int(os.environ.get("WORLD_SIZE", "1"))
    where = pick_device(device)
    if size == 1:
        yield Group(where)
        return
    if where.type == "cuda":
        where = torch.device("cuda", int(os.environ.get("LOCAL_RANK", "0")))
        torch.cuda.set_device(where)
    dist.init_process_group("nccl" if where.type == "cuda" else "gloo")
    try:
        yield Group(where, dist.get_rank(), dist.get_world_size())
    finally:
        gc.collect()  # a network that still averages keeps threads, and a process that ends on them aborts
        dist.destroy_process_group()
