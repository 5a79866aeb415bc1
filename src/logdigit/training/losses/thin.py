"""Losses made for thin structures: clDice, and cross-entropy within a band along the edges of strokes."""

from __future__ import annotations

from typing import Any

import torch
import torch.nn.functional as F
from torch import Tensor

from logdigit.training.losses.ink import IGNORE

_COLUMN, _ROW = ((1, 0), (-1, 0)), ((0, 1), (0, -1))  # neighbours, rows down and columns right


class _Extreme(torch.autograd.Function):
    """Largest, or smallest, of each pixel and some neighbours; the gradient goes to one that is it.

    What max-pooling does. Its kernels on the processor are ten times slower on planes of line work.
    """

    @staticmethod
    def forward(ctx: Any, x: Tensor, neighbours: tuple[tuple[int, int], ...], smallest: bool) -> Tensor:
        pick = torch.minimum if smallest else torch.maximum
        out = x.clone()
        for step in neighbours:
            here, _ = _shifted(out, step)
            pick(here, _shifted(x, step)[1], out=here)
        ctx.save_for_backward(x, out)
        ctx.neighbours = neighbours
        return out

    @staticmethod
    def backward(ctx: Any, upstream: Tensor) -> tuple[Tensor | None, ...]:
        x, out = ctx.saved_tensors
        found = x == out
        gradient = upstream * found
        for step in ctx.neighbours:
            here, _ = _shifted(out, step)
            known, _ = _shifted(found, step)
            won = (_shifted(x, step)[1] == here) & ~known
            _shifted(gradient, step)[1].add_(_shifted(upstream, step)[0] * won)
            known |= won
        return gradient, None, None


def _shifted(x: Tensor, step: tuple[int, int]) -> tuple[Tensor, Tensor]:
    """Views of (..., H, W): the pixels that have a neighbour at ``step``, and those neighbours."""
    here, there = x, x
    for axis, by in zip((-2, -1), step, strict=True):
        length = x.shape[axis] - abs(by)
        here = here.narrow(axis, max(0, -by), length)
        there = there.narrow(axis, max(0, by), length)
    return here, there


def _eroded(prob: Tensor) -> Tensor:
    """Smallest of each pixel and its four neighbours."""
    out: Tensor = _Extreme.apply(prob, (*_COLUMN, *_ROW), True)  # type: ignore[no-untyped-call]
    return out


def _dilated(prob: Tensor) -> Tensor:
    """Largest of each pixel and its eight neighbours."""
    columns = _Extreme.apply(prob, _COLUMN, False)  # type: ignore[no-untyped-call]
    out: Tensor = _Extreme.apply(columns, _ROW, False)  # type: ignore[no-untyped-call]
    return out


def soft_skeleton(prob: Tensor, rounds: int) -> Tensor:
    """Soft skeleton (Shit et al. 2021, algorithm 1): what an opening takes away, at every erosion.

    Args:
        prob: (..., H, W) in [0, 1].
        rounds: erosions; at least half the width of the widest stroke, px.

    Returns:
        (..., H, W) in [0, 1]; of a mask that is 0 and 1, its skeleton.
    """
    smaller = _eroded(prob)
    skeleton = F.relu(prob - _dilated(smaller))
    for _ in range(rounds):
        prob, smaller = smaller, _eroded(smaller)
        rest = F.relu(prob - _dilated(smaller))
        skeleton = skeleton + F.relu(rest - skeleton * rest)
    return skeleton


def cldice(logits: Tensor, target: Tensor, rounds: int) -> Tensor:
    """Loss of the centreline Dice, clDice (Shit et al. 2021, arXiv:2003.07311).

    Topological precision is the share of the predicted skeleton that lies in the true mask, sensitivity the
    share of the true skeleton that lies in the prediction; the loss is 1 - their harmonic mean, averaged
    over every patch and every class of ink that is present in it.

    Both shares are smoothed by one pixel, as in the authors' code: a prediction that is flat everywhere has
    no skeleton, and would have no gradient either. But their code drops channel 0 whatever it holds, which
    on a mask of one channel leaves a constant; here channel 0 is the background by definition, and every
    class of ink counts.

    Args:
        logits: (N, C, H, W) float32; class 0 is the background.
        target: (N, H, W) int64, class index or `IGNORE`.
        rounds: see `soft_skeleton`.

    Returns:
        Scalar in [0, 1]; 0 where there is no ink.
    """
    classes = torch.arange(1, logits.shape[1], device=logits.device).view(1, -1, 1, 1)
    masks = target.unsqueeze(1) == classes
    patch, label = masks.flatten(2).any(2).nonzero(as_tuple=True)
    if not len(patch):
        return logits.sum() * 0
    truth = masks[patch, label].to(logits.dtype)
    prob = logits.softmax(1)[patch, label + 1] * (target != IGNORE)[patch]
    found_line, true_line = soft_skeleton(prob, rounds), soft_skeleton(truth, rounds)
    pixels = (1, 2)
    precision = ((found_line * truth).sum(pixels) + 1) / (found_line.sum(pixels) + 1)
    sensitivity = ((true_line * prob).sum(pixels) + 1) / (true_line.sum(pixels) + 1)
    return (1 - 2 * precision * sensitivity / (precision + sensitivity)).mean()


def edge_band(target: Tensor, half_width: int) -> Tensor:
    """Pixels at most ``half_width`` px from one of another class.

    Args:
        target: (N, H, W) int64; ignored pixels are no class, and in no band.
        half_width: px, as the king moves.

    Returns:
        (N, H, W) bool.
    """
    side = 2 * half_width + 1
    counted = target != IGNORE
    labels = target.to(torch.float32).unsqueeze(1)
    highest = F.max_pool2d(labels.masked_fill(~counted.unsqueeze(1), -1.0), side, 1, half_width)
    lowest = -F.max_pool2d((-labels).masked_fill(~counted.unsqueeze(1), -256.0), side, 1, half_width)
    return (highest > lowest).squeeze(1) & counted


def boundary_band(
    logits: Tensor, target: Tensor, half_width: int, class_weights: Tensor | None = None
) -> Tensor:
    """Cross-entropy over the pixels near the edge of a stroke only: where a thin line is won or lost.

    Returns:
        Scalar; 0 where no pixel is near an edge.
    """
    band = edge_band(target, half_width)
    if not bool(band.any()):
        return logits.sum() * 0
    near = target.masked_fill(~band, IGNORE)
    return F.cross_entropy(logits, near, class_weights, ignore_index=IGNORE)
