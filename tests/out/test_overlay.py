from __future__ import annotations

from pathlib import Path

import cv2
import numpy as np
import pytest

from logdigit.errors import OutputExistsError, UsageError
from logdigit.out.overlay import LEGEND_PX, MARGIN_PX, numbered, write_overlay
from logdigit.types import (
    Box,
    CurveSpec,
    DepthScale,
    Geometry,
    Join,
    Layout,
    Section,
    Strip,
    Trace,
    Track,
    UInt8,
    ValueScale,
)

HEIGHT, WIDTH = 900, 300
HEAD = 2 * LEGEND_PX + 8


class BlankPage:
    """White paper with one black row at 405; remembers the largest band asked for."""

    height, width, dpi, source, index = HEIGHT, WIDTH, None, "blank", 0

    def __init__(self) -> None:
        self.largest = 0

    def read(self, top: int, bottom: int) -> UInt8:
        self.largest = max(self.largest, bottom - top)
        out = np.full((bottom - top, WIDTH), 255, dtype=np.uint8)
        if top <= 405 < bottom:
            out[405 - top] = 0
        return out


def a_layout(slope: float = 0.0) -> Layout:
    rows = np.array([0.0, HEIGHT - 1.0])
    geometry = Geometry(
        rows, rows, np.full(2, slope), np.full(2, 20.0), np.ones(2), WIDTH / 2, WIDTH - 20, (200, 200)
    )
    scale = (ValueScale(((0.0, 0.0), (1.0, 150.0))),)
    track = Track(10.0, 210.0, (CurveSpec("GR", scale, "GAPI"), CurveSpec("SP", ())))
    depth = DepthScale(np.array([0.0, 900.0]), np.array([100.0, 190.0]), "FT", 0.0)
    return Layout(geometry, (Section(Box(100, 0, 800, WIDTH), (track,), depth),))


def a_trace(x: np.ndarray, top: int = 100) -> Trace:
    ones = np.ones(len(x), dtype=np.float32)
    return Trace(top, x.astype(np.float32), ones, np.zeros(len(x), dtype=np.int8))


def paint(path: Path, trace: Trace, slope: float = 0.0, max_rows: int = 6000) -> UInt8:
    strip = Strip((BlankPage(),), (Join(0, 1.0),))
    write_overlay(path, strip, a_layout(slope), {(0, "GR"): trace}, overwrite=True, max_rows=max_rows)
    picture = cv2.imread(str(path))
    assert picture is not None
    return np.asarray(picture[..., ::-1], dtype=np.uint8)


def red(picture: UInt8) -> np.ndarray:
    """Pixels of the first colour of the palette, in strip coordinates."""
    rgb = picture.astype(int)[HEAD:, MARGIN_PX:]
    return (rgb[..., 0] > 200) & (rgb[..., 1] < 60) & (rgb[..., 2] < 60)


def test_a_trace_lies_where_the_geometry_puts_it(tmp_path: Path) -> None:
    x = np.full(700, 50.0)
    x[200:260] = np.nan
    picture = paint(tmp_path / "a.png", a_trace(x))
    assert picture.shape == (HEAD + 700, MARGIN_PX + WIDTH, 3)
    ink = red(picture)
    for row in (0, 150, 300, 699):
        cols = np.flatnonzero(ink[row])
        assert cols.size and abs(cols.mean() - 70) <= 1  # straight 50 is strip 70
    assert not ink[203:257].any()  # nothing across the gap
    assert picture[HEAD + 305, MARGIN_PX + 290].tolist() == [140] * 3  # black ink washed out


def test_skew_moves_the_trace_and_the_depth_lines(tmp_path: Path) -> None:
    ink = red(paint(tmp_path / "a.png", a_trace(np.array([50.0, 51.0]), top=300), slope=0.1))
    rows = np.flatnonzero(ink.any(axis=1))
    assert abs(rows.mean() - (300.5 - 100 + 0.1 * (70.5 - 150))) <= 1


def test_wrapped_pieces_are_thicker_and_not_joined(tmp_path: Path) -> None:
    x = np.concatenate([np.full(100, 195.0), np.full(100, 20.0)])
    trace = a_trace(x)
    turns = np.repeat(np.array([0, 1], dtype=np.int8), 100)
    ink = red(paint(tmp_path / "a.png", Trace(100, trace.x, trace.confidence, turns)))
    assert ink[50].sum() < ink[150].sum()
    assert not ink[90:110, 60:190].any()


def test_unsure_pieces_are_lighter(tmp_path: Path) -> None:
    trace = a_trace(np.full(200, 50.0))
    confidence = np.repeat(np.array([0.9, 0.2], dtype=np.float32), 100)
    picture = paint(tmp_path / "a.png", Trace(100, trace.x, confidence, trace.turns))
    assert picture[HEAD + 55, MARGIN_PX + 70, 1] < 60 < 100 < picture[HEAD + 155, MARGIN_PX + 70, 1] < 200


def test_long_strips_become_numbered_pages_read_in_bands(tmp_path: Path) -> None:
    page = BlankPage()
    strip = Strip((page,), (Join(0, 1.0),))
    traces = {(0, "GR"): a_trace(np.full(700, 50.0))}
    paths = write_overlay(tmp_path / "a.png", strip, a_layout(), traces, max_rows=250)
    assert [path.name for path in paths] == ["a.1.png", "a.2.png", "a.3.png"]
    assert page.largest <= 250
    pictures = [cv2.imread(str(path)) for path in paths]
    assert sum(p.shape[0] - HEAD for p in pictures if p is not None) == 700
    (tmp_path / "a.1.png").unlink()
    with pytest.raises(OutputExistsError):
        write_overlay(tmp_path / "a.png", strip, a_layout(), traces, max_rows=250)
    assert not (tmp_path / "a.1.png").exists()


def test_names(tmp_path: Path) -> None:
    strip = Strip((BlankPage(),), (Join(0, 1.0),))
    with pytest.raises(UsageError, match="name it"):
        write_overlay(tmp_path / "a.txt", strip, a_layout(), {(0, "GR"): a_trace(np.full(9, 5.0))})
    assert numbered(Path("well.las"), 1) == Path("well.1.las")
