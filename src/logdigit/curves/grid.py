"""Lines of the grid that the network takes for strokes: borders and decades of a track, heavy lines across.

A heavy line with nothing finer beside it looks like a pen: one at its stop, or one that kicks from edge to
edge. Where it stands in the straight frame tells otherwise. What crosses a line, or leaves it, is left alone.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray
from scipy.ndimage import (
    binary_closing,
    binary_dilation,
    binary_opening,
    find_objects,
    label,
    maximum_filter1d,
)

from logdigit.curves.calibrate import to_position
from logdigit.types import CurveSpec, Float, Float32, UInt8

FAINT = 0.05  # share of its ink that is left of a line
LINED = 0.3  # ink from which a line is seen
BORDER, STANDS = 2, 61  # px to either side of an edge in which its line lies; rows on which it is no stroke
FLANK = 2  # px beyond those in which it fades out,
FADES = 0.6  # to so much ink at most: a stroke beside it has more
DECADE, PIECE = 1, 25  # the same of the line of a decade, of which the network takes pieces for strokes,
OFTEN = 0.1  # on so many rows,
BESIDE = 6  # px from it, at least, to the strokes that are seen beside it
HOLE = 13  # rows on which an upright line may not be seen
SPANS = 0.5  # share of a track's columns on which the network takes a line across it for a stroke
THICK = 12  # rows that it is high, at most
LIGHTEST, DARK = 85, 0.4  # percentile of the px of a row; how far from paper to ink that is where a line lies
ASTRAY = 4.0  # rows by which it lies off the depth that it stands for, at most
REGULAR, FEW = 0.6, 3  # share of the lines of one distance that are seen; their number, at least
FRAME = 10  # rows from the ends of a section within which its frame lies
NEAR = 5  # rows above and below in which what makes it heavier is seen
THICKER = 1.3  # times as heavy as its kind, it has a kick on it
ASIDE = 3  # rows above and below a line in which what crosses it is seen
CROSSING = 25  # columns that a stroke travels while it crosses a line
UNITS = (1.0, 2.0, 2.5, 5.0)  # distances of lines in depth units, and ten times these, and so on


def without_grid(
    prob: Float32,
    background: int,
    columns: tuple[float, float],
    curves: tuple[CurveSpec, ...],
    grey: UInt8 | None,
    depths: Float | None,
    ends: tuple[bool, bool],
) -> Float32:
    """Probabilities (C, H, W) of a window of a track in which lines of its grid are paper, not strokes.

    Args:
        prob: of the columns of the track.
        background: number of its class.
        columns: of the edges.
        curves: of the track, with their scales.
        grey: pixels (H, W), 0 ink; None where nobody has them, and
        depths: of the rows (H,), or None: then lines of equal depth are not looked for.
        ends: whether the section begins with the first row, ends with the last.
    """
    left, right = columns
    prob = without_borders(prob, background, columns)
    inner = tuple(left + u * (right - left) for u in decades(curves))
    prob = without_decades(prob, background, inner)
    if grey is None or depths is None:
        return prob
    return without_levels(prob, background, columns, grey, depths, ends)


def decades(curves: tuple[CurveSpec, ...]) -> tuple[float, ...]:
    """Positions (u) of the powers of ten inside logarithmic scales.

    >>> from logdigit.types import ValueScale
    >>> decades((CurveSpec("LLD", (ValueScale(((0.0, 0.2), (1.0, 2000.0)), "log"),)),))
    (0.1747, 0.4247, 0.6747, 0.9247)
    """
    powers = np.logspace(-4, 5, 10)
    scales = [scale for curve in curves for scale in curve.scales[:1] if scale.kind == "log"]
    at = {round(float(u), 4) for scale in scales for u in to_position(scale, powers)}
    return tuple(sorted(u for u in at if 0 < u < 1))


def without_borders(prob: Float32, background: int, columns: tuple[float, ...]) -> Float32:
    """Probabilities (C, H, W) in which a straight line at an edge of the track is paper, not a stroke.

    Where it is the pen, there is no reading either.

    Args:
        prob: of the columns of a track.
        background: number of its class.
        columns: of the edges.
    """
    ink = 1 - prob[background]
    line = np.zeros(ink.shape, bool)
    for at in columns:
        near = _near(at, BORDER)
        rows = _upright(ink[:, near], STANDS)
        line[rows, near] = True
        _fading(ink, near, rows, line)
    return faded(prob, background, line)


def _fading(ink: Float32, near: slice, rows: NDArray[np.bool_], line: NDArray[np.bool_]) -> None:
    """Add to a line (H, W) on some rows (H,) the px beside its columns in which its ink (H, W) fades out."""
    for first, step in ((near.stop, 1), (near.start - 1, -1)):
        on = rows
        for column in range(first, first + FLANK * step, step):
            if not 0 < column < ink.shape[1] - 1:
                break
            on = on & (ink[:, column] < FADES) & (ink[:, column] < ink[:, column - step])
            line[on, column] = True


def without_decades(prob: Float32, background: int, columns: tuple[float, ...]) -> Float32:
    """Probabilities (C, H, W) in which the line of a decade is paper, not a stroke.

    That is where pieces of it are seen again and again, beside other strokes.

    Args:
        prob: of the columns of a track.
        background: number of its class.
        columns: of the powers of ten on its logarithmic scales.
    """
    ink = 1 - prob[background]
    x = np.arange(ink.shape[1])
    inside = (x >= 2 * BORDER) & (x < len(x) - 2 * BORDER)
    line = np.zeros(ink.shape, bool)
    for at in columns:
        beside = inside & (np.abs(x - at) > BESIDE)
        near = _near(at, DECADE)
        pieces = _upright(ink[:, near], PIECE) & (ink[:, beside] > LINED).any(axis=1)
        if pieces.mean() > OFTEN:
            line[pieces, near] = True
    return faded(prob, background, line)


def _near(at: float, reach: int) -> slice:
    return slice(max(0, round(at) - reach), round(at) + reach + 1)


def _upright(ink: Float32, least: int) -> NDArray[np.bool_]:
    """(H,) rows of runs of ``least`` and more on which a line is seen in the ink of its columns (H, w)."""
    seen = np.pad(ink.max(axis=1) > LINED, least, mode="edge")
    return np.asarray(
        binary_opening(binary_closing(seen, np.ones(HOLE, bool)), np.ones(least, bool))[least:-least]
    )


def faded(prob: Float32, background: int, line: NDArray[np.bool_]) -> Float32:
    """Probabilities (C, H, W) with what is on a line (H, W) faint; the same ones where there is none."""
    if not line.any():
        return prob
    out = prob.copy()
    out[:, line] *= FAINT
    out[background, line] += 1 - FAINT
    return out


def without_levels(
    prob: Float32,
    background: int,
    columns: tuple[float, float],
    grey: UInt8,
    depths: Float,
    ends: tuple[bool, bool],
) -> Float32:
    """Probabilities (C, H, W) in which lines of equal depth are paper, not strokes.

    They are dark from edge to edge, at depths that are round, and most of their kind are there. A kick of a
    curve may lie level too, but not at every tenth foot.

    Args:
        prob: of the columns of a track.
        background: number of its class.
        columns: of the edges.
        grey: pixels (H, W), 0 ink.
        depths: of the rows (H,).
        ends: whether the section begins with the first row, ends with the last: there its frame lies.
    """
    inside = slice(max(0, round(columns[0]) + 2 * BORDER), round(columns[1]) - 2 * BORDER)
    seen = (1 - prob[background]) > LINED
    level = binary_dilation(seen[:, inside], np.ones((3, 1), bool)).mean(axis=1) > SPANS
    if not level.any():
        return prob
    paper, black = (float(q) for q in np.percentile(grey[::4, inside][:, ::4], [70, 1]))
    dark = np.clip((paper - grey[:, inside].astype(np.float32)) / max(paper - black, 20.0), 0, 1)
    spans = np.percentile(maximum_filter1d(dark, 3, axis=0), 100 - LIGHTEST, axis=1) > DARK
    runs = [found[0] for found in find_objects(label(spans)[0])]
    at = np.array([(run.start + run.stop - 1) / 2 for run in runs])
    due, high = _regular(at, np.array([run.stop - run.start for run in runs]), depths)
    heavy = _heaviness(dark, due)
    plain = [row for k, row in enumerate(due) if heavy[k] <= THICKER * _of_its_kind(heavy, k)]
    frame = [row for row in at if (ends[0] and row < FRAME) or (ends[1] and len(level) - row < FRAME)]
    line = np.zeros(seen.shape, bool)
    for row in [*plain, *frame]:
        first = max(0, round(row - (high - 1) / 2))
        rows = slice(first, min(len(level), first + high))
        if level[rows].any():
            line[rows] |= ~_crossing(seen, rows)
    return faded(prob, background, line)


def _regular(at: Float, heights: NDArray[np.int_], depths: Float) -> tuple[list[float], int]:
    """Rows of the lines of one distance of which most are there, among those seen (n,); their height.

    One that a kick thickens lies where those around it say.
    """
    if len(at) < FEW or not np.ptp(depths):
        return [], THICK
    px = (len(depths) - 1) / float(np.ptp(depths))  # rows a depth unit
    for unit in (size * 10.0**power for power in range(-1, 4) for size in UNITS):
        if unit * px < 3 * ASTRAY:
            continue
        multiples = np.arange(np.ceil(depths.min() / unit), np.floor(depths.max() / unit) + 1) * unit
        if len(multiples) < FEW:
            break
        due = np.interp(multiples, depths, np.arange(len(depths)))
        off = at[:, None] - due
        found = np.abs(off).min(axis=0) <= ASTRAY
        if found.mean() >= REGULAR:
            astray = np.where(found, off[np.abs(off).argmin(axis=0), range(len(due))], np.nan)
            usual = [float(np.nanmedian(astray[max(0, k - 2) : k + 3])) for k in np.flatnonzero(found)]
            own = np.abs(off).min(axis=1) <= ASTRAY
            return list(due[found] + usual), min(THICK, int(np.median(heights[own])))
    return [], THICK


def _heaviness(dark: Float32, rows: Sequence[float]) -> Float:
    """Px of black down the middle column of each line (n,), in a band of ``2 NEAR + 1`` rows."""
    around = [dark[max(0, round(row) - NEAR) : round(row) + NEAR + 1].sum(axis=0) for row in rows]
    return np.array([float(np.median(one)) for one in around])


def _of_its_kind(heavy: Float, line: int) -> float:
    """How heavy lines like one are: those ten lines above and below, and twenty; all, where these are few."""
    alike = [k for k in (line - 20, line - 10, line + 10, line + 20) if 0 <= k < len(heavy)]
    return float(np.median(heavy[alike] if len(alike) > 1 else heavy))


def _crossing(seen: NDArray[np.bool_], line: slice) -> NDArray[np.bool_]:
    """(W,) columns of a line at which strokes cross it or run beside it."""
    above = seen[max(0, line.start - ASIDE) : max(0, line.start - 1)].any(axis=0)
    below = seen[line.stop + 1 : line.stop + ASIDE].any(axis=0)
    strokes = np.pad(binary_dilation(np.asarray(above | below), np.ones(2 * ASIDE + 1, bool)), CROSSING)
    return np.asarray(binary_closing(strokes, np.ones(CROSSING, bool))[CROSSING:-CROSSING])
