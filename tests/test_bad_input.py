"""Every bad input: its exit code, one clear line, no traceback, no output file."""

from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from logdigit.cli import main

LAYOUT = """version = 1
[geometry]
skew_deg = 0.0
dpi = [200.0, 200.0]
[[section]]
rows = [0, 400]
unit = "FT"
ticks = [[0.0, 100.0], [400.0, 140.0]]
[[section.track]]
left = 10.0
right = 290.0
[[section.track.curve]]
mnemonic = "GR"
unit = "GAPI"
scale = [0.0, 150.0]
"""


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    pixels = np.full((400, 300), 255, np.uint8)
    pixels[:, 149:152] = 0
    Image.fromarray(pixels).save("scan.tif")
    Path("well.toml").write_text(LAYOUT)
    Path("out").mkdir()
    return tmp_path


def text_file() -> None:
    Path("scan.tif").write_text("this is no picture")


def empty_file() -> None:
    Path("scan.tif").write_bytes(b"")


def truncated() -> None:
    Image.fromarray(np.random.default_rng(0).integers(0, 255, (400, 300), np.uint8)).save("scan.tif")
    data = Path("scan.tif").read_bytes()
    Path("scan.tif").write_bytes(data[: len(data) // 2])


def missing() -> None:
    Path("scan.tif").unlink()


def broken_weights() -> None:
    Path("w.safetensors").write_bytes(b"\x10\0\0\0\0\0\0\0not safetensors at all")


def pdf_without_pages() -> None:
    Path("scan.tif").write_bytes(
        b"%PDF-1.4\n1 0 obj<</Type/Catalog/Pages 2 0 R>>endobj\n2 0 obj<</Type/Pages/Kids[]/Count 0>>endobj\n"
        b"trailer<</Root 1 0 R>>\n%%EOF\n"
    )


def one_pixel() -> None:
    Image.fromarray(np.zeros((1, 1), np.uint8)).save("scan.tif")


def white() -> None:
    Image.fromarray(np.full((400, 300), 255, np.uint8)).save("scan.tif")


def layout(old: str, new: str) -> Callable[[], None]:
    def change() -> None:
        assert old in LAYOUT
        Path("well.toml").write_text(LAYOUT.replace(old, new))

    return change


GIVEN = ["--layout", "well.toml", "-o", "out/well.las"]
CASES: dict[str, tuple[Callable[[], object], list[str], int, str]] = {
    "missing file": (missing, GIVEN, 3, "scan.tif"),
    "text file": (text_file, GIVEN, 3, "scan.tif"),
    "empty file": (empty_file, GIVEN, 3, "scan.tif"),
    "truncated": (truncated, GIVEN, 3, "scan.tif"),
    "pdf without pages": (pdf_without_pages, GIVEN, 3, "scan.tif"),
    "corrupt weights": (broken_weights, [*GIVEN, "--weights", "w.safetensors"], 3, "w.safetensors"),
    "missing weights": (lambda: None, [*GIVEN, "--weights", "none.safetensors"], 3, "none.safetensors"),
    "one tick": (layout(", [400.0, 140.0]", ""), GIVEN, 2, "tick"),
    "unknown key": (layout("mnemonic", "mnemonics"), GIVEN, 2, "mnemonic"),
    "track outside": (layout("290.0", "2900.0"), GIVEN, 2, "track"),
    "log scale with zero": (layout("[0.0, 150.0]", '[0.0, 150.0]\nkind = "log"'), GIVEN, 2, "GR"),
    "layout is missing": (lambda: Path("well.toml").unlink(), GIVEN, 2, "well.toml"),
    "depth not increasing": (
        lambda: None,
        ["-o", "out/well.las", "--depth", "0=200", "--depth", "399=100", "--depth-unit", "ft",
         "--curve", "GR track=1 scale=0:150 unit=GAPI"],
        2,
        "depth",
    ),
    "no output directory": (lambda: None, ["--layout", "well.toml", "-o", "nowhere/well.las"], 2, "nowhere"),
    "one pixel": (one_pixel, GIVEN, 4, "1 x 1"),
    "one pixel, by options": (
        one_pixel,
        ["-o", "out/well.las", "--depth", "0=100", "--depth", "399=200", "--depth-unit", "ft",
         "--curve", "GR track=1 scale=0:150 unit=GAPI"],
        4,
        "1 x 1",
    ),
    "white page": (white, GIVEN, 4, "GR"),
    "white page, by options": (
        white,
        ["-o", "out/well.las", "--depth", "0=100", "--depth", "399=200", "--depth-unit", "ft",
         "--curve", "GR track=1 scale=0:150 unit=GAPI"],
        4,
        "track",
    ),
    "output exists": (lambda: Path("out/well.las").write_text("mine"), GIVEN, 5, "overwrite"),
}  # fmt: skip


@pytest.mark.parametrize(("prepare", "options", "code", "says"), CASES.values(), ids=list(CASES))
def test_bad_input_ends_in_one_line_and_leaves_nothing(
    folder: Path,
    capsys: pytest.CaptureFixture[str],
    prepare: Callable[[], object],
    options: list[str],
    code: int,
    says: str,
) -> None:
    prepare()
    before = {path: path.read_bytes() for path in folder.rglob("*") if path.is_file()}
    assert main(["digitise", "scan.tif", *options]) == code
    captured = capsys.readouterr()
    lines = captured.err.strip().splitlines()
    assert len(lines) == 1 and says.lower() in lines[0].lower(), captured.err
    assert "Traceback" not in captured.err and captured.out == ""
    assert {path: path.read_bytes() for path in folder.rglob("*") if path.is_file()} == before
