"""What happens to a sheet between the printer and the file, as numbers: geometry, ink, copier, scanner.

`Wear` holds the strengths, `random_wear` chooses them as archives show them, `warp_points` is the geometry
of the paper; `scanner.scan` applies them to pixels in the order in which paper suffers.
"""

from __future__ import annotations

from dataclasses import dataclass

import cv2
import numpy as np

from logdigit.types import Bool, Float

HELD_OUT_WEAR = ("dither", "streaks")
"""Kinds of wear that no training corpus contains."""

Points = tuple[tuple[float, float], ...]


@dataclass(frozen=True)
class Cover:
    """A polygon of the scan without a print, (x, y) scan px: a tear, a hole, a gap, a black border."""

    kind: str
    points: Points
    grey: int


@dataclass(frozen=True)
class Wear:
    """How badly a sheet was treated; the defaults leave it as printed.

    Attributes:
        skew: rise of a line of equal depth, px down per px to the right.
        wave: amplitude (px) and period (px) of a sideways wander of the paper.
        stretch: px of paper at the end of the feed per px printed.
        seam: row (sheet px) below which the paper lies shifted sideways, and by how much (px).
        fade: depth of the unevenness of the ink, 0..1.
        light: depth of the unevenness of the light, 0..1.
        bleed: spread of the ink, sheet px; negative thins it.
        blur: blur of the optics, sheet px sigma.
        noise: noise of the sensor, grey levels sigma.
        copies: photocopy generations, each blurs and thresholds at canvas resolution.
        bilevel: how the scanner thresholds: "" (grey), "scan" (at working dpi), "fine" (at twice it).
        threshold: grey level below which ink is black, 0..255.
        coarse: working px per scanned px; 1.0 scans at the working resolution, 2.0 at half of it.
        speckle: black (and white) specks per 1000 px.
        jpeg: quality; 0 for none.
        folds: (row px, depth 0..1) of shadows of folds across the paper.
        covers: what lies over the print or is torn out of it.
        dither: the grey levels are turned into black and white by an ordered screen (held out).
        streaks: (x px, width px) of white streaks of a dirty scanner along the feed (held out).
    """

    skew: float = 0.0
    wave: tuple[float, float] = (0.0, 300.0)
    stretch: float = 1.0
    seam: tuple[float, float] = (0.0, 0.0)
    fade: float = 0.0
    light: float = 0.0
    bleed: float = 0.0
    blur: float = 0.0
    noise: float = 0.0
    copies: int = 0
    bilevel: str = ""
    threshold: float = 150.0
    coarse: float = 1.0
    speckle: float = 0.0
    jpeg: int = 0
    folds: tuple[tuple[float, float], ...] = ()
    covers: tuple[Cover, ...] = ()
    dither: bool = False
    streaks: tuple[tuple[float, float], ...] = ()

    def kinds(self) -> tuple[str, ...]:
        """Names of what was done, for a manifest; covers by their own kinds."""
        plain = Wear()
        fields = [name for name in self.__dataclass_fields__ if name not in ("covers", "threshold")]
        done = [name for name in fields if getattr(self, name) != getattr(plain, name)]
        return (*done, *sorted({cover.kind for cover in self.covers}))

    @property
    def moves(self) -> bool:
        """Whether the paper's geometry is anything but straight."""
        return bool(self.skew or self.wave[0] or self.stretch != 1 or self.seam[1])


def _octaves(rng: np.random.Generator, low: float, high: float) -> float:
    return float(np.exp(rng.uniform(np.log(low), np.log(high))))


