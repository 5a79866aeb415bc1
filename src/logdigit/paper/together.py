"""The curves of a scale block as a set: scales that go on from others, names given once, strokes alike."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from itertools import pairwise

from logdigit.paper.readcurve import ReadCurve
from logdigit.paper.scales import ScaleRow
from logdigit.types import ScaleRole, ValueScale

_AIDS = ("TENS", "LTEN", "TTEN", "HTEN", "LSPD")
"""Curves that tell of the logging, not of the rock."""


def goes_on(curves: Sequence[ReadCurve], row: ScaleRow) -> ReadCurve | None:
    """The curve just above, of which a second row of numbers without a name goes on."""
    above = [
        c for c in curves if c.left == row.left and c.right == row.right and 0 < row.y - c.y < 5 * row.height
    ]
    return max(above, key=lambda c: c.y, default=None)


def declared_again(curve: ReadCurve, row: ScaleRow) -> ReadCurve:
    """A curve with one more scale: one that goes on from the first is a wrap, another one a backup."""
    first = curve.curve.scales[0]
    values = (first.anchors[0][1], first.anchors[1][1])
    if any((s.anchors[0][1], s.anchors[-1][1]) == row.values for s in curve.curve.scales):
        return curve
    if row.values[0] == values[1] or row.values[1] == values[0]:
        return replace(curve, curve=replace(curve.curve, wraps=True), y=row.y)
    more = ValueScale(((0.0, row.values[0]), (1.0, row.values[1])), first.kind, _role(values, row.values))
    return replace(curve, curve=replace(curve.curve, scales=(*curve.curve.scales, more)), y=row.y)


def _role(main: tuple[float, float], other: tuple[float, float]) -> ScaleRole:
    """Backup where the other scale is coarser, amplified where it is finer."""
    return "backup" if abs(other[1] - other[0]) > abs(main[1] - main[0]) else "amplified"


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
            out[out.index(same)] = declared_again(same, row)
            continue
        taken = {o.curve.mnemonic for o in out}
        name = read.curve.mnemonic
        number = 2
        while name in taken:
            name = f"{read.curve.mnemonic}{number}"
            number += 1
        out.append(replace(read, curve=replace(read.curve, mnemonic=name)))
    return out


def without_aids(curves: Sequence[ReadCurve]) -> tuple[list[ReadCurve], list[str]]:
    """Curves less those of the logging itself that are drawn like a curve of the rock in the same track.

    Nothing in the ink tells two alike strokes apart, and both are lost where they trade places; of cable
    tension and a measurement the latter is wanted.
    """
    kept, said = [], []
    for read in curves:
        own = read.curve
        like = [
            o
            for o in curves
            if o is not read
            and o.curve.mnemonic[:4] not in _AIDS
            and (o.curve.style, o.curve.colour) == (own.style, own.colour)
            and min(o.right, read.right) - max(o.left, read.left) > 0.5 * (read.right - read.left)
        ]
        if own.mnemonic[:4] in _AIDS and like:
            said.append(
                f"{own.mnemonic} ({own.printed!r}): drawn like {like[0].curve.mnemonic} in the same track; "
                "declare it in the layout if it is wanted"
            )
        else:
            kept.append(read)
    return kept, said


def seams(curves: Sequence[ReadCurve], left: float, right: float) -> list[tuple[float, float]]:
    """Tracks that the scales of a block cut a stretch into: its halves where scales are of halves."""
    middle, near = (left + right) / 2, 0.1 * (right - left)
    halved = any(min(abs(c.left - middle), abs(c.right - middle)) < near for c in curves)
    cuts = [left, middle, right] if halved else [left, right]
    return list(pairwise(cuts))
