from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
import torch
from fake_corpus import write_fake_corpus

from logdigit.ink.unet import UNet, UNetConfig
from logdigit.training.corpus import open_corpus
from logdigit.training.predict import logits_of
from logdigit.training.validate import ERROR_CAP, score_traces, validate
from logdigit.types import CLASSES, Float32


def _planted(*columns: float, width: int = 100, height: int = 80) -> Float32:
    """Perfect probabilities of vertical solid strokes three px wide."""
    prob = np.zeros((len(CLASSES), height, width), np.float32)
    for column in columns:
        prob[1, :, int(column) - 1 : int(column) + 2] = 1
    prob[0] = 1 - prob[1]
    return prob


def _lines(*columns: float, height: int = 80) -> Float32:
    return np.repeat(np.array(columns, np.float32)[:, None], height, axis=1)


def test_a_planted_curve_is_found() -> None:
    errors = score_traces(_planted(40), CLASSES, _lines(40), np.array([1], np.uint8))
    assert errors == pytest.approx([0], abs=1e-3)


def test_errors_are_shares_of_the_width_and_capped() -> None:
    one = np.array([1], np.uint8)
    assert score_traces(_planted(40), CLASSES, _lines(43), one) == pytest.approx([0.03], abs=1e-3)
    assert score_traces(_planted(40), CLASSES, _lines(90), one) == pytest.approx([ERROR_CAP])
    assert score_traces(_planted(), CLASSES, _lines(90), one) == pytest.approx([ERROR_CAP])


def test_rows_without_ink_are_not_asked_for() -> None:
    truth = _lines(43)
    truth[0, :40] = np.nan
    one = np.array([1], np.uint8)
    assert score_traces(_planted(40), CLASSES, truth, one) == pytest.approx([0.03], abs=1e-3)
    assert np.isnan(score_traces(_planted(40), CLASSES, np.full_like(truth, np.nan), one)).all()


def test_curves_of_one_style_are_paired_as_fits_best() -> None:
    errors = score_traces(_planted(70, 20), CLASSES, _lines(20, 70), np.array([1, 1], np.uint8))
    assert errors == pytest.approx([0, 0], abs=1e-3)


def test_no_curves() -> None:
    empty = score_traces(_planted(), CLASSES, np.empty((0, 80), np.float32), np.empty(0, np.uint8))
    assert empty.shape == (0,)


class _Painted(UNet):
    """Says that everything dark is solid."""

    def forward(self, ink: torch.Tensor) -> torch.Tensor:
        logits = torch.zeros(1, len(self.config.classes), *ink.shape[2:])
        logits[:, 0] = 9 * (ink[:, 0] < 0.8)
        logits[:, 1] = 9 * (ink[:, 0] >= 0.8)
        return logits


@pytest.fixture
def corpus(tmp_path: Path) -> Path:
    """Six patches of 64 px: one to validate on, five to train on."""
    return write_fake_corpus(tmp_path / "data")


def test_dice_of_a_known_answer(corpus: Path) -> None:
    found = open_corpus(corpus)
    masks = np.stack([found.read(name)[1] for name in found.names])
    model = _Painted(UNetConfig(base=2, depth=1)).eval()
    result = validate(model, found, found.names, score_traces, bf16=False)
    solid = int((masks == 1).sum())
    assert result.dice["solid"] == pytest.approx(2 * solid / (solid + int((masks > 0).sum())))
    assert result.dice["dashed"] == 0
    assert result.curves == sum(len(found.truth(name)[1]) for name in found.names)
    assert 0 < result.curve_error <= ERROR_CAP


def test_a_network_that_knows_one_style_is_scored_on_its_curves(corpus: Path) -> None:
    one = open_corpus(corpus).of_classes(("background", "dashed"))
    model = _Painted(UNetConfig(one.classes, base=2, depth=1)).eval()
    result = validate(model, one, one.names, score_traces, bf16=False, targets="one_vs_rest")
    curves = sum(int((one.truth(name)[1] == 1).sum()) for name in one.names)
    assert result.curves == curves > 0 and set(result.dice) == {"dashed"}
    assert 0 < result.dice["dashed"] < 1


def test_twice_the_resolution_is_averaged_back() -> None:
    """What is painted on the enlarged image lies where the ink lies on the image."""
    grey = np.full((64, 64), 255, np.uint8)
    grey[10:30, 35:60] = 0
    model = _Painted(UNetConfig(base=2, depth=1, working_dpi=400.0)).eval()
    logits = logits_of(model, grey, bf16=False)
    assert logits.shape == (5, 64, 64)
    prob = logits.softmax(0)
    assert torch.allclose(prob.sum(0), torch.ones(64, 64))
    np.testing.assert_array_equal((prob[1] > 0.99).numpy()[11:29, 36:59], True)
    rows, columns = np.nonzero(prob[1].numpy() > 0.5)
    assert (rows.mean(), columns.mean()) == pytest.approx((19.5, 47.0), abs=0.1)
