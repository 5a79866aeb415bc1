"""The stroke that a scale block shows for each curve: its style and colour."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray
from scipy.ndimage import maximum_filter1d, uniform_filter1d

from logdigit.paper.text import Word, grey_of
from logdigit.types import Box, Strip, Style, UInt8

_DARK = 60
"""Grey levels by which a stroke is darker than its paper."""
_PEN = 2.7
"""Width of a usual stroke, px."""
_TICKS = 5.0
"""Gap between the ticks of a rule, as multiple of their width, at least: those of a stroke are shorter."""
_AWAY = 4.0
"""Gap to a mark beyond the end of a stroke, as multiple of those within it, from which it is a speck."""
_SHORTEST = 4.0
"""Length up to which anything is a dot, px."""
_DOT, _SHORT = 2.2, 3.7
"""Length of a dot, and of the dot between two dashes, in widths of the stroke, at most."""
_ROUND = 2.4
"""Length of a piece, in widths of the stroke, up to which it is a dot however near the next; few dashes."""
_LONG_DOT, _FAR = 3.2, 0.62
"""Length of a dot that stands far from the next, in widths of the stroke; and as share of the gap between."""
_PLAINLY = 3.3
"""Length of the dashes, as multiple of what is between them, from which that is a dot however long."""
_TORN, _TORN_PX = 0.34, 2.5
"""Gap that wear has torn into a dash, as share of those between dashes, at most; and px."""
_PRINT, _BESIDE = 12, 4
"""Rows above and below a stroke, and columns beside print, in which print is told from it, px."""
_PIECES = 5
"""Dashes and dots of a broken stroke beside print, at least: print of which a part is missed leaves some."""
_FREE, _LEAST = 0.25, 0.12
"""Share of a scale's width on which a stroke is seen, at least; and one amid print."""
_INKED, _MOST = 0.15, 5
"""Share of that with ink in the row of a stroke, at least; rows that are tried."""
_REACH, _VALLEY, _BETWEEN = 3, 0.3, 0.6
"""Rows of a stroke above and below that with most ink, at most; how much ink they have at least, as share of
that; and how much a row between two strokes has at most."""
_ON_LINE = 0.3
"""Distance of a stroke between print from the middle of its line, as share of its height, at most."""
_SATURATED = 70
"""Difference of the channels from which a stroke is coloured."""
_SHADE = 31
"""Columns over which the level of the paper is evened out."""
_INTO_PRINT = 2
"""Rows by which the line of a frame lies above the lower edge of print, as the reader gives it, at most."""
_ENDS, _SEEN, _UNBROKEN = 0.04, 0.25, 0.75
"""Share of a box at either end in which a line of a frame has ink; how much at least; and along all of it: a
line that leans breaks where it steps from row to row."""


@dataclass(frozen=True)
class Sample:
    """A stroke as drawn in a scale block; its width in px, and whether a line of a frame may look like it."""

    style: Style
    colour: str | None
    sure: float
    row: float
    width: float | None = None
    framed: bool = False


def sample_in(strip: Strip, box: Box, words: Sequence[Word]) -> Sample | None:
    """The stroke drawn across a box, a broken or coloured one before a plain one; None where there is none.

    Args:
        strip: the scan.
        box: from the name of a curve to below its scale values, between the edges of the scale.
        words: print in and about the box, which is no stroke.
    """
    if box.height < 4 or box.width < 40:
        return None
    top, bottom = max(0, box.top - _PRINT), min(strip.height, box.bottom + _PRINT)
    around = strip.read(top, bottom)[:, box.left : box.right]
    own = slice(box.top - top, box.bottom - top)
    pixels, grey = around[own], grey_of(around).astype(np.int16)
    dark: NDArray[np.bool_] = np.asarray(grey < _paper(grey[own]) - _DARK, dtype=np.bool_)
    ink = dark[own]
    clear = _clear_of(words, box, ink.shape)
    found = [s for s in (_stroke(ink, clear, pixels, rows) for rows in _bands(ink, clear)) if s is not None]
    if not found:  # drawn between the name and the values
        amid = [(w.y - box.top, _ON_LINE * (w.bottom - w.top)) for w in _over(box, words)]
        on = [
            rows
            for rows in _bands(ink, clear, _LEAST)
            if any(rows.start - far < y < rows.stop + far for y, far in amid)
        ]
        found = [s for s in (_stroke(ink, clear, pixels, rows, _LEAST) for rows in on) if s is not None]
    framed = all(s.style == "solid" and s.colour is None and not _on_line(box, words, s.row) for s in found)
    if framed:  # read as print; what was found, if anything, may be the line of a frame
        every = _bands(ink, np.ones_like(clear))
        print_ = [s for s in (_amid(dark, own, pixels, rows) for rows in every) if s is not None]
        found += [s for s in print_ if not found or (s.style != "solid" and _on_line(box, words, s.row))]
    return _likeliest(found, box, words) if found else None


