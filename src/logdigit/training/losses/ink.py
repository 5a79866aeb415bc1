"""The losses of the mix that we ship: cross-entropy, Dice over the ink of a batch, and style.

Thin lines cover a few per cent of the paper, so cross-entropy alone is content with blank paper for a long
time; the soft Dice (Milletari et al. 2016, arXiv:1606.04797) weighs each class by itself, however thin.
"""

from __future__ import annotations

import torch
import torch.nn.functional as F
from torch import Tensor

IGNORE = 255
"""Target of pixels that count neither as right nor as wrong."""


def soft_dice(prob: Tensor, target: Tensor) -> Tensor:
    """Soft Dice loss, 1 - 2 |P T| / (|P| + |T|), averaged over the foreground classes present.

    A class that is not in ``target`` is left out (there its Dice is 0 whatever the network does); without
    any, the loss is 0 and cross-entropy teaches alone. Sums run over the whole batch.

    Args:
        prob: (N, C, H, W) in [0, 1]; class 0 is the background.
        target: (N, H, W) int64, class index or `IGNORE`.

    Returns:
        Scalar in [0, 1].
    """
    classes = torch.arange(prob.shape[1], device=prob.device).view(1, -1, 1, 1)
    truth = (target.unsqueeze(1) == classes).to(prob.dtype)
    valid = (target != IGNORE).unsqueeze(1).to(prob.dtype)
    both = (prob * truth).sum(dim=(0, 2, 3))[1:]
    predicted = (prob * valid).sum(dim=(0, 2, 3))[1:]
    there = truth.sum(dim=(0, 2, 3))[1:]
    present = (there > 0).to(prob.dtype)
    loss = 1 - 2 * both / (predicted + there).clamp_min(torch.finfo(prob.dtype).tiny)
    return (loss * present).sum() / present.sum().clamp_min(1)


def style_entropy(logits: Tensor, target: Tensor) -> Tensor:
    """Cross-entropy of the style alone, over the pixels that are ink, every style present weighing the same.

    Whose ink it is, is a hundred times rarer a question than whether there is ink; averaged over all pixels
    its gradient drowns. Conditioned on ink, p(style | ink) is the softmax over the foreground logits.

    Args:
        logits: (N, C, H, W), any float type; class 0 is the background.
        target: (N, H, W) integer, class index or `IGNORE`.

    Returns:
        Scalar >= 0; 0 where there is no ink.
    """
    ink = (target > 0) & (target != IGNORE)
    if not ink.any():
        return logits.float().sum() * 0
    styles = target[ink].long() - 1
    scores = logits.movedim(1, -1)[ink][:, 1:].float()
    counts = torch.bincount(styles, minlength=scores.shape[1]).to(scores.dtype)
    weights = torch.where(counts > 0, 1 / counts.clamp_min(1), 0.0)
    return F.cross_entropy(scores, styles, weights)


def cross_entropy(logits: Tensor, target: Tensor, class_weights: Tensor | None = None) -> Tensor:
    """Cross-entropy, the mean over the pixels that count, each weighing as its class does.

    Args:
        logits: (N, C, H, W) float.
        target: (N, H, W) int64, class index or `IGNORE`.
        class_weights: (C,); None for equal ones.

    Returns:
        Scalar; 0 where every pixel is `IGNORE`.
    """
    total = F.cross_entropy(logits, target, class_weights, ignore_index=IGNORE, reduction="sum")
    counted = target != IGNORE
    weight = counted.sum() if class_weights is None else class_weights[target[counted]].sum()
    return total / weight.to(total.dtype).clamp_min(1e-12)
