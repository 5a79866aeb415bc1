"""Powers of ten above a track: a planted line of them is its scale, whatever their small figures read as."""

from __future__ import annotations

import pytest

from logdigit.paper.powers import with_powers
from logdigit.paper.scalerow import ScaleRow
from logdigit.paper.seams import Ruled
from logdigit.paper.text import Word

_TRACK = Ruled(100.0, 500.0)


def _line(*texts: tuple[str, float]) -> list[Word]:
    return [Word(text, 0.9, x - 15, 50, x + 15, 70) for text, x in texts]


def test_powers_are_a_scale_and_their_figures_none() -> None:
    words = _line(("100", 200), ("101", 300), ("10²", 400))
    read = ScaleRow(100.0, 500.0, (100.0, 102.0), "linear", True, 60.0, 20.0, 0.9)
    above = ScaleRow(100.0, 500.0, (0.0, 150.0), "linear", True, 20.0, 20.0, 0.9)
    rows = with_powers([above, read], words, _TRACK)
    assert [(row.values, row.kind) for row in rows] == [((0.0, 150.0), "linear"), ((0.1, 1000.0), "log")]


def test_a_scale_may_begin_between_powers() -> None:
    decade = 100.0
    first = 100.0 + 0.69897 * decade
    words = _line(*((f"10{k}", first + k * decade) for k in range(4)))
    (row,) = with_powers([], words, _TRACK)
    assert row.values == (0.2, 2000.0)


def test_powers_may_fall() -> None:
    (row,) = with_powers([], _line(("103", 150), ("102", 300), ("101", 450)), _TRACK)
    assert row.values == (2000.0, 5.0)


@pytest.mark.parametrize(
    "texts",
    [
        (("100", 200), ("101", 300)),  # two tell nothing
        (("100", 200), ("101", 230), ("102", 400)),  # not evenly apart
        (("100", 200), ("102", 300), ("104", 400)),  # not one after another
    ],
)
def test_others_are_no_powers(texts: tuple[tuple[str, float], ...]) -> None:
    assert with_powers([], _line(*texts), _TRACK) == []
