from dataclasses import dataclass, replace

import numpy as np
import pytest

from logdigit.curves.calibrate import to_position, to_value
from logdigit.paper.layout import resolve
from logdigit.paper.spec import LayoutFile
from logdigit.synth.families import FAMILIES, Family
from logdigit.synth.page_body import at_depths
from logdigit.synth.page_design import PagePlan, plan_page
from logdigit.synth.page_layout import layout_of, truth_of
from logdigit.synth.page_paper import Paper, place
from logdigit.synth.page_press import press
from logdigit.synth.page_scan import scan_page
from logdigit.synth.page_tracks import Recorded
from logdigit.synth.wear import Wear
from logdigit.types import Float, Join, Layout, Strip, Track, UInt8


@dataclass(frozen=True)
class Blank:
    """A page of which only the size counts."""

    height: int
    width: int
    dpi: tuple[float, float] | None = None
    source: str = "blank"
    index: int = 0

    def read(self, top: int, bottom: int) -> UInt8:
        return np.full((bottom - top, self.width), 255, np.uint8)


def laid_out(file: LayoutFile, size: tuple[int, int]) -> Layout:
    return resolve(Strip((Blank(*size),), (Join(0, 1.0),)), file)


def planted(plan: PagePlan, rows: int = 1500) -> PagePlan:
    """The page with its main pass only, cut short, one curve a track: a sine across it, with a gap."""
    body = next(b for b in plan.bodies if b.pass_name == "main")
    row = body.axis.row(body.index)

    def only(curve: Recorded, number: int) -> Recorded:
        reach = 0.65 if curve.spec.wraps else 0.45
        u = 0.5 + reach * np.sin(row / 110 + number)
        u[(row > 600) & (row < 700)] = np.nan
        spec = replace(curve.spec, scales=curve.spec.scales[:1])
        return replace(curve, value=to_value(spec.scales[0], u), spec=spec, pens=curve.pens[:1], hold=False)

    tracks = tuple(
        replace(track, curves=tuple(only(curve, number) for curve in track.curves[:1]))
        for number, track in enumerate(body.design.tracks)
    )
    stop = min(body.axis.stop, body.axis.start + rows / body.axis.per_unit)
    body = replace(body, design=replace(body.design, tracks=tracks), axis=replace(body.axis, stop=stop))
    return replace(plan, bodies=(body,), footer=False, tail=False)


def centres(mask: UInt8, left: float, right: float) -> tuple[Float, Float]:
    """(x, y) of the middle of the ink between two columns, in the rows in which it is one run."""
    first = max(0, round(left))
    inked = (mask[:, first : round(right) + 1] > 0).astype(np.int8)
    inked = np.pad(inked, ((0, 0), (1, 1)))
    single = (np.diff(inked, axis=1) == 1).sum(axis=1) == 1
    columns = np.arange(inked.shape[1]) - 1 + first
    rows = np.flatnonzero(single)
    return (inked[rows] @ columns) / inked[rows].sum(axis=1), rows.astype(np.float64)


WARPS = (
    Paper(),
    Paper(Wear(skew=0.05)),
    Paper(Wear(skew=-0.02, wave=(4.0, 1200.0), stretch=1.08, seam=(1900.0, 6.0)), 0.006),
    Paper(Wear(skew=0.01), -0.004, (3.0, 2400.0), (300.0, 300.0)),
    Paper(Wear(wave=(3.0, 2000.0)), 0.0, (2.0, 1700.0), (150.0, 120.0)),
)
NAMES = ("straight", "skew", "all", "300 dpi", "150 by 120 dpi")


