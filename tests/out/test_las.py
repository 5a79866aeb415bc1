from __future__ import annotations

import dataclasses
import logging
import os
import subprocess
import sys
from decimal import Decimal
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from las_checker import check, read

from logdigit.errors import DataError, LogdigitError, OutputExistsError, UsageError
from logdigit.out import las as las_module
from logdigit.out.las import read_las, write_las
from logdigit.out.las_text import las_text
from logdigit.types import Curve, DepthUnit, WellLog

DATA = Path(os.environ.get("LOGDIGIT_DATA", Path(__file__).parents[2] / ".." / "shared" / "data"))
HEADER = {"WELL": "HADES 1", "COMP": "Styx Oil", "RUN": "2", "EKB": "3503.15", "API": "15-131-20215"}


def a_curve(name: str, depth: np.ndarray, value: list[float], unit: str = "GAPI") -> Curve:
    confidence = np.where(np.isfinite(value), 0.875, 0.0)
    return Curve(name, unit, f"{name} as printed", depth, np.array(value), confidence)


def a_log(step: float = 0.5, unit: DepthUnit = "FT", first: int = 500, **changes: object) -> WellLog:
    depth = np.array([round(k * step, 6) for k in range(first, first + 4)])
    curves = (
        a_curve("GR", depth, [75.0, np.nan, 1 / 3, -0.0]),
        a_curve("ILD", depth, [np.nan, 0.00012345, 123456.789, 2000.0], "OHMM"),
    )
    log = WellLog(HEADER, unit, step, depth, curves, ("digitised from a scan",))
    return dataclasses.replace(log, **changes)  # type: ignore[arg-type]


@pytest.mark.parametrize("step", [0.5, 0.1, 0.25, 0.05, 0.1524, 1.0, 2.0, 10.0])
@pytest.mark.parametrize("unit", ["FT", "M"])
@pytest.mark.parametrize("confidence", [False, True])
def test_strict_las_for_every_usual_step(
    tmp_path: Path, step: float, unit: DepthUnit, confidence: bool
) -> None:
    path = tmp_path / "well.las"
    write_las(path, a_log(step, unit, first=12345), confidence=confidence, other=["input a.tif"])
    las = check(path)
    assert [row[0] for row in las.rows] == [Decimal(str(step)) * k for k in range(12345, 12349)]
    wanted = ["DEPT", "GR", "GR_CONF", "ILD", "ILD_CONF"] if confidence else ["DEPT", "GR", "ILD"]
    assert [item.mnemonic for item in las.curve] == wanted
    assert las.column("GR")[1] is None
    assert las.column("ILD")[:2] == [None, Decimal("0.00012345")]
    assert las.other == ["digitised from a scan", "input a.tif"]


def test_header_items_stand_where_the_standard_has_them(tmp_path: Path) -> None:
    path = tmp_path / "well.las"
    write_las(path, a_log())
    las = check(path)
    assert {item.mnemonic: item.data for item in las.well if item.data} == {
        **{"STRT": "250.0", "STOP": "251.5", "STEP": "0.5", "NULL": "-999.25"},
        **{"COMP": "Styx Oil", "WELL": "HADES 1", "API": "15-131-20215"},
    }
    assert [(p.mnemonic, p.unit, p.data) for p in las.parameter] == [
        ("RUN", "", "2"),
        ("EKB", "FT", "3503.15"),
    ]
    assert [(c.unit, c.descr) for c in las.curve][1] == ("GAPI", "GR as printed")


def test_province_stands_for_county_state_and_country(tmp_path: Path) -> None:
    write_las(tmp_path / "a.las", a_log(header={"PROV": "ALBERTA", "UWI": "100/01-11"}))
    names = [item.mnemonic for item in check(tmp_path / "a.las").well]
    assert "PROV" in names and not {"CNTY", "STAT", "CTRY", "API"} & set(names)


