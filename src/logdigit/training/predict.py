"""What trained networks say of an image: class probabilities to trace, and the masks they answer with."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import torch
import torch.nn.functional as F
from torch import Tensor

from logdigit.errors import UsageError
from logdigit.ink.device import has_bf16
from logdigit.ink.unet import UNet, to_ink
from logdigit.ink.weights import load_weights
from logdigit.training.system import WORKING_DPI
from logdigit.training.targets import decided, joined
from logdigit.types import Bool, Float32, UInt8


@dataclass(frozen=True)
class Prediction:
    """Of an image: ``prob`` (C, H, W) float32 that sums to 1, and ``masks`` (C, H, W), which may overlap."""

    prob: Float32
    masks: Bool


def logits_of(model: UNet, grey: UInt8, bf16: bool) -> Tensor:
    """Logits (C, H, W), float32 on the device of ``model``, of an image (H, W) of a corpus.

    A network of twice the resolution sees the image enlarged, and its probabilities are averaged back.

    Args:
        model: in evaluation mode.
        grey: (H, W) uint8.
        bf16: compute in bfloat16.
    """
    device = next(model.parameters()).device
    scale = round(model.config.working_dpi / WORKING_DPI)
    ink = to_ink(torch.from_numpy(grey[None, None].copy()).to(device), model.config)
    ink = enlarged(ink, scale)
    height, width = ink.shape[2:]
    multiple = model.config.multiple
    ink = F.pad(ink, (0, -width % multiple, 0, -height % multiple))
    with torch.inference_mode(), torch.autocast(device.type, torch.bfloat16, enabled=bf16):
        logits: Tensor = model(ink)[0, :, :height, :width]
    logits = logits.float()
    if scale == 1:
        return logits
    least = torch.finfo(torch.float32).tiny
    return F.avg_pool2d(logits.softmax(0), scale).clamp_min(least).log()


def enlarged(ink: Tensor, scale: int) -> Tensor:
    """Ink (N, 1, H, W) at ``scale`` times the resolution."""
    return ink if scale == 1 else F.interpolate(ink, scale_factor=scale, mode="bilinear")


def answer(logits: Tensor, targets: str) -> Prediction:
    """Probabilities and masks of logits (C, H, W)."""
    return Prediction(logits.softmax(0).cpu().numpy(), decided(targets, logits).cpu().numpy())


class Predictor:
    """The networks of one recipe, ready to run.

    Attributes:
        classes: of the predictions, background first.
    """

    def __init__(self, paths: Sequence[Path], targets: str, device: torch.device) -> None:
        """Loads the weights.

        Args:
            paths: one network, or those of one class against the rest each, in class order.
            targets: that they were trained on.
            device: where they run.

        Raises:
            WeightsError: a file that is no weights.
            UsageError: several networks that are not one against the rest.
        """
        models = [load_weights(path).model for path in paths]
        if len(models) > 1 and any(len(model.config.classes) != 2 for model in models):
            raise UsageError(f"{paths[0].name} and others: not networks of one class against the rest")
        self._models = [
            model.to(device=device, memory_format=torch.channels_last)  # type: ignore[call-overload]
            for model in models
        ]
        self._targets, self._bf16 = targets, has_bf16(device)
        first = models[0].config.classes
        self.classes = (first[0], *(name for model in models for name in model.config.classes[1:]))

    def __call__(self, grey: UInt8) -> Prediction:
        """Of an image (H, W) uint8."""
        logits = [logits_of(model, grey, self._bf16) for model in self._models]
        return answer(joined(logits) if len(logits) > 1 else logits[0], self._targets)
