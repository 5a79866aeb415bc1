"""Whose stroke is whose: strokes found one by one, then given to the curves of a track together.

Each curve alone takes the ink that suits it best; where two strokes meet, two curves may come away on the
same one. So ink that nobody took is traced as well, and then the whole track is decided at once: on each
row every curve stands on one candidate path or is absent. The state is the assignment of all the curves to
candidates; it pays for style that does not fit, for ink left unexplained, for two curves on one thin
stroke, for changing from one candidate to another over the paper between them (nothing where they meet),
and for a kink where it does. Costs of change are a sum over curves, so the step is a min-plus product one
curve at a time. With the strokes given out, every curve is decoded again on its own ink.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numba
import numpy as np
from numpy.typing import NDArray
from scipy.ndimage import uniform_filter1d

from logdigit.curves.centre import runs_at
from logdigit.curves.evidence import FLOOR, STRAY, Evidence
from logdigit.curves.viterbi import Int32, State
from logdigit.types import Float32, Int8

ALONG = 31  # rows of a path over which its style is averaged
MOST = 30.0  # nats that a leap costs, however far
SLOPE = 10  # rows on either side over which a slope is taken


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
    disagree: float = 1.5  # a row on which two strokes of one curve do not mean the same value
    lonely: float = 0.7  # a row on which a backup stands where the finer stroke would be seen, and is not
    agree: float = -0.15  # a row on which two strokes of one curve mean the same value
    states: int = 6600  # most assignments that are weighed on a row


RULES = Rules()


def claim(path: Path, shape: tuple[int, ...], pen: float) -> NDArray[np.bool_]:
    """(H, W) bool: the px that a path's stroke covers."""
    out = np.zeros(shape, bool)
    reach = int(np.ceil(pen / 2)) + 1
    columns = np.arange(shape[1])
    low = np.minimum(path.entry, path.exit) - reach
    high = np.maximum(path.entry, path.exit) + reach
    here = path.exit >= 0
    out[here] = (columns >= low[here, None]) & (columns <= high[here, None])
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
            far = abs(int(path.entry[0]) - state.column) if path.exit[0] >= 0 else np.inf
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


def eligible(emission: Float32, most: int) -> Int8:
    """(n, K) candidates that each curve may stand on, absence (0) first; all of them, if ``most`` allows.

    With many curves in a track, assignments are too many: then each curve keeps the candidate that it found
    itself and those that suit it best, as many for all.

    Args:
        emission: (H, n, m + 1) of `emissions`.
        most: assignments.
    """
    _, curves, options = emission.shape
    count = options
    while count > 2 and count**curves > most:
        count -= 1
    gain = np.maximum(emission[:, :, :1] - emission, 0).sum(axis=0)
    gain[:, 0] = np.inf
    own = np.arange(curves)
    gain[own, own + 1] = np.finfo(np.float32).max
    chosen = np.argsort(-gain, axis=1, kind="stable")[:, :count]
    return np.sort(chosen, axis=1).astype(np.int8)


def at_doors(
    x: Float32, last: Float32, edge: float, doors: Sequence[Sequence[float]]
) -> NDArray[np.bool_]:
    """(2, n, m, H) bool: whether a curve may leave a candidate, or come in on it, as at an edge.

    Args:
        x: (m, H) positions of the candidates, NaN absent.
        last: (m, H) where they were last before each row.
        edge: last column.
        doors: further columns at which each curve (n,) may begin and end; where any has some, a stroke may
            also end beyond the row on which its candidate leaves the track.
    """
    with np.errstate(invalid="ignore"):
        rim = (x < 4) | (x > edge - 4)
        gone = rim | (last < 4) | (last > edge - 4) if any(doors) else rim
        out = np.stack([np.stack([side] * len(doors)) for side in (gone, rim)])
        for i, columns in enumerate(doors):
            for column in columns:
                out[0, i] |= np.abs(last - column) < 6
                out[:, i] |= np.abs(x - column) < 6
    return out


