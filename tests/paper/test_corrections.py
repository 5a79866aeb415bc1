"""Corrections in a layout file: written and read back, obeyed or refused by name, kept by inspect."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from logdigit.errors import LayoutError
from logdigit.paper.auto import Auto
from logdigit.paper.corrected import check_fixes, keep_corrections, older_layout
from logdigit.paper.layout import resolve
from logdigit.paper.page import open_pages
from logdigit.paper.spec import LayoutFile, read_layout, write_layout
from logdigit.paper.stitch import stitch
from logdigit.types import Box, Fix

GOOD = """
version = 1
[geometry]
skew_deg = 0.0
dpi = [200, 200]
[[section]]
rows = [0, 400]
unit = "FT"
ticks = [[0.0, 100.0], [400.0, 140.0]]
[[section.track]]
left = 10
right = 110
[[section.track.curve]]
mnemonic = "GR"
scale = [0, 150]
wraps = true
[[section.track.curve]]
mnemonic = "CALI"
scale = [6, 16]
[[section.track]]
left = 120
right = 220
[[section.track.curve]]
mnemonic = "RT"
scale = [0.2, 2000]
kind = "log"
[[section.track.curve]]
mnemonic = "BARE"
[[section.fix]]
kind = "swap"
curves = ["GR", "CALI"]
interval = [110, 112.5]
[[section.fix]]
kind = "null"
curves = ["GR", "RT"]
interval = [120, 121]
[[section.fix]]
kind = "turns"
curves = ["GR"]
interval = [122, 123]
add = -1
[[section.fix]]
kind = "turns"
curves = ["GR"]
interval = [124, 125]
turns = 0
[[section.fix]]
kind = "points"
curves = ["RT"]
points = [[130, 2.5], [131, 20]]
[[section.ignore]]
top = 5
left = 20
bottom = 50
right = 90
"""


def read_text(tmp_path: Path, text: str) -> LayoutFile:
    path = tmp_path / "well.toml"
    path.write_text(text, encoding="utf-8")
    return read_layout(path)


def laid(tmp_path: Path, text: str) -> None:
    from PIL import Image

    Image.fromarray(np.full((400, 240), 255, np.uint8)).save(tmp_path / "scan.png")
    file = read_text(tmp_path, text)
    check_fixes(resolve(stitch(open_pages([tmp_path / "scan.png"])), file), file.source)


def test_corrections_are_read_and_written_back(tmp_path: Path) -> None:
    layout = read_text(tmp_path, GOOD)
    (section,) = layout.sections
    assert section.fixes == (
        Fix("swap", ("GR", "CALI"), (110.0, 112.5)),
        Fix("null", ("GR", "RT"), (120.0, 121.0)),
        Fix("turns", ("GR",), (122.0, 123.0), add=-1),
        Fix("turns", ("GR",), (124.0, 125.0), turns=0),
        Fix("points", ("RT",), (130.0, 131.0), points=((130.0, 2.5), (131.0, 20.0))),
    )
    assert section.ignore == (Box(5, 20, 50, 90),)
    write_layout(tmp_path / "again.toml", layout)
    assert read_layout(tmp_path / "again.toml") == layout
    laid(tmp_path, GOOD)


@pytest.mark.parametrize(
    ("old", "new", "words"),
    [
        ('kind = "swap"', 'kind = "swop"', "section 1, fix 1: kind = 'swop': did you mean swap"),
        ('kind = "swap"\n', "", "fix 1: kind is missing"),
        ('curves = ["GR", "CALI"]', 'curves = ["GR"]', "exchanges two curves, not 1"),
        ('curves = ["GR", "CALI"]', 'curves = ["GR", "RT"]', "not in one track"),
        (
            'curves = ["GR", "CALI"]',
            'curves = ["GR", "CAL"]',
            "'CAL' is not declared in this section; did you mean",
        ),
        ('curves = ["GR", "CALI"]', 'curves = ["gr", "CALI"]', "did you mean GR?"),
        ('curves = ["GR", "CALI"]', 'curves = ["GR", "GR"]', "named twice"),
        ('curves = ["GR", "CALI"]', 'curves = "GR"', "list of mnemonics"),
        ('curves = ["GR", "CALI"]\n', "", "list of mnemonics"),
        ("interval = [110, 112.5]\n", "", "interval is missing"),
        ("interval = [110, 112.5]", "intervall = [110, 112.5]", "did you mean interval"),
        ("interval = [110, 112.5]", "interval = [112.5, 110]", "top must be less"),
        ("interval = [110, 112.5]", "interval = [110, nan]", "finite"),
        ("interval = [110, 112.5]", "interval = [110, 112]\nadd = 1", "add does not go with kind"),
        ("interval = [110, 112.5]", "interval = [90, 112.5]", "fix 1: interval: 90 to 112.5 is not inside"),
        ("interval = [120, 121]", "interval = [120, 12100]", "fix 2: interval: 120 to 12100 is not inside"),
        ("add = -1", "", "one of them"),
        ("add = -1", "add = 0.5", "whole number"),
        ("turns = 0", "turns = 200", "whole number from"),
        ("turns = 0", "turns = 0\nadd = 1", "one of them"),
        ('curves = ["RT"]\npoints', 'curves = ["RT", "GR"]\npoints', "draws one curve, not 2"),
        ('curves = ["RT"]\npoints', 'curves = ["BARE"]\npoints', "fix 5: points: BARE has no scale"),
        ("[131, 20]]", "[130, 20]]", "depths must increase"),
        ("[131, 20]]", "[131, -20]]", "fix 5: points: values on a log scale"),
        ("[131, 20]]", "[1310, 20]]", "fix 5: points: 130 to 1310 is not inside"),
        (", [131, 20]]", "]", "two or more"),
        ("[131, 20]]", "[131, inf]]", "finite"),
        ("points = [[130", "interval = [1, 2]\npoints = [[130", "interval does not go with kind"),
        ("left = 20", "left = 20.5", "section 1, ignore 1: left = 20.5: must be a whole number"),
        ("left = 20\n", "", "ignore 1: left is missing"),
        ("left = 20", "left = 95", "left less than right"),
        ("left = 20", "left = 20\nrigth = 3", "did you mean right"),
        ("top = 5", "top = -5", "0 or more"),
        (
            "bottom = 50\nright = 90",
            "bottom = 50\nright = 241",
            "ignore 1: bottom = 50, right = 241 is outside",
        ),
        (
            "top = 5\nleft = 20\nbottom = 50",
            "top = 400\nleft = 20\nbottom = 450",
            "outside those of the section",
        ),
    ],
)
def test_what_cannot_be_obeyed_is_named(tmp_path: Path, old: str, new: str, words: str) -> None:
    assert old in GOOD
    with pytest.raises(LayoutError) as caught:
        laid(tmp_path, GOOD.replace(old, new, 1))
    message = str(caught.value)
    assert words in message
    assert message.startswith(f"{tmp_path / 'well.toml'}: section 1")
    assert "\n" not in message


def test_what_is_found_again_keeps_the_corrections(tmp_path: Path) -> None:
    old = read_text(tmp_path, GOOD)
    (section,) = old.sections
    assert older_layout(tmp_path / "well.toml") == old
    assert older_layout(tmp_path / "none.toml") is None
    found = replace(section, rows=(2, 398), fixes=(), ignore=())
    above = replace(found, rows=(0, 2), tracks=())
    got = keep_corrections(old, Auto(LayoutFile((above, found)), ()))
    assert got.file.sections == (above, replace(found, fixes=section.fixes, ignore=section.ignore))
    assert got.left_out == ()


def test_a_correction_of_what_is_no_longer_found_is_named(tmp_path: Path) -> None:
    old = read_text(tmp_path, GOOD)
    (section,) = old.sections
    first, second = section.tracks
    found = replace(section, tracks=(replace(first, curves=first.curves[:1]), second), fixes=(), ignore=())
    got = keep_corrections(old, Auto(LayoutFile((found,)), ("before",)))
    assert got.file.sections[0].fixes == section.fixes[1:]
    assert got.left_out == ("before", "section 1, fix 1 of the older file: GR, CALI not found there")


def test_inspect_does_not_replace_a_file_whose_corrections_it_cannot_read(tmp_path: Path) -> None:
    (tmp_path / "well.toml").write_text(GOOD.replace("[[section.ignore]]", "[[section.ignore"))
    with pytest.raises(LayoutError, match="corrections would be lost"):
        older_layout(tmp_path / "well.toml")
