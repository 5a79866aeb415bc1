"""Class probabilities kept on disk, so that an edited layout is traced again without the network.

Probabilities are always rounded to 256 levels before they are traced, kept or not: a run that finds them
gives the very same curves as the run that made them. A file holds one section, band by band, as a compressed
``.npz`` that numpy reads; its name is a checksum of everything that its content depends on.
"""

from __future__ import annotations

import hashlib
import json
import secrets
import zipfile
import zlib
from collections.abc import Callable, Iterable, Iterator
from contextlib import suppress
from pathlib import Path
from typing import Any

import numpy as np

from logdigit.errors import UsageError
from logdigit.types import Float32, Geometry, ProbabilityMap, Provenance, UInt8

FORMAT = 2
LEVELS: Float32 = np.square(np.arange(256, dtype=np.float32) / np.float32(255))
"""Finer where probabilities are small: it is their logarithm that is traced."""
_CLASSES = "classes.npy"
_QUICKEST = 1
"""Compression level: probabilities are mostly 0 or 1, so that the best one makes little less of them."""
Warn = Callable[[str], None]


def check_directory(path: Path) -> None:
    """Make the directory of a cache, inside one that exists.

    Raises:
        UsageError: if it is a file, or cannot be made.
    """
    if not path.parent.is_dir():
        raise UsageError(f"{path}: the directory {path.parent} does not exist; create it first")
    try:
        path.mkdir(exist_ok=True)
    except FileExistsError:
        raise UsageError(f"{path}: is a file; --cache names a directory") from None
    except OSError as error:
        raise UsageError(f"{path}: cannot be made: {error.strerror or error}") from None


def key_of(made_by: Provenance, geometry: Geometry, rows: tuple[int, int]) -> str:
    """Checksum of everything that the probabilities of straight ``rows``, half-open, depend on."""
    said = [FORMAT, made_by.version, made_by.weights_sha256, *made_by.input_sha256]
    said += [made_by.options.get("device", ""), *rows, geometry.centre_x, geometry.width, *geometry.dpi]
    digest = hashlib.sha256(json.dumps(said).encode())
    for knots in (geometry.rows, geometry.centre, geometry.slope, geometry.left, geometry.pitch_x):
        digest.update(np.ascontiguousarray(knots, dtype="<f8").tobytes())
    return digest.hexdigest()


def rounded(
    bands: Iterable[ProbabilityMap],
    directory: Path | None,
    key: str,
    rows: tuple[int, int],
    warn: Warn,
) -> Iterator[ProbabilityMap]:
    """Bands, rounded, that cover ``rows``, half-open: those on disk where they are, else those given.

    With a directory, what was given is put there as it goes by, and appears when it is complete. A file that
    is damaged is made anew, one that cannot be written is done without, and ``warn`` is told.

    Args:
        bands: computed as they are asked for, so not at all where a file has them.
        directory: of the cache; None for none.
        key: from `key_of`.
        rows: straight rows.
        warn: called with what went wrong, in one line.
    """
    path = None if directory is None else directory / f"{key}.npz"
    if path is not None and path.exists():
        found = _Found.open(path, rows, warn)
        if found is not None:
            yield from found.bands()
            return
    file = None if path is None else _Growing(path, warn)
    try:
        for band in bands:
            levels: UInt8 = np.rint(np.sqrt(band.prob) * np.float32(255)).astype(np.uint8)
            if file is not None:
                file.add(band.top, levels, band.classes)
            yield ProbabilityMap(band.top, LEVELS[levels], band.classes)
        if file is not None:
            file.complete()
    finally:
        if file is not None:
            file.discard()


class _Found:
    """A complete file, open."""

    def __init__(self, archive: zipfile.ZipFile, classes: tuple[str, ...], names: list[str]) -> None:
        self._archive, self._classes, self._names = archive, classes, names

    @classmethod
    def open(cls, path: Path, rows: tuple[int, int], warn: Warn) -> _Found | None:
        """The file, every byte of it compared with its checksums; None where it is damaged."""
        try:
            archive = zipfile.ZipFile(path)
            broken = archive.testzip()
            names = sorted((n for n in archive.namelist() if n != _CLASSES), key=_span)
            spans = [_span(name) for name in names]
            whole = [rows[0], *(bottom for _, bottom in spans)] == [*(top for top, _ in spans), rows[1]]
            if broken is None and whole:
                return cls(archive, tuple(str(name) for name in _array(archive, _CLASSES)), names)
            reason = f"{broken or 'a band'} is not whole"
        except (OSError, ValueError, LookupError, EOFError, zipfile.BadZipFile, zlib.error) as error:
            reason = " ".join(str(error).split())
        warn(f"{path}: damaged ({reason}), so it was made anew")
        return None

    def bands(self) -> Iterator[ProbabilityMap]:
        """The bands, read one by one."""
        with self._archive:
            for name in self._names:
                yield ProbabilityMap(_span(name)[0], LEVELS[_array(self._archive, name)], self._classes)


def _span(name: str) -> tuple[int, int]:
    """Rows that a member holds, half-open, by its name.

    >>> _span("rows-0-1024.npy")
    (0, 1024)
    """
    _, top, bottom = name.removesuffix(".npy").split("-")
    return int(top), int(bottom)


def _array(archive: zipfile.ZipFile, name: str) -> Any:
    with archive.open(name) as member:
        return np.lib.format.read_array(member, allow_pickle=False)


class _Growing:
    """A file that grows under another name; what cannot be written is given up, and the run goes on."""

    def __init__(self, path: Path, warn: Warn) -> None:
        self._path, self._warn = path, warn
        self._part = path.with_name(f".{path.stem}.{secrets.token_hex(4)}.part")
        self._archive: zipfile.ZipFile | None = None
        self._try(self._begin)

    def add(self, top: int, levels: UInt8, classes: tuple[str, ...]) -> None:
        """Append a band (C, h, W) that begins at row ``top``."""
        self._try(lambda: self._append(top, levels, classes))

    def complete(self) -> None:
        """Give the file its name."""
        self._try(self._end)

    def discard(self) -> None:
        """Remove what is not complete."""
        with suppress(OSError):  # what could not be written cannot be ended either
            if self._archive is not None:
                self._archive.close()
        self._archive = None
        with suppress(OSError):
            self._part.unlink(missing_ok=True)

    def _try(self, action: Callable[[], None]) -> None:
        try:
            action()
        except OSError as error:
            self.discard()
            self._warn(f"{self._path}: cannot be written, so nothing was kept: {error.strerror or error}")

    def _begin(self) -> None:
        self._archive = zipfile.ZipFile(
            self._part, "x", zipfile.ZIP_DEFLATED, compresslevel=_QUICKEST, strict_timestamps=False
        )

    def _append(self, top: int, levels: UInt8, classes: tuple[str, ...]) -> None:
        if self._archive is None:
            return
        members = [(f"rows-{top}-{top + levels.shape[1]}.npy", levels)]
        if _CLASSES not in self._archive.namelist():
            members.append((_CLASSES, np.array(classes)))
        for name, array in members:
            with self._archive.open(name, "w", force_zip64=True) as member:
                np.lib.format.write_array(member, array, allow_pickle=False)

    def _end(self) -> None:
        if self._archive is None:
            return
        self._archive.close()
        self._archive = None
        self._part.replace(self._path)
