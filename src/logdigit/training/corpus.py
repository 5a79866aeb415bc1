"""A corpus on disk: patches with their masks and curves, and the classes to be told apart in them.

Files are read when they are needed and left to the page cache of the operating system, which keeps them
compressed in memory without making the process grow.
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from pathlib import Path
from zipfile import BadZipFile

import numpy as np
from numpy.typing import NDArray
from PIL import Image, UnidentifiedImageError

from logdigit.errors import DataError, UsageError
from logdigit.types import Float32, UInt8

HELD_OUT_EVERY = 50
"""Every 50th item is never trained on: in turn to validate during training, and to test afterwards."""

_IGNORE = 255  # of a mask: counts neither as right nor as wrong


@dataclass(frozen=True)
class Corpus:
    """Patches with their truth: ``images``, ``masks`` and ``truth`` beside a ``manifest.json``.

    Attributes:
        folder: the directory.
        names: items, in order.
        drawn: names of the values in the masks on disk, background first.
        classes: names of the values in the masks as they are read: those of ``drawn`` that are told apart.
        size: side of an image, px.
        seed: that the corpus was made with.
        counted: pixels of each class of ``drawn`` in each item, where the manifest says; else empty.
        instances: most items to train on; 0 for all.
        held_out: made of prints and wear that no training may see.
    """

    folder: Path
    names: tuple[str, ...]
    drawn: tuple[str, ...]
    classes: tuple[str, ...]
    size: int
    seed: int
    counted: tuple[tuple[int, ...], ...] = ()
    instances: int = 0
    held_out: bool = False

    @property
    def validation(self) -> tuple[str, ...]:
        """Items that choose the best weights, never to train on."""
        return self.names[:: 2 * HELD_OUT_EVERY]

    @property
    def test(self) -> tuple[str, ...]:
        """Items that training never looks at; those of ``validation`` where there are too few for both."""
        return self.names[HELD_OUT_EVERY :: 2 * HELD_OUT_EVERY] or self.validation

    @cached_property
    def training(self) -> tuple[str, ...]:
        """Items to train on."""
        every = tuple(name for k, name in enumerate(self.names) if k % HELD_OUT_EVERY)
        return every[: self.instances] if self.instances else every

    def of_classes(self, classes: Sequence[str]) -> Corpus:
        """The same corpus with those classes told apart; ink of any other is background.

        Raises:
            UsageError: the corpus has no such class, or the background is not the first.
        """
        unknown = [name for name in classes if name not in self.drawn]
        if unknown or len(classes) < 2 or classes[0] != self.drawn[0]:
            raise UsageError(
                f"classes {', '.join(classes)}: {self.drawn[0]} first, then one or more of "
                f"{', '.join(self.drawn[1:])}"
            )
        return replace(self, classes=tuple(classes))

    def first(self, count: int) -> Corpus:
        """The same corpus with ``count`` items to train on, or as many as it has; 0 for all."""
        return replace(self, instances=count)

    @cached_property
    def _table(self) -> UInt8:
        """Value of a mask on disk to value as read (256,)."""
        table = np.zeros(256, np.uint8)
        table[_IGNORE] = _IGNORE
        for value, name in enumerate(self.drawn):
            if name in self.classes:
                table[value] = self.classes.index(name)
        return table

    def read(self, name: str) -> tuple[UInt8, UInt8]:
        """Grey image and class mask of an item, both (size, size)."""
        return self._grey("images", name), self.mask(name)

    def mask(self, name: str) -> UInt8:
        """Class mask of an item (size, size)."""
        mask = self._grey("masks", name)
        wrong = (mask >= len(self.drawn)) & (mask != _IGNORE)
        if wrong.any():
            path = self.folder / "masks" / f"{name}.png"
            raise DataError(f"{path}: class {mask[wrong][0]} has no name in the manifest")
        return mask if self.classes == self.drawn else self._table[mask]

    def truth(self, name: str) -> tuple[Float32, UInt8]:
        """Curves of an item: x (n, size) px with NaN where there is no ink, and class index (n,)."""
        path = self.folder / "truth" / f"{name}.npz"
        try:
            with path.open("rb") as raw, np.load(raw) as file:
                x, cls = np.asarray(file["x"], np.float32), np.asarray(file["cls"], np.uint8)
        except (OSError, EOFError, KeyError, ValueError, BadZipFile) as error:
            raise DataError(f"{path}: not the truth of a patch; run logdigit synth again") from error
        if x.shape != (len(cls), self.size) or (cls >= len(self.drawn)).any():
            raise DataError(f"{path}: {x.shape} px of {cls.shape} curves do not fit {self.size} px patches")
        kept = self._table[cls] > 0
        return x[kept], self._table[cls[kept]]

    def pixels(self, names: Sequence[str] | None = None) -> NDArray[np.int64]:
        """Pixels of each class in each of ``names``, by default those to train on: (n, C)."""
        names = self.training if names is None else names
        if self.counted:
            counted = dict(zip(self.names, self.counted, strict=True))
            drawn = np.array([counted[name] for name in names], np.int64).reshape(len(names), -1)
            out = np.zeros((len(names), len(self.classes)), np.int64)
            for value in range(len(self.drawn)):
                out[:, self._table[value]] += drawn[:, value]
            return out
        every = [np.bincount(self.mask(name).ravel(), minlength=256) for name in names]
        return np.array(every, np.int64).reshape(len(names), -1)[:, : len(self.classes)]

    def _grey(self, kind: str, name: str) -> UInt8:
        path = self.folder / kind / f"{name}.png"
        try:
            with Image.open(path) as image:
                pixels: UInt8 = np.asarray(image.convert("L") if image.mode == "1" else image)
        except (OSError, UnidentifiedImageError, SyntaxError) as error:
            raise DataError(f"{path}: cannot read the patch; run logdigit synth again") from error
        if pixels.dtype != np.uint8 or pixels.shape != (self.size, self.size):
            raise DataError(f"{path}: {pixels.dtype} {pixels.shape}, not uint8 {(self.size, self.size)}")
        return pixels


def open_corpus(folder: Path) -> Corpus:
    """The corpus in ``folder``.

    Raises:
        DataError: if there is none, it is empty, or its manifest promises files that are not there.
    """
    make = "make one: logdigit synth"
    try:
        manifest = json.loads((folder / "manifest.json").read_text(encoding="utf-8"))
        names = tuple(str(item["name"]) for item in manifest["items"])
        classes = tuple(str(name) for name in manifest["classes"])
        size, seed, kind = int(manifest["size"]), int(manifest["seed"]), str(manifest["kind"])
        counted = tuple(tuple(int(n) for n in item.get("pixels", ())) for item in manifest["items"])
        held_out = bool(manifest.get("held_out", False))
    except OSError as error:
        raise DataError(f"{folder}: no readable manifest.json; {make} -o {folder}") from error
    except (ValueError, KeyError, TypeError, AttributeError) as error:
        raise DataError(f"{folder}: manifest.json is not that of a corpus; {make}") from error
    if kind != "patch":
        raise DataError(f"{folder}: a corpus of kind {kind}, training wants patches; {make} --kind patch")
    if len(classes) < 2:
        raise DataError(f"{folder}: the manifest names no classes; {make}")
    if len(names) < 2:  # one to train on, one to validate on
        raise DataError(f"{folder}: the corpus is empty ({len(names)} patches); {make} -o {folder}")
    for kind, suffix in (("images", "png"), ("masks", "png"), ("truth", "npz")):
        there = {path.name for path in (folder / kind).glob(f"*.{suffix}")}
        missing = [name for name in names if f"{name}.{suffix}" not in there]
        if missing:
            raise DataError(f"{folder}: {len(missing)} files of {kind} are missing ({missing[0]}); {make}")
    whole = all(len(item) == len(classes) for item in counted)
    return Corpus(folder, names, classes, classes, size, seed, counted if whole else (), held_out=held_out)
