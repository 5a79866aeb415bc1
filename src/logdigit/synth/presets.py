"""Corpora of the literature, by name, so that its tables can be run again on the same specification."""

from __future__ import annotations

import numpy as np

from logdigit.errors import UsageError
from logdigit.synth.curves import CurveBank, layered
from logdigit.synth.plan import Grid, SheetPlan, Stroke, TrackPlan
from logdigit.synth.strokes import log_uniform
from logdigit.synth.wear import Wear

PRESETS = ("veernet",)
"""``veernet``: two curves a strip, the first solid, the second dashed, 1 to 2 px wide, on a linear grid
across the whole width; about 97 % of the pixels are background (VeerNet: Nasim et al. 2023, J. Imaging
9, 136)."""


def check_preset(name: str) -> None:
    """Refuses a name that is none.

    Raises:
        UsageError: with the names there are.
    """
    if name and name not in PRESETS:
        raise UsageError(f"--preset {name}: there is no such corpus; there is {', '.join(PRESETS)}")


def preset_sheet(rng: np.random.Generator, name: str, size: int, bank: CurveBank | None) -> SheetPlan:
    """The plan of one strip of the preset ``name``, ``size`` px square."""
    check_preset(name)
    left, right = float(rng.uniform(2, 12)), size - float(rng.uniform(3, 12))
    level = int(rng.uniform(120, 215))
    count = int(rng.choice([5, 10, 10, 20]))
    verticals = tuple((k / count, 2.0 if k in (0, count) else 1.0) for k in range(count + 1))
    pitch = float(rng.uniform(15, 60))
    grid = Grid(verticals, pitch, float(rng.uniform(0, pitch)), 5, (1.0, 1.5), (level,) * 3)
    solid, dashed = (_inside(rng, size, bank) for _ in range(2))
    on = log_uniform(rng, 6, 16)
    strokes = (
        Stroke(left + dashed * (right - left), "dashed", rng.uniform(1, 2), (0, 0, 0), (on, 0.6 * on + 2)),
        Stroke(left + solid * (right - left), "solid", rng.uniform(1, 2)),
    )
    return SheetPlan(size, size, (TrackPlan(left, right, grid, strokes),), seed=int(rng.integers(2**31)))


def _inside(rng: np.random.Generator, rows: int, bank: CurveBank | None) -> np.ndarray:
    """A curve that stays within its track, ``u`` (rows,)."""
    u = bank.sample(rng, rows) if bank and bank.curves else layered(rng, rows)
    u = np.where(np.isfinite(u), u, np.nanmean(u))
    low, high = float(u.min()), float(u.max())
    if low < 0.02 or high > 0.98:
        a, b = np.sort(rng.uniform(0.03, 0.97, 2))
        u = a + (u - low) / max(high - low, 1e-9) * max(b - a, 0.1)
    return np.asarray(np.clip(u, 0.02, 0.98))


def preset_wear(rng: np.random.Generator, name: str) -> Wear:
    """The wear of one strip of the preset ``name``: a clean scan with some blur and noise."""
    check_preset(name)
    return Wear(blur=float(rng.uniform(0.2, 0.6)), noise=float(rng.uniform(0, 6)))
