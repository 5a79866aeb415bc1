"""The network of a weights file, brought to life when a band must be computed: torch is slow to load."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Literal, Protocol

from logdigit.errors import WeightsError
from logdigit.ink.tiles import ReadRows
from logdigit.types import ProbabilityMap

if TYPE_CHECKING:
    from logdigit.ink.segment import Segmenter

FILE_NAME = "logdigit.safetensors"


class SegmentsInk(Protocol):
    """What the pipeline needs of a network; tests put a fake in its place."""

    @property
    def sha256(self) -> str:
        """Of the weights file, hexadecimal."""
        ...

    def segment(
        self, read: ReadRows, top: int, bottom: int, width: int, limits: tuple[int, int] | None = None
    ) -> Iterator[ProbabilityMap]:
        """Consecutive bands that cover rows ``top`` to ``bottom``."""
        ...


def default_weights() -> Path:
    """The packaged checkpoint; in the package, else (editable install) in the source tree.

    Raises:
        WeightsError: if it is in neither.
    """
    package = Path(__file__).resolve().parents[1]
    for folder in (package / "weights", package.parents[1] / "weights"):
        if (folder / FILE_NAME).is_file():
            return folder / FILE_NAME
    raise WeightsError(
        f"{FILE_NAME} is not in this installation; give --weights FILE (logdigit train makes one)"
    )


class Network:
    """Segments ink with the weights of a file, which are loaded when the first band is asked for.

    Attributes:
        sha256: of the weights file, hexadecimal.
    """

    def __init__(self, weights: Path, device: Literal["auto", "cpu", "cuda"] = "auto") -> None:
        """Reads the checksum of the file only.

        Raises:
            WeightsError: if the file cannot be read.
        """
        self._weights, self._device = weights, device
        self._segmenter: Segmenter | None = None
        try:
            self.sha256 = hashlib.sha256(weights.read_bytes()).hexdigest()
        except OSError as error:
            raise WeightsError(f"{weights}: cannot read the weights: {error.strerror or error}") from error

    def segment(
        self, read: ReadRows, top: int, bottom: int, width: int, limits: tuple[int, int] | None = None
    ) -> Iterator[ProbabilityMap]:
        """Consecutive bands that cover rows ``top`` to ``bottom``; see ``segment.Segmenter``.

        Raises:
            WeightsError: if the file holds no network.
            UsageError: if the device is not there.
        """
        if self._segmenter is None:
            from logdigit.ink.segment import Segmenter
            from logdigit.ink.weights import load_weights

            self._segmenter = Segmenter(load_weights(self._weights), device=self._device)
        yield from self._segmenter.segment(read, top, bottom, width, limits)
