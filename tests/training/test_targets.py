from __future__ import annotations

import math

import pytest
import torch

from logdigit.training.losses import IGNORE, Objective, Settings
from logdigit.training.targets import as_problem, decided, joined


def test_a_stack_asks_of_every_class_by_itself() -> None:
    logits = torch.randn(2, 4, 3, 5)
    mask = torch.tensor([0, 1, 2, 3, IGNORE]).expand(2, 3, 5).to(torch.uint8)
    pairs, masks = as_problem("binary_stack", logits, mask)
    assert pairs.shape == (6, 2, 3, 5) and masks.shape == (6, 3, 5)
    assert masks[4, 0].tolist() == [0, 0, 1, 0, IGNORE]  # second patch, second class of ink
    torch.testing.assert_close(pairs[4], logits[1, [0, 2]])
    same = as_problem("multiclass", logits, mask)
    assert same[0] is logits and same[1] is mask


def test_weighted_masks_by_hand() -> None:
    # One pixel of class 1 of 2; both masks at p = 0.5: one is weighed 42, the other is background.
    objective = Objective({"binary_cross_entropy": 1.0}, "binary_stack", Settings(positive_weight=42.0))
    loss = objective(torch.zeros(1, 3, 1, 1), torch.ones(1, 1, 1, dtype=torch.uint8))
    assert float(loss) == pytest.approx(43 * math.log(2) / 2)


def test_what_holds_where() -> None:
    logits = torch.tensor([[0.0, 0.0, 0.0], [1.0, -1.0, 2.0], [0.5, -2.0, 3.0]]).view(3, 1, 3)
    assert decided("binary_stack", logits)[:, 0].tolist() == [
        [False, True, False],
        [True, False, True],
        [True, False, True],
    ]
    assert decided("multiclass", logits)[:, 0].tolist() == [
        [False, True, False],
        [True, False, False],
        [False, False, True],
    ]


def test_a_softmax_over_a_stack_is_its_odds_given_one_mask_at_most() -> None:
    odds = torch.tensor([0.3, -1.2])
    alone = odds.sigmoid()
    nothing = (1 - alone).prod()
    only = alone * (1 - alone.flip(0))
    expected = torch.stack([nothing, *only]) / (nothing + only.sum())
    torch.testing.assert_close(torch.cat([torch.zeros(1), odds]).softmax(0), expected)


def test_networks_of_one_class_each_are_joined_by_their_odds() -> None:
    members = [torch.tensor([2.0, 5.0]).view(2, 1, 1), torch.tensor([-1.0, -3.0]).view(2, 1, 1)]
    assert joined(members).flatten().tolist() == [0, 3, -2]
    assert decided("one_vs_rest", joined(members)).flatten().tolist() == [False, True, False]
