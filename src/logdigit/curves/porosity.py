"""A porosity made of the bulk density, where both are printed so that one line is seen of the two.

On the customary scales, 1.95 to 2.95 g/cm3 and 45 to -15 pu, a limestone porosity stands on the very stroke
of the density, all along: ink is found for one of them only. But where the other stands is known.
"""

from __future__ import annotations

from itertools import product

import numpy as np

from logdigit.curves.calibrate import to_position, to_value
from logdigit.types import CurveSpec, Float, Float32, Trace

DENSITIES = frozenset(("RHOB", "RHOZ", "ZDEN", "DEN", "ROBB"))
POROSITIES = frozenset(("DPHI", "DPHZ", "DPOR", "PORZ", "PHID"))
ROCKS, FLUIDS = (2.65, 2.68, 2.71, 2.87), (1.0, 1.1)
"""Densities of sandstone, of sand with lime, of limestone and of dolomite; of mud fresh and salt; g/cm3."""
AS_ONE = 0.015
"""Share of the track by which the two strokes are apart, at most: thick strokes are as wide."""
NEAR_PX = 3.0
"""Columns by which readings of the one may stand off where the other has it, in the middle;"""
OWN = 0.05
"""share of the rows of the other on which the one is read, from which that is asked."""
SURE = 0.5
"""Of the confidence of the other."""


def porosity_of(density: Float, rock: float, fluid: float) -> Float:
    """Porosity of a rock of some bulk density, both of any shape, in v/v and g/cm3.

    (rock - density) / (rock - fluid): Schlumberger, Log Interpretation Principles (1989).

    >>> porosity_of(np.array([2.71, 1.0, 1.855]), 2.71, 1.0).round(9).tolist()
    [0.0, 1.0, 0.5]
    """
    return (rock - density) / (rock - fluid)


def stands(porosity: CurveSpec, density: CurveSpec, u: Float, rock: float, fluid: float) -> Float:
    """Positions (any shape) at which a porosity stands that is made of a density at positions ``u``."""
    heavy = max(abs(value) for _, value in density.scales[0].anchors) > 100  # kg/m3
    percent = max(abs(value) for _, value in porosity.scales[0].anchors) > 1.5
    made = porosity_of(to_value(density.scales[0], u) / (1000 if heavy else 1), rock, fluid)
    return to_position(porosity.scales[0], made * (100 if percent else 1))


def made_of(porosity: CurveSpec, density: CurveSpec) -> tuple[float, float] | None:
    """Densities of rock and fluid, g/cm3, with which a porosity stands on the stroke of a density.

    None for other curves, and where it stands apart from it. The nearest of several.

    >>> from logdigit.types import ValueScale
    >>> rhob = CurveSpec("RHOB", (ValueScale(((0.0, 1.95), (1.0, 2.95))),), "G/C3")
    >>> dphi, wide = (CurveSpec("DPHI", (ValueScale(((0.0, a), (1.0, b))),)) for a, b in ((45, -15), (60, 0)))
    >>> made_of(dphi, rhob), made_of(wide, rhob)
    ((2.71, 1.0), None)
    """
    if porosity.mnemonic not in POROSITIES or density.mnemonic not in DENSITIES:
        return None
    if any(len(c.scales) != 1 or c.scales[0].kind != "linear" or c.wraps for c in (porosity, density)):
        return None
    u = np.linspace(0.15, 0.85, 15)
    apart = {pair: np.abs(stands(porosity, density, u, *pair) - u).max() for pair in product(ROCKS, FLUIDS)}
    nearest = min(apart, key=lambda pair: float(apart[pair]))
    return nearest if apart[nearest] <= AS_ONE else None


def stands_under(porosity: CurveSpec, density: CurveSpec, u: Float, rock: float, fluid: float) -> Float:
    """Positions (H,) at which a density stands of which a porosity at positions ``u`` is made."""
    at = np.linspace(-0.5, 1.5, 201)
    made = stands(porosity, density, at, rock, fluid)
    return np.interp(u, made, at, left=np.nan, right=np.nan)


def read_as_one(one: Trace, other: Trace, made: Float32) -> None:
    """Fill a trace, in place, where it is not read and the other one is, which stands with it.

    Args:
        one: to fill, px from the left edge of the track.
        other: on the same rows.
        made: (H,) columns at which the one stands by what is read of the other, NaN where nothing is.
    """
    known, own = np.isfinite(made), np.isfinite(one.x)
    both = known & own
    if not known.any() or (
        both.sum() >= OWN * known.sum() and np.median(np.abs(one.x - made)[both]) > NEAR_PX
    ):
        return
    hidden = known & ~own
    one.x[hidden] = made[hidden]
    one.confidence[hidden] = SURE * other.confidence[hidden]
