"""What numbers at the edges of a track mean for the measurements that are named with them.

A short minus is the first thing that a copy loses, and the dash of a stroke before a number reads as one; a
lost point changes a value tenfold. Which of them happened is known from what the measurement can be.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from logdigit.paper.mnemonics import Measurement
from logdigit.paper.readings import in_unit
from logdigit.paper.scalerow import ScaleRow
from logdigit.paper.scales import sound_scale
from logdigit.paper.text import Word

Named = tuple[Word, Measurement]
"""A name as it is printed, and what it measures."""
READ = 0.5
"""How sure numbers are, at least, that run from nought against custom, or belong to no known name."""


def as_meant(row: ScaleRow, named: Sequence[Named]) -> tuple[ScaleRow, list[Named], bool]:
    """A row with values that measurements named for it can have, these, and whether the values are assumed.

    As it was read, else as it may have been printed; without the minus of the right number, which the dash
    of a stroke before it reads as, where no reading is negative or custom has none; with one that was lost,
    where readings are. Values that a log can have go before others.
    """
    low, high = row.values
    as_read = [pair for pair in named if row.sure >= READ or row.told or not _may_go_on(row, pair[1])]
    tries: list[tuple[tuple[float, float], float, Sequence[Named], bool]] = [
        (row.values, 1.0, as_read, False)
    ]
    tries += [(values, 0.8, named, False) for values in row.otherwise]
    minus, plain = (-abs(low), abs(high)), (abs(low), abs(high))
    if high < 0 and not row.told:  # numbers between bear the minus out
        tries.insert(0, (minus, 0.8, _customary(named, minus), False))
    if min(low, high) < 0 and low + high != 0 and not row.told:
        never = [pair for pair in named if pair[1].lowest >= 0 and _runs_so(pair[1], plain)]
        tries.append((plain, 0.8, never if high < 0 else _customary(named, plain), False))
    signed = _sign_lost(row)
    if signed is not None:
        tries.append((signed, 1.0, [pair for pair in named if pair[1].lowest < 0], True))
    found: list[tuple[ScaleRow, list[Named], bool]] = []
    for values, sure, pairs, assumed in tries:
        fitting = [(word, measurement) for word, measurement in pairs if in_unit(measurement, values)]
        if fitting:
            found.append((replace(row, values=values, sure=sure * row.sure), fitting, assumed))
    likely = (one for one in found if row.told or sound_scale(one[0].values))
    return next(likely, found[0] if found else (row, [], False))


def _customary(named: Sequence[Named], values: tuple[float, float]) -> list[Named]:
    """Measurements whose customary scale has these values."""
    return [pair for pair in named if tuple(pair[1].scale) == values]


def _may_go_on(row: ScaleRow, measurement: Measurement) -> bool:
    """Whether a row from nought may have lost its minus: 0 to -1000 millimhos goes on from 1000 to 0."""
    return row.values[0] == 0 and measurement.lowest >= 0 and not _runs_so(measurement, row.values)


def _runs_so(measurement: Measurement, values: tuple[float, float]) -> bool:
    """Whether values rise as the customary scale does: 0 to -400 millimhos goes on from 400 to 0."""
    left, right = measurement.scale
    return (values[1] - values[0]) * (right - left) > 0


def _sign_lost(row: ScaleRow) -> tuple[float, float] | None:
    """The values of a scale that is a usual one once a number has the minus that it may have lost; else None.

    The thin stroke beside the edge of a track is the first thing that a copy loses: 80 to 20 is -80 to 20.
    """
    left, right = row.values
    if not left > right >= 0 or row.told:
        return None
    return (-left, right) if left + right in (50.0, 100.0, 200.0, 250.0, 500.0) else None
