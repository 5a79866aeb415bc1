"""Tracks that abut: where frames, grids and scales say that they meet; blocks read without their lines."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace

import cv2
import numpy as np
import pytest

from logdigit.paper.closer import added, numbers_beside, read_unlined, without_lines
from logdigit.paper.column import Column
from logdigit.paper.curves_read import read_block
from logdigit.paper.decades import decades_of, grid_seams
from logdigit.paper.engine import engine
from logdigit.paper.foundsection import FoundSection
from logdigit.paper.framed import framed_tracks, like_others
from logdigit.paper.meetings import meetings
from logdigit.paper.numbers import Number, lines_of_numbers, number_of
from logdigit.paper.registered import Registered
from logdigit.paper.reread import look_again
from logdigit.paper.seams import Ruled, Seam, ruled, rulers_of
from logdigit.paper.text import Word
from logdigit.paper.tracks import FoundTrack
from logdigit.types import Box, Strip, UInt8

WIDTH, TOP, BLOCK = 1300, 600, 380
LEFT, SEAM, RIGHT = 100, 600, 1100
LINES = tuple(float(x) for x in range(150, 1100, 50))
TRACK = FoundTrack(
    ((TOP, LEFT), (1400, LEFT)), ((TOP, RIGHT), (1400, RIGHT)), inner=tuple((x - LEFT) / 1000 for x in LINES)
)


def page(frame: Sequence[int] = (), table: Sequence[int] = (), top: int = TOP) -> UInt8:
    """A grid from ``top`` on, a frame above it with lines at some columns, and a table at the head."""
    pixels = np.full((1400, WIDTH), 255, np.uint8)
    for x in (LEFT, *(int(x) for x in LINES), RIGHT):
        pixels[top:, x : x + 2] = 0
    pixels[top::40, LEFT:RIGHT] = 0
    for x in frame:
        pixels[BLOCK : TOP - 30, x : x + 3] = 0
    for x in table:
        pixels[40:250, x : x + 3] = 0
    return pixels


@pytest.mark.parametrize(
    ("pixels", "due"),
    [
        (page((LEFT, SEAM, RIGHT)), [SEAM]),
        (page((LEFT, 450, 800, RIGHT)), [450, 800]),
        (page((LEFT, RIGHT)), []),
        (page((LEFT, SEAM, RIGHT), table=(300, 900)), [SEAM]),
        (page(table=(300, 900)), []),
        (page(top=TOP - 90), []),  # the log begins above its first figure
        (page((LEFT, 629, RIGHT)), []),  # no line of the grid goes on there
    ],
)
def test_a_frame_parts_tracks_at_lines_of_the_grid(
    pixels: UInt8, due: list[int], strip_of: Callable[..., Strip]
) -> None:
    log = ruled(strip_of(pixels, (200.0, 200.0)), TRACK, TOP, below=False)
    assert [round(seam.x) for seam in log.seams] == due
    assert log.cuts == pytest.approx([(x - LEFT) / 1000 for x in due])


def test_a_frame_parts_only_the_rows_beside_it() -> None:
    log = Ruled(100.0, 1100.0, LINES, (Seam(600.0, 400, 500),))
    assert [(t.left, t.right) for t in log.tracks_at(450)] == [(100, 600), (600, 1100)]
    assert [(t.left, t.right) for t in log.tracks_at(350)] == [(100, 1100)]


def grid(even: int, decades: int, share: float) -> np.ndarray:
    steps = (np.log10(np.arange(1, 10)) + np.arange(decades)[:, None]).ravel() / decades
    return np.unique([*np.linspace(0, share, even + 1), *(share + (1 - share) * steps), 1.0])


@pytest.mark.parametrize(("even", "decades", "share"), [(10, 4, 0.33), (5, 2, 0.5), (10, 3, 0.6)])
def test_an_even_grid_ends_where_a_logarithmic_one_begins(even: int, decades: int, share: float) -> None:
    assert grid_seams(grid(even, decades, share)) == pytest.approx([share])
    assert grid_seams(np.sort(1 - grid(even, decades, share))) == []  # decades never run backwards


@pytest.mark.parametrize("lines", [np.linspace(0, 1, 21), grid(1, 4, 0.0001)[1:]])
def test_a_grid_of_one_kind_has_no_seam(lines: np.ndarray) -> None:
    assert grid_seams((lines - lines[0]) / (lines[-1] - lines[0])) == []


@pytest.mark.parametrize("decades", [1, 2, 3, 4])
def test_decades_are_counted(decades: int) -> None:
    lines = np.unique(np.concatenate([np.log10(np.arange(1, 11)) + k for k in range(decades)]).round(6))
    assert decades_of(lines) == decades
    assert decades_of(np.linspace(0, 1, 9 * decades + 1)) is None


def word(text: str, x: float, y: float) -> Word:
    half = 7.0 * len(text)
    return Word(text, 0.98, x - half, y - 12, x + half, y + 12)


def curves(strip: Strip, words: Sequence[Word], log: Ruled) -> list[tuple[str, float, float, float, float]]:
    found = read_block(strip, words, [log], 600)
    return [
        (c.curve.mnemonic, c.left, c.right, c.curve.scales[0].anchors[0][1], c.curve.scales[0].anchors[1][1])
        for c in found.curves
    ]


def test_scales_that_meet_on_one_line_part_the_other_lines(strip_of: Callable[..., Strip]) -> None:
    strip = strip_of(page(), (200.0, 200.0))
    edges = ("0", 110), ("20", 582), ("0", 612), ("20", 1085)
    upper = [word(t, x, 450) for t, x in edges] + [
        word("SHORT NORMAL OHMM", 350, 450),
        word("LATERAL OHMM", 850, 450),
    ]
    edges = ("0", 110), ("20", 582), ("20", 617), ("40", 1085)
    lower = [word(t, x, 500) for t, x in edges] + [
        word("LONG NORMAL OHMM", 350, 500),
        word("LATERAL OHMM", 850, 500),
    ]
    found = curves(strip, [*upper, *lower], Ruled(100.0, 1100.0, LINES))
    assert {(name, left, right) for name, left, right, *_ in found} == {
        ("SN", 100, 600),
        ("LN", 100, 600),
        ("LAT", 600, 1100),
    }


def test_numbers_read_as_one_over_a_seam_are_two_where_each_track_has_a_name(
    strip_of: Callable[..., Strip],
) -> None:
    strip = strip_of(page(), (200.0, 200.0))
    names = ("SHORT NORMAL OHMM", 340), ("LATERAL OHMM", 850)
    seam = [word(t, at, 500) for t, at in (("0", 110), ("200", 577), ("0", 612), ("10", 1085), *names)]
    one = Word("200", 0.98, 560, 438, 622, 462)  # 20 and 0
    over = [word(t, at, 450) for t, at in (("0", 110), ("1", 1090), *names)]
    found = curves(strip, [*seam, *over, one], Ruled(100.0, 1100.0, LINES))
    assert {(name, *values) for name, _, _, *values in found} == {("SN", 0, 20), ("LAT", 0, 1)}


def test_a_scale_that_has_lost_its_point_is_that_of_the_grid(strip_of: Callable[..., Strip]) -> None:
    strip = strip_of(page(), (200.0, 200.0))
    places = 100 + 250 * (np.log10(np.arange(1, 10)) + np.arange(4)[:, None]).ravel()
    log = Ruled(100.0, 1100.0, tuple(places[1:]), logarithmic=True)
    words = [word("2", 107, 500), word("2000", 1072, 500), word("LATEROLOG DEEP OHMM", 600, 500)]
    assert curves(strip, words, log)[0][3:] == (0.2, 2000.0)
    even = Ruled(100.0, 1100.0, LINES, logarithmic=True)  # lines that tell no decades
    assert curves(strip, words, even)[0][3:] == (2.0, 2000.0)


def framed() -> UInt8:
    """A block whose numbers stand against its frame, and its unit on a stroke."""
    pixels = page((LEFT, SEAM, RIGHT))
    pixels[BLOCK : BLOCK + 3, LEFT:RIGHT] = 0
    pixels[470:478, LEFT:SEAM] = 0
    for text, x, y in (("GAMMA RAY", 250, 462), ("API UNITS", 265, 506), ("0", 104, 506), ("150", 540, 506)):
        cv2.putText(pixels, text, (x, y), cv2.FONT_HERSHEY_SIMPLEX, 0.9, 0, 2, cv2.LINE_AA)
    return pixels


def test_long_lines_are_taken_out_and_print_stays() -> None:
    pixels = framed()
    clean = without_lines(pixels[BLOCK:560], 60)
    assert (clean[:, SEAM : SEAM + 3] > 128).all() and (clean[90:98, 110:580] > 128).all()
    print_ = pixels[440:464, 250:400] < 128
    assert ((clean[440 - BLOCK : 464 - BLOCK, 250:400] < 128) & print_).sum() > 0.9 * print_.sum()


def test_numbers_against_a_frame_are_read(strip_of: Callable[..., Strip]) -> None:
    strip, reader = strip_of(framed(), (200.0, 200.0)), engine()
    words = read_unlined(strip, Box(BLOCK, 90, 560, 1110), reader, 1.0)
    assert any("GAMMA" in w.text for w in words)
    name = word("GAMMA RAY", 330, 452)
    track = Ruled(float(LEFT), float(SEAM))
    found = numbers_beside(strip, track, name, [name], reader)
    assert {w.text for w in found} == {"0", "150"}
    assert numbers_beside(strip, track, name, [name, *found], reader) == []
    assert len(added(found, found)) == len(found)


def section(*tracks: tuple[float, float]) -> FoundSection:
    found = tuple(
        FoundTrack(((TOP, a), (1400, a)), ((TOP, b), (1400, b)), inner=(0.25, 0.5, 0.75)) for a, b in tracks
    )
    registered = Registered(((TOP, 100.0), (1400, 200.0)), 10.0, 0.0, TOP, 1400, 1, 1, 0.1)
    column = Column(((TOP, 650.0), (1400, 650.0)), 40, 20)
    return FoundSection(TOP, 1400, registered, None, column, ((0.0, 0.0),), found, 0.9, 0)


@pytest.mark.parametrize(
    ("tracks", "due"),
    [
        (((100, 560), (740, 1100)), [(100, 560), (740, 1100)]),
        (((150, 560), (740, 1100)), [(100, 560), (740, 1100)]),  # a division lost at its left
        (((100, 560),), [(100, 560), (740, 1100)]),  # hidden by what is drawn there
        (((100, 300), (740, 1100)), [(100, 560), (740, 1100)]),
        (((100, 300), (400, 560), (740, 1100)), [(100, 560), (740, 1100)]),  # found in two pieces
    ],
)
def test_tracks_are_as_wide_as_the_columns_of_the_frame(
    tracks: tuple[tuple[float, float], ...], due: list[tuple[float, float]], strip_of: Callable[..., Strip]
) -> None:
    strip = strip_of(page((100, 560, 740, 1100)), (200.0, 200.0))
    names = [word("GAMMA RAY", 330, 450), word("DELTA TIME", 920, 450), word("DEPTH", 650, 450)]
    found = framed_tracks(strip, section(*tracks), names)
    assert [(t.left[0][1], t.right[1][1]) for t in found.tracks] == [pytest.approx(d, abs=2) for d in due]


@pytest.mark.parametrize(("left", "divisions", "due"), [(140, 10, 100), (160, 10, 160)])
def test_a_track_is_widened_by_whole_divisions(
    left: int, divisions: int, due: int, strip_of: Callable[..., Strip]
) -> None:
    strip = strip_of(page((100, 560, 740, 1100)), (200.0, 200.0))
    inner = tuple(k / divisions for k in range(1, divisions))
    track = FoundTrack(((TOP, left), (1400, left)), ((TOP, 560), (1400, 560)), inner=inner)
    other = section((740, 1100))
    before = replace(other, tracks=(track, *other.tracks))
    found = framed_tracks(strip, before, [word("GAMMA RAY", 330, 450)])
    assert found.tracks[0].left[0][1] == pytest.approx(due, abs=2)


TENTHS = tuple(range(146, 560, 46))
DECADES = tuple(100 + 230 * (k + np.log10(m)) for k in range(2) for m in range(1, 10) if k + m > 1)


@pytest.mark.parametrize(
    ("left", "inner", "due"),
    [
        (
            126.0,
            (138, *TENTHS),
            100,
        ),  # with two strokes that are no lines of the grid, one taken for the edge
        (84.0, TENTHS, 100),  # the stroke of a picture beside the track
        (84.0, tuple(84 + 47.6 * k for k in range(1, 10)), 84),  # no: the grid begins there
        (DECADES[0], DECADES[1:6] + DECADES[8:], 100),  # decades, of which lines are lost
    ],
)
def test_an_edge_is_where_the_divisions_of_a_track_say(
    left: float, inner: tuple[float, ...], due: int, strip_of: Callable[..., Strip]
) -> None:
    strip = strip_of(page((100, 560, 740, 1100)), (200.0, 200.0))
    shares = tuple((x - left) / (560 - left) for x in inner)
    track = FoundTrack(((TOP, left), (1400, left)), ((TOP, 560), (1400, 560)), inner=shares)
    other = section((740, 1100))
    found = framed_tracks(strip, replace(other, tracks=(track, *other.tracks)), [word("GAMMA RAY", 330, 450)])
    assert found.tracks[0].left[0][1] == pytest.approx(due, abs=2)


@pytest.mark.parametrize(
    ("left", "right", "inner", "due"),
    [
        (100.0, 606.0, 560.0, (100, 560)),  # over into the column of depths
        (54.0, 560.0, 100.0, (100, 560)),
        (100.0, 606.0, 500.0, (100, 606)),  # no line of the frame stands there
    ],
)
def test_a_track_beyond_its_column_is_cut_at_a_line_of_both(
    left: float, right: float, inner: float, due: tuple[int, int], strip_of: Callable[..., Strip]
) -> None:
    share = (inner - left) / (right - left)
    track = FoundTrack(((TOP, left), (1400, left)), ((TOP, right), (1400, right)), inner=(share,))
    found = replace(section((740, 1100)), tracks=(track, *section((740, 1100)).tracks))
    strip = strip_of(page((100, 560, 740, 1100)), (200.0, 200.0))
    names = [word("GAMMA RAY", 330, 450), word("DELTA TIME", 920, 450)]
    (cut, _) = framed_tracks(strip, found, names).tracks
    assert (cut.left[0][1], cut.right[1][1]) == pytest.approx(due, abs=2)


def test_the_stroke_of_a_curve_below_a_frame_is_no_line_of_it(strip_of: Callable[..., Strip]) -> None:
    pixels = page((100, 560, 740, 1100))
    pixels[BLOCK - 260 : TOP - 30, [100, 101, 560, 561, 740, 741, 1100, 1101]] = 0
    pixels[TOP - 95 : TOP - 30, 330:333] = 0
    names = [word("GAMMA RAY", 330, 300), word("DELTA TIME", 920, 300)]
    found = framed_tracks(strip_of(pixels, (200.0, 200.0)), section(), names)
    assert [(t.left[0][1], t.right[1][1]) for t in found.tracks] == [
        pytest.approx(due, abs=2) for due in ((100, 560), (740, 1100))
    ]


def test_lines_of_a_log_above_its_first_line_are_none_of_its_frame(strip_of: Callable[..., Strip]) -> None:
    """All that a bilevel copy keeps of the grid are the middles of the tracks."""
    pixels = page((100, 560, 740, 1100))
    pixels[TOP - 90 : TOP, [330, 331, 332, 920, 921, 922]] = 0
    names = [word("GAMMA RAY", 330, 450), word("DELTA TIME", 920, 450)]
    found = framed_tracks(strip_of(pixels, (200.0, 200.0)), section((330, 560), (740, 920)), names)
    assert [(t.left[0][1], t.right[1][1]) for t in found.tracks] == [
        pytest.approx(due, abs=2) for due in ((100, 560), (740, 1100))
    ]


def test_a_column_without_a_name_is_no_track(strip_of: Callable[..., Strip]) -> None:
    strip = strip_of(page((100, 560, 740, 1100)), (200.0, 200.0))
    alone = section((100, 560))
    assert framed_tracks(strip, alone, [word("GAMMA RAY", 330, 450), word("REMARKS", 920, 450)]) is alone


def test_a_number_over_the_edge_of_a_track_is_read_on_either_side(strip_of: Callable[..., Strip]) -> None:
    pixels = page((LEFT, SEAM, RIGHT))
    for text, x in (("20", 558), ("100", 606)):
        cv2.putText(pixels, text, (x, 506), cv2.FONT_HERSHEY_SIMPLEX, 0.9, 0, 2, cv2.LINE_AA)
    strip = strip_of(pixels, (200.0, 200.0))
    log = Ruled(float(LEFT), float(RIGHT), LINES, (Seam(600.0, 380, 570),))
    one = Word("20|100", 0.98, 556.0, 482.0, 662.0, 508.0)
    texts = {w.text: w for w in look_again(strip, [one], [log], engine(), 1.0)}
    assert {"20", "100"} <= set(texts) and "20|100" not in texts


@pytest.mark.parametrize(("frame", "due"), [((), True), ((LEFT, SEAM, RIGHT), False)])
def test_a_number_over_an_edge_without_a_frame_stays_whole(
    frame: tuple[int, ...], due: bool, strip_of: Callable[..., Strip]
) -> None:
    """As the axes of plots have them: 100 stands over the last division of its scale."""
    pixels = page(frame)
    cv2.putText(pixels, "100", (SEAM - 27, 506), cv2.FONT_HERSHEY_SIMPLEX, 0.9, 0, 2, cv2.LINE_AA)
    log = Ruled(float(LEFT), float(SEAM), LINES[:9])
    one = Word("100", 0.9, SEAM - 27, 482, SEAM + 27, 508)
    words = look_again(strip_of(pixels, (200.0, 200.0)), [one], [log], engine(), 1.0)
    assert any(w.text == "100" for w in words) == due


def test_tracks_are_those_of_the_frame_where_only_a_picture_was_found(strip_of: Callable[..., Strip]) -> None:
    strip = strip_of(page((100, 560, 740, 1100)), (200.0, 200.0))
    names = [word("GAMMA RAY", 330, 450), word("DELTA TIME", 920, 450)]
    found = framed_tracks(strip, section((580, 640)), names)
    assert {(round(t.left[0][1], -1), round(t.right[0][1], -1)) for t in found.tracks} >= {
        (100, 560),
        (740, 1100),
    }


@pytest.mark.parametrize(
    ("words", "due"),
    [
        ([("NPHI", 350, 450), ("60", 120, 480), ("POROSITY %", 350, 480), ("0", 590, 480)], ("NPHI", 60, 0)),
        ([("POROSITY %", 350, 450), ("60", 120, 480), ("0", 590, 480)], ("PORO", 60, 0)),
        ([("BULK DENSITY", 350, 450), ("2", 108, 480), ("G/CC", 350, 480), ("-3", 586, 480)], ("RHOB", 2, 3)),
        ([("Bulk Density", 350, 450), ("1.95", 130, 480), ("295", 578, 480)], ("RHOB", 1.95, 2.95)),
        ([("Neutron PU", 350, 480), ("45", 120, 480), ("-15", 580, 480)], ("NPHI", 45, -15)),
        ([("Neutron", 350, 480), ("45", 120, 480), ("-15", 580, 480)], ("NPHI", 45, -15)),
        ([("Neutron CPS", 350, 480), ("0", 110, 480), ("1000", 570, 480)], ("NEUT", 0, 1000)),
        ([("CALIPER MM", 350, 480), ("125", 120, 480), ("375", 575, 480)], ("CAL", 125, 375)),
        ([("DENSITY K/M3", 350, 480), ("1950", 125, 480), ("2950", 570, 480)], ("RHOB", 1950, 2950)),
        ([("SP MV", 350, 480), ("-100", 125, 480), ("-100", 575, 480)], ("SP", -100, 100)),
        ([("SP MV", 350, 480), ("-160", 125, 480), ("-40", 575, 480)], ("SP", -160, 40)),
        ([("0 2 ILM OHMM", 190, 480), ("2000", 570, 480)], ("ILM", 0.2, 2000)),
    ],
)
def test_units_named_like_porosities_dashes_before_numbers_and_lost_points(
    words: list[tuple[str, int, int]], due: tuple[str, float, float], strip_of: Callable[..., Strip]
) -> None:
    strip = strip_of(np.full((700, WIDTH), 255, np.uint8), (200.0, 200.0))
    block = read_block(strip, [word(*w) for w in words], [Ruled(100.0, 600.0, LINES[:9])], 600)
    (read,) = block.curves
    ends = [value for _, value in read.curve.scales[0].anchors]
    assert (read.curve.mnemonic, *ends) == due and not block.bare


def test_a_dash_before_one_of_two_equal_numbers_makes_no_scale(strip_of: Callable[..., Strip]) -> None:
    strip = strip_of(np.full((700, WIDTH), 255, np.uint8), (200.0, 200.0))
    words = [word("PHOTOELECTRIC FACTOR", 350, 450), word("10", 115, 480), word("-10", 580, 480)]
    assert not read_block(strip, words, [Ruled(100.0, 600.0, LINES[:9])], 600).curves


@pytest.mark.parametrize(("last", "sure", "scales"), [("2", 0.98, [2, 10]), ("21", 0.3, []), ("", 0.0, [])])
def test_a_backup_is_no_scale_of_a_curve_whose_own_lost_a_number(
    last: str, sure: float, scales: list[int], strip_of: Callable[..., Strip]
) -> None:
    strip = strip_of(np.full((700, WIDTH), 255, np.uint8), (200.0, 200.0))
    own = [word("0", 115, 440), word('16" NORMAL', 350, 440), replace(word(last, 580, 440), confidence=sure)]
    backup = [word("0", 115, 490), word("10", 580, 490)]
    block = read_block(strip, [w for w in (*own, *backup) if w.text], [Ruled(100.0, 600.0, LINES[:9])], 600)
    assert [s.anchors[1][1] for c in block.curves for s in c.curve.scales] == scales
    assert [b.curve.mnemonic for b in block.bare] == ([] if scales else ["SN"])


@pytest.mark.parametrize(
    ("name", "left", "right"),
    [
        ("SP MV", "-160", "10"),
        ("GAMMA RAY API", "-20", "60"),
        ("NPHI PU", "45", "00"),
        ("ILD OHMM", "2.0", "2.95"),
    ],
)
def test_numbers_that_no_scale_ends_with_make_none(
    name: str, left: str, right: str, strip_of: Callable[..., Strip]
) -> None:
    strip = strip_of(np.full((700, WIDTH), 255, np.uint8), (200.0, 200.0))
    words = [word(name, 350, 480), word(left, 120, 480), word(right, 580, 480)]
    block = read_block(strip, words, [Ruled(100.0, 600.0, LINES[:9])], 600)
    assert not block.curves and block.left_out


def test_print_and_a_stroke_over_the_whole_block_are_no_rows_of_the_grid(
    strip_of: Callable[..., Strip],
) -> None:
    pixels = page((LEFT, SEAM, RIGHT))
    end = TOP - 30
    for x in (110, 620):
        cv2.putText(pixels, "SPONTANEOUS MILLIVOLTS", (x, end - 16), cv2.FONT_HERSHEY_SIMPLEX, 1.15, 0, 3)
    pixels[end - 8 : end - 4, LEFT:RIGHT] = 0  # the stroke of the curve
    (seam,) = ruled(strip_of(pixels, (200.0, 200.0)), TRACK, TOP, below=False).seams
    assert seam.x == SEAM and seam.bottom > end - 12


def test_a_frame_alone_gives_the_tracks_and_the_figures_their_lean(strip_of: Callable[..., Strip]) -> None:
    strip = strip_of(page((100, 560, 740, 1100)), (200.0, 200.0))
    rows = np.linspace(TOP, 1400, 9)
    seen = tuple((float(r), 650 + 0.01 * (r - TOP) + (5 if k == 4 else 0)) for k, r in enumerate(rows))
    blank = replace(section(), column=Column(seen, 40, 20))
    names = [word("GAMMA RAY", 330, 450), word("DELTA TIME", 920, 450)]
    found = framed_tracks(strip, blank, names)
    ends = [(t.left[0][1], t.right[0][1], t.right[-1][1]) for t in found.tracks]
    down = 0.01 * (1400 - TOP)
    assert ends == [pytest.approx(d, abs=2) for d in ((100, 560, 560 + down), (740, 1100, 1100 + down))]
    assert framed_tracks(strip, blank, names[:1]) is blank


def test_a_frame_below_a_log_shows_its_tracks_too(strip_of: Callable[..., Strip]) -> None:
    pixels = page((100, 560, 740, 1100))[::-1].copy()
    end = len(pixels) - TOP
    turned = replace(section(), top=0, bottom=end)
    names = [word("GAMMA RAY", 330, end + 120), word("DELTA TIME", 920, end + 120)]
    strip = strip_of(pixels, (200.0, 200.0))
    found = framed_tracks(strip, turned, names, below=True)
    ends = [(t.left[0][1], t.right[0][1]) for t in found.tracks]
    assert ends == [pytest.approx(d, abs=2) for d in ((100, 560), (740, 1100))]
    assert framed_tracks(strip, turned, names) is turned


def test_a_frame_about_several_tracks_is_not_that_of_one(strip_of: Callable[..., Strip]) -> None:
    strip = strip_of(page((100, 900, 1100)), (200.0, 200.0))
    found = section((100, 400), (700, 1100))
    assert framed_tracks(strip, found, [word("GAMMA RAY", 250, 450), word("DELTA TIME", 950, 450)]) is found


def test_the_edge_of_the_paper_is_no_line_of_a_frame(strip_of: Callable[..., Strip]) -> None:
    names = [word("GAMMA RAY", 330, 450), word("DELTA TIME", 1190, 450)]
    found = section((100, 560), (740, 1100))
    strip = strip_of(page((100, 560, 740, 1100, 1296)), (200.0, 200.0))
    assert framed_tracks(strip, found, names) is found
    strip = strip_of(page((100, 560, 740, 1100, 1250)), (200.0, 200.0))
    assert len(framed_tracks(strip, found, names).tracks) == 3


def test_a_frame_about_a_sparse_grid_is_no_part_of_it(strip_of: Callable[..., Strip]) -> None:
    """Most upright lines of tracks with a single division are edges, and those are lines of the frame too."""
    pixels = np.full((1400, WIDTH), 255, np.uint8)
    pixels[TOP::80, LEFT:RIGHT] = 0
    for x in (LEFT, 350, 480, 600, 740, 870, RIGHT):
        pixels[TOP:, x : x + 3] = 0
    for x in (LEFT, 350, 480, RIGHT):
        pixels[BLOCK : TOP - 8, x : x + 3] = 0
    tracks = (
        FoundTrack(((TOP, LEFT), (1400, LEFT)), ((TOP, 350), (1400, 350))),
        FoundTrack(((TOP, 600), (1400, 600)), ((TOP, RIGHT), (1400, RIGHT)), inner=(0.28, 0.54)),
    )
    column = Column(((700.0, 415.0), (1200.0, 415.0)), 50, 30)
    registered = Registered(((TOP, 0.0), (1400.0, 100.0)), 10.0, 0.0, TOP, 1400.0, 1, 1, 0.5)
    found = FoundSection(TOP, 1400, registered, None, column, ((0.0, 0.0),), tracks, 0.9, 0)
    names = [Word(text, 0.9, x, 450, x + 80, 470) for text, x in (("GAMMA RAY", 180), ("ILD", 700))]
    framed = framed_tracks(strip_of(pixels, (200.0, 200.0)), found, names)
    assert [round(t.left[0][1]) for t in framed.tracks] == [LEFT, 481]


def test_tracks_of_one_section_are_those_of_another_where_divisions_were_lost() -> None:
    def section(top: int, *edges: tuple[float, float]) -> FoundSection:
        tracks = tuple(
            FoundTrack(
                ((top, a), (top + 900, a)),
                ((top, b), (top + 900, b)),
                inner=tuple((x - a) / (b - a) for x in np.arange(a + 50, b - 1, 50)),
            )
            for a, b in edges
        )
        column = Column(((float(top), 450.0), (top + 900.0, 450.0)), 50, 30)
        registered = Registered(((top, 0.0), (top + 900.0, 90.0)), 10.0, 0.0, top, top + 900.0, 1, 1, 0.5)
        return FoundSection(top, top + 900, registered, None, column, ((0.0, 0.0),), tracks, 0.9, 0)

    whole, short = section(100, (100, 400), (500, 1000)), section(1500, (72, 372), (472, 922))
    other = section(3000, (60, 400), (472, 930))
    found = like_others([whole, short, other], WIDTH)
    assert [t.right[0][1] for t in found[1].tracks] == pytest.approx([372, 972])
    assert found[0] == whole and found[2] == other


def test_numbers_above_and_below_a_rule_are_one_scale() -> None:
    def line(y: int, *numbers: tuple[str, int]) -> list[Number]:
        words = [Word(text, 0.9, x - 9, y, x + 9, y + 20) for text, x in numbers]
        return [number for number in map(number_of, words) if number is not None]

    upper = line(100, ("8", 300), ("10", 400), ("1", 500), ("14", 600))
    lower = line(140, ("7", 250), ("9", 350), ("11", 450), ("15", 550), ("15", 650))
    (row,) = rulers_of([upper, lower], Ruled(200.0, 700.0))
    assert (row.values, row.kind) == ((6.0, 16.0), "linear")
    assert rulers_of([upper, line(240, ("7", 250), ("9", 350), ("11", 450))], Ruled(200.0, 700.0)) == []
    assert rulers_of([upper[:2], lower[:2]], Ruled(200.0, 700.0)) == []


def test_numbers_at_divisions_that_begin_anew_part_tracks() -> None:
    """Tracks of ten divisions, 0 to 20, 0 to 200 and 0 to 200, the numbers at their seams read as one."""
    log = Ruled(100.0, 1360.0, tuple(100.0 + 42 * k for k in range(1, 30)))
    texts = ["0", "5", "10", "15", "200", "50", "100", "150", "2000", "50", "100", "150", "200"]
    at = [110, *(100 + 105 * k for k in range(1, 12)), 1338]
    at[4], at[8] = at[4] - 7, at[8] - 14  # the cut is behind 20 and behind 200
    words = [word(text, x, 100) for text, x in zip(texts, at, strict=True)]
    assert [seam.x for seam in meetings(lines_of_numbers(words), log, words)] == [520.0, 940.0]
    one = [w for w in words if w.text not in ("200", "2000")]  # 100 150 50: one of them is misread
    assert meetings(lines_of_numbers(one), log, one) == ()


@pytest.mark.parametrize(
    ("texts", "named", "due"),
    [
        (("0", "2000.2", "20002", "3"), (300, 750, 1150), [500.0, 1000.0]),
        (("0", "2000.2", "20002", "3"), (300, 750), []),  # a part without a name
        (("0", "20", "40", "60"), (750,), []),  # one scale over the whole
    ],
)
def test_numbers_that_stand_astride_a_line_are_the_ends_of_two_scales(
    texts: tuple[str, ...], named: tuple[int, ...], due: list[float]
) -> None:
    log = Ruled(100.0, 1300.0, (500.0, 1000.0))
    at = [(104, 12), (506, 72), (993, 70), (1290, 12)]
    read = [Word(t, 0.9, x - w / 2, 100, x + w / 2, 120) for t, (x, w) in zip(texts, at, strict=True)]
    read += [Word(["GR", "ILD", "RHOB"][k], 0.9, x - 20, 70, x + 20, 90) for k, x in enumerate(named)]
    assert [seam.x for seam in meetings(lines_of_numbers(read), log, read)] == due


def test_a_division_through_the_middle_number_of_a_scale_parts_nothing() -> None:
    """5 10 15 under HOLE SIZE and over GAMMA RAY, whose middles stand on either side of the division."""
    log = Ruled(100.0, 600.0, (350.0,))
    read = [Word(t, 0.9, x - 15, 100, x + 15, 120) for t, x in (("5", 115), ("10", 351), ("15", 585))]
    read += [Word("HOLE SIZE", 0.9, 260, 70, 438, 90), Word("GAMMA RAY", 0.9, 264, 130, 440, 150)]
    assert meetings(lines_of_numbers(read), log, read) == ()
