"""Class probabilities to traces: all the curves of a track together, in windows that agree at their seams.

A window is decoded with some rows beyond what is kept of it, so that what is kept has seen what follows; the
next window starts in the state in which the last one was left. Memory is bounded by the window.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from functools import cached_property
from itertools import product

import numpy as np
from numpy.typing import NDArray

from logdigit.curves.beneath import follow_beneath
from logdigit.curves.decide import Crew, decode_window
from logdigit.curves.evidence import ALONG, weigh
from logdigit.curves.grid import without_grid
from logdigit.curves.inks import without_plain_ink
from logdigit.curves.pens import Pen, drawn_rows, kin_of, pens_of
from logdigit.curves.porosity import made_of, read_as_one, stands, stands_under
from logdigit.curves.reading import BRIDGE, bridge, off_scale, read_path
from logdigit.curves.solo import possible_turns
from logdigit.curves.through import darkness, read_through
from logdigit.curves.usual import unusual
from logdigit.curves.viterbi import State
from logdigit.types import DepthScale, Float32, Int8, ProbabilityMap, Trace, Track, UInt8

KEEP = 3072  # rows kept of a window
AHEAD = 640  # rows decoded beyond, and thrown away
CONTEXT = ALONG // 2 + 1  # rows of style evidence before and after


@dataclass
class _Piece:
    """What is kept of a window for one curve."""

    x: Float32
    confidence: Float32
    turns: Int8
    held: NDArray[np.bool_]
    explained: NDArray[np.bool_]


@dataclass
class TrackTracer:
    """Traces one track from bands of probabilities pushed in order; `finish` returns the traces.

    Attributes:
        track: edges and curves, straight frame.
        depth: registration, for scales that hold only in an interval of depth.
        limits: lowest and highest reading that a curve can have, by mnemonic, where that is known.
        typical: reading of a curve and its spread, by mnemonic, where that is known.
        top: straight row of the first row pushed.
    """

    track: Track
    depth: DepthScale | None = None
    limits: Mapping[str, tuple[float, float]] = field(default_factory=dict)
    typical: Mapping[str, tuple[float, float]] = field(default_factory=dict)
    top: int = 0
    _prob: Float32 | None = None
    _rgb: UInt8 | None = None
    _grey: UInt8 | None = None
    _dark: list[UInt8] = field(default_factory=list)
    _classes: tuple[str, ...] = ()
    _rows_before: int = 0  # rows of context at the head of the buffer, already kept
    _kept: int = 0  # rows of which pieces are kept
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

    @cached_property
    def pens(self) -> tuple[Pen, ...]:
        """The pens of the track: one for each scale of each curve."""
        return pens_of(self.track, self.depth)

    @cached_property
    def _crew(self) -> Crew:
        start, width = self.track.left - self.left, self.track.right - self.track.left
        doors = tuple(tuple(start + u * width for u in pen.doors) for pen in self.pens)
        kin = kin_of(self.pens, self.track, self.left, self.right + 1 - self.left)
        turns = tuple(possible_turns(pen.spec, self.limits.get(pen.spec.mnemonic)) for pen in self.pens)
        specs = tuple(pen.spec for pen in self.pens)
        u = (np.arange(self.right + 1 - self.left) - start) / width
        return Crew(specs, doors, turns, kin, unusual(specs, self.typical, u.astype(np.float32)))

    def push(self, band: ProbabilityMap) -> None:
        """Take the next band, and trace as far as it allows."""
        if not self._started:
            self._started, self.top, self._classes = True, band.top, band.classes
            self._start = (None,) * len(self.pens)
            self._pieces = [[] for _ in self.pens]
        columns = slice(self.left, self.right + 1)
        part = band.prob[:, :, columns]
        self._prob = part if self._prob is None else np.concatenate([self._prob, part], axis=1)
        if band.rgb is not None:
            rgb = band.rgb[:, columns]
            self._rgb = rgb if self._rgb is None else np.concatenate([self._rgb, rgb])
        if band.grey is not None and band.grey.shape[0]:
            grey = band.grey[:, columns]
            self._dark.append(darkness(grey))
            self._grey = grey if self._grey is None else np.concatenate([self._grey, grey])
        while self._prob.shape[1] - self._rows_before >= KEEP + AHEAD + CONTEXT:
            self._window(KEEP, last=False)

    def finish(self) -> tuple[Trace, ...]:
        """Trace what is left; one trace a pen of the track, in their order."""
        if self._prob is not None and self._prob.shape[1] > self._rows_before:
            self._window(self._prob.shape[1] - self._rows_before, last=True)
        out = []
        for pen, pieces in zip(self.pens, self._pieces, strict=True):
            x = np.concatenate([p.x for p in pieces])
            confidence = np.concatenate([p.confidence for p in pieces])
            turns = np.concatenate([p.turns for p in pieces])
            pegged = off_scale(x, self.right + 1 - self.left, pen.spec.wraps)
            x[pegged], confidence[pegged] = np.nan, 0
            held = np.concatenate([p.held for p in pieces]) & ~pegged
            explained = np.concatenate([p.explained for p in pieces])
            bridge(x, confidence, turns, held, explained, BRIDGE[pen.spec.style])
            out.append(Trace(self.top, x, confidence, turns))
        dark = np.concatenate(self._dark) if self._dark else np.empty((0, 0), np.uint8)
        for i, (pen, one) in enumerate(zip(self.pens, out, strict=True)):
            if len(dark) == len(one.x) and pen.spec.style == "solid" and not pen.spec.wraps:
                others = [other.x for other in (*out[:i], *out[i + 1 :])]
                read_through(one.x, one.confidence, one.turns, dark, others)
        known = [one.x.copy() for one in out]
        for group in self._crew.groups:
            others = [x for i, x in enumerate(known) if i not in group]
            for i in group:
                follow_beneath(out[i].x, out[i].confidence, out[i].turns, others)
        self._with_made(out)
        return tuple(replace(one, x=one.x + np.float32(self.left)) for one in out)

    def _with_made(self, out: list[Trace]) -> None:
        """Read, in place, porosities and the densities that they are made of where both are one stroke."""
        start, width = self.track.left - self.left, self.track.right - self.track.left
        single = [i for i, pen in enumerate(self.pens) if len(self.track.curves[pen.curve].scales) == 1]
        for i, k in product(single, single):
            pair = self.pens[i].spec, self.pens[k].spec
            rocks = made_of(*pair)
            if rocks is None:
                continue
            ui, uk = ((out[m].x.astype(np.float64) - start) / width for m in (i, k))
            where = stands(*pair, uk, *rocks), stands_under(*pair, ui, *rocks)
            for one, other, u in ((out[i], out[k], where[0]), (out[k], out[i], where[1])):
                made = np.where((u >= 0) & (u <= 1), start + width * u, np.nan).astype(np.float32)
                read_as_one(one, other, made)

    def _window(self, keep: int, last: bool) -> None:
        assert self._prob is not None
        end = self._prob.shape[1] if last else self._rows_before + keep + AHEAD + CONTEXT
        rgb, grey = (None if pixels is None else pixels[:end] for pixels in (self._rgb, self._grey))
        first = self._kept - self._rows_before
        depths = (
            None
            if self.depth is None
            else self.depth.to_depth(np.arange(first, first + end, dtype=np.float64) + self.top)
        )
        edges = self.track.left - self.left, self.track.right - self.left
        prob = without_grid(
            self._prob[:, :end],
            self._classes.index("background"),
            edges,
            self.track.curves,
            grey,
            depths,
            (first == 0, last),
        )
        prob = without_plain_ink(prob, self._classes.index("background"), rgb, self.track.curves)
        evidence = weigh(prob, self._classes, self._crew.curves, rgb, grey)
        rows = slice(self._rows_before, end if last else end - CONTEXT)
        evidence = evidence.rows(rows)
        if any(pen.rows is not None for pen in self.pens):
            evidence = evidence.only(drawn_rows(self.pens, self.top + self._kept, evidence.ink.shape[0]))
        decided = decode_window(evidence, self._crew, self._start)
        for i, path in enumerate(decided.held):
            x, confidence, explained = read_path(decided.paths, decided.alone, evidence, i)
            turns, held = path.turns[:keep].astype(np.int8), path.exit[:keep] >= 0
            self._pieces[i].append(_Piece(x[:keep], confidence[:keep], turns, held, explained[:keep]))
        self._start = tuple(State(int(p.turns[keep - 1]), int(p.exit[keep - 1])) for p in decided.held)
        drop = max(0, self._rows_before + keep - CONTEXT)
        self._prob = self._prob[:, drop:].copy()
        self._rgb, self._grey = (
            None if pixels is None else pixels[drop:].copy() for pixels in (self._rgb, self._grey)
        )
        self._rows_before = self._rows_before + keep - drop
        self._kept += keep


def trace_track(
    maps: Iterable[ProbabilityMap], track: Track, depth: DepthScale | None = None
) -> tuple[Trace, ...]:
    """Trace all curves of one track from consecutive bands of probabilities.

    Args:
        maps: bands in the straight frame, in order, without gaps.
        track: edges (straight px) and declared curves.
        depth: registration, for scales that hold only in an interval of depth.

    Returns:
        One trace a pen, in the order of `pens.pens_of`: one a curve, where none has further scales.
    """
    tracer = TrackTracer(track, depth)
    for band in maps:
        tracer.push(band)
    return tracer.finish()
