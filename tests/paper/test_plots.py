"""Plots of scripts: tracks that are boxes, ticks at the figures of an axis, its title, any depth scale."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

import cv2
import numpy as np
import pytest

from logdigit.paper.axes import texts_of_axis, with_axes
from logdigit.paper.axis import on_axis
from logdigit.paper.believe import believed
from logdigit.paper.column import Column
from logdigit.paper.depthunit import unit_along_column
from logdigit.paper.extent import to_boxes
from logdigit.paper.figures import Chain, Figure
from logdigit.paper.foundsection import Found, FoundSection
from logdigit.paper.laid import sections_of
from logdigit.paper.numbers import lines_of_numbers
from logdigit.paper.raster import ArrayPage
from logdigit.paper.registered import Registered
from logdigit.paper.scalerow import ScaleRow
from logdigit.paper.seams import Ruled, ruled
from logdigit.paper.stitch import stitch
from logdigit.paper.text import Reader, Word
from logdigit.paper.tracks import FoundTrack, find_tracks
from logdigit.types import DepthUnit, Strip, UInt8

HEIGHT, WIDTH = 2000, 1500
BOXES = ((200, 600), (680, 1080), (1120, 1400))
TOP, BASE = 300, 1800
ROWS, STEP = (400, 800, 1200, 1600), 50.0
PER_UNIT = 400 / STEP


def plot(boxes: tuple[tuple[int, int], ...] = BOXES, ticks: int = 9, crown: bool = True) -> UInt8:
    """Boxes with dotted lines across at the figures, ticks beside the first, a curve, numbers above."""
    page = np.full((HEIGHT, WIDTH), 255, np.uint8)
    for left, right in boxes:
        cv2.rectangle(page, (left, TOP), (right, BASE), 0, 2)
        if not crown:
            page[TOP - 2 : TOP + 3, left + 4 : right - 3] = 255
        for row in ROWS:
            page[row, left:right:6] = 0
        rows = np.arange(TOP, BASE)
        points = np.column_stack([(left + right) / 2 + 60 * np.sin(rows / 25), rows]).astype(np.int32)
        cv2.polylines(page, [points], False, 0, 3)
        for x in (left, right):
            cv2.putText(page, "10", (x - 18, TOP - 8), cv2.FONT_HERSHEY_SIMPLEX, 0.8, 0, 2)
    for row in ROWS:
        page[row - 1 : row + 2, BOXES[0][0] - ticks : BOXES[0][0]] = 0
        cv2.putText(page, "1250", (120, row + 9), cv2.FONT_HERSHEY_SIMPLEX, 0.8, 0, 2)
    return page


def sides(found: tuple[FoundTrack, ...]) -> list[tuple[float, float]]:
    return [(track.left[0][1], track.right[0][1]) for track in found]


def chain(rows: tuple[float, ...] = ROWS, first: float = 1250.0) -> Chain:
    figures = tuple(Figure(first + STEP * k, row, 155.0, 70.0, 22.0, 0.98, 4) for k, row in enumerate(rows))
    return Chain(figures, PER_UNIT, STEP, float(len(figures)))


def column_of(figures: Chain) -> Column:
    return Column(tuple((f.row, f.x) for f in figures.figures), 70.0, 22.0)


def test_boxes_are_tracks_whatever_lines_cross_them(strip_of: Callable[..., Strip]) -> None:
    found = find_tracks(strip_of(plot()), ROWS[0], ROWS[-1], column=155.0)
    assert [x for pair in sides(found) for x in pair] == pytest.approx([x for b in BOXES for x in b], abs=2)
    assert all(track.plotted for track in found)


def test_uprights_that_nothing_joins_are_no_boxes(strip_of: Callable[..., Strip]) -> None:
    found = find_tracks(strip_of(plot(crown=False)), ROWS[0], ROWS[-1], column=155.0)
    assert not any(track.plotted for track in found)


@pytest.mark.parametrize("column", [155.0, 400.0])
def test_tracks_that_abut_have_a_frame_where_figures_stand_beside_them(
    strip_of: Callable[..., Strip], column: float
) -> None:
    page = plot(((200, 500), (500, 800), (800, 1400)))
    for row in range(TOP, BASE, 20):
        page[row : row + 2, 200:1400] = 0
    for x in range(200, 1400, 100):
        page[TOP:BASE, x : x + 2] = 0
    found = find_tracks(strip_of(page), ROWS[0], ROWS[-1], column=column)
    assert found
    assert {track.plotted for track in found} == {column < 200}


def test_a_single_frame_is_a_track_though_a_figure_stands_at_its_corner(
    strip_of: Callable[..., Strip],
) -> None:
    page = plot(((200, 1400),))
    for row in (TOP, BASE):
        page[row - 1 : row + 2, 190:200] = 0
        cv2.putText(page, "1230", (118, row + 9), cv2.FONT_HERSHEY_SIMPLEX, 0.8, 0, 3)
        page[row - 1 : row + 2, 150:192:4] = 0
    (found,) = find_tracks(strip_of(page), TOP, BASE, column=155.0)
    assert sides((found,)) == [pytest.approx((200, 1400), abs=2)]
    assert found.plotted and found.inner == ()


@pytest.mark.parametrize("grid", [False, True])
def test_without_a_grid_the_uprights_of_a_frame_are_sides_of_tracks(
    strip_of: Callable[..., Strip], grid: bool
) -> None:
    page = plot(((200, 700), (700, 1400)))
    page[TOP + 200 : BASE - 700, 300:303] = 0  # a curve that stands still
    for row in range(TOP, BASE, 20) if grid else ():
        page[row : row + 2, 200:1400] = 0
    (found,) = find_tracks(strip_of(page), ROWS[0], ROWS[-1], column=155.0)
    assert sides((found,)) == [pytest.approx((200, 1400), abs=2)]
    assert found.bare is not grid
    if not grid:
        assert found.inner == pytest.approx((500 / 1200,), abs=0.003)
        assert [seam.x for seam in ruled(strip_of(page), found, TOP, False).seams] == pytest.approx(
            [700], abs=2
        )


def test_a_plot_is_registered_from_frame_to_frame_and_no_further_than_a_step(
    strip_of: Callable[..., Strip],
) -> None:
    edge = ((0.0, 200.0), (9.0, 200.0))
    track = FoundTrack(edge, ((0.0, 600.0), (9.0, 600.0)), plotted=True)
    own = tuple((float(row), 1250.0 + STEP * k) for k, row in enumerate(ROWS))
    registered = Registered(own, 50.0, 0.0, own[0][0], own[-1][0], 3, 3, 0.1)
    page = plot()

    def framed(track: FoundTrack, unit: float = STEP) -> Registered:
        lined = replace(registered, line_unit=unit)
        return to_boxes(strip_of(page), [track], column_of(chain()), 0.0, lined, STEP)

    found = framed(track)
    assert found.ticks[0] == pytest.approx((TOP, 1237.5)) and found.ticks[-1] == pytest.approx((BASE, 1425.0))
    assert framed(track, 0.0).ticks == found.ticks  # figures alone
    assert framed(track, 20.0).ticks[-1] == own[-1]
    assert framed(replace(track, plotted=False)) == registered
    at_frame = replace(registered, ticks=((float(TOP), 1237.5), *own), top=float(TOP))
    page[TOP - 120 : TOP - 118, 200:600] = 0  # the axis of another scale
    assert to_boxes(strip_of(page), [track], column_of(chain()), 0.0, at_frame, STEP).ticks[0] == (
        TOP,
        1237.5,
    )
    page[TOP + 90 : BASE, 300:600:100] = 0  # divisions that begin lower than the sides do
    above, *_ = framed(replace(track, inner=(0.25, 0.5, 0.75))).ticks
    assert above == own[0]


@pytest.mark.parametrize("off", [-6.0, 0.0, 4.0])
def test_ticks_at_the_figures_of_an_axis_are_their_rows(strip_of: Callable[..., Strip], off: float) -> None:
    figures = chain(tuple(row + off for row in ROWS))
    found = on_axis(strip_of(plot()), figures, replace(column_of(figures), width=200.0))  # its title is in it
    assert found is not None
    (_, _, registered) = found
    assert [row for row, _ in registered.ticks] == pytest.approx([ROWS[0], ROWS[-1]], abs=0.6)
    assert [depth for _, depth in registered.ticks] == [1250.0, 1400.0]


def test_an_axis_without_ticks_or_with_uneven_ones_tells_nothing(strip_of: Callable[..., Strip]) -> None:
    figures = chain()
    assert on_axis(strip_of(plot(ticks=0)), figures, column_of(figures)) is None
    page = plot()
    page[790:812, 186:199] = 255
    page[806:809, 186:200] = 0  # its tick stands seven rows lower
    assert on_axis(strip_of(page), figures, column_of(figures)) is None


def test_ticks_at_the_figures_alone_are_believed_before_any_line(strip_of: Callable[..., Strip]) -> None:
    figures = chain()
    page = plot()
    assert on_axis(strip_of(page), figures, column_of(figures), alone=True) is not None
    for row in range(450, 1600, 50):
        page[row - 1 : row + 2, 186:200] = 0  # ticks of a depth column
    assert on_axis(strip_of(page), figures, column_of(figures), alone=True) is None
    pair = chain(ROWS[:2])
    assert on_axis(strip_of(plot()), pair, column_of(pair), alone=True) is None


def test_a_plot_without_lines_is_not_laid_on_the_strokes_of_its_curves(
    strip_of: Callable[..., Strip],
) -> None:
    """Spikes that cross the tracks every 12.5 ft, seven rows below the depths that ticks give."""
    page = plot()
    for left, right in BOXES:
        for row in ROWS:
            page[row - 3 : row + 4, left + 3 : right - 2] = 255
        for row in range(407, BASE - 20, 100):
            page[row : row + 2, left + 3 : right - 3] = 0
    figures = chain()
    sections, refused = sections_of(
        strip_of(page), [(figures, figures.figures)], column_of(figures), (0, HEIGHT)
    )
    assert refused == []
    rows, depths = np.array(sections[0].registered.ticks).T
    assert np.interp([1250.0, 1400.0], depths, rows) == pytest.approx([ROWS[0], ROWS[-1]], abs=1)


def section(plotted: bool = True, weight: float = 0.98, unread: int = 0) -> FoundSection:
    """A plot of 10.6 inches for 100 ft at 75 dots per inch, with figures every 5 ft."""
    figures = chain(tuple(np.linspace(ROWS[0], ROWS[-1], 31).tolist()))
    read = tuple(replace(f, value=1250 + 5.0 * k, weight=weight) for k, f in enumerate(figures.figures))
    figures = Chain((*read[: 10 - unread], *read[10:]), PER_UNIT, 5.0, 31.0 - unread)
    ticks = ((float(ROWS[0]), 1250.0), (float(ROWS[-1]), 1400.0))
    registered = Registered(ticks, 0.0, 0.0, ROWS[0], ROWS[-1], 3, 3, 0.2)
    track = FoundTrack(((0.0, 200.0), (9.0, 200.0)), ((0.0, 600.0), (9.0, 600.0)), plotted=plotted)
    column = column_of(figures)
    return FoundSection(TOP, BASE, registered, figures, column, ((0.0, 0.0),), (track,), 0.9, 0)


def test_plots_have_any_depth_scale_where_their_figures_are_plain() -> None:
    def kept(plotted: FoundSection) -> bool:
        return bool(believed(Found((plotted,), ()), "FT", (200.0, 200.0), [], 0.0)[0])

    assert kept(section())
    assert not kept(section(plotted=False))
    assert not kept(section(weight=0.6))
    assert kept(section(unread=4)) and not kept(section(unread=6))


def reader(said: dict[bool, tuple[str, float]]) -> Reader:
    """Reads one thing from print that runs up the paper, another from what is turned the other way."""

    def read(pixels: UInt8, sideways: bool = False) -> list[Word]:
        dark = np.flatnonzero((pixels < 128).any(axis=0))
        text, sure = said[bool(len(dark) and dark.mean() > pixels.shape[1] / 2)]
        return [Word(text, sure, 10, 10, 60, 30)]

    return read


@pytest.mark.parametrize(
    ("up", "down", "due"),
    [
        (("Depth (ft)", 0.97), ("(J) 4d", 0.8), "FT"),
        (("MD [m]", 0.97), ("[W] QW", 0.6), "M"),
        (("MD [ft]", 0.97), ("M]ttl", 0.75), "FT"),  # the wrong way round, it is less sure
        (("MD [ft]", 0.85), ("DEPTH M", 0.8), None),
        (("Depth", 0.99), ("4ided", 0.7), None),
    ],
)
def test_the_title_of_an_axis_names_the_unit(
    strip_of: Callable[..., Strip],
    up: tuple[str, float],
    down: tuple[str, float],
    due: DepthUnit | None,
) -> None:
    page = np.full((HEIGHT, WIDTH), 255, np.uint8)
    page[900:950, 80:100] = 0  # nearer to the top of what is looked at: right of the middle when turned
    found = unit_along_column(strip_of(page), section(), reader({True: up, False: down}))
    assert found == (None if due is None else (due, 0.9))


def numbers(texts: str, xs: list[float], y: float = BASE + 30) -> list[Word]:
    return [
        Word(text, 0.95, x - 14, y - 10, x + 14, y + 10) for text, x in zip(texts.split(), xs, strict=True)
    ]


def axis(words: list[Word], page: UInt8, rows: list[ScaleRow] | None = None) -> list[ScaleRow]:
    strip = stitch([ArrayPage(page, None, "memory.tif", 0)])
    return with_axes(strip, rows or [], lines_of_numbers(words), Ruled(200.0, 600.0, plotted=True), BASE)


def test_numbers_of_an_axis_are_where_their_ticks_are() -> None:
    """From -20 to 180 on 400 px; print that is cut by counting letters stands up to eight px aside."""
    page, at = plot(), [240, 340, 440, 540]
    for x in at:
        page[BASE : BASE + 12, x - 1 : x + 2] = 0
    (row,) = axis(numbers("0 50 100 150", [244, 332, 446, 539]), page)
    assert row.values == (0.0, 150.0) and row.edges == pytest.approx((-20.0, 180.0), abs=0.6)
    (pair,) = axis(numbers("0 100", [244, 446]), page)
    assert pair.edges == pytest.approx((-20.0, 180.0), abs=1.2)
    assert axis(numbers("1 100", [244, 446]), page) == []  # of decades, perhaps


def test_numbers_at_edges_are_left_to_those_who_read_them() -> None:
    words = numbers("0 50 100 150", [214, 335, 466, 586])  # the outer ones just inside
    read = ScaleRow(200.0, 600.0, (0.0, 150.0), "linear", True, BASE + 30, 20.0, 0.9)
    assert axis(words, plot(), [read]) == [read]
    paper = replace(Ruled(200.0, 600.0), plotted=False)
    strip = stitch([ArrayPage(plot(), None, "memory.tif", 0)])
    inside = lines_of_numbers(numbers("0 50 100 150", [240, 340, 440, 540]))
    assert with_axes(strip, [read], inside, paper, BASE) == [read]


def test_an_axis_is_named_below_it_or_by_the_title_above_the_plot() -> None:
    row = ScaleRow(200.0, 600.0, (0.0, 150.0), "linear", True, BASE + 30, 20.0, 0.9)
    label, title = (
        Word("GR (API)", 0.9, 350, BASE + 60, 450, BASE + 80),
        Word("Gamma", 0.9, 350, 250, 450, 270),
    )
    beside = Word("RHOB", 0.9, 700, BASE + 60, 800, BASE + 80)
    assert texts_of_axis(row, [title, beside, label], BASE) == [label, title]