def _clear_of(words: Sequence[Word], box: Box, shape: tuple[int, ...]) -> NDArray[np.bool_]:
    """Where in what a strip has of a box, of this shape (h, w), no print stands."""
    clear = np.ones(shape, dtype=bool)
    for word in words:
        top, bottom = round(word.top) - box.top - 1, round(word.bottom) - box.top + 1
        left, right = round(word.left) - box.left - 6, round(word.right) - box.left + 6
        if bottom > 0 and top < box.height:
            clear[max(0, top) : max(0, bottom), max(0, left) : max(0, right)] = False
    return clear


def _likeliest(found: Sequence[Sample], box: Box, words: Sequence[Word]) -> Sample:
    """The one that is the stroke of a scale: no line of a frame if there are others, nor below."""
    floor = _floor(box, words, found)
    found = [s for s in found if s.row <= floor]
    found = [s for s in found if not s.framed or _on_line(box, words, s.row)] or found
    best = max(found, key=lambda s: (s.colour is not None, s.style != "solid", s.sure))
    return replace(best, row=box.top + best.row)


def _paper(grey: NDArray[np.int16]) -> NDArray[np.float64]:
    """Grey level of the paper in each column (W,) of a box (h, W): scans may be shaded."""
    own = uniform_filter1d(np.percentile(grey, 80, axis=0), _SHADE, mode="nearest")
    return np.asarray(np.minimum(own, np.percentile(grey, 90)), dtype=np.float64)


def _floor(box: Box, words: Sequence[Word], found: Sequence[Sample]) -> float:
    """Row of the line of a frame below the print of a box: what is drawn below that is of something else."""
    inside = [w.bottom for w in _over(box, words) if box.top < w.y < box.bottom]
    base = max(inside, default=float(box.bottom)) - _INTO_PRINT
    return min((s.row for s in found if s.framed and box.top + s.row > base), default=float("inf"))


def _on_line(box: Box, words: Sequence[Word], row: float) -> bool:
    """Whether a row of a box runs through the middle of a word."""
    return any(abs(box.top + row - w.y) < _ON_LINE * (w.bottom - w.top) for w in _over(box, words))


def _over(box: Box, words: Sequence[Word]) -> list[Word]:
    """Words over the columns of a box."""
    return [w for w in words if w.left < box.right and box.left < w.right]


def _amid(dark: NDArray[np.bool_], own: slice, pixels: UInt8, band: slice) -> Sample | None:
    """The stroke that runs along a band on either side of print: where there is no ink above or below it.

    Args:
        dark: where there is ink, in rows above and below the box too.
        own: rows of the box among those.
        pixels: the box.
        band: rows of the box.
    """
    ink = dark[own]
    tall = slice(max(0, own.start + band.start - _PRINT), own.start + band.stop + _PRINT)
    print_ = dark[tall].sum(axis=0) > ink[band].sum(axis=0)
    alone = ~maximum_filter1d(print_, 2 * _BESIDE + 1)
    if alone.sum() < _LEAST * ink.shape[1]:
        return None
    found = _stroke(ink, np.broadcast_to(alone, ink.shape), pixels, band, _LEAST)
    along: NDArray[np.bool_] = np.asarray(ink[band].any(axis=0), dtype=np.bool_)
    pieces = np.count_nonzero(np.diff(along[alone].astype(np.int8)) > 0)
    return None if found is None or (found.style != "solid" and pieces < _PIECES) else found


