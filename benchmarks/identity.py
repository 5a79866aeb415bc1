"""Identity on planted prints: turns of wraps, crossings of curves that look the same, levels of backups.

    python benchmarks/identity.py [--weights FILE] [--prints 6] [--only backups] [--cache DIR] [--keep DIR]

The wells are layered geology that never was (`synth.geology`), so that every value is known; they are
printed by the generator's press, worn as ``benchmarks/prints.py`` wears its prints, and digitised with the
layout given.

- *wraps*: gamma ray on a scale that it leaves often. Precision and recall of changes of turn
  (`metrics.followed_turns`): on the same turn before and after.
- *crossings*: a density and the neutron of another well (that of the same well runs along with it) in one
  track, both solid and of one width. Nothing but continuity tells them apart, so what counts is whether each
  goes on as itself: of the crossings within three feet, those after which both curves are where they would be
  if nothing but the crossing had happened.
- *backups*: resistivities from 0 to 50 with a backup of ten, in the same style or another, drawn only where
  the main stroke is off its scale or all along. The share of rows on a backup that are read within a tenth of
  that scale, and of rows on the main scale that are read within a tenth of it.
"""

from __future__ import annotations

import argparse
import json
import sys
import tempfile
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from PIL import Image
from prints import TREATMENTS

from logdigit.curves.calibrate import to_position
from logdigit.errors import LogdigitError
from logdigit.ink.network import Network, SegmentsInk, default_weights
from logdigit.metrics import followed_turns, sample
from logdigit.options import DigitiseOptions
from logdigit.paper.spec import write_layout
from logdigit.pipeline import digitise
from logdigit.synth.geology import survey
from logdigit.synth.prints import Print, print_log
from logdigit.types import Curve, CurveSpec, Float, Style, ValueScale, WellLog

STEP, ROWS_A_FOOT, FEET = 0.5, 10.0, 170.0
LEVEL = 0.1
"""A reading is on the right scale when it lies within this of its truth, share of that scale."""
CLEAR = 0.02
"""Two curves are apart where this share of the scale lies between them, and cross ..."""
BRIEF = 6
"""... where they are not for so many samples at most; any longer, and they run together."""
_PEN = 2.6

Tally = dict[str, np.ndarray]
"""What was counted: (right, of all) by name."""


@dataclass(frozen=True)
class Plan:
    """How the wells of one question are printed: tracks, declared curves, whether backups run all along."""

    tracks: tuple[tuple[str, ...], ...]
    declared: dict[str, CurveSpec]
    always: bool = False


def linear(left: float, right: float, style: Style | None = None, backup: bool = False) -> ValueScale:
    """A linear scale from edge to edge."""
    return ValueScale(((0.0, left), (1.0, right)), "linear", "backup" if backup else "main", style)


def solid(
    name: str, unit: str, *scales: ValueScale, style: Style = "solid", wraps: bool = False
) -> CurveSpec:
    """A curve as it is declared here."""
    return CurveSpec(name, scales, unit, name, style, _PEN, wraps=wraps)


def _resistivity(style: Style | None, always: bool) -> Plan:
    """Deep induction with a backup in the main style or another, beside a gamma ray."""
    deep = solid("ILD", "OHMM", linear(0, 50), linear(0, 500, style, backup=True))
    return Plan((("GR",), ("ILD",)), {"ILD": deep, "GR": solid("GR", "GAPI", linear(0, 200))}, always)


def _two(style: Style | None) -> Plan:
    """Two resistivities in one track, each with its backup."""
    deep = solid("ILD", "OHMM", linear(0, 50), linear(0, 500, style, backup=True))
    medium = solid("ILM", "OHMM", linear(0, 50), linear(0, 500, None, backup=True), style="dashed")
    return Plan(
        (("GR",), ("ILD", "ILM")), {"ILD": deep, "ILM": medium, "GR": solid("GR", "GAPI", linear(0, 200))}
    )


