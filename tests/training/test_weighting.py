from __future__ import annotations

import numpy as np
import pytest

from logdigit.errors import DataError
from logdigit.training.weighting import class_weights, positive_weight

PUBLISHED = (61_341_642, 1_532_701, 39_040, 550_683, 752_734)  # Morgese 2024


def test_icf_gives_the_published_figures() -> None:
    weights = class_weights("icf", PUBLISHED)
    # The study has 4.355; but then its five would sum to 5.004, and K = 5 is what they sum to.
    np.testing.assert_allclose(weights, [0.003, 0.111, 4.355, 0.309, 0.226], atol=0.0031)
    assert weights[2] == pytest.approx(4.352, abs=5e-4) and weights.sum() == pytest.approx(5)


def test_iscf_gives_the_published_figures() -> None:
    weights = class_weights("iscf", PUBLISHED)
    np.testing.assert_allclose(weights, [0.075, 0.475, 2.978, 0.793, 0.678], atol=5e-4)


def test_one_against_the_rest_gives_the_published_figures() -> None:
    rest = sum(PUBLISHED) - PUBLISHED[1]
    np.testing.assert_allclose(
        class_weights("iscf", (rest, PUBLISHED[1]), shares=True), [0.135, 0.865], atol=5e-4
    )


def test_effective_number_by_hand() -> None:
    # beta = 0.5: E_1 = (1 - 0.5) / 0.5 = 1, E_3 = (1 - 0.125) / 0.5 = 1.75.
    np.testing.assert_allclose(class_weights("effective", (3, 1), beta=0.5), [2 / 2.75, 3.5 / 2.75])
    many = class_weights("effective", (10**9, 10**8), beta=0.9)
    np.testing.assert_allclose(many, [1, 1])  # past counting, all numbers are as good as infinite


def test_ratio_is_background_over_ink() -> None:
    assert class_weights("ratio", (84, 1, 1)).tolist() == [1, 42, 42] and positive_weight((84, 1, 1)) == 42


def test_equal_is_equal() -> None:
    assert class_weights("equal", (9, 1, 5)).tolist() == [1, 1, 1]


@pytest.mark.parametrize("scheme", ["icf", "iscf", "effective", "ratio", "equal"])
def test_a_class_that_never_occurs_weighs_nothing(scheme: str) -> None:
    weights = class_weights(scheme, (1000, 10, 0))
    np.testing.assert_allclose(weights[:2], class_weights(scheme, (1000, 10)))
    assert weights[2] == 0


@pytest.mark.parametrize("pixels", [(100, 0, 0), (0, 5, 5)])
def test_nothing_to_weigh(pixels: tuple[int, ...]) -> None:
    with pytest.raises(DataError, match="icf"):
        class_weights("icf", pixels)
