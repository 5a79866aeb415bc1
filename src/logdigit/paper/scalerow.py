"""What a line of numbers says of a scale."""

from __future__ import annotations

from dataclasses import dataclass

from logdigit.types import ScaleKind, ValueScale


@dataclass(frozen=True)
class ScaleRow:
    """Numbers of one line that make a scale between two edges, strip px.

    Attributes:
        left: x of the left edge.
        right: x of the right edge.
        values: at the left and at the right edge; of the first and the last number where there are ``edges``.
        kind: linear or log, as inner numbers show it; linear where there are none.
        told: whether inner numbers show the kind.
        y: middle of the line.
        height: of its print.
        sure: how sure the numbers are.
        otherwise: what the values may have been before the print was worn: with the decimal point that one of
            them has lost, or with a minus where a point was read.
        edges: values at the edges, where the numbers stand at ticks between; None where they stand there.
    """

    left: float
    right: float
    values: tuple[float, float]
    kind: ScaleKind
    told: bool
    y: float
    height: float
    sure: float
    otherwise: tuple[tuple[float, float], ...] = ()
    edges: tuple[float, float] | None = None

    @property
    def scale(self) -> ValueScale:
        """The scale that the values make between the edges."""
        return ValueScale(((0.0, self.values[0]), (1.0, self.values[1])), self.kind)
