"""The command line: parse, call one function, print. Results go to files, everything said to stderr.

One module a command; heavy modules are imported inside the command functions, so that ``logdigit --help``
loads none of them.
"""

from __future__ import annotations

import traceback
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Annotated

import typer

from logdigit import __version__
from logdigit.cli.common import option
from logdigit.cli.digitise import digitise
from logdigit.cli.evaluate import evaluate
from logdigit.cli.inspect import inspect
from logdigit.cli.stitch import stitch
from logdigit.cli.study import study
from logdigit.cli.synth import synth
from logdigit.cli.train import train
from logdigit.errors import LogdigitError

_INTERRUPTED = 130

app = typer.Typer(
    name="logdigit",
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
    rich_markup_mode=None,
    context_settings={"help_option_names": ["-h", "--help"]},
)
for command in (digitise, inspect, stitch, synth, train, study, evaluate):
    app.command()(command)


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


@app.callback()
def _top(
    context: typer.Context,
    debug: Annotated[bool, option("--debug", "Show the traceback of any error.")] = False,
    version: Annotated[
        bool, typer.Option("--version", callback=_version, is_eager=True, help="Show the version and exit.")
    ] = False,
) -> None:
    """Turn scanned paper well logs into LAS files."""
    if isinstance(context.obj, _Run):
        context.obj.debug = debug
