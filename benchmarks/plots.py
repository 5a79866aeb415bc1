"""Logs as scripts plot them: matplotlib's own axes side by side, a scale with ticks above each curve.

Depths are the ticks of the left axis; scales are axes one above another, their names over the numbers in the
colour of the curve; powers of ten are printed as such in some; lines across at the ticks alone.
"""

from __future__ import annotations

import io
from dataclasses import dataclass, fields
from typing import Any

import numpy as np
from drawing import columns, figures, number, rows, steps
from hand import FAMILIES, MARGIN, STYLES, Float, Hand, Pen, Places, pick_hand
from matplotlib.axes import Axes
from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.figure import Figure
from matplotlib.ticker import FixedLocator, FuncFormatter, LogFormatterMathtext, NullFormatter, NullLocator
from PIL import Image

__all__ = ["draw", "pick_form"]


@dataclass
class Plot(Hand):
    """One script; more than a hand has."""

    numbers: str = "ends"  # of a scale: "ends", "divisions"
    names: str = "{name} ({unit})"
    gap: float = 0.0  # inches between tracks
    powers: bool = False  # 10 to the power of, on logarithmic axes
    grids: str = "both"  # "both": light lines across too; "major"; "none"
    stretch: float = 1.0  # of the depth scale: figures are of any size
    axes: str = "scales"  # "scales" above each other; "plain": one curve, its axis as it comes
    said: str = "label"  # where a plain one is named: "label", "title"
    ylabel: str = "Depth ({unit})"
    grid_style: str = "-"


def pick_form(rng: np.random.Generator, tracks: int) -> Plot:
    """A script, drawn at random."""
    hand = pick_hand(rng, tracks)
    own = {field.name: getattr(hand, field.name) for field in fields(Hand)}
    own |= {
        "depth_at": 0,
        "heading": "above",
        "column": 0.8,
        "note": False,
        "row": "axes",
        "values": str(rng.choice(["{:g}", "{:g}", "{:.1f}"])),
    }
    own |= {
        "size": float(rng.choice([7, 8, 9, 10])),
        "labels": str(rng.choice(["{:.0f}", "{:.0f}", "{:,.0f}"])),
    }
    return Plot(
        **own,
        numbers=str(rng.choice(["ends", "divisions", "divisions"])),
        names=str(rng.choice(["{name} ({unit})", "{name} [{unit}]", "{name}, {unit}", "{name} {unit}"])),
        gap=float(rng.choice([0.0, 0.35, 0.5])),
        powers=bool(rng.random() < 0.4),
        grids=str(rng.choice(["both", "both", "major", "none"])),
        stretch=float(rng.choice([1.0, rng.uniform(0.6, 1.7)])),
        axes=str(rng.choice(["scales", "scales", "plain"])),
        said=str(rng.choice(["label", "label", "title"])),
        ylabel=str(
            rng.choice(["Depth ({unit})", "Depth ({unit})", "DEPTH {UNIT}", "MD [{unit}]", "Depth, {unit}"])
        ),
        grid_style=str(rng.choice(["-", "-", "--", ":"])),
    )


