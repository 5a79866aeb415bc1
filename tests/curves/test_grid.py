"""Lines of the grid that the network takes for strokes."""

from dataclasses import replace

import numpy as np
import pytest

from logdigit.curves.grid import without_borders, without_decades, without_levels
from logdigit.curves.trace import trace_track
from logdigit.types import (
    CLASSES,
    CurveSpec,
    DepthScale,
    Float,
    Float32,
    ProbabilityMap,
    ScaleKind,
    Track,
    UInt8,
    ValueScale,
)

ROWS, WIDTH = 1000, 300
DEPTH = DepthScale(np.array([0.0, 999.0]), np.array([500.0, 599.9]), "FT", 0.0)
SOLID = CLASSES.index("solid")


def page(x: Float) -> tuple[Float32, UInt8]:
    """Probabilities and pixels of a solid curve."""
    ink = np.zeros((ROWS, WIDTH), bool)
    before = np.concatenate([x[:1], x[:-1]])
    columns = np.arange(WIDTH)
    ink |= columns >= np.minimum(x, before)[:, None] - 2
    ink &= columns <= np.maximum(x, before)[:, None] + 2
    prob = np.zeros((len(CLASSES), ROWS, WIDTH), np.float32)
    prob[SOLID], prob[0] = 0.98 * ink, 1 - 0.98 * ink
    return prob, np.where(ink, 0, 255).astype(np.uint8)


def ruled(prob: Float32, grey: UInt8, rows: slice, columns: slice = slice(None)) -> None:
    """Draw a line, in place, that the network takes for a stroke."""
    prob[:, rows, columns] = 0
    prob[SOLID, rows, columns] = 1
    grey[rows, columns] = 0


def traced(
    prob: Float32, grey: UInt8, depth: DepthScale | None, kind: ScaleKind = "linear", second: bool = False
) -> list[Float32]:
    ends = (0.2, 2000.0) if kind == "log" else (0.0, 150.0)
    scale = (ValueScale(((0.0, ends[0]), (1.0, ends[1])), kind),)
    curves = tuple(CurveSpec(name, scale, wraps=kind == "linear") for name in ("A", "B")[: 1 + second])
    band = replace(ProbabilityMap(0, prob, CLASSES), grey=grey)
    traces = trace_track([band], Track(0.0, WIDTH - 1.0, curves), depth)
    return [one.x + np.float32(WIDTH) * one.turns for one in traces]


@pytest.mark.parametrize("known", [True, False])
def test_heavy_lines_at_round_depths_are_no_kicks(known: bool) -> None:
    """A gamma ray went round twice along them, and stayed two turns up."""
    x = 120 + 60 * np.sin(np.arange(ROWS) / 23)
    prob, grey = page(x)
    for row in range(2, ROWS, 100):
        ruled(prob, grey, slice(row - 2, row + 3))
    (got,) = traced(prob, grey, DEPTH if known else None)
    wrong = float(np.mean(~(np.abs(got - x) < 4)))
    assert wrong < 0.02 if known else wrong > 0.1


def test_a_kick_that_lies_level_is_kept() -> None:
    """It is dark from edge to edge as well, but there is none at every tenth foot."""
    prob, grey = page(np.full(ROWS, 120.0))
    for row in (137, 412, 655):
        ruled(prob, grey, slice(row - 1, row + 2))
    kicked = prob.copy()
    depths = DEPTH.to_depth(np.arange(float(ROWS)))
    assert without_levels(prob, 0, (0.0, WIDTH - 1.0), grey, depths, (True, True)) is prob
    for row in range(100, ROWS, 100):
        ruled(prob, grey, slice(row - 1, row + 2))
    out = without_levels(prob, 0, (0.0, WIDTH - 1.0), grey, depths, (True, True))
    for row in (137, 412, 655):
        assert np.array_equal(out[:, row], kicked[:, row])
    assert out[SOLID, 500, 200:].max() < 0.1
    assert out[SOLID, 500, 118:123].min() > 0.9  # the curve crosses


def test_the_frame_at_either_end_is_no_stroke() -> None:
    prob, grey = page(np.full(ROWS, 120.0))
    for rows in (slice(0, 4), slice(ROWS - 4, ROWS), slice(500, 504)):
        ruled(prob, grey, rows)
    depths = DEPTH.to_depth(np.arange(float(ROWS)))
    out = without_levels(prob, 0, (0.0, WIDTH - 1.0), grey, depths, (True, False))
    assert [float(out[SOLID, row, 250]) > 0.9 for row in (1, 501, ROWS - 2)] == [False, True, True]


def test_a_heavy_line_at_the_edge_of_the_track_is_no_curve() -> None:
    """It looks like a stroke that stands still, and was once followed for 80 ft beside a plain gamma ray."""
    x = 120 + 60 * np.sin(np.arange(ROWS) / 23)
    prob, grey = page(x)
    for columns in (slice(0, 3), slice(WIDTH - 3, WIDTH)):
        ruled(prob, grey, slice(300, 380), columns)  # for a stretch only
    (got,) = traced(prob, grey, DEPTH)
    assert np.abs(got - x).max() < 3
    assert without_borders(prob, 0, (1.0,))[SOLID, 310:370, 1].max() < 0.1
    assert without_borders(prob, 0, (150.0,)) is prob  # a curve is not straight enough to be one


def test_the_flank_of_a_thick_border_is_no_curve_either() -> None:
    """A border of four px left a flank of a third, which a curve that had lost its stroke went along."""
    prob = np.zeros((len(CLASSES), ROWS, WIDTH), np.float32)
    prob[SOLID, :, :5] = np.array([0.9, 0.99, 0.99, 0.4, 0.1])
    prob[SOLID, 400:403, 3:200] = 0.98  # a kick that comes to the edge
    prob[SOLID, :, 8:11] = 0.9  # a curve beside it
    prob[0] = 1 - prob[SOLID]
    out = without_borders(prob, 0, (0.5,))[SOLID]
    assert out[100, :5].max() < 0.06 and (out[100, 8:11] == np.float32(0.9)).all()
    assert out[400:403, 3:200].min() > 0.85


def test_pieces_of_the_line_of_a_decade_are_no_curve_where_others_are_seen() -> None:
    """Of two resistivities that coincide one went there, for lack of ink of its own."""
    decade = round((WIDTH - 1) * 0.4247)  # 10 on 0.2 to 2000
    x = 60 + 20 * np.sin(np.arange(ROWS) / 40)
    prob, grey = page(x)
    for row in range(40, ROWS, 100):
        ruled(prob, grey, slice(row, row + 50), slice(decade - 1, decade + 2))
    one, other = traced(prob, grey, DEPTH, "log", second=True)
    assert not (np.abs(np.concatenate([one, other]) - decade) < 5).any()
    alone, _ = page(np.full(ROWS, float(decade)))
    assert without_decades(alone, 0, (float(decade),)) is alone  # nothing else is seen: it is the curve
