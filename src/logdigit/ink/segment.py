"""Segmentation: rows of the straight strip in, class probabilities out; the border of numpy and torch."""

from __future__ import annotations

import copy
from collections.abc import Iterator
from typing import Literal

import numpy as np
import torch
import torch.nn.functional as F

from logdigit.ink.device import has_bf16, pick_device
from logdigit.ink.tiles import PAPER, ReadRows, Span, Windows, column_spans, row_spans
from logdigit.ink.unet import fold_batch_norms, to_ink
from logdigit.ink.weights import Loaded
from logdigit.types import Float32, ProbabilityMap, UInt8

TILE_ROWS = 1024
"""Rows of a tile's core; with the margins 1.4 times as many are computed."""

TILE_COLUMNS = 4096
"""Columns of a tile's core: 20 inches at 200 dpi, so that nearly every strip is one tile across."""


class Segmenter:
    """A network on its device, ready to run.

    Attributes:
        classes: names of the classes, background first.
        working_dpi: resolution that the strip must have, dots per inch.
        margin: context that an output pixel sees, px.
        sha256: of the weights file, hexadecimal.
        device: where it runs.
    """

    def __init__(
        self,
        loaded: Loaded,
        device: Literal["auto", "cpu", "cuda"] = "auto",
        tile_rows: int = TILE_ROWS,
        tile_columns: int = TILE_COLUMNS,
        bf16: bool | None = None,
    ) -> None:
        """Prepares the network; ``loaded`` itself is left as it is.

        Args:
            loaded: from ``weights.load_weights``.
            device: where to run.
            tile_rows: rows of a tile's core, px; changes memory and speed, not the result.
            tile_columns: columns of a tile's core, px; as above.
            bf16: compute in bfloat16; None for wherever that is fast.

        Raises:
            UsageError: if CUDA is asked for and there is none.
        """
        self.device = pick_device(device)
        self._dtype = torch.bfloat16 if (has_bf16(self.device) if bf16 is None else bf16) else torch.float32
        self._config = loaded.config
        self._tile = tile_rows, tile_columns
        model = fold_batch_norms(copy.deepcopy(loaded.model))
        self._model = model.to(self.device, self._dtype).to(memory_format=torch.channels_last)  # type: ignore[call-overload]
        self.classes = loaded.config.classes
        self.working_dpi = loaded.config.working_dpi
        self.margin = loaded.config.margin
        self.sha256 = loaded.sha256

    def segment(
        self, read: ReadRows, top: int, bottom: int, width: int, limits: tuple[int, int] | None = None
    ) -> Iterator[ProbabilityMap]:
        """Class probabilities of rows ``top`` to ``bottom``, in consecutive bands.

        Args:
            read: (top, bottom) to those rows of the straight strip, uint8 grey (h, width) or RGB; called with
                increasing rows, each row once, and never outside ``limits``.
            top: first row, px.
            bottom: row after the last, px.
            width: columns of the strip, px.
            limits: rows that ``read`` can give, for context; None for ``top`` to ``bottom``. Beyond is paper.

        Yields:
            Bands that cover ``[top, bottom)`` exactly; the same values, but for rounding, whatever the tiles.
        """
        low, high = (top, bottom) if limits is None else limits
        if not low <= top < bottom <= high or width < 1:
            raise ValueError(f"nothing to segment: rows {top} to {bottom} in {low} to {high}, width {width}")
        multiple = self._config.multiple
        columns = column_spans(width, self._tile[1], multiple, self.margin)
        windows = Windows(read, width, (low, high))
        for rows in row_spans(top, bottom, self._tile[0], multiple, self.margin):
            grey = windows.at(rows.start, rows.stop)
            grey = np.pad(grey, ((0, 0), (0, -width % multiple)), constant_values=PAPER)
            prob = np.concatenate([self._tile_prob(grey, rows, span) for span in columns], axis=2)
            first, last = max(top, rows.first), min(bottom, rows.last)
            kept = prob[:, first - rows.first : last - rows.first, :width]
            yield ProbabilityMap(first, np.ascontiguousarray(kept), self.classes)

    def _tile_prob(self, grey: UInt8, rows: Span, columns: Span) -> Float32:
        """Probabilities (C, h, w) of the core of one tile."""
        window = torch.from_numpy(np.ascontiguousarray(grey[None, None, :, columns.start : columns.stop]))
        with torch.inference_mode():
            ink = to_ink(window.to(self.device), self._config, self._dtype)
            logits = self._model(ink)[0, :, rows.core, columns.core]
            prob: Float32 = F.softmax(logits, dim=0, dtype=torch.float32).cpu().numpy()
        return prob
