"""The layout file: what a person (or ``inspect``) declares about a scan, in the pixels of the scan.

Everything here is in the strip frame. ``layout.resolve`` turns it into a ``types.Layout``. A layout file is
obeyed to the letter, so it is read strictly: an unknown key is an error with the nearest known one, not
something to be skipped.
"""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass, field
from itertools import pairwise
from pathlib import Path
from typing import Any

import tomlkit
from tomlkit.items import AoT, Table

from logdigit.errors import LayoutError
from logdigit.paper.corrections import read_fixes, read_ignore, write_fixes, write_ignore
from logdigit.paper.curvespec import MNEMONIC, read_curve, write_curve
from logdigit.paper.fields import Fields, depth_unit, read_origins
from logdigit.paper.wraps import once_each
from logdigit.types import Box, CurveSpec, DepthUnit, Fix, Origin, PassName

VERSION = 1
Edge = float | tuple[tuple[float, float], ...]
"""A track edge: x px, or (row, x) points where it leans."""
Skew = float | tuple[tuple[float, float], ...]
"""Degrees, or (row, degrees) points where it drifts; rows at the middle of the strip."""


@dataclass(frozen=True)
class TrackFile:
    """A track as declared: edges in strip px, and its curves."""

    left: Edge
    right: Edge
    curves: tuple[CurveSpec, ...] = ()


@dataclass(frozen=True)
class SectionFile:
    """A logged interval as declared.

    Attributes:
        rows: first row and one past the last, strip px.
        unit: depth unit.
        ticks: (row, depth) pairs, two or more, both increasing; depths as printed.
        ticks_x: strip x at which those rows hold; None for the middle of the strip.
        tracks: from left to right.
        run: name of the run.
        pass_name: main, repeat or calibration.
        step: depth step of the output; None for the default.
        figure_add: added to the printed depths (17700 printed as 7700).
        nominal: depth scale as the trade names it: 5in, 2in, 1in.
        fixes: corrections by hand, in the order in which they are applied.
        ignore: boxes in which ink is not data.
    """

    rows: tuple[int, int]
    unit: DepthUnit
    ticks: tuple[tuple[float, float], ...]
    tracks: tuple[TrackFile, ...] = ()
    ticks_x: float | None = None
    run: str = ""
    pass_name: PassName = "main"
    step: float | None = None
    figure_add: float = 0.0
    nominal: str = ""
    fixes: tuple[Fix, ...] = ()
    ignore: tuple[Box, ...] = ()


@dataclass(frozen=True)
class LayoutFile:
    """A whole layout file.

    Attributes:
        sections: one or more.
        header: ~Well and ~Parameter items.
        skew_deg: degrees, or (row, degrees) where it drifts; None where the file leaves it to be found.
        dpi: true resolution (x, y); None where the file leaves it open.
        source: path of the file, or the options it was made from.
        found: fields that were found on the page rather than declared (skew_deg, tracks).
        origins: where ``inspect`` has each field from (read, given, assumed), and how sure, 0 to 1.
    """

    sections: tuple[SectionFile, ...]
    header: Mapping[str, str] = field(default_factory=dict)
    skew_deg: Skew | None = None
    dpi: tuple[float, float] | None = None
    source: str = field(default="", compare=False)
    found: tuple[str, ...] = field(default=(), compare=False)
    origins: Mapping[str, tuple[Origin, float]] = field(default_factory=dict, compare=False)


def read_layout(path: Path) -> LayoutFile:
    """Read a layout file.

    Raises:
        LayoutError: naming the file, the place in it and what is wrong.
    """
    try:
        text = path.read_bytes().decode("utf-8")
        data = tomllib.loads(text)
    except FileNotFoundError:
        raise LayoutError(f"{path}: no such layout file; logdigit inspect writes one") from None
    except UnicodeDecodeError:
        raise LayoutError(f"{path}: not a layout file: not UTF-8 text") from None
    except OSError as error:
        raise LayoutError(f"{path}: cannot be read: {error.strerror}") from None
    except tomllib.TOMLDecodeError as error:
        raise LayoutError(f"{path}: not valid TOML: {error}") from None
    return _layout(Fields(data, str(path)), str(path))


