"""Pages to one strip: overlaps found and taken out, butt joints checked, order and orientation looked after.

The strip lies in the frame of the first page. A page that follows is copied where it lies there by a whole
shift and resampled where it does not (`placed`).
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise

import numpy as np

from logdigit.errors import RefusalError, ScanError
from logdigit.paper.foreign import same_log
from logdigit.paper.negative import positive
from logdigit.paper.pairs import DOUBTFUL, SURE, Ends, Pair, join_pair, overlapping, turned_against
from logdigit.paper.placed import PlacedPage, after, whole_shift
from logdigit.paper.screened import unscreened
from logdigit.types import Finding, Float, Join, Page, Strip

MOST_SORTED = 8
"""Most pages whose order is looked for: every page is compared with every other."""


@dataclass(frozen=True)
class _Laid:
    """A page on the strip: its (2, 3) map to it, how it follows the one before, whether it has two levels."""

    page: Page
    matrix: Float
    pair: Pair | None
    two_levels: bool


def stitch(pages: Sequence[Page]) -> Strip:
    """Join pages to one strip, in the order given unless overlaps show another.

    Args:
        pages: the pages of one log.

    Returns:
        The strip, with a finding for each join that is doubtful, a missing interval, a page that adds nothing
        and an order that was changed.

    Raises:
        ScanError: if there are no pages.
        RefusalError: if a page lies upside down, or belongs to another log.
    """
    if not pages:
        raise ScanError("no pages to join; name one or more scan files")
    pages = [unscreened(positive(page)) for page in pages]
    if len(pages) == 1:
        return Strip(tuple(pages), (Join(0, 1.0),))
    ends = Ends(pages)
    order = list(range(len(pages)))
    pairs = [join_pair(ends, a, b) for a, b in pairwise(order)]
    findings: list[Finding] = []
    if any(_open(pair) for pair in pairs):
        _refuse(ends, pairs)
        found = _sorted(ends, pairs)
        if found is not None:
            order, pairs = found
            names = ", ".join(_name(pages, k) for k in order)
            findings.append(Finding("order", f"the pages overlap in another order than given: {names}"))
    laid = _lay(ends, order, pairs)
    return _strip(laid, findings, [_name(pages, k) for k in order])


def _open(pair: Pair) -> bool:
    """Whether nothing shows that a page follows the one before."""
    return pair.kind != "overlap" and pair.confidence < SURE


def _name(pages: Sequence[Page], number: int) -> str:
    """A page as a person knows it: its file, and its number where the file has several."""
    page = pages[number]
    several = sum(other.source == page.source for other in pages) > 1
    return f"{page.source}, page {page.index + 1}" if several else page.source


def _refuse(ends: Ends, pairs: Sequence[Pair]) -> None:
    """Refuse pages that cannot be joined.

    Raises:
        RefusalError: naming the page.
    """
    for k, pair in enumerate(pairs):
        if not _open(pair) or min(ends.pages[k].height, ends.pages[k + 1].height) < 256:
            continue
        if turned_against(ends, k, k + 1):
            # the one that also fits nothing else is the one that lies wrongly
            odd = k if k + 1 < len(pairs) and pairs[k + 1].kind == "overlap" else k + 1
            raise RefusalError(
                f"{_name(ends.pages, odd)}: lies upside down: turn it by 180 degrees and try again"
            )
        apart = ends.pages[k].source != ends.pages[k + 1].source  # one file was put together by somebody
        if apart and pair.lines is not None and not same_log(ends.pages[k], ends.pages[k + 1]):
            raise RefusalError(
                f"{_name(ends.pages, k + 1)}: shows another log than {_name(ends.pages, k)}: "
                "neither overlap nor tracks agree; give the pages of one log"
            )


def _sorted(ends: Ends, pairs: Sequence[Pair]) -> tuple[list[int], list[Pair]] | None:
    """The one order in which every page overlaps the next beyond doubt; None where there is none."""
    count = len(ends.pages)
    if count > MOST_SORTED:
        return None
    after_of: dict[int, tuple[int, Pair]] = {}
    for a in range(count):
        for b in range(count):
            known = pairs[a] if b == a + 1 else None
            pair = None if a == b else known if known is not None else overlapping(ends, a, b)
            if pair is None or pair.kind != "overlap" or pair.confidence < SURE:
                continue
            if a in after_of:
                return None
            after_of[a] = (b, pair)
    starts = set(range(count)) - {b for b, _ in after_of.values()}
    if len(starts) != 1:
        return None
    order, joined = [starts.pop()], []
    while order[-1] in after_of:
        following, pair = after_of[order[-1]]
        order.append(following)
        joined.append(pair)
    return (order, joined) if len(order) == count else None


def _lay(ends: Ends, order: Sequence[int], pairs: Sequence[Pair]) -> list[_Laid]:
    """Pages where they lie on the strip, one after the other."""
    matrix: Float = np.array([[1.0, 0.0, 0.0], [0.0, 1.0, 0.0]])
    laid = [_Laid(ends.pages[order[0]], matrix, None, ends.two_levels(order[0]))]
    for number, pair in zip(order[1:], pairs, strict=True):
        matrix = after(matrix, pair.matrix)
        if pair.kind == "missing":  # neither curve nor depth may run across
            matrix = matrix + np.array([[0, 0, 0], [0, 0, _gap(ends.pages[order[0]])]])
        laid.append(_Laid(ends.pages[number], matrix, pair, ends.two_levels(number)))
    return laid


def _gap(page: Page) -> int:
    """Rows of blank paper where an interval is missing."""
    return round(0.75 * page.width)


def _strip(laid: Sequence[_Laid], findings: list[Finding], names: Sequence[str]) -> Strip:
    """Pages cut where one takes over from the other."""
    kept: list[_Laid] = [laid[0]]
    labels = [names[0]]
    rows = [0]
    for item, name in zip(laid[1:], names[1:], strict=True):
        row = _seam(kept[-1], item)
        if _bottom(item) <= _bottom(kept[-1]) or row <= rows[-1]:
            findings.append(
                Finding("duplicate", f"{name}: shows nothing that {labels[-1]} does not; left out")
            )
            continue
        kept.append(item)
        labels.append(name)
        rows.append(row)
    if len(kept) == 1:
        return Strip((kept[0].page,), (Join(0, 1.0),), tuple(findings))
    rows.append(math.ceil(_bottom(kept[-1]) - 1e-6))
    width = max(math.ceil(_right(item) - 1e-6) for item in kept)
    pages: list[Page] = []
    joins: list[Join] = []
    for item, top, bottom in zip(kept, rows[:-1], rows[1:], strict=True):
        pages.append(_shown(item, top, bottom, width))
        joins.append(_join(item, top))
    for item, name, upper, row in zip(kept[1:], labels[1:], labels[:-1], rows[1:], strict=False):
        findings += _said(item, name, upper, row)
    return Strip(tuple(pages), tuple(joins), tuple(findings))


def _ends_of(item: _Laid, y: float) -> tuple[float, float]:
    """Strip rows of the two ends of a horizontal line ``y`` of a page, px from the upper border of row 0."""
    width = item.page.width
    line = np.array([[-0.5, y, 1.0], [width - 0.5, y, 1.0]]).T
    one, two = (item.matrix @ line)[1] + 0.5
    return float(one), float(two)


def _bottom(item: _Laid) -> float:
    return max(_ends_of(item, item.page.height - 0.5))


def _right(item: _Laid) -> float:
    """Strip column at which a page ends."""
    x, height = item.page.width - 0.5, item.page.height - 0.5
    return float((item.matrix @ np.array([[x, -0.5, 1.0], [x, height, 1.0]]).T)[0].max()) + 0.5


def _seam(upper: _Laid, lower: _Laid) -> int:
    """Strip row from which on the lower page is shown: the middle of what both show from border to border."""
    top = max(_ends_of(lower, -0.5))
    if lower.pair is not None and lower.pair.kind == "missing":
        return math.floor(min(_ends_of(lower, -0.5)))
    return round((min(_ends_of(upper, upper.page.height - 0.5)) + top) / 2)


def _shown(item: _Laid, top: int, bottom: int, width: int) -> Page:
    """The rows of the strip that a page fills; the page itself where it fills them as it is."""
    if whole_shift(item.matrix) == (0, top) and item.page.height == bottom - top:
        return item.page
    return PlacedPage(item.page, top, bottom - top, width, item.matrix, item.two_levels)


def _join(item: _Laid, top: int) -> Join:
    if item.pair is None:
        return Join(top, 1.0)
    plain = whole_shift(item.matrix) == (0, top)
    first, second = (tuple(float(v) for v in row) for row in item.matrix)
    to_strip = None if plain else ((first[0], first[1], first[2]), (second[0], second[1], second[2]))
    return Join(top, item.pair.confidence, item.pair.kind, item.pair.overlap_px, to_strip)


def _said(item: _Laid, name: str, upper: str, row: int) -> list[Finding]:
    """What a person should know of a join."""
    pair = item.pair
    if pair is None or not pair.said:
        return []
    if pair.kind == "missing":
        text = f"between {upper} and {name} (row {row}): {pair.said}; blank rows stand for what is missing"
        return [Finding("missing interval", text)]
    if pair.confidence >= DOUBTFUL:
        return []
    text = f"{name} follows {upper} at row {row} with confidence {pair.confidence:g}: {pair.said}"
    return [Finding("doubtful join", f"{text}; a sheet may be missing" if pair.kind == "butt" else text)]
