"""How measurements are customarily printed: scales, units, kinds, and the lines that go with them."""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np

from logdigit.synth.plan import Edge
from logdigit.types import Curve, ScaleKind


@dataclass(frozen=True)
class CustomScale:
    """How a measurement is usually printed: scale values left and right, unit, kind; it wraps or pegs."""

    left: float
    right: float
    unit: str
    kind: ScaleKind = "linear"
    edge: Edge = "leave"


# Customary scales by mnemonic stem (Schlumberger, Log Interpretation Charts; API RP 31A form).
CUSTOMARY: dict[str, CustomScale] = {
    "GR": CustomScale(0, 150, "GAPI", edge="wrap"),
    "SP": CustomScale(-160, 40, "MV"),
    "CAL": CustomScale(6, 16, "IN"),
    "CALI": CustomScale(6, 16, "IN"),
    "DCAL": CustomScale(6, 16, "IN"),
    "RHOB": CustomScale(2, 3, "G/CC"),
    "DEN": CustomScale(2, 3, "G/CC"),
    "NPHI": CustomScale(45, -15, "PU"),
    "DPHI": CustomScale(45, -15, "PU"),
    "PE": CustomScale(0, 10, "B/E"),
    "DT": CustomScale(140, 40, "US/F"),
    "ILD": CustomScale(0.2, 2000, "OHMM", "log"),
    "ILM": CustomScale(0.2, 2000, "OHMM", "log"),
    "LLD": CustomScale(0.2, 2000, "OHMM", "log"),
    "LLS": CustomScale(0.2, 2000, "OHMM", "log"),
    "LL8": CustomScale(0.2, 2000, "OHMM", "log"),
    "MSFL": CustomScale(0.2, 2000, "OHMM", "log"),
}


def choose_scale(curve: Curve) -> CustomScale:
    """The customary scale where most readings lie on it, else a round one around the readings."""
    good = curve.value[np.isfinite(curve.value)]
    low, high = np.percentile(good, [1, 99])
    known = CUSTOMARY.get(curve.mnemonic.upper())
    if known is not None:
        a, b = sorted((known.left, known.right))
        on = float(((good >= a) & (good <= b)).mean())
        spread = (high - low) / (b - a)
        if on > 0.85 and (spread > 0.08 or known.kind == "log"):
            return known
    if low > 0.05 and high / low > 50:
        first, last = math.floor(math.log10(low)), math.ceil(math.log10(high))
        return CustomScale(10.0**first, 10.0 ** max(last, first + 1), curve.unit, "log")
    width = max(high - low, 1e-6) * 1.3
    step = 10.0 ** math.floor(math.log10(width))
    step *= 0.5 if width / step < 3 else 1.0
    left = math.floor(low / step) * step
    return CustomScale(left, left + math.ceil((high - left) / step) * step, curve.unit)


def verticals(
    kind: ScaleKind, scale: CustomScale, thin: float, heavy: float
) -> tuple[tuple[float, float], ...]:
    """Vertical lines of a track as (u, width px): tenths, or the decades of a log scale."""
    if kind != "log":
        return tuple((k / 10, heavy if k in (0, 5, 10) else thin) for k in range(11))
    first, last = sorted((math.log10(scale.left), math.log10(scale.right)))
    decades = np.arange(math.floor(first), math.ceil(last) + 1)
    marks = np.unique(np.concatenate([d + np.log10(np.arange(1, 10)) for d in decades]).round(9))
    inside = marks[(marks >= first - 1e-9) & (marks <= last + 1e-9)]
    lines = [
        (float((m - first) / (last - first)), heavy if abs(m - round(m)) < 1e-6 else thin) for m in inside
    ]
    return (*lines, (0.0, heavy), (1.0, heavy))
