"""The mix that we ship, cross-entropy + Dice + style, with its gradient, in one pass for the processor.

Written as separate terms, the mix walks a dozen times over tensors that no cache holds. Here a patch is taken
at a time, and what singles out ink touches the ink only, one pixel in twenty. It is the same function:
`tests/training` compares value and gradient with the terms themselves.

With p = softmax(z), W the summed weights, and for each class of ink present P_c, T_c the predicted and true
mass and B_c what they share, the gradient of a pixel of true class t is

    w_t / W (p - e_t)  +  p (g - p.g)  [+ style],    g_c = b_c + a_c [c = t],
    a_c = -2 / (n (P_c + T_c)),    b_c = 2 B_c / (n (P_c + T_c)^2),

which for background (a_0 = b_0 = 0) needs no truth at all.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import torch
import torch.nn.functional as F
from torch import Tensor

from logdigit.training.losses.ink import IGNORE

FUSED = {"cross_entropy", "batch_dice", "style"}
"""The terms that `fused_mix` knows."""


@dataclass(frozen=True)
class _Patch:
    """Probabilities (C, P) of a patch, and its K pixels that are not background: where, of which class.

    ``counted`` says which of the K count: a slice of all where none is to be ignored, much the faster.
    """

    prob: Tensor
    at: Tensor
    truth: Tensor
    ignored: Tensor
    counted: Tensor | slice


def fused_mix(
    logits: Tensor, mask: Tensor, class_weights: Tensor | None, entropy: float, dice: float, style: float
) -> Tensor:
    """``entropy`` x `cross_entropy` + ``dice`` x `soft_dice` + ``style`` x `style_entropy`.

    Args:
        logits: (N, C, H, W), any float type; class 0 is the background.
        mask: (N, H, W) integer, class index or `IGNORE`.
        class_weights: (C,) in the cross-entropy; None for equal ones.
        entropy: weight of the cross-entropy.
        dice: weight of the Dice loss.
        style: weight of the style loss.

    Returns:
        Scalar float32. A pixel costs at most 87 nats of cross-entropy, whatever its logits.
    """
    if class_weights is None:
        class_weights = torch.ones(logits.shape[1], device=logits.device)
    loss: Tensor = _FusedMix.apply(logits, mask, class_weights, entropy, dice, style)  # type: ignore[no-untyped-call]
    return loss


class _FusedMix(torch.autograd.Function):
    @staticmethod
    def forward(
        ctx: Any, logits: Tensor, mask: Tensor, weights: Tensor, entropy: float, dice: float, style: float
    ) -> Tensor:
        patches = [_patch(z, t) for z, t in zip(logits, mask, strict=True)]
        shared, found, there = (sum(sums) for sums in zip(*map(_masses, patches), strict=True))
        total = (weights * there).sum().clamp_min(1e-12)
        costs = sum(_entropy(patch, weights) for patch in patches)
        present = (there > 0).float()
        present[0] = 0
        count, size = present.sum().clamp_min(1), (found + there).clamp_min(1e-30)
        loss = entropy * costs / total + dice * ((1 - 2 * shared / size) * present).sum() / count
        a = -2 * dice * present / size / count
        b = 2 * dice * present * shared / size.square() / count
        pull = entropy * weights / total
        styles = there[1:]
        each = styles.clamp_min(1).reciprocal() * (styles > 0) / (styles > 0).sum().clamp_min(1)
        gradient = torch.empty(logits.shape, dtype=logits.dtype, device=logits.device)
        for k, patch in enumerate(patches):
            special = _special(patch, a, b, pull)
            if style:
                loss += _add_style(special, patch, logits[k], style * each)
            plane = patch.prob.mul_((b + pull[0])[:, None] - b @ patch.prob)
            plane[0] -= pull[0]
            plane.index_copy_(1, patch.at, special)
            gradient[k] = plane.view(logits.shape[1:])
        ctx.save_for_backward(gradient)
        return torch.as_tensor(loss)

    @staticmethod
    def backward(ctx: Any, upstream: Tensor) -> tuple[Tensor | None, ...]:
        (gradient,) = ctx.saved_tensors
        if upstream != 1:
            gradient = gradient * upstream
        return gradient, None, None, None, None, None


def _patch(logits: Tensor, mask: Tensor) -> _Patch:
    classes = len(logits)
    planes = logits.reshape(classes, -1).to(torch.float32, memory_format=torch.contiguous_format)
    prob = torch.softmax(planes, 0)
    mask = mask.reshape(-1)
    at = mask.nonzero().squeeze(1)
    truth = mask[at].long()
    ignored = truth == IGNORE
    if not ignored.any():
        return _Patch(prob, at, truth, ignored, slice(None))
    return _Patch(prob, at, truth.masked_fill(ignored, 0), ignored, ~ignored)


def _masses(patch: _Patch) -> tuple[Tensor, Tensor, Tensor]:
    """Of each class (C,): probability on its own pixels (ink only), on all pixels that count, and pixels."""
    classes, pixels = patch.prob.shape
    ink, truth = patch.at[patch.counted], patch.truth[patch.counted]
    own = patch.prob[truth, ink]
    shared = patch.prob.new_zeros(classes).index_add_(0, truth, own)
    found = patch.prob.sum(1) - patch.prob[:, patch.at[patch.ignored]].sum(1)
    there = torch.bincount(truth, minlength=classes).float()
    there[0] = pixels - len(patch.at)
    return shared, found, there


def _entropy(patch: _Patch, weights: Tensor) -> Tensor:
    """Summed weighted cross-entropy of the pixels that count."""
    least = torch.finfo(torch.float32).tiny
    paper = patch.prob[0].clamp_min(least).log_().index_fill_(0, patch.at, 0.0).sum()
    own = patch.prob[patch.truth, patch.at].clamp_min(least).log_().masked_fill_(patch.ignored, 0.0)
    return -weights[0] * paper - (weights[patch.truth] * own).sum()


def _special(patch: _Patch, a: Tensor, b: Tensor, pull: Tensor) -> Tensor:
    """Gradient (C, K) of the K pixels that are not background."""
    prob = patch.prob[:, patch.at]
    one_hot = F.one_hot(patch.truth, len(prob)).T.float()
    g = b[:, None] + a[:, None] * one_hot
    gradient = pull[patch.truth] * (prob - one_hot) + prob * (g - (prob * g).sum(0))
    return gradient.masked_fill_(patch.ignored, 0.0)


def _add_style(gradient: Tensor, patch: _Patch, logits: Tensor, each: Tensor) -> Tensor:
    """Adds the style term to a gradient (C, K), in place; returns its loss. ``each``: weights (C - 1,)."""
    style = patch.truth[patch.counted] - 1
    scores = logits.reshape(len(logits), -1)[1:, patch.at[patch.counted]].float()
    log_prob = F.log_softmax(scores, 0)
    weight = each[style]
    one_hot = F.one_hot(style, len(each)).T.float()
    gradient[1:, patch.counted] += weight * (log_prob.exp() - one_hot)
    return -(weight * log_prob.gather(0, style[None])[0]).sum()
