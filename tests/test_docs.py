from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

import pytest
import typer

from logdigit import cli, errors
from logdigit.errors import LogdigitError

ROOT = Path(__file__).parents[1]
PAGES = sorted(path for folder in (ROOT, ROOT / "docs") for path in folder.glob("*.md"))
CLI = (ROOT / "docs" / "cli.md").read_text(encoding="utf-8")


def section(command: str) -> str:
    """The part of cli.md under the heading of a command; '' for the program itself."""
    heading = f"## logdigit {command}".rstrip() + "\n"
    assert heading in CLI, f"cli.md has no heading {heading!r}"
    return CLI.split(heading, 1)[1].split("\n## ", 1)[0]


def commands() -> Iterator[tuple[str, list[str]]]:
    """Name and options (with arguments, in capitals) of the program and every command."""
    top = typer.main.get_command(cli.app)
    yield "", [name for param in top.params for name in param.opts]
    for name, command in top.commands.items():  # type: ignore[attr-defined]
        yield name, [name for param in command.params for name in (*param.opts, *param.secondary_opts)]


@pytest.mark.parametrize(("command", "options"), list(commands()))
def test_every_command_and_option_is_documented(command: str, options: list[str]) -> None:
    text = section(command)
    for option in options:
        if option.startswith("-"):
            assert re.search(rf"`{re.escape(option)}[ `]", text), f"{command}: {option} is not in cli.md"
        else:
            assert option.upper().rstrip("S") in text, f"{command}: argument {option} is not in cli.md"


@pytest.mark.parametrize(("command", "options"), list(commands()))
def test_no_documented_option_is_gone(command: str, options: list[str]) -> None:
    rows = [line.split("|")[1] for line in section(command).splitlines() if line.startswith("| `-")]
    documented = {option for row in rows for option in re.findall(r"`(--?[a-z-]+)", row)}
    assert documented <= {*options, "-h", "--help"}


def all_errors(root: type[LogdigitError] = LogdigitError) -> Iterator[type[LogdigitError]]:
    yield root
    for child in root.__subclasses__():
        yield from all_errors(child)


def test_every_exit_code_is_documented() -> None:
    text = (ROOT / "docs" / "errors.md").read_text(encoding="utf-8")
    documented = {int(code) for code in re.findall(r"^\| `(\d+)` \|", text, re.MULTILINE)}
    raised = {error.exit_code for error in all_errors()}
    assert raised <= documented
    stated = {int(code) for code in re.findall(r"(\d+) [a-z]", str(errors.__doc__).split("Exit codes:")[1])}
    assert documented == {0, *stated}


def test_the_readme_commands_are_in_the_makefile() -> None:
    targets = set(re.findall(r"^([a-z]+):", (ROOT / "Makefile").read_text(encoding="utf-8"), re.MULTILINE))
    named = set()
    for page in PAGES:
        named |= set(re.findall(r"(?:^|`)make ([a-z]+)", page.read_text(encoding="utf-8"), re.MULTILINE))
    assert {"demo", "test"} <= named <= targets


@pytest.mark.parametrize("page", PAGES, ids=lambda page: str(page.relative_to(ROOT)))
def test_every_relative_link_resolves(page: Path) -> None:
    for target in re.findall(r"\]\(([^)#]+)(?:#[^)]*)?\)", page.read_text(encoding="utf-8")):
        if not re.match(r"[a-z]+:", target):
            assert (page.parent / target).exists(), target


def test_the_examples_in_the_manual_use_known_options() -> None:
    known = {option for _, options in commands() for option in options}
    for page in PAGES:
        for block in re.findall(r"```sh\n(.*?)```", page.read_text(encoding="utf-8"), re.DOTALL):
            for line in block.replace("\\\n", " ").splitlines():
                if line.startswith("logdigit "):
                    assert set(re.findall(r"(?<= )--?[a-z-]+", line)) <= known, line
