"""Which lines figures are laid on: plain or pale ones, and those that ticks at figures tell of."""

from __future__ import annotations

import numpy as np
import pytest

from logdigit.errors import RefusalError
from logdigit.paper import laid_on
from logdigit.paper.column import Column
from logdigit.paper.figures import Chain, Figure
from logdigit.paper.registered import Registered
from logdigit.paper.rules import Ruling
from logdigit.types import Strip

CHAIN = Chain(
    tuple(Figure(1000.0 + 50 * k, 500.0 + 500 * k, 100.0, 50.0, 24.0, 1.0, 4) for k in range(10)),
    10.0,
    50.0,
    10.0,
)
RULING = Ruling(0, np.zeros(10))


def laid(first: float, last: float, off: float = 0.0, unit: float = 2.0) -> Registered:
    """Lines from one depth to another, ``off`` px below where figures lead."""
    ticks = tuple((10 * (d - 950) + off, d) for d in np.arange(first, last + 1, 2.0).tolist())
    return Registered(ticks, unit, off, ticks[0][0], ticks[-1][0], 1, 1, 0.2)


@pytest.fixture
def lines(monkeypatch: pytest.MonkeyPatch) -> dict[bool, Registered | None]:
    """What plain lines (False) and pale ones (True) give; None for a refusal."""
    given: dict[bool, Registered | None] = {}

    def on_lines(*args: object) -> tuple[object, Ruling, Registered]:
        found = given[bool(args[-1])]
        if found is None:
            raise RefusalError("pale" if args[-1] else "plain")
        return ((0.0, 0.0),), RULING, found

    monkeypatch.setattr(laid_on, "_on_lines", on_lines)
    return given


@pytest.mark.parametrize(
    ("plain", "pale", "due"),
    [
        (laid(1000, 1450), None, "plain"),
        (laid(1098, 1450), laid(990, 1450), "pale"),  # two figures are cut off
        (laid(1148, 1450), laid(990, 1450), "plain"),  # three make a section of their own
        (laid(1098, 1450), laid(990, 1450, 9.0), "plain"),  # other lines
        (laid(1098, 1450), None, "plain"),
        (None, laid(990, 1450), "pale"),
    ],
)
def test_pale_lines_take_the_place_of_plain_ones_that_cut_a_few_figures_off(
    plain: Registered | None,
    pale: Registered | None,
    due: str,
    lines: dict[bool, Registered | None],
) -> None:
    lines.update({False: plain, True: pale})
    found = laid_on._by_lines(blank(), CHAIN, column(), 0, 6000, None)[2]
    assert found is (plain if due == "plain" else pale)


@pytest.mark.parametrize(("off", "known"), [(3.5, True), (10.0, False)])
def test_ticks_at_figures_lead_to_lines_a_little_aside(
    off: float, known: bool, lines: dict[bool, Registered | None]
) -> None:
    """Lines are 20 px apart: where the frame leans and they do not, a tick stands some px off its line."""
    lines.update({False: laid(990, 1460, off), True: None})
    told = Registered(((500.0, 1000.0), (5000.0, 1450.0)), 0.0, 0.0, 500.0, 5000.0, 9, 9, 0.2)
    found = laid_on._as_told(blank(), CHAIN, column(), 0, 6000, told)
    assert (found is not None) == known
    assert found is None or found[2] is lines[False]


def blank() -> Strip:
    """A strip that nothing reads."""
    return object()  # type: ignore[return-value]


def column() -> Column:
    """A column that nothing reads."""
    return object()  # type: ignore[return-value]
