"""The layout file and the options: what is written is read back, what is wrong is named."""

from __future__ import annotations

import math
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from logdigit.errors import LayoutError
from logdigit.paper.curvespec import parse_curve, parse_depth
from logdigit.paper.spec import Edge, LayoutFile, SectionFile, TrackFile, read_layout, write_layout
from logdigit.types import STYLES, CurveSpec, ValueScale

GOOD = """
version = 1
[log]
WELL = "HADES 1"
EKB = 3503.15
[geometry]
skew_deg = 0.25
[[section]]
rows = [2540, 11400]
run = "1"
pass = "main"
unit = "FT"
step = 0.5
ticks = [[2573.7, 250.0], [11203.0, 1100.0]]
ticks_x = 580.0
figure_add = 10000
[[section.track]]
left = 118
right = [[2540, 611.5], [11400, 620]]
[[section.track.curve]]
mnemonic = "GR"
printed = "Gamma Ray"
unit = "GAPI"
style = "solid"
width_px = 3.0
colour = "#FF0000"
scale = [0, 150]
kind = "linear"
wraps = true
valid = [255.0, 1100.0]
[[section.track.curve.more]]
scale = [0, 200]
role = "backup"
style = "dashed"
depths = [5000, 5400]
[[section.track]]
left = 700.0
right = 1200.0
[[section.track.curve]]
mnemonic = "RT"
points = [[0.1, 0.2], [0.9, 200.0]]
kind = "log"
"""


def read_text(tmp_path: Path, text: str) -> LayoutFile:
    path = tmp_path / "well.toml"
    path.write_text(text, encoding="utf-8")
    return read_layout(path)


def test_the_file_of_the_manual(tmp_path: Path) -> None:
    layout = read_text(tmp_path, GOOD)
    (section,) = layout.sections
    assert layout.header == {"WELL": "HADES 1", "EKB": "3503.15"}
    assert layout.skew_deg == 0.25
    assert section.rows == (2540, 11400)
    assert section.figure_add == 10000.0
    assert section.tracks[0].right == ((2540.0, 611.5), (11400.0, 620.0))
    assert section.tracks[0].curves[0] == CurveSpec(
        mnemonic="GR",
        scales=(
            ValueScale(((0.0, 0.0), (1.0, 150.0))),
            ValueScale(((0.0, 0.0), (1.0, 200.0)), "linear", "backup", "dashed", (5000.0, 5400.0)),
        ),
        unit="GAPI",
        printed="Gamma Ray",
        width_px=3.0,
        colour="#ff0000",
        wraps=True,
        valid=(255.0, 1100.0),
    )
    write_layout(tmp_path / "again.toml", layout)
    assert read_layout(tmp_path / "again.toml") == layout


