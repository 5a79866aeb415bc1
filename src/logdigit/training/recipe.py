"""Recipes: TOML files that say what is trained, each a row of the literature's tables, or one's own.

A recipe has two tables. ``[system]`` is what is compared: targets, loss, weights, sampling; it always
holds. ``[published]`` is the network and the schedule of its source; it holds where it is asked for, so that
systems can be told from the networks that they happened to be published with. Both fill `TrainConfig`.
"""

from __future__ import annotations

import dataclasses
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass, field
from importlib import resources
from pathlib import Path
from typing import Any

from logdigit.errors import UsageError
from logdigit.options import TrainConfig

_OF_THE_RUN = {"data", "out", "device", "resume", "overwrite", "start", "recipe", "workers", "seed"}
_OF_THE_RUN |= {"log_every", "checkpoint_minutes", "snapshots"}
_KNOWN = {f.name: f for f in dataclasses.fields(TrainConfig) if f.name not in _OF_THE_RUN}
_TEXTS = ("group", "about", "source")
_SHIPPED = resources.files("logdigit.training") / "recipes"


@dataclass(frozen=True)
class Recipe:
    """What a recipe file says.

    Attributes:
        name: of the recipe.
        group: of the table that it is a row of.
        about: what it is, in a line.
        source: where it was published.
        system: fields of `TrainConfig`.
        published: further ones, of the network and the schedule as published.
        factors: of a factorial, whether each of its factors is there.
    """

    name: str
    group: str = ""
    about: str = ""
    source: str = ""
    system: Mapping[str, Any] = field(default_factory=dict)
    published: Mapping[str, Any] = field(default_factory=dict)
    factors: Mapping[str, bool] = field(default_factory=dict)

    def config(self, base: TrainConfig, published: bool = False, **given: Any) -> TrainConfig:
        """``base`` with the fields of the recipe, and over them those that were ``given``."""
        later = self.published if published else {}
        return dataclasses.replace(base, **{**self.system, **later, **given, "recipe": self.name})


def shipped() -> tuple[str, ...]:
    """Names of the recipes that come with the package."""
    return tuple(
        sorted(entry.name.removesuffix(".toml") for entry in _SHIPPED.iterdir() if _is_toml(entry.name))
    )


def load_recipe(name: str) -> Recipe:
    """A recipe that is shipped, or one's own.

    Args:
        name: of a shipped recipe, or a path that ends in ``.toml``.

    Raises:
        UsageError: there is none, it is no TOML, or it has a key or a value that cannot be; it says which.
    """
    if _is_toml(name):
        path = Path(name)
        try:
            return parse_recipe(path.stem, path.read_text(encoding="utf-8"), name)
        except (OSError, UnicodeDecodeError) as error:
            raise UsageError(
                f"{name}: cannot read the recipe; --recipe names one of those shipped, or a file"
            ) from error
    if name not in shipped():
        raise UsageError(f"recipe {name!r}: not shipped, and no .toml file; one of {', '.join(shipped())}")
    return parse_recipe(name, (_SHIPPED / f"{name}.toml").read_text(encoding="utf-8"), name)


def parse_recipe(name: str, text: str, source: str) -> Recipe:
    """The recipe in a TOML text; ``source`` is what errors call it."""
    try:
        tables = tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        raise UsageError(f"{source}: not TOML: {error}") from error
    known = (*_TEXTS, "system", "published", "factors")
    for key in tables:
        if key not in known:
            raise UsageError(f"{source}: unknown key {key!r}; a recipe has {', '.join(known)}")
    for key in ("system", "published", "factors"):
        if not isinstance(tables.get(key, {}), dict):
            raise UsageError(f"{source}: {key} is a table: [{key}]")
    for key in _TEXTS:
        if not isinstance(tables.get(key, ""), str):
            raise UsageError(f"{source}: {key} is a text")
    return Recipe(
        name,
        group=tables.get("group", ""),
        about=tables.get("about", ""),
        source=tables.get("source", ""),
        system={key: _value(key, value, source) for key, value in tables.get("system", {}).items()},
        published={key: _value(key, value, source) for key, value in tables.get("published", {}).items()},
        factors={key: bool(value) for key, value in tables.get("factors", {}).items()},
    )


def _value(key: str, value: object, source: str) -> object:
    """A value as `TrainConfig` has it: of the kind of its default."""
    if key not in _KNOWN:
        raise UsageError(f"{source}: unknown key {key!r}; one of {', '.join(sorted(_KNOWN))}")
    default = getattr(TrainConfig(), key)
    number = isinstance(value, int | float) and not isinstance(value, bool)
    if key == "class_weights" and isinstance(value, list):
        return tuple(float(str(v)) if _is_number(v) else _refuse(key, value, source) for v in value)
    if isinstance(default, Mapping):
        if isinstance(value, dict) and all(_is_number(v) for v in value.values()):
            return {name: float(v) for name, v in value.items()}
    elif isinstance(default, tuple):
        if isinstance(value, list) and all(isinstance(v, str) for v in value):
            return tuple(value)
    elif isinstance(default, float):
        if number:
            return float(str(value))
    elif isinstance(value, type(default)) and not isinstance(value, bool):
        return value
    return _refuse(key, value, source)


def _is_number(value: object) -> bool:
    return isinstance(value, int | float) and not isinstance(value, bool)


def _is_toml(name: str) -> bool:
    return name.endswith(".toml")


def _refuse(key: str, value: object, source: str) -> object:
    default = getattr(TrainConfig(), key)
    like = dict(default) if isinstance(default, Mapping) else default
    raise UsageError(f"{source}: {key} = {value!r}: not a value like {like!r}")
