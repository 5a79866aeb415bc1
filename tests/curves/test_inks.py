"""Black lines on a coloured log: no pen drew them, whatever the network says."""

from __future__ import annotations

import numpy as np
import pytest

from logdigit.curves.inks import without_plain_ink
from logdigit.types import CLASSES, CurveSpec, Float32, UInt8

HEIGHT, WIDTH, LINE, PEN = 120, 200, 60, 80
PAPER, RED, BLACK = (236, 224, 196), (190, 20, 30), (25, 25, 25)
SOLID = CLASSES.index("solid")


def drawn() -> tuple[UInt8, Float32]:
    """A red upright stroke over a black level line, both of which are taken for strokes."""
    rgb = np.full((HEIGHT, WIDTH, 3), PAPER, np.uint8)
    rgb[LINE : LINE + 3] = BLACK
    rgb[:, PEN : PEN + 3] = RED
    prob = np.zeros((len(CLASSES), HEIGHT, WIDTH), np.float32)
    prob[SOLID, LINE : LINE + 3] = prob[SOLID, :, PEN : PEN + 3] = 0.95
    prob[0] = 1 - prob.sum(axis=0)
    return rgb, prob


def test_a_black_line_is_paper_but_where_a_stroke_crosses_it() -> None:
    rgb, prob = drawn()
    found = without_plain_ink(prob, 0, rgb, (CurveSpec("GR", (), colour="#c00000"),))
    assert (found[SOLID, LINE : LINE + 3, : PEN - 12] < 0.1).all()
    assert (found[SOLID, LINE : LINE + 3, PEN + 15 :] < 0.1).all()
    assert np.array_equal(found[:, :, PEN : PEN + 3], prob[:, :, PEN : PEN + 3])
    assert np.allclose(found.sum(axis=0), 1)


@pytest.mark.parametrize("colours", [("#c00000", None), ("#c00000", "#202020"), (None,)])
def test_a_black_line_may_be_a_pen_where_one_is_black(colours: tuple[str | None, ...]) -> None:
    rgb, prob = drawn()
    curves = tuple(CurveSpec(f"C{k}", (), colour=colour) for k, colour in enumerate(colours))
    assert without_plain_ink(prob, 0, rgb, curves) is prob
    assert without_plain_ink(prob, 0, None, (CurveSpec("GR", (), colour="#c00000"),)) is prob
