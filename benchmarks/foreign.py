"""How well logs are read that another hand drew (hand.py): with the layout given, and with no option at all.

    python benchmarks/foreign.py draw FOLDER [--n 40] [--seed 1] [--more] [--forms | --charts | --plots]
    python benchmarks/foreign.py inspect FOLDER [--only NAME]
    python benchmarks/foreign.py score FOLDER [--given] [--only NAME]

Needs matplotlib (``pip install -e '.[bench]'``). Real curves of the development wells.
"""

from __future__ import annotations

import argparse
import csv
import json
import os
import sys
from dataclasses import replace
from pathlib import Path
from typing import Any

import chart
import drawing
import form
import numpy as np
import plots
from hand import FAMILIES, PENS, Float, Hand, Pen, drawn_scale, pick_hand

from logdigit.curves.calibrate import to_position
from logdigit.errors import LogdigitError
from logdigit.options import DigitiseOptions
from logdigit.out.las import read_las
from logdigit.paper.given import find_on_page
from logdigit.paper.page import open_pages
from logdigit.paper.stitch import stitch
from logdigit.pipeline import digitise
from logdigit.types import CurveSpec, WellLog

DATA = Path(os.environ.get("LOGDIGIT_DATA", "../shared/data"))
TRACKS = (
    ("GR", "SP", "CALI"),
    ("DEEP", "MED", "LLD", "LLS"),
    ("RHOB", "NPHI", "DPHI", "DT", "DRHO", "PE", "NEU"),
)


def wells() -> list[tuple[str, WellLog]]:
    """The development wells."""
    with (DATA / "las" / "split.csv").open() as lines:
        names = [row["file"] for row in csv.DictReader(lines) if row["use"] == "development"]
    return [(Path(name).stem, read_las(DATA / "las" / name)) for name in names]


def scale_of(family: str, values: Float, rng: np.random.Generator) -> tuple[float, float]:
    """A customary scale that holds most of the values, or one that is made to."""
    low, high = np.nanpercentile(values, [3, 97])
    known = FAMILIES[family]
    if family == "GR" and high > 200:
        return (0.0, 150.0)
    fit = [s for s in known.scales if min(s) <= low and high <= max(s)]
    if fit:
        return fit[int(rng.integers(len(fit)))]
    if known.log:
        return (10.0 ** np.floor(np.log10(max(low, 1e-3))), 10.0 ** np.ceil(np.log10(max(high, 1e-2))))
    size = 10.0 ** np.floor(np.log10(high - low))
    step = next(
        k * size for k in (1, 2, 5, 10, 20) if np.ceil(high / k / size) - np.floor(low / k / size) < 5
    )
    ends = float(np.floor(low / step) * step), float(np.ceil(high / step) * step)
    return ends if known.scales[0][0] < known.scales[0][1] else (ends[1], ends[0])


def pens_of(
    log: WellLog, families: tuple[str, ...], rng: np.random.Generator, hand: Hand, part: slice
) -> list[Pen]:
    """Up to three curves for a track."""
    out: list[Pen] = []
    by_name = {c.mnemonic: c for c in log.curves}
    for family in families:
        known = FAMILIES[family]
        name = next((n for n in known.sources.split() if n in by_name), None)
        values = np.asarray(by_name[name].value[part], np.float64) if name else np.zeros(1)
        if len(out) == 3 or np.isfinite(values).mean() < 0.6 or not np.nanstd(values):
            continue
        scale = scale_of(family, values, rng)
        scale = out[0].scale if known.log and out else scale
        unit = str(rng.choice(known.units.split("|")))
        if family in ("NPHI", "DPHI") and np.nanmedian(values) > 1.5:
            unit, scale = "PU", (45.0, -15.0)
        if family == "CALI" and np.nanmedian(values) > 50:
            unit, scale = "MM", (125.0, 375.0)
        taken = {pen.style for pen in out} - {"solid"}
        styles = [style for style in ("dashed", "dotted", "dashdot") if style not in taken]
        style = "solid" if not out or rng.random() < 0.15 else str(rng.choice(styles))
        colour = PENS[(len(out) + int(rng.integers(2))) % 5] if hand.colour else "black"
        width = float(rng.choice([0.7, 1.0, 1.3]))
        printed = str(rng.choice(known.names.split("|")))
        wraps = family == "GR"
        out.append(Pen(family, printed, unit, scale, known.log, style, width, colour, values, wraps))
    return out


def stretch(log: WellLog, rng: np.random.Generator, length: float) -> slice:
    """The rows of a stretch of that length where most curves have readings."""
    step = float(np.median(np.diff(log.depth)))
    count = min(len(log.depth) - 1, int(length / step))
    known = np.sum([np.isfinite(c.value) for c in log.curves], axis=0)
    total = np.concatenate([[0], np.cumsum(known)])
    sums = total[count:] - total[:-count]
    good = np.flatnonzero(sums >= sums.max() * 0.97)
    start = int(good[int(rng.integers(len(good)))])
    return slice(start, start + count)


