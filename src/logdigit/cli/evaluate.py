"""``logdigit evaluate``: how good digitised logs are, judged against their true LAS files."""

from __future__ import annotations

import json
import math
from collections.abc import Callable, Iterable, Iterator, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from logdigit.cli.common import DeviceChoice, option, progress_bar, to_device
from logdigit.errors import UsageError
from logdigit.options import EvaluateOptions

if TYPE_CHECKING:
    from logdigit.evaluate import CurveReport, Group, LogReport

_EVALUATE = EvaluateOptions()
_EVALUATE_DEVICE = DeviceChoice(_EVALUATE.device)
MOST_CURVES = 40
"""Curves that are printed; the worst ones where there are more. All of them stand in the report."""
MOST_NOTES = 40
_WIDTH = 400


def evaluate(
    inputs: Annotated[
        list[Path],
        typer.Argument(
            metavar="INPUT...",
            help="A LAS file (or the scans of one log), then its true LAS file; or a folder, or two.",
        ),
    ],
    report: Annotated[
        Path | None, option("-o --output FILE", "Also write everything as one JSON file.")
    ] = None,
    layout: Annotated[
        str,
        option("--layout WHAT", "A layout file; for generated pages: given (by their own layouts) or auto."),
    ] = _EVALUATE.layout,
    scale: Annotated[
        list[str] | None,
        option("--scale TEXT", 'How a curve is printed: "GR=0:150 wraps=true"; once for each.'),
    ] = None,
    match: Annotated[
        list[str] | None, option("--match MINE=TRUE", "A curve that has another name in the truth.")
    ] = None,
    curves: Annotated[str, option("--curves NAMES", "Compare only these curves of the truth: GR,DT.")] = "",
    interval: Annotated[
        str | None, option("--interval TOP:BASE", "Compare only these depths, in the unit of the truth.")
    ] = None,
    max_lag: Annotated[
        float | None, option("--max-lag N", "Largest depth lag to look for; 5 ft or 1.5 m if not given.")
    ] = _EVALUATE.max_lag,
    limit: Annotated[
        int, option("--limit N", "At most N logs of a folder, evenly spaced; 0 for all.")
    ] = _EVALUATE.limit,
    keep: Annotated[
        Path | None, option("--keep DIR", "Keep the LAS files that are digitised here.")
    ] = _EVALUATE.keep,
    device: Annotated[DeviceChoice, option("--device", "Where the network runs.")] = _EVALUATE_DEVICE,
    weights: Annotated[
        Path | None, option("--weights FILE", "Weights to use instead of the packaged ones.")
    ] = _EVALUATE.weights,
    overwrite: Annotated[bool, option("--overwrite", "Replace outputs that exist.")] = _EVALUATE.overwrite,
    as_json: Annotated[bool, option("--json", "Print one line of JSON per log to stdout.")] = False,
) -> None:
    """Say how good digitised logs are, curve by curve, against their true LAS files."""
    from logdigit import evaluate as ruler
    from logdigit.out.files import check_outputs

    options = EvaluateOptions(
        inputs=tuple(inputs),
        layout=layout,
        scales=tuple(scale or ()),
        match=tuple(match or ()),
        curves=tuple(name.strip() for name in curves.split(",") if name.strip()),
        interval=None if interval is None else _interval(interval),
        max_lag=_positive("--max-lag", max_lag),
        limit=limit,
        keep=keep,
        overwrite=overwrite,
        device=to_device(device),
        weights=weights,
    )
    if limit < 0:
        raise UsageError(f"--limit {limit}: must be 0 (all) or more")
    check_outputs((report,), overwrite, inputs)
    logs: list[LogReport] = []
    with progress_bar() as progress:
        for log in ruler.evaluate(options, progress):
            logs.append(log)
            if as_json:
                typer.echo(json.dumps(ruler.values(log), allow_nan=False))
    groups = ruler.summarise(logs)
    _say(logs, groups)
    if report is not None:
        ruler.write_report(report, options, logs, groups, overwrite=overwrite)
        typer.echo(f"{report}: written", err=True)


def _interval(text: str) -> tuple[float, float]:
    """``250:1130`` as two depths."""
    top, _, base = text.partition(":")
    try:
        ends = float(top), float(base)
    except ValueError:
        ends = (0.0, 0.0)
    if not (ends[0] < ends[1] and all(map(math.isfinite, ends))):
        raise UsageError(
            f"--interval {text!r}: must be TOP:BASE, two depths of which the first is less: 250:1130"
        )
    return ends


def _positive(flag: str, value: float | None) -> float | None:
    if value is not None and not (value > 0 and math.isfinite(value)):
        raise UsageError(f"{flag} {value:g}: must be positive")
    return value


def _say(logs: Sequence[LogReport], groups: Sequence[Group]) -> None:
    """The tables, and whatever is out of the ordinary, on stderr."""
    many = len(logs) > 1
    rows = [(log, curve) for log in logs for curve in log.curves if curve.read_as and not log.refusal]
    if many:
        _table(
            ("", *_GROUP), ([_title(group), *(cell(group) for cell in _GROUP.values())] for group in groups)
        )
        rows.sort(key=lambda row: (row[1].score.coverage > 0, -_or(row[1].score.mae, 1.0)))
        if len(rows) > MOST_CURVES:
            typer.echo(f"the worst {MOST_CURVES} of {len(rows)} curves:", err=True)
    if rows:
        _table(
            (*(("log",) if many else ()), *_CURVE),
            (
                [*((log.name,) if many else ()), *(cell(curve) for cell in _CURVE.values())]
                for log, curve in rows[:MOST_CURVES]
            ),
        )
    windows = {f"{log.max_lag:g} {log.unit.lower()}" for log in logs if log.unit}
    typer.echo(_LEGEND.format(" or ".join(sorted(windows)) or "-"), err=True)
    notes = [note for log in logs for note in _notes(log)]
    for note in notes[:MOST_NOTES]:
        typer.echo(note, err=True)
    if len(notes) > MOST_NOTES:
        typer.echo(f"and {len(notes) - MOST_NOTES} more remarks, all of them in the report of -o", err=True)


