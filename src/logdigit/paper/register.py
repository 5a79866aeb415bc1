"""Registration: a chain of figures laid on the lines of equal depth.

A figure names a depth, but stands beside its line, sometimes well above or below it; the line gives the
place. All figures of a log stand alike, so their common distance from a line is measured first; then each
takes the line at that distance, and the finer lines between two figures are followed and counted. A count
that disagrees with the figures, or a distance that could as well be another, is no registration.
"""

from __future__ import annotations

from dataclasses import dataclass
from itertools import pairwise

import numpy as np
from scipy.ndimage import maximum_filter1d

from logdigit.errors import RefusalError
from logdigit.paper.figures import Chain
from logdigit.paper.rules import Lines, Ruling, lines_in
from logdigit.types import Float

_UNITS = (0.2, 0.25, 0.5, 1.0, 2.0, 2.5, 5.0, 10.0, 20.0, 25.0, 50.0, 100.0)
"""Depth units from one line to the next."""
_FINEST_PX = 7.0
"""Lines nearer than this run into each other."""
_RIVAL = 0.8
"""Height, as share of the highest, from which another distance of the figures is a rival."""


@dataclass(frozen=True)
class Registered:
    """Rows to depths, and how that was found.

    Attributes:
        ticks: (strip row, depth) at the depth column, two or more, both increasing.
        line_unit: depth units from one line to the next that was counted; 0 where none could be.
        offset: rows from the figures' middles to their lines, median.
        top: first row where lines of this course run, strip px.
        bottom: last such row.
        counted: intervals between figures in which lines could be counted.
        agreed: of those, where the count is that of the figures.
        rms: of the ticks against the figures, px.
    """

    ticks: tuple[tuple[float, float], ...]
    line_unit: float
    offset: float
    top: float
    bottom: float
    counted: int
    agreed: int
    rms: float


def register(chain: Chain, ruling: Ruling) -> Registered:
    """Lay a chain of figures on the lines beside it.

    Raises:
        RefusalError: naming what is in doubt.
    """
    lines = lines_in(ruling)
    if len(lines.rows) < 4:
        raise RefusalError("no lines of equal depth can be made out beside the figures")
    offset = _offset(chain, ruling)
    rows, depths, misses = _snapped(chain, lines, offset)
    share = len(rows) / len(chain.figures)
    if len(rows) < 3 or share < 0.6:
        raise RefusalError(
            f"only {len(rows)} of {len(chain.figures)} depth figures stand at a line of equal depth"
        )
    unit, ticks, counted, agreed = _counted(rows, depths, lines, chain.px_per_unit)
    if not unit and share < 0.8:
        raise RefusalError("the lines between figures cannot be counted, and some figures have no line")
    top, bottom, ticks = _extended(ticks, lines, unit, ruling)
    return Registered(
        tuple((round(float(r), 2), float(d)) for r, d in _thinned(_smoothed(ticks))),
        unit,
        offset,
        top,
        bottom,
        counted,
        agreed,
        float(np.sqrt(np.mean(np.square(misses)))),
    )


