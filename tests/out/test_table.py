from __future__ import annotations

import csv
from pathlib import Path

import numpy as np
import pytest
from las_checker import check

from logdigit.errors import OutputExistsError
from logdigit.out.las import write_las
from logdigit.out.table import write_csv
from logdigit.types import Curve, WellLog


def a_log() -> WellLog:
    depth = np.array([0.3, 0.4, 0.5])
    gr = Curve("GR", "GAPI", "", depth, np.array([75.0, np.nan, 1 / 3]), np.array([0.9, 0.0, 0.25]))
    flag = Curve("FLAG", "", "", depth, np.array([1.0, 2.0, 3e-5]), np.ones(3))
    return WellLog({}, "M", 0.1, depth, (gr, flag))


def test_cells(tmp_path: Path) -> None:
    write_csv(tmp_path / "a.csv", a_log())
    assert (tmp_path / "a.csv").read_bytes() == (
        b"DEPT[M],GR[GAPI],FLAG\n0.3,75.0,1.0\n0.4,,2.0\n0.5,0.3333333,0.00003\n"
    )
    with pytest.raises(OutputExistsError):
        write_csv(tmp_path / "a.csv", a_log())


def test_digit_for_digit_as_in_the_las(tmp_path: Path) -> None:
    write_csv(tmp_path / "a.csv", a_log(), confidence=True)
    write_las(tmp_path / "a.las", a_log(), confidence=True)
    las = check(tmp_path / "a.las")
    with (tmp_path / "a.csv").open(newline="") as file:
        head, *rows = csv.reader(file)
    assert head == ["DEPT[M]", "GR[GAPI]", "GR_CONF", "FLAG", "FLAG_CONF"]
    for k, item in enumerate(las.curve):
        cells = ["" if value is None else str(value) for value in las.column(item.mnemonic)]
        assert [float(row[k] or "nan") for row in rows] == pytest.approx(
            [float(cell or "nan") for cell in cells], nan_ok=True
        )