PLANS: dict[str, dict[str, Plan]] = {
    "wraps": {
        "gamma ray": Plan(
            (("GR",), ("DT",)),
            {
                "GR": solid("GR", "GAPI", linear(0, 100), wraps=True),
                "DT": solid("DT", "US/F", linear(140, 40)),
            },
        )
    },
    "crossings": {
        "density and neutron": Plan(
            (("GR",), ("RHOB", "NPHI")),
            {
                "RHOB": solid("RHOB", "G/CC", linear(1.95, 2.95)),
                "NPHI": solid("NPHI", "PU", linear(45, -15)),
                "GR": solid("GR", "GAPI", linear(0, 200)),
            },
        )
    },
    "backups": {
        "same style": _resistivity(None, always=False),
        "dashed": _resistivity("dashed", always=False),
        "dashed, all along": _resistivity("dashed", always=True),
        "same style, all along": _resistivity(None, always=True),
        "two curves, same styles": _two(None),
        "two curves, dotted": _two("dotted"),
    },
}


def well(seed: int) -> WellLog:
    """A well that never was, every half foot, its resistivities now below and now above 50 ohm-m."""
    rng = np.random.default_rng((seed, 6))
    rows = survey(rng, round(FEET * ROWS_A_FOOT), ROWS_A_FOOT)
    rows["NPHI"] = survey(np.random.default_rng((seed, 7)), round(FEET * ROWS_A_FOOT), ROWS_A_FOOT)["NPHI"]
    every = round(STEP * ROWS_A_FOOT)
    depth = 1000.0 + np.arange(0, round(FEET * ROWS_A_FOOT), every) / ROWS_A_FOOT
    curves = []
    for name, values in rows.items():
        value = values[::every]
        if name == "GR":  # what a recorder cannot show it does not record
            value = np.minimum(value, 195.0)
        if name in ("ILD", "ILM"):  # the upper third of the beds off the scale
            value = value * 50.0 / np.percentile(rows["ILD"], 70)
        curves.append(Curve(name, "", "", depth, value, np.ones(len(depth))))
    return WellLog({"WELL": f"PLANTED {seed}"}, "FT", STEP, depth, tuple(curves))


def count(tally: Tally, name: str, right: float, of: float) -> None:
    """Add to what was counted."""
    tally[name] = tally.get(name, np.zeros(2)) + np.array([right, of])


def wraps(sheet: Print, got: dict[str, Curve], tally: Tally) -> None:
    """Changes of turn of the curves that wrap."""
    for spec, true, u, given in positions(sheet, got):
        if spec.wraps:
            del true
            all_true, followed = followed_turns(u, given)
            all_given, right = followed_turns(given, u)
            count(tally, "recall", followed, all_true)
            count(tally, "precision", right, all_given)


def crossings(sheet: Print, got: dict[str, Curve], tally: Tally) -> None:
    """Crossings of the first two curves of the second track, after which each goes on as itself."""
    found = {spec.mnemonic: (u, given) for spec, _, u, given in positions(sheet, got)}
    names = [spec.mnemonic for spec in sheet.layout.sections[0].tracks[1].curves]
    (u1, got1), (u2, got2) = (found[name] for name in names[:2])
    apart = u1 - u2
    clear = np.flatnonzero(np.abs(apart) > CLEAR)
    groups = np.split(clear, np.flatnonzero(np.diff(np.sign(apart[clear])) != 0) + 1)
    stretches = [group for group in groups if len(group) >= 4]  # two feet on one side
    kept = [_own(group, u1, u2, got1, got2) for group in stretches]
    sides = [np.sign(apart[group[0]]) for group in stretches]
    for k in range(1, len(stretches)):
        brief = stretches[k][0] - stretches[k - 1][-1] <= BRIEF
        if sides[k] == sides[k - 1] or not brief or kept[k - 1] is None:
            continue  # they touched or ran together, or nothing is known of what went before
        count(tally, "kept", kept[k] == kept[k - 1], 1)


def _own(rows: np.ndarray, u1: Float, u2: Float, got1: Float, got2: Float) -> bool | None:
    """Whether two curves follow their own truth on some rows (or each other's); None where neither."""
    own = np.minimum(np.abs(got1 - u1), 1)[rows] + np.minimum(np.abs(got2 - u2), 1)[rows]
    other = np.minimum(np.abs(got1 - u2), 1)[rows] + np.minimum(np.abs(got2 - u1), 1)[rows]
    known = np.isfinite(own)
    if known.mean() < 0.3:
        return None
    return bool(np.median(own[known]) < np.median(other[known]))


