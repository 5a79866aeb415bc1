"""Simple statistics of real and of generated crops, side by side: how far the printing press is from paper.

    python benchmarks/realism.py [--n 300] [--held-out]

Real crops come from the bodies of the scans in ``../shared/data/scans`` (LOGDIGIT_DATA), at 200 dpi. Each
statistic is given as its 10th, 50th and 90th percentile over the crops.
"""

from __future__ import annotations

import argparse
import os
from collections.abc import Callable
from pathlib import Path

import cv2
import numpy as np
import pyvips

from logdigit.synth.patches import make_patch
from logdigit.types import Float, UInt8

SCANS = Path(os.environ.get("LOGDIGIT_DATA", "../shared/data")) / "scans"
SIDE = 512
DPI = {  # true resolution where the tag is known to lie, from the 2.5-inch track
    **{"nm-agi89-sonic-1978-torn": 220.0, "nm-akx94-acoustilog-furry-grid": 210.0},
    **{"nm-ahb57-sonic-241k-rows-depth-blacked-out": 210.0, "tx-bxg57-gr-neutron-1957": 210.0},
    **{"nm-30-025-09873-electrical-1950s": 300.0, "wv-roger-induction-1986": 300.0},
    **{"wv-4708300103-sonic-152k-rows": 300.0, "wv-4707500021-caliper-abbreviated-depths": 300.0},
}


def real_crops(count: int, rng: np.random.Generator) -> list[UInt8]:
    """Grey crops of 512 px at 200 dpi from the middles of the bilevel scans, blank ones left out."""
    paths = [p for p in sorted(SCANS.glob("*.tif")) if "REFUSE" not in p.name and "colour" not in p.name]
    out: list[UInt8] = []
    for path in paths:
        side = round(SIDE * DPI.get(path.stem, 200.0) / 200)
        page = pyvips.Image.new_from_file(str(path), access="sequential")
        top = page.height // 4  # decoding goes from the top down; a stretch of the body is enough
        body = page.crop(0, top, page.width, min(30_000, page.height // 2)).colourspace("b-w").numpy()
        for _ in range(-(-count // len(paths))):
            x = int(rng.uniform(0, max(1, body.shape[1] - side)))
            y = int(rng.uniform(0, max(1, body.shape[0] - side)))
            crop = np.asarray(body[y : y + side, x : x + side], np.uint8)
            grey = cv2.resize(crop.reshape(crop.shape[:2]), (SIDE, SIDE), interpolation=cv2.INTER_AREA)
            if 0.01 < (grey < 128).mean() < 0.6:
                out.append(np.asarray(grey, np.uint8))
    return out


def made_crops(count: int, held_out: bool) -> list[UInt8]:
    """Patches of the printing press that hold any ink."""
    patches = (make_patch(77, index, SIDE, held_out=held_out).image for index in range(count))
    return [image for image in patches if (image < 128).mean() > 0.01]


def _runs(ink: np.ndarray) -> Float:
    """Lengths of the horizontal runs of ink, px."""
    edge = np.diff(np.pad(ink.astype(np.int8), ((0, 0), (1, 1))), axis=1)
    starts, ends = np.nonzero(edge == 1)[1], np.nonzero(edge == -1)[1]
    return np.asarray(ends - starts, np.float64)


def _pitch(profile: Float) -> float:
    """Period of a profile, px: the highest peak of its autocorrelation between 6 and 120 px; NaN without."""
    p = profile - profile.mean()
    if p.std() == 0:
        return float("nan")
    spectrum = np.abs(np.fft.rfft(p, 2 * len(p))) ** 2
    auto = np.fft.irfft(spectrum)[: len(p)] / (p @ p)
    window = auto[6:120]
    best = int(window.argmax())
    return float(best + 6) if window[best] > 0.2 and 0 < best < len(window) - 1 else float("nan")


STATISTICS: dict[str, Callable[[UInt8], float]] = {
    "ink share, %": lambda g: 100 * float((g < 128).mean()),
    "grey px, %": lambda g: 100 * float(((g > 40) & (g < 215)).mean()),
    "runs across, px, median": lambda g: float(np.median(_runs(g < 128))),
    "runs across, px, 90th percentile": lambda g: float(np.percentile(_runs(g < 128), 90)),
    "runs down, px, median": lambda g: float(np.median(_runs((g < 128).T))),
    "runs down, px, 90th percentile": lambda g: float(np.percentile(_runs((g < 128).T), 90)),
    "pitch of rows, px": lambda g: _pitch((g < 128).mean(axis=1)),
    "pitch of columns, px": lambda g: _pitch((g < 128).mean(axis=0)),
    "specks up to 4 px, a crop": lambda g: float(
        (cv2.connectedComponentsWithStats((g < 128).astype(np.uint8))[2][1:, 4] <= 4).sum()
    ),
    "pin holes up to 4 px, a crop": lambda g: float(
        (cv2.connectedComponentsWithStats((g >= 128).astype(np.uint8))[2][1:, 4] <= 4).sum()
    ),
}


def main() -> None:
    """Print the table of the docs."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--n", type=int, default=300)
    parser.add_argument("--held-out", action="store_true")
    args = parser.parse_args()
    real = real_crops(args.n, np.random.default_rng(0))
    made = made_crops(args.n, args.held_out)
    print(f"| statistic | real ({len(real)}) | generated ({len(made)}) |\n|---|---|---|")
    for name, statistic in STATISTICS.items():
        cells = []
        for crops in (real, made):
            values = np.array([statistic(crop) for crop in crops])
            cells.append(" / ".join(f"{v:.3g}" for v in np.nanpercentile(values, (10, 50, 90))))
        print(f"| {name} | {cells[0]} | {cells[1]} |")


if __name__ == "__main__":
    main()
