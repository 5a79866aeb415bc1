"""How good a system is: its masks, class by class, and the curves that are read from them.

Classes are never blended: one number over paper and hair lines says nothing of the lines. What decides is
the curve, in shares of the width of the patch, as `logdigit.metrics` has it.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import torch
from torchmetrics.classification import MultilabelStatScores

from logdigit.metrics import compare
from logdigit.training.corpus import Corpus
from logdigit.training.losses.ink import IGNORE
from logdigit.training.predict import Predictor
from logdigit.training.validate import capped_error, read_curves
from logdigit.types import Bool, Float32, UInt8

RING_PX = 2
"""Depth of the boundary in Boundary IoU; strokes no wider than twice this are all boundary."""


@dataclass(frozen=True)
class ClassScore:
    """Pixels of one class over all images, and what follows from them; NaN where nothing can follow.

    Attributes:
        tp: found and there.
        fp: found and not there.
        fn: there and not found.
        tn: neither.
        boundary_iou: IoU of the outermost `RING_PX` px of the masks (Cheng et al. 2021, arXiv:2103.16562).
        cldice: centreline Dice (Shit et al. 2021): blind to how thick a line is drawn.
    """

    tp: int
    fp: int
    fn: int
    tn: int
    boundary_iou: float
    cldice: float

    @property
    def tpr(self) -> float:
        """True positive rate: of what is there, the share that is found."""
        return _share(self.tp, self.tp + self.fn)

    @property
    def fpr(self) -> float:
        """False positive rate: of what is not there, the share that is found all the same."""
        return _share(self.fp, self.fp + self.tn)

    @property
    def precision(self) -> float:
        """Of what is found, the share that is there."""
        return _share(self.tp, self.tp + self.fp)

    @property
    def recall(self) -> float:
        """The true positive rate by its other name."""
        return self.tpr

    @property
    def f1(self) -> float:
        """Harmonic mean of precision and recall; the Dice coefficient."""
        return _share(2 * self.tp, 2 * self.tp + self.fp + self.fn)

    @property
    def iou(self) -> float:
        """Intersection over union."""
        return _share(self.tp, self.tp + self.fp + self.fn)

    def row(self) -> dict[str, float]:
        """Every figure by name."""
        counts = {"tp": self.tp, "fp": self.fp, "fn": self.fn, "tn": self.tn}
        rates = {name: getattr(self, name) for name in ("tpr", "fpr", "precision", "recall", "f1", "iou")}
        return {**counts, **rates, "boundary_iou": self.boundary_iou, "cldice": self.cldice}


class Tally:
    """Adds up masks, image by image."""

    def __init__(self, classes: Sequence[str]) -> None:
        """Counts nothing yet; ``classes`` with the background first."""
        self._classes = tuple(classes)
        self._pixels = MultilabelStatScores(len(classes), average=None, ignore_index=-1, validate_args=False)
        self._ring = np.zeros((len(classes), 2), np.int64)  # both, either
        self._line = np.zeros(
            (len(classes), 4), np.int64
        )  # found line: on truth, all; true line: on found, all

    def add(self, found: Bool, mask: UInt8) -> None:
        """Counts an image: what was found (C, H, W), which may overlap, and its class mask (H, W)."""
        counted = mask != IGNORE
        truth = mask == np.arange(len(self._classes))[:, None, None]
        found = found & counted
        target = np.where(counted, truth.astype(np.int8), np.int8(-1))
        self._pixels.update(torch.from_numpy(found.astype(np.int8))[None], torch.from_numpy(target)[None])
        for k in range(1, len(self._classes)):
            rings, lines = (
                [ring(one) for one in (found[k], truth[k])],
                [skeleton(one) for one in (found[k], truth[k])],
            )
            self._ring[k] += (rings[0] & rings[1]).sum(), (rings[0] | rings[1]).sum()
            self._line[k, :2] += (lines[0] & truth[k]).sum(), lines[0].sum()
            self._line[k, 2:] += (lines[1] & found[k]).sum(), lines[1].sum()

    def scores(self) -> dict[str, ClassScore]:
        """Of every class of ink."""
        counts = self._pixels.compute().tolist()
        out = {}
        for k, name in enumerate(self._classes):
            if k:
                tp, fp, tn, fn, _ = counts[k]
                on, lines, hit, true_lines = (int(n) for n in self._line[k])
                precision, sensitivity = _share(on, lines), _share(hit, true_lines)
                both = precision + sensitivity
                cldice = (
                    2 * precision * sensitivity / both
                    if both > 0
                    else (0.0 if true_lines or lines else math.nan)
                )
                boundary = _share(int(self._ring[k, 0]), int(self._ring[k, 1]))
                out[name] = ClassScore(tp, fp, fn, tn, boundary, cldice)
        return out


def _share(part: int, whole: int) -> float:
    return part / whole if whole else math.nan


def _eroded(mask: Bool, outside: bool) -> Bool:
    """Pixels whose four neighbours are set too; ``outside`` is what lies beyond the image."""
    padded = np.pad(mask, 1, constant_values=outside)
    return mask & padded[:-2, 1:-1] & padded[2:, 1:-1] & padded[1:-1, :-2] & padded[1:-1, 2:]


def _dilated(mask: Bool) -> Bool:
    """Pixels with a set one among their eight neighbours or themselves."""
    padded = np.pad(mask, 1)
    rows = padded[:-2] | padded[1:-1] | padded[2:]
    return rows[:, :-2] | rows[:, 1:-1] | rows[:, 2:]


def ring(mask: Bool) -> Bool:
    """Pixels (H, W) of a mask at most `RING_PX` px, by whole steps, from what is not of it."""
    inner = mask
    for _ in range(RING_PX):
        inner = _eroded(inner, outside=False)
    return mask & ~inner


def skeleton(mask: Bool) -> Bool:
    """Skeleton (H, W) of a mask: what an opening takes away at every erosion, as the soft one of clDice."""
    line = np.zeros_like(mask)
    while mask.any():
        smaller = _eroded(mask, outside=True)
        if smaller.all():  # ink from edge to edge never erodes
            return line | mask
        line |= mask & ~_dilated(smaller)
        mask = smaller
    return line


@dataclass(frozen=True)
class CurveScores:
    """The curves of all images, in shares of the width of a patch; NaN where there are none.

    Attributes:
        curves: number of curves.
        error: mean absolute error in which a row without a reading costs 0.1, and no row more.
        mae: mean absolute error over the rows that were read; mean over the curves, as those that follow.
        mse: mean square error over the same rows.
        r2: coefficient of determination over all these rows, of each curve about its own mean.
        r: Pearson correlation.
        coverage: share of the rows with ink that were read.
        swap_rate: share of the rows read on which the curve follows another one.
    """

    curves: int
    error: float
    mae: float
    mse: float
    r2: float
    r: float
    coverage: float
    swap_rate: float


class CurveTally:
    """Adds up curves, image by image."""

    def __init__(self) -> None:
        """Counts nothing yet."""
        self._rows: list[tuple[float, ...]] = []
        self._residual = self._spread = 0.0

    def add(self, found_x: Float32, truth_x: Float32, width: int) -> None:
        """Counts an image: x of its curves as read and as they are (n, H), px, NaN for none."""
        depth = np.arange(truth_x.shape[1], dtype=np.float64)
        found, truth = found_x.astype(np.float64) / width, truth_x.astype(np.float64) / width
        for k in range(len(truth)):
            if not np.isfinite(truth[k]).any():
                continue
            others = [truth[j] for j in range(len(truth)) if j != k]
            score = compare(depth, found[k], depth, truth[k], others, max_lag=1.0)
            both = np.isfinite(found[k]) & np.isfinite(truth[k])
            squares = (found[k] - truth[k])[both] ** 2
            self._residual += float(squares.sum())
            self._spread += (
                float(((truth[k][both] - truth[k][both].mean()) ** 2).sum()) if both.any() else 0.0
            )
            mse = float(squares.mean()) if both.any() else math.nan
            error = capped_error(found_x[k], truth_x[k], width)
            self._rows.append((error, score.mae, mse, score.r, score.coverage, score.swap_rate))

    def scores(self) -> CurveScores:
        """Of all curves."""
        if not self._rows:
            return CurveScores(0, *(math.nan,) * 7)
        table = np.array(self._rows, np.float64)
        counted = np.isfinite(table)
        sums = np.where(counted, table, 0.0).sum(axis=0)
        error, mae, mse, r, coverage, swaps = (
            float(total / n) if n else math.nan for total, n in zip(sums, counted.sum(axis=0), strict=True)
        )
        r2 = 1 - self._residual / self._spread if self._spread > 0 else math.nan
        return CurveScores(len(table), error, mae, mse, r2, r, coverage, swaps)


def score(
    predictor: Predictor, corpus: Corpus, names: Sequence[str]
) -> tuple[dict[str, ClassScore], CurveScores]:
    """Scores of a system on items of a corpus, whose classes are those of the system."""
    masks, curves = Tally(corpus.classes), CurveTally()
    for name in names:
        grey, mask = corpus.read(name)
        found = predictor(grey)
        masks.add(found.masks, mask)
        truth_x, truth_cls = corpus.truth(name)
        curves.add(read_curves(found.prob, corpus.classes, truth_x, truth_cls), truth_x, mask.shape[1])
    return masks.scores(), curves.scores()
