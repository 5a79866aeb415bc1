"""One curve, as a layout table or as the text of ``--curve``, both read by the same rules."""

from __future__ import annotations

import math
import re
import shlex
from collections.abc import Mapping, Sequence
from itertools import pairwise
from typing import Any

import tomlkit
from tomlkit.items import Table

from logdigit.errors import LayoutError
from logdigit.paper.fields import Fields
from logdigit.paper.wraps import folded
from logdigit.types import STYLES, CurveSpec, ScaleKind, ScaleRole, Style, ValueScale

MNEMONIC = re.compile(r"[A-Za-z0-9_\[\]()/\-+&#%*]{1,32}")
"""What LAS readers accept as a mnemonic: no blank, dot or colon."""
_UNIT = re.compile(r"[!-9;-~]{0,24}")
"""A LAS unit ends at the first blank and cannot hold a colon."""
_COLOUR = re.compile(r"#[0-9a-fA-F]{6}")
COLOURS: Mapping[str, str] = {
    "black": "#000000",
    "blue": "#0000ff",
    "brown": "#8b4513",
    "cyan": "#00ffff",
    "green": "#008000",
    "grey": "#808080",
    "magenta": "#ff00ff",
    "orange": "#ff8000",
    "purple": "#800080",
    "red": "#ff0000",
}
KINDS: tuple[ScaleKind, ...] = ("linear", "log", "hyperbolic", "relative")
ROLES: tuple[ScaleRole, ...] = ("main", "backup", "amplified")
_CURVE_KEYS = (
    *("mnemonic", "printed", "unit", "style", "width_px", "colour", "scale", "points", "kind", "wraps"),
    *("valid", "more"),
)
_OPTION_KEYS = (
    *("track", "style", "scale", "points", "kind", "unit", "colour", "width", "wraps", "valid", "printed"),
)
_FORM = '"GR track=1 style=solid scale=0:150 unit=GAPI"'


def read_curve(table: Fields, number: int) -> CurveSpec:
    """A [[section.track.curve]] table; ``number`` names it until its mnemonic is known.

    Raises:
        LayoutError: naming the place and what is wrong.
    """
    mnemonic = table.data.get("mnemonic")
    named = isinstance(mnemonic, str) and MNEMONIC.fullmatch(mnemonic)
    return _curve(table.at(f"curve {mnemonic if named else number}"))


def _curve(here: Fields) -> CurveSpec:
    here.only(*_CURVE_KEYS)
    mnemonic = here.text("mnemonic")
    if not MNEMONIC.fullmatch(mnemonic):
        raise here.error(f'mnemonic = "{mnemonic}": must be letters and digits without blanks, as in GR')
    if mnemonic.upper() == "DEPT":
        raise here.error("mnemonic DEPT is taken by the depth index")
    unit = here.text("unit")
    if not _UNIT.fullmatch(unit):
        raise here.error(f'unit = "{unit}": must be ASCII without blanks or colons, as in GAPI or OHMM')
    width = here.optional_number("width_px")
    if width is not None and width <= 0:
        raise here.error(f"width = {width:g}: must be positive")
    valid = here.pair("valid")
    if valid is not None and valid[0] >= valid[1]:
        raise here.error(f"valid = [{valid[0]:g}, {valid[1]:g}]: the first depth must be less than the last")
    main = _scale(here, "linear", "main")
    more = []
    for k, table in enumerate(here.tables("more"), 1):
        inner = table.at(f"more {k}")
        inner.only("scale", "points", "kind", "role", "style", "depths")
        scale = _scale(inner, "linear" if main is None else main.kind, "backup")
        if scale is None:
            raise inner.error("scale is missing; as in scale = [0.0, 200.0]")
        more.append(scale)
    if more and main is None:
        raise here.error("scale is missing; those under more are further ones: scale = [0.0, 150.0]")
    declared = CurveSpec(
        mnemonic=mnemonic,
        scales=() if main is None else (main, *more),
        unit=unit,
        printed=here.text("printed"),
        style=here.choice("style", STYLES, "solid"),
        width_px=width,
        colour=_colour(here),
        wraps=here.flag("wraps"),
        valid=valid,
    )
    return folded(declared)


