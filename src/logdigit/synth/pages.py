"""Whole strips and sets of sheets with exact truth, for evaluation from end to end: ``synth --kind page``.

A corpus of pages holds ``manifest.json`` and one directory an item, ``pages/NAME/``: the scan (or the sheets
of a set, in page order), ``layout.toml`` in the px of the joined strip, ``truth.las`` of the section that
``digitise`` delivers, ``truth.N.las`` of any other section N, and ``record.json``. Item ``i`` of seed ``s``
depends on ``(s, i)`` and the configuration alone.
"""

from __future__ import annotations

import errno
import hashlib
import io
import json
import shutil
from collections.abc import Callable
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import numpy as np
from PIL import Image

from logdigit.errors import DataError, UsageError
from logdigit.options import SynthConfig
from logdigit.out.las import write_las
from logdigit.paper.spec import LayoutFile, write_layout
from logdigit.synth.dataset import finish, prepare, replace_bytes, run_chunks
from logdigit.synth.families import FAMILIES, family_names
from logdigit.synth.page_contact import contact_sheet
from logdigit.synth.page_design import PagePlan, plan_page
from logdigit.synth.page_files import Filing, tiff
from logdigit.synth.page_layout import layout_of, truth_of
from logdigit.synth.page_press import press
from logdigit.synth.page_scan import Printed, scan_page
from logdigit.synth.page_sheets import Cut, Sheet, cut
from logdigit.synth.page_text import HELD_OUT_FONT
from logdigit.synth.page_wear import Treatment, treat
from logdigit.synth.sheet import check_sheet
from logdigit.synth.wear import HELD_OUT_WEAR
from logdigit.types import CLASSES, UInt8, WellLog

Progress = Callable[[str, float], None]

_SETS = 0.2
"""Share of the items that are sets of sheets."""
_HELD_OUT = ("family", "wear", "font", "family wear", "family font", "wear font", "family wear font")
_FOLDER = "pages"


@dataclass(frozen=True)
class Page:
    """An item: scans and masks in page order, uint8; how they are filed; their truth; what the manifest says.

    ``truths`` has a log for each section of the layout; ``main`` is the number of the one that counts.
    """

    scans: tuple[UInt8, ...]
    masks: tuple[UInt8, ...]
    filing: Filing
    together: bool
    layout: LayoutFile
    truths: tuple[WellLog, ...]
    main: int
    record: dict[str, Any]


def make_page(seed: int, index: int, *, held_out: bool = False, logs: tuple[Path, ...] = ()) -> Page:
    """The item ``index`` of a corpus of pages.

    Args:
        seed: of the corpus.
        index: of the item.
        held_out: make something of it (family, wear, typeface) that no training corpus has.
        logs: LAS files to print curves of; empty for wells that never were.

    Raises:
        DataError: if no file of ``logs`` can be printed.
    """
    rng = np.random.default_rng((seed, index, 1))
    new = str(rng.choice(_HELD_OUT)).split() if held_out else []
    names = family_names("family" in new)
    family = FAMILIES[names[int(rng.integers(len(names)))]]
    plan = plan_page(rng, family, "font" in new, logs)
    printed, tops = press(rng, plan)
    sheet = (printed.height, printed.width)
    treatment = treat(rng, plan.bodies, sheet, plan.paper, plan.colour, "wear" in new)
    sheets = None
    if rng.random() < _SETS:  # what lies over a strip lies over one of its sheets only: leave it out
        px = treatment.paper.dpi[1] / 200
        sheets = cut(rng, *treatment.size, px)
        treatment = replace(treatment, wear=replace(treatment.wear, covers=(), folds=()))
    scans, masks = _scan(printed, treatment, sheets, (seed, index, 2))
    header = plan.facts.items
    layout = layout_of(treatment.paper, treatment.size, plan.bodies, tops, plan.step, header)
    truths, hidden = [], []
    for body, top in zip(plan.bodies, tops, strict=True):
        log, gone = truth_of(treatment.paper, treatment.wear, treatment.size, body, top, plan.step, header)
        truths.append(log)
        hidden.append(gone)
    record = _record(plan, treatment, sheets, masks, hidden)
    together = bool(sheets is not None and rng.random() < 0.25)
    return Page(scans, masks, treatment.filing, together, layout, tuple(truths), _main(plan), record)


