"""What lies on a sheet and is no curve: figures, pips, flags, words, stamps, handwriting, waveforms, rock."""

from __future__ import annotations

import cv2
import numpy as np

from logdigit.synth.families import Family, Range
from logdigit.synth.plan import Label, Mark
from logdigit.synth.strokes import log_uniform

FONTS = (
    cv2.FONT_HERSHEY_SIMPLEX,
    cv2.FONT_HERSHEY_PLAIN,
    cv2.FONT_HERSHEY_DUPLEX,
    cv2.FONT_HERSHEY_COMPLEX,
    cv2.FONT_HERSHEY_COMPLEX_SMALL,
    cv2.FONT_HERSHEY_SCRIPT_SIMPLEX,
)
"""Fonts of every corpus."""

_WORDS = (
    *("GR", "SP", "CAL", "DT", "RHOB", "NPHI", "ILD", "SN", "CALIPER", "GAMMA RAY", "SFL", "CSG", "5.5"),
    *("API", "REPEAT", "RUN 2", "NEUTRON", "TENSION", "RXO", "BIT", "F.R.", "LSPD 60", "X10", "TD", "DST 3"),
)
_PENCIL = (90, 90, 90)


def random_clutter(
    rng: np.random.Generator, family: Family, height: int, width: int, columns: list[Range], font: int
) -> tuple[list[Label], list[Mark]]:
    """Figures and pips in the depth ``columns`` (left, right px); words and marks over everything."""
    turned = rng.random() > family.upright
    bold = int(rng.choice([1, 1, 2]))
    labels, marks = _depth_columns(rng, height, columns, turned, bold, font)
    if rng.random() < 0.3:
        for _ in range(rng.integers(1, 4)):
            more_labels, more_marks = _words(rng, height, width, bold, font)
            labels, marks = labels + more_labels, marks + more_marks
    if rng.random() < 0.08:
        marks.append(_handwriting(rng, height, width))
    if rng.random() < 0.05:
        marks += _stamp(rng, height, width)
    if rng.random() < 0.05:  # line-speed or tension flags: short bars in a row down the sheet
        x, step = rng.uniform(0, width), rng.uniform(20, 120)
        for y in np.arange(rng.uniform(0, step), height, step):
            marks.append(Mark(np.array([[x, y], [x + rng.uniform(4, 30), y]]), rng.uniform(1, 5)))
    return labels, marks


def _depth_columns(
    rng: np.random.Generator, height: int, columns: list[Range], turned: bool, bold: int, font: int
) -> tuple[list[Label], list[Mark]]:
    labels: list[Label] = []
    marks: list[Mark] = []
    size = float(rng.uniform(0.35, 0.9))
    pitch = float(rng.choice([50, 100, 200, 250, 500]))
    number, add = int(rng.integers(1, 1500)) * 10, int(rng.choice([5, 10, 20, 50, 100]))
    for left, right in columns:
        for k, y in enumerate(np.arange(rng.uniform(0, pitch), height + 50, pitch)):
            x = left + (right - left) * rng.uniform(0.05, 0.3)
            labels.append(Label(str(number + k * add), x, y + rng.normal(5, 3), size, turned, bold, font))
        if rng.random() < 0.25:  # pips of travel time or cable marks
            step = float(rng.uniform(10, 90))
            for y in np.arange(rng.uniform(0, step), height, step):
                length = rng.uniform(5, 25)
                marks.append(Mark(np.array([[right, y], [right - length, y]]), rng.uniform(1, 2.5)))
    return labels, marks


def _words(
    rng: np.random.Generator, height: int, width: int, bold: int, font: int
) -> tuple[list[Label], list[Mark]]:
    """A name written over the curves, perhaps with an arrow."""
    x, y = rng.uniform(0, width), rng.uniform(0, height)
    words = " ".join(rng.choice(_WORDS, rng.integers(1, 4)))
    turned = bool(rng.random() < 0.3)
    labels = [Label(words, x, y, float(rng.uniform(0.3, 1.0)), turned, bold, font)]
    if rng.random() < 0.5:
        return labels, []
    tip = np.array([x - rng.uniform(20, 70), y - rng.uniform(-10, 10)])
    head = tip + np.array([[8.0, -4.0], [0.0, 0.0], [8.0, 4.0]])
    return labels, [
        Mark(np.array([[x, y - 5], tip]), rng.uniform(1, 2.5)),
        Mark(head, rng.uniform(1, 3)),
    ]


