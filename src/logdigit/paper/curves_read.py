"""Curves as a scale block declares them: name, unit, scale, style, colour."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import replace

from logdigit.paper.about import lost_its_own, named_by_next, texts_over
from logdigit.paper.above import with_strokes_above
from logdigit.paper.axes import with_axes
from logdigit.paper.meant import READ, as_meant
from logdigit.paper.meetings import meetings
from logdigit.paper.mnemonics import abbreviation, measurement_in, measurement_of
from logdigit.paper.naming import (
    LEAST_API,
    in_porosity,
    printed_mnemonic,
    unit_about,
    unknown_name,
    usual_unit,
)
from logdigit.paper.numbers import Number, lines_of_numbers, name_in, pointed
from logdigit.paper.oneend import rows_and_ends
from logdigit.paper.powers import with_powers
from logdigit.paper.readcurve import Block, ReadCurve
from logdigit.paper.readings import in_unit
from logdigit.paper.relative import relative_scales
from logdigit.paper.samples import Sample, sample_in
from logdigit.paper.scalerow import ScaleRow
from logdigit.paper.scales import round_scale, sound_scale
from logdigit.paper.seams import Ruled, Seam, rulers_of
from logdigit.paper.text import Word
from logdigit.paper.together import (
    goes_on,
    names_again,
    on_row,
    one_each,
    with_lost_minus,
)
from logdigit.paper.units import without_unit
from logdigit.types import Box, CurveSpec, Origin, ScaleKind, Strip, ValueScale

_APART = 0.2
"""Share of the strip's width by which two scale blocks stand apart, at least."""
_SAME_DECADES = 0.02
_USUAL_DECADES = (
    (0.2, 20.0),
    (0.2, 200.0),
    (0.2, 2000.0),
    (2.0, 2000.0),
    (0.1, 1000.0),
    (1.0, 1000.0),
    (1.0, 100.0),
)
_ANY_POROSITY, _PORE = "PORO", ("PU", "%", "V/V")
"""What a porosity is that nothing but its unit names: POROSITY % below NPHI."""
_TO_LESS_THAN_NONE = ((45.0, 15.0), (30.0, 10.0), (0.45, 0.15), (0.3, 0.1))
"""Scales of porosity without the minus of their right number."""
_ANY_SPAN = ("DEGF", "DEGC")
"""Units in which scales begin and end at any ten: 80 to 190."""
_ABOVE = 0.1
"""Share of the strip's width above the first scale up to which curves without one are named."""


def read_block(
    strip: Strip,
    words: Sequence[Word],
    log: Sequence[Ruled],
    beside: float,
) -> Block:
    """Curves of the tracks of a log.

    Args:
        strip: the scan, on which the strokes are looked at.
        words: print of the block.
        log: the tracks where the block stands.
        beside: first or last row of the log; of two blocks, the one nearer to it counts.
    """
    curves: list[ReadCurve] = []
    left_out: list[str] = []
    words = pointed(words)
    lines = lines_of_numbers(words)
    met = [() if tracks.seams else meetings(lines, tracks, words) for tracks in log]
    log = [replace(t, seams=t.seams or seams) for t, seams in zip(log, met, strict=True)]
    found = [_rows_over(strip, lines, words, tracks, beside) for tracks in log]
    sound = [
        row.y
        for rows in found
        for row in rows
        if any(sound_scale(values) for values in (row.values, *row.otherwise))
    ]
    first, last = _nearest(sound, beside, _APART * strip.width)
    wrong = _spanned(met, [row for rows in found for row in rows], first, last)
    log = [replace(t, seams=tuple(s for s in t.seams if s not in wrong)) for t in log]
    for rows, tracks in zip(found, log, strict=True):
        rows = [row for row in rows if first - row.height / 2 <= row.y <= last + row.height / 2]
        unread: list[tuple[ScaleRow, list[Word], str]] = []
        about = named_by_next(rows, [texts_over(row, rows, tracks, words, beside) for row in rows])
        for row, texts in zip(rows, about, strict=True):
            if lost_its_own(row, texts, words):
                continue  # of backups that follow, none is the curve's scale
            logarithmic = any(
                t.logarithmic and t.left <= row.left and row.right <= t.right for t in tracks.tracks_at(row.y)
            )
            read = _curve(strip, words, _on_decades(row, tracks), texts, logarithmic)
            if isinstance(read, ReadCurve):
                curves.append(read)
                continue
            again = goes_on(curves, row) if not texts else None
            if again is not None:
                curves.append(on_row(again, row, _own_sample(strip, row, words)))
            elif read:
                unread.append((row, texts, read))
        for row, texts, why in unread:  # 150 to 300 is no gamma ray, but that of 0 to 150 once more
            again = names_again(curves, row, texts)
            if again is not None:
                curves.append(on_row(again, row, _own_sample(strip, row, words)))
            else:
                left_out.append(why)
    curves += relative_scales(strip, words, log, curves)
    named = [with_lost_minus(c) for c in one_each(with_strokes_above(strip, words, curves))]
    bare = _bare(words, [(t.left, t.right) for t in log], named, strip.width)
    left_out += [f"{b.curve.mnemonic} ({b.curve.printed!r}): no scale can be read for it" for b in bare]
    return Block(tuple(named), tuple(dict.fromkeys(left_out)), tuple(bare), tuple(t.cuts for t in log))


