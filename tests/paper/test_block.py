"""Scale blocks: numbers at edges as scales, seams that were read as one number, curves that look alike."""

from __future__ import annotations

from dataclasses import replace

import cv2
import numpy as np
import pytest

from logdigit.paper.about import named_by_next
from logdigit.paper.engine import engine
from logdigit.paper.lone import lone_number
from logdigit.paper.mnemonics import measurement_of
from logdigit.paper.naming import unknown_name
from logdigit.paper.numbers import lines_of_numbers
from logdigit.paper.raster import ArrayPage
from logdigit.paper.readcurve import ReadCurve
from logdigit.paper.readings import lies_right
from logdigit.paper.relative import relative_scales
from logdigit.paper.scalerow import ScaleRow
from logdigit.paper.scales import scale_rows
from logdigit.paper.seams import Ruled
from logdigit.paper.stitch import stitch
from logdigit.paper.text import Word
from logdigit.paper.together import (
    declared_again,
    goes_on,
    names_again,
    on_row,
    one_each,
    seams,
    usual_wrap,
    with_lost_minus,
)
from logdigit.types import Box, CurveSpec, ScaleKind, ValueScale

LEFT, RIGHT = 1000.0, 2000.0


def number(text: str, x: float) -> Word:
    half = 7.0 * len(text)
    return Word(text, 0.98, x - half, 100, x + half, 125)


def rows_of(*words: Word) -> list[tuple[float, float, float, float]]:
    (line,) = lines_of_numbers(words)
    return [(row.left, row.right, *row.values) for row in scale_rows(line, LEFT, RIGHT)]


@pytest.mark.parametrize(
    ("left", "right", "due"),
    [
        *(("0.0", "1500", (0, 150)), ("450", "-15.0", (45, -15)), ("1.95", "295", (1.95, 2.95))),
        *(
            ("0.2", "2000", (0.2, 200)),
            ("0", "150", None),
            ("0.0", "150.0", None),
            ("0.00", "15", None),
            ("1.5", "15", None),
            ("195", "295", (1.95, 2.95)),
            ("45", ".15", (45, -15)),
        ),
    ],
)
def test_a_number_that_lost_its_point_or_its_minus_is_known_from_the_other(
    left: str, right: str, due: tuple[float, float] | None
) -> None:
    (line,) = lines_of_numbers([number(left, 1010), number(right, 1978)])
    (row,) = scale_rows(line, LEFT, RIGHT)
    assert row.otherwise[:1] == ((pytest.approx(due),) if due else ())


def test_any_numbers_on_a_line_are_scales_with_two_ends_or_none() -> None:
    """3,000 lines of numbers out of any order, signs lost and noughts among them."""
    rng = np.random.default_rng(7)
    told = 0
    for _ in range(3000):
        count = int(rng.integers(2, 8))
        ends = rng.choice([0, 0, 5, 10, 10, 20, 30, -10, -30, 100, 0.2, 2000], count)
        places = np.sort(rng.choice([*np.linspace(1010, 1990, 11), *rng.uniform(1000, 2000, 4)], count))
        places[[0, -1]] = 1010, 1978
        words = [number(f"{end:g}", float(x)) for end, x in zip(ends, places, strict=True)]
        for line in lines_of_numbers(words):
            for row in scale_rows(line, LEFT, RIGHT):
                told += 1
                assert row.left < row.right and row.values[0] != row.values[1]
    assert told > 100


def test_numbers_at_the_edges_are_a_scale() -> None:
    assert rows_of(number("0", 1010), number("150", 1978)) == [(LEFT, RIGHT, 0, 150)]


@pytest.mark.parametrize(
    ("texts", "due"),
    [
        (("30", "20", "10", "0", "10"), [(LEFT, RIGHT, 30, -10)]),
        (("10", "0", "10", "20", "30"), [(LEFT, RIGHT, -10, 30)]),
        (("20", "10", "0", "10", "20"), []),  # either way
        (("30", "20", "10", "0", "-10"), [(LEFT, RIGHT, 30, -10)]),
        (("45", "", "15", "", "15"), [(LEFT, RIGHT, 45, -15)]),
        (("15", "", "15", "", "45"), [(LEFT, RIGHT, -15, 45)]),
        (("15", "", "5", "", "5"), [(LEFT, RIGHT, 15, -5)]),
        (("45", "", "15", "", "20"), []),
        (("100", "", "", "", "100"), [(LEFT, RIGHT, -100, 100)]),
        (("0", "", "", "", "0"), []),
    ],
)
def test_a_minus_lost_beyond_nought_is_known_from_the_other_numbers(
    texts: tuple[str, ...], due: list[tuple[float, ...]]
) -> None:
    places = (1012, 1250, 1500, 1750, 1980)
    assert rows_of(*(number(t, x) for t, x in zip(texts, places, strict=True) if t)) == due


