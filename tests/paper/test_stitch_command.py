"""``logdigit stitch`` from files to a file."""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np
import pytest
from drawn_sheets import draw_log
from PIL import Image

from logdigit.cli import main
from logdigit.options import DigitiseOptions
from logdigit.paper.given import layout_of
from logdigit.paper.page import open_pages
from logdigit.paper.raster import ArrayPage
from logdigit.types import Finding, Join, Strip, UInt8


def save(path: Path, pixels: UInt8) -> str:
    Image.fromarray(pixels > 127).save(path, compression="group4", dpi=(200, 200))
    return str(path)


def test_pages_become_a_strip(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    log = draw_log(1500, 5)
    pages = [save(tmp_path / "a.tif", log[:800]), save(tmp_path / "b.tif", log[600:])]
    out = tmp_path / "strip.tif"
    assert main(["stitch", *pages, "-o", str(out), "--json"]) == 0
    said = capsys.readouterr()
    (page,) = open_pages([out])
    assert np.array_equal(page.read(0, page.height), log) and page.dpi == (200.0, 200.0)
    assert "b.tif: row 700, overlap 200.0 px, confidence" in said.err
    joins = json.loads(said.out)
    assert [p["kind"] for p in joins["pages"]] == ["first", "overlap"] and joins["findings"] == []
    assert main(["stitch", *pages, "-o", str(out)]) == 5
    assert main(["stitch", *pages, "-o", str(out), "--overwrite"]) == 0
    assert main(["stitch", *pages, "-o", pages[0], "--overwrite"]) == 2  # a page is no output
    assert main(["stitch", *pages, "-o", str(tmp_path / "strip.png")]) == 2


def test_a_refusal_writes_nothing(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    log = draw_log(1500, 5)
    pages = [save(tmp_path / "a.tif", log[:800]), save(tmp_path / "b.tif", np.rot90(log[600:], 2).copy())]
    before = sorted(tmp_path.iterdir())
    assert main(["stitch", *pages, "-o", str(tmp_path / "strip.tif")]) == 4
    assert "b.tif: lies upside down" in capsys.readouterr().err
    assert main(["stitch", pages[0], str(tmp_path / "none.tif"), "-o", str(tmp_path / "strip.tif")]) == 3
    assert sorted(tmp_path.iterdir()) == before


def test_findings_of_joins_reach_the_result(tmp_path: Path) -> None:
    page = ArrayPage(np.full((400, 300), 255, dtype=np.uint8), (200.0, 200.0), "a.tif", 0)
    doubt = Finding("doubtful join", "b.tif follows a.tif")
    strip = Strip((page,), (Join(0, 1.0),), (doubt,))
    text = 'version = 1\n[geometry]\nskew_deg = 0.0\n[[section]]\nrows = [0, 400]\nunit = "FT"\n'
    text += "ticks = [[10.0, 100.0], [390.0, 140.0]]\n[[section.track]]\nleft = 10.0\nright = 290.0\n"
    (tmp_path / "well.toml").write_text(text)
    _, findings = layout_of(strip, DigitiseOptions(layout=tmp_path / "well.toml"), lambda *_: None)
    assert findings == (doubt,)
