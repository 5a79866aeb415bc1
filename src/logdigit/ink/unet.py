"""A small U-Net (Ronneberger et al. 2015, arXiv:1505.04597) on a space-to-depth input (Shi et al. 2016).

Line work is thin but plain: what is needed is reach along a stroke rather than many channels. Folding
each 2 x 2 block of pixels into channels before the first convolution halves the resolution of the whole
network, and with it four fifths of the cost, and loses nothing, because the last layer unfolds again.
"""

from __future__ import annotations

from dataclasses import dataclass

import torch
import torch.nn.functional as F
from torch import Tensor, nn
from torch.nn.utils.fusion import fuse_conv_bn_eval

from logdigit.types import CLASSES


@dataclass(frozen=True)
class UNetConfig:
    """Everything needed to rebuild the network and to feed it; stored in the checkpoint.

    Attributes:
        classes: names of the C output channels, background first.
        base: channels of the finest level; each coarser level has twice as many.
        depth: number of 2 x 2 poolings.
        unshuffle: side of the block of pixels folded into channels, px; 1 for a plain U-Net.
        working_dpi: resolution of the pixels that the network was trained on.
        paper: grey level that becomes 0 at the input, 0..255.
        ink: grey level that becomes 1 at the input, 0..255.
        head: kernel of the last convolution, px; odd.
        norm_momentum: of the running statistics of the batch normalisations.
        norm_eps: added to their variances.
    """

    classes: tuple[str, ...] = CLASSES
    base: int = 16
    depth: int = 4
    unshuffle: int = 2
    working_dpi: float = 200.0
    paper: float = 255.0
    ink: float = 0.0
    head: int = 1
    norm_momentum: float = 0.1
    norm_eps: float = 1e-5

    def __post_init__(self) -> None:
        """Refuses what cannot be built."""
        if len(self.classes) < 2 or self.base < 1 or self.depth < 0 or self.unshuffle < 1:
            raise ValueError("a U-Net needs two classes, one channel and one pixel at least")
        if self.paper == self.ink or not self.working_dpi > 0:
            raise ValueError("paper and ink need different grey levels, and the resolution must be positive")
        if self.head < 1 or not self.head % 2 or not 0 < self.norm_momentum <= 1 or not self.norm_eps > 0:
            raise ValueError("the last kernel is odd, the momentum in (0, 1] and the epsilon positive")

    @property
    def multiple(self) -> int:
        """Height and width of the input are multiples of this, px."""
        return int(self.unshuffle * 2**self.depth)

    @property
    def margin(self) -> int:
        """Context on every side beyond which an output block cannot see, px; a multiple of ``multiple``.

        Walks back from the edge of a block aligned to ``multiple``: every double 3 x 3 convolution sees
        two cells further, every change of level multiplies or divides the distance by two.
        """
        reach = self.head // 2
        for _ in range(self.depth):  # decoder, fine to coarse; half a cell needs the whole cell
            reach = -(-(reach + 2) // 2)
        for _ in range(self.depth):  # deepest level and encoder, coarse to fine
            reach = (reach + 2) * 2
        reach = (reach + 2) * self.unshuffle
        return -(-reach // self.multiple) * self.multiple


def to_ink(grey: Tensor, config: UNetConfig, dtype: torch.dtype = torch.float32) -> Tensor:
    """Grey levels, uint8, to the input of the network: 0 = paper, 1 = ink; same shape.

    The arithmetic is done in ``dtype``: grey levels are exact in bfloat16 too, at half the memory.
    """
    return (config.paper - grey.to(dtype)) / (config.paper - config.ink)


class _Block(nn.Sequential):
    """Twice: 3 x 3 convolution, batch normalisation, ReLU."""

    def __init__(self, inputs: int, outputs: int, config: UNetConfig) -> None:
        layers: list[nn.Module] = []
        for channels in (inputs, outputs):
            layers += [
                nn.Conv2d(channels, outputs, 3, padding=1, bias=False),
                nn.BatchNorm2d(outputs, config.norm_eps, config.norm_momentum),
                nn.ReLU(inplace=True),
            ]
        super().__init__(*layers)


def unfold(x: Tensor, side: int) -> Tensor:
    """Blocks of pixels out of channels: (N, side * side * C, h, w) to (N, C, side * h, side * w).

    What `F.pixel_shuffle` does, but with the channels of ``x`` ordered (row, column, C): where the memory
    is channels last, each row of a block is then one piece, several times faster there and back.
    """
    n, channels, h, w = x.shape
    rows = x.permute(0, 2, 3, 1).reshape(n, h, w, side, channels // side)
    pixels = rows.transpose(2, 3).reshape(n, side * h, side * w, channels // side**2)
    return pixels.permute(0, 3, 1, 2)


class _Lift(nn.ConvTranspose2d):
    """2 x 2 transposed convolution of stride 2, computed as a 1 x 1 convolution: no two blocks overlap."""

    def __init__(self, inputs: int, outputs: int) -> None:
        super().__init__(inputs, outputs, 2, stride=2)

    def forward(self, x: Tensor, output_size: list[int] | None = None) -> Tensor:
        assert self.bias is not None
        kernel = self.weight.permute(2, 3, 1, 0).reshape(-1, self.in_channels, 1, 1)
        return unfold(F.conv2d(x, kernel, self.bias.repeat(4)), 2)


class _Head(nn.Conv2d):
    """Last convolution: C classes for each pixel of a block of ``side`` px."""

    def __init__(self, inputs: int, config: UNetConfig) -> None:
        self.side = config.unshuffle
        super().__init__(inputs, len(config.classes) * self.side**2, config.head, padding=config.head // 2)

    def forward(self, x: Tensor) -> Tensor:
        assert self.bias is not None
        outputs, *shape = self.weight.shape  # ordered (class, row, column), as `F.pixel_shuffle` wants them
        blocks = self.side**2
        kernel = self.weight.view(-1, blocks, *shape).transpose(0, 1).reshape(outputs, *shape)
        bias = self.bias.view(-1, blocks).T.flatten()
        return unfold(F.conv2d(x, kernel, bias, padding=self.padding), self.side)


class UNet(nn.Module):
    """Ink darkness (N, 1, H, W) in [0, 1] to class logits (N, C, H, W); see `UNetConfig`."""

    def __init__(self, config: UNetConfig) -> None:
        """Random weights, in training mode."""
        super().__init__()
        self.config = config
        fold = config.unshuffle**2
        widths = [config.base * 2**level for level in range(config.depth + 1)]
        self.down = nn.ModuleList(
            _Block(inputs, outputs, config) for inputs, outputs in zip([fold, *widths], widths, strict=False)
        )
        coarse = list(zip(widths[::-1], widths[-2::-1], strict=False))
        self.lift = nn.ModuleList(_Lift(deep, fine) for deep, fine in coarse)
        self.up = nn.ModuleList(_Block(2 * fine, fine, config) for _, fine in coarse)
        self.head = _Head(config.base, config)

    def forward(self, ink: Tensor) -> Tensor:
        """Logits (N, C, H, W) of ink darkness (N, 1, H, W); H and W multiples of ``config.multiple``."""
        x = F.pixel_unshuffle(ink, self.config.unshuffle).contiguous(memory_format=torch.channels_last)
        skips: list[Tensor] = []
        for level, block in enumerate(self.down):
            x = block(F.max_pool2d(x, 2) if level else x)
            skips.append(x)
        for lift, block, skip in zip(self.lift, self.up, skips[-2::-1], strict=True):
            x = block(torch.cat([skip, lift(x)], dim=1))
        logits: Tensor = self.head(x)
        return logits


def fold_batch_norms(model: UNet) -> UNet:
    """The same function with every batch normalisation folded into its convolution; for inference only.

    Args:
        model: in evaluation mode; changed in place and returned.
    """
    for block in model.modules():
        if isinstance(block, _Block):
            for k in (0, 3):
                conv, norm = block[k], block[k + 1]
                assert isinstance(conv, nn.Conv2d) and isinstance(norm, nn.BatchNorm2d)
                block[k], block[k + 1] = fuse_conv_bn_eval(conv, norm), nn.Identity()
    return model
