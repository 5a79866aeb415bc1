"""Validation: how well the network separates the classes, and how far a curve read from it is off."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np
from scipy.optimize import linear_sum_assignment

from logdigit.curves.trace import trace_track
from logdigit.ink.unet import UNet
from logdigit.training.corpus import Corpus
from logdigit.training.losses.ink import IGNORE
from logdigit.training.predict import answer, logits_of
from logdigit.types import CLASSES, STYLES, CurveSpec, Float, Float32, ProbabilityMap, Track, UInt8

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


def read_curves(prob: Float32, classes: tuple[str, ...], truth_x: Float32, truth_cls: UInt8) -> Float32:
    """The curves of a patch as the user gets them: declared, and traced by the decoder of the product.

    A patch shows parts of several tracks; here it is one, from edge to edge, and nothing wraps. Curves of
    one style cannot be told apart by a declaration, so traces and truths of a style are paired as fits best.

    Args:
        prob: (C, H, W) in [0, 1].
        classes: C names; a style that is not among them has probability 0.
        truth_x: (n, H) px, NaN where there is no ink.
        truth_cls: (n,) index into ``classes``.

    Returns:
        x of the trace paired with each curve (n, H) px, NaN where nothing was read.
    """
    found = np.full(truth_x.shape, np.nan, np.float32)
    if not len(truth_cls):
        return found
    width = prob.shape[2]
    curves = tuple(CurveSpec(f"C{n}", (), style=_STYLE[classes[int(k)]]) for n, k in enumerate(truth_cls))
    band = ProbabilityMap(0, _all_styles(prob, classes), CLASSES)
    traces = trace_track([band], Track(0.0, width - 1.0, curves))
    apart = np.full((len(curves), len(curves)), np.inf)
    for n, (x, k) in enumerate(zip(truth_x, truth_cls, strict=True)):
        for m, trace in enumerate(traces):
            if truth_cls[m] == k:
                apart[n, m] = capped_error(trace.x, x, width)
    known = np.flatnonzero(np.isfinite(apart).any(axis=1))
    rows, columns = linear_sum_assignment(np.where(np.isfinite(apart[known]), apart[known], 1e3))
    for row, column in zip(rows, columns, strict=True):
        found[known[row]] = traces[int(column)].x
    return found


_STYLE = {str(style): style for style in STYLES}


def _all_styles(prob: Float32, classes: tuple[str, ...]) -> Float32:
    """The planes that the decoder wants, zero for a style that the network does not know."""
    if classes == CLASSES:
        return prob
    planes = np.zeros((len(CLASSES), *prob.shape[1:]), np.float32)
    for plane, name in zip(prob, classes, strict=True):
        planes[CLASSES.index(name)] = plane
    return planes


def capped_error(found_x: Float32, truth_x: Float32, width: int) -> float:
    """Mean absolute error over the rows with ink, share of ``width``, each row capped at `ERROR_CAP`.

    A row without a reading costs the cap too. Infinite for a curve without ink.
    """
    ink = np.isfinite(truth_x)
    if not ink.any():
        return float("inf")
    rows = np.nan_to_num(np.abs(found_x[ink] - truth_x[ink]) / width, nan=ERROR_CAP)
    return float(np.minimum(rows, ERROR_CAP).mean())


def score_traces(prob: Float32, classes: tuple[str, ...], truth_x: Float32, truth_cls: UInt8) -> Float:
    """Errors of the curves of a patch: see `read_curves` and `capped_error`.

    Returns:
        (n,), NaN for a curve without ink.
    """
    width = prob.shape[2]
    found = read_curves(prob, classes, truth_x, truth_cls)
    errors = np.array([capped_error(*pair, width) for pair in zip(found, truth_x, strict=True)])
    return np.where(np.isfinite(errors), errors, np.nan)


def validate(
    model: UNet,
    corpus: Corpus,
    names: Sequence[str],
    score_curves: ScoreCurves,
    bf16: bool,
    targets: str = "multiclass",
) -> Validation:
    """Scores ``model`` on whole images, one at a time.

    Args:
        model: in evaluation mode, on its device.
        corpus: where the items are; its classes are those of the model.
        names: the items.
        score_curves: the tracer to score with.
        bf16: compute in bfloat16.
        targets: that the model is trained on.
    """
    classes = corpus.classes
    right, total = np.zeros(len(classes), np.int64), np.zeros(len(classes), np.int64)
    errors: list[Float] = []
    for name in names:
        grey, mask = corpus.read(name)
        found = answer(logits_of(model, grey, bf16), targets)
        masks = found.masks & (mask != IGNORE)
        truth = mask == np.arange(len(classes))[:, None, None]
        right += (masks & truth).sum(axis=(1, 2))
        total += masks.sum(axis=(1, 2)) + truth.sum(axis=(1, 2))
        errors.append(score_curves(found.prob, classes, *corpus.truth(name)))
    dice = {
        name: float(2 * right[k] / total[k]) if total[k] else float("nan")
        for k, name in enumerate(classes)
        if k
    }
    every = np.concatenate(errors) if errors else np.empty(0)
    every = every[np.isfinite(every)]
    return Validation(dice, float(every.mean()) if len(every) else float("nan"), len(every))
