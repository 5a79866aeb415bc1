"""Which registered sections are believed: by the heading, by the trade, by one another."""

from __future__ import annotations

from collections.abc import Sequence

from logdigit.errors import RefusalError
from logdigit.paper.figures import MIN_CHAIN, Chain, due_of
from logdigit.paper.found import UNREADABLE
from logdigit.paper.foundsection import Found, FoundSection, repeats
from logdigit.paper.heading import ends_at, lost_digit
from logdigit.paper.nominal import Nominal, nominal_of
from logdigit.paper.text import Word
from logdigit.types import DepthUnit

_MANY = 12
"""Figures from which a section is believed by itself."""
_FAR = 3000.0
"""Depth units between two sections of one scale, from which one of few figures is doubted."""
_LOOSE = 0.08
"""Share by which the paper of one section is longer or shorter than that of the longest one, at most."""
_PAIR_LOOSE = 0.5
"""Share of a figure step by which a log of two figures ends off a depth of the heading, at most."""
_JOINED = 0.5
"""Share of a figure step by which depths go on off those of the section above or below, at most."""
_PAIR_SURE, _PAIR_SCALE, _PAIR_WHOLE = 0.95, 0.02, 0.1
"""How sure each of the only two figures of a log is at least, if nothing else vouches for them; share by
which its paper differs from a customary scale at most; and share of a line by which their distance is no
whole number of lines."""
_PLAIN, _EVEN_PX, _READ = 0.8, 4.0, 0.85
"""How sure the figures of a plot are at least; rows by which they stand unevenly beside its lines, rms; and
share of those due that are read."""
_UNREAD = 1.0
"""Rows of log without depth, as multiple of those with it, from which a strip is not taken for read."""


def enough(sections: Sequence[FoundSection], refused: Sequence[tuple[int, int, str]], width: int) -> None:
    """Refuse a strip of which most cannot be registered: what can is not the log.

    Raises:
        RefusalError: naming the longest stretch without depth.
    """
    largest = max(section.px_per_unit for section in sections)
    known = sum(s.bottom - s.top for s in sections if s.px_per_unit > 0.8 * largest)
    blank = [item for item in refused if item[2] == UNREADABLE and item[1] - item[0] > 3 * width]
    if sum(bottom - top for top, bottom, _ in blank) > _UNREAD * known:
        top, bottom, reason = max(blank, key=lambda item: item[1] - item[0])
        raise RefusalError(
            f"rows {top} to {bottom} (and more, longer than all that can be registered): {reason}; "
            "give --depth ROW=DEPTH twice and --depth-unit"
        )


def believed(
    found: Found, unit: DepthUnit, paper: tuple[float, float], words: Sequence[Word], depth_add: float
) -> tuple[list[FoundSection], tuple[tuple[int, int, str], ...]]:
    """Sections that agree with the heading, with the usual depth scales and with one another; the others."""
    kept: list[FoundSection] = []
    refused = list(found.refused)
    # lines may run on below the log: what was printed counts
    deepest = max(
        s.registered.ticks[-1][1] if s.chain is None else s.chain.depths[-1] for s in found.sections
    )
    lost = None if depth_add else lost_digit(deepest, words)
    longest = max(found.sections, key=lambda s: s.bottom - s.top)
    for section in found.sections:
        if section.chain is None:
            kept.append(section)  # the depths were given
            continue
        reason = ""
        first, last = section.registered.ticks[0][1], section.registered.ticks[-1][1]
        nominal = nominal_of(section.px_per_unit, paper, unit)
        if lost is not None:
            reason = f"figures reach {deepest:g}, the heading {deepest + lost:g}: give --depth-add {lost:g}"
        elif nominal is None and _plotted(section, section.chain):
            pass  # plots have any scale
        elif nominal is None:
            reason = (
                f"figures {first:g} to {last:g} would make {100 * section.px_per_unit / paper[1]:.2f} "
                f"inches a 100 {unit.lower()}, which no log has: give --depth, --depth-unit or --dpi"
            )
        elif len(section.chain.figures) < MIN_CHAIN and not (
            ends_at((first, last), _PAIR_LOOSE * section.chain.step, words)
            or _plain_pair(section, section.chain, nominal, paper)
            or repeats(section, found.sections)
        ):
            said = " and ".join(f"{depth:g}" for depth in section.chain.depths)
            reason = (
                f"only two depth figures can be read, {said}, and neither the heading says that the log "
                "goes there nor are figures and lines plain enough: give --depth ROW=DEPTH twice"
            )
        elif section is not longest and _out_of_scale(section, nominal, paper):
            inches = 100 * section.px_per_unit / paper[1]
            reason = (
                f"figures {first:g} to {last:g} would make {inches:.2f} inches a 100 {unit.lower()}, "
                f"where the scale of the log makes {nominal.inches:g}: give --depth"
            )
        elif nominal.detail and not _vouched(section, found.sections):
            reason = (
                f"figures {first:g} to {last:g} would make {nominal.name}, the scale of a detail log, and no "
                "other section holds these depths; digits may be lost: give --depth"
            )
        elif not depth_add and _stray(section, found.sections):
            reason = (
                f"figures {first:g} to {last:g} have lost a digit beside those of the other sections: "
                "give --depth-add 10000 with --sections"
            )
        elif not depth_add and _far_off(section, found.sections) and not _goes_on(section, found.sections):
            reason = (
                f"figures {first:g} to {last:g} are few, far from those of another section of this scale: "
                "digits may be lost; give --depth ROW=DEPTH twice, or --depth-add with --sections"
            )
        if reason:
            refused.append((section.top, section.bottom, reason))
        else:
            kept.append(section)
    return kept, tuple(refused)


