"""The real scans with a hand-written layout: digitise each, paint the overlay, score the one that has truth.

    python benchmarks/real.py --keep DIR [--weights FILE] [--only STEM]

Layouts lie in ``benchmarks/real``; scans and logs are read from LOGDIGIT_DATA or ../shared/data. Look at the
overlays in full resolution: only one of the scans has a digital log to be compared with.
"""

from __future__ import annotations

import argparse
import os
import sys
import time
from pathlib import Path

import numpy as np

from logdigit.curves.calibrate import to_position
from logdigit.errors import LogdigitError
from logdigit.metrics import CurveScore, compare
from logdigit.options import DigitiseOptions
from logdigit.out.las import read_las
from logdigit.pipeline import digitise, write
from logdigit.types import Digitised

DATA = Path(os.environ.get("LOGDIGIT_DATA", "../shared/data"))
LAYOUTS = Path(__file__).parent / "real"
PAIR, PAIR_LAS, PAIR_INTERVAL = "ks-heinen-1-4-sonic", "ks-1044234216.las", (255.0, 1100.0)


def score_pair(result: Digitised) -> dict[str, CurveScore]:
    """Scores of the Heinen scan against its LAS, on the rows where the truth lies on the printed scale."""
    truth = read_las(DATA / "las" / PAIR_LAS)
    part = (truth.depth >= PAIR_INTERVAL[0]) & (truth.depth <= PAIR_INTERVAL[1])
    true = {curve.mnemonic: curve.value[part] for curve in truth.curves}
    got = {curve.mnemonic: curve for curve in result.log.curves}
    scores = {}
    for track in result.layout.sections[0].tracks:
        for spec in track.curves:
            if spec.mnemonic in true and spec.mnemonic in got:
                scale = spec.scales[0]
                u = to_position(scale, true[spec.mnemonic])
                # the heading declares GR once more as 150-300; DT re-enters too, which its heading omits
                u = np.where((u >= 0) & (u <= (2 if spec.mnemonic == "GR" else 1)), u, np.nan)
                curve = got[spec.mnemonic]
                scores[spec.mnemonic] = compare(
                    curve.depth, to_position(scale, curve.value), truth.depth[part], u
                )
    return scores


def main() -> None:
    """Run the benchmark."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--keep", type=Path, required=True, help="directory for LAS files and overlays")
    parser.add_argument("--weights", type=Path)
    parser.add_argument("--only", help="stem of one scan")
    args = parser.parse_args()
    args.keep.mkdir(parents=True, exist_ok=True)
    for layout in sorted(LAYOUTS.glob("*.toml")):
        if args.only not in (None, layout.stem):
            continue
        scan = DATA / "scans" / f"{layout.stem}.tif"
        began = time.perf_counter()
        try:
            results = digitise([scan], DigitiseOptions(layout=layout, weights=args.weights))
        except LogdigitError as error:
            print(f"{layout.stem}: {error}", file=sys.stderr)
            continue
        spent = time.perf_counter() - began
        out = args.keep / layout.stem
        write(results, out.with_suffix(".las"), overlay=out.with_suffix(".png"), scans=[scan], overwrite=True)
        curves = results[0].log.curves
        shares = ", ".join(f"{c.mnemonic} {np.isfinite(c.value).mean():.0%}" for c in curves)
        print(f"{layout.stem}: {spent:.1f} s; rows with a value: {shares}")
        if layout.stem == PAIR:
            for name, s in score_pair(results[0]).items():
                print(
                    f"  {name}: mean {s.mae:.4f}, median {s.median:.4f}, p95 {s.p95:.4f}, r {s.r:.4f}, "
                    f"coverage {s.coverage:.3f}, given where there is no truth {s.false:.3f}"
                )


if __name__ == "__main__":
    main()
