"""The depth column: found on samples of a body, then followed and read over its whole length."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from scipy.stats import theilslopes

from logdigit.paper.chains import best_chain
from logdigit.paper.figures import Chain, Figure, completed, figure_of
from logdigit.paper.text import Reader, Turn, Word, read_box, read_column
from logdigit.types import Box, Strip

_SAMPLES = 6
_ENOUGH = 3
_PAGE = 80
"""Words from which a body without a column of figures is a page of print."""
_MAX_SAMPLES = 12
_PLACES = 3
"""Places in which figures are looked for, at most."""
_LONE, _SURE = 2, 0.9
"""Single figures beside which a column is looked for, at most, and how sure they are."""
_ONE_PLACE = 0.6
"""Rows by which two readings of one figure differ, as share of its height, at most."""
_RIVALS = 3
"""Figures that make a second column worth hearing."""
_LEAN, _NEAREST, _LEANS, _FAR, _FARTHEST = 3, 9, 0.07, 3.0, 3000.0
"""Figures that tell how a column leans beyond the last, at least and at most; px to the side per row that it
does at most; how far that holds, in their own extent and in rows."""
_WINDOW = 0.42
"""Height of a sample, as share of the strip's width."""
_ASIDE = 0.02
"""Share of the strip's width by which a figure stands aside of its column, at most."""
_LAPPED = 0.9
"""Rows of a sample that the next does not see too, as share of its height, at most."""
_LIKED, _USUAL = (1500, 2000), 1800
"""Widths of a strip, px, at which print is read as it is; and the usual one among them."""
_FEW = 10
"""Words up to which a short body is no heading."""
_CHUNK = 9000
"""Rows of the column that are read before its course is judged anew."""


@dataclass(frozen=True)
class Column:
    """Where the figures stand: (row, x) of those seen, and how large their print is, px."""

    seen: tuple[tuple[float, float], ...]
    width: float
    height: float

    def x_at(self, row: float) -> float:
        """Middle of the column at a row; before the first figure and beyond the last as they lean.

        >>> leaning = Column(((100.0, 50.0), (200.0, 51.0), (300.0, 52.0)), 40.0, 20.0)
        >>> leaning.x_at(0.0), leaning.x_at(250.0), leaning.x_at(10_000.0)
        (49.0, 51.5, 58.0)
        """
        rows, xs = np.array(self.seen).T
        if rows[0] <= row <= rows[-1] or len(rows) < _LEAN:
            return float(np.interp(row, rows, xs))
        end = slice(None, _NEAREST) if row < rows[0] else slice(-_NEAREST, None)
        span = float(np.ptp(rows[end]))
        far = min(_FAR * span, _FARTHEST)
        beyond = float(np.clip(row - np.clip(row, rows[0], rows[-1]), -far, far))
        lean = float(theilslopes(xs[end], rows[end]).slope) if span else 0.0
        return float(np.interp(row, rows, xs)) + float(np.clip(lean, -_LEANS, _LEANS)) * beyond


def zoom_of(strip: Strip) -> float:
    """Enlargement that brings print to the size the reader likes; wide scans are of high resolution."""
    if strip.width > _LIKED[1]:
        return _LIKED[1] / strip.width
    return min(2.0, _USUAL / strip.width) if strip.width < _LIKED[0] else 1.0


def sample_words(strip: Strip, top: int, bottom: int, reader: Reader) -> list[Word]:
    """Words of some windows of a body, over the whole width, until a column of figures shows.

    Windows are taken from the middle outwards, spread evenly; two figures above one another that grow
    downwards are enough, since the column is read as a whole afterwards.
    """
    height = min(bottom - top, round(strip.width * _WINDOW))
    count = int(np.clip((bottom - top) / (4 * strip.width), _SAMPLES, _MAX_SAMPLES))
    count = min(count, math.ceil((bottom - top) / (_LAPPED * height)))  # a short body is seen whole
    shares = (np.arange(count) + 0.5) / count
    rounds = [(shares, 0.8)]
    if 2 * count * height <= bottom - top:
        rounds.append((np.arange(1, count) / count, 1.0))  # between the first, and closer
    rounds.append((shares, 1.3))  # small print
    words: list[Word] = []
    for middles, zoom in rounds:
        if zoom > 1 and bottom - top <= 2 * strip.width and len(words) > _FEW:
            break  # a heading, more often than a log
        for share in sorted(middles, key=lambda s: abs(s - 0.5)):
            first = round(top + share * (bottom - top) - height / 2)
            box = Box(max(top, first), 0, min(bottom, first + height), strip.width)
            words += read_box(strip, box, reader, zoom * zoom_of(strip))
            figures = [f for f in map(figure_of, words) if f is not None]
            group = _heaviest(figures, strip.width)
            # a page of print, not a log: many words and no column
            if len(group) >= _ENOUGH or (len(words) > _PAGE and len(group) < 2):
                return words
    return words


