"""Strokes that a scale block shows above the names of its curves, and not below them.

A stroke between two names could be of either. Which one it is the ends of the column tell: where one stands
above the first name and none below the last, each belongs to the name under it. Lines of a frame are none.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

import numpy as np
from numpy.typing import NDArray

from logdigit.paper.readcurve import ReadCurve
from logdigit.paper.samples import Sample, sample_in
from logdigit.paper.text import Word, grey_of
from logdigit.types import Box, Origin, Strip

_FROM, _TO = 2.6, 0.6
"""Heights of print above the line of a name between which its stroke stands, at most."""
_ON = 0.45
"""Half the height of that line, in heights of print."""
_UNDER = 1.5
"""Heights of print below that line down to which a stroke may stand below it."""
_SAME = 0.2
"""Heights of print by which a stroke up to the edges stands off where the broken ones stand, at most."""
_INSET = 0.02
"""Share of a scale's width at either edge where a stroke may not reach; the line of a frame does."""
_FULL = 0.97
"""Share of a scale's width that the line of a frame darkens, at least."""
_OFF_FRAME = 4.0
"""Rows from the line of a frame from which a stroke may stand."""
_DARK = 60
"""Grey levels by which that is darker than paper."""


def with_strokes_above(strip: Strip, words: Sequence[Word], curves: Sequence[ReadCurve]) -> list[ReadCurve]:
    """Curves of a block, those of a column whose strokes stand above their names with these.

    Args:
        strip: the scan.
        words: print of the block.
        curves: with the strokes that stand beside or below their names.
    """
    out = list(curves)
    places = {(round(c.left), round(c.right)) for c in curves}
    for place in sorted(places):
        own = sorted(
            (k for k, c in enumerate(curves) if (round(c.left), round(c.right)) == place),
            key=lambda k: curves[k].y,
        )
        column = [curves[k] for k in own]
        read = [c.origins["style"][0] == "read" for c in column]
        if read == [True]:
            continue  # a stroke may run up to the edges as the line of a frame does: one alone tells nothing
        below = [
            seen and _has_below(strip, words, c, c is column[-1])
            for seen, c in zip(read, column, strict=True)
        ]
        if below[-1] or (any(below) and not all(below[:-1])):
            continue
        above = _above(strip, words, column)
        doubtful = any(sample.framed for sample in above)
        if doubtful and _spread(column, above) > _spread(column, _below(strip, words, column)):
            continue  # those below stand more alike
        for k, sample in zip(own, above, strict=False):
            curve = replace(curves[k].curve, style=sample.style, width_px=sample.width, colour=sample.colour)
            origins: dict[str, tuple[Origin, float]] = {**curves[k].origins, "style": ("read", sample.sure)}
            out[k] = replace(curves[k], curve=curve, origins=origins)
    return out


def _above(strip: Strip, words: Sequence[Word], column: Sequence[ReadCurve]) -> list[Sample]:
    """The stroke above each name of a column; none at all where one is missing, or stands beside a name."""
    lines = [_line(words, curve) for curve in column]
    if not all(high for _, high in lines):
        return []
    seen: list[Sample | None] = []
    before = -1e9
    for curve, (over, high) in zip(column, lines, strict=True):
        beside = _box(curve, curve.y - _ON * high, curve.y + _ON * high)
        if sample_in(strip, beside, over) is not None:
            return []
        top, bottom = max(curve.y - _FROM * high, before), curve.y - _TO * high
        seen.append(_between(strip, over, curve, top, bottom))
        before = curve.y + _TO * high
    broken = [
        (c.y - s.row) / high
        for c, s, (_, high) in zip(column, seen, lines, strict=True)
        if s is not None and s.style != "solid"
    ]
    if broken and None in seen:
        at = float(np.median(broken))
        for k, (curve, (over, high)) in enumerate(zip(column, lines, strict=True)):
            where = _box(curve, curve.y - (at + _SAME) * high, curve.y - (at - _SAME) * high)
            seen[k] = seen[k] or _below_frame(strip, curve, sample_in(strip, where, over), _FROM * high)
    return [sample for sample in seen if sample is not None] if None not in seen else []


