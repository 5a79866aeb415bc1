import numpy as np

from logdigit.curves.solo import WRAPPING
from logdigit.curves.viterbi import Prices, State, decode
from logdigit.types import Float32


def costs(ink: Float32) -> tuple[Float32, Float32]:
    unary = -np.log(np.maximum(ink, 0.01)).astype(np.float32)
    side = (0.02 + 0.45 * (1 - ink)).astype(np.float32)
    return unary, side


def plant(x: np.ndarray, width: int = 120) -> Float32:
    """Ink along x(row), each row joined to the next as a pen would."""
    ink = np.zeros((len(x), width), np.float32)
    for row in range(len(x)):
        a, b = sorted((x[row], x[max(row - 1, 0)]))
        ink[row, max(0, round(a) - 1) : round(b) + 2] = 1.0
    return ink


def test_a_planted_path_is_found_in_noise() -> None:
    rng = np.random.default_rng(0)
    x = 60 + 35 * np.sin(np.arange(400) / 25)
    ink = np.clip(plant(x) * 0.9 + 0.35 * rng.random((400, 120)), 0, 1).astype(np.float32)
    entry, exit_, _ = decode(*costs(ink), Prices())
    middle = (entry + exit_) / 2
    assert np.abs(middle - x).max() <= 4
    assert (exit_ >= 0).all()


def test_a_kick_along_a_row_is_followed_through_its_ink() -> None:
    x = np.full(100, 20.0)
    x[50:60] = 100.0
    entry, exit_, _ = decode(*costs(plant(x)), Prices())
    assert np.abs(exit_[52:58] - 100).max() <= 1
    assert abs(int(entry[50]) - 20) <= 1 and abs(int(exit_[50]) - 100) <= 1


def test_no_ink_is_absent_and_the_pen_comes_back() -> None:
    x = np.full(300, 40.0)
    ink = plant(x)
    ink[100:200] = 0
    _, exit_, _ = decode(*costs(ink), Prices())
    assert (exit_[105:195] == -1).all()
    assert (exit_[:95] >= 0).all() and (exit_[205:] >= 0).all()


def test_a_wrap_is_counted_and_undone() -> None:
    total = np.interp(np.arange(400), [0, 100, 200, 300, 400], [60, 100, 170, 100, 60])
    wrapped = np.where(total >= 120, total - 120, total)
    turns_true = (total >= 120).astype(int)
    ink = np.zeros((400, 120), np.float32)
    for row, x in enumerate(wrapped):
        ink[row, max(0, round(x) - 1) : round(x) + 2] = 1
    _, exit_, turns = decode(*costs(ink), WRAPPING, range(-1, 3))
    unwrapped = exit_ + 120 * turns
    assert np.abs(unwrapped - total).max() <= 2.5
    assert (turns != turns_true).mean() < 0.01


def test_a_curve_that_does_not_wrap_stays_on_its_turn() -> None:
    _, _, turns = decode(*costs(plant(np.full(50, 118.0))), Prices())
    assert (turns == 0).all()


def test_the_start_state_is_obeyed() -> None:
    ink = plant(np.full(200, 30.0)) + plant(np.full(200, 90.0))
    for column in (30, 90):
        _, exit_, _ = decode(*costs(ink), Prices(), start=State(0, column))
        assert np.abs(exit_ - column).max() <= 2