def find_columns(words: Sequence[Word], width: int) -> list[Column]:
    """Where figures may stand among words that were sampled, the likeliest place first.

    Args:
        words: of windows of one body, as ``sample_words`` gives them.
        width: of the strip, px.
    """
    figures = [f for f in map(figure_of, words) if f is not None]
    rest = completed(figures, width)
    sure: list[Column] = []
    weak: list[Column] = []
    while rest and len(sure) + len(weak) < _PLACES:
        chain = best_chain(sorted((f for f in rest if f.value > 0), key=lambda f: f.row), width)
        group = list(chain.figures) if chain is not None else _heaviest(rest, width)
        if len(group) < 2:
            break
        column = _column(group)
        (sure if chain is not None else weak).append(column)
        rest = [f for f in rest if abs(f.x - column.x_at(f.row)) > max(column.width, 0.02 * width)]
    aligned = _aligned(figures, width) if not sure else []
    return [*sure, *([_column(aligned)] if aligned else []), *weak][:_PLACES]


def lone_columns(words: Sequence[Word], columns: Sequence[Column], width: int) -> list[Column]:
    """Places of whole, sure figures that stand alone in what was sampled, beside the columns that are known.

    Where ticks touch most figures, samples show one of them; the column is read as a whole all the same.
    """
    figures = [f for f in map(figure_of, words) if f is not None]
    out: list[Column] = []
    for figure in sorted(
        (f for f in figures if f.digits >= 3 and f.weight >= _SURE), key=lambda f: -f.digits
    ):
        if all(abs(figure.x - c.x_at(figure.row)) > max(c.width, 0.02 * width) for c in (*columns, *out)):
            out.append(_column([figure]))
    return out[:_LONE]


def _column(group: Sequence[Figure]) -> Column:
    sizes = np.array([(f.width, f.height) for f in group])
    wide, tall = (float(v) for v in np.percentile(sizes, 90, axis=0))
    return Column(tuple(sorted((f.row, f.x) for f in group)), wide, tall)


def _aligned(figures: Sequence[Figure], width: int) -> list[Figure]:
    """Numbers above one another over more than the strip's width, a whole figure among them; else none.

    Where most figures are printed short, those of a few samples do not tell what they are short for.
    """
    best: list[Figure] = []
    for figure in (f for f in figures if f.digits >= 3):
        group = [f for f in figures if abs(f.x - figure.x) < 0.012 * width]
        span = max(f.row for f in group) - min(f.row for f in group)
        if len(group) >= _ENOUGH and span > width and len(group) > len(best):
            best = group
    return best


def rival(chain: Chain, figures: Sequence[Figure], column: Column, width: int) -> str | None:
    """What another column of figures says where it contradicts a chain; None where it does not.

    Args:
        chain: of the depth column.
        figures: of the other column.
        column: the depth column.
        width: of the strip, px.
    """
    full = [f for f in figures if f.digits >= 3 and f.value > 0]
    other = best_chain(sorted(full, key=lambda f: f.row), width)
    if other is None or other.weight < 0.8 * _RIVALS:
        return None
    inside = [f for f in other.figures if chain.rows[0] <= f.row <= chain.rows[-1]]
    due = np.interp([f.row for f in inside], chain.rows, chain.depths)
    apart = [abs(f.value - d) > 0.3 * chain.step for f, d in zip(inside, due, strict=True)]
    if sum(apart) < _RIVALS or sum(apart) < 0.8 * len(apart):
        return None
    first, last = inside[0], inside[-1]
    return (
        f"two columns of depth figures disagree: at x {column.x_at(first.row):.0f} rows {first.row:.0f} to "
        f"{last.row:.0f} are {due[0]:.0f} to {due[-1]:.0f}, at x {first.x:.0f} {first.value:g} to "
        f"{last.value:g}; give --depth ROW=DEPTH twice"
    )


