"""Which patches are seen when: windows on the images of a corpus, drawn at random or by what they hold.

What a step sees is a pure function of the seed and the step: neither the number of threads or processes nor
an interruption changes it.
"""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from functools import lru_cache

import numpy as np
from numpy.typing import NDArray

from logdigit.errors import DataError, UsageError
from logdigit.options import TrainConfig
from logdigit.training.corpus import Corpus

Int = NDArray[np.int64]

EQUAL_WITHIN = 0.10
"""``equal_pixels``: most that the pixels of two classes of ink may differ over a refresh, as a share."""

_CANDIDATES = 12  # windows that ``equal_pixels`` weighs up for each patch
_OVERSAMPLED = 0.5  # share of the patches that ``oversampled`` asks the rarest class of


@dataclass(frozen=True)
class Window:
    """A patch before it is cut: upper left corner, px, on the image of an item."""

    name: str
    top: int
    left: int


Plan = Callable[[int], list[Window]]
"""Step to the windows of its batch."""


def plan_of(config: TrainConfig, corpus: Corpus) -> Plan:
    """The plan that ``config.sampling`` names.

    Raises:
        UsageError: there is no sampling of that name.
        DataError: the corpus does not hold what it asks for.
    """
    if config.sampling == "shuffled":
        return shuffled(corpus, config.seed, config.batch, config.crop, config.crops_per_image)
    if config.sampling not in CHOOSERS:
        raise UsageError(f"sampling {config.sampling!r}: shuffled, {', '.join(CHOOSERS)}")
    choose = CHOOSERS[config.sampling]
    windows, pixels = survey(corpus, config.crop, config.workers)
    _check_holdings(config.sampling, corpus.classes, pixels)

    @lru_cache(maxsize=2)
    def chosen(turn: int) -> Int:
        return choose(pixels, np.random.default_rng((config.seed, turn, 2)), config.refresh * config.batch)

    def plan(step: int) -> list[Window]:
        turn, place = divmod(step, config.refresh)
        numbers = chosen(turn)[place * config.batch : (place + 1) * config.batch]
        return [windows[int(k)] for k in numbers]

    return plan


def shuffled(corpus: Corpus, seed: int, batch: int, crop: int, crops_per_image: int) -> Plan:
    """Images in a new random order each time round, each giving up to ``crops_per_image`` random windows."""
    images = -(-batch // crops_per_image)

    def plan(step: int) -> list[Window]:
        rng = np.random.default_rng((seed, step))
        corners = rng.integers(0, corpus.size - crop + 1, (batch, 2))
        names = [_name_at(corpus.training, seed, step * images + k) for k in range(images)]
        return [Window(names[k // crops_per_image], *map(int, corners[k])) for k in range(batch)]

    return plan


def _name_at(names: tuple[str, ...], seed: int, position: int) -> str:
    """Item at ``position`` of an endless shuffled sequence that holds every item once in each round."""
    turn, place = divmod(position, len(names))
    return names[int(_order(len(names), seed, turn)[place])]


@lru_cache(maxsize=4)
def _order(count: int, seed: int, turn: int) -> Int:
    order: Int = np.random.default_rng((seed, turn, 1)).permutation(count)
    return order


def survey(corpus: Corpus, crop: int, workers: int) -> tuple[list[Window], Int]:
    """Every window of a grid that overlaps by half, on all images to train on, and what it holds.

    Returns:
        The W windows, and their pixels of each class (W, C).
    """
    corners = range(0, corpus.size - crop + 1, max(1, crop // 2))

    def count(name: str) -> Int:
        mask = corpus.mask(name)
        parts = [mask[top : top + crop, left : left + crop] for top in corners for left in corners]
        return np.array([np.bincount(p.ravel(), minlength=256)[: len(corpus.classes)] for p in parts])

    with ThreadPoolExecutor(max(1, workers)) as pool:
        pixels = np.concatenate(list(pool.map(count, corpus.training)))
    windows = [Window(name, top, left) for name in corpus.training for top in corners for left in corners]
    return windows, pixels


def _check_holdings(sampling: str, classes: tuple[str, ...], pixels: Int) -> None:
    ink = pixels[:, 1:] > 0
    if not ink.any():
        raise DataError(f"sampling {sampling}: no patch of the training data holds any ink")
    if sampling == "half_present" and ink.any(axis=1).all():
        raise DataError(f"sampling {sampling}: every patch of the training data holds {classes[1]}")


def equal_samples(pixels: Int, rng: np.random.Generator, count: int) -> Int:
    """As many patches chosen for each class of ink, each of them holding it."""
    present = np.flatnonzero(pixels.any(axis=0))
    asked = rng.permutation(np.resize(present[present > 0], count))
    return np.array([_with(pixels, int(k), rng) for k in asked])


def oversampled(pixels: Int, rng: np.random.Generator, count: int) -> Int:
    """Every second patch holds the rarest class of ink; the others are drawn from all."""
    totals = pixels.sum(axis=0)
    rarest = 1 + int(np.argmin(np.where(totals[1:] > 0, totals[1:], np.inf)))
    chosen = rng.integers(0, len(pixels), count)
    holders = np.flatnonzero(pixels[:, rarest])
    asked = rng.permutation(count)[: round(_OVERSAMPLED * count)]
    chosen[asked] = rng.choice(holders, len(asked))
    return chosen


def equal_pixels(pixels: Int, rng: np.random.Generator, count: int) -> Int:
    """Patches whose classes of ink have the same pixels in all, within `EQUAL_WITHIN`.

    Each patch is chosen for the class that is behind: of a few that hold it, the one whose ink is most its.

    Raises:
        DataError: no choice of patches evens the classes out.
    """
    ink = pixels[:, 1:]
    classes = np.flatnonzero(ink.any(axis=0))
    holders = {int(k): np.flatnonzero(ink[:, k]) for k in classes}
    totals, chosen = np.zeros(len(classes), np.int64), np.empty(count, np.int64)
    for k in range(count):
        behind = int(classes[np.argmin(totals)])
        candidates = rng.choice(holders[behind], _CANDIDATES)
        chosen[k] = candidates[np.argmax(ink[candidates, behind] / ink[candidates].sum(axis=1))]
        totals += ink[chosen[k], classes]
    apart = float(np.ptp(totals) / totals.max())
    if apart > EQUAL_WITHIN:
        raise DataError(
            f"sampling equal_pixels: over {count} patches the pixels of the classes differ by {apart:.0%} at "
            f"least, not within {EQUAL_WITHIN:.0%}; train with a larger refresh or more data"
        )
    return rng.permutation(chosen)


def half_present(pixels: Int, rng: np.random.Generator, count: int) -> Int:
    """One class against the rest: every second patch holds it, the others do not."""
    holds = pixels[:, 1] > 0
    with_it, without = (rng.choice(np.flatnonzero(which), count) for which in (holds, ~holds))
    return np.where(rng.permutation(count) % 2 == 0, with_it, without)


def _with(pixels: Int, label: int, rng: np.random.Generator) -> int:
    return int(rng.choice(np.flatnonzero(pixels[:, label])))


CHOOSERS: dict[str, Callable[[Int, np.random.Generator, int], Int]] = {
    "equal_samples": equal_samples,
    "oversampled": oversampled,
    "equal_pixels": equal_pixels,
    "half_present": half_present,
}
"""Pixels (W, C) of all windows, a generator and a number of patches, to the numbers of as many windows."""
