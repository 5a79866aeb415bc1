"""Batches: patches cut where the plan says, mirrored, lightened or darkened, prepared ahead by threads."""

from __future__ import annotations

from collections import deque
from collections.abc import Iterator, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import contextmanager

import numpy as np

from logdigit.training.corpus import Corpus
from logdigit.training.windows import Plan, Window
from logdigit.types import UInt8

_JITTERED = 0.6  # share of patches whose ink is lightened or darkened
_GAIN = (0.7, 1.3)  # of the darkness of the ink
_OFFSET = (-0.04, 0.10)  # of the darkness of paper and ink alike, share of full scale
_AHEAD = 3  # batches prepared per thread

Batch = tuple[UInt8, UInt8]
"""Grey (n, 1, crop, crop) and masks (n, crop, crop)."""


def cut(corpus: Corpus, windows: Sequence[Window], crop: int, seed: int, step: int, first: int = 0) -> Batch:
    """The patches of ``windows``.

    They are mirrored at random both ways (a curve mirrored is a curve), with ink and paper lightened or
    darkened.

    Args:
        corpus: where the images are.
        windows: n of them.
        crop: side of a patch, px.
        seed: of the run.
        step: of the run.
        first: number of the first window in the batch of all processes.
    """
    grey = np.empty((len(windows), 1, crop, crop), np.uint8)
    mask = np.empty((len(windows), crop, crop), np.uint8)
    name = None
    for k, window in enumerate(windows):
        if window.name != name:
            name = window.name
            whole_grey, whole_mask = corpus.read(name)
        rng = np.random.default_rng((seed, step, first + k))
        rows, columns = slice(window.top, window.top + crop), slice(window.left, window.left + crop)
        down, right = rng.choice((1, -1), 2)
        grey[k, 0] = _jitter(rng)[whole_grey[rows, columns][::down, ::right]]
        mask[k] = whole_mask[rows, columns][::down, ::right]
    return grey, mask


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
    corpus: Corpus,
    plan: Plan,
    seed: int,
    steps: range,
    crop: int,
    workers: int,
    share: tuple[int, int] = (0, 1),
) -> Iterator[Iterator[Batch]]:
    """Batches of ``steps`` in order, prepared ahead by ``workers`` threads (decoding releases the GIL).

    Args:
        corpus: where the images are.
        plan: which windows a step sees.
        seed: of the run.
        steps: to prepare.
        crop: side of a patch, px.
        workers: threads.
        share: number of this process, and how many there are: each cuts its part of every batch.
    """
    pool = ThreadPoolExecutor(max(1, workers), thread_name_prefix="patches")

    def prepare(step: int) -> Batch:
        windows = plan(step)
        part = len(windows) // share[1]
        first = share[0] * part
        return cut(corpus, windows[first : first + part], crop, seed, step, first)

    def produce() -> Iterator[Batch]:
        waiting: deque[Future[Batch]] = deque()
        todo = iter(steps)
        for _ in steps:
            while len(waiting) < _AHEAD * max(1, workers):
                step = next(todo, None)
                if step is None:
                    break
                waiting.append(pool.submit(prepare, step))
            yield waiting.popleft().result()

    try:
        yield produce()
    finally:
        pool.shutdown(wait=True, cancel_futures=True)
