"""The same paper scanned again: turned, thresholded, smaller, skewed, waved. Do the curves agree?

    python benchmarks/again.py prints [--wells 4]    prints of real logs, worn grey: agreement and error
    python benchmarks/again.py real [--only STEM]    the real scans with a layout: agreement

Each scan is digitised as it is and again after each treatment, its layout moved along. *Agreement* is the
share of the samples that both call confident (0.9 or more) that lie within 0.01 of the scale of each other;
*kept* is the share of the samples confident at first that have a value again. On prints the error against the
LAS curve is given too, over that of the untouched scan.
"""

from __future__ import annotations

import argparse
import tempfile
from collections.abc import Callable
from dataclasses import dataclass, replace
from pathlib import Path

import cv2
import numpy as np
from PIL import Image
from prints import TREATMENTS, arrange, development_logs, on_scale

from logdigit.curves.calibrate import to_position
from logdigit.errors import LogdigitError
from logdigit.metrics import CLOSE, SURE, compare
from logdigit.options import DigitiseOptions
from logdigit.paper.page import open_pages
from logdigit.paper.spec import Edge, LayoutFile, SectionFile, edge_x, read_layout, write_layout
from logdigit.paper.stitch import stitch
from logdigit.pipeline import digitise
from logdigit.synth.prints import print_log
from logdigit.types import Curve, CurveSpec, Float, UInt8, WellLog
from real import DATA, LAYOUTS

MARGIN, MOST_ROWS = 250, 9000
"""Px kept around a section, and its rows at most (cv2 cannot move a picture of more than 32,767 rows)."""

Move = Callable[[Float, Float], tuple[Float, Float]]
"""(x, y) px of the first scan to those of the second; any shapes that broadcast."""


@dataclass(frozen=True)
class Treatment:
    """What is done to a scan: a move of its points, pixels to match, and how many px a px becomes."""

    name: str
    degrees: float = 0.0
    scale: float = 1.0
    wave_px: float = 0.0
    threshold: float = 0.0  # moved by this share of the range, after a blur; 0: not thresholded again

    def move(self, shape: tuple[int, int]) -> Move:
        """The move of the points of a scan (height, width)."""
        cx, cy = (shape[1] - 1) / 2, (shape[0] - 1) / 2
        cos, sin = np.cos(np.radians(self.degrees)), np.sin(np.radians(self.degrees))

        def moved(x: Float, y: Float) -> tuple[Float, Float]:
            x = x + self.wave_px * np.sin(2 * np.pi * y / 1500)
            dx, dy = x - cx, y - cy
            return self.scale * (cx + cos * dx - sin * dy), self.scale * (cy + sin * dx + cos * dy)

        return moved

    def picture(self, image: UInt8) -> UInt8:
        """The pixels after it."""
        height, width = image.shape[:2]
        if self.scale < 1:  # every new pixel sees all that it stands for
            image = np.asarray(cv2.GaussianBlur(image, (0, 0), 0.4 / self.scale), np.uint8)
        if self.degrees or self.wave_px or self.scale != 1:
            size = round(height * self.scale), round(width * self.scale)
            y, x = np.mgrid[: size[0], : size[1]].astype(np.float32) / self.scale
            cx, cy = (width - 1) / 2, (height - 1) / 2
            cos, sin = np.cos(np.radians(self.degrees)), np.sin(np.radians(self.degrees))
            from_x, from_y = cx + cos * (x - cx) + sin * (y - cy), cy - sin * (x - cx) + cos * (y - cy)
            from_x = from_x - self.wave_px * np.sin(2 * np.pi * from_y / 1500)
            at = (from_x.astype(np.float32), from_y.astype(np.float32))
            white = (255, 255, 255)
            image = np.asarray(cv2.remap(image, *at, cv2.INTER_LINEAR, borderValue=white), np.uint8)
        if self.threshold:
            grey = image if image.ndim == 2 else image.min(axis=2)
            grey = np.asarray(cv2.GaussianBlur(grey, (0, 0), 0.8), np.uint8)
            low, high = np.percentile(grey, [0.5, 50.0])
            image = np.where(grey < low + (0.5 + self.threshold) * (high - low), 0, 255).astype(np.uint8)
        return image


AGAIN = (
    Treatment("turned 0.7 deg", degrees=0.7),
    Treatment("threshold lower", threshold=-0.1),
    Treatment("threshold higher", threshold=0.1),
    Treatment("size 0.75", scale=0.75),
    Treatment("skewed 2 deg", degrees=-2.0),
    Treatment("waved 6 px", wave_px=6.0),
)


