"""Depth scales as the trade has them, and the resolution of paper that follows from tracks and scale."""

from __future__ import annotations

import math
import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from logdigit.paper.straighten import true_dpi
from logdigit.paper.text import Word
from logdigit.types import DepthUnit, Strip

if TYPE_CHECKING:
    from logdigit.paper.foundsection import FoundSection

_LOOSE = 0.145
"""Share by which paper is longer or shorter than it was printed."""
_SCANNERS = (100, 120, 150, 200, 240, 300, 400, 600)
_STRETCHED = 0.035
_PAPER, _PAPER_INCHES = (4.5, 13.0), 8.8
"""Width of the paper of logs, inches: from, to; and usually."""
_WHOLE_PAPER = (6.5, 10.5)
"""Width of the paper of logs that shows it all, inches."""
_COARSEST = 60.0
"""Dots per inch of a scan on which print can be read."""
_RATIO = re.compile(r"(?<![\d.])1\s?[:/]\s?([1-9]\d{1,3})(?![\d/])")
_INCHES = re.compile(
    r"(?<![\d.:/])(\d{1,2}(?:\.5)?)\s?(?:IN(?:CH(?:ES)?)?\b\.?|[\"”″]|'')\s?(?:=|PER|TO|/|:|-)\s?100",
    re.IGNORECASE,
)
_FEET: dict[str, float] = {"1in": 1.0, "2in": 2.0, "5in": 5.0}
_RARE_FEET: dict[str, float] = {"1:1000": 1.2, "1:500": 2.4, "2.5in": 2.5, "1:200": 6.0}
_DETAIL: dict[str, float] = {"10in": 10.0, "25in": 25.0}
"""Scales of detail logs: figures that have all lost their last digit look the same."""
_METRES: dict[str, float] = {
    **{
        "1:2000": 1.9685,
        "1:1200": 3.281,
        "1:1000": 3.937,
        "1:600": 6.562,
        "1:500": 7.874,
        "1:240": 16.404,
        "1:200": 19.685,
    },
    **{"1:100": 39.37, "1:48": 82.02, "1:40": 98.4},
}


@dataclass(frozen=True)
class Nominal:
    """A depth scale: its name, and its inches of paper for 100 depth units."""

    name: str
    inches: float

    @property
    def detail(self) -> bool:
        """Whether this is the scale of a detail log, which stands beside another of the same depths."""
        return self.name in _DETAIL or self.inches >= 39


def nominal_of(px_per_unit: float, dpi: tuple[float, float], unit: DepthUnit) -> Nominal | None:
    """The usual depth scale nearest to rows per depth unit, else a rare one; None where none is near.

    >>> nominal_of(10.15, (200.0, 200.0), "FT")
    Nominal(name='5in', inches=5.0)
    >>> nominal_of(42.7, (203.0, 203.0), "FT") is None
    True
    """
    inches = 100 * px_per_unit / dpi[1]
    for known in (_FEET, _RARE_FEET, _DETAIL) if unit == "FT" else (_METRES,):
        name = min(known, key=lambda n: abs(known[n] / inches - 1))
        if abs(inches / known[name] - 1) <= _LOOSE:
            return Nominal(name, known[name])
    return None


def paper_dpi(
    strip: Strip, sections: Sequence[FoundSection], unit: DepthUnit, words: Sequence[Word] = ()
) -> tuple[float, float]:
    """True resolution (x, y): across by the tracks, along by the depth scale where that is a usual one.

    Tracks are not all as wide as the usual ones, and tags lie: where depth and tracks do not go together, or
    not with the scale that is printed, the resolution is that at which the depth scale is the printed one;
    without one, a usual one on paper as wide as paper is, scanned as scanners scan.

    Args:
        strip: the scan.
        sections: with their tracks.
        unit: of depth.
        words: print beside the logs.
    """
    rows = max(sections, key=lambda s: s.bottom - s.top).px_per_unit
    across = true_dpi(strip.dpi, [t.width for s in sections for t in s.tracks])
    if strip.dpi is not None and _tells(strip.dpi, strip.width, rows, unit):
        across = strip.dpi  # of tracks, half may have been found
    printed = printed_inches(words, unit)
    nominal = nominal_of(rows, across, unit)
    if nominal is not None and (not printed or any(_same(nominal.inches, inches) for inches in printed)):
        return across[0], 100 * rows / nominal.inches
    tries = [100 * rows / inches for inches in printed]
    if nominal is None:
        usual = (_FEET if unit == "FT" else _METRES).values()
        tries = _fitting(tries, strip.width) or [
            along for along in (100 * rows / inches for inches in usual) if _scanned(along)
        ]
    good = _fitting(tries, strip.width)
    if good:
        along = min(good, key=lambda dpi: abs(math.log(strip.width / dpi / _PAPER_INCHES)))
        x, y = strip.dpi or (1.0, 1.0)
        return along * x / y, along
    return across if nominal is None else (across[0], 100 * rows / nominal.inches)


def _tells(tag: tuple[float, float], width: int, rows: float, unit: DepthUnit) -> bool:
    """Whether a tag makes paper as wide as usual and a usual depth scale."""
    usual = nominal_of(rows, tag, unit)
    whole = _WHOLE_PAPER[0] <= width / tag[0] <= _WHOLE_PAPER[1]
    return whole and usual is not None and usual.inches in (_FEET if unit == "FT" else _METRES).values()


def printed_inches(words: Sequence[Word], unit: DepthUnit) -> tuple[float, ...]:
    r"""Inches of paper for 100 depth units, as print names them.

    >>> said = ["SCALE 1:500", "MAIN LOG 5 INCHES = 100 FEET", "2\" = 100'", "RUN 1:2"]
    >>> words = [Word(text, 1.0, 0, 0, 1, 1) for text in said]
    >>> printed_inches(words, "FT"), printed_inches(words[:1], "M")
    ((2.4, 5.0, 2.0), (7.874,))
    """
    found: list[float] = []
    for word in words:
        for ratio in _RATIO.findall(word.text):
            found.append(round((1200 if unit == "FT" else 3937.01) / float(ratio), 3))
        if unit == "FT":
            found += [float(inches) for inches in _INCHES.findall(word.text)]
    return tuple(dict.fromkeys(inches for inches in found if inches > 0))


def _same(inches: float, others: float) -> bool:
    return abs(inches / others - 1) < _LOOSE


def _fitting(resolutions: Sequence[float], width: int) -> list[float]:
    """Resolutions at which a strip is as wide as paper for logs is."""
    narrowest, widest = _PAPER
    return [dpi for dpi in resolutions if narrowest <= width / dpi <= widest and dpi >= _COARSEST]


def _scanned(dpi: float) -> bool:
    """Whether scanners have this resolution, paper stretched a little."""
    return any(abs(dpi / usual - 1) <= _STRETCHED for usual in _SCANNERS)
