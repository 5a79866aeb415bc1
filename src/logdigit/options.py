"""Options of every command, as frozen dataclasses: the command line reads its defaults from here.

Standard library only: ``logdigit --help`` imports this module and nothing heavy.
"""

from __future__ import annotations

from collections.abc import Mapping
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
        compare: also read the sections that hold the same interval again, and compare.
        strict: refuse when anything was left out.
        header: header items that win over what was read.
        skew_deg: skew of the page; None to take it from the layout or to measure it.
        dpi: true resolution (x, y) of the scan; None to judge it.
        device: where the network runs.
        weights: weights file; None for the packaged one.
        allow_uncalibrated: write curves whose scale cannot be read as 0 to 1 across their track.
        cache: directory in which what the network saw is kept; None to keep nothing.
        backups: write the strokes of curves with several scales apart as well.
    """

    layout: Path | None = None
    depths: tuple[tuple[float, float], ...] = ()
    depth_unit: str | None = None
    depth_add: float = 0.0
    step: float | None = None
    curves: tuple[str, ...] = ()
    sections: str = "main"
    compare: bool = False
    strict: bool = False
    header: dict[str, str] = field(default_factory=dict)
    skew_deg: float | None = None
    dpi: tuple[float, float] | None = None
    device: Device = "auto"
    weights: Path | None = None
    allow_uncalibrated: bool = False
    cache: Path | None = None
    backups: bool = False


@dataclass(frozen=True)
class EvaluateOptions:
    """What ``logdigit evaluate`` compares, and how.

    Attributes:
        inputs: a LAS file or the scans of one log, then the true LAS file; a folder of generated pages, or of
            ``well.las`` beside ``well.true.las``; two folders with LAS files of the same names.
        layout: a layout file; ``given`` (the default: each by its own) or ``auto`` (by none) for generated
            pages; ``auto`` (the default) for a scan that is digitised without one.
        scales: ``--scale`` texts.
        match: ``--match`` texts, ``MINE=TRUE``.
        curves: curves of the truth to compare; empty for all.
        interval: depths of the truth to compare, in its unit; None for all.
        max_lag: largest depth lag to look for, depth units of the truth; None for 5 ft or 1.5 m.
        limit: most logs of a folder, evenly spaced; 0 for all.
        keep: folder for the LAS files that are digitised.
        overwrite: replace what is in it.
        device: where the network runs.
        weights: weights file; None for the packaged one.
    """

    inputs: tuple[Path, ...] = ()
    layout: str = ""
    scales: tuple[str, ...] = ()
    match: tuple[str, ...] = ()
    curves: tuple[str, ...] = ()
    interval: tuple[float, float] | None = None
    max_lag: float | None = None
    limit: int = 0
    keep: Path | None = None
    overwrite: bool = False
    device: Device = "auto"
    weights: Path | None = None


@dataclass(frozen=True)
class SynthConfig:
    """What ``logdigit synth`` makes.

    Attributes:
        n: items to make.
        out: directory to write.
        seed: the same seed makes the same bytes.
        size: side of a patch, px.
        kind: ``patch`` (to train on) or ``page`` (whole strips, to evaluate on).
        preset: name of a corpus of the literature; "" for the printing press at large.
        held_out: make what no training corpus has: other families of print, wear and fonts.
        workers: processes; 0 for one a core.
        curves_from: directory of LAS files whose curves are drawn too.
        sheet: contact sheet to write.
    """

    n: int = 15_000
    out: Path = Path("data")
    seed: int = 0
    size: int = 512
    kind: Literal["patch", "page"] = "patch"
    preset: str = ""
    held_out: bool = False
    workers: int = 0
    curves_from: Path | None = None
    sheet: Path | None = None

    @property
    def bytes_needed(self) -> float:
        """About how much disk it takes, from the measured mean of an item."""
        return self.n * (70_000 * (self.size / 512) ** 2 if self.kind == "patch" else 2_000_000)


@dataclass(frozen=True)
class TrainConfig:
    """How to train; see ``training.loop``. A recipe (``training.recipe``) is a set of these fields.

    Attributes:
        data: corpus directory, as written by ``logdigit synth``.
        out: weights file to write; ``<out>.csv`` and, while running, ``<out>.ckpt`` stand beside it.
        device: where to train.
        seed: of the network's first weights, and of which patch is seen when.
        resume: go on from ``<out>.ckpt``.
        overwrite: replace ``out`` if it is there.
        start: weights to start from; None for random ones.
        recipe: name of the recipe that this is, for the record.
        steps: batches to train on.
        batch: patches in a batch, of all processes together.
        crop: side of a patch, px; a multiple of 32.
        crops_per_image: patches cut from each image that is read, where sampling is ``shuffled``.
        instances: images of the training split that are used; 0 for all.
        lr: highest learning rate, AdamW; warms up linearly, then falls as a cosine to 1 % of it.
        weight_decay: AdamW.
        warmup: steps of warm-up.
        clip: largest norm of the gradient.
        ema: decay of the running average of the weights, which is what is validated and saved.
        validate_every: steps.
        validate_items: most images of the validation split to score each time.
        patience: validations without a lower curve error after which training stops; 0 for never.
        snapshots: weights kept from the second half of the run, evenly spaced, beside the best.
        log_every: steps between rows of the CSV.
        checkpoint_minutes: between two checkpoints.
        workers: threads that read and cut patches.
        compile: compile the network; ``auto`` where that helps, on CUDA.
        base: channels at the finest level of the network.
        depth: poolings of the network.
        unshuffle: side of the block of pixels folded into channels at its input, px; 1 for none.
        head: kernel of its last convolution, px.
        norm_momentum: of its batch normalisations.
        norm_eps: of its batch normalisations.
        classes: to tell apart, background first; empty for those of the corpus. The rest is background.
        targets: ``multiclass`` (one softmax), ``binary_stack`` (an independent mask a class) or
            ``one_vs_rest`` (a network a class).
        positive: with ``one_vs_rest``, the class of this network; empty to train one for each.
        loss: name and weight of each term (``training.losses.compose``).
        class_weights: in cross-entropy and focal loss: ``equal``, ``icf``, ``iscf``, ``effective`` or
            ``ratio`` (``training.weighting``), or a number for each class.
        effective_beta: of the effective number of samples.
        positive_weight: of ink in ``binary_cross_entropy``; 0 for background pixels over ink pixels.
        focal_gamma: focusing exponent.
        focal_alpha: share of ink in the focal loss, against 1 - that of background; 0 for neither.
        tversky_fp: penalty of what is found and not there.
        tversky_fn: penalty of what is there and not found.
        smoothing: of the labels in ``soft_cross_entropy``.
        skeleton_rounds: erosions of the soft skeleton of clDice; half the widest stroke, px.
        band_px: half width of the band of ``boundary_band``.
        sampling: ``shuffled``, ``equal_samples``, ``oversampled``, ``equal_pixels`` or ``half_present``.
        refresh: steps after which the class-aware samplers choose their patches anew.
        scale: patches are enlarged this many times before the network sees them.
    """

    data: Path = Path("data")
    out: Path = Path("model.safetensors")
    device: Device = "auto"
    seed: int = 0
    resume: bool = False
    overwrite: bool = False
    start: Path | None = None
    recipe: str = "ours"
    steps: int = 4000
    batch: int = 24
    crop: int = 256
    crops_per_image: int = 4
    instances: int = 0
    lr: float = 2e-3
    weight_decay: float = 1e-4
    warmup: int = 200
    clip: float = 1.0
    ema: float = 0.999
    validate_every: int = 500
    validate_items: int = 64
    patience: int = 0
    snapshots: int = 0
    log_every: int = 50
    checkpoint_minutes: float = 5.0
    workers: int = 2
    compile: Literal["auto", "on", "off"] = "auto"
    base: int = 16
    depth: int = 4
    unshuffle: int = 2
    head: int = 1
    norm_momentum: float = 0.1
    norm_eps: float = 1e-5
    classes: tuple[str, ...] = ()
    targets: Literal["multiclass", "binary_stack", "one_vs_rest"] = "multiclass"
    positive: str = ""
    loss: Mapping[str, float] = field(
        default_factory=lambda: {"cross_entropy": 1.0, "batch_dice": 1.0, "style": 0.5}
    )
    class_weights: str | tuple[float, ...] = "equal"
    effective_beta: float = 0.999999
    positive_weight: float = 0.0
    focal_gamma: float = 2.0
    focal_alpha: float = 0.0
    tversky_fp: float = 0.5
    tversky_fn: float = 0.5
    smoothing: float = 0.1
    skeleton_rounds: int = 3
    band_px: int = 2
    sampling: Literal["shuffled", "equal_samples", "oversampled", "equal_pixels", "half_present"] = "shuffled"
    refresh: int = 100
    scale: int = 1


@dataclass(frozen=True)
class StudyConfig:
    """How to compare recipes; see ``training.study``.

    Attributes:
        data: corpus directory.
        out: directory of the tables, the pictures and the runs; a study found there goes on.
        recipes: names or TOML files; empty for all that are shipped.
        repeats: trainings of each recipe, with seeds ``seed``, ``seed + 1``, ...
        checkpoints: later iterations of each training that are scored too.
        steps: batches of each training; 0 for what the recipe says. 336 of 24 are 8,064 patches.
        published: networks and schedules as published, instead of the small network for all.
        test: corpus to score on; None for the half of the validation split that training never looks at.
        test_items: most images to score on.
        strips: images in the picture of predictions side by side.
        seed: of the first training.
        device: where to train.
        workers: threads that read patches.
    """

    data: Path = Path("data")
    out: Path = Path("study")
    recipes: tuple[str, ...] = ()
    repeats: int = 1
    checkpoints: int = 0
    steps: int = 336
    published: bool = False
    test: Path | None = None
    test_items: int = 64
    strips: int = 6
    seed: int = 0
    device: Device = "auto"
    workers: int = 2