def off_truth(paper: Paper, family: Family, seed: int) -> tuple[Float, Float]:
    """How far right of its truth by the layout the ink lies, px (n,), and how far the truth moves a row."""
    plan = planted(plan_page(np.random.default_rng(seed), family, False))
    printed, tops = press(np.random.default_rng(seed), plan)
    paper, size = place(paper, printed.height, printed.width)
    _, mask = scan_page(printed, paper, Wear(), size, (seed,))
    assert mask.shape == size
    layout = laid_out(layout_of(paper, size, plan.bodies, tops, plan.step, {}), size)
    log, _ = truth_of(paper, Wear(), size, plan.bodies[0], tops[0], plan.step, {})
    truths = {curve.mnemonic: curve.value for curve in log.curves}
    (section,) = layout.sections
    misses, slopes = [], []
    for track in section.tracks:
        (spec,) = track.curves
        x, y = centres(mask, *edges_in_scan(layout, track))
        straight_x, straight_y = layout.geometry.to_straight(x, y)
        u = (straight_x - track.left) / (track.right - track.left)
        depth = section.depth.to_depth(straight_y)
        true = to_position(spec.scales[0], at_depths(log.depth, truths[spec.mnemonic], depth))
        slope = np.gradient(true, straight_y)
        inside = (u > 0.04) & (u < 0.96) & np.isfinite(true) & np.isfinite(slope)
        true -= np.floor(true) if spec.wraps else 0.0
        misses.append((u - true)[inside] * (track.right - track.left))
        slopes.append(slope[inside] * (track.right - track.left))
    return np.concatenate(misses), np.concatenate(slopes)


def edges_in_scan(layout: Layout, track: Track) -> tuple[float, float]:
    """The columns between which a track lies on all rows of its section, scan px."""
    body = layout.sections[0].body
    _, rows = layout.geometry.to_straight(np.zeros(2), np.array([body.top, body.bottom], dtype=np.float64))
    at = np.linspace(rows[0], rows[1], 50)
    left, _ = layout.geometry.to_strip(np.full(50, track.left), at)
    right, _ = layout.geometry.to_strip(np.full(50, track.right), at)
    return float(left.min()) - 3, float(right.max()) + 3


CASES = [(family, WARPS[2]) for family in FAMILIES.values()] + [(FAMILIES["film"], paper) for paper in WARPS]


@pytest.mark.parametrize(("family", "paper"), CASES)
def test_the_layout_finds_every_curve_where_it_was_drawn(family: Family, paper: Paper) -> None:
    off, slope = off_truth(paper, family, 5)
    assert len(off) > 300
    assert np.mean(np.abs(off) - np.abs(slope) < 0.3) > 0.97
    (rows, px), *_ = np.linalg.lstsq(np.column_stack([slope, np.ones(len(off))]), off)
    assert abs(rows) < 0.05 and abs(px) < 0.05  # neither too deep nor too far right


@pytest.mark.parametrize("paper", WARPS, ids=NAMES)
def test_ticks_lie_on_the_printed_depth_lines(paper: Paper) -> None:
    plan = planted(plan_page(np.random.default_rng(8), FAMILIES["digital"], False))
    (body,) = plan.bodies
    tracks = tuple(replace(track, curves=()) for track in body.design.tracks)
    grid = replace(body.grid, ink=(0, 0, 0), wholeness=1.0, fur=0.0)
    body = replace(body, design=replace(body.design, tracks=tracks), grid=grid)
    assert body.ruling is not None
    plan = replace(plan, bodies=(body,))
    printed, tops = press(np.random.default_rng(0), plan)
    paper, size = place(paper, printed.height, printed.width)
    picture, _ = scan_page(printed, paper, Wear(), size, (0,))
    section = layout_of(paper, size, (body,), tops, plan.step, {}).sections[0]
    assert section.ticks_x is not None
    left, right = body.edges[-1]
    xs, _ = paper.to_scan(np.linspace(left, right, 60)[1:-1], np.full(58, tops[0] + 200.0))
    misses = []
    for row, _ in section.ticks[2:-2]:
        at = np.rint(xs).astype(int)
        want = row + paper.slope * (at - section.ticks_x)
        first = np.rint(want).astype(int) - 5
        ink = 255.0 - picture[first[:, None] + np.arange(11), at[:, None]]
        alone = ink[:, [0, -1]].max(axis=1) < 20  # no vertical line here
        found = first + (ink @ np.arange(11)) / ink.sum(axis=1)
        misses.append(np.median((found - want)[alone]))
    assert len(misses) > 10
    assert np.abs(misses).max() < 0.25
