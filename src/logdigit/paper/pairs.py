"""How one page follows another: overlapping, edge to edge, or not at all."""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Sequence
from dataclasses import dataclass, field

import numpy as np

from logdigit.paper.joint import Joint, look_at
from logdigit.paper.overlap import Band, Overlap, band_of, find_overlap, working_factor
from logdigit.types import Float, JoinKind, Page

SURE = 0.8
"""Confidence from which a join needs no second look."""
DOUBTFUL = 0.6
"""Confidence below which a join is reported."""
SMALLEST = 64
"""Px; smaller pages show too little to be compared."""
_NEAR, _FAR = 1.2, 3.0
"""Rows at the end of a page in which the next one may begin, in widths: looked at first, and at most."""
_BEGINNING = 1.0
"""Rows at the beginning of a page that are looked up, as multiple of the width."""
_AGREES, _MARGIN = 0.4, 0.2
"""Agreement, and margin over any other place, of an overlap that is beyond doubt."""
_MISFIT, _FITS = 0.2, 0.55
"""Share of all ink that agrees where it does least: of an overlap that is none, and of one beyond doubt."""
_LEAST_AGREES, _LEAST_MARGIN = 0.15, 0.08
_KEPT = 8
_LINES_AGREE = 0.6
"""Likeness of the vertical lines of one grid."""
_MEETS_PX, _MISSES_PX = 2.5, 3.5
"""By how much lines of equal depth miss each other where paper was cut, and where a piece is missing, px."""


@dataclass(frozen=True)
class Pair:
    """How a page follows another.

    Attributes:
        kind: overlap, butt or missing.
        matrix: (2, 3), px (x, y, 1) of the lower page to px of the upper one.
        overlap_px: rows that overlap, px of the upper page.
        confidence: 0 to 1, that the pages follow each other so.
        said: why it is doubtful; "" where it is not.
        lines: likeness of the vertical lines on either side of a butt joint; None where they say nothing.
    """

    kind: JoinKind
    matrix: Float = field(repr=False)
    overlap_px: float
    confidence: float
    said: str = ""
    lines: float | None = None


class Ends:
    """The ends of some pages, made ready to be compared; the last few are kept.

    Args:
        pages: of which the ends are wanted.
    """

    def __init__(self, pages: Sequence[Page]) -> None:  # noqa: D107  said above
        self.pages = pages
        self._factor = working_factor(min(page.width for page in pages))
        self._kept: OrderedDict[tuple[int, bool, int, bool], Band] = OrderedDict()
        self._two_levels: dict[int, bool] = {}

    def band(self, page: int, end: bool, rows: int, turned: bool = False) -> Band:
        """The last (``end``) or first rows of a page, turned by 180 degrees if wanted."""
        rows = min(rows, self.pages[page].height)
        key = (page, end, rows, turned)
        if key not in self._kept:
            height = self.pages[page].height
            pixels = self.pages[page].read(height - rows if end else 0, height if end else rows)
            levels = np.bincount(pixels.ravel(), minlength=256)
            self._two_levels[page] = self._two_levels.get(page, True) and not levels[1:255].any()
            self._kept[key] = band_of(np.rot90(pixels, 2) if turned else pixels, self._factor)
            while len(self._kept) > _KEPT:
                self._kept.popitem(last=False)
        self._kept.move_to_end(key)
        return self._kept[key]

    def two_levels(self, page: int) -> bool:
        """Whether what was read of a page is black and white only."""
        return self._two_levels.get(page, False)


def join_pair(ends: Ends, upper: int, lower: int) -> Pair:
    """How one page follows another."""
    above, below = ends.pages[upper], ends.pages[lower]
    if min(above.height, above.width, below.height, below.width) < SMALLEST:
        return Pair("butt", _edge_to_edge(above, 0), 0.0, 0.5)
    found = overlapping(ends, upper, lower, _NEAR)
    if found is not None:
        return found
    rows = round(_BEGINNING * min(above.width, below.width))
    joint = look_at(ends.band(upper, True, rows), ends.band(lower, False, rows))
    pair = _butt(above, joint)
    if pair.confidence < SURE and above.height > _NEAR * above.width:
        return overlapping(ends, upper, lower, _FAR) or pair
    return pair


