"""Whose stroke is whose: strokes found one by one, then given to the curves of a track together.

Each curve alone takes the ink that suits it best; where two strokes meet, two curves may come away on the
same one. So ink that nobody took is traced as well, and then the whole track is decided at once: on each
row every curve stands on one candidate path or is absent. The state is the assignment of all the curves to
candidates; it pays for style that does not fit, for ink left unexplained, for two curves on one thin
stroke, for changing from one candidate to another over the paper between them (nothing where they meet),
and for a kink where it does (`assign`). With the strokes given out, every curve is decoded again on its own
ink.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy.ndimage import uniform_filter1d

from logdigit.curves.assign import MOST
from logdigit.curves.centre import runs_at
from logdigit.curves.evidence import FLOOR, STRAY, Evidence
from logdigit.curves.viterbi import Int32, State
from logdigit.types import Float32

ALONG = 31  # rows of a path over which its style is averaged
SLOPE = 10  # rows on either side over which a slope is taken
FLIGHT = 2  # a stroke may come in so many rows behind the edge that it came from


@dataclass(frozen=True)
class Path:
    """One decoded curve of a window, (H,) each; columns of the window, -1 absent."""

    entry: Int32
    exit: Int32
    turns: Int32


@dataclass(frozen=True)
class Rules:
    """What the assignment pays, nats (a row where a row is meant)."""

    temper: float = 0.5  # rows of a stroke do not vote independently
    absent: float = 0.8
    shared: float = 1.5  # a row on which two curves stand on one thin stroke
    unexplained: float = 0.6  # a row of a candidate that no curve stands on
    change: float = 1.0  # from one candidate to another, where they touch
    apart: float = 0.2  # the same, a px of distance
    inside: float = 8.0  # to and from absence
    kink: float = 5.0  # a px a row of slope difference where candidates touch
    bend: float = 3.0  # a radian by which two strokes turn more if they change places where they meet
    disagree: float = 1.5  # a row on which two strokes of one curve do not mean the same value
    lonely: float = 0.7  # a row on which a backup stands where the finer stroke would be seen, and is not
    leap: float = 24.0  # a value that leaps, where a stroke takes over, by the whole width of the finer scale
    coarse: float = 0.02  # a row on which a backup stands alone, wherever
    agree: float = -0.15  # a row on which two strokes of one curve mean the same value
    states: int = 6600  # most assignments that are weighed on a row


RULES = Rules()


def claim(path: Path, shape: tuple[int, ...], pen: float, high: bool = False) -> NDArray[np.bool_]:
    """(H, W) bool: the px that a path's stroke covers, row by row.

    With ``high``, where it runs along the rows, those above and below too: its pen is as high as it is wide.
    """
    out = np.zeros(shape, bool)
    reach = int(np.ceil(pen / 2)) + 1
    columns = np.arange(shape[1])
    low = np.minimum(path.entry, path.exit) - reach
    most = np.maximum(path.entry, path.exit) + reach
    here = path.exit >= 0
    out[here] = (columns >= low[here, None]) & (columns <= most[here, None])
    if not high:
        return out
    flat = np.flatnonzero(here & (most - low > 3 * reach))
    along = out[flat]
    for away in range(1, max(1, round(pen / 2)) + 1):
        for rows in (flat - away, flat + away):
            inside = (rows >= 0) & (rows < shape[0])
            out[rows[inside]] |= along[inside]
    return out


def stroke_width(path: Path, ink: Float32) -> float:
    """Stroke width of a path, px: the lower middle of its run widths where it goes straight down."""
    first, last = runs_at(ink, path.entry, path.exit, 0.45)
    still = (path.exit >= 0) & (path.entry == path.exit)
    if still.sum() < 10:
        return 3.0
    return float(np.percentile((last - first + 1)[still], 35))


def slopes(x: Float32) -> tuple[Float32, Float32]:
    """Slope px a row before and after each row (H,), 0 where the path is absent on either end."""
    before, after = np.zeros_like(x), np.zeros_like(x)
    before[SLOPE:] = (x[SLOPE:] - x[:-SLOPE]) / SLOPE
    after[:-SLOPE] = (x[SLOPE:] - x[:-SLOPE]) / SLOPE
    return np.nan_to_num(before), np.nan_to_num(after)


def continuity(path: Path) -> tuple[Float32, Float32, Float32]:
    """Where a path was last before each row, where it comes down onto it, and how far apart that is, px.

    Each (H,); NaN before the path began and where it is absent; a wrap is no distance.
    """
    rows = np.arange(len(path.exit))
    seen = np.maximum.accumulate(np.where(path.exit >= 0, rows, -1))
    before = np.concatenate([[-1], seen[:-1]])
    last = np.where(before >= 0, path.exit[before], np.nan).astype(np.float32)
    down = np.where(path.exit >= 0, path.entry, np.nan).astype(np.float32)
    wrapped = (before >= 0) & (path.turns != path.turns[before])
    return last, down, np.nan_to_num(np.where(wrapped, 0, np.abs(down - last))).astype(np.float32)


def beginnings(paths: list[Path], start: Sequence[State | None], rules: Rules) -> Float32:
    """(n, m + 1) cost of beginning a window on each candidate, from where the last window ended."""
    out = np.zeros((len(start), len(paths) + 1), np.float32)
    for i, state in enumerate(start):
        if state is None or state.column < 0:
            continue
        out[i, 0] = rules.inside
        for k, path in enumerate(paths, 1):
            first = int(np.argmax(path.exit >= 0))  # of a broken line that is between two dashes, the next
            far = abs(int(path.entry[first]) - state.column) if path.exit[first] >= 0 else np.inf
            out[i, k] = min(rules.apart * far, MOST)
    return out


def emissions(evidence: Evidence, paths: list[Path], rules: Rules, calm: Sequence[float]) -> Float32:
    """(H, n, m + 1) cost of each curve (n,) standing on each candidate; candidate 0 is absence.

    A curve pays ``calm`` (n,) for each px that a candidate travels sideways.
    """
    curves, height = evidence.share.shape[0], evidence.ink.shape[0]
    out = np.full((height, curves, len(paths) + 1), rules.absent, np.float32)
    rows = np.arange(height)
    for k, path in enumerate(paths, 1):
        here = path.exit >= 0
        at = np.clip(path.exit, 0, None)
        ink = np.where(here, evidence.ink[rows, at], 0).astype(np.float32)
        weight = uniform_filter1d(ink, ALONG) + 1e-3
        travel = np.minimum(np.abs(np.diff(path.exit, prepend=path.exit[:1])), MOST)
        for i in range(curves):
            score = uniform_filter1d(evidence.score[i, rows, at] * ink, ALONG) + 0.3e-3
            total = sum(
                uniform_filter1d(evidence.score[j, rows, at] * ink, ALONG) + 0.3e-3 for j in evidence.looks
            )
            share = score / np.maximum(total, 1e-6)
            seen = ink * (STRAY + (1 - STRAY) * share) * np.minimum(1, weight * 1.5)
            cost = -np.log(np.maximum(seen, FLOOR)) * rules.temper + travel * calm[i]
            out[:, i, k] = np.where(here, cost, np.float32(rules.absent + 0.05))
    return out


def at_rim(candidates: Sequence[Path], edge: float, flying: bool) -> NDArray[np.bool_]:
    """(2, m, H) bool: whether a pen may leave a candidate, or come in on it, at an edge of the track.

    Args:
        candidates: paths (m,) of (H,) rows.
        edge: last column.
        flying: whether a stroke may also end beyond the row on which its candidate leaves the track, and come
            in where it would have left the edge on the rows just before: as those do that go on as a backup.
    """
    out = np.zeros((2, len(candidates), len(candidates[0].exit)), bool)
    with np.errstate(invalid="ignore"):
        for k, path in enumerate(candidates):
            x = np.where(path.exit >= 0, (path.entry + path.exit) / 2, np.nan)
            out[:, k] = (x < 4) | (x > edge - 4)
            if flying:  # where a candidate leaps to the edge, what leaves it was not there
                out[0, k] = False
                last, down, _ = continuity(path)
                flight, speed = np.diff(x, append=np.nan), np.diff(last, prepend=np.nan)
                ends = (
                    (last, last + FLIGHT * np.nan_to_num(speed)),
                    (down, down - FLIGHT * np.nan_to_num(flight)),
                )
                for side, (one, other) in zip(out[:, k], ends, strict=True):
                    side |= (np.fmin(one, other) < 4) | (np.fmax(one, other) > edge - 4)
    return out
