"""Corrections by hand in a layout file: ``[[section.fix]]`` and ``[[section.ignore]]``.

They are what a person adds after looking at a result, so they are checked the hardest: a correction that
would do nothing, or not what its writer thinks, is an error that names its place.
"""

from __future__ import annotations

import difflib
from collections.abc import Mapping, Sequence
from itertools import pairwise

import tomlkit
from tomlkit.items import AoT

from logdigit.paper.fields import Fields
from logdigit.types import Box, Fix, FixKind

KINDS: tuple[FixKind, ...] = ("swap", "null", "turns", "points")
MOST_TURNS = 9
_SIDES = ("top", "left", "bottom", "right")
_OWN_KEYS: Mapping[FixKind, tuple[str, ...]] = {
    "swap": ("interval",),
    "null": ("interval",),
    "turns": ("interval", "turns", "add"),
    "points": ("points",),
}


def read_fixes(section: Fields, tracks: Sequence[Sequence[str]]) -> tuple[Fix, ...]:
    """The [[section.fix]] tables of a section.

    Args:
        section: its table.
        tracks: mnemonics of the curves, track by track.

    Raises:
        LayoutError: naming the fix and what is wrong.
    """
    return tuple(_fix(t.at(f"fix {k}"), tracks) for k, t in enumerate(section.tables("fix"), 1))


def _fix(here: Fields, tracks: Sequence[Sequence[str]]) -> Fix:
    here.only("kind", "curves", "interval", "turns", "add", "points")
    if "kind" not in here.data:
        raise here.error(f"kind is missing; one of {', '.join(KINDS)}")
    kind = here.choice("kind", KINDS, "null")
    for key in here.data:
        if key not in ("kind", "curves", *_OWN_KEYS[kind]):
            raise here.error(f'{key} does not go with kind = "{kind}"; it takes {", ".join(_OWN_KEYS[kind])}')
    curves = _curves(here, [name for track in tracks for name in track])
    if kind == "swap":
        if len(curves) != 2:
            raise here.error(f'kind = "swap" exchanges two curves, not {len(curves)}')
        if not any(set(curves) <= set(track) for track in tracks):
            raise here.error(
                f"{curves[0]} and {curves[1]} are not in one track; only strokes of one are swapped"
            )
    if kind == "points":
        return _points(here, curves)
    interval = here.pair("interval")
    if interval is None:
        raise here.error("interval is missing; as in interval = [7120.0, 7135.0]")
    if interval[0] >= interval[1]:
        raise here.error(f"interval = [{interval[0]:g}, {interval[1]:g}]: top must be less than base")
    if kind != "turns":
        return Fix(kind, curves, interval)
    if ("turns" in here.data) == ("add" in here.data):
        raise here.error("give turns (the number that is set) or add (what is added), one of them")
    return Fix(kind, curves, interval, _whole(here, "turns"), _whole(here, "add") or 0)


def _whole(here: Fields, key: str) -> int | None:
    number = here.optional_number(key)
    if number is not None and (number != int(number) or abs(number) > MOST_TURNS):
        raise here.error(f"{key} = {number:g}: must be a whole number from -{MOST_TURNS} to {MOST_TURNS}")
    return None if number is None else int(number)


def _curves(here: Fields, known: Sequence[str]) -> tuple[str, ...]:
    names = here.data.get("curves")
    if not isinstance(names, list) or not names or not all(isinstance(name, str) for name in names):
        raise here.error(f'curves must be a list of mnemonics, as in curves = ["GR"], not {names!r}')
    for name in names:
        if name not in known:
            near = [k for k in known if k.upper() == name.upper()] or difflib.get_close_matches(
                name, known, 1
            )
            hint = f"did you mean {near[0]}?" if near else f"declared here: {', '.join(known) or 'no curve'}"
            raise here.error(f"curves: {name!r} is not declared in this section; {hint}")
        if names.count(name) > 1:
            raise here.error(f"curves: {name} is named twice")
    return tuple(names)


def _points(here: Fields, curves: tuple[str, ...]) -> Fix:
    if len(curves) != 1:
        raise here.error(f'kind = "points" draws one curve, not {len(curves)}')
    points = here.points("points")
    if len(points) < 2:
        raise here.error(f"points needs two or more [depth, value], has {len(points)}")
    for (before, _), (after, _) in pairwise(points):
        if after <= before:
            raise here.error(f"points: depths must increase, but {before:g} is followed by {after:g}")
    return Fix("points", curves, (points[0][0], points[-1][0]), points=points)


def read_ignore(section: Fields, rows: tuple[float, float]) -> tuple[Box, ...]:
    """The [[section.ignore]] boxes of a section that spans ``rows``, strip px.

    Raises:
        LayoutError: naming the box and what is wrong.
    """
    return tuple(_box(t.at(f"ignore {k}"), rows) for k, t in enumerate(section.tables("ignore"), 1))


def _box(here: Fields, rows: tuple[float, float]) -> Box:
    here.only(*_SIDES)
    for key in _SIDES:
        if key not in here.data:
            raise here.error(f"{key} is missing; a box has top, left, bottom and right, px of the scan")
        if here.number(key) != int(here.number(key)) or here.number(key) < 0:
            raise here.error(f"{key} = {here.number(key):g}: must be a whole number of pixels, 0 or more")
    top, left, bottom, right = (int(here.number(key)) for key in _SIDES)
    if top >= bottom or left >= right:
        raise here.error("top must be less than bottom, and left less than right")
    if bottom <= rows[0] or top >= rows[1]:
        raise here.error(
            f"rows {top} to {bottom} are outside those of the section, {rows[0]:g} to {rows[1]:g}"
        )
    return Box(top, left, bottom, right)


def write_fixes(fixes: Sequence[Fix]) -> AoT:
    """The [[section.fix]] tables that ``read_fixes`` reads back equal."""
    out = tomlkit.aot()
    for fix in fixes:
        table = tomlkit.table()
        table["kind"] = fix.kind
        table["curves"] = list(fix.curves)
        if fix.kind == "points":
            table["points"] = [list(point) for point in fix.points]
        else:
            table["interval"] = list(fix.interval)
        if fix.kind == "turns":
            table["add" if fix.turns is None else "turns"] = fix.add if fix.turns is None else fix.turns
        out.append(table)
    return out


def write_ignore(boxes: Sequence[Box]) -> AoT:
    """The [[section.ignore]] tables that ``read_ignore`` reads back equal."""
    out = tomlkit.aot()
    for box in boxes:
        table = tomlkit.table()
        for key in _SIDES:
            table[key] = getattr(box, key)
        out.append(table)
    return out
