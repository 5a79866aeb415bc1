from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from PIL import Image

from logdigit.errors import LayoutError, OutputExistsError, RefusalError, UsageError
from logdigit.ink.tiles import ReadRows
from logdigit.options import DigitiseOptions
from logdigit.out.files import check_outputs
from logdigit.out.las import read_las
from logdigit.paper.spec import LayoutFile, SectionFile, TrackFile, write_layout
from logdigit.pipeline import digitise, write
from logdigit.synth.plan import Grid, SheetPlan, Stroke, TrackPlan
from logdigit.synth.render import draw
from logdigit.synth.scanner import scan
from logdigit.synth.wear import Wear
from logdigit.types import CLASSES, Box, CurveSpec, Digitised, Fix, Float, ProbabilityMap, UInt8, ValueScale

ROWS = 800
SIDES = ((20.0, 320.0), (400.0, 700.0))
GR = 75 + 60 * np.sin(np.arange(ROWS) / 40)
DT = 90 + 30 * np.cos(np.arange(ROWS) / 55)


class InkIsSolid:
    """A fake network: every dark pixel is the ink of a solid curve."""

    classes = CLASSES
    working_dpi = 200.0
    sha256 = "0" * 64

    def segment(
        self, read: ReadRows, top: int, bottom: int, width: int, limits: tuple[int, int] | None = None
    ) -> Iterator[ProbabilityMap]:
        for first in range(top, bottom, 150):
            last = min(bottom, first + 150)
            grey = read(first, last)
            dark = 1 - (grey if grey.ndim == 2 else grey.min(axis=2)).astype(np.float32) / 255
            prob = np.zeros((len(CLASSES), *dark.shape), np.float32)
            prob[0], prob[1] = 1 - dark, dark
            yield ProbabilityMap(first, prob, CLASSES)


def page(wear: Wear | None = None, curves: tuple[Float, Float] = (GR, DT)) -> UInt8:
    """Two tracks of one solid curve each, without a grid."""
    blank = Grid((), 0.0, 0.0, 0, (1.0, 1.0))
    strokes = (
        Stroke(20 + curves[0] / 150 * 300, "solid", 3.0),
        Stroke(400 + (140 - curves[1]) / 100 * 300, "solid", 3.0),
    )
    tracks = tuple(TrackPlan(*side, blank, (pen,)) for side, pen in zip(SIDES, strokes, strict=True))
    return scan(*draw(SheetPlan(len(curves[0]), 720, tracks)), wear or Wear(), np.random.default_rng(0))[0]


def layout(**changes: Any) -> LayoutFile:
    curves = (
        CurveSpec("GR", (ValueScale(((0.0, 0.0), (1.0, 150.0))),), unit="GAPI", printed="Gamma Ray"),
        CurveSpec("DT", (ValueScale(((0.0, 140.0), (1.0, 40.0))),), unit="US/F"),
    )
    section = SectionFile(
        rows=(0, ROWS),
        unit="FT",
        ticks=((0.0, 1000.0), (700.0, 1070.0)),
        tracks=tuple(TrackFile(*side, (curve,)) for side, curve in zip(SIDES, curves, strict=True)),
    )
    return LayoutFile(
        (replace(section, **changes),),
        {"WELL": "TEST 1"},
        skew_deg=0.0,
        dpi=(200.0, 200.0),
    )


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    Image.fromarray(page()).save(tmp_path / "scan.png")
    write_layout(tmp_path / "well.toml", layout())
    return tmp_path


def run(folder: Path, *names: str, **changes: Any) -> tuple[Digitised, ...]:
    scans = [folder / name for name in names or ("scan.png",)]
    options = DigitiseOptions(**{"layout": folder / "well.toml"} | changes)
    return digitise(scans, options, segmenter=InkIsSolid())


def check(las: Path, rows_off: float = 0.0) -> None:
    log = read_las(las)
    rows = (log.depth - 1000.0) * 10 + rows_off
    inside = (rows > 5) & (rows < ROWS - 5)
    for curve, true, width in zip(log.curves, (GR, DT), (150, 100), strict=True):
        error = np.abs(curve.value - np.interp(rows, np.arange(ROWS), true)) / width
        assert np.isfinite(error[inside]).all()
        assert error[inside].mean() < 0.002


