"""Typed access to a TOML table, with errors that name the file, the place and the nearest known key."""

from __future__ import annotations

import difflib
import math
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, TypeVar

from logdigit.errors import LayoutError
from logdigit.types import DepthUnit, Origin

DEPTH_UNITS: Mapping[str, DepthUnit] = {
    **dict.fromkeys(("FT", "F", "FEET", "FOOT"), "FT"),
    **dict.fromkeys(("M", "METRE", "METRES", "METER", "METERS"), "M"),
}
ORIGINS: tuple[Origin, ...] = ("read", "given", "assumed")
_Choice = TypeVar("_Choice", bound=str)


@dataclass(frozen=True)
class Fields:
    """A table and where it stands: ``well.toml``, or ``well.toml: section 1, track 2``."""

    data: Mapping[str, Any]
    place: str
    nested: bool = False

    def at(self, name: str) -> Fields:
        """The same table with one more step in its place."""
        return Fields(self.data, f"{self.place}{', ' if self.nested else ': '}{name}", nested=True)

    def error(self, message: str) -> LayoutError:
        """An error at this place, to be raised by the caller."""
        return LayoutError(f"{self.place}: {message}")

    def only(self, *known: str) -> None:
        """Refuse keys that are not known.

        Raises:
            LayoutError: with the nearest known key, or all of them.
        """
        for key in self.data:
            if key not in known:
                near = difflib.get_close_matches(key, known, n=1, cutoff=0.6)
                hint = f"did you mean {near[0]}?" if near else f"known here: {', '.join(known)}"
                raise self.error(f"unknown key {key!r}; {hint}")

    def number(self, key: str, default: float | None = None) -> float:
        """A finite number; the default where the key is absent."""
        if key not in self.data and default is not None:
            return default
        value = as_number(self.data.get(key))
        if value is None or not math.isfinite(value):
            raise self.error(f"{key} must be a number, not {self.data.get(key)!r}")
        return value

    def optional_number(self, key: str) -> float | None:
        """A finite number, None where the key is absent."""
        return self.number(key) if key in self.data else None

    def text(self, key: str, default: str = "") -> str:
        """A text in one line; the default where the key is absent."""
        value = self.data.get(key, default)
        if not isinstance(value, str):
            raise self.error(f'{key} must be a text in quotes, as in {key} = "...", not {value!r}')
        if "\n" in value or "\r" in value:
            raise self.error(f"{key} must be one line")
        return value

    def flag(self, key: str) -> bool:
        """True or false; false where the key is absent."""
        value = self.data.get(key, False)
        if not isinstance(value, bool):
            raise self.error(f"{key} must be true or false, not {value!r}")
        return value

    def choice(self, key: str, allowed: tuple[_Choice, ...], default: _Choice) -> _Choice:
        """One of a few words; the default where the key is absent."""
        value = self.data.get(key, default)
        for word in allowed:
            if value == word:
                return word
        near = difflib.get_close_matches(str(value), allowed, n=1)
        hint = f"did you mean {near[0]}?" if near else f"one of {', '.join(allowed)}"
        raise self.error(f"{key} = {value!r}: {hint}")

    def pair(self, key: str) -> tuple[float, float] | None:
        """Two finite numbers, None where the key is absent."""
        if key not in self.data:
            return None
        value = self.data[key]
        numbers = [as_number(v) for v in value] if isinstance(value, list) else []
        if len(numbers) != 2 or numbers[0] is None or numbers[1] is None:
            raise self.error(f"{key} must be two numbers [a, b], not {value!r}")
        if not all(math.isfinite(v) for v in (numbers[0], numbers[1])):
            raise self.error(f"{key} must be two finite numbers, not {value!r}")
        return numbers[0], numbers[1]

    def points(self, key: str, infinite: bool = False) -> tuple[tuple[float, float], ...]:
        """A list of number pairs; empty where the key is absent. ``infinite`` allows inf, never nan."""
        value = self.data.get(key, [])
        if not isinstance(value, list):
            raise self.error(f"{key} must be a list of [a, b], not {value!r}")
        out: list[tuple[float, float]] = []
        for k, item in enumerate(value, 1):
            numbers = [as_number(v) for v in item] if isinstance(item, list) else []
            if len(numbers) != 2 or numbers[0] is None or numbers[1] is None:
                raise self.error(f"{key}, point {k}: must be two numbers [a, b], not {item!r}")
            if any(math.isnan(v) or (math.isinf(v) and not infinite) for v in (numbers[0], numbers[1])):
                raise self.error(f"{key}, point {k}: must be two finite numbers, not {item!r}")
            out.append((numbers[0], numbers[1]))
        return tuple(out)

    def table(self, key: str) -> Fields:
        """A sub-table; empty where the key is absent."""
        value = self.data.get(key, {})
        if not isinstance(value, dict):
            raise self.error(f"[{key}] must be a table, not {value!r}")
        return self._inside(value).at(f"[{key}]")

    def tables(self, key: str) -> list[Fields]:
        """The tables of [[key]]; none where the key is absent. Their place is still that of the parent."""
        value = self.data.get(key, [])
        if not isinstance(value, list) or not all(isinstance(item, dict) for item in value):
            raise self.error(f"{key} must be written as [[{key}]] tables")
        return [self._inside(item) for item in value]

    def _inside(self, data: Mapping[str, Any]) -> Fields:
        return Fields(data, self.place, self.nested)


def as_number(value: object) -> float | None:
    """A TOML integer or float as float; None for anything else, true and false included."""
    if isinstance(value, bool) or not isinstance(value, int | float):
        return None
    return float(value) if abs(value) < 1e300 or math.isinf(value) or math.isnan(value) else None


def depth_unit(text: str) -> DepthUnit | None:
    """FT or M for the usual spellings, None for anything else.

    >>> depth_unit("Feet"), depth_unit("m"), depth_unit("fathom")
    ('FT', 'M', None)
    """
    return DEPTH_UNITS.get(text.strip().upper())


def read_origins(table: Fields) -> dict[str, tuple[Origin, float]]:
    """The [origin] table: what a person reads beside the fields, and nothing obeys."""
    out: dict[str, tuple[Origin, float]] = {}
    for key, value in table.data.items():
        pair = value if isinstance(value, list) and len(value) == 2 else [None, None]
        sure = as_number(pair[1])
        origin = next((o for o in ORIGINS if o == pair[0]), None)
        if origin is None or sure is None or not 0 <= sure <= 1:
            raise table.error(f'{key!r} must be ["read", "given" or "assumed", how sure from 0 to 1]')
        out[key] = (origin, sure)
    return out
