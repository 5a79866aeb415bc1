"""What is printed around the logs of a strip: the heading, remarks, captions, calibration tails."""

from __future__ import annotations

from dataclasses import dataclass, field, replace

import cv2
import numpy as np

from logdigit.synth.page_facts import Facts
from logdigit.synth.page_text import Anchor, Typeface, write
from logdigit.synth.pen import SCALE
from logdigit.synth.plan import Ink
from logdigit.types import UInt8

_LEGAL = (
    "INTERPRETATIONS ARE OPINIONS DRAWN FROM ELECTRICAL AND OTHER MEASUREMENTS. WE DO NOT WARRANT THAT THEY",
    "ARE RIGHT, AND ACCEPT NO LIABILITY FOR ANY LOSS OR EXPENSE OF WHOEVER RELIES UPON THEM, WHATEVER ITS",
    "CAUSE. THE CUSTOMER HAS SUPPLIED THE NAME AND PLACE OF THE WELL AND THE REFERENCE OF ITS DEPTHS.",
)
_REMARKS = (
    *("SURVEY RUN TO DETERMINE HOLE CONDITION.", "TOOL STRING RUN AS PER SKETCH.", "SP DRIFTS SPORADICALLY."),
    *(
        "THANK YOU FOR USING OUR SERVICES.",
        "MATRIX DENSITY 2.71 G/CC.",
        "REPEAT RECORDED AS REQUESTED.",
    ),
)


