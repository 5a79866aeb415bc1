"""The one real scan with digital truth: D&K Heinen 1-4, sonic, main pass 255 to 1,100 ft."""

import importlib.util
from pathlib import Path

import pytest

from logdigit.options import DigitiseOptions
from logdigit.pipeline import digitise

BENCHMARK = Path(__file__).parents[2] / "benchmarks" / "real.py"
LIMITS = {"GR": 0.008, "DT": 0.003, "DCAL": 0.003, "SPOR": 0.005}
"""Mean error, share of the scale: a little above what is measured, so that a step back shows."""

_spec = importlib.util.spec_from_file_location("real", BENCHMARK)
assert _spec is not None and _spec.loader is not None
real = importlib.util.module_from_spec(_spec)
_spec.loader.exec_module(real)


@pytest.mark.real
@pytest.mark.parametrize("layout", [real.LAYOUTS / f"{real.PAIR}.toml", None], ids=["given", "found"])
def test_the_las_of_the_real_scan_is_the_las_of_the_well(layout: Path | None) -> None:
    data = Path(real.DATA)
    if not (data / "scans").is_dir():
        pytest.skip("development data are not here: set LOGDIGIT_DATA")
    (result,) = digitise([data / "scans" / f"{real.PAIR}.tif"], DigitiseOptions(layout=layout))
    scores = real.score_pair(result)
    assert set(scores) == set(LIMITS)
    for name, limit in LIMITS.items():
        score = scores[name]
        figures = f"{name}: mean {score.mae:.4f}, median {score.median:.4f}, r {score.r:.4f}"
        figures += f", coverage {score.coverage:.3f}"
        assert score.mae <= limit, figures
        assert score.median <= 0.005, figures
        assert score.r >= 0.95, figures
        # one row in ten of the upright dashed caliper is null
        assert score.coverage >= (0.8 if name == "DCAL" else 0.95), figures