def _colour(here: Fields) -> str | None:
    text = here.text("colour")
    if not text:
        return None
    colour = COLOURS.get(text.lower(), text)
    if not _COLOUR.fullmatch(colour):
        raise here.error(f'colour = "{text}": must be "#rrggbb" or one of {", ".join(COLOURS)}')
    return colour.lower()


def _scale(here: Fields, kind: ScaleKind, role: ScaleRole) -> ValueScale | None:
    """The scale of a table; None where it has none (its ink can be traced but has no values)."""
    if "scale" in here.data and "points" in here.data:
        raise here.error("give scale or points, not both")
    if "scale" in here.data:
        value = here.data["scale"]
        wrapped = Fields({"scale": [[0.0, v] for v in value]} if isinstance(value, list) else {}, here.place)
        anchors = wrapped.points("scale", infinite=True) if isinstance(value, list) else ()
        if len(anchors) != 2:
            raise here.error(f"scale must be [left, right], not {value!r}")
        anchors = ((0.0, anchors[0][1]), (1.0, anchors[1][1]))
    else:
        anchors = here.points("points", infinite=True)
    if not anchors and "points" not in here.data:
        if "kind" in here.data:
            raise here.error("kind without a scale; add scale = [left, right] or points")
        return None
    kind = here.choice("kind", KINDS, kind)
    role = here.choice("role", ROLES, role)
    style: Style | None = (
        here.choice("style", STYLES, "solid") if role != "main" and "style" in here.data else None
    )
    depths = here.pair("depths")
    if depths is not None and depths[0] >= depths[1]:
        raise here.error(f"depths = [{depths[0]:g}, {depths[1]:g}]: the first must be less than the last")
    return ValueScale(_anchors(here, anchors, kind), kind, role, style, depths)


def _anchors(
    here: Fields, anchors: tuple[tuple[float, float], ...], kind: ScaleKind
) -> tuple[tuple[float, float], ...]:
    """Anchors that a scale of this kind can have.

    A hyperbolic scale is linear in 1/value. Its end of zero conductivity is infinite resistivity, printed
    as infinity or as 0 (1/0 has no place on paper, so a 0 there can mean nothing else): both become inf.
    """
    shown = ", ".join(f"{value:g}" for _, value in anchors)
    if len(anchors) < 2:
        raise here.error(f"points needs two or more [u, value], has {len(anchors)}")
    if any(b[0] <= a[0] for a, b in pairwise(anchors)):
        raise here.error("points: u must increase from one point to the next (0 left edge, 1 right edge)")
    values = [value for _, value in anchors]
    if kind == "hyperbolic":
        ends = [math.inf if v == 0 and k in (0, len(values) - 1) else v for k, v in enumerate(values)]
        if any(v == 0 for v in ends) or min(ends) * max(ends) < 0 or any(math.isinf(v) for v in ends[1:-1]):
            raise here.error(f"scale {shown}: a hyperbolic scale is positive; only one end may be 0 or inf")
        values, order = ends, [1 / v for v in ends]
    elif any(math.isinf(v) for v in values):
        raise here.error(f"scale {shown}: only a hyperbolic scale may end in inf")
    elif kind == "log":
        if any(v <= 0 for v in values):
            raise here.error(f"scale {shown}: a log scale must be positive at both ends, as in [0.2, 2000]")
        order = values
    else:
        order = values
    if order[0] == order[-1]:
        raise here.error(f"scale {shown}: both ends have the same value")
    rising = [b > a for a, b in pairwise(order)]
    if any(b == a for a, b in pairwise(order)) or len(set(rising)) > 1:
        raise here.error(f"scale {shown}: values must rise or fall all the way across the track")
    return tuple((u, v) for (u, _), v in zip(anchors, values, strict=True))


