"""Whether the top of one sheet shows the same paper as the end of another, and how it lies on it.

The placement is looked for with small pieces of what is not grid (`vote`), sharpened with all of the ink, and
then judged by what is not grid alone: the share of that ink that finds ink on the other sheet, against the
share that does when the sheet is moved along. A grid fits at every line, and straight curves at every row;
where only such things agree, moving the sheet along makes no difference and the overlap is not believed.
"""

from __future__ import annotations

from dataclasses import dataclass
from itertools import product

import cv2
import numpy as np

from logdigit.paper.agree import LEAST_ROWS, agreement, fit
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
_STEPS = 12
"""Steps in which a placement that is nearly right is sharpened."""
_SPECK = 4e-6
"""Area of a speck, share of the width squared: 11 px at 200 dpi."""
_FITS = 0.75
"""Share of all ink that meets ink, grid and all, where two sheets lie as they should."""
_AS_GOOD = 0.15
_HOPELESS = 0.08
"""Agreement of placements that mean nothing."""
_CLEAR = 0.4
"""Agreement at which no other placement is looked at."""


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
        fit: share of all ink that agrees in the part of the width where it agrees least.
        rows: rows that overlap, px of the upper sheet.
        votes: of the search, for the record.
    """

    matrix: Float
    agreement: float
    margin: float
    fit: float
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
    tried: list[_Tried] = []
    for candidate in place(small[0], small[1]):
        matrix = _sharpened(small[0], small[1], candidate.matrix, 5)
        matrix = _scaled(matrix, factor)
        if not _plausible(matrix):
            matrix = _scaled(candidate.matrix, factor)
        tried.append(_judged(upper, lower, _fine(upper, lower, matrix, 2), candidate.votes))
        if tried[-1].clear:
            break
    if not tried:
        return None
    best = max(tried, key=lambda item: item.merit)
    if best.kappa > _HOPELESS:
        if best.worst < _FITS:  # what is loose stands in one place: how the sheet is turned, the grid tells
            turned = _fine(upper, lower, _swept(upper, lower, best.matrix, factor), 2)
            tried.append(_judged(upper, lower, turned, best.votes))
            best = max(tried, key=lambda item: item.merit)
        best = _judged(upper, lower, _fine(upper, lower, best.matrix, 1), best.votes)
    matrix = best.matrix
    rivals = [item for item in tried if item.worst > best.worst - _AS_GOOD]
    others = [item.agreed for item in rivals if _differ(item.matrix, matrix, lower.ink.shape[1])]
    rival = max([best.by_chance, *others])
    rows = upper.ink.shape[0] - _row_at(matrix, (lower.ink.shape[1] - 1) / 2, 0.0)
    full = _scaled(matrix, upper.factor, lower.factor)
    margin = best.agreed - rival
    return Overlap(full, best.kappa, margin, best.worst, rows * upper.factor, best.votes)


@dataclass(frozen=True)
class _Tried:
    """A placement with what speaks for it."""

    matrix: Float
    agreed: float
    by_chance: float
    whole: float
    worst: float
    votes: float

    @property
    def kappa(self) -> float:
        return _kappa(self.agreed, self.by_chance)

    @property
    def clear(self) -> bool:
        return self.kappa > _CLEAR and self.worst > _FITS

    @property
    def merit(self) -> float:
        return self.agreed - self.by_chance + self.whole + self.worst


def _judged(upper: Band, lower: Band, matrix: Float, votes: float) -> _Tried:
    return _Tried(
        matrix,
        *agreement(upper.loose, lower.loose, matrix),
        *fit(upper.ink, lower.ink, matrix),
        votes,
    )


def _swept(upper: Band, lower: Band, matrix: Float, factor: int) -> Float:
    """The turn and scale about the loose ink of an overlap at which all of its ink correlates best."""
    rows = int(
        min(lower.ink.shape[0], upper.ink.shape[0] - _row_at(matrix, lower.ink.shape[1] / 2, 0), _FINE_ROWS)
    )
    found = np.argwhere(lower.loose[: max(1, rows)] > 0)
    if rows < LEAST_ROWS or not len(found):
        return matrix
    anchor = found.mean(axis=0)[::-1]
    target = matrix[:, :2] @ anchor + matrix[:, 2]
    first = max(0, int(_row_at(matrix, lower.ink.shape[1] / 2, 0)) - 32) // factor * factor
    above = _soft(_reduced(upper.ink[first:], factor), 0.7)[: rows // factor + 16]
    below = _soft(_reduced(lower.ink[:rows], factor), 0.7)
    shift = np.array([[0.0, 0.0, 0.0], [0.0, 0.0, float(first)]])
    best, out = -1.0, matrix
    for turn, scale in product(np.radians(np.arange(-1.75, 1.76, 0.25)), np.arange(0.968, 1.0321, 0.004)):
        c, s = scale * np.cos(turn), scale * np.sin(turn)
        linear = np.array([[c, -s], [s, c]])
        tried = np.column_stack([linear, target - linear @ anchor])
        small = _scaled(tried - shift, 1 / factor)
        laid = cv2.warpAffine(below, small, (above.shape[1], above.shape[0]))
        like = float(np.corrcoef(above.ravel(), np.asarray(laid).ravel())[0, 1])
        if like > best:
            best, out = like, tried
    return out


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
    if rows < LEAST_ROWS:
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
    if inside < LEAST_ROWS // 4:
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
