"""Class probabilities to traces: all the curves of a track together, in windows that agree at their seams.

A window is decoded with some rows beyond what is kept of it, so that what is kept has seen what follows; the
next window starts in the state in which the last one was left. Memory is bounded by the window.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from itertools import pairwise

import numpy as np
from scipy.interpolate import PchipInterpolator
from scipy.ndimage import uniform_filter1d

from logdigit.curves.centre import centroids, runs_at, sharpened
from logdigit.curves.evidence import ALONG, FLOOR, Evidence, weigh
from logdigit.curves.identity import (
    RULES,
    Path,
    assign,
    beginnings,
    claim,
    continuity,
    emissions,
    slopes,
    stroke_width,
)
from logdigit.curves.viterbi import Prices, State, decode
from logdigit.types import CurveSpec, Float32, Int8, ProbabilityMap, Trace, Track, UInt8

KEEP = 3072  # rows kept of a window
AHEAD = 640  # rows decoded beyond, and thrown away
CONTEXT = ALONG // 2 + 1  # rows of style evidence before and after
SIDE_INK, SIDE_PAPER = 0.002, 0.45  # nats a px sideways, over ink and over paper
WRAP_PAPER = 0.08  # the same over paper for a curve that wraps: its flat kicks are the ones half seen
TURNS = range(-1, 3)
MOST_JOINT = 4  # curves of a track decided together; assignments grow as (n + 3) ** n
CROSSING = 16  # most rows over which two strokes cross
LEFTOVER = Prices(absent=0.9, inside=4.0)
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
BRIDGE = {"solid": 3, "dashed": 40, "dotted": 25, "dashdot": 45}  # longest gap (rows) that is no gap


@dataclass
class _Piece:
    """What is kept of a window for one curve."""

    x: Float32
    confidence: Float32
    turns: Int8


def _decode_one(
    likelihood: Float32, ink: Float32, curve: CurveSpec, start: State | None, prices: Prices | None = None
) -> Path:
    unary = -np.log(np.maximum(likelihood, FLOOR))
    paper = WRAP_PAPER if curve.wraps else SIDE_PAPER
    travel = max(SIDE_INK, CALM.get(curve.mnemonic, 0.0))
    side = travel + paper * (1 - ink) ** 3  # ink seen by halves still carries a kick
    if curve.wraps:
        rim = max(4, ink.shape[1] // RIM)
        side[:, :rim] *= RIM_PRICE
        side[:, -rim:] *= RIM_PRICE
        return Path(*decode(unary, side.astype(np.float32), prices or WRAPPING, TURNS, start))
    return Path(*decode(unary, side.astype(np.float32), prices or Prices(), range(1), start))


def decode_window(
    evidence: Evidence, curves: tuple[CurveSpec, ...], start: tuple[State | None, ...]
) -> tuple[Path, ...]:
    """Paths of all curves of a window: each alone, then whose stroke is whose, then each on its own ink."""
    alone = [_decode_one(evidence.likelihood(i), evidence.ink, c, start[i]) for i, c in enumerate(curves)]
    if len(curves) == 1 or len(curves) > MOST_JOINT:
        return tuple(alone)
    candidates = list(alone)
    free = evidence.ink.copy()
    for path in alone:
        free[claim(path, free.shape, stroke_width(path, evidence.ink))] *= 0.1
    anyone = CurveSpec("", (), style="solid")
    for _ in range(min(2, len(curves) - 1)):  # at most n - 1 strokes can have been left over
        path = _decode_one(free, evidence.ink, anyone, None, LEFTOVER)
        if (path.exit >= 0).mean() < 0.002:
            break
        candidates.append(path)
        free[claim(path, free.shape, stroke_width(path, evidence.ink))] *= 0.1
    return _settle(evidence, curves, candidates, start)


def _settle(
    evidence: Evidence, curves: tuple[CurveSpec, ...], candidates: list[Path], start: tuple[State | None, ...]
) -> tuple[Path, ...]:
    pens = np.array([stroke_width(path, evidence.ink) for path in candidates], np.float32)
    x = np.stack([np.where(p.exit >= 0, (p.entry + p.exit) / 2, np.nan) for p in candidates]).astype(
        np.float32
    )
    before, after = (np.stack(s) for s in zip(*(slopes(row) for row in x), strict=True))
    last, down, jump = (np.stack(s) for s in zip(*(continuity(p) for p in candidates), strict=True))
    calm = [CALM.get(curve.mnemonic, 0.0) for curve in curves]
    given = assign(
        emissions(evidence, candidates, RULES, calm), x, last, down, jump, before, after, pens,
        beginnings(candidates, start, RULES), float(evidence.ink.shape[1] - 1),
        RULES.shared, RULES.unexplained, RULES.change, RULES.apart, RULES.inside, RULES.kink,
    )  # fmt: skip
    claims = [claim(path, evidence.ink.shape, pen) for path, pen in zip(candidates, pens, strict=True)]
    owned = []
    for i in range(len(curves)):
        mine = np.zeros(evidence.ink.shape, bool)
        for k, mask in enumerate(claims, 1):
            rows = given[:, i] == k
            mine[rows] |= mask[rows]
        owned.append(mine)
    out = []
    for i, curve in enumerate(curves):
        others = np.zeros_like(owned[i])
        for j, mask in enumerate(owned):
            if j != i:
                others |= mask
        likelihood = evidence.likelihood(i)
        likelihood = np.where(owned[i], np.maximum(likelihood, 0.7 * evidence.ink), likelihood)
        likelihood = np.where(others & ~owned[i], 0.05 * likelihood, likelihood).astype(np.float32)
        out.append(_decode_one(likelihood, evidence.ink, curve, start[i]))
    return tuple(out)


def read_path(paths: Sequence[Path], evidence: Evidence, curve: int) -> tuple[Float32, Float32]:
    """Sub-pixel columns (H,) and confidence (H,) of one of the paths of a window."""
    path = paths[curve]
    own = evidence.likelihood(curve)
    first, last = runs_at(evidence.ink, path.entry, path.exit, 0.45)
    pen = stroke_width(path, evidence.ink)
    x = centroids(evidence.ink, own, path.entry, path.exit, first, last, pen)
    met = np.zeros(len(x), bool)
    for other in (*paths[:curve], *paths[curve + 1 :]):
        met |= (other.exit >= first - 1) & (other.exit <= last + 1) & (other.exit >= 0)
    wide = (last - first + 1) > np.abs(path.exit - path.entry) + 1.5 * pen + 1
    round_the_edge = np.diff(path.turns, append=path.turns[-1:]) != 0
    x = sharpened(x, evidence.ink, path.entry, path.exit, met | round_the_edge)
    through_crossings(x, met & wide & (path.exit >= 0), evidence.ink)
    rows, at = np.arange(len(x)), np.clip(path.exit, 0, None)
    support = uniform_filter1d(
        np.where(path.exit >= 0, own[rows, at], 0).astype(np.float32), 21, mode="nearest"
    )
    here = np.where(path.exit >= 0, evidence.ink[rows, at], 0)
    confidence = np.sqrt(np.clip(support, 0, 1) * np.clip(here + 0.15, 0, 1)) * np.where(met, 0.7, 1.0)
    return x, np.where(np.isfinite(x), confidence, 0).astype(np.float32)


def through_crossings(x: Float32, met: np.ndarray, ink: Float32) -> None:
    """Where a stroke crosses another, read it in place from what lies before and after (H,).

    Over the few rows of a crossing the ink tells where both curves are, not where each is. A cubic through
    the clear rows on either side does, as long as it stays on the ink.
    """
    edges = np.flatnonzero(np.diff(np.concatenate([[False], met, [False]]).astype(np.int8)))
    for a, b in zip(edges[::2], edges[1::2], strict=True):
        near = np.concatenate([np.arange(max(0, a - 4), a), np.arange(b, min(len(x), b + 4))])
        near = near[np.isfinite(x[near]) & ~met[near]]
        if b - a > CROSSING or not (near < a).any() or not (near >= b).any():
            continue
        rows = np.arange(a, b)
        guess = PchipInterpolator(near, x[near])(rows)
        column = np.clip(np.rint(guess).astype(int), 0, ink.shape[1] - 1)
        if (ink[rows, column] > 0.4).all():
            x[rows] = guess


def off_scale(x: Float32, width: int, wraps: bool) -> np.ndarray:
    """Rows (H,) bool on which the pen stands at an edge of the track: pegged ink is no reading."""
    if wraps:
        return np.zeros(len(x), bool)
    with np.errstate(invalid="ignore"):
        hugging = (x < 2.0) | (x > width - 3.0)
    padded = np.concatenate([[False], hugging, [False]]).astype(np.int8)
    starts, ends = np.flatnonzero(np.diff(padded) == 1), np.flatnonzero(np.diff(padded) == -1)
    out = np.zeros(len(x), bool)
    for a, b in zip(starts, ends, strict=True):
        if b - a >= 8:
            out[a:b] = True
    return out


def bridge(x: Float32, confidence: Float32, turns: Int8, longest: int) -> None:
    """Fill, in place, gaps that are shorter than a broken line's own, where both ends are near each other."""
    good = np.flatnonzero(np.isfinite(x))
    for a, b in pairwise(good):
        if 1 < b - a <= longest + 1 and turns[a] == turns[b] and abs(x[b] - x[a]) <= 4 + (b - a):
            x[a + 1 : b] = np.interp(np.arange(a + 1, b), [a, b], [x[a], x[b]])
            confidence[a + 1 : b] = 0.6 * min(confidence[a], confidence[b])
            turns[a + 1 : b] = turns[a]


