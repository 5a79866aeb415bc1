"""Strokes told apart by where their measurements usually are, and by the part of a track that is theirs.

A density and a sonic in one pen can change places where they meet, and nothing that is drawn tells. But rocks
are about as dense and as slow as rocks are: on the row of a single sample that says little, over hundreds of
rows on each other's stroke it does. A scale over half of a track leaves the other half to others.
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
_HALF, _ASIDE = (0.4, 0.8), 0.03
"""Share of a track that a scale on a part of it has, at least and at most; by which a curve may leave it."""
_BEYOND = 1.0
"""Nats a row beyond that."""


def unusual(
    pens: Sequence[CurveSpec], typical: Mapping[str, tuple[float, float]], u: Float32
) -> tuple[Float32 | None, ...]:
    """What each pen pays a row at each column, nats (W,); None for one that nothing of the kind is known of.

    For where its measurement usually is, only a pen pays that looks like another one of which that is known
    too: others are told apart by their looks.

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
        price = _beyond_part(pen, u)
        alike = any(
            other.mnemonic in typical and other.mnemonic != pen.mnemonic and its == look
            for other, its in zip(pens, looks, strict=True)
        )
        if alike and pen.mnemonic in typical and pen.scales and not pen.wraps:
            middle, spread = typical[pen.mnemonic]
            away = (to_value(pen.scales[0], u.astype(np.float64)) - middle) / spread
            odd = np.clip(np.nan_to_num(away**2 / 2, nan=_FREE + _MOST) - _FREE, 0, _MOST)
            price = (_PRICE * odd + (0 if price is None else price)).astype(np.float32)
        out.append(price)
    return tuple(out)


def _beyond_part(pen: CurveSpec, u: Float32) -> Float32 | None:
    """What a pen pays beyond the half of a track, or about that, that its scale is on; None for any other."""
    ends = [at for scale in pen.scales for at, _ in scale.anchors]
    first, last = min(ends, default=0.0), max(ends, default=1.0)
    if pen.wraps or not _HALF[0] <= last - first <= _HALF[1] or min(first, 1 - last) > _ASIDE:
        return None
    outside = (u < first - _ASIDE) | (u > last + _ASIDE)
    return np.where(outside, np.float32(_BEYOND), np.float32(0)).astype(np.float32)
