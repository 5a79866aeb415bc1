"""Where the network runs, and in which precision."""

from __future__ import annotations

from typing import Literal

import torch

from logdigit.errors import UsageError


def pick_device(name: Literal["auto", "cpu", "cuda"]) -> torch.device:
    """The device named by ``--device``; ``auto`` is CUDA where there is one.

    Raises:
        UsageError: if CUDA is asked for and this machine has none.
    """
    if name == "auto":
        return torch.device("cuda" if torch.cuda.is_available() else "cpu")
    if name == "cuda" and not torch.cuda.is_available():
        raise UsageError("--device cuda: this machine has no usable CUDA device; use --device cpu")
    return torch.device(name)


def has_bf16(device: torch.device) -> bool:
    """Whether bfloat16 is fast there: on a processor without the instructions it is slower than float32."""
    if device.type == "cuda":
        return bool(torch.cuda.is_bf16_supported(including_emulation=False))
    if not torch.backends.mkldnn.is_available():  # type: ignore[no-untyped-call]
        return False
    return bool(torch.ops.mkldnn._is_mkldnn_bf16_supported())
