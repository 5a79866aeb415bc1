"""Tracks inside other tracks: their curves are traced where their ink lies, on the scales that they have."""

from __future__ import annotations

import numpy as np
import pytest

from logdigit.curves.calibrate import to_value
from logdigit.paper.nested import nested
from logdigit.paper.readcurve import ReadCurve
from logdigit.paper.scalerow import ScaleRow
from logdigit.paper.together import declared_again
from logdigit.types import CurveSpec, ScaleKind, Style, Track, ValueScale


def curve(name: str, low: float, high: float, kind: ScaleKind = "linear", wraps: bool = False) -> CurveSpec:
    return CurveSpec(name, (ValueScale(((0.0, low), (1.0, high)), kind),), wraps=wraps)


def names(tracks: tuple[Track, ...]) -> list[tuple[float, float, str]]:
    return [(t.left, t.right, " ".join(c.mnemonic for c in t.curves)) for t in tracks]


@pytest.mark.parametrize("kind", ["linear", "log"])
def test_a_curve_keeps_its_values_where_it_goes_to_the_outer_track(kind: ScaleKind) -> None:
    inner, outer = (
        Track(450.0, 600.0, (curve("MNOR", 1.0, 100.0, kind),)),
        Track(0.0, 600.0, (curve("GR", 0.0, 150.0),)),
    )
    (track,) = nested((inner, outer))
    moved = {c.mnemonic: c for c in track.curves}["MNOR"]
    u = np.array([0.0, 0.3, 1.0])
    np.testing.assert_allclose(
        to_value(moved.scales[0], 0.75 + 0.25 * u), to_value(inner.curves[0].scales[0], u)
    )


def test_each_goes_to_the_narrowest_track_that_holds_it() -> None:
    quarter, half, whole = (
        Track(300.0, 300.0 + width, (curve(name, 0.0, 1.0),))
        for name, width in (("A", 150.0), ("B", 300.0), ("C", 600.0))
    )
    ((left, right, found),) = names(nested((whole, quarter, half)))
    assert (left, right, sorted(found.split())) == (300.0, 900.0, ["A", "B", "C"])


def test_what_wraps_or_lies_beside_or_in_an_empty_track_stays() -> None:
    whole = Track(0.0, 600.0, (curve("DT", 140.0, 40.0),))
    turns = Track(0.0, 300.0, (curve("GR", 0.0, 150.0, wraps=True),))
    beside = Track(610.0, 900.0, (curve("SP", -160.0, 40.0),))
    empty, inside = Track(1000.0, 1600.0, ()), Track(1000.0, 1300.0, (curve("CALI", 6.0, 16.0),))
    assert nested((turns, whole, beside, empty, inside)) == (turns, whole, beside, empty, inside)


@pytest.mark.parametrize(("style", "wraps"), [("solid", True), (None, True), ("dashed", False)])
def test_the_next_turn_in_another_style_is_a_backup(style: Style | None, wraps: bool) -> None:
    gr = ReadCurve(0.0, 600.0, curve("GR", 0.0, 150.0), 10.0, {})
    again = declared_again(gr, ScaleRow(0.0, 600.0, (150.0, 300.0), "linear", False, 40.0, 1.0, 1.0), style)
    assert again.curve.wraps == wraps
    assert [(s.role, s.style) for s in again.curve.scales[1:]] == ([] if wraps else [("backup", "dashed")])
