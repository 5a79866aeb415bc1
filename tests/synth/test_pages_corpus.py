"""Corpora of pages on disk, made of short strips so that a test takes seconds."""

from __future__ import annotations

import errno
import hashlib
import json
import sys
from pathlib import Path
from typing import Any

import cv2
import numpy as np
import pytest
from PIL import Image

from logdigit.errors import DataError, OutputExistsError, UsageError
from logdigit.options import SynthConfig
from logdigit.out.las import read_las, write_las
from logdigit.paper.page import open_pages
from logdigit.paper.spec import read_layout
from logdigit.synth import page_wells, pages
from logdigit.synth.families import FAMILIES
from logdigit.synth.page_contact import WIDTH_PX
from logdigit.synth.page_paper import Paper
from logdigit.synth.page_scan import Printed, scan_page
from logdigit.synth.page_sheets import cut
from logdigit.synth.page_text import HELD_OUT_FONT
from logdigit.synth.pages import Page, make_page, write_pages
from logdigit.synth.wear import HELD_OUT_WEAR, Wear
from logdigit.types import Curve, Float, UInt8, WellLog

sys.path.insert(0, str(Path(__file__).parents[1] / "out"))
from las_checker import read
from test_pages import centres

REAL_CHUNK = pages._chunk
N, SEED = 2, 5


def shorten(patch: pytest.MonkeyPatch) -> None:
    """Make short strips, half of them sets."""
    patch.setattr(page_wells, "_LEAST_ROWS", 500.0)
    patch.setattr(page_wells, "_MOST_ROWS", 700.0)
    patch.setattr(pages, "_SETS", 0.5)


def short_chunk(args: Any) -> list[dict[str, Any]]:
    """Makes short strips in whichever process it runs."""
    with pytest.MonkeyPatch.context() as patch:
        shorten(patch)
        return REAL_CHUNK(args)


@pytest.fixture(autouse=True)
def short(monkeypatch: pytest.MonkeyPatch) -> None:
    shorten(monkeypatch)
    monkeypatch.setattr(pages, "_chunk", short_chunk)


def config(out: Path, **changes: object) -> SynthConfig:
    given = {"n": N, "out": out, "seed": SEED, "kind": "page", "workers": 1}
    return SynthConfig(**given | changes)  # type: ignore[arg-type]


def bytes_of(folder: Path) -> dict[str, bytes]:
    return {str(p.relative_to(folder)): p.read_bytes() for p in sorted(folder.rglob("*")) if p.is_file()}


@pytest.fixture(scope="module")
def corpus(tmp_path_factory: pytest.TempPathFactory) -> Path:
    out = tmp_path_factory.mktemp("pages") / "corpus"
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(pages, "_chunk", short_chunk)
        write_pages(config(out, sheet=out / "sheet.png"))
    return out


def items_of(corpus: Path) -> list[dict[str, Any]]:
    return list(json.loads((corpus / "manifest.json").read_text())["items"])


def test_workers_do_not_change_the_bytes(corpus: Path, tmp_path: Path) -> None:
    write_pages(config(tmp_path / "two", workers=2))
    whole = {name: data for name, data in bytes_of(corpus).items() if name != "sheet.png"}
    assert bytes_of(tmp_path / "two") == whole


