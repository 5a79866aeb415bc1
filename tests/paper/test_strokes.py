"""Strokes drawn on the line of a name and its values: told from letters and minus signs, and left out."""

from __future__ import annotations

from collections.abc import Callable, Sequence

import cv2
import numpy as np
import pytest

from logdigit.paper.engine import engine
from logdigit.paper.numbers import lines_of_numbers
from logdigit.paper.samples import sample_in
from logdigit.paper.seams import Ruled
from logdigit.paper.strokes import read_without_strokes, strokes_in
from logdigit.paper.text import Word
from logdigit.types import Box, Strip, UInt8

ROW, TALL = 100, 22.0


def line_of(right: str, dashes: Sequence[int], width: int = 3) -> UInt8:
    """``0 --- GR (API) --- 150``, with strokes whose pieces are as long as ``dashes``, again and again."""
    pixels = np.full((200, 700), 255, np.uint8)
    for text, x in (("0", 110), ("GR (API)", 300), (right, 600 - 19 * len(right))):
        cv2.putText(pixels, text, (x, ROW + 10), cv2.FONT_HERSHEY_SIMPLEX, 0.9, 0, 2, cv2.LINE_AA)
    for first, last in ((142, 285), (440, 590 - 19 * len(right))):
        x, k = first, 0
        while x < last:
            pixels[ROW : ROW + width, x : min(last, x + dashes[k % len(dashes)])] = 0
            x += dashes[k % len(dashes)] + 7
            k += 1
    return pixels


@pytest.mark.parametrize("dashes", [(200,), (14,), (3,), (20, 3)])
@pytest.mark.parametrize("right", ["150", "-15"])
def test_the_stroke_goes_and_the_print_stays(dashes: tuple[int, ...], right: str) -> None:
    pixels = line_of(right, dashes)
    bare = line_of(right, (0,))
    mask = strokes_in(pixels[ROW - 18 : ROW + 19], TALL)
    rest = np.where(mask, 255, pixels[ROW - 18 : ROW + 19])
    assert (rest != bare[ROW - 18 : ROW + 19]).sum() < 12


def test_specks_and_hyphens_are_no_strokes() -> None:
    pixels = np.full((38, 700), 255, np.uint8)
    cv2.putText(pixels, "GAMMA-RAY API-GR", (60, 28), cv2.FONT_HERSHEY_SIMPLEX, 0.9, 0, 2, cv2.LINE_AA)
    for x in (420, 470, 540, 610, 660):
        pixels[18:21, x : x + 3] = 0
    assert not strokes_in(pixels, TALL).any()


def test_values_are_read_and_the_style_is_seen(strip_of: Callable[..., Strip]) -> None:
    strip = strip_of(line_of("150", (14,), width=4), (200.0, 200.0))
    before = [Word("0---GR(API)----150", 0.9, 108, ROW - 12, 602, ROW + 14)]
    plain, words = read_without_strokes(strip, before, [Ruled(100.0, 610.0)], engine(), 1.0)
    (numbers,) = lines_of_numbers(words)
    assert [n.value for n in numbers] == [0, 150]
    assert plain.read(ROW, ROW + 1)[0, 150] > 200 and strip.read(ROW, ROW + 1)[0, 150] == 0
    sample = sample_in(strip, Box(ROW - 14, 100, ROW + 30, 610), words)
    assert sample is not None and sample.style == "dashed" and sample.width == pytest.approx(4, abs=0.5)


def test_a_line_without_strokes_is_not_read_again(strip_of: Callable[..., Strip]) -> None:
    def never(pixels: UInt8, sideways: bool = True) -> list[Word]:
        raise AssertionError

    strip = strip_of(line_of("150", (0,)), (200.0, 200.0))
    words = [Word("150", 0.9, 540, ROW - 12, 602, ROW + 14)]
    assert read_without_strokes(strip, words, [Ruled(100.0, 610.0)], never, 1.0) == (strip, words)


@pytest.mark.parametrize("lean", [0.0, 0.01])
def test_short_strokes_go_from_a_line_of_two_tracks_that_leans(
    strip_of: Callable[..., Strip], lean: float
) -> None:
    """``2 - GR (API) - 140|2 - GR (API) - 140``: read as one word, with the frame as a digit."""
    pixels = np.full((200, 1300), 255, np.uint8)
    for left in (100, 640):
        for text, x in (("2", left + 10), ("GR (API)", left + 180), ("140", left + 470)):
            cv2.putText(pixels, text, (x, ROW + 10), cv2.FONT_HERSHEY_SIMPLEX, 0.9, 0, 2, cv2.LINE_AA)
        for first, last in ((60, 110), (380, 430)):
            pixels[ROW : ROW + 4, left + first : left + last] = 0
        pixels[40:160, left + 540 : left + 543] = 0
    if lean:
        matrix = np.array([[1, 0, 0], [lean, 1, -640 * lean]])
        pixels = cv2.warpAffine(pixels, matrix, (1300, 200), borderValue=255).astype(np.uint8)
    strip = strip_of(pixels, (200.0, 200.0))
    before = [Word("2-GR (API)-1401 2-GR (API)-140", 0.9, 108, ROW - 13, 1182, ROW + 13 + 1000 * lean)]
    log = [Ruled(100.0, 641.0), Ruled(641.0, 1181.0)]
    _, words = read_without_strokes(strip, before, log, engine(), 1.0)
    numbers = [n.value for line in lines_of_numbers(words) for n in line]
    assert numbers.count(140) == 2 and len(numbers) >= 3


