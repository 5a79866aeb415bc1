"""Texts of command-line options to values; standard library only, as ``cli`` imports it at start."""

from __future__ import annotations

from collections.abc import Sequence

from logdigit.errors import UsageError


def depth_step(step: float | None) -> float | None:
    """A depth step that a LAS file can hold.

    Raises:
        UsageError: not positive, or with more than six decimals.
    """
    if step is not None and not (step > 0 and round(step, 6) == step):
        raise UsageError(f"--step {step:.10g}: must be positive, with six decimals at most: 0.5, 0.1, 0.1524")
    return step


def dpi_pair(text: str) -> tuple[float, float]:
    """``200`` or ``200:203`` as (x, y).

    >>> dpi_pair("200"), dpi_pair("200:203.5")
    ((200.0, 200.0), (200.0, 203.5))
    """
    across, _, along = text.partition(":")
    try:
        pair = float(across), float(along or across)
    except ValueError:
        pair = (0.0, 0.0)
    if not all(10 <= value <= 10_000 for value in pair):
        raise UsageError(f"--dpi {text!r}: must be X or X:Y, in dots per inch: 200 or 200:203")
    return pair


def header_items(texts: Sequence[str]) -> dict[str, str]:
    """``KEY=VALUE`` texts as header items, keys in capitals.

    >>> header_items(["ekb=3503.15", "WELL=HADES 1"])
    {'EKB': '3503.15', 'WELL': 'HADES 1'}
    """
    items: dict[str, str] = {}
    for text in texts:
        key, equals, value = text.partition("=")
        if not equals or not key.strip():
            raise UsageError(f"--set {text!r}: must be KEY=VALUE, a header item and its text: EKB=3503.15")
        items[key.strip().upper()] = value.strip()
    return items