@numba.njit(cache=True, nogil=True)
def assign(
    emission: Float32, allowed: Int8, x: Float32, last: Float32, down: Float32, jump: Float32,
    before: Float32, after: Float32, pens: Float32, initial: Float32, near: NDArray[np.bool_],
    pairs: Int8, kin: Float32,
    shared: float, unexplained: float, change: float, apart: float, inside: float, kink: float,
) -> Int8:  # fmt: skip
    """Best assignment a row: (H, n) candidate number of each curve, 0 absent (Viterbi over all assignments).

    ``allowed`` is that of `eligible`; ``x``, ``before``, ``after`` are (m, H) positions (NaN absent) and
    slopes; ``last``, ``down``, ``jump`` are those of `continuity`; ``initial`` (n, m + 1) those of
    `beginnings`; ``near`` that of `at_doors`; ``pens`` (m,) stroke widths; ``pairs`` (P, 2) are curves that are
    strokes of one, and ``kin`` (P, H, m + 1, m + 1) what their agreement costs.
    """
    height, curves, count = emission.shape
    options = allowed.shape[1]
    states = options**curves
    digit = np.empty((states, curves), np.int8)
    stand = np.empty((states, curves), np.int8)
    for s in range(states):
        rest = s
        for i in range(curves):
            digit[s, i] = rest % options
            stand[s, i] = allowed[i, digit[s, i]]
            rest //= options
    cost = np.zeros(states, np.float32)
    for s in range(states):
        for i in range(curves):
            cost[s] += initial[i, stand[s, i]]
    came = np.empty((height, curves, states), np.int8)
    step = np.empty((count, count), np.float32)
    mine = np.empty((options, options), np.float32)
    for y in range(height):
        for a in range(count):
            for b in range(count):
                if a == b:
                    c = 0.0
                    if a > 0:  # also a candidate may leap, over a gap
                        c = min(apart * max(0.0, jump[a - 1, y] - pens[a - 1] - 2.0), MOST)
                    if a > 0 and not np.isnan(x[a - 1, y]):
                        for other in range(1, count):  # a kink only counts where another way was open
                            if other != a and abs(x[other - 1, y] - x[a - 1, y]) < pens[a - 1] + 1.5:
                                c += kink * min(abs(before[a - 1, y] - after[a - 1, y]), 3.0) * 0.1
                    step[a, b] = c
                elif a == 0 or b == 0:
                    step[a, b] = inside
                else:
                    xa, xb = last[a - 1, y], down[b - 1, y]
                    if np.isnan(xa) or np.isnan(xb):
                        step[a, b] = inside * 1.5
                    else:
                        gap = max(0.0, abs(xa - xb) - pens[a - 1])
                        bend = min(abs(before[a - 1, y] - after[b - 1, y]), 3.0)
                        step[a, b] = change + min(apart * gap, MOST) + kink * bend * 0.1
        stride = 1
        for i in range(curves):
            for a in range(options):
                for b in range(options):
                    of, to = allowed[i, a], allowed[i, b]
                    door = (of == 0) != (to == 0) and near[int(of == 0), i, max(of, to) - 1, y]
                    mine[a, b] = step[of, to] * (np.float32(0.2) if door else np.float32(1.0))
            fresh = np.empty(states, np.float32)
            for s in range(states):
                b = digit[s, i]
                base = s - b * stride
                best, arg = np.float32(1e30), 0
                for a in range(options):
                    c = cost[base + a * stride] + mine[a, b]
                    if c < best:
                        best, arg = c, a
                fresh[s] = best
                came[y, i, s] = arg
            cost = fresh
            stride *= options
        low = np.float32(1e30)
        for s in range(states):
            c = cost[s]
            for p in range(len(pairs)):
                c += kin[p, y, stand[s, pairs[p, 0]], stand[s, pairs[p, 1]]]
            for i in range(curves):
                a = stand[s, i]
                c += emission[y, i, a]
                if a > 0:
                    for j in range(i):
                        b = stand[s, j]
                        if b > 0 and (a == b or abs(x[a - 1, y] - x[b - 1, y]) < 0.5 * pens[a - 1]):
                            c += shared
            for k in range(1, count):
                if np.isnan(x[k - 1, y]):
                    continue
                taken = False
                for i in range(curves):
                    a = stand[s, i]
                    if a == k or (a > 0 and abs(x[a - 1, y] - x[k - 1, y]) < pens[k - 1] + 1.0):
                        taken = True
                if not taken:
                    c += unexplained
            cost[s] = c
            low = min(low, c)
        cost -= low
    out = np.empty((height, curves), np.int8)
    s = int(np.argmin(cost))
    for y in range(height - 1, -1, -1):
        for i in range(curves):
            out[y, i] = stand[s, i]
        stride = states // options
        for i in range(curves - 1, -1, -1):
            s = s + (came[y, i, s] - digit[s, i]) * stride
            stride //= options
    return out
