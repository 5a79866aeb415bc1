"""A well that never was: layered rock, and every tool's reading of it, correlated as nature has it.

Each curve is what its tool would read of the same beds, smoothed to the tool's vertical resolution and in
the field's units: shale raises gamma ray and washes the hole out, gas lowers the neutron and lightens the
density, and mud filtrate separates the three resistivities.
"""

from __future__ import annotations

import numpy as np
from scipy.ndimage import gaussian_filter1d

from logdigit.types import Float

MNEMONICS = ("GR", "SP", "CALI", "MSFL", "ILM", "ILD", "RHOB", "NPHI", "DT", "PE")
"""Curves of `survey`."""


def _octaves(rng: np.random.Generator, low: float, high: float) -> float:
    return float(np.exp(rng.uniform(np.log(low), np.log(high))))


def _noise(rng: np.random.Generator, rows: int, sigma_rows: float) -> Float:
    """Correlated noise of unit deviation, (rows,)."""
    noise = gaussian_filter1d(rng.normal(0, 1, rows), sigma_rows, mode="reflect")
    return np.asarray(noise / max(float(noise.std()), 1e-9))


def _beds(rng: np.random.Generator, rows: int, thickness: float) -> np.ndarray:
    """Number of the bed at each row; thicknesses are exponential (a Poisson process of boundaries)."""
    edges = np.cumsum(rng.exponential(thickness, int(3 * rows / thickness) + 4) + 2.0)
    return np.searchsorted(edges, np.arange(rows))


def survey(rng: np.random.Generator, rows: int, rows_a_foot: float) -> dict[str, Float]:
    """Every curve of `MNEMONICS` over ``rows`` rows of paper.

    Porosity tools follow the time-average equation (Wyllie et al. 1956) and the bulk density mix, the
    resistivities follow Archie (1942) with m = n = 2, a = 1.

    Args:
        rng: the only source of randomness.
        rows: length, rows.
        rows_a_foot: rows in a foot of hole: 10 at 5 inches a 100 ft and 200 dpi.

    Returns:
        Values in GAPI, MV, IN, OHMM, G/C3, PU, US/F and B/E, each (rows,) float64.
    """
    bed = _beds(rng, rows, rows_a_foot * _octaves(rng, 1.5, 25))
    count = int(bed[-1]) + 1
    clean = rng.random(count) < rng.uniform(0.2, 0.7)
    vsh_bed = np.where(clean, rng.beta(1.5, 8, count), rng.beta(7, 2, count))
    within = 0.06 * _noise(rng, rows, 1.5 * rows_a_foot)
    vsh = np.clip(vsh_bed[bed] + within, 0, 1)
    phi = np.clip((rng.uniform(0.02, 0.32, count))[bed] * (1 - 0.8 * vsh) + 0.1 * within, 0.005, 0.4)
    gas = (clean & (rng.random(count) < 0.15))[bed]
    pay = gas | (clean & (rng.random(count) < 0.2))[bed]

    def tool(values: Float, feet: float) -> Float:
        return np.asarray(gaussian_filter1d(values, max(0.3, feet * rows_a_foot / 2.35), mode="reflect"))

    washed = np.maximum(0.0, vsh - rng.uniform(0.3, 0.8)) * _octaves(rng, 1, 12)
    bit = float(rng.choice([6.0, 7.875, 8.5, 8.75, 12.25]))
    caliper = tool(bit + washed * (1 + 0.4 * _noise(rng, rows, 0.7 * rows_a_foot)) - 0.4 * (vsh < 0.2), 0.7)
    water, filtrate = _octaves(rng, 0.02, 1.0), _octaves(rng, 0.3, 3.0)
    saturation = np.where(pay, rng.uniform(0.15, 0.6), 1.0)
    shale = _octaves(rng, 0.8, 8.0)
    deep = 1 / ((1 - vsh) * phi**2 * saturation**2 / water + vsh / shale + 1e-4)
    flushed = 1 / ((1 - vsh) * phi**2 * np.where(pay, 0.64, 1.0) / filtrate + vsh / shale + 1e-4)
    mixed = np.exp(0.5 * (np.log(deep) + np.log(flushed)))
    density = 2.65 - phi * (2.65 - np.where(gas, 0.7, 1.03)) + 0.03 * vsh
    rugose = np.maximum(0.0, caliper - bit - 1.0)
    neutron = 100 * (phi * np.where(gas, 0.55, 1.0) + 0.33 * vsh)
    slowness = 55.5 * (1 - phi - 0.3 * vsh) + 189 * phi + 0.3 * vsh * 100
    sonic = tool(slowness, 2.0) + 0.6 * _noise(rng, rows, 0.3 * rows_a_foot)
    for start in rng.integers(0, rows, rng.poisson(rows / (rows_a_foot * 120))):  # cycle skips
        skipped = slice(start, start + int(rng.uniform(0.5, 4) * rows_a_foot))
        sonic[skipped] += float(rng.choice([-25.0, 40.0, 80.0]))
    hot = 150 * (rng.random(count) < 0.02)[bed]
    gamma = tool(18 + rng.uniform(70, 150) * vsh + hot, 1.5)
    counting = rng.uniform(0.2, 0.8) * np.sqrt(np.maximum(gamma, 1))
    gamma = gamma + counting * _noise(rng, rows, 0.5 * rows_a_foot)
    spontaneous = tool(-rng.uniform(20, 120) * (1 - vsh), 6.0) + np.linspace(0, rng.normal(0, 10), rows)
    return {
        "GR": np.maximum(gamma, 0.0),
        "SP": spontaneous,
        "CALI": caliper,
        "MSFL": np.exp(tool(np.log(flushed) + 0.12 * _noise(rng, rows, 0.15 * rows_a_foot), 0.3)),
        "ILM": np.exp(tool(np.log(mixed), 3.0)),
        "ILD": np.exp(tool(np.log(deep), 5.0)),
        "RHOB": tool(density, 1.5) - 0.1 * rugose + 0.012 * _noise(rng, rows, 0.4 * rows_a_foot),
        "NPHI": tool(neutron, 1.5) + 1.2 * _noise(rng, rows, 0.6 * rows_a_foot),
        "DT": sonic,
        "PE": tool(1.8 + 3.2 * (phi < 0.08) * (1 - vsh) + 1.2 * vsh, 1.0) + 0.1 * _noise(rng, rows, 3),
    }
