"""``logdigit inspect``: what is read from a scan, as an editable layout file."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from logdigit.cli.arguments import dpi_pair
from logdigit.cli.common import option, progress_bar
from logdigit.cli.digitise import DepthUnitChoice
from logdigit.options import DigitiseOptions

_DEFAULTS = DigitiseOptions()


def inspect(
    scans: Annotated[
        list[Path],
        typer.Argument(metavar="SCAN", help="Pages of one log, in order: TIFF, PNG, JPEG or PDF."),
    ],
    out: Annotated[Path, option("-o --output FILE", "Layout file (TOML) to write.")],
    as_list: Annotated[bool, option("--list", "Print one line a section to stdout.")] = False,
    picture: Annotated[
        Path | None, option("--picture FILE", "Also paint everything found on the scan (PNG).")
    ] = None,
    depth: Annotated[
        list[str] | None, option("--depth ROW=DEPTH", "Depth at a row of the scan; give two or more.")
    ] = None,
    depth_unit: Annotated[
        DepthUnitChoice | None, option("--depth-unit", "Unit of the depths; read from the log if not given.")
    ] = None,
    depth_add: Annotated[
        float, option("--depth-add N", "Added to every depth by digitise: lost digits are not refused.")
    ] = _DEFAULTS.depth_add,
    dpi: Annotated[
        str | None, option("--dpi X[:Y]", "True resolution of the scan; the tag often lies.")
    ] = None,
    skew: Annotated[
        float | None, option("--skew DEG", "Skew; positive where lines of depth run down to the right.")
    ] = _DEFAULTS.skew_deg,
    overwrite: Annotated[bool, option("--overwrite", "Replace outputs that exist.")] = False,
) -> None:
    """Find sections, depths, tracks and scales of a scan and write them as a layout file."""
    from logdigit import pipeline
    from logdigit.paper.curvespec import parse_depth
    from logdigit.paper.listing import lines

    options = DigitiseOptions(
        depths=tuple(parse_depth(text) for text in depth or ()),
        depth_unit=None if depth_unit is None else depth_unit.value,
        depth_add=depth_add,
        skew_deg=skew,
        dpi=None if dpi is None else dpi_pair(dpi),
    )
    with progress_bar() as progress:
        found = pipeline.inspect(scans, out, options, progress, picture=picture, overwrite=overwrite)
    if as_list:
        for line in lines(found.file):
            typer.echo(line)
    for finding in found.findings:
        typer.echo(f"{finding.kind}: {finding.message}", err=True)
    for text in found.left_out:
        typer.echo(f"not used: {text}", err=True)
    typer.echo(f"{out}: written", err=True)
    if picture is not None:
        typer.echo(f"{picture}: written", err=True)
