"""What is read from a scale block."""

from __future__ import annotations

from dataclasses import dataclass

from logdigit.types import CurveSpec, Origin


@dataclass(frozen=True)
class ReadCurve:
    """A curve read from a scale block.

    Attributes:
        left: x of the left edge of its scale, strip px.
        right: x of its right edge.
        curve: as declared.
        y: row of its numbers.
        origins: field to where it came from and how sure.
    """

    left: float
    right: float
    curve: CurveSpec
    y: float
    origins: dict[str, tuple[Origin, float]]


@dataclass(frozen=True)
class Block:
    """What a scale block says.

    Attributes:
        curves: that it declares.
        left_out: what of it is not used, in words.
        bare: curves named without a scale.
        cuts: of each found track, where tracks that abut meet in it, as shares of its width; empty for one
            track each.
    """

    curves: tuple[ReadCurve, ...]
    left_out: tuple[str, ...]
    bare: tuple[ReadCurve, ...] = ()
    cuts: tuple[tuple[float, ...], ...] = ()
