"""Whole runs of `logdigit evaluate`, on files."""

from __future__ import annotations

import json
import shutil
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from PIL import Image

from logdigit import pipeline
from logdigit.cli import main
from logdigit.errors import DataError, LogdigitError, OutputExistsError, UsageError, WeightsError
from logdigit.evaluate import evaluate, summarise
from logdigit.evaluate.reports import LogReport
from logdigit.options import DigitiseOptions, EvaluateOptions
from logdigit.out.las import read_las, write_las
from logdigit.paper.spec import LayoutFile, SectionFile, TrackFile, write_layout
from logdigit.types import Digitised
from test_evaluate import WAVE, a_log, spec
from test_pipeline import GR, ROWS, InkIsSolid, layout, page

DT = 90 + 30 * np.cos(np.arange(ROWS) / 55)
ROW_OF = np.arange(160) * 5.0  # every half foot, 10 px a foot


def run(*inputs: Path, **options: object) -> list[LogReport]:
    return list(evaluate(EvaluateOptions(inputs, **options), segmenter=InkIsSolid()))  # type: ignore[arg-type]


def add_page(folder: Path, name: str, **about: object) -> dict[str, object]:
    """One generated page, and its entry in the manifest."""
    home = folder / "pages" / name
    home.mkdir(parents=True)
    Image.fromarray(page()).save(home / "scan.tif")
    write_layout(home / "layout.toml", layout())
    curves = {"GR": np.interp(ROW_OF, np.arange(ROWS), GR), "DT": np.interp(ROW_OF, np.arange(ROWS), DT)}
    write_las(home / "truth.las", a_log(depth=1000 + ROW_OF / 10, **curves))
    files = {key: f"pages/{name}/{file}" for key, file in (("layout", "layout.toml"), ("truth", "truth.las"))}
    entry = {"name": name, "family": "film", "wear": ["fade"], "held_out": False, "held_out_of": []}
    return {**entry, "files": [f"pages/{name}/scan.tif"], **files, **about}


def write_manifest(folder: Path, *items: dict[str, object], **about: object) -> None:
    folder.mkdir(exist_ok=True)
    manifest = {"version": 1, "kind": "page", "items": items, **about}
    (folder / "manifest.json").write_text(json.dumps(manifest))


@pytest.fixture
def pages(tmp_path: Path) -> Path:
    folder = tmp_path / "corpus"
    held = {"family": "fax", "held_out": True, "held_out_of": ["family:fax"]}
    write_manifest(folder, add_page(folder, "000000"), add_page(folder, "000001", **held))
    return folder


def test_generated_pages_are_digitised_and_judged(pages: Path, tmp_path: Path) -> None:
    logs = run(pages, keep=tmp_path / "kept")
    assert [(log.name, log.status, log.family, log.held_out) for log in logs] == [
        *(("000000", "compared", "film", False), ("000001", "compared", "fax", True))
    ]
    for log in logs:
        assert [c.mnemonic for c in log.curves] == ["GR", "DT"] and log.weights == "0" * 64
        assert all(c.score.mae < 0.003 and c.score.coverage > 0.95 and c.score.r > 0.999 for c in log.curves)
        assert all(c.source == "layout" and c.style == "solid" and c.sureness for c in log.curves)
    assert {group.part for group in summarise(logs)} == {"seen", "held out"}
    # what was kept can be judged again, without digitising, and is the same
    for name in ("000000", "000001"):
        shutil.copy(pages / "pages" / name / "truth.las", tmp_path / "kept" / f"{name}.true.las")
        shutil.copy(pages / "pages" / name / "layout.toml", tmp_path / "kept" / f"{name}.toml")
    again = run(tmp_path / "kept")
    assert again[0].curves[0].score.mae == pytest.approx(logs[0].curves[0].score.mae, rel=1e-4)
    with pytest.raises(OutputExistsError, match=r"000000\.las: already exists"):
        run(pages, keep=tmp_path / "kept")


