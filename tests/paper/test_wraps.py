from pathlib import Path

import pytest

from logdigit.errors import LayoutError
from logdigit.paper.spec import read_layout
from logdigit.types import CurveSpec

HEAD = """
[[section]]
rows = [0, 100]
unit = "FT"
ticks = [[0, 100], [90, 200]]
[[section.track]]
left = 0
right = 500
"""
GR = '[[section.track.curve]]\nmnemonic = "GR"\nscale = [0, 150]\n'


def curves(tmp_path: Path, text: str) -> tuple[CurveSpec, ...]:
    path = tmp_path / "well.toml"
    path.write_text(HEAD + text)
    return read_layout(path).sections[0].tracks[0].curves


@pytest.mark.parametrize("ends", ["150, 300", "-150, 0", "300, 450"])
def test_a_scale_that_goes_on_is_a_wrap(tmp_path: Path, ends: str) -> None:
    between = "[[section.track.curve.more]]\nscale = [150, 300]\n" if ends == "300, 450" else ""
    (curve,) = curves(tmp_path, f"{GR}{between}[[section.track.curve.more]]\nscale = [{ends}]\n")
    assert curve.wraps and len(curve.scales) == 1


@pytest.mark.parametrize(
    "more", ["scale = [0, 1500]", "scale = [150, 1500]", 'scale = [150, 300]\nstyle = "dashed"']
)
def test_a_scale_that_does_not_is_a_backup(tmp_path: Path, more: str) -> None:
    (curve,) = curves(tmp_path, f"{GR}[[section.track.curve.more]]\n{more}\n")
    assert not curve.wraps and [scale.role for scale in curve.scales] == ["main", "backup"]


def test_a_curve_declared_again_for_its_next_turn_is_one_that_wraps(tmp_path: Path) -> None:
    (curve,) = curves(tmp_path, GR + GR.replace("0, 150", "150, 300"))
    assert curve.wraps and curve.scales[0].anchors == ((0.0, 0.0), (1.0, 150.0))
    with pytest.raises(LayoutError, match="GR appears twice"):
        curves(tmp_path, GR + GR.replace("0, 150", "0, 300"))


def test_a_curve_may_not_have_the_name_of_a_stroke(tmp_path: Path) -> None:
    backup = "[[section.track.curve.more]]\nscale = [0, 1500]\n"
    with pytest.raises(LayoutError, match="GR_BU"):
        curves(tmp_path, GR + backup + GR.replace("GR", "GR_BU"))
    with pytest.raises(LayoutError, match="GR_BU"):
        curves(tmp_path, GR.replace("GR", "GR_BU") + GR + backup)
