from __future__ import annotations

import os
import stat
from pathlib import Path

import pytest

from logdigit.errors import OutputExistsError, UsageError
from logdigit.out.files import atomic, check_output


def test_moved_into_place_at_the_end(tmp_path: Path) -> None:
    path = tmp_path / "a.png"
    with atomic(path, overwrite=False) as temporary:
        assert temporary.parent == tmp_path and temporary.suffix == ".png"
        temporary.write_text("done")
        assert not path.exists()
    assert path.read_text() == "done"
    mask = os.umask(0)
    os.umask(mask)
    assert stat.S_IMODE(path.stat().st_mode) == 0o666 & ~mask  # as any other file, not private


@pytest.mark.parametrize("error", [KeyboardInterrupt, ValueError, SystemExit])
def test_nothing_half_written(tmp_path: Path, error: type[BaseException]) -> None:
    path = tmp_path / "a.csv"
    path.write_text("old")
    with pytest.raises(error), atomic(path, overwrite=True) as temporary:
        temporary.write_text("hal")
        raise error
    assert [p.name for p in tmp_path.iterdir()] == ["a.csv"]
    assert path.read_text() == "old"


def test_a_file_that_appears_meanwhile_is_kept(tmp_path: Path) -> None:
    path = tmp_path / "a.csv"
    with pytest.raises(OutputExistsError), atomic(path, overwrite=False) as temporary:
        temporary.write_text("mine")
        path.write_text("theirs")
    assert path.read_text() == "theirs"
    assert len(list(tmp_path.iterdir())) == 1


def test_a_full_disk_is_one_line(tmp_path: Path) -> None:
    with (
        pytest.raises(UsageError, match="cannot be written: No space left on device"),
        atomic(tmp_path / "a.csv", overwrite=False),
    ):
        raise OSError(28, "No space left on device")
    assert not list(tmp_path.iterdir())


def test_outputs_are_checked_before_the_work(tmp_path: Path) -> None:
    check_output(tmp_path / "new.las", overwrite=False)
    (tmp_path / "old.las").touch()
    check_output(tmp_path / "old.las", overwrite=True)
    with pytest.raises(OutputExistsError):
        check_output(tmp_path / "old.las", overwrite=False)
    with pytest.raises(UsageError, match="is a directory"):
        check_output(tmp_path, overwrite=True)
    with pytest.raises(UsageError, match="does not exist"):
        check_output(tmp_path / "no" / "a.las", overwrite=True)
