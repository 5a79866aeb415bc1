"""Arrays and words that the dataclasses are made of."""

from __future__ import annotations

from typing import Literal

import numpy as np
from numpy.typing import NDArray

Float = NDArray[np.float64]
Float32 = NDArray[np.float32]
Int8 = NDArray[np.int8]
UInt8 = NDArray[np.uint8]
Bool = NDArray[np.bool_]

DepthUnit = Literal["FT", "M"]
Style = Literal["solid", "dashed", "dotted", "dashdot"]
ScaleKind = Literal["linear", "log", "hyperbolic", "relative"]
ScaleRole = Literal["main", "backup", "amplified"]
PassName = Literal["main", "repeat", "calibration"]
Origin = Literal["read", "given", "assumed"]
JoinKind = Literal["first", "overlap", "butt", "missing"]
FixKind = Literal["swap", "null", "turns", "points"]

STYLES: tuple[Style, ...] = ("solid", "dashed", "dotted", "dashdot")
CLASSES: tuple[str, ...] = ("background", *STYLES)
