"""What the commands share: how an option is written, where a network may run, how progress is shown."""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from enum import StrEnum
from typing import Any

import typer

from logdigit.options import Device

Progress = Callable[[str, float], None]


class DeviceChoice(StrEnum):
    """Where a network may run."""

    auto = "auto"
    cpu = "cpu"
    cuda = "cuda"


def option(usage: str, text: str) -> Any:
    """An option from how it is used: ``-o --output FILE``, or ``--strict`` where it takes nothing."""
    words = usage.split()
    flags = [word for word in words if word.startswith("-")]
    return typer.Option(*flags, metavar=" ".join(words[len(flags) :]) or None, help=text)


@contextmanager
def progress_bar() -> Iterator[Progress]:
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


def to_device(choice: DeviceChoice) -> Device:
    """The choice as the library spells it."""
    devices: dict[str, Device] = {"auto": "auto", "cpu": "cpu", "cuda": "cuda"}
    return devices[choice.value]