def backups(sheet: Print, got: dict[str, Curve], tally: Tally) -> None:
    """Rows of curves with several scales that are read on the right one."""
    for spec, true, _, _ in positions(sheet, got):
        if len(spec.scales) < 2:
            continue
        curve = got.get(spec.mnemonic)
        shown = np.zeros(len(true.depth), bool)
        for k, scale in enumerate(spec.scales):
            u = to_position(scale, true.value)
            here = (u >= 0) & (u <= 1) & ~shown
            shown |= here
            read = np.full(len(u), np.nan)
            if curve is not None:
                read = sample(curve.depth, to_position(scale, curve.value), true.depth)
            known = here & np.isfinite(read)
            name = "main" if k == 0 else "backup"
            count(tally, name, float((np.abs(read - u)[known] < LEVEL).sum()), float(known.sum()))
            count(tally, f"{name} coverage", float(known.sum()), float(here.sum()))


def positions(sheet: Print, got: dict[str, Curve]) -> Iterator[tuple[CurveSpec, Curve, Float, Float]]:
    """Each curve with its truth, and true and given positions (M,) at the depths of the truth."""
    truths = {curve.mnemonic: curve for curve in sheet.truth.curves}
    for track in sheet.layout.sections[0].tracks:
        for spec in track.curves:
            true, curve = truths[spec.mnemonic], got.get(spec.mnemonic)
            u = to_position(spec.scales[0], true.value)
            given = np.full(len(u), np.nan)
            if curve is not None:
                given = sample(curve.depth, to_position(spec.scales[0], curve.value), true.depth)
            yield spec, true, u, given


COUNTS: dict[str, Callable[[Print, dict[str, Curve], Tally], None]] = {
    "wraps": wraps,
    "crossings": crossings,
    "backups": backups,
}


def main() -> None:
    """Run the benchmark and print its table."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--weights", type=Path)
    parser.add_argument("--prints", type=int, default=6, help="of each kind and treatment")
    parser.add_argument("--only", choices=list(PLANS))
    parser.add_argument("--treatment", choices=list(TREATMENTS))
    parser.add_argument("--cache", type=Path, help="keep the network's answers here, and use them")
    parser.add_argument("--keep", type=Path, help="keep the prints here")
    parser.add_argument("--json", type=Path)
    args = parser.parse_args()
    network = Network(args.weights or default_weights(), "cpu")
    folder = args.keep or Path(tempfile.mkdtemp())
    folder.mkdir(parents=True, exist_ok=True)
    every = []
    print("| question | prints | treatment | what is counted | right | of | share |")
    print("|---|---|---|---|---|---|---|")
    for question, plans in PLANS.items():
        if args.only not in (None, question):
            continue
        for kind, plan in plans.items():
            for treatment, wear in TREATMENTS.items():
                if args.treatment not in (None, treatment):
                    continue
                tally: Tally = {}
                for seed in range(args.prints):
                    sheet = print_log(
                        well(seed), plan.tracks, wear, seed, declared=plan.declared, always=plan.always
                    )
                    got = read(sheet, network, folder, args.cache, f"{question}-{kind}-{treatment}-{seed}")
                    COUNTS[question](sheet, got, tally)
                for name, (right, of) in tally.items():
                    share = right / of if of else float("nan")
                    counted = f"{name} | {right:.0f} | {of:.0f} | {share:.1%}"
                    print(f"| {question} | {kind} | {treatment} | {counted} |")
                    facts = {"question": question, "kind": kind, "treatment": treatment, "name": name}
                    every.append({**facts, "right": right, "of": of})
                sys.stdout.flush()
    if args.json:
        args.json.write_text(json.dumps(every, indent=1))


def read(sheet: Print, network: SegmentsInk, folder: Path, cache: Path | None, name: str) -> dict[str, Curve]:
    """Digitise a print through files; its curves by mnemonic."""
    name = name.replace(" ", "-").replace(",", "")
    scan, layout = folder / f"{name}.png", folder / f"{name}.toml"
    Image.fromarray(sheet.image).save(scan, dpi=(200, 200))
    write_layout(layout, sheet.layout)
    try:
        (result,) = digitise([scan], DigitiseOptions(layout=layout, cache=cache), segmenter=network)
    except LogdigitError as error:
        print(f"{name}: {error}", file=sys.stderr)
        return {}
    return {curve.mnemonic: curve for curve in result.log.curves}


if __name__ == "__main__":
    main()
