import errno
import hashlib
import json
from dataclasses import replace
from pathlib import Path

import cv2
import numpy as np
import pytest

from logdigit.errors import DataError, LogdigitError, OutputExistsError, UsageError
from logdigit.options import SynthConfig
from logdigit.synth import dataset
from logdigit.synth.census import patch_record
from logdigit.synth.dataset import write_corpus
from logdigit.synth.families import FAMILIES, family_names
from logdigit.synth.patches import make_patch
from logdigit.synth.sheet import COLOURS, contact_sheet
from logdigit.synth.wear import HELD_OUT_WEAR
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


def test_a_full_disk_keeps_what_is_whole(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    real, written = dataset.replace_bytes, []

    def fills_up(path: Path, data: bytes) -> None:
        if path.name == "000002.png":
            raise OSError(errno.ENOSPC, "No space left on device")
        written.append(path)
        real(path, data)

    monkeypatch.setattr(dataset, "replace_bytes", fills_up)
    with pytest.raises(DataError, match="disk is full; what is whole is kept"):
        write_corpus(config(tmp_path / "c"))
    monkeypatch.undo()
    whole = bytes_of(tmp_path / "c")
    assert {"truth/000000.npz", "truth/000001.npz"} <= set(whole)
    assert not any(name.endswith(".part") for name in whole)
    write_corpus(config(tmp_path / "c"))
    assert {k: v for k, v in bytes_of(tmp_path / "c").items() if k in whole and k != "plan.json"} == {
        k: v for k, v in whole.items() if k != "plan.json"
    }


def test_a_training_corpus_has_nothing_that_is_held_out() -> None:
    patches = [make_patch(1, index, 64) for index in range(60)]
    assert {p.family for p in patches} == set(family_names(held_out=False))
    assert not any(set(p.wear.kinds()) & set(HELD_OUT_WEAR) or p.held_out_of for p in patches)


def test_a_held_out_corpus_says_what_no_training_has_seen(tmp_path: Path) -> None:
    manifest = write_corpus(config(tmp_path / "c", n=12, held_out=True))
    assert manifest["held_out"] is True
    for item in manifest["items"]:
        unseen = {f"wear:{kind}" for kind in item["wear"] if kind in HELD_OUT_WEAR}
        unseen |= {f"family:{item['family']}"} if FAMILIES[item["family"]].held_out else set()
        assert unseen and set(item["held_out_of"]) == unseen


def test_the_census_counts_every_curve(tmp_path: Path) -> None:
    manifest = write_corpus(config(tmp_path / "c", n=12, size=192))
    curves = sum(len(item["styles"]) for item in manifest["items"])
    assert curves > 5
    assert sum(manifest["styles"].values()) == sum(manifest["widths_px"]["counts"]) == curves
    assert sum(manifest["overlap_of_rows"]["counts"]) == 12 == sum(manifest["families"].values())


def test_touching_curves_are_counted_as_overlap() -> None:
    patch = make_patch(1, 0, 64)
    rows = np.arange(64, dtype=np.float32)
    apart = np.array([np.full(64, 10.0), np.where(rows < 16, 11.0, 30.0)], np.float32)
    labels, widths = np.array([1, 2], np.uint8), np.array([2.0, 2.0], np.float32)
    touching = replace(patch, x=apart, labels=labels, widths=widths)
    assert patch_record(touching)["overlap"] == 0.25


def test_checksums_are_of_the_files(tmp_path: Path) -> None:
    manifest = write_corpus(config(tmp_path / "c", n=2))
    for item in manifest["items"]:
        digest = hashlib.sha256()
        for name in (f"images/{item['name']}.png", f"masks/{item['name']}.png", f"truth/{item['name']}.npz"):
            digest.update((tmp_path / "c" / name).read_bytes())
        assert digest.hexdigest() == item["sha256"]


def test_the_veernet_preset_keeps_to_its_specification() -> None:
    patches = [make_patch(4, index, 512, preset="veernet") for index in range(12)]
    for patch in patches:
        assert sorted(CLASSES[k] for k in patch.labels) == ["dashed", "solid"]
        assert ((patch.widths >= 1) & (patch.widths <= 2)).all()
        assert np.isfinite(patch.x).mean() > 0.98
    background = float(np.mean([(patch.mask == 0).mean() for patch in patches]))
    assert 0.955 < background < 0.99


def test_an_unknown_preset_names_those_there_are(tmp_path: Path) -> None:
    with pytest.raises(UsageError, match=r"--preset none: .*veernet"):
        write_corpus(config(tmp_path / "c", preset="none"))
    assert not (tmp_path / "c").exists()