def draw(
    tracks: list[list[Pen]],
    depth: Float,
    unit: str,
    inches: float,
    form: Plot,
    items: list[tuple[str, str]],
    title: str = "",
) -> tuple[Image.Image, Places]:
    """The page, and where things are on it before it was scanned; see ``drawing.draw``."""
    inches *= form.stretch
    if form.axes == "plain":
        form.gap = max(form.gap, 0.35)
        for pens in tracks:
            del pens[1:]
            _plain(pens[0])
    form.track += form.gap
    for pen in (pen for pens in tracks for pen in pens):
        if len(pen.printed) > 14:
            pen.printed = min(FAMILIES[pen.family].names.split("|"), key=len)
        pen.part = (0.0, 1.0)
    high = 0.5 + 0.02 * (form.size - 7)
    block = high * max(sum(len(rows(pen)) for pen in pens) for pens in tracks) + 0.1
    first = MARGIN + 0.27 * len(items) + 0.5
    top, last = first + block, float(depth[-1])
    base = top + (last - float(depth[0])) * inches
    lefts, column, right = columns(len(tracks), form)
    form.track -= form.gap
    places = Places(lefts, form.track, column, top, base, inches, float(depth[0]), last)
    size = right + MARGIN, base + (2 * MARGIN + 0.3 if form.axes == "plain" else MARGIN)
    figure = Figure(figsize=size)
    FigureCanvasAgg(figure)
    text: dict[str, Any] = {"fontsize": form.size, "family": form.font}
    for index, (name, what) in enumerate(items):
        figure.text(MARGIN / size[0], 1 - (MARGIN + 0.27 * index) / size[1], f"{name}: {what}", **text)
    figure.text(0.5, 1 - (first - 0.15) / size[1], title, ha="center", **text)
    for index, (left, pens) in enumerate(zip(lefts, tracks, strict=True)):
        where = (left / size[0], 1 - base / size[1], form.track / size[0], (base - top) / size[1])
        axes = figure.add_axes(where)
        axes.set_ylim(last, float(depth[0]))
        if form.axes != "plain":
            axes.xaxis.set_major_locator(NullLocator())
            axes.xaxis.set_minor_locator(NullLocator())
        _across(axes, unit, form, places, index == 0, text)
        if form.axes == "plain":
            _below(axes, pens[0], form, text)
        else:
            for k, scale in enumerate(row for own in pens for row in rows(own)):
                _scale(axes.twiny(), scale, form, k * high * 72, k == 0, text)
        for pen in pens:
            _curve(axes, pen, depth, form)
    stream = io.BytesIO()
    figure.savefig(stream, dpi=form.dpi, format="png")
    stream.seek(0)
    return Image.open(stream).convert("RGB"), places


def _across(axes: Axes, unit: str, form: Plot, places: Places, labelled: bool, text: dict[str, Any]) -> None:
    light, _, _ = steps(unit, places.inches)
    at = figures(places, unit)
    axes.yaxis.set_major_locator(FixedLocator(list(at)))
    axes.yaxis.set_minor_locator(NullLocator())
    if form.grids == "both":
        every = np.arange(np.ceil(places.first / light) * light, places.last, light)
        axes.yaxis.set_minor_locator(FixedLocator(list(every)))
        axes.grid(axis="y", which="minor", color=form.grid, lw=form.lines[0], ls=form.grid_style, zorder=1)
    if form.grids != "none":
        axes.grid(axis="y", which="major", color="0.25", lw=form.lines[1], ls=form.grid_style, zorder=1)
    if not labelled:
        axes.yaxis.set_major_formatter(NullFormatter())
        return
    axes.yaxis.set_major_formatter(FuncFormatter(lambda value, _: form.labels.replace("'", "").format(value)))
    for label in axes.get_yticklabels():
        label.set(**text)
    axes.set_ylabel(form.ylabel.format(unit=unit.lower(), UNIT=unit), labelpad=4, **text)


def _plain(pen: Pen) -> None:
    """Make the scale of a pen what comes of its readings: with a twentieth more on either side."""
    values = np.log10(pen.values) if pen.log else pen.values
    low, high = float(np.nanmin(values)), float(np.nanmax(values))
    more = 0.05 * (high - low) or 1.0
    ends = (10 ** (low - more), 10 ** (high + more)) if pen.log else (low - more, high + more)
    pen.scale = float(f"{ends[0]:.6g}"), float(f"{ends[1]:.6g}")
    pen.wraps, pen.more, pen.style = False, None, "solid"


