"""The main job: composes the rooms in order. The only module that knows the order."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from pathlib import Path

from logdigit import __version__
from logdigit.curves.assemble import Traced, combine
from logdigit.curves.checks import findings_of, worst_first
from logdigit.curves.resample import depth_index
from logdigit.curves.section import trace_section
from logdigit.errors import LayoutError, RefusalError
from logdigit.ink.cache import check_directory, key_of, rounded
from logdigit.ink.network import Network, SegmentsInk, default_weights
from logdigit.options import DigitiseOptions
from logdigit.out.files import check_outputs
from logdigit.out.las import write_las
from logdigit.out.las_text import check_mnemonics
from logdigit.out.notes import notes
from logdigit.out.overlay import write_overlay
from logdigit.out.strip import write_strip
from logdigit.out.table import write_csv
from logdigit.paper.auto import Auto
from logdigit.paper.choose import choose_sections, interval, straight_rows
from logdigit.paper.corrected import keep_corrections, older_layout
from logdigit.paper.given import find_on_page, layout_of
from logdigit.paper.layout import resolve
from logdigit.paper.page import open_pages, sha256
from logdigit.paper.picture import write_picture
from logdigit.paper.readings import limits_of, typical_of
from logdigit.paper.recent import Recent
from logdigit.paper.spec import write_layout
from logdigit.paper.stitch import stitch
from logdigit.paper.straighten import read_straight
from logdigit.paper.text import grey_of
from logdigit.repeats import compared, twice
from logdigit.types import (
    DepthUnit,
    Digitised,
    Finding,
    Layout,
    ProbabilityMap,
    Provenance,
    Section,
    Strip,
    UInt8,
    WellLog,
)

Progress = Callable[[str, float], None]
STEP: dict[DepthUnit, float] = {"FT": 0.5, "M": 0.1}
SMALLEST = 32  # px; no log fits on a page with a shorter side


def _quiet(message: str, share: float) -> None:
    """No progress."""


def digitise(
    scans: Sequence[Path],
    options: DigitiseOptions | None = None,
    progress: Progress = _quiet,
    segmenter: SegmentsInk | None = None,
) -> tuple[Digitised, ...]:
    """Digitise the pages of one log.

    Args:
        scans: files whose images are the pages of one log, in order.
        options: everything else; without a layout, depths and scales are read from the page.
        progress: called with a message and the share done.
        segmenter: finds the ink; None for the network of ``options.weights`` on ``options.device``.

    Returns:
        One result a log to be written: one, or one a section with ``sections="all"``.

    Raises:
        LogdigitError: with the reason, and what to do, in one line.
    """
    options = options or DigitiseOptions()
    if options.cache is not None:
        check_directory(options.cache)
    strip = _strip(scans, progress)
    layout, unused = layout_of(strip, options, progress)
    for section in layout.sections:
        curves = [c for track in section.tracks for c in track.curves]
        check_mnemonics([name for c in curves for name in c.strokes], confidence=True)
    chosen = choose_sections(layout, options.sections)
    segmenter = segmenter or Network(options.weights or default_weights(), options.device)
    provenance = Provenance(
        __version__, segmenter.sha256, tuple(sha256(scan) for scan in scans), _given(scans, options)
    )
    troubles: list[str] = []

    def kept(bands: Iterable[ProbabilityMap], rows: tuple[int, int]) -> Iterator[ProbabilityMap]:
        key = key_of(provenance, layout.geometry, rows)
        return rounded(bands, options.cache, key, rows, troubles.append)

    traces: dict[int, Traced] = {}
    wanted = [i for group in chosen for i in group] + list(twice(layout, chosen) if options.compare else ())
    heights = [straight_rows(layout, layout.sections[i]) for i in wanted]
    total, done = sum(b - a for a, b in heights), 0
    for index, (top, bottom) in zip(wanted, heights, strict=True):
        section = layout.sections[index]
        bands = segment_section(strip, layout, section, segmenter, kept)
        bands = _report(bands, lambda rows, done=done: progress("tracing", (done + rows) / total))  # type: ignore[misc]
        traces[index] = Traced(
            section,
            trace_section(bands, section, layout.geometry, limits_of([section]), typical_of([section])),
            interval(layout, index),
        )
        done += bottom - top
    unused = (*unused, *(Finding("cache", text) for text in troubles))
    return tuple(_assemble(layout, group, traces, options, provenance, unused) for group in chosen)


def _strip(scans: Sequence[Path], progress: Progress) -> Strip:
    """The pages joined.

    Raises:
        RefusalError: if not even a heading fits on them.
    """
    progress("reading", 0.0)
    strip = stitch(open_pages(scans))
    if min(strip.height, strip.width) < SMALLEST:
        raise RefusalError(f"{scans[0]}: {strip.width} x {strip.height} px: too small to hold a log")
    return strip


def write(
    results: Sequence[Digitised],
    las: Path,
    *,
    csv: Path | None = None,
    overlay: Path | None = None,
    scans: Sequence[Path] = (),
    confidence: bool = False,
    overwrite: bool = False,
) -> list[Path]:
    """Write results; several logs become ``well.1.las``, ``well.2.las``, ... Returns what was written."""
    written: list[Path] = []
    strip = None if overlay is None else stitch(open_pages(scans))
    for number, result in enumerate(results, 1):
        tag = f".{number}" if len(results) > 1 else ""
        path = _tagged(las, tag)
        write_las(path, result.log, confidence=confidence, other=notes(result), overwrite=overwrite)
        written.append(path)
        if csv is not None:
            write_csv(_tagged(csv, tag), result.log, confidence=confidence, overwrite=overwrite)
            written.append(_tagged(csv, tag))
        if overlay is not None and strip is not None:
            chosen = {key: trace for key, trace in result.traces.items() if key[0] in result.sections}
            written += write_overlay(_tagged(overlay, tag), strip, result.layout, chosen, overwrite=overwrite)
    return written


def _tagged(path: Path, tag: str) -> Path:
    return path.with_name(f"{path.stem}{tag}{path.suffix}")


def _given(scans: Sequence[Path], options: DigitiseOptions) -> dict[str, str]:
    plain = DigitiseOptions()
    given = {name: getattr(options, name) for name in plain.__dataclass_fields__}
    changed = {name: str(value) for name, value in given.items() if value != getattr(plain, name)}
    return {"scans": " ".join(scan.name for scan in scans), **changed}


def inspect(
    scans: Sequence[Path],
    out: Path,
    options: DigitiseOptions | None = None,
    progress: Progress = _quiet,
    *,
    picture: Path | None = None,
    overwrite: bool = False,
) -> Auto:
    """Find the layout of a scan and write it as an editable file.

    Args:
        scans: files whose images are the pages of one log, in order.
        out: layout file to write.
        options: what is known already (depths, unit, curves, skew, resolution).
        progress: called with a message and the share done.
        picture: PNG to paint everything found on.
        overwrite: replace outputs that exist.

    Returns:
        What was found, with what could not be used.

    Raises:
        LogdigitError: with the reason, and what to do, in one line.
    """
    options = options or DigitiseOptions()
    check_outputs((out, picture), overwrite, scans)
    older = older_layout(out)
    strip = _strip(scans, progress)
    auto = keep_corrections(older, find_on_page(strip, options, progress))
    resolve(strip, auto.file, options.dpi)
    write_layout(out, auto.file)
    if picture is not None:
        write_picture(picture, strip, auto)
    return auto


def join_pages(
    scans: Sequence[Path], out: Path, progress: Progress = _quiet, *, overwrite: bool = False
) -> Strip:
    """Join the pages of one log and write them as one TIFF; returns the strip with its joins and findings.

    Raises:
        LogdigitError: with the reason, and what to do, in one line.
    """
    check_outputs((out,), overwrite, scans)
    strip = _strip(scans, progress)
    write_strip(out, strip, progress, overwrite=overwrite)
    return strip


def segment_section(
    strip: Strip,
    layout: Layout,
    section: Section,
    segmenter: SegmentsInk,
    kept: Callable[[Iterable[ProbabilityMap], tuple[int, int]], Iterable[ProbabilityMap]],
) -> Iterator[ProbabilityMap]:
    """Bands of class probabilities of a section, with its pixels, in colour where that tells curves apart.

    Bands go through ``kept``, with the rows of all of them, which may know them already.
    """
    top, bottom = straight_rows(layout, section)
    colour = any(curve.colour for track in section.tracks for curve in track.curves)

    def read(first: int, last: int) -> UInt8:
        return read_straight(strip, layout.geometry, first, last)

    recent = Recent(read)
    bands = segmenter.segment(recent, top, bottom, layout.geometry.width, limits=(0, layout.geometry.height))
    for band in kept(bands, (top, bottom)):
        pixels = recent.again(band.top, band.top + band.prob.shape[1])
        yield replace(band, rgb=pixels if colour and pixels.ndim == 3 else None, grey=grey_of(pixels))


def _report(bands: Iterable[ProbabilityMap], progress: Callable[[int], None]) -> Iterator[ProbabilityMap]:
    rows = 0
    for band in bands:
        yield band
        rows += band.prob.shape[1]
        progress(rows)


def _assemble(
    layout: Layout,
    group: Sequence[int],
    traced: Mapping[int, Traced],
    options: DigitiseOptions,
    provenance: Provenance,
    known: Iterable[Finding],
) -> Digitised:
    sections = [layout.sections[i] for i in group]
    unit = sections[0].depth.unit
    if any(section.depth.unit != unit for section in sections):
        raise LayoutError("sections of one log have different depth units; choose one with --sections")
    step = round(options.step or sections[0].step or STEP[unit], 6)  # as many decimals as the LAS file holds
    if step <= 0:
        raise LayoutError("the depth step is below 0.000001; give a larger --step")
    ends = [traced[i].interval for i in group]
    index = depth_index(min(e[0] for e in ends), max(e[1] for e in ends), step)
    if len(index) < 2:
        raise LayoutError(
            f"the section spans less than two steps of {step:g} {unit.lower()}; give a smaller --step"
        )
    combined = combine([traced[i] for i in group], index, options.backups)
    kept, left_out = combined.curves, combined.left_out
    said = "; ".join(f"{name}: {reason}" for name, reason in left_out.items())
    if not kept:
        raise RefusalError(
            f"no curve could be read: {said or 'none is declared'}; see --overlay and the layout"
        )
    if left_out and options.strict:
        raise RefusalError(f"--strict, and something is left out: {said}")
    log = WellLog({**layout.header, **options.header}, unit, step, index, kept)
    findings = worst_first(
        (
            *findings_of([traced[i] for i in group], kept, left_out, limits_of(sections)),
            *combined.findings,
            *compared(log, layout, group, tuple(traced.items())),
            *known,
        )
    )
    used = {(i, name): trace for i in group for name, trace in traced[i].traces.items()}
    return Digitised(log, layout, tuple(group), used, findings, tuple(left_out), provenance)
