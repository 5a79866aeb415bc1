"""From declarations to a layout: frames, skew, tracks found on a planted page."""

from __future__ import annotations

import math
import os
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest

from logdigit.errors import LayoutError, RefusalError
from logdigit.paper.layout import from_options, resolve
from logdigit.paper.page import open_pages
from logdigit.paper.skew import find_skew
from logdigit.paper.spec import LayoutFile, SectionFile, TrackFile
from logdigit.paper.stitch import stitch
from logdigit.paper.tracks import find_tracks
from logdigit.types import CurveSpec, Strip, UInt8

Strips = Callable[..., Strip]
GR = "GR track=1 scale=0:150 unit=GAPI"
DATA = Path(os.environ.get("LOGDIGIT_DATA", Path(__file__).parents[3] / "shared" / "data"))


def page(height: int = 2000, width: int = 1700, skew_deg: float = 0.0, thin: int = 2) -> UInt8:
    """Two tracks, x 100-600 and 750-1750 before turning (width permitting), a line every 20 rows."""
    y, x = np.mgrid[0:height, 0:width].astype(np.float32)
    angle = math.radians(skew_deg)
    cx, cy = (width - 1) / 2, (height - 1) / 2
    u = cx + (x - cx) * math.cos(angle) + (y - cy) * math.sin(angle)
    v = cy + (y - cy) * math.cos(angle) - (x - cx) * math.sin(angle)
    inside = ((u >= 100) & (u < 600 + thin)) | ((u >= 750) & (u < 1550 + thin))
    grid = (np.mod(u, 50) < thin) | (np.mod(v, 20) < thin)
    out = np.full((height, width), 255, dtype=np.uint8)
    out[inside & grid] = 0
    out[np.abs(u - 300 - 100 * np.sin(v / 40)) < 2] = 0
    return out


def test_the_edge_of_the_paper_is_no_track_edge(strip_of: Strips) -> None:
    pixels = page()
    pixels[:, 1598:1602] = 0  # where the next division would be
    _, right = find_tracks(strip_of(pixels), 0, 2000)
    assert (right.left[0][1], right.right[0][1]) == pytest.approx((750, 1550), abs=1.5)


@pytest.mark.parametrize("skew", [0.0, 0.6, -1.0, 3.0])
def test_skew_and_tracks_of_a_planted_page(strip_of: Strips, skew: float) -> None:
    strip = strip_of(page(skew_deg=skew), (200.0, 200.0))
    slope = find_skew(strip, 100, 1900)
    assert slope is not None
    assert math.degrees(math.atan(slope)) == pytest.approx(skew, abs=0.03)
    layout = resolve(strip, from_options(strip, [(200, 1000), (1800, 1080)], "ft", [GR]))
    first, second = layout.sections[0].tracks
    assert first.right - first.left == pytest.approx(500, abs=2)
    assert second.right - second.left == pytest.approx(800, abs=2)
    assert second.left - first.left == pytest.approx(650, abs=2)
    assert layout.origins["tracks"][0] == layout.origins["skew"][0] == "read"
    assert first.curves[0].mnemonic == "GR"


def test_an_upright_page_is_not_resampled(strip_of: Strips) -> None:
    strip = strip_of(page(), (200.0, 200.0))
    layout = resolve(strip, from_options(strip, [(200, 1000), (1800, 1080)], "ft", [GR]))
    x, y = layout.geometry.to_straight(np.array([70.0]), np.array([90.0]))
    assert (float(x[0]), float(y[0])) == (70.0, 90.0)
    assert (layout.sections[0].body.top, layout.sections[0].body.bottom) == (200, 1801)
    assert layout.sections[0].depth.to_depth(np.array([1000.0])) == pytest.approx([1040.0])


def simple(**changes: object) -> LayoutFile:
    section = SectionFile((10, 390), "M", ((50.0, 7700.0), (350.0, 7730.0)), (TrackFile(20.0, 120.0),))
    fields = {name: getattr(section, name) for name in SectionFile.__dataclass_fields__} | changes
    return LayoutFile((SectionFile(**fields),), skew_deg=0.0, source="well.toml")


def test_ticks_hold_where_they_were_read(strip_of: Strips) -> None:
    strip = strip_of(np.full((400, 300), 255, dtype=np.uint8), (200.0, 200.0))
    file = LayoutFile(simple(ticks_x=30.0, figure_add=10000.0).sections, skew_deg=2.0)
    layout = resolve(strip, file)
    section = layout.sections[0]
    _, row = layout.geometry.to_straight(np.array([30.0]), np.array([50.0]))
    assert section.depth.to_depth(row) == pytest.approx([17700.0])
    # the same depth further right lies further down the scan
    _, row = layout.geometry.to_straight(
        np.array([230.0]), np.array([50.0 + 200 * math.tan(math.radians(2))])
    )
    assert section.depth.to_depth(row) == pytest.approx([17700.0])


