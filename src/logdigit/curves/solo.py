"""One pen decoded as if it were alone in its track: what its curve pays to travel, to end, and to be unseen.

A broken line is unseen for most of its length where its dashes are short and its gaps long. Were every gap an
absence, each dash would have to earn its own coming and going, and the faint ones do not. So the pen of a
broken line may also be *held*: it goes on over paper at hardly more than the price of absence, and comes back
where it left. What it crosses in between is no reading (`inked`).
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from logdigit.curves.calibrate import to_value
from logdigit.curves.evidence import FLOOR
from logdigit.curves.flat import pulls
from logdigit.curves.identity import Path
from logdigit.curves.viterbi import Prices, State, decode
from logdigit.types import CurveSpec, Float32

SIDE_INK, SIDE_PAPER = 0.002, 0.45  # nats a px sideways, over ink and over paper
WRAP_PAPER = 0.08  # the same over paper for a curve that wraps: its flat kicks are the ones half seen
TURNS = range(-1, 3)
INSIDE = 0.02  # share of the scale at the edges of a turn of which nobody asks whether it is possible
WRAPPING = Prices(absent=3.0, edge=20.0, inside=20.0)  # what re-enters does not end at an edge
CALM = {
    **dict.fromkeys(("LTEN", "TENS", "TEN", "TENSION", "CHT", "LSPD", "SPD", "CS", "BS"), 0.08),
    **dict.fromkeys(("CALI", "CAL", "DCAL", "HCAL", "CALX", "CALY", "C1", "C2", "HDRA", "DRHO"), 0.01),
    **dict.fromkeys(("SP", "SSP"), 0.01),
}
"""What moves little from row to row, and what it pays a px sideways, nats: cable tension and speed, the size
of the bit; less so the size of the hole, a correction, a spontaneous potential."""
RIM = 15  # 1 / 15 of the width at an edge, where border lines hide a flat kick,
RIM_PRICE = 0.1  # costs a curve that wraps this share of the price to cross
HELD = 0.2
"""What a row on which the pen of a broken line is held costs more than one on which it is absent, nats."""


def decode_one(
    likelihood: Float32,
    ink: Float32,
    curve: CurveSpec,
    start: State | None,
    prices: Prices | None = None,
    doors: Sequence[float] = (),
    turns: range = TURNS,
    own: bool = False,
) -> Path:
    """The path of one pen, held rows and all.

    Args:
        likelihood: (H, W) that the pen is at a px.
        ink: (H, W) that there is any.
        curve: what it draws.
        start: state at the end of the row above, None when anything may have been.
        prices: None for the usual ones.
        doors: columns at which it may leave and enter as at an edge.
        turns: on which it may be, if it wraps.
        own: whether ``likelihood`` is of its own ink alone: then flat strokes pull it along. They always pull
            a curve that wraps, as its turns hang on them.
    """
    unary = -np.log(np.maximum(likelihood, FLOOR))
    paper = WRAP_PAPER if curve.wraps else SIDE_PAPER
    travel = max(SIDE_INK, CALM.get(curve.mnemonic, 0.0))
    side = (travel + paper * (1 - ink) ** 3).astype(np.float32)  # ink seen by halves still carries a kick
    pull = pulls(likelihood) if own or curve.wraps else None
    if curve.wraps:
        rim = max(4, ink.shape[1] // RIM)
        side[:, :rim] *= RIM_PRICE
        side[:, -rim:] *= RIM_PRICE
        return Path(*decode(unary, side, prices or WRAPPING, turns, start, pulls=pull))
    prices = prices or Prices()
    if curve.style != "solid":
        unary = np.minimum(unary, np.float32(prices.absent + HELD))
    return Path(*decode(unary, side, prices, range(1), start, doors, pull))


def possible_turns(curve: CurveSpec, limits: tuple[float, float] | None) -> range:
    """The turns on which a curve can be: no gamma ray is below zero, however often its pen goes round.

    Args:
        curve: that wraps.
        limits: lowest and highest reading that its measurement can have, None where nobody knows.

    >>> from logdigit.types import ValueScale
    >>> gr = CurveSpec("GR", (ValueScale(((0.0, 0.0), (1.0, 150.0))),), wraps=True)
    >>> possible_turns(gr, (0.0, 1000.0)), possible_turns(gr, None)
    (range(0, 3), range(-1, 3))
    """
    if limits is None or not curve.scales:
        return TURNS
    able = [0]
    for turn in TURNS:
        ends = to_value(curve.scales[0], np.array([INSIDE, 1 - INSIDE]), turn)
        if ends.max() > limits[0] and ends.min() < limits[1]:
            able.append(turn)
    return range(min(able), max(able) + 1)


def inked(path: Path, likelihood: Float32, curve: CurveSpec) -> Path:
    """A path from `decode_one` without the rows on which the pen is held: it is absent there."""
    if curve.wraps or curve.style == "solid":
        return path
    rows = np.arange(len(path.exit))
    best = np.maximum(likelihood[rows, path.entry], likelihood[rows, path.exit])
    here = (path.exit >= 0) & (best > np.exp(-Prices().absent - HELD))
    entry, exit_ = (np.where(here, columns, -1).astype(np.int32) for columns in (path.entry, path.exit))
    return Path(entry, exit_, path.turns)