def _spanned(met: Sequence[Sequence[Seam]], rows: Sequence[ScaleRow], first: float, last: float) -> set[Seam]:
    """Seams of numbers that meet outside the rows of the scales, and that one of these spans: of remarks."""
    near = [row for row in rows if first <= row.y <= last]
    far = {s for seams in met for s in seams if s.top > last or s.bottom < first}
    return {s for s in far if any(row.left < s.x < row.right for row in near)}


def _rows_over(
    strip: Strip, lines: Sequence[list[Number]], words: Sequence[Word], tracks: Ruled, beside: float
) -> list[ScaleRow]:
    """Scales that stand over tracks: by numbers at edges, divisions and ticks, and by powers of ten."""
    rows = [row for line in lines for row in rows_and_ends(line, tracks)] + rulers_of(lines, tracks)
    return with_powers(with_axes(strip, rows, lines, tracks, beside), words, tracks)


def _own_sample(strip: Strip, row: ScaleRow, words: Sequence[Word]) -> Sample | None:
    """The stroke that is drawn with a row of numbers; None where there is none but what may be a frame."""
    sample = sample_in(strip, _sample_box(row), words)
    return None if sample is None or sample.framed else sample


def _on_decades(row: ScaleRow, tracks: Ruled) -> ScaleRow:
    """A row over a logarithmic grid; where the grid has other decades, with the usual numbers for so many."""
    known = tracks.decades(row.left, row.right)
    low, high = row.values
    if known is None or min(low, high) <= 0 or high / low < 10 or row.told:
        return row
    told = math.log10(high / low)
    if abs(told - known) < _SAME_DECADES or abs(told - round(told)) > _SAME_DECADES:
        return row
    usual = [pair for pair in ((high / 10**known, high), (low, low * 10**known)) if pair in _USUAL_DECADES]
    return replace(row, values=usual[0], sure=0.6 * row.sure) if len(usual) == 1 else row


def _nearest(rows: Sequence[float], beside: float, apart: float) -> tuple[float, float]:
    """First and last of rows in groups that stand apart, of the group nearest to a row."""
    groups: list[list[float]] = []
    for row in sorted(rows):
        if groups and row - groups[-1][-1] <= apart:
            groups[-1].append(row)
        else:
            groups.append([row])
    near = min(groups, key=lambda g: min(abs(r - beside) for r in g), default=[beside])
    return near[0], near[-1]


