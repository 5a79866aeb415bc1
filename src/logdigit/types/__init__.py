"""What travels between the rooms: frozen dataclasses on the standard library and numpy.

Frames: the *strip* frame is the pixels of the original scan (all pages joined), row 0 at the top; the
*straight* frame has lines of equal depth along its rows and the working resolution of the network. In
both, the centre of the first pixel is at (0, 0). ``row``/``col`` are ints, ``x``/``y`` floats.
"""

from __future__ import annotations

from logdigit.types.arrays import (
    CLASSES,
    STYLES,
    Bool,
    DepthUnit,
    FixKind,
    Float,
    Float32,
    Int8,
    JoinKind,
    Origin,
    PassName,
    ScaleKind,
    ScaleRole,
    Style,
    UInt8,
)
from logdigit.types.findings import Finding
from logdigit.types.layout import CurveSpec, DepthScale, Fix, Layout, Section, Track, ValueScale
from logdigit.types.log import Curve, Digitised, ProbabilityMap, Provenance, Trace, WellLog
from logdigit.types.strip import Box, Geometry, Join, Page, Strip, along

__all__ = [
    "CLASSES",
    "STYLES",
    "Bool",
    "Box",
    "Curve",
    "CurveSpec",
    "DepthScale",
    "DepthUnit",
    "Digitised",
    "Finding",
    "Fix",
    "FixKind",
    "Float",
    "Float32",
    "Geometry",
    "Int8",
    "Join",
    "JoinKind",
    "Layout",
    "Origin",
    "Page",
    "PassName",
    "ProbabilityMap",
    "Provenance",
    "ScaleKind",
    "ScaleRole",
    "Section",
    "Strip",
    "Style",
    "Trace",
    "Track",
    "UInt8",
    "ValueScale",
    "WellLog",
    "along",
]