def _offset(chain: Chain, ruling: Ruling) -> float:
    """Rows from the middle of a figure to its line, alike for all figures of a chain.

    Raises:
        RefusalError: if two distances are about as likely.
    """
    tall = float(np.median([f.height for f in chain.figures]))
    half = round(min(0.75 * chain.px_per_unit * chain.step, 5 * tall + 60))
    if half < 8:
        raise RefusalError("the depth figures stand too close for lines between them")
    near = min(0.45 * chain.px_per_unit * chain.step, max(1.3 * tall, 40.0))
    pile, count = np.zeros(2 * half + 1), 0
    for row in chain.rows:
        k = round(row) - ruling.top
        if half <= k < len(ruling.cover) - half:
            pile += np.convolve(ruling.cover[k - half : k + half + 1], np.ones(5), "same")
            count += 1
    if count < 3:
        raise RefusalError("fewer than three depth figures lie inside the ruled paper")
    pile /= count
    shifts = np.arange(-half, half + 1)
    peaks = np.flatnonzero((pile >= maximum_filter1d(pile, 9)) & (pile > 0.3 * pile.max()))
    inside = peaks[np.abs(shifts[peaks]) <= near]
    if not len(inside) or pile[inside].max() < 0.6:
        raise RefusalError("the depth figures stand at no line of equal depth")
    # of two lines as strong, a figure belongs to the one it stands nearer to, if that is plain
    best = int(max(inside, key=lambda k: pile[k] * (1 - 0.3 * abs(shifts[k]) / near)))
    for rival in (int(k) for k in peaks if abs(shifts[k] - shifts[best]) > 8):
        strong = pile[rival] >= _RIVAL * pile[best]
        if strong and abs(shifts[best]) > 0.36 * abs(shifts[rival] - shifts[best]):
            raise RefusalError(
                f"the depth figures stand between two lines ({shifts[best]:+d} and {shifts[rival]:+d} px): "
                "which one they name cannot be told"
            )
    return float(shifts[best])


def _snapped(chain: Chain, lines: Lines, offset: float) -> tuple[Float, Float, Float]:
    """Line rows and depths of the figures with a line at the common distance, and how far each missed."""
    gap = float(np.median(np.diff(lines.rows)))
    reach = float(np.clip(0.45 * gap, 4.0, 14.0))
    strong = float(np.median(lines.strength))
    rows: list[float] = []
    depths: list[float] = []
    misses: list[float] = []
    for figure in chain.figures:
        off = lines.rows - (figure.row + offset)
        near = np.flatnonzero(np.abs(off) <= max(reach, 8.0))
        if not len(near):
            continue
        worth = np.minimum(lines.strength[near], 3 * strong) * np.exp(-np.square(off[near] / 8.0))
        k = int(near[np.argmax(worth)])
        if rows and lines.rows[k] <= rows[-1]:
            continue
        rows.append(float(lines.rows[k]))
        depths.append(figure.value)
        misses.append(float(off[k]))
    return np.array(rows), np.array(depths), np.array(misses or [0.0])


def _counted(
    rows: Float, depths: Float, lines: Lines, pitch: float
) -> tuple[float, list[tuple[float, float]], int, int]:
    """The finest line unit whose lines are there and whose count is that of the figures.

    Returns:
        Unit (0 where there is none), ticks, intervals in which lines could be counted, those that agree.
    """
    for unit in _UNITS:
        if pitch * unit < _FINEST_PX or unit > np.diff(depths).min():
            continue
        ticks, counted, agreed = _followed(rows, depths, lines, unit)
        if counted >= max(2, 0.5 * (len(rows) - 1)) and agreed >= 0.75 * counted:
            return unit, ticks, counted, agreed
    return 0.0, list(zip(rows.tolist(), depths.tolist(), strict=True)), 0, 0


def _followed(
    rows: Float, depths: Float, lines: Lines, unit: float
) -> tuple[list[tuple[float, float]], int, int]:
    """Ticks at figures and at the lines between them where their count agrees; intervals counted, agreed."""
    ticks: list[tuple[float, float]] = [(float(rows[0]), float(depths[0]))]
    counted = agreed = 0
    for (row0, depth0), (row1, depth1) in pairwise(zip(rows, depths, strict=True)):
        if unit:
            between = _between(float(row0), float(row1), round((depth1 - depth0) / unit), lines)
            if between is not None:
                counted += 1
                if len(between) == round((depth1 - depth0) / unit) - 1:
                    agreed += 1
                    ticks += [(r, float(depth0) + unit * (k + 1)) for k, r in enumerate(between)]
        ticks.append((float(row1), float(depth1)))
    return ticks, counted, agreed


