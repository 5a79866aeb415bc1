"""What a person should know of a curve before trusting it."""

from __future__ import annotations

from itertools import pairwise

import numpy as np

from logdigit.types import Curve, Finding

LONG_GAP = 10.0  # depth units without a value inside the logged interval


def findings_of(curve: Curve, step: float) -> list[Finding]:
    """Long gaps and low confidence of a curve, longest gap first.

    A gap at the beginning or the end is where the curve starts or stops, and no finding.
    """
    good = np.flatnonzero(np.isfinite(curve.value))
    findings = []
    for a, b in pairwise(good):
        if (b - a) * step > LONG_GAP:
            top, base = float(curve.depth[a]), float(curve.depth[b])
            findings.append(
                Finding("long gap", f"{base - top:g} without a reading", curve.mnemonic, top, base)
            )
    findings.sort(key=lambda f: (f.top or 0) - (f.base or 0))
    doubtful = float((curve.confidence[good] < 0.5).mean())
    if doubtful > 0.2:
        message = f"{100 * doubtful:.0f} % of the samples have a confidence below 0.5"
        findings.append(Finding("low confidence", message, curve.mnemonic))
    return findings
