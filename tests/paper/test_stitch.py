"""Sheets with planted truth, joined again."""

from __future__ import annotations

import numpy as np
import pytest
from drawn_sheets import WIDTH, draw_log, sheet

from logdigit.errors import RefusalError
from logdigit.paper.placed import PlacedPage
from logdigit.paper.raster import ArrayPage
from logdigit.paper.stitch import stitch
from logdigit.types import Float, Join, UInt8

HEIGHT = 2600


@pytest.fixture(scope="module")
def log() -> UInt8:
    return draw_log(HEIGHT, 1)


def to_strip(join: Join) -> Float:
    rows = join.to_strip or ((1.0, 0.0, 0.0), (0.0, 1.0, float(join.row)))
    return np.array([*rows, (0.0, 0.0, 1.0)])


def kinds(strip: object) -> list[str]:
    return [finding.kind for finding in strip.findings]  # type: ignore[attr-defined]


def test_turned_and_scaled_sheets_join_to_within_a_pixel(log: UInt8) -> None:
    cuts = [
        sheet(log, 0, 1000, "a.tif"),
        sheet(log, 820, 1800, "b.tif", turn_deg=0.8, scale=1.015, grey=90),
        sheet(log, 1700, HEIGHT, "c.tif", turn_deg=-0.9, scale=0.985, grey=160),
    ]
    strip = stitch([page for page, _ in cuts])
    assert [join.kind for join in strip.joins] == ["first", "overlap", "overlap"]
    assert not strip.findings and min(join.confidence for join in strip.joins) > 0.8
    for (page, true), join in zip(cuts, strip.joins, strict=True):
        corners = np.array([[x, y, 1.0] for x in (0, page.width - 1) for y in (0, 300)]).T
        assert np.abs((to_strip(join) - true) @ corners)[:2].max() < 1.0
    # what is shown around the seams is what was drawn
    for row in (strip.joins[1].row, strip.joins[2].row):
        shown = strip.read(row - 60, row + 60)[:, :WIDTH]
        assert set(np.unique(shown)) == {0, 255}
        drawn = log[row - 60 : row + 60]
        away = [np.mean(np.roll(drawn, d, axis=0) != shown) for d in (0, 4, -4)]
        assert away[0] < 0.6 * min(away[1:])


def test_a_whole_shift_is_copied_not_resampled(log: UInt8) -> None:
    pages = [ArrayPage(log[:900], None, "a.tif", 0), ArrayPage(log[700:], None, "b.tif", 0)]
    strip = stitch(pages)
    assert strip.joins[1].kind == "overlap" and strip.joins[1].overlap_px == pytest.approx(200, abs=0.5)
    assert 700 < strip.joins[1].row < 900
    assert np.array_equal(strip.read(0, strip.height), log)


def test_sheets_cut_apart_join_edge_to_edge(log: UInt8) -> None:
    pages = [ArrayPage(log[:1111], None, "a.tif", 0), ArrayPage(log[1111:], None, "b.tif", 0)]
    strip = stitch(pages)
    assert strip.joins[1].kind == "butt" and strip.joins[1].row == 1111
    assert strip.joins[1].confidence > 0.8 and not strip.findings
    assert strip.pages == tuple(pages)  # nothing stands between the strip and its pages


def test_a_missing_sheet_is_told_and_left_blank(log: UInt8) -> None:
    strip = stitch([ArrayPage(log[:900], None, "a.tif", 0), ArrayPage(log[1550:], None, "c.tif", 0)])
    assert strip.joins[1].kind == "missing" and kinds(strip) == ["missing interval"]
    assert "a.tif" in strip.findings[0].message and "c.tif" in strip.findings[0].message
    assert (strip.read(900, strip.joins[1].row) == 255).all() and strip.joins[1].row - 900 > WIDTH / 2
    assert np.array_equal(strip.read(strip.joins[1].row, strip.height), log[1550:])


def test_the_order_is_found_where_overlaps_show_it(log: UInt8) -> None:
    first, second = ArrayPage(log[:1400], None, "1.tif", 0), ArrayPage(log[1200:], None, "2.tif", 0)
    strip = stitch([second, first])
    assert [page.source for page in strip.pages] == ["1.tif", "2.tif"]
    assert kinds(strip) == ["order"]
    assert np.array_equal(strip.read(0, strip.height), log)


def test_a_sheet_upside_down_is_refused_by_name(log: UInt8) -> None:
    turned = ArrayPage(np.rot90(log[1000:1900], 2).copy(), None, "b.tif", 0)
    pages = [ArrayPage(log[:1200], None, "a.tif", 0), turned, ArrayPage(log[1700:], None, "c.tif", 0)]
    with pytest.raises(RefusalError, match=r"b\.tif: lies upside down"):
        stitch(pages)


def test_sheets_of_two_logs_are_refused_by_name(log: UInt8) -> None:
    other = draw_log(1200, 7, edges=(60, 210, 230, 640))
    with pytest.raises(RefusalError, match=r"b\.tif: shows another log than a\.tif"):
        stitch([ArrayPage(log[:1203], None, "a.tif", 0), ArrayPage(other, None, "b.tif", 0)])


def test_a_grid_alone_is_no_overlap() -> None:
    blank = draw_log(2000, 3, curves=False)
    blank[:, 300:395] = 255  # no figures either
    strip = stitch([ArrayPage(blank[:1000], None, "a.tif", 0), ArrayPage(blank[800:], None, "b.tif", 0)])
    assert strip.joins[1].kind != "overlap"


def test_a_page_given_twice_is_left_out(log: UInt8) -> None:
    page = ArrayPage(log[:1200], None, "a.tif", 0)
    strip = stitch([page, ArrayPage(log[:1200].copy(), None, "again.tif", 0)])
    assert kinds(strip) == ["duplicate"] and "again.tif" in strip.findings[0].message
    assert np.array_equal(strip.read(0, strip.height), log[:1200])


def test_a_heading_without_grid_is_simply_joined(log: UInt8) -> None:
    heading = np.full((400, WIDTH), 255, dtype=np.uint8)
    heading[100:130, 50:400:9] = 0
    strip = stitch([ArrayPage(heading, None, "head.tif", 0), ArrayPage(log, None, "log.tif", 0)])
    assert strip.joins[1].kind == "butt" and strip.joins[1].row == 400 and not strip.findings


def test_a_placed_page_does_not_depend_on_how_it_is_cut(log: UInt8) -> None:
    page, matrix = sheet(log, 600, 1600, "a.tif", turn_deg=0.7, scale=1.01)
    placed = PlacedPage(page, 640, 900, WIDTH, matrix[:2], two_levels=True)
    whole = placed.read(0, 900)
    parts = [placed.read(top, min(900, top + 137)) for top in range(0, 900, 137)]
    assert np.array_equal(np.concatenate(parts), whole)
    assert np.mean(whole != log[640:1540]) < 0.05  # ink is some 20 % of it
    with pytest.raises(ValueError, match="not inside"):
        placed.read(0, 901)


def test_blank_pages_are_joined_without_a_word() -> None:
    blank = np.full((300, WIDTH), 255, dtype=np.uint8)
    strip = stitch([ArrayPage(blank, None, "a.tif", 0), ArrayPage(blank.copy(), None, "b.tif", 0)])
    assert strip.height == 600 and not strip.findings
