"""The losses of the literature: tiles that any of them must take, and values by hand."""

from __future__ import annotations

import math

import pytest
import torch
from torch import Tensor

from logdigit.training.losses import IGNORE, TERMS, Objective, Settings
from logdigit.training.losses import library as lib
from logdigit.training.losses.compose import OF_TWO

SIZE = 24
STROKED = torch.zeros(2, SIZE, SIZE, dtype=torch.long)
STROKED[0, :, 10:13] = 1
STROKED[1, 5:8] = 2
BLANK = torch.zeros(2, SIZE, SIZE, dtype=torch.long)
FULL = torch.ones(2, SIZE, SIZE, dtype=torch.long)
MULTI = [name for name in TERMS if name not in OF_TWO]
SETTINGS = Settings(positive_weight=3.0)


def _certain(target: Tensor, classes: int = 3) -> Tensor:
    """Logits of somebody who is sure that it is ``target``."""
    target = target.masked_fill(target == IGNORE, 0)
    return 40.0 * torch.nn.functional.one_hot(target, classes).permute(0, 3, 1, 2).float()


def _cost(name: str, logits: Tensor, target: Tensor) -> float:
    return float(TERMS[name](logits, target, SETTINGS).detach())


@pytest.mark.parametrize("name", TERMS)
def test_perfect_is_nothing_and_worse_is_more(name: str) -> None:
    target = STROKED.clamp_max(1) if name in OF_TWO else STROKED
    classes = 2 if name in OF_TWO else 3
    soft = name == "soft_cross_entropy"  # wants nobody to be surer than 0.93, a twelfth of 40 nats
    sure = 1 / 12 if soft else 1.0
    perfect = _cost(name, sure * _certain(target, classes), target)
    unsure = _cost(name, torch.zeros(2, classes, SIZE, SIZE), target)
    worst = _cost(name, sure * _certain((target + 1) % classes, classes), target)
    assert soft or perfect == pytest.approx(0, abs=1e-4)
    assert perfect < unsure < worst


@pytest.mark.parametrize("target", [STROKED, BLANK, FULL], ids=["stroked", "blank", "one class"])
@pytest.mark.parametrize("name", TERMS)
def test_gradients_are_finite_on_any_tile(name: str, target: Tensor) -> None:
    target = target.clamp_max(1)
    torch.manual_seed(0)
    for logits in (torch.randn(2, 2, SIZE, SIZE), _certain(1 - target, 2)):
        logits.requires_grad_()
        loss = TERMS[name](logits, target, SETTINGS)
        (gradient,) = torch.autograd.grad(loss, logits)
        assert math.isfinite(loss.item()) and bool(gradient.isfinite().all())


@pytest.mark.parametrize("name", TERMS)
def test_ignored_pixels_count_neither_way(name: str) -> None:
    target = STROKED.clamp_max(1).clone()
    target[:, :, 16:] = IGNORE
    torch.manual_seed(1)
    logits = torch.randn(2, 2, SIZE, SIZE)
    other = logits.clone()
    other[:, :, :, 20:] += 9 * torch.randn(2, 2, SIZE, 4)  # beyond the reach of a skeleton's neighbours too
    logits.requires_grad_()
    loss = TERMS[name](logits, target, SETTINGS)
    (gradient,) = torch.autograd.grad(loss, logits)
    assert float(loss.detach()) == pytest.approx(_cost(name, other, target), rel=1e-5)
    assert not bool(gradient[..., 20:].any())


@pytest.mark.parametrize("name", TERMS)
def test_a_batch_that_is_all_ignored_has_no_gradient(name: str) -> None:
    logits = torch.randn(1, 2, 8, 8, requires_grad=True)
    loss = TERMS[name](logits, torch.full((1, 8, 8), IGNORE), SETTINGS)
    (gradient,) = torch.autograd.grad(loss, logits)
    assert math.isfinite(loss.item()) and not bool(gradient.any())


@pytest.mark.parametrize("name", MULTI)
def test_a_loss_tells_one_class_of_ink_from_another(name: str) -> None:
    swapped = torch.where(STROKED > 0, 3 - STROKED, 0)
    assert _cost(name, _certain(swapped), STROKED) > _cost(name, _certain(STROKED), STROKED) + 0.1


