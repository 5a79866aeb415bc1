"""Dashes, or dashes with dots between them: told by the marks along a whole stroke.

The network sees a hand's breadth of a stroke, and takes long dashes with dots between them and without for
one another. Counted along the stroke, every second mark of the one is short, and hardly any of the other.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray
from scipy.ndimage import percentile_filter, uniform_filter1d

from logdigit.curves.identity import Path
from logdigit.curves.runs import runs
from logdigit.types import Float, Float32

DOT = 0.4  # times the length of a dash that a dot is long, at most
LONG = 12.0  # px that dashes are long, at least, if dots can be told from them
REACH = 1  # px to either side of a path in which its stroke lies
FLAT = 5  # px across a row from which a path lies rather than goes to and fro within its stroke
DOTS = (0.45, 0.1)  # share of short marks among those of a stroke with dots, and of one without
AROUND = 20  # marks that are counted together
FEW = 6  # marks, at least, that tell anything


def marks(path: Path, dark: NDArray[np.bool_]) -> tuple[Float, Float]:
    """Rows of the middles of the marks of a stroke (m,), and their lengths along it (m,), px.

    Args:
        path: along the stroke, and over the gaps between its marks.
        dark: (H, W) where paper is dark.

    >>> down = np.full(40, 5, np.int32)
    >>> dark = np.zeros((40, 11), bool)
    >>> dark[4:20, 5] = dark[24:27, 5] = True
    >>> [values.tolist() for values in marks(Path(down, down, 0 * down), dark)]
    [[11.0, 25.0], [16.0, 3.0]]
    """
    here = path.exit >= 0
    travel = np.where(here, path.exit - path.entry, 0)
    travel[np.abs(travel) <= FLAT] = 0
    counts = np.abs(travel) + 1
    rows = np.repeat(np.arange(len(counts)), counts)
    steps = np.arange(len(rows)) - np.repeat(np.cumsum(counts) - counts, counts)
    columns = np.repeat(np.where(travel == 0, path.exit, path.entry), counts) + steps * np.repeat(
        np.sign(travel), counts
    )
    columns = np.clip(columns, 0, dark.shape[1] - 1)
    lies = np.repeat(np.abs(travel) > FLAT, counts)
    seen = np.zeros(len(rows), bool)
    for away in range(-REACH, REACH + 1):
        beside = np.clip(columns + np.where(lies, 0, away), 0, dark.shape[1] - 1)
        above = np.clip(rows + np.where(lies, away, 0), 0, dark.shape[0] - 1)
        seen |= dark[above, beside]
    found = runs(seen & np.repeat(here, counts))
    middles = np.array([(rows[a] + rows[b - 1]) // 2 for a, b in found], np.float64)
    return middles, np.array([b - a for a, b in found], np.float64)


def dotted_between(path: Path, dark: NDArray[np.bool_]) -> Float32:
    """(H,) nats a row by which a stroke has dots between its dashes rather than none; 0 where nothing tells.

    Args:
        path: along the stroke.
        dark: (H, W) where paper is dark.
    """
    rows, lengths = (values[1:-1] for values in marks(path, dark))  # the ends may be cut
    if len(rows) < FEW:
        return np.zeros(len(path.exit), np.float32)
    dash = percentile_filter(lengths, 80, min(AROUND, len(lengths)), mode="reflect")
    with_dots, without = DOTS
    short = lengths <= DOT * dash
    told = np.where(short, np.log(with_dots / without), np.log((1 - with_dots) / (1 - without)))
    around = uniform_filter1d(np.where(dash >= LONG, told, 0.0), AROUND, mode="reflect")
    out: Float32 = np.interp(np.arange(len(path.exit)), rows, around).astype(np.float32)
    return out
