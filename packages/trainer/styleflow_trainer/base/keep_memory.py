"""Memory that one step gave back serves the next: asking the system for it anew costs more than a small network's step."""

from __future__ import annotations

import ctypes
import sys

# Of glibc's <malloc.h>.
M_TRIM_THRESHOLD = -1
M_MMAP_MAX = -4
MOST = 2**31 - 1


def keep_freed_memory() -> bool:
    """
    Tells glibc to keep what is freed, large pieces too. PyTorch frees every activation on the CPU, and by default each goes
    back to the system, whose fresh pages are cleared and mapped one by one: under virtual machines half of a step.

    Returns whether the C library took it; another one than glibc is left as it is.
    """
    if not sys.platform.startswith("linux"):
        return False
    try:
        mallopt = ctypes.CDLL(None).mallopt
    except (AttributeError, OSError):
        return False
    return bool(mallopt(M_MMAP_MAX, 0)) and bool(mallopt(M_TRIM_THRESHOLD, MOST))
