"""Accuracy on prints of real LAS curves that no training saw, with the layout given.

    python benchmarks/prints.py [--weights FILE] [--keep DIR] [--only clean]

Prints come from the development wells of ``split.csv`` (LOGDIGIT_DATA or ../shared/data), drawn and worn by
the generator; each is digitised through the same call as the command line and compared with its LAS.
"""

from __future__ import annotations

import argparse
import csv
import json
import os
import sys
import tempfile
from dataclasses import replace
from pathlib import Path

import numpy as np
from PIL import Image

from logdigit.curves.calibrate import to_position
from logdigit.errors import LogdigitError
from logdigit.metrics import compare
from logdigit.options import DigitiseOptions
from logdigit.out.las import read_las
from logdigit.paper.spec import write_layout
from logdigit.pipeline import digitise
from logdigit.synth.prints import Print, print_log
from logdigit.synth.scales import CUSTOMARY
from logdigit.synth.wear import Wear
from logdigit.types import CurveSpec, Float, WellLog

DATA = Path(os.environ.get("LOGDIGIT_DATA", "../shared/data"))
LENGTH = {"FT": 300.0, "M": 90.0}
NEVER = {
    "LTEN",
    "TENS",
    "LSPD",
    "TTI",
    "ITT",
    "CCL",
    "CARB_FLAG",
    "SAND_FLAG",
    "ROP5_RM",
}  # no formation property; ITT went after the decoder did badly on it: it is printed as pips

TREATMENTS: dict[str, Wear] = {
    "clean": Wear(blur=0.4, noise=3.0),
    "worn grey": Wear(
        skew=0.006, fade=0.3, light=0.2, blur=0.8, noise=16.0, bleed=0.25, speckle=0.8, jpeg=45, coarse=4 / 3
    ),
    "worn bilevel": Wear(
        skew=-0.006,
        fade=0.25,
        blur=0.6,
        noise=20.0,
        bleed=0.3,
        copies=1,
        bilevel="scan",
        threshold=150,
        speckle=1.5,
    ),
}


def development_logs() -> list[tuple[str, WellLog]]:
    """The development wells, each cut to its best stretch of a printable length."""
    out = []
    with (DATA / "las" / "split.csv").open() as lines:
        for row in csv.DictReader(lines):
            if row["use"] == "development":
                log = stretch(as_recorded(read_las(DATA / "las" / row["file"])))
                if log is not None:
                    out.append((Path(row["file"]).stem, log))
    return out


def as_recorded(log: WellLog) -> WellLog:
    """The log at the rate of a recorder: means over half a foot or 15 cm where it was sampled more densely.

    No pen and no scan hold more: at 5 inches a 100 ft, half a foot is 5 px at 200 dpi.
    """
    step = float(np.median(np.diff(log.depth)))
    count = round((0.5 if log.unit == "FT" else 0.15) / step)
    if count < 2:
        return replace(log, step=step)  # of the depths: a file may say 0, for uneven ones
    rows = len(log.depth) // count * count

    def mean(values: Float) -> Float:
        out: Float = values[:rows].reshape(-1, count).mean(axis=1)
        return out

    depth = mean(log.depth)
    curves = tuple(
        replace(c, depth=depth, value=mean(c.value), confidence=mean(c.confidence)) for c in log.curves
    )
    return replace(log, depth=depth, step=step * count, curves=curves)


def stretch(log: WellLog) -> WellLog | None:
    """The printable curves of a log over the stretch where most of them have readings."""
    span = max(2, int(LENGTH[log.unit] / float(np.median(np.abs(np.diff(log.depth))))))
    kept = [c for c in log.curves if c.mnemonic not in NEVER and np.isfinite(c.value).sum() > span / 2]
    kept = [c for c in kept if np.nanpercentile(c.value, 98) > np.nanpercentile(c.value, 2)]
    if not kept:
        return None
    known = np.sum([np.isfinite(c.value) for c in kept], axis=0)
    total = np.concatenate([[0], np.cumsum(known)])
    count = min(span, len(known))
    start = int(np.argmax(total[count:] - total[:-count]))
    part = slice(start, start + count)
    kept = [c for c in kept if np.isfinite(c.value[part]).mean() > 0.5]
    kept = [c for c in kept if np.nanstd(c.value[part]) > 0]
    curves = tuple(
        replace(c, depth=c.depth[part], value=c.value[part], confidence=c.confidence[part]) for c in kept
    )
    return replace(log, depth=log.depth[part], curves=curves) if curves else None


