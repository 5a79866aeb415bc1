"""Dashes with dots between them, and without."""

from dataclasses import replace

import numpy as np
import pytest

from logdigit.curves.identity import Path
from logdigit.curves.rhythm import dotted_between, marks
from logdigit.curves.trace import trace_track
from logdigit.types import CLASSES, Bool, CurveSpec, Float, ProbabilityMap, Style, Track, UInt8, ValueScale

ROWS, WIDTH = 1500, 300
PATTERNS: dict[Style, tuple[int, ...]] = {"dashed": (30, 14), "dashdot": (30, 12, 5, 12), "dotted": (5, 9)}


def drawn(x: Float, style: Style) -> UInt8:
    """Grey pixels of a stroke that goes down at x, in marks and gaps."""
    grey = np.full((ROWS, WIDTH), 255, np.uint8)
    black = np.concatenate([np.full(n, k % 2 == 0) for k, n in enumerate(PATTERNS[style])])
    for row in np.flatnonzero(np.tile(black, ROWS // len(black) + 1)[:ROWS]):
        grey[row, round(x[row]) - 1 : round(x[row]) + 2] = 0
    return grey


def dark(grey: UInt8) -> Bool:
    return np.asarray(grey < 128)


def straight(x: int) -> Path:
    down = np.full(ROWS, x, np.int32)
    return Path(down, down, 0 * down)


@pytest.mark.parametrize(("style", "sign"), [("dashed", -1), ("dashdot", 1), ("dotted", 0)])
def test_dots_are_counted_between_dashes(style: Style, sign: int) -> None:
    told = dotted_between(straight(100), dark(drawn(np.full(ROWS, 100.0), style)))
    assert np.sign(np.round(told[100:-100], 1)).tolist() == [sign] * (ROWS - 200)


def test_a_dash_is_as_long_where_it_lies_flat() -> None:
    entry, exit_ = np.full(40, 20, np.int32), np.full(40, 20, np.int32)
    exit_[10:], entry[11:] = 80, 80  # a kick along row 10
    paper = np.zeros((40, 100), bool)
    paper[10, 30:50] = paper[10, 60:66] = True
    rows, lengths = marks(Path(entry, exit_, 0 * entry), paper)
    assert rows.tolist() == [10.0, 10.0] and lengths.tolist() == [20.0, 6.0]


@pytest.mark.parametrize("seen", [True, False])
def test_strokes_that_the_network_confounds_part_by_their_rhythm(seen: bool) -> None:
    y = np.arange(ROWS)
    x, other = 80 + 15 * np.sin(y / 40), 210 + 15 * np.sin(y / 55)
    grey = np.minimum(drawn(x, "dashed"), drawn(other, "dashdot"))
    ink = np.abs(np.arange(WIDTH) - x[:, None]) < 2.5
    ink |= np.abs(np.arange(WIDTH) - other[:, None]) < 2.5
    wrong = np.where(np.arange(WIDTH) < 145, 0.4, 0.58) * ink  # of dashes, where it should say dots
    prob = np.zeros((len(CLASSES), ROWS, WIDTH), np.float32)
    prob[CLASSES.index("dashed")], prob[CLASSES.index("dashdot")] = wrong, 0.98 * ink - wrong
    prob[0] = 1 - 0.98 * ink
    scale = (ValueScale(((0.0, 0.0), (1.0, 1.0))),)
    curves = CurveSpec("CALI", scale, style="dashed"), CurveSpec("SP", scale, style="dashdot")
    band = replace(ProbabilityMap(0, prob, CLASSES), grey=grey if seen else None)
    one, two = trace_track([band], Track(0.0, WIDTH - 1.0, curves))
    assert (np.nanmedian(np.abs(one.x - x)) < 3) == seen
    assert (np.nanmedian(np.abs(two.x - other)) < 3) == seen
