from __future__ import annotations

import ast
import subprocess
import sys
from pathlib import Path

import pytest

import logdigit


@pytest.mark.parametrize("name", logdigit.__all__)
def test_every_exported_name_resolves_and_says_what_it_is(name: str) -> None:
    value = getattr(logdigit, name)
    assert value.__doc__, f"{name} has no docstring"
    home = f"logdigit.{logdigit._HOME[name]}"
    assert value.__module__ == home or value.__module__.startswith(f"{home}.")
    assert name in dir(logdigit)


def test_the_lists_agree() -> None:
    assert sorted(logdigit.__all__) == logdigit.__all__
    assert set(logdigit._HOME) == set(logdigit.__all__)
    tree = ast.parse(Path(str(logdigit.__file__)).read_text(encoding="utf-8"))
    typed = {
        f"{node.module}.{alias.name}"
        for node in ast.walk(tree)
        if isinstance(node, ast.ImportFrom) and str(node.module).startswith("logdigit.")
        for alias in node.names
    }
    assert typed == {f"logdigit.{home}.{name}" for name, home in logdigit._HOME.items()}


def test_the_version_can_be_read_without_running_anything() -> None:
    tree = ast.parse(Path(str(logdigit.__file__)).read_text(encoding="utf-8"))
    values = [
        node.value.value
        for node in tree.body
        if isinstance(node, ast.Assign)
        and isinstance(node.targets[0], ast.Name)
        and node.targets[0].id == "__version__"
        and isinstance(node.value, ast.Constant)
    ]
    assert values == [logdigit.__version__]


def test_importing_the_package_loads_nothing_heavy() -> None:
    code = "import sys, logdigit; assert not {'numpy', 'torch', 'cv2', 'lasio', 'typer'} & set(sys.modules)"
    subprocess.run([sys.executable, "-c", code], check=True)


def test_an_unknown_name_is_an_attribute_error() -> None:
    with pytest.raises(AttributeError, match="no attribute 'digitize'"):
        logdigit.digitize  # noqa: B018
