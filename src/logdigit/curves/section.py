"""A section: all of its tracks traced from one stream of probabilities, and corrected by hand."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from concurrent.futures import Future, ThreadPoolExecutor

from logdigit.curves.fixes import fixed
from logdigit.curves.ignore import without
from logdigit.curves.trace import TrackTracer
from logdigit.types import Geometry, ProbabilityMap, Section, Trace


def trace_section(
    bands: Iterable[ProbabilityMap],
    section: Section,
    geometry: Geometry,
    limits: Mapping[str, tuple[float, float]],
    typical: Mapping[str, tuple[float, float]],
) -> dict[str, Trace]:
    """All traces of a section by name of the stroke, from one stream of bands.

    Tracks are traced side by side, and while the network works on the next band; the result does not depend
    on how they interleave, since a track sees its bands in order. ``limits``, the lowest and highest reading
    that a curve can have, by mnemonic, keep curves that wrap from turns on which they cannot be; ``typical``,
    the usual reading and its spread, tells curves apart that look alike.
    """
    tracers = [TrackTracer(track, section.depth, limits, typical) for track in section.tracks if track.curves]
    with ThreadPoolExecutor(max(1, len(tracers))) as pool:
        busy: list[Future[None]] = []
        for band in without(bands, section.ignore, geometry):
            for task in busy:
                task.result()
            busy = [pool.submit(tracer.push, band) for tracer in tracers]
        for task in busy:
            task.result()
        finished = pool.map(TrackTracer.finish, tracers)
        traces = {
            pen.name: trace
            for tracer, traces in zip(tracers, finished, strict=True)
            for pen, trace in zip(tracer.pens, traces, strict=True)
        }
    return fixed(traces, section)
