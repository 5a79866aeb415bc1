"""Whether the top of one sheet shows the same paper as the end of another, and how it lies on it.

The placement is looked for with small pieces of what is not grid (`vote`), sharpened with all of the ink, and
then judged by what is not grid alone: the share of that ink that finds ink on the other sheet, against the
share that does when the sheet is moved along. A grid fits at every line, and straight curves at every row;
where only such things agree, moving the sheet along makes no difference and the overlap is not believed.
"""

from __future__ import annotations

from dataclasses import dataclass

import cv2
import numpy as np

from logdigit.paper.skew import ink_mask
from logdigit.paper.vote import place
from logdigit.types import Float, Float32, UInt8

_WORK_WIDTH = 2400
"""Wider sheets are reduced before they are compared, px."""
_LOOK_WIDTH = 425
"""Width to which sheets are reduced for the search, px."""
_MOST_TURN, _MOST_STRETCH = 0.035, 0.04
"""What no two sheets of a set differ by: radians, and share of scale."""
_FINE_ROWS = 500
"""Most rows of an overlap that are laid over each other to the fraction of a px."""
_LEAST_ROWS = 24
_STEPS = 12
"""Steps in which a placement that is nearly right is sharpened."""
_SPECK = 4e-6
"""Area of a speck, share of the width squared: 11 px at 200 dpi."""
_HOPELESS = 0.08
"""Agreement of placements that mean nothing."""
_CLEAR = 0.4
"""Agreement at which no other placement is looked at."""
_TOLERANCE = 1 / 800
"""By how much strokes of two scans of one line may differ, share of the sheet's width."""
_NEAR, _FAR = 8, 90
"""Rows by which the sheet is moved along to see what agrees by chance."""


@dataclass(frozen=True)
class Band:
    """The end of a sheet, made ready to be compared.

    Attributes:
        ink: (h, W) 0/255 mask of ink at the working resolution.
        loose: the same without long straight strokes.
        factor: px of the sheet per px of the mask.
    """

    ink: UInt8
    loose: UInt8
    factor: int


@dataclass(frozen=True)
class Overlap:
    """A placement of a lower band on an upper one.

    Attributes:
        matrix: (2, 3), px (x, y, 1) of the lower band to px of the upper one, a similarity.
        agreement: share of the loose ink that agrees, less what agrees anyhow, 0..1.
        margin: by how much that share is higher than at any other place.
        rows: rows that overlap, px of the upper sheet.
        votes: of the search, for the record.
    """

    matrix: Float
    agreement: float
    margin: float
    rows: float
    votes: float


