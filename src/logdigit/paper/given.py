"""What is given by options and files, laid over what is found on the page: the given wins."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from logdigit.errors import LayoutError, UsageError
from logdigit.options import DigitiseOptions
from logdigit.paper.auto import Auto, find_layout
from logdigit.paper.corrected import check_fixes
from logdigit.paper.curvespec import parse_curve
from logdigit.paper.engine import engine
from logdigit.paper.fields import depth_unit
from logdigit.paper.found import Progress
from logdigit.paper.layout import from_options, resolve
from logdigit.paper.screened import bold
from logdigit.paper.spec import LayoutFile, SectionFile, TrackFile, read_layout
from logdigit.paper.wraps import once_each
from logdigit.types import CurveSpec, Finding, Layout, Strip, ValueScale


def layout_of(
    strip: Strip, options: DigitiseOptions, progress: Progress
) -> tuple[Layout, tuple[Finding, ...]]:
    """The layout that is obeyed, and what was seen on the page and could not be used.

    Print is read only where neither a layout file nor depths and curves together are given.

    Raises:
        LogdigitError: if options contradict each other, or the page does not show what is missing.
    """
    file, left_out = _layout_file(strip, options, progress)
    findings = [*strip.findings, *(Finding("not used", text) for text in left_out)]
    if options.allow_uncalibrated:
        file, named = uncalibrated(file)
        findings += [Finding("uncalibrated", "0 to 1 across its track, no values", name) for name in named]
    layout = resolve(strip, file, options.dpi)
    if options.depth_add:
        moved = tuple(
            replace(s, depth=replace(s.depth, depths=s.depth.depths + options.depth_add))
            for s in layout.sections
        )
        layout = replace(layout, sections=moved)
    check_fixes(layout, file.source)
    return layout, tuple(findings)


def _layout_file(
    strip: Strip, options: DigitiseOptions, progress: Progress
) -> tuple[LayoutFile, tuple[str, ...]]:
    if options.layout is not None:
        if options.depths or options.curves:
            raise UsageError("--layout says where depths and curves are; leave out --depth and --curve")
        file = read_layout(options.layout)
        return (file if options.skew_deg is None else replace(file, skew_deg=options.skew_deg)), ()
    if options.depths and options.curves:
        file = from_options(
            bold(strip), options.depths, options.depth_unit, options.curves, options.skew_deg, options.dpi
        )
        return file, ()
    auto = find_on_page(strip, options, progress)
    return auto.file, auto.left_out


def find_on_page(strip: Strip, options: DigitiseOptions, progress: Progress) -> Auto:
    """What can be found on the page; depths, a unit or curves that are given win over what is read.

    Raises:
        LogdigitError: if the options cannot be obeyed, or nothing can be registered.
    """
    auto = find_layout(
        bold(strip),
        engine(),
        progress,
        unit=depth_unit(options.depth_unit) if options.depth_unit else None,
        dpi=options.dpi,
        skew_deg=options.skew_deg,
        depth_add=options.depth_add,
        depths=options.depths,
        bare=options.allow_uncalibrated,
    )
    auto = replace(auto, findings=strip.findings)
    return replace(auto, file=with_curves(auto.file, options.curves)) if options.curves else auto


def with_curves(file: LayoutFile, texts: Sequence[str]) -> LayoutFile:
    """A layout with the curves of ``--curve`` texts in place of those that were read.

    Raises:
        LayoutError: if a text cannot be read, or names a track that no section has.
    """
    given = [parse_curve(text) for text in texts]
    most = max(len(section.tracks) for section in file.sections)
    for number, curve in given:
        if number > most:
            raise LayoutError(f"--curve {curve.mnemonic}: track {number} asked for, {most} found")
    sections = tuple(replace(section, tracks=_declared(section, given)) for section in file.sections)
    kept = {key: value for key, value in file.origins.items() if "," not in key}
    return replace(file, sections=sections, origins=kept)


def _declared(section: SectionFile, given: Sequence[tuple[int, CurveSpec]]) -> tuple[TrackFile, ...]:
    return tuple(
        replace(track, curves=once_each([curve for k, curve in given if k == number]))
        for number, track in enumerate(section.tracks, 1)
    )


def uncalibrated(file: LayoutFile) -> tuple[LayoutFile, tuple[str, ...]]:
    """A layout in which curves without a scale run from 0 to 1 across their track, and their names."""
    named: list[str] = []
    sections = []
    for section in file.sections:
        tracks = []
        for track in section.tracks:
            named += [curve.mnemonic for curve in track.curves if not curve.scales]
            curves = tuple(curve if curve.scales else _unit_scale(curve) for curve in track.curves)
            tracks.append(replace(track, curves=curves))
        sections.append(replace(section, tracks=tuple(tracks)))
    return replace(file, sections=tuple(sections)), tuple(dict.fromkeys(named))


def _unit_scale(curve: CurveSpec) -> CurveSpec:
    return replace(curve, scales=(ValueScale(((0.0, 0.0), (1.0, 1.0)), "relative"),), unit="V/V")
