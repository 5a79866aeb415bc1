"""What a corpus holds, counted: class shares, styles, widths, overlaps, families, wear.

The imbalance of line work is a property to be measured, not assumed: about 97 of 100 pixels are background.
"""

from __future__ import annotations

from typing import Any

import numpy as np

from logdigit.synth.patches import Patch
from logdigit.types import CLASSES

WIDTHS_PX = (0.0, 1.0, 1.5, 2.0, 3.0, 4.0, 6.0, 8.0, 12.0)
"""Bounds of the histogram of stroke widths."""
OVERLAPS = (0.0, 1e-9, 0.01, 0.05, 0.2, 1.0)
"""Bounds of the histogram of overlaps: share of a patch's rows in which two curves touch."""


def patch_record(patch: Patch) -> dict[str, Any]:
    """What a manifest says of one patch."""
    pixels = np.bincount(patch.mask.ravel(), minlength=len(CLASSES))
    return {
        "family": patch.family,
        "wear": list(patch.wear.kinds()),
        "held_out_of": list(patch.held_out_of),
        "pixels": [int(p) for p in pixels],
        "styles": [CLASSES[k] for k in patch.labels],
        "widths": [round(float(w), 2) for w in patch.widths],
        "overlap": round(_overlap(patch), 4),
    }


def _overlap(patch: Patch) -> float:
    """Share of the rows in which the ink of two curves touches."""
    touching = np.zeros(patch.x.shape[1] if len(patch.x) else 1, bool)
    for i in range(len(patch.x)):
        for j in range(i):
            with np.errstate(invalid="ignore"):
                near = np.abs(patch.x[i] - patch.x[j]) < (patch.widths[i] + patch.widths[j]) / 2
            touching |= near
    return float(touching.mean())


def _counts(words: list[str]) -> dict[str, int]:
    names, numbers = np.unique(np.array(words, dtype=str), return_counts=True)
    return {str(name): int(number) for name, number in zip(names, numbers, strict=True)}


def _histogram(values: list[float], bounds: tuple[float, ...]) -> dict[str, list[float]]:
    counts, _ = np.histogram(np.clip(values, bounds[0], bounds[-1]), bounds)
    return {"bounds": list(bounds), "counts": [int(c) for c in counts]}


def census(items: list[dict[str, Any]]) -> dict[str, Any]:
    """Totals over the records of a corpus, as they stand in its manifest.

    Returns:
        ``share`` of the pixels by class (where the items count pixels), and counts of styles, widths,
        overlaps, families and kinds of wear.
    """
    out: dict[str, Any] = {}
    if all("pixels" in item for item in items):
        pixels = np.sum([item["pixels"] for item in items], axis=0)
        out["share"] = {
            name: round(float(p / pixels.sum()), 6) for name, p in zip(CLASSES, pixels, strict=True)
        }
    out["styles"] = _counts([style for item in items for style in item.get("styles", [])])
    out["widths_px"] = _histogram([w for item in items for w in item.get("widths", [])], WIDTHS_PX)
    if all("overlap" in item for item in items):
        out["overlap_of_rows"] = _histogram([item["overlap"] for item in items], OVERLAPS)
    out["families"] = _counts([item["family"] for item in items])
    out["wear"] = _counts([kind for item in items for kind in item["wear"]])
    return out