@dataclass
class TrackTracer:
    """Traces one track from bands of probabilities pushed in order; `finish` returns the traces.

    Attributes:
        track: edges and curves, straight frame.
        top: straight row of the first row pushed.
    """

    track: Track
    top: int = 0
    _prob: Float32 | None = None
    _rgb: UInt8 | None = None
    _classes: tuple[str, ...] = ()
    _rows_before: int = 0  # rows of context at the head of the buffer, already kept
    _started: bool = False
    _pieces: list[list[_Piece]] = field(default_factory=list)
    _start: tuple[State | None, ...] = ()

    @property
    def left(self) -> int:
        """First column of the track, straight px."""
        return max(0, int(np.floor(self.track.left)))

    @property
    def right(self) -> int:
        """Last column of the track, straight px."""
        return int(np.ceil(self.track.right))

    def push(self, band: ProbabilityMap) -> None:
        """Take the next band, and trace as far as it allows."""
        if not self._started:
            self._started, self.top, self._classes = True, band.top, band.classes
            self._start = (None,) * len(self.track.curves)
            self._pieces = [[] for _ in self.track.curves]
        columns = slice(self.left, self.right + 1)
        part = band.prob[:, :, columns]
        self._prob = part if self._prob is None else np.concatenate([self._prob, part], axis=1)
        if band.rgb is not None:
            rgb = band.rgb[:, columns]
            self._rgb = rgb if self._rgb is None else np.concatenate([self._rgb, rgb])
        while self._prob.shape[1] - self._rows_before >= KEEP + AHEAD + CONTEXT:
            self._window(KEEP, last=False)

    def finish(self) -> tuple[Trace, ...]:
        """Trace what is left; one trace a curve of the track, in its order."""
        if self._prob is not None and self._prob.shape[1] > self._rows_before:
            self._window(self._prob.shape[1] - self._rows_before, last=True)
        out = []
        for curve, pieces in zip(self.track.curves, self._pieces, strict=True):
            x = np.concatenate([p.x for p in pieces])
            confidence = np.concatenate([p.confidence for p in pieces])
            turns = np.concatenate([p.turns for p in pieces])
            pegged = off_scale(x, self.right + 1 - self.left, curve.wraps)
            x[pegged], confidence[pegged] = np.nan, 0
            bridge(x, confidence, turns, BRIDGE[curve.style])
            out.append(Trace(self.top, x + np.float32(self.left), confidence, turns))
        return tuple(out)

    def _window(self, keep: int, last: bool) -> None:
        assert self._prob is not None
        end = self._prob.shape[1] if last else self._rows_before + keep + AHEAD + CONTEXT
        rgb = None if self._rgb is None else self._rgb[:end]
        evidence = weigh(self._prob[:, :end], self._classes, self.track.curves, rgb)
        rows = slice(self._rows_before, end if last else end - CONTEXT)
        evidence = evidence.rows(rows)
        paths = decode_window(evidence, self.track.curves, self._start)
        for i, path in enumerate(paths):
            x, confidence = read_path(paths, evidence, i)
            self._pieces[i].append(_Piece(x[:keep], confidence[:keep], path.turns[:keep].astype(np.int8)))
        self._start = tuple(State(int(p.turns[keep - 1]), int(p.exit[keep - 1])) for p in paths)
        drop = max(0, self._rows_before + keep - CONTEXT)
        self._prob = self._prob[:, drop:].copy()
        self._rgb = None if self._rgb is None else self._rgb[drop:].copy()
        self._rows_before = self._rows_before + keep - drop


def trace_track(maps: Iterable[ProbabilityMap], track: Track) -> tuple[Trace, ...]:
    """Trace all curves of one track from consecutive bands of probabilities.

    Args:
        maps: bands in the straight frame, in order, without gaps.
        track: edges (straight px) and declared curves.

    Returns:
        One trace a curve, in the order of ``track.curves``.
    """
    tracer = TrackTracer(track)
    for band in maps:
        tracer.push(band)
    return tracer.finish()
