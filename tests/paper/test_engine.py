"""The engine is faked: boxes are planted, and what is read of a box is its darkest grey level."""

from __future__ import annotations

import time
from types import SimpleNamespace
from typing import Any

import cv2
import numpy as np
import pytest

from logdigit.paper.engine import Engine, Once, engine
from logdigit.paper.text import Word
from logdigit.types import UInt8

Box = tuple[int, int, int, int]
FLAT: list[Box] = [(10, 10, 90, 30), (10, 40, 90, 60)]
TALL: list[Box] = [(120, 10, 140, 90), (150, 10, 170, 90), (180, 10, 200, 90)]


class Find:
    """Finds planted boxes (left, top, right, bottom)."""

    def __init__(self, boxes: list[Box]) -> None:
        self.boxes, self.text_det = boxes, SimpleNamespace(limit_side_len=0)

    def __call__(self, picture: UInt8) -> Any:
        corners = [[(a, b), (c, b), (c, d), (a, d)] for a, b, c, d in self.boxes]
        return SimpleNamespace(boxes=np.array(corners, np.float32) if corners else None)

    def crop_text_regions(self, picture: UInt8, found: Any) -> list[UInt8]:
        spans = [(*box.min(axis=0).astype(int), *box.max(axis=0).astype(int)) for box in found]
        return [picture[top:bottom, left:right] for left, top, right, bottom in spans]


def fake(boxes: list[Box], asked: list[int]) -> tuple[Find, Any]:
    """Engines that find these boxes, and that remember what they read."""

    def read(box: UInt8) -> Any:
        level = int(box.min())
        time.sleep(0.002 * (level % 3))  # the later box may be read first
        asked.append(level)
        return SimpleNamespace(txts=(str(level),), scores=(0.4 if level == 99 else 0.9,))

    return Find(boxes), read


def page(boxes: list[Box], levels: list[int]) -> UInt8:
    paper = np.full((100, 300), 255, np.uint8)
    for (left, top, right, bottom), level in zip(boxes, levels, strict=True):
        paper[top:bottom, left:right] = level
    return paper


def test_every_box_has_its_own_text_however_many_are_read_at_once() -> None:
    boxes = [(10 * k, 10, 10 * k + 8, 30) for k in range(20)]
    words = Engine(*fake(boxes, []), 4)(page(boxes, list(range(20))))
    assert [(w.text, w.left, w.top, w.right, w.bottom) for w in words] == [
        (str(k), left, top, right, bottom) for k, (left, top, right, bottom) in enumerate(boxes)
    ]


def test_what_is_read_unsurely_or_not_found_is_left_out() -> None:
    assert [w.text for w in Engine(*fake(FLAT, []), 1)(page(FLAT, [99, 7]))] == ["7"]
    assert Engine(*fake([], []), 1)(page([], [])) == []


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
    words = Engine(*fake(boxes, asked), 2)(page(boxes, list(range(len(boxes)))), sideways)
    assert sorted(set(asked)) == read
    assert [w.text for w in words] == [str(k) if k in read else "" for k in range(len(boxes))]


def test_print_that_runs_sideways_is_read_both_ways_round_and_the_surer_one_counts() -> None:
    def read(box: UInt8) -> Any:
        """Reads what has its ink in the upper half."""
        upper = box[: len(box) // 2].min() < 128
        return SimpleNamespace(txts=("160" if upper else "091",), scores=(0.9 if upper else 0.6,))

    paper = np.full((100, 100), 255, np.uint8)
    paper[20:40, 15:25] = 0
    paper[60:80, 55:65] = 0
    assert [w.text for w in Engine(Find([(10, 10, 30, 90), (50, 10, 70, 90)]), read, 1)(paper)] == [
        "160",
        "160",
    ]


def test_boxes_are_found_on_a_reduced_picture_where_it_is_long_or_large() -> None:
    find, read = fake([], [])
    sides = []
    for shape in [(300, 900), (100, 4000), (2300, 2300), (2400, 2400)]:
        Engine(find, read, 1)(np.full(shape, 255, np.uint8))
        sides.append(find.text_det.limit_side_len)
    assert sides == [900, 2400, 1733, 1733]  # at most 2,400 px long and 3 megapixels large


def test_print_is_read_where_it_stands_also_on_a_picture_that_is_reduced() -> None:
    reader = engine()
    figures = {"4150": (60, 80), "4250": (900, 700), "4350": (1300, 1400), "4450": (300, 1200)}
    for shape in [(1500, 1600), (2000, 2200)]:  # the latter is more than is taken at once
        paper = np.full(shape, 255, np.uint8)
        for text, corner in figures.items():
            cv2.putText(paper, text, corner, cv2.FONT_HERSHEY_SIMPLEX, 1.6, (0,), 3, cv2.LINE_AA)
        words = {word.text: word for word in reader(paper)}
        assert set(words) == set(figures)
        for text, (left, base) in figures.items():
            word = words[text]
            assert abs(word.left - left) < 15 and abs(word.right - left - 130) < 15
            assert abs(word.y - base + 17) < 8


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
