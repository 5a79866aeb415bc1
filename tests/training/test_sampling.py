from __future__ import annotations

from collections import Counter
from pathlib import Path

import numpy as np
import pytest
from fake_corpus import write_fake_corpus

from logdigit.training.corpus import Corpus, open_corpus
from logdigit.training.sampling import Batch, batches, cut
from logdigit.training.windows import shuffled


@pytest.fixture
def corpus(tmp_path: Path) -> Corpus:
    """Six patches of 64 px: one to validate on, five to train on."""
    return open_corpus(write_fake_corpus(tmp_path / "data"))


def _batch(corpus: Corpus, seed: int, step: int, batch: int = 4, crop: int = 32) -> Batch:
    return cut(corpus, shuffled(corpus, seed, batch, crop, 2)(step), crop, seed, step)


def test_a_patch_is_a_window_of_image_and_mask_alike(corpus: Corpus) -> None:
    """The mask goes along: where there is curve there is ink, however the patch is cut and mirrored."""
    grey, mask = _batch(corpus, 0, 3, batch=8)
    assert grey.shape == (8, 1, 32, 32) and mask.shape == (8, 32, 32)
    assert grey.dtype == mask.dtype == np.uint8
    assert (mask > 0).any()
    for one, truth in zip(grey[:, 0], mask, strict=True):
        if (truth > 0).any() and (truth == 0).any():
            assert one[truth > 0].mean() < one[truth == 0].mean() - 30


def test_patches_depend_on_seed_and_step_only(corpus: Corpus) -> None:
    kinds = [(0, 1), (0, 2), (1, 1)]
    seen = {kind: _batch(corpus, *kind)[0].tobytes() for kind in kinds}
    assert len(set(seen.values())) == 3
    assert seen[0, 1] == _batch(corpus, 0, 1)[0].tobytes()


@pytest.mark.parametrize("workers", [0, 1, 3])
def test_threads_change_nothing(corpus: Corpus, workers: int) -> None:
    with batches(corpus, shuffled(corpus, 5, 4, 32, 2), 5, range(2, 12), 32, workers) as stream:
        several = [grey.tobytes() for grey, _ in stream]
    assert several == [_batch(corpus, 5, step)[0].tobytes() for step in range(2, 12)]


def test_processes_share_a_batch_between_them(corpus: Corpus) -> None:
    whole = _batch(corpus, 5, 0)
    parts = []
    for rank in range(2):
        with batches(corpus, shuffled(corpus, 5, 4, 32, 2), 5, range(1), 32, 1, (rank, 2)) as stream:
            parts.append(next(stream))
    for k in range(2):
        np.testing.assert_array_equal(np.concatenate([part[k] for part in parts]), whole[k])


def test_mirrors_and_jitter_are_used(corpus: Corpus) -> None:
    seen: Counter[bytes] = Counter()
    for step in range(12):
        grey, _ = _batch(corpus, 0, step, batch=1, crop=64)
        seen[grey.tobytes()] += 1
    assert len(seen) > 5  # more than there are images
