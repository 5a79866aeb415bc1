"""From what was declared about a scan to a ``types.Layout`` that the other rooms obey.

A declaration is in the pixels of the scan; the layout is in the straight frame. What was not declared is
found on the page (skew, track edges, resolution) and marked as read; what cannot be found is refused.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from itertools import pairwise

import numpy as np

from logdigit.errors import LayoutError, RefusalError
from logdigit.paper.curvespec import parse_curve
from logdigit.paper.drift import drifting_skew
from logdigit.paper.fields import depth_unit
from logdigit.paper.nested import nested
from logdigit.paper.skew import find_skew
from logdigit.paper.spec import (
    Edge,
    LayoutFile,
    SectionFile,
    Skew,
    TrackFile,
    edge_x,
)
from logdigit.paper.straighten import make_geometry, true_dpi
from logdigit.paper.tracks import FoundTrack, find_tracks
from logdigit.types import Box, CurveSpec, DepthScale, Float, Geometry, Layout, Origin, Section, Strip, Track


def resolve(strip: Strip, file: LayoutFile, dpi: tuple[float, float] | None = None) -> Layout:
    """Lay a layout file over a strip.

    Args:
        strip: the scan.
        file: what was declared, in strip px.
        dpi: true resolution (x, y) where an option gives it; it outranks the file, which outranks the tag.

    Returns:
        Geometry, sections in the straight frame, header, and where each came from.

    Raises:
        LayoutError: if rows or tracks lie outside the strip, or cross.
    """
    for number, section in enumerate(file.sections, 1):
        _check_inside(strip, section, _place(file, number))
    origins: dict[str, tuple[Origin, float]] = {"depth": ("given", 1.0)}
    origins["tracks"] = ("read", 0.9) if "tracks" in file.found else ("given", 1.0)
    skew = file.skew_deg
    if skew is None:
        skew, origins["skew"] = _skew_of(strip, file.sections)
    else:
        origins["skew"] = ("read", 0.9) if "skew_deg" in file.found else ("given", 1.0)
    given = dpi or file.dpi
    widths = [edge_mean(t.right) - edge_mean(t.left) for s in file.sections for t in s.tracks]
    resolution = given or true_dpi(strip.dpi, widths)
    if given:
        origins["dpi"] = ("given", 1.0)
    elif resolution == strip.dpi:
        origins["dpi"] = ("read", 0.9)
    else:
        origins["dpi"] = ("assumed", 0.5)
    geometry = make_geometry(strip.height, strip.width, resolution, skew, _lean(file.sections))
    sections = tuple(
        _section(strip, geometry, section, _place(file, number))
        for number, section in enumerate(file.sections, 1)
    )
    return Layout(geometry, sections, dict(file.header), origins)


def _place(file: LayoutFile, number: int) -> str:
    source = f"{file.source}: " if file.source else ""
    return f"{source}section {number}"


def edge_mean(edge: Edge) -> float:
    """Mean x of an edge, strip px."""
    return edge if isinstance(edge, float) else float(np.mean([x for _, x in edge]))


def _skew_of(strip: Strip, sections: Sequence[SectionFile]) -> tuple[Skew, tuple[Origin, float]]:
    """Skew in degrees along the sections, and where it came from; 0 where nothing shows it."""
    skew = drifting_skew(strip, [section.rows for section in sections])
    return (0.0, ("assumed", 0.3)) if skew is None else (skew, ("read", 0.9))


def _check_inside(strip: Strip, section: SectionFile, place: str) -> None:
    """Refuse what does not lie on the strip.

    Raises:
        LayoutError: naming the section or track.
    """
    top, bottom = section.rows
    if bottom > strip.height:
        raise LayoutError(
            f"{place}: rows = [{top}, {bottom}] reach beyond the {strip.height} rows of the scan"
        )
    for tick, _ in section.ticks:  # a line just off the page may be known from the next one
        if not -0.25 * strip.height <= tick <= 1.25 * strip.height:
            raise LayoutError(f"{place}: tick at row {tick:g} is outside the {strip.height} rows of the scan")
    for number, box in enumerate(section.ignore, 1):
        if box.bottom > strip.height or box.right > strip.width:
            raise LayoutError(
                f"{place}, ignore {number}: bottom = {box.bottom}, right = {box.right} is outside the scan "
                f"of {strip.width} x {strip.height} px"
            )
    for number, track in enumerate(section.tracks, 1):
        for name, edge in (("left", track.left), ("right", track.right)):
            xs = [edge] if isinstance(edge, float) else [x for _, x in edge]
            # an edge line may be cut by the paper's border, by its own thickness
            if min(xs) < -3 or max(xs) > strip.width + 2:
                raise LayoutError(
                    f"{place}, track {number}: {name} = {max(xs, key=lambda x: abs(x - strip.width / 2)):g} "
                    f"is outside the {strip.width} columns of the scan"
                )


def _lean(sections: Sequence[SectionFile]) -> list[tuple[float, float]] | None:
    """(row, x) of a line that is vertical on the log: leaning left edges, section after section.

    A section whose edges stand upright, or another section's edge further along, carries on where the
    last one ended: only the course of the line matters, not its place.
    """
    out: list[tuple[float, float]] = []
    for section in sorted(sections, key=lambda s: s.rows):
        leaning = next((t.left for t in section.tracks if not isinstance(t.left, float)), None)
        top, bottom = (float(row) for row in section.rows)
        if out and top <= out[-1][0]:
            continue  # two declarations of the same rows: the first one holds
        end = out[-1][1] if out else 0.0
        if leaning is None:
            out += [(top, end), (bottom, end)]
            continue
        rows = [top, *(row for row, _ in leaning if top < row < bottom), bottom]
        start = edge_x(leaning, top)
        out += [(row, end + edge_x(leaning, row) - start) for row in rows]
    return out if any(x != 0.0 for _, x in out) else None


def _section(strip: Strip, geometry: Geometry, section: SectionFile, place: str) -> Section:
    """One section in the straight frame.

    Raises:
        LayoutError: if its ticks do not increase, or a track has no width, in the straight frame.
    """
    ticks_x = (strip.width - 1) / 2 if section.ticks_x is None else section.ticks_x
    rows = np.array([row for row, _ in section.ticks])
    depths = np.array([depth for _, depth in section.ticks]) + section.figure_add
    _, straight = geometry.to_straight(np.full(len(rows), ticks_x), rows)
    if len(rows) < 2 or (np.diff(straight) <= 0).any() or (np.diff(depths) <= 0).any():
        raise LayoutError(f"{place}: ticks must be two or more, rows and depths increasing")
    tracks = tuple(
        _track(geometry, section, track, f"{place}, track {number}")
        for number, track in enumerate(section.tracks, 1)
    )
    return Section(
        body=Box(section.rows[0], 0, section.rows[1], strip.width),
        tracks=nested(tracks),
        depth=DepthScale(straight, depths, section.unit, _roughness(straight, depths)),
        run=section.run,
        pass_name=section.pass_name,
        nominal=section.nominal,
        step=section.step,
        fixes=section.fixes,
        ignore=section.ignore,
    )


def _roughness(rows: Float, depths: Float) -> float:
    """Root mean square distance of the ticks from one straight line, depth units; 0 for two ticks."""
    if len(rows) < 3:
        return 0.0
    fit = np.polynomial.Polynomial.fit(rows, depths, 1)
    return float(np.sqrt(np.mean(np.square(fit(rows) - depths))))


def _track(geometry: Geometry, section: SectionFile, track: TrackFile, place: str) -> Track:
    left, right = (_straight_x(geometry, section, edge) for edge in (track.left, track.right))
    if not left < right:
        raise LayoutError(f"{place}: left is not left of right once the page is straightened")
    pitch = float(np.mean(geometry.pitch_x))
    curves = (
        curve if curve.width_px is None else replace(curve, width_px=curve.width_px / pitch)
        for curve in track.curves
    )
    return Track(left, right, tuple(curves))


def _straight_x(geometry: Geometry, section: SectionFile, edge: Edge) -> float:
    """Straight column of an edge: its mean over the section, for an edge that the lean leaves uneven."""
    top, bottom = section.rows
    inner = [] if isinstance(edge, float) else [row for row, _ in edge if top < row < bottom]
    rows = np.array([float(top), *inner, float(bottom)])
    x, _ = geometry.to_straight(np.array([edge_x(edge, row) for row in rows]), rows)
    weights = np.gradient(rows) if len(rows) > 2 else np.ones(len(rows))
    return float(np.average(x, weights=weights))


def from_options(
    strip: Strip,
    depths: Sequence[tuple[float, float]],
    unit: str | None,
    curves: Sequence[str | tuple[int, CurveSpec]],
    skew_deg: float | None = None,
    dpi: tuple[float, float] | None = None,
    header: Mapping[str, str] | None = None,
) -> LayoutFile:
    """Make a layout from ``--depth`` and ``--curve`` options; tracks and skew are found on the page.

    The section runs exactly from the first to the last row given: beyond them nobody vouched for the depth.

    Args:
        strip: the scan.
        depths: (row, depth) pairs, two or more.
        unit: depth unit as typed.
        curves: (number of the track, curve) or the text of a ``--curve``; track 1 is the leftmost, the
            depth column is not counted.
        skew_deg: skew where it is known.
        dpi: true resolution (x, y) where it is known.
        header: ~Well items.

    Raises:
        LayoutError: if the options cannot be obeyed.
        RefusalError: if no tracks, or not as many as asked for, can be found on the page.
    """
    ticks = check_depths(strip, depths)
    if unit is None:
        raise LayoutError("--depth-unit is missing; the depth unit is never assumed: --depth-unit ft or m")
    known = depth_unit(unit)
    if known is None:
        raise LayoutError(f"--depth-unit {unit!r}: must be ft or m")
    if not curves:
        raise LayoutError('no --curve given; write --curve "GR track=1 style=solid scale=0:150 unit=GAPI"')
    specs = [parse_curve(curve) if isinstance(curve, str) else curve for curve in curves]
    names = [curve.mnemonic.upper() for _, curve in specs]
    for name in names:
        if names.count(name) > 1:
            raise LayoutError(f"--curve {name} is given twice; mnemonics are unique")
    top, bottom = max(0, round(ticks[0][0])), min(strip.height, round(ticks[-1][0]) + 1)
    measured = find_skew(strip, top, bottom) or 0.0 if skew_deg is None else 0.0
    slope = measured if skew_deg is None else float(np.tan(np.radians(skew_deg)))
    found = find_tracks(strip, top, bottom, slope)
    if not found:
        raise RefusalError(
            f"rows {top} to {bottom}: no tracks can be made out; give their edges with --layout well.toml"
        )
    tracks = [_declared(track) for track in found]
    for number, curve in specs:
        if number > len(tracks):
            shown = ", ".join(f"{edge_mean(t.left):.0f}-{edge_mean(t.right):.0f}" for t in tracks)
            raise RefusalError(
                f"--curve {curve.mnemonic}: track {number} asked for, {len(tracks)} found (x {shown}); "
                "give the edges with --layout well.toml"
            )
        track = tracks[number - 1]
        tracks[number - 1] = replace(track, curves=(*track.curves, curve))
    section = SectionFile(rows=(top, bottom), unit=known, ticks=ticks, tracks=tuple(tracks))
    return LayoutFile((section,), dict(header or {}), skew_deg, dpi, "options", ("tracks",))


def check_depths(strip: Strip, depths: Sequence[tuple[float, float]]) -> tuple[tuple[float, float], ...]:
    """The ``--depth`` options in order of row.

    Raises:
        LayoutError: if they are too few, not increasing, or off the page.
    """
    if len(depths) < 2:
        raise LayoutError(
            f"{len(depths)} --depth given; depth needs two or more, as in --depth 2573=250 --depth 11203=1100"
        )
    ticks = tuple(sorted((float(row), float(depth)) for row, depth in depths))
    for (row0, depth0), (row1, depth1) in pairwise(ticks):
        if row1 <= row0 or depth1 <= depth0:
            raise LayoutError(
                f"--depth {row0:g}={depth0:g} and {row1:g}={depth1:g}: depth must increase down the page"
            )
    for row, depth in ticks:
        if not 0 <= row <= strip.height:
            raise LayoutError(
                f"--depth {row:g}={depth:g}: row {row:g} is outside the scan, which has {strip.height} rows"
            )
    return ticks


def _declared(track: FoundTrack) -> TrackFile:
    left, right = (
        round(edge[0][1], 2)
        if edge[0][1] == edge[-1][1] and len(edge) == 2
        else tuple((round(row, 1), round(x, 2)) for row, x in edge)
        for edge in (track.left, track.right)
    )
    return TrackFile(left, right)
