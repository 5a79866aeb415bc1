"""Corpora with exact truth: ``logdigit synth``.

A corpus directory of patches holds ``manifest.json``, ``images/``, ``masks/`` (PNG) and ``truth/`` (npz), one
of each an item. Item ``i`` of seed ``s`` depends on ``(s, i)`` and the configuration alone, so the bytes are
the same whatever the number of workers, and a killed run goes on where it stopped.
"""

from __future__ import annotations

import errno
import hashlib
import json
import multiprocessing
import os
import shutil
from collections.abc import Callable, Iterator
from concurrent.futures import ProcessPoolExecutor
from pathlib import Path
from typing import Any

import cv2
import numpy as np

from logdigit.errors import DataError, OutputExistsError, UsageError
from logdigit.options import SynthConfig
from logdigit.synth.census import census, patch_record
from logdigit.synth.curves import CurveBank
from logdigit.synth.patches import make_patch
from logdigit.synth.presets import check_preset
from logdigit.synth.sheet import check_sheet, contact_sheet
from logdigit.types import CLASSES

Progress = Callable[[str, float], None]

_CHUNK = 20  # patches a worker makes at a time
_FOLDERS = ("images", "masks", "truth")
_bank: CurveBank | None = None  # one a worker process; set by `_start`


def _start(bank: CurveBank | None) -> None:
    global _bank
    _bank = bank
    cv2.setNumThreads(1)


def replace_bytes(path: Path, data: bytes) -> None:
    """Writes a file whole or not at all."""
    part = path.with_suffix(path.suffix + ".part")
    try:
        part.write_bytes(data)
        part.replace(path)
    except OSError:
        part.unlink(missing_ok=True)
        raise


def _files(out: Path, name: str) -> tuple[Path, Path, Path]:
    return out / "images" / f"{name}.png", out / "masks" / f"{name}.png", out / "truth" / f"{name}.npz"


def _write_item(config: SynthConfig, index: int) -> dict[str, Any]:
    """Make and write one item, its truth last: an item with truth is whole."""
    name = f"{index:06d}"
    patch = make_patch(config.seed, index, config.size, _bank, preset=config.preset, held_out=config.held_out)
    image, mask, truth = _files(config.out, name)
    options = [cv2.IMWRITE_PNG_COMPRESSION, 2]
    replace_bytes(image, cv2.imencode(".png", patch.image, options)[1].tobytes())
    replace_bytes(mask, cv2.imencode(".png", patch.mask, options)[1].tobytes())
    record = patch_record(patch)
    part = truth.with_suffix(".part.npz")
    try:
        with part.open("wb") as file:
            np.savez_compressed(
                file, x=patch.x, turns=patch.turns, cls=patch.labels, record=np.array(json.dumps(record))
            )
        part.replace(truth)
    except OSError:
        part.unlink(missing_ok=True)
        raise
    return _recall(config.out, index)


def _recall(out: Path, index: int) -> dict[str, Any]:
    """The record of an item on disk, with the checksum of its three files."""
    name = f"{index:06d}"
    digest = hashlib.sha256()
    for path in _files(out, name):
        digest.update(path.read_bytes())
    with np.load(_files(out, name)[2]) as truth:
        record = json.loads(str(truth["record"]))
    return {"name": name, "sha256": digest.hexdigest(), **record}


def _chunk(args: tuple[SynthConfig, list[int]]) -> list[dict[str, Any]]:
    config, indices = args
    try:
        return [_write_item(config, index) for index in indices]
    except OSError as error:
        full = error.errno == errno.ENOSPC
        reason = "the disk is full" if full else f"cannot be written ({error.strerror})"
        raise DataError(
            f"{config.out}: {reason}; what is whole is kept, the same command goes on with it"
        ) from error


def bank_from(folder: Path | None) -> CurveBank | None:
    """The curves of the LAS files in ``folder``.

    Raises:
        DataError: if there is none.
    """
    if folder is None:
        return None
    from logdigit.out.las import read_las

    files = sorted(folder.glob("*.las")) if folder.is_dir() else []
    bank = CurveBank.from_values([curve.value for file in files for curve in read_las(file).curves])
    if not bank.curves:
        raise DataError(
            f"{folder}: no LAS file with a curve to print; --curves-from names a directory of LAS files"
        )
    return bank


