"""The cache: what comes out is what went in but for rounding, whole or not at all, never stale."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from logdigit.errors import UsageError
from logdigit.ink.cache import check_directory, key_of, rounded
from logdigit.types import CLASSES, Geometry, ProbabilityMap, Provenance

ROWS = (40, 340)
KNOTS = np.array([0.0, 999.0])
GEOMETRY = Geometry(KNOTS, KNOTS, KNOTS * 0, KNOTS * 0, KNOTS * 0 + 1, 99.5, 60, (200.0, 200.0))
MADE_BY = Provenance("1", "weights", ("scan",), {"scans": "a.tif"})


class Network:
    """Random bands, counted: how often it was asked."""

    def __init__(self) -> None:
        self.asked = 0

    def bands(self) -> Iterator[ProbabilityMap]:
        generator = np.random.default_rng(0)
        for top in range(ROWS[0], ROWS[1], 100):
            self.asked += 1
            yield ProbabilityMap(top, generator.random((len(CLASSES), 100, 60), np.float32), CLASSES)


def run(network: Network, directory: Path | None, said: list[str], key: str = "key") -> list[ProbabilityMap]:
    return list(rounded(network.bands(), directory, key, ROWS, said.append))


def same(a: list[ProbabilityMap], b: list[ProbabilityMap]) -> bool:
    return [(x.top, x.classes) for x in a] == [(x.top, x.classes) for x in b] and all(
        x.prob.dtype == np.float32 and np.array_equal(x.prob, y.prob) for x, y in zip(a, b, strict=True)
    )


def test_a_file_gives_what_the_network_gave_and_the_network_rests(tmp_path: Path) -> None:
    network, said = Network(), list[str]()
    without = run(network, None, said)
    first = run(network, tmp_path, said)
    asked = network.asked
    second = run(network, tmp_path, said)
    assert network.asked == asked
    assert same(first, without) and same(first, second)
    true = np.concatenate([band.prob for band in network.bands()], axis=1)
    assert np.abs(np.concatenate([band.prob for band in second], axis=1) - true).max() <= 1 / 255 + 1e-6
    assert [path.name for path in tmp_path.iterdir()] == ["key.npz"] and said == []
    with np.load(tmp_path / "key.npz") as file:  # any numpy reads it
        assert file["rows-40-140"].shape == (len(CLASSES), 100, 60)


@pytest.mark.parametrize("damage", ["cut", "flip", "empty", "text", "short"])
def test_a_damaged_file_is_made_anew_and_told(tmp_path: Path, damage: str) -> None:
    network, said = Network(), list[str]()
    first = run(network, tmp_path, said)
    path = tmp_path / "key.npz"
    whole = path.read_bytes()
    if damage == "short":  # a sound file that holds other rows
        path.unlink()
        list(rounded(network.bands(), tmp_path, "key", (40, 240), said.append))
    middle = len(whole) // 2
    path.write_bytes(
        {
            "cut": whole[:middle],
            "flip": whole[:middle] + bytes([whole[middle] ^ 255]) + whole[middle + 1 :],
            "empty": b"",
            "text": b"probabilities",
        }.get(damage, path.read_bytes().replace(b"rows-240-340", b"rows-250-350"))
    )
    assert same(run(network, tmp_path, said), first)
    assert len(said) == 1 and "key.npz: damaged" in said[0] and "made anew" in said[0]
    assert path.read_bytes() == whole and len(list(tmp_path.iterdir())) == 1


def test_a_run_that_ends_early_leaves_nothing(tmp_path: Path) -> None:
    bands = rounded(Network().bands(), tmp_path, "key", ROWS, lambda text: None)
    next(iter(bands))
    assert len(list(tmp_path.iterdir())) == 1
    bands.close()  # type: ignore[attr-defined]
    assert list(tmp_path.iterdir()) == []


def test_what_cannot_be_written_is_told_and_the_run_goes_on(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    calls = iter(range(9))

    def full(file: object, array: object, **options: object) -> None:
        if next(calls) > 1:
            raise OSError(28, "No space left on device")

    monkeypatch.setattr(np.lib.format, "write_array", full)
    said: list[str] = []
    got = run(Network(), tmp_path, said)
    assert same(got, run(Network(), None, []))
    assert len(said) == 1 and said[0].endswith("nothing was kept: No space left on device")
    assert list(tmp_path.iterdir()) == []


def test_everything_that_matters_is_in_the_key() -> None:
    keys = {
        key_of(MADE_BY, GEOMETRY, ROWS),
        key_of(MADE_BY, GEOMETRY, (40, 341)),
        key_of(replace(MADE_BY, version="2"), GEOMETRY, ROWS),
        key_of(replace(MADE_BY, weights_sha256="others"), GEOMETRY, ROWS),
        key_of(replace(MADE_BY, input_sha256=("scan", "scan")), GEOMETRY, ROWS),
        key_of(replace(MADE_BY, options={"device": "cuda"}), GEOMETRY, ROWS),
        key_of(MADE_BY, replace(GEOMETRY, slope=KNOTS * 0 + 0.001), ROWS),
        key_of(MADE_BY, replace(GEOMETRY, pitch_x=KNOTS * 0 + 2), ROWS),
        key_of(MADE_BY, replace(GEOMETRY, left=KNOTS * 0 + 2), ROWS),
        key_of(MADE_BY, replace(GEOMETRY, centre=KNOTS + 2), ROWS),
        key_of(MADE_BY, replace(GEOMETRY, centre_x=2.0), ROWS),
        key_of(MADE_BY, replace(GEOMETRY, width=61), ROWS),
    }
    assert len(keys) == 12
    other = replace(MADE_BY, options={"scans": "b.tif", "layout": "edited.toml", "cache": "elsewhere"})
    assert key_of(other, GEOMETRY, ROWS) in keys


def test_the_directory_is_made_in_one_that_exists(tmp_path: Path) -> None:
    check_directory(tmp_path / "cache")
    check_directory(tmp_path / "cache")
    assert (tmp_path / "cache").is_dir()
    with pytest.raises(UsageError, match="does not exist"):
        check_directory(tmp_path / "no" / "cache")
    (tmp_path / "file").touch()
    with pytest.raises(UsageError, match="is a file"):
        check_directory(tmp_path / "file")
