"""A recipe put together for a corpus: the classes, the network, the objective, and whether they fit."""

from __future__ import annotations

import dataclasses
from dataclasses import dataclass

import torch

from logdigit.errors import DataError, OutputExistsError, UsageError
from logdigit.ink.unet import UNet, UNetConfig
from logdigit.ink.weights import load_weights
from logdigit.options import TrainConfig
from logdigit.training.corpus import Corpus, open_corpus
from logdigit.training.losses import TERMS, Objective, Settings
from logdigit.training.losses.compose import OF_TWO, WEIGHTED
from logdigit.training.targets import ONE_VS_REST, STACKED
from logdigit.training.weighting import SCHEMES, class_weights, positive_weight
from logdigit.training.windows import CHOOSERS

WORKING_DPI = UNetConfig.working_dpi
"""Resolution of the patches of a corpus."""

_AT_LEAST = {
    **dict.fromkeys(
        ("steps", "batch", "crop", "crops_per_image", "validate_every", "validate_items", "log_every"), 1
    ),
    **dict.fromkeys(("refresh", "scale", "base", "unshuffle", "head", "skeleton_rounds", "band_px"), 1),
    **dict.fromkeys(("instances", "patience", "snapshots", "depth", "warmup", "weight_decay"), 0),
    **dict.fromkeys(("focal_gamma", "focal_alpha", "positive_weight", "tversky_fp", "tversky_fn"), 0),
}

_SHARES = ("focal_alpha", "ema", "smoothing", "effective_beta", "norm_momentum", "norm_eps")


def corpus_of(config: TrainConfig) -> Corpus:
    """The corpus as the recipe sees it: its classes (one against the rest: two), its instances.

    Raises:
        DataError: no corpus, a damaged one, or one that is held out.
        UsageError: classes that the corpus has not.
    """
    corpus = open_corpus(config.data).first(config.instances)
    if corpus.held_out:
        raise DataError(
            f"{config.data}: made with --held-out, to test on what no training has seen; "
            "train on a corpus made without it"
        )
    if config.classes:
        corpus = corpus.of_classes(config.classes)
    if config.positive:
        if config.targets != ONE_VS_REST:
            raise UsageError(f"positive {config.positive!r}: only with targets {ONE_VS_REST!r}")
        if config.positive not in corpus.classes[1:]:
            raise UsageError(f"positive {config.positive!r}: one of {', '.join(corpus.classes[1:])}")
        corpus = corpus.of_classes((corpus.classes[0], config.positive))
    return corpus


def check(config: TrainConfig, corpus: Corpus) -> None:
    """Refuses what cannot be trained; every message names the key.

    Raises:
        UsageError: a value or a combination that cannot be.
        OutputExistsError: ``config.out`` is there.
    """
    for name, least in _AT_LEAST.items():
        if not getattr(config, name) >= least:
            raise UsageError(f"{name} {getattr(config, name)}: at least {least}")
    for name in _SHARES:
        if not 0 <= getattr(config, name) < 1:
            raise UsageError(f"{name} {getattr(config, name)}: at least 0 and less than 1")
    if not config.head % 2 or not config.norm_eps or not config.effective_beta or not config.norm_momentum:
        raise UsageError(
            f"head {config.head}: an odd kernel; norm_eps, norm_momentum, effective_beta: above 0"
        )
    if config.crop % 32 or config.crop > corpus.size:
        raise UsageError(f"crop {config.crop}: a multiple of 32, at most the {corpus.size} px of the corpus")
    if config.crop * config.scale % (config.unshuffle * 2**config.depth):
        raise UsageError(
            f"depth {config.depth}: {config.crop} px cannot be halved so often; fewer, or a larger crop"
        )
    _check_loss(config, 2 if config.targets == STACKED else len(corpus.classes))
    _check_targets(config)
    if not config.out.absolute().parent.is_dir():
        raise UsageError(f"{config.out.parent}: no such directory to write the weights to")
    if config.out.exists() and not (config.overwrite or config.resume):
        raise OutputExistsError(f"{config.out}: is there already; --overwrite replaces it, -o names another")


def _check_targets(config: TrainConfig) -> None:
    if config.targets not in ("multiclass", STACKED, ONE_VS_REST):
        raise UsageError(f"targets {config.targets!r}: multiclass, {STACKED} or {ONE_VS_REST}")
    if config.sampling not in ("shuffled", *CHOOSERS):
        raise UsageError(f"sampling {config.sampling!r}: shuffled, {', '.join(CHOOSERS)}")
    if config.sampling == "half_present" and config.targets != ONE_VS_REST:
        raise UsageError(f"sampling 'half_present': only with targets {ONE_VS_REST!r}")