def _bands(ink: NDArray[np.bool_], clear: NDArray[np.bool_], least: float = _FREE) -> list[slice]:
    """Rows in which a stroke may run: thin bands of ink over most of the width that is free of print.

    That is ``least`` of the whole width at least. A frame may run close to a stroke: bands are two where
    there is much less ink between them.
    """
    free = clear.sum(axis=1)
    share = np.where(
        free > least * ink.shape[1], np.logical_and(ink, clear).sum(axis=1) / np.maximum(free, 1), 0.0
    )
    out: list[slice] = []
    for k in (int(k) for k in np.argsort(-share, kind="stable")):
        if share[k] < _INKED or len(out) == _MOST:
            break
        first, last = k, k + 1
        while first > max(0, k - _REACH) and _VALLEY * share[k] <= share[first - 1] <= share[k]:
            first -= 1
        while last < min(len(share), k + _REACH + 1) and _VALLEY * share[k] <= share[last] <= share[k]:
            last += 1
        apart = [share[min(last, other.stop) : max(first, other.start)] for other in out]
        if all(len(rows) and rows.min() < _BETWEEN * share[k] for rows in apart):
            out.append(slice(first, last))
    return out


def _stroke(
    ink: NDArray[np.bool_], clear: NDArray[np.bool_], pixels: UInt8, rows: slice, least: float = _FREE
) -> Sample | None:
    """The stroke along a band; None where there is none, or less than a share of the width is clear."""
    columns = np.asarray(clear[rows].all(axis=0), dtype=np.bool_)
    if columns.sum() < least * ink.shape[1]:
        return None
    band = np.asarray(ink[rows].any(axis=0), dtype=np.bool_)
    drawn = ink[rows, np.logical_and(band, columns)]
    style, sure = style_of(band[columns], float(np.median(drawn.sum(axis=0))) if drawn.size else _PEN)
    if style is None:
        return None
    colour = None
    if pixels.ndim == 3:
        dots = pixels[rows][np.logical_and(ink[rows], columns[None])]
        if len(dots):
            darkest = dots[dots.min(axis=1) <= np.percentile(dots.min(axis=1), 40)]
            mean = np.median(darkest, axis=0)
            if mean.max() - mean.min() > _SATURATED:
                colour = "#" + "".join(f"{int(c):02x}" for c in mean)
    middle = (rows.start + rows.stop - 1) / 2
    width = _width(pixels, ink, np.logical_and(band, columns), rows)
    return Sample(style, colour, sure, middle, width, _framed(band, columns))


def _framed(band: NDArray[np.bool_], clear: NDArray[np.bool_]) -> bool:
    """Whether ink (W,) hardly breaks from one end of a box to the other, as the line of a frame."""
    ends = max(1, round(_ENDS * len(band)))
    reaches = min(band[:ends].mean(), band[-ends:].mean()) >= _SEEN
    return bool(reaches and band[clear].mean() > _UNBROKEN)


def _width(pixels: UInt8, ink: NDArray[np.bool_], columns: NDArray[np.bool_], rows: slice) -> float | None:
    """Width of a level stroke, px: its darkness added up down each of the columns where it has ink."""
    grey = grey_of(pixels).astype(np.float64)
    part = ink[rows, columns]
    if not part.any():
        return None
    paper, black = float(np.percentile(grey, 90)), float(np.percentile(grey[rows, columns][part], 5))
    dark = np.clip((paper - grey[rows, columns]) / max(paper - black, 1.0), 0, 1)
    return round(float(np.median(dark.sum(axis=0))), 1)


