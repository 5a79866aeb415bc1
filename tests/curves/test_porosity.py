"""Porosities that are printed on the stroke of the density that they are made of."""

import numpy as np
import pytest

from logdigit.curves.calibrate import to_position, to_value
from logdigit.curves.porosity import made_of, porosity_of, stands, stands_under
from logdigit.curves.trace import trace_track
from logdigit.types import CLASSES, CurveSpec, Float, ProbabilityMap, Style, Track, ValueScale

ROWS, WIDTH = 600, 401
COLUMNS = np.arange(WIDTH)


def curve(name: str, left: float, right: float, style: Style) -> CurveSpec:
    return CurveSpec(name, (ValueScale(((0.0, left), (1.0, right))),), style=style)


RHOB, DPHI = curve("RHOB", 1.95, 2.95, "solid"), curve("DPHI", 0.45, -0.15, "dashed")
U = 0.5 + 0.3 * np.sin(np.arange(ROWS) / 37)


def page(strokes: dict[Style, Float]) -> ProbabilityMap:
    """Strokes of three px at columns (H,)."""
    prob = np.zeros((len(CLASSES), ROWS, WIDTH), np.float32)
    for style, x in strokes.items():
        prob[CLASSES.index(style)][np.abs(COLUMNS - x[:, None]) <= 1.5] = 0.97
    prob[0] = 1 - prob.sum(axis=0)
    return ProbabilityMap(0, prob, CLASSES)


@pytest.mark.parametrize("seen", ["solid", "dashed"])
def test_of_two_that_are_one_stroke_each_has_its_readings(seen: Style) -> None:
    track = Track(0.0, WIDTH - 1.0, (RHOB, DPHI))
    density, porosity = trace_track([page({seen: U * (WIDTH - 1)})], track)
    read, made = (density, porosity) if seen == "solid" else (porosity, density)
    assert np.abs(read.x / (WIDTH - 1) - U)[5:-5].max() < 0.01
    assert np.isfinite(made.x)[5:-5].all() and (made.confidence <= 0.5).all()
    rho, phi = (
        to_value(spec.scales[0], trace.x.astype(np.float64) / (WIDTH - 1))
        for spec, trace in ((RHOB, density), (DPHI, porosity))
    )
    assert np.abs(phi - porosity_of(rho, 2.71, 1.0))[5:-5].max() < 1e-3


def test_a_porosity_that_stands_apart_is_not_made_up() -> None:
    track = Track(0.0, WIDTH - 1.0, (RHOB, curve("DPHI", 0.6, 0.0, "dashed")))
    _, porosity = trace_track([page({"solid": U * (WIDTH - 1)})], track)
    assert np.isnan(porosity.x).all()


def test_a_porosity_of_another_rock_is_read_on_its_own_stroke_only() -> None:
    sand = to_position(DPHI.scales[0], porosity_of(to_value(RHOB.scales[0], U), 2.65, 1.0)) * (WIDTH - 1)
    sand[200:300] = -50.0  # worn away
    track = Track(0.0, WIDTH - 1.0, (RHOB, DPHI))
    _, porosity = trace_track([page({"solid": U * (WIDTH - 1), "dashed": sand})], track)
    assert np.isnan(porosity.x[210:290]).all()


@pytest.mark.parametrize(
    ("density", "porosity", "rock"),
    [
        (RHOB, DPHI, 2.71),
        (curve("RHOZ", 1950, 2950, "solid"), curve("DPHZ", 45, -15, "dashed"), 2.71),
        (curve("RHOB", 1.9, 2.9, "solid"), DPHI, 2.65),
        (DPHI, RHOB, None),
        (RHOB, curve("NPHI", 0.45, -0.15, "dashed"), None),
        (curve("RHOB", 2.0, 3.0, "solid"), curve("DPHI", 0.6, 0.0, "dashed"), None),
    ],
)
def test_scales_on_which_a_porosity_stands_on_its_density(
    density: CurveSpec, porosity: CurveSpec, rock: float | None
) -> None:
    rocks = made_of(porosity, density)
    assert rocks == (None if rock is None else (rock, 1.0))
    if rocks is not None:
        u = np.linspace(0, 1, 11)
        assert stands_under(porosity, density, stands(porosity, density, u, *rocks), *rocks) == pytest.approx(
            u
        )