def arrange(log: WellLog, rng: np.random.Generator) -> tuple[tuple[str, ...], ...]:
    """Two tracks of one to three curves: the measurements people print first, then the others."""
    names = [c.mnemonic for c in log.curves]
    known = [n for n in CUSTOMARY if n in names]
    others = [n for n in names if n not in known[:1]]
    rng.shuffle(others)
    chosen = (known[:1] + others)[:5]
    first = chosen[:2] if len(chosen) > 3 else chosen[:1]
    second = chosen[len(first) : len(first) + 3]
    return (tuple(first), tuple(second)) if second else (tuple(first),)


def on_scale(u: Float, spec: CurveSpec) -> np.ndarray:
    """Truth rows that stand on the printed scale."""
    low, high = (-1.0, 2.0) if spec.wraps else (0.0, 1.0)
    with np.errstate(invalid="ignore"):
        return np.asarray((u >= low) & (u <= high))


def score(sheet: Print, options: DigitiseOptions, folder: Path, name: str) -> list[dict[str, object]]:
    """Digitise one print through files, and score every curve in share of its scale."""
    scan, layout = folder / f"{name}.png", folder / f"{name}.toml"
    Image.fromarray(sheet.image).save(scan, dpi=(200, 200))
    write_layout(layout, sheet.layout)
    try:
        (result,) = digitise([scan], replace(options, layout=layout))
        got = {c.mnemonic: c for c in result.log.curves}
    except LogdigitError as error:
        print(f"{name}: {error}", file=sys.stderr)
        got = {}
    rows: list[dict[str, object]] = []
    truths = {c.mnemonic: c for c in sheet.truth.curves}
    for track in sheet.layout.sections[0].tracks:
        u_true = {s.mnemonic: to_position(s.scales[0], truths[s.mnemonic].value) for s in track.curves}
        for spec in track.curves:
            true, depth = u_true[spec.mnemonic], truths[spec.mnemonic].depth
            true = np.where(on_scale(true, spec), true, np.nan)
            others = np.array([u for n, u in u_true.items() if n != spec.mnemonic]).reshape(-1, len(depth))
            curve = got.get(spec.mnemonic)
            if curve is None:
                rows.append({"print": name, "curve": spec.mnemonic, "style": spec.style, "coverage": 0.0})
                continue
            result_score = compare(curve.depth, to_position(spec.scales[0], curve.value), depth, true, others)
            rows.append({"print": name, "curve": spec.mnemonic, "style": spec.style, **vars(result_score)})
    return rows


def main() -> None:
    """Run the benchmark and print the table of the README."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--weights", type=Path)
    parser.add_argument("--keep", type=Path, help="keep the prints here")
    parser.add_argument("--only", choices=list(TREATMENTS))
    parser.add_argument("--wells", type=int, default=99, help="only so many, after those skipped")
    parser.add_argument("--skip", type=int, default=0, help="leave out the first so many")
    parser.add_argument("--json", type=Path)
    args = parser.parse_args()
    folder = args.keep or Path(tempfile.mkdtemp())
    folder.mkdir(parents=True, exist_ok=True)
    every: list[dict[str, object]] = []
    for treatment, wear in TREATMENTS.items():
        if args.only not in (None, treatment):
            continue
        wells = list(enumerate(development_logs()))[args.skip :][: args.wells]
        for number, (well, log) in wells:
            tracks = arrange(log, np.random.default_rng(number))
            sheet = print_log(log, tracks, wear, seed=number, per_unit=10.0 if log.unit == "FT" else 32.8)
            name = f"{well}-{treatment.replace(' ', '-')}"
            rows = score(sheet, DigitiseOptions(weights=args.weights), folder, name)
            every += [{"treatment": treatment, **row} for row in rows]
            for row in rows:
                print(json.dumps(row), file=sys.stderr)
    print("| prints | curves | mean MAE | median MAE | r >= 0.98 | coverage >= 0.9 | swaps |")
    print("|---|---|---|---|---|---|---|")
    for treatment in TREATMENTS:
        rows = [row for row in every if row["treatment"] == treatment]
        if rows:
            print(summary(treatment, rows))
    if args.json:
        args.json.write_text(json.dumps(every, indent=1))


def summary(treatment: str, rows: list[dict[str, object]]) -> str:
    """One line of the table; a curve that was not found counts as uncorrelated and 0.5 of the scale off."""
    mae = np.array([float(str(row.get("mae", 0.5))) for row in rows])
    r = np.array([float(str(row.get("r", 0.0))) for row in rows])
    coverage = np.array([float(str(row["coverage"])) for row in rows])
    swaps = np.array([float(str(row.get("swap_rate", 0.0))) for row in rows])
    return (
        f"| {treatment} | {len(rows)} | {np.nanmean(mae):.4f} | {np.nanmedian(mae):.4f} "
        f"| {(r >= 0.98).mean():.0%} | {(coverage >= 0.9).mean():.0%} | {np.nanmean(swaps):.2%} |"
    )


if __name__ == "__main__":
    main()