def further(tracks: list[list[Pen]], hand: Hand, rng: np.random.Generator) -> None:
    """More customs, in place: a second scale for what wraps, curves on half of a track, a repeat pass."""
    hand.repeat = bool(rng.random() < 0.5)
    for pens in tracks:
        for pen in pens:
            if pen.wraps and rng.random() < 0.5:
                low, high = pen.scale
                pen.wraps, pen.more = False, (high, 2 * high - low)
            if pen.family in ("DRHO", "PE", "SP") and len(pens) > 1 and rng.random() < 0.7:
                pen.part = (0.5, 1.0) if pen.family != "SP" else (0.0, 0.5)


def repeated(
    tracks: list[list[Pen]], depth: Float, rng: np.random.Generator
) -> tuple[list[list[Pen]], Float]:
    """What is logged again: the lower part, nearly alike."""
    last = slice(int(0.7 * len(depth)), None)
    again = [
        [
            replace(
                pen, values=pen.values[last] + rng.normal(0, 0.01 * np.nanstd(pen.values), len(depth[last]))
            )
            for pen in pens
        ]
        for pens in tracks
    ]
    return again, depth[last]


def draw(folder: Path, count: int, seed: int, more: bool, custom: Any) -> None:
    """Draw the logs, each with its truth; ``custom`` is the module that picks a form and draws."""
    folder.mkdir(parents=True, exist_ok=True)
    logs = wells()
    for index in range(count):
        rng = np.random.default_rng([seed, index])
        name, log = logs[index % len(logs)]
        metric = log.unit == "M"
        part = stretch(log, rng, float(rng.choice([80, 150, 250] if metric else [250, 400, 700])))
        hand = (pick_hand if custom is drawing else custom.pick_form)(rng, len(TRACKS))
        tracks = [t for t in (pens_of(log, f, rng, hand, part) for f in TRACKS) if t]
        hand.depth_at = min(hand.depth_at, len(tracks))
        inches = float(rng.choice([5 / 25.4, 100 / 24 / 25.4, 2 / 25.4] if metric else [0.05, 0.05, 0.02]))
        depth = np.asarray(log.depth[part], np.float64)
        interval = f"{depth[0]:.0f} - {depth[-1]:.0f} {log.unit}"
        items = [("COMPANY", "NORTHERN OIL LTD"), ("WELL", name.upper()), ("FIELD", "WILDCAT")]
        items += [("LOG", "COMPOSITE"), ("TD", f"{depth[-1]:.0f} {log.unit}"), ("LOGGED", interval)]
        items = [] if rng.random() < 0.15 else items[: int(rng.integers(3, 7))]
        if more:
            further(tracks, hand, np.random.default_rng([seed, index, 1]))
        title = "MAIN PASS" if hand.repeat else ""
        image, places = custom.draw(tracks, depth, log.unit, inches, hand, items, title)
        if hand.repeat:
            again, below = repeated(tracks, depth, np.random.default_rng([seed, index, 2]))
            image = drawing.stacked(
                image, custom.draw(again, below, log.unit, inches, hand, [], "REPEAT SECTION")[0]
            )
        scan = drawing.worn(image, hand, rng)
        stem = folder / f"{index:03d}-{name.split('.')[0]}"
        path = drawing.save(scan, hand, stem)
        stem.with_suffix(".toml").write_text(drawing.layout_of(tracks, places, log.unit, hand, scan.size))
        curves = [
            {
                "mnemonic": pen.family,
                "printed": pen.printed,
                "right": FAMILIES[pen.family].right.split(),
                "style": pen.style,
                "scale": pen.scale,
                "log": pen.log,
                "wraps": pen.wraps or pen.more is not None,
                "width": pen.width,
                "part": pen.part,
                "u": [round(float(x), 5) if np.isfinite(x) else None for x in pen.place(pen.values)],
            }
            for track in tracks
            for pen in track
        ]
        truth = {"file": path.name, "depth": depth.tolist(), "hand": vars(hand), "curves": curves}
        stem.with_suffix(".json").write_text(json.dumps(truth))
        print(path.name, scan.size, hand.wear, hand.dpi, hand.row, hand.heading)