def style_of(band: NDArray[np.bool_], pen: float = _PEN) -> tuple[Style | None, float]:
    """Style of a stroke from where it leaves ink along its course, and how sure.

    Args:
        band: whether there is ink, column by column, (W,).
        pen: width of the stroke, px: a dot is about as long.

    >>> style_of(np.tile(np.repeat([True, False], [12, 6]), 20))[0]
    'dashed'
    >>> style_of(np.tile(np.repeat([True, False], [3, 5]), 40))[0]
    'dotted'
    >>> style_of(np.tile(np.repeat([True, False], [8, 13]), 20), 7.0)[0]
    'dotted'
    >>> style_of(np.tile(np.repeat([True, False], [7, 3]), 40), 5.0)[0]
    'dotted'
    >>> style_of(np.tile(np.repeat([True, False], [6, 10]), 20), 2.0)[0]
    'dotted'
    >>> style_of(np.tile(np.repeat([True, False], [5, 31]), 12))[0]  # ticks
    >>> style_of(np.ones(300, dtype=bool))[0]
    'solid'
    >>> dashes = np.repeat([True, False], [12, 6])
    >>> style_of(np.concatenate([np.arange(90) == 1, np.tile(dashes, 20)]))[0]  # a speck before it
    'dashed'
    """
    share = float(band.mean())
    if share > 0.93:
        return "solid", 0.9
    if share < 0.12 or len(band) < 30:
        return None, 0.0
    edges = np.flatnonzero(np.diff(np.concatenate([[False], band, [False]]).astype(np.int8)))
    starts, ends = edges[::2], edges[1::2]
    apart = starts[1:] - ends[:-1]
    own = np.flatnonzero(apart <= _AWAY * np.median(apart)) if len(apart) > 4 else np.arange(len(apart))
    first, last = (int(own[0]), int(own[-1]) + 2) if len(own) else (0, len(starts))
    starts, ends = starts[first:last], ends[first:last]  # specks beyond its ends are none of a stroke
    on, off = ends - starts, starts[1:] - ends[:-1]
    inner = on[1:-1] if len(on) > 4 else on
    if len(inner) < 3:
        longest = float(on.max()) / len(band)
        return ("solid", 0.6) if longest > 0.5 and share > 0.6 else (None, 0.0)
    if on.max() > 0.45 * len(band) and share > 0.75:
        return "solid", 0.6  # a full line, worn
    period = inner[: len(off)] + off[: len(inner)]
    if np.median(off) > _TICKS * np.median(inner):
        return None, 0.0  # ticks of a rule
    if np.std(off) > 0.9 * np.mean(off) and np.std(period) > 0.7 * np.mean(period):
        return None, 0.0  # print or dirt: nothing repeats
    short, long_ = np.percentile(inner, [15, 85])
    alternate = uniform_filter1d(inner.astype(float), 2)[1:]
    dots = long_ > max(_SHORTEST, 2.6 * short) and (short <= _SHORT * pen or long_ > _PLAINLY * short)
    if dots and np.std(alternate) < 0.35 * np.mean(alternate):
        return "dashdot", 0.7
    usual, gap = float(np.median(inner)), float(np.median(off))
    lone = usual <= max(_DOT * pen, _SHORTEST) and usual <= 1.6 * gap
    far = usual <= _LONG_DOT * pen and usual <= _FAR * gap
    if lone or far or (pen >= 2.0 and usual <= _ROUND * pen):
        whole = _mended(band, starts, ends)
        return ("dotted", 0.7) if whole is None else style_of(whole, pen)
    return "dashed", 0.8


def _mended(
    band: NDArray[np.bool_], starts: NDArray[np.intp], ends: NDArray[np.intp]
) -> NDArray[np.bool_] | None:
    """A broken stroke (W,) without the gaps that wear has torn into its dashes; None where there are none.

    Args:
        band: whether there is ink, column by column.
        starts: first columns of its pieces, (n,).
        ends: those past them.

    >>> torn = np.tile(np.repeat([True, False, True, False], [4, 1, 3, 8]), 9)
    >>> mended = _mended(torn, np.flatnonzero(np.diff(torn, prepend=False) & torn), np.flatnonzero(
    ...     np.diff(torn, append=False) & torn) + 1)
    >>> mended[:18].astype(int).tolist()
    [1, 1, 1, 1, 1, 1, 1, 1, 0, 0, 0, 0, 0, 0, 0, 0, 1, 1]
    """
    off = starts[1:] - ends[:-1]
    torn = off <= min(_TORN * float(np.percentile(off, 75)), _TORN_PX)
    if not torn.any():
        return None
    out = band.copy()
    for start, end in zip(ends[:-1][torn], starts[1:][torn], strict=True):
        out[start:end] = True
    return out
