"""A tiny corpus: one vertical wiggle a class on clean paper with a grid."""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np
from PIL import Image

from logdigit.types import CLASSES, UInt8

_PERIOD = {"solid": (1,), "dashed": (18, 8), "dotted": (3, 6), "dashdot": (18, 6, 3, 6)}


def _inked(style: str, height: int, rng: np.random.Generator) -> np.ndarray:
    pattern = np.concatenate([np.full(n, k % 2 == 0) for k, n in enumerate(_PERIOD[style])])
    return np.resize(np.roll(pattern, rng.integers(len(pattern))), height)


def fake_patch(rng: np.random.Generator, size: int) -> tuple[UInt8, UInt8, np.ndarray, np.ndarray]:
    image = np.full((size, size), 255, np.uint8)
    mask = np.zeros((size, size), np.uint8)
    image[:: size // 8] = 150
    image[:, :: size // 8] = 150
    rows = np.arange(size)
    labels = rng.permutation(4)[: rng.integers(1, 5)] + 1
    xs = []
    for k, label in enumerate(labels):
        middle = size * (k + 0.5) / len(labels)
        x = middle + size * 0.06 * np.sin(rows / rng.uniform(8, 40) + rng.uniform(0, 6))
        ink = _inked(CLASSES[label], size, rng)
        for row in rows[ink]:
            columns = slice(max(0, round(x[row]) - 1), round(x[row]) + 2)
            image[row, columns], mask[row, columns] = 20, label
        xs.append(x)
    return image, mask, np.array(xs, np.float32), labels.astype(np.uint8)


def write_fake_corpus(folder: Path, n: int = 6, size: int = 64, seed: int = 0) -> Path:
    """Writes ``n`` patches in the layout of ``logdigit synth``."""
    for kind in ("images", "masks", "truth"):
        (folder / kind).mkdir(parents=True)
    items = []
    for k in range(n):
        name = f"{k:06d}"
        image, mask, x, labels = fake_patch(np.random.default_rng((seed, k)), size)
        Image.fromarray(image).save(folder / "images" / f"{name}.png")
        Image.fromarray(mask).save(folder / "masks" / f"{name}.png")
        turns = np.zeros(x.shape, np.int8)
        np.savez_compressed(folder / "truth" / f"{name}.npz", x=x, cls=labels, turns=turns)
        items.append({"name": name, "seed": k, "family": "fake", "wear": []})
    manifest = {"version": 1, "kind": "patch", "size": size, "n": n, "seed": seed}
    (folder / "manifest.json").write_text(json.dumps({**manifest, "classes": CLASSES, "items": items}))
    return folder
