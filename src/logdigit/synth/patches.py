"""Training patches: windows on random worn sheets, with the truth of every pixel and every row."""

from __future__ import annotations

import math
from dataclasses import dataclass, replace

import numpy as np

from logdigit.synth.curves import CurveBank
from logdigit.synth.families import FAMILIES, family_names
from logdigit.synth.pen import visible
from logdigit.synth.plan import SheetPlan
from logdigit.synth.presets import preset_sheet, preset_wear
from logdigit.synth.render import draw
from logdigit.synth.scanner import scan
from logdigit.synth.sheets import random_sheet
from logdigit.synth.wear import HELD_OUT_WEAR, Wear, covered, random_wear, warp_points
from logdigit.types import CLASSES, Float32, Int8, UInt8


@dataclass(frozen=True)
class Patch:
    """A worn patch and its truth.

    Attributes:
        image, mask: (H, W) uint8, grey levels and class index.
        x: (n, H) px of each visible stroke in each row, NaN where it has no ink or is off scale.
        turns: (n, H) which wrap.
        labels: (n,) class of each stroke.
        widths: (n,) px.
        family: of print.
        wear: what was done to it.
        held_out_of: what of it no training corpus has, as ``family:NAME`` and ``wear:NAME``.
    """

    image: UInt8
    mask: UInt8
    x: Float32
    turns: Int8
    labels: UInt8
    widths: Float32
    family: str
    wear: Wear
    held_out_of: tuple[str, ...] = ()


def make_patch(
    seed: int,
    index: int,
    size: int,
    bank: CurveBank | None = None,
    *,
    preset: str = "",
    held_out: bool = False,
) -> Patch:
    """The item ``index`` of corpus ``seed``: a window of ``size`` px on a random worn print.

    Args:
        seed: of the corpus.
        index: of the item.
        size: side of the patch, px.
        bank: real curves to draw too.
        preset: name of a corpus of the literature; "" for the printing press at large.
        held_out: draw a family or a wear (or both) that no training corpus has.
    """
    rng = np.random.default_rng((seed, index))
    if preset:
        plan, wear = preset_sheet(rng, preset, size, bank), preset_wear(rng, preset)
        return _finish(plan, wear, rng, preset, ())
    which = str(rng.choice(["family", "wear", "both"])) if held_out else ""
    new_family, new_wear = which in ("family", "both"), which in ("wear", "both")
    names = family_names(new_family)
    family = FAMILIES[names[int(rng.integers(len(names)))]]
    plan = random_sheet(rng, family, size, size, bank)
    wear = legible(random_wear(rng, size, size, new_wear), plan)
    unseen = [f"family:{family.name}"] * new_family
    unseen += [f"wear:{kind}" for kind in wear.kinds() if kind in HELD_OUT_WEAR]
    return _finish(plan, wear, rng, family.name, tuple(unseen))


def _finish(
    plan: SheetPlan, wear: Wear, rng: np.random.Generator, family: str, unseen: tuple[str, ...]
) -> Patch:
    image, mask = scan(*draw(plan), wear, rng)
    image, mask = image[: plan.height], mask[: plan.height]
    if len(mask) < plan.height:  # paper that shrank: the sheet ends above the window's lower edge
        below = plan.height - len(mask)
        image = np.pad(image, ((0, below), (0, 0)), mode="edge")
        mask = np.pad(mask, ((0, below), (0, 0)))
    x, turns, labels, widths = patch_truth(plan, wear)
    return Patch(image, mask, x, turns, labels, widths, family, wear, unseen)


def legible(wear: Wear, plan: SheetPlan) -> Wear:
    """The wear, softened until the faintest stroke still shows, and thresholded between ink and paper.

    What no eye can find teaches nothing but to see ghosts. The darkness of the core of a stroke of width w
    under a blur of sigma s is erf(w / (2 sqrt(2) s)) of what was printed.
    """
    strokes = [stroke for track in plan.tracks for stroke in track.strokes]
    wear = replace(wear, bleed=max(wear.bleed, 0.3 * (1 - min((s.width for s in strokes), default=1.0))))
    for _ in range(8):
        blur = math.hypot(wear.blur, 0.8 * abs(wear.bleed), 0.35 * wear.coarse, 0.6 * wear.copies)
        paper = min(plan.paper) * (1 - wear.light)
        if abs(wear.bleed) > 0.05:
            paper = min(255.0, paper + 0.5 * (paper - 150)) - 60 * max(0.0, wear.bleed)
        cores = [math.erf(s.width / (2.83 * blur)) * (1 - 0.6 * wear.fade) for s in strokes]
        darkest = [
            paper - (min(plan.paper) - min(s.ink)) * core for s, core in zip(strokes, cores, strict=True)
        ]
        low = max(darkest, default=60.0) + (8 if wear.bilevel or wear.copies else 0)
        high = paper - 2 * wear.noise - 12 - (30 if wear.copies else 0)  # the copier has a grain
        if high - low > (20 if wear.bilevel or wear.copies else 35):
            # most scanners are set to keep faint lines: the cut lies nearer the paper than the ink
            share = 0.2 + 0.8 * (wear.threshold - 95) / 110
            return replace(wear, threshold=float(low + share * (high - low)))
        wear = replace(
            wear,
            fade=0.6 * wear.fade,
            light=0.5 * wear.light,
            noise=0.6 * wear.noise,
            blur=max(0.2, 0.75 * wear.blur),
            bleed=0.6 * wear.bleed,
            copies=0,
            coarse=1.0,
        )
    return replace(wear, bilevel="", copies=0)


def patch_truth(plan: SheetPlan, wear: Wear) -> tuple[Float32, Int8, UInt8, Float32]:
    """Every stroke after the paper's geometry: x (n, H) px, turns (n, H), class (n,), width (n,) px."""
    rows = np.arange(plan.height, dtype=np.float64)
    hidden = covered(wear, plan.height, plan.width) if wear.covers else None
    xs, all_turns, labels, widths = [], [], [], []
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
            if hidden is not None:
                at_ink = np.rint(np.nan_to_num(value)).astype(int)
                value[hidden[rows.astype(int), at_ink]] = np.nan
            if np.isfinite(value).sum() >= 2:
                xs.append(value)
                all_turns.append(turns[below])
                labels.append(CLASSES.index(stroke.style))
                widths.append(stroke.width)
    shape = (len(xs), plan.height)
    return (
        np.array(xs, np.float32).reshape(shape),
        np.array(all_turns, np.int8).reshape(shape),
        np.array(labels, np.uint8),
        np.array(widths, np.float32),
    )