def _below(strip: Strip, words: Sequence[Word], column: Sequence[ReadCurve]) -> list[Sample]:
    """The stroke below each name of a column, lines of frames too; none at all where one is missing."""
    out = []
    for curve in column:
        over, high = _line(words, curve)
        sample = sample_in(strip, _box(curve, curve.y + _ON * high, curve.y + _UNDER * high), over)
        if sample is None:
            return []
        out.append(sample)
    return out


def _spread(column: Sequence[ReadCurve], strokes: Sequence[Sample]) -> float:
    """Rows by which the distances of strokes from their names differ; infinite where there are none."""
    return float(np.ptp([s.row - c.y for c, s in zip(column, strokes, strict=True)])) if strokes else np.inf


def _below_frame(strip: Strip, curve: ReadCurve, sample: Sample | None, within: float) -> Sample | None:
    """A stroke above a name that has the line of the frame above it, and so is not that line; else None."""
    if sample is None:
        return None
    last = sample.row - _OFF_FRAME
    return sample if _frame_in(strip, curve, sample.row - within, last) < last else None


def _line(words: Sequence[Word], curve: ReadCurve) -> tuple[list[Word], float]:
    """Words over a curve's scale, and the height of print on its line; 0 where none is there."""
    over = [w for w in words if curve.left < w.x < curve.right]
    tall = [w.bottom - w.top for w in over if w.top < curve.y < w.bottom]
    return over, float(np.median(tall)) if tall else 0.0


def _has_below(strip: Strip, words: Sequence[Word], curve: ReadCurve, last: bool) -> bool:
    """Whether a stroke stands below the line of a curve, and not that of a frame alone.

    Below the frame under the ``last`` one there is no block any more, but the log.
    """
    over, high = _line(words, curve)
    top, bottom = curve.y + _ON * high, curve.y + _UNDER * high
    if high and last:
        bottom = _frame_in(strip, curve, top, bottom)
        if bottom - top < _OFF_FRAME:
            return False
    return not high or _between(strip, over, curve, top, bottom) is not None


def _frame_in(strip: Strip, curve: ReadCurve, top: float, bottom: float) -> float:
    """The first row from ``top`` that is dark over all of a scale, as a line of a frame; else ``bottom``."""
    first, last = max(0, round(top)), min(strip.height, round(bottom))
    left, right = max(0, round(curve.left)), min(strip.width, round(curve.right))
    if last <= first or right <= left:
        return bottom
    grey = grey_of(strip.read(first, last))[:, left:right].astype(np.int16)
    full = np.flatnonzero((grey < np.percentile(grey, 90) - _DARK).mean(axis=1) > _FULL)
    return float(first + full[0]) if len(full) else bottom


def _between(
    strip: Strip, words: Sequence[Word], curve: ReadCurve, top: float, bottom: float
) -> Sample | None:
    """The stroke between two rows of a curve's scale, lines of frames left out; None where there is none."""
    sample = sample_in(strip, _box(curve, top, bottom), words)
    if sample is not None and _frames(strip, curve, sample):
        sample = sample_in(strip, _box(curve, sample.row + _OFF_FRAME, bottom), words)
    return None if sample is None or _frames(strip, curve, sample) else sample


def _box(curve: ReadCurve, top: float, bottom: float) -> Box:
    inset = _INSET * (curve.right - curve.left)
    return Box(max(0, round(top)), round(curve.left + inset), round(bottom), round(curve.right - inset))


def _frames(strip: Strip, curve: ReadCurve, sample: Sample) -> bool:
    """Whether a stroke is the line of a frame: it runs on up to the edges of the scale."""
    top = max(0, round(sample.row) - 3)
    grey = grey_of(strip.read(top, min(strip.height, top + 7))).astype(np.int16)
    ink: NDArray[np.bool_] = np.asarray(grey < np.percentile(grey, 90) - _DARK, dtype=np.bool_)
    dark: NDArray[np.bool_] = np.asarray(ink.any(axis=0), dtype=np.bool_)
    near = max(3, round(_INSET * (curve.right - curve.left)))
    left, right = max(0, round(curve.left)), min(strip.width, round(curve.right))
    ends = dark[left + 3 : left + near], dark[right - near : right - 3]
    return all(bool(end.all()) for end in ends if len(end))
