"""``logdigit stitch``: the pages of one log as one strip."""

from __future__ import annotations

import json
import math
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from logdigit.cli.common import option, progress_bar

if TYPE_CHECKING:
    from logdigit.types import Join, Page, Strip


def stitch(
    pages: Annotated[
        list[Path],
        typer.Argument(metavar="PAGE", help="Pages of one log, in order: TIFF, PNG, JPEG or PDF."),
    ],
    out: Annotated[Path, option("-o --output FILE", "Strip (TIFF) to write.")],
    overwrite: Annotated[bool, option("--overwrite", "Replace an output that exists.")] = False,
    as_json: Annotated[bool, option("--json", "Print the joins as one line of JSON to stdout.")] = False,
) -> None:
    """Join the pages of one log to one strip, without what they show twice."""
    from logdigit import pipeline

    with progress_bar() as progress:
        strip = pipeline.join_pages(pages, out, progress, overwrite=overwrite)
    for line in _lines(strip):
        typer.echo(line, err=True)
    typer.echo(f"{out}: {strip.width} x {strip.height} px, written", err=True)
    if as_json:
        typer.echo(json.dumps(_summary(strip, out), allow_nan=False))


def _lines(strip: Strip) -> Iterator[str]:
    """A line for each page, and one for each thing that a person should know."""
    for number, (page, join) in enumerate(zip(strip.pages, strip.joins, strict=True), 1):
        name = f"{page.source}[{page.index + 1}]" if page.index else page.source
        if join.kind == "first":
            yield f"page {number}, {name}: row {join.row}"
            continue
        how = f"overlap {join.overlap_px:.1f} px" if join.kind == "overlap" else join.kind
        turn, scale = _turn(join)
        moved = f", turned {turn:+.2f} deg, scaled {scale:.4f}" if turn or scale != 1 else ""
        yield f"page {number}, {name}: row {join.row}, {how}{moved}, confidence {join.confidence:.2f}"
    for finding in strip.findings:
        yield f"{finding.kind}: {finding.message}"


def _turn(join: Join) -> tuple[float, float]:
    """By how much a page is turned, degrees clockwise, and scaled to lie on the strip."""
    if join.to_strip is None:
        return 0.0, 1.0
    (a, _, _), (b, _, _) = join.to_strip
    return math.degrees(math.atan2(b, a)), math.hypot(a, b)


def _summary(strip: Strip, out: Path) -> dict[str, Any]:
    """The joins as values that JSON can hold."""

    def page_of(page: Page, join: Join) -> dict[str, Any]:
        return {
            "file": page.source,
            "image": page.index + 1,
            "row": join.row,
            "kind": join.kind,
            "overlap_px": round(join.overlap_px, 2),
            "confidence": join.confidence,
            "to_strip": join.to_strip,
        }

    return {
        "strip": str(out),
        "width": strip.width,
        "height": strip.height,
        "pages": [page_of(page, join) for page, join in zip(strip.pages, strip.joins, strict=True)],
        "findings": [{"kind": f.kind, "message": f.message} for f in strip.findings],
    }
