"""Depth figures: numbers in one column whose values and rows grow together.

A figure alone proves nothing: figures are misread, lose digits, and scale values stand between them. What
proves depth is a *chain*: many numbers of one column that lie on one smooth course of rows. A chain is
searched with every px-per-unit that pairs of figures suggest; numbers off it are left out.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from logdigit.paper.text import Word
from logdigit.types import Float

_MOST = 40
"""Chains of a strip, at most."""
MIN_CHAIN = 3
"""Fewest figures that make a chain: two always lie on a line."""
STRETCH = 0.14
"""Share by which paper is stretched between two figures, at most (13 % was met)."""
_LOOSE = 0.16
"""Share of a figure step by which a figure stands off its even place."""
_SHOWN = 0.45
"""Share of the least difference of two near figures that a figure step is, at least."""
_IN_PLACE = 0.2
"""Share of a figure step within which a figure stands in its place."""
_PAIR_WEIGHT = 0.8
"""Weight from which two figures are enough,"""
_PAIR_STEPS = (10.0, 20.0, 25.0, 50.0, 100.0, 200.0)
"""and by how much they differ then."""
_LOOKALIKE = str.maketrans({"O": "0", "o": "0", "D": "0", "I": "1", "l": "1", "|": "1", "!": "1", "S": "5"})
_NUMBER = re.compile(r"\d{2,5}")
_AROUND = " -–—_.,:;'\"`~^*°=+一丨"
"""What grids and ticks leave around a figure."""
_WITH_UNIT = re.compile(r"(?<=\d{3}) ?(?:feet|ft|met(?:re|er)s?|mtrs?|m)\.?$", re.IGNORECASE)
"""The unit of depth behind a figure."""


@dataclass(frozen=True)
class Figure:
    """A number that may be a depth, at the middle of its print, strip px."""

    value: float
    row: float
    x: float
    width: float
    height: float
    weight: float
    digits: int


def figure_of(word: Word) -> Figure | None:
    """The whole number that a word is, alone but for strokes of the grid; None for anything else.

    >>> figure_of(Word("-8130", 0.9, 0, 0, 10, 20)).value
    8130.0
    >>> figure_of(Word("12,500'", 0.9, 0, 0, 10, 20)).weight
    0.9
    >>> figure_of(Word("3150 ft", 0.9, 0, 0, 10, 20)).value
    3150.0
    >>> figure_of(Word("Run 2", 0.9, 0, 0, 10, 20)) is None
    True
    """
    text = _WITH_UNIT.sub("", word.text.strip(_AROUND)).strip(_AROUND)
    weight = word.confidence
    text = re.sub(r"^(\d{1,2}),(?=\d{3}$)", r"\1", text)
    if not _NUMBER.fullmatch(text):
        text = re.sub(r"(?<=\d)[, ](?=\d{3}$)", "", text).translate(_LOOKALIKE)
        weight *= 0.6
    if not _NUMBER.fullmatch(text):
        return None
    width, height = word.right - word.left, word.bottom - word.top
    if len(text) < 3:
        weight *= 0.4  # every second heading holds a 10 or a 50
    return Figure(float(text), word.y, word.x, width, height, weight, len(text))


@dataclass(frozen=True)
class Chain:
    """Figures on one course, from top to bottom.

    Attributes:
        figures: three or more, two of a `pair_of`; rows and values increasing.
        px_per_unit: rows per depth unit, all along.
        step: usual difference of two neighbouring figures, depth units.
        weight: sum of the figures' weights.
    """

    figures: tuple[Figure, ...]
    px_per_unit: float
    step: float
    weight: float

    @property
    def rows(self) -> Float:
        """Rows of the figures' middles, (K,)."""
        return np.array([f.row for f in self.figures])

    @property
    def depths(self) -> Float:
        """Values of the figures, (K,)."""
        return np.array([f.value for f in self.figures])

    @property
    def width(self) -> float:
        """Print of a figure from side to side, px: the title of an axis may stand in its column too."""
        return float(np.median([f.width for f in self.figures]))