def test_a_scan_becomes_a_las_with_the_values_that_were_drawn(folder: Path) -> None:
    results = run(folder)
    files = write(
        results,
        folder / "well.las",
        csv=folder / "well.csv",
        overlay=folder / "well.png",
        scans=[folder / "scan.png"],
    )
    assert {path.name for path in files} == {"well.las", "well.csv", "well.png"}
    check(folder / "well.las")
    log = read_las(folder / "well.las")
    assert [(c.mnemonic, c.unit) for c in log.curves] == [("GR", "GAPI"), ("DT", "US/F")]
    assert log.header["WELL"] == "TEST 1" and log.step == 0.5 and log.unit == "FT"
    text = (folder / "well.las").read_text()
    assert "Weights sha256" in text and "Input sha256" in text


def test_skew_does_not_move_depths(folder: Path) -> None:
    Image.fromarray(page(Wear(skew=0.01))).save(folder / "scan.png")
    skewed = replace(
        layout(ticks=((0.01 * 360, 1000.0), (700 + 0.01 * 360, 1070.0)), ticks_x=360.0),
        skew_deg=float(np.degrees(np.arctan(0.01))),
    )
    write_layout(folder / "well.toml", skewed)
    write(run(folder), folder / "well.las")
    check(folder / "well.las")


def test_two_files_are_two_pages_of_one_log(folder: Path) -> None:
    whole = page()
    Image.fromarray(whole[:350]).save(folder / "a.png")
    Image.fromarray(whole[350:]).save(folder / "b.png")
    write(run(folder), folder / "one.las")
    write(run(folder, "a.png", "b.png"), folder / "two.las")
    one, two = read_las(folder / "one.las"), read_las(folder / "two.las")
    for a, b in zip(one.curves, two.curves, strict=True):
        np.testing.assert_array_equal(a.value, b.value)


def test_the_same_input_gives_the_same_bytes(folder: Path) -> None:
    for name in ("a.las", "b.las"):
        write(run(folder), folder / name)
    a, b = ((folder / name).read_bytes() for name in ("a.las", "b.las"))
    assert a == b


def test_another_resolution_gives_the_same_values(folder: Path) -> None:
    big = Image.fromarray(page()).resize((720 * 2, ROWS * 2), Image.Resampling.BILINEAR)
    big.save(folder / "scan.png")
    file = layout(
        rows=(0, 2 * ROWS),
        ticks=((0.5, 1000.0), (1400.5, 1070.0)),
        tracks=tuple(
            TrackFile(2 * left + 0.5, 2 * right + 0.5, track.curves)
            for (left, right), track in zip(SIDES, layout().sections[0].tracks, strict=True)
        ),
    )
    write_layout(folder / "well.toml", replace(file, dpi=(400.0, 400.0)))
    write(run(folder), folder / "well.las")
    check(folder / "well.las")


def test_options_change_what_they_name(folder: Path) -> None:
    (result,) = run(folder, depth_add=10000.0, step=0.25, header={"WELL": "OTHER"})
    assert result.log.depth[0] == 11000.0
    assert result.log.step == 0.25
    assert result.log.header["WELL"] == "OTHER"
    assert dict(result.provenance.options)["step"] == "0.25"


def test_values_outside_first_and_last_reading_are_missing(folder: Path) -> None:
    file = layout()
    first, second = file.sections[0].tracks
    cut = replace(first, curves=(replace(first.curves[0], valid=(1020.0, 1050.0)),))
    write_layout(folder / "well.toml", layout(tracks=(cut, second)))
    (result,) = run(folder)
    gr = result.log.curves[0]
    assert np.isnan(gr.value[(gr.depth < 1020) | (gr.depth > 1050)]).all()
    assert np.isfinite(gr.value[(gr.depth >= 1020) & (gr.depth <= 1050)]).all()


def test_a_curve_without_ink_is_left_out_and_named(folder: Path) -> None:
    Image.fromarray(page(curves=(GR, np.full(ROWS, np.nan)))).save(folder / "scan.png")
    (result,) = run(folder)
    assert result.left_out == ("DT",)
    assert [c.mnemonic for c in result.log.curves] == ["GR"]
    with pytest.raises(RefusalError, match="DT"):
        run(folder, strict=True)


def test_white_paper_is_refused(folder: Path) -> None:
    Image.fromarray(np.full((ROWS, 720), 255, np.uint8)).save(folder / "scan.png")
    with pytest.raises(RefusalError, match="GR"):
        run(folder)


def test_one_pixel_is_refused(folder: Path) -> None:
    Image.fromarray(np.zeros((1, 1), np.uint8)).save(folder / "scan.png")
    with pytest.raises(RefusalError, match="1 x 1"):
        run(folder)


