"""Skew that drifts: how the slope of the lines of equal depth changes along a strip.

Old paper went through recorder, copier and scanner askew by another angle every few hundred feet. At each
window of the strip every slope near the overall one is scored by how sharply the lines pile up; the course is
the one path through these scores that bends least for what it gains (Viterbi), so that a window full of flat
strokes, or without lines, goes with its neighbours.
"""

from __future__ import annotations

import math
from collections.abc import Sequence

import numpy as np
from scipy.ndimage import gaussian_filter1d

from logdigit.paper.skew import find_skew, sharpness
from logdigit.types import Float, Strip

Course = tuple[tuple[float, float], ...]
"""(row, slope) pairs, rows increasing: strip px down per px to the right."""
_ROWS = 640
"""Rows of a window: a dozen lines of most grids."""
_MOST = 160
"""Windows of a section, at most; between them the course is straight."""
_REACH, _STEP = 0.02, 0.0005
"""Slopes on either side of the overall one that are tried, and how far apart they are."""
_BEND = 0.0005
"""What a window has to gain, in the logarithm of sharpness, for a bend of one `_STEP`, squared."""
_SMOOTH = 0.5
"""Windows (sigma) over which the course is smoothed: finer than this it is noise."""
_LEAST_PX = 1.5
"""A drift that moves the border of the page by less, against one skew for all, is none."""


def drifting_skew(
    strip: Strip, sections: Sequence[tuple[int, int]], known: Sequence[Course] | None = None
) -> float | tuple[tuple[float, float], ...] | None:
    """Skew of the lines of equal depth along a strip, degrees, as a layout file declares it.

    Args:
        strip: the scan.
        sections: first row of each and one past its last.
        known: course of each section, as ``find_course`` gives it, where they are; else they are measured.

    Returns:
        One number where it drifts in no section and all agree, else (row, degrees), rows at the middle of the
        strip; None where no line shows it.
    """
    given: Sequence[Course | None] = known or [None] * len(sections)
    by_length = sorted(zip(sections, given, strict=True), key=lambda one: one[0][0] - one[0][1])
    courses: list[tuple[tuple[int, int], Course]] = []
    for (top, bottom), course in by_length:  # where two sections share rows, the longer one tells
        if all(bottom <= a or top >= b for (a, b), _ in courses):
            courses.append(((top, bottom), find_course(strip, top, bottom) if course is None else course))
    points = [point for _, course in sorted(courses, key=lambda one: one[0]) for point in course]
    if not points:
        return None
    mean = float(np.mean([slope for _, slope in points]))
    first = courses[0][1]
    if len(first) == 1:
        mean = first[0][1]
    degrees = tuple((round(row, 1), round(math.degrees(math.atan(slope)), 4)) for row, slope in points)
    if max(abs(slope - mean) for _, slope in points) * strip.width / 2 < _LEAST_PX:
        return round(math.degrees(math.atan(mean)), 4)
    return degrees


def find_course(strip: Strip, top: int, bottom: int, faint: bool = False) -> Course:
    """The slope of the lines of equal depth along a section.

    Args:
        strip: the scan.
        top: first row.
        bottom: one past the last row.
        faint: look for lines that are pale or dotted.

    Returns:
        One pair where the slope does not drift; none where no line shows it.
    """
    slope = find_skew(strip, top, bottom, faint)
    if slope is None:
        return ()
    whole = (((top + bottom) / 2, slope),)
    count = min(_MOST, (bottom - top) // _ROWS)
    if count < 2:
        return whole
    starts = np.linspace(top, bottom - _ROWS, count).round().astype(int)
    slopes = slope + np.arange(-_REACH, _REACH + _STEP / 2, _STEP)
    gain = np.array([_gain(strip, int(start), slopes, faint) for start in starts])
    course = slopes[_path(gain, _BEND * _ROWS / max(_ROWS, float(np.diff(starts).mean())))]
    course = gaussian_filter1d(course, _SMOOTH, mode="nearest")
    if float(np.max(np.abs(course - slope))) * strip.width / 2 < _LEAST_PX:
        return whole
    return tuple((start + _ROWS / 2, float(value)) for start, value in zip(starts, course, strict=True))


def _gain(strip: Strip, start: int, slopes: Float, faint: bool) -> Float:
    """How much more sharply the lines of a window pile up at each slope than at most, (S,) logarithms."""
    sharp = sharpness(strip.read(start, start + _ROWS), slopes, faint)
    usual = float(np.median(sharp))
    if usual <= 0:
        return np.zeros(len(slopes))
    return np.asarray(np.log(np.maximum(sharp / usual, 0.1)))


def _path(gain: Float, bend: float) -> np.ndarray:
    """Index of the slope in each window, (K,), that gains most for its bends."""
    steps = np.arange(gain.shape[1])
    cost = bend * np.square(steps[:, None] - steps[None, :])
    best, back = gain[0], []
    for row in gain[1:]:
        total = best[None, :] - cost
        back.append(total.argmax(axis=1))
        best = total.max(axis=1) + row
    path = [int(best.argmax())]
    for came in reversed(back):
        path.append(int(came[path[-1]]))
    return np.array(path[::-1])
