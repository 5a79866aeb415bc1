"""A corpus on disk, and the batches cut from it.

What a batch holds is a pure function of the seed and the step: neither the number of threads nor an
interruption changes what the network sees. Files are read when they are needed and left to the page cache
of the operating system, which keeps them compressed in memory without making the process grow.
"""

from __future__ import annotations

import json
from collections import deque
from collections.abc import Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from zipfile import BadZipFile

import numpy as np
from numpy.typing import NDArray
from PIL import Image, UnidentifiedImageError

from logdigit.errors import DataError
from logdigit.types import Float32, UInt8

VALIDATION_EVERY = 50
"""Every 50th item is never trained on."""

_JITTERED = 0.6  # share of patches whose ink is lightened or darkened
_GAIN = (0.7, 1.3)  # of the darkness of the ink
_OFFSET = (-0.04, 0.10)  # of the darkness of paper and ink alike, share of full scale
_AHEAD = 3  # batches prepared per thread


@dataclass(frozen=True)
class Corpus:
    """Patches with their truth: ``images``, ``masks`` and ``truth`` beside a ``manifest.json``.

    Attributes:
        folder: the directory.
        names: items, in order.
        classes: names of the values in the masks, background first.
        size: side of an image, px.
        seed: that the corpus was made with.
    """

    folder: Path
    names: tuple[str, ...]
    classes: tuple[str, ...]
    size: int
    seed: int

    @property
    def validation(self) -> tuple[str, ...]:
        """Items to score on, never to train on."""
        return self.names[::VALIDATION_EVERY]

    @property
    def training(self) -> tuple[str, ...]:
        """Items to train on."""
        return tuple(name for k, name in enumerate(self.names) if k % VALIDATION_EVERY)

    def read(self, name: str) -> tuple[UInt8, UInt8]:
        """Grey image and class mask of an item, both (size, size)."""
        return self._grey("images", name), self._mask(name)

    def truth(self, name: str) -> tuple[Float32, UInt8]:
        """Curves of an item: x (n, size) px with NaN where there is no ink, and class index (n,)."""
        path = self.folder / "truth" / f"{name}.npz"
        try:
            with path.open("rb") as raw, np.load(raw) as file:
                x, cls = np.asarray(file["x"], np.float32), np.asarray(file["cls"], np.uint8)
        except (OSError, EOFError, KeyError, ValueError, BadZipFile) as error:
            raise DataError(f"{path}: not the truth of a patch; run logdigit synth again") from error
        if x.shape != (len(cls), self.size) or (cls >= len(self.classes)).any():
            raise DataError(f"{path}: {x.shape} px of {cls.shape} curves do not fit {self.size} px patches")
        return x, cls

    def _mask(self, name: str) -> UInt8:
        mask = self._grey("masks", name)
        wrong = (mask >= len(self.classes)) & (mask != 255)
        if wrong.any():
            path = self.folder / "masks" / f"{name}.png"
            raise DataError(f"{path}: class {mask[wrong][0]} has no name in the manifest")
        return mask

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
    except OSError as error:
        raise DataError(f"{folder}: no readable manifest.json; {make} -o {folder}") from error
    except (ValueError, KeyError, TypeError) as error:
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
    return Corpus(folder, names, classes, size, seed)


def cut_batch(
    corpus: Corpus, seed: int, step: int, batch: int, crop: int, crops_per_image: int
) -> tuple[UInt8, UInt8]:
    """Patches of one step: grey (batch, 1, crop, crop) and masks (batch, crop, crop).

    Images come in a new random order each time round; each gives up to ``crops_per_image`` patches, mirrored
    at random both ways (a curve mirrored is a curve), with ink and paper lightened or darkened.
    """
    rng = np.random.default_rng((seed, step))
    images = -(-batch // crops_per_image)
    grey = np.empty((batch, 1, crop, crop), np.uint8)
    mask = np.empty((batch, crop, crop), np.uint8)
    for k in range(batch):
        if k % crops_per_image == 0:
            name = _name_at(corpus.training, seed, step * images + k // crops_per_image)
            whole_grey, whole_mask = corpus.read(name)
        top, left = rng.integers(0, corpus.size - crop + 1, 2)
        window = (slice(top, top + crop), slice(left, left + crop))
        down, right = rng.choice((1, -1), 2)
        grey[k, 0] = _jitter(rng)[whole_grey[window][::down, ::right]]
        mask[k] = whole_mask[window][::down, ::right]
    return grey, mask


def _name_at(names: tuple[str, ...], seed: int, position: int) -> str:
    """Item at ``position`` of an endless shuffled sequence that holds every item once in each round."""
    turn, place = divmod(position, len(names))
    order: NDArray[np.int64] = np.random.default_rng((seed, turn, 1)).permutation(len(names))
    return names[int(order[place])]


def _jitter(rng: np.random.Generator) -> UInt8:
    """Grey to grey table (256,); the identity for some."""
    gain, offset, chance = rng.uniform(*_GAIN), rng.uniform(*_OFFSET), rng.random()
    ink = 1 - np.arange(256) / 255
    if chance < _JITTERED:
        ink = np.clip(ink * gain + offset, 0, 1)
    table: UInt8 = np.rint(255 * (1 - ink)).astype(np.uint8)
    return table


@contextmanager
def batches(
    corpus: Corpus, seed: int, steps: range, batch: int, crop: int, crops_per_image: int, workers: int
) -> Iterator[Iterator[tuple[UInt8, UInt8]]]:
    """Batches of ``steps`` in order, prepared ahead by ``workers`` threads (decoding releases the GIL)."""
    pool = ThreadPoolExecutor(max(1, workers), thread_name_prefix="patches")

    def produce() -> Iterator[tuple[UInt8, UInt8]]:
        waiting: deque[Future[tuple[UInt8, UInt8]]] = deque()
        todo = iter(steps)
        for _ in steps:
            while len(waiting) < _AHEAD * max(1, workers):
                step = next(todo, None)
                if step is None:
                    break
                waiting.append(pool.submit(cut_batch, corpus, seed, step, batch, crop, crops_per_image))
            yield waiting.popleft().result()

    try:
        yield produce()
    finally:
        pool.shutdown(wait=True, cancel_futures=True)
