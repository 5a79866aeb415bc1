from __future__ import annotations

import json
import shutil
from collections import Counter
from pathlib import Path

import numpy as np
import pytest
from fake_corpus import write_fake_corpus
from PIL import Image

from logdigit.errors import DataError
from logdigit.training.sampling import _name_at, batches, cut_batch, open_corpus
from logdigit.types import CLASSES


@pytest.fixture
def corpus(tmp_path: Path) -> Path:
    """Six patches of 64 px: one to validate on, five to train on."""
    return write_fake_corpus(tmp_path / "data")


def test_every_fiftieth_item_is_kept_apart(corpus: Path) -> None:
    found = open_corpus(corpus)
    assert found.classes == CLASSES and found.size == 64
    assert found.validation == ("000000",)
    assert found.training == tuple(f"{k:06d}" for k in range(1, 6))


def test_a_patch_is_a_window_of_image_and_mask_alike(corpus: Path) -> None:
    """The mask goes along: where there is curve there is ink, however the patch is cut and mirrored."""
    grey, mask = cut_batch(open_corpus(corpus), 0, 3, batch=8, crop=32, crops_per_image=3)
    assert grey.shape == (8, 1, 32, 32) and mask.shape == (8, 32, 32)
    assert grey.dtype == mask.dtype == np.uint8
    assert (mask > 0).any()
    for one, truth in zip(grey[:, 0], mask, strict=True):
        if (truth > 0).any() and (truth == 0).any():
            assert one[truth > 0].mean() < one[truth == 0].mean() - 30


def test_patches_depend_on_seed_and_step_only(corpus: Path) -> None:
    found = open_corpus(corpus)
    kinds = [(0, 1), (0, 2), (1, 1)]
    cut = {kind: cut_batch(found, *kind, batch=4, crop=32, crops_per_image=2)[0].tobytes() for kind in kinds}
    assert len(set(cut.values())) == 3
    assert cut[0, 1] == cut_batch(found, 0, 1, 4, 32, 2)[0].tobytes()


@pytest.mark.parametrize("workers", [0, 1, 3])
def test_threads_change_nothing(corpus: Path, workers: int) -> None:
    found = open_corpus(corpus)
    with batches(found, 5, range(2, 12), 4, 32, 2, workers) as stream:
        several = [grey.tobytes() for grey, _ in stream]
    assert several == [cut_batch(found, 5, step, 4, 32, 2)[0].tobytes() for step in range(2, 12)]


def test_each_round_shows_every_item_once() -> None:
    names = tuple("abcdefg")
    rounds = [[_name_at(names, 0, 7 * turn + k) for k in range(7)] for turn in range(3)]
    assert all(sorted(order) == list(names) for order in rounds)
    assert rounds[0] != rounds[1]


def test_mirrors_and_jitter_are_used(corpus: Path) -> None:
    found = open_corpus(corpus)
    seen: Counter[bytes] = Counter()
    for step in range(12):
        grey, _ = cut_batch(found, 0, step, batch=1, crop=64, crops_per_image=1)
        seen[grey.tobytes()] += 1
    assert len(seen) > 5  # more than there are images


def _refused(folder: Path) -> str:
    with pytest.raises(DataError) as caught:
        corpus = open_corpus(folder)
        for name in corpus.names:
            corpus.read(name)
            corpus.truth(name)
    message = str(caught.value)
    assert "\n" not in message and str(folder) in message
    return message


@pytest.mark.parametrize("name", ["none", "."])
def test_no_corpus(tmp_path: Path, name: str) -> None:
    assert "logdigit synth" in _refused(tmp_path / name)


@pytest.mark.parametrize(
    "change",
    [{"items": []}, {"items": None}, {"classes": []}, {"kind": "page"}, {"size": "x"}, {"items": [{}]}],
)
def test_a_manifest_of_nothing(corpus: Path, change: dict[str, object]) -> None:
    manifest = json.loads((corpus / "manifest.json").read_text())
    (corpus / "manifest.json").write_text(json.dumps(manifest | change))
    assert "logdigit synth" in _refused(corpus)


@pytest.mark.parametrize("text", ["", "[]", "{", "\x00"])
def test_a_manifest_that_is_none(corpus: Path, text: str) -> None:
    (corpus / "manifest.json").write_text(text)
    assert "logdigit synth" in _refused(corpus)


@pytest.mark.parametrize("kind", ["images", "masks", "truth"])
def test_missing_files(corpus: Path, kind: str) -> None:
    shutil.rmtree(corpus / kind)
    assert f"6 files of {kind}" in _refused(corpus)


@pytest.mark.parametrize("name", ["images/000002.png", "masks/000002.png", "truth/000002.npz"])
@pytest.mark.parametrize("kept", [0, 60])
def test_damaged_files(corpus: Path, name: str, kept: int) -> None:
    path = corpus / name
    path.write_bytes(path.read_bytes()[:kept])
    assert "000002" in _refused(corpus)


def test_files_that_do_not_fit(corpus: Path) -> None:
    path = corpus / "images" / "000003.png"
    Image.fromarray(np.zeros((32, 64), np.uint8)).save(path)
    assert "(64, 64)" in _refused(corpus)


def test_a_class_without_a_name(corpus: Path) -> None:
    Image.fromarray(np.full((64, 64), 9, np.uint8)).save(corpus / "masks" / "000003.png")
    assert "class 9" in _refused(corpus)


def test_truth_that_does_not_fit(corpus: Path) -> None:
    np.savez(corpus / "truth" / "000003.npz", x=np.zeros((1, 5)), cls=np.ones(1))
    assert "64 px" in _refused(corpus)
