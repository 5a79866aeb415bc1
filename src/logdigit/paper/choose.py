"""Which sections of a strip make which log."""

from __future__ import annotations

import numpy as np

from logdigit.errors import LayoutError, UsageError
from logdigit.types import Layout, Section


def choose_sections(layout: Layout, wanted: str) -> tuple[tuple[int, ...], ...]:
    """Which sections make which log: groups of section numbers (from 0).

    ``main``: the main pass at the largest depth scale, runs that follow one another spliced; ``all``: each a
    log of its own; ``1,3``: those, each a log of its own.

    Raises:
        UsageError: numbers that the layout does not have.
    """
    count = len(layout.sections)
    if wanted == "all":
        return tuple((i,) for i in range(count))
    if wanted != "main":
        try:
            numbers = [int(part) - 1 for part in wanted.split(",")]
        except ValueError as error:
            raise UsageError(f"--sections {wanted}: give main, all or numbers such as 1,3") from error
        if not numbers or not all(0 <= i < count for i in numbers):
            raise UsageError(f"--sections {wanted}: the layout has sections 1 to {count}")
        return tuple((i,) for i in numbers)
    mains = [i for i in range(count) if layout.sections[i].pass_name == "main"]
    if not mains:
        raise LayoutError("the layout has no section with pass = main; choose others with --sections")
    pitch = {i: _px_per_unit(layout.sections[i]) for i in mains}
    largest = max(pitch.values())
    near = sorted(
        (i for i in mains if pitch[i] > 0.8 * largest), key=lambda i: layout.sections[i].depth.depths[0]
    )
    group: list[int] = []
    for i in near:  # a run that repeats what the last one covered is not spliced
        if not group or interval(layout, i)[0] >= interval(layout, group[-1])[1] - 1.0:
            group.append(i)
    return (tuple(group),)


def _px_per_unit(section: Section) -> float:
    return float(np.ptp(section.depth.rows) / np.ptp(section.depth.depths))


def interval(layout: Layout, index: int) -> tuple[float, float]:
    """First and last depth of a section's body."""
    section = layout.sections[index]
    top, bottom = straight_rows(layout, section)
    ends = section.depth.to_depth(np.array([top, bottom - 1.0]))
    return float(ends[0]), float(ends[1])


def straight_rows(layout: Layout, section: Section) -> tuple[int, int]:
    """Straight rows of a section's body, half-open."""
    middle = np.full(2, (section.body.left + section.body.right) / 2)
    _, rows = layout.geometry.to_straight(middle, np.array([section.body.top, section.body.bottom - 1.0]))
    return max(0, int(np.ceil(rows[0]))), min(layout.geometry.height, int(np.floor(rows[1])) + 1)
