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
    """What a scale block declares, what of it is not used, in words, and curves named without a scale."""

    curves: tuple[ReadCurve, ...]
    left_out: tuple[str, ...]
    bare: tuple[ReadCurve, ...] = ()


def one_line(text: str) -> str:
    """Printed text as LAS can hold it.

    >>> one_line("Gamma  Ray°")
    'Gamma Ray'
    """
    return " ".join(text.encode("ascii", "ignore").decode().split())
