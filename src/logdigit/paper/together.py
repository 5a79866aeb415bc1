"""The curves of a scale block as a set: scales that go on from others, names given once, strokes alike."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from difflib import SequenceMatcher
from itertools import pairwise

from logdigit.paper import wraps
from logdigit.paper.mnemonics import measurement_of
from logdigit.paper.readcurve import ReadCurve
from logdigit.paper.samples import Sample
from logdigit.paper.scalerow import ScaleRow
from logdigit.paper.scales import round_scale
from logdigit.paper.text import Word
from logdigit.paper.units import without_unit
from logdigit.types import Origin, ScaleRole, Style, ValueScale

_ALIKE = 0.7
"""Share of letters in common from which two names that hold the same digits are one, misread."""
_NO_ZERO = 0.03
"""Share of a scale by which it misses zero at the edge of its track, at most, to begin there."""


def goes_on(curves: Sequence[ReadCurve], row: ScaleRow) -> ReadCurve | None:
    """The curve just above, of which a second row of numbers without a name goes on; not one misread."""
    above = [
        c
        for c in curves
        if c.left == row.left
        and c.right == row.right
        and 0 < row.y - c.y < 5 * row.height
        and round_scale(row.values, c.curve.scales[0].kind, row.told)
    ]
    return max(above, key=lambda c: c.y, default=None)


def names_again(curves: Sequence[ReadCurve], row: ScaleRow, texts: Sequence[Word]) -> ReadCurve | None:
    """The curve of the same track that ``texts`` name as well, and whose scale ``row`` goes on from."""
    named = {m.mnemonic for word in texts if (m := measurement_of(without_unit(word.text))) is not None}
    for curve in curves:
        (_, left), (_, right) = curve.curve.scales[0].anchors[:2]
        known = measurement_of(curve.curve.printed) or measurement_of(curve.curve.mnemonic)
        alike = known is not None and known.mnemonic in named
        beside = (curve.left, curve.right) == (row.left, row.right)
        values = _possible(curve, row)
        if alike and beside and (values[0] == right or values[1] == left):
            return curve
    return None


def _possible(curve: ReadCurve, row: ScaleRow) -> tuple[float, float]:
    """Values of a further scale; without the dash of a stroke for a minus where it goes on so, not else."""
    known = measurement_of(curve.curve.printed) or measurement_of(curve.curve.mnemonic)
    first, plain = curve.curve.scales[0], (abs(row.values[0]), abs(row.values[1]))
    if known is None or known.lowest < 0 or row.told or wraps.goes_on(first, row.scale):
        return row.values
    return plain if wraps.goes_on(first, replace(row, values=plain).scale) else row.values


def on_row(curve: ReadCurve, row: ScaleRow, sample: Sample | None) -> ReadCurve:
    """A curve as the row of a further scale declares it once more; ``one_each`` puts both together.

    Args:
        curve: as known so far.
        row: numbers of the further scale.
        sample: the stroke that is drawn with them, if any.
    """
    first, second = _possible(curve, row)
    scale = ValueScale(((0.0, first), (1.0, second)), curve.curve.scales[0].kind)
    style: tuple[Origin, float] = ("assumed", 0.3) if sample is None else ("read", sample.sure)
    spec = replace(curve.curve, scales=(scale,), style=curve.curve.style if sample is None else sample.style)
    return replace(curve, curve=spec, y=row.y, origins={**curve.origins, "style": style})


def with_lost_minus(curve: ReadCurve) -> ReadCurve:
    """A curve whose scale is as wide as the one that goes on from it once its left value is negative.

    ``20 GR 60`` over ``60 GR 140`` was -20 to 60: a wrap is as wide as what it goes on from.
    """
    if len(curve.curve.scales) < 2 or curve.curve.scales[0].kind != "linear":
        return curve
    first, second, *more = curve.curve.scales
    (at, left), *others = first.anchors
    mended = replace(first, anchors=((at, -left), *others))
    if left <= 0 or wraps.goes_on(first, second) or not wraps.goes_on(mended, second):
        return curve
    return replace(curve, curve=wraps.folded(replace(curve.curve, scales=(mended, second, *more))))


def declared_again(curve: ReadCurve, row: ScaleRow, style: Style | None = None) -> ReadCurve:
    """A curve with one more scale: one that goes on from the first, in its style, is a wrap, else a backup.

    Args:
        curve: as known so far.
        row: numbers of the further scale.
        style: of the stroke that is drawn with them; None where that is not known.
    """
    first = curve.curve.scales[0]
    if any((s.anchors[0][1], s.anchors[-1][1]) == row.values for s in curve.curve.scales):
        return curve
    anchors = ((0.0, row.values[0]), (1.0, row.values[1]))
    role: ScaleRole = (
        "amplified" if _span(row.values) < _span((first.anchors[0][1], first.anchors[-1][1])) else "backup"
    )
    more = ValueScale(anchors, first.kind, role)
    if style not in (None, curve.curve.style):
        more = replace(more, style=style)
    return replace(
        curve, curve=wraps.folded(replace(curve.curve, scales=(*curve.curve.scales, more))), y=row.y
    )


def _span(values: tuple[float, float]) -> float:
    return abs(values[1] - values[0])


def one_each(curves: Sequence[ReadCurve]) -> list[ReadCurve]:
    """Each mnemonic once: the same name in the same track is a wrap or a backup, elsewhere another curve."""
    out: list[ReadCurve] = []
    for read in (_from_zero(c, curves) for c in curves):
        same = next(
            (
                o
                for o in out
                if o.curve.mnemonic == read.curve.mnemonic
                and max(abs(o.left - read.left), abs(o.right - read.right)) < _NO_ZERO * (o.right - o.left)
                and not _another(o, read)
            ),
            None,
        )
        if same is not None:
            values = read.curve.scales[0].anchors
            row = ScaleRow(
                read.left, read.right, (values[0][1], values[1][1]), "linear", False, read.y, 1.0, 1.0
            )
            style = read.curve.style if read.origins.get("style", ("read", 1.0))[0] == "read" else None
            out[out.index(same)] = declared_again(same, row, style)
            continue
        taken = {o.curve.mnemonic for o in out}
        name = read.curve.mnemonic
        number = 2
        while name in taken:
            name = f"{read.curve.mnemonic}{number}"
            number += 1
        out.append(replace(read, curve=replace(read.curve, mnemonic=name)))
    return out


def usual_wrap(read: ReadCurve) -> ReadCurve:
    """A curve that is assumed to wrap where it is on one scale, and usually wraps without a word about it."""
    known = measurement_of(read.curve.printed) or measurement_of(read.curve.mnemonic)
    one = len(read.curve.scales) == 1 and read.curve.scales[0].kind == "linear"
    if known is None or not known.wraps or not one or read.curve.wraps:
        return read
    return replace(
        read,
        curve=replace(read.curve, wraps=True),
        origins={**read.origins, "wraps": ("assumed", 0.6)},
    )


def _another(one: ReadCurve, other: ReadCurve) -> bool:
    """Whether two declarations of one measurement are two curves: named otherwise, on the same values."""
    values = [tuple(v for _, v in r.curve.scales[0].anchors) for r in (one, other)]
    if values[0] != values[1] or one.y == other.y:
        return False
    names = [r.curve.printed.upper() for r in (one, other)]
    digits = ["".join(c for c in name if c.isdigit()) for name in names]
    return digits[0] != digits[1] or SequenceMatcher(None, names[0], names[1]).ratio() < _ALIKE


def _from_zero(read: ReadCurve, curves: Sequence[ReadCurve]) -> ReadCurve:
    """A curve that is declared once more on part of its track, from where its main scale ends: on all of it.

    20 to 200 from the first of ten divisions on, below 0 to 20, is 0 to 200.
    """
    (_, first), (_, last) = read.curve.scales[0].anchors[:2]
    for other in curves:
        same = other.curve.mnemonic == read.curve.mnemonic
        meet = abs(other.right - read.right) < _NO_ZERO * (read.right - read.left)
        if not same or not meet or other.left >= read.left or read.curve.scales[0].kind != "linear":
            continue
        start = last - (last - first) * (other.right - other.left) / (read.right - read.left)
        if abs(start) < _NO_ZERO * abs(last - first):
            scale = replace(read.curve.scales[0], anchors=((0.0, 0.0), (1.0, last)))
            return replace(
                read, left=other.left, right=other.right, curve=replace(read.curve, scales=(scale,))
            )
    return read


def seams(curves: Sequence[ReadCurve], left: float, right: float) -> list[tuple[float, float]]:
    """Tracks that the scales of a block cut a stretch into: its halves, or other parts that have a scale."""
    middle, near = (left + right) / 2, 0.1 * (right - left)
    known = [left, middle, right]
    ends = sorted(x for c in curves for x in (c.left, c.right))
    if all(min(abs(x - k) for k in known) < near for x in ends):
        halved = any(abs(x - middle) < near for x in ends)
        return list(pairwise(known if halved else [left, right]))
    groups = [ends[:1]]
    for x in ends[1:]:
        if x - groups[-1][-1] < 0.3 * near:
            groups[-1].append(x)
        else:
            groups.append([x])
    cuts = list(pairwise(sum(group) / len(group) for group in groups))
    return [
        (a, b)
        for a, b in cuts
        if any(abs(c.left - a) < near / 2 and abs(c.right - b) < near / 2 for c in curves)
    ]
