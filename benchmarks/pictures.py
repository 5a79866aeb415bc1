"""The pictures of docs/synth.md: every family of print and every kind of wear, as the generator makes them.

python benchmarks/pictures.py docs/pictures
"""

from __future__ import annotations

import sys
from dataclasses import replace
from pathlib import Path
from zlib import crc32

import numpy as np
from PIL import Image

from logdigit.synth.families import FAMILIES
from logdigit.synth.page_design import plan_page
from logdigit.synth.page_paper import Paper
from logdigit.synth.page_press import press
from logdigit.synth.page_scan import scan_page
from logdigit.synth.page_wear import treat
from logdigit.synth.patches import legible, make_patch
from logdigit.synth.plan import SheetPlan
from logdigit.synth.render import draw
from logdigit.synth.scanner import scan
from logdigit.synth.sheets import random_sheet
from logdigit.synth.wear import Cover, Wear
from logdigit.types import UInt8

SIDE = 300
MILD = Wear(blur=0.4, noise=1.5)
SCANNED = replace(MILD, bilevel="scan", threshold=170.0)

KINDS: dict[str, Wear] = {
    "as printed": MILD,
    "bilevel": SCANNED,
    "fine bilevel": replace(SCANNED, bilevel="fine"),
    "skew": replace(SCANNED, skew=0.07),
    "wave": replace(SCANNED, wave=(4.0, 160.0)),
    "stretch": replace(SCANNED, stretch=1.13),
    "seam": replace(SCANNED, seam=(150.0, 7.0)),
    "fade": replace(MILD, fade=0.7),
    "light": replace(MILD, light=0.4),
    "bleed": replace(SCANNED, bleed=0.6),
    "thin ink": replace(SCANNED, bleed=-0.4),
    "copies": replace(SCANNED, copies=2),
    "coarse": replace(SCANNED, coarse=2.0),
    "speckle": replace(SCANNED, speckle=4.0),
    "jpeg": replace(MILD, noise=10.0, jpeg=25),
    "fold": replace(MILD, folds=((150.0, 0.5),)),
    "torn": replace(SCANNED, covers=(Cover("torn", ((0, 120), (150, 148), (90, 160), (0, 190)), 255),)),
    "black edge": replace(SCANNED, covers=(Cover("black edge", ((0, 0), (40, 0), (55, 300), (0, 300)), 0),)),
    "gap": replace(SCANNED, covers=(Cover("gap", ((0, 130), (300, 130), (300, 170), (0, 170)), 255),)),
    "dither (held out)": replace(MILD, dither=True, light=0.2),
    "streaks (held out)": replace(SCANNED, streaks=((60.0, 2.0), (130.0, 3.0), (210.0, 1.0))),
}


STRIPS = (("electrical", 1), ("film", 2), ("plotter", 1), ("digital", 3))
"""Family and seed of the strips that are shown."""


def family_picture(name: str, count: int = 3) -> UInt8:
    """Windows of a family side by side, mildly worn."""
    rows: list[UInt8] = []
    for seed in range(100):
        rng = np.random.default_rng((seed, crc32(name.encode())))
        plan = random_sheet(rng, FAMILIES[name], SIDE, SIDE)
        if sum(len(track.strokes) for track in plan.tracks) >= 2:
            wear = legible(MILD if len(rows) % 2 else SCANNED, plan)
            rows.append(scan(*draw(plan), wear, rng)[0])
        if len(rows) == count:
            break
    return side_by_side(rows)


def save(picture: UInt8, path: Path) -> None:
    """As small as it gets: one bit a pixel where that is all there is, else 16 greys."""
    whole = Image.fromarray(picture)
    bilevel = not np.setdiff1d(picture, (0, 255)).size
    (whole.convert("1") if bilevel else whole.quantize(16)).save(path, optimize=True)


def side_by_side(pictures: list[UInt8]) -> UInt8:
    """Pictures in a row with a grey line between."""
    height = min(len(picture) for picture in pictures)
    line = np.full((height, 6), 200, np.uint8)
    parts = [part for picture in pictures for part in (picture, line)]
    return np.hstack([part[:height] for part in parts[:-1]])


def strip_picture(name: str, seed: int, width: int = 160, height: int = 470) -> UInt8:
    """The upper part of a worn page, reduced, grey."""
    rng = np.random.default_rng((seed, crc32(name.encode())))
    plan = plan_page(rng, FAMILIES[name], held_out_font=False)
    printed, _ = press(rng, plan)
    sheet = (printed.height, printed.width)
    treatment = treat(rng, plan.bodies, sheet, plan.paper, plan.colour, held_out=False)
    picture, _ = scan_page(printed, treatment.paper, treatment.wear, treatment.size, (seed,))
    whole = Image.fromarray(picture).convert("L")
    small = whole.resize((width, round(whole.height * width / whole.width)), Image.Resampling.BOX)
    out: UInt8 = np.full((height, width), 200, np.uint8)
    part = np.asarray(small, np.uint8)[:height]
    out[: len(part)] = part
    return out


def body_picture(name: str, seed: int) -> UInt8:
    """The scale block of a page and the top of the log below it, at 200 dpi."""
    rng = np.random.default_rng((seed, crc32(name.encode())))
    plan = plan_page(rng, FAMILIES[name], held_out_font=False)
    printed, tops = press(rng, plan)
    picture, _ = scan_page(printed, Paper(), SCANNED, (printed.height, printed.width), (seed,))
    return np.ascontiguousarray(picture[max(0, tops[0] - 230) : tops[0] + 330])


def one_sheet() -> SheetPlan:
    """The sheet on which every kind of wear is shown: a solid and a dashed curve, nothing shaded."""
    for seed in range(1000):
        plan = random_sheet(np.random.default_rng(seed), FAMILIES["plotter"], SIDE, SIDE)
        styles = {s.style for t in plan.tracks for s in t.strokes if 20 < np.nanmean(s.x) < SIDE - 20}
        calm = all(np.nanstd(s.x) < 60 for t in plan.tracks for s in t.strokes)
        if {"solid", "dashed"} <= styles and calm and all(t.fill is None for t in plan.tracks):
            return plan
    raise RuntimeError("no such sheet")


def main() -> None:
    """Write the pictures."""
    out = Path(sys.argv[1])
    out.mkdir(parents=True, exist_ok=True)
    for name in FAMILIES:
        save(family_picture(name), out / f"family-{name}.png")
    plan = one_sheet()
    for name, wear in KINDS.items():
        worn = scan(
            *draw(plan), legible(wear, plan) if "held" not in name else wear, np.random.default_rng(1)
        )[0]
        save(worn[:SIDE], out / f"wear-{name.split(' (')[0].replace(' ', '-')}.png")
    veernet = [make_patch(5, index, SIDE, preset="veernet").image for index in range(3)]
    save(side_by_side(veernet), out / "preset-veernet.png")
    strips = [strip_picture(name, seed) for name, seed in STRIPS]
    save(side_by_side(strips), out / "pages-strips.png")
    save(body_picture("digital", 3), out / "pages-body.png")


if __name__ == "__main__":
    main()