@pytest.mark.parametrize(
    ("sure", "end", "due"), [(0.8, 0.98, [(LEFT, RIGHT, 0, 10)]), (0.95, 0.98, []), (0.8, 0.9, [])]
)
def test_a_glyph_misread_between_two_sure_ends_is_none(sure: float, end: float, due: list[object]) -> None:
    middle = replace(number("6", 1500), confidence=sure)
    assert rows_of(number("0", 1010), middle, replace(number("10", 1978), confidence=end)) == due


@pytest.mark.parametrize(("sure", "due"), [(0.6, []), (0.95, [(LEFT, RIGHT, 0, 6)])])
def test_a_tall_number_that_is_not_sure_is_two_rows_of_print(sure: float, due: list[object]) -> None:
    assert rows_of(number("0", 1010), replace(number("6", 1978), top=90, bottom=140, confidence=sure)) == due


def test_numbers_that_stand_elsewhere_are_none() -> None:
    assert rows_of(number("0", 1200), number("150", 1978)) == []


def test_numbers_at_divisions_are_a_scale_of_the_whole_track() -> None:
    inner = [number(t, x) for t, x in (("50", 1250), ("100", 1500), ("150", 1750))]
    assert rows_of(*inner) == [(LEFT, RIGHT, 0, 200)]
    assert rows_of(*inner[:2]) == []
    far = [
        number(t, x) for t, x in (("50", 1550), ("100", 1700), ("150", 1850))
    ]  # of the right half, or misread
    assert (LEFT, RIGHT) not in {row[:2] for row in rows_of(*far)}


def test_two_tracks_that_share_an_edge_have_two_scales() -> None:
    left = [number(t, x) for t, x in (("0", 1008), ("5", 1125), ("10", 1250), ("15", 1375))]
    right = [number(t, x) for t, x in (("5", 1625), ("10", 1750), ("15", 1875), ("20", 1985))]
    apart = [number("20", 1480), number("0", 1512)]
    as_one = [Word("200", 0.98, 1466, 100, 1519, 125)]
    due = [(LEFT, 1500.0, 0, 20), (1500.0, RIGHT, 0, 20)]
    assert rows_of(*left, *apart, *right) == due
    assert rows_of(*left, *as_one, *right) == due


def test_numbers_of_two_tracks_read_as_one_are_cut_where_the_tracks_meet() -> None:
    ends = number("0", 1010), number("0", 1990)
    as_one = Word("104000", 0.98, 1450, 100, 1534, 125)
    assert rows_of(ends[0], as_one, ends[1]) == [(LEFT, 1500.0, 0, 10), (1500.0, RIGHT, 4000, 0)]
    unclear = Word("101010", 0.98, 1458, 100, 1542, 125)  # 10 and 1010, or 1010 and 10
    assert rows_of(ends[0], unclear, ends[1]) == []


def test_numbers_beside_the_edges_are_not_those_of_the_edges() -> None:
    inner = [number(t, x) for t, x in (("9", 1300), ("11", 1500), ("13", 1700))]
    assert rows_of(number("7", 1075), *inner, number("15", 1925)) == []
    at_edges = [number(t, x) for t, x in (("8", 1250), ("10", 1500), ("12", 1750))]
    assert rows_of(number("6", 1010), *at_edges, number("14", 1986)) == [(LEFT, RIGHT, 6, 14)]


def test_a_half_of_a_scale_whose_other_end_is_misread_is_none() -> None:
    assert rows_of(number("5", 1180), number("10", 1515), number("15", 1980)) == []
    assert rows_of(number("0", 1515), number("20", 1980)) == [(1500.0, RIGHT, 0, 20)]
    relative = (
        number("-1", 1215),
        number("15", 1250),
    )  # -|15|+ of another curve, in the middle of the other half
    assert rows_of(*relative, number("0", 1515), number("20", 1980)) == [(1500.0, RIGHT, 0, 20)]


@pytest.mark.parametrize(
    ("name", "values", "due"),
    [("FLUID DENSITY", (2, 3), False), ("DENSITY", (1, 2), False), ("DENSITY G/CC", (2, 3), True)],
)
def test_what_a_scale_of_bulk_density_is(name: str, values: tuple[float, float], due: bool) -> None:
    measurement = measurement_of(name)
    assert (measurement is not None and lies_right(measurement, values)) == due


