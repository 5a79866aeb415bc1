"""What the network is asked: one softmax, a stack of independent masks, or one class against the rest.

All three read the same C logits, so that any of them can be digitised with. The logit of a mask of class k
is z_k - z_0, its log-odds against the background. The masks of a stack are independent, and may overlap;
given that at most one of them holds at a pixel, which one it is has the odds e^(z_k - z_0), and that is the
softmax over all the logits: no conversion is needed.
"""

from __future__ import annotations

import torch
from torch import Tensor

from logdigit.training.losses.ink import IGNORE

STACKED = "binary_stack"
ONE_VS_REST = "one_vs_rest"


def as_problem(targets: str, logits: Tensor, mask: Tensor) -> tuple[Tensor, Tensor]:
    """The classification that the loss is to judge.

    Args:
        targets: ``multiclass``, ``binary_stack`` or ``one_vs_rest`` (whose corpus has two classes already).
        logits: (N, C, H, W).
        mask: (N, H, W) integer, class index or `IGNORE`.

    Returns:
        Logits (M, K, H, W) and target (M, H, W). A stack becomes M = N (C - 1) problems of K = 2 classes.
    """
    if targets != STACKED:
        return logits, mask
    n, classes, *size = logits.shape
    ink = logits[:, 1:]
    pairs = torch.stack([logits[:, :1].expand_as(ink), ink], dim=2)
    number = torch.arange(1, classes, device=mask.device, dtype=mask.dtype).view(1, -1, 1, 1)
    masks = (mask.unsqueeze(1) == number).to(mask.dtype)
    masks = masks.masked_fill((mask == IGNORE).unsqueeze(1), IGNORE)
    return pairs.view(n * (classes - 1), 2, *size), masks.view(n * (classes - 1), *size)


def decided(targets: str, logits: Tensor) -> Tensor:
    """The masks that the network answers with.

    Args:
        targets: as above.
        logits: (C, H, W).

    Returns:
        (C, H, W) bool. Of one softmax, the likeliest class. Masks of a stack, or each of one class against
        the rest, hold where they are likelier than not, so that several may.
    """
    if targets in (STACKED, ONE_VS_REST):
        ink = logits[1:] > logits[:1]
        return torch.cat([~ink.any(0, keepdim=True), ink])
    numbers = torch.arange(len(logits), device=logits.device).view(-1, 1, 1)
    return logits.argmax(0) == numbers


def joined(members: list[Tensor]) -> Tensor:
    """Logits (K + 1, H, W) of K networks of one class against the rest, each (2, H, W), in class order."""
    odds = [member[1] - member[0] for member in members]
    return torch.stack([torch.zeros_like(odds[0]), *odds])
