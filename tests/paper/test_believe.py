"""Sections that are registered and still not believed, and where two on one paper part."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from logdigit.paper.believe import believed
from logdigit.paper.column import Column, rival
from logdigit.paper.depthunit import unit_at_column
from logdigit.paper.figures import Chain, Figure
from logdigit.paper.foundsection import Found, FoundSection, apart, contradicting, repeats
from logdigit.paper.nominal import paper_dpi
from logdigit.paper.raster import ArrayPage
from logdigit.paper.registered import Registered
from logdigit.paper.sections import pass_of
from logdigit.paper.stitch import stitch
from logdigit.paper.text import Word
from logdigit.paper.tracks import FoundTrack
from logdigit.types import DepthUnit, Strip

DPI = (200.0, 200.0)


def section(first: float, last: float, pitch: float, top: int = 1000, step: float = 100.0) -> FoundSection:
    """A section with a figure every ``step``, its lines running 60 px beyond the last one either side."""
    count = round((last - first) / step) + 1
    figures = tuple(
        Figure(first + k * step, top + pitch * step * k, 580.0, 50, 30, 0.98, 4) for k in range(count)
    )
    base = top + pitch * (last - first)
    more = 60 / pitch
    ticks = ((top - 60.0, first - more), (base + 60.0, last + more))
    registered = Registered(ticks, 10.0, 0.0, top - 60.0, base + 60.0, count - 1, count - 1, 0.5)
    column = Column(((float(top), 580.0), (base, 580.0)), 50, 30)
    chain = Chain(figures, pitch, step, float(count))
    return FoundSection(top - 60, round(base) + 60, registered, chain, column, ((0.0, 0.0),), (), 0.9, 0)


def reasons(*sections: FoundSection, words: tuple[str, ...] = ()) -> list[str]:
    read = [Word(text, 0.98, 0, 0, 10, 10) for text in words]
    _, refused = believed(Found(sections, ()), "FT", DPI, read, 0.0)
    return [reason for _, _, reason in refused]


def test_usual_depth_scales_are_believed() -> None:
    assert reasons(section(1000, 2000, 10.0), section(1000, 2000, 2.0, top=20000)) == []


def test_figures_that_make_no_depth_scale_are_refused() -> None:
    assert "which no log has" in reasons(section(1000, 2000, 14.5))[0]


def test_figures_that_have_all_lost_their_last_digit_are_refused() -> None:
    """A 1-inch log of 1800 to 2300 ft read as 180 to 230 looks like a detail log of 10 inches."""
    assert "detail log" in reasons(section(180, 230, 20.0, step=10.0))[0]
    whole = section(100, 300, 4.0)
    assert reasons(whole, section(180, 230, 20.0, top=20000, step=10.0)) == []


@pytest.mark.parametrize(
    ("words", "due"),
    [
        (("LOGGED INTERVAL", "3010 - 3290 FT"), True),
        (("3020", "TD 3280"), True),
        (("3290", "WELL 4"), False),
        ((), False),
        (("13010 - 13290 FT",), False),
    ],
)
def test_two_figures_are_believed_if_the_heading_knows_them(words: tuple[str, ...], due: bool) -> None:
    pair = section(3050, 3250, 10.0, step=200.0)
    assert (reasons(pair, words=words) == []) == due


@pytest.mark.parametrize(
    ("pitch", "sure", "lines", "more", "words", "due"),
    [
        (10.0, 0.98, 10.0, 60.0, (), True),
        (10.4, 0.98, 10.0, 60.0, (), False),  # 5.2 inches a 100 ft
        (10.0, 0.9, 10.0, 60.0, (), False),  # not read for sure
        (10.0, 0.98, 0.0, 60.0, (), False),  # no lines counted
        (10.0, 0.98, 10.0, 1200.0, (), False),  # a third figure is due
        (10.0, 0.98, 10.0, 60.0, ("TD 13280", "13290 FT"), False),  # the heading knows better
    ],
)
def test_two_plain_figures_are_believed_alone(
    pitch: float, sure: float, lines: float, more: float, words: tuple[str, ...], due: bool
) -> None:
    pair = section(3100, 3200, pitch)
    assert pair.chain is not None
    (row, depth), (base, last) = pair.registered.ticks
    ticks = ((row - more, depth - more / pitch), (base + more, last + more / pitch))
    chain = replace(pair.chain, figures=tuple(replace(f, weight=sure) for f in pair.chain.figures))
    track = FoundTrack(((0.0, 100.0), (3000.0, 100.0)), ((0.0, 560.0), (3000.0, 560.0)))
    registered = replace(pair.registered, ticks=ticks, line_unit=lines)
    pair = replace(pair, chain=chain, registered=registered, tracks=(track,))
    assert (reasons(pair, words=words) == []) == due
    assert reasons(replace(pair, tracks=()), words=words)


def test_figures_that_have_lost_their_first_digit_are_refused() -> None:
    assert "--depth-add 10000" in reasons(section(7000, 7700, 10.0), words=("TD 17720", "17715 FT"))[0]
    assert reasons(section(7000, 7700, 10.0), words=("TD 7720", "17720", "17715")) == []


def test_a_section_that_has_lost_a_digit_beside_the_others_is_refused() -> None:
    main, repeat = section(17000, 19000, 10.0), section(7700, 8000, 10.0, top=50000)
    assert len(reasons(main, repeat)) == 1


@pytest.mark.parametrize(
    ("first", "top", "due"), [(6100, 61000, True), (6100, 71000, False), (6600, 61000, False)]
)
def test_few_figures_far_from_others_are_believed_where_a_section_of_many_goes_on(
    first: float, top: int, due: bool
) -> None:
    far, near = section(1000, 2500, 10.0, top=1000), section(4500, 6000, 10.0, top=45000)
    assert (reasons(far, near, section(first, first + 400, 10.0, top=top)) == []) == due
    few = section(5000, 6000, 10.0, top=50000)  # these may have lost as many digits themselves
    assert len(reasons(far, few, section(first, first + 400, 10.0, top=top))) == 1


def test_a_repeat_on_the_same_paper_takes_nothing_from_its_main_pass() -> None:
    main, repeat = section(1000, 2000, 10.0), section(1800, 2000, 10.0, top=11100)
    above, below = apart([main, repeat])
    assert above.bottom == 11001 and below.top == 11100
    assert abs(above.depth_at(above.bottom - 1) - 2000) < 0.2
    assert abs(below.depth_at(below.top) - 1800) < 0.2


def test_pieces_of_one_log_meet_half_way() -> None:
    first, second = section(1000, 2000, 10.0), section(2010, 3010, 10.0, top=11100)
    above, below = apart([first, second])
    assert above.bottom == below.top == 11050


def test_a_second_column_that_disagrees_is_heard() -> None:
    main, same, other = (section(first, first + 1000, 10.0) for first in (1000, 1000, 1350))
    assert main.chain is not None and same.chain is not None and other.chain is not None
    said = rival(main.chain, other.chain.figures, main.column, 1700)
    assert said is not None and "disagree" in said
    assert rival(main.chain, same.chain.figures, main.column, 1700) is None
    assert rival(main.chain, other.chain.figures[:2], main.column, 1700) is None


def test_a_title_makes_a_repeat_and_a_remark_does_not() -> None:
    main, other = section(3000, 3400, 10.0), section(3300, 3400, 10.0, top=6000)

    def passes(title: str, *sections: FoundSection) -> list[str]:
        words = [Word(title, 0.98, 400, s.top - 300, 800, s.top - 270) for s in sections[-1:]]
        return [pass_of(s, sections, words) for s in sections]

    assert passes(
        "REPEAT SECTION  SCALE 1:240", section(3000, 3100, 10.0), section(5000, 5400, 4.0, top=6000)
    ) == [
        "main",
        "repeat",
    ]
    assert passes("REPEAT RECORDED AS REQUESTED.", main, section(5000, 5400, 4.0, top=6000)) == [
        "main",
        "main",
    ]
    assert passes("REPEAT SECTION", main) == ["main"]
    assert passes("", main, other) == ["main", "repeat"]


def test_of_two_pieces_that_border_on_each_other_the_one_a_figure_off_is_not_believed() -> None:
    lower = section(5000, 7000, 10.0, top=5000)
    upper = section(4700, 5000, 10.0, top=1900)  # ends at 5000 where the log is 4994
    wrong = section(4800, 5100, 10.0, top=1900)
    bordering = [replace(piece, bottom=lower.top - 10) for piece in (upper, wrong)]
    assert contradicting([bordering[1], lower]) == [bordering[1]]
    assert contradicting([section(4800, 5100, 10.0, top=1000), lower]) == []
    straight = section(4694, 4994, 10.0, top=1940)
    assert contradicting([straight, lower]) == []


@pytest.mark.parametrize(("off", "found"), [(-900.0, True), (-870.0, False)])
def test_a_piece_whole_hundreds_off_the_one_before_it_was_misread(off: float, found: bool) -> None:
    before = section(4000, 5000, 10.0, top=1000)
    after = section(5100 + off, 5300 + off, 10.0, top=12000)  # where the log goes on with 5100
    assert after.chain is not None
    figures = tuple(replace(f, digits=2 if k else 4) for k, f in enumerate(after.chain.figures))
    after = replace(after, chain=replace(after.chain, figures=figures))
    assert contradicting([before, after]) == ([after] if found else [])


def test_a_few_figures_far_from_the_rest_of_their_scale_are_refused() -> None:
    deep, few = section(8000, 10000, 4.0), section(100, 800, 4.0, top=20000)
    assert ["few" in reason for reason in reasons(deep, few)] == [True]
    assert reasons(deep, section(100, 1800, 4.0, top=20000)) == []
    assert reasons(deep, section(9000, 9800, 10.0, top=20000)) == []


def test_a_piece_between_two_others_is_left_out_once() -> None:
    upper, lower = section(3000, 4000, 10.0, top=1000), section(4100, 5000, 10.0, top=12000)
    middle = replace(section(4100, 4200, 10.0, top=11060), top=11050, bottom=11950)
    assert contradicting([replace(upper, bottom=11050), middle, replace(lower, top=11950)]) == [middle]


def scan(width: int, tag: tuple[float, float] | None) -> Strip:
    return stitch([ArrayPage(np.full((1100, width), 255, np.uint8), tag, "memory.tif", 0)])


@pytest.mark.parametrize(
    ("width", "tag", "track", "print_", "px", "unit", "dpi"),
    [
        (1829, (400.0, 400.0), 433, "", 7.874, "M", 200.0),  # by the track 173 dpi, by the tag 4.6 inches
        (900, None, 390, "MAIN LOG SCALE 1:500", 7.874, "M", 100.0),  # 156 dpi would be 1:1000 stretched
        (2928, None, 2373, "1 INCH = 100 FEET", 3.0, "FT", 300.0),
        (1700, (200.0, 200.0), 500, "", 10.0, "FT", 200.0),
    ],
)
def test_the_depth_scale_tells_the_resolution_that_no_tag_does(
    width: int,
    tag: tuple[float, float] | None,
    track: int,
    print_: str,
    px: float,
    unit: DepthUnit,
    dpi: float,
) -> None:
    edges = FoundTrack(((0.0, 10.0), (9.0, 10.0)), ((0.0, 10.0 + track), (9.0, 10.0 + track)))
    found = replace(section(1000, 2000, px), tracks=(edges,))
    words = [Word(print_, 1.0, 0, 0, 1, 1)]
    assert paper_dpi(scan(width, tag), [found], unit, words) == pytest.approx((dpi, dpi), rel=0.01)


def test_one_letter_is_a_unit_in_a_head_and_not_at_the_end_of_a_line_that_was_cut() -> None:
    def said(text: str) -> tuple[DepthUnit, float] | None:
        log = section(1000, 2000, 10.0)
        return unit_at_column(scan(1000, None), [log], [Word(text, 1.0, 540, 800, 620, 820)], lambda *_: [])

    assert said("DEPTH M") == ("M", 0.95) and said("(F)") == ("FT", 0.95)
    assert said("TRICAL AND OTHER M") is None


def test_the_foot_of_a_column_names_the_unit_where_its_head_does_not() -> None:
    log = section(1000, 1100, 10.0)
    strip = stitch([ArrayPage(np.full((log.bottom + 400, 1000), 255, np.uint8), None, "memory.tif", 0)])
    foot = [Word("DEPTH METRES", 1.0, 540, log.bottom + 40, 620, log.bottom + 60)]
    assert unit_at_column(strip, [log], foot, lambda *_: []) is None
    assert unit_at_column(strip, [log], foot, lambda *_: [], below=True) == ("M", 0.95)


def test_a_repeat_is_vouched_for_by_its_main_pass() -> None:
    """Two figures without a heading, or a body shorter than others are looked at."""
    main, repeat = section(3000, 4000, 10.0), section(3050, 3250, 10.0, top=20000, step=200.0)
    assert reasons(repeat) and not reasons(main, repeat)
    assert repeats(repeat, [main, repeat]) and not repeats(main, [main, repeat])
    assert not repeats(section(3050, 3250, 10.5, top=20000, step=200.0), [main])  # of another scale
    assert not repeats(section(3950, 4150, 10.0, top=20000, step=200.0), [main])  # of other depths