def completed(figures: Sequence[Figure], width: float) -> list[Figure]:
    """Figures of which those of two digits are taken for the last two of a depth, as the nearest one has it.

    Logs print 50, 3400, 50, 3500: each short figure goes on from the whole one nearest above it, or leads up
    to the one below. What that makes of a number that is no figure is on no course.

    >>> full = Figure(3400.0, 200.0, 50.0, 40.0, 20.0, 1.0, 4)
    >>> short = Figure(50.0, 300.0, 50.0, 20.0, 20.0, 0.4, 2)
    >>> [f.value for f in completed([full, short], 1000.0)]
    [3400.0, 3450.0]
    """
    whole = [f for f in figures if f.digits >= 3]
    out = []
    for figure in figures:
        near = [
            w for w in whole if abs(w.x - figure.x) < 0.02 * width + 0.012 * abs(w.row - figure.row)
        ]  # as near as figures of a chain
        if figure.digits != 2 or not near:
            out.append(figure)
            continue
        beside = min(near, key=lambda w: abs(w.row - figure.row))
        on = (figure.value - beside.value - 1) % 100 + 1  # 00 is the next hundred, not this one
        value = beside.value + (on if figure.row > beside.row else on - (200 if on == 100 else 100))
        out.append(replace(figure, value=value) if value > 0 else figure)
    return out


def find_chains(figures: Sequence[Figure], width: float) -> list[Chain]:
    """Chains among the figures of a strip, the strongest first; none overlaps another in its rows.

    Args:
        figures: numbers that may be depths.
        width: of the strip, px; bounds how far a column wanders.
    """
    parts = [sorted((f for f in figures if f.value > 0), key=lambda f: f.row)]
    out: list[Chain] = []
    while parts and len(out) < _MOST:
        part = parts.pop()
        chain = best_chain(part, width) if len(part) >= MIN_CHAIN else None
        if chain is None:
            continue
        out.append(chain)
        top, bottom = chain.figures[0].row, chain.figures[-1].row
        parts += [[f for f in part if f.row < top - 1], [f for f in part if f.row > bottom + 1]]
    return sorted(out, key=lambda chain: -chain.weight)


def pair_of(figures: Sequence[Figure], width: float) -> Chain | None:
    """The chain of a log so short that only two of its figures are printed; None where it is not so.

    Nothing beside them may say something else, and what they say is not proved: the heading must know it.

    >>> upper, lower = (Figure(v, 10 * v, 50.0, 40.0, 20.0, 1.0, 4) for v in (3100.0, 3200.0))
    >>> pair_of([upper, lower], 1000.0).step, pair_of([upper, lower, lower], 1000.0)
    (100.0, None)
    """
    whole = sorted((f for f in figures if f.digits >= 3), key=lambda f: f.row)
    if len(whole) != 2 or min(f.weight for f in whole) < _PAIR_WEIGHT:
        return None
    a, b = whole
    step, apart = b.value - a.value, b.row - a.row
    beside = abs(a.x - b.x) < 0.02 * width + 0.012 * apart
    if step not in _PAIR_STEPS or a.value % step or a.digits != b.digits - (b.value >= 1000 > a.value):
        return None
    return Chain((a, b), apart / step, step, a.weight + b.weight) if beside and apart > 0 else None


def best_chain(figures: Sequence[Figure], width: float) -> Chain | None:
    """The chain that explains most of the figures; None where no three make one."""
    rows = np.array([f.row for f in figures])
    values = np.array([f.value for f in figures])
    best: Chain | None = None
    most = 0.0
    for pitch in _pitches(figures):
        for step in _steps(values, rows, pitch):
            chain = _chain(figures, rows, values, pitch, step, width)
            if chain is None:
                continue
            worth = chain.weight + 0.7 * len(damaged(chain, figures))
            if worth > most * 1.001:
                best, most = chain, worth
    return best