@dataclass(frozen=True)
class _Sheet:
    """A white block being printed: canvas, typeface, capitals px, and the typeface of what was filled in."""

    canvas: UInt8
    face: Typeface
    cap: float
    entries: Typeface = field(default_factory=Typeface)

    @property
    def width(self) -> float:
        return float(self.canvas.shape[1] / SCALE)

    @property
    def height(self) -> float:
        return float(self.canvas.shape[0] / SCALE)

    def text(
        self, words: str, x: float, y: float, size: float = 1.0, anchor: Anchor = "left", most: float = 1e9
    ) -> None:
        write(self.canvas, words, x, y, size * self.cap, self.face, anchor, most=max(most, 20.0))

    def entry(self, words: str, x: float, y: float, anchor: Anchor = "left", most: float = 1e9) -> None:
        write(self.canvas, words, x, y, self.cap, self.entries, anchor, most=max(most, 20.0))

    def box(self, left: float, top: float, right: float, bottom: float, width: int = 2) -> None:
        a, b = (round(left * SCALE), round(top * SCALE)), (round(right * SCALE), round(bottom * SCALE))
        cv2.rectangle(self.canvas, a, b, (0,), width * SCALE // 2)

    def rule(self, x0: float, y0: float, x1: float, y1: float, width: int = 2) -> None:
        a, b = (round(x0 * SCALE), round(y0 * SCALE)), (round(x1 * SCALE), round(y1 * SCALE))
        cv2.line(self.canvas, a, b, (0,), max(1, width * SCALE // 2))


def _blank(height: float, width: float) -> UInt8:
    return np.full((round(height) * SCALE, round(width) * SCALE), 255, np.uint8)


def heading(rng: np.random.Generator, facts: Facts, width: int, turned: bool, face: Typeface) -> UInt8:
    """The heading as a grey picture at canvas resolution, ``width`` px wide.

    Args:
        rng: the only source of randomness.
        facts: what it says.
        width: of the page between its margins, px.
        turned: printed at 90 degrees, to be read downwards.
        face: typeface.
    """
    long = float(rng.uniform(1050, 1350))
    across = (width, long) if turned else (long, width)  # (height, width) as it is read
    typed = replace(face, bold=face.bold != bool(rng.random() < 0.5))
    sheet = _Sheet(_blank(*across), face, float(rng.uniform(13.5, 16.5)), typed)
    sheet.box(1, 1, sheet.width - 2, sheet.height - 2, 4)
    dark = bool(rng.random() < 0.4)
    y = _title(sheet, facts, dark)
    y = _identity(sheet, facts, y)
    y = _elevations(sheet, facts, y)
    _table(sheet, facts, y, int(rng.integers(1, 5)))
    out: UInt8 = np.ascontiguousarray(np.rot90(sheet.canvas, -1)) if turned else sheet.canvas
    return out


def _title(sheet: _Sheet, facts: Facts, dark: bool) -> float:
    """Service company and name of the log, perhaps white on black; returns where it ends."""
    bottom = 11.0 * sheet.cap
    sheet.text(facts.service, 0.03 * sheet.width, 0.3 * bottom, 1.9, most=0.9 * sheet.width)
    sheet.text(facts.title, 0.97 * sheet.width, 0.7 * bottom, 1.6, "right", most=0.8 * sheet.width)
    if dark:
        rows = slice(0, round(bottom) * SCALE)
        sheet.canvas[rows] = 255 - sheet.canvas[rows]
    sheet.rule(0, bottom, sheet.width, bottom, 3)
    return bottom


def _identity(sheet: _Sheet, facts: Facts, y: float) -> float:
    """Company, well, field, county and state; the API number and the location beside them."""
    items, left = facts.items, 0.2 * sheet.width
    names = [("COMPANY", "COMP"), ("WELL", "WELL"), ("FIELD", "FLD")]
    names += [("COUNTY", "CNTY"), ("AREA", "LOC")]
    top = y
    for words, item in names:
        if item not in items:
            continue
        y += 2.5 * sheet.cap
        sheet.text(words, left + 12, y)
        sheet.entry(items[item], left + 0.17 * sheet.width, y, most=0.26 * sheet.width)
        if item in ("CNTY", "LOC"):
            other = next((n for n in ("STAT", "PROV", "CTRY") if n in items), "")
            words = {"STAT": "STATE", "PROV": "PROVINCE", "CTRY": "COUNTRY"}.get(other, "")
            sheet.text(words, left + 0.45 * sheet.width, y)
            sheet.entry(items.get(other, ""), left + 0.58 * sheet.width, y, most=0.2 * sheet.width)
    if "API" in items:
        sheet.text("API NO.", 0.02 * sheet.width, top + 2.5 * sheet.cap)
        sheet.entry(items["API"], 0.02 * sheet.width, top + 5 * sheet.cap, most=0.17 * sheet.width)
    for line in facts.location:
        y += 2.3 * sheet.cap
        sheet.entry(line, left + 12, y, most=0.75 * sheet.width)
    y += 2.0 * sheet.cap
    sheet.rule(left, top, left, y)
    sheet.rule(0, y, sheet.width, y)
    return y


def _elevations(sheet: _Sheet, facts: Facts, y: float) -> float:
    items, cap = facts.items, sheet.cap
    above = float(items["EKB"]) - float(items["EGL"]) if items["EKB"].replace(".", "").isdigit() else 0.0
    column = 0.72 * sheet.width
    lines = (
        ("Permanent Datum", "GROUND LEVEL", f"Elev. {items['EGL']}", f"K.B. {items['EKB']}"),
        ("Log Measured From", "KELLY BUSHING", f"{above:g} Above Perm. Datum", f"D.F. {items['EDF']}"),
        ("Drilling Measured From", "KELLY BUSHING", "", f"G.L. {items['EGL']}"),
    )
    top = y
    for name, datum, middle, right in lines:
        y += 2.2 * cap
        sheet.text(name, 12, y, 0.9, most=0.22 * sheet.width)
        sheet.text(datum, 0.25 * sheet.width, y, 0.9, most=0.2 * sheet.width)
        sheet.text(middle, 0.46 * sheet.width, y, 0.9, most=0.25 * sheet.width)
        sheet.text(right, column + 14, y, 0.95, most=0.26 * sheet.width)
    y += 1.8 * cap
    sheet.rule(column, top, column, y)
    sheet.rule(0, y, sheet.width, y, 3)
    return y


def _table(sheet: _Sheet, facts: Facts, y: float, runs: int) -> None:
    """Date, depths, casing, mud: one row each, entries for the first of the ``runs`` columns."""
    rows = facts.rows
    pitch = max(1.75 * sheet.cap, (sheet.height - 6 - y) / len(rows))
    count = int((sheet.height - 6 - y) / pitch)
    names = 0.27 * sheet.width
    step = (sheet.width - names) / max(2, runs)
    for k, (name, entry) in enumerate(rows[:count]):
        middle = y + (k + 0.5) * pitch
        sheet.text(name, 10, middle, 0.92, most=names - 20)
        sheet.entry(entry, names + 0.5 * step, middle, "middle", most=step - 12)
        sheet.rule(0, y + (k + 1) * pitch, sheet.width, y + (k + 1) * pitch, 1)
    for k in range(max(2, runs)):
        sheet.rule(names + k * step, y, names + k * step, sheet.height)


def remarks(rng: np.random.Generator, width: int, face: Typeface, height: int) -> UInt8:
    """Small print and remarks below the heading, a grey picture at canvas resolution."""
    sheet = _Sheet(_blank(height, width), face, 12.0)
    sheet.box(1, 6, sheet.width - 2, sheet.height - 6)
    for k, line in enumerate(_LEGAL):
        sheet.text(line, sheet.width / 2, 30 + 24 * k, 0.72, "middle", most=0.96 * sheet.width)
    sheet.rule(0, 96, sheet.width, 96)
    sheet.text("REMARKS:", 12, 116)
    for k, line in enumerate(rng.permutation(_REMARKS)[: max(0, (height - 130) // 30)]):
        sheet.text(str(line), 150, 116 + 28 * k, most=0.8 * sheet.width)
        sheet.rule(140, 130 + 28 * k, sheet.width - 10, 130 + 28 * k, 1)
    return sheet.canvas


def caption(words: str, width: int, height: int, face: Typeface, cap: float) -> UInt8:
    """A line of words between two logs, a grey picture at canvas resolution."""
    sheet = _Sheet(_blank(height, width), face, cap)
    sheet.text(words, sheet.width / 2, height / 2, anchor="middle", most=0.9 * sheet.width)
    return sheet.canvas


def calibration_tail(rng: np.random.Generator, names: list[str], width: int, face: Typeface) -> UInt8:
    """The tables of a calibration summary, a grey picture at canvas resolution."""
    sheet = _Sheet(_blank(150 + 90 * len(names), width), face, 13.0)
    sheet.box(10, 10, sheet.width - 10, sheet.height - 10)
    sheet.text("CALIBRATION SUMMARY", sheet.width / 2, 40, 1.2, "middle")
    for k, title in enumerate(("", "MEASURED", "CALIBRATED", "UNITS")):
        sheet.text(title, 0.05 * sheet.width + k * 0.24 * sheet.width, 84)
    for row, name in enumerate(names):
        y = 120 + 90 * row
        sheet.rule(10, y - 18, sheet.width - 10, y - 18, 1)
        sheet.text(name, 0.05 * sheet.width, y, most=0.2 * sheet.width)
        for line, words in enumerate(("ZERO", "PLUS")):
            sheet.text(words, 0.2 * sheet.width, y + 28 * line, 0.9)
            for column in (0.29, 0.53):
                sheet.text(f"{rng.uniform(0, 900):.1f}", column * sheet.width, y + 28 * line, 0.95)
    return sheet.canvas


def tint(picture: UInt8, paper: Ink, colour: bool) -> UInt8:
    """A grey block on the paper of the page: ``(h, w, 3)`` in colour, else ``(h, w)``."""
    if not colour:
        return np.minimum(picture, np.uint8(min(paper)))
    return np.stack([np.minimum(picture, np.uint8(level)) for level in paper], axis=-1)
