"""Calibration: position across a track to physical units, and back.

A scale is linear in some function g of the value: the value itself (linear, relative), its decimal
logarithm (log) or its reciprocal (hyperbolic: the old resistivity scales that are linear in conductivity).
Between anchors g is linear in ``u``; beyond them the outer segments go on. One turn of a wrapping curve is
worth the whole width, ``g(1) - g(0)``.
"""

from __future__ import annotations

import numpy as np

from logdigit.types import Float, ScaleKind, ValueScale, along


def _forward(kind: ScaleKind, value: Float) -> Float:
    with np.errstate(divide="ignore", invalid="ignore"):
        if kind == "log":
            return np.where(value > 0, np.log10(value), np.nan)
        return 1.0 / value if kind == "hyperbolic" else value


def _backward(kind: ScaleKind, g: Float) -> Float:
    with np.errstate(divide="ignore", over="ignore"):
        if kind == "log":
            return np.asarray(10.0**g)
        return 1.0 / g if kind == "hyperbolic" else g


def _anchors(scale: ValueScale) -> tuple[Float, Float]:
    u, value = np.array(scale.anchors, dtype=np.float64).T
    return u, _forward(scale.kind, value)


def to_value(scale: ValueScale, u: Float, turns: Float | int = 0) -> Float:
    """Value at position ``u`` (any shape; 0 left edge, 1 right edge) after ``turns`` wraps.

    >>> gr = ValueScale(((0.0, 0.0), (1.0, 150.0)))
    >>> to_value(gr, np.array([0.5, 0.2]), np.array([0, 1])).tolist()
    [75.0, 180.0]
    >>> to_value(ValueScale(((0.0, 0.2), (1.0, 2000.0)), "log"), np.array([0.25])).round(6).tolist()
    [2.0]
    """
    xs, ys = _anchors(scale)
    ends = along(np.array([0.0, 1.0]), xs, ys)
    g = along(np.asarray(u, dtype=np.float64), xs, ys) + np.asarray(turns) * (ends[1] - ends[0])
    return _backward(scale.kind, g)


def to_position(scale: ValueScale, value: Float) -> Float:
    """Position ``u`` of a value (any shape), unwrapped: below 0 or above 1 where it is off the scale.

    NaN where the value has no place on the scale (not positive on a log scale).
    """
    xs, ys = _anchors(scale)
    if ys[0] > ys[-1]:
        xs, ys = xs[::-1], ys[::-1]
    return along(_forward(scale.kind, np.asarray(value, dtype=np.float64)), ys, xs)
