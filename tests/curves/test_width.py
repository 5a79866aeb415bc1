"""Curves that only the width of their pens tells apart."""

from dataclasses import replace

import cv2
import numpy as np
import pytest

from logdigit.curves.trace import trace_track
from logdigit.curves.width import stroke_widths
from logdigit.types import CLASSES, CurveSpec, Float, Float32, ProbabilityMap, Track, UInt8, ValueScale

ROWS, WIDTH = 900, 300
UNIT = (ValueScale(((0.0, 0.0), (1.0, 1.0))),)


def drawn(lines: list[tuple[Float, float]]) -> tuple[UInt8, Float32]:
    """Grey pixels of lines of some widths, and ink as the network sees it: all of them about as wide."""
    pixels, ink = np.full((ROWS * 4, WIDTH * 4), 255, np.uint8), np.zeros((ROWS, WIDTH), np.uint8)
    for x, width in lines:
        points = np.column_stack([x, np.arange(ROWS)])
        cv2.polylines(pixels, [np.round(points * 4 + 1.5).astype(np.int32)], False, 0, round(4 * width))
        cv2.polylines(ink, [np.round(points).astype(np.int32)], False, 1, 4)
    grey = np.asarray(cv2.resize(pixels, (WIDTH, ROWS), interpolation=cv2.INTER_AREA), np.uint8)
    return grey, ink.astype(np.float32)


@pytest.mark.parametrize("slope", [0.0, 0.5, 1.0, 2.0])
@pytest.mark.parametrize("width", [2.0, 3.0])
def test_a_stroke_is_as_wide_however_it_leans(slope: float, width: float) -> None:
    span = int(min(ROWS, 200 / max(slope, 0.1)))
    x = np.full(ROWS, -50.0)
    x[:span] = 40 + slope * np.arange(span)
    grey, ink = drawn([(x, width)])
    rows = np.arange(30, span - 30)
    widths = stroke_widths(grey, ink)[rows, np.round(x[rows]).astype(int)]
    assert np.median(widths) == pytest.approx(width, rel=0.2)


@pytest.mark.parametrize("known", [True, False])
def test_two_strokes_of_one_style_part_as_their_widths_say(known: bool) -> None:
    """They lie on each other for a stretch, and whether they cross there nothing else can tell."""
    y = np.arange(ROWS)
    apart = np.clip(np.abs(y - 450) - 120, 0, 150) * 0.5
    crossing = np.where(y < 450, -apart, apart)
    fine, heavy = 150 + crossing, 150 - crossing
    grey, ink = drawn([(fine, 1.8), (heavy, 4.0)])
    prob = np.zeros((len(CLASSES), ROWS, WIDTH), np.float32)
    prob[CLASSES.index("solid")] = 0.98 * ink
    prob[CLASSES.index("background")] = 1 - 0.98 * ink
    specs = tuple(
        CurveSpec(name, UNIT, width_px=width if known else None) for name, width in (("A", 1.8), ("B", 4.0))
    )
    band = replace(ProbabilityMap(0, prob, CLASSES), grey=grey)
    a, b = trace_track([band], Track(0.0, WIDTH - 1.0, specs))
    clear = np.abs(crossing) > 8
    wrong = [np.mean(np.abs(got.x - want)[clear] > 5) for got, want in ((a, fine), (b, heavy))]
    assert (max(wrong) < 0.03) == known


@pytest.mark.parametrize("known", [True, False])
def test_two_broken_strokes_part_as_their_widths_say(known: bool) -> None:
    """The network takes long dashes with and without dots between them for one another."""
    y = np.arange(ROWS)
    fine, heavy = 80 + 10 * np.sin(y / 30), 200 + 10 * np.sin(y / 40)
    grey, ink = drawn([(fine, 1.8), (heavy, 4.0)])
    prob = np.zeros((len(CLASSES), ROWS, WIDTH), np.float32)
    right = np.arange(WIDTH) > 140  # it is wrong about either
    prob[CLASSES.index("dashed")] = np.where(right, 0.6, 0.38) * ink
    prob[CLASSES.index("dashdot")] = np.where(right, 0.38, 0.6) * ink
    prob[CLASSES.index("background")] = 1 - 0.98 * ink
    a, b = (
        CurveSpec("CALI", UNIT, style="dashed", width_px=1.8 if known else None),
        CurveSpec("SP", UNIT, style="dashdot", width_px=4.0 if known else None),
    )
    band = replace(ProbabilityMap(0, prob, CLASSES), grey=grey)
    one, other = trace_track([band], Track(0.0, WIDTH - 1.0, (a, b)))
    assert (np.nanmedian(np.abs(one.x - fine)) < 3) == known
    assert (np.nanmedian(np.abs(other.x - heavy)) < 3) == known