def score(stem: Path, result: WellLog | None) -> list[dict[str, Any]]:
    """Each curve of the truth: what was read nearest to it, its error in share of its scale, coverage."""
    truth = json.loads(stem.with_suffix(".json").read_text())
    depth = np.array(truth["depth"])
    rows = []
    for curve in truth["curves"]:
        row: dict[str, Any] = {
            "log": stem.name,
            "curve": curve["mnemonic"],
            "style": curve["style"],
            "got": "",
            "error": 1.0,
            "coverage": 0.0,
        }
        u = np.array([np.nan if x is None else x for x in curve["u"]])
        for got in result.curves if result else ():
            v = to_position(drawn_scale(curve["scale"], curve["log"]), got.value)
            true = np.interp(got.depth, depth, u, left=np.nan, right=np.nan)
            shown = np.isfinite(true) & (true > 0) & (true < (2 if curve["wraps"] else 1))
            both = shown & np.isfinite(v)
            if both.sum() < 0.05 * max(shown.sum(), 1) or not both.any():
                continue
            error = float(np.abs(v - true)[both].mean())
            if error < row["error"]:
                row |= {
                    "got": got.mnemonic,
                    "error": error,
                    "coverage": float(both.sum() / shown.sum()),
                    "named": got.mnemonic in curve["right"],
                }
        rows.append(row)
    return rows


def declared(path: Path) -> list[CurveSpec]:
    """The curves that the first section of a scan declares, as it is read."""
    auto = find_on_page(stitch(open_pages([path])), DigitiseOptions(), lambda *_: None)
    return [curve for track in auto.file.sections[0].tracks for curve in track.curves]


def _alike(read: list[float], true: list[float], log: bool) -> bool:
    """Whether the ends of a scale are the same; within a hundredth of it where those were never printed."""
    if np.array_equal(read, true) or len(read) != 2 or all(float(f"{v:.3g}") == v for v in true):
        return bool(np.array_equal(read, true))
    if log and min(read) <= 0:
        return False
    ends, due = (np.log10(v) if log else np.asarray(v) for v in (read, true))
    return bool(np.abs(ends - due).max() <= 0.01 * abs(due[1] - due[0]))


def inspect(paths: list[Path]) -> None:
    """Count the curves found on the paper, those with both values right and those with their style."""
    counts = np.zeros(4, int)
    for path in paths:
        truth = json.loads(path.read_text())
        misses = []
        try:
            found = declared(path.parent / truth["file"])
        except LogdigitError as error:
            found, misses = [], [str(error)]
        for curve in truth["curves"]:
            got = next((c for c in found if c.mnemonic in curve["right"]), None)
            scale = got.scales[0].anchors if got is not None and got.scales else ()
            right = got is not None and _alike([value for _, value in scale], curve["scale"], curve["log"])
            styled = got is not None and got.style == curve["style"]
            counts += [1, got is not None, right, styled]
            misses += [] if right and styled else [f"{curve['printed']}: {scale or None}, {styled}"]
        print(path.stem, "; ".join(misses), flush=True)
    print("{} curves; found {}, with both values {}, with their style {}".format(*counts))


def main() -> None:
    """Draw or score."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("what", choices=["draw", "inspect", "score"])
    parser.add_argument("folder", type=Path)
    parser.add_argument("--n", type=int, default=40)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--more", action="store_true", help="second scales, half tracks, repeat passes")
    parser.add_argument("--forms", action="store_true", help="as form.py draws, instead of hand.py")
    parser.add_argument("--charts", action="store_true", help="as chart.py does")
    parser.add_argument("--plots", action="store_true", help="as plots.py does")
    parser.add_argument("--given", action="store_true", help="digitise with the layout files")
    parser.add_argument("--only")
    parser.add_argument("--cache", type=Path)
    args = parser.parse_args()
    if args.what == "draw":
        custom = plots if args.plots else chart if args.charts else form if args.forms else drawing
        draw(args.folder, args.n, args.seed, args.more, custom)
        return
    paths = [p for p in sorted(args.folder.glob("*.json")) if p.name.startswith(args.only or "")]
    if args.what == "inspect":
        inspect(paths)
        return
    every: list[dict[str, Any]] = []
    for path in paths:
        truth = json.loads(path.read_text())
        layout = path.with_suffix(".toml") if args.given else None
        result = None
        try:
            result = digitise(
                [path.parent / truth["file"]], DigitiseOptions(layout=layout, cache=args.cache)
            )[0].log
        except LogdigitError as error:
            print(f"{path.stem}: {error}", file=sys.stderr)
        rows = score(path.with_suffix(""), result)
        every += rows
        print(
            path.stem,
            truth["hand"]["wear"],
            truth["hand"]["row"],
            " ".join(f"{r['curve']}:{r['got'] or '--'} {r['error']:.4f}/{r['coverage']:.2f}" for r in rows),
            flush=True,
        )
    read = np.array([r["error"] < 0.1 and r["coverage"] > 0.5 for r in every])
    near = np.array([r["error"] < 0.01 and r["coverage"] > 0.5 for r in every])
    named = np.array([bool(r.get("named")) for r in every])
    errors = np.array([r["error"] for r in every])
    coverage = float(np.mean([r["coverage"] for r in every]))
    print(f"{len(every)} curves; read {read.sum()}, within 0.01 {near.sum()}, named {(named & read).sum()},")
    print(f"mean error of those read {errors[read].mean():.4f}, coverage {coverage:.2f}")


if __name__ == "__main__":
    main()
