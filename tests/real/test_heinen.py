"""The one real scan with digital truth: D&K Heinen 1-4, sonic, main pass 255 to 1,100 ft."""

import os
from pathlib import Path

import numpy as np
import pytest

from logdigit.curves.calibrate import to_position
from logdigit.metrics import compare
from logdigit.options import DigitiseOptions
from logdigit.out.las import read_las
from logdigit.pipeline import digitise

DATA = Path(os.environ.get("LOGDIGIT_DATA", Path(__file__).parents[3] / "shared" / "data"))
LAYOUT = Path(__file__).parents[2] / "benchmarks" / "real" / "ks-heinen-1-4-sonic.toml"
LIMITS = {"GR": 0.012, "DT": 0.012, "DCAL": 0.02, "SPOR": 0.02}


@pytest.mark.real
@pytest.mark.skipif(not (DATA / "scans").is_dir(), reason="development data are not here: set LOGDIGIT_DATA")
def test_the_las_of_the_real_scan_is_the_las_of_the_well() -> None:
    (result,) = digitise([DATA / "scans" / "ks-heinen-1-4-sonic.tif"], DigitiseOptions(layout=LAYOUT))
    truth = read_las(DATA / "las" / "ks-1044234216.las")
    part = (truth.depth >= 255) & (truth.depth <= 1100)
    true = {curve.mnemonic: curve.value[part] for curve in truth.curves}
    got = {curve.mnemonic: curve for curve in result.log.curves}
    specs = {c.mnemonic: c for s in result.layout.sections for t in s.tracks for c in t.curves}
    for name, limit in LIMITS.items():
        scale = specs[name].scales[0]
        u = to_position(scale, true[name])
        # on the printed scale; GR is declared once more as 150-300, DT re-enters but its heading does not say so
        u = np.where((u >= 0) & (u <= (2 if name == "GR" else 1)), u, np.nan)
        score = compare(got[name].depth, to_position(scale, got[name].value), truth.depth[part], u)
        figures = f"{name}: mean {score.mae:.4f}, median {score.median:.4f}, r {score.r:.4f}, coverage {score.coverage:.3f}"
        assert score.mae <= limit, figures
        assert score.median <= 0.005, figures
        assert score.r >= 0.95, figures
        assert score.coverage >= 0.9, figures
