"""Lines for the ~Other section of a LAS file."""

from __future__ import annotations

from logdigit.types import Digitised


def notes(result: Digitised) -> list[str]:
    """Lines for the ~Other section: what made this file, and what a person should know of it."""
    p = result.provenance
    lines = [f"Digitised by logdigit {p.version} from {p.options['scans']}"]
    lines += [f"Input sha256 {digest}" for digest in p.input_sha256]
    lines += [f"Weights sha256 {p.weights_sha256}"]
    for finding in result.findings:
        where = (
            f" {finding.top:g} to {finding.base:g}"
            if finding.top is not None and finding.base is not None
            else ""
        )
        lines.append(f"{finding.kind}: {finding.curve}{where}: {finding.message}")
    return lines
