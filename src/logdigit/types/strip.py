"""Paper as it was scanned: pages, joined to a strip, and the straight frame laid over it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Protocol

import numpy as np

from logdigit.types.arrays import Float, JoinKind, UInt8
from logdigit.types.findings import Finding


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