def test_resolution_given_outranks_the_tag(strip_of: Strips) -> None:
    strip = strip_of(np.full((400, 300), 255, dtype=np.uint8), (400.0, 400.0))
    layout = resolve(strip, simple(), (100.0, 100.0))
    assert layout.geometry.dpi == (100.0, 100.0)
    assert layout.sections[0].tracks[0].right - layout.sections[0].tracks[0].left == pytest.approx(200.0)
    assert layout.origins["dpi"][0] == "given"
    assert resolve(strip, simple()).geometry.dpi == (40.0, 40.0)  # 100 px are 2.5 inches


def test_a_leaning_track_has_straight_edges(strip_of: Strips) -> None:
    strip = strip_of(np.full((400, 300), 255, dtype=np.uint8), (200.0, 200.0))
    left = ((10.0, 20.0), (200.0, 30.0), (390.0, 28.0))
    right = tuple((row, x + 100) for row, x in left)
    layout = resolve(strip, simple(tracks=(TrackFile(left, right),)), (200.0, 200.0))
    track = layout.sections[0].tracks[0]
    x, _ = layout.geometry.to_straight(np.array([x for _, x in left]), np.array([row for row, _ in left]))
    np.testing.assert_allclose(x, track.left, atol=1e-6)
    assert track.right - track.left == pytest.approx(100.0)


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({"rows": (10, 401)}, "section 1: rows"),
        ({"tracks": (TrackFile(20.0, 400.0),)}, "section 1, track 1: right = 400"),
        ({"tracks": (TrackFile(-50.0, 100.0),)}, "section 1, track 1: left = -50"),
        ({"ticks": ((50.0, 1.0), (900.0, 2.0))}, "tick at row 900"),
    ],
)
def test_what_is_not_on_the_page(strip_of: Strips, changes: dict[str, object], words: str) -> None:
    strip = strip_of(np.full((400, 300), 255, dtype=np.uint8))
    with pytest.raises(LayoutError, match=r"well\.toml: ") as caught:
        resolve(strip, simple(**changes))
    assert words in str(caught.value)


@pytest.mark.parametrize(
    ("depths", "unit", "curves", "words"),
    [
        ([(1, 5)], "ft", [GR], "two or more"),
        ([], "ft", [GR], "two or more"),
        ([(1, 5), (300, 5)], "ft", [GR], "must increase"),
        ([(1, 50), (300, 5)], "ft", [GR], "must increase"),
        ([(1, 5), (1, 6)], "ft", [GR], "must increase"),
        ([(1, 5), (401, 6)], "ft", [GR], "outside the scan"),
        ([(-1, 5), (300, 6)], "ft", [GR], "outside the scan"),
        ([(1, 5), (300, 6)], None, [GR], "--depth-unit"),
        ([(1, 5), (300, 6)], "yard", [GR], "must be ft or m"),
        ([(1, 5), (300, 6)], "ft", [], "--curve"),
        ([(1, 5), (300, 6)], "ft", [GR, GR], "twice"),
        ([(1, 5), (300, 6)], "ft", ["GR trck=1"], "did you mean track"),
    ],
)
def test_bad_options(
    strip_of: Strips, depths: list[tuple[float, float]], unit: str | None, curves: list[str], words: str
) -> None:
    strip = strip_of(np.full((400, 300), 255, dtype=np.uint8))
    with pytest.raises(LayoutError, match=words) as caught:
        from_options(strip, depths, unit, curves)
    assert caught.value.exit_code == 2


@pytest.mark.parametrize("kind", ["white", "black", "noise", "narrow"])
def test_pages_without_tracks_are_refused(strip_of: Strips, kind: str) -> None:
    noise = np.where(np.random.default_rng(0).random((400, 300)) < 0.2, 0, 255).astype(np.uint8)
    pixels = {
        "white": np.full((400, 300), 255, dtype=np.uint8),
        "black": np.zeros((400, 300), dtype=np.uint8),
        "noise": noise,
        "narrow": noise[:, :2].copy(),
    }[kind]
    with pytest.raises(RefusalError, match="--layout"):
        from_options(strip_of(pixels), [(1, 5), (300, 6)], "ft", [GR])


def test_a_track_that_is_not_there_is_refused(strip_of: Strips) -> None:
    with pytest.raises(RefusalError, match="track 5 asked for, 2 found"):
        from_options(strip_of(page()), [(200, 5), (1800, 6)], "m", [(5, CurveSpec("GR", ()))])


@pytest.mark.real
def test_tracks_of_the_heinen_scan() -> None:
    path = DATA / "scans" / "ks-heinen-1-4-sonic.tif"
    if not path.exists():
        pytest.skip("no development data")
    strip = stitch(open_pages([path]))
    assert find_skew(strip, 2573, 11500) == 0.0
    first, second = find_tracks(strip, 2573, 11500)
    assert (first.left[0][1], first.right[0][1]) == pytest.approx((1, 499), abs=1.5)
    assert (second.left[0][1], second.right[0][1]) == pytest.approx((666, 1663), abs=1.5)
