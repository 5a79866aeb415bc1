"""How well sheets are joined: on generated sets with their truth, and on strips that are cut here.

    logdigit synth --kind page --n 120 -o pages && python benchmarks/joins.py pages
    python benchmarks/joins.py --cut SCAN... [--n 24] [--seed 0] [--quick]

A join is right where the sheet lies within 1 px of the truth all over the rows that overlap, relative to the
sheet before. Strips are cut into three sheets with 150 to 400 px of overlap (at 200 dpi), turned by up to 1
degree, scaled by up to 2 %, darker or lighter; every cut is also tried with its middle sheet missing, with
the middle sheet upside down, and with a sheet of another strip.
"""

from __future__ import annotations

import argparse
import json
import math
import sys
from collections import Counter
from collections.abc import Sequence
from pathlib import Path
from time import process_time

import cv2
import numpy as np

from logdigit.errors import RefusalError
from logdigit.paper.page import open_pages
from logdigit.paper.raster import ArrayPage
from logdigit.paper.stitch import stitch
from logdigit.types import Float, Join, Page, Strip, UInt8

RIGHT_PX = 1.0


def main(argv: Sequence[str] | None = None) -> int:
    """Measure, print a line a set and a summary."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else None)
    parser.add_argument("folder", type=Path, nargs="?", help="corpus of logdigit synth --kind page")
    parser.add_argument("--cut", type=Path, nargs="*", default=[], help="strips to be cut")
    parser.add_argument("--n", type=int, default=24, help="cuts")
    parser.add_argument("--seed", type=int, default=0)
    parser.add_argument("--quick", action="store_true", help="only cuts that can be joined")
    args = parser.parse_args(argv)
    counts: Counter[str] = Counter()
    if args.folder is not None:
        _corpus(args.folder, counts)
    if args.cut:
        _cuts(args.cut, args.n, args.seed, counts, args.quick)
    for name, count in sorted(counts.items()):
        print(f"{name}: {count}")
    return 0


def _tell(counts: Counter[str], text: str, *what: str) -> None:
    counts.update(what)
    print(text, flush=True)


def joined(pages: Sequence[Page]) -> tuple[Strip | None, str, float]:
    """The strip, or why it was refused, and the processor seconds it took."""
    start = process_time()
    try:
        return stitch(pages), "", process_time() - start
    except RefusalError as error:
        return None, str(error), process_time() - start


def _matrix(join: Join) -> Float:
    """(3, 3): px of the page to px of the strip."""
    rows = join.to_strip or ((1.0, 0.0, 0.0), (0.0, 1.0, float(join.row)))
    return np.array([*rows, (0.0, 0.0, 1.0)])


def errors(
    strip: Strip, truths: Sequence[Float], laps: Sequence[float], widths: Sequence[int]
) -> list[float]:
    """Px by which each sheet but the first lies wrongly against the one before, where they overlap."""
    out = []
    for k in range(1, len(truths)):
        found = np.linalg.inv(_matrix(strip.joins[k - 1])) @ _matrix(strip.joins[k])
        true = np.linalg.inv(truths[k - 1]) @ truths[k]
        reach = max(laps[k], 1.0)
        points = np.array([[x, y, 1.0] for x in (0, widths[k] - 1) for y in (0.0, reach)]).T
        out.append(float(np.hypot(*((found - true) @ points)[:2]).max()))
    return out


def _verdict(strip: Strip) -> str:
    return ", ".join(f"{f.kind}" for f in strip.findings) or "nothing said"


def _corpus(folder: Path, counts: Counter[str]) -> None:
    items = json.loads((folder / "manifest.json").read_text(encoding="utf-8"))["items"]
    for item in items:
        if "joins" not in item:
            continue
        pages = open_pages([folder / file for file in item["files"]])
        truth = item["joins"]
        kind = "missing" if truth["missing"] else "butt" if truth["butt"] else "overlap"
        strip, refused, seconds = joined(pages)
        head = f"{item['name']} {kind} {len(pages)} sheets {seconds:.1f} s"
        if strip is None:
            _tell(counts, f"{head}: refused: {refused}", f"{kind}: sets refused")
            continue
        sheets = truth["sheets"]
        matrices = [np.array([*sheet["to_strip"], [0.0, 0.0, 1.0]]) for sheet in sheets]
        laps = [sheet["overlap_px"] for sheet in sheets]
        _score(counts, head, kind, strip, matrices, laps, [page.width for page in pages])


def _score(
    counts: Counter[str],
    head: str,
    kind: str,
    strip: Strip,
    truths: Sequence[Float],
    laps: Sequence[float],
    widths: Sequence[int],
) -> None:
    """Count the joins of one set."""
    if kind == "missing":
        said = any(f.kind in ("missing interval", "doubtful join") for f in strip.findings)
        gap = any(f.kind == "missing interval" for f in strip.findings)
        named = "missing: sets told as missing" if gap else "missing: sets told as doubtful"
        _tell(counts, f"{head}: {_verdict(strip)}", named if said else "missing: sets not told")
        return
    if len(strip.joins) != len(truths):
        _tell(counts, f"{head}: {_verdict(strip)}", f"{kind}: sets with a sheet left out")
        return
    off = errors(strip, truths, laps, widths)
    for error, join in zip(off, strip.joins[1:], strict=True):
        right = "within 1 px" if error <= RIGHT_PX else "within 5 px" if error <= 5 else "wrong"
        counts[f"{kind}: joins {right}"] += 1
        if join.kind != kind:
            counts[f"{kind}: joins taken for {join.kind}"] += 1
    counts[f"{kind}: sets with a finding"] += bool(strip.findings)
    text = " ".join(
        f"{error:.2f} px ({join.kind} {join.confidence:.2f})"
        for error, join in zip(off, strip.joins[1:], strict=True)
    )
    _tell(counts, f"{head}: {text}: {_verdict(strip)}")


def _cuts(scans: Sequence[Path], count: int, seed: int, counts: Counter[str], quick: bool) -> None:
    before: list[Page] = []
    for number in range(count):
        rng = np.random.default_rng((seed, number))
        scan = scans[number % len(scans)]
        whole = open_pages([scan])[0]
        sheets, truths, laps = cut(whole, rng)
        name = f"{number} {scan.stem[:30]}"
        widths = [sheet.width for sheet in sheets]
        strip, refused, seconds = joined(sheets)
        if strip is None:
            _tell(counts, f"{name} overlap {seconds:.1f} s: refused: {refused}", "overlap: sets refused")
        else:
            _score(counts, f"{name} overlap {seconds:.1f} s", "overlap", strip, truths, laps, widths)
        if quick:
            continue
        _without(counts, name, [sheets[0], sheets[2]])
        turned = ArrayPage(np.rot90(sheets[1].read(0, sheets[1].height), 2).copy(), None, "turned", 0)
        _refused(counts, f"{name} upside down", "upside down", [sheets[0], turned, sheets[2]])
        if before:
            _refused(counts, f"{name} other log", "other log", [before[0], sheets[1]])
        before = sheets


def _without(counts: Counter[str], name: str, sheets: Sequence[Page]) -> None:
    strip, refused, seconds = joined(sheets)
    head = f"{name} missing {seconds:.1f} s"
    if strip is None:
        _tell(counts, f"{head}: refused: {refused}", "missing: sets refused")
    else:
        _score(counts, head, "missing", strip, [], [], [])


def _refused(counts: Counter[str], head: str, kind: str, sheets: Sequence[Page]) -> None:
    strip, refused, seconds = joined(sheets)
    if strip is None:
        right = "upside down" in refused if kind == "upside down" else "another log" in refused
        _tell(
            counts, f"{head} {seconds:.1f} s: {refused}", f"{kind}: refused" + ("" if right else " wrongly")
        )
        return
    said = bool(strip.findings)
    _tell(counts, f"{head} {seconds:.1f} s: {_verdict(strip)}", f"{kind}: {'told' if said else 'not told'}")


def cut(page: Page, rng: np.random.Generator) -> tuple[list[Page], list[Float], list[float]]:
    """Three sheets of a random stretch of a strip, their (3, 3) maps to it, and their overlaps, px."""
    px = page.width / 1700
    length = int(min(page.height, rng.uniform(3, 5) * page.width))
    top = int(rng.integers(0, page.height - length + 1))
    stretch = page.read(top, top + length)
    two_levels = not np.bincount(stretch.ravel(), minlength=256)[1:255].any()
    ends = np.round(np.cumsum([0.0, *rng.uniform(0.8, 1.2, 3)]) / 3.0 * length)
    ends[-1] = length
    sheets: list[Page] = []
    truths, laps = [], []
    for k in range(3):
        lap = float(rng.uniform(150, 400)) * px if k else 0.0
        first, last = max(0.0, ends[k] - lap), float(ends[k + 1])
        turn = math.radians(rng.uniform(-1, 1)) if k else 0.0
        scale = float(rng.uniform(0.98, 1.02)) if k else 1.0
        size = (round(scale * page.width), round(scale * (last - first)))
        linear = np.array([[math.cos(turn), -math.sin(turn)], [math.sin(turn), math.cos(turn)]]) / scale
        middle = np.array([(page.width - 1) / 2, (first + last - 1) / 2])
        move = middle - linear @ np.array([(size[0] - 1) / 2, (size[1] - 1) / 2])
        matrix = np.column_stack([linear, move])
        pixels = _scanned(stretch, matrix, size, rng, two_levels)
        sheets.append(ArrayPage(pixels, page.dpi, f"sheet {k + 1}", 0))
        truths.append(np.vstack([matrix, [0.0, 0.0, 1.0]]))
        laps.append(lap * scale)
    return sheets, truths, laps


def _scanned(
    strip: UInt8, matrix: Float, size: tuple[int, int], rng: np.random.Generator, two_levels: bool
) -> UInt8:
    """The part of a strip that a sheet shows, scanned anew: darker or lighter, with its own noise."""
    flags = cv2.INTER_LINEAR | cv2.WARP_INVERSE_MAP
    out = cv2.warpAffine(strip, matrix, size, flags=flags, borderValue=(255, 255, 255))
    grey = cv2.GaussianBlur(out, (0, 0), 0.6).astype(np.float64) + rng.normal(0, 14, 1)
    grey += rng.normal(0, 6, grey.shape)
    if two_levels:
        return np.where(grey < rng.uniform(110, 165), 0, 255).astype(np.uint8)
    return np.clip(grey, 0, 255).astype(np.uint8)


if __name__ == "__main__":
    sys.exit(main())
