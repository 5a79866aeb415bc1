"""Scale blocks: numbers at edges as scales, seams that were read as one number, curves that look alike."""

from __future__ import annotations

import pytest

from logdigit.paper.readcurve import ReadCurve
from logdigit.paper.scales import lines_of_numbers, scale_rows
from logdigit.paper.text import Word
from logdigit.paper.together import without_aids
from logdigit.types import CurveSpec, Style, ValueScale

LEFT, RIGHT = 1000.0, 2000.0


def number(text: str, x: float) -> Word:
    half = 7.0 * len(text)
    return Word(text, 0.98, x - half, 100, x + half, 125)


def rows_of(*words: Word) -> list[tuple[float, float, float, float]]:
    (line,) = lines_of_numbers(words)
    return [(row.left, row.right, *row.values) for row in scale_rows(line, LEFT, RIGHT)]


def test_numbers_at_the_edges_are_a_scale() -> None:
    assert rows_of(number("0", 1010), number("150", 1978)) == [(LEFT, RIGHT, 0, 150)]


def test_numbers_that_stand_elsewhere_are_none() -> None:
    assert rows_of(number("0", 1200), number("150", 1978)) == []


def test_two_tracks_that_share_an_edge_have_two_scales() -> None:
    left = [number(t, x) for t, x in (("0", 1008), ("5", 1125), ("10", 1250), ("15", 1375))]
    right = [number(t, x) for t, x in (("5", 1625), ("10", 1750), ("15", 1875), ("20", 1985))]
    apart = [number("20", 1480), number("0", 1512)]
    as_one = [Word("200", 0.98, 1466, 100, 1519, 125)]
    due = [(LEFT, 1500.0, 0, 20), (1500.0, RIGHT, 0, 20)]
    assert rows_of(*left, *apart, *right) == due
    assert rows_of(*left, *as_one, *right) == due


def read(mnemonic: str, style: Style, left: float = LEFT, right: float = RIGHT) -> ReadCurve:
    scale = ValueScale(((0.0, 0.0), (1.0, 100.0)), "linear")
    return ReadCurve(left, right, CurveSpec(mnemonic, (scale,), style=style), 100.0, {})


@pytest.mark.parametrize(
    ("curves", "kept"),
    [
        ([read("DT", "solid"), read("LTEN", "solid")], ["DT"]),
        ([read("DT", "solid"), read("LTEN", "dashed")], ["DT", "LTEN"]),
        ([read("GR", "solid", 0, 500), read("TENS", "solid")], ["GR", "TENS"]),
        ([read("ILD", "solid"), read("SFL", "solid")], ["ILD", "SFL"]),
        ([read("TENS", "solid")], ["TENS"]),
    ],
)
def test_cable_tension_gives_way_to_a_curve_drawn_like_it(curves: list[ReadCurve], kept: list[str]) -> None:
    left, said = without_aids(curves)
    assert [c.curve.mnemonic for c in left] == kept
    assert len(said) == len(curves) - len(kept)
