"""Tracks that lie inside another one: a half track with a curve of its own, a caliper across two tracks.

The strokes of both lie on one paper, so they are traced together: the curves of the inner track go to the
outer one, their scales to the part of it that they take.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from logdigit.types import CurveSpec, Track

_LOOSE = 0.02
"""Share of the inner track's width by which it may stick out of the outer one."""


def nested(tracks: Sequence[Track]) -> tuple[Track, ...]:
    """Tracks with the curves of those that lie inside another one moved there.

    A curve that wraps stays in its own track, as its turns hang on the edges; so do curves inside a track
    that has none.

    >>> from logdigit.types import ValueScale
    >>> half, whole = (Track(0.0, right, (CurveSpec(name, (ValueScale(((0.0, 0.0), (1.0, 8.0))),)),))
    ...                for name, right in (("SP", 300.0), ("GR", 600.0)))
    >>> (track,) = nested((half, whole))
    >>> [(curve.mnemonic, curve.scales[0].anchors) for curve in track.curves]
    [('GR', ((0.0, 0.0), (1.0, 8.0))), ('SP', ((0.0, 0.0), (0.5, 8.0)))]
    """
    out = list(tracks)
    for at in sorted(range(len(out)), key=lambda k: tracks[k].right - tracks[k].left):
        inner = out[at]
        around = [k for k, track in enumerate(out) if _holds(track, inner)]
        if not around or not inner.curves or any(curve.wraps for curve in inner.curves):
            continue
        k = min(around, key=lambda k: out[k].right - out[k].left)
        own = tuple(_across(curve, inner, out[k]) for curve in inner.curves)
        out[k] = replace(out[k], curves=(*out[k].curves, *own))
        out[at] = replace(inner, curves=())
    return tuple(now for now, track in zip(out, tracks, strict=True) if now.curves or not track.curves)


def _holds(outer: Track, inner: Track) -> bool:
    """Whether a track with curves is wider than another and holds it."""
    width = inner.right - inner.left
    return (
        bool(outer.curves)
        and outer.right - outer.left > (1 + 2 * _LOOSE) * width
        and outer.left - _LOOSE * width <= inner.left
        and inner.right <= outer.right + _LOOSE * width
    )


def _across(curve: CurveSpec, inner: Track, outer: Track) -> CurveSpec:
    """A curve of the inner track as one of the outer."""
    width = outer.right - outer.left
    begin, share = (inner.left - outer.left) / width, (inner.right - inner.left) / width
    scales = (
        replace(scale, anchors=tuple((begin + u * share, value) for u, value in scale.anchors))
        for scale in curve.scales
    )
    return replace(curve, scales=tuple(scales))