def test_a_lone_digit_is_read() -> None:
    paper = np.full((60, 120), 255, np.uint8)
    paper[:, 8:11] = 0  # the edge of the track
    cv2.putText(paper, "0", (20, 44), cv2.FONT_HERSHEY_SIMPLEX, 1.0, 0, 3, cv2.LINE_AA)
    strip = stitch([ArrayPage(paper, (200.0, 200.0), "memory.tif", 0)])
    found = lone_number(strip, Box(8, 0, 56, 120), 30.0, engine())
    assert found is not None and found.value == 0 and 15 < found.word.left < found.word.right < 50
    assert lone_number(strip, Box(8, 60, 56, 120), 30.0, engine()) is None


def test_two_scales_whose_inner_ends_were_read_as_one_are_no_single_scale() -> None:
    texts = ("-160", "-110", "-60", "-10", "400", "50", "100", "150", "200")  # 40 and 0
    at = np.linspace(LEFT + 25, RIGHT - 20, 9)
    at[4] = (LEFT + RIGHT) / 2
    middle = (LEFT + RIGHT) / 2
    assert rows_of(*(number(t, x) for t, x in zip(texts, at, strict=True))) == [
        (LEFT, middle, -160, 40),
        (middle, RIGHT, 0, 200),
    ]


def test_the_first_number_and_one_at_a_division_are_no_scale_of_a_part() -> None:
    lines = tuple(LEFT + (RIGHT - LEFT) * k / 10 for k in range(1, 10))
    at = LEFT + 0.75 * (RIGHT - LEFT)
    (line,) = lines_of_numbers([number("-100", LEFT + 30), number("-25", at)])
    assert scale_rows(line, LEFT, RIGHT, lines) == []


def test_a_scale_printed_from_its_first_division_on_is_that_of_the_whole_track() -> None:
    assert rows_of(number("10", 1075), number("200", 1978)) == [(LEFT, RIGHT, 0, 200)]
    assert rows_of(number("20", 1080), number("200", 1978)) == [(LEFT, RIGHT, 0, 200)]
    assert rows_of(number("20", 1020), number("200", 1978)) == [(LEFT, RIGHT, 20, 200)]
    main = ReadCurve(LEFT, RIGHT, CurveSpec("ILD", (linear(0, 20),), printed="DEEP"), 100.0, {})
    over = ReadCurve(1100.0, RIGHT, CurveSpec("ILD", (linear(20, 200),), printed="DEEP"), 160.0, {})
    (curve,) = one_each([main, over])
    assert [s.anchors for s in curve.curve.scales] == [((0.0, 0.0), (1.0, 20.0)), ((0.0, 0.0), (1.0, 200.0))]


def test_a_gamma_ray_on_one_scale_wraps_though_nothing_printed_says_so() -> None:
    def read(name: str, *scales: ValueScale) -> ReadCurve:
        return ReadCurve(LEFT, RIGHT, CurveSpec(name, scales, printed=name), 100.0, {})

    alone, backed, other = (
        usual_wrap(read(name, *scales))
        for name, *scales in (
            ("GR", linear(0, 150)),
            ("GR", linear(0, 150), linear(0, 1500)),
            ("SP", linear(-80, 20)),
        )
    )
    assert alone.curve.wraps and alone.origins["wraps"] == ("assumed", 0.6)
    assert not backed.curve.wraps and not other.curve.wraps


@pytest.mark.parametrize(("name", "due"), [("90in Res", 1), ("90in Ros", 1), ("60in Res", 2), ("Rwa", 2)])
def test_two_names_on_one_scale_are_two_curves(name: str, due: int) -> None:
    read = [
        ReadCurve(LEFT, RIGHT, CurveSpec("RT", (linear(0, 20),), printed=printed), y, {})
        for printed, y in (("90in Res", 100.0), (name, 160.0))
    ]
    assert len(one_each(read)) == due


def linear(left: float, right: float) -> ValueScale:
    return ValueScale(((0.0, left), (1.0, right)), "linear")


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


@pytest.mark.parametrize(
    ("second", "due"), [((60, 140), (-20, 60)), ((60, 100), (20, 60)), ((60, 150), (20, 60))]
)
def test_a_wrap_tells_the_minus_that_its_scale_has_lost(
    second: tuple[float, float], due: tuple[float, float]
) -> None:
    """``20 GR 60`` over ``60 GR 140`` was -20 to 60: turns of a wrap are as wide."""
    curve = with_lost_minus(declared_again(gamma_ray((20, 60)), once_more(second))).curve
    assert curve.scales[0].anchors == linear(*due).anchors
    assert curve.wraps == (second != (60, 150))


