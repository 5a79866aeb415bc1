from __future__ import annotations

import copy

import pytest
import torch

from logdigit.ink.unet import UNet, UNetConfig, fold_batch_norms, to_ink


def _trained_looking(config: UNetConfig) -> UNet:
    """Random weights and random running statistics: folding a fresh normalisation would prove nothing."""
    torch.manual_seed(0)
    model = UNet(config)
    for module in model.modules():
        if isinstance(module, torch.nn.BatchNorm2d) and module.running_mean is not None:
            module.running_mean.uniform_(-0.2, 0.2)
            assert module.running_var is not None
            module.running_var.uniform_(0.5, 2)
            torch.nn.init.uniform_(module.weight, 0.5, 1.5)
            torch.nn.init.uniform_(module.bias, -0.2, 0.2)
    return model.eval()


@pytest.mark.parametrize(("base", "depth", "unshuffle"), [(4, 0, 1), (4, 1, 2), (4, 3, 1), (6, 2, 4)])
def test_logits_have_the_size_of_the_input(base: int, depth: int, unshuffle: int) -> None:
    config = UNetConfig(("paper", "a", "b"), base, depth, unshuffle)
    size = (2 * config.multiple, 3 * config.multiple)
    assert UNet(config)(torch.rand(2, 1, *size)).shape == (2, 3, *size)


def test_the_default_network_is_small() -> None:
    assert 1.8e6 < sum(p.numel() for p in UNet(UNetConfig()).parameters()) < 2.1e6
    assert UNetConfig().multiple == 32


def test_every_parameter_gets_a_finite_gradient() -> None:
    torch.manual_seed(0)
    model = UNet(UNetConfig(base=4, depth=2))
    model(torch.rand(2, 1, 32, 32)).square().mean().backward()
    for name, parameter in model.named_parameters():
        assert parameter.grad is not None and bool(parameter.grad.isfinite().all()), name
        assert bool((parameter.grad != 0).any()), name


def test_paper_is_zero_and_ink_is_one() -> None:
    grey = torch.tensor([255, 0, 51], dtype=torch.uint8)
    assert to_ink(grey, UNetConfig()).tolist() == pytest.approx([0, 1, 0.8])


@pytest.mark.parametrize(("depth", "unshuffle"), [(0, 1), (1, 1), (2, 2), (3, 2)])
def test_nothing_beyond_the_margin_is_seen_and_everything_within_may_be(depth: int, unshuffle: int) -> None:
    config = UNetConfig(("paper", "a"), 2, depth, unshuffle)
    block, margin = config.multiple, config.margin
    assert margin % block == 0
    model = UNet(config).eval().double()
    with torch.no_grad():
        for parameter in model.parameters():
            parameter.abs_()  # so that no ReLU hides a path
    ink = torch.rand(1, 1, 2 * margin + 3 * block, block, dtype=torch.double, requires_grad=True)
    core = slice(margin + block, margin + 2 * block)
    model(ink)[:, :, core].sum().backward()
    assert ink.grad is not None
    seen = ink.grad.abs().amax(dim=(0, 1, 3)).nonzero().flatten()
    assert core.start - margin <= int(seen[0]) and int(seen[-1]) < core.stop + margin
    assert int(seen[0]) < core.start - margin + block  # no block of the margin is there in vain


def test_folded_normalisation_is_the_same_function() -> None:
    model = _trained_looking(UNetConfig(base=4, depth=2))
    ink = torch.rand(1, 1, 64, 48)
    with torch.no_grad():
        expected, found = model(ink), fold_batch_norms(copy.deepcopy(model))(ink)
    assert torch.allclose(found, expected, atol=1e-5)
    assert not any(isinstance(m, torch.nn.BatchNorm2d) for m in fold_batch_norms(model).modules())


@pytest.mark.parametrize(
    "wrong",
    [
        {"classes": ("paper",)},
        {"base": 0},
        {"depth": -1},
        {"unshuffle": 0},
        {"paper": 0.0},
        {"working_dpi": 0},
    ],
)
def test_a_network_that_cannot_be_is_refused(wrong: dict[str, object]) -> None:
    with pytest.raises(ValueError):
        UNetConfig(**wrong)  # type: ignore[arg-type]
