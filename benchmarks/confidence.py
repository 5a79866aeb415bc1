"""Fit and check what a confidence means: the share of readings within 1 % of the width of the scale.

    python benchmarks/confidence.py collect --wells 8 DIR    prints of real logs: signs and errors, by row
    python benchmarks/confidence.py collect --pages PAGES DIR    generated pages, by their own layouts
    python benchmarks/confidence.py fit DIR                  the constants of `logdigit.curves.confidence`
    python benchmarks/confidence.py check OTHER_DIR          how they hold: of the sure, how many are right

Prints, wells and wear are those of ``benchmarks/prints.py``; pages are those of ``logdigit synth --kind
page``, at all the depth scales that logs have. Fit on some wells and pages and check on others.
"""

from __future__ import annotations

import argparse
import json
from pathlib import Path
from unittest import mock

import numpy as np
from PIL import Image
from prints import TREATMENTS, arrange, development_logs
from scipy.optimize import minimize
from scipy.special import expit

from logdigit.curves import reading, trace
from logdigit.curves.calibrate import to_position
from logdigit.curves.confidence import SIGNS, confidence, signs
from logdigit.evaluate.items import MANIFEST
from logdigit.ink.network import Network, SegmentsInk, default_weights
from logdigit.metrics import CLOSE, SURE
from logdigit.out.las import read_las
from logdigit.paper.choose import straight_rows
from logdigit.paper.layout import resolve
from logdigit.paper.page import open_pages
from logdigit.paper.spec import LayoutFile, read_layout, write_layout
from logdigit.paper.stitch import stitch
from logdigit.pipeline import segment_section
from logdigit.synth.prints import Print, print_log
from logdigit.types import Float, Float32, ProbabilityMap, Section, Strip, Trace, Track, WellLog

EVERY = 5
"""Rows of a print that are used: one in so many, as neighbours tell the same."""
PAGE = "page"
KNOTS = (0, 2, 5, 10, 15, 20, 30, 40, 50, 60, 70, 80, 90, 97, 100)
"""Percentiles of the sum at which the table has its knots."""


def recorded(maps: list[ProbabilityMap], track: Track, section: Section) -> list[tuple[Trace, Float32]]:
    """Each trace of a track with its signs (H, F)."""
    seen: list[list[Float32]] = [[] for _ in track.curves]

    def spy(*args: object) -> Float32:
        out = signs(*args)  # type: ignore[arg-type]
        seen[int(args[3])].append(out)  # type: ignore[call-overload]
        return out

    with mock.patch.object(reading, "signs", spy):
        traces = trace.trace_track(maps, track, section.depth)
    return [
        (one, np.concatenate([*(w[: trace.KEEP] for w in windows[:-1]), windows[-1]]))
        for one, windows in zip(traces, seen, strict=True)
    ]


def collect(folder: Path, wells: int, skip: int, weights: Path | None) -> None:
    """Signs and errors of the prints of some wells, a file a print."""
    folder.mkdir(parents=True, exist_ok=True)
    network = Network(weights or default_weights(), "cpu")
    for number, (well, log) in list(enumerate(development_logs()))[skip:][:wells]:
        for treatment, wear in TREATMENTS.items():
            tracks = arrange(log, np.random.default_rng(number))
            per_unit = 10.0 if log.unit == "FT" else 32.8
            sheet = print_log(log, tracks, wear, seed=number, per_unit=per_unit)
            name = f"{well}-{treatment.replace(' ', '-')}"
            found = of_print(sheet, network, folder / f"{name}.png")
            np.savez_compressed(folder / f"{name}.npz", **found)  # type: ignore[arg-type]


def collect_pages(folder: Path, pages: Path, weights: Path | None) -> None:
    """Signs and errors of the single strips of a corpus of pages, a file a page."""
    folder.mkdir(parents=True, exist_ok=True)
    network = Network(weights or default_weights(), "cpu")
    for item in json.loads((pages / MANIFEST).read_text(encoding="utf-8"))["items"]:
        if "joins" not in item:
            strip = stitch(open_pages([pages / file for file in item["files"]]))
            told = read_layout(pages / item["layout"])
            found = of_strip(strip, told, read_las(pages / item["sections"][0]["truth"]), network)
            np.savez_compressed(folder / f"page-{item['name']}-{PAGE}.npz", **found)  # type: ignore[arg-type]


def of_print(sheet: Print, network: SegmentsInk, scan: Path) -> dict[str, np.ndarray]:
    """Signs and errors of a print, which is kept as ``scan``."""
    Image.fromarray(sheet.image).save(scan, dpi=(200, 200))
    write_layout(scan.with_suffix(".toml"), sheet.layout)
    return of_strip(stitch(open_pages([scan])), sheet.layout, sheet.truth, network)