def _bare(
    words: Sequence[Word], edges: Sequence[tuple[float, float]], curves: Sequence[ReadCurve], width: int
) -> list[ReadCurve]:
    """Measurements named over a track to which no scale was found."""
    known = {m.mnemonic for c in curves if (m := measurement_of(c.curve.printed)) is not None}
    known |= {c.curve.mnemonic for c in curves}
    if any(c.curve.unit in _PORE for c in curves):
        known.add(_ANY_POROSITY)
    out = []
    top = min((c.y for c in curves), default=max((w.y for w in words), default=0.0)) - _ABOVE * width
    for word in words:
        close = len(word.text) < 40 and word.y > top and "_" not in word.text  # a file is no curve
        measurement = measurement_of(without_unit(word.text)) if close else None
        over = next((edge for edge in edges if edge[0] < word.x < edge[1]), None)
        if measurement is not None and over is not None and measurement.mnemonic not in known:
            known.add(measurement.mnemonic)
            curve = CurveSpec(measurement.mnemonic, (), printed=name_in(word.text))
            out.append(ReadCurve(*over, curve, word.y, {"mnemonic": ("read", round(word.confidence, 2))}))
    return out


def _curve(
    strip: Strip, words: Sequence[Word], row: ScaleRow, texts: Sequence[Word], logarithmic: bool
) -> ReadCurve | str:
    """The curve of a scale; or what cannot be used of it, in words (empty where it is no curve at all)."""
    if row.values in _TO_LESS_THAN_NONE and not row.told:  # no log has these: the thin minus was lost
        row = replace(row, values=(row.values[0], -row.values[1]), sure=0.6 * row.sure)
    named = [
        (w, in_porosity(row, w, texts, words, m))
        for w in texts
        if (m := measurement_of(without_unit(w.text))) is not None
    ]
    shown = " ".join(w.text for w in texts[:2])
    values = f"{row.values[0]:g} to {row.values[1]:g}"
    if not named:
        named = [
            (w, m) for w in texts if (m := measurement_in(w.text)) is not None and in_unit(m, row.values)
        ]
    if not named:
        unknown = _unknown(strip, words, row, texts, logarithmic)
        return unknown or (f"{shown!r} ({values}): not a name that is known" if shown else "")
    read, fitting, assumed = as_meant(row, named)
    if not fitting or (row.edges is not None and read.values != row.values):
        return f"{named[0][1].mnemonic} ({named[0][0].text!r}): its readings cannot be {values}"
    row, values = read, f"{read.values[0]:g} to {read.values[1]:g}"
    word, measurement = min(fitting, key=lambda pair: pair[1].mnemonic == _ANY_POROSITY)
    printed_unit = unit_about(row, word, texts, words, measurement)
    usual = usual_unit(measurement, row.values, words)
    if not printed_unit and not usual:
        return f"{measurement.mnemonic} ({word.text!r}): {values} in what unit cannot be read"
    if (printed_unit or usual) == "GAPI" and max(row.values) < LEAST_API:
        return f"{measurement.mnemonic} ({word.text!r}): {values} API units have lost a digit"
    # 0.2 to 2000 is logarithmic whatever resistivity it is
    ohms = measurement.unit == "OHMM" and not round_scale(row.values, "linear")
    kind = _kind(row, "log" if ohms else measurement.kind, logarithmic)
    sound = round_scale(row.values, kind, row.told or measurement.unit in _ANY_SPAN)
    if not sound or (measurement.unit == "OHMM" and kind == "linear" and _of_two(row)):
        return f"{measurement.mnemonic} ({word.text!r}): {values} is no scale that a log has; misread"
    mnemonic = printed_mnemonic(word.text) or abbreviation(word.text, measurement) or measurement.mnemonic
    customary = set(measurement.scale) == set(row.values)
    sure = round(min(0.97, row.sure * (0.97 if customary or row.told else 0.9)), 2)
    by_name = measurement_of(without_unit(word.text)) is not None
    origins: dict[str, tuple[Origin, float]] = {
        "mnemonic": ("read", round(word.confidence, 2)) if by_name else ("assumed", 0.6),
        "scale": ("assumed", 0.5) if assumed else ("read", sure),
        "unit": ("read", 0.9) if printed_unit else ("assumed", 0.6),
        "kind": ("read", 0.9) if row.told or logarithmic or kind == "linear" else ("assumed", 0.6),
    }
    return _drawn(strip, words, row, word, mnemonic, printed_unit or usual, kind, origins)


