from __future__ import annotations

import json
import shutil
from pathlib import Path

import numpy as np
import pytest
from fake_corpus import write_fake_corpus
from PIL import Image

from logdigit.errors import DataError, UsageError
from logdigit.training.corpus import open_corpus
from logdigit.types import CLASSES


@pytest.fixture
def corpus(tmp_path: Path) -> Path:
    """Six patches of 64 px: one to validate on, five to train on."""
    return write_fake_corpus(tmp_path / "data")


def test_every_fiftieth_item_is_kept_apart(corpus: Path) -> None:
    found = open_corpus(corpus)
    assert found.classes == CLASSES and found.size == 64
    assert found.validation == found.test == ("000000",)
    assert found.training == tuple(f"{k:06d}" for k in range(1, 6))


def test_the_splits_share_nothing(tmp_path: Path) -> None:
    found = open_corpus(write_fake_corpus(tmp_path / "many", n=160, size=8))
    splits = (found.training, found.validation, found.test)
    assert found.validation == ("000000", "000100") and found.test == ("000050", "000150")
    assert sum(map(len, splits)) == 160 == len({name for split in splits for name in split})


def test_fewer_instances(corpus: Path) -> None:
    found = open_corpus(corpus).first(2)
    assert found.training == ("000001", "000002") and found.validation == ("000000",)
    assert open_corpus(corpus).first(0).training == open_corpus(corpus).first(99).training


def test_ink_of_no_class_that_is_told_apart_is_background(corpus: Path) -> None:
    whole = open_corpus(corpus)
    part = whole.of_classes(("background", "dotted", "solid"))
    for name in whole.names:
        before, after = whole.read(name)[1], part.read(name)[1]
        assert ((after == 1) == (before == CLASSES.index("dotted"))).all()
        assert ((after == 2) == (before == CLASSES.index("solid"))).all()
        (x, cls), (kept_x, kept_cls) = whole.truth(name), part.truth(name)
        known = [CLASSES[k] in ("dotted", "solid") for k in cls]
        assert [part.classes[k] for k in kept_cls] == [CLASSES[k] for k in cls[known]]
        np.testing.assert_array_equal(kept_x, x[known])


def test_ignored_pixels_stay_ignored(corpus: Path) -> None:
    path = corpus / "masks" / "000003.png"
    mask = np.array(Image.open(path))
    mask[:5] = 255
    Image.fromarray(mask).save(path)
    assert (open_corpus(corpus).of_classes(("background", "solid")).mask("000003")[:5] == 255).all()


@pytest.mark.parametrize("classes", [("background",), ("solid", "dashed"), ("background", "wavy")])
def test_classes_that_are_not_there(corpus: Path, classes: tuple[str, ...]) -> None:
    with pytest.raises(UsageError, match="background"):
        open_corpus(corpus).of_classes(classes)


def test_pixels_are_counted_in_the_masks_or_taken_from_the_manifest(corpus: Path) -> None:
    counted = open_corpus(corpus).pixels()
    assert counted.shape == (5, 5) and (counted.sum(axis=1) == 64 * 64).all()
    manifest = json.loads((corpus / "manifest.json").read_text())
    for item in manifest["items"]:
        item["pixels"] = [4000, 50, 30, 10, 6]
    (corpus / "manifest.json").write_text(json.dumps(manifest))
    stated = open_corpus(corpus).of_classes(("background", "dashed"))
    assert stated.pixels(["000002"]).tolist() == [[4066, 30]]


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
    [
        {"items": []},
        {"items": None},
        {"classes": []},
        {"kind": "page"},
        {"size": "x"},
        {"items": [{}]},
        {"items": [3]},
    ],
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
