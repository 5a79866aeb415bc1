"""A layout in one line a section."""

from __future__ import annotations

from collections.abc import Iterator

from logdigit.paper.spec import LayoutFile


def lines(file: LayoutFile) -> Iterator[str]:
    """One line a section: rows, depths, unit, pass, depth scale, tracks, curves, how sure the depths are."""
    for number, section in enumerate(file.sections, 1):
        (_, first), (_, last) = section.ticks[0], section.ticks[-1]
        origin, sure = file.origins.get(f"section {number}: ticks", ("given", 1.0))
        tracks = "; ".join(
            ", ".join(curve.mnemonic for curve in track.curves) or "no curve" for track in section.tracks
        )
        scale = f" {section.nominal}" if section.nominal else ""
        yield (
            f"{number}: rows {section.rows[0]} to {section.rows[1]}, {first:g} to {last:g} "
            f"{section.unit.lower()}, {section.pass_name}{scale}, {len(section.tracks)} tracks ({tracks}), "
            f"depth {origin} {sure:.2f}"
        )