def _heaviest(figures: Sequence[Figure], width: int) -> list[Figure]:
    """The heaviest group of figures, of three digits or more, above one another, that grow downwards."""
    best: list[Figure] = []
    for figure in (f for f in figures if f.digits >= 3):
        group: list[Figure] = []
        for other in sorted(figures, key=lambda f: f.row):
            near = abs(other.x - figure.x) < 0.015 * width + 0.01 * abs(other.row - figure.row)
            if near and other.digits >= 3 and (not group or other.value > group[-1].value):
                group.append(other)
        if sum(f.weight for f in group) > sum(f.weight for f in best):
            best = group
    return best


def read_figures(
    strip: Strip,
    column: Column,
    top: int,
    bottom: int,
    reader: Reader,
    turn: Turn = 0,
    zoom: float = 1.0,
    bare: bool = False,
) -> list[Figure]:
    """Every number of a column between two rows, the paper turned by ``turn`` degrees first.

    Args:
        strip: the scan.
        column: where the figures stand.
        top: first row.
        bottom: one past the last row.
        reader: as ``engine()`` gives it.
        turn: degrees, clockwise.
        zoom: beside that which suits most print; less of it smooths dirt away.
        bare: without the lines that tie figures together: they hide some, and their stumps some others.
    """
    zoom *= zoom_of(strip)
    half = max(column.width, column.height * 0.8) * 0.7 + 0.01 * strip.width
    out: list[Figure] = []
    followed = dict(column.seen)
    for first in range(top, bottom, _CHUNK):
        last = min(bottom, first + _CHUNK)
        lap = max(top, first - round(2 * column.height) - 20)
        now = Column(tuple(sorted(followed.items())), column.width, column.height)
        ends = [now.x_at(lap), now.x_at((lap + last) / 2), now.x_at(last)]
        left, right = max(0, round(min(ends) - half)), min(strip.width, round(max(ends) + half))
        if last - lap < 40 or right - left < 8:
            continue
        box = Box(lap, left, last, right)
        words = read_column(strip, box, reader, zoom, turn, 2 * round(column.height), bare)
        found = [f for f in map(figure_of, words) if f is not None]
        out += [f for f in found if not any(abs(f.row - g.row) < 6 and f.value == g.value for g in out[-6:])]
        followed |= {f.row: f.x for f in found if f.weight > 0.9 and f.digits > 2}
    return out


def standing_in(column: Column, words: Sequence[Word], rows: tuple[int, int], width: int) -> list[Figure]:
    """Whole, sure figures among words that stand in a column between two rows; ``width`` of the strip."""
    near = max(0.5 * column.width, _ASIDE * width)
    figures = [f for f in map(figure_of, words) if f is not None and f.digits >= 3 and f.weight >= _SURE]
    return [f for f in figures if rows[0] <= f.row < rows[1] and abs(f.x - column.x_at(f.row)) <= near]


def completed_by(figures: Sequence[Figure], more: Sequence[Figure]) -> list[Figure]:
    """Figures from top to bottom, with those of another reading that say more, or surer, or stand alone."""

    def near(one: Figure, others: Sequence[Figure]) -> list[Figure]:
        return [o for o in others if abs(o.row - one.row) < _ONE_PLACE * max(o.height, one.height)]

    more = [f for f in more if all(f.value != o.value for o in near(f, figures))]
    added = [f for f in more if all((o.digits, o.weight) < (f.digits, f.weight) for o in near(f, figures))]
    kept = [f for f in figures if not near(f, added)]
    return sorted([*kept, *added], key=lambda f: f.row)


def either(first: Sequence[Figure], second: Sequence[Figure]) -> list[Figure]:
    """Figures of two readings, from top to bottom; of two at one place the one with more digits, or surer."""
    out: list[Figure] = []
    for figure in sorted([*first, *second], key=lambda f: (-f.digits, -f.weight)):
        if not any(abs(f.row - figure.row) < _ONE_PLACE * max(f.height, figure.height) for f in out):
            out.append(figure)
    return sorted(out, key=lambda f: f.row)
