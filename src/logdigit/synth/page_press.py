"""The press: a planned page drawn from heading to tail on one canvas."""

from __future__ import annotations

import numpy as np

from logdigit.synth.header import calibration_tail, caption, heading, remarks, tint
from logdigit.synth.page_body import Body, draw_body
from logdigit.synth.page_design import PagePlan
from logdigit.synth.page_scales import draw_block, height_of
from logdigit.synth.page_scan import Printed
from logdigit.synth.pen import SCALE
from logdigit.types import UInt8

_WORDS = {"5in": "5 INCHES = 100 FEET", "2in": "2 INCHES = 100 FEET", "1in": "1 INCH = 100 FEET"}


def press(rng: np.random.Generator, plan: PagePlan) -> tuple[Printed, list[int]]:
    """Draw a page.

    Returns:
        The page, and for each of its bodies the sheet row of its first row.
    """
    pieces: list[Printed] = []
    tops: list[int] = []
    room = plan.width - 2 * plan.margin
    _white(plan, pieces, int(rng.uniform(25, 160)))
    _block(plan, pieces, heading(rng, plan.facts, room, plan.turned, plan.face))
    if rng.random() < 0.6:
        _white(plan, pieces, int(rng.uniform(5, 60)))
        _block(plan, pieces, remarks(rng, room, plan.face, int(rng.uniform(180, 330))))
    for number, body in enumerate(plan.bodies):
        _white(plan, pieces, int(rng.uniform(15, 120)))
        words = _caption(rng, body, number)
        if words:
            _block(plan, pieces, caption(words, room, 56, plan.face, float(rng.uniform(14, 20))))
        _scales(plan, pieces, body)
        _white(plan, pieces, int(rng.choice([2, 10, 40])))
        tops.append(sum(piece.height for piece in pieces))
        pieces.append(draw_body(rng, plan.family, body, plan.width, plan.face, plan.colour, plan.paper))
        if plan.footer:
            _white(plan, pieces, 4)
            _scales(plan, pieces, body)
    if plan.tail:
        _white(plan, pieces, int(rng.uniform(20, 100)))
        names = [curve.spec.printed for curve in plan.bodies[0].design.curves][:5]
        _block(plan, pieces, calibration_tail(rng, names, room, plan.face))
    _white(plan, pieces, int(rng.uniform(20, 140)))
    picture = np.concatenate([piece.picture for piece in pieces])
    mask = np.concatenate([piece.mask for piece in pieces])
    return Printed(picture, mask), tops


def _caption(rng: np.random.Generator, body: Body, number: int) -> str:
    """What stands between two logs; the first often has nothing."""
    scale = _WORDS.get(body.nominal, f"SCALE {body.nominal}")
    if body.pass_name == "repeat":
        return f"REPEAT SECTION   {scale}" if rng.random() < 0.5 else "REPEAT SECTION"
    if number or rng.random() < 0.6:
        return f"MAIN PASS   {scale}" if rng.random() < 0.5 else f"MAIN LOG   {scale}"
    return ""


def _white(plan: PagePlan, pieces: list[Printed], rows: int) -> None:
    _block(plan, pieces, np.full((rows * SCALE, SCALE), 255, np.uint8))


def _block(plan: PagePlan, pieces: list[Printed], block: UInt8) -> None:
    """Lay a grey block between the margins of the page, on its paper."""
    page: UInt8 = np.full((block.shape[0] // SCALE * SCALE, plan.width * SCALE), 255, np.uint8)
    left = plan.margin * SCALE if block.shape[1] > SCALE else 0
    page[:, left : left + block.shape[1]] = block[: len(page), : page.shape[1] - left]
    pieces.append(Printed(tint(page, plan.paper, plan.colour), np.zeros_like(page)))


def _scales(plan: PagePlan, pieces: list[Printed], body: Body) -> None:
    """The scale block of a body, in the inks of its curves."""
    height = height_of(body.design, plan.block)
    white: UInt8 = np.full((height * SCALE, plan.width * SCALE), 255, np.uint8)
    page = np.ascontiguousarray(tint(white, plan.paper, plan.colour))
    draw_block(page, body.design, list(body.edges), body.column, 2.0, height - 4.0, plan.block)
    pieces.append(Printed(page, np.zeros_like(white)))
