"""The main job: composes the rooms in order. The only module that knows the order."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import replace
from pathlib import Path

from logdigit import __version__
from logdigit.curves.assemble import Traced, combine
from logdigit.curves.checks import findings_of
from logdigit.curves.resample import depth_index
from logdigit.curves.trace import TrackTracer
from logdigit.errors import LayoutError, RefusalError, UsageError
from logdigit.ink.segment import Segmenter, SegmentsInk
from logdigit.ink.weights import default_weights, load_weights
from logdigit.options import DigitiseOptions
from logdigit.out.files import check_output
from logdigit.out.las import write_las
from logdigit.out.las_text import check_mnemonics
from logdigit.out.notes import notes
from logdigit.out.overlay import write_overlay
from logdigit.out.table import write_csv
from logdigit.paper.auto import Auto
from logdigit.paper.choose import choose_sections, interval, straight_rows
from logdigit.paper.given import find_on_page, layout_of
from logdigit.paper.layout import resolve
from logdigit.paper.page import open_pages, sha256
from logdigit.paper.picture import write_picture
from logdigit.paper.spec import write_layout
from logdigit.paper.stitch import stitch
from logdigit.paper.straighten import read_straight
from logdigit.types import (
    DepthUnit,
    Digitised,
    Finding,
    Layout,
    ProbabilityMap,
    Provenance,
    Section,
    Strip,
    Trace,
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
    strip = _strip(scans, progress)
    layout, unused = layout_of(strip, options, progress)
    for section in layout.sections:
        curves = [c for track in section.tracks for c in track.curves]
        check_mnemonics([name for c in curves for name in c.strokes], confidence=True)
    chosen = choose_sections(layout, options.sections)
    if segmenter is None:
        segmenter = Segmenter(load_weights(options.weights or default_weights()), device=options.device)
    provenance = Provenance(
        __version__, segmenter.sha256, tuple(sha256(scan) for scan in scans), _given(scans, options)
    )
    traces: dict[tuple[int, str], Trace] = {}
    heights = [straight_rows(layout, layout.sections[i]) for group in chosen for i in group]
    total, done = sum(b - a for a, b in heights), 0
    for group in chosen:
        for index in group:
            section = layout.sections[index]
            top, bottom = straight_rows(layout, section)
            bands = segment_section(strip, layout, section, segmenter)
            bands = _report(bands, lambda rows, done=done: progress("tracing", (done + rows) / total))  # type: ignore[misc]
            traces |= {(index, name): trace for name, trace in trace_section(bands, section).items()}
            done += bottom - top
    results = (_assemble(layout, group, traces, options, provenance) for group in chosen)
    return tuple(replace(result, findings=(*result.findings, *unused)) for result in results)


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
    for number, result in enumerate(results, 1):
        tag = f".{number}" if len(results) > 1 else ""
        path = _tagged(las, tag)
        write_las(path, result.log, confidence=confidence, other=notes(result), overwrite=overwrite)
        written.append(path)
        if csv is not None:
            write_csv(_tagged(csv, tag), result.log, confidence=confidence, overwrite=overwrite)
            written.append(_tagged(csv, tag))
        if overlay is not None:
            strip = stitch(open_pages(scans))
            chosen = {key: trace for key, trace in result.traces.items() if key[0] in result.sections}
            written += write_overlay(_tagged(overlay, tag), strip, result.layout, chosen, overwrite=overwrite)
    return written


def check_outputs(paths: Iterable[Path | None], overwrite: bool, scans: Sequence[Path] = ()) -> None:
    """Refuse, before any work is done, what could not be written after it.

    Raises:
        UsageError: a directory that does not exist, two outputs of one name, an output that is an input.
        OutputExistsError: a file that does, without ``overwrite``.
    """
    inputs = {scan.resolve() for scan in scans}
    seen: set[Path] = set()
    for path in paths:
        if path is None:
            continue
        if path.resolve() in inputs:
            raise UsageError(f"{path}: is a scan to be read; name another output")
        if path.resolve() in seen:
            raise UsageError(f"{path}: named for two outputs; give each its own file")
        seen.add(path.resolve())
        check_output(path, overwrite)


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
    strip = _strip(scans, progress)
    auto = find_on_page(strip, options, progress)
    resolve(strip, auto.file, options.dpi)
    write_layout(out, auto.file)
    if picture is not None:
        write_picture(picture, strip, auto)
    return auto


def segment_section(
    strip: Strip, layout: Layout, section: Section, segmenter: SegmentsInk
) -> Iterator[ProbabilityMap]:
    """Bands of class probabilities of a section, with its pixels where the scan has colour."""
    top, bottom = straight_rows(layout, section)

    def read(first: int, last: int) -> UInt8:
        return read_straight(strip, layout.geometry, first, last)

    for band in segmenter.segment(
        read, top, bottom, layout.geometry.width, limits=(0, layout.geometry.height)
    ):
        pixels = read(band.top, band.top + 1)
        if pixels.ndim == 3 and any(curve.colour for track in section.tracks for curve in track.curves):
            band = replace(band, rgb=read(band.top, band.top + band.prob.shape[1]))
        yield band


def _report(bands: Iterable[ProbabilityMap], progress: Callable[[int], None]) -> Iterator[ProbabilityMap]:
    rows = 0
    for band in bands:
        yield band
        rows += band.prob.shape[1]
        progress(rows)


def trace_section(bands: Iterable[ProbabilityMap], section: Section) -> dict[str, Trace]:
    """All traces of a section by name of the stroke, from one stream of bands.

    Tracks are traced side by side, and while the network works on the next band; the result does not depend
    on how they interleave, since a track sees its bands in order.
    """
    tracers = [TrackTracer(track, section.depth) for track in section.tracks if track.curves]
    with ThreadPoolExecutor(max(1, len(tracers))) as pool:
        busy: list[Future[None]] = []
        for band in bands:
            for task in busy:
                task.result()
            busy = [pool.submit(tracer.push, band) for tracer in tracers]
        for task in busy:
            task.result()
        finished = pool.map(TrackTracer.finish, tracers)
        return {
            pen.name: trace
            for tracer, traces in zip(tracers, finished, strict=True)
            for pen, trace in zip(tracer.pens, traces, strict=True)
        }


def _assemble(
    layout: Layout,
    group: Sequence[int],
    traces: dict[tuple[int, str], Trace],
    options: DigitiseOptions,
    provenance: Provenance,
) -> Digitised:
    sections = [layout.sections[i] for i in group]
    unit = sections[0].depth.unit
    if any(section.depth.unit != unit for section in sections):
        raise LayoutError("sections of one log have different depth units; choose one with --sections")
    step = round(options.step or sections[0].step or STEP[unit], 6)  # as many decimals as the LAS file holds
    if step <= 0:
        raise LayoutError("the depth step is below 0.000001; give a larger --step")
    ends = [interval(layout, i) for i in group]
    index = depth_index(min(e[0] for e in ends), max(e[1] for e in ends), step)
    if len(index) < 2:
        raise LayoutError(
            f"the section spans less than two steps of {step:g} {unit.lower()}; give a smaller --step"
        )
    parts = []
    for i, ends_of in zip(group, ends, strict=True):
        named = {name: trace for (number, name), trace in traces.items() if number == i}
        parts.append(Traced(layout.sections[i], named, ends_of))
    combined = combine(parts, index, options.backups)
    kept, left_out = combined.curves, combined.left_out
    said = "; ".join(f"{name}: {reason}" for name, reason in left_out.items())
    if not kept:
        raise RefusalError(
            f"no curve could be read: {said or 'none is declared'}; see --overlay and the layout"
        )
    if left_out and options.strict:
        raise RefusalError(f"--strict, and something is left out: {said}")
    findings = [Finding("left out", reason, name) for name, reason in left_out.items()]
    findings += combined.findings
    for curve in kept:
        findings += findings_of(curve, step)
    log = WellLog({**layout.header, **options.header}, unit, step, index, kept)
    used = {key: trace for key, trace in traces.items() if key[0] in group}
    return Digitised(log, layout, tuple(group), used, tuple(findings), tuple(left_out), provenance)
