"""The command line: parse, call one function, print. Results go to files, everything said to stderr.

Heavy modules are imported inside the command functions: ``logdigit --help`` loads none of them.
"""

from __future__ import annotations

import json
import sys
import traceback
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path
from typing import Annotated, Any

import typer

from logdigit import __version__
from logdigit.arguments import depth_step, dpi_pair, header_items
from logdigit.errors import LogdigitError
from logdigit.options import Device, DigitiseOptions, SynthConfig, TrainConfig

Progress = Callable[[str, float], None]

_DIGITISE = DigitiseOptions()
_SYNTH = SynthConfig()
_TRAIN = TrainConfig()
_INTERRUPTED = 130

app = typer.Typer(
    name="logdigit",
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
    rich_markup_mode=None,
    context_settings={"help_option_names": ["-h", "--help"]},
)


class DeviceChoice(StrEnum):
    """Where a network may run."""

    auto = "auto"
    cpu = "cpu"
    cuda = "cuda"


_DIGITISE_DEVICE = DeviceChoice(_DIGITISE.device)
_TRAIN_DEVICE = DeviceChoice(_TRAIN.device)


class DepthUnitChoice(StrEnum):
    """Units of depth."""

    ft = "ft"
    m = "m"


@dataclass
class _Run:
    """What the options before the command say."""

    debug: bool = False


def main(argv: Sequence[str] | None = None) -> int:
    """Entry point of the ``logdigit`` command.

    Args:
        argv: arguments without the program name; those of the process by default.

    Returns:
        The exit code.
    """
    run = _Run()
    try:
        app(args=None if argv is None else list(argv), prog_name="logdigit", obj=run)
    except SystemExit as stop:
        return stop.code if isinstance(stop.code, int) else int(stop.code is not None)
    except LogdigitError as error:
        typer.echo(f"logdigit: error: {error}", err=True)
        if run.debug:
            traceback.print_exc()
        return error.exit_code
    except KeyboardInterrupt:
        return _INTERRUPTED
    except Exception as error:  # noqa: BLE001  the one place where an unforeseen error becomes one line
        reason = " ".join(str(error).split())
        typer.echo(f"logdigit: error: unexpected {type(error).__name__}: {reason}", err=True)
        if run.debug:
            traceback.print_exc()
        else:
            typer.echo("run with --debug for the traceback: logdigit --debug ...", err=True)
        return 1
    return 0


def _version(wanted: bool) -> None:
    if wanted:
        typer.echo(f"logdigit {__version__}")
        raise typer.Exit


def _option(usage: str, text: str) -> Any:
    """An option from how it is used: ``-o --output FILE``, or ``--strict`` where it takes nothing."""
    words = usage.split()
    flags = [word for word in words if word.startswith("-")]
    return typer.Option(*flags, metavar=" ".join(words[len(flags) :]) or None, help=text)


@app.callback()
def _top(
    context: typer.Context,
    debug: Annotated[bool, _option("--debug", "Show the traceback of any error.")] = False,
    version: Annotated[
        bool, typer.Option("--version", callback=_version, is_eager=True, help="Show the version and exit.")
    ] = False,
) -> None:
    """Turn scanned paper well logs into LAS files."""
    if isinstance(context.obj, _Run):
        context.obj.debug = debug


@app.command()
def digitise(
    scans: Annotated[
        list[Path],
        typer.Argument(metavar="SCAN", help="Pages of one log, in order: TIFF, PNG, JPEG or PDF."),
    ],
    las: Annotated[Path, _option("-o --output FILE", "LAS file to write.")],
    layout: Annotated[
        Path | None, _option("--layout FILE", "Layout file: where tracks, curves and depths are.")
    ] = _DIGITISE.layout,
    depth: Annotated[
        list[str] | None, _option("--depth ROW=DEPTH", "Depth at a row of the scan; give two or more.")
    ] = None,
    depth_unit: Annotated[
        DepthUnitChoice | None, _option("--depth-unit", "Unit of the depths given with --depth.")
    ] = None,
    depth_add: Annotated[
        float, _option("--depth-add N", "Add to every depth, in its unit.")
    ] = _DIGITISE.depth_add,
    step: Annotated[
        float | None, _option("--step S", "Depth step of the LAS file; 0.5 ft or 0.1 m if not given.")
    ] = _DIGITISE.step,
    curve: Annotated[
        list[str] | None,
        _option("--curve TEXT", 'A curve: "GR track=1 style=solid scale=0:150 unit=GAPI"; once for each.'),
    ] = None,
    sections: Annotated[
        str, _option("--sections WHICH", "main, all, or numbers such as 1,3.")
    ] = _DIGITISE.sections,
    strict: Annotated[
        bool, _option("--strict", "Write nothing (exit 4) if a declared curve is left out.")
    ] = _DIGITISE.strict,
    items: Annotated[
        list[str] | None, _option("--set KEY=VALUE", "Header item of the LAS file, as in EKB=3503.15.")
    ] = None,
    confidence: Annotated[
        bool, _option("--confidence", "Add a channel <MNEMONIC>_CONF, 0 to 1, after each curve.")
    ] = False,
    csv: Annotated[Path | None, _option("--csv FILE", "Also write the curves as CSV.")] = None,
    overlay: Annotated[
        Path | None, _option("--overlay FILE", "Also paint the traces on the scan (PNG).")
    ] = None,
    dpi: Annotated[
        str | None, _option("--dpi X[:Y]", "True resolution of the scan; the tag often lies.")
    ] = None,
    skew: Annotated[
        float | None, _option("--skew DEG", "Skew; positive where lines of depth run down to the right.")
    ] = _DIGITISE.skew_deg,
    device: Annotated[DeviceChoice, _option("--device", "Where the network runs.")] = _DIGITISE_DEVICE,
    weights: Annotated[
        Path | None, _option("--weights FILE", "Weights to use instead of the packaged ones.")
    ] = _DIGITISE.weights,
    overwrite: Annotated[bool, _option("--overwrite", "Replace outputs that exist.")] = False,
    as_json: Annotated[bool, _option("--json", "Print one line of JSON per log to stdout.")] = False,
) -> None:
    """Digitise the scan of one log and write it as LAS."""
    from logdigit import pipeline
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
        strict=strict,
        header=header_items(items or ()),
        skew_deg=skew,
        dpi=None if dpi is None else dpi_pair(dpi),
        device=_device(device),
        weights=weights,
    )
    pipeline.check_outputs((las, csv, overlay), overwrite, scans)
    with _progress() as progress:
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


