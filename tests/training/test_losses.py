"""The mix that we ship: by hand, and the fused form against the terms."""

from __future__ import annotations

import math

import pytest
import torch
from torch import Tensor

from logdigit.training.losses import IGNORE, Objective, Settings
from logdigit.training.losses.fused import fused_mix
from logdigit.training.losses.ink import cross_entropy, soft_dice, style_entropy

OURS = {"cross_entropy": 1.0, "batch_dice": 1.0, "style": 0.5}


def _one_hot(target: Tensor, classes: int) -> Tensor:
    return torch.nn.functional.one_hot(target, classes).permute(0, 3, 1, 2).float()


def _mix(logits: Tensor, target: Tensor, weights: Tensor | None = None, style: float = 0.0) -> Tensor:
    return fused_mix(logits, target, weights, 1.0, 1.0, style)


TARGET = torch.tensor([[[0, 1], [1, 2]]])


def test_a_perfect_answer_costs_nothing() -> None:
    prob = _one_hot(TARGET, 3)
    assert soft_dice(prob, TARGET).item() == 0
    assert _mix(100 * prob, TARGET).item() == pytest.approx(0, abs=1e-6)


def test_the_worst_answer() -> None:
    prob = _one_hot((TARGET + 1) % 3, 3)
    assert soft_dice(prob, TARGET).item() == 1
    assert _mix(50 * prob, TARGET).item() == pytest.approx(50 + 1)


def test_values_by_hand() -> None:
    # Class 1: P T = 0.5 + 0.25, P = 1, T = 2: Dice 2 * 0.75 / 3 = 0.5. Class 2: P T = 0.5, P = 1, T = 1: 0.5.
    prob = torch.tensor([[[[0.75, 0.5], [0.25, 0.5]], [[0.25, 0.5], [0.25, 0.0]], [[0.0, 0.0], [0.5, 0.5]]]])
    assert soft_dice(prob, TARGET).item() == pytest.approx(0.5)
    entropy = -(math.log(0.75) + math.log(0.5) + math.log(0.25) + math.log(0.5)) / 4
    assert cross_entropy(prob.log(), TARGET).item() == pytest.approx(entropy)
    assert _mix(prob.log(), TARGET).item() == pytest.approx(entropy + 0.5)


def test_class_weights_by_hand() -> None:
    prob = torch.full((1, 3, 2, 2), 1 / 3)
    prob[:, :, 0, 0] = torch.tensor([0.5, 0.25, 0.25])
    weights = torch.tensor([1.0, 2.0, 4.0])
    expected = (1 * math.log(2) + (2 + 2 + 4) * math.log(3)) / 9
    assert cross_entropy(prob.log(), TARGET, weights).item() == pytest.approx(expected)


def test_blank_paper_has_no_dice() -> None:
    target = torch.zeros(1, 2, 2, dtype=torch.long)
    logits = torch.zeros(1, 3, 2, 2, requires_grad=True)
    assert soft_dice(logits.softmax(1), target).item() == 0
    loss = _mix(logits, target, style=0.5)
    assert loss.item() == pytest.approx(math.log(3))
    loss.backward()  # type: ignore[no-untyped-call]
    assert logits.grad is not None and bool(logits.grad.isfinite().all()) and bool(logits.grad.any())


def test_a_tile_of_one_class_counts_that_class_only() -> None:
    target = torch.full((1, 2, 2), 2)
    prob = torch.zeros(1, 3, 2, 2)
    prob[:, 2], prob[:, 1] = 0.5, 0.5
    assert soft_dice(prob, target).item() == pytest.approx(1 - 2 * 2 / (2 + 4))


def test_style_entropy_weighs_every_style_the_same() -> None:
    target = torch.tensor([[[1, 1, 1, 2, 0, 0]]])
    logits = torch.zeros(1, 3, 1, 6)
    logits[:, 0] = 50.0  # what the background says does not matter
    logits[0, 1, 0, :3] = 2.0  # right three times, by 2
    logits[0, 1, 0, 3] = 1.0  # wrong once, by 1
    right, wrong = math.log(1 + math.exp(-2)), math.log(1 + math.exp(1))
    assert float(style_entropy(logits, target)) == pytest.approx((right + wrong) / 2, rel=1e-5)
    assert float(style_entropy(logits, target * 0)) == 0


def _case(name: str) -> tuple[Tensor, Tensor, Tensor | None]:
    """Random logits, a mask with a special thing to it, and class weights or none."""
    generator = torch.Generator().manual_seed(3)
    classes = 2 if name == "two classes" else 5
    logits = 3 * torch.randn(3, classes, 16, 24, generator=generator)
    mask = torch.randint(1, classes, (3, 16, 24), generator=generator)
    mask[torch.rand(mask.shape, generator=generator) < 0.9] = 0
    match name:
        case "ignored pixels":
            mask[torch.rand(mask.shape, generator=generator) < 0.2] = IGNORE
        case "a class absent":
            mask[mask == 3] = 1
        case "a blank patch":
            mask[1] = 0
        case "all blank":
            mask[:] = 0
        case "all ignored":
            mask[:] = IGNORE
        case "one class everywhere":
            mask[:] = 2
    weights = torch.rand(classes, generator=generator) + 0.2 if name == "weighted" else None
    return logits, mask.to(torch.uint8), weights


CASES = ["plain", "ignored pixels", "a class absent", "a blank patch", "all blank", "all ignored"]
CASES += ["one class everywhere", "two classes", "weighted"]


@pytest.mark.parametrize("name", CASES)
def test_the_fused_mix_is_the_sum_of_its_terms(name: str) -> None:
    logits, mask, weights = _case(name)
    logits.requires_grad_()
    target = mask.long()
    terms = 1.3 * cross_entropy(logits, target, weights) + 0.7 * soft_dice(logits.softmax(1), target)
    terms = terms + 0.5 * style_entropy(logits, target)
    (expected,) = torch.autograd.grad(terms, logits)
    fused = fused_mix(logits, mask, weights, 1.3, 0.7, 0.5)
    (found,) = torch.autograd.grad(2 * fused, logits)
    assert fused.item() == pytest.approx(terms.item(), rel=1e-5, abs=1e-7)
    torch.testing.assert_close(found, 2 * expected, rtol=1e-4, atol=1e-8)


def test_the_objective_takes_half_precision_and_any_layout() -> None:
    logits, mask, _ = _case("plain")
    objective = Objective(OURS, "multiclass", Settings())
    expected = objective(logits, mask)
    striped = logits.to(torch.bfloat16).contiguous(memory_format=torch.channels_last)
    found = objective(striped, mask)
    assert found.dtype == torch.float32 and found.item() == pytest.approx(expected.item(), rel=1e-2)


def test_no_logit_is_too_large() -> None:
    logits = torch.zeros(1, 3, 2, 2)
    logits[:, 0] = 1e4
    logits.requires_grad_()
    loss = _mix(logits, TARGET, style=0.5)
    loss.backward()  # type: ignore[no-untyped-call]
    assert math.isfinite(loss.item()) and logits.grad is not None and bool(logits.grad.isfinite().all())