def overlapping(ends: Ends, upper: int, lower: int, reach: float = _NEAR) -> Pair | None:
    """The overlap of two pages, in the last ``reach`` widths of the upper one; None if none is believed."""
    above, below = ends.pages[upper], ends.pages[lower]
    rows = min(above.height, round(reach * above.width))
    found = find_overlap(
        ends.band(upper, True, rows), ends.band(lower, False, round(_BEGINNING * below.width))
    )
    sure = confidence_of(found)
    if found is None or sure == 0.0:
        return None
    matrix = _snapped(found.matrix, below.width)
    matrix[1, 2] += above.height - rows
    said = "" if sure >= DOUBTFUL else "what is printed where they overlap hardly tells one place from others"
    return Pair("overlap", matrix, found.rows, sure, said)


def turned_against(ends: Ends, upper: int, lower: int) -> bool:
    """Whether one of two pages continues the other once it is turned by 180 degrees."""
    above, below = ends.pages[upper], ends.pages[lower]
    rows, start = round(_NEAR * above.width), round(_BEGINNING * below.width)
    tried = (
        (ends.band(upper, True, rows), ends.band(lower, True, start, turned=True)),
        (ends.band(upper, False, rows, turned=True), ends.band(lower, False, start)),
    )
    return any(confidence_of(find_overlap(*bands)) >= SURE for bands in tried)


def confidence_of(found: Overlap | None) -> float:
    """How sure an overlap is, 0 to 0.99; 0 where it is not believed."""
    if found is None or found.agreement < _LEAST_AGREES or found.margin < _LEAST_MARGIN:
        return 0.0
    fits = (found.fit - _MISFIT) / (_FITS - _MISFIT)
    return round(float(np.clip(min(found.agreement / _AGREES, found.margin / _MARGIN, fits), 0, 0.99)), 2)


def _edge_to_edge(above: Page, shift: int) -> Float:
    return np.array([[1.0, 0.0, shift], [0.0, 1.0, above.height]])


def _snapped(matrix: Float, width: int) -> Float:
    """The shift by whole px, where turn and scale are none to within half a px over the width."""
    if max(abs(matrix[0, 0] - 1), abs(matrix[1, 0])) * width > 0.5:
        return matrix.copy()
    middle = matrix @ np.array([(width - 1) / 2, 0.0, 1.0]) - np.array([(width - 1) / 2, 0.0])
    whole = np.rint(middle)
    if np.abs(middle - whole).max() > 0.35:
        return matrix.copy()
    return np.column_stack([np.eye(2), whole])


def _butt(above: Page, joint: Joint) -> Pair:
    """The verdict on two pages that do not overlap."""
    matrix = _edge_to_edge(above, joint.shift)
    meets = joint.miss_px is not None and joint.miss_px <= _MEETS_PX
    misses = joint.miss_px is not None and joint.miss_px > _MISSES_PX
    goes_on = joint.ink is not None and joint.ink >= 0.6
    breaks = joint.ink is not None and joint.ink <= 0.2
    if joint.lines is None:
        return Pair("butt", matrix, 0.0, SURE if goes_on else DOUBTFUL)
    if joint.lines < _LINES_AGREE:
        said = "the vertical lines on either side of the joint are not the same"
        return Pair("butt", matrix, 0.0, DOUBTFUL if goes_on else 0.4, "" if goes_on else said, joint.lines)
    if misses and not goes_on:
        said = "the lines of equal depth do not keep their pitch across the joint"
        return Pair("missing", matrix, 0.0, 0.1, said, joint.lines)
    if breaks and not meets:
        return Pair("missing", matrix, 0.0, 0.2, "no curve goes on across the joint", joint.lines)
    if meets and not breaks:
        return Pair("butt", matrix, 0.0, 0.95 if goes_on else 0.85, "", joint.lines)
    if goes_on:
        return Pair("butt", matrix, 0.0, SURE, "", joint.lines)
    said = "neither curves nor lines of equal depth show that the one goes on in the other"
    return Pair("butt", matrix, 0.0, 0.4, said, joint.lines)
