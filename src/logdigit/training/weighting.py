"""Weights of classes from how rare they are, each formula as its source has it."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from logdigit.errors import DataError
from logdigit.types import Float

SCHEMES = ("equal", "icf", "iscf", "effective", "ratio")
"""Equal weights; inverse class frequency; its square root; effective number; background over ink."""


def class_weights(scheme: str, pixels: Sequence[int], beta: float = 0.999999, shares: bool = False) -> Float:
    """Weights (K,) of K classes with ``pixels`` pixels each, background first.

    With f_k the rarity of class k, its weight is alpha_k = K f_k / sum f: the mean weight is 1. (The study of
    severe imbalance, Morgese 2024, prints K on the other side; its own table agrees with this, but for one
    figure: it has 4.355 where its counts give 4.352.)

    - ``icf``: f = 1 / n, inverse class frequency.
    - ``iscf``: f = 1 / sqrt(n), inverse square root of class frequency.
    - ``effective``: f = (1 - beta) / (1 - beta^n), the inverse of the effective number of samples (Cui et al.
      2019, arXiv:1901.05555).
    - ``ratio``: 1 for the background and background / ink pixels for every class of ink, as the weighted
      binary cross-entropy of VeerNet; not normalised.

    A class without a pixel is left out of K and the sum, and weighs nothing: it never occurs.

    Args:
        scheme: one of `SCHEMES`.
        pixels: of each class, in the training data.
        beta: of the effective number.
        shares: one class against the rest: alpha_k = f_k / sum f instead, which sum to 1.

    Raises:
        DataError: there is no ink, or no background, to weigh.

    >>> class_weights("icf", [61_341_642, 1_532_701, 39_040, 550_683, 752_734]).round(3).tolist()
    [0.003, 0.111, 4.352, 0.309, 0.226]
    """
    n = np.asarray(pixels, dtype=np.float64)
    there = n > 0
    if not there[0] or not there[1:].any():
        raise DataError(f"class_weights {scheme}: the training data has no {'ink' if there[0] else 'paper'}")
    if scheme == "ratio":
        return np.where(there, np.r_[1.0, np.full(len(n) - 1, positive_weight(pixels))], 0.0)
    rarity = np.where(there, _rarity(scheme, np.maximum(n, 1), beta), 0.0)
    share: Float = rarity / rarity.sum()
    return share if shares else int(there.sum()) * share


def _rarity(scheme: str, n: Float, beta: float) -> Float:
    """The f of a scheme, (K,)."""
    if scheme == "icf":
        return 1 / n
    if scheme == "iscf":
        return 1 / np.sqrt(n)
    if scheme == "effective":
        effective: Float = -np.expm1(n * np.log(beta)) / (1 - beta)
        return 1 / effective
    return np.ones_like(n)


def positive_weight(pixels: Sequence[int]) -> float:
    """Background pixels for each pixel of ink: 42 on VeerNet's corpus.

    >>> positive_weight([4200, 60, 40])
    42.0
    """
    return float(pixels[0] / sum(pixels[1:]))
