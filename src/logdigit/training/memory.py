"""Memory of the processor's allocator."""

from __future__ import annotations

import ctypes
import sys

_TRIM_THRESHOLD, _MMAP_MAX = -1, -4  # <malloc.h>


def keep_freed_memory() -> bool:
    """Asks glibc to keep what is freed instead of handing it back to the system; whether it obeys.

    Every step of a training frees and asks for the same gigabyte of tensors. Handed back, each page of it is
    mapped and zeroed anew: a tenth of the time of a step on two cores.
    """
    if not sys.platform.startswith("linux"):
        return False
    mallopt = getattr(ctypes.CDLL(None), "mallopt", None)
    if mallopt is None:  # not glibc
        return False
    return bool(mallopt(_MMAP_MAX, 0)) and bool(mallopt(_TRIM_THRESHOLD, -1))