def working_factor(width: int) -> int:
    """By how much sheets of this width, px, are reduced before they are compared.

    >>> working_factor(1700), working_factor(3328)
    (1, 2)
    """
    return max(1, -(-width // _WORK_WIDTH))


def band_of(pixels: UInt8, factor: int = 1) -> Band:
    """The end of a sheet, ready to be compared.

    Args:
        pixels: (h, W) or (h, W, 3), ink dark, or the lesser part of it.
        factor: by how much it is reduced; the same for all that are compared.
    """
    grey = pixels if pixels.ndim == 2 else pixels.min(axis=2)
    ink = ink_mask(255 - grey if np.median(grey[::7, ::7]) < 100 else grey)
    if factor > 1:
        ink = np.where(_reduced(ink, factor) > 0.3, 255, 0).astype(np.uint8)
    return Band(ink, _loose(ink), factor)


def _loose(ink: UInt8) -> UInt8:
    """Ink without long straight strokes, their frayed borders, and specks."""
    reach = max(25, ink.shape[1] // 40)
    across = cv2.morphologyEx(ink, cv2.MORPH_OPEN, np.ones((1, reach), np.uint8))
    along = cv2.morphologyEx(ink, cv2.MORPH_OPEN, np.ones((reach, 1), np.uint8))
    straight = cv2.dilate(cv2.bitwise_or(across, along), np.ones((3, 3), np.uint8))
    loose = np.asarray(cv2.bitwise_and(ink, cv2.bitwise_not(straight)), dtype=np.uint8)
    _, labels, stats, _ = cv2.connectedComponentsWithStats(loose, connectivity=8)
    kept = stats[:, cv2.CC_STAT_AREA] >= _SPECK * ink.shape[1] ** 2
    kept[0] = False
    return np.where(kept[labels], 255, 0).astype(np.uint8)


def find_overlap(upper: Band, lower: Band) -> Overlap | None:
    """The likeliest placement of the top of the lower band on the upper one.

    Args:
        upper: the end of the sheet above.
        lower: the beginning of the sheet below.

    Returns:
        The placement with what speaks for it; None where there is nothing to compare.
    """
    factor = max(1, round(min(upper.ink.shape[1], lower.ink.shape[1]) / _LOOK_WIDTH))
    small = [_soft(_reduced(band.loose, factor), 0.7) for band in (upper, lower)]
    tried = []
    for candidate in place(small[0], small[1]):
        matrix = _sharpened(small[0], small[1], candidate.matrix, 5)
        matrix = _scaled(matrix, factor)
        if not _plausible(matrix):
            matrix = _scaled(candidate.matrix, factor)
        matrix = _fine(upper, lower, matrix, 2)
        agreed, by_chance = _agreement(upper.loose, lower.loose, matrix)
        tried.append((agreed, by_chance, matrix, candidate.votes))
        if _kappa(agreed, by_chance) > _CLEAR:
            break
    if not tried:
        return None
    tried.sort(key=lambda item: item[1] - item[0])
    agreed, by_chance, matrix, votes = tried[0]
    if _kappa(agreed, by_chance) > _HOPELESS:
        matrix = _fine(upper, lower, matrix, 1)
        agreed, by_chance = _agreement(upper.loose, lower.loose, matrix)
    others = [a for a, _, m, _ in tried[1:] if _differ(m, matrix, lower.ink.shape[1])]
    rival = max([by_chance, *others])
    matrix = matrix.copy()
    rows = upper.ink.shape[0] - _row_at(matrix, (lower.ink.shape[1] - 1) / 2, 0.0)
    full = _scaled(matrix, upper.factor, lower.factor)
    return Overlap(full, _kappa(agreed, by_chance), agreed - rival, rows * upper.factor, votes)


def _kappa(agreed: float, by_chance: float) -> float:
    return max(0.0, (agreed - by_chance) / max(1e-6, 1 - by_chance))


def _reduced(mask: UInt8, factor: int) -> Float32:
    """A mask reduced by a whole factor, 0..1 float32."""
    height, width = mask.shape[0] // factor, mask.shape[1] // factor
    cut = mask[: height * factor, : width * factor]
    small = cv2.resize(cut, (width, height), interpolation=cv2.INTER_AREA) if factor > 1 else cut
    return np.asarray(small, dtype=np.float32) / np.float32(255)


def _soft(picture: Float32, sigma: float) -> Float32:
    return np.asarray(cv2.GaussianBlur(picture, (0, 0), sigma), dtype=np.float32)


def _scaled(matrix: Float, upper: float, lower: float | None = None) -> Float:
    """A placement between reduced pictures as one between pictures ``upper`` and ``lower`` times as fine."""
    lower = upper if lower is None else lower
    linear = matrix[:, :2] * (upper / lower)
    move = upper * matrix[:, 2] + (upper - 1) / 2 - linear @ np.full(2, (lower - 1) / 2)
    return np.column_stack([linear, move])


def _row_at(matrix: Float, x: float, y: float) -> float:
    return float(matrix[1] @ np.array([x, y, 1.0]))


def _plausible(matrix: Float) -> bool:
    """Whether two sheets of a set can be turned and scaled so against each other."""
    scale = float(np.hypot(matrix[0, 0], matrix[1, 0]))
    turn = float(np.arctan2(matrix[1, 0], matrix[0, 0]))
    return abs(scale - 1) <= _MOST_STRETCH and abs(turn) <= _MOST_TURN


def _differ(one: Float, other: Float, width: int) -> bool:
    """Whether two placements are more than 12 px apart at the top of the lower band."""
    at = np.array([(width - 1) / 2, 0.0, 1.0])
    return float(np.abs(one @ at - other @ at).max()) > 12


def _fine(upper: Band, lower: Band, matrix: Float, factor: int) -> Float:
    """A placement sharpened with all the ink, on pictures reduced by ``factor``."""
    first = max(0, int(min(_row_at(matrix, 0, 0), _row_at(matrix, lower.ink.shape[1], 0))) - 8)
    first -= first % factor
    rows = min(_FINE_ROWS, upper.ink.shape[0] - first + 16, lower.ink.shape[0])
    if rows < _LEAST_ROWS:
        return matrix
    above = _soft(_reduced(upper.ink[first : first + rows + 48], factor), 1.2)
    below = _soft(_reduced(lower.ink[:rows], factor), 1.2)
    moved = matrix - np.array([[0, 0, 0], [0, 0, float(first)]])
    better = _scaled(_sharpened(above, below, _scaled(moved, 1 / factor), 5), factor)
    better = better + np.array([[0, 0, 0], [0, 0, float(first)]])
    return better if _plausible(better) else matrix


def _sharpened(upper: Float32, lower: Float32, matrix: Float, blur: int) -> Float:
    """The similarity near ``matrix`` at which two pictures correlate best; ``matrix`` where none is found."""
    inside = _inside(upper.shape, lower.shape, matrix)
    if inside < _LEAST_ROWS // 4:
        return matrix
    lower = np.ascontiguousarray(lower[:inside])
    criteria = (cv2.TERM_CRITERIA_EPS | cv2.TERM_CRITERIA_COUNT, _STEPS, 1e-5)
    try:
        everywhere = np.full(upper.shape, 255, dtype=np.uint8)
        _, found = cv2.findTransformECC(
            lower, upper, matrix.astype(np.float32), cv2.MOTION_AFFINE, criteria, everywhere, blur
        )
    except cv2.error:  # no texture, or no better place nearby
        return matrix
    return _similarity(np.asarray(found, dtype=np.float64), lower.shape)


def _inside(upper: tuple[int, ...], lower: tuple[int, ...], matrix: Float) -> int:
    """Rows of the lower picture that lie on the upper one."""
    last = min(_row_at(matrix, 0, 0), _row_at(matrix, lower[1] - 1, 0))
    return int(min(lower[0], upper[0] - last))


def _similarity(affine: Float, shape: tuple[int, ...]) -> Float:
    """The similarity nearest to an affine map over a picture, by least squares."""
    grid = np.meshgrid(np.linspace(0, shape[1] - 1, 9), np.linspace(0, shape[0] - 1, 3))
    x, y = (side.ravel() for side in grid)
    target = affine @ np.vstack([x, y, np.ones_like(x)])
    one, none = np.ones_like(x), np.zeros_like(x)
    left = np.vstack([np.column_stack([x, -y, one, none]), np.column_stack([y, x, none, one])])
    (a, b, tx, ty), *_ = np.linalg.lstsq(left, target.ravel(), rcond=None)
    return np.array([[a, -b, tx], [b, a, ty]])


def _agreement(upper: UInt8, lower: UInt8, matrix: Float) -> tuple[float, float]:
    """Share of the loose ink of two bands that meets that of the other, and the highest when one is moved."""
    first = max(0, int(np.floor(min(_row_at(matrix, 0, 0), _row_at(matrix, lower.shape[1], 0)))))
    rows = min(upper.shape[0] - first, lower.shape[0], _FINE_ROWS)
    if rows < _LEAST_ROWS:
        return 0.0, 0.0
    moved = matrix - np.array([[0, 0, 0], [0, 0, float(first)]])
    size = (upper.shape[1], rows)
    laid = cv2.warpAffine(lower, moved, size, flags=cv2.INTER_LINEAR)
    shown = cv2.warpAffine(np.full_like(lower, 255), moved, size, flags=cv2.INTER_NEAREST)
    above: UInt8 = np.asarray(cv2.bitwise_and(upper[first : first + rows], shown), dtype=np.uint8)
    below: UInt8 = np.where(laid > 100, 255, 0).astype(np.uint8)
    reach = 2 * max(1, round(_TOLERANCE * upper.shape[1])) + 1
    side = np.ones((reach, reach), np.uint8)
    wide = (np.asarray(cv2.dilate(above, side), np.uint8), np.asarray(cv2.dilate(below, side), np.uint8))
    far = min(_FAR, rows // 2)
    shifts = [d for d in range(-far, far + 1, 4) if abs(d) >= _NEAR]
    by_chance = max((_met(above, below, wide, d) for d in shifts), default=1.0)
    return _met(above, below, wide, 0), by_chance


def _met(above: UInt8, below: UInt8, wide: tuple[UInt8, UInt8], down: int) -> float:
    """Share of ink that meets ink with the lower picture ``down`` rows further down, the lesser way."""
    rows = above.shape[0]
    a, b = slice(max(0, down), rows + min(0, down)), slice(max(0, -down), rows - max(0, down))
    one, two = cv2.countNonZero(above[a]), cv2.countNonZero(below[b])
    if min(one, two) < 40:
        return 0.0
    met_one = cv2.countNonZero(cv2.bitwise_and(above[a], wide[1][b]))
    met_two = cv2.countNonZero(cv2.bitwise_and(below[b], wide[0][a]))
    return min(met_one / one, met_two / two)
