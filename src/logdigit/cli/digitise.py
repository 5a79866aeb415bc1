"""``logdigit digitise``: the main job."""

from __future__ import annotations

import json
from enum import StrEnum
from pathlib import Path
from typing import Annotated

import typer

from logdigit.cli.arguments import depth_step, dpi_pair, header_items
from logdigit.cli.common import DeviceChoice, option, progress_bar, to_device
from logdigit.options import DigitiseOptions

_DIGITISE = DigitiseOptions()
_DIGITISE_DEVICE = DeviceChoice(_DIGITISE.device)


class DepthUnitChoice(StrEnum):
    """Units of depth."""

    ft = "ft"
    m = "m"


def digitise(
    scans: Annotated[
        list[Path],
        typer.Argument(metavar="SCAN", help="Pages of one log, in order: TIFF, PNG, JPEG or PDF."),
    ],
    las: Annotated[Path, option("-o --output FILE", "LAS file to write.")],
    layout: Annotated[
        Path | None, option("--layout FILE", "Layout file: where tracks, curves and depths are.")
    ] = _DIGITISE.layout,
    depth: Annotated[
        list[str] | None, option("--depth ROW=DEPTH", "Depth at a row of the scan; give two or more.")
    ] = None,
    depth_unit: Annotated[
        DepthUnitChoice | None, option("--depth-unit", "Unit of the depths given with --depth.")
    ] = None,
    depth_add: Annotated[
        float, option("--depth-add N", "Add to every depth, in its unit.")
    ] = _DIGITISE.depth_add,
    step: Annotated[
        float | None, option("--step S", "Depth step of the LAS file; 0.5 ft or 0.1 m if not given.")
    ] = _DIGITISE.step,
    curve: Annotated[
        list[str] | None,
        option("--curve TEXT", 'A curve: "GR track=1 style=solid scale=0:150 unit=GAPI"; once for each.'),
    ] = None,
    sections: Annotated[
        str, option("--sections WHICH", "main, all, or numbers such as 1,3.")
    ] = _DIGITISE.sections,
    compare: Annotated[
        bool, option("--compare", "Also read what the strip carries twice, and say where it disagrees.")
    ] = _DIGITISE.compare,
    strict: Annotated[
        bool, option("--strict", "Write nothing (exit 4) if a declared curve is left out.")
    ] = _DIGITISE.strict,
    items: Annotated[
        list[str] | None, option("--set KEY=VALUE", "Header item of the LAS file, as in EKB=3503.15.")
    ] = None,
    confidence: Annotated[
        bool, option("--confidence", "Add a channel <MNEMONIC>_CONF, 0 to 1, after each curve.")
    ] = False,
    backups: Annotated[
        bool,
        option("--backups", "Write the strokes of curves on several scales apart as well: _MAIN, _BU, _AMP."),
    ] = _DIGITISE.backups,
    csv: Annotated[Path | None, option("--csv FILE", "Also write the curves as CSV.")] = None,
    overlay: Annotated[
        Path | None, option("--overlay FILE", "Also paint the traces on the scan (PNG).")
    ] = None,
    dpi: Annotated[
        str | None, option("--dpi X[:Y]", "True resolution of the scan; the tag often lies.")
    ] = None,
    skew: Annotated[
        float | None, option("--skew DEG", "Skew; positive where lines of depth run down to the right.")
    ] = _DIGITISE.skew_deg,
    device: Annotated[DeviceChoice, option("--device", "Where the network runs.")] = _DIGITISE_DEVICE,
    weights: Annotated[
        Path | None, option("--weights FILE", "Weights to use instead of the packaged ones.")
    ] = _DIGITISE.weights,
    allow_uncalibrated: Annotated[
        bool,
        option("--allow-uncalibrated", "Write curves without a scale as 0 to 1 across their track."),
    ] = _DIGITISE.allow_uncalibrated,
    cache: Annotated[
        Path | None, option("--cache DIR", "Keep what the network saw there: digitising again takes seconds.")
    ] = _DIGITISE.cache,
    overwrite: Annotated[bool, option("--overwrite", "Replace outputs that exist.")] = False,
    as_json: Annotated[bool, option("--json", "Print one line of JSON per log to stdout.")] = False,
) -> None:
    """Digitise the scan of one log and write it as LAS."""
    from logdigit import pipeline
    from logdigit.out.files import check_outputs
    from logdigit.out.summary import lines, summary
    from logdigit.paper.curvespec import parse_depth

    options = DigitiseOptions(
        layout=layout,
        depths=tuple(parse_depth(text) for text in depth or ()),
        depth_unit=None if depth_unit is None else depth_unit.value,
        depth_add=depth_add,
        step=depth_step(step),
        curves=tuple(curve or ()),
        sections=sections,
        compare=compare,
        strict=strict,
        header=header_items(items or ()),
        skew_deg=skew,
        dpi=None if dpi is None else dpi_pair(dpi),
        device=to_device(device),
        weights=weights,
        allow_uncalibrated=allow_uncalibrated,
        cache=cache,
        backups=backups,
    )
    check_outputs((las, csv, overlay), overwrite, scans)
    with progress_bar() as progress:
        results = pipeline.digitise(scans, options, progress)
        written = pipeline.write(
            results, las, csv=csv, overlay=overlay, scans=scans, confidence=confidence, overwrite=overwrite
        )
    files = [path for path in written if path.suffix == las.suffix]
    for result, path in zip(results, files, strict=True):
        for line in lines(result, path):
            typer.echo(line, err=True)
        if as_json:
            typer.echo(json.dumps(summary(result, path), allow_nan=False))
    for path in written:
        if path not in files:
            typer.echo(f"{path}: written", err=True)
