"""Corrections by hand: which of them a layout can obey, and what ``inspect`` keeps of an older file."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import numpy as np

from logdigit.errors import LayoutError
from logdigit.paper.auto import Auto
from logdigit.paper.choose import interval
from logdigit.paper.spec import LayoutFile, read_layout
from logdigit.types import Layout


def check_fixes(layout: Layout, source: str = "") -> None:
    """Refuse fixes that a layout cannot obey, once its depths and scales are known.

    Args:
        layout: with the depths that the LAS file will have.
        source: file that the layout is from.

    Raises:
        LayoutError: naming the section and the fix.
    """
    for k, section in enumerate(layout.sections):
        held = interval(layout, k)
        row = (held[1] - held[0]) / max(1, section.body.height)  # depth of a row, for rounding
        specs = {curve.mnemonic: curve for track in section.tracks for curve in track.curves}
        for number, fix in enumerate(section.fixes, 1):
            place = f"{source}: " * bool(source) + f"section {k + 1}, fix {number}"
            key = "points" if fix.kind == "points" else "interval"
            if fix.interval[0] < held[0] - row or fix.interval[1] > held[1] + row:
                raise LayoutError(
                    f"{place}: {key}: {fix.interval[0]:g} to {fix.interval[1]:g} is not inside the section, "
                    f"which holds {held[0]:.7g} to {held[1]:.7g} {section.depth.unit.lower()}"
                )
            if fix.kind != "points":
                continue
            scales = specs[fix.curves[0]].scales
            if not scales:
                raise LayoutError(
                    f"{place}: points: {fix.curves[0]} has no scale; give scale or points to it"
                )
            if scales[0].kind in ("log", "hyperbolic") and min(value for _, value in fix.points) <= 0:
                raise LayoutError(f"{place}: points: values on a {scales[0].kind} scale must be positive")


def carried(old: LayoutFile, new: LayoutFile) -> tuple[LayoutFile, tuple[str, ...]]:
    """A new layout of a scan with the corrections that an older one had, and what found no place in it.

    They go to the section that shares most rows with their own, fixes as far as it declares their curves.
    """
    sections = list(new.sections)
    lost: list[str] = []
    for k, section in enumerate(old.sections, 1):
        shared = [min(s.rows[1], section.rows[1]) - max(s.rows[0], section.rows[0]) for s in sections]
        best = int(np.argmax(shared))
        for number, fix in enumerate(section.fixes, 1):
            tracks = [[curve.mnemonic for curve in track.curves] for track in sections[best].tracks]
            at_home = set(fix.curves) <= {name for track in tracks for name in track}
            if fix.kind == "swap":
                at_home = any(set(fix.curves) <= set(track) for track in tracks)
            if shared[best] > 0 and at_home:
                sections[best] = replace(sections[best], fixes=(*sections[best].fixes, fix))
            else:
                lost.append(
                    f"section {k}, fix {number} of the older file: {', '.join(fix.curves)} not found there"
                )
        for number, box in enumerate(section.ignore, 1):
            rows = sections[best].rows
            if box.top < rows[1] and box.bottom > rows[0]:
                sections[best] = replace(sections[best], ignore=(*sections[best].ignore, box))
            else:
                lost.append(f"section {k}, ignore {number} of the older file: no section has its rows")
    return replace(new, sections=tuple(sections)), tuple(lost)


def older_layout(path: Path) -> LayoutFile | None:
    """The layout file that is going to be replaced; None where there is none.

    Raises:
        LayoutError: if it cannot be read: nobody knows what corrections would be lost.
    """
    if not path.exists():
        return None
    try:
        return read_layout(path)
    except LayoutError as error:
        raise LayoutError(f"{error}; mend it or name another file: its corrections would be lost") from None


def keep_corrections(old: LayoutFile | None, auto: Auto) -> Auto:
    """What was found on a page, with the corrections of an older layout file."""
    if old is None:
        return auto
    file, lost = carried(old, auto.file)
    return replace(auto, file=file, left_out=(*auto.left_out, *lost))
