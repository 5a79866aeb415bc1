"""Pages to one strip."""

from __future__ import annotations

from collections.abc import Sequence

from logdigit.errors import ScanError
from logdigit.types import Join, Page, Strip


def stitch(pages: Sequence[Page]) -> Strip:
    """Join pages edge to edge, in the order given.

    Nothing is known yet about overlap, so each join after the first is only as sure as the order of the
    files (0.5); the first page begins where it begins.

    Raises:
        ScanError: if there are no pages.
    """
    if not pages:
        raise ScanError("no pages to join; name one or more scan files")
    joins, row = [], 0
    for number, page in enumerate(pages):
        joins.append(Join(row, 0.5 if number else 1.0))
        row += page.height
    return Strip(tuple(pages), tuple(joins))