@pytest.mark.parametrize(
    ("upper", "lower", "named"),
    [((400, 0), (0, -400), True), ((400, 0), (0, 400), False), ((400, 0), (0, -40), False)],
)
def test_a_scale_without_a_name_has_that_of_the_one_that_goes_on_from_it(
    upper: tuple[float, float], lower: tuple[float, float], named: bool
) -> None:
    rows = [replace(once_more(upper), y=100.0), once_more(lower)]
    own, other = Word("4kkk AAN", 0.9, 1400, 90, 1600, 110), Word("CILD", 0.9, 1400, 130, 1600, 150)
    texts = named_by_next(rows, [[own], [other]])
    assert texts == ([[other], []] if named else [[own], [other]])


@pytest.mark.parametrize(
    ("kind", "main", "values", "due"),
    [
        ("linear", (0, 150), (150, 300), True),
        ("log", (0.2, 2000), (20, 200000), True),
        ("log", (0.2, 2000), (5.2, 2000), False),
        ("linear", (0, 150), (150, 307), False),
    ],
)
def test_a_scale_without_a_name_goes_on_from_the_one_above_unless_misread(
    kind: ScaleKind, main: tuple[float, float], values: tuple[float, float], due: bool
) -> None:
    scale = ValueScale(((0.0, main[0]), (1.0, main[1])), kind)
    above = ReadCurve(LEFT, RIGHT, CurveSpec("ILD", (scale,)), 100.0, {})
    assert (goes_on([above], once_more(values)) is above) == due


def test_a_number_in_a_name_is_not_of_the_scale() -> None:
    name = Word('16" NORMAL (OHMM)', 0.98, 1400, 100, 1640, 125)
    assert rows_of(number("0", 1010), name, number("50", 1985)) == [(LEFT, RIGHT, 0, 50)]


def test_one_misread_number_among_many_does_not_spoil_a_scale() -> None:
    inner = [number(t, x) for t, x in (("115", 1250), ("90", 1500), ("85", 1750))]  # 85 is 65
    assert rows_of(number("140", 1020), *inner, number("40", 1980)) == [(LEFT, RIGHT, 140, 40)]


def test_tracks_that_abut_have_scales_between_their_lines() -> None:
    words = [number("0.2", 1215), number("200", 1582), number("140", 1622), number("40", 1985)]
    (line,) = lines_of_numbers(words)
    lines = [1050.0, 1200.0, 1400.0, 1600.0, 1700.0, 1800.0, 1900.0]
    rows = [(row.left, row.right, *row.values) for row in scale_rows(line, LEFT, RIGHT, lines)]
    assert rows == [(1200.0, 1600.0, 0.2, 200.0), (1600.0, RIGHT, 140.0, 40.0)]


@pytest.mark.parametrize(
    ("spans", "due"),
    [
        ([(0.0, 1.0)], [(0.0, 1.0)]),
        ([(0.0, 0.5), (0.5, 1.0)], [(0.0, 0.5), (0.5, 1.0)]),
        ([(0.22, 0.61), (0.61, 1.0)], [(0.22, 0.61), (0.61, 1.0)]),
    ],
)
def test_a_stretch_is_cut_where_scales_end(
    spans: list[tuple[float, float]], due: list[tuple[float, float]]
) -> None:
    curves = [ReadCurve(a, b, CurveSpec("GR", ()), 0.0, {}) for a, b in spans]
    assert seams(curves, 0.0, 1.0) == due


ROW = ScaleRow(LEFT, RIGHT, (0.0, 20.0), "linear", False, 200.0, 20.0, 0.9)


def print_at(text: str, y: float) -> Word:
    return Word(text, 0.98, 1400, y - 10, 1600, y + 10)


@pytest.mark.parametrize(
    ("name", "unit", "due"),
    [
        ("DEEP [m0r6]", "(ohm.m)", ("M0R6", "OHMM")),
        ("QCAP", "(mV)", ("QCAP", "MV")),
        ("60 in. DOI [m0c6]", "(mmho/m)", ("M0C6", "MMHO")),  # not inches
        ("DEEP [m0r6]", "remarks", None),
        ("2673.25 - 8832 Feet", "(ohm.m)", None),
    ],
)
def test_a_name_that_is_not_known_serves_with_a_unit(
    name: str, unit: str, due: tuple[str, str] | None
) -> None:
    words = [print_at(name, 180), print_at(unit, 225)]
    found = unknown_name(ROW, words[:1], words)
    assert (None if found is None else found[1:]) == due


