"""Corpora with exact truth: ``logdigit synth``.

A corpus directory holds ``manifest.json``, ``images/``, ``masks/`` (PNG) and ``truth/`` (npz), one of each
an item. Item ``i`` of seed ``s`` depends on ``(s, i)`` and the configuration alone, so the bytes are the
same whatever the number of workers, and a killed run goes on where it stopped.
"""

from __future__ import annotations

import json
import multiprocessing
import os
import shutil
from collections.abc import Callable, Iterator
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import cv2
import numpy as np

from logdigit.errors import DataError, OutputExistsError, UsageError
from logdigit.options import SynthConfig
from logdigit.synth.curves import CurveBank
from logdigit.synth.families import FAMILIES, random_sheet
from logdigit.synth.render import SheetPlan, draw, visible
from logdigit.synth.sheet import check_sheet, contact_sheet
from logdigit.synth.wear import Wear, random_wear, scan, warp_points
from logdigit.types import CLASSES, Float32, Int8, UInt8

Progress = Callable[[str, float], None]

_BYTES_AN_ITEM = 75_000  # measured mean of a 512 px patch, all three files
_bank: CurveBank | None = None  # one a worker process; set by `_start`


@dataclass(frozen=True)
class Patch:
    """A worn patch and its truth: ``x`` (n, H) px and ``turns`` (n, H) of visible strokes, NaN off scale."""

    image: UInt8
    mask: UInt8
    x: Float32
    turns: Int8
    labels: UInt8
    family: str
    wear: Wear


def make_patch(seed: int, index: int, size: int, bank: CurveBank | None = None) -> Patch:
    """The item ``index`` of corpus ``seed``: a window of ``size`` px on a random worn print."""
    rng = np.random.default_rng((seed, index))
    family = tuple(FAMILIES.values())[int(rng.integers(len(FAMILIES)))]
    plan = random_sheet(rng, family, size, size, bank)
    wear = legible(random_wear(rng), plan)
    image, mask = scan(*draw(plan), wear, rng)
    x, turns, labels = patch_truth(plan, wear)
    return Patch(image, mask, x, turns, labels, family.name, wear)


def legible(wear: Wear, plan: SheetPlan) -> Wear:
    """A bilevel scan is thresholded between its ink and its paper, else it would show neither."""
    inks = [min(s.ink) for t in plan.tracks for s in t.strokes]
    darkest_paper = min(plan.paper) * (1 - wear.light) - 2 * wear.noise
    faintest_ink = max(inks, default=0) + (255 - max(inks, default=0)) * 0.6 * wear.fade
    if faintest_ink + 25 > darkest_paper - 10:
        return replace(wear, bilevel="", copies=0)
    return replace(wear, threshold=float(np.clip(wear.threshold, faintest_ink + 25, darkest_paper - 10)))


def patch_truth(plan: SheetPlan, wear: Wear) -> tuple[Float32, Int8, UInt8]:
    """Readings of every stroke after the paper's geometry: x (n, H) px, turns (n, H), class (n,)."""
    rows = np.arange(plan.height, dtype=np.float64)
    xs, all_turns, labels = [], [], []
    for track in plan.tracks:
        for stroke in track.strokes:
            x, turns = visible(stroke, track.left, track.right)
            moved_x, moved_y = warp_points(wear, x, rows)
            order = np.maximum.accumulate(np.where(np.isfinite(moved_y), moved_y, -1e9))
            good = np.isfinite(moved_x) & np.concatenate([[True], np.diff(order) > 0])
            if good.sum() < 2:
                continue
            at = np.interp(rows, moved_y[good], np.flatnonzero(good), left=np.nan, right=np.nan)
            near = np.clip(np.nan_to_num(at), 0, plan.height - 1)
            below, above = np.floor(near).astype(int), np.ceil(near).astype(int)
            value = moved_x[below] + (near - below) * (moved_x[above] - moved_x[below])
            value[~np.isfinite(at) | (turns[below] != turns[above])] = np.nan
            value[(value < 0) | (value > plan.width - 1)] = np.nan
            if np.isfinite(value).sum() >= 2:
                xs.append(value)
                all_turns.append(turns[below])
                labels.append(CLASSES.index(stroke.style))
    shape = (len(xs), plan.height)
    return (
        np.array(xs, np.float32).reshape(shape),
        np.array(all_turns, np.int8).reshape(shape),
        np.array(labels, np.uint8),
    )


def _start(bank: CurveBank | None) -> None:
    global _bank
    _bank = bank
    cv2.setNumThreads(1)


def _replace_bytes(path: Path, data: bytes) -> None:
    part = path.with_suffix(path.suffix + ".part")
    part.write_bytes(data)
    part.replace(path)


def _write_item(out: Path, seed: int, index: int, size: int) -> dict[str, Any]:
    """Make and write one item, its truth last: an item with truth is whole."""
    name = f"{index:06d}"
    patch = make_patch(seed, index, size, _bank)
    options = [cv2.IMWRITE_PNG_COMPRESSION, 2]
    _replace_bytes(out / "images" / f"{name}.png", cv2.imencode(".png", patch.image, options)[1].tobytes())
    _replace_bytes(out / "masks" / f"{name}.png", cv2.imencode(".png", patch.mask, options)[1].tobytes())
    part = out / "truth" / f"{name}.part.npz"
    pixels = np.bincount(patch.mask.ravel(), minlength=len(CLASSES))
    np.savez_compressed(part, x=patch.x, turns=patch.turns, cls=patch.labels, pixels=pixels)
    part.replace(out / "truth" / f"{name}.npz")
    return _record(index, patch.family, patch.wear.kinds(), pixels)