def expected(chain: Chain, row: float) -> float | None:
    """The figure that the chain has at a row; None where it has none there."""
    rows, depths = chain.rows, chain.depths
    reach = 1.3 * chain.step * chain.px_per_unit
    if not rows[0] - reach <= row <= rows[-1] + reach:
        return None
    if row < rows[0] or row > rows[-1]:
        k = 0 if row < rows[0] else -1
        depth = depths[k] + (row - rows[k]) / chain.px_per_unit
    else:
        depth = float(np.interp(row, rows, depths))
    phase = depths[0] % chain.step
    nearest = round((depth - phase) / chain.step) * chain.step + phase
    return float(nearest) if abs(nearest - depth) < 0.2 * chain.step and nearest > 0 else None


def damaged(chain: Chain, figures: Sequence[Figure]) -> list[Figure]:
    """Figures on the chain's course that have lost digits, or have one misread."""
    own = {f.row for f in chain.figures}
    out = []
    for figure in figures:
        due = expected(chain, figure.row) if figure.row not in own else None
        if due is None:
            continue
        text, full = f"{figure.value:.0f}".zfill(figure.digits), f"{due:.0f}"
        lost = len(text) < len(full) and (full.startswith(text) or full.endswith(text))
        misread = len(text) == len(full) and sum(a != b for a, b in zip(text, full, strict=True)) == 1
        if lost or misread:
            out.append(figure)
    return out


def longer(chain: Chain, figures: Sequence[Figure]) -> dict[float, int]:
    """How many figures on the course read one digit more in front than the chain has, by what it adds."""
    own = {f.row for f in chain.figures}
    out: dict[float, int] = {}
    for figure in figures:
        due = expected(chain, figure.row) if figure.row not in own else None
        if due is not None and f"{figure.value:.0f}"[1:] == f"{due:.0f}":
            out[figure.value - due] = out.get(figure.value - due, 0) + 1
    return out


