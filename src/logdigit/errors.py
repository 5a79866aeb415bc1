"""One error tree: each class carries its exit code, each message says what to do next.

Exit codes: 1 unexpected, 2 usage, 3 unreadable input, 4 nothing could be registered or calibrated,
5 output exists, 6 a batch finished with failures (not an error class), 130 interrupted.
"""

from __future__ import annotations

from typing import ClassVar


class LogdigitError(Exception):
    """Anything that logdigit refuses to do, said in one line."""

    exit_code: ClassVar[int] = 1


class UsageError(LogdigitError):
    """A bad option, or an output directory that does not exist."""

    exit_code: ClassVar[int] = 2


class LayoutError(UsageError):
    """A layout file (or an option that builds a layout) that cannot be obeyed."""


class InputError(LogdigitError):
    """An input that cannot be read."""

    exit_code: ClassVar[int] = 3


class ScanError(InputError):
    """A scan that is missing, empty, truncated, not an image, or too large."""


class WeightsError(InputError):
    """A weights file that is missing, corrupt or made for another network."""


class DataError(InputError):
    """A corpus or a LAS file that cannot be read."""


class RefusalError(LogdigitError):
    """The scan is readable, but nothing on it could be registered or calibrated."""

    exit_code: ClassVar[int] = 4


class OutputExistsError(LogdigitError):
    """The output is already there and ``--overwrite`` was not given."""

    exit_code: ClassVar[int] = 5
