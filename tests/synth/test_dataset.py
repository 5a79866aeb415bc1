import json
from pathlib import Path

import cv2
import numpy as np
import pytest

from logdigit.errors import LogdigitError, OutputExistsError, UsageError
from logdigit.options import SynthConfig
from logdigit.synth import dataset
from logdigit.synth.dataset import write_corpus
from logdigit.synth.patches import make_patch
from logdigit.synth.sheet import COLOURS, contact_sheet
from logdigit.types import CLASSES


def config(out: Path, **changes: object) -> SynthConfig:
    return SynthConfig(**{"n": 4, "out": out, "seed": 5, "size": 128, "workers": 1} | changes)  # type: ignore[arg-type]


def bytes_of(folder: Path) -> dict[str, bytes]:
    return {str(p.relative_to(folder)): p.read_bytes() for p in sorted(folder.rglob("*")) if p.is_file()}


def test_the_same_seed_gives_the_same_bytes(tmp_path: Path) -> None:
    for name in ("a", "b"):
        write_corpus(config(tmp_path / name))
    assert bytes_of(tmp_path / "a") == bytes_of(tmp_path / "b")
    write_corpus(config(tmp_path / "c", seed=6))
    assert bytes_of(tmp_path / "a") != bytes_of(tmp_path / "c")


def test_workers_do_not_change_the_bytes(tmp_path: Path) -> None:
    write_corpus(config(tmp_path / "one", n=21))
    write_corpus(config(tmp_path / "two", n=21, workers=2))
    assert bytes_of(tmp_path / "one") == bytes_of(tmp_path / "two")


def test_a_killed_run_goes_on_and_ends_the_same(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    write_corpus(config(tmp_path / "whole"))
    real = dataset._write_item

    def dies(config: SynthConfig, index: int) -> dict[str, object]:
        if index == 2:
            raise KeyboardInterrupt
        return real(config, index)

    monkeypatch.setattr(dataset, "_write_item", dies)
    with pytest.raises(KeyboardInterrupt):
        write_corpus(config(tmp_path / "killed"))
    assert not (tmp_path / "killed" / "manifest.json").exists()
    monkeypatch.setattr(dataset, "_write_item", real)
    write_corpus(config(tmp_path / "killed"))
    assert bytes_of(tmp_path / "killed") == bytes_of(tmp_path / "whole")


def test_manifest_counts_what_is_in_the_masks(tmp_path: Path) -> None:
    manifest = write_corpus(config(tmp_path / "c"))
    assert json.loads((tmp_path / "c" / "manifest.json").read_text()) == manifest
    for item in manifest["items"]:
        mask = cv2.imread(str(tmp_path / "c" / "masks" / f"{item['name']}.png"), cv2.IMREAD_GRAYSCALE)
        assert np.bincount(np.asarray(mask).ravel(), minlength=5).tolist() == item["pixels"]
    assert sum(manifest["share"].values()) == pytest.approx(1, abs=1e-4)


def test_truth_of_an_unwarped_patch_lies_on_its_mask() -> None:
    checked = 0
    for index in range(40):
        patch = make_patch(9, index, 256)
        if {"skew", "wave", "stretch", "seam"} & set(patch.wear.kinds()):
            continue
        for x in patch.x:
            rows = np.flatnonzero(np.isfinite(x) & (x > 2) & (x < 253))
            on = patch.mask[rows, np.rint(x[rows]).astype(int)] > 0
            assert len(rows) < 20 or on.mean() > 0.97
            checked += len(rows)
    assert checked > 2000


@pytest.mark.parametrize("n", [0, -3])
def test_no_items_is_an_error(tmp_path: Path, n: int) -> None:
    with pytest.raises(UsageError, match="--n"):
        write_corpus(config(tmp_path / "c", n=n))


def test_what_is_there_is_never_touched(tmp_path: Path) -> None:
    (tmp_path / "mine.txt").write_text("keep")
    with pytest.raises(OutputExistsError, match="not empty"):
        write_corpus(config(tmp_path))
    assert (tmp_path / "mine.txt").read_text() == "keep"


def test_a_file_in_the_way_is_an_error(tmp_path: Path) -> None:
    (tmp_path / "data").write_text("x")
    with pytest.raises(UsageError, match="is a file"):
        write_corpus(config(tmp_path / "data"))


def test_other_options_do_not_go_on_with_a_killed_run(tmp_path: Path) -> None:
    out = tmp_path / "c"
    out.mkdir()
    (out / "plan.json").write_text(json.dumps({"seed": 1, "size": 128, "curves_from": ""}))
    with pytest.raises(OutputExistsError, match="other options"):
        write_corpus(config(out, seed=2))


def test_the_contact_sheet_shows_evenly_spaced_items(tmp_path: Path) -> None:
    out = tmp_path / "c"  # the sheet may lie in the corpus, which is made on the way
    manifest = write_corpus(config(out, n=26, size=64, sheet=out / "sheet.png"))
    sheet = np.asarray(cv2.imread(str(out / "sheet.png")))[..., ::-1]
    np.testing.assert_array_equal(sheet, contact_sheet(out, manifest["items"]))
    rows, columns = 6, 4
    cell = (64 + 30, 2 * 64 + 10)  # caption and gaps
    assert sheet.shape == (22 + rows * cell[0], 8 + columns * cell[1], 3)
    bottom = sheet[-8 - 64 : -8, -8 - 2 * 64 - 2 : -8]  # the last item
    image = np.asarray(cv2.imread(str(out / "images" / "000025.png")))
    np.testing.assert_array_equal(bottom[:, :64], image[..., ::-1])
    mask = np.asarray(cv2.imread(str(out / "masks" / "000025.png"), cv2.IMREAD_GRAYSCALE))
    assert ((bottom[:, -64:] < 255).any(axis=2) == (mask > 0)).all()
    for style, colour in COLOURS.items():
        assert ((bottom[:, -64:] == colour).all(axis=2) == (mask == CLASSES.index(style))).all()


def test_a_corpus_of_one_has_a_sheet_of_one(tmp_path: Path) -> None:
    write_corpus(config(tmp_path / "c", n=1, size=300, sheet=tmp_path / "s.png"))
    sheet = np.asarray(cv2.imread(str(tmp_path / "s.png")))
    assert sheet.shape == (22 + 22 + 256 + 8, 8 + 2 * 256 + 10, 3)


@pytest.mark.parametrize(
    ("name", "error", "says"),
    [
        ("none/s.png", UsageError, "does not exist"),
        ("s.tif", UsageError, "PNG"),
        ("folder.png", UsageError, "is a directory"),
        ("mine.png", OutputExistsError, "already exists"),
    ],
)
def test_a_sheet_that_cannot_be_written_is_refused_before_the_work(
    tmp_path: Path, name: str, error: type[LogdigitError], says: str
) -> None:
    (tmp_path / "folder.png").mkdir()
    (tmp_path / "mine.png").write_text("keep")
    with pytest.raises(error, match=says):
        write_corpus(config(tmp_path / "c", sheet=tmp_path / name))
    assert not (tmp_path / "c").exists()
    assert (tmp_path / "mine.png").read_text() == "keep"