def _of_two(row: ScaleRow) -> bool:
    """Whether the ends of a row are of two scales: 2 of a resistivity, 2.95 of the density beside it.

    A linear scale of a resistivity begins with nought, or goes on from one that does.
    """
    span = abs(row.values[1] - row.values[0])
    return not row.told and 0 not in row.values and not round_scale((span, span), "log")


def _unknown(
    strip: Strip, words: Sequence[Word], row: ScaleRow, texts: Sequence[Word], logarithmic: bool
) -> ReadCurve | None:
    """A curve that the table does not know, by its printed name and unit, if it is sure that it is one.

    What is read unsurely is one only where its scale bears itself out, as whole decades of a resistivity do.
    """
    known = unknown_name(row, texts, words)
    if known is None:
        return None
    word, mnemonic, unit = known
    if unit == "OHMM" and min(row.values) < 0:  # the dash of a stroke before a number
        row = replace(row, values=(abs(row.values[0]), abs(row.values[1])), sure=0.8 * row.sure)
    kind = _kind(row, "log" if unit == "OHMM" else "linear", logarithmic)
    sure = row.sure >= READ or row.told or (unit == "OHMM" and kind == "log")
    if not sure or not round_scale(row.values, kind, row.told):
        return None
    origins: dict[str, tuple[Origin, float]] = {
        "mnemonic": ("assumed", 0.6),
        "scale": ("read", round(0.9 * row.sure, 2)),
        "unit": ("read", 0.9),
        "kind": ("read", 0.9) if row.told or logarithmic or kind == "linear" else ("assumed", 0.6),
    }
    read = _drawn(strip, words, row, word, mnemonic, unit, kind, origins)
    # where its abbreviation is printed too, the stroke may be too thin to be seen
    return read if read.origins["style"][0] == "read" or printed_mnemonic(word.text) else None


def _drawn(
    strip: Strip,
    words: Sequence[Word],
    row: ScaleRow,
    name: Word,
    mnemonic: str,
    unit: str,
    kind: ScaleKind,
    origins: dict[str, tuple[Origin, float]],
) -> ReadCurve:
    """A curve with the style and colour of the stroke that is drawn in the block."""
    axis = row.edges is not None or name.y > row.y + row.height / 2  # has ticks, and no stroke
    sample = None if axis else sample_in(strip, _sample_box(row, name), words)
    ends = row.edges or row.values
    curve = CurveSpec(
        mnemonic=mnemonic,
        scales=(ValueScale(((0.0, ends[0] + 0.0), (1.0, ends[1] + 0.0)), kind),),  # no -0
        unit=unit,
        printed=name_in(name.text, row.values),
        style="solid" if sample is None else sample.style,
        width_px=None if sample is None else sample.width,
        colour=None if sample is None else sample.colour,
    )
    style: tuple[Origin, float] = ("read", sample.sure) if sample is not None else ("assumed", 0.3)
    return ReadCurve(row.left, row.right, curve, row.y, {**origins, "style": style})


def _kind(row: ScaleRow, usual: ScaleKind, logarithmic: bool) -> ScaleKind:
    """Linear or log: by inner numbers, by the grid, by how far the values are apart."""
    low, high = min(row.values), max(row.values)
    if row.told:
        return row.kind
    wide = low > 0 and high / low >= 10
    if wide and (logarithmic or (usual == "log" and high / low >= 100)):
        return "log"
    return "linear"


def _sample_box(row: ScaleRow, name: Word | None = None) -> Box:
    """Where the stroke of a scale is drawn: from its name to just below its numbers, between its edges."""
    near = name is not None and abs(name.y - row.y) < 5 * row.height
    top = min(name.y, row.y) if name is not None and near else row.y - row.height
    inset = 0.02 * (row.right - row.left)
    return Box(
        max(0, round(top)),
        max(0, round(row.left + inset)),
        round(row.y + 1.35 * row.height),
        round(row.right - inset),
    )
