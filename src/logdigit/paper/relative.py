"""Relative scales: so many millivolts a division, minus on the left and plus on the right, with no zero."""

from __future__ import annotations

import re
from collections.abc import Sequence

import numpy as np

from logdigit.paper.mnemonics import measurement_of
from logdigit.paper.numbers import name_in
from logdigit.paper.readcurve import ReadCurve
from logdigit.paper.readings import can_be_in
from logdigit.paper.samples import sample_in
from logdigit.paper.seams import Ruled
from logdigit.paper.text import Word
from logdigit.paper.units import unit_of, without_unit
from logdigit.types import Box, CurveSpec, Strip, ValueScale

_SIGN = re.compile(r"[-–—−]\s*[|\[\]!/Il]?\s*(\d{1,3})\s*(?:MV)?\s*[|\[\]!/Il]?\s*\+", re.IGNORECASE)
"""-|20|+ however the bars were read, with or without millivolts."""
_BARS = re.compile(r"[-–—−\s]*(1?)(\d{1,3})\s*(?:MV)?\s*[|\[\]!/Il1]\s*\+", re.IGNORECASE)
"""The same with its minus lost, and bars that may have been read as ones: 120 1+."""
_BAR = re.compile(r"[-–—−\s]*[|\[!]\s*(\d{1,3})\s*(?:MV)?\s*(?:[|\]!]|\s[Il1])?\s*\+", re.IGNORECASE)
"""The same with its minus or its second bar lost: |10+."""
_ALONE, _PIECE = re.compile(r"\D*(1?)(\d{1,3})\D*"), re.compile(r"[-–—−+|\[\]!/Il1·.:]*")
"""The number of a sign whose bars and signs are lost, or read as a one or a dot; pieces of one beside it."""
_MIDDLE = 0.25
"""Share of a track's width by which such a number stands off its middle, at most."""
_USUAL = (1, 2, 5, 10, 15, 20, 25, 40, 50, 100)
_UNEVEN = 0.12
"""Share by which divisions of one grid differ."""


def relative_scales(
    strip: Strip,
    words: Sequence[Word],
    log: Sequence[Ruled],
    curves: Sequence[ReadCurve],
) -> list[ReadCurve]:
    """Curves whose scale is told by a division: named on the line of the sign, or just above it.

    Args:
        strip: the scan, on which the strokes are looked at.
        words: print of the block.
        log: the tracks where the block stands.
        curves: that have other scales: they tell where tracks that abut meet.

    Returns:
        Curves of kind ``relative`` from 0 at the left edge to what all divisions make together.
    """
    out = []
    for word in words:
        said = _division(word.text.strip())
        for track in (track for tracks in log for track in tracks.tracks_at(word.y)):
            division = said or _alone(word, words, track)
            if division is not None and track.left < word.x < track.right:
                read = _curve(strip, words, word, division, track, curves)
                out += [read] if read is not None else []
    return out


def _division(text: str) -> float | None:
    """What a division is worth, by its sign; None for other text, and where that could be two things.

    >>> _division("-|20|+"), _division("120 1+"), _division("115 1+"), _division("|10+"), _division("-120 |+")
    (20.0, 20.0, 15.0, 10.0, 20.0)
    >>> _division("-1:10 1+"), _division("1:200")
    (10.0, None)
    """
    text = re.sub(r"1?[:;¦]", "|", text)
    sign = _SIGN.fullmatch(text) or _BAR.fullmatch(text)
    if sign is not None and int(sign.group(1)) in _USUAL:
        return float(sign.group(1))
    return _usual(_BARS.fullmatch(text))


def _usual(match: re.Match[str] | None) -> float | None:
    """The usual division of a number whose first one may be a bar; None where both or neither are usual."""
    said = {int(match.group(1) + match.group(2)), int(match.group(2))} if match is not None else set()
    known = said.intersection(_USUAL)
    return float(known.pop()) if len(known) == 1 else None


def _alone(word: Word, words: Sequence[Word], track: Ruled) -> float | None:
    """What a division is worth by a number alone amid a line, between an SP and its millivolts."""
    division = _usual(_ALONE.fullmatch(word.text.strip()))
    off = abs(word.x - (track.left + track.right) / 2)
    if division is None or off > _MIDDLE * (track.right - track.left):
        return None
    near = 0.5 * (word.bottom - word.top)
    beside = [
        w for w in words if w is not word and abs(w.y - word.y) < near and track.left < w.x < track.right
    ]
    rest = [w for w in beside if not _PIECE.fullmatch(w.text.strip())]
    names = [measurement_of(without_unit(w.text)) for w in rest if w.x < word.x]
    named = any(m is not None and m.mnemonic == "SP" for m in names)
    volts = any(unit_of(w.text) == "MV" for w in rest if w.x > word.x)
    return division if named and volts and not any(c.isdigit() for w in rest for c in w.text) else None


def _curve(
    strip: Strip,
    words: Sequence[Word],
    sign: Word,
    division: float,
    track: Ruled,
    curves: Sequence[ReadCurve],
) -> ReadCurve | None:
    inside = {x for c in curves for x in (c.left, c.right) if track.left < x < track.right}
    ends = sorted({track.left, track.right, *inside})
    left = max(x for x in ends if x < sign.x)
    right = min(x for x in ends if x > sign.x)
    gaps = np.diff([left, *track.between(left, right), right])
    if len(gaps) < 2 or np.ptp(gaps) > _UNEVEN * float(np.median(gaps)):
        return None  # divisions that are not even, or lines missing: what they make cannot be told
    tall = sign.bottom - sign.top
    near = [w for w in words if left < w.x < right and -0.6 * tall < sign.y - w.y < 3.0 * tall]
    named = [(w, m) for w in near if (m := measurement_of(without_unit(w.text))) is not None]
    if not named:
        return None
    name, measurement = min(named, key=lambda pair: abs(pair[0].y - sign.y))
    unit = next((u for w in near if (u := unit_of(w.text)) and can_be_in(measurement, u)), measurement.unit)
    box = Box(round(sign.top), round(left), round(sign.y + 1.35 * tall), round(right))
    sample = sample_in(strip, box, words)
    spec = CurveSpec(
        measurement.mnemonic,
        (ValueScale(((0.0, 0.0), (1.0, division * len(gaps))), "relative"),),
        unit=unit,
        printed=name_in(name.text),
        style="solid" if sample is None else sample.style,
        width_px=None if sample is None else sample.width,
        colour=None if sample is None else sample.colour,
    )
    sure = round(sign.confidence, 2)
    return ReadCurve(
        left,
        right,
        spec,
        sign.y,
        {
            "mnemonic": ("read", round(name.confidence, 2)),
            "scale": ("read", sure),
            "kind": ("read", sure),
            "style": ("read", sample.sure) if sample is not None else ("assumed", 0.3),
        },
    )
