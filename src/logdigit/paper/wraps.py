"""A curve declared again on the scale that goes on from its own: that is a wrap, not a backup."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import replace

from logdigit.types import CurveSpec, ValueScale


def goes_on(one: ValueScale, other: ValueScale) -> bool:
    """Whether another scale is the next turn of the first, or the one before: as wide, and end to end.

    >>> ends = ((0, 150), (150, 300), (150, 1500))
    >>> first, second, backup = (ValueScale(((0.0, a), (1.0, b))) for a, b in ends)
    >>> goes_on(first, second), goes_on(second, first), goes_on(first, backup)
    (True, True, False)
    """
    if one.kind != other.kind:
        return False
    (left, right), (again, beyond) = _ends(one), _ends(other)
    width = right - left
    alike = math.isclose(beyond - again, width, rel_tol=1e-3)
    return alike and any(
        math.isclose(a, b, abs_tol=1e-3 * abs(width)) for a, b in ((right, again), (left, beyond))
    )


def folded(curve: CurveSpec) -> CurveSpec:
    """A curve whose further scales that only go on from its own, in its own style, are turns of a wrap.

    >>> gr = CurveSpec("GR", tuple(ValueScale(((0.0, a), (1.0, a + 150))) for a in (0.0, 150.0)))
    >>> folded(gr).wraps, len(folded(gr).scales)
    (True, 1)
    """
    turns, kept = list(curve.scales[:1]), []
    for scale in curve.scales[1:]:
        plain = scale.depths is None and scale.style in (None, curve.style)
        if plain and any(goes_on(turn, scale) for turn in turns):
            turns.append(scale)
        else:
            kept.append(scale)
    if len(turns) < 2:
        return curve
    return replace(curve, scales=(turns[0], *kept), wraps=True)


def once_each(curves: Sequence[CurveSpec]) -> tuple[CurveSpec, ...]:
    """Curves of a track, those that are declared again for their next turn only once."""
    out: list[CurveSpec] = []
    for curve in curves:
        same = next((k for k, o in enumerate(out) if o.mnemonic.upper() == curve.mnemonic.upper()), None)
        if same is None or len(curve.scales) != 1 or not out[same].scales:
            out.append(curve)
            continue
        first = out[same]
        both = folded(replace(first, scales=(*first.scales, curve.scales[0])))
        if curve.style == first.style and both.wraps and len(both.scales) == len(first.scales):
            out[same] = both
        else:
            out.append(curve)
    return tuple(out)


def _ends(scale: ValueScale) -> tuple[float, float]:
    """The ends of a scale in what it is linear in."""
    (_, left), (_, right) = scale.anchors[0], scale.anchors[-1]
    if scale.kind == "log":
        return math.log10(left), math.log10(right)
    if scale.kind == "hyperbolic":
        return 1 / left, 1 / right
    return left, right
