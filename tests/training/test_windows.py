from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from fake_corpus import write_fake_corpus

from logdigit.errors import DataError, UsageError
from logdigit.options import TrainConfig
from logdigit.training import windows
from logdigit.training.corpus import Corpus, open_corpus
from logdigit.training.windows import EQUAL_WITHIN, Int, Window, equal_pixels, plan_of, survey


@pytest.fixture
def corpus(tmp_path: Path) -> Corpus:
    """Eight patches of 64 px, seven of them to train on."""
    return open_corpus(write_fake_corpus(tmp_path / "data", n=8))


CONFIG = TrainConfig(batch=4, crop=32, refresh=5, crops_per_image=2, workers=1)


def _held(corpus: Corpus, plan: windows.Plan, steps: int) -> list[Int]:
    """Pixels of each class in every patch of some steps."""
    out = []
    for step in range(steps):
        for window in plan(step):
            mask = corpus.mask(window.name)[window.top : window.top + 32, window.left : window.left + 32]
            out.append(np.bincount(mask.ravel(), minlength=len(corpus.classes)))
    return out


def test_each_round_shows_every_item_once() -> None:
    names = tuple("abcdefg")
    rounds = [[windows._name_at(names, 0, 7 * turn + k) for k in range(7)] for turn in range(3)]
    assert all(sorted(order) == list(names) for order in rounds)
    assert rounds[0] != rounds[1]


def test_the_survey_counts_what_a_window_holds(corpus: Corpus) -> None:
    found, pixels = survey(corpus, 32, 1)
    assert len(found) == len(pixels) == 7 * 9  # corners at 0, 16 and 32 px
    assert {(w.top, w.left) for w in found} == {(r, c) for r in (0, 16, 32) for c in (0, 16, 32)}
    k = found.index(Window("000003", 16, 32))
    part = corpus.mask("000003")[16:48, 32:64]
    assert pixels[k].tolist() == [(part == value).sum() for value in range(5)]


def _counted(*rows: list[int]) -> Int:
    return np.array(rows, np.int64)


def test_equal_samples_asks_for_every_class_as_often() -> None:
    pixels = _counted(*([[90, 10, 0, 0]] * 50), [90, 0, 10, 0], [90, 0, 0, 10])
    chosen = windows.equal_samples(pixels, np.random.default_rng(0), 300)
    assert [int((pixels[chosen, k] > 0).sum()) for k in (1, 2, 3)] == [100, 100, 100]


def test_oversampled_asks_for_the_rarest_class_every_second_time() -> None:
    pixels = _counted(*([[90, 10, 0, 0]] * 99), [95, 0, 5, 0])
    chosen = windows.oversampled(pixels, np.random.default_rng(0), 1000)
    assert 500 <= (pixels[chosen, 2] > 0).sum() < 540


def test_equal_pixels_are_equal() -> None:
    rng = np.random.default_rng(1)
    ink = rng.integers(1, 400, (500, 3)) * (rng.random((500, 3)) < (0.9, 0.3, 0.1))
    pixels = np.c_[10_000 - ink.sum(axis=1), ink]
    totals = pixels[equal_pixels(pixels, rng, 400)].sum(axis=0)[1:]
    assert np.ptp(totals) / totals.max() < EQUAL_WITHIN < np.ptp(ink.sum(axis=0)) / ink.sum(axis=0).max()


def test_equal_pixels_that_cannot_be() -> None:
    pixels = _counted([50, 40, 10])  # the second class never comes without four times as much of the first
    with pytest.raises(DataError, match=r"equal_pixels.*differ by 75%"):
        equal_pixels(pixels, np.random.default_rng(0), 50)


def test_half_of_the_patches_hold_the_class() -> None:
    pixels = _counted(*([[100, 0]] * 90), *([[90, 10]] * 3))
    chosen = windows.half_present(pixels, np.random.default_rng(0), 200)
    assert (pixels[chosen, 1] > 0).sum() == 100


def test_a_plan_is_refreshed_and_depends_on_seed_and_step_only(corpus: Corpus) -> None:
    config = replace(CONFIG, sampling="equal_samples")
    plan, again = plan_of(config, corpus), plan_of(config, corpus)
    backwards = {step: again(step) for step in (12, 7, 3, 0)}  # as a resumed run may ask
    assert all(plan(step) == windows for step, windows in backwards.items())
    assert plan(0) != plan(5)
    assert all((counts[1:] > 0).any() for counts in _held(corpus, plan, 5))


def test_samplings_that_the_data_cannot_feed(corpus: Corpus) -> None:
    one = corpus.of_classes(("background", "solid"))
    everywhere = replace(one, names=tuple(n for n in one.names if (one.mask(n) == 1).any()))
    with pytest.raises(DataError, match=r"every patch .* holds solid"):
        plan_of(replace(CONFIG, crop=64, sampling="half_present"), everywhere)
    with pytest.raises(UsageError, match="sampling 'often'"):
        plan_of(replace(CONFIG, sampling="often"), corpus)  # type: ignore[arg-type]
