"""Strips that were cut, or photocopied piece by piece: the sheets of a set, and how they lie on the strip."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Any

import numpy as np

from logdigit.types import Float


@dataclass(frozen=True)
class Sheet:
    """One sheet of a set.

    Attributes:
        height: of its scan, px.
        width: of its scan, px.
        rows: (top, bottom) of the strip that it shows, strip px.
        skew_deg: how far it was turned against the first sheet, degrees; positive: clockwise.
        scale: px of this sheet per px of the strip.
        darker: by how many grey levels it came out darker than the first.
        strip: (height, width) of the strip, px.
    """

    height: int
    width: int
    rows: tuple[float, float]
    skew_deg: float
    scale: float
    darker: float
    strip: tuple[int, int]

    @property
    def matrix(self) -> Float:
        """(2, 3): px (x, y, 1) of this sheet to px of the strip."""
        turn = math.radians(self.skew_deg)
        linear = np.array([[math.cos(turn), math.sin(turn)], [-math.sin(turn), math.cos(turn)]]) / self.scale
        centre = np.array([(self.width - 1) / 2, (self.height - 1) / 2])
        place = np.array([(self.strip[1] - 1) / 2, (self.rows[0] + self.rows[1] - 1) / 2])
        return np.column_stack([linear, place - linear @ centre])

    def to_strip(self, x: Float, y: Float) -> tuple[Float, Float]:
        """Px of this sheet (broadcast) to px of the strip."""
        (a, b, c), (d, e, f) = self.matrix
        return a * x + b * y + c, d * x + e * y + f


@dataclass(frozen=True)
class Cut:
    """A set of sheets: those that were filed, in page order, and the strip rows of one that was lost."""

    sheets: tuple[Sheet, ...]
    butt: bool
    missing: tuple[float, float] | None

    def record(self) -> list[dict[str, Any]]:
        """What a manifest says of each sheet."""
        out = []
        for number, sheet in enumerate(self.sheets):
            before = self.sheets[number - 1].rows[1] if number else 0.0
            out.append(
                {
                    "rows": [round(sheet.rows[0], 2), round(sheet.rows[1], 2)],
                    "overlap_px": round(before - sheet.rows[0], 2) if number else 0.0,
                    "skew_deg": round(sheet.skew_deg, 4),
                    "scale": round(sheet.scale, 5),
                    "darker": round(sheet.darker, 1),
                    "to_strip": [[round(float(v), 6) for v in row] for row in sheet.matrix],
                }
            )
        return out


def cut(rng: np.random.Generator, height: int, width: int, px: float) -> Cut:
    """Cut a strip of (height, width) px into two or three sheets; ``px`` scan px are a px at 200 dpi."""
    count = 3 if rng.random() < 0.65 else 2
    butt = bool(rng.random() < 0.25)
    shares = rng.uniform(0.8, 1.2, count)
    ends = np.round(np.cumsum(shares) / shares.sum() * height)
    starts = np.concatenate([[0.0], ends[:-1]])
    sheets = []
    for number, (top, bottom) in enumerate(zip(starts, ends, strict=True)):
        lap = 0.0 if butt or number == 0 else float(rng.uniform(150, 400)) * px
        top = max(0.0, float(np.round(top - lap)))
        first = number == 0
        skew = 0.0 if first else float(rng.uniform(-1, 1)) * (0.1 if butt else 1.0)
        scale = 1.0 if first or butt else float(rng.uniform(0.98, 1.02))
        darker = 0.0 if first else float(rng.normal(0, 12))
        size = (round(scale * (bottom - top)), round(scale * width))
        sheets.append(Sheet(*size, (top, float(bottom)), skew, scale, darker, (height, width)))
    missing = None
    if count == 3 and rng.random() < 0.3:
        missing = (sheets[0].rows[1], sheets[2].rows[0])
        del sheets[1]
    return Cut(tuple(sheets), butt, missing)