def due_of(chain: Chain) -> int:
    """How many figures a chain has from its first to its last, read or not."""
    apart = np.sort(np.diff(chain.depths))
    usual = max(chain.step, float(apart[(len(apart) - 1) // 2]))  # of two the lesser: one may be a hole
    return 1 + round(float(chain.depths[-1] - chain.depths[0]) / usual)


def _pitches(figures: Sequence[Figure]) -> list[float]:
    """Rows per unit that many pairs of near figures suggest, the commonest first."""
    logs = []
    for k, a in enumerate(figures):
        for b in figures[k + 1 : k + 9]:
            if b.value > a.value and b.row > a.row + 2:
                logs.append((np.log((b.row - a.row) / (b.value - a.value)), a.weight * b.weight))
    if not logs:
        return []
    where, weights = np.array(logs).T
    inside = np.abs(where - np.log(5.0)) < np.log(100.0)
    if not inside.any():
        return []
    bins = np.round(where[inside] / 0.03).astype(int)
    lowest = int(bins.min())
    heights = np.bincount(bins - lowest, weights[inside])
    smooth = np.convolve(np.pad(heights, 1), np.ones(3), "valid")
    order = np.argsort(-smooth, kind="stable")
    out: list[int] = []
    for k in (int(o) for o in order if smooth[o] > 0):
        if all(abs(k - other) > 2 for other in out):
            out.append(k)
        if len(out) == 10:
            break
    return [float(np.exp((k + lowest) * 0.03)) for k in out]


def _steps(values: Float, rows: Float, pitch: float) -> list[float]:
    """Figure steps (1, 2, 2.5 or 5 x 10^n) that near figures on this pitch show.

    A step that no two figures stand apart is none: what makes 49 and 51 of fifties is misread.
    """
    near = [(a, b) for a in range(len(values)) for b in range(a + 1, min(a + 4, len(values)))]
    first, second = np.array(near or [(0, 0)]).T
    gaps, apart = values[second] - values[first], rows[second] - rows[first]
    fits = (gaps > 0) & (np.abs(apart - pitch * gaps) < (STRETCH + 0.1) * pitch * gaps)
    if not fits.any():
        return []
    round_ = np.array(sorted(m * 10.0**e for e in range(0, 4) for m in (1.0, 2.0, 2.5, 5.0)))
    parts = gaps[fits][:, None] / round_[None]
    largest = np.where(np.abs(parts - np.round(parts)) < 1e-6, round_[None], 0.0).max(axis=1)
    largest[largest < _SHOWN * gaps[fits].min()] = 0.0
    known, counts = np.unique(largest[largest > 0], return_counts=True)
    return [float(s) for s in known[np.argsort(-counts, kind="stable")][:3]]


def _whole(values: Float, step: float, weights: Float) -> NDArray[np.bool_]:
    """Which values are a whole number of steps from the weightiest remainder: figures may be 50, 150, 250."""
    remainders = np.round(values % step, 3) % step
    round_ = np.asarray(
        (remainders % 5 == 0) | (step < 5), dtype=np.bool_
    )  # 1576, 1626, 1676: a digit is misread, always alike
    if not round_.any():
        return round_
    known, where = np.unique(remainders[round_], return_inverse=True)
    usual = known[np.argmax(np.bincount(where, weights[round_]))]
    return np.asarray(remainders == usual, dtype=np.bool_)


def _on_course(path: Sequence[int], kept: Sequence[int], rows: Float, values: Float, step: float) -> bool:
    """Whether the figures of a path that were not kept stand in place: they are not misread."""
    rest = [k for k in path if k not in kept and rows[kept[0]] < rows[k] < rows[kept[-1]]]
    if not rest:
        return False
    due = np.interp(rows[rest], rows[list(kept)], values[list(kept)])
    return bool(np.median(np.abs(values[rest] - due)) < _IN_PLACE * step)


def _chain(
    figures: Sequence[Figure], rows: Float, values: Float, pitch: float, step: float, width: float
) -> Chain | None:
    """The heaviest run of figures each of which follows from the one before."""
    xs = np.array([f.x for f in figures])
    weights = np.array([f.weight for f in figures])
    total, back = weights.copy(), np.full(len(figures), -1)
    whole = _whole(values, step, np.where(values >= 100, weights, 0.1 * weights))
    total[~whole] = -np.inf
    for k in range(1, len(figures)):
        if not whole[k]:
            continue
        due = pitch * (values[k] - values[:k])
        loose = STRETCH * np.minimum(due, 4 * pitch * step) + 0.04 * due + _LOOSE * pitch * step
        near = np.abs(xs[k] - xs[:k]) < 0.02 * width + 0.012 * np.abs(rows[k] - rows[:k])
        fits = (due > 0) & (np.abs(rows[k] - rows[:k] - due) <= loose) & near & whole[:k]
        if fits.any():
            # a step left out costs a little: of two courses the one without holes is likelier
            holes = 0.02 * np.minimum(np.round((values[k] - values[:k]) / step) - 1, 20)
            gain = np.where(fits, total[:k] - holes, -np.inf)
            j = int(np.argmax(gain))
            if gain[j] > 0:
                total[k], back[k] = weights[k] + gain[j], j
    k = int(np.argmax(total))
    path = [k]
    while back[path[-1]] >= 0:
        path.append(int(back[path[-1]]))
    path.reverse()
    if len(path) < MIN_CHAIN:
        return None
    # figures of every hundred with a misread one at a five are a chain of hundreds
    for coarse in (m * step for m in (2, 4, 5, 10, 20)):
        kept = [k for k, fits in zip(path, _whole(values[path], coarse, weights[path]), strict=True) if fits]
        if len(kept) >= max(MIN_CHAIN, 0.7 * len(path)) and not _on_course(path, kept, rows, values, step):
            path, step = kept, coarse
    chosen = tuple(figures[k] for k in path)
    slope = float(np.median(np.diff(rows[path]) / np.diff(values[path])))
    return Chain(chosen, slope, step, float(weights[path].sum()))