def test_what_the_product_refuses_is_a_row_and_not_the_end(
    pages: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (pages / "pages" / "000000" / "scan.tif").write_bytes(b"no image")
    refused, good = run(pages)
    assert (refused.status, good.status) == ("refused", "compared")
    assert "not an image" in refused.reason and refused.missing == ("GR", "DT")
    assert [c.score.coverage for c in refused.curves] == [0, 0]
    # digitised without its layout, and judged by it all the same
    asked: list[Path | None] = []

    def on_its_own(scans: object, options: DigitiseOptions, *rest: object) -> None:
        asked.append(options.layout)
        raise UsageError("no layout")

    monkeypatch.setattr("logdigit.evaluate.run.digitise", on_its_own)
    logs = run(pages, layout="auto")
    assert asked == [None, None] and [log.reason for log in logs] == ["no layout"] * 2
    assert logs[1].curves[0].anchors == ((0.0, 0.0), (1.0, 150.0))


def test_what_would_be_wrong_with_every_page_ends_the_run(
    pages: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def no_weights(*given: object) -> None:
        raise WeightsError("w: no such weights")

    monkeypatch.setattr("logdigit.evaluate.run.digitise", no_weights)
    with pytest.raises(WeightsError):
        run(pages)
    for name in ("000000", "000001"):
        (pages / "pages" / name / "truth.las").write_text("junk")
    with pytest.raises(DataError, match="no true LAS file can be used"):
        run(pages)


def test_a_scan_alone(pages: Path, tmp_path: Path) -> None:
    home = pages / "pages" / "000000"
    halves = page()
    for k, part in enumerate((halves[:350], halves[350:])):
        Image.fromarray(part).save(tmp_path / f"{k}.png")
    scans = (tmp_path / "0.png", tmp_path / "1.png")
    (log,) = run(*scans, home / "truth.las", layout=str(home / "layout.toml"), interval=(1010.0, 1070.0))
    assert all(c.score.mae < 0.003 and c.score.coverage == 1 for c in log.curves)
    assert log.curves[0].score.n == 121
    with pytest.raises(LogdigitError):  # alone, a refusal is an error
        run(*scans, home / "truth.las", layout=str(tmp_path / "0.png"))


def test_a_scan_that_lays_itself_out_is_judged_by_that(pages: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    home = pages / "pages" / "000000"
    (told,) = run(pages, limit=1)

    def finds_it(scans: Sequence[Path], options: DigitiseOptions, *rest: Any) -> tuple[Digitised, ...]:
        assert options.layout is None
        return pipeline.digitise(scans, replace(options, layout=home / "layout.toml"), *rest)

    monkeypatch.setattr("logdigit.evaluate.run.digitise", finds_it)
    (log,) = run(home / "scan.tif", home / "truth.las")
    assert (log.curves, log.max_lag) == (told.curves, told.max_lag)


def test_a_printed_abbreviation_names_the_curve(pages: Path, tmp_path: Path) -> None:
    home = pages / "pages" / "000000"
    mine, layout_file = tmp_path / "mine.las", tmp_path / "well.toml"
    truth = read_las(home / "truth.las")
    curves = tuple(replace(c, mnemonic="SGR" if c.mnemonic == "GR" else c.mnemonic) for c in truth.curves)
    write_las(mine, replace(truth, curves=curves))
    told = layout()
    for printed, missing in (("SGR", ()), ("", ("GR",))):
        (section,) = told.sections
        tracks = tuple(
            replace(
                t, curves=tuple(replace(c, printed=printed if c.mnemonic == "GR" else "") for c in t.curves)
            )
            for t in section.tracks
        )
        write_layout(layout_file, replace(told, sections=(replace(section, tracks=tracks),)))
        (log,) = run(mine, home / "truth.las", layout=str(layout_file))
        assert log.missing == missing


def test_pairs_of_files_and_folders(tmp_path: Path) -> None:
    mine, true = tmp_path / "mine", tmp_path / "true"
    mine.mkdir()
    true.mkdir()
    for k, name in enumerate(("a", "b", "c")):
        write_las(true / f"{name}.las", a_log(GR=150 * WAVE))
        write_las(mine / f"{name}.las", a_log(GR=150 * WAVE + k))
    (mine / "b.las").write_text("junk")
    (mine / "c.las").unlink()
    a, b, c = run(mine, true, scales=("GR=0:150",))
    assert (a.status, b.status, c.status) == ("compared", "refused", "refused")
    assert a.curves[0].score.mae == pytest.approx(0, abs=1e-6) and a.curves[0].source == "option"
    assert "not a LAS file" in b.reason and "is not there" in c.reason
    for name in ("a", "b"):
        shutil.copy(true / f"{name}.las", mine / f"{name}.true.las")
    assert [log.name for log in run(mine)] == ["a", "b"]
    assert [log.name for log in run(mine, true, limit=2)] == ["a", "c"]
    track = TrackFile(0.0, 90.0, (spec("GR", 0, 300),))
    ticks = ((0.0, 1000.0), (2000.0, 1200.0))
    write_layout(mine / "a.toml", LayoutFile((SectionFile((0, 2001), "FT", ticks, (track,)),)))
    assert run(mine)[0].curves[0].anchors == ((0.0, 0.0), (1.0, 300.0))


@pytest.mark.parametrize(
    ("manifest", "message"),
    [
        ("[1", "not valid JSON"),
        ("[]", "not a corpus of pages"),
        ('{"version": 1, "kind": "patch", "items": []}', "of kind patch; logdigit synth --kind page"),
        ('{"version": 9, "kind": "page", "items": [{}]}', "version 9"),
        ('{"version": 1, "kind": "page", "items": []}', "lists no pages"),
        ('{"version": 1, "kind": "page", "items": [{"name": "a"}]}', "an item lacks 'files'"),
        ('{"version": 1, "kind": "page", "items": [3]}', "another form"),
    ],
)
def test_manifests_that_are_not_of_pages(tmp_path: Path, manifest: str, message: str) -> None:
    (tmp_path / "manifest.json").write_text(manifest)
    with pytest.raises(DataError, match=message):
        run(tmp_path)


@pytest.fixture
def las(tmp_path: Path) -> Path:
    write_las(tmp_path / "mine.las", a_log(GR=150 * WAVE + 1.5))
    write_las(tmp_path / "true.las", a_log(GR=150 * WAVE, SP=WAVE))
    return tmp_path


def test_the_command_prints_json_to_stdout_and_tables_to_stderr(
    las: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    words = ["evaluate", f"{las}/mine.las", f"{las}/true.las", "--scale", "GR=0:150", "--json"]
    assert main([*words, "-o", f"{las}/report.json"]) == 0
    out, err = capsys.readouterr()
    (line,) = out.splitlines()
    log = json.loads(line)
    assert log["curves"][0]["score"]["mae"] == pytest.approx(0.01) and log["missing"] == ["SP"]
    assert log["curves"][0]["score"]["mae_units"] == pytest.approx(1.5)
    row = next(line for line in err.splitlines() if line.startswith("| GR"))
    assert [cell.strip() for cell in row.split("|")][1:6] == ["GR", "0:150", "-", "1.00", "1.00"]
    assert "missing: SP" in err and "within 5 ft" in err
    report = json.loads((las / "report.json").read_text())
    assert report["logs"] == [log] and report["groups"][0]["missing"] == 1
    assert main([*words, "-o", f"{las}/report.json"]) == 5


def test_a_folder_gets_a_table_of_groups(las: Path, capsys: pytest.CaptureFixture[str]) -> None:
    for name in ("a", "b"):
        shutil.copy(las / "mine.las", las / f"{name}.las")
        shutil.copy(las / "true.las", las / f"{name}.true.las")
    assert main(["evaluate", str(las), "--curves", "gr"]) == 0
    out, err = capsys.readouterr()
    rows = [line for line in err.splitlines() if line.startswith("|")]
    assert out == "" and rows[-1].startswith("| b ")
    assert [cell.strip() for cell in rows[2].split("|")][1:4] == ["all logs", "2", "2"]


@pytest.mark.parametrize(
    ("words", "code"),
    [
        ("mine.las", 2),
        ("mine.las gone.las", 3),
        ("mine.las notes.txt", 2),
        ("mine.las mine.las true.las", 2),
        ("notes.las true.las", 3),
        ("mine.las notes.las", 3),
        ("other.las true.las", 3),
        ("deeper.las true.las", 3),
        ("empty", 3),
        ("empty mine.las", 2),
        ("empty empty", 3),
        ("mine.las true.las --layout given", 2),
        ("mine.las true.las --layout gone.toml", 2),
        ("mine.las true.las --scale GR=1", 2),
        ("mine.las true.las --scale XX=1:2", 2),
        ("mine.las true.las --match GR", 2),
        ("mine.las true.las --match GR=XX", 2),
        ("mine.las true.las --match GR=SP --match GR=GR", 2),
        ("mine.las true.las --curves XX", 2),
        ("mine.las true.las --interval 5", 2),
        ("mine.las true.las --interval 9:5", 2),
        ("mine.las true.las --interval 5:9", 3),
        ("mine.las true.las --max-lag 0", 2),
        ("mine.las true.las --limit -1", 2),
        ("mine.las true.las -o gone/report.json", 2),
        ("mine.las true.las -o mine.las --overwrite", 2),
    ],
)
def test_bad_input_is_one_line_and_a_code(
    las: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch, words: str, code: int
) -> None:
    monkeypatch.chdir(las)
    Path("empty").mkdir()
    for name in ("notes.txt", "notes.las"):
        Path(name).write_text("no LAS file")
    write_las(Path("other.las"), a_log(XYZ=WAVE))
    log = read_las(Path("mine.las"))
    deep = log.depth + 5000
    write_las(Path("deeper.las"), replace(log, depth=deep, curves=(replace(log.curves[0], depth=deep),)))
    assert main(["evaluate", *words.split()]) == code
    out, err = capsys.readouterr()
    assert out == "" and err.startswith("logdigit: error: ") and len(err.splitlines()) == 1


def test_every_field_of_the_options_has_an_option() -> None:
    from logdigit.cli.evaluate import evaluate as command

    spelled = {"scales": "scale"}
    fields = {spelled.get(name, name) for name in EvaluateOptions.__dataclass_fields__}
    assert fields <= set(command.__annotations__)


def test_what_ought_to_be_refused_is_in_no_other_figure(tmp_path: Path) -> None:
    lost = {"joins": {"butt": False, "missing": [100, 200]}, "expect": "refusal"}
    laps = {"joins": {"butt": False, "missing": None}, "expect": "log"}
    write_manifest(tmp_path, add_page(tmp_path, "a", **lost), add_page(tmp_path, "b", **laps))
    logs = run(tmp_path)
    assert [(log.refusal, log.sheets) for log in logs] == [
        (True, "a sheet is missing"),
        (False, "sheets overlap"),
    ]
    groups = {(group.by, group.name): group for group in summarise(logs)}
    assert groups["all", "all"].logs == 1 == groups["sheets", "sheets overlap"].logs
    assert ("sheets", "a sheet is missing") not in groups
    trap = groups["refusal", "to be refused"]
    assert (trap.logs, trap.refused) == (1, 0)
