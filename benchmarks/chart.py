"""Logs drawn with Pillow after a third custom, as programs for plotting print them.

Curves in boxes of their own, with their stroke above, between or under their words; depth figures turned,
abbreviated or with their unit; grids in three widths, or drawn over the curves; fills; a column of lithology;
tops; holes along the margin; scribble.
"""

from __future__ import annotations

from dataclasses import replace

import numpy as np
from chart_sheet import ROWS, TOPS, Chart, Sheet, pick_form, stroke
from drawing import columns, divisions, figures, number, rows, steps
from hand import FAMILIES, MARGIN, Float, Pen, Places
from PIL import Image, ImageDraw

__all__ = ["draw", "pick_form"]


def draw(
    tracks: list[list[Pen]],
    depth: Float,
    unit: str,
    inches: float,
    form: Chart,
    items: list[tuple[str, str]],
    title: str = "",
) -> tuple[Image.Image, Places]:
    """The page, and where things are on it before it was scanned; see ``drawing.draw``."""
    rng = np.random.default_rng(abs(round(999 * float(depth[0]))))
    probe = Sheet((1, 1), form)
    for pen in (pen for pens in tracks for pen in pens):
        pen.part, pen.width = (0.0, 1.0), float(rng.choice([0.6, 0.9, 1.2]))
        if probe.length(f"{pen.printed} ({pen.unit})") > 0.5 * form.track:
            pen.printed = min(FAMILIES[pen.family].names.split("|"), key=len)
    tall = max(0.3, ROWS[form.row] * form.size / 72)
    most = max(sum(len(rows(pen)) for pen in pens) for pens in tracks)
    first = MARGIN + 0.26 * len(items) + 0.5
    top = first + tall * most + 0.12
    base = top + float(depth[-1] - depth[0]) * inches
    lefts, column, right = columns(len(tracks), form)
    right += 0.7 if form.litho else 0.0
    places = Places(lefts, form.track, column, top, base, inches, float(depth[0]), float(depth[-1]))
    sheet = Sheet((right + MARGIN, base + (top - first) * (form.heading == "both") + MARGIN + 0.3), form)
    _heading(sheet, items, title, right)
    for left, pens in zip(lefts, tracks, strict=True):
        _fill(sheet, pens, depth, left, places)
        if not form.over:
            _grid(sheet, pens, left, unit, places)
        for pen in pens:
            pencil(sheet, pen, depth, left, places)
        if form.over:
            _grid(sheet, pens, left, unit, places)
        for y in [first, base][: 2 if form.heading == "both" else 1]:
            _block(sheet, pens, left, (y, y + top - first), tall, most)
        for share in rng.uniform(0.1, 0.9, 2) if form.tops else ():
            sheet.level(left, left + form.track, top + share * (base - top), 1.2)
            at = left + form.track - 0.1, top + share * (base - top) - 0.08
            sheet.text(*at, str(rng.choice(TOPS)), "rm")
    _depths(sheet, unit, places, top - first)
    if form.litho:
        _lithology(sheet, right - 0.6, places, rng)
    size = (sheet.picture.width // sheet.finer, sheet.picture.height // sheet.finer)
    image = sheet.picture.resize(size, Image.Resampling.BOX)
    _marks(image, form, rng)
    return image, places


def _heading(sheet: Sheet, items: list[tuple[str, str]], title: str, right: float) -> None:
    sheet.text((MARGIN + right) / 2, MARGIN, title or "WELL LOG", size=13)
    y = MARGIN
    for name, text in items:
        y += 0.26
        sheet.text(MARGIN + 0.1, y, f"{name}: {text}" if sheet.form.boxes else name, "lm", 9)
        if not sheet.form.boxes:
            sheet.text(MARGIN + 1.6, y, text, "lm", 9)
    if sheet.form.boxes and items:
        sheet.frame(0.8 * MARGIN, MARGIN + 0.13, right, y + 0.13)


def _block(
    sheet: Sheet, pens: list[Pen], left: float, ends: tuple[float, float], tall: float, most: int
) -> None:
    """The curves of a track between two heights, from the bottom up where they have boxes."""
    form = sheet.form
    sheet.frame(left, ends[0], left + form.track, ends[1])
    every = [row for pen in pens for row in rows(pen)]
    first = most - len(every) if form.boxes else 0
    for k, pen in enumerate(every, first):
        sheet.colour = pen.colour
        declare(sheet, pen, left, ends[0] + 0.06 + tall * k, tall)
        if form.boxes and k + 1 < most:
            sheet.level(left, left + form.track, ends[0] + 0.06 + tall * (k + 1), 0.6)
    sheet.colour = "black"


def declare(sheet: Sheet, pen: Pen, left: float, y: float, tall: float) -> None:
    """A curve in the heading, from ``y`` on."""
    form, right, high = sheet.form, left + sheet.form.track, sheet.form.size / 72
    middle = (left + right) / 2

    def sample(first: float, last: float, at: float) -> None:
        if last > first + 0.08:
            stroke(sheet, np.array([(first, at), (last, at)]), pen)

    def values(at: float) -> tuple[float, float]:
        low, top = (number(value, form) for value in pen.scale)
        first = sheet.text(left + 0.05, at, low, "lm")
        return left + 0.1 + first, right - 0.1 - sheet.text(right - 0.05, at, top, "rm")

    if form.row == "top":  # the stroke above name, unit and values
        inset = 0.03 if form.wide else 0.4
        sample(left + inset, right - inset, y + 0.35 * high)
        values(y + tall - 0.75 * high)
        sheet.text(middle, y + tall - 0.75 * high, f"{pen.printed} ({pen.unit})")
    elif form.row == "mid":  # 0 --- GR [API] --- 150
        first, last = values(y + tall / 2)
        words = f"{pen.printed} [{pen.unit}]"
        words = words if sheet.length(words) + 0.2 < last - first else pen.printed
        half = sheet.length(words) / 2 + 0.06
        sheet.text(middle, y + tall / 2, words)
        sample(first, middle - half, y + tall / 2)
        sample(middle + half, last, y + tall / 2)
    elif form.row == "under":  # name; values and unit; the stroke
        sheet.text(middle, y + 0.9 * high, pen.printed)
        values(y + 2.4 * high)
        sheet.text(middle, y + 2.4 * high, pen.unit)
        sample(left + 0.03, right - 0.03, y + 3.7 * high)
    elif form.row == "lead":  # 0 GR ------- API 150
        first, last = values(y + tall / 2)
        first += 0.05 + sheet.text(first + 0.05, y + tall / 2, pen.printed, "lm")
        last -= 0.05 + sheet.text(last - 0.05, y + tall / 2, pen.unit, "rm")
        sample(first + 0.07, last - 0.07, y + tall / 2)
    else:  # name and unit; the stroke between the values
        sheet.text(middle, y + 0.8 * high, f"{pen.printed}, {pen.unit}")
        sample(*values(y + tall - 0.7 * high), y + tall - 0.7 * high)


def _grid(sheet: Sheet, pens: list[Pen], left: float, unit: str, places: Places) -> None:
    form, right = sheet.form, left + sheet.form.track
    light, heavy, _ = steps(unit, places.inches)
    for at in np.arange(np.ceil(places.first / light) * light, places.last + 1e-6, light):
        whole, half = (abs(at / n - round(at / n)) < 1e-6 for n in (heavy, heavy / 2))
        width = form.lines[int(whole and form.tiers > 1)]
        width = sum(form.lines) / 2 if half and not whole and form.tiers > 2 else width
        sheet.level(left, right, places.row(at), width, form.grid)
    for u, bold in divisions(pens, form.divisions):
        x = left + u * form.track
        width = form.lines[int(bold and form.tiers > 1)]
        sheet.line(np.array([(x, places.top), (x, places.base)]), width, form.grid)
    sheet.frame(left, places.top, right, places.base)


def _depths(sheet: Sheet, unit: str, places: Places, block: float) -> None:
    """The column of figures, with ticks at both of its borders."""
    form, (left, right) = sheet.form, places.column
    word = {"FT": "FEET", "M": "METRES"}[unit]
    for k, words in enumerate(form.head.format(word).split("|")):
        if words:
            sheet.text((left + right) / 2, places.top - block / 2 - 0.1 + 0.2 * k, words, size=8)
    sheet.frame(left, places.top, right, places.base)
    light, heavy, _ = steps(unit, places.inches)
    for at in np.arange(np.ceil(places.first / light) * light, places.last + 1e-6, light):
        long = 0.1 if abs(at / heavy - round(at / heavy)) < 1e-6 else 0.05
        sheet.level(left, left + long, places.row(at), 0.6)
        sheet.level(right - long, right, places.row(at), 0.6)
    for at in figures(places, unit):
        words = form.labels.format(at).replace("@", {"FT": "ft", "M": "m"}[unit])
        words = f"{at % 100:.0f}" if form.short and at % 100 else words
        if 0.2 < places.row(at) - places.top < places.base - places.top - 0.2:
            sheet.text((left + right) / 2, places.row(at), words, size=form.size + 1, turned=form.turned)


def pencil(sheet: Sheet, pen: Pen, depth: Float, left: float, places: Places) -> None:
    """Draw one curve; off its scale it is not drawn, or drawn again from the other edge."""
    fine = np.unique(np.concatenate([depth, np.linspace(depth[0], depth[-1], 4 * len(depth))]))
    values = np.interp(fine, depth, pen.values)
    if sheet.form.step and pen.family in ("CALI", "PE"):
        values = pen.values[np.clip(np.searchsorted(depth, fine, side="right") - 1, 0, len(depth) - 1)]
    u, y = pen.place(values), places.top + (fine - depth[0]) * places.inches
    for turn in range(-1, 3) if pen.wraps else (0, 1) if pen.more else (0,):
        on = np.isfinite(u) & (u >= turn) & (u <= turn + 1)
        edges = np.flatnonzero(np.diff(np.concatenate([[False], on, [False]]).astype(int)))
        drawn = replace(pen, style="dashed") if pen.more and turn else pen
        for first, last in zip(edges[::2], edges[1::2], strict=True):
            x = left + (u - turn)[first:last] * sheet.form.track
            stroke(sheet, np.column_stack([x, y[first:last]]), drawn)


def _fill(sheet: Sheet, pens: list[Pen], depth: Float, left: float, places: Places) -> None:
    """Shade between a curve and the middle of its track, or between two curves."""
    form = sheet.form
    y = places.top + (depth - depth[0]) * places.inches
    u = [np.clip(pen.place(pen.values), 0, 1) for pen in pens]
    if form.shade == "gr" and pens[0].family == "GR":
        edges = np.minimum(u[0], 0.5), np.full(len(y), 0.5)
    elif form.shade == "cross" and len(pens) > 1 and pens[0].family in ("RHOB", "NPHI"):
        edges = np.minimum(u[0], u[1]), u[1]
    else:
        return
    known = np.isfinite(edges[0]) & np.isfinite(edges[1])
    sides = [np.column_stack([left + edge * form.track, y])[known] for edge in edges]
    outline = np.concatenate([sides[0], sides[1][::-1]]) * sheet.px
    if known.sum() > 1:
        shade = "#f4e27a" if form.colour else "#d4d4d4"
        sheet.pen.polygon([(float(a), float(b)) for a, b in outline], fill=shade)


def _lithology(sheet: Sheet, left: float, places: Places, rng: np.random.Generator) -> None:
    """A column of beds: lines close together, dots, lines far apart."""
    sheet.frame(left, places.top, left + 0.5, places.base)
    top = places.top
    while top < places.base:
        base = min(places.base, top + float(rng.uniform(0.2, 1.2)))
        kind = int(rng.integers(3))
        sheet.level(left, left + 0.5, top, 0.5)
        for y in np.arange(top + 0.05, base, 0.1 if kind else 0.05) if kind != 1 else ():
            sheet.level(left + 0.02, left + 0.48, y, 0.35)
        for _ in range(int((base - top) * 150) if kind == 1 else 0):
            x, y = rng.uniform(left + 0.02, left + 0.48), rng.uniform(top, base)
            sheet.level(x, x + 0.008, y, 0.6)
        top = base


def _marks(image: Image.Image, form: Chart, rng: np.random.Generator) -> None:
    """Holes along the margin, and scribble."""
    pen, dpi = ImageDraw.Draw(image), form.dpi
    for y in np.arange(0.5, image.height / dpi, 0.5) if form.holes else ():
        pen.ellipse([0.06 * dpi, (y - 0.08) * dpi, 0.22 * dpi, (y + 0.08) * dpi], fill=(20, 20, 20))
    for _ in range(4 if form.scribble else 0):
        t = np.linspace(0, 9, 160)
        x = rng.uniform(0.5, image.width / dpi - 1.5) + 0.1 * t + 0.06 * np.cos(5 * t)
        y = rng.uniform(1, max(1.5, image.height / dpi - 1)) + 0.1 * np.sin(5 * t)
        points = [(float(a * dpi), float(b * dpi)) for a, b in zip(x, y, strict=True)]
        pen.line(points, fill=(60, 60, 90), width=max(1, round(dpi / 110)))
