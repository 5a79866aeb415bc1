from __future__ import annotations

import math

import pytest
import torch

from logdigit.training.losses import IGNORE, cross_entropy_dice, soft_dice, style_entropy


def _one_hot(target: torch.Tensor, classes: int) -> torch.Tensor:
    return torch.nn.functional.one_hot(target, classes).permute(0, 3, 1, 2).float()


TARGET = torch.tensor([[[0, 1], [1, 2]]])


def test_a_perfect_answer_costs_nothing() -> None:
    prob = _one_hot(TARGET, 3)
    assert soft_dice(prob, TARGET).item() == 0
    assert cross_entropy_dice(100 * prob, TARGET).item() == pytest.approx(0, abs=1e-6)


def test_the_worst_answer() -> None:
    prob = _one_hot((TARGET + 1) % 3, 3)
    assert soft_dice(prob, TARGET).item() == 1
    assert cross_entropy_dice(50 * prob, TARGET).item() == pytest.approx(50 + 1)


def test_values_by_hand() -> None:
    # Class 1: P T = 0.5 + 0.25, P = 1, T = 2: Dice 2 * 0.75 / 3 = 0.5. Class 2: P T = 0.5, P = 1, T = 1: 0.5.
    prob = torch.tensor([[[[0.75, 0.5], [0.25, 0.5]], [[0.25, 0.5], [0.25, 0.0]], [[0.0, 0.0], [0.5, 0.5]]]])
    assert soft_dice(prob, TARGET).item() == pytest.approx(0.5)
    entropy = -(math.log(0.75) + math.log(0.5) + math.log(0.25) + math.log(0.5)) / 4
    assert cross_entropy_dice(prob.log(), TARGET).item() == pytest.approx(entropy + 0.5)
    assert cross_entropy_dice(prob.log(), TARGET, dice_weight=0.0).item() == pytest.approx(entropy)


def test_class_weights_by_hand() -> None:
    prob = torch.full((1, 3, 2, 2), 1 / 3)
    prob[:, :, 0, 0] = torch.tensor([0.5, 0.25, 0.25])
    weights = torch.tensor([1.0, 2.0, 4.0])
    expected = (1 * math.log(2) + (2 + 2 + 4) * math.log(3)) / 9
    assert cross_entropy_dice(prob.log(), TARGET, weights, 0.0).item() == pytest.approx(expected)


def test_blank_paper_has_no_dice() -> None:
    target = torch.zeros(1, 2, 2, dtype=torch.long)
    logits = torch.zeros(1, 3, 2, 2, requires_grad=True)
    assert soft_dice(logits.softmax(1), target).item() == 0
    loss = cross_entropy_dice(logits, target)
    assert loss.item() == pytest.approx(math.log(3))
    loss.backward()  # type: ignore[no-untyped-call]
    assert logits.grad is not None and bool(logits.grad.isfinite().all())


def test_a_tile_of_one_class_counts_that_class_only() -> None:
    target = torch.full((1, 2, 2), 2)
    prob = torch.zeros(1, 3, 2, 2)
    prob[:, 2], prob[:, 1] = 0.5, 0.5
    assert soft_dice(prob, target).item() == pytest.approx(1 - 2 * 2 / (2 + 4))


def test_ignored_pixels_count_neither_way() -> None:
    target = torch.tensor([[[1, IGNORE]]])
    good = torch.tensor([[[[0.0, 9.0]], [[9.0, 0.0]]]])
    other = torch.tensor([[[[0.0, -9.0]], [[9.0, 9.0]]]])
    assert cross_entropy_dice(good, target).item() == cross_entropy_dice(other, target).item()
    weights = torch.tensor([1.0, 3.0])
    assert (
        cross_entropy_dice(good, target, weights).item() == cross_entropy_dice(other, target, weights).item()
    )


def test_a_batch_that_is_all_ignored_costs_nothing() -> None:
    logits = torch.randn(1, 2, 2, 2, requires_grad=True)
    loss = cross_entropy_dice(logits, torch.full((1, 2, 2), IGNORE))
    loss.backward()  # type: ignore[no-untyped-call]
    assert loss.item() == 0 and logits.grad is not None and not bool(logits.grad.any())


def test_half_precision_and_bytes_are_taken() -> None:
    loss = cross_entropy_dice(torch.zeros(1, 3, 2, 2, dtype=torch.bfloat16), TARGET.to(torch.uint8))
    assert loss.dtype == torch.float32
    # All thirds. Class 1: 2 * 2/3 / (4/3 + 2) = 0.4; class 2: 2 * 1/3 / (4/3 + 1) = 2/7.
    assert loss.item() == pytest.approx(math.log(3) + 1 - (0.4 + 2 / 7) / 2)


def test_style_entropy_weighs_every_style_the_same() -> None:
    target = torch.tensor([[[1, 1, 1, 2, 0, 0]]])
    logits = torch.zeros(1, 3, 1, 6)
    logits[:, 0] = 50.0  # what the background says does not matter
    logits[0, 1, 0, :3] = 2.0  # right three times, by 2
    logits[0, 1, 0, 3] = 1.0  # wrong once, by 1
    right, wrong = math.log(1 + math.exp(-2)), math.log(1 + math.exp(1))
    assert float(style_entropy(logits, target)) == pytest.approx((right + wrong) / 2, rel=1e-5)


def test_style_entropy_of_blank_paper_is_nothing() -> None:
    logits = torch.zeros(1, 3, 4, 4, requires_grad=True)
    assert float(style_entropy(logits, torch.zeros(1, 4, 4, dtype=torch.long)).detach()) == 0
    loss = cross_entropy_dice(logits, torch.zeros(1, 4, 4, dtype=torch.long), style_weight=0.5)
    loss.backward()  # type: ignore[no-untyped-call]
    assert logits.grad is not None and torch.isfinite(logits.grad).all()
