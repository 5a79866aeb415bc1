"""Whose stroke is whose in a window of a track: each pen alone first, then all of them together."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from scipy.ndimage import maximum_filter1d

from logdigit.curves.assign import assign, options_of
from logdigit.curves.evidence import FLOOR, Evidence
from logdigit.curves.identity import (
    RULES,
    Path,
    at_rim,
    beginnings,
    claim,
    continuity,
    emissions,
    slopes,
    stroke_width,
)
from logdigit.curves.meet import bends
from logdigit.curves.pens import Kin, agreement
from logdigit.curves.rhythm import dotted_between
from logdigit.curves.solo import CALM, decode_one, inked
from logdigit.curves.viterbi import Prices, State
from logdigit.types import CurveSpec, Float32, Int8

MOST_JOINT = 8  # strokes of a track decided together
LEFTOVER = Prices(absent=0.9, inside=4.0)
RETURN = 3  # rows by which a stroke may be longer than the assignment has it


@dataclass(frozen=True)
class Crew:
    """The pens of a track as a window has them.

    Attributes:
        curves: what each draws (n,).
        doors: columns at which each (n,) may begin and end, beside the edges.
        turns: on which each (n,) may be, if it wraps.
        kin: which of them are strokes of one curve.
        unusual: what each (n,) pays a row at each column (W,), see `usual`.
    """

    curves: tuple[CurveSpec, ...]
    doors: tuple[tuple[float, ...], ...]
    turns: tuple[range, ...]
    kin: tuple[Kin, ...] = ()
    unusual: tuple[Float32 | None, ...] = ()

    @property
    def groups(self) -> tuple[tuple[int, ...], ...]:
        """Pens of each curve of which some are kin, and each other pen by itself."""
        out: list[set[int]] = []
        for pen in range(len(self.curves)):
            mates = {pen} | {
                k for kin in self.kin for k in (kin.fine, kin.coarse) if pen in (kin.fine, kin.coarse)
            }
            if not any(pen in group for group in out):
                out.append(mates)
        return tuple(tuple(sorted(group)) for group in out)


@dataclass(frozen=True)
class Decided:
    """The paths (n,) of the pens of a window.

    Attributes:
        paths: what is decided, where there is ink of theirs.
        alone: what each took when alone.
        held: what is decided, with the rows on which a pen goes on unseen.
    """

    paths: tuple[Path, ...]
    alone: tuple[Path, ...]
    held: tuple[Path, ...]


def decode_window(evidence: Evidence, crew: Crew, start: tuple[State | None, ...]) -> Decided:
    """Paths of all pens of a window: each alone, then whose stroke is whose, then each on its own ink."""
    curves, ink = crew.curves, evidence.ink
    held = tuple(
        decode_one(evidence.likelihood(i), ink, curve, start[i], doors=crew.doors[i], turns=crew.turns[i])
        for i, curve in enumerate(curves)
    )
    alone = tuple(
        inked(path, evidence.likelihood(i), curve)
        for i, (path, curve) in enumerate(zip(held, curves, strict=True))
    )
    if len(curves) == 1 or len(curves) > MOST_JOINT:
        return Decided(alone, alone, held)
    candidates = list(alone)
    free = evidence.ink.copy()
    high = not crew.kin  # strokes of one curve may lie right beside each other
    for path in alone:
        free[claim(path, free.shape, stroke_width(path, evidence.ink), high)] *= 0.1
    anyone = CurveSpec("", (), style="solid")
    for _ in range(min(2, len(curves) - 1)):  # at most n - 1 strokes can have been left over
        path = decode_one(free, evidence.ink, anyone, None, LEFTOVER)
        if (path.exit >= 0).mean() < 0.002:
            break
        candidates.append(path)
        free[claim(path, free.shape, stroke_width(path, evidence.ink), high)] *= 0.1
    paths, held = _settle(evidence, crew, candidates, start)
    return Decided(paths, alone, held)


def _settle(
    evidence: Evidence, crew: Crew, candidates: list[Path], start: tuple[State | None, ...]
) -> tuple[tuple[Path, ...], tuple[Path, ...]]:
    """Paths and held paths of the pens, from the candidate strokes."""
    curves = crew.curves
    pens = np.array([stroke_width(path, evidence.ink) for path in candidates], np.float32)
    x = np.stack([np.where(p.exit >= 0, (p.entry + p.exit) / 2, np.nan) for p in candidates]).astype(
        np.float32
    )
    before, after = (np.stack(s) for s in zip(*(slopes(row) for row in x), strict=True))
    last, down, jump = (np.stack(s) for s in zip(*(continuity(p) for p in candidates), strict=True))
    low, high = (
        np.stack([np.where(p.exit >= 0, pick(p.entry, p.exit), np.nan) for p in candidates]).astype(
            np.float32
        )
        for pick in (np.minimum, np.maximum)
    )
    costs = emissions(evidence, candidates, RULES, [CALM.get(curve.mnemonic, 0.0) for curve in curves])
    for i, price in enumerate(crew.unusual):
        if price is not None:
            costs[:, i, 1:] += np.where(np.isnan(x), 0, price[np.nan_to_num(x).astype(int)]).T
    if evidence.dark is not None:
        dots = np.stack([dotted_between(path, evidence.dark) for path in candidates])
        for i, curve in enumerate(curves):
            costs[:, i, 1:] += {"dashdot": -1.0, "dashed": 1.0}.get(curve.style, 0.0) * dots.T
    options = options_of(crew.groups, costs, RULES.states)
    kin_of, agreed, columns = _kinship(crew, low, high)
    given = assign(
        costs, options.stands, options.counts, options.pens, x, low, high, last, down, jump, before, after,
        pens, beginnings(candidates, start, RULES),
        at_rim(candidates, evidence.ink.shape[1] - 1.0, bool(crew.kin)),
        bends(candidates, pens, evidence.ink),
        kin_of, agreed, columns,
        RULES.shared, RULES.unexplained, RULES.change, RULES.apart, RULES.inside, RULES.kink,
        RULES.bend, RULES.leap,
    )  # fmt: skip
    claims = [claim(path, evidence.ink.shape, pen) for path, pen in zip(candidates, pens, strict=True)]
    owned = []
    for i in range(len(curves)):
        mine = np.zeros(evidence.ink.shape, bool)
        for k, mask in enumerate(claims, 1):
            rows = given[:, i] == k
            mine[rows] |= mask[rows]
        owned.append(mine)
    out, held = [], []
    for i, curve in enumerate(curves):
        others = np.zeros_like(owned[i])
        for j, mask in enumerate(owned):
            if j != i:
                others |= mask
        likelihood = evidence.likelihood(i)
        likelihood = np.where(owned[i], np.maximum(likelihood, 0.7 * evidence.ink), likelihood)
        likelihood = np.where(others & ~owned[i], 0.05 * likelihood, likelihood).astype(np.float32)
        if any(i in (kin.fine, kin.coarse) for kin in crew.kin):  # its other strokes look like itself
            likelihood[~maximum_filter1d(given[:, i] > 0, 2 * RETURN + 1)] = FLOOR
        held.append(
            decode_one(
                likelihood, evidence.ink, curve, start[i], doors=crew.doors[i], turns=crew.turns[i], own=True
            )
        )
        out.append(inked(held[-1], likelihood, curve))
    return tuple(out), tuple(held)


def _kinship(crew: Crew, low: Float32, high: Float32) -> tuple[Int8, Float32, Float32]:
    """``kin_of``, ``kin`` and ``columns`` of `assign`, from the columns (m, H) that the candidates cover."""
    number = np.full((len(crew.curves),) * 2, -1, np.int8)
    if not crew.kin:
        return number, np.zeros((0, 1, 1, 1), np.float32), np.zeros((0, 1), np.float32)
    for k, kin in enumerate(crew.kin):
        number[kin.fine, kin.coarse] = k
    agreed = np.stack([agreement(kin, low, high, RULES) for kin in crew.kin])
    return number, agreed, np.stack([kin.columns for kin in crew.kin]).astype(np.float32)