def _scan(
    printed: Printed, treatment: Treatment, sheets: Cut | None, seed: tuple[int, ...]
) -> tuple[tuple[UInt8, ...], tuple[UInt8, ...]]:
    if sheets is None:
        picture, mask = scan_page(printed, treatment.paper, treatment.wear, treatment.size, seed)
        return (picture,), (mask,)
    done = []
    for number, sheet in enumerate(sheets.sheets):
        wear = _wear_of(treatment, sheet)
        place = None if number == 0 else sheet.to_strip
        size = (sheet.height, sheet.width)
        done.append(scan_page(printed, treatment.paper, wear, size, (*seed, number), place))
    return tuple(picture for picture, _ in done), tuple(mask for _, mask in done)


def _wear_of(treatment: Treatment, sheet: Sheet) -> Any:
    """The wear of one sheet: as bright or dark as it came out."""
    wear = treatment.wear
    if wear.bilevel or wear.copies:  # a darker copy is one with a threshold nearer the paper
        return replace(wear, threshold=float(np.clip(wear.threshold + 0.5 * sheet.darker, 60, 225)))
    return replace(wear, light=float(np.clip(wear.light + sheet.darker / 255, 0, 0.35)))


def _main(plan: PagePlan) -> int:
    """The section that a digitiser delivers: the main pass at the largest depth scale."""
    mains = [k for k, body in enumerate(plan.bodies) if body.pass_name == "main"]
    return max(mains, key=lambda k: plan.bodies[k].axis.per_unit)


def _record(
    plan: PagePlan,
    treatment: Treatment,
    sheets: Cut | None,
    masks: tuple[UInt8, ...],
    hidden: list[list[Any]],
) -> dict[str, Any]:
    """What a manifest says of a page."""
    kinds = treatment.kinds()
    unseen = [f"family:{plan.family.name}"] * plan.family.held_out
    unseen += [f"wear:{kind}" for kind in kinds if kind in HELD_OUT_WEAR]
    unseen += [f"font:{HELD_OUT_FONT}"] * plan.face.held_out
    body = plan.bodies[_main(plan)]
    pixels = np.sum([np.bincount(mask.ravel(), minlength=len(CLASSES)) for mask in masks], axis=0)
    record = {
        "family": plan.family.name,
        "wear": list(kinds),
        "held_out": bool(unseen),
        "held_out_of": unseen,
        "pixels": [int(p) for p in pixels],
        "styles": [pen.style for curve in body.design.curves for pen in curve.pens],
        "widths": [round(pen.width, 2) for curve in body.design.curves for pen in curve.pens],
        "dpi": list(treatment.paper.dpi),
        "tagged": None if treatment.filing.tag is None else list(treatment.filing.tag),
        "heading": "turned" if plan.turned else "upright",
        "expect": "refusal" if sheets is not None and sheets.missing else "log",
        "sections": [
            {
                "pass": b.pass_name,
                "nominal": b.nominal,
                "depths": [round(b.axis.start, 4), round(b.axis.stop, 4)],
                "lines": b.ruling is not None,
                "figures": b.figures.record(),
                "hidden": gone,
            }
            for b, gone in zip(plan.bodies, hidden, strict=True)
        ],
    }
    if sheets is not None:
        record["joins"] = {"butt": sheets.butt, "missing": sheets.missing, "sheets": sheets.record()}
    return record


def _write_item(config: SynthConfig, index: int, logs: tuple[Path, ...]) -> dict[str, Any]:
    """Make and write one item: its directory appears when it is whole."""
    name = f"{index:06d}"
    page = make_page(config.seed, index, held_out=config.held_out, logs=logs)
    whole = config.out / _FOLDER / name
    part = whole.with_name(f"{name}.part")
    if part.exists():  # of a run that was killed
        shutil.rmtree(part)
    part.mkdir()
    try:
        _fill(part, name, page)
        part.replace(whole)
    finally:
        shutil.rmtree(part, ignore_errors=True)
    return _recall(config.out, index)