def test_macro_dice_is_not_content_with_all_background() -> None:
    # Background: 2 * 21 / (21 + 24) of a column of stroke in eight; the stroke itself: nothing.
    one = torch.zeros(1, SIZE, SIZE, dtype=torch.long)
    one[:, :, :3] = 1
    background = 2 * 21 / (21 + 24)
    assert float(lib.dice(_certain(BLANK[:1]), one)) == pytest.approx(1 - background / 2, abs=1e-5)


def test_tversky_by_hand() -> None:
    # All pixels called ink, one in four is: TP 1, FP 3, FN 0 for ink; 0 for the background.
    target = torch.tensor([[[1, 0], [0, 0]]])
    all_ink = _certain(torch.ones_like(target), 2)
    for price in (0.2, 0.5, 0.8):
        expected = 1 - (1 / (1 + 3 * price)) / 2
        assert float(lib.tversky(all_ink, target, price, 1 - price)) == pytest.approx(expected, abs=1e-5)
    assert float(lib.tversky(all_ink, target, 0.5, 0.5)) == pytest.approx(
        float(lib.dice(all_ink, target)), abs=1e-5
    )


def test_focal_by_hand() -> None:
    # p = 0.9 of the right class on a background pixel, 0.6 on a pixel of ink.
    logits = torch.tensor([[0.9, 0.4], [0.1, 0.6]]).log().view(1, 2, 1, 2)
    target = torch.tensor([[[0, 1]]])
    paper, ink = -(0.1**2) * math.log(0.9), -(0.4**2) * math.log(0.6)
    assert float(lib.focal(logits, target, 2.0, None, None)) == pytest.approx((paper + ink) / 2)
    assert float(lib.focal(logits, target, 2.0, 0.75, None)) == pytest.approx((0.25 * paper + 0.75 * ink) / 2)
    weights = torch.tensor([0.1, 1.9])
    assert float(lib.focal(logits, target, 2.0, None, weights)) == pytest.approx(
        (0.1 * paper + 1.9 * ink) / 2
    )
    padded = torch.cat([logits, torch.randn(1, 2, 1, 2)], dim=3), torch.tensor([[[0, 1, IGNORE, IGNORE]]])
    assert float(lib.focal(*padded, 2.0, None, None)) == pytest.approx((paper + ink) / 2)


def test_lovasz_is_one_minus_iou_where_the_answer_is_certain() -> None:
    # The stroke of three columns is called one column wider: IoU 3/4 of it, 20/21 of the background.
    target = STROKED[:1]
    wider = target.clone()
    wider[:, :, 13] = 1
    expected = ((1 - 3 / 4) + (1 - 20 / 21)) / 2
    assert float(lib.lovasz(_certain(wider), target)) == pytest.approx(expected, abs=1e-5)


def test_a_stray_pixel_on_blank_paper_costs_lovasz_no_more_than_itself() -> None:
    """kornia averages over absent classes: there it costs a third of everything."""
    stray = BLANK.clone()
    stray[0, 3, 3] = 1
    assert float(lib.lovasz(_certain(stray), BLANK)) < 2 / SIZE**2


def test_weighted_binary_cross_entropy_by_hand() -> None:
    logits = torch.tensor([[0.0, 0.0], [math.log(3), math.log(3)]]).view(1, 2, 1, 2)  # p = 0.75 of ink
    target = torch.tensor([[[1, 0]]])
    expected = (42 * -math.log(0.75) - math.log(0.25)) / 2
    assert float(lib.binary_cross_entropy(logits, target, 42.0)) == pytest.approx(expected, rel=1e-6)


def test_soft_cross_entropy_by_hand() -> None:
    logits = torch.tensor([0.7, 0.2, 0.1]).log().view(1, 3, 1, 1)
    expected = -0.9 * math.log(0.7) - 0.1 * (math.log(0.7) + math.log(0.2) + math.log(0.1)) / 3
    assert float(lib.soft_cross_entropy(logits, torch.zeros(1, 1, 1).long(), 0.1, None)) == pytest.approx(
        expected
    )


def test_an_objective_is_the_weighted_sum_of_its_terms() -> None:
    torch.manual_seed(0)
    logits = torch.randn(2, 3, SIZE, SIZE)
    both = Objective({"dice": 2.0, "focal": 0.5, "lovasz": 0.0}, "multiclass", SETTINGS)
    expected = 2 * _cost("dice", logits, STROKED) + 0.5 * _cost("focal", logits, STROKED)
    assert float(both(logits, STROKED.to(torch.uint8))) == pytest.approx(expected, rel=1e-6)