@pytest.mark.parametrize(
    ("old", "new", "words"),
    [
        ("version = 1", "version = 2", "version = 2"),
        ("skew_deg", "skew", "did you mean skew_deg"),
        ("[geometry]", "[geometri]", "did you mean geometry"),
        ("step = 0.5", "step = 0", "section 1: step = 0"),
        ("step = 0.5", 'step = "half"', "step must be a number"),
        ("step = 0.5", "step = true", "step must be a number"),
        ("step = 0.5", "step = nan", "step must be a number"),
        ("rows = [2540, 11400]", "rows = [11400, 2540]", "section 1: rows"),
        ("rows = [2540, 11400]", "rows = [2540.5, 11400]", "whole pixels"),
        ("rows = [2540, 11400]", "", "rows is missing"),
        ('unit = "FT"', "", "unit is missing"),
        ('unit = "FT"', 'unit = "fathom"', '"FT" or "M"'),
        ('pass = "main"', 'pass = "repeet"', "did you mean repeat"),
        (", [11203.0, 1100.0]]", "]", "needs two or more"),
        ("[11203.0, 1100.0]", "[11203.0, 100.0]", "must both increase"),
        ("[11203.0, 1100.0]", "[2000.0, 1100.0]", "must both increase"),
        ("[11203.0, 1100.0]", "[11203.0]", "ticks, point 2"),
        ("left = 118", "left = 900", "section 1, track 1: left = 900 is not left of right"),
        ("left = 118", "", "track 1: left is missing"),
        ("left = 118", "left = [[5, 3]]", "leaning edge"),
        ('style = "solid"', 'style = "sold"', "curve GR: style = 'sold': did you mean solid"),
        ('colour = "#FF0000"', 'colour = "reddish"', 'colour = "reddish"'),
        ('unit = "GAPI"', 'unit = "OHM M"', "without blanks"),
        ("width_px = 3.0", "width_px = -1", "must be positive"),
        ("scale = [0, 150]", "scale = [5, 5]", "same value"),
        ("scale = [0, 150]", "scale = [0]", "scale must be"),
        ("scale = [0, 150]", "scale = 150", "scale must be"),
        ("scale = [0, 150]", 'scale = [0, "a"]', "must be"),
        ("scale = [0, 150]", "scale = [0, inf]", "only a hyperbolic"),
        ("scale = [0, 150]", "scale = [0, nan]", "finite"),
        ("scale = [0, 150]", "scale = [0, 150]\npoints = [[0, 1], [1, 2]]", "not both"),
        ("[[0.1, 0.2], [0.9, 200.0]]", "[[0.1, 0.0], [0.9, 200.0]]", "curve RT: scale 0, 200: a log"),
        ("[[0.1, 0.2], [0.9, 200.0]]", "[[0.1, -2.0], [0.9, 200.0]]", "must be positive"),
        ("[[0.1, 0.2], [0.9, 200.0]]", "[[0.9, 0.2], [0.1, 200.0]]", "u must increase"),
        ("[[0.1, 0.2], [0.9, 200.0]]", "[[0.1, 2], [0.5, 9], [0.9, 7]]", "rise or fall"),
        ("[[0.1, 0.2], [0.9, 200.0]]", "[[0.1, 0.2]]", "two or more"),
        ("wraps = true", 'wraps = "yes"', "true or false"),
        ("valid = [255.0, 1100.0]", "valid = [1100.0, 255.0]", "valid"),
        ('mnemonic = "RT"', 'mnemonic = "gr"', "appears twice"),
        ('mnemonic = "RT"', 'mnemonic = "R T"', "track 2, curve 1: mnemonic"),
        ('mnemonic = "RT"', 'mnemonic = "DEPT"', "DEPT"),
        ('role = "backup"', 'rolle = "backup"', "curve GR, more 1: unknown key 'rolle'; did you mean role"),
        ("depths = [5000, 5400]", "depths = [5400, 5000]", "depths"),
        ('WELL = "HADES 1"', "WELL = true", "WELL"),
        ("[[section.track]]\nleft = 118", "[section.track]\nleft = 118", ""),
    ],
)
def test_what_is_wrong_is_named(tmp_path: Path, old: str, new: str, words: str) -> None:
    assert old in GOOD
    with pytest.raises(LayoutError) as caught:
        read_text(tmp_path, GOOD.replace(old, new, 1))
    message = str(caught.value)
    assert words in message
    assert message.startswith(f"{tmp_path / 'well.toml'}: ")
    assert "\n" not in message
    assert caught.value.exit_code == 2


@pytest.mark.parametrize("text", ["", "version = 1", "section = 3", "section = [1]", "a = ", "[[section]]\n"])
def test_files_that_are_no_layout(tmp_path: Path, text: str) -> None:
    with pytest.raises(LayoutError, match=r"well\.toml"):
        read_text(tmp_path, text)


def test_files_that_cannot_be_read(tmp_path: Path) -> None:
    with pytest.raises(LayoutError, match="no such"):
        read_layout(tmp_path / "none.toml")
    with pytest.raises(LayoutError, match="cannot be read"):
        read_layout(tmp_path)
    (tmp_path / "b.toml").write_bytes(b"\xff\xfe\x00")
    with pytest.raises(LayoutError, match="UTF-8"):
        read_layout(tmp_path / "b.toml")
    with pytest.raises(LayoutError, match="cannot be written"):
        write_layout(tmp_path / "none" / "a.toml", LayoutFile((SectionFile((0, 9), "FT", ((0, 1), (9, 2))),)))


@pytest.mark.parametrize(("end", "kept"), [("0", math.inf), ("inf", math.inf), ("500", 500.0)])
def test_a_hyperbolic_scale_may_end_in_nothing(tmp_path: Path, end: str, kept: float) -> None:
    text = GOOD.replace("points = [[0.1, 0.2], [0.9, 200.0]]", f"scale = [{end}, 50]").replace(
        '"log"', '"hyperbolic"'
    )
    layout = read_text(tmp_path, text)
    assert layout.sections[0].tracks[1].curves[0].scales[0].anchors == ((0.0, kept), (1.0, 50.0))
    write_layout(tmp_path / "again.toml", layout)
    assert read_layout(tmp_path / "again.toml") == layout


numbers = st.floats(-1e6, 1e6).map(lambda x: round(x, 3))
texts = st.text(st.characters(blacklist_categories=("Cc", "Cs", "Zl", "Zp")), max_size=12)


