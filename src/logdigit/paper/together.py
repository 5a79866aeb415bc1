"""The curves of a scale block as a set: scales that go on from others, names given once, strokes alike."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from itertools import pairwise

from logdigit.paper.mnemonics import measurement_of, without_unit
from logdigit.paper.readcurve import ReadCurve
from logdigit.paper.scales import ScaleRow
from logdigit.paper.text import Word
from logdigit.paper.wraps import folded
from logdigit.paper.wraps import goes_on as goes_on_from
from logdigit.types import ScaleRole, Style, ValueScale


def goes_on(curves: Sequence[ReadCurve], row: ScaleRow) -> ReadCurve | None:
    """The curve just above, of which a second row of numbers without a name goes on."""
    above = [
        c for c in curves if c.left == row.left and c.right == row.right and 0 < row.y - c.y < 5 * row.height
    ]
    return max(above, key=lambda c: c.y, default=None)


def names_again(curves: Sequence[ReadCurve], row: ScaleRow, texts: Sequence[Word]) -> ReadCurve | None:
    """The curve of the same track that ``texts`` name as well, and whose scale ``row`` goes on from."""
    named = {m.mnemonic for word in texts if (m := measurement_of(without_unit(word.text))) is not None}
    for curve in curves:
        (_, left), (_, right) = curve.curve.scales[0].anchors[:2]
        known = measurement_of(curve.curve.printed)
        alike = known is not None and known.mnemonic in named
        beside = (curve.left, curve.right) == (row.left, row.right)
        if alike and beside and (row.values[0] == right or row.values[1] == left):
            return curve
    return None


def declared_again(curve: ReadCurve, row: ScaleRow, style: Style | None = None) -> ReadCurve:
    """A curve with one more scale: one that goes on from the first is a wrap, another one a backup.

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
    if style not in (None, curve.curve.style) and not goes_on_from(first, more):
        more = replace(more, style=style)
    return replace(curve, curve=folded(replace(curve.curve, scales=(*curve.curve.scales, more))), y=row.y)


def _span(values: tuple[float, float]) -> float:
    return abs(values[1] - values[0])


def one_each(curves: Sequence[ReadCurve]) -> list[ReadCurve]:
    """Each mnemonic once: the same name in the same track is a wrap or a backup, elsewhere another curve."""
    out: list[ReadCurve] = []
    for read in curves:
        same = next(
            (
                o
                for o in out
                if o.curve.mnemonic == read.curve.mnemonic and (o.left, o.right) == (read.left, read.right)
            ),
            None,
        )
        if same is not None:
            values = read.curve.scales[0].anchors
            row = ScaleRow(
                read.left, read.right, (values[0][1], values[1][1]), "linear", False, read.y, 1.0, 1.0
            )
            out[out.index(same)] = declared_again(same, row, read.curve.style)
            continue
        taken = {o.curve.mnemonic for o in out}
        name = read.curve.mnemonic
        number = 2
        while name in taken:
            name = f"{read.curve.mnemonic}{number}"
            number += 1
        out.append(replace(read, curve=replace(read.curve, mnemonic=name)))
    return out


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
