"""Validation: how well the network separates the classes, and how far a curve read from it is off."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np
import torch
from numpy.typing import NDArray
from scipy.optimize import linear_sum_assignment

from logdigit.curves.trace import trace_track
from logdigit.ink.unet import UNet, to_ink
from logdigit.training.losses import IGNORE
from logdigit.training.sampling import Corpus
from logdigit.types import STYLES, CurveSpec, Float, Float32, ProbabilityMap, Track, UInt8

ScoreCurves = Callable[[Float32, tuple[str, ...], Float32, UInt8], Float]
"""(prob (C, H, W), classes, true x (n, H) px, true class (n,)) to curve errors (n,), share of W."""

ERROR_CAP = 0.1
"""Share of the width beyond which a row is simply lost: how far off it is says nothing more."""


@dataclass(frozen=True)
class Validation:
    """Scores on the validation split.

    Attributes:
        dice: of each foreground class, over all pixels of the split; NaN where the class occurs nowhere.
        curve_error: mean over all curves, share of the patch width.
        curves: number of curves.
    """

    dice: dict[str, float]
    curve_error: float
    curves: int


def score_traces(prob: Float32, classes: tuple[str, ...], truth_x: Float32, truth_cls: UInt8) -> Float:
    """Curve errors as the user gets them: the curves declared, and traced by the decoder of the product.

    A patch shows parts of several tracks; here it is one, from edge to edge, and nothing wraps. Curves of
    one style cannot be told apart by a declaration, so traces and truths of a style are paired as fits best.

    Args:
        prob: (C, H, W) in [0, 1].
        classes: C names.
        truth_x: (n, H) px, NaN where there is no ink.
        truth_cls: (n,) index into ``classes``.

    Returns:
        Mean absolute error of each curve over its rows with ink, share of W, each row capped at `ERROR_CAP`
        (a row without a reading counts as much); NaN for a curve without ink. (n,)
    """
    if not len(truth_cls):
        return np.empty(0)
    width = prob.shape[2]
    styles = {classes.index(style): style for style in STYLES if style in classes}
    curves = tuple(CurveSpec(f"C{n}", (), style=styles[int(k)]) for n, k in enumerate(truth_cls))
    traces = trace_track([ProbabilityMap(0, prob, classes)], Track(0.0, width - 1.0, curves))
    apart = np.full((len(curves), len(curves)), np.inf)
    for n, (x, k) in enumerate(zip(truth_x, truth_cls, strict=True)):
        ink = np.isfinite(x)
        for m, trace in enumerate(traces):
            if ink.any() and truth_cls[m] == k:
                rows = np.nan_to_num(np.abs(trace.x[ink] - x[ink]) / width, nan=ERROR_CAP)
                apart[n, m] = np.minimum(rows, ERROR_CAP).mean()
    known = np.flatnonzero(np.isfinite(apart).any(axis=1))
    errors = np.full(len(curves), np.nan)
    rows, columns = linear_sum_assignment(np.where(np.isfinite(apart[known]), apart[known], 1e3))
    errors[known[rows]] = apart[known[rows], columns]
    return errors


def validate(
    model: UNet,
    corpus: Corpus,
    names: Sequence[str],
    score_curves: ScoreCurves,
    bf16: bool,
) -> Validation:
    """Scores ``model`` on whole images, one at a time.

    Args:
        model: in evaluation mode, on its device.
        corpus: where the items are.
        names: the items.
        score_curves: the tracer to score with.
        bf16: compute in bfloat16.
    """
    device = next(model.parameters()).device
    config = model.config
    size = len(config.classes)
    confusion: NDArray[np.int64] = np.zeros((size, size), np.int64)
    errors: list[Float] = []
    for name in names:
        grey, mask = corpus.read(name)
        ink = to_ink(torch.from_numpy(grey[None, None].copy()).to(device), config)
        side = -(-corpus.size // config.multiple) * config.multiple - corpus.size
        ink = torch.nn.functional.pad(ink, (0, side, 0, side))
        with torch.inference_mode(), torch.autocast(device.type, torch.bfloat16, enabled=bf16):
            logits = model(ink)
        prob = torch.softmax(logits[0, :, : corpus.size, : corpus.size].float(), 0).cpu().numpy()
        found = prob.argmax(axis=0)
        counted = mask != IGNORE
        pairs = mask[counted].astype(np.int64) * size + found[counted]
        confusion += np.bincount(pairs, minlength=size * size).reshape(size, size)
        errors.append(score_curves(prob, config.classes, *corpus.truth(name)))
    total = confusion.sum(axis=0) + confusion.sum(axis=1)
    dice = {
        name: float(2 * confusion[k, k] / total[k]) if total[k] else float("nan")
        for k, name in enumerate(config.classes)
        if k
    }
    every = np.concatenate(errors) if errors else np.empty(0)
    every = every[np.isfinite(every)]
    return Validation(dice, float(every.mean()) if len(every) else float("nan"), len(every))
