"""Who may import whom, enforced by walking the syntax trees: docs/architecture.md says why."""

from __future__ import annotations

import ast
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest

SRC = Path(__file__).parents[1] / "src"
ROOMS = ("paper", "ink", "curves", "out")
BASE = ("types", "errors", "options")

# room or module -> what of logdigit it may import beside BASE and its own files
ALLOWED: dict[str, tuple[str, ...]] = {
    "types": (),
    "errors": (),
    "options": (),
    **dict.fromkeys(ROOMS, ()),
    "metrics": (),
    "repeats": ("curves", "metrics", "paper.choose"),
    "pipeline": (*ROOMS, "repeats"),
    "synth": ("curves.calibrate", "out.las", "paper.spec"),
    "training": ("ink", "curves", "synth", "metrics"),
    "evaluate": (
        *("pipeline", "metrics", "out.las", "out.files"),
        *("curves.calibrate", "paper.spec", "paper.curvespec"),
    ),
    "__main__": ("cli",),
    "batch": ("pipeline", "out.las", "metrics"),
    "cli": (*ROOMS, "pipeline", "synth", "training", "evaluate", "batch", "metrics"),
}
ONLY_IN = {
    "torch": ("ink", "training"),
    "kornia": ("training",),
    "torchmetrics": ("training.scores",),
    "lasio": ("out.las",),
    "cv2": ("paper", "out.overlay", "synth"),
    "typer": ("cli",),
    "rich": ("cli",),
}
HEAVY = {"torch", "cv2", "lasio", "numpy", "scipy", "numba", "rich", "pyvips", "tomlkit", "safetensors"}
HEAVY |= {"kornia", "torchmetrics"}


@dataclass(frozen=True)
class Import:
    """One imported module, and whether it happens when the importing module is loaded."""

    module: str
    at_load: bool


def module_name(path: Path) -> str:
    parts = path.relative_to(SRC).with_suffix("").parts
    return ".".join(parts[:-1] if parts[-1] == "__init__" else parts)


MODULES = {module_name(path): path for path in sorted((SRC / "logdigit").rglob("*.py"))}


def imports(module: str) -> Iterator[Import]:
    tree = ast.parse(MODULES[module].read_text(encoding="utf-8"))
    yield from _walk(tree, True)


def _walk(node: ast.AST, at_load: bool) -> Iterator[Import]:
    for child in ast.iter_child_nodes(node):
        if (
            isinstance(child, ast.If)
            and isinstance(child.test, ast.Name)
            and child.test.id == "TYPE_CHECKING"
        ):
            continue  # never executed
        inside = isinstance(child, ast.FunctionDef | ast.AsyncFunctionDef | ast.Lambda)
        if isinstance(child, ast.Import):
            yield from (Import(alias.name, at_load) for alias in child.names)
        elif isinstance(child, ast.ImportFrom):
            assert child.level == 0, "imports are absolute"
            for alias in child.names:  # `from package import module` names the module
                full = f"{child.module}.{alias.name}"
                yield Import(full if full in MODULES else str(child.module), at_load)
        yield from _walk(child, at_load and not inside)


def within(module: str, homes: tuple[str, ...]) -> bool:
    short = module.removeprefix("logdigit.")
    return any(short == home or short.startswith(home + ".") for home in homes)


@pytest.mark.parametrize("module", MODULES)
def test_each_module_imports_only_what_its_place_allows(module: str) -> None:
    if module == "logdigit":
        return
    place = module.split(".")[1]
    assert place in ALLOWED, f"{module}: say in ALLOWED what it may import"
    own = (place,)
    allowed = (*own, *ALLOWED[place], *(() if place in ("types", "errors") else BASE))
    for found in imports(module):
        if found.module == "logdigit":
            assert place in ("pipeline", "cli", "synth", "training"), f"{module} needs no version"
        elif found.module.startswith("logdigit."):
            assert within(found.module, allowed), f"{module} imports {found.module}"


@pytest.mark.parametrize("module", MODULES)
def test_heavy_packages_stay_in_their_homes(module: str) -> None:
    for found in imports(module):
        package = found.module.split(".")[0]
        if package in ONLY_IN:
            assert within(module, ONLY_IN[package]), f"{module} imports {package}"


@pytest.mark.parametrize("module", ["types", "errors"])
def test_what_travels_needs_only_numpy(module: str) -> None:
    for found in imports(f"logdigit.{module}"):
        package = found.module.split(".")[0]
        assert package in sys.stdlib_module_names or package in ("numpy", "logdigit"), found.module


@pytest.mark.parametrize(
    "module",
    [
        "",
        ".cli",
        ".cli.common",
        ".cli.digitise",
        ".cli.evaluate",
        ".cli.inspect",
        ".cli.stitch",
        ".cli.study",
        ".cli.synth",
        ".cli.train",
        ".options",
        ".errors",
    ],
)
def test_the_command_line_starts_light(module: str) -> None:
    for found in imports(f"logdigit{module}"):
        package = found.module.split(".")[0]
        assert not (found.at_load and package in HEAVY), f"logdigit{module} loads {found.module}"


def test_the_digitise_path_never_needs_the_workshops() -> None:
    seen, queue = set(), ["logdigit.pipeline"]
    while queue:
        module = queue.pop()
        if module in seen or module not in MODULES:
            continue
        seen.add(module)
        queue += [found.module for found in imports(module)]
    assert not {m for m in seen if within(m, ("synth", "training", "evaluate", "cli"))}


def test_nothing_imports_the_command_line() -> None:
    for module in (m for m in MODULES if not within(m, ("cli", "__main__"))):
        assert all(not within(found.module, ("cli",)) for found in imports(module)), module
