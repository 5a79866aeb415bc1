"""Rows of a strip that were read lately, for whoever needs them once more."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np

from logdigit.types import UInt8


class Recent:
    """A reader of rows that keeps what it gave until what comes after it has been asked for again.

    Called with first and last row it reads; `again` gives rows that lie within what was read, without reading
    them twice. Both are asked in increasing rows.
    """

    def __init__(self, read: Callable[[int, int], UInt8]) -> None:
        """``read(top, bottom)`` gives (bottom - top, W) or (..., 3) px."""
        self._read = read
        self._blocks: list[tuple[int, UInt8]] = []

    def __call__(self, top: int, bottom: int) -> UInt8:
        """Rows ``top`` to ``bottom``, read."""
        pixels = self._read(top, bottom)
        self._blocks.append((top, pixels))
        return pixels

    def again(self, top: int, bottom: int) -> UInt8:
        """The same rows of what was read, or read now; what ends above them is forgotten.

        >>> recent = Recent(lambda top, bottom: np.arange(top, bottom, dtype=np.uint8)[:, None])
        >>> _ = recent(0, 3), recent(3, 5)
        >>> recent.again(2, 5).ravel().tolist()
        [2, 3, 4]
        """
        self._blocks = [(first, block) for first, block in self._blocks if first + len(block) > top]
        parts, at = [], top
        for first, block in self._blocks:
            if first <= at < min(bottom, first + len(block)):
                parts.append(block[at - first : bottom - first])
                at = min(bottom, first + len(block))
        if at < bottom:
            return self._read(top, bottom)
        if any(part.ndim == 3 for part in parts):
            parts = [part if part.ndim == 3 else np.repeat(part[..., None], 3, axis=2) for part in parts]
        return np.concatenate(parts)