def _handwriting(rng: np.random.Generator, height: int, width: int) -> Mark:
    """A line of looped script in pencil or ink, or one straight scratch."""
    start = rng.uniform(0, [width, height])
    if rng.random() < 0.4:
        points = np.cumsum(rng.normal(0, 25, (6, 2)), axis=0) + start
    else:
        t = np.arange(0, rng.uniform(10, 60), 0.3)
        size, lean = rng.uniform(4, 12), rng.normal(0, 0.1)
        along, across = 0.8 * t + np.cos(2 * t), np.sin(2 * t) + lean * t
        loops = size * np.column_stack([along, across])
        jumps = np.cumsum(rng.normal(0, 0.06 * size, loops.shape), axis=0)
        points = start + loops + jumps
    ink = _PENCIL if rng.random() < 0.6 else (0, 0, 0)
    return Mark(points, rng.uniform(1, 3), ink)


def _stamp(rng: np.random.Generator, height: int, width: int) -> list[Mark]:
    """A box, a flag or a round stamp."""
    x, y, w, h = rng.uniform(0, width), rng.uniform(0, height), rng.uniform(20, 150), rng.uniform(10, 60)
    pen = rng.uniform(1, 3)
    if rng.random() < 0.3:
        angles = np.linspace(0, 2 * np.pi, 40)
        ring = np.column_stack([np.cos(angles), np.sin(angles)])
        return [Mark(np.array([x, y]) + ring * radius, pen) for radius in (w / 2, w / 2 - 8)]
    return [Mark(np.array([[x, y], [x + w, y], [x + w, y + h], [x, y + h]]), pen, closed=True)]


def random_block(rng: np.random.Generator, height: int, left: float, right: float) -> list[Mark]:
    """A picture in a track that is no curve: a variable-density block, or a lithology column."""
    return _wiggles(rng, height, left, right) if rng.random() < 0.6 else _rock(rng, height, left, right)


def _wiggles(rng: np.random.Generator, height: int, left: float, right: float) -> list[Mark]:
    """Waveforms side by side, their arrivals wandering together."""
    base = np.arange(height, dtype=np.float64)
    arrivals = np.interp(base, np.linspace(0, height, 8), rng.normal(0, 10, 8))
    step = float(rng.uniform(5, 14))
    marks = []
    for number, x in enumerate(np.arange(left + 15, right - 5, step)):
        wave = x + arrivals * rng.uniform(0.6, 1.0) + 2 * np.sin(base / rng.uniform(8, 60) + number)
        start = int(rng.integers(0, max(1, height // 3))) if rng.random() < 0.5 else 0
        marks.append(Mark(np.column_stack([wave, base])[start:], step * rng.uniform(0.2, 0.6)))
    return marks


def _rock(rng: np.random.Generator, height: int, left: float, right: float) -> list[Mark]:
    """Beds in the usual signs: dashes for shale, dots for sand, bricks for limestone; lines between them."""
    marks: list[Mark] = []
    y = float(-rng.uniform(0, 50))
    while y < height:
        tall, sign = log_uniform(rng, 8, 120), int(rng.integers(3))
        pitch = float(rng.uniform(6, 12))
        for row, line in enumerate(np.arange(y + pitch / 2, y + tall, pitch)):
            if sign == 2:
                marks.append(Mark(np.array([[left, line], [right, line]]), 1.0))
            shift = (row % 2) * pitch
            for x in np.arange(left + 3 + shift, right - 6, 2 * pitch):
                end = {0: (x + pitch, line), 1: (x + 0.8, line), 2: (x, line + pitch)}[sign]
                marks.append(Mark(np.array([[x, line], end]), 1.5))
        marks.append(Mark(np.array([[left, y], [right, y]]), 1.5))
        y += tall
    return marks