@app.command()
def synth(
    n: Annotated[int, _option("--n N", "Number of patches.")] = _SYNTH.n,
    out: Annotated[Path, _option("-o --output DIR", "Directory to write.")] = _SYNTH.out,
    seed: Annotated[int, _option("--seed N", "The same seed makes the same corpus.")] = _SYNTH.seed,
    size: Annotated[int, _option("--size PX", "Side of a patch.")] = _SYNTH.size,
    curves_from: Annotated[
        Path | None, _option("--curves-from DIR", "Draw the curves of these LAS files too.")
    ] = _SYNTH.curves_from,
    workers: Annotated[int, _option("--workers N", "Processes; 0 for one per core.")] = _SYNTH.workers,
    sheet: Annotated[
        Path | None, _option("--sheet FILE", "Also write a contact sheet (PNG).")
    ] = _SYNTH.sheet,
) -> None:
    """Make a corpus of synthetic log patches to train on."""
    from logdigit.synth.dataset import write_corpus

    config = SynthConfig(
        n=n, out=out, seed=seed, size=size, workers=workers, curves_from=curves_from, sheet=sheet
    )
    with _progress() as progress:
        manifest = write_corpus(config, progress)
    shares = ", ".join(f"{name} {100 * share:.1f} %" for name, share in manifest["share"].items())
    typer.echo(f"{out}: {n} patches\n{shares}", err=True)
    if sheet is not None:
        typer.echo(f"{sheet}: written", err=True)


@app.command()
def train(
    data: Annotated[
        Path, typer.Argument(metavar="[DATA]", help="Corpus made by logdigit synth.")
    ] = _TRAIN.data,
    out: Annotated[Path, _option("-o --output FILE", "Weights to write.")] = _TRAIN.out,
    steps: Annotated[int, _option("--steps N", "Batches to train on.")] = _TRAIN.steps,
    batch: Annotated[int, _option("--batch N", "Patches in a batch.")] = _TRAIN.batch,
    rate: Annotated[float, _option("--lr RATE", "Highest learning rate.")] = _TRAIN.lr,
    start: Annotated[Path | None, _option("--start FILE", "Weights to start from.")] = _TRAIN.start,
    device: Annotated[DeviceChoice, _option("--device", "Where to train.")] = _TRAIN_DEVICE,
    seed: Annotated[int, _option("--seed N", "Seed of the run.")] = _TRAIN.seed,
    workers: Annotated[int, _option("--workers N", "Threads that read patches.")] = _TRAIN.workers,
    resume: Annotated[bool, _option("--resume", "Go on from the last checkpoint.")] = _TRAIN.resume,
    overwrite: Annotated[bool, _option("--overwrite", "Replace the weights file.")] = _TRAIN.overwrite,
) -> None:
    """Train the network on a synthetic corpus."""
    from logdigit.training.loop import train as run

    config = TrainConfig(
        data=data,
        out=out,
        steps=steps,
        batch=batch,
        lr=rate,
        start=start,
        device=_device(device),
        seed=seed,
        workers=workers,
        resume=resume,
        overwrite=overwrite,
    )
    with _progress() as progress:
        run(config, progress)
    typer.echo(f"{out}: written", err=True)


@contextmanager
def _progress() -> Iterator[Progress]:
    """A progress bar on stderr where that is a terminal; otherwise nothing."""
    if not sys.stderr.isatty():
        yield lambda message, share: None
        return
    from rich.console import Console
    from rich.progress import BarColumn, TaskProgressColumn, TextColumn, TimeRemainingColumn
    from rich.progress import Progress as Bars

    columns = (TextColumn("{task.description}"), BarColumn(), TaskProgressColumn(), TimeRemainingColumn())
    with Bars(*columns, console=Console(stderr=True), transient=True) as bars:
        task = bars.add_task("", total=1.0)
        yield lambda message, share: bars.update(task, description=message, completed=share)


def _device(choice: DeviceChoice) -> Device:
    devices: dict[str, Device] = {"auto": "auto", "cpu": "cpu", "cuda": "cuda"}
    return devices[choice.value]
