import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from logdigit.curves.calibrate import to_position, to_value
from logdigit.types import ValueScale

SCALES = {
    "linear": ValueScale(((0.0, 0.0), (1.0, 150.0))),
    "reversed": ValueScale(((0.0, 140.0), (1.0, 40.0))),
    "log": ValueScale(((0.0, 0.2), (1.0, 2000.0)), "log"),
    "log reversed": ValueScale(((0.0, 2000.0), (1.0, 0.2)), "log"),
    "hyperbolic": ValueScale(((0.0, 4000.0), (0.5, 200.0), (1.0, 100.0)), "hyperbolic"),
    "three anchors": ValueScale(((0.0, 0.0), (0.25, 10.0), (1.0, 100.0))),
    "divisions": ValueScale(((0.2, 20.0), (0.8, 80.0))),
    "relative": ValueScale(((0.0, -160.0), (1.0, 40.0)), "relative"),
}


@pytest.mark.parametrize("scale", SCALES.values(), ids=list(SCALES))
@given(u=st.floats(0, 1))
def test_position_undoes_value(scale: ValueScale, u: float) -> None:
    back = to_position(scale, to_value(scale, np.array([u])))
    assert back[0] == pytest.approx(u, abs=1e-9)


@pytest.mark.parametrize("scale", SCALES.values(), ids=list(SCALES))
def test_anchors_are_hit_exactly(scale: ValueScale) -> None:
    u, value = np.array(scale.anchors).T
    np.testing.assert_allclose(to_value(scale, u), value, rtol=1e-12)


def test_a_turn_is_worth_the_width() -> None:
    assert to_value(SCALES["linear"], np.array([0.1]), 1)[0] == pytest.approx(165)
    assert to_value(SCALES["linear"], np.array([0.9]), -1)[0] == pytest.approx(-15)
    assert to_value(SCALES["log"], np.array([0.25]), 1)[0] == pytest.approx(20000)


def test_hyperbolic_is_linear_in_conductivity() -> None:
    scale = ValueScale(((0.0, np.inf), (1.0, 100.0)), "hyperbolic")
    np.testing.assert_allclose(to_value(scale, np.array([0.5, 0.1])), [200.0, 1000.0])


def test_what_has_no_place_on_a_log_scale_is_nan() -> None:
    assert np.isnan(to_position(SCALES["log"], np.array([0.0, -1.0, np.nan]))).all()


def test_off_scale_values_lie_beyond_the_edges() -> None:
    np.testing.assert_allclose(to_position(SCALES["reversed"], np.array([150.0, 30.0])), [-0.1, 1.1])
