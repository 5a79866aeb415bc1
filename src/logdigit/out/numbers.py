"""Numbers as text, the same in every file: depths exact, values in plain decimals, text in ASCII."""

from __future__ import annotations

import math
import unicodedata
from decimal import Decimal

import numpy as np

from logdigit.types import Float, WellLog

VALUE_DIGITS = 7
"""Significant digits of a value: a hundred times finer than a pixel of a 10,000 px wide track."""
NULL_VALUE = -999.25
"""The null value of every LAS file written; never a depth."""
MAX_DECIMALS = 6
"""Decimals of the finest depth step: 0.000001."""
OFF_STEP = 1e-6
"""How far a depth may lie from a whole multiple of the step, in steps: float noise, nothing more."""

_SIGNS = {
    **{"°": "deg", "º": "deg", "µ": "u", "μ": "u", "\u03a9": "ohm", "×": "x", "·": ".", "±": "+/-"},
    **{"–": "-", "—": "-", "‐": "-", "‑": "-", "−": "-", "‘": "'", "’": "'", "′": "'", "“": '"'},
    **{"”": '"', "″": '"', "…": "...", "ø": "o", "Ø": "O", "æ": "ae", "Æ": "AE", "ß": "ss", "ł": "l"},
    **{"½": " 1/2", "¼": " 1/4", "¾": " 3/4", "Ł": "L", "đ": "d", "Đ": "D", "£": "GBP", "€": "EUR"},
}
_ASCII = str.maketrans(_SIGNS)


def ascii_text(text: str) -> str:
    """One line of printable ASCII: signs spelled out, accents dropped, ``?`` for anything else.

    >>> ascii_text("Årdal – 60 °C, µs/ft, ρ")
    'Ardal - 60 degC, us/ft, ?'
    """
    plain = unicodedata.normalize("NFKD", unicodedata.normalize("NFC", text).translate(_ASCII))
    plain = "".join(c for c in plain if not unicodedata.combining(c))
    return " ".join("".join(c if " " <= c <= "~" else " " if c.isspace() else "?" for c in plain).split())


def check_index(log: WellLog) -> None:
    """Refuse a log whose depths are not consecutive whole multiples of its step.

    Raises:
        ValueError: naming the first depth that is wrong, or a curve of another length.
    """
    depth, step = log.depth, log.step
    if not (math.isfinite(step) and step > 0):
        raise ValueError(f"the depth step {step} is not a positive number")
    if -_exponent(step) > MAX_DECIMALS:
        raise ValueError(f"the depth step {step} has more than {MAX_DECIMALS} decimals")
    if depth.ndim != 1 or not depth.size:
        raise ValueError("the log has no depths")
    if not np.isfinite(depth).all():
        raise ValueError(f"depth {int(np.flatnonzero(~np.isfinite(depth))[0])} of the log is not finite")
    if (depth == NULL_VALUE).any():
        raise ValueError(f"the depth {NULL_VALUE} is the null value of LAS files")
    steps = np.round(depth / step)
    off = np.abs(depth / step - steps) > OFF_STEP
    if off.any():
        raise ValueError(f"depth {depth[off.argmax()]:.10g} is not a whole multiple of the step {step:g}")
    uneven = np.diff(steps) != 1
    if uneven.any():
        at = int(uneven.argmax())
        raise ValueError(f"depths {depth[at]:.10g} and {depth[at + 1]:.10g} are not one step {step:g} apart")
    for curve in log.curves:
        if curve.value.shape != depth.shape or curve.confidence.shape != depth.shape:
            raise ValueError(f"{curve.mnemonic} has {curve.value.size} values for {depth.size} depths")


def _exponent(step: float) -> int:
    """Power of ten of the last digit of a step: -1 for 0.5, 1 for 10."""
    exponent = Decimal(repr(float(step))).normalize().as_tuple().exponent
    return exponent if isinstance(exponent, int) else 0


def decimal_step(step: float) -> str:
    """The step, in as many decimals as it needs and at least one.

    >>> decimal_step(0.5), decimal_step(0.1524), decimal_step(2.0)
    ('0.5', '0.1524', '2.0')
    """
    return f"{Decimal(repr(float(step))):.{max(1, -_exponent(step))}f}"


def decimal_depths(depth: Float, step: float) -> list[str]:
    """Depths (N,) as exact decimals: whole multiples of the step, all with the same number of decimals.

    >>> decimal_depths(np.array([0.1 * 3, 0.1 * 4]), 0.1)
    ['0.3', '0.4']
    """
    unit, places = Decimal(repr(float(step))), max(1, -_exponent(step))
    return [f"{int(k) * unit:.{places}f}" for k in np.round(depth / step)]


def decimal_value(value: float) -> str | None:
    """A value in plain decimals, ``VALUE_DIGITS`` significant digits; None where it is not finite.

    >>> decimal_value(75.0), decimal_value(0.00012345), decimal_value(1 / 3), decimal_value(float("nan"))
    ('75.0', '0.00012345', '0.3333333', None)
    """
    if not math.isfinite(value):
        return None
    # exponents are legal in few readers; + 0.0 turns -0.0 into 0.0
    return np.format_float_positional(value + 0.0, precision=VALUE_DIGITS, fractional=False, trim="0")
