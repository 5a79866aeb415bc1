"""Scale blocks: numbers at edges as scales, seams that were read as one number, curves that look alike."""

from __future__ import annotations

import pytest

from logdigit.paper.readcurve import ReadCurve
from logdigit.paper.scales import ScaleRow, lines_of_numbers, scale_rows
from logdigit.paper.text import Word
from logdigit.paper.together import declared_again, names_again
from logdigit.types import CurveSpec, ValueScale

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


def gamma_ray(values: tuple[float, float], right: float = RIGHT) -> ReadCurve:
    scale = ValueScale(((0.0, values[0]), (1.0, values[1])), "linear")
    return ReadCurve(LEFT, right, CurveSpec("GR", (scale,), printed="Gamma Ray"), 100.0, {})


def once_more(values: tuple[float, float]) -> ScaleRow:
    return ScaleRow(LEFT, RIGHT, values, "linear", False, 140.0, 25.0, 0.9)


@pytest.mark.parametrize(
    ("curve", "name", "values", "due"),
    [
        (gamma_ray((0, 150)), "Gamma Ray (GAPI)", (150, 300), True),
        (gamma_ray((150, 0)), "Gamma Ray", (300, 150), True),
        (gamma_ray((0, 150)), "Gamma Ray", (160, 300), False),
        (gamma_ray((0, 150)), "Neutron Porosity", (150, 300), False),
        (gamma_ray((0, 150), 1500.0), "Gamma Ray", (150, 300), False),
    ],
)
def test_a_scale_that_goes_on_under_the_same_name_is_a_wrap(
    curve: ReadCurve, name: str, values: tuple[float, float], due: bool
) -> None:
    word = Word(name, 0.98, 1400, 110, 1600, 130)
    again = names_again([curve], once_more(values), [word])
    assert (again is curve) == due
    if again is not None:
        assert declared_again(again, once_more(values)).curve.wraps
