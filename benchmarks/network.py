"""Speed of the network stage against a plain U-Net on the same pixels, in turns in one run.

    python benchmarks/network.py [--threads 2] [--rounds 3]

Plain: 32 maps at the first level, full resolution, 4 poolings, tiles of 256 px that overlap by half and are
averaged, float32; its weights are random, which costs the same. Ours: the shipped weights, as `digitise` runs
them. One megapixel is 10^6 px of the straight strip.
"""

from __future__ import annotations

import argparse
import os
import time
from collections.abc import Callable

import numpy as np
import torch

from logdigit.ink.network import default_weights
from logdigit.ink.segment import Segmenter
from logdigit.ink.unet import UNet, UNetConfig, fold_batch_norms, to_ink
from logdigit.ink.weights import load_weights
from logdigit.types import Float32, UInt8

HEIGHT, WIDTH = 4096, 1664
TILE, BATCH = 256, 8


def plain(model: UNet, image: UInt8) -> Float32:
    """Class probabilities (C, H, W) from overlapping tiles, averaged."""
    step = TILE // 2
    tops, lefts = range(0, HEIGHT - step, step), range(0, WIDTH - step, step)
    places = [(top, left) for top in tops for left in lefts]
    total = torch.zeros(len(model.config.classes), HEIGHT, WIDTH)
    seen = torch.zeros(HEIGHT, WIDTH)
    grey = torch.from_numpy(image)
    with torch.inference_mode():
        for k in range(0, len(places), BATCH):
            tiles = torch.stack([grey[t : t + TILE, x : x + TILE] for t, x in places[k : k + BATCH]])
            prob = model(to_ink(tiles[:, None], model.config)).softmax(1)
            for (top, left), one in zip(places[k : k + BATCH], prob, strict=True):
                total[:, top : top + TILE, left : left + TILE] += one
                seen[top : top + TILE, left : left + TILE] += 1
    return np.asarray((total / seen).numpy(), np.float32)


def main() -> None:
    """Time both in turns and print megapixels a second and their ratio."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--threads", type=int, default=os.cpu_count() or 1)
    parser.add_argument("--rounds", type=int, default=3)
    args = parser.parse_args()
    torch.set_num_threads(args.threads)
    torch.manual_seed(0)
    image = np.random.default_rng(0).integers(0, 256, (HEIGHT, WIDTH)).astype(np.uint8)
    segmenter = Segmenter(load_weights(default_weights()), "cpu")
    model = fold_batch_norms(UNet(UNetConfig(base=32, unshuffle=1, head=3)).eval())

    def ours() -> None:
        for _ in segmenter.segment(lambda top, bottom: image[top:bottom], 0, HEIGHT, WIDTH):
            pass

    stages: dict[str, Callable[[], object]] = {"plain": lambda: plain(model, image), "ours": ours}
    spent: dict[str, list[float]] = {name: [] for name in stages}
    for _ in range(args.rounds):
        for name, stage in stages.items():
            began = time.perf_counter()
            stage()
            spent[name].append(time.perf_counter() - began)
    speed = {name: HEIGHT * WIDTH / 1e6 / min(seconds) for name, seconds in spent.items()}
    print(f"plain {speed['plain']:.2f} MP/s, ours {speed['ours']:.2f} MP/s on {args.threads} threads")
    print(f"ours is {speed['ours'] / speed['plain']:.1f} times as fast")


if __name__ == "__main__":
    main()
