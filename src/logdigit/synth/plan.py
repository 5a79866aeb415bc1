"""The plan of a sheet: what lies where, before any of it is drawn.

Coordinates are sheet px at the working resolution, pixel centres at integers.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

import cv2

from logdigit.types import Float, Style

Edge = Literal["wrap", "peg", "leave", "over"]
Ink = tuple[int, int, int]


@dataclass(frozen=True)
class Stroke:
    """One curve as the pen draws it.

    Attributes:
        x: (H,) sheet px, unwrapped: may lie outside the track; NaN where nothing is drawn.
        style: line style.
        width: stroke width, px.
        ink: RGB of the ink.
        pattern: on, off, on, off ... lengths along the line, px; empty for a solid line.
        edge: what happens off scale: re-enter (wrap), stand at the edge (peg), stop (leave), go on (over).
        scatter: how far the dots of a dotted line lie off it, sideways, px sigma.
    """

    x: Float
    style: Style
    width: float
    ink: Ink = (0, 0, 0)
    pattern: tuple[float, ...] = ()
    edge: Edge = "leave"
    scatter: float = 0.0


@dataclass(frozen=True)
class Grid:
    """The printed grid of a track: vertical lines at ``u`` in 0..1, horizontal ones every ``pitch`` rows.

    Attributes:
        verticals: (u, width px) pairs.
        pitch: rows between horizontal lines, px; 0 for none.
        phase: row of the first one.
        heavy: every n-th horizontal line is heavy; 0 for never.
        widths: width px of thin and heavy horizontal lines.
        ink: RGB.
        wholeness: share of the line that took ink; 1 for an unbroken line.
        fur: how far the lines are roughened, px.
        ticks: length of thin horizontal lines where they are but ticks at the track's edges, px; else 0.
        pattern: on, off lengths of thin lines, px; empty for solid ones.
        top: row at which the vertical lines begin, px; horizontal ones begin at ``phase``.
        bottom: row at which the grid ends, px.
    """

    verticals: tuple[tuple[float, float], ...]
    pitch: float
    phase: float
    heavy: int
    widths: tuple[float, float]
    ink: Ink = (0, 0, 0)
    wholeness: float = 1.0
    fur: float = 0.0
    ticks: float = 0.0
    pattern: tuple[float, ...] = ()
    top: float = -1.0
    bottom: float = float("inf")

    @property
    def distinct(self) -> bool:
        """Whether heavy lines are told from thin ones at a glance."""
        return self.widths[1] >= 1.6 * self.widths[0]


@dataclass(frozen=True)
class TrackPlan:
    """A track of a sheet: edges in px, its grid, the strokes from bottom to top."""

    left: float
    right: float
    grid: Grid
    strokes: tuple[Stroke, ...]
    fill: tuple[int, str] | None = (
        None  # (stroke number, "grey" | "hatch" | "black"): shaded to the left edge
    )


@dataclass(frozen=True)
class Label:
    """Text on the sheet: (x, y) of its lower left corner, px; ``turned`` reads upwards."""

    text: str
    x: float
    y: float
    size: float
    turned: bool = False
    width: int = 1
    font: int = cv2.FONT_HERSHEY_SIMPLEX
    ink: Ink = (0, 0, 0)


@dataclass(frozen=True)
class Mark:
    """A polyline that is no curve (pip, arrow, flag, pen scratch): points (K, 2) px."""

    points: Float
    width: float
    ink: Ink = (0, 0, 0)
    closed: bool = False


@dataclass(frozen=True)
class SheetPlan:
    """A sheet before it is drawn: size in px, what lies on it, and the seed of its broken ink."""

    height: int
    width: int
    tracks: tuple[TrackPlan, ...]
    labels: tuple[Label, ...] = ()
    marks: tuple[Mark, ...] = ()
    paper: Ink = (255, 255, 255)
    seed: int = 0
