"""The engine is faked: boxes are planted, and what is read of a box is its darkest grey level."""

from __future__ import annotations

import time
from types import SimpleNamespace
from typing import Any

import numpy as np
import pytest

from logdigit.paper.engine import Engine, Once
from logdigit.paper.text import Word
from logdigit.types import UInt8

Box = tuple[int, int, int, int]
FLAT: list[Box] = [(10, 10, 90, 30), (10, 40, 90, 60)]
TALL: list[Box] = [(120, 10, 140, 90), (150, 10, 170, 90), (180, 10, 200, 90)]


def fake(boxes: list[Box], asked: list[int]) -> Any:
    """The class of an engine that finds these boxes (left, top, right, bottom) and remembers what it read."""

    class Rapid:
        def __init__(self, params: dict[str, Any]) -> None:
            self.finds = not params.get("Global.use_rec", True)

        def __call__(self, picture: UInt8) -> Any:
            if self.finds:
                corners = [[(a, b), (c, b), (c, d), (a, d)] for a, b, c, d in boxes]
                return SimpleNamespace(boxes=np.array(corners, np.float32) if boxes else None)
            level = int(picture.min())
            time.sleep(0.002 * (level % 3))  # the later box may be read first
            asked.append(level)
            return SimpleNamespace(txts=(str(level),), scores=(0.4 if level == 99 else 0.9,))

        def crop_text_regions(self, picture: UInt8, found: Any) -> list[UInt8]:
            spans = [(*box.min(axis=0).astype(int), *box.max(axis=0).astype(int)) for box in found]
            return [picture[top:bottom, left:right] for left, top, right, bottom in spans]

    return Rapid


def page(boxes: list[Box], levels: list[int]) -> UInt8:
    paper = np.full((100, 300), 255, np.uint8)
    for (left, top, right, bottom), level in zip(boxes, levels, strict=True):
        paper[top:bottom, left:right] = level
    return paper


def test_every_box_has_its_own_text_however_many_are_read_at_once() -> None:
    boxes = [(10 * k, 10, 10 * k + 8, 30) for k in range(20)]
    words = Engine(fake(boxes, []), 4)(page(boxes, list(range(20))))
    assert [(w.text, w.left, w.top, w.right, w.bottom) for w in words] == [
        (str(k), left, top, right, bottom) for k, (left, top, right, bottom) in enumerate(boxes)
    ]


def test_what_is_read_unsurely_or_not_found_is_left_out() -> None:
    assert [w.text for w in Engine(fake(FLAT, []), 1)(page(FLAT, [99, 7]))] == ["7"]
    assert Engine(fake([], []), 1)(page([], [])) == []


@pytest.mark.parametrize(
    ("boxes", "sideways", "read"),
    [
        (FLAT + TALL, True, [0, 1, 2, 3, 4]),
        (FLAT + TALL, False, [0, 1]),  # most lines run up the picture
        (FLAT + TALL[:2], False, [0, 1, 2, 3]),
    ],
)
def test_print_that_runs_sideways_is_found_only_where_that_is_asked_and_most_of_it_does(
    boxes: list[Box], sideways: bool, read: list[int]
) -> None:
    asked: list[int] = []
    words = Engine(fake(boxes, asked), 2)(page(boxes, list(range(len(boxes)))), sideways)
    assert sorted(set(asked)) == read
    assert [w.text for w in words] == [str(k) if k in read else "" for k in range(len(boxes))]


def test_print_that_runs_sideways_is_read_both_ways_round_and_the_surer_one_counts() -> None:
    class Rapid:
        """Reads what has its ink in the upper half."""

        def __init__(self, params: dict[str, Any]) -> None:
            self.finds = not params.get("Global.use_rec", True)

        def __call__(self, picture: UInt8) -> Any:
            if self.finds:
                corners = [[(10, 10), (30, 10), (30, 90), (10, 90)], [(50, 10), (70, 10), (70, 90), (50, 90)]]
                return SimpleNamespace(boxes=np.array(corners, np.float32))
            upper = picture[: len(picture) // 2].min() < 128
            return SimpleNamespace(txts=("160" if upper else "091",), scores=(0.9 if upper else 0.6,))

        def crop_text_regions(self, picture: UInt8, found: Any) -> list[UInt8]:
            return [picture[10:90, 10:30], picture[10:90, 50:70]]

    paper = np.full((100, 100), 255, np.uint8)
    paper[20:40, 15:25] = 0
    paper[60:80, 55:65] = 0
    assert [w.text for w in Engine(Rapid, 1)(paper)] == ["160", "160"]


def test_a_picture_is_read_once_for_each_way_of_reading_it() -> None:
    asked: list[tuple[int, bool]] = []

    def reader(pixels: UInt8, sideways: bool = True) -> list[Word]:
        asked.append((int(pixels.min()), sideways))
        return [Word(str(len(asked)), 1.0, 0, 0, 9, 9)]

    once = Once(reader)
    white, black = np.full((20, 30), 255, np.uint8), np.zeros((20, 30), np.uint8)
    seen = [once(p, s) for p, s in [(white, True), (black, True), (white.copy(), True), (white, False)]]
    assert [words[0].text for words in seen] == ["1", "2", "1", "3"]
    assert asked == [(255, True), (0, True), (255, False)]
    assert once(white.reshape(30, 20))[0].text == "4"  # the same bytes, another picture