def test_a_killed_run_and_a_full_disk_lose_nothing(
    corpus: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    out, troubles = tmp_path / "c", [OSError(errno.ENOSPC, "No space left on device"), KeyboardInterrupt()]

    def fails(path: Path, log: WellLog) -> None:
        if path.parent.name == "000001.part" and troubles:
            trouble = troubles.pop()
            try:
                raise trouble
            except OSError:
                raise UsageError("as the writer of LAS files puts it") from None
        write_las(path, log)

    monkeypatch.setattr(pages, "write_las", fails)
    with pytest.raises(KeyboardInterrupt):
        write_pages(config(out))
    assert [path.name for path in (out / "pages").iterdir()] == ["000000"]  # nothing that is half there
    with pytest.raises(DataError, match="disk is full; what is whole is kept"):
        write_pages(config(out))
    assert [path.name for path in (out / "pages").iterdir()] == ["000000"]
    write_pages(config(out))
    assert bytes_of(out) == {name: data for name, data in bytes_of(corpus).items() if name != "sheet.png"}


@pytest.fixture(scope="module")
def made() -> list[Page]:
    with pytest.MonkeyPatch.context() as patch:
        shorten(patch)
        return [make_page(SEED, index) for index in range(N)]


def test_every_file_of_an_item_can_be_read_back(corpus: Path, made: list[Page]) -> None:
    items = items_of(corpus)
    assert {"joins" in item for item in items} == {True, False}
    for item, page in zip(items, made, strict=True):
        layout = read_layout(corpus / item["layout"])
        assert layout.sections == page.layout.sections
        assert [s.pass_name for s in layout.sections] == [s["pass"] for s in item["sections"]]
        for section, entry, log in zip(layout.sections, item["sections"], page.truths, strict=True):
            path = corpus / entry["truth"]
            assert not read(path).errors
            back = read_las(path)
            np.testing.assert_allclose(back.depth, log.depth, atol=1e-6)
            declared = {curve.mnemonic for track in section.tracks for curve in track.curves}
            assert declared == {curve.mnemonic for curve in back.curves}
            for read_back, true in zip(back.curves, log.curves, strict=True):
                np.testing.assert_allclose(read_back.value, true.value, rtol=1e-4, atol=1e-4)
        assert item["truth"] in [entry["truth"] for entry in item["sections"]]


def test_a_scan_is_filed_as_the_manifest_says(corpus: Path, made: list[Page]) -> None:
    for item, page in zip(items_of(corpus), made, strict=True):
        scans = open_pages([corpus / file for file in item["files"]])
        assert [(scan.height, scan.width) for scan in scans] == [scan.shape[:2] for scan in page.scans]
        tag = item["tagged"]
        assert scans[0].dpi == (None if tag is None else pytest.approx(tag, rel=1e-3))
        counts = np.sum([np.bincount(mask.ravel(), minlength=5) for mask in page.masks], axis=0)
        assert item["pixels"] == counts.tolist()


def test_checksums_are_of_the_files(corpus: Path) -> None:
    for item in items_of(corpus):
        folder = corpus / "pages" / item["name"]
        digest = hashlib.sha256(b"".join(path.read_bytes() for path in sorted(folder.iterdir())))
        assert item["sha256"] == digest.hexdigest()


def test_the_contact_sheet_shows_every_item(corpus: Path) -> None:
    sheet = np.asarray(Image.open(corpus / "sheet.png"))
    assert sheet.shape[1] > N * WIDTH_PX
    for column in np.array_split(sheet, N, axis=1):
        assert 0.001 < (column < 100).mean() < 0.6


def test_sheets_of_a_set_show_the_same_strip() -> None:
    """A slanted line, scanned whole and sheet by sheet: put back as the manifest says, they are one."""
    picture: UInt8 = np.full((6000, 1200), 255, np.uint8)
    mask = np.zeros_like(picture)
    for canvas, ink in ((picture, 0), (mask, 1)):
        cv2.line(canvas, (100, 0), (1100, 5999), (ink,), 6)
    size, laps = (3000, 600), 0
    for seed in range(4):
        printed, paper = Printed(picture, mask), Paper()
        _, whole = scan_page(printed, paper, Wear(), size, (0,))
        sheets = cut(np.random.default_rng(seed), *size, 1.0)
        for entry, sheet in zip(sheets.record(), sheets.sheets, strict=True):
            own = (sheet.height, sheet.width)
            _, shown = scan_page(printed, paper, Wear(), own, (0,), sheet.to_strip)
            top, bottom = (round(row) for row in entry["rows"])
            place = np.array(entry["to_strip"]) - [[0, 0, 0], [0, 0, top]]
            back = cv2.warpAffine(shown, place, (600, bottom - top), flags=cv2.INTER_NEAREST)
            x, y = centres(np.asarray(back, np.uint8), 0, 599)
            want, rows = centres(whole[top:bottom], 0, 599)
            inside = np.isin(y, rows) & (y > 12) & (y < bottom - top - 12)
            assert inside.sum() > 0.8 * (bottom - top)
            off = np.abs(x[inside] - np.interp(y[inside], rows, want))
            assert off.mean() < 0.4 and off.max() < 1.6  # masks are cut to whole px twice
            laps += entry["overlap_px"] > 100
        if sheets.missing is not None:
            assert entry["overlap_px"] == sheets.missing[0] - sheets.missing[1] < 0
    assert laps


def test_curves_of_a_las_file_are_printed_as_they_are(tmp_path: Path) -> None:
    depth: Float = np.arange(3000.0, 5000.0) / 2
    names = {"GR": 70 + 40 * np.sin(depth / 9), "RHOB": 2.4 + 0.2 * np.cos(depth / 7)}
    curves = [Curve(name, "", "", depth, value, np.ones(2000)) for name, value in names.items()]
    write_las(tmp_path / "a.las", WellLog({"WELL": "STYX 1"}, "FT", 0.5, depth, tuple(curves)))
    page = make_page(1, 0, logs=(tmp_path / "a.las",))
    truth = page.truths[page.main]
    assert page.layout.header["WELL"] == "STYX 1" and truth.unit == "FT"
    assert {curve.mnemonic for curve in truth.curves} <= set(names)
    for curve in truth.curves:
        known = np.isfinite(curve.value)
        assert known.mean() > 0.4
        want = np.interp(curve.depth, depth, names[curve.mnemonic])
        np.testing.assert_allclose(curve.value[known], want[known], rtol=1e-3)


def test_a_held_out_page_says_what_no_training_has_seen() -> None:
    for index in range(2):
        page = make_page(2, index, held_out=True)
        family = FAMILIES[page.record["family"]]
        unseen = {f"family:{family.name}"} if family.held_out else set()
        unseen |= {f"wear:{kind}" for kind in page.record["wear"] if kind in HELD_OUT_WEAR}
        said = set(page.record["held_out_of"])
        assert unseen <= said <= unseen | {f"font:{HELD_OUT_FONT}"} and said


@pytest.mark.parametrize(
    ("changes", "error", "says"),
    [
        ({"n": 0}, UsageError, "--n"),
        ({"sheet": Path("none/s.png")}, UsageError, "does not exist"),
        ({"curves_from": Path("nowhere")}, DataError, "no LAS file to print"),
    ],
)
def test_what_cannot_be_made_is_refused_before_the_work(
    tmp_path: Path, changes: dict[str, object], error: type[Exception], says: str
) -> None:
    with pytest.raises(error, match=says):
        write_pages(config(tmp_path / "c", **changes))
    assert not (tmp_path / "c").exists()


def test_what_is_there_is_never_touched(corpus: Path) -> None:
    before = bytes_of(corpus)
    with pytest.raises(OutputExistsError, match="not empty"):
        write_pages(config(corpus))
    assert bytes_of(corpus) == before
