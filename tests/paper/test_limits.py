"""What readings can be: only of what the table knows, in the unit of the table."""

from __future__ import annotations

import numpy as np
import pytest

from logdigit.paper.readings import limits_of
from logdigit.types import Box, CurveSpec, DepthScale, Section, Track


@pytest.mark.parametrize(
    ("mnemonic", "unit", "limits"),
    [
        ("GR", "GAPI", (0, 500)),
        ("gr", "GAPI", (0, 500)),
        ("GR", "UGRA/T", None),
        ("CALI", "INCH", (2, 40)),
        ("CALI", "MM", None),
        ("LTEN", "LB", (-1000, 30000)),
        ("NPHI", "V/V", None),
        ("XYZ", "GAPI", None),
        ("GR", "", None),
    ],
)
def test_limits_need_a_known_mnemonic_in_its_own_unit(
    mnemonic: str, unit: str, limits: tuple[float, float] | None
) -> None:
    ends = np.array([0.0, 9.0])
    track = Track(0.0, 9.0, (CurveSpec(mnemonic, (), unit),))
    section = Section(Box(0, 0, 10, 10), (track,), DepthScale(ends, ends, "FT", 0.0))
    assert limits_of([section]) == ({} if limits is None else {mnemonic: limits})