def prepare(config: SynthConfig, folders: tuple[str, ...]) -> None:
    """Checks the configuration and makes the directories of a corpus, or says why that cannot be.

    Raises:
        UsageError: bad numbers, a directory that cannot be written, too little room.
        OutputExistsError: the directory holds something else already.
    """
    if config.n <= 0:
        raise UsageError(f"--n {config.n}: the number of items must be at least 1")
    if config.size < 64:
        raise UsageError(f"--size {config.size}: patches are at least 64 px")
    if config.workers < 0:
        raise UsageError(f"--workers {config.workers}: the number of processes is 0 (one a core) or more")
    check_preset(config.preset)
    manifest = config.out / "manifest.json"
    if config.out.exists() and not config.out.is_dir():
        raise UsageError(f"{config.out}: is a file, not a directory; name another with -o")
    if manifest.exists() or (config.out.is_dir() and any(config.out.iterdir()) and not _plan_of(config.out)):
        raise OutputExistsError(f"{config.out}: is not empty; name another directory with -o")
    try:
        for folder in folders:
            (config.out / folder).mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise UsageError(f"{config.out}: cannot be written ({error.strerror})") from error
    need, free = config.bytes_needed, shutil.disk_usage(config.out).free
    if need > free:
        raise UsageError(
            f"{config.out}: needs about {need / 1e9:.1f} GB, {free / 1e9:.1f} GB are free; lower --n"
        )
    plan = {
        name: str(getattr(config, name) or "")
        for name in ("kind", "seed", "size", "preset", "held_out", "curves_from")
    }
    if (_plan_of(config.out) or plan) != plan:
        raise OutputExistsError(
            f"{config.out}: holds part of a corpus made with other options; name another with -o"
        )
    replace_bytes(config.out / "plan.json", json.dumps(plan).encode())


def _plan_of(out: Path) -> dict[str, Any] | None:
    plan = out / "plan.json"
    return dict(json.loads(plan.read_text())) if plan.exists() else None


def write_corpus(config: SynthConfig, progress: Progress = lambda *_: None) -> dict[str, Any]:
    """Write a corpus of patches and its contact sheet, if one is wanted, and return its manifest.

    Args:
        config: what to make and where.
        progress: called with a message and the share done.

    Raises:
        UsageError: bad numbers, a directory or contact sheet that cannot be written, too little room.
        OutputExistsError: the directory holds something else already, or the contact sheet is there.
        DataError: no curve found in ``curves_from``, or the disk fills up.
    """
    if config.sheet is not None:
        check_sheet(config.sheet, config.out)
    prepare(config, _FOLDERS)
    bank = bank_from(config.curves_from)
    todo = [i for i in range(config.n) if not _files(config.out, f"{i:06d}")[2].exists()]
    chunks = [(config, todo[k : k + _CHUNK]) for k in range(0, len(todo), _CHUNK)]
    made = set(todo)
    items = [_recall(config.out, i) for i in range(config.n) if i not in made]
    for records in run_chunks(_chunk, chunks, config.workers, bank):
        items += records
        progress(f"{len(items)} of {config.n} patches", len(items) / config.n)
    return finish(config, {"size": config.size, "classes": list(CLASSES)}, items)


def finish(config: SynthConfig, head: dict[str, Any], items: list[dict[str, Any]]) -> dict[str, Any]:
    """Writes the manifest of a finished corpus, its census in it, and the contact sheet."""
    items.sort(key=lambda item: str(item["name"]))
    manifest: dict[str, Any] = {
        "version": 1,
        "kind": config.kind,
        "n": config.n,
        "seed": config.seed,
        "preset": config.preset,
        "held_out": config.held_out,
        **head,
        **census(items),
        "items": items,
    }
    replace_bytes(config.out / "manifest.json", json.dumps(manifest, indent=1).encode())
    (config.out / "plan.json").unlink()
    if config.sheet is not None:
        _write_sheet(config.sheet, config.out, manifest["items"])
    return manifest


def _write_sheet(path: Path, corpus: Path, items: list[dict[str, Any]]) -> None:
    picture = contact_sheet(corpus, items)
    try:
        replace_bytes(path, cv2.imencode(".png", picture[..., ::-1])[1].tobytes())
    except OSError as error:
        raise UsageError(f"{path}: cannot be written ({error.strerror})") from error


def run_chunks(
    work: Callable[[Any], list[dict[str, Any]]], chunks: list[Any], workers: int, bank: CurveBank | None
) -> Iterator[list[dict[str, Any]]]:
    """Results of ``work`` on each chunk, in order, from ``workers`` processes (0: one a core)."""
    count = workers or len(os.sched_getaffinity(0))
    if count == 1 or len(chunks) <= 1:
        _start(bank)
        yield from map(work, chunks)
        return
    context = multiprocessing.get_context("spawn")
    with ProcessPoolExecutor(count, mp_context=context, initializer=_start, initargs=(bank,)) as pool:
        yield from pool.map(work, chunks)
