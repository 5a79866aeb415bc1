import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from logdigit.curves.resample import at_depths, depth_index
from logdigit.types import DepthScale

SCALE = DepthScale(np.array([0.0, 1000.0]), np.array([100.0, 200.0]), "FT", 0.0)
ROWS = np.arange(1000.0)


def test_a_straight_line_is_sampled_exactly() -> None:
    index = depth_index(100, 199, 0.25)
    np.testing.assert_allclose(at_depths(ROWS, 2 * ROWS, SCALE, index), 20 * (index - 100), atol=1e-6)


def test_a_gap_is_never_bridged() -> None:
    values = ROWS.copy()
    values[300:400] = np.nan  # 130 to 140
    index = depth_index(100, 199, 0.05)
    out = at_depths(ROWS, values, SCALE, index)
    assert np.isnan(out[(index > 130.0) & (index < 139.9)]).all()
    assert np.isfinite(out[(index < 129.9) | (index > 140.05)]).all()


def test_one_missing_row_is_not_filled_in() -> None:
    values = ROWS.copy()
    values[500] = np.nan
    out = at_depths(ROWS, values, SCALE, np.array([149.9, 150.0, 150.1]))
    assert np.isnan(out[1]) and np.isfinite(out[[0, 2]]).all()


def test_nothing_outside_the_trace() -> None:
    assert np.isnan(at_depths(ROWS, ROWS, SCALE, np.array([99.0, 201.0]))).all()


@given(
    st.floats(-500, 5000), st.floats(1, 300), st.sampled_from([0.5, 0.25, 0.1, 0.1524, 1.0])
)  # the steps that people use
def test_index_is_whole_multiples_inside(top: float, length: float, step: float) -> None:
    index = depth_index(top, top + length, step)
    ratio = index / step
    np.testing.assert_allclose(ratio, np.rint(ratio), atol=1e-4)
    if len(index):
        assert index[0] >= top - 1e-5 and index[-1] <= top + length + 1e-5