def test_text_is_plain_ascii(tmp_path: Path) -> None:
    log = a_log(
        header={"WELL": "Ål – 2 ½", "BHT": "60 °C", "LOC": "ρ: 5"}, notes=("~not a section\n# 5 µs", "")
    )
    log = dataclasses.replace(log, curves=(dataclasses.replace(log.curves[0], unit="µs / ft", descr="a: b"),))
    write_las(tmp_path / "a.las", log)
    las = check(tmp_path / "a.las")
    assert {i.mnemonic: i.data for i in (*las.well, *las.parameter)}.items() >= {
        ("WELL", "Al - 2 1/2"),
        ("BHT", "60 degC"),
        ("LOC", "?: 5"),
    }
    assert (las.curve[1].unit, las.curve[1].descr) == ("us/ft", "a; b")
    assert las.other == ["- ~not a section", "- # 5 us"]


def test_a_reading_that_equals_the_null_value_survives(tmp_path: Path) -> None:
    depth = np.array([1.0, 2.0])
    log = WellLog({}, "M", 1.0, depth, (a_curve("SP", depth, [-999.25, np.inf]),))
    write_las(tmp_path / "a.las", log)
    assert check(tmp_path / "a.las").column("SP") == [Decimal("-999.2501"), None]


@pytest.mark.parametrize(
    ("depth", "step", "message"),
    [
        ([1.0, 1.5, 2.5], 0.5, "depths 1.5 and 2.5 are not one step 0.5 apart"),
        ([1.0, np.nan, 2.0], 0.5, "depth 1 of the log is not finite"),
        ([1.2, 1.7, 2.2], 0.5, "depth 1.2 is not a whole multiple"),
        ([2.0, 1.5, 1.0], 0.5, "depths 2 and 1.5"),
        ([1.0, 1.5, 2.0], 0.0, "not a positive number"),
        ([1.0, 1.5, 2.0], 1 / 3, "more than 6 decimals"),
        ([], 0.5, "no depths"),
        ([-999.5, -999.25, -999.0], 0.25, "null value"),
    ],
)
def test_a_bad_index_is_refused(tmp_path: Path, depth: list[float], step: float, message: str) -> None:
    log = WellLog({}, "FT", step, np.array(depth), ())
    with pytest.raises(ValueError, match=message):
        write_las(tmp_path / "a.las", log)
    assert not list(tmp_path.iterdir())


@pytest.mark.parametrize(
    ("name", "error"),
    [
        *(("GR", ValueError), ("gr", ValueError)),
        *((name, UsageError) for name in ("DEPT", "GR_CONF", "G R", "G.R", "", "#GR", "~A", "NULL", "DLM")),
    ],
)
def test_a_bad_or_repeated_mnemonic_is_refused(tmp_path: Path, name: str, error: type[Exception]) -> None:
    depth = np.array([1.0, 2.0])
    log = WellLog({}, "FT", 1.0, depth, (a_curve("GR", depth, [1, 2]), a_curve(name, depth, [1, 2])))
    with pytest.raises(error, match="mnemonic"):
        write_las(tmp_path / "a.las", log, confidence=True)
    assert not list(tmp_path.iterdir())


@pytest.mark.parametrize("name", ["Gr", "GR[1]", "A/B", "A#B", "%A", "(A)", "1E5", "NaN", "A-B", "-A", "&B"])
@pytest.mark.parametrize("unit", ["", "ohm.m", ".1IN", "1000 psi", "[M]", "%", "A:B", "#", ".."])
def test_odd_names_and_units_come_back(tmp_path: Path, name: str, unit: str) -> None:
    depth = np.array([1.0, 2.0])
    log = WellLog({}, "FT", 1.0, depth, (a_curve(name, depth, [1, np.nan], unit),))
    write_las(tmp_path / "a.las", log)
    assert check(tmp_path / "a.las").curve[1].mnemonic == name
    assert read_las(tmp_path / "a.las").curves[0].mnemonic == name.upper()


@pytest.mark.parametrize("key", ["STRT", "null", "WRAP", "DLM", "A B", "A.B", "#A"])
def test_a_header_item_that_cannot_be_set_is_refused(tmp_path: Path, key: str) -> None:
    with pytest.raises(UsageError, match="header item"):
        write_las(tmp_path / "a.las", a_log(header={key: "1"}))


