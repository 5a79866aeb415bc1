"""Figures laid on planted lines: the right depth, or a refusal; never a wrong one."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from logdigit.errors import RefusalError
from logdigit.paper.chains import best_chain
from logdigit.paper.figures import Chain, Figure
from logdigit.paper.register import register
from logdigit.paper.registered import Registered, held_against
from logdigit.paper.rules import Lines, Ruling
from logdigit.paper.sound import between_stronger
from logdigit.types import Float

TOP, FIRST, PITCH = 1000, 2000.0, 10.15


def row_of(depth: Float | float, stretch: float = 0.0) -> Float:
    """Planted rows: even, with a wander of ``stretch`` times the pitch over 150 units."""
    d = np.asarray(depth, dtype=np.float64) - FIRST
    wander = stretch * 150 / (2 * np.pi) * np.sin(2 * np.pi * d / 150)
    return np.asarray(1400.0 + PITCH * (d + wander))


def ruling(
    last: float, *, fine: float = 2.0, heavy: float = 10.0, stretch: float = 0.0, missing: float = 0.0
) -> Ruling:
    """Lines every ``fine`` units, thicker every ``heavy``, of which a share is missing."""
    rng = np.random.default_rng(5)
    height = int(row_of(last, stretch)) + 400 - TOP
    cover = np.zeros(height)
    rows = np.arange(height)
    for depth in np.arange(FIRST - 10, last + 10, fine):
        if rng.random() < missing:
            continue
        at = float(row_of(depth, stretch)) - TOP
        strong = abs(depth / heavy - round(depth / heavy)) < 1e-6
        cover = np.maximum(
            cover, (0.95 if strong else 0.7) * np.clip((2.0 if strong else 1.2) - np.abs(rows - at), 0, 1)
        )
    return Ruling(TOP, cover)


def chain(last: float, offset: float = 0.0, stretch: float = 0.0, step: float = 50.0, seed: int = 0) -> Chain:
    rng = np.random.default_rng(seed)
    depths = np.arange(FIRST, last + 1, step)
    rows = row_of(depths, stretch) + offset + rng.normal(0, 1.5, len(depths))
    figures = tuple(
        Figure(float(d), float(r), 580, 55, 30, 0.98, 4) for d, r in zip(depths, rows, strict=True)
    )
    return Chain(figures, PITCH, step, float(len(figures)))


def error(found: Registered, stretch: float = 0.0) -> Float:
    """Depth error at all depths between the first and last tick."""
    rows, depths = np.array(found.ticks).T
    at = np.arange(depths[0], depths[-1], 1.0)
    return np.asarray(np.interp(row_of(at, stretch), rows, depths) - at)


@pytest.mark.parametrize("offset", [0.0, -18.0, 25.0])
def test_the_line_gives_the_place_wherever_the_figure_stands(offset: float) -> None:
    found = register(chain(2600, offset), ruling(2600))
    assert found.line_unit == 2.0 and found.agreed == found.counted
    assert found.offset == pytest.approx(-offset, abs=3)
    assert np.abs(error(found)).max() < 0.03


def test_stretched_paper_is_followed_line_by_line() -> None:
    found = register(chain(2600, stretch=0.12), ruling(2600, stretch=0.12))
    assert np.abs(error(found, 0.12)).max() < 0.15


def test_lines_that_are_missing_are_bridged() -> None:
    found = register(chain(2600), ruling(2600, missing=0.15))
    assert np.abs(error(found)).max() < 0.1


def test_a_figure_half_way_between_two_heavy_lines_is_refused() -> None:
    with pytest.raises(RefusalError, match="line"):
        register(chain(2600, 0.45 * 10 * PITCH), ruling(2600, fine=10.0))


def test_paper_without_lines_is_refused() -> None:
    blank = Ruling(TOP, np.zeros(8000))
    with pytest.raises(RefusalError, match="no lines"):
        register(chain(2600), blank)


def test_no_wrong_registration_from_misread_and_truncated_figures() -> None:
    """40 columns with up to half of the figures misread or cut: right to 1 unit, or refused."""
    page = ruling(3000)
    wrong = accepted = 0
    for seed in range(40):
        rng = np.random.default_rng(seed)
        figures = list(chain(3000, float(rng.uniform(-15, 15)), step=100.0, seed=seed).figures)
        for k in rng.permutation(len(figures))[: int(rng.integers(0, 6))]:
            text = f"{figures[k].value:.0f}"
            place = int(rng.integers(0, 4))
            digit = text[:place] + str(rng.integers(0, 10)) + text[place + 1 :]
            text = str(rng.choice([digit, text[1:], text[:-1], "1" + text]))
            old = figures[k]
            figures[k] = Figure(float(text), old.row, old.x, old.width, old.height, 0.95, len(text))
        best = best_chain(figures, 1700)
        if best is None:
            continue
        try:
            found = register(best, page)
        except RefusalError:
            continue
        accepted += 1
        wrong += bool(np.abs(error(found)).max() > 1.0)
    assert wrong == 0
    assert accepted >= 32


def test_a_figure_beside_the_stroke_of_a_curve_does_not_bend_the_paper() -> None:
    """Figure 2300 has lost its line; a stroke of a curve runs 8 px below, nearly as heavy."""
    page = ruling(2600)
    cover = page.cover.copy()
    at = round(float(row_of(2300))) - TOP
    cover[at - 4 : at + 5] = 0.0
    cover[at + 7 : at + 10] = 0.9
    found = register(chain(2600, 15.0), Ruling(TOP, cover))
    assert np.abs(error(found)).max() < 0.15


def test_two_figures_are_laid_on_the_lines_between_them() -> None:
    found = register(chain(2100, step=100.0), ruling(2150))
    assert found.line_unit == 2.0
    assert np.abs(error(found)).max() < 0.05


def test_two_figures_are_laid_on_few_lines_if_these_lie_straight() -> None:
    """Lines 102 px apart: nothing but their own course shows whether the paper bends between them."""
    found = register(chain(2100, step=100.0), ruling(2150, fine=10.0, heavy=50.0))
    assert found.line_unit == 10.0
    assert np.abs(error(found)).max() < 0.1
    with pytest.raises(RefusalError):
        register(chain(2100, step=100.0, stretch=0.1), ruling(2150, fine=10.0, heavy=50.0, stretch=0.1))


@pytest.mark.parametrize(("weak", "due"), [(0.0, False), (0.3, True), (1.0, True)])
def test_lines_counted_between_stronger_ones_are_not_those_of_figures(weak: float, due: bool) -> None:
    """Of lines every 5 ft those every 10 are stronger; a count may begin, or go on, at the others."""
    rows = np.arange(500.0, 4500.0, 20.0, dtype=np.float64)
    lines = Lines(rows, np.where(np.arange(200) % 2, 3.5, 4.9).astype(np.float64))
    count = round(100 * weak)
    ticks = [(float(rows[2 * k + (k < count)]), 10.0 * k) for k in range(100)]
    assert between_stronger(ticks, lines, 10.0) == due


def counted(last: float, offset: float = 0.0) -> Registered:
    """Lines counted every 2 units all along, as planted."""
    depths = np.arange(FIRST, last + 1, 2.0)
    rows = row_of(depths)
    ticks = tuple(zip(rows.tolist(), depths.tolist(), strict=True))
    return Registered(ticks, 2.0, offset, rows[0], rows[-1], 15, 15, 1.0)


def moved(whole: Chain, which: slice, px: float) -> Chain:
    figures = list(whole.figures)
    figures[which] = [replace(figure, row=figure.row + px) for figure in figures[which]]
    return replace(whole, figures=tuple(figures))


@pytest.mark.parametrize(("which", "kept"), [(slice(4), (2200, 2750)), (slice(-4, None), (2000, 2550))])
def test_figures_of_one_end_that_stand_off_their_lines_are_cut_off(
    which: slice, kept: tuple[int, int]
) -> None:
    found = held_against(counted(2760), moved(chain(2750), which, 45))
    assert (found.ticks[0][1], found.ticks[-1][1]) == pytest.approx(kept, abs=11)
    assert np.abs(error(found)).max() < 0.03
    ((top, bottom),) = found.dropped
    lost = [float(row_of(depth)) for depth in ((2000, 2150) if kept[0] > 2000 else (2600, 2750))]
    assert (top, bottom) == pytest.approx([row + 45 for row in lost], abs=8)


def test_lines_that_go_with_too_few_of_the_figures_are_refused() -> None:
    with pytest.raises(RefusalError, match="do not go with the depth figures"):
        held_against(counted(2760), moved(chain(2750), slice(0, 8), 45))


def test_one_figure_astray_between_others_cuts_nothing() -> None:
    found = counted(2760)
    assert held_against(found, moved(chain(2750), slice(6, 7), 45)) is found
