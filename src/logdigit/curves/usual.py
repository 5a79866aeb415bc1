"""Strokes that look alike, told apart by where their measurements usually are.

A density and a sonic in one pen can change places where they meet, and nothing that is drawn tells. But rocks
are about as dense and as slow as rocks are: on the row of a single sample that says little, over hundreds of
rows on each other's stroke it does.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np

from logdigit.curves.calibrate import to_value
from logdigit.types import CurveSpec, Float32

_PRICE = 0.06
"""Nats a row for each 1 of half the squared distance of a reading from the typical one, in spreads,"""
_FREE, _MOST = 1.0, 4.0
"""beyond what any reading may have, and up to this: beyond that a formation is what it is."""


def unusual(
    pens: Sequence[CurveSpec], typical: Mapping[str, tuple[float, float]], u: Float32
) -> tuple[Float32 | None, ...]:
    """What each pen pays a row at each column, nats (W,); None for one that nothing of the kind is known of.

    Only pens of one style and colour whose curves are both known pay: others are told apart by their looks.

    Args:
        pens: what each draws.
        typical: reading of a curve and its spread, by mnemonic.
        u: (W,) of the columns, 0 at the left edge of the track and 1 at the right.

    >>> from logdigit.types import ValueScale
    >>> scale = ValueScale(((0.0, 2.0), (1.0, 3.0)))
    >>> rhob, dt = CurveSpec("RHOB", (scale,)), CurveSpec("DT", (ValueScale(((0.0, 140.0), (1.0, 40.0))),))
    >>> known = {"RHOB": (2.45, 0.17), "DT": (80.0, 20.0)}
    >>> cost, _ = unusual((rhob, dt), known, np.array([0.45, 0.9], np.float32))
    >>> [round(float(nats), 2) for nats in cost]
    [0.0, 0.15]
    >>> unusual((rhob,), known, np.array([0.5], np.float32))
    (None,)
    """
    looks = [(pen.style, pen.colour) for pen in pens]
    out: list[Float32 | None] = []
    for pen, look in zip(pens, looks, strict=True):
        alike = any(
            other.mnemonic in typical and other.mnemonic != pen.mnemonic and its == look
            for other, its in zip(pens, looks, strict=True)
        )
        if not alike or pen.mnemonic not in typical or not pen.scales or pen.wraps:
            out.append(None)
            continue
        middle, spread = typical[pen.mnemonic]
        away = (to_value(pen.scales[0], u.astype(np.float64)) - middle) / spread
        odd = np.clip(np.nan_to_num(away**2 / 2, nan=_FREE + _MOST) - _FREE, 0, _MOST)
        out.append((_PRICE * odd).astype(np.float32))
    return tuple(out)
