"""Scanned paper well logs to LAS files.

The names below are resolved when they are first used: importing ``logdigit`` alone loads nothing heavy.

    from logdigit import DigitiseOptions, digitise
"""

from __future__ import annotations

import importlib
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from logdigit.errors import LogdigitError
    from logdigit.metrics import CurveScore, compare
    from logdigit.options import DigitiseOptions
    from logdigit.out.las import read_las, write_las
    from logdigit.out.overlay import write_overlay
    from logdigit.out.table import write_csv
    from logdigit.paper.spec import LayoutFile, read_layout, write_layout
    from logdigit.pipeline import digitise, write
    from logdigit.types import Curve, Digitised, Layout, WellLog

__version__ = "0.1.0"
__all__ = [
    "Curve",
    "CurveScore",
    "DigitiseOptions",
    "Digitised",
    "Layout",
    "LayoutFile",
    "LogdigitError",
    "WellLog",
    "compare",
    "digitise",
    "read_las",
    "read_layout",
    "write",
    "write_csv",
    "write_las",
    "write_layout",
    "write_overlay",
]

_HOME = {
    "Curve": "types",
    "CurveScore": "metrics",
    "DigitiseOptions": "options",
    "Digitised": "types",
    "Layout": "types",
    "LayoutFile": "paper.spec",
    "LogdigitError": "errors",
    "WellLog": "types",
    "compare": "metrics",
    "digitise": "pipeline",
    "read_las": "out.las",
    "read_layout": "paper.spec",
    "write": "pipeline",
    "write_csv": "out.table",
    "write_las": "out.las",
    "write_layout": "paper.spec",
    "write_overlay": "out.overlay",
}


def __getattr__(name: str) -> Any:
    if name not in _HOME:
        raise AttributeError(f"module 'logdigit' has no attribute {name!r}")
    value = getattr(importlib.import_module(f"logdigit.{_HOME[name]}"), name)
    globals()[name] = value
    return value


def __dir__() -> list[str]:
    return sorted({*globals(), *__all__})
