"""What a scale is of: name, mnemonic and unit, from the print about its row of numbers.

The name stands on the line of the numbers or above it; the unit beside the name, or just below the numbers.
A name that the table does not know is taken as it is printed where its unit says what the readings are: a
mnemonic may be assumed, a unit may not.
"""

from __future__ import annotations

import re
from collections.abc import Sequence

from logdigit.paper.mnemonics import Measurement, is_piece, measurement_of, measurements
from logdigit.paper.readings import can_be_in, in_unit
from logdigit.paper.scalerow import ScaleRow
from logdigit.paper.text import Word
from logdigit.paper.units import unit_of

LEAST_API = 25.0
"""Highest value of a gamma ray scale in API units, at least."""
_BELOW = 2.3
"""Heights of print below the numbers in which their unit may stand."""
_LONGEST = 32
"""Letters of an abbreviation as LAS files have it, or of a name that is short enough to serve as one."""
_WORDS = 4
_PRINTED_MNEMONIC = re.compile(r"[(\[{]\s*([A-Za-z][A-Za-z0-9_]{1,7})\s*[)\]}]")
_ABBREVIATION = re.compile(r"[A-Z][A-Z0-9]{1,7}")
_NAME = re.compile(r"[A-Za-z][A-Za-z0-9 \-/.]*")


def printed_mnemonic(text: str) -> str:
    """The abbreviation printed in brackets behind a name, as in Tension (TENS); empty where there is none.

    >>> printed_mnemonic("Tension (TENS)"), printed_mnemonic("DEEP [m0r6]"), printed_mnemonic("GR (GAPI)")
    ('TENS', 'M0R6', '')
    >>> printed_mnemonic("INDUCTION (OUMY)"), printed_mnemonic("CONDUCTIVITY (NMHO)")  # units, misread
    ('', '')
    >>> printed_mnemonic("Capture (QCAP)"), printed_mnemonic("GAMMA RAY (QCAP)")
    ('QCAP', 'QCAP')
    """
    for match in _PRINTED_MNEMONIC.finditer(text):
        name = match.group(1).upper()
        before = text[: match.start()].strip()
        known = measurement_of(name) is not None
        new = len(name) >= 4 and not is_piece(name) and not _misread_unit(name, before)
        if not unit_of(name) and len(before) >= 4 and (known or new):
            return name
    return ""


def _misread_unit(text: str, before: str) -> bool:
    """Whether a text has as many letters as the unit of the measurement named before it, and half of them."""
    measurement = measurement_of(before)
    unit = "" if measurement is None else measurement.unit
    return len(text) == len(unit) and 2 * sum(map(str.__eq__, text, unit)) >= len(unit)


def unit_about(
    row: ScaleRow, name: Word, texts: Sequence[Word], words: Sequence[Word], of: Measurement | None
) -> str:
    """The unit printed for a scale: beside its name or below its numbers, else above; empty for none.

    Args:
        row: the numbers.
        name: of the curve.
        texts: words that may name the scale.
        words: print of the block.
        of: the measurement, whose readings must be able to be in that unit; None where it is not known.
    """
    height = row.height
    near = [w for w in texts if w.y > name.y - 0.6 * height]
    below = [w for w in words if row.left < w.x < row.right and 0.5 * height < w.y - row.y < _BELOW * height]
    below = [w for w in below if _only_unit(w.text)]
    rest = [w for w in texts if w not in near]
    below = sorted(below, key=lambda w: w.y)
    if of is not None:
        return next((u for w in (*near, *below, *rest) if (u := unit_of(w.text)) and can_be_in(of, u)), "")
    bracketed = re.findall(r"[(\[{]([^)\]}]+)", name.text)
    texts_of = [*(w.text for w in (*near, *below) if _only_unit(w.text)), *bracketed]
    return next((u for text in texts_of if (u := unit_of(text))), "")  # 60 IN DOI is no unit of inches


def in_porosity(
    row: ScaleRow, name: Word, texts: Sequence[Word], words: Sequence[Word], of: Measurement
) -> Measurement:
    """The measurement that a name means with this scale: a neutron curve in PU is one of porosity.

    Args:
        row: the numbers.
        name: of the curve.
        texts: words that may name the scale.
        words: print of the block.
        of: the measurement by its name alone.
    """
    other = next((m for m in measurements() if m.mnemonic == of.porosity), None)
    if other is None or unit_about(row, name, texts, words, of):
        return of
    told = unit_about(row, name, texts, words, other) or row.values[0] > 0 > row.values[1]
    return other if told else of


def _only_unit(text: str) -> bool:
    """Whether a word is a unit and nothing else: it is not the name of the next curve."""
    return len(text) <= 12 and bool(unit_of(text)) and measurement_of(text) is None


def usual_unit(measurement: Measurement, values: tuple[float, float], words: Sequence[Word]) -> str:
    """The unit of the table, where a scale can be in it; empty where it cannot.

    Porosity between -1 and 1 is not in percent; gamma ray up to 20 is in micrograms of radium, as old logs
    have it, if the block says so.
    """
    if measurement.unit == "PU" and max(abs(v) for v in values) <= 1.0:
        return "V/V"
    if measurement.unit == "GAPI" and max(abs(v) for v in values) < LEAST_API:
        radium = any(re.search(r"RADIUM|MICROGRAM|RA[ -]?EQ", w.text.upper()) for w in words)
        return "UGRA/T" if radium else ""
    return in_unit(measurement, values) or measurement.unit


def unknown_name(row: ScaleRow, texts: Sequence[Word], words: Sequence[Word]) -> tuple[Word, str, str] | None:
    """Word, mnemonic and unit of a scale whose name the table does not know; None where that is no name.

    Only what is printed like the name of a curve will do: an abbreviation, one in brackets, or a few words of
    letters; and only with a unit.
    """
    for word in texts:
        if word.confidence < 0.8 or _only_unit(word.text):
            continue
        mnemonic = printed_mnemonic(word.text) or _as_mnemonic(word.text)
        unit = unit_about(row, word, texts, words, None) if mnemonic else ""
        if mnemonic and unit and not is_piece(mnemonic):
            return word, mnemonic, unit
    return None


def _as_mnemonic(text: str) -> str:
    """A short printed name as a mnemonic; empty for anything else.

    >>> _as_mnemonic("QCAP (PSI)"), _as_mnemonic("Weight on Bit (klb)"), _as_mnemonic("1 of 3")
    ('QCAP', 'WEIGHT_ON_BIT', '')
    """
    plain = re.sub(r"[(\[{][^)\]}]*[)\]}]?", " ", text).strip(" .:-_=")
    if _ABBREVIATION.fullmatch(plain) and not unit_of(plain):
        return plain
    parts = plain.split()
    letters = sum(c.isalpha() for c in plain)
    if not _NAME.fullmatch(plain) or len(plain) > _LONGEST or len(parts) > _WORDS or letters < 4:
        return ""
    if letters < 0.7 * len(plain.replace(" ", "")):
        return ""
    return re.sub(r"[^A-Z0-9]+", "_", plain.upper()).strip("_")
