"""How much of a printed page is found without being told: depths, tracks, names, scales, heading.

    logdigit synth --kind page --n 24 -o pages && python benchmarks/layouts.py pages [--only NAME] [--sheets]

Each page is looked at as ``logdigit inspect`` looks at it, and what is found is held against its
``layout.toml``. A registration is wrong where it is more than 1 ft or 0.3 m off at any of its rows.
"""

from __future__ import annotations

import argparse
import json
import sys
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from time import perf_counter

import numpy as np

from logdigit.errors import LogdigitError
from logdigit.options import DigitiseOptions
from logdigit.paper.given import find_on_page
from logdigit.paper.layout import edge_mean
from logdigit.paper.page import open_pages
from logdigit.paper.spec import LayoutFile, SectionFile, Skew, edge_x, read_layout
from logdigit.paper.stitch import stitch
from logdigit.types import CurveSpec, DepthUnit, Float

WRONG: dict[DepthUnit, float] = {"FT": 1.0, "M": 0.3}
NEAR = 0.02
"""Share of a track's width by which a found edge may be off."""


@dataclass
class Score:
    """One page, counted.

    Attributes:
        registered: sections found at their place and right.
        sections: of the page.
        wrong: what is registered wrongly, in words.
        rms_px: of the registered rows.
        tracks: found, and there.
        names: curves that have their name in the LAS file or their printed abbreviation, and all.
        scales: curves with name and both values, and all.
        header: items right, wrong, there.
    """

    name: str
    refused: str = ""
    registered: int = 0
    sections: int = 0
    wrong: list[str] = field(default_factory=list)
    rms_px: float = float("nan")
    tracks: tuple[int, int] = (0, 0)
    names: tuple[int, int] = (0, 0)
    scales: tuple[int, int] = (0, 0)
    header: tuple[int, int, int] = (0, 0, 0)
    misses: list[str] = field(default_factory=list)
    seconds: float = 0.0