def _layout(top: Fields, source: str) -> LayoutFile:
    top.only("version", "log", "geometry", "section", "origin")
    version = top.number("version", default=float(VERSION))
    if version != VERSION:
        raise top.error(f"version = {version:g}: this logdigit reads version {VERSION}")
    log = top.table("log")
    geometry = top.table("geometry")
    geometry.only("skew_deg", "dpi")
    skew = _course(geometry, "skew_deg", "degrees", "drifting skew") if "skew_deg" in geometry.data else None
    dpi = geometry.pair("dpi")
    if dpi is not None and min(dpi) <= 0:
        raise geometry.error(f"dpi = [{dpi[0]:g}, {dpi[1]:g}]: both must be positive")
    tables = top.tables("section")
    if not tables:
        raise top.error("no [[section]]; a layout needs one or more with rows, ticks and tracks")
    return LayoutFile(
        sections=tuple(_section(table, f"section {k}") for k, table in enumerate(tables, 1)),
        header={key: _header_value(log, key) for key in log.data},
        skew_deg=skew,
        dpi=dpi,
        source=source,
        origins=read_origins(top.table("origin")),
    )


def _header_value(log: Fields, key: str) -> str:
    value = log.data[key]
    if not MNEMONIC.fullmatch(key):
        raise log.error(f"{key!r} is not a LAS mnemonic; use letters and digits, as in WELL or EKB")
    if isinstance(value, bool | dict | list):
        raise log.error(f"{key} must be a text or a number, not {value!r}")
    return str(value)


_SECTION_KEYS = (
    *("rows", "run", "pass", "unit", "step", "ticks", "ticks_x", "figure_add", "nominal"),
    *("track", "fix", "ignore"),
)


def _section(table: Fields, name: str) -> SectionFile:
    here = table.at(name)
    here.only(*_SECTION_KEYS)
    rows = here.pair("rows")
    if rows is None:
        raise here.error("rows is missing; give the first and last row, as in rows = [2540, 11400]")
    if not 0 <= rows[0] < rows[1]:
        raise here.error(f"rows = [{rows[0]:g}, {rows[1]:g}]: must be 0 or more, and increase")
    if any(row != int(row) for row in rows):
        raise here.error(f"rows = [{rows[0]:g}, {rows[1]:g}]: rows are whole pixels")
    text = here.text("unit")
    if not text:
        raise here.error('unit is missing; the depth unit is never assumed: unit = "FT" or "M"')
    unit = depth_unit(text)
    if unit is None:
        raise here.error(f'unit = "{text}": the depth unit is "FT" or "M"')
    step = here.optional_number("step")
    if step is not None and step <= 0:
        raise here.error(f"step = {step:g}: must be positive")
    tracks = tuple(_track(t, f"track {k}") for k, t in enumerate(here.tables("track"), 1))
    seen: set[str] = set()
    for curve in (curve for track in tracks for curve in track.curves):
        if curve.mnemonic.upper() in seen:
            raise here.error(f"curve {curve.mnemonic} appears twice; mnemonics are unique within a section")
        seen.add(curve.mnemonic.upper())
        for stroke in curve.strokes[1:] and (f"{curve.mnemonic}_MAIN", *curve.strokes[1:]):
            if stroke.upper() in seen:
                raise here.error(f"curve {stroke} has the name of a stroke of {curve.mnemonic} (see more)")
            seen.add(stroke.upper())
    return SectionFile(
        rows=(int(rows[0]), int(rows[1])),
        unit=unit,
        ticks=check_ticks(here),
        tracks=tracks,
        ticks_x=here.optional_number("ticks_x"),
        run=here.text("run"),
        pass_name=here.choice("pass", ("main", "repeat", "calibration"), "main"),
        step=step,
        figure_add=here.number("figure_add", default=0.0),
        nominal=here.text("nominal"),
        fixes=read_fixes(here, [[curve.mnemonic for curve in track.curves] for track in tracks]),
        ignore=read_ignore(here, rows),
    )


def check_ticks(here: Fields) -> tuple[tuple[float, float], ...]:
    """The ticks of a section: two or more, rows and depths both increasing."""
    ticks = here.points("ticks")
    if len(ticks) < 2:
        raise here.error(f"ticks needs two or more [row, depth], has {len(ticks)}")
    for (row0, depth0), (row1, depth1) in pairwise(ticks):
        if row1 <= row0 or depth1 <= depth0:
            raise here.error(
                f"ticks: row and depth must both increase, but [{row0:g}, {depth0:g}] is followed by "
                f"[{row1:g}, {depth1:g}]"
            )
    return ticks


