"""Scales lent from section to section: to namesakes in tracks as wide, and to nobody else."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

import numpy as np
import pytest

from logdigit.paper.blocks import _borrowed
from logdigit.paper.column import Column
from logdigit.paper.foundsection import FoundSection
from logdigit.paper.lent import lent
from logdigit.paper.readcurve import Block, ReadCurve
from logdigit.paper.registered import Registered
from logdigit.paper.tracks import FoundTrack
from logdigit.types import CurveSpec, ScaleRole, Strip, Style, ValueScale


def scale(first: float, last: float, role: ScaleRole = "main") -> ValueScale:
    return ValueScale(((0.0, first), (1.0, last)), "linear", role)


def read(
    name: str, *scales: ValueScale, sure: float = 0.9, width: float = 500.0, printed: str = ""
) -> ReadCurve:
    curve = CurveSpec(name, scales, printed=printed or name)
    return ReadCurve(100.0, 100.0 + width, curve, 50.0, {"scale": ("read", sure)} if scales else {})


MAIN = Block((read("CALI", scale(6, 16)), read("SN", scale(0, 20), scale(0, 100, "backup"))), ())


def test_a_curve_without_a_scale_has_that_of_its_namesake() -> None:
    bare = read("CAL", printed="CALI")
    repeat = Block((), ("CAL ('CALI'): no scale can be read for it", "another"), (bare,))
    got = lent(repeat, [MAIN, repeat])
    (curve,) = got.curves
    assert (curve.curve.mnemonic, curve.curve.scales) == ("CALI", (scale(6, 16),))
    assert curve.origins["scale"] == ("assumed", 0.5)
    assert got.left_out == ("another",) and got.bare == ()


@pytest.mark.parametrize("bare", [read("CAL", printed="HOLE SIZE"), read("CAL", printed="CALI", width=250.0)])
def test_another_name_or_another_track_lends_nothing(bare: ReadCurve) -> None:
    repeat = Block((), ("CAL: no scale can be read for it",), (bare,))
    assert lent(repeat, [MAIN, repeat]) == repeat


def test_one_of_two_scales_is_completed_and_a_sure_one_stays() -> None:
    repeat = Block((read("SN", scale(0, 100)), read("CALI", scale(4, 14))), ())
    first, second = lent(repeat, [MAIN, repeat]).curves
    assert [s.anchors for s in first.curve.scales] == [scale(0, 20).anchors, scale(0, 100).anchors]
    assert second.curve.scales == (scale(4, 14),)


def test_a_doubted_scale_is_that_of_the_sure_one() -> None:
    repeat = Block((read("CALI", scale(0, 16), sure=0.3),), ())
    assert lent(repeat, [MAIN, repeat]).curves[0].curve.scales == (scale(6, 16),)


def drawn(style: Style, seen: bool) -> Block:
    curve = read("CALI", scale(6, 16))
    origins = {**curve.origins, "style": ("read", 0.8) if seen else ("assumed", 0.3)}
    return Block((replace(curve, curve=replace(curve.curve, style=style), origins=origins),), ())


def test_a_stroke_that_is_not_seen_is_that_of_the_other_sections_where_they_agree() -> None:
    unseen, dashed, dotted = drawn("solid", False), drawn("dashed", True), drawn("dotted", True)
    assert lent(unseen, [unseen, dashed]).curves[0].curve.style == "dashed"
    assert lent(unseen, [unseen, dashed, dotted]).curves[0].curve.style == "solid"
    assert lent(drawn("solid", True), [unseen, dashed]).curves[0].curve.style == "solid"


def piece(top: int, bottom: int, depth: float, *edges: tuple[float, float]) -> FoundSection:
    """A piece of a log at 5 rows a foot."""
    tracks = tuple(FoundTrack(((top, a), (bottom, a)), ((top, b), (bottom, b))) for a, b in edges)
    ticks = ((float(top), depth), (float(bottom), depth + (bottom - top) / 5))
    registered = Registered(ticks, 10.0, 0.0, top, bottom, 1, 1, 0.5)
    column = Column(((float(top), 450.0), (float(bottom), 450.0)), 50, 30)
    return FoundSection(top, bottom, registered, None, column, ((0.0, 0.0),), tracks, 0.9, 0)


@pytest.mark.parametrize(
    ("depth", "right", "lends"),
    [(500.0, 900.0, "above"), (500.0, 895.0, "above"), (700.0, 900.0, "below"), (500.0, 760.0, "below")],
)
def test_a_piece_of_a_log_has_the_scales_of_the_piece_above_it(
    strip_of: Callable[..., Strip], depth: float, right: float, lends: str
) -> None:
    """It goes on in depth as in rows, a line of its last track may be beyond the scan."""
    above, section = piece(300, 2300, 80.0, (100, 400)), piece(2400, 3400, depth, (110, 410), (500, right))
    above = replace(above, tracks=(*above.tracks, *piece(300, 2300, 80.0, (490, 890)).tracks))
    below = piece(3600, 4600, 2000.0, (110, 410), (500, right))
    other = Block((read("GR", scale(0, 1), width=300.0),), ())
    own = replace(
        MAIN, curves=(read("GR", scale(0, 7), width=300.0), replace(MAIN.curves[0], left=490, right=890))
    )
    strip = strip_of(np.full((5000, 1000), 255, np.uint8))
    got = _borrowed(strip, section, [above, section, below], [own, Block((), ()), other], True)
    assert got is not None
    names = [(c.curve.mnemonic, c.left, c.right) for c in got.curves]
    if lends == "above":
        assert names == [("GR", 110, 410), ("CALI", 500, 900)] and got.curves[0].curve.scales == (
            scale(0, 7),
        )
    else:
        assert got.curves[0].curve.scales == (scale(0, 1),)