def test_an_existing_file_and_a_missing_directory(tmp_path: Path) -> None:
    path = tmp_path / "a.las"
    path.write_text("mine")
    with pytest.raises(OutputExistsError, match="--overwrite"):
        write_las(path, a_log())
    assert path.read_text() == "mine"
    write_las(path, a_log(), overwrite=True)
    check(path)
    with pytest.raises(UsageError, match="does not exist"):
        write_las(tmp_path / "no" / "a.las", a_log())
    assert [p.name for p in tmp_path.iterdir()] == ["a.las"]


def test_what_does_not_read_back_is_not_moved_into_place(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    text = las_text(a_log())
    for old, new in ((" 75.0", " 75.1"), ("251.5", "251.4"), ("GR.", "GX."), ("-999.25 ", "1.0 ")):
        assert old in text
        monkeypatch.setattr(las_module, "las_text", lambda *_, o=old, n=new: text.replace(o, n))
        with pytest.raises(LogdigitError, match="read back"):
            write_las(tmp_path / "a.las", a_log())
        assert not list(tmp_path.iterdir())


@given(
    value=st.lists(st.one_of(st.just(np.nan), st.floats(-9000, 9000)), min_size=1, max_size=30),
    first=st.integers(-200, 90_000),
    step=st.sampled_from([0.5, 0.1, 0.05, 0.1524, 1.0]),
)
def test_round_trip(
    tmp_path_factory: pytest.TempPathFactory, value: list[float], first: int, step: float
) -> None:
    depth = np.array([round((first + k) * step, 6) for k in range(len(value))])
    log = WellLog(HEADER, "FT", step, depth, (a_curve("GR", depth, value),), ("note",))
    path = tmp_path_factory.mktemp("round") / "a.las"
    write_las(path, log, confidence=True)
    check(path)
    back = read_las(path)
    assert (back.unit, back.step, dict(back.header), back.notes) == ("FT", step, HEADER, ("note",))
    np.testing.assert_array_equal(back.depth, depth)
    np.testing.assert_allclose(back.curves[0].value, value, rtol=1e-6, atol=0)
    np.testing.assert_array_equal(back.curves[0].confidence, log.curves[0].confidence)


def las_file(path: Path, data: str, unit: str = "F", extra: str = "", version: str = "2.0") -> Path:
    path.write_text(
        f"~V\nVERS. {version} : v\nWRAP. {'YES' if extra else 'NO'} : w\n~W\nSTRT.{unit} 1 : s\n"
        f"STOP.{unit} 3 : s\nSTEP.{unit} 1 : s\nNULL. -999 : n\nWELL. ABC : well\n"
        f"~C\nDEPT.{unit} : d\nGR.GAPI : g\nGR.API : g\n~A\n{data}\n",
        encoding="latin-1",
    )
    return path


def test_reading_nulls_units_repeats_and_direction(tmp_path: Path) -> None:
    log = read_las(las_file(tmp_path / "a.las", "3 1 -999\n2 -9999.25 5\n1 7 8"))
    assert (log.unit, log.step, dict(log.header)) == ("FT", 1.0, {"WELL": "ABC"})
    assert [curve.mnemonic for curve in log.curves] == ["GR", "GR_2"]
    np.testing.assert_array_equal(log.depth, [1, 2, 3])
    np.testing.assert_array_equal(log.curves[0].value, [7, np.nan, 1])
    np.testing.assert_array_equal(log.curves[1].confidence, [1, 1, 0])
    assert read_las(las_file(tmp_path / "m.las", "1 1 1\n2 2 2\n4 4 4", unit="METRES")).step == 0
    assert read_las(tmp_path / "m.las").unit == "M"


def test_reading_wrapped_text_and_the_older_version(
    tmp_path: Path, capfd: pytest.CaptureFixture[str]
) -> None:
    log = read_las(las_file(tmp_path / "w.las", "1\n 10 20\n2\n 11 -999", extra="wrapped"))
    np.testing.assert_array_equal(log.curves[1].value, [20, np.nan])
    old = las_file(tmp_path / "o.las", "1 2 3\n2 3 4", version="1.2")
    assert dict(read_las(old).header) == {"WELL": "well"}  # 1.2 has the data after the colon
    assert capfd.readouterr() == ("", "")


@pytest.mark.parametrize(
    ("content", "message"),
    [
        (None, "cannot be read"),
        (b"", "no section"),
        (b"\x89PNG\r\n\x1a\n\0\0", "no section"),
        (b"~V\nVERS. 2.0 : v\nWRAP. NO : w\n~W\n~C\nDEPT.M : d\n~A\n", "not a LAS file|no data"),
        (
            b"~V\nVERS. 2.0 : v\n~W\nNULL. -1 : n\n~C\nTIME.S : t\nGR. : g\n~A\n1 2\n2 3\n",
            "in S, not FT or M",
        ),
        (b"~V\nVERS. 2.0 : v\n~W\nNULL. -1 : n\n~C\nDEPT. : t\nGR. : g\n~A\n1 2\n2 3\n", "no unit"),
        (
            b"~V\nVERS. 2.0 : v\n~W\nNULL. -1 : n\n~C\nDEPT.M : t\nGR. : g\n~A\n1 2\n3 3\n2 3\n4 4\n",
            "direction",
        ),
        (b"~~~~", "holds no data"),
    ],
)
def test_bad_files_are_refused_in_one_line(tmp_path: Path, content: bytes | None, message: str) -> None:
    path = tmp_path / "bad.las"
    if content is not None:
        path.write_bytes(content)
    with pytest.raises(DataError, match=message) as caught:
        read_las(path)
    assert "\n" not in str(caught.value) and caught.value.exit_code == 3


def test_logging_is_as_it_was() -> None:
    code = (
        "import logging\n"
        "before = set(dir(logging)), set(dir(logging.Logger)), logging.getLevelNamesMapping()\n"
        "import logdigit.out.las\n"
        "after = set(dir(logging)), set(dir(logging.Logger)), logging.getLevelNamesMapping()\n"
        "assert before == after and not logging.root.handlers and logging.getLevelName(5) == 'Level 5'"
    )
    subprocess.run([sys.executable, "-c", code], check=True)
    assert not hasattr(logging, "TRACE_LASIO")


def test_the_checker_sees_what_is_wrong(tmp_path: Path) -> None:
    write_las(tmp_path / "a.las", a_log())
    good = (tmp_path / "a.las").read_text()
    faults = {
        "GAPI": "°API",
        "250.0 ": "250.2 ",
        "STEP.FT": "STEP.M",
        "WRAP.": "DLM. SPACE : d\nWRAP.",
        "SRVC.": "#",
        "-999.25 ": "null ",
        "FLD.": "FIELDS.",
        "0.00012345": "1.2345e-4",
        "251.0 ": "251.1 ",
        "~Other": "~Curve",
        "ILD.OHMM": "GR.OHMM",
    }
    for old, new in faults.items():
        assert old in good
        (tmp_path / "bad.las").write_text(good.replace(old, new), encoding="utf-8")
        assert read(tmp_path / "bad.las").errors, f"{old} for {new}"


@pytest.mark.real
def test_every_log_of_the_development_data_reads_and_goes_round(tmp_path: Path) -> None:
    files = sorted((DATA / "las").glob("*.las"))
    if not files:
        pytest.skip("no development data")
    for number, path in enumerate(files):
        log = read_las(path)
        assert log.curves and (np.diff(log.depth) > 0).all(), path.name
        if (
            number % 6 == 0
            and log.step
            and abs(log.depth[0] / log.step - round(log.depth[0] / log.step)) < 1e-6
        ):
            first = round(log.depth[0] / log.step)
            depth = np.array([round((first + k) * log.step, 6) for k in range(len(log.depth))])
            write_las(tmp_path / path.name, dataclasses.replace(log, depth=depth))
            check(tmp_path / path.name)
            back = read_las(tmp_path / path.name)
            for old, new in zip(log.curves, back.curves, strict=True):
                np.testing.assert_allclose(new.value, old.value, rtol=1e-6, atol=0)
