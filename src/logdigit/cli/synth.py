"""``logdigit synth``: corpora with exact truth."""

from __future__ import annotations

from enum import StrEnum
from pathlib import Path
from typing import Annotated, Any

import typer

from logdigit.cli.common import option, progress_bar
from logdigit.options import SynthConfig

_SYNTH = SynthConfig()


class KindChoice(StrEnum):
    """What an item is."""

    patch = "patch"
    page = "page"


_KIND = KindChoice(_SYNTH.kind)


def synth(
    n: Annotated[int, option("--n N", "Number of items.")] = _SYNTH.n,
    out: Annotated[Path, option("-o --output DIR", "Directory to write.")] = _SYNTH.out,
    seed: Annotated[int, option("--seed N", "The same seed makes the same corpus.")] = _SYNTH.seed,
    kind: Annotated[
        KindChoice, option("--kind", "Patches to train on, or whole pages to evaluate on.")
    ] = _KIND,
    preset: Annotated[
        str, option("--preset NAME", "A corpus of the literature instead: veernet.")
    ] = _SYNTH.preset,
    held_out: Annotated[
        bool, option("--held-out", "Make families of print, wear and fonts that no training corpus has.")
    ] = _SYNTH.held_out,
    size: Annotated[int, option("--size PX", "Side of a patch.")] = _SYNTH.size,
    curves_from: Annotated[
        Path | None, option("--curves-from DIR", "Draw the curves of these LAS files too.")
    ] = _SYNTH.curves_from,
    workers: Annotated[int, option("--workers N", "Processes; 0 for one per core.")] = _SYNTH.workers,
    sheet: Annotated[Path | None, option("--sheet FILE", "Also write a contact sheet (PNG).")] = _SYNTH.sheet,
) -> None:
    """Make a corpus of synthetic logs with exact truth."""
    if kind is KindChoice.page:
        from logdigit.synth.pages import write_pages as write
    else:
        from logdigit.synth.dataset import write_corpus as write

    config = SynthConfig(
        n=n,
        out=out,
        seed=seed,
        size=size,
        kind="page" if kind is KindChoice.page else "patch",
        preset=preset,
        held_out=held_out,
        workers=workers,
        curves_from=curves_from,
        sheet=sheet,
    )
    typer.echo(f"{out}: {n} items, about {config.bytes_needed / 1e6:.0f} MB", err=True)
    with progress_bar() as progress:
        manifest = write(config, progress)
    typer.echo(f"{out}: written", err=True)
    for line in _census(manifest):
        typer.echo(line, err=True)
    if sheet is not None:
        typer.echo(f"{sheet}: written", err=True)


def _census(manifest: dict[str, Any]) -> list[str]:
    """What the corpus holds, a line each."""
    out = []
    if "share" in manifest:
        shares = (f"{name} {100 * share:.2f} %" for name, share in manifest["share"].items())
        out.append("pixels: " + ", ".join(shares))
    for name, title in (("styles", "curves"), ("families", "families"), ("wear", "wear")):
        counts = ", ".join(f"{key} {count}" for key, count in manifest.get(name, {}).items())
        out.append(f"{title}: {counts or 'none'}")
    for name, title in (("widths_px", "stroke widths, px"), ("overlap_of_rows", "rows where curves touch")):
        if name in manifest:
            bounds, counts = manifest[name]["bounds"], manifest[name]["counts"]
            pairs = zip(bounds, bounds[1:], counts, strict=False)
            out.append(f"{title}: " + ", ".join(f"{a:.3g}-{b:.3g}: {count:.0f}" for a, b, count in pairs))
    return out