def test_two_runs_are_spliced_and_a_repeat_is_not(folder: Path) -> None:
    upper = layout(rows=(0, 400)).sections[0]
    lower = layout(rows=(400, ROWS)).sections[0]
    again = replace(layout(rows=(100, 300)).sections[0], pass_name="repeat")
    write_layout(folder / "well.toml", replace(layout(), sections=(upper, lower, again)))
    (result,) = run(folder)
    assert result.sections == (0, 1)
    write((result,), folder / "well.las")
    each = run(folder, sections="all")
    files = write(each, folder / "all.las")
    assert [path.name for path in files] == ["all.1.las", "all.2.las", "all.3.las"]
    with pytest.raises(UsageError, match="1 to 3"):
        run(folder, sections="4")


def test_units_are_not_mixed(folder: Path) -> None:
    feet, metres = layout(rows=(0, 400)).sections[0], layout(rows=(400, ROWS), unit="M").sections[0]
    write_layout(folder / "well.toml", replace(layout(), sections=(feet, metres)))
    with pytest.raises(LayoutError, match="unit"):
        run(folder)


def test_a_layout_and_depth_options_contradict_each_other(folder: Path) -> None:
    with pytest.raises(UsageError, match="--layout"):
        run(folder, depths=((0.0, 1.0), (2.0, 3.0)))


def test_no_layout_at_all_says_what_to_give(folder: Path) -> None:
    with pytest.raises(RefusalError, match="--depth"):
        run(folder, layout=None)


def test_outputs_are_checked_before_the_work(folder: Path) -> None:
    (folder / "well.las").write_text("mine")
    with pytest.raises(OutputExistsError):
        check_outputs([folder / "well.las"], overwrite=False)
    check_outputs([folder / "well.las", None], overwrite=True)
    with pytest.raises(UsageError):
        check_outputs([folder / "no" / "well.las"], overwrite=False)


def test_an_output_may_not_be_an_input_or_named_twice(folder: Path) -> None:
    las = folder / "well.las"
    with pytest.raises(UsageError, match="scan to be read"):
        check_outputs([folder / "scan.png"], overwrite=True, scans=[folder / "scan.png"])
    with pytest.raises(UsageError, match="two outputs"):
        check_outputs([las, folder / "." / "well.las"], overwrite=True)


def test_a_curve_without_a_scale_is_left_out_and_named(folder: Path) -> None:
    first, second = layout().sections[0].tracks
    bare = replace(second, curves=(replace(second.curves[0], scales=()),))
    write_layout(folder / "well.toml", layout(tracks=(first, bare)))
    (result,) = run(folder)
    assert result.left_out == ("DT",)
    assert any("scale" in finding.message for finding in result.findings if finding.curve == "DT")


def test_skew_given_as_an_option_wins_over_the_layout(folder: Path) -> None:
    (result,) = run(folder, skew_deg=0.5)
    assert result.layout.geometry.slope[0] == pytest.approx(np.tan(np.radians(0.5)))


def test_corrections_of_the_layout_reach_the_las_and_are_told(folder: Path) -> None:
    fixes = (
        Fix("null", ("DT",), (1010.0, 1020.0)),
        Fix("points", ("GR",), (1030.0, 1040.0), points=((1030.0, 10.0), (1040.0, 20.0))),
    )
    write_layout(folder / "well.toml", layout(fixes=fixes, ignore=(Box(500, 400, 700, 700),)))
    (result,) = run(folder)
    gr, dt = result.log.curves
    inside = (gr.depth >= 1030) & (gr.depth <= 1040)
    np.testing.assert_allclose(gr.value[inside], gr.depth[inside] - 1020)
    nulled, boxed = (dt.depth >= 1010) & (dt.depth <= 1020), (dt.depth > 1050.1) & (dt.depth < 1069.9)
    near = np.abs(dt.depth - 1060) < 12  # the pen may need a few rows to find its stroke again
    assert np.isnan(dt.value[nulled | boxed]).all()
    assert np.isfinite(dt.value[~nulled & ~near & (dt.depth < 1079)]).all()
    told = [(f.kind, f.curve) for f in result.findings if f.kind in ("fixed", "ignored")]
    assert told == [("fixed", "DT"), ("fixed", "GR"), ("ignored", "")]


class MustRest(InkIsSolid):
    """The same network, when nothing may be asked of it."""

    def segment(self, *args: Any, **kwargs: Any) -> Iterator[ProbabilityMap]:
        if self.classes:
            raise AssertionError("the network was asked")
        yield from super().segment(*args, **kwargs)


