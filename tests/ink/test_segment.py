from __future__ import annotations

from collections.abc import Callable
from itertools import pairwise

import numpy as np
import pytest
import torch

from logdigit.errors import UsageError
from logdigit.ink.network import SegmentsInk
from logdigit.ink.segment import Segmenter
from logdigit.ink.unet import UNet, UNetConfig
from logdigit.ink.weights import Loaded
from logdigit.types import Float32, UInt8

CONFIG = UNetConfig(("paper", "a", "b"), base=4, depth=2)  # multiple 8, margin 40 px


def _loaded(seed: int = 0) -> Loaded:
    """Random, but loud: without it every probability would be a third, whatever the tiles."""
    torch.manual_seed(seed)
    model = UNet(CONFIG).eval()
    with torch.no_grad():
        model.head.weight.mul_(20)
    return Loaded(model, CONFIG, "0" * 64)


LOADED = _loaded()


def _paper(height: int, width: int, seed: int = 0) -> UInt8:
    return np.random.default_rng(seed).integers(0, 256, (height, width), dtype=np.uint8)


def _segmenter(rows: int = 64, columns: int = 4096, bf16: bool = False) -> Segmenter:
    return Segmenter(LOADED, "cpu", rows, columns, bf16)


def _read(image: UInt8) -> Callable[[int, int], UInt8]:
    return lambda top, bottom: image[top:bottom]


def _all(segmenter: SegmentsInk, image: UInt8, top: int, bottom: int) -> Float32:
    """Probabilities of rows top to bottom of ``image``, with the whole of it as context."""
    width, at = image.shape[1], top
    parts = []
    for band in segmenter.segment(_read(image), top, bottom, width, (0, len(image))):
        assert band.top == at and band.prob.dtype == np.float32 and band.classes == CONFIG.classes
        at += band.prob.shape[1]
        parts.append(band.prob)
    assert at == bottom
    return np.concatenate(parts, axis=1)


def test_probabilities_are_those_of_the_network() -> None:
    image = _paper(64, 48)
    margin = CONFIG.margin
    padded = np.pad(image, ((margin, margin), (0, 0)), constant_values=255)
    with torch.no_grad():
        logits = LOADED.model(torch.from_numpy((255 - padded.astype(np.float32)) / 255)[None, None])
    expected = torch.softmax(logits[0], 0).numpy()[:, margin:-margin]
    found = _all(_segmenter(), image, 0, 64)
    assert np.ptp(expected) > 0.3
    np.testing.assert_allclose(found, expected, atol=1e-5)
    np.testing.assert_allclose(found.sum(axis=0), 1, atol=1e-5)


@pytest.mark.parametrize(("rows", "columns"), [(8, 4096), (24, 16), (200, 40), (1000, 8), (1, 1)])
def test_the_tile_size_changes_nothing(rows: int, columns: int) -> None:
    image = _paper(80, 45)
    expected = _all(_segmenter(1024), image, 0, 80)
    np.testing.assert_allclose(_all(_segmenter(rows, columns), image, 0, 80), expected, atol=1e-5)


def test_the_tile_size_changes_little_in_bf16() -> None:
    image = _paper(150, 61)
    expected = _all(_segmenter(1024), image, 0, 150)
    found = _all(_segmenter(24, 32, bf16=True), image, 0, 150)
    assert np.abs(found - expected).mean() < 1e-2


@pytest.mark.parametrize("top", [1, 7, 8, 30, 149])
def test_where_a_band_begins_changes_nothing(top: int) -> None:
    image = _paper(150, 33)
    expected = _all(_segmenter(), image, 0, 150)
    np.testing.assert_allclose(_all(_segmenter(), image, top, 150), expected[:, top:], atol=1e-5)
    bottom = min(150, top + 3)
    np.testing.assert_allclose(_all(_segmenter(), image, top, bottom), expected[:, top:bottom], atol=1e-5)


@pytest.mark.parametrize("width", [1, 5, 8, 31])
def test_narrow_strips(width: int) -> None:
    assert _all(_segmenter(), _paper(20, width), 0, 20).shape == (3, 20, width)


def test_one_row() -> None:
    assert _all(_segmenter(), _paper(1, 40), 0, 1).shape == (3, 1, 40)


def test_rows_are_read_once_in_order_and_never_outside_the_limits() -> None:
    image, calls = _paper(400, 16), []

    def read(top: int, bottom: int) -> UInt8:
        calls.append((top, bottom))
        return image[top:bottom]

    list(_segmenter(32).segment(read, 130, 300, 16, (110, 320)))
    assert calls[0][0] == 110 and calls[-1][1] == 320
    assert all(top < bottom for top, bottom in calls)
    assert all(before[1] == after[0] for before, after in pairwise(calls))


def test_without_limits_nothing_but_the_band_is_read() -> None:
    image = _paper(200, 16)
    image[:60] = image[140:] = 255
    inside = _paper(200, 16, seed=1)
    inside[60:140] = image[60:140]
    found = next(Segmenter(LOADED, "cpu", bf16=False).segment(_read(inside), 60, 140, 16))
    np.testing.assert_allclose(found.prob, _all(_segmenter(), image, 60, 140), atol=1e-5)


def test_coloured_ink_is_dark() -> None:
    grey = _paper(40, 24)
    rgb = np.full((40, 24, 3), 255, np.uint8)
    rgb[..., 1] = grey  # magenta ink
    found = np.concatenate([b.prob for b in _segmenter().segment(_read(rgb), 0, 40, 24)], axis=1)
    np.testing.assert_array_equal(found, _all(_segmenter(), grey, 0, 40))


def test_the_loaded_network_is_left_alone() -> None:
    loaded = _loaded(3)
    before = {name: value.clone() for name, value in loaded.model.state_dict().items()}
    segmenter = Segmenter(loaded, "cpu", bf16=True)
    assert (segmenter.classes, segmenter.working_dpi, segmenter.sha256) == (CONFIG.classes, 200.0, "0" * 64)
    assert segmenter.margin == CONFIG.margin
    after = loaded.model.state_dict()
    assert before.keys() == after.keys()
    assert all(torch.equal(before[name], after[name]) for name in before)


@pytest.mark.parametrize(("top", "bottom", "width"), [(5, 5, 8), (0, 11, 8), (-1, 5, 8), (0, 5, 0)])
def test_impossible_bands(top: int, bottom: int, width: int) -> None:
    with pytest.raises(ValueError, match="nothing to segment"):
        list(_segmenter().segment(_read(_paper(10, 8)), top, bottom, width, (0, 10)))


def test_rows_of_another_width_are_an_error() -> None:
    with pytest.raises(ValueError, match=r"read\(0, 10\)"):
        list(_segmenter().segment(_read(_paper(10, 8)), 0, 10, 9))


def test_cuda_without_cuda(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(torch.cuda, "is_available", lambda: False)
    with pytest.raises(UsageError, match="--device cpu"):
        Segmenter(LOADED, "cuda")
    assert Segmenter(LOADED, "auto").device.type == "cpu"


@pytest.mark.gpu
@pytest.mark.skipif(not torch.cuda.is_available(), reason="no CUDA device")
def test_cuda_agrees_with_the_cpu() -> None:
    image = _paper(150, 61)
    expected = _all(_segmenter(), image, 0, 150)
    exact = _all(Segmenter(LOADED, "cuda", 64, bf16=False), image, 0, 150)
    np.testing.assert_allclose(exact, expected, atol=5e-3)  # convolutions in TF32
    assert np.abs(_all(Segmenter(LOADED, "cuda", 64), image, 0, 150) - expected).mean() < 1e-2
