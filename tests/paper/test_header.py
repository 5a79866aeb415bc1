"""Items of a heading: label and value as they stand on paper, and nothing that does not."""

from __future__ import annotations

from collections.abc import Callable, Sequence

import numpy as np
import pytest

from logdigit.paper.header import items_of, read_header
from logdigit.paper.heading import read_region
from logdigit.paper.text import Word
from logdigit.types import Strip, UInt8

WIDTH = 1000.0


def at(text: str, x: float, y: float, confidence: float = 0.98) -> Word:
    return Word(text, confidence, x, y, x + 9.0 * len(text), y + 20)


def form(rows: Sequence[tuple[str, str]], confidence: float = 0.98) -> list[Word]:
    """Labels at the left, values in a column beside them."""
    out = []
    for k, (label, value) in enumerate(rows):
        out += [at(label, 20, 40 * k, confidence), at(value, 320, 40 * k + 1, confidence)]
    return out


def texts(words: Sequence[Word]) -> dict[str, str]:
    return {name: item.text for name, item in items_of(words, WIDTH).items()}


def test_labels_and_the_values_beside_them() -> None:
    found = texts(
        form(
            [
                ("COMPANY", "ACME OIL & GAS"),
                ("WELL", "HARPER NO. 3"),
                ("FIELD", "WILDCAT"),
                ("COUNTY", "LEA"),
                ("STATE", "NEW MEXICO"),
                ("Date", "10-13-81"),
                ("Run No.", "ONE"),
                ("Depth - Driller", "13,813 FT"),
                ("Depth-Logger", "13817"),
                ("Bit Size", '8 3/4"'),
            ]
        )
    )
    assert found == {
        "COMP": "ACME OIL & GAS",
        "WELL": "HARPER NO. 3",
        "FLD": "WILDCAT",
        "CNTY": "LEA",
        "STAT": "NEW MEXICO",
        "DATE": "10-13-81",
        "RUN": "ONE",
        "TDD": "13813",
        "TDL": "13817",
        "BS": "8.75",
    }


def test_values_read_together_with_their_label() -> None:
    found = texts([at("K.B. 1284", 0, 0), at("G.L. 1274.5", 0, 40), at("State: Texas", 0, 80)])
    assert found == {"EKB": "1284", "EGL": "1274.5", "STAT": "Texas"}


def test_an_api_number_stands_anywhere_below_its_label() -> None:
    words = [at("API No.", 0, 0), at("15-131-20,215-00-00", 0, 120)]
    assert texts(words) == {"API": "15-131-20215-00-00"}
    assert texts(words[1:]) == {}
    assert texts([words[0], at("99-131-20215", 0, 120)]) == {}


@pytest.mark.parametrize(
    ("label", "value"),
    [
        ("COUNTY", "STATE"),  # an empty field, and the label of the next one
        ("Date", "13817"),
        ("Run No.", "Depth"),
        ("Depth - Driller", "7 7/8"),
        ("Bit Size", "1133"),
        ("K.B.", "GROUND LEVEL"),
        ("WELL SURVEYS", "INC"),
    ],
)
def test_what_is_no_such_value_is_left_out(label: str, value: str) -> None:
    assert texts(form([(label, value)])) == {}


def test_doubtful_print_is_left_out() -> None:
    assert texts(form([("COUNTY", "LEA")], confidence=0.6)) == {}


def test_a_value_far_away_or_on_another_line_is_not_taken() -> None:
    assert texts([at("COUNTY", 20, 0), at("LEA", 700, 0)]) == {}
    assert texts([at("COUNTY", 20, 0), at("LEA", 320, 60)]) == {}


@pytest.mark.parametrize("turn", [90, 270])
def test_a_heading_that_runs_along_the_paper_is_turned(turn: int, strip_of: Callable[..., Strip]) -> None:
    """The words come upright only from the sheet that is turned the right way, told by a black corner."""
    paper = np.full((900, 700), 255, dtype=np.uint8)
    corner = (slice(850, 900), slice(0, 50)) if turn == 90 else (slice(0, 50), slice(650, 700))
    paper[corner] = 0  # comes to the upper left corner when the paper is turned
    rows = [("COMPANY", "ACME OIL"), ("COUNTY", "LEA"), ("STATE", "KANSAS"), ("Date", "1-2-90")]

    def reader(pixels: UInt8, sideways: bool = True) -> list[Word]:
        return form(rows) if pixels[10, 10] == 0 else []

    tall = [Word(text, 0.9, x, 100, x + 20, 880) for x, text in ((100, "COMPANY"), (140, "ACME OIL"))]
    found = read_header(strip_of(paper), 900, tall, reader).items
    assert {name: item.text for name, item in found.items()} == {
        "COMP": "ACME OIL",
        "CNTY": "LEA",
        "STAT": "KANSAS",
        "DATE": "1-2-90",
    }


@pytest.mark.parametrize("rows", [400, 1340, 1355, 1365, 2620])
def test_no_row_of_a_heading_is_left_unread(rows: int, strip_of: Callable[..., Strip]) -> None:
    pixels = np.full((rows, 1600), 255, np.uint8)
    pixels[-30:-10, 200:260] = 0
    seen = []

    def reader(pixels: UInt8, sideways: bool = True) -> list[Word]:
        dark = np.argwhere(pixels < 128)
        seen.extend(dark[:1].tolist())
        if not len(dark):
            return []
        (top, left), (bottom, right) = dark.min(axis=0), dark.max(axis=0)
        return [Word("GR", 0.9, float(left), float(top), float(right), float(bottom))]

    words = read_region(strip_of(pixels, (200.0, 200.0)), 0, rows, reader)
    assert seen and words[-1].bottom == pytest.approx(rows - 10, abs=4)