def _track(table: Fields, name: str) -> TrackFile:
    here = table.at(name)
    here.only("left", "right", "curve")
    left, right = _edge(here, "left"), _edge(here, "right")
    lefts = (left,) if isinstance(left, float) else tuple(x for _, x in left)
    rights = (right,) if isinstance(right, float) else tuple(x for _, x in right)
    if max(lefts) >= min(rights) and not _apart(left, right):
        raise here.error(f"left = {max(lefts):g} is not left of right = {min(rights):g}")
    curves = once_each([read_curve(t, k) for k, t in enumerate(here.tables("curve"), 1)])
    return TrackFile(left, right, curves)


def edge_x(edge: Edge, row: float) -> float:
    """Strip x of an edge at a row; held beyond the ends of a leaning edge."""
    if isinstance(edge, float):
        return edge
    if row <= edge[0][0]:
        return edge[0][1]
    for (row0, x0), (row1, x1) in pairwise(edge):
        if row <= row1:
            return x0 + (row - row0) * (x1 - x0) / (row1 - row0)
    return edge[-1][1]


def _apart(left: Edge, right: Edge) -> bool:
    """Whether two edges, one of which leans, keep their order at every point of either."""
    rows = [row for edge in (left, right) if not isinstance(edge, float) for row, _ in edge]
    return bool(rows) and all(edge_x(left, row) < edge_x(right, row) for row in rows)


def _edge(here: Fields, key: str) -> Edge:
    if key not in here.data:
        raise here.error(f"{key} is missing; give its x in px, or [[row, x], ...] where it leans")
    return _course(here, key, "x", "leaning edge")


def _course(here: Fields, key: str, value: str, name: str) -> float | tuple[tuple[float, float], ...]:
    """One number, or [[row, value], ...] where it changes along the strip."""
    if not isinstance(here.data[key], list):
        return here.number(key)
    points = here.points(key)
    if len(points) < 2 or any(b[0] <= a[0] for a, b in pairwise(points)):
        raise here.error(f"{key} as a {name} needs two or more [row, {value}] with increasing rows")
    return points


def write_layout(path: Path, layout: LayoutFile) -> None:
    """Write a layout file that ``read_layout`` reads back equal.

    Raises:
        LayoutError: if the file cannot be written.
    """
    document = tomlkit.document()
    document.add(tomlkit.comment("rows and x are pixels of the scan; see the layout file in the manual"))
    document["version"] = VERSION
    if layout.header:
        document["log"] = dict(layout.header)
    geometry: dict[str, Any] = {}
    if layout.skew_deg is not None:
        geometry["skew_deg"] = _listed(layout.skew_deg)
    if layout.dpi is not None:
        geometry["dpi"] = list(layout.dpi)
    if geometry:
        document["geometry"] = geometry
    sections = tomlkit.aot()
    for section in layout.sections:
        sections.append(_section_table(section))
    document["section"] = sections
    if layout.origins:
        document["origin"] = {key: [origin, sure] for key, (origin, sure) in layout.origins.items()}
    try:
        path.write_text(tomlkit.dumps(document), encoding="utf-8")
    except OSError as error:
        raise LayoutError(f"{path}: cannot be written: {error.strerror}") from None


def _listed(value: float | tuple[tuple[float, float], ...]) -> float | list[list[float]]:
    """What `_course` reads back."""
    return value if isinstance(value, float | int) else [list(point) for point in value]


def _section_table(section: SectionFile) -> Table:
    table = tomlkit.table()
    table["rows"] = list(section.rows)
    if section.run:
        table["run"] = section.run
    table["pass"] = section.pass_name
    table["unit"] = section.unit
    if section.step is not None:
        table["step"] = section.step
    table["ticks"] = [list(tick) for tick in section.ticks]
    if section.ticks_x is not None:
        table["ticks_x"] = section.ticks_x
    if section.figure_add:
        table["figure_add"] = section.figure_add
    if section.nominal:
        table["nominal"] = section.nominal
    tracks: AoT = tomlkit.aot()
    for track in section.tracks:
        inner = tomlkit.table()
        for key, edge in (("left", track.left), ("right", track.right)):
            inner[key] = _listed(edge)
        curves = tomlkit.aot()
        for curve in track.curves:
            curves.append(write_curve(curve))
        if track.curves:
            inner["curve"] = curves
        tracks.append(inner)
    if section.tracks:
        table["track"] = tracks
    if section.fixes:
        table["fix"] = write_fixes(section.fixes)
    if section.ignore:
        table["ignore"] = write_ignore(section.ignore)
    return table
