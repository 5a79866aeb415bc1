"""What a person should know."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Finding:
    """Something a person should know: kind, curve, depth interval, and the reason in words."""

    kind: str
    message: str
    curve: str = ""
    top: float | None = None
    base: float | None = None