def _between(row0: float, row1: float, count: int, lines: Lines) -> list[float] | None:
    """Rows of the lines passed on the way from one line to another, those not seen put in where due.

    None where too few of them are there, so that nothing is counted.
    """
    pitch = (row1 - row0) / max(1, count)
    out: list[float] = []
    seen, row = 0, row0
    while row + 1.5 * pitch < row1 + 0.02 * pitch and len(out) <= count + 2:
        due = row + pitch
        k = int(np.argmin(np.abs(lines.rows - due)))
        if abs(lines.rows[k] - due) <= 0.3 * pitch:
            row = float(lines.rows[k])
            seen += 1
        else:
            row = due
        out.append(row)
    return out if seen >= 0.6 * max(1, len(out)) else None


def _extended(
    ticks: list[tuple[float, float]], lines: Lines, unit: float, ruling: Ruling
) -> tuple[float, float, list[tuple[float, float]]]:
    """First and last row of this course, with ticks up to there where lines can be counted on."""
    if not unit or len(ticks) < 2:
        return ticks[0][0], ticks[-1][0], ticks
    slack = max(1, len(ticks) // 2)
    few = min(12, slack)
    up = _walk(ticks[0], -(ticks[few][0] - ticks[0][0]) / (ticks[few][1] - ticks[0][1]), -unit, lines)
    down = _walk(
        ticks[-1], (ticks[-1][0] - ticks[-1 - few][0]) / (ticks[-1][1] - ticks[-1 - few][1]), unit, lines
    )
    whole = [*reversed(up), *ticks, *down]
    return whole[0][0], whole[-1][0], whole


def _walk(start: tuple[float, float], pitch: float, unit: float, lines: Lines) -> list[tuple[float, float]]:
    """Lines counted on from a tick, ``unit`` a line (negative upwards), until two in a row are missing."""
    out: list[tuple[float, float]] = []
    waiting: list[tuple[float, float]] = []
    (row, depth), step = start, pitch * abs(unit)
    while len(waiting) < 2 and depth + unit >= -1e-9:
        due, depth = row + step, depth + unit
        k = int(np.argmin(np.abs(lines.rows - due)))
        if abs(lines.rows[k] - due) <= 0.2 * abs(step):
            row = float(lines.rows[k])
            out += [*waiting, (row, depth)]
            waiting = []
        else:
            row = due
            waiting.append((row, depth))
    return out


def _smoothed(ticks: list[tuple[float, float]], reach_px: float = 130.0) -> list[tuple[float, float]]:
    """Ticks on a local parabola: a ruled line lies within half a pixel of where it was meant."""
    points = np.array(ticks)
    rows = points[:, 0].copy()
    for k in range(len(points)):
        near = np.abs(points[:, 0] - points[k, 0]) <= reach_px
        if near.sum() < 4:
            continue
        x, y = points[near, 1] - points[k, 1], points[near, 0] - points[k, 0]
        for _ in range(2):  # the second time without lines that a curve or a splice has moved
            fit = np.polynomial.polynomial.polyfit(x, y, 2 if len(x) > 5 else 1)
            off = np.abs(y - np.polynomial.polynomial.polyval(x, fit))
            keep = off <= max(1.0, 2.5 * float(np.median(off)))
            x, y = x[keep], y[keep]
            if len(x) < 4 or np.ptp(x) == 0:
                break
        rows[k] += float(fit[0])
    return [(float(r), float(d)) for r, d in zip(rows, points[:, 1], strict=True)]


def _thinned(ticks: list[tuple[float, float]], within: float = 0.35) -> list[tuple[float, float]]:
    """As many ticks as it takes to stay within a fraction of a pixel of all of them."""
    points = np.array(ticks)
    keep, open_ = {0, len(points) - 1}, [(0, len(points) - 1)]
    while open_:
        a, b = open_.pop()
        if b - a < 2:
            continue
        line = np.interp(points[a:b, 1], points[[a, b], 1], points[[a, b], 0])
        off = np.abs(points[a:b, 0] - line)
        if off.max() > within:
            worst = a + int(np.argmax(off))
            keep.add(worst)
            open_ += [(a, worst), (worst, b)]
    return [(float(points[k, 0]), float(points[k, 1])) for k in sorted(keep)]
