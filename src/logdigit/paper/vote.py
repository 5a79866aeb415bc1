"""Where one picture may lie on another: small pieces are looked up, and vote for a common placement.

A printed grid fits itself at every line, so what votes is the ink that is left without its long straight
strokes: figures, letters, the wiggle of curves. A piece alone is seen in many places; all of them together,
turned and scaled alike, in one.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from itertools import product

import cv2
import numpy as np

from logdigit.types import Float, Float32

TURNS_DEG = tuple(float(t) for t in np.arange(-1.5, 1.51, 0.5))
SCALES = tuple(float(s) for s in np.arange(0.968, 1.0321, 0.008))
ASIDE = 0.09
"""How far sheets may lie beside each other, share of their width."""
_HEIGHT, _WIDTH = 12, 32
"""Rows and columns of a piece, px of the reduced pictures."""
_ROWS, _ACROSS = 7, 10
"""Most rows of pieces, and most pieces in a row."""
_LEAST_VOTERS = 4
_LEAST_SPREAD = 0.03
"""Standard deviation of a piece that shows something."""
_LENIENT = np.ones((3, 3), np.uint8)
_APART = 5
"""Px within which two placements are one."""


@dataclass(frozen=True)
class Candidate:
    """A placement: votes, in standard deviations of a lone piece, and the (2, 3) matrix lower -> upper px."""

    votes: float
    matrix: Float


@dataclass(frozen=True)
class _Piece:
    """A piece of the lower picture: its centre, and its likeness to the upper one, (rows, columns)."""

    x: float
    y: float
    likeness: Float32


def place(upper: Float32, lower: Float32, count: int = 4) -> list[Candidate]:
    """The likeliest placements of the top of one picture on another.

    Args:
        upper: (H, W) ink of the sheet above, reduced so that a line of print is a few px high.
        lower: (h, w) ink of the sheet below, reduced alike.
        count: most placements to return.

    Returns:
        Placements, best first; none where there is nothing to look up.
    """
    base = round((upper.shape[1] - lower.shape[1]) / 2)
    aside = math.ceil(ASIDE * lower.shape[1]) + abs(base)
    slack = math.ceil(0.04 * lower.shape[1] / 2 + 0.035 * min(lower.shape[0], _ROWS * _HEIGHT)) + 1
    pieces = _pieces(upper, lower, base, aside + slack)
    if len(pieces) < _LEAST_VOTERS:
        return []
    middle = (lower.shape[1] - 1) / 2
    shape = (upper.shape[0], 2 * aside + 1)
    best = np.full(shape, -np.inf, dtype=np.float32)
    which = np.zeros(shape, dtype=np.int16)
    tried = list(product(TURNS_DEG, SCALES))
    for k, (turn, scale) in enumerate(tried):
        votes = _votes(pieces, shape, middle, math.radians(turn), scale, slack)
        better = votes > best
        best[better] = votes[better]
        which[better] = k
    out = []
    for _ in range(count):
        row, col = (int(v) for v in np.unravel_index(int(np.argmax(best)), shape))
        if not np.isfinite(best[row, col]):
            break
        turn, scale = tried[int(which[row, col])]
        matrix = _matrix(math.radians(turn), scale, middle, col - aside + base, row)
        out.append(Candidate(float(best[row, col]), matrix))
        best[max(0, row - _APART) : row + _APART + 1, max(0, col - _APART) : col + _APART + 1] = -np.inf
    return out


def _matrix(turn: float, scale: float, middle: float, dx: float, dy: float) -> Float:
    """Turned by ``turn`` and scaled about (middle, 0), then moved by (dx, dy)."""
    c, s = scale * math.cos(turn), scale * math.sin(turn)
    return np.array([[c, -s, middle * (1 - c) + dx], [s, c, -s * middle + dy]])


def _pieces(upper: Float32, lower: Float32, base: int, reach: int) -> list[_Piece]:
    """Pieces of the lower picture that show something, each looked up in a corridor of the upper one."""
    wide = np.pad(upper, ((0, 0), (reach + abs(base), reach + abs(base) + _WIDTH)))
    blank = cv2.boxFilter(wide, cv2.CV_32F, (_WIDTH, _HEIGHT), anchor=(0, 0)) < 1e-3
    out = []
    for top in range(0, min(lower.shape[0] - _HEIGHT + 1, _ROWS * _HEIGHT), _HEIGHT):
        found = []
        for left in range(0, lower.shape[1] - _WIDTH + 1, _WIDTH // 2):
            piece = lower[top : top + _HEIGHT, left : left + _WIDTH]
            spread = float(piece.std())
            if spread >= _LEAST_SPREAD:
                found.append((spread, left, piece))
        for _, left, piece in sorted(found, key=lambda item: -item[0])[:_ACROSS]:
            start = left + base + abs(base)
            corridor = np.ascontiguousarray(wide[:, start : start + 2 * reach + _WIDTH])
            if corridor.shape[0] < _HEIGHT or corridor.shape[1] < _WIDTH:
                continue
            likeness = np.clip(cv2.matchTemplate(corridor, piece, cv2.TM_CCOEFF_NORMED), -1.0, 1.0)
            rows, cols = likeness.shape
            likeness[blank[:rows, start : start + cols]] = 0.0
            likeness = cv2.dilate(likeness, _LENIENT)  # turns and scales are tried in steps of a px or two
            x, y = left + (_WIDTH - 1) / 2, top + (_HEIGHT - 1) / 2
            out.append(_Piece(x, y, np.asarray(likeness, dtype=np.float32)))
    return out


def _votes(
    pieces: list[_Piece], shape: tuple[int, int], middle: float, turn: float, scale: float, slack: int
) -> Float32:
    """Likeness for each (row, column) at which the lower picture's top centre may lie.

    The sum over the pieces that lie on the upper picture, over the square root of their number.
    """
    total = np.zeros(shape, dtype=np.float32)
    voters = np.zeros(shape[0], dtype=np.float32)
    c, s = scale * math.cos(turn), scale * math.sin(turn)
    for piece in pieces:
        x, y = piece.x - middle, piece.y
        down = round(s * x + c * y - (_HEIGHT - 1) / 2)
        across = slack + round((c - 1) * x - s * y)
        first, last = max(0, -down), min(shape[0], piece.likeness.shape[0] - down)
        if first >= last:
            continue
        total[first:last] += piece.likeness[first + down : last + down, across : across + shape[1]]
        voters[first:last] += 1
    total /= np.sqrt(np.maximum(voters, 1))[:, None]
    total[voters < _LEAST_VOTERS] = -np.inf
    return total
