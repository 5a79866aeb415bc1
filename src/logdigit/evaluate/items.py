"""What is to be compared with what: from the arguments of a run to a list of items."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np

from logdigit.errors import DataError, UsageError
from logdigit.options import EvaluateOptions

MANIFEST = "manifest.json"
MANIFEST_VERSION = 1
TRUE = ".true"
"""``well.las`` is compared with ``well.true.las`` beside it."""
GIVEN, AUTO = "given", "auto"


@dataclass(frozen=True)
class Item:
    """One log and its truth.

    Attributes:
        name: as it is reported.
        truth: its true LAS file.
        las: what was digitised; None where ``scans`` are to be.
        scans: pages of the log, in order.
        layout: where its scales are declared; None where nowhere.
        obey: whether ``scans`` are digitised by that layout, or on their own.
        absent: why there is nothing to compare; "" where there is.
        family: of print.
        wear: kinds of it.
        held_out: whether it has anything that no training corpus has.
        held_out_of: what that is.
        sheets: how the sheets of a generated page lie.
        refusal: whether it ought to be refused.
    """

    name: str
    truth: Path
    las: Path | None = None
    scans: tuple[Path, ...] = ()
    layout: Path | None = None
    obey: bool = True
    absent: str = ""
    family: str = ""
    wear: tuple[str, ...] = ()
    held_out: bool = False
    held_out_of: tuple[str, ...] = ()
    sheets: str = ""
    refusal: bool = False


def find_items(options: EvaluateOptions) -> tuple[Item, ...]:
    """The items that the inputs name.

    Raises:
        UsageError: inputs or a ``--layout`` that do not go together.
        DataError: a folder that holds nothing to compare.
    """
    for path in options.inputs:
        if not path.exists():
            raise DataError(f"{path}: no such file or folder")
    folders = [path for path in options.inputs if path.is_dir()]
    if not folders:
        return (_single(options),)
    if len(folders) != len(options.inputs) or len(folders) > 2:
        raise UsageError("give one folder, two folders, or files of which the last is the true LAS file")
    if len(folders) == 1 and (folders[0] / MANIFEST).is_file():
        return _some(_pages(folders[0], options.layout), options.limit)
    layout = _layout_file(options.layout)
    pairs = _beside(folders[0], layout) if len(folders) == 1 else _between(folders[0], folders[1], layout)
    return _some(pairs, options.limit)


def is_alone(options: EvaluateOptions) -> bool:
    """Whether one log is judged, so that what is wrong with it is an error and not a row of a table."""
    return not any(path.is_dir() for path in options.inputs)


def _single(options: EvaluateOptions) -> Item:
    *first, truth = options.inputs
    if not first:
        raise UsageError(f"{truth}: give what was digitised and its true LAS file, or a folder")
    if not _is_las(truth):
        raise UsageError(f"{truth}: the last file must be the true LAS file")
    logs = [path for path in first if _is_las(path)]
    if logs and len(first) > 1:
        raise UsageError("give one LAS file, or the scans of one log, and then the true LAS file")
    if logs:
        return Item(str(logs[0]), truth, las=logs[0], layout=_layout_file(options.layout))
    obey = options.layout not in ("", AUTO)
    return Item(
        str(first[0]), truth, scans=tuple(first), layout=_layout_file(options.layout, AUTO), obey=obey
    )


def _layout_file(layout: str, *words: str) -> Path | None:
    """The layout file of ``--layout``; None without one, or where it is one of ``words``.

    Raises:
        UsageError: another word that stands for no file here.
    """
    if layout in (GIVEN, AUTO) and layout not in words:
        means = "goes with a folder of generated pages" + (", or a scan" if layout == AUTO else "")
        raise UsageError(f"--layout {layout} {means}; name a layout file")
    return None if layout in ("", *words) else Path(layout)


def _is_las(path: Path) -> bool:
    return path.suffix.lower() == ".las"


def _beside(folder: Path, layout: Path | None) -> list[Item]:
    """``well.las`` beside ``well.true.las``."""
    truths = [path for path in sorted(folder.iterdir()) if _is_las(path) and path.stem.endswith(TRUE)]
    if not truths:
        raise DataError(
            f"{folder}: nothing to compare: neither a {MANIFEST} of generated pages, "
            f"nor well.las beside well{TRUE}.las"
        )
    return [_pair(path.stem.removesuffix(TRUE), folder, path, layout) for path in truths]


def _between(folder: Path, truths: Path, layout: Path | None) -> list[Item]:
    """LAS files of the same name in two folders."""
    true = [path for path in sorted(truths.iterdir()) if _is_las(path)]
    if not true:
        raise DataError(f"{truths}: holds no LAS files")
    if not any((folder / path.name).exists() for path in true):
        raise DataError(f"{folder}: has no LAS file of the same name as any in {truths}")
    return [_pair(path.stem, folder, path, layout) for path in true]


def _pair(name: str, folder: Path, truth: Path, layout: Path | None) -> Item:
    las = next((p for p in (folder / f"{name}.las", folder / f"{name}.LAS") if p.is_file()), None)
    own = folder / f"{name}.toml"
    if layout is None and own.is_file():
        layout = own
    return Item(
        name, truth, las=las, layout=layout, absent="" if las else f"{folder / name}.las is not there"
    )


def _pages(folder: Path, layout: str) -> list[Item]:
    """The items of a folder of generated pages.

    Raises:
        DataError: a manifest that is not one of pages.
        UsageError: a layout file, where every page has its own.
    """
    if layout not in ("", GIVEN, AUTO):
        raise UsageError(
            f"--layout {layout}: generated pages have layouts of their own: --layout {GIVEN} or {AUTO}"
        )
    path = folder / MANIFEST
    try:
        manifest = json.loads(path.read_bytes())
    except OSError as error:
        raise DataError(f"{path}: cannot be read: {error.strerror}") from None
    except ValueError as error:
        raise DataError(f"{path}: not valid JSON: {error}") from None
    kind = manifest.get("kind") if isinstance(manifest, dict) else None
    if kind != "page":
        raise DataError(
            f"{path}: not a corpus of pages{f' but of kind {kind}' if kind else ''}; "
            "logdigit synth --kind page makes one"
        )
    if manifest.get("version") != MANIFEST_VERSION:
        raise DataError(f"{path}: version {manifest.get('version')}; this logdigit reads {MANIFEST_VERSION}")
    entries = manifest.get("items")
    if not isinstance(entries, list) or not entries:
        raise DataError(f"{path}: lists no pages")
    try:
        return [_page(folder, entry, obey=layout != AUTO) for entry in entries]
    except (KeyError, TypeError) as error:
        raise DataError(f"{path}: an item lacks {error}, or has it in another form") from None


def _page(folder: Path, entry: Mapping[str, Any], obey: bool) -> Item:
    """One entry of the manifest; KeyError or TypeError where it is not as agreed."""
    files, layout = [folder / str(name) for name in entry["files"]], entry.get("layout")
    absent = next((f"{path} is not there" for path in files if not path.is_file()), "")
    if not files:
        absent = "the manifest names no scan"
    return Item(
        name=str(entry["name"]),
        truth=folder / str(entry["truth"]),
        scans=tuple(files),
        layout=None if layout is None else folder / str(layout),
        obey=obey,
        absent=absent,
        family=str(entry.get("family", "")),
        wear=tuple(str(kind) for kind in entry.get("wear", ())),
        held_out=bool(entry.get("held_out", False)),
        held_out_of=tuple(str(kind) for kind in entry.get("held_out_of", ())),
        sheets=_sheets(entry.get("joins")),
        refusal=entry.get("expect") == "refusal",
    )


def _sheets(joins: Mapping[str, Any] | None) -> str:
    """How the sheets of an item lie, in words."""
    if joins is None:
        return "one strip"
    if joins.get("missing"):
        return "a sheet is missing"
    return "cut into sheets" if joins.get("butt") else "sheets overlap"


def _some(items: Sequence[Item], limit: int) -> tuple[Item, ...]:
    """At most ``limit`` of them, evenly spaced; all where it is 0."""
    if not 0 < limit < len(items):
        return tuple(items)
    return tuple(items[k] for k in np.linspace(0, len(items) - 1, limit).round().astype(int))