def _plotted(section: FoundSection, chain: Chain) -> bool:
    """Whether a section is a plot, the figures of its axis plain and evenly spaced, hardly one missing."""
    whole = [figure for figure in chain.figures if figure.value >= 100]
    return (
        len(whole) >= MIN_CHAIN
        and all(track.plotted for track in section.tracks)
        and bool(section.tracks)
        and len(chain.figures) >= _READ * due_of(chain)
        and min(figure.weight for figure in whole) >= _PLAIN
        and min(figure.digits for figure in whole) >= MIN_CHAIN
        and section.registered.rms <= _EVEN_PX
    )


def _plain_pair(section: FoundSection, chain: Chain, nominal: Nominal, paper: tuple[float, float]) -> bool:
    """Whether two figures are believed alone: plain, as far apart as scale and lines say, none missing."""
    (above, _), (below, _) = section.registered.ticks[0], section.registered.ticks[-1]
    rows, lines = chain.rows, section.registered.line_unit
    step = float(rows[-1] - rows[0])
    counted = step / (lines * section.px_per_unit) if lines else 0.5
    share = 100 * section.px_per_unit / paper[1] / nominal.inches
    return (
        min(figure.weight for figure in chain.figures) >= _PAIR_SURE
        and min(figure.digits for figure in chain.figures) >= MIN_CHAIN
        and abs(share - 1) < _PAIR_SCALE
        and abs(counted - round(counted)) < _PAIR_WHOLE
        and bool(section.tracks)
        and max(rows[0] - above, below - rows[-1]) < step
    )


def _out_of_scale(section: FoundSection, nominal: Nominal, paper: tuple[float, float]) -> bool:
    """Whether a section of few figures makes paper longer or shorter than the longest section does."""
    share = 100 * section.px_per_unit / paper[1] / nominal.inches
    return section.chain is not None and len(section.chain.figures) < _MANY and abs(share - 1) > _LOOSE


def _far_off(section: FoundSection, sections: Sequence[FoundSection]) -> bool:
    """Whether a section of few figures lies thousands of feet from another one at the same depth scale."""
    if section.chain is None or len(section.chain.figures) >= _MANY:
        return False
    first, last = section.registered.ticks[0][1], section.registered.ticks[-1][1]
    for other in sections:
        a, b = other.registered.ticks[0][1], other.registered.ticks[-1][1]
        alike = abs(other.px_per_unit / section.px_per_unit - 1) < 2 * _LOOSE
        if other is not section and alike and max(a - last, first - b) > _FAR:
            return True
    return False


def _goes_on(section: FoundSection, sections: Sequence[FoundSection]) -> bool:
    """Whether depths go on from a section above that is believed by itself, or into such a one below."""
    step = 0.0 if section.chain is None else section.chain.step
    for other in (s for s in sections if s.chain is None or len(s.chain.figures) >= _MANY):
        upper, lower = sorted((section, other), key=lambda s: s.registered.ticks[0][0])
        (above, last), (below, first) = upper.registered.ticks[-1], lower.registered.ticks[0]
        between = (below - above) / other.px_per_unit
        if (
            other is not section
            and abs(other.px_per_unit / section.px_per_unit - 1) < _LOOSE
            and -step < between < other.registered.ticks[-1][1] - other.registered.ticks[0][1]
            and abs(first - last - between) < max(_LOOSE * between, _JOINED * step)
        ):
            return True
    return False


def _stray(section: FoundSection, sections: Sequence[FoundSection]) -> bool:
    """Whether a section lies outside all others, but inside one of them with 10,000 more."""
    first, last = section.registered.ticks[0][1], section.registered.ticks[-1][1]
    others = [s for s in sections if s is not section]
    ranges = [(s.registered.ticks[0][1], s.registered.ticks[-1][1]) for s in others]
    apart = all(last < a - 500 or first > b + 500 for a, b in ranges)
    inside = any(a - 200 <= first + 10000 and last + 10000 <= b + 200 for a, b in ranges)
    return apart and inside


def _vouched(section: FoundSection, sections: Sequence[FoundSection]) -> bool:
    """Whether a section at half the depth scale or less holds most of these depths."""
    first, last = section.registered.ticks[0][1], section.registered.ticks[-1][1]
    for other in sections:
        a, b = other.registered.ticks[0][1], other.registered.ticks[-1][1]
        if other.px_per_unit < 0.6 * section.px_per_unit and min(b, last) - max(a, first) > 0.5 * (
            last - first
        ):
            return True
    return False
