"""CSV: the same channels as the LAS file, for spreadsheets."""

from __future__ import annotations

import csv
from pathlib import Path

from logdigit.out.files import atomic
from logdigit.out.las_text import INDEX, channels
from logdigit.out.numbers import check_index, decimal_depths
from logdigit.types import WellLog


def write_csv(path: Path, log: WellLog, *, confidence: bool = False, overwrite: bool = False) -> None:
    """Write a log as comma-separated values, digit for digit those of the LAS file.

    The first row is ``DEPT[FT],GR[GAPI],...``; a missing value is an empty cell.

    Args:
        path: the file; its directory must exist.
        log: curves on one index of consecutive whole multiples of its step.
        confidence: whether each curve is followed by a column ``<MNEMONIC>_CONF``.
        overwrite: whether an existing file may be replaced.

    Raises:
        ValueError: if the index is uneven or not finite, or a mnemonic appears twice.
        UsageError: if the file cannot be written.
        OutputExistsError: if it is already there.
    """
    check_index(log)
    columns = channels(log, confidence)
    names = [f"{INDEX}[{log.unit}]", *(f"{name}[{unit}]" if unit else name for name, unit, *_ in columns)]
    cells = [["" if cell is None else cell for cell in column] for *_, column in columns]
    with atomic(path, overwrite) as temporary, temporary.open("w", encoding="ascii", newline="") as file:
        writer = csv.writer(file, lineterminator="\n")
        writer.writerow(names)
        writer.writerows(zip(decimal_depths(log.depth, log.step), *cells, strict=True))
