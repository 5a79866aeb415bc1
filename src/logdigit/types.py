"""What travels between the rooms: frozen dataclasses on the standard library and numpy.

Frames: the *strip* frame is the pixels of the original scan (all pages joined), row 0 at the top; the
*straight* frame has lines of equal depth along its rows and the working resolution of the network. In
both, the centre of the first pixel is at (0, 0). ``row``/``col`` are ints, ``x``/``y`` floats.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Literal, Protocol

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


@dataclass(frozen=True, slots=True)
class Box:
    """Half-open pixel box ``[top, bottom) x [left, right)`` in the strip frame."""

    top: int
    left: int
    bottom: int
    right: int

    @property
    def height(self) -> int:
        """Rows, px."""
        return self.bottom - self.top

    @property
    def width(self) -> int:
        """Columns, px."""
        return self.right - self.left


class Page(Protocol):
    """One image of a scan file, read in bands so that memory does not grow with its length."""

    @property
    def height(self) -> int:
        """Rows, px."""
        ...

    @property
    def width(self) -> int:
        """Columns, px."""
        ...

    @property
    def dpi(self) -> tuple[float, float] | None:
        """Tagged resolution (x, y) in dots per inch; None where the file states none."""
        ...

    @property
    def source(self) -> str:
        """Path of the file."""
        ...

    @property
    def index(self) -> int:
        """Number of the image in its file, from 0."""
        ...

    def read(self, top: int, bottom: int) -> UInt8:
        """Rows ``top`` to ``bottom`` as uint8 ``(h, W)`` grey or ``(h, W, 3)`` RGB, 0 ink, 255 paper."""
        ...


@dataclass(frozen=True, slots=True)
class Join:
    """Where a page begins in the strip, how it lies there, and how sure that is.

    Attributes:
        row: strip row from which on the page is shown.
        confidence: 0 to 1, that the page follows the one before as it is joined.
        kind: the first page; one that overlaps the page before; one that follows it edge to edge; or one
            before which an interval is missing.
        overlap_px: rows by which it overlaps the page before, px of that page.
        to_strip: (2, 3), px (x, y, 1) of the page as scanned to px of the strip; None where the page begins
            at column 0 of ``row``.
    """

    row: int
    confidence: float
    kind: JoinKind = "first"
    overlap_px: float = 0.0
    to_strip: tuple[tuple[float, float, float], tuple[float, float, float]] | None = None


@dataclass(frozen=True)
class Strip:
    """Pages joined to one long image; narrower pages are filled with paper on the right.

    Attributes:
        pages: what the strip shows of each page, from top to bottom.
        joins: where each begins.
        findings: what a person should know of the joins.
    """

    pages: tuple[Page, ...]
    joins: tuple[Join, ...]
    findings: tuple[Finding, ...] = ()

    @property
    def height(self) -> int:
        """Rows of all pages, px."""
        return self.joins[-1].row + self.pages[-1].height

    @property
    def width(self) -> int:
        """Columns of the widest page, px."""
        return max(page.width for page in self.pages)

    @property
    def dpi(self) -> tuple[float, float] | None:
        """Tagged resolution of the first page that states one."""
        return next((page.dpi for page in self.pages if page.dpi is not None), None)

    def read(self, top: int, bottom: int) -> UInt8:
        """Rows ``top`` to ``bottom`` of the strip; grey ``(h, W)``, or RGB ``(h, W, 3)`` where any page is.

        Raises:
            ValueError: if the rows are not inside the strip.
        """
        if not 0 <= top < bottom <= self.height:
            raise ValueError(f"rows {top} to {bottom} are not inside a strip of {self.height} rows")
        parts: list[UInt8] = []
        for page, join in zip(self.pages, self.joins, strict=True):
            first, last = max(top, join.row), min(bottom, join.row + page.height)
            if first < last:
                part = page.read(first - join.row, last - join.row)
                pad = ((0, 0), (0, self.width - page.width), (0, 0))[: part.ndim]
                parts.append(np.pad(part, pad, constant_values=255) if page.width < self.width else part)
        if any(part.ndim == 3 for part in parts):
            parts = [part if part.ndim == 3 else np.repeat(part[..., None], 3, axis=2) for part in parts]
        return parts[0] if len(parts) == 1 else np.concatenate(parts)


def along(at: Float, xs: Float, ys: Float) -> Float:
    """Piecewise linear through knots, like ``np.interp``, but extrapolated by the outer segments.

    Args:
        at: any shape.
        xs: (K,), increasing, K >= 2.
        ys: (K,).

    >>> along(np.array([-1.0, 0.5, 3.0]), np.array([0.0, 1.0, 2.0]), np.array([0.0, 10.0, 30.0])).tolist()
    [-10.0, 5.0, 50.0]
    """
    at = np.asarray(at, dtype=np.float64)
    k = np.clip(np.searchsorted(xs, at, side="right") - 1, 0, len(xs) - 2)
    out: Float = ys[k] + (at - xs[k]) * (ys[k + 1] - ys[k]) / (xs[k + 1] - xs[k])
    return out


@dataclass(frozen=True)
class Geometry:
    """The straight frame laid over the strip, with the coordinate mapping in both directions.

    At straight row ``y`` the strip point of straight column ``x`` is

        ``strip_x = left(y) + pitch_x(y) * x``
        ``strip_y = centre(y) + slope(y) * (strip_x - centre_x)``

    with ``left``, ``pitch_x``, ``centre`` and ``slope`` linear between the knots ``rows``: skew is a
    slope, lean a left edge that moves, stretch a centre that does not advance evenly.

    Attributes:
        rows: straight rows of the knots, (K,), increasing, K >= 2.
        centre: strip row of each knot at ``centre_x``, (K,), increasing.
        slope: rise of a line of equal depth, strip px down per px to the right, (K,).
        left: strip x of straight column 0, (K,).
        pitch_x: strip px per straight px across, (K,).
        centre_x: strip x at which ``centre`` holds.
        width: columns of the straight frame, px.
        dpi: true resolution of the strip (x, y) that the working resolution was derived from.
    """

    rows: Float
    centre: Float
    slope: Float
    left: Float
    pitch_x: Float
    centre_x: float
    width: int
    dpi: tuple[float, float]

    @property
    def height(self) -> int:
        """Rows of the straight frame, px."""
        return int(self.rows[-1]) + 1

    def _at(self, y: Float, values: Float) -> Float:
        return along(y, self.rows, values)

    def to_strip(self, x: Float, y: Float) -> tuple[Float, Float]:
        """Straight (x, y) px, any shapes that broadcast, to strip (x, y) px."""
        x, y = np.asarray(x, dtype=np.float64), np.asarray(y, dtype=np.float64)
        strip_x = self._at(y, self.left) + self._at(y, self.pitch_x) * x
        strip_y = self._at(y, self.centre) + self._at(y, self.slope) * (strip_x - self.centre_x)
        return strip_x, strip_y

    def to_straight(self, x: Float, y: Float) -> tuple[Float, Float]:
        """Strip (x, y) px to straight (x, y) px, by fixed-point iteration on the straight row."""
        x, y = np.asarray(x, dtype=np.float64), np.asarray(y, dtype=np.float64)
        pitch = (self.rows[-1] - self.rows[0]) / (self.centre[-1] - self.centre[0])
        row = self.rows[0] + (y - self.centre[0]) * pitch
        for _ in range(40):
            miss = y - self._at(row, self.centre) - self._at(row, self.slope) * (x - self.centre_x)
            row = row + miss * pitch
            if not np.size(miss) or np.max(np.abs(miss)) < 1e-7:
                break
        return (x - self._at(row, self.left)) / self._at(row, self.pitch_x), row


@dataclass(frozen=True)
class DepthScale:
    """Registration: straight rows to depths, piecewise linear, extrapolated by the outer segments.

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


