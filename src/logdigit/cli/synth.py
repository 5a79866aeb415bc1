"""``logdigit synth``: corpora with exact truth."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from logdigit.cli.common import option, progress_bar
from logdigit.options import SynthConfig

_SYNTH = SynthConfig()


def synth(
    n: Annotated[int, option("--n N", "Number of patches.")] = _SYNTH.n,
    out: Annotated[Path, option("-o --output DIR", "Directory to write.")] = _SYNTH.out,
    seed: Annotated[int, option("--seed N", "The same seed makes the same corpus.")] = _SYNTH.seed,
    size: Annotated[int, option("--size PX", "Side of a patch.")] = _SYNTH.size,
    curves_from: Annotated[
        Path | None, option("--curves-from DIR", "Draw the curves of these LAS files too.")
    ] = _SYNTH.curves_from,
    workers: Annotated[int, option("--workers N", "Processes; 0 for one per core.")] = _SYNTH.workers,
    sheet: Annotated[Path | None, option("--sheet FILE", "Also write a contact sheet (PNG).")] = _SYNTH.sheet,
) -> None:
    """Make a corpus of synthetic log patches to train on."""
    from logdigit.synth.dataset import write_corpus

    config = SynthConfig(
        n=n, out=out, seed=seed, size=size, workers=workers, curves_from=curves_from, sheet=sheet
    )
    with progress_bar() as progress:
        manifest = write_corpus(config, progress)
    shares = ", ".join(f"{name} {100 * share:.1f} %" for name, share in manifest["share"].items())
    typer.echo(f"{out}: {n} patches\n{shares}", err=True)
    if sheet is not None:
        typer.echo(f"{sheet}: written", err=True)
