"""What is no log, or not enough of one, is refused in one clear line, and nothing is written.

The print is drawn and read by the real engine: a page of 700 px takes it a second or two.
"""

from __future__ import annotations

from pathlib import Path

import cv2
import numpy as np
import pytest
from PIL import Image

from logdigit.errors import RefusalError
from logdigit.paper.auto import Auto, find_layout
from logdigit.paper.engine import engine
from logdigit.paper.raster import ArrayPage
from logdigit.paper.stitch import stitch
from logdigit.paper.text import Word
from logdigit.paper.upside import upside_down
from logdigit.pipeline import inspect
from logdigit.types import UInt8

WIDTH, HEIGHT, TOP = 700, 1480, 300
"""A log of 2 inches to 100 ft at 100 dpi: a line every 20 px, a figure every 200 px, first at TOP + 20."""


def page(*, figures: bool = True, second: int = 0) -> UInt8:
    """A print with two tracks and a depth column between; ``second`` adds another column beside it."""
    paper = np.full((HEIGHT, WIDTH), 255, dtype=np.uint8)
    for left, right in ((20, 270), (380, 630)):
        for x in np.linspace(left, right, 11).round().astype(int):
            cv2.line(paper, (int(x), TOP), (int(x), HEIGHT - 100), 0, 2 if x in (left, right) else 1)
        for k, y in enumerate(range(TOP, HEIGHT - 99, 20)):
            cv2.line(paper, (left, y), (right, y), 0, 3 if k % 10 == 1 else 1)
    write(paper, "MAIN PASS   DEPTH IN FEET", 150, 200)
    for k in range(6 if figures else 0):
        y = TOP + 20 + 200 * k
        write(paper, f"{4300 + 100 * k}", 292, y + 10)
        if second:
            write(paper, f"{4300 + 100 * k + second}", 634, y + 10, 0.6)
    return paper


def write(paper: UInt8, text: str, x: int, y: int, size: float = 0.85) -> None:
    cv2.putText(paper, text, (x, y), cv2.FONT_HERSHEY_SIMPLEX, size, 0, 2, cv2.LINE_AA)


def look(paper: UInt8) -> Auto:
    return find_layout(
        stitch([ArrayPage(paper, (100.0, 100.0), "memory.tif", 0)]), engine(), lambda message, share: None
    )


def test_the_page_that_the_others_spoil_is_registered() -> None:
    (section,) = look(page()).file.sections
    rows, depths = np.array(section.ticks).T
    at = TOP + 20 + 200.0 * np.arange(6)
    assert np.abs(np.interp(at, rows, depths) - (4300 + 100 * np.arange(6))).max() < 0.3
    assert section.unit == "FT" and len(section.tracks) == 2


def test_a_log_goes_on_where_the_grid_is_worn_away_and_figures_are_read() -> None:
    paper = page()
    for left, right in ((20, 270), (380, 630)):
        paper[TOP - 2 : TOP + 560, left - 2 : right + 3] = 255
        for y in range(TOP + 20, TOP + 560, 200):  # heavy lines are left
            cv2.line(paper, (left, y), (right, y), 0, 3)
    (section,) = look(paper).file.sections
    rows, depths = np.array(section.ticks).T
    assert depths[0] <= 4300 and abs(np.interp(TOP + 20, rows, depths) - 4300) < 0.3


def test_a_log_goes_on_along_its_lines_where_the_figures_at_its_end_are_unread() -> None:
    paper = page()
    for y in (TOP + 20, TOP + 220):
        paper[y - 25 : y + 15, 275:376] = 255
    for y in (TOP - 12, TOP - 32, TOP - 52):  # a table above, its lines as far apart as those of the log
        cv2.line(paper, (20, y), (630, y), 0, 3)
    (section,) = look(paper).file.sections
    rows, depths = np.array(section.ticks).T
    assert TOP - 3 <= section.rows[0] < TOP + 20 and depths[0] <= 4300
    assert np.interp(TOP + 20, rows, depths) == pytest.approx(4300, abs=0.3)


def test_a_log_ends_where_the_figures_of_another_begin() -> None:
    paper = page()
    for k, text in ((4, "4500"), (5, "4600")):  # a repeat on the same grid
        y = TOP + 20 + 200 * k
        paper[y - 25 : y + 15, 275:376] = 255
        write(paper, text, 292, y + 10)
    sections = look(paper).file.sections
    assert sections and sections[0].rows[1] < TOP + 20 + 200 * 4
    rows, depths = np.array(sections[0].ticks).T
    assert np.interp(TOP + 220, rows, depths) == pytest.approx(4400, abs=0.3)