def _below(axes: Axes, pen: Pen, form: Plot, text: dict[str, Any]) -> None:
    """The axis of a plain plot: below, with ticks where the library puts them."""
    if pen.log:
        axes.set_xscale("log")
    axes.set_xlim(*pen.scale)
    for label in axes.get_xticklabels():
        label.set(**text)
    named = form.names.format(name=pen.printed, unit=pen.unit)
    (axes.set_title if form.said == "title" else axes.set_xlabel)(named, **text)
    if form.grids != "none":
        axes.grid(axis="x", color="0.4", lw=form.lines[1], ls=form.grid_style, zorder=1)


def _scale(axes: Axes, pen: Pen, form: Plot, away: float, first: bool, text: dict[str, Any]) -> None:
    """One axis above the track: its line in the stroke of its curve, numbers, name."""
    if pen.log:
        axes.set_xscale("log")
    low, high = pen.scale
    axes.set_xlim(low, high)
    spine = axes.spines["top"]
    spine.set_position(("outward", away))
    spine.set(color=pen.colour, linewidth=max(1.0, pen.width), linestyle=STYLES[pen.style])
    if pen.log:
        powers = range(int(np.floor(np.log10(low))) - 1, int(np.ceil(np.log10(high))) + 1)
        lead = low / 10 ** np.floor(np.log10(low) + 1e-9)
        at = [lead * 10.0**k for k in powers if low * 0.999 <= lead * 10.0**k <= high * 1.001]
        between = [m * 10.0**k for k in powers for m in range(1, 10) if low < m * 10.0**k < high]
        axes.xaxis.set_minor_locator(FixedLocator(between))
        axes.xaxis.set_minor_formatter(NullFormatter())
    else:
        at = list(np.linspace(low, high, 6 if form.divisions == 5 else 5))
    shown = at if form.numbers == "divisions" else [low, high]
    axes.xaxis.set_major_locator(FixedLocator(at))
    axes.xaxis.set_ticks_position("top")
    axes.xaxis.set_label_position("top")
    axes.tick_params(axis="x", which="both", colors=pen.colour, length=3)
    if pen.log and form.powers and abs(lead - 1) < 1e-9:
        axes.xaxis.set_major_formatter(LogFormatterMathtext())
    else:
        axes.xaxis.set_major_formatter(
            FuncFormatter(lambda v, _: number(v, form) if any(abs(v - s) < 1e-6 for s in shown) else "")
        )
    labels = axes.get_xticklabels()
    for label in labels:
        label.set(**text)
    if form.gap < 0.1:  # those at the edges stand inside
        for label, ha in ((labels[0], "left"), (labels[-1], "right")):
            label.set(horizontalalignment=ha)
    axes.set_xlabel(form.names.format(name=pen.printed, unit=pen.unit), color=pen.colour, labelpad=2, **text)
    if first and form.grids != "none":
        axes.grid(axis="x", which="major", color="0.4", lw=form.lines[1], ls=form.grid_style, zorder=1)
        axes.grid(axis="x", which="minor", color=form.grid, lw=form.lines[0], ls=form.grid_style, zorder=1)


def _curve(axes: Axes, pen: Pen, depth: Float, form: Plot) -> None:
    """Draw one curve on an axis of its own, from 0 to 1 of the track's width."""
    own = axes.twiny()
    own.set_xlim(0, 1)
    own.axis("off")
    fine = np.linspace(depth[0], depth[-1], 20 * len(depth))
    u = pen.place(np.interp(fine, depth, pen.values))
    if form.fill and pen.family == "GR":
        own.fill_betweenx(
            fine, np.clip(u, 0, 1), 0.5, where=u < 0.5, color="#f0e060" if form.colour else "0.85", lw=0
        )
    for turn in range(-1, 3) if pen.wraps else (0, 1) if pen.more else (0,):
        x = np.where((u >= turn) & (u <= turn + 1), u - turn, np.nan)
        style = STYLES["dashed" if pen.more and turn else pen.style]
        own.plot(x, fine, color=pen.colour, lw=pen.width, ls=style, dash_capstyle="butt")
