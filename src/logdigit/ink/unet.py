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
        unshuffle: side of the block of pixels folded into channels, px.
        working_dpi: resolution of the pixels that the network was trained on.
        paper: grey level that becomes 0 at the input, 0..255.
        ink: grey level that becomes 1 at the input, 0..255.
    """

    classes: tuple[str, ...] = CLASSES
    base: int = 16
    depth: int = 4
    unshuffle: int = 2
    working_dpi: float = 200.0
    paper: float = 255.0
    ink: float = 0.0

    def __post_init__(self) -> None:
        """Refuses what cannot be built."""
        if len(self.classes) < 2 or self.base < 1 or self.depth < 0 or self.unshuffle < 1:
            raise ValueError("a U-Net needs two classes, one channel and one pixel at least")
        if self.paper == self.ink or not self.working_dpi > 0:
            raise ValueError("paper and ink need different grey levels, and the resolution must be positive")

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
        reach = 0
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

    def __init__(self, inputs: int, outputs: int) -> None:
        layers: list[nn.Module] = []
        for channels in (inputs, outputs):
            layers += [
                nn.Conv2d(channels, outputs, 3, padding=1, bias=False),
                nn.BatchNorm2d(outputs),
                nn.ReLU(inplace=True),
            ]
        super().__init__(*layers)


class UNet(nn.Module):
    """Ink darkness (N, 1, H, W) in [0, 1] to class logits (N, C, H, W); see `UNetConfig`."""

    def __init__(self, config: UNetConfig) -> None:
        """Random weights, in training mode."""
        super().__init__()
        self.config = config
        fold = config.unshuffle**2
        widths = [config.base * 2**level for level in range(config.depth + 1)]
        self.down = nn.ModuleList(
            _Block(inputs, outputs) for inputs, outputs in zip([fold, *widths], widths, strict=False)
        )
        coarse = list(zip(widths[::-1], widths[-2::-1], strict=False))
        self.lift = nn.ModuleList(nn.ConvTranspose2d(deep, fine, 2, stride=2) for deep, fine in coarse)
        self.up = nn.ModuleList(_Block(2 * fine, fine) for _, fine in coarse)
        self.head = nn.Conv2d(config.base, len(config.classes) * fold, 1)

    def forward(self, ink: Tensor) -> Tensor:
        """Logits (N, C, H, W) of ink darkness (N, 1, H, W); H and W multiples of ``config.multiple``."""
        x = F.pixel_unshuffle(ink, self.config.unshuffle).contiguous(memory_format=torch.channels_last)
        skips: list[Tensor] = []
        for level, block in enumerate(self.down):
            x = block(F.max_pool2d(x, 2) if level else x)
            skips.append(x)
        for lift, block, skip in zip(self.lift, self.up, skips[-2::-1], strict=True):
            x = block(torch.cat([skip, lift(x)], dim=1))
        return F.pixel_shuffle(self.head(x), self.config.unshuffle)


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