def _check_loss(config: TrainConfig, classes: int) -> None:
    if not any(config.loss.values()):
        raise UsageError("loss: names no term; one or more of " + ", ".join(TERMS))
    for name, weight in config.loss.items():
        if name not in TERMS:
            raise UsageError(f"loss {name!r}: unknown; one of {', '.join(TERMS)}")
        if not weight >= 0:
            raise UsageError(f"loss {name} {weight}: a weight of at least 0")
        if name in OF_TWO and classes != 2:
            raise UsageError(
                f"loss {name!r}: not with targets {config.targets!r}, which has {classes} classes"
            )
    weights = config.class_weights
    if weights != "equal" and not set(WEIGHTED) & set(config.loss):
        raise UsageError(
            f"class_weights {weights!r}: no term of the loss heeds them; {', '.join(WEIGHTED)} do"
        )
    if isinstance(weights, str) and weights not in SCHEMES:
        raise UsageError(
            f"class_weights {weights!r}: one of {', '.join(SCHEMES)}, or a number for each class"
        )
    if not isinstance(weights, str) and len(weights) != classes:
        raise UsageError(f"class_weights: {len(weights)} for {classes} classes")
    if config.targets == STACKED and weights != "equal":
        raise UsageError(
            f"class_weights {weights!r}: not with targets {STACKED!r}; positive_weight weighs its masks"
        )


@dataclass(frozen=True)
class Weighing:
    """How classes and masks weigh in the objective, and why.

    Attributes:
        classes: (C,) or None for equal ones.
        positive: of ink in a mask.
        note: what was computed from the pixels of the training data, as a line; else empty.
    """

    classes: tuple[float, ...] | None
    positive: float
    note: str


def weighing(config: TrainConfig, corpus: Corpus) -> Weighing:
    """The weights that the recipe asks for, computed from the pixels of the training data."""
    wanted, positive = config.class_weights, config.positive_weight
    computed = isinstance(wanted, str) and wanted != "equal"
    automatic = "binary_cross_entropy" in config.loss and not positive
    fixed = None if isinstance(wanted, str) else wanted
    if not (computed or automatic):
        return Weighing(fixed, positive or 1.0, "")
    pixels = [int(n) for n in corpus.pixels().sum(axis=0)]
    counts = ", ".join(f"{name} {n:,}" for name, n in zip(corpus.classes, pixels, strict=True))
    note = f"pixels of the training data: {counts}"
    if computed:
        one = config.targets == ONE_VS_REST
        weights = class_weights(str(wanted), pixels, config.effective_beta, shares=one)
        fixed = tuple(float(w) for w in weights)
        note += f"; class weights ({wanted}): " + ", ".join(f"{w:.3f}" for w in fixed)
    if automatic:
        positive = positive_weight(pixels)
        note += f"; positive weight: {positive:.1f}"
    return Weighing(fixed, positive or 1.0, note)


def objective_of(config: TrainConfig, weights: Weighing, device: torch.device) -> Objective:
    """What is minimised."""
    classes = None if weights.classes is None else torch.tensor(weights.classes, device=device)
    loss = {name: float(weight) for name, weight in config.loss.items() if weight}
    return Objective(loss, config.targets, Settings.of(config, classes, weights.positive))


def network_of(config: TrainConfig, corpus: Corpus) -> UNet:
    """The network as it starts: random weights of ``config.seed``, or those of ``config.start``.

    Raises:
        UsageError: the weights to start from tell other classes apart, or work at another resolution.
    """
    dpi = WORKING_DPI * config.scale
    if config.start is None:
        network = UNetConfig(
            corpus.classes, config.base, config.depth, config.unshuffle, dpi,
            head=config.head, norm_momentum=config.norm_momentum, norm_eps=config.norm_eps,
        )  # fmt: skip
        with torch.random.fork_rng(devices=[]):
            torch.manual_seed(config.seed)
            return UNet(network)
    model = load_weights(config.start).model
    if model.config.classes != corpus.classes:
        classes = ", ".join(model.config.classes)
        raise UsageError(f"{config.start}: its classes ({classes}) are not those of the corpus")
    if model.config.working_dpi != dpi:
        raise UsageError(f"{config.start}: works at {model.config.working_dpi:g} dpi, not {dpi:g}")
    return model


def members(config: TrainConfig) -> list[TrainConfig]:
    """The networks of a recipe, one training each: one a class with ``one_vs_rest``, else one."""
    if config.targets != ONE_VS_REST or config.positive:
        return [config]
    names = corpus_of(config).classes[1:]
    return [
        dataclasses.replace(
            config,
            positive=name,
            out=config.out.with_name(f"{config.out.stem}.{name}{config.out.suffix}"),
            start=config.start,
        )
        for name in names
    ]