_LEGEND = (
    "errors: % of the width of the scale (*: of the 1st to 99th percentile of the truth, as neither --layout "
    "nor --scale tells it); lag: depth units, + too deep, looked for within {}; off: % of the true readings "
    "off the scale at which a value is given"
)


def _notes(log: LogReport) -> Iterator[str]:
    if log.refusal and log.status == "compared":
        yield f"{log.name}: ought to be refused ({log.sheets}), and was digitised"
    if log.reason:
        right = ", as it ought to be" if log.refusal and log.status == "refused" else ""
        yield f"{log.name}: {log.status}{right}: {log.reason}"
    for kind, names in (("missing", log.missing), ("extra", log.extra)):
        if names and log.status == "compared":
            yield f"{log.name}: {kind}: {', '.join(names)}"
    for note in log.notes:
        yield f"{log.name}: {note}"


def _table(head: Iterable[str], rows: Iterable[Sequence[str]]) -> None:
    """A table in Markdown, so that it can be pasted."""
    from rich import box
    from rich.console import Console
    from rich.table import Table

    table = Table(*head, box=box.MARKDOWN, header_style="")
    for column in table.columns:
        column.no_wrap = True
        column.justify = "left" if column is table.columns[0] else "right"
    for row in rows:
        table.add_row(*row)
    # as wide as it has to be: on a narrow terminal lines run over, but no figure is cut
    console = Console(stderr=True, highlight=False, markup=False, width=_WIDTH)
    with console.capture() as text:
        console.print(table)
    for line in filter(str.strip, text.get().splitlines()):
        typer.echo(line.rstrip(), err=True)


def _or(value: float, missing: float) -> float:
    return missing if math.isnan(value) else value


def _share(value: float, digits: int = 2) -> str:
    return "-" if math.isnan(value) else f"{100 * value:.{digits}f}"


def _plain(value: float, form: str = ".4g") -> str:
    return "-" if math.isnan(value) else format(value, form)


def _scale(curve: CurveReport) -> str:
    """``0:150``, ``0.2:2000 log``, ``6.1:14.2 *``."""
    ends = ":".join(f"{curve.anchors[k][1]:.4g}" for k in (0, -1)) if curve.anchors else "-"
    kind = "" if curve.kind in ("", "linear") else f" {curve.kind}"
    return ends + kind + (" wraps" if curve.wraps else "") + (" *" if curve.source == "span" else "")


_CURVE: dict[str, Callable[[CurveReport], str]] = {
    "curve": lambda c: c.mnemonic if c.read_as in ("", c.mnemonic) else f"{c.mnemonic} ({c.read_as})",
    "scale": _scale,
    "style": lambda c: c.style or "-",
    "mean": lambda c: _share(c.score.mae),
    "median": lambda c: _share(c.score.median),
    "p95": lambda c: _share(c.score.p95),
    "bias": lambda c: _share(c.score.bias),
    "mean, units": lambda c: f"{_plain(c.score.mae_units)} {c.unit if c.score.n else ''}".strip(),
    "median, units": lambda c: _plain(c.score.median_units),
    "r": lambda c: _plain(c.score.r, ".4f"),
    "R²": lambda c: _plain(c.score.r2, ".4f"),
    "cover": lambda c: _share(c.score.coverage, 1),
    "lag": lambda c: _plain(c.score.depth_lag, "+.2f"),
    "swaps": lambda c: _share(c.score.swap_rate),
    "off": lambda c: _share(c.off_scale_drawn, 1),
}


def _title(group: Group) -> str:
    plain = {"all": "all logs", "refusal": group.name}
    name = plain.get(group.by, f"{group.by}: {group.name}")
    return name if group.part == "all" else f"{group.part}, {name}"


_GROUP: dict[str, Callable[[Group], str]] = {
    "logs": lambda g: f"{g.logs}" + (f" ({g.refused} refused)" if g.refused else ""),
    "curves": lambda g: f"{g.curves}" + (f" ({g.missing} missing)" if g.missing else ""),
    "mean": lambda g: _share(g.mae),
    "p50": lambda g: _share(g.mae_p50),
    "p90": lambda g: _share(g.mae_p90),
    "r": lambda g: _plain(g.r, ".4f"),
    "r>=0.98": lambda g: _share(g.good_r, 0),
    "cover": lambda g: _share(g.coverage, 1),
    "cover>=90": lambda g: _share(g.good_coverage, 0),
    "both": lambda g: _share(g.good, 0),
    "swaps": lambda g: _share(g.swap_rate),
    "off": lambda g: _share(g.off_scale_drawn, 1),
    "lag": lambda g: _plain(g.lag, ".2f"),
    "turns found/right": lambda g: f"{_share(g.turns_recall, 0)}/{_share(g.turns_precision, 0)}",
    "sure right": lambda g: _share(g.sure_right, 1),
}
