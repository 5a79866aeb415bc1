"""Values of a scale that were misread: what a measurement can have tells them."""

from __future__ import annotations

import pytest

from logdigit.paper.meant import as_meant
from logdigit.paper.mnemonics import measurement_of
from logdigit.paper.numbers import lines_of_numbers
from logdigit.paper.scales import scale_rows
from logdigit.paper.text import Word

LEFT, RIGHT = 1000.0, 2000.0


def meant(name: str, left: str, right: str, sure: float) -> tuple[float, float] | None:
    """The values of a scale whose ends were read so, under a name; None where they are none of it."""
    ends = [Word(text, sure, x - 30, 100, x + 30, 125) for text, x in ((left, 1030), (right, 1970))]
    (line,) = lines_of_numbers(ends)
    (row,) = scale_rows(line, LEFT, RIGHT)
    measurement = measurement_of(name)
    assert measurement is not None
    read, fitting, _ = as_meant(row, [(Word(name, 0.98, 1400, 60, 1600, 85), measurement)])
    return read.values if fitting else None


@pytest.mark.parametrize(
    ("name", "left", "right", "due"),
    [
        ("SP", "-1000", "1000", (-100, 100)),  # both points lost
        ("SP", "-200", "200", (-200, 200)),
        ("GR", "0.0", "150.4)", (0, 150)),  # the border of the track behind the last number
        ("RHOB", "2.0", "3.01", (2, 3)),
        ("RHOB", "1.95", "2.95", (1.95, 2.95)),
        ("GR", "0.0", "150.0", (0, 150)),
        ("DRHO", "-0.1", "0.45", (-0.1, 0.45)),  # as odd as it is printed
        ("DT", "140", "40", (140, 40)),
    ],
)
def test_values_are_those_that_the_measurement_can_have(
    name: str, left: str, right: str, due: tuple[float, float]
) -> None:
    assert meant(name, left, right, 0.98) == pytest.approx(due)


@pytest.mark.parametrize(("sure", "due"), [(0.98, (0, 1000)), (0.2, None)])
def test_a_conductivity_hardly_read_is_not_turned_round(sure: float, due: tuple[float, float] | None) -> None:
    """0 to -1000, which goes on from 1000 to 0, has lost its minus there."""
    assert meant("COND", "0", "1000", sure) == due
