"""Strokes drawn above the names of a scale block, and blocks where they stand below."""

from __future__ import annotations

from collections.abc import Callable

import cv2
import numpy as np
import pytest

from logdigit.paper.above import with_strokes_above
from logdigit.paper.readcurve import ReadCurve
from logdigit.paper.text import Word
from logdigit.types import CurveSpec, Strip, UInt8

LEFT, RIGHT, FIRST = 100, 600, 110
ROWS = (150, 210, 270)
DASHES = {"solid": (400, 0), "dashed": (16, 8), "dotted": (3, 7)}


def stroke(page: UInt8, style: str, row: int) -> None:
    on, off = DASHES[style]
    for x in range(LEFT + 30, RIGHT - 30, on + off):
        page[row : row + 3, x : min(x + on, RIGHT - 30)] = 0


def block(rows: tuple[int, ...]) -> UInt8:
    """A frame, three names with their values, and a stroke in each of some rows: solid, dashed, dotted."""
    page = np.full((500, 800), 255, np.uint8)
    cv2.rectangle(page, (LEFT, FIRST), (RIGHT, 292), 0, 2)
    for row in ROWS:
        cv2.putText(page, "0   NAME   150", (LEFT + 20, row + 8), cv2.FONT_HERSHEY_SIMPLEX, 0.7, 0, 2)
    for style, row in zip(DASHES, rows, strict=False):
        stroke(page, style, row)
    return page


def curves(styles: tuple[str | None, ...]) -> list[ReadCurve]:
    """As they are read with the strokes below their names; None for none."""
    return [
        ReadCurve(
            float(LEFT),
            float(RIGHT),
            CurveSpec(f"C{k}", (), style=style or "solid"),  # type: ignore[arg-type]
            float(row),
            {"style": ("assumed", 0.3) if style is None else ("read", 0.8)},
        )
        for k, (row, style) in enumerate(zip(ROWS, styles, strict=True))
    ]


WORDS = [Word("0 NAME 150", 0.99, LEFT + 20.0, row - 10.0, RIGHT - 150.0, row + 10.0) for row in ROWS]


@pytest.mark.parametrize("last", [None, "solid"])  # "solid": the line of the frame
def test_strokes_above_every_name_are_theirs(strip_of: Callable[..., Strip], last: str | None) -> None:
    strip = strip_of(block((132, 190, 250)), (200.0, 200.0))
    found = with_strokes_above(strip, WORDS, curves(("dashed", "dotted", last)))
    assert [c.curve.style for c in found] == ["solid", "dashed", "dotted"]
    assert all(c.origins["style"][0] == "read" for c in found)


def test_strokes_in_boxes_of_their_own_are_theirs(strip_of: Callable[..., Strip]) -> None:
    """Below each name stands the line of its box, which was taken for a solid stroke."""
    page = block((132, 192, 252))
    for row in (172, 232):
        page[row : row + 2, LEFT:RIGHT] = 0
    found = with_strokes_above(strip_of(page, (200.0, 200.0)), WORDS, curves(("solid", "solid", "solid")))
    assert [c.curve.style for c in found] == ["solid", "dashed", "dotted"]


def test_curves_of_the_log_below_a_frame_are_no_stroke_of_its_last_name(
    strip_of: Callable[..., Strip],
) -> None:
    page = block((132, 190, 250))
    stroke(page, "dotted", 297)
    found = with_strokes_above(strip_of(page, (200.0, 200.0)), WORDS, curves(("dashed", "dotted", "dotted")))
    assert [c.curve.style for c in found] == ["solid", "dashed", "dotted"]


def test_a_stroke_from_edge_to_edge_is_theirs_too_where_the_others_stand_below_the_frame(
    strip_of: Callable[..., Strip],
) -> None:
    page = block((0, 190, 250))
    page[131:133, LEFT:RIGHT] = 0
    found = with_strokes_above(strip_of(page, (200.0, 200.0)), WORDS, curves(("dashed", "dotted", "solid")))
    assert [c.curve.style for c in found] == ["solid", "dashed", "dotted"]


@pytest.mark.parametrize(
    ("rows", "styles"),
    [
        ((170, 230, 283), ("solid", "dashed", "dotted")),  # below their names
        ((170, 230), ("solid", "dashed", None)),  # the last is lost
        ((132, 190), ("dashed", None, None)),  # one above is
    ],
)
def test_other_strokes_stay_as_they_are(
    strip_of: Callable[..., Strip], rows: tuple[int, ...], styles: tuple[str | None, ...]
) -> None:
    before = curves(styles)
    assert with_strokes_above(strip_of(block(rows), (200.0, 200.0)), WORDS, before) == before


def test_one_stroke_alone_stays_where_it_is(strip_of: Callable[..., Strip]) -> None:
    """Drawn from edge to edge below a single name, with a log above it."""
    page = block((132,))
    page[172:174, LEFT:RIGHT] = 0
    before = curves(("solid", None, None))[:1]
    assert with_strokes_above(strip_of(page, (200.0, 200.0)), WORDS[:1], before) == before
