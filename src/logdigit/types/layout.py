"""What is on the paper, and where: sections, tracks, curves and their scales."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from logdigit.types.arrays import DepthUnit, FixKind, Float, Origin, PassName, ScaleKind, ScaleRole, Style
from logdigit.types.strip import Box, Geometry, along


@dataclass(frozen=True)
class DepthScale:
    """Registration: straight rows to depths, piecewise linear, extrapolated by the outer segments.

    >>> import numpy as np
    >>> scale = DepthScale(np.array([0.0, 100.0]), np.array([250.0, 260.0]), "FT", 0.0)
    >>> float(scale.to_depth(np.array(50.0))), float(scale.to_row(np.array(255.0)))
    (255.0, 50.0)
    """

    rows: Float
    depths: Float
    unit: DepthUnit
    rms: float

    def to_depth(self, rows: Float) -> Float:
        """Depth at straight rows (any shape)."""
        return along(rows, self.rows, self.depths)

    def to_row(self, depths: Float) -> Float:
        """Straight row at depths (any shape)."""
        return along(depths, self.depths, self.rows)


@dataclass(frozen=True)
class ValueScale:
    """Calibration of one curve across its track; the mapping itself is in ``curves.calibrate``.

    Attributes:
        anchors: (u, value) pairs, u from 0 at the left edge to 1 at the right, two or more, u increasing.
        kind: linear, log, hyperbolic (linear in 1/value) or relative (linear, origin arbitrary).
        role: main, backup (coarser, where the main one is off scale) or amplified (finer).
        style: line style of the curve on this scale; None where it is that of the curve.
        depths: interval on which this scale holds; None for all.
    """

    anchors: tuple[tuple[float, float], ...]
    kind: ScaleKind = "linear"
    role: ScaleRole = "main"
    style: Style | None = None
    depths: tuple[float, float] | None = None


@dataclass(frozen=True)
class CurveSpec:
    """One curve as declared: what it is called, what it looks like, what its ink is worth.

    ``width_px`` is the width of its pen in the frame in which its track is: px of the scan in a layout file,
    of the straight frame in a `Layout`.
    """

    mnemonic: str
    scales: tuple[ValueScale, ...]
    unit: str = ""
    printed: str = ""
    style: Style = "solid"
    width_px: float | None = None
    colour: str | None = None
    wraps: bool = False
    valid: tuple[float, float] | None = None

    @property
    def strokes(self) -> tuple[str, ...]:
        """Names of its strokes, one a scale: the mnemonic, then with ``_BU``, ``_BU2``, ... or ``_AMP``.

        >>> ends = ((0.0, 0.0), (1.0, 50.0))
        >>> CurveSpec("SN", tuple(ValueScale(ends, role=r) for r in ("main", "backup", "amplified"))).strokes
        ('SN', 'SN_BU', 'SN_AMP')
        """
        names = [self.mnemonic]
        for scale in self.scales[1:]:
            name = self.mnemonic + ("_AMP" if scale.role == "amplified" else "_BU")
            number = sum(known.startswith(name) for known in names) + 1
            names.append(name if number == 1 else f"{name}{number}")
        return tuple(names)


@dataclass(frozen=True)
class Track:
    """A track between two edges, straight-frame px, with its curves."""

    left: float
    right: float
    curves: tuple[CurveSpec, ...]


@dataclass(frozen=True)
class Fix:
    """A correction by hand, applied after decoding; what each kind does is in ``curves.fixes``.

    Attributes:
        kind: swap, null, turns or points.
        curves: mnemonics: two for a swap, one for points.
        interval: top and base, both included, depths of the LAS file.
        turns: number of turns that is set; None where it is not.
        add: turns that are added.
        points: (depth, value) pairs, depths increasing; the first and last are the interval.
    """

    kind: FixKind
    curves: tuple[str, ...]
    interval: tuple[float, float]
    turns: int | None = None
    add: int = 0
    points: tuple[tuple[float, float], ...] = ()


@dataclass(frozen=True)
class Section:
    """One logged interval on the strip; ``body`` in the strip frame, ``tracks`` and ``depth`` straight.

    ``fixes`` are applied in their order, ``ignore`` are boxes in the strip frame whose ink is not data.
    """

    body: Box
    tracks: tuple[Track, ...]
    depth: DepthScale
    run: str = ""
    pass_name: PassName = "main"
    nominal: str = ""
    step: float | None = None
    fixes: tuple[Fix, ...] = ()
    ignore: tuple[Box, ...] = ()


@dataclass(frozen=True)
class Layout:
    """Everything known about the page: geometry, sections, header items, and where each came from."""

    geometry: Geometry
    sections: tuple[Section, ...]
    header: Mapping[str, str] = field(default_factory=dict)
    origins: Mapping[str, tuple[Origin, float]] = field(default_factory=dict)