def _record(index: int, family: str, wear: tuple[str, ...], pixels: np.ndarray) -> dict[str, Any]:
    return {"name": f"{index:06d}", "family": family, "wear": list(wear), "pixels": [int(p) for p in pixels]}


def _chunk(args: tuple[Path, int, list[int], int]) -> list[dict[str, Any]]:
    out, seed, indices, size = args
    return [_write_item(out, seed, index, size) for index in indices]


def _bank_from(folder: Path | None) -> CurveBank | None:
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


def _prepare(config: SynthConfig) -> None:
    if config.n <= 0:
        raise UsageError(f"--n {config.n}: the number of items must be at least 1")
    if config.size < 64:
        raise UsageError(f"--size {config.size}: patches are at least 64 px")
    manifest = config.out / "manifest.json"
    if config.out.exists() and not config.out.is_dir():
        raise UsageError(f"{config.out}: is a file, not a directory; name another with -o")
    if manifest.exists() or (config.out.is_dir() and any(config.out.iterdir()) and not _plan_of(config.out)):
        raise OutputExistsError(f"{config.out}: is not empty; name another directory with -o")
    if config.sheet is not None:
        check_sheet(config.sheet, config.out)
    need = config.n * _BYTES_AN_ITEM * (config.size / 512) ** 2
    try:
        for folder in ("images", "masks", "truth"):
            (config.out / folder).mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise UsageError(f"{config.out}: cannot be written ({error.strerror})") from error
    free = shutil.disk_usage(config.out).free
    if need > free:
        raise UsageError(
            f"{config.out}: needs about {need / 1e9:.1f} GB, {free / 1e9:.1f} GB are free; lower --n"
        )


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
        DataError: no curve found in ``curves_from``.
    """
    _prepare(config)
    bank = _bank_from(config.curves_from)
    plan = {"seed": config.seed, "size": config.size, "curves_from": str(config.curves_from or "")}
    if (_plan_of(config.out) or plan) != plan:
        raise OutputExistsError(
            f"{config.out}: holds part of a corpus made with other options; name another with -o"
        )
    _replace_bytes(config.out / "plan.json", json.dumps(plan).encode())
    todo = [i for i in range(config.n) if not (config.out / "truth" / f"{i:06d}.npz").exists()]
    chunks = [(config.out, config.seed, todo[k : k + 20], config.size) for k in range(0, len(todo), 20)]
    done = config.n - len(todo)
    items: dict[str, dict[str, Any]] = {}
    for records in _run(chunks, config.workers, bank):
        items |= {record["name"]: record for record in records}
        done += len(records)
        progress(f"{done} of {config.n} patches", done / config.n)
    for index in range(config.n):
        if f"{index:06d}" not in items:  # made by an earlier run that was cut short
            items[f"{index:06d}"] = _recall(config, index, bank)
    pixels = np.sum([item["pixels"] for item in items.values()], axis=0)
    manifest: dict[str, Any] = {
        "version": 1,
        "kind": "patch",
        "size": config.size,
        "n": config.n,
        "seed": config.seed,
        "classes": list(CLASSES),
        "share": {name: round(float(p / pixels.sum()), 6) for name, p in zip(CLASSES, pixels, strict=True)},
        "items": [items[name] for name in sorted(items)],
    }
    _replace_bytes(config.out / "manifest.json", json.dumps(manifest, indent=1).encode())
    (config.out / "plan.json").unlink()
    if config.sheet is not None:
        _write_sheet(config.sheet, config.out, manifest["items"])
    return manifest


def _write_sheet(path: Path, corpus: Path, items: list[dict[str, Any]]) -> None:
    picture = contact_sheet(corpus, items)
    try:
        _replace_bytes(path, cv2.imencode(".png", picture[..., ::-1])[1].tobytes())
    except OSError as error:
        raise UsageError(f"{path}: cannot be written ({error.strerror})") from error


def _recall(config: SynthConfig, index: int, bank: CurveBank | None) -> dict[str, Any]:
    """The record of an item already on disk, without drawing it again."""
    rng = np.random.default_rng((config.seed, index))
    family = tuple(FAMILIES.values())[int(rng.integers(len(FAMILIES)))]
    plan = random_sheet(rng, family, config.size, config.size, bank)
    wear = legible(random_wear(rng), plan)
    with np.load(config.out / "truth" / f"{index:06d}.npz") as truth:
        return _record(index, family.name, wear.kinds(), truth["pixels"])


def _run(chunks: list[Any], workers: int, bank: CurveBank | None) -> Iterator[list[dict[str, Any]]]:
    count = workers or len(os.sched_getaffinity(0))
    if count == 1 or len(chunks) <= 1:
        _start(bank)
        yield from map(_chunk, chunks)
        return
    context = multiprocessing.get_context("spawn")
    with ProcessPoolExecutor(count, mp_context=context, initializer=_start, initargs=(bank,)) as pool:
        yield from pool.map(_chunk, chunks)
