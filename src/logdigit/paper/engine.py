"""The engine that reads print: RapidOCR finds boxes on a picture, then reads them, several at a time.

OpenVINO runs the network that finds them, in a quarter of the time that ONNX Runtime takes for it and to the
same result; they read equally fast, and only ONNX Runtime reads several boxes at a time with one network.

Every box is filled by the engine up to the width on which it was trained. A shorter canvas would be read in a
third of the time, but then lone glyphs are lost, and now and then a decimal point with them.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from hashlib import sha256
from typing import Any

import cv2
import numpy as np

from logdigit.errors import RefusalError
from logdigit.paper.text import SURE, Reader, Word
from logdigit.types import Float32, UInt8

_LARGEST = 2400
"""Side from which a picture is reduced to find boxes on it, px."""
_MOST = 3_000_000
"""Pixels from which it is reduced too: finding takes a third of a gigabyte of memory for each million."""
_KEPT = 1_000_000
"""Pixels of a picture up to which that memory is kept for the next one."""
_CACHE = "CPU_RUNTIME_CACHE_CAPACITY"
"""Sizes of pictures for which OpenVINO keeps what it prepared; no two are alike here."""
_LINE = 1.9
"""Length of a line of four letters or more, as multiple of its height, at least."""
_WORKERS = 8
"""Boxes that are read at the same time, at most."""


def engine() -> Reader:
    """A reader of print; its models lie in the wheel.

    Made for each log (half a second), so that its memory is free again when the network needs it.

    Raises:
        RefusalError: if the OCR engine is not installed.
    """
    threads = max(1, min(_WORKERS, cv2.getNumThreads()))
    try:
        return Once(Engine(*_loaded(min(4, threads)), threads))
    except ImportError as error:
        raise RefusalError(
            f"print cannot be read: {error.name} is not installed; reinstall logdigit, or give --layout"
        ) from None


def _loaded(threads: int) -> tuple[Any, Any]:
    """RapidOCR twice: what finds boxes, with so many threads together, and what reads one with one thread."""
    from rapidocr import EngineType, RapidOCR

    common = {
        "Global.log_level": "critical",
        "Global.use_cls": False,
        "Global.text_score": SURE,
        "Global.max_side_len": _LARGEST,
    }
    find = {"Global.use_rec": False, "Det.engine_type": EngineType.OPENVINO, "Det.limit_type": "max"}
    read = {
        "Global.use_det": False,
        "Global.min_side_len": 1,
        "EngineConfig.onnxruntime.inter_op_num_threads": 1,
        "EngineConfig.onnxruntime.intra_op_num_threads": 1,
    }
    finder: Any = RapidOCR(params=common | find)
    detector = finder._load_det_model()
    detector.session = _Exact(detector.session.model, threads)
    return finder, RapidOCR(params=common | read)


class _Exact:
    """A network run by OpenVINO in single precision, which keeps little memory.

    By itself it takes bfloat16 where the processor knows it: other boxes elsewhere, and slower. It keeps what
    it worked with on the largest picture, and some megabytes for each size of picture that it has seen.
    """

    def __init__(self, model: Any, threads: int) -> None:
        from openvino import Core

        how = {"INFERENCE_PRECISION_HINT": "f32", "INFERENCE_NUM_THREADS": threads}
        try:
            self._network = Core().compile_model(model, "CPU", how | {_CACHE: 0})
        except RuntimeError:  # a version that does not know this
            self._network = Core().compile_model(model, "CPU", how)

    def __call__(self, pixels: Float32) -> Float32:
        """What the network gives for (1, 3, H, W)."""
        out = np.array(self._network(pixels)[0])
        if pixels.size > 3 * _KEPT:
            self._network.release_memory()
        return out


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

    def __init__(self, find: Any, read: Any, threads: int) -> None:
        """``find`` and ``read`` are engines that find boxes and that read one; so many are read at a time."""
        self._find, self._read = find, read
        self._pool = ThreadPoolExecutor(threads)

    def __call__(self, pixels: UInt8, sideways: bool = True) -> Sequence[Word]:
        """Words of an upright picture (H, W) uint8, in its own pixels; see ``text.Reader``."""
        picture = cv2.cvtColor(pixels, cv2.COLOR_GRAY2BGR)
        longest = max(pixels.shape) * min(1.0, (_MOST / pixels.size) ** 0.5)
        self._find.text_det.limit_side_len = min(_LARGEST, math.ceil(longest))
        boxes = self._find(picture).boxes
        if boxes is None:
            return []
        (left, top), (right, bottom) = boxes.min(axis=1).T, boxes.max(axis=1).T
        tall = bottom - top > _LINE * (right - left)
        flat = right - left > _LINE * (bottom - top)
        unread = tall & (not sideways and tall.sum() > flat.sum())
        crops = self._find.crop_text_regions(picture, boxes[~unread])
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