def thinner(curve: CurveSpec, scale: float) -> CurveSpec:
    """The curve with its pen as wide as it is now."""
    return curve if curve.width_px is None else replace(curve, width_px=curve.width_px * scale)


def moved_layout(layout: LayoutFile, skew: float, move: Move, treatment: Treatment, width: int) -> LayoutFile:
    """A layout of one section in the pixels of the second scan; skew is left to be found."""
    (section,) = layout.sections
    middle = (width - 1) / 2
    ticks_x = middle if section.ticks_x is None else section.ticks_x
    at = treatment.scale * ticks_x
    slope = np.tan(np.radians(skew))
    ticks = []
    for row, depth in section.ticks:
        x = np.array([ticks_x - 50, ticks_x + 50])
        new_x, new_y = move(x, row + slope * (x - ticks_x))
        rise = (new_y[1] - new_y[0]) / (new_x[1] - new_x[0])
        ticks.append((float(new_y[0] + rise * (at - new_x[0])), depth))
    rows = np.array(section.rows, float)
    ends = move(np.array([[middle], [middle]]), rows[:, None])[1].ravel()

    def edge(old: Edge) -> Edge:
        y = np.linspace(rows[0], rows[1], 60)
        x, row = move(np.array([edge_x(old, v) for v in y]), y)
        return tuple((float(a), float(b)) for a, b in zip(row, x, strict=True))

    tracks = tuple(
        replace(
            t,
            left=edge(t.left),
            right=edge(t.right),
            curves=tuple(thinner(c, treatment.scale) for c in t.curves),
        )
        for t in section.tracks
    )
    new = replace(
        section,
        rows=(max(0, int(ends[0])), int(ends[1])),
        ticks=tuple(ticks),
        ticks_x=at,
        tracks=tracks,
        ignore=(),
    )
    dpi = None if layout.dpi is None else (layout.dpi[0] * treatment.scale, layout.dpi[1] * treatment.scale)
    return LayoutFile((new,), layout.header, None, dpi)


def shifted(section: SectionFile, down: float, right: float) -> SectionFile:
    """A section on paper that begins so many px further up and left."""

    def edge(old: Edge) -> Edge:
        return old + right if isinstance(old, float) else tuple((row + down, x + right) for row, x in old)

    return replace(
        section,
        rows=(int(section.rows[0] + down), int(section.rows[1] + down)),
        ticks=tuple((row + down, depth) for row, depth in section.ticks),
        ticks_x=None if section.ticks_x is None else section.ticks_x + right,
        tracks=tuple(replace(t, left=edge(t.left), right=edge(t.right)) for t in section.tracks),
        ignore=(),
        fixes=(),
    )


def cut(
    image: UInt8, top: int, layout: LayoutFile, dpi: tuple[float, float] | None
) -> tuple[UInt8, LayoutFile]:
    """Blank paper around rows of a scan that begin at ``top``, and the layout in the pixels of that."""
    (section,) = layout.sections
    if section.ticks_x is None:
        section = replace(section, ticks_x=(image.shape[1] - 1) / 2)
    section = replace(section, rows=(section.rows[0], min(section.rows[1], section.rows[0] + MOST_ROWS)))
    blank = np.median(image, axis=(0, 1))
    paper = np.broadcast_to(blank, (image.shape[0], MARGIN, *image.shape[2:])).astype(np.uint8)
    section = shifted(section, -top, MARGIN)
    return np.hstack([paper, image, paper]), replace(layout, sections=(section,), dpi=layout.dpi or dpi)


def real_scan(stem: str) -> tuple[UInt8, LayoutFile]:
    """The section of a real scan that has a layout, and a margin of rows."""
    layout = read_layout(LAYOUTS / f"{stem}.toml")
    strip = stitch(open_pages([DATA / "scans" / f"{stem}.tif"]))
    first, last = layout.sections[0].rows
    top, bottom = max(0, first - MARGIN), min(strip.height, last + MARGIN, first + MOST_ROWS + MARGIN)
    (section,) = layout.sections
    ticks = tuple(t for t in section.ticks if top - 4 * MARGIN < t[0] < bottom + 4 * MARGIN)
    layout = replace(layout, sections=(replace(section, ticks=ticks),))
    return cut(strip.read(top, bottom), top, layout, strip.dpi)


def read_curves(image: UInt8, layout: LayoutFile, folder: Path) -> dict[str, Curve]:
    """Digitise a picture by a layout, through files."""
    Image.fromarray(image).save(folder / "scan.png", compress_level=1)
    write_layout(folder / "scan.toml", layout)
    (result,) = digitise([folder / "scan.png"], DigitiseOptions(layout=folder / "scan.toml"))
    return {curve.mnemonic: curve for curve in result.log.curves}


