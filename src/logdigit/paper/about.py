"""Print about the numbers of scales: which names stand over which, and which have numbers of their own."""

from __future__ import annotations

import re
from collections.abc import Sequence

from logdigit.paper.axes import texts_of_axis
from logdigit.paper.divisions import DOUBTED
from logdigit.paper.mnemonics import measurement_of
from logdigit.paper.numbers import number_of
from logdigit.paper.scalerow import ScaleRow
from logdigit.paper.seams import Ruled
from logdigit.paper.text import Word
from logdigit.paper.units import without_unit
from logdigit.paper.wraps import goes_on

_IN_PIECES = re.compile(r"[-−–]?\d+( 0+)+")
"""A number with a blank where its point was."""
_EDGE, _ON_LINE = 0.04, 0.4
"""How near the edge of its track a number of a scale begins or ends, as share of the width; and how near the
line of a name it stands, in heights of print."""


def texts_over(
    row: ScaleRow, rows: Sequence[ScaleRow], tracks: Ruled, words: Sequence[Word], beside: float
) -> list[Word]:
    """Print about a row of numbers, down from the row above it over the same columns."""
    over = [r for r in rows if r.left < row.right and row.left < r.right]
    higher = [r.y for r in over if r.y < row.y - 0.5 * row.height]
    texts = _texts_about(row, words, max(higher, default=-1e9) + 0.3 * row.height)
    return texts_of_axis(row, words, beside) if tracks.plotted and not _names(texts) else texts


def lost_its_own(row: ScaleRow, texts: Sequence[Word], words: Sequence[Word]) -> bool:
    """Whether the measurement named over a row has a scale on its own line, of which one number is not read.

    `0 10" NORMAL 2` over `0 10` over `0 100`: where the 2 is lost, 0 to 10 is no scale of the curve alone.
    """
    name = max(_names(texts), key=lambda w: w.y, default=None)
    if name is None or row.y - name.y < 2 * _ON_LINE * row.height:
        return False
    line = [w for w in words if abs(w.y - name.y) < _ON_LINE * row.height and w.confidence >= DOUBTED]
    near = _EDGE * (row.right - row.left)
    at_left = [w for w in line if abs(w.left - row.left) < near]
    at_right = [w for w in line if abs(w.right - row.right) < near]
    if any(_IN_PIECES.fullmatch(w.text) for w in (*at_left, *at_right)):
        return True
    left, right = (any(number_of(w) is not None for w in own) for own in (at_left, at_right))
    return left != right


def named_by_next(rows: Sequence[ScaleRow], texts: Sequence[list[Word]]) -> list[list[Word]]:
    """Texts of rows, those of a row whose own tell no name from the row below, if that goes on from it.

    ``400 ?? 0`` over ``0 CILD -400`` is the conductivity, and the second its wrap.

    Args:
        rows: of scales, from top to bottom.
        texts: about each.
    """
    out = list(texts)
    for k, row in enumerate(rows):
        below = [
            m
            for m, other in enumerate(rows)
            if (other.left, other.right) == (row.left, row.right) and 0 < other.y - row.y < 5 * row.height
        ]
        m = min(below, key=lambda m: rows[m].y, default=k)
        if _names(out[m]) and not _names(out[k]) and goes_on(row.scale, rows[m].scale):
            out[k], out[m] = out[m], []
    return out


def _names(texts: Sequence[Word]) -> list[Word]:
    """Words that name a measurement."""
    return [w for w in texts if measurement_of(without_unit(w.text)) is not None]


def _texts_about(row: ScaleRow, words: Sequence[Word], above: float) -> list[Word]:
    """Words that may name a scale: those on its line between the numbers, then upwards to ``above``."""
    width = row.right - row.left
    inside = [
        w
        for w in words
        if re.search(r"[A-Za-z]", w.text)
        and row.left - 0.05 * width < w.x < row.right + 0.05 * width
        and above < w.y < row.y + 0.7 * row.height
        and row.y - w.y < 7 * row.height
    ]
    same = [w for w in inside if abs(w.y - row.y) < 0.6 * row.height]
    rest = sorted((w for w in inside if w not in same), key=lambda w: -w.y)
    return [*sorted(same, key=lambda w: w.x), *rest]
