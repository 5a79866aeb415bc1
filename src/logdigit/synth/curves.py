"""Curves to print: procedural layered geology, or stretches of real LAS curves.

Every curve here is a position across its track against paper rows, before any pen touches paper: ``u`` is
0 at the left edge and 1 at the right, and may leave that interval (then it wraps, pegs or is not drawn).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from scipy.ndimage import gaussian_filter1d

from logdigit.types import Float

QUIET = 0.25
"""Share of curves that hardly move (a caliper in gauge): a straight broken line is not a broken grid."""


def layered(rng: np.random.Generator, rows: int) -> Float:
    """A procedural curve: blocky layers, correlated noise, spikes, dead intervals, a slow drift.

    Args:
        rng: the only source of randomness.
        rows: length, paper px.

    Returns:
        ``u``, (rows,) float64.
    """
    u = np.full(rows, rng.uniform(0.1, 0.9))
    quiet = rng.random() < QUIET
    low, high = (0.0015, 0.02) if quiet else (0.01, 0.45)
    amplitude = float(np.exp(rng.uniform(np.log(low), np.log(high))))
    if rng.random() < 0.75:  # layers of constant property, smoothed by the tool's length
        mean_thickness = float(np.exp(rng.uniform(np.log(8), np.log(250))))
        edges = np.cumsum(rng.exponential(mean_thickness, size=int(rows / mean_thickness * 2) + 4) + 2)
        levels = rng.normal(0, 1, len(edges) + 1)
        blocks = levels[np.searchsorted(edges, np.arange(rows))]
        u += amplitude * gaussian_filter1d(blocks, float(np.exp(rng.uniform(np.log(0.7), np.log(12)))))
    for _ in range(rng.integers(1, 4)):  # statistical noise of the tool and small-scale geology
        sigma = float(np.exp(rng.uniform(np.log(0.8), np.log(40))))
        noise = gaussian_filter1d(rng.normal(0, 1, rows), sigma, mode="reflect")
        share = float(np.exp(rng.uniform(np.log(0.02), np.log(0.7))))
        u += amplitude * share * noise / max(float(noise.std()), 1e-9)
    if rng.random() < (0.1 if quiet else 0.35):  # kicks that run almost along a row, and come back
        for _ in range(rng.integers(1, 6)):
            centre, half = rng.integers(0, rows), float(np.exp(rng.uniform(np.log(1.5), np.log(15))))
            shape = np.exp(-(((np.arange(rows) - centre) / half) ** rng.choice([2, 4])))
            u += rng.normal(0, 0.4) * shape
    if rng.random() < 0.3:
        u += rng.normal(0, 0.02 if quiet else 0.2) * np.linspace(-0.5, 0.5, rows)
    if rng.random() < 0.15:  # a dead interval: the pen stands still
        start = rng.integers(0, rows)
        u[start : start + rng.integers(20, 200)] = u[start]
    return u


def gaps(rng: np.random.Generator, u: Float) -> Float:
    """The curve with, now and then, an interval that was never recorded (NaN)."""
    out = u.copy()
    if rng.random() < 0.12:
        start = int(rng.integers(0, len(u)))
        out[start : start + int(rng.integers(15, 150))] = np.nan
    if rng.random() < 0.06:
        cut = int(rng.integers(0, len(u)))
        out[slice(0, cut) if rng.random() < 0.5 else slice(cut, None)] = np.nan
    return out


@dataclass(frozen=True)
class CurveBank:
    """Real curves to take stretches from, each evenly sampled, (n_i,) float64, NaN where missing."""

    curves: tuple[Float, ...]

    @classmethod
    def from_values(cls, values: Sequence[Float], least: int = 200) -> CurveBank:
        """Keep what can be printed: curves with at least ``least`` samples that vary."""
        kept = []
        for value in values:
            good = value[np.isfinite(value)]
            if len(good) >= least and np.percentile(good, 98) > np.percentile(good, 2):
                kept.append(np.asarray(value, dtype=np.float64))
        return cls(tuple(kept))

    def sample(self, rng: np.random.Generator, rows: int) -> Float:
        """A random stretch of a random curve, ``u`` over ``rows`` paper px, sometimes off its scale."""
        value = self.curves[int(rng.integers(len(self.curves)))]
        if (value > 0).mean() > 0.95 and rng.random() < 0.3:
            value = np.log10(np.maximum(value, 1e-4))
        good = value[np.isfinite(value)]
        low, high = np.percentile(good, [rng.uniform(0, 5), rng.uniform(93, 100)])
        pad = (high - low) * rng.uniform(0.0, 1.2)
        left = low - pad * rng.random()
        width = max(high - low + pad, 1e-9)
        px_per_sample = float(np.exp(rng.uniform(np.log(0.7), np.log(9))))
        count = min(int(rows / px_per_sample) + 3, len(value))
        start = int(rng.integers(0, len(value) - count + 1))
        stretch = value[start : start + count]
        at = np.arange(rows) * (count - 1) / max(rows - 1, 1)
        known = np.isfinite(stretch)
        if known.sum() < 2:
            return layered(rng, rows)
        u = np.interp(at, np.flatnonzero(known), (stretch[known] - left) / width)
        u[~known[np.clip(np.rint(at).astype(int), 0, count - 1)]] = np.nan
        # an unmarked null value is no reading, and no pen goes that far
        u = np.asarray(np.clip(u, -2.5, 3.5))
        flipped: Float = 1 - u
        return flipped if rng.random() < 0.4 else u
