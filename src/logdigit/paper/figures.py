"""Depth figures, and chains of them: numbers in one column whose values and rows grow together."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np

from logdigit.paper.text import Word
from logdigit.types import Float

MIN_CHAIN = 3
"""Fewest figures that make a chain: two always lie on a line."""
STRETCH = 0.14
"""Share by which paper is stretched between two figures, at most (13 % was met)."""
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
