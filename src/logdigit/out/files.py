"""Files that are written whole or not at all.

Every writer fills a temporary file beside its destination and moves it into place at the end: a full disk,
an error or Ctrl-C half way leaves neither half a log nor a damaged older one.
"""

from __future__ import annotations

import secrets
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

from logdigit.errors import OutputExistsError, UsageError


def check_output(path: Path, overwrite: bool) -> None:
    """Refuse an output that could not be written, before the work that it is for.

    Args:
        path: the file to be written.
        overwrite: whether an existing file may be replaced.

    Raises:
        UsageError: if its directory is missing, or the path is a directory.
        OutputExistsError: if it is already there and may not be replaced.
    """
    if path.is_dir():
        raise UsageError(f"{path}: is a directory; name a file in it")
    if not path.parent.is_dir():
        raise UsageError(f"{path}: the directory {path.parent} does not exist; create it first")
    if not overwrite and (path.exists() or path.is_symlink()):
        raise OutputExistsError(f"{path}: already exists; give --overwrite to replace it")


def check_outputs(paths: Iterable[Path | None], overwrite: bool, scans: Sequence[Path] = ()) -> None:
    """Refuse, before any work is done, what could not be written after it.

    Raises:
        UsageError: a directory that does not exist, two outputs of one name, an output that is an input.
        OutputExistsError: a file that does, without ``overwrite``.
    """
    inputs = {scan.resolve() for scan in scans}
    seen: set[Path] = set()
    for path in paths:
        if path is None:
            continue
        if path.resolve() in inputs:
            raise UsageError(f"{path}: is a scan to be read; name another output")
        if path.resolve() in seen:
            raise UsageError(f"{path}: named for two outputs; give each its own file")
        seen.add(path.resolve())
        check_output(path, overwrite)


@contextmanager
def atomic(path: Path, overwrite: bool) -> Iterator[Path]:
    """A temporary path in the directory of ``path`` that becomes ``path`` when the block ends well.

    The temporary name keeps the suffix, by which image writers choose their format. When the block raises
    anything (``KeyboardInterrupt`` too) the temporary file is removed and ``path`` stays as it was.

    Args:
        path: the file to be written.
        overwrite: whether an existing file may be replaced.

    Yields:
        An empty file to write to.

    Raises:
        UsageError: if the file cannot be written: missing directory, no permission, full disk.
        OutputExistsError: if it is already there and may not be replaced.
    """
    check_output(path, overwrite)
    temporary = path.with_name(f".{path.stem[:100]}.{secrets.token_hex(4)}{path.suffix}")
    try:
        temporary.touch(exist_ok=False)
        yield temporary
        check_output(path, overwrite)  # again: the work in between may have taken an hour
        temporary.replace(path)
    except OSError as error:
        raise UsageError(f"{path}: cannot be written: {error.strerror or error}") from None
    finally:
        temporary.unlink(missing_ok=True)
