"""The assignment of candidate strokes to the curves of a track: the best sequence, found exactly.

The state is what every curve stands on. A curve of one scale stands on one candidate or on none; a curve with
backups on one a pen. Costs of change are a sum over curves, so a step is a min-plus product one curve at a
time.

A pen that leaves and another of the same curve that comes in are one event: the value goes on, from the
column at which the one was last to that at which the other appears. So much tells a backup from the main
stroke where both look the same.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import product

import numba
import numpy as np
from numpy.typing import NDArray

from logdigit.curves.viterbi import Int32
from logdigit.types import Float32, Int8

MOST = 30.0  # nats that a leap costs, however far
STANDS = 80  # ways of standing that are weighed for one curve; steps between them grow as their square
AJAR = 6.0  # px of the coarser scale within which two pens are taken to mean one value


@dataclass(frozen=True)
class Options:
    """What each of C curves may stand on, for n pens.

    Attributes:
        stands: (C, K, P) candidate of each pen of a curve, 0 absent; padded.
        counts: (C,) how many of the K there are.
        pens: (C, P) numbers of the pens, -1 where a curve has fewer.
    """

    stands: Int8
    counts: Int32
    pens: Int8


def options_of(groups: Sequence[Sequence[int]], emission: Float32, most: int) -> Options:
    """What each curve may stand on: each of its pens on a candidate of its own, or absent.

    With many curves in a track, assignments are too many: then each pen keeps the candidate that it found
    itself and those that suit it best, as many for all.

    Args:
        groups: pens of each curve.
        emission: (H, n, m + 1) cost of each pen on each candidate, 0 being absence.
        most: assignments of a row that are weighed, at most.
    """
    gain = np.maximum(emission[:, :, :1] - emission, 0).sum(axis=0)
    gain[:, 0] = np.inf
    own = np.arange(emission.shape[1])
    gain[own, own + 1] = np.finfo(np.float32).max
    order = np.argsort(-gain, axis=1, kind="stable")
    kept = emission.shape[2]
    while True:
        each = [_stands([sorted(order[pen, :kept].tolist()) for pen in pens]) for pens in groups]
        if kept <= 2 or (
            np.prod([float(len(one)) for one in each]) <= most and max(map(len, each)) <= STANDS
        ):
            break
        kept -= 1
    wide = max(len(pens) for pens in groups)
    stands = np.zeros((len(groups), max(len(one) for one in each), wide), np.int8)
    pens_of = np.full((len(groups), wide), -1, np.int8)
    for c, (pens, one) in enumerate(zip(groups, each, strict=True)):
        pens_of[c, : len(pens)] = pens
        stands[c, : len(one), : len(pens)] = one
    return Options(stands, np.array([len(one) for one in each], np.int32), pens_of)


def _stands(candidates: Sequence[Sequence[int]]) -> list[tuple[int, ...]]:
    """Every way of standing on candidates, no two pens of a curve on one.

    >>> _stands([[0, 1], [0, 1]])
    [(0, 0), (0, 1), (1, 0)]
    """
    ways = []
    for way in product(*candidates):
        stood = [k for k in way if k > 0]
        if len(set(stood)) == len(stood):
            ways.append(way)
    return ways


@numba.njit(cache=True, nogil=True)
def _steps(
    y: int, x: Float32, last: Float32, down: Float32, jump: Float32, before: Float32, after: Float32,
    pens: Float32, rim: NDArray[np.bool_], bends: Float32, change: float, apart: float, inside: float,
    kink: float, bend: float, step: Float32,
) -> None:  # fmt: skip
    """Fill ``step`` (m + 1, m + 1): what a pen pays on row ``y`` to go from one candidate to another."""
    count = len(step)
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
                            break
                step[a, b] = c
            elif a == 0 or b == 0:
                step[a, b] = inside * 0.2 if rim[int(a == 0), max(a, b) - 1, y] else inside
            else:
                xa, xb = last[a - 1, y], down[b - 1, y]
                if not np.isnan(bends[a - 1, b - 1, y]):
                    step[a, b] = bend * bends[a - 1, b - 1, y]
                elif np.isnan(xa) or np.isnan(xb):
                    step[a, b] = inside * 1.5
                else:
                    gap = max(0.0, abs(xa - xb) - pens[a - 1])
                    turn = min(abs(before[a - 1, y] - after[b - 1, y]), 3.0)
                    step[a, b] = change + min(apart * gap, MOST) + kink * turn * 0.1


@numba.njit(cache=True, nogil=True)
def _apart(one: int, at: float, other: int, there: float, kin_of: Int8, columns: Float32) -> float:
    """How far, px of the coarser scale, two pens at two columns are from meaning one value; -1 if unknown."""
    finer, coarser = kin_of[one, other], kin_of[other, one]
    if np.isnan(at) or np.isnan(there):
        return -1.0
    if finer >= 0:
        return float(abs(columns[finer, round(at)] - there))
    return float(abs(columns[coarser, round(there)] - at)) if coarser >= 0 else -1.0


@numba.njit(cache=True, nogil=True)
def _leap(
    y: int, one: Int8, two: Int8, who: Int8, last: Float32, down: Float32, kin_of: Int8, columns: Float32,
    leap: float,
) -> float:  # fmt: skip
    """What it costs that the value leaps where the pens of a curve change, for each pen that comes in."""
    cost = 0.0
    for j in range(len(who)):
        if two[j] == 0:
            continue
        least = np.inf
        for i in range(len(who)):
            if one[i] > 0 and i != j:
                gap = _apart(who[i], last[one[i] - 1, y], who[j], down[two[j] - 1, y], kin_of, columns)
                if gap >= 0.0:
                    pair = max(kin_of[who[i], who[j]], kin_of[who[j], who[i]])
                    shown = abs(columns[pair, -1] - columns[pair, 0])
                    least = min(least, gap / max(shown, 2 * AJAR))
        cost += min(leap * least, MOST)
    return cost


@numba.njit(cache=True, nogil=True)
def _beside(
    y: int, p: int, one: Int8, two: Int8, who: Int8, x: Float32, kin_of: Int8, columns: Float32
) -> bool:
    """Whether a pen that starts or stops means the value of another of its curve that goes on."""
    at = x[max(one[p], two[p]) - 1, y]
    for q in range(len(who)):
        if one[q] > 0 and two[q] > 0:
            gap = _apart(who[p], at, who[q], x[two[q] - 1, y], kin_of, columns)
            if 0.0 <= gap <= AJAR:
                return True
    return False


@numba.njit(cache=True, nogil=True)
def assign(
    emission: Float32, stands: Int8, counts: Int32, who: Int8, x: Float32, low: Float32, high: Float32,
    last: Float32, down: Float32, jump: Float32, before: Float32, after: Float32, pens: Float32,
    initial: Float32, rim: NDArray[np.bool_], bends: Float32, kin_of: Int8, kin: Float32, columns: Float32,
    shared: float, unexplained: float, change: float, apart: float, inside: float, kink: float, bend: float,
    leap: float,
) -> Int8:  # fmt: skip
    """Best assignment a row: (H, n) candidate number of each pen, 0 absent (Viterbi over all assignments).

    ``stands``, ``counts`` and ``who`` are those of `Options`; ``x``, ``low``, ``high`` are (m, H) middle and
    ends of what the candidates cover (NaN absent), ``before`` and ``after`` their slopes; ``last``, ``down``
    and ``jump`` are those of `identity.continuity`, ``initial`` (n, m + 1) those of `identity.beginnings`,
    ``rim`` those of `identity.at_rim`, ``bends`` those of `meet.bends`; ``pens`` (m,) are stroke widths.
    ``kin_of`` (n, n) numbers the pairs of pens of one curve, the finer first, -1 for no pair; ``kin``
    (Q, H, m + 1, m + 1) are their `pens.agreement`, ``columns`` (Q, W) those of `pens.Kin`.
    """
    height, number, count = emission.shape
    curves, most, wide = stands.shape
    states = 1
    for c in range(curves):
        states *= counts[c]
    digit = np.empty((states, curves), np.int16)
    cost = np.zeros(states, np.float32)
    for s in range(states):
        rest = s
        for c in range(curves):
            digit[s, c] = rest % counts[c]
            rest //= counts[c]
            for p in range(wide):
                if who[c, p] >= 0:
                    cost[s] += initial[who[c, p], stands[c, digit[s, c], p]]
    came = np.empty((height, curves, states), np.int16)
    step = np.empty((count, count), np.float32)
    mine = np.empty((most, most), np.float32)
    here = np.empty((curves, most), np.float32)  # cost of a curve's stand on its own
    seen = np.empty((curves, most), np.int64)  # candidates that it explains, one bit each
    for y in range(height):
        _steps(
            y, x, last, down, jump, before, after, pens, rim, bends, change, apart, inside, kink, bend, step
        )
        stride = 1
        for c in range(curves):
            for a in range(counts[c]):
                for b in range(counts[c]):
                    mine[a, b] = _change(
                        y, stands[c, a], stands[c, b], who[c], step, x, last, down, kin_of, columns,
                        change, leap, inside,
                    )  # fmt: skip
            fresh = np.empty(states, np.float32)
            for s in range(states):
                b = digit[s, c]
                base = s - b * stride
                best, arg = np.float32(1e30), 0
                for a in range(counts[c]):
                    total = cost[base + a * stride] + mine[a, b]
                    if total < best:
                        best, arg = total, a
                fresh[s] = best
                came[y, c, s] = arg
            cost = fresh
            stride *= counts[c]
        there = 0
        for k in range(1, count):
            if not np.isnan(x[k - 1, y]):
                there |= 1 << k
        for c in range(curves):
            for a in range(counts[c]):
                here[c, a], seen[c, a] = _stand(
                    y, stands[c, a], who[c], emission, kin_of, kin, x, low, high, pens, shared
                )
        least = np.float32(1e30)
        for s in range(states):
            total, explained = cost[s], 0
            for c in range(curves):
                a = digit[s, c]
                total += here[c, a]
                explained |= seen[c, a]
                for d in range(c):
                    total += shared * _meet(y, stands[c, a], stands[d, digit[s, d]], x, pens)
            left = there & ~explained
            while left:
                total += unexplained
                left &= left - 1
            cost[s] = total
            least = min(least, total)
        cost -= least
    out = np.zeros((height, number), np.int8)
    s = int(np.argmin(cost))
    for y in range(height - 1, -1, -1):
        for c in range(curves):
            for p in range(wide):
                if who[c, p] >= 0:
                    out[y, who[c, p]] = stands[c, digit[s, c], p]
        stride = states
        for c in range(curves - 1, -1, -1):
            stride //= counts[c]
            s = s + (came[y, c, s] - digit[s, c]) * stride
    return out


@numba.njit(cache=True, nogil=True)
def _change(
    y: int, one: Int8, two: Int8, who: Int8, step: Float32, x: Float32, last: Float32, down: Float32,
    kin_of: Int8, columns: Float32, change: float, leap: float, inside: float,
) -> float:  # fmt: skip
    """What a curve pays on row ``y`` to go from one stand to another."""
    on = still = come = False
    for p in range(len(who)):
        on |= one[p] > 0
        come |= two[p] > 0
        still |= one[p] > 0 and two[p] > 0
    cost = 0.0
    for p in range(len(who)):
        if one[p] > 0 and two[p] > 0:
            cost += step[one[p], two[p]]
        elif one[p] != two[p]:
            if still and _beside(y, p, one, two, who, x, kin_of, columns):
                cost += 0.2 * inside
            elif still or not (on and come):
                cost += step[one[p], two[p]]
    if on and come and not still:
        cost += change + _leap(y, one, two, who, last, down, kin_of, columns, leap)
    return cost


@numba.njit(cache=True, nogil=True)
def _stand(
    y: int, stand: Int8, who: Int8, emission: Float32, kin_of: Int8, kin: Float32, x: Float32, low: Float32,
    high: Float32, pens: Float32, shared: float,
) -> tuple[float, int]:  # fmt: skip
    """What a curve pays for a stand on row ``y`` whatever the others do, and the candidates it explains."""
    cost, seen = 0.0, 0
    for p in range(len(who)):
        if who[p] < 0:
            continue
        a = stand[p]
        cost += emission[y, who[p], a]
        for q in range(len(who)):
            if q == p or who[q] < 0:
                continue
            pair = kin_of[who[p], who[q]]
            if pair >= 0:
                cost += kin[pair, y, a, stand[q]]
            if q < p and a > 0 and stand[q] > 0 and abs(x[a - 1, y] - x[stand[q] - 1, y]) < 0.5 * pens[a - 1]:
                cost += shared
        if a > 0:
            for k in range(1, len(x) + 1):
                gap = max(low[a - 1, y] - high[k - 1, y], low[k - 1, y] - high[a - 1, y])
                if a == k or gap < pens[k - 1] + 1.0:
                    seen |= 1 << k
    return cost, seen


@numba.njit(cache=True, nogil=True)
def _meet(y: int, one: Int8, two: Int8, x: Float32, pens: Float32) -> int:
    """Pairs of pens of two curves that stand on one thin stroke."""
    pairs = 0
    for a in one:
        for b in two:
            if a > 0 and b > 0 and (a == b or abs(x[a - 1, y] - x[b - 1, y]) < 0.5 * pens[a - 1]):
                pairs += 1
    return pairs
