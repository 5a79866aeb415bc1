from __future__ import annotations

import numpy as np
import pytest
import torch

from logdigit.training.losses import IGNORE
from logdigit.training.losses.thin import boundary_band, cldice, edge_band, soft_skeleton
from logdigit.training.scores import skeleton


def _stroke(width: int, size: int = 32) -> torch.Tensor:
    mask = torch.zeros(1, size, size, dtype=torch.long)
    first = 16 - width // 2
    mask[:, :, first : first + width] = 1
    return mask


def _certain(mask: torch.Tensor, classes: int = 2) -> torch.Tensor:
    return 30.0 * torch.nn.functional.one_hot(mask, classes).permute(0, 3, 1, 2).float()


def test_the_skeleton_of_a_stroke_is_its_middle() -> None:
    line = soft_skeleton(_stroke(5).float(), 3)
    assert line[0, :, 16].eq(1).all() and line.sum() == 32


@pytest.mark.parametrize("seed", range(3))
def test_the_soft_skeleton_of_a_mask_is_the_hard_one(seed: int) -> None:
    rng = np.random.default_rng(seed)
    blobs = rng.random((40, 40)) < 0.06
    mask = np.zeros_like(blobs)
    for row, column in np.argwhere(blobs):
        mask[row : row + 4, column : column + 3] = True
    soft = soft_skeleton(torch.from_numpy(mask.astype(np.float32)), 20)
    np.testing.assert_array_equal(soft.numpy() > 0.5, skeleton(mask))


def test_the_gradient_of_a_skeleton_is_that_of_its_difference_quotient() -> None:
    torch.manual_seed(0)
    prob = torch.rand(1, 7, 7, dtype=torch.double, requires_grad=True)  # no two alike: no ties
    assert torch.autograd.gradcheck(lambda p: soft_skeleton(p, 2), prob, eps=1e-7, atol=1e-5)


def test_cldice_does_not_mind_how_thick_a_line_is_drawn() -> None:
    thin, thick = _stroke(3), _stroke(7)
    assert float(cldice(_certain(thick), thin, 5)) == pytest.approx(0, abs=1e-4)
    moved = torch.roll(thin, 6, dims=2)
    assert float(cldice(_certain(moved), thin, 5)) == pytest.approx(1 - 1 / 33, abs=1e-3)  # 1 px of smoothing


def test_cldice_by_hand() -> None:
    """Half of the line is found: precision 1, sensitivity 1/2, their harmonic mean 2/3."""
    half = _stroke(3)
    half[:, 16:] = 0
    assert float(cldice(_certain(half), _stroke(3), 3)) == pytest.approx(1 / 3, abs=0.02)


def test_cldice_of_one_channel_of_ink_is_no_constant() -> None:
    """The trap: code that drops channel 0 leaves nothing of a mask of one channel, and cannot learn."""
    logits = torch.zeros(1, 2, 32, 32, requires_grad=True)
    loss = cldice(logits, _stroke(3), 3)
    (gradient,) = torch.autograd.grad(loss, logits)
    assert bool(gradient.any()) and float(loss.detach()) > 0.1
    assert bool((gradient[:, 1][_stroke(3) == 1] < 0).any())  # more ink on the stroke costs less


def test_the_band_lies_along_the_edges() -> None:
    band = edge_band(_stroke(9), 2)  # columns 12 to 20
    assert band[0].all(dim=0).nonzero().flatten().tolist() == [10, 11, 12, 13, 19, 20, 21, 22]
    ignored = _stroke(9)
    ignored[:, :, 12:14] = IGNORE
    kept = edge_band(ignored, 2)[0].all(dim=0).nonzero().flatten().tolist()
    assert kept == [19, 20, 21, 22]  # what may be either has no edge


def test_only_the_band_counts() -> None:
    mask = _stroke(9)
    logits = _certain(mask)
    logits[:, :, :, :8] = _certain(1 - mask)[:, :, :, :8]
    assert float(boundary_band(logits, mask, 2)) == pytest.approx(0, abs=1e-6)
    logits[:, :, :, 11] = _certain(1 - mask)[:, :, :, 11]
    assert float(boundary_band(logits, mask, 2)) == pytest.approx(30 / 8, rel=1e-4)
