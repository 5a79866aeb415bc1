"""The losses of the literature, from kornia and torch, with what these leave open for a log settled here.

A patch may be blank, lack a class, or hold pixels that do not count (`IGNORE`). kornia's Dice, Tversky and
focal losses take such pixels out; its Lovász loss knows none, and averages over classes that are absent.
"""

from __future__ import annotations

import torch
import torch.nn.functional as F
from kornia.losses import dice_loss, focal_loss, lovasz_softmax_loss, tversky_loss
from torch import Tensor

from logdigit.training.losses.ink import IGNORE


def dice(logits: Tensor, target: Tensor) -> Tensor:
    """Dice loss of every patch and class present in it, background included, averaged (macro).

    Micro averaging would score 0.03 for calling everything background, and be content with that.
    """
    return dice_loss(logits, target, average="macro", ignore_index=IGNORE)


def tversky(logits: Tensor, target: Tensor, false_positive: float, false_negative: float) -> Tensor:
    """Tversky loss (Salehi et al. 2017, arXiv:1706.05721): TP / (TP + a FP + b FN) of each class, from 1.

    Args:
        logits: (N, C, H, W) float32.
        target: (N, H, W) int64.
        false_positive: a, price of what is found and not there.
        false_negative: b, price of what is there and not found; a = b = 0.5 is the Dice loss.
    """
    return tversky_loss(logits, target, false_positive, false_negative, ignore_index=IGNORE)


def focal(
    logits: Tensor, target: Tensor, gamma: float, alpha: float | None, class_weights: Tensor | None
) -> Tensor:
    """Focal loss (Lin et al. 2017, arXiv:1708.02002), the mean over the pixels that count.

    -a_t (1 - p_t)^gamma log p_t: the surer the network is and right, the less a pixel weighs. kornia divides
    by all pixels and classes, so that patches with ignored pixels would weigh less; here it is the pixels.

    Args:
        logits: (N, C, H, W) float32.
        target: (N, H, W) int64.
        gamma: focusing exponent.
        alpha: weight of every class of ink, against 1 - alpha of the background; None for 1 and 1.
        class_weights: (C,); None for equal ones.
    """
    total = focal_loss(
        logits, target, alpha, gamma, reduction="sum", weight=class_weights, ignore_index=IGNORE
    )
    return total / (target != IGNORE).sum().clamp_min(1)


def lovasz(logits: Tensor, target: Tensor) -> Tensor:
    """Lovász-softmax loss (Berman et al. 2018, arXiv:1705.08790) over the classes present in each patch.

    kornia averages over all C classes, and an absent one enters with the largest probability anywhere on the
    patch: on blank paper one stray pixel would outweigh all others. As in the authors' code, only the classes
    that are present count, and ignored pixels are taken out.
    """
    losses = [_lovasz_of_patch(*patch) for patch in zip(logits, target, strict=True)]
    return torch.stack(losses).mean()


def _lovasz_of_patch(logits: Tensor, target: Tensor) -> Tensor:
    counted = target != IGNORE
    scores, truth = logits[:, counted], target[counted]
    if not len(truth):
        return logits.sum() * 0
    present = torch.bincount(truth, minlength=len(logits)).clamp_max(1).to(logits.dtype)
    weight = present * len(logits) / present.sum()
    return lovasz_softmax_loss(scores[None, :, None], truth[None, None], weight)


def soft_cross_entropy(
    logits: Tensor, target: Tensor, smoothing: float, class_weights: Tensor | None
) -> Tensor:
    """Cross-entropy against labels smoothed by ``smoothing`` (Szegedy et al. 2016, arXiv:1512.00567)."""
    if not bool((target != IGNORE).any()):
        return logits.sum() * 0
    return F.cross_entropy(logits, target, class_weights, ignore_index=IGNORE, label_smoothing=smoothing)


def binary_cross_entropy(logits: Tensor, target: Tensor, positive_weight: float) -> Tensor:
    """Cross-entropy of a mask in which ink weighs ``positive_weight`` times, the mean over pixels that count.

    Args:
        logits: (N, 2, H, W) float32; their difference is the logit of the mask.
        target: (N, H, W) int64, 0 or 1, or `IGNORE`.
        positive_weight: of the pixels that are 1.
    """
    counted = (target != IGNORE).to(logits.dtype)
    total = F.binary_cross_entropy_with_logits(
        logits[:, 1] - logits[:, 0],
        (target == 1).to(logits.dtype),
        counted,
        reduction="sum",
        pos_weight=logits.new_tensor(positive_weight),
    )
    return total / counted.sum().clamp_min(1)
