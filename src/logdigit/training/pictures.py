"""The pictures of a study: scatter charts of the classes, and what each recipe answers, side by side."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from PIL import Image, ImageDraw, ImageFont

from logdigit.training.corpus import Corpus
from logdigit.training.runs import Run
from logdigit.training.tables import RATES
from logdigit.types import Bool, UInt8

COLOURS = ("#000000", "#0072b2", "#d55e00", "#009e73", "#cc79a7", "#e69f00", "#56b4e9")
"""Of the classes, background first: the palette of Okabe and Ito, which the colour-blind can tell apart."""

_SIDE, _LEFT, _TOP, _LINE = 640, 70, 40, 16  # px: of a chart's plot, its margins, a line of text
_CELL, _LABEL = 192, 230  # px: of a part of a patch in the strips, and of the names beside them


@dataclass(frozen=True)
class Point:
    """A point of a chart: where, in which colour, and the number of its recipe."""

    x: float
    y: float
    colour: str
    number: int


def draw_charts(out: Path, runs: Sequence[Run], classes: Sequence[str]) -> None:
    """Writes ``tpr-fpr.png``, ``precision-recall.png``, and ``variation.png``: F1 of each class by recipe."""
    runs = [run for run in runs if not run.failure]
    numbers = {name: k + 1 for k, name in enumerate(dict.fromkeys(run.recipe.name for run in runs))}
    if not numbers:
        return
    legend = [f"{number} {name}" for name, number in numbers.items()]
    keys = [(label, COLOURS[(k + 1) % len(COLOURS)]) for k, label in enumerate(classes[1:])]
    for file, across, up in (
        ("tpr-fpr", "fpr", "tpr"),
        ("precision-recall", "recall", "precision"),
        ("variation", "recipe", "f1"),
    ):
        points = []
        for run in runs:
            number = numbers[run.recipe.name]
            for label, colour in keys:
                x = float(number) if across == "recipe" else run.final.figure(across, label)
                points.append(Point(x, run.final.figure(up, label), colour, number))
        picture = chart(points, RATES.get(across, across), RATES[up], keys, legend)
        picture.save(out / f"{file}.png")


def chart(
    points: Sequence[Point], x_name: str, y_name: str, keys: Sequence[tuple[str, str]], legend: Sequence[str]
) -> Image.Image:
    """A scatter chart.

    Args:
        points: those that are not numbers are left out.
        x_name: of the axis across.
        y_name: of the axis up.
        keys: name and colour of each class.
        legend: a line for each recipe, by number.
    """
    known = [point for point in points if math.isfinite(point.x) and math.isfinite(point.y)]
    height = _TOP + max(_SIDE + 2 * _TOP, _LINE * (len(legend) + len(keys) + 3))
    image = Image.new("RGB", (_LEFT + _SIDE + 320, height), "white")
    draw, font = ImageDraw.Draw(image), ImageFont.load_default(13)
    x_axis, y_axis = _axis([p.x for p in known]), _axis([p.y for p in known])
    draw.rectangle((_LEFT, _TOP, _LEFT + _SIDE, _TOP + _SIDE), outline="#808080")
    for tick in x_axis:
        column = _LEFT + _SIDE * (tick - x_axis[0]) / (x_axis[-1] - x_axis[0])
        draw.line((column, _TOP, column, _TOP + _SIDE), fill="#e0e0e0")
        draw.text((column, _TOP + _SIDE + 6), f"{tick:.4g}", "black", font, anchor="ma")
    for tick in y_axis:
        row = _TOP + _SIDE * (1 - (tick - y_axis[0]) / (y_axis[-1] - y_axis[0]))
        draw.line((_LEFT, row, _LEFT + _SIDE, row), fill="#e0e0e0")
        draw.text((_LEFT - 6, row), f"{tick:.4g}", "black", font, anchor="rm")
    draw.text((_LEFT + _SIDE / 2, _TOP + _SIDE + 24), x_name, "black", font, anchor="ma")
    draw.text((8, _TOP - 22), y_name, "black", font)
    for point in known:
        column = _LEFT + _SIDE * (point.x - x_axis[0]) / (x_axis[-1] - x_axis[0])
        row = _TOP + _SIDE * (1 - (point.y - y_axis[0]) / (y_axis[-1] - y_axis[0]))
        draw.ellipse((column - 4, row - 4, column + 4, row + 4), outline=point.colour, width=2)
        draw.text(
            (column + 6, row - 6), str(point.number), point.colour, ImageFont.load_default(10), anchor="lm"
        )
    lines = [
        *((label, colour) for label, colour in keys),
        ("", "black"),
        *((text, "black") for text in legend),
    ]
    for k, (text, colour) in enumerate(lines):
        draw.text((_LEFT + _SIDE + 24, _TOP + _LINE * k), text, colour, font)
    return image


def _axis(values: Sequence[float]) -> list[float]:
    """Round ticks that enclose all values; two at least."""
    low, high = (min(values), max(values)) if values else (0.0, 1.0)
    span = max(high - low, 1e-6)
    step = 10.0 ** math.floor(math.log10(span))
    step *= next(k for k in (0.1, 0.2, 0.5, 1.0, 2.0) if span / (step * k) <= 8)
    first, last = math.floor(low / step), math.ceil(high / step)
    return [round(k * step, 10) for k in range(first, max(last, first + 1) + 1)]


def labels_of(masks: Bool) -> UInt8:
    """Masks (C, H, W) as one label a pixel (H, W); where several hold, the last."""
    labels = np.zeros(masks.shape[1:], np.uint8)
    for k in range(1, len(masks)):
        labels[masks[k]] = k
    return labels


def draw_strips(out: Path, corpus: Corpus, names: Sequence[str], runs: Sequence[Run]) -> None:
    """Writes ``strips.png``: patches, their truth, and what the first training of each recipe makes of it."""
    first = {run.recipe.name: run for run in reversed(runs)}
    rows: list[tuple[str, list[UInt8]]] = [
        ("input", []),
        ("truth", []),
        *((name, []) for name in reversed(first)),
    ]
    for name in names:
        grey, mask = corpus.read(name)
        rows[0][1].append(np.repeat(grey[..., None], 3, axis=2))
        rows[1][1].append(_coloured(mask))
        for recipe, cells in rows[2:]:
            folder = out / "runs" / f"{recipe}.{first[recipe].seed}"
            with Image.open(folder / f"{name}.png") as labels:
                cells.append(_coloured(np.asarray(labels)))
    if not names:
        return
    picture = Image.new("RGB", (_LABEL + (_CELL + 4) * len(names), (_CELL + 4) * len(rows)), "white")
    draw, font = ImageDraw.Draw(picture), ImageFont.load_default(13)
    for k, (text, cells) in enumerate(rows):
        draw.text((6, (_CELL + 4) * k + _CELL // 2), text, "black", font, anchor="lm")
        for column, cell in enumerate(cells):
            part = Image.fromarray(np.ascontiguousarray(cell[:_CELL, :_CELL]))
            picture.paste(part, (_LABEL + (_CELL + 4) * column, (_CELL + 4) * k))
    picture.save(out / "strips.png")


def _coloured(labels: UInt8) -> UInt8:
    """Labels (H, W) as colours on white (H, W, 3)."""
    table = np.full((256, 3), 255, np.uint8)
    for k in range(1, 255):
        colour = COLOURS[k % len(COLOURS)]
        table[k] = [int(colour[i : i + 2], 16) for i in (1, 3, 5)]
    return table[labels]