def test_an_edited_layout_is_traced_again_from_the_cache(folder: Path) -> None:
    options = DigitiseOptions(layout=folder / "well.toml", cache=folder / "cache")
    write(run(folder), folder / "fresh.las")
    write(run(folder, cache=folder / "cache"), folder / "first.las")
    scans = [folder / "scan.png"]
    again = digitise(scans, options, segmenter=MustRest())
    write(again, folder / "again.las")
    fresh, first, second = ((folder / f"{name}.las").read_bytes() for name in ("fresh", "first", "again"))
    assert fresh == first == second
    write_layout(folder / "well.toml", layout(fixes=(Fix("null", ("GR",), (1010.0, 1020.0)),)))
    (fixed,) = digitise(scans, options, segmenter=MustRest())
    assert np.isnan(fixed.log.curves[0].value).sum() == 21
    write_layout(folder / "well.toml", layout(rows=(0, ROWS - 1)))
    with pytest.raises(AssertionError, match="was asked"):
        digitise(scans, options, segmenter=MustRest())


def test_a_damaged_cache_is_told(folder: Path) -> None:
    run(folder, cache=folder / "cache")
    (file,) = (folder / "cache").iterdir()
    file.write_bytes(file.read_bytes()[:-9])
    (result,) = run(folder, cache=folder / "cache")
    assert [f.kind for f in result.findings if "damaged" in f.message] == ["cache"]


def test_what_the_strip_carries_twice_is_compared_when_asked(folder: Path) -> None:
    main = layout().sections[0]
    again = replace(layout(rows=(100, 500)).sections[0], pass_name="repeat")
    wrong = replace(again, figure_add=3.0)
    for repeat, kind in ((again, "repeat"), (wrong, "repeat disagrees")):
        write_layout(folder / "well.toml", replace(layout(), sections=(main, repeat)))
        (result,) = run(folder, compare=True)
        assert [(f.kind, f.curve) for f in result.findings] == [(kind, "GR"), (kind, "DT")]
        assert set(result.traces) == {(0, "GR"), (0, "DT")}
    assert run(folder)[0].findings == ()
    each = run(folder, sections="all")
    assert [f.kind for result in each for f in result.findings] == ["repeat disagrees"] * 4


def test_readings_that_cannot_be_are_told(folder: Path) -> None:
    first, second = layout().sections[0].tracks
    wide = replace(first.curves[0], scales=(ValueScale(((0.0, 0.0), (1.0, 1500.0))),))
    write_layout(folder / "well.toml", layout(tracks=(replace(first, curves=(wide,)), second)))
    (result,) = run(folder)
    assert {(f.kind, f.curve) for f in result.findings} == {("out of range", "GR")}


def test_a_backup_is_made_into_its_curve_and_written_apart_when_asked(folder: Path) -> None:
    on = GR <= 75
    strokes = (
        Stroke(20 + np.where(on, GR, np.nan) / 75 * 300, "solid", 3.0),
        Stroke(20 + np.where(on, np.nan, GR) / 750 * 300, "solid", 3.0),
    )
    track = TrackPlan(*SIDES[0], Grid((), 0.0, 0.0, 0, (1.0, 1.0)), strokes)
    picture, _ = scan(*draw(SheetPlan(ROWS, 720, (track,))), Wear(), np.random.default_rng(0))
    Image.fromarray(picture).save(folder / "scan.png")
    scales = (ValueScale(((0.0, 0.0), (1.0, 75.0))), ValueScale(((0.0, 0.0), (1.0, 750.0)), role="backup"))
    curve = CurveSpec("GR", scales, unit="GAPI", printed="Gamma Ray")
    write_layout(folder / "well.toml", layout(tracks=(TrackFile(*SIDES[0], (curve,)),)))
    (plain,), (apart,) = run(folder), run(folder, backups=True)
    assert [c.mnemonic for c in plain.log.curves] == ["GR"]
    assert [c.mnemonic for c in apart.log.curves] == ["GR", "GR_MAIN", "GR_BU"]
    assert not [f for f in plain.findings if f.kind == "level unsure"]
    error = np.abs(plain.log.curves[0].value - np.interp((plain.log.depth - 1000) * 10, np.arange(ROWS), GR))
    assert np.isfinite(error).mean() > 0.98
    assert np.nanpercentile(error, 98) < 7.5
    whole, main, backup = (c.value for c in apart.log.curves)
    np.testing.assert_array_equal(whole, plain.log.curves[0].value)
    assert np.nanmax(main) <= 75 and np.nanmin(backup) > 70
    assert (
        "GR_BU.GAPI"
        in write(([apart]), folder / "b.las", overlay=folder / "b.png", scans=[folder / "scan.png"])[
            0
        ].read_text()
    )