def test_a_log_whose_grid_has_no_uprights_is_registered_too() -> None:
    paper = np.full((HEIGHT, WIDTH), 255, dtype=np.uint8)
    for k, y in enumerate(range(TOP, HEIGHT - 99, 20)):
        for left, right in ((20, 270), (380, 630)):
            cv2.line(paper, (left, y), (right, y), 0, 3 if k % 10 == 1 else 1)
    write(paper, "MAIN PASS   DEPTH IN FEET", 150, 200)
    for k in range(6):
        write(paper, f"{4300 + 100 * k}", 292, TOP + 30 + 200 * k)
    (section,) = look(paper).file.sections
    assert section.ticks[0] == pytest.approx((TOP, 4290.0), abs=0.5)


@pytest.mark.parametrize(
    ("paper", "reason"),
    [
        (page(figures=False), "no depth figures can be read"),
        (np.ascontiguousarray(page()[::-1, ::-1]), "upside down"),
        (page(second=35), "disagree"),
    ],
    ids=["no figures", "upside down", "two columns"],
)
def test_a_log_that_lacks_something_says_what(paper: UInt8, reason: str) -> None:
    with pytest.raises(RefusalError, match=reason):
        look(paper)


@pytest.mark.parametrize(("legible", "due"), [(True, False), (False, True)])
def test_figures_that_are_read_both_ways_do_not_lie_upside_down(legible: bool, due: bool) -> None:
    paper = np.full((3000, 600), 255, dtype=np.uint8)
    paper[:, :300] = 200  # so that the reader can tell which way the paper lies
    seen: dict[bool, int] = {True: 0, False: 0}

    def reader(pixels: UInt8, sideways: bool = True) -> list[Word]:
        upright = bool(pixels[0, 0] < pixels[0, -1])
        first = 3 * (seen[upright] if upright else 2 - seen[upright])
        seen[upright] += 1
        if upright and not legible:
            return []
        zoom = pixels.shape[1] / 600
        values = [4000 + 100 * (first + k) for k in range(3)]
        sure = 0.98 if upright else 0.8
        return [
            Word(str(v), sure, 280 * zoom, (60 + 100 * k) * zoom, 340 * zoom, (90 + 100 * k) * zoom)
            for k, v in enumerate(values)
        ]

    strip = stitch([ArrayPage(paper, (100.0, 100.0), "memory.tif", 0)])
    assert upside_down(strip, [(600, 1600)], reader) == due


def test_a_heading_alone_is_no_log() -> None:
    paper = np.full((900, WIDTH), 255, dtype=np.uint8)
    cv2.rectangle(paper, (20, 20), (680, 860), 0, 2)
    for k, text in enumerate(("COMPANY  ACME OIL", "WELL  HARPER NO 3", "COUNTY  LEA", "DATE  10-13-81")):
        cv2.line(paper, (20, 120 + 100 * k), (680, 120 + 100 * k), 0, 2)
        write(paper, text, 40, 90 + 100 * k)
    with pytest.raises(RefusalError, match=r"no log can be made out|no depth figures"):
        look(paper)


def test_a_photograph_is_no_log() -> None:
    noise = np.random.default_rng(3).normal(size=(60, 40))
    smooth = cv2.resize(noise, (WIDTH, 1000), interpolation=cv2.INTER_CUBIC)
    with pytest.raises(RefusalError, match=r"no log can be made out|no depth figures"):
        look(np.asarray(np.clip(128 + 60 * smooth, 0, 255), dtype=np.uint8))


def test_nothing_is_written_for_what_is_refused(tmp_path: Path) -> None:
    scan, out, picture = tmp_path / "scan.tif", tmp_path / "well.toml", tmp_path / "well.png"
    Image.fromarray(page(figures=False)).save(scan, dpi=(100, 100))
    with pytest.raises(RefusalError) as caught:
        inspect([scan], out, picture=picture)
    assert caught.value.exit_code == 4 and "\n" not in str(caught.value)
    assert sorted(path.name for path in tmp_path.iterdir()) == ["scan.tif"]
