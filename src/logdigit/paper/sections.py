"""Found sections as a layout file declares them: tracks cut where scales cut them, curves in their tracks."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace
from itertools import pairwise

import numpy as np

from logdigit.paper.foundsection import FoundSection
from logdigit.paper.nominal import Nominal
from logdigit.paper.readcurve import Block, ReadCurve
from logdigit.paper.spec import Edge, SectionFile, TrackFile
from logdigit.paper.text import Word
from logdigit.paper.together import seams
from logdigit.paper.tracks import FoundTrack
from logdigit.types import CurveSpec, DepthUnit, Float, PassName

_REPEAT = re.compile(r"\W*REPEAT(?:\W+(?:SECTION|PASS|LOG|RUN|FILE|ANALYSIS|SURVEY|CURVES?)\b.*)?\W*$")
"""A title; not a remark: REPEAT RECORDED AS REQUESTED."""
_NEAR = 0.12
"""Share of a track's width by which the ends of scales on one part of it differ."""


def edge_at(edge: tuple[tuple[float, float], ...], row: float) -> float:
    """X of a track edge at a row, strip px."""
    rows, xs = np.array(edge).T
    return float(np.interp(row, rows, xs))


def section_file(
    section: FoundSection, block: Block, unit: DepthUnit, name: PassName, nominal: Nominal | None
) -> SectionFile:
    """A found section with the curves of its scale block, as a layout file has it."""
    tracks: list[TrackFile] = []
    cuts = block.cuts or ((),) * len(section.tracks)
    for track, own in zip(section.tracks, cuts, strict=True):
        tracks += _track_files(track, section, block.curves, own)
    middle = (section.top + section.bottom) / 2
    return SectionFile(
        rows=(section.top, section.bottom),
        unit=unit,
        ticks=section.registered.ticks,
        tracks=tuple(tracks),
        ticks_x=round(section.column.x_at(middle), 1),
        pass_name=name,
        nominal="" if nominal is None else nominal.name,
    )


def _track_files(
    track: FoundTrack, section: FoundSection, curves: Sequence[ReadCurve], known: Sequence[float]
) -> list[TrackFile]:
    """A found track as the declared ones that abut in it at ``known`` shares, with the curves that span them.

    Where the block says nothing of how they abut, the ends of its scales do.
    """
    widths = [(c, *_share(c, track, section)) for c in curves]
    own = [(c, a, b) for c, a, b in widths if a > -0.1 and b < 1.1]
    cuts = (
        list(pairwise((0.0, *known, 1.0)))
        if known
        else seams([replace(c, left=a, right=b) for c, a, b in own], 0.0, 1.0)
    )
    spans = [*cuts, *([(0.0, 1.0)] if (0.0, 1.0) not in cuts else [])]  # a scale on part of it is none of all
    inside: dict[tuple[float, float], list[CurveSpec]] = {span: [] for span in spans}
    for curve, a, b in own:
        home = next((span for span in inside if _alike(span, (a, b))), (a, b))
        inside.setdefault(home, []).append(curve.curve)
    return [
        TrackFile(_edge(track, a), _edge(track, b), tuple(mine))
        for (a, b), mine in inside.items()
        if mine or (a, b) in cuts
    ]


def _alike(one: tuple[float, float], other: tuple[float, float]) -> bool:
    """Whether two parts of a track are one."""
    return abs(one[0] - other[0]) < _NEAR and abs(one[1] - other[1]) < _NEAR


def _share(curve: ReadCurve, track: FoundTrack, section: FoundSection) -> tuple[float, float]:
    """Ends of a curve's scale as shares of a track's width, 0 at its left edge."""
    row = section.top if curve.y < section.top else section.bottom
    left, right = edge_at(track.left, row), edge_at(track.right, row)
    return (curve.left - left) / (right - left), (curve.right - left) / (right - left)


def _edge(track: FoundTrack, share: float) -> Edge:
    """A line down a track at a share of its width."""
    points = [
        (row0 + share * (row1 - row0), x0 + share * (x1 - x0))
        for (row0, x0), (row1, x1) in _together(track.left, track.right)
    ]
    xs = [x for _, x in points]
    if max(xs) - min(xs) < 1.0:
        return round(float(np.mean(xs)), 2)
    return tuple((round(row, 1), round(x, 2)) for row, x in points)


def _together(
    left: tuple[tuple[float, float], ...], right: tuple[tuple[float, float], ...]
) -> list[tuple[tuple[float, float], tuple[float, float]]]:
    """Points of two edges at the same places of the log, whichever of them has a corner there."""
    lefts, rights = np.array(left), np.array(right)
    spans = np.unique(np.concatenate([_along(lefts[:, 0]), _along(rights[:, 0])]).round(6))
    out = []
    for share in spans:
        pair = []
        for edge in (lefts, rights):
            row = edge[0, 0] + share * (edge[-1, 0] - edge[0, 0])
            pair.append((float(row), float(np.interp(row, edge[:, 0], edge[:, 1]))))
        out.append((pair[0], pair[1]))
    return out


def _along(rows: Float) -> Float:
    out: Float = (rows - rows[0]) / (rows[-1] - rows[0])
    return out


def pass_of(section: FoundSection, sections: Sequence[FoundSection], words: Sequence[Word]) -> PassName:
    """Repeat where the strip says so, or where a longer section of this scale holds most of it.

    What stands alone on its strip is the main pass.
    """
    heading = [w for w in words if section.top - 900 < w.y < section.top]
    if len(sections) > 1 and any(_REPEAT.match(w.text.upper()) for w in heading):
        return "repeat"
    if any("CALIBRATION" in w.text.upper() and "SUMMARY" not in w.text.upper() for w in heading):
        return "main" if section.bottom - section.top > 3000 else "calibration"
    first, last = section.registered.ticks[0][1], section.registered.ticks[-1][1]
    for other in sections:
        a, b = other.registered.ticks[0][1], other.registered.ticks[-1][1]
        same = 0.8 < other.px_per_unit / section.px_per_unit < 1.25
        longer = other is not section and same and b - a > 1.05 * (last - first)
        if longer and min(b, last) - max(a, first) > 0.5 * (last - first):
            return "repeat"
    return "main"
