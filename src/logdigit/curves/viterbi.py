"""The decoder: the cheapest way of one pen down a track, on the pixel grid.

Each row the pen goes one px down, then any way sideways at a price per px (two sweeps a row, so the work
is linear in the area). A near-horizontal kick is thus followed through its own ink within a row (`flat` says
what that is worth), and a jump over paper is paid for px by px. Beside the columns there is one *absent*
state (no ink of this curve on the row), entered cheaply at the edges of the track and dearly elsewhere; and
for a curve that wraps, a level a turn, joined at the edges by an arc: off the right edge of turn t, in at
the left edge of turn t + 1.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numba
import numpy as np
from numpy.typing import NDArray

from logdigit.types import Float32

_FAR = np.float32(1e9)
_ABSENT = -1

Int32 = NDArray[np.int32]


@dataclass(frozen=True)
class Prices:
    """What the decoder pays; unary costs are natural-log likelihoods, so these are in nats.

    Attributes:
        absent: a row without ink of this curve.
        edge: leaving or entering at an edge of the track.
        inside: leaving or entering anywhere else.
        wrap: going round the track once.
        turned: a row, for each turn away from the main one.
        lost: beginning, or coming out of absence, for each turn away from the main one.
    """

    absent: float = 1.5
    edge: float = 1.5
    inside: float = 9.0
    wrap: float = 2.0
    turned: float = 0.04
    lost: float = 3.0


@dataclass(frozen=True)
class State:
    """Where the pen is at the end of a row: its turn (level) and column; column -1 is absent."""

    level: int
    column: int


@numba.njit(cache=True, nogil=True)
def _forward(
    unary: Float32,
    right: Float32,
    left: Float32,
    doors: Float32,
    start: Float32,
    start_absent: np.float32,
    absent: np.float32,
    wrap: np.float32,
    level_price: Float32,
    lost_price: Float32,
    entered: Int32,
    left_from: Int32,
    came: Int32,
) -> tuple[Float32, np.float32]:
    """Forward pass; fills the back pointers and returns the final costs (levels, W) and that of absence."""
    rows, width = unary.shape
    levels = start.shape[0]
    cost = start.copy()
    gone = start_absent
    v = np.empty((levels, width), np.float32)
    down = np.empty((levels, width), np.float32)
    for y in range(rows):
        # one down: the pen comes from the cell above, or appears out of absence
        best_leave, leave_at = np.float32(1e9), -1
        for t in range(levels):
            for x in range(width):
                here = cost[t, x]
                out = here + doors[x]
                if out < best_leave:
                    best_leave, leave_at = out, t * width + x
                enter = gone + doors[x] + lost_price[t]
                if enter < here:
                    v[t, x] = enter
                    came[y, t, x] = -1
                else:
                    v[t, x] = here
                    came[y, t, x] = t * width + x
                entered[y, t, x] = t * width + x
                down[t, x] = v[t, x]
        # sideways to the right, through the arc to the next turn
        for t in range(levels):
            if t > 0 and levels > 1:
                over = v[t - 1, width - 1] + wrap
                if over < v[t, 0]:
                    v[t, 0] = over
                    entered[y, t, 0] = entered[y, t - 1, width - 1]
            for x in range(1, width):
                over = v[t, x - 1] + right[y, x]
                if over < v[t, x]:
                    v[t, x] = over
                    entered[y, t, x] = entered[y, t, x - 1]
        # or to the left, from where it came down as well: no pen goes out and back on one row
        before, at = np.float32(1e9), -1
        for k in range(levels):
            t = levels - 1 - k
            for x in range(width - 1, -1, -1):
                over = before + (left[y, x + 1] if x + 1 < width else wrap)
                if over < down[t, x]:
                    before = over
                else:
                    before, at = down[t, x], t * width + x
                if before < v[t, x]:
                    v[t, x] = before
                    entered[y, t, x] = at
        if best_leave < gone:
            gone = best_leave + absent
            left_from[y] = leave_at
        else:
            gone = gone + absent
            left_from[y] = -1
        low = gone
        for t in range(levels):
            for x in range(width):
                cost[t, x] = v[t, x] + unary[y, x] + level_price[t]
                low = min(low, cost[t, x])
        for t in range(levels):  # keep float32 costs small on long strips
            for x in range(width):
                cost[t, x] -= low
        gone -= low
    return cost, gone


@numba.njit(cache=True, nogil=True)
def _backward(last: int, entered: Int32, left_from: Int32, came: Int32, first: Int32, final: Int32) -> None:
    """Follow the back pointers: where the pen entered and left each row; -1 where it is absent."""
    rows, _, width = entered.shape
    state = last
    for y in range(rows - 1, -1, -1):
        final[y] = state
        if state < 0:
            first[y] = -1
            state = left_from[y]
        else:
            start = entered[y, state // width, state % width]
            first[y] = start
            state = came[y, start // width, start % width]


def decode(
    unary: Float32,
    side: Float32,
    prices: Prices,
    levels: range = range(1),
    start: State | None = None,
    doors: Sequence[float] = (),
    pulls: tuple[Float32, Float32] | None = None,
) -> tuple[Int32, Int32, Int32]:
    """The cheapest path of one pen through a window.

    Args:
        unary: (H, W) cost of the pen being at a px, nats.
        side: (H, W) cost of moving sideways onto a px.
        prices: what everything else costs.
        levels: turns that the curve may be on; ``range(1)`` for one that does not wrap.
        start: state at the end of the row above the window; None when anything may have been.
        doors: columns at which the pen may leave and enter as at an edge.
        pulls: what is added to the cost of moving right onto a px, and of moving left off it, (H, W) each;
            costs may fall below 0.

    Returns:
        ``entry`` and ``exit`` columns (H,), -1 where absent: the pen comes down onto a row at ``entry`` (or
        comes in again there, at an edge, if it wraps on that row) and leaves it at ``exit``; and ``turns``
        (H,) at the exit.
    """
    rows, width = unary.shape
    count = len(levels)
    right, left = side, np.roll(side, 1, axis=1)
    if pulls is not None:
        right, left = right + pulls[0], left + pulls[1]
    entered = np.empty((rows, count, width), np.int32)
    came = np.empty((rows, count, width), np.int32)
    left_from = np.empty(rows, np.int32)
    door_price = np.full(width, prices.inside, np.float32)
    margin = min(width, max(2, width // 80))
    door_price[:margin] = door_price[-margin:] = prices.edge
    for at in doors:
        door_price[max(0, round(at) - margin) : max(0, round(at) + margin + 1)] = prices.edge
    away = np.abs(np.array(levels, np.float32))
    level_price, lost_price = np.float32(prices.turned) * away, np.float32(prices.lost) * away
    first_cost = np.zeros((count, width), np.float32) + lost_price[:, None]
    gone = np.float32(0.0)
    if start is not None:
        first_cost = np.full((count, width), _FAR, np.float32)
        gone = np.float32(0.0) if start.column < 0 else _FAR
        if start.column >= 0:
            first_cost[start.level - levels.start, start.column] = 0.0
    cost, gone = _forward(
        unary, right, left, door_price, first_cost, gone, np.float32(prices.absent), np.float32(prices.wrap),
        level_price, lost_price, entered, left_from, came,
    )  # fmt: skip
    last = int(np.argmin(cost))
    first, final = np.empty(rows, np.int32), np.empty(rows, np.int32)
    _backward(_ABSENT if gone < cost.flat[last] else last, entered, left_from, came, first, final)
    turns = np.where(final >= 0, final // width + levels.start, 0).astype(np.int32)
    before = np.where(first >= 0, first // width + levels.start, 0)
    entry = np.where(first >= 0, first % width, _ABSENT)
    # on a row with a wrap, what counts is the last stretch: from the edge at which the pen came in again
    entry = np.where(turns > before, 0, np.where(turns < before, width - 1, entry)).astype(np.int32)
    exit_ = np.where(final >= 0, final % width, _ABSENT).astype(np.int32)
    return entry, exit_, turns