@st.composite
def curves(draw: st.DrawFn, name: str) -> CurveSpec:
    a = draw(numbers)
    scale = ValueScale(
        ((0.0, a), (1.0, a + draw(st.floats(0.5, 1e4)))), draw(st.sampled_from(("linear", "relative")))
    )
    return CurveSpec(
        name,
        draw(
            st.sampled_from(
                [(), (scale,), (scale, ValueScale(((0.2, 5.0), (0.7, 1.0)), "log", "amplified", "dotted"))]
            )
        ),
        draw(st.sampled_from(["", "GAPI", "US/F", "%"])),
        draw(texts),
        draw(st.sampled_from(STYLES)),
        draw(st.none() | st.floats(0.5, 9)),
        draw(st.none() | st.just("#12ab9f")),
        draw(st.booleans()),
        draw(st.none() | st.just((1.5, 9.25))),
    )


@st.composite
def layouts(draw: st.DrawFn) -> LayoutFile:
    left = draw(st.floats(0, 500))
    edge: Edge = ((3.0, left), (9.5, left + 2)) if draw(st.booleans()) else left
    track = TrackFile(
        edge, left + 300.0, tuple(draw(curves(name)) for name in draw(st.sampled_from(["", "A", "AB"])))
    )
    section = SectionFile(
        (5, draw(st.integers(6, 10**6))),
        draw(st.sampled_from(("FT", "M"))),
        ((1.5, draw(st.floats(-100, 100))), (99.0, 200.5), (105.25, 1e4)),
        (track,) * draw(st.integers(0, 1)),
        draw(st.none() | st.floats(0, 2000)),
        draw(texts),
        draw(st.sampled_from(("main", "repeat", "calibration"))),
        draw(st.none() | st.floats(0.01, 5)),
        draw(st.floats(-1e4, 1e4)),
        draw(texts),
    )
    return LayoutFile(
        (section,) * draw(st.integers(1, 3)),
        draw(st.dictionaries(st.sampled_from(["WELL", "UWI", "EKB"]), texts)),
        draw(st.none() | st.floats(-9, 9)),
        draw(st.none() | st.just((200.0, 100.5))),
    )


@given(layouts())
@settings(max_examples=40, deadline=None)
def test_round_trip(tmp_path_factory: pytest.TempPathFactory, layout: LayoutFile) -> None:
    path = tmp_path_factory.mktemp("layout") / "a.toml"
    write_layout(path, layout)
    assert read_layout(path) == layout


def test_the_curve_option() -> None:
    track, curve = parse_curve(
        "ILD track=2 style=dashed points=0:0.2,1:2000 kind=log unit=OHMM colour=red width=2.5 wraps=true "
        "valid=100:900 printed='Deep Induction'"
    )
    assert track == 2
    assert curve == CurveSpec(
        *("ILD", (ValueScale(((0.0, 0.2), (1.0, 2000.0)), "log"),), "OHMM", "Deep Induction", "dashed"),
        *(2.5, "#ff0000", True, (100.0, 900.0)),
    )
    assert parse_curve("SP track=1 scale=-80:20")[1].scales[0].anchors == ((0.0, -80.0), (1.0, 20.0))


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("", "begin with a mnemonic"),
        ("track=1", "begin with a mnemonic"),
        ("GR", "track= must name"),
        ("GR track=0", "track= must name"),
        ("GR track=one", "track= must name"),
        ("GR track=1 style", "not key=value"),
        ("GR track=1 sytle=solid", "did you mean style"),
        ("GR track=1 style=wavy", "style"),
        ("GR track=1 scale=0-150", "scale=0-150"),
        ("GR track=1 scale=0:1:2", "scale=0:1:2"),
        ("GR track=1 scale=0:nan", "scale=0:nan"),
        ("GR track=1 scale=0:150 scale=0:200", "twice"),
        ("GR track=1 scale=0:150 kind=log", "must be positive"),
        ("GR track=1 wraps=maybe", "wraps=maybe"),
        ("GR track=1 width=a", "width=3"),
        ("GR track=1 printed='open", "quote"),
    ],
)
def test_bad_curve_options_are_quoted(text: str, words: str) -> None:
    with pytest.raises(LayoutError) as caught:
        parse_curve(text)
    assert words in str(caught.value)
    assert repr(text) in str(caught.value)


def test_the_depth_option() -> None:
    assert parse_depth("11203=1100") == (11203.0, 1100.0)
    for text in ("", "5", "a=b", "5=", "=5", "5=nan", "inf=4", "1=2=3"):
        with pytest.raises(LayoutError, match="ROW=DEPTH"):
            parse_depth(text)
