"""Whether two pages can be of one log: the same tracks somewhere on either."""

from __future__ import annotations

from itertools import product

import numpy as np

from logdigit.paper.joint import alike
from logdigit.paper.survey import bodies, lines_of, survey
from logdigit.types import Float32, Join, Page, Strip

_MIN_LINES = 6
_REACHES = 0.35
"""How near to the joint a grid must come, share of the width."""
_LONGEST = 0.8
"""Length of a grid that is a log and no table, share of the width."""
_ALIKE = 0.6
"""Least likeness of the vertical lines of two sheets of one log, at the best of their blocks."""
_BLOCKS = 10


def same_log(upper: Page, lower: Page) -> bool:
    """Whether two pages have the tracks of one log anywhere; True unless both have one at the joint."""
    blocks = [_gridded(upper, end=True), _gridded(lower, end=False)]
    if not all(blocks):
        return True
    return any(alike(one, two)[0] >= _ALIKE for one, two in product(*blocks))


def _gridded(page: Page, end: bool) -> list[Float32]:
    """Vertical lines of blocks of rows of the logs on a page; none if no log runs up to the end (or top)."""
    seen = survey(Strip((page,), (Join(0, 1.0),)))
    logs = [b for b in bodies(seen, page.height, page.width) if b[1] - b[0] >= _LONGEST * page.width]
    reach = _REACHES * page.width
    if not logs or (logs[-1][1] < page.height - reach if end else logs[0][0] > reach):
        return []
    inside = [k for k, row in enumerate(seen.rows) if any(top <= row < bottom for top, bottom in logs)]
    inside = [k for k in inside if lines_of(seen.upright[k]) >= _MIN_LINES]
    picked = sorted({inside[int(i)] for i in np.linspace(0, len(inside) - 1, _BLOCKS)}) if inside else []
    return [seen.upright[k] for k in picked]