def random_wear(
    rng: np.random.Generator, height: int = 512, width: int = 512, held_out: bool = False
) -> Wear:
    """A treatment as archives show it: two thirds bilevel, most of it mild, some of it awful.

    Args:
        rng: the only source of randomness.
        height: of the scan, px; tears, holes and folds lie within.
        width: of the scan, px.
        held_out: add one of `HELD_OUT_WEAR`, at random.
    """
    harsh = float(rng.choice([0.2, 0.6, 1.2], p=[0.5, 0.36, 0.14]))
    kind = str(rng.choice(["", "scan", "fine"], p=[0.3, 0.4, 0.3]))
    skew = float(rng.choice([0.0, rng.normal(0, 0.006), rng.uniform(-0.07, 0.07)], p=[0.5, 0.42, 0.08]))
    amplitude = float(rng.uniform(0, 2.5 * harsh)) if rng.random() < 0.15 else 0.0
    special = str(rng.choice(HELD_OUT_WEAR)) if held_out else ""
    streaks = tuple(
        (float(rng.uniform(0, width)), float(rng.uniform(0.6, 3.0))) for _ in range(rng.integers(1, 5))
    )
    return Wear(
        skew=skew,
        wave=(amplitude, float(rng.uniform(150, 900))) if amplitude else Wear.wave,
        stretch=float(rng.choice([1.0, rng.uniform(0.97, 1.13)], p=[0.9, 0.1])),
        seam=(float(rng.uniform(0, height)), float(rng.normal(0, 4))) if rng.random() < 0.03 else Wear.seam,
        fade=float(rng.uniform(0, 0.5 * harsh)) if rng.random() < 0.4 else 0.0,
        light=float(rng.uniform(0, 0.3 * harsh)) if rng.random() < 0.3 else 0.0,
        bleed=float(rng.normal(0, 0.4 * harsh)) if rng.random() < 0.5 else 0.0,
        blur=float(rng.uniform(0.2, 0.5 + 0.5 * harsh)),
        noise=float(rng.uniform(0, 16 * harsh)),
        copies=int(rng.integers(1, 3)) if rng.random() < 0.25 * harsh else 0,
        bilevel="" if special == "dither" else kind,
        threshold=float(rng.uniform(95, 205)),
        coarse=float(rng.choice([1.0, 4 / 3, 2.0], p=[0.84, 0.1, 0.06])),
        speckle=_octaves(rng, 0.02, 3.0 * harsh) if rng.random() < 0.5 else 0.0,
        jpeg=int(rng.integers(25, 90)) if kind == "" and rng.random() < 0.4 else 0,
        folds=((float(rng.uniform(0, height)), float(rng.uniform(0.1, 0.5))),) if rng.random() < 0.06 else (),
        covers=_random_covers(rng, height, width) if rng.random() < 0.1 else (),
        dither=special == "dither",
        streaks=streaks if special == "streaks" else (),
    )


def _random_covers(rng: np.random.Generator, height: int, width: int) -> tuple[Cover, ...]:
    """One tear, row of punch holes, gap between sheets, black border, or taped strip."""
    kind = str(rng.choice(["torn", "hole", "gap", "black edge", "tape"], p=[0.3, 0.15, 0.2, 0.25, 0.1]))
    y, x = float(rng.uniform(0, height)), float(rng.uniform(0, width))
    left = rng.random() < 0.5
    if kind == "torn":  # a ragged wedge from one side
        reach, tall = _octaves(rng, 30, 0.6 * width), _octaves(rng, 10, 120)
        steps = np.sort(rng.uniform(0, 1, 9))
        ragged = [(float(s * reach), float(y - tall * (1 - s) / 2 + rng.normal(0, 2))) for s in steps]
        back = [(float(s * reach), float(y + tall * (1 - s) / 2 + rng.normal(0, 2))) for s in steps[::-1]]
        wedge = [(0.0, y - tall / 2), *ragged, *back, (0.0, y + tall / 2)]
        grey = int(rng.choice([0, 255], p=[0.4, 0.6]))
        points = tuple((px if left else width - px, py) for px, py in wedge)
        return (Cover(kind, points, grey),)
    if kind == "hole":
        radius, pitch, angles = rng.uniform(8, 22), rng.uniform(100, 300), np.linspace(0, 2 * np.pi, 20)
        grey = int(rng.choice([0, 255], p=[0.6, 0.4]))
        return tuple(
            Cover(
                kind, tuple(zip(x + radius * np.cos(angles), c + radius * np.sin(angles), strict=True)), grey
            )
            for c in np.arange(y % pitch, height, pitch)
        )
    if kind == "gap":
        tall = _octaves(rng, 6, 120)
        return (Cover(kind, ((0.0, y), (width, y), (width, y + tall), (0.0, y + tall)), 255),)
    if kind == "tape":
        tall, lean = _octaves(rng, 20, 60), float(rng.normal(0, 8))
        return (Cover(kind, ((x, y), (x + 150, y + lean), (x + 150, y + lean + tall), (x, y + tall)), 255),)
    wide, lean = _octaves(rng, 4, 90), float(rng.normal(0, 6))
    edge = ((0.0, 0.0), (wide, 0.0), (max(1.0, wide + lean), float(height)), (0.0, float(height)))
    return (Cover(kind, tuple((px if left else width - px, py) for px, py in edge), 0),)


def covered(wear: Wear, height: int, width: int) -> Bool:
    """Where the print is hidden or gone, (H, W) bool, scan px."""
    out = np.zeros((height, width), np.uint8)
    for cover in wear.covers:
        cv2.fillPoly(out, [np.rint(np.array(cover.points)).astype(np.int32)], (1,))
    return out > 0


def warp_points(wear: Wear, x: Float, y: Float) -> tuple[Float, Float]:
    """Where a printed point (x, y), sheet px, lies after the paper's geometry; inverse of the pixel map."""
    amplitude, period = wear.wave
    moved_x = x + amplitude * np.sin(2 * np.pi * y / period) + np.where(y >= wear.seam[0], wear.seam[1], 0.0)
    return moved_x, (y + wear.skew * moved_x) * wear.stretch
