from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
import torch
from fake_corpus import write_fake_corpus

from logdigit.ink.unet import UNet, UNetConfig
from logdigit.training.sampling import open_corpus
from logdigit.training.validate import ERROR_CAP, score_peaks, validate
from logdigit.types import CLASSES, Float32

NAMES = ("paper", "a", "b")


def _planted(columns: Float32, width: int) -> Float32:
    prob = np.zeros((3, len(columns), width), np.float32)
    prob[1, np.arange(len(columns)), columns.astype(int)] = 1
    return prob


def test_a_planted_curve_is_found() -> None:
    x = np.full((1, 30), 40, np.float32)
    assert score_peaks(_planted(x[0], 100), NAMES, x, np.array([1], np.uint8)).tolist() == [0]


def test_errors_are_shares_of_the_width_and_capped() -> None:
    prob = _planted(np.full(30, 40, np.float32), 100)
    truth = np.stack([np.full(30, 43), np.full(30, 90), np.full(30, np.nan)]).astype(np.float32)
    truth[0, :20] = np.nan  # rows without ink are not asked for
    errors = score_peaks(prob, NAMES, truth, np.array([1, 1, 1], np.uint8))
    assert errors[:2] == pytest.approx([0.03, ERROR_CAP])
    assert np.isnan(errors[2])


def test_no_curves() -> None:
    empty = score_peaks(
        np.zeros((3, 4, 5), np.float32), NAMES, np.empty((0, 4), np.float32), np.empty(0, np.uint8)
    )
    assert empty.shape == (0,)


class _Painted(UNet):
    """Says that everything dark is solid."""

    def forward(self, ink: torch.Tensor) -> torch.Tensor:
        logits = torch.zeros(1, len(CLASSES), *ink.shape[2:])
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
    result = validate(model, found, found.names, score_peaks, bf16=False)
    solid = int((masks == 1).sum())
    assert result.dice["solid"] == pytest.approx(2 * solid / (solid + int((masks > 0).sum())))
    assert result.dice["dashed"] == 0
    assert result.curves == sum(len(found.truth(name)[1]) for name in found.names)
    assert 0 < result.curve_error <= ERROR_CAP
