"""The network in the shapes that recipes ask for, and computed in the way that is fast."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
import torch
import torch.nn.functional as F

from logdigit.ink.network import default_weights
from logdigit.ink.unet import UNet, UNetConfig, fold_batch_norms, unfold
from logdigit.ink.weights import load_weights, save_weights

PUBLISHED = UNetConfig(
    ("paper", "ink"), base=4, depth=2, unshuffle=1, head=3, norm_momentum=0.2, norm_eps=1e-3
)


def test_the_published_baseline() -> None:
    model = UNet(UNetConfig(base=32, depth=4, unshuffle=1, head=3, norm_eps=1e-3))
    assert 7.6e6 < sum(p.numel() for p in model.parameters()) < 7.9e6
    assert model.head.kernel_size == (3, 3)
    norms = [module for module in model.modules() if isinstance(module, torch.nn.BatchNorm2d)]
    assert len(norms) == 18 and all(norm.eps == 1e-3 and norm.momentum == 0.1 for norm in norms)
    assert model(torch.rand(1, 1, 32, 32)).shape == (1, 5, 32, 32)


def test_blocks_unfold_as_pixel_shuffle_has_them() -> None:
    x = torch.randn(2, 3 * 4, 5, 6)
    reordered = x.view(2, 3, 4, 5, 6).transpose(1, 2).reshape(2, 12, 5, 6)
    torch.testing.assert_close(unfold(reordered, 2), F.pixel_shuffle(x, 2))


@pytest.mark.parametrize("config", [UNetConfig(base=4, depth=1), PUBLISHED])
def test_lift_and_head_are_what_torch_calls_them(config: UNetConfig) -> None:
    torch.manual_seed(0)
    model = UNet(config)
    lift, head = model.lift[0], model.head
    assert isinstance(lift, torch.nn.ConvTranspose2d)
    x = torch.randn(2, lift.in_channels, 3, 5, requires_grad=True)
    expected = F.conv_transpose2d(x, lift.weight, lift.bias, stride=2)
    torch.testing.assert_close(lift(x), expected)
    y = torch.randn(2, config.base, 6, 4)
    padding = config.head // 2
    shuffled = F.pixel_shuffle(F.conv2d(y, head.weight, head.bias, padding=padding), config.unshuffle)
    torch.testing.assert_close(head(y), shuffled)
    found, wanted = (
        torch.autograd.grad((o * expected.detach()).sum(), lift.weight)[0] for o in (lift(x), expected)
    )
    torch.testing.assert_close(found, wanted)


def test_a_variant_survives_the_file_and_the_folding(tmp_path: Path) -> None:
    torch.manual_seed(0)
    model = UNet(PUBLISHED).eval()
    save_weights(tmp_path / "w.safetensors", model)
    loaded = load_weights(tmp_path / "w.safetensors")
    assert loaded.config == PUBLISHED
    ink = torch.rand(1, 1, 16, 16)
    with torch.no_grad():
        expected = model(ink)
        torch.testing.assert_close(loaded.model(ink), expected)
        torch.testing.assert_close(fold_batch_norms(loaded.model)(ink), expected, atol=1e-5, rtol=1e-4)


def test_files_older_than_the_variants_still_load(tmp_path: Path) -> None:
    from safetensors import safe_open
    from safetensors.torch import save_file

    path = tmp_path / "w.safetensors"
    save_weights(path, UNet(UNetConfig(base=2, depth=1)))
    with safe_open(path, framework="pt") as file:
        header = dict(file.metadata())
        tensors = {name: file.get_tensor(name) for name in file.keys()}  # noqa: SIM118 - not a dict
    config = json.loads(header["config"])
    header["config"] = json.dumps(
        {k: v for k, v in config.items() if k not in ("head", "norm_eps", "norm_momentum")}
    )
    save_file(tensors, path, metadata=header)
    assert load_weights(path).config == UNetConfig(base=2, depth=1)
    assert load_weights(default_weights()).config.head == 1


def test_a_larger_head_sees_further() -> None:
    one, three = (UNetConfig(("paper", "ink"), 2, 2, 1, head=head) for head in (1, 3))
    assert three.margin >= one.margin
    model = UNet(three).eval().double()
    with torch.no_grad():
        for parameter in model.parameters():
            parameter.abs_()  # so that no ReLU hides a path
    block, margin = three.multiple, three.margin
    ink = torch.rand(1, 1, 2 * margin + 3 * block, block, dtype=torch.double, requires_grad=True)
    core = slice(margin + block, margin + 2 * block)
    model(ink)[:, :, core].sum().backward()
    assert ink.grad is not None
    seen = ink.grad.abs().amax(dim=(0, 1, 3)).nonzero().flatten()
    assert core.start - margin <= int(seen[0]) and int(seen[-1]) < core.stop + margin


@pytest.mark.parametrize("wrong", [{"head": 2}, {"head": 0}, {"norm_momentum": 0.0}, {"norm_eps": 0.0}])
def test_a_variant_that_cannot_be_is_refused(wrong: dict[str, float]) -> None:
    with pytest.raises(ValueError):
        UNetConfig(**wrong)  # type: ignore[arg-type]