def _fill(part: Path, name: str, page: Page) -> None:
    """Write the files of an item into a directory."""
    if len(page.scans) == 1 or page.together:
        files = {"scan.tif": tiff(page.scans, page.filing)}
    else:
        files = {f"scan.{k}.tif": tiff([scan], page.filing) for k, scan in enumerate(page.scans, 1)}
    for file, data in files.items():
        replace_bytes(part / file, data)
    write_layout(part / "layout.toml", page.layout)
    for number, log in enumerate(page.truths):
        truth = "truth.las" if number == page.main else f"truth.{number + 1}.las"
        write_las(part / truth, log)
        page.record["sections"][number]["truth"] = f"{_FOLDER}/{name}/{truth}"
    record = {"files": [f"{_FOLDER}/{name}/{file}" for file in files], **page.record}
    replace_bytes(part / "record.json", json.dumps(record, indent=1).encode())


def _recall(out: Path, index: int) -> dict[str, Any]:
    """The entry of an item on disk, with the checksum of its files."""
    name = f"{index:06d}"
    folder = out / _FOLDER / name
    digest = hashlib.sha256()
    for path in sorted(folder.iterdir()):
        digest.update(path.read_bytes())
    record = json.loads((folder / "record.json").read_text())
    return {
        "name": name,
        "layout": f"{_FOLDER}/{name}/layout.toml",
        "truth": f"{_FOLDER}/{name}/truth.las",
        "sha256": digest.hexdigest(),
        **record,
    }


def _chunk(args: tuple[SynthConfig, int, tuple[Path, ...]]) -> list[dict[str, Any]]:
    config, index, logs = args
    try:
        return [_write_item(config, index, logs)]
    except (OSError, UsageError) as error:
        raised = (
            error if isinstance(error, OSError) else error.__context__
        )  # that of a LAS file comes wrapped
        if not isinstance(raised, OSError):
            raise
        full = raised.errno == errno.ENOSPC
        reason = "the disk is full" if full else f"cannot be written ({raised.strerror})"
        raise DataError(
            f"{config.out}: {reason}; what is whole is kept, the same command goes on with it"
        ) from error


def write_pages(config: SynthConfig, progress: Progress = lambda *_: None) -> dict[str, Any]:
    """Write a corpus of pages and its contact sheet, if one is wanted, and return its manifest.

    Args:
        config: what to make and where; ``size`` has no meaning here.
        progress: called with a message and the share done.

    Raises:
        UsageError: bad numbers, a directory or contact sheet that cannot be written, too little room.
        OutputExistsError: the directory holds something else already, or the contact sheet is there.
        DataError: no curve found in ``curves_from``, or the disk fills up.
    """
    logs: tuple[Path, ...] = ()
    if config.curves_from is not None:
        logs = tuple(sorted(config.curves_from.glob("*.las"))) if config.curves_from.is_dir() else ()
        if not logs:
            raise DataError(
                f"{config.curves_from}: no LAS file to print; --curves-from names a directory of LAS files"
            )
    if config.sheet is not None:
        check_sheet(config.sheet, config.out)
    prepare(config, (_FOLDER,))
    made = {i for i in range(config.n) if (config.out / _FOLDER / f"{i:06d}").is_dir()}
    items = [_recall(config.out, i) for i in sorted(made)]
    chunks = [(config, i, logs) for i in range(config.n) if i not in made]
    for records in run_chunks(_chunk, chunks, config.workers, None):
        items += records
        progress(f"{len(items)} of {config.n} pages", len(items) / config.n)
    manifest = finish(replace(config, sheet=None), {}, items)
    if config.sheet is not None:
        _write_sheet(config.sheet, contact_sheet(config.out, manifest["items"]))
    return manifest


def _write_sheet(path: Path, picture: UInt8) -> None:
    out = io.BytesIO()
    Image.fromarray(picture).save(out, format="PNG", optimize=True)
    try:
        replace_bytes(path, out.getvalue())
    except OSError as error:
        raise UsageError(f"{path}: cannot be written ({error.strerror})") from error