def test_a_unit_below_another_scale_is_not_of_this_one() -> None:
    words = [print_at("DEEP [m0r6]", 180), print_at("(ohm.m)", 300)]
    assert unknown_name(ROW, words[:1], words) is None


def relative(text: str) -> list[tuple[float, float, float]]:
    lines = [1000.0 + 50 * k for k in range(1, 20)]
    words = [Word("SP", 0.9, 1010, 100, 1040, 125), Word(text, 0.9, 1200, 100, 1300, 125)]
    strip = stitch([ArrayPage(np.full((200, 2100), 255, np.uint8), (200.0, 200.0), "memory.tif", 0)])
    found = relative_scales(
        strip, words, [Ruled(1000.0, 2000.0, tuple(lines))], [gamma_ray((0, 150), 1500.0)]
    )
    return [(c.left, c.right, c.curve.scales[0].anchors[1][1]) for c in found]


def test_a_scale_told_by_a_division_spans_those_up_to_the_next_track() -> None:
    assert (
        relative("-] 20 mV [+") == relative("-|20|+") == relative("- | 20 | +") == [(1000.0, 1500.0, 200.0)]
    )


def test_what_is_no_sign_of_a_division_is_none() -> None:
    assert relative("-20") == relative("-|23|+") == []


@pytest.mark.parametrize(
    ("others", "text", "due"),
    [
        ((("SP", 1100), ("MV", 1900)), "20", 20),
        ((("S P", 1100), ("mV", 1900)), "125\u00b7", 25),  # a bar and a plus, worn
        ((("SP", 1100), ("|", 1420), ("1+", 1580), ("MV", 1900)), "10", 10),
        ((("SP", 1100), ("MV", 1900)), "15", None),  # 5, or 15
        ((("SP", 1100), ("MV", 1900)), "23", None),
        ((("SP", 1100), ("-80", 1300), ("MV", 1900)), "20", None),
        ((("GR", 1100), ("MV", 1900)), "20", None),
        ((("SP", 1100),), "20", None),
    ],
)
def test_a_number_alone_between_an_sp_and_its_millivolts_is_what_a_division_is_worth(
    others: tuple[tuple[str, float], ...], text: str, due: float | None
) -> None:
    words = [Word(t, 0.9, x - 30, 100, x + 30, 125) for t, x in (*others, (text, 1500.0))]
    log = Ruled(1000.0, 2000.0, tuple(1000.0 + 100 * k for k in range(1, 10)))
    strip = stitch([ArrayPage(np.full((200, 2100), 255, np.uint8), (200.0, 200.0), "memory.tif", 0)])
    found = [c.curve.scales[0].anchors[1][1] for c in relative_scales(strip, words, [log], [])]
    assert found == ([] if due is None else [10 * due])


def test_one_number_of_several_that_has_lost_its_minus_has_it_again() -> None:
    scale = [("100", 1030.0), ("-75", 1250.0), ("-50", 1500.0), ("-25", 1750.0), ("0", 1985.0)]
    assert rows_of(*(number(*n) for n in scale)) == [(LEFT, RIGHT, -100, 0)]
    wrong = [("90", 1030.0), *scale[1:]]
    assert (LEFT, RIGHT, -90, 0) not in rows_of(*(number(*n) for n in wrong))


@pytest.mark.parametrize(
    ("values", "due"), [((200, -400), (200, 400)), ((-200, 400), (200, 400)), ((100, -200), (100, -200))]
)
def test_the_dash_of_a_stroke_is_no_minus_of_a_scale_that_goes_on(
    values: tuple[float, float], due: tuple[float, float]
) -> None:
    gr, row = gamma_ray((0, 200)), once_more(values)
    again = on_row(gr, row, None)
    assert again.curve.scales[0].anchors == linear(*due).anchors
    assert again.y == row.y and again.origins["style"][0] == "assumed"
    assert one_each([gr, again])[0].curve.wraps == (due == (200, 400))
    conductivity = CurveSpec("COND", (linear(400, 0),), printed="CONDUCTIVITY")
    beyond = on_row(replace(gr, curve=conductivity), once_more((0, -400)), None)  # its minus is printed
    assert beyond.curve.scales[0].anchors == linear(0, -400).anchors