def write_curve(curve: CurveSpec) -> Table:
    """The [[section.track.curve]] table that ``read_curve`` reads back equal."""
    table = tomlkit.table()
    table["mnemonic"] = curve.mnemonic
    for key, text in (("printed", curve.printed), ("unit", curve.unit)):
        if text:
            table[key] = text
    table["style"] = curve.style
    if curve.width_px is not None:
        table["width_px"] = curve.width_px
    if curve.colour is not None:
        table["colour"] = curve.colour
    if curve.scales:
        _write_scale(table, curve.scales[0])
    if curve.wraps:
        table["wraps"] = True
    if curve.valid is not None:
        table["valid"] = list(curve.valid)
    more = tomlkit.aot()
    for scale in curve.scales[1:]:
        inner = tomlkit.table()
        _write_scale(inner, scale)
        inner["role"] = scale.role
        if scale.style is not None:
            inner["style"] = scale.style
        more.append(inner)
    if len(curve.scales) > 1:
        table["more"] = more
    return table


def _write_scale(table: Table, scale: ValueScale) -> None:
    if [u for u, _ in scale.anchors] == [0.0, 1.0]:
        table["scale"] = [value for _, value in scale.anchors]
    else:
        table["points"] = [list(anchor) for anchor in scale.anchors]
    table["kind"] = scale.kind
    if scale.depths is not None:
        table["depths"] = list(scale.depths)


def parse_curve(text: str) -> tuple[int, CurveSpec]:
    """The value of ``--curve``: a mnemonic, then ``key=value`` words; texts with blanks in quotes.

    Returns:
        The number of the track, from 1, and the curve.

    Raises:
        LayoutError: quoting the text and showing the right form.

    >>> track, curve = parse_curve("GR track=1 style=solid scale=0:150 unit=GAPI")
    >>> track, curve.mnemonic, curve.scales[0].anchors
    (1, 'GR', ((0.0, 0.0), (1.0, 150.0)))
    """
    here = Fields({}, f"--curve {text!r}")
    try:
        words = shlex.split(text)
    except ValueError:
        raise here.error(f"a quote is not closed; write {_FORM}") from None
    if not words or "=" in words[0]:
        raise here.error(f"must begin with a mnemonic; write {_FORM}")
    options: dict[str, str] = {}
    for word in words[1:]:
        key, equals, value = word.partition("=")
        if not equals or not value:
            raise here.error(f"{word!r} is not key=value; write {_FORM}")
        if key in options:
            raise here.error(f"{key} is given twice")
        options[key] = value
    Fields(options, here.place).only(*_OPTION_KEYS)
    if not options.get("track", "").isdecimal() or int(options["track"]) < 1:
        raise here.error(f"track= must name a track, 1 being the leftmost; write {_FORM}")
    data: dict[str, Any] = {"mnemonic": words[0]}
    data |= {key: options[key] for key in ("style", "kind", "unit", "colour", "printed") if key in options}
    for key in ("scale", "valid"):
        if key in options:
            data[key] = _numbers(here, key, options[key], 2)
    if "points" in options:
        data["points"] = [_numbers(here, "points", pair, 2) for pair in options["points"].split(",")]
    if "width" in options:
        data["width_px"] = _numbers(here, "width", options["width"], 1)[0]
    if "wraps" in options:
        if options["wraps"] not in ("true", "false"):
            raise here.error(f"wraps={options['wraps']}: must be true or false")
        data["wraps"] = options["wraps"] == "true"
    return int(options["track"]), _curve(Fields(data, here.place))


def _numbers(here: Fields, key: str, text: str, count: int) -> Sequence[float]:
    parts = text.split(":")
    try:
        values = [float(part) for part in parts]
    except ValueError:
        values = []
    if len(values) != count or any(math.isnan(v) for v in values):
        forms = {"scale": "scale=0:150", "valid": "valid=255:1100", "width": "width=3"}
        raise here.error(f"{key}={text} is not understood; use {forms.get(key, 'points=0:10,1:60')}")
    return values


def parse_depth(text: str) -> tuple[float, float]:
    """The value of ``--depth``: ``ROW=DEPTH``.

    Raises:
        LayoutError: quoting the text and showing the right form.

    >>> parse_depth("2573.7=250")
    (2573.7, 250.0)
    """
    row, _, depth = text.partition("=")
    try:
        pair = float(row), float(depth)
    except ValueError:
        pair = (math.nan, math.nan)
    if not (math.isfinite(pair[0]) and math.isfinite(pair[1])):
        raise LayoutError(f"--depth {text!r}: must be ROW=DEPTH, a row of the scan and its depth: 2573.7=250")
    return pair
