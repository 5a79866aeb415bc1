"""Ink that is not data: boxes of the page that are paper to the tracer, whatever stands in them."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace

import numpy as np

from logdigit.types import Box, Float32, Geometry, ProbabilityMap

PAPER = 255
"""Grey level of blank paper."""


def without(
    bands: Iterable[ProbabilityMap], boxes: Sequence[Box], geometry: Geometry
) -> Iterator[ProbabilityMap]:
    """Bands in which everything inside the boxes is background, and paper where pixels travel along.

    Args:
        bands: straight frame; those given are not changed.
        boxes: strip frame.
        geometry: between the two.
    """
    for band in bands:
        yield _blank(band, boxes, geometry)


def _blank(band: ProbabilityMap, boxes: Sequence[Box], geometry: Geometry) -> ProbabilityMap:
    prob: Float32 | None = None
    grey = band.grey
    background = band.classes.index("background")
    for box in boxes:
        # pixels are their whole area: a box reaches half a pixel beyond the centres of its outer ones
        ends = np.array([box.left, box.right, box.top, box.bottom]) - 0.5
        x, y = geometry.to_straight(ends[[0, 1, 0, 1]], ends[[2, 2, 3, 3]])
        rows = np.arange(max(band.top, np.floor(y.min())), min(band.top + band.prob.shape[1], y.max() + 1))
        columns = np.arange(max(0, np.floor(x.min())), min(band.prob.shape[2], x.max() + 1))
        if not len(rows) or not len(columns):
            continue
        strip_x, strip_y = geometry.to_strip(*np.meshgrid(columns, rows))
        inside = (strip_x >= ends[0]) & (strip_x < ends[1]) & (strip_y >= ends[2]) & (strip_y < ends[3])
        if prob is None:
            prob = band.prob.copy()
            grey = None if band.grey is None else band.grey.copy()
        top, left = int(rows[0]) - band.top, int(columns[0])
        window = prob[:, top : top + len(rows), left : left + len(columns)]
        window[:, inside] = 0
        window[background, inside] = 1
        if grey is not None:
            grey[top : top + len(rows), left : left + len(columns)][inside] = PAPER
    return band if prob is None else replace(band, prob=prob, grey=grey)