@dataclass(frozen=True)
class ProbabilityMap:
    """One band of class probabilities in the straight frame.

    Attributes:
        top: straight row of the first row of ``prob``.
        prob: (C, h, W) float32 in [0, 1], summing to 1 over C.
        classes: C names, as stored in the checkpoint.
        rgb: (h, W, 3) uint8 pixels of the same rows where the scan has colour: there colour is identity.
        grey: (h, W) uint8 pixels of the same rows, 0 ink; None where nobody has them.
    """

    top: int
    prob: Float32
    classes: tuple[str, ...]
    rgb: UInt8 | None = None
    grey: UInt8 | None = None


@dataclass(frozen=True)
class Trace:
    """One curve in the straight frame, a value a row from ``top`` on.

    Attributes:
        top: straight row of the first sample.
        x: (H,) px, NaN where there is no ink.
        confidence: (H,) in [0, 1].
        turns: (H,) which wrap: 0 on the main scale, +1 re-entered from the left edge after leaving right.
    """

    top: int
    x: Float32
    confidence: Float32
    turns: Int8


@dataclass(frozen=True)
class Finding:
    """Something a person should know: kind, curve, depth interval, and the reason in words."""

    kind: str
    message: str
    curve: str = ""
    top: float | None = None
    base: float | None = None


@dataclass(frozen=True)
class Curve:
    """A calibrated curve: ``depth`` and ``value`` float64 (N,), NaN where missing, ``confidence`` (N,)."""

    mnemonic: str
    unit: str
    descr: str
    depth: Float
    value: Float
    confidence: Float


@dataclass(frozen=True)
class WellLog:
    """Curves on one index, ready to be written: all share ``depth`` (N,), a constant ``step`` apart."""

    header: Mapping[str, str]
    unit: DepthUnit
    step: float
    depth: Float
    curves: tuple[Curve, ...]
    notes: tuple[str, ...] = ()


@dataclass(frozen=True)
class Provenance:
    """What made a result: enough to make it again."""

    version: str
    weights_sha256: str
    input_sha256: tuple[str, ...]
    options: Mapping[str, str]


@dataclass(frozen=True)
class Digitised:
    """The result of the main job; one section of the strip (or several, spliced) as one log."""

    log: WellLog
    layout: Layout
    sections: tuple[int, ...]
    traces: Mapping[tuple[int, str], Trace]
    findings: tuple[Finding, ...]
    left_out: Sequence[str]
    provenance: Provenance
