"""Options of every command, as frozen dataclasses: the command line reads its defaults from here.

Standard library only: ``logdigit --help`` imports this module and nothing heavy.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from pathlib import Path
from typing import Literal

Device = Literal["auto", "cpu", "cuda"]


@dataclass(frozen=True)
class DigitiseOptions:
    """How to digitise one log.

    Attributes:
        layout: layout file; None to build the layout from ``depths`` and ``curves``.
        depths: (row, depth) pairs, strip rows in px.
        depth_unit: ``ft`` or ``m``; None where the layout states it.
        depth_add: added to every depth.
        step: depth step of the output; None for 0.5 ft or 0.1 m.
        curves: ``--curve`` texts.
        sections: ``main``, ``all`` or numbers such as ``1,3``.
        strict: refuse when anything was left out.
        header: header items that win over what was read.
        skew_deg: skew of the page; None to take it from the layout or to measure it.
        dpi: true resolution (x, y) of the scan; None to judge it.
        device: where the network runs.
        weights: weights file; None for the packaged one.
    """

    layout: Path | None = None
    depths: tuple[tuple[float, float], ...] = ()
    depth_unit: str | None = None
    depth_add: float = 0.0
    step: float | None = None
    curves: tuple[str, ...] = ()
    sections: str = "main"
    strict: bool = False
    header: dict[str, str] = field(default_factory=dict)
    skew_deg: float | None = None
    dpi: tuple[float, float] | None = None
    device: Device = "auto"
    weights: Path | None = None


@dataclass(frozen=True)
class SynthConfig:
    """What ``logdigit synth`` makes: ``n`` patches of ``size`` px into ``out``."""

    n: int = 15_000
    out: Path = Path("data")
    seed: int = 0
    size: int = 512
    workers: int = 0
    curves_from: Path | None = None
    sheet: Path | None = None


@dataclass(frozen=True)
class TrainConfig:
    """How to train; see ``training.loop``.

    Attributes:
        data: corpus directory, as written by ``logdigit synth``.
        out: weights file to write; ``<out>.csv`` and, while running, ``<out>.ckpt`` stand beside it.
        device: where to train.
        seed: of the network's first weights, and of which patch is seen when.
        resume: go on from ``<out>.ckpt``.
        overwrite: replace ``out`` if it is there.
        start: weights to start from; None for random ones.
        steps: batches to train on.
        batch: patches in a batch.
        crop: side of a patch, px; a multiple of 32.
        crops_per_image: patches cut from each image that is read.
        base: channels at the finest level of the network.
        depth: poolings of the network.
        lr: highest learning rate, AdamW; warms up linearly, then falls as a cosine to 1 % of it.
        weight_decay: AdamW.
        warmup: steps of warm-up.
        clip: largest norm of the gradient.
        ema: decay of the running average of the weights, which is what is validated and saved.
        dice_weight: of the Dice term beside the cross-entropy.
        style_weight: of the cross-entropy of the style alone, over ink.
        class_weights: of the classes in the cross-entropy; empty for equal ones.
        validate_every: steps.
        validate_items: most images of the validation split to score each time.
        log_every: steps between rows of the CSV.
        checkpoint_minutes: between two checkpoints.
        workers: threads that read and cut patches.
    """

    data: Path = Path("data")
    out: Path = Path("model.safetensors")
    device: Device = "auto"
    seed: int = 0
    resume: bool = False
    overwrite: bool = False
    start: Path | None = None
    steps: int = 4000
    batch: int = 24
    crop: int = 256
    crops_per_image: int = 4
    base: int = 16
    depth: int = 4
    lr: float = 2e-3
    weight_decay: float = 1e-4
    warmup: int = 200
    clip: float = 1.0
    ema: float = 0.999
    dice_weight: float = 1.0
    style_weight: float = 0.5
    class_weights: tuple[float, ...] = ()
    validate_every: int = 500
    validate_items: int = 64
    log_every: int = 50
    checkpoint_minutes: float = 5.0
    workers: int = 2
