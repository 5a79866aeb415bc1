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
_SHORTEST = 4.0
"""Length up to which anything is a dot, px."""
_DOT, _SHORT = 2.2, 3.7
"""Length of a dot, and of the dot between two dashes, in widths of the stroke, at most."""
_PLAINLY = 3.3
"""Length of the dashes, as multiple of what is between them, from which that is a dot however long."""
_PRINT, _BESIDE = 12, 4
"""Rows above and below a stroke, and columns beside print, in which print is told from it, px."""
_LEAST = 0.12
"""Share of a scale's width on which a stroke amid print is seen, at least."""
_SATURATED = 70
"""Difference of the channels from which a stroke is coloured."""


@dataclass(frozen=True)
class Sample:
    """A stroke as drawn in a scale block; its width in px."""

    style: Style
    colour: str | None
    sure: float
    row: float
    width: float | None = None


def sample_in(strip: Strip, box: Box, words: Sequence[Word]) -> Sample | None:
    """The stroke drawn across a box, a broken or coloured one before a plain one; None where there is none.

    Args:
        strip: the scan.
        box: from the name of a curve to below its scale values, between the edges of the scale.
        words: print in and about the box, which is no stroke.
    """
    if box.height < 4 or box.width < 40:
        return None
    pixels = strip.read(box.top, box.bottom)[:, box.left : box.right]
    grey = grey_of(pixels).astype(np.int16)
    ink: NDArray[np.bool_] = np.asarray(grey < np.percentile(grey, 90) - _DARK, dtype=np.bool_)
    clear = np.ones(ink.shape, dtype=bool)
    for word in words:
        top, bottom = round(word.top) - box.top - 1, round(word.bottom) - box.top + 1
        left, right = round(word.left) - box.left - 6, round(word.right) - box.left + 6
        if bottom > 0 and top < box.height:
            clear[max(0, top) : max(0, bottom), max(0, left) : max(0, right)] = False
    found = [s for s in (_stroke(ink, clear, pixels, k) for k in _rows(ink, clear)) if s is not None]
    if not found:  # drawn between the name and the values, and read as print
        found = [s for s in (_amid(ink, pixels, k) for k in _rows(ink, np.ones_like(clear))) if s is not None]
    if not found:
        return None
    best = max(found, key=lambda s: (s.colour is not None, s.style != "solid", s.sure))
    return replace(best, row=box.top + best.row)


def _amid(ink: NDArray[np.bool_], pixels: UInt8, row: int) -> Sample | None:
    """The stroke that runs along a row on either side of print: where there is no ink above or below it."""
    lo, hi = max(0, row - 3), min(len(ink), row + 4)
    tall = slice(max(0, lo - _PRINT), hi + _PRINT)
    print_ = ink[tall].sum(axis=0) > ink[lo:hi].sum(axis=0)
    alone = ~maximum_filter1d(print_, 2 * _BESIDE + 1)
    if alone.sum() < _LEAST * ink.shape[1]:
        return None
    return _stroke(ink, np.broadcast_to(alone, ink.shape), pixels, row, _LEAST)


def _rows(ink: NDArray[np.bool_], clear: NDArray[np.bool_]) -> list[int]:
    """Rows in which a stroke may run: thin bands of ink over most of the width that is free of print."""
    free = clear.sum(axis=1)
    share = np.where(
        free > 0.25 * ink.shape[1], np.logical_and(ink, clear).sum(axis=1) / np.maximum(free, 1), 0.0
    )
    out: list[int] = []
    for k in np.argsort(-share, kind="stable"):
        if share[k] < 0.15 or len(out) == 5:
            break
        if all(abs(int(k) - other) > 5 for other in out):
            out.append(int(k))
    return out


def _stroke(
    ink: NDArray[np.bool_], clear: NDArray[np.bool_], pixels: UInt8, row: int, least: float = 0.25
) -> Sample | None:
    """The stroke that runs along a row; None where what is there is no stroke, or less than that is clear."""
    lo, hi = max(0, row - 3), min(len(ink), row + 4)
    columns = np.asarray(clear[lo:hi].all(axis=0), dtype=np.bool_)
    if columns.sum() < least * ink.shape[1]:
        return None
    band = np.asarray(ink[lo:hi].any(axis=0), dtype=np.bool_)
    drawn = ink[lo:hi, np.logical_and(band, columns)]
    style, sure = style_of(band[columns], float(np.median(drawn.sum(axis=0))) if drawn.size else _PEN)
    if style is None:
        return None
    colour = None
    if pixels.ndim == 3:
        dots = pixels[lo:hi][np.logical_and(ink[lo:hi], columns[None])]
        if len(dots):
            darkest = dots[dots.min(axis=1) <= np.percentile(dots.min(axis=1), 40)]
            mean = np.median(darkest, axis=0)
            if mean.max() - mean.min() > _SATURATED:
                colour = "#" + "".join(f"{int(c):02x}" for c in mean)
    return Sample(style, colour, sure, float(row), _width(pixels, ink, np.logical_and(band, columns), lo, hi))


def _width(
    pixels: UInt8, ink: NDArray[np.bool_], columns: NDArray[np.bool_], lo: int, hi: int
) -> float | None:
    """Width of a level stroke, px: its darkness added up down each of the columns where it has ink."""
    grey = grey_of(pixels).astype(np.float64)
    part = ink[lo:hi, columns]
    if not part.any():
        return None
    paper, black = float(np.percentile(grey, 90)), float(np.percentile(grey[lo:hi, columns][part], 5))
    dark = np.clip((paper - grey[lo:hi, columns]) / max(paper - black, 1.0), 0, 1)
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
    >>> style_of(np.tile(np.repeat([True, False], [5, 31]), 12))[0]  # ticks
    >>> style_of(np.ones(300, dtype=bool))[0]
    'solid'
    """
    share = float(band.mean())
    if share > 0.93:
        return "solid", 0.9
    if share < 0.12 or len(band) < 30:
        return None, 0.0
    edges = np.flatnonzero(np.diff(np.concatenate([[False], band, [False]]).astype(np.int8)))
    starts, ends = edges[::2], edges[1::2]
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
    dots = long_ > 2.6 * short and (short <= _SHORT * pen or long_ > _PLAINLY * short)
    if dots and np.std(alternate) < 0.35 * np.mean(alternate):
        return "dashdot", 0.7
    if np.median(inner) <= max(_DOT * pen, _SHORTEST) and np.median(inner) <= 1.6 * np.median(off):
        return "dotted", 0.7
    return "dashed", 0.8
