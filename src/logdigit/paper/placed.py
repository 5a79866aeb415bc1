"""A page where it lies on the strip: cut, shifted, and turned and scaled where it has to be."""

from __future__ import annotations

import math
from dataclasses import dataclass, field

import cv2
import numpy as np

from logdigit.paper.derived import DerivedPage
from logdigit.paper.raster import check_rows
from logdigit.types import Float, UInt8

_PAPER = 255
_INK = 140
"""Grey level below which a resampled px of a two-level page is ink: even a line half on each of two px."""


@dataclass(frozen=True)
class PlacedPage(DerivedPage):
    """The part of a page that the strip shows, as a page of its own.

    Its row 0 is row ``top`` of the strip, its column 0 that of the strip. Px are copied where the page lies
    on the strip by a whole shift, otherwise resampled, each alike however the page is cut into bands.

    Attributes:
        page: the page as it was scanned.
        top: strip row of the first row.
        height: rows shown.
        width: columns shown.
        matrix: (2, 3), px (x, y, 1) of the page to px of the strip, a similarity.
        two_levels: whether the page is black and white only; what is resampled then is so too.
    """

    top: int
    height: int
    width: int
    matrix: Float = field(repr=False, compare=False)
    two_levels: bool = False

    @property
    def shift(self) -> tuple[int, int] | None:
        """Columns and rows by which the page is shifted whole; None where it is resampled."""
        return whole_shift(self.matrix)

    def read(self, top: int, bottom: int) -> UInt8:
        """Rows ``top`` to ``bottom`` of what is shown, as the protocol ``Page`` says; paper beside the page.

        Raises:
            ValueError: if the rows are not inside it.
        """
        check_rows(self, top, bottom)
        shift = self.shift
        if shift is not None:
            return self._shifted(self.top + top, self.top + bottom, *shift)
        return self._resampled(self.top + top, self.top + bottom)

    def _shifted(self, top: int, bottom: int, dx: int, dy: int) -> UInt8:
        """Strip rows ``top`` to ``bottom``, copied."""
        rows = _clipped(top - dy, bottom - dy, self.page.height)
        cols = _clipped(-dx, self.width - dx, self.page.width)
        if rows[0] >= rows[1] or cols[0] >= cols[1]:
            return np.full((bottom - top, self.width), _PAPER, dtype=np.uint8)
        inside = self.page.read(*rows)[:, cols[0] : cols[1]]
        before = (rows[0] + dy - top, cols[0] + dx)
        after = (bottom - dy - rows[1], self.width - dx - cols[1])
        pad = ((before[0], after[0]), (before[1], after[1]), (0, 0))[: inside.ndim]
        return np.pad(inside, pad, constant_values=_PAPER)

    def _resampled(self, top: int, bottom: int) -> UInt8:
        """Strip rows ``top`` to ``bottom``, resampled."""
        back = inverse(self.matrix)
        x, y = np.meshgrid(np.arange(self.width, dtype=np.float64), np.arange(top, bottom, dtype=np.float64))
        at_x = back[0, 0] * x + back[0, 1] * y + back[0, 2]
        at_y = back[1, 0] * x + back[1, 1] * y + back[1, 2]
        first, last = _clipped(math.floor(at_y.min()) - 3, math.ceil(at_y.max()) + 4, self.page.height)
        if first >= last:
            return np.full(x.shape, _PAPER, dtype=np.uint8)
        out = np.asarray(
            cv2.remap(
                self.page.read(first, last),
                at_x.astype(np.float32),
                (at_y - first).astype(np.float32),
                interpolation=cv2.INTER_CUBIC,
                borderMode=cv2.BORDER_CONSTANT,
                borderValue=(_PAPER, _PAPER, _PAPER),
            ),
            dtype=np.uint8,
        )
        return np.where(out < _INK, 0, _PAPER).astype(np.uint8) if self.two_levels else out


def _clipped(first: int, last: int, size: int) -> tuple[int, int]:
    return min(max(first, 0), size), min(max(last, 0), size)


def inverse(matrix: Float) -> Float:
    """The (2, 3) map back."""
    linear = np.linalg.inv(matrix[:, :2])
    return np.column_stack([linear, -linear @ matrix[:, 2]])


def after(outer: Float, inner: Float) -> Float:
    """The (2, 3) map of ``inner``, then ``outer``.

    >>> after(np.array([[1.0, 0, 5], [0, 1, 7]]), np.array([[2.0, 0, 1], [0, 2, 1]])).tolist()
    [[2.0, 0.0, 6.0], [0.0, 2.0, 8.0]]
    """
    return np.column_stack([outer[:, :2] @ inner[:, :2], outer[:, :2] @ inner[:, 2] + outer[:, 2]])


def whole_shift(matrix: Float) -> tuple[int, int] | None:
    """(dx, dy) of a map that is a shift by whole px, else None.

    >>> whole_shift(np.array([[1.0, 0, 3], [0, 1, -2]])), whole_shift(np.array([[1.0, 0, 0.5], [0, 1, 0]]))
    ((3, -2), None)
    """
    dx, dy = round(float(matrix[0, 2])), round(float(matrix[1, 2]))
    exact = np.array([[1.0, 0.0, dx], [0.0, 1.0, dy]])
    return (dx, dy) if bool(np.array_equal(matrix, exact)) else None