def of_strip(strip: Strip, told: LayoutFile, truth: WellLog, network: SegmentsInk) -> dict[str, np.ndarray]:
    """By curve: signs (``:f``) and errors in shares of the scale (``:e``), a row a row of paper.

    Of the first section, and of tracks whose curves have one scale each.
    """
    layout = resolve(strip, told, None)
    section = layout.sections[0]
    assert straight_rows(layout, section)
    maps = list(segment_section(strip, layout, section, network, lambda bands, _: bands))
    truths = {curve.mnemonic: curve for curve in truth.curves}
    out: dict[str, np.ndarray] = {}
    for track in section.tracks:
        if not track.curves or any(len(curve.scales) > 1 for curve in track.curves):
            continue
        for spec, (one, seen) in zip(track.curves, recorded(maps, track, section), strict=True):
            true = truths[spec.mnemonic]
            depth = section.depth.to_depth(one.top + np.arange(len(one.x), dtype=np.float64))
            value = np.interp(depth, true.depth, true.value, left=np.nan, right=np.nan)
            u = (one.x - track.left) / (track.right - track.left) + one.turns
            out[f"{spec.mnemonic}:f"] = seen.astype(np.float16)
            out[f"{spec.mnemonic}:e"] = np.abs(u - to_position(spec.scales[0], value)).astype(np.float32)
    return out


def load(folder: Path, treatment: str = "") -> tuple[Float, np.ndarray, np.ndarray]:
    """Signs (N, F), whether right (N,) and number of the well (N,) of the readings that have a truth."""
    seen, right, well = [], [], []
    files = [f for f in sorted(folder.glob("*.npz")) if f.stem.endswith(treatment.replace(" ", "-"))]
    names = sorted({"-".join(file.stem.split("-")[:2]) for file in files})
    for file in files:
        with np.load(file) as held:
            for key in (key for key in held.files if key.endswith(":e")):
                error = held[key]
                rows = np.flatnonzero(np.isfinite(error))[::EVERY]
                seen.append(held[f"{key[:-2]}:f"][rows].astype(np.float64))
                right.append(error[rows] <= CLOSE)
                well.append(np.full(len(rows), names.index("-".join(file.stem.split("-")[:2]))))
    return np.concatenate(seen), np.concatenate(right), np.concatenate(well)


def fit(seen: Float, right: np.ndarray) -> tuple[Float, Float]:
    """Weights (F,), none below 0, and table (K, 2) from sum to share of right ones."""
    middle = seen.mean(axis=0)

    def loss(p: Float) -> tuple[float, Float]:
        z = (seen - middle) @ p[1:] + p[0]
        miss = expit(z) - right
        value = np.mean(np.logaddexp(0, z) - right * z) + 1e-4 * np.sum(p[1:] ** 2)
        return float(value), np.concatenate([[miss.mean()], (seen - middle).T @ miss / len(z) + 2e-4 * p[1:]])

    bounds = [(None, None)] + [(0.0, None)] * seen.shape[1]
    best = minimize(loss, np.ones(seen.shape[1] + 1), jac=True, method="L-BFGS-B", bounds=bounds)
    weights = np.round(best.x[1:], 2)
    total = seen @ weights
    at = np.percentile(total, KNOTS)
    near = [
        np.abs(total - a) <= np.partition(np.abs(total - a), len(total) // 30)[len(total) // 30] for a in at
    ]
    share = np.maximum.accumulate([right[here].mean() for here in near])
    return weights, np.round(np.stack([at, share], axis=1), 3)


def table(name: str, sure: Float, right: np.ndarray) -> None:
    """One line: of the sure, how many are right; of all, and of the right ones, how many are sure."""
    high = sure >= SURE
    print(
        f"| {name} | {len(sure)} | {right.mean():.1%} | {high.mean():.1%} | {right[high].mean():.1%} "
        f"| {high[right].mean():.1%} | {np.abs(sure - right).mean():.3f} |"
    )


def main() -> None:
    """Collect, fit or check."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("action", choices=["collect", "fit", "check"])
    parser.add_argument("folder", type=Path)
    parser.add_argument("--weights", type=Path)
    parser.add_argument("--wells", type=int, default=8)
    parser.add_argument("--skip", type=int, default=0)
    parser.add_argument("--pages", type=Path, help="a corpus of pages, in place of prints")
    args = parser.parse_args()
    if args.action == "collect" and args.pages:
        collect_pages(args.folder, args.pages, args.weights)
        return
    if args.action == "collect":
        collect(args.folder, args.wells, args.skip, args.weights)
        return
    print("| prints | readings | right | sure | right of the sure | sure of the right | mean miss |")
    print("|---|---|---|---|---|---|---|")
    if args.action == "check":
        for treatment in (*TREATMENTS, PAGE):
            if not any(args.folder.glob(f"*-{treatment.replace(' ', '-')}.npz")):
                continue
            seen, right, _ = load(args.folder, treatment)
            table(treatment, confidence(seen.astype(np.float32)).astype(np.float64), right)
        return
    seen, right, well = load(args.folder)
    unseen = np.zeros(len(right))
    for k in np.unique(well):
        weights, steps = fit(seen[well != k], right[well != k])
        unseen[well == k] = np.interp(seen[well == k] @ weights, steps[:, 0], steps[:, 1])
    table("each well by the others", unseen, right)
    weights, steps = fit(seen, right)
    table("all", np.interp(seen @ weights, steps[:, 0], steps[:, 1]), right)
    print("WEIGHTS", dict(zip(SIGNS, weights.tolist(), strict=True)))
    print("TABLE", steps.tolist())


if __name__ == "__main__":
    main()
