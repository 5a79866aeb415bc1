"""The engine that reads print: RapidOCR finds boxes on a picture, then reads them, several at a time.

Every box is filled by the engine up to the width on which it was trained. A shorter canvas would be read in a
third of the time, but then lone glyphs are lost, and now and then a decimal point with them.
"""

from __future__ import annotations

from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from hashlib import sha256
from typing import Any

import cv2
import numpy as np

from logdigit.errors import RefusalError
from logdigit.paper.text import SURE, Reader, Word
from logdigit.types import UInt8

_LARGEST = 2400
"""Side from which a picture is reduced to find boxes on it, px."""
_SMALL = 2_500_000
"""Pixels of a picture for which memory is kept."""
_LINE = 1.9
"""Length of a line of four letters or more, as multiple of its height, at least."""
_WORKERS = 8
"""Boxes that are read at the same time, at most."""


def engine() -> Reader:
    """A reader of print; its models lie in the wheel.

    Made for each log (0.2 s), so that its memory is free again when the network needs it.

    Raises:
        RefusalError: if the OCR engine is not installed.
    """
    try:
        from rapidocr import RapidOCR
    except ImportError as error:
        raise RefusalError(
            f"print cannot be read: {error.name} is not installed; reinstall logdigit, or give --layout"
        ) from None
    return Once(Engine(RapidOCR, max(1, min(_WORKERS, cv2.getNumThreads()))))


class Once:
    """A reader that remembers: sections share headings, and several questions are asked of one place."""

    def __init__(self, reader: Reader) -> None:
        """``reader`` sees each picture once."""
        self._reader = reader
        self._known: dict[tuple[tuple[int, ...], bytes, bool], tuple[Word, ...]] = {}

    def __call__(self, pixels: UInt8, sideways: bool = True) -> Sequence[Word]:
        """Words of a picture; see ``text.Reader``."""
        key = (pixels.shape, sha256(np.ascontiguousarray(pixels).data).digest(), sideways)
        if key not in self._known:
            self._known[key] = tuple(self._reader(pixels, sideways))
        return self._known[key]


class Engine:
    """Boxes are found by all threads together, and read each by one: small work does not share well."""

    def __init__(self, rapid: Any, threads: int) -> None:
        """Loads nothing yet; ``rapid`` is the class of the engine."""
        common = {
            "Global.log_level": "critical",
            "Global.use_cls": False,
            "Global.text_score": SURE,
            "Global.max_side_len": _LARGEST,
            "EngineConfig.onnxruntime.inter_op_num_threads": 1,
        }
        find = {
            "Global.use_rec": False,
            "Det.limit_type": "max",
            "Det.limit_side_len": _LARGEST,
            "EngineConfig.onnxruntime.intra_op_num_threads": min(4, threads),
        }
        read = {
            "Global.use_det": False,
            "Global.min_side_len": 1,
            "EngineConfig.onnxruntime.intra_op_num_threads": 1,
        }
        # without an arena every layer asks the system for memory anew, a third of the time; with one, memory
        # that was used is kept, and in pieces, as pictures differ in size
        arena = {"EngineConfig.onnxruntime.enable_cpu_mem_arena": True}
        self._find_large, self._find_small = (rapid(params=common | find | more) for more in ({}, arena))
        self._read = rapid(params=common | read)
        self._pool = ThreadPoolExecutor(threads)

    def __call__(self, pixels: UInt8, sideways: bool = True) -> Sequence[Word]:
        """Words of an upright picture (H, W) uint8, in its own pixels; see ``text.Reader``."""
        picture = cv2.cvtColor(pixels, cv2.COLOR_GRAY2BGR)
        find = self._find_small if pixels.size <= _SMALL else self._find_large
        boxes = find(picture).boxes
        if boxes is None:
            return []
        (left, top), (right, bottom) = boxes.min(axis=1).T, boxes.max(axis=1).T
        tall = bottom - top > _LINE * (right - left)
        flat = right - left > _LINE * (bottom - top)
        unread = tall & (not sideways and tall.sum() > flat.sum())
        crops = find.crop_text_regions(picture, boxes[~unread])
        read = self._pool.map(self._text, crops, tall[~unread])
        texts = [("", 1.0) if skip else next(read) for skip in unread]
        edges = np.stack([left, top, right, bottom], axis=1).astype(float).tolist()
        words = [Word(*text, x0, y0, x1, y1) for text, (x0, y0, x1, y1) in zip(texts, edges, strict=True)]
        return [w for w, skip in zip(words, unread, strict=True) if skip or (w.text and w.confidence >= SURE)]

    def _text(self, box: UInt8, tall: bool = False) -> tuple[str, float]:
        """Text of a box (h, w, 3), and how sure; of one that stood upright, the surer of both ways round."""
        found = []
        for turned in (box, np.ascontiguousarray(np.rot90(box, 2))) if tall else (box,):
            read = self._read(turned)
            found.append((read.txts[0].strip(), float(read.scores[0])) if read.txts else ("", 0.0))
        return max(found, key=lambda text: (len(text[0]) > 1, text[1]))
