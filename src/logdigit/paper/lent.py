"""Scales and strokes that one section of a log lends another: a repeat has those of the main pass.

A heading that is read in one place and not in another is the rule on worn paper.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from logdigit.paper.naming import printed_mnemonic
from logdigit.paper.readcurve import Block, ReadCurve
from logdigit.paper.together import usual_wrap
from logdigit.types import Origin

_DOUBTED, _BELIEVED = 0.5, 0.8
"""Certainty of a scale up to which it is doubted, and from which it stands for another section's."""
_AS_WIDE = 0.05
"""By which tracks of a curve in two sections differ in width, at most, where it has one scale in both."""


def lent(block: Block, blocks: Sequence[Block]) -> Block:
    """A block with what other sections surely have under the same name, where its own scales are in doubt.

    Scales that are doubted, or some of several only; those of curves that are named without one; and strokes
    that are not seen here. And with the wraps that are assumed once the scales are known.

    Args:
        block: of one section.
        blocks: of all sections, in any order.
    """
    curves = [usual_wrap(_drawn(_lent(curve, blocks) or curve, blocks)) for curve in block.curves]
    own = {c.curve.mnemonic for c in block.curves}
    found = [(bare, _lent(bare, blocks)) for bare in block.bare]
    more = [(bare, usual_wrap(c)) for bare, c in found if c is not None and c.curve.mnemonic not in own]
    known = {bare.curve.mnemonic for bare, _ in more}
    said = tuple(text for text in block.left_out if text.split(" ")[0] not in known)
    still = tuple(bare for bare in block.bare if bare.curve.mnemonic not in known)
    return replace(block, curves=(*curves, *(curve for _, curve in more)), left_out=said, bare=still)


def _lent(curve: ReadCurve, blocks: Sequence[Block]) -> ReadCurve | None:
    """A curve with the scales of its namesake elsewhere in a track as wide; None where it keeps its own."""
    alike = _alike(curve, blocks)
    best = max(alike, key=lambda c: (len(c.curve.scales), _sure_of(c)), default=None)
    if best is None or best is curve or _sure_of(best) < _BELIEVED:
        return None
    own, others = ({s.anchors for s in c.curve.scales} for c in (curve, best))
    some = "scale" in curve.origins and own < others
    if not some and _sure_of(curve) >= _DOUBTED:
        return None
    scales: dict[str, tuple[Origin, float]] = {"scale": ("assumed", 0.5)}
    spec = replace(curve.curve, scales=best.curve.scales) if curve.curve.scales else best.curve
    return replace(curve, curve=spec, origins={**curve.origins, **scales})


def _drawn(curve: ReadCurve, blocks: Sequence[Block]) -> ReadCurve:
    """A curve whose stroke is not seen with that of its namesakes in other sections, where these agree."""
    if curve.origins.get("style", ("read", 0.0))[0] == "read":
        return curve
    seen = [c for c in _alike(curve, blocks) if c.origins.get("style", ("assumed", 0.0))[0] == "read"]
    if len({c.curve.style for c in seen}) != 1:
        return curve
    one = max(seen, key=lambda c: c.origins["style"][1]).curve
    style: dict[str, tuple[Origin, float]] = {"style": ("assumed", 0.5)}
    spec = replace(curve.curve, style=one.style, width_px=one.width_px, colour=one.colour)
    return replace(curve, curve=spec, origins={**curve.origins, **style})


def _alike(curve: ReadCurve, blocks: Sequence[Block]) -> list[ReadCurve]:
    """Namesakes of a curve in any section, in tracks as wide as its own."""
    width = curve.right - curve.left
    return [
        c
        for block in blocks
        for c in block.curves
        if _namesakes(c, curve) and abs((c.right - c.left) / width - 1) < _AS_WIDE
    ]


def _namesakes(one: ReadCurve, other: ReadCurve) -> bool:
    """Whether two curves have one mnemonic, as printed for one that has no scale; or one printed name."""
    if other.curve.scales:
        return one.curve.mnemonic == other.curve.mnemonic
    said = printed_mnemonic(other.curve.printed)
    same = one.curve.printed == other.curve.printed or (said and said == printed_mnemonic(one.curve.printed))
    return bool(other.curve.printed and same)


def _sure_of(curve: ReadCurve) -> float:
    return curve.origins.get("scale", ("assumed", 0.0))[1]