def agreement(layout: LayoutFile, one: dict[str, Curve], two: dict[str, Curve]) -> Float:
    """Samples (3,): confident in both; of these within 0.01; confident at first and with a value again."""
    counts = np.zeros(4)
    for track in layout.sections[0].tracks:
        for spec in track.curves:
            a, b = one[spec.mnemonic], two[spec.mnemonic]
            u = to_position(spec.scales[0], a.value)
            v = np.interp(a.depth, b.depth, to_position(spec.scales[0], b.value), left=np.nan, right=np.nan)
            sure_b = np.interp(a.depth, b.depth, np.nan_to_num(b.confidence), left=0, right=0)
            inside = (a.depth >= b.depth[0]) & (a.depth <= b.depth[-1])
            sure = (np.nan_to_num(a.confidence) >= SURE) & np.isfinite(u) & inside
            both = sure & (sure_b >= SURE) & np.isfinite(v)
            counts += [
                both.sum(),
                (np.abs(u - v)[both] <= CLOSE).sum(),
                (sure & np.isfinite(v)).sum(),
                sure.sum(),
            ]
    return counts


def error(layout: LayoutFile, got: dict[str, Curve], truth: WellLog) -> float:
    """Mean over the curves of a print of their mean absolute error, share of the scale."""
    truths = {curve.mnemonic: curve for curve in truth.curves}
    out = []
    for track in layout.sections[0].tracks:
        for spec in track.curves:
            true = to_position(spec.scales[0], truths[spec.mnemonic].value)
            true = np.where(on_scale(true, spec), true, np.nan)
            curve = got[spec.mnemonic]
            value = to_position(spec.scales[0], curve.value)
            out.append(compare(curve.depth, value, truths[spec.mnemonic].depth, true).mae)
    return float(np.nanmean(out))


def show(name: str, counts: Float, errors: list[float], first: list[float]) -> None:
    """One line of the table."""
    line = f"{name:18s} agree {counts[1] / counts[0]:6.2%}   kept {counts[2] / counts[3]:6.2%}"
    if errors:
        line += f"   error {np.mean(errors):.4f}, {np.mean(errors) / np.mean(first):.2f} of the first"
    print(line, flush=True)


def main() -> None:
    """Run the benchmark and print its table."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("what", choices=("prints", "real"))
    parser.add_argument("--wells", type=int, default=4, help="of prints")
    parser.add_argument("--only", help="stem of one real scan")
    args = parser.parse_args()
    jobs: list[tuple[str, UInt8, LayoutFile, WellLog | None]] = []
    if args.what == "prints":
        for number, (well, log) in enumerate(development_logs()[: args.wells]):
            tracks = arrange(log, np.random.default_rng(number))
            wear = replace(TREATMENTS["worn grey"], skew=0.0)
            sheet = print_log(log, tracks, wear, seed=number, per_unit=10.0 if log.unit == "FT" else 32.8)
            jobs.append((well, *cut(sheet.image, 0, sheet.layout, None), sheet.truth))
    else:
        for path in sorted(LAYOUTS.glob("*.toml")):
            if args.only in (None, path.stem):
                jobs.append((path.stem, *real_scan(path.stem), None))
    totals = {t.name: np.zeros(4) for t in AGAIN}
    first: list[float] = []
    errors: dict[str, list[float]] = {t.name: [] for t in AGAIN}
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        for stem, image, layout, truth in jobs:
            print(stem, flush=True)
            before = read_curves(image, layout, folder)
            if truth is not None:
                first.append(error(layout, before, truth))
            skew = layout.skew_deg if isinstance(layout.skew_deg, float) else 0.0
            for treatment in AGAIN:
                move = treatment.move((image.shape[0], image.shape[1]))
                again = moved_layout(layout, skew, move, treatment, image.shape[1])
                try:
                    after = read_curves(treatment.picture(image), again, folder)
                except LogdigitError as problem:
                    print(f"  {treatment.name}: {problem}", flush=True)
                    continue
                counts = agreement(layout, before, after)
                totals[treatment.name] += counts
                show(f"  {treatment.name}", counts, [], [])
                if truth is not None:
                    errors[treatment.name].append(error(layout, after, truth))
    print("all")
    for treatment in AGAIN:
        show(treatment.name, totals[treatment.name], errors[treatment.name], first)


if __name__ == "__main__":
    main()