def main(argv: Sequence[str] | None = None) -> int:
    """Score the pages of a folder and print a table."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else None)
    parser.add_argument("folder", type=Path)
    parser.add_argument("--only", action="append", default=[])
    parser.add_argument("--sheets", action="store_true", help="score sets of sheets too")
    args = parser.parse_args(argv)
    items = json.loads((args.folder / "manifest.json").read_text(encoding="utf-8"))["items"]
    scores = []
    for item in items:
        files = [args.folder / file for file in item["files"]]
        if args.only and item["name"] not in args.only:
            continue
        if not args.sheets and len(open_pages(files)) > 1:
            continue  # a sheet may be missing; rows of the truth are those of the whole strip
        score = look_at(args.folder, item["name"], files)
        scores.append(score)
        print(row_of(score), flush=True)
    print(summary(scores))
    return 1 if any(score.wrong for score in scores) else 0


def look_at(folder: Path, name: str, files: Sequence[Path]) -> Score:
    """Inspect one page and hold it against its truth."""
    truth = read_layout(folder / "pages" / name / "layout.toml")
    score = Score(name, sections=len(truth.sections))
    start = perf_counter()
    try:
        auto = find_on_page(stitch(open_pages(files)), DigitiseOptions(), lambda message, share: None)
    except LogdigitError as error:
        score.refused = str(error)
    else:
        compare(score, auto.file, truth)
    score.seconds = perf_counter() - start
    return score


def compare(score: Score, found: LayoutFile, truth: LayoutFile) -> None:
    """Count what is right; name what is wrong."""
    used: set[int] = set()
    squares: list[Float] = []
    for section in found.sections:
        k = _partner(section, truth.sections)
        if k is None:
            score.wrong.append(f"rows {section.rows[0]} to {section.rows[1]}: no section is there")
            continue
        off, off_px = _errors(section, found.skew_deg or 0.0, truth.sections[k], truth.skew_deg or 0.0)
        limit = WRONG[truth.sections[k].unit]
        if section.unit != truth.sections[k].unit or not np.all(np.abs(off) <= limit):
            worst = float(np.abs(off).max(initial=0.0))
            score.wrong.append(f"rows {section.rows[0]} to {section.rows[1]}: {worst:.1f} {section.unit} off")
            continue
        squares.append(np.square(off_px))
        if k not in used:
            used.add(k)
            score.registered += 1
            _contents(score, section, truth.sections[k])
    if squares:
        score.rms_px = float(np.sqrt(np.mean(np.concatenate(squares))))
    score.header = _header(score, found.header, truth.header)


def _partner(section: SectionFile, sections: Sequence[SectionFile]) -> int | None:
    """The true section that shares most rows."""
    shared = [min(section.rows[1], s.rows[1]) - max(section.rows[0], s.rows[0]) for s in sections]
    k = int(np.argmax(shared))
    return k if shared[k] > 0 else None


def _errors(found: SectionFile, skew: Skew, truth: SectionFile, true_skew: Skew) -> tuple[Float, Float]:
    """Depth errors, depth units, and row errors, px, at the rows of both: at the ticks and both borders."""
    first, last = max(found.rows[0], truth.rows[0]), min(found.rows[1], truth.rows[1])
    rows = np.linspace(first, last - 1, max(2, (last - first) // 4))
    edges = [edge_mean(edge) for track in truth.tracks for edge in (track.left, track.right)]
    ticks_x = found.ticks_x or 0.0
    has, due = [], []
    for x in (ticks_x, min(edges, default=ticks_x), max(edges, default=ticks_x)):
        has.append(_depths(found, rows - _slope(skew, rows) * (x - ticks_x)))
        middle = truth.ticks_x if truth.ticks_x is not None else x
        due.append(_depths(truth, rows - _slope(true_skew, rows) * (x - middle)))
    pitch = (truth.ticks[-1][0] - truth.ticks[0][0]) / (truth.ticks[-1][1] - truth.ticks[0][1])
    off = np.concatenate(has) - np.concatenate(due)
    return off, off * pitch


def _slope(skew: Skew, rows: Float) -> Float:
    """Rise of the lines of equal depth, px down per px to the right."""
    return np.asarray(np.tan(np.radians([edge_x(skew, row) for row in rows])))


def _depths(section: SectionFile, rows: Float) -> Float:
    at, depths = np.array(section.ticks).T
    inside = np.interp(rows, at, depths)
    for end, inner in ((0, 1), (-1, -2)):
        slope = (depths[end] - depths[inner]) / (at[end] - at[inner])
        out = rows < at[0] if end == 0 else rows > at[-1]
        inside = np.where(out, depths[end] + slope * (rows - at[end]), inside)
    return np.asarray(inside + section.figure_add, dtype=np.float64)


def _contents(score: Score, found: SectionFile, truth: SectionFile) -> None:
    """Tracks, names and scales of a section that is registered."""
    row = (max(found.rows[0], truth.rows[0]) + min(found.rows[1], truth.rows[1])) / 2
    tracks = names = scales = declared = 0
    for track in truth.tracks:
        left, right = edge_x(track.left, row), edge_x(track.right, row)
        near = NEAR * (right - left) + 2
        own = [
            t
            for t in found.tracks
            if abs(edge_x(t.left, row) - left) <= near and abs(edge_x(t.right, row) - right) <= near
        ]
        tracks += bool(own)
        if not own:
            score.misses.append(f"track {left:.0f} to {right:.0f}")
        curves = {curve.mnemonic: curve for t in own for curve in t.curves}
        for curve in track.curves:
            declared += 1
            mine = curves.get(curve.mnemonic) or curves.get(curve.printed.upper())
            names += mine is not None
            same = mine is not None and _values(mine) == _values(curve)
            scales += same
            if not same:
                got = ", ".join(f"{name} {_values(c)}" for name, c in curves.items())
                score.misses.append(f"{curve.mnemonic} {curve.printed!r} {_values(curve)}: {got or 'none'}")
    score.tracks = (score.tracks[0] + tracks, score.tracks[1] + len(truth.tracks))
    score.names = (score.names[0] + names, score.names[1] + declared)
    score.scales = (score.scales[0] + scales, score.scales[1] + declared)


def _values(curve: CurveSpec) -> tuple[float, float] | None:
    if not curve.scales:
        return None
    anchors = curve.scales[0].anchors
    return anchors[0][1], anchors[-1][1]


def _header(score: Score, found: object, truth: object) -> tuple[int, int, int]:
    """Items of the heading right, wrong, and there."""
    has, due = dict(found), dict(truth)  # type: ignore[call-overload]
    right = wrong = 0
    for name, text in has.items():
        if _plain(text) == _plain(due.get(name, "")):
            right += 1
        else:
            wrong += 1
            score.misses.append(f"{name} = {text!r}, not {due.get(name)!r}")
    return right, wrong, len(due)


def _plain(text: str) -> str:
    return "".join(c for c in text.upper() if c.isalnum() or c == ".").rstrip(".")


def row_of(score: Score) -> str:
    """A page in a line, and what was missed on it below."""
    if score.refused:
        return f"{score.name} refused {score.seconds:4.0f} s: {score.refused}"
    line = (
        f"{score.name} sections {score.registered}/{score.sections} rms {score.rms_px:.2f} px "
        f"tracks {score.tracks[0]}/{score.tracks[1]} names {score.names[0]}/{score.names[1]} "
        f"scales {score.scales[0]}/{score.scales[1]} header {score.header[0]} right {score.header[1]} wrong "
        f"of {score.header[2]} {score.seconds:4.0f} s"
    )
    more = [f"    WRONG {text}" for text in score.wrong] + [f"    {text}" for text in score.misses]
    return "\n".join([line, *more])


def summary(scores: Sequence[Score]) -> str:
    """All pages in a few lines."""

    def share(pairs: Iterable[tuple[int, int]]) -> str:
        a, b = np.array([*pairs, (0, 0)]).sum(axis=0)
        return f"{a}/{b} ({100 * a / max(b, 1):.0f} %)"

    done = [s for s in scores if not s.refused]
    rms = [s.rms_px for s in done if np.isfinite(s.rms_px)]
    right = sum(s.header[0] for s in done)
    return "\n".join(
        [
            f"pages {len(scores)}, with depth {sum(bool(s.registered) for s in done)}, "
            f"refused {len(scores) - len(done)}, with a wrong depth {sum(bool(s.wrong) for s in done)}",
            f"sections {share((s.registered, s.sections) for s in done)}, of pages that were not refused",
            f"median rms {np.median(rms) if rms else float('nan'):.2f} px",
            f"tracks {share(s.tracks for s in done)}, names {share(s.names for s in done)}, "
            f"scales {share(s.scales for s in done)}",
            f"heading items right {right}, wrong {sum(s.header[1] for s in done)}, "
            f"of {sum(s.header[2] for s in done)}",
        ]
    )


if __name__ == "__main__":
    sys.exit(main())
