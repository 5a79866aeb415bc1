"""Units as they are printed, and as a LAS file spells them."""

from __future__ import annotations

import re

_UNITS: tuple[tuple[str, str], ...] = (
    (
        r"API-?GR|\b[GQ6]AP[IL1|]\b|\bA\.?P\.?I\b\.?(?:[ /.]*(?:(?:GAMMA RAY )?UNITS?|CD))?|GAMMA RAY UNITS",
        "GAPI",
    ),
    (r"UG(?:R)?\.? ?RA|MICROGRAMS?|UGRA|RADIUM", "UGRA/T"),
    (r"US/F(?:T)?|USEC/F(?:T)?|µS/F|MICRO ?SEC(?:ONDS?)?(?: ?/ ?| PER )F(?:OO)?T|MICROSECONDS", "US/F"),
    (r"US/M", "US/M"),
    (r"MMH[OA0](?:S)?(?:[ /.-]*M)?|MILLIMHOS|\bMM/M\b", "MMHO"),
    (r"\bMS/M\b", "MS/M"),
    (
        r"[O0]HM?[ .\-/]*M(?:2/M|ETERS?|\b)?|OHMM|OHMS?[ .\-]*M|\b[CQ]HM[ .\-/]*M\b|\b[O0]BM[ .\-/]*M\b",
        "OHMM",
    ),
    (r"MIL+I?VOLTS?|\bMV\b", "MV"),
    (r"G(?:M|RAMS?)?S?[ .]*/ ?C(?:C|M3|\.C\.)|G/C3|GRAMS ?/? ?CC|GR/CC", "G/CC"),
    (r"KG/M3", "K/M3"),
    (r"BARNS?/E|B/E", "B/E"),
    (r"\bP\.?U\.?\b|POROSITY UNITS", "PU"),
    (r"PERCENT|%|DECP|\bPCT\b", "%"),
    (r"V/V|DECIMAL|CFCF", "V/V"),
    (r"INCH(?:ES)?|\bIN\b", "IN"),
    (r"\bLBF?S?\b|POUNDS", "LBF"),
    (r"CTS/S|COUNTS?/SEC(?:OND)?|COUNTS PER SEC|\bCPS\b", "CPS"),
    (r"DEG\.? ?F|°F", "DEGF"),
    (r"DEG\.? ?C|°C", "DEGC"),
    (r"FT/HR|F/HR|FEET/HOUR|FPH", "F/HR"),
    (r"MM\b", "MM"),
)


def unit_of(printed: str) -> str:
    """The unit that a printed text names, as a LAS file spells it; empty for none.

    >>> unit_of("Delta Time (usec/ft)"), unit_of("HOLE DIAM. IN INCHES"), unit_of("GR (gAPl)")
    ('US/F', 'IN', 'GAPI')
    """
    text = printed.upper()
    for pattern, unit in _UNITS:
        if re.search(pattern, text):
            return unit
    return ""


def less_unit(printed: str) -> str:
    """A printed text in capitals, less the unit that it names; all of it where it names none.

    >>> less_unit("SR (MILVOLTS)"), less_unit("Caliper")
    ('SR ()', 'CALIPER')
    """
    text = printed.upper()
    pattern = next((pattern for pattern, _ in _UNITS if re.search(pattern, text)), "")
    return re.sub(pattern, "", text)


def without_unit(printed: str) -> str:
    """A printed text less a unit that is called like a measurement: API gamma ray units.

    >>> without_unit("API-GR"), without_unit("Gamma Ray (GAPI)")
    ('', 'GAMMA RAY ()')
    """
    return re.sub(_UNITS[0][0], "", printed.upper())