@pytest.mark.parametrize(("on", "off", "pen", "style"), [(14, 7, 2, "dashed"), (7, 3, 5, "dotted")])
def test_a_stroke_close_above_a_frame_is_seen(
    strip_of: Callable[..., Strip], on: int, off: int, pen: int, style: str
) -> None:
    pixels = np.full((60, 700), 255, np.uint8)
    for x in range(100, 600, on + off):
        pixels[30 : 30 + pen, x : x + on] = 0
    pixels[32 + pen : 34 + pen, 90:610] = 0
    sample = sample_in(strip_of(pixels, (100.0, 100.0)), Box(10, 100, 50, 600), [])
    assert sample is not None and sample.style == style


def test_a_broken_stroke_read_as_print_counts_before_the_line_of_a_frame(
    strip_of: Callable[..., Strip],
) -> None:
    pixels = np.full((70, 700), 255, np.uint8)
    cv2.putText(pixels, "DENSITY", (290, 38), cv2.FONT_HERSHEY_SIMPLEX, 0.9, 0, 2, cv2.LINE_AA)
    for x in (*range(130, 270, 21), *range(440, 570, 21)):
        pixels[28:30, x : x + 14] = 0
    pixels[55:57, 90:610] = 0
    words = [Word("45 ---- DENSITY ---- -15", 0.9, 104, 16, 598, 42)]
    sample = sample_in(strip_of(pixels, (200.0, 200.0)), Box(14, 100, 62, 600), words)
    assert sample is not None and sample.style == "dashed"


def test_print_that_a_box_cuts_off_is_no_stroke(strip_of: Callable[..., Strip]) -> None:
    pixels = np.full((120, 700), 255, np.uint8)
    pixels[40:43, 96:604] = 0
    cv2.putText(pixels, "MEEEEEETEEEE", (200, 84), cv2.FONT_HERSHEY_SIMPLEX, 0.9, 0, 3, cv2.LINE_AA)
    words = [Word("MEEEEEETEEEE", 0.9, 190, 56, 520, 90)]
    for bottom in range(60, 86):
        sample = sample_in(strip_of(pixels, (200.0, 200.0)), Box(20, 100, bottom, 600), words)
        assert sample is not None and sample.style == "solid"


def test_the_line_of_a_frame_that_breaks_as_it_leans_is_no_dashed_stroke(
    strip_of: Callable[..., Strip],
) -> None:
    pixels = np.full((100, 700), 255, np.uint8)
    pixels[30:32, 140:560] = 0  # the stroke, between two numbers
    for x in range(100, 601):
        row = 46 + (x >= 350)
        if 60 < abs(x - 350) < 150 or x % 9 < 7:
            pixels[row, x] = 0  # the frame steps a row down, and breaks there
    words = [Word("0", 0.99, 105, 20, 125, 42), Word("150", 0.99, 570, 20, 598, 42)]
    sample = sample_in(strip_of(pixels, (120.0, 120.0)), Box(10, 100, 60, 600), words)
    assert sample is not None and sample.style == "solid" and abs(sample.row - 30.5) < 1


def test_dashes_that_wear_has_torn_are_dashes(strip_of: Callable[..., Strip]) -> None:
    pixels = np.full((80, 700), 255, np.uint8)
    rng = np.random.default_rng(4)
    for x in range(100, 600, 16):
        pixels[40, x : x + 8] = 0
        pixels[40, x + rng.integers(2, 6)] = 255
    sample = sample_in(strip_of(pixels, (120.0, 120.0)), Box(20, 100, 60, 600), [])
    assert sample is not None and sample.style == "dashed"


def test_what_stands_below_the_frame_under_a_scale_is_no_stroke_of_it(strip_of: Callable[..., Strip]) -> None:
    """A pale line of the log below, broken, was taken for dashes: caliper and gamma ray changed places."""
    pixels = np.full((100, 700), 255, np.uint8)
    pixels[24:27, 96:605] = 0  # the stroke, from edge to edge
    pixels[58:61, 96:605] = 0  # the frame below the values
    for x in range(110, 590, 30):
        pixels[68:70, x : x + 16] = 0
    words = [Word("5", 0.99, 105, 34, 120, 54), Word("15", 0.99, 570, 34, 598, 54)]
    sample = sample_in(strip_of(pixels, (200.0, 200.0)), Box(10, 100, 74, 600), words)
    assert sample is not None and sample.style == "solid" and abs(sample.row - 25) < 2


def test_the_gaps_of_a_stroke_on_shaded_paper_are_seen(strip_of: Callable[..., Strip]) -> None:
    """Paper in the shade is as dark as ink would be in the light."""
    paper = np.tile(np.interp(np.arange(700), [0, 350, 700], [250, 110, 250]), (80, 1))
    for x in range(100, 600, 24):
        paper[40:43, x : x + 12] -= 90
        paper[40:43, x + 16 : x + 19] -= 90
    strip = strip_of(paper.astype(np.uint8), (200.0, 200.0))
    sample = sample_in(strip, Box(20, 100, 60, 600), [])
    assert sample is not None and sample.style == "dashdot"
