from __future__ import annotations

import math

import numpy as np
import pytest

from logdigit.training.scores import ClassScore, CurveTally, Tally, ring, skeleton
from logdigit.types import Bool, Float32, UInt8

CLASSES = ("background", "solid", "dashed")


def _masks(labels: UInt8) -> Bool:
    masks: Bool = labels == np.arange(len(CLASSES))[:, None, None]
    return masks


def test_pixels_by_hand() -> None:
    truth = np.array([[0, 1, 1, 2], [0, 1, 2, 255]], np.uint8)
    found = np.array([[1, 1, 0, 2], [0, 2, 2, 1]], np.uint8)
    tally = Tally(CLASSES)
    tally.add(_masks(found), truth)
    tally.add(_masks(found), truth)
    solid, dashed = tally.scores().values()
    assert (solid.tp, solid.fp, solid.fn, solid.tn) == (2, 2, 4, 6)  # the ignored pixel is in none
    assert (dashed.tp, dashed.fp, dashed.fn, dashed.tn) == (4, 2, 0, 8)
    assert solid.tpr == solid.recall == pytest.approx(1 / 3) and solid.fpr == pytest.approx(1 / 4)
    assert solid.precision == 0.5 and solid.f1 == pytest.approx(0.4) and solid.iou == pytest.approx(0.25)


def test_masks_may_overlap() -> None:
    both = np.ones((3, 2, 2), bool)
    tally = Tally(CLASSES)
    tally.add(both, np.array([[1, 2], [0, 0]], np.uint8))
    assert [(one.tp, one.fp, one.fn, one.tn) for one in tally.scores().values()] == [(1, 3, 0, 0)] * 2


def test_a_class_that_is_nowhere_has_no_score() -> None:
    tally = Tally(CLASSES)
    tally.add(_masks(np.ones((4, 4), np.uint8)), np.ones((4, 4), np.uint8))
    dashed = tally.scores()["dashed"]
    assert (dashed.tp, dashed.fp, dashed.fn, dashed.tn) == (0, 0, 0, 16)
    assert all(
        math.isnan(value)
        for name, value in dashed.row().items()
        if name not in ("tp", "fp", "fn", "tn", "fpr")
    )


def _stroke(first: int, last: int, size: int = 40) -> UInt8:
    labels = np.zeros((size, size), np.uint8)
    labels[:, first:last] = 1
    return labels


def _scored(found: UInt8, truth: UInt8) -> ClassScore:
    tally = Tally(CLASSES)
    tally.add(_masks(found), truth)
    return tally.scores()["solid"]


def test_a_line_drawn_thicker_is_the_same_line() -> None:
    thick = _scored(_stroke(8, 15), _stroke(10, 13))
    assert thick.cldice == 1 and thick.iou == pytest.approx(3 / 7)
    moved = _scored(_stroke(20, 23), _stroke(10, 13))
    assert moved.cldice == 0 and moved.iou == 0
    assert _scored(_stroke(0, 0), _stroke(10, 13)).cldice == 0


def test_boundary_iou_looks_at_the_boundary_only() -> None:
    # 30 columns of 40 rows against 28: the rings of 2 px share the rows at top and base, and one column each.
    score = _scored(_stroke(5, 35), _stroke(6, 34))
    truth, found = ring(_stroke(6, 34) == 1), ring(_stroke(5, 35) == 1)
    assert truth.sum() == 40 * 28 - 36 * 24
    assert score.boundary_iou == pytest.approx((truth & found).sum() / (truth | found).sum())
    assert score.boundary_iou < 0.6 < 0.9 < score.iou
    thin = _scored(_stroke(10, 13), _stroke(11, 14))
    assert thin.boundary_iou == thin.iou  # no wider than two rings


def test_a_skeleton_ends() -> None:
    assert skeleton(np.ones((5, 5), bool)).all()  # ink from edge to edge
    assert not skeleton(np.zeros((5, 5), bool)).any()
    line = skeleton(_stroke(10, 15) == 1)
    assert line[:, 12].all() and line.sum() == 40


def _curve(*x: float) -> Float32:
    return np.array([x], np.float32)


def test_curves_by_hand() -> None:
    tally = CurveTally()
    truth = _curve(*range(20, 40))
    off = truth + 2
    off[0, :5] = np.nan
    tally.add(off, truth, width=100)
    scores = tally.scores()
    assert scores.curves == 1 and scores.coverage == pytest.approx(0.75)
    assert scores.mae == pytest.approx(0.02) and scores.mse == pytest.approx(4e-4)
    assert scores.error == pytest.approx((15 * 0.02 + 5 * 0.1) / 20)
    assert scores.r == pytest.approx(1) and scores.swap_rate == 0
    spread = np.var(np.arange(25, 40) / 100)
    assert scores.r2 == pytest.approx(1 - 4e-4 / spread)


def test_a_curve_that_follows_its_neighbour_has_swapped() -> None:
    rows = np.arange(40.0)
    truth = np.stack([20 + rows / 4, 60 + rows / 4]).astype(np.float32)
    found = truth.copy()
    found[0, :10] = truth[1, :10]
    tally = CurveTally()
    tally.add(found, truth, width=100)
    assert tally.scores().swap_rate == pytest.approx((0.25 + 0) / 2)


def test_nothing_to_score() -> None:
    tally = CurveTally()
    tally.add(np.empty((0, 9), np.float32), np.empty((0, 9), np.float32), 9)
    tally.add(_curve(1, 2), _curve(np.nan, np.nan), 9)
    assert tally.scores().curves == 0 and math.isnan(tally.scores().mae)
    tally.add(_curve(np.nan, np.nan), _curve(3, 4), 9)  # a curve of which nothing was read
    scores = tally.scores()
    assert (
        scores.curves == 1
        and scores.coverage == 0
        and math.isnan(scores.mae)
        and scores.error == pytest.approx(0.1)
    )
