"""
Brotli, which Python's standard library lacks: the package `brotli` where it is installed, else the system's own library,
which ffmpeg brings along on Debian (decisions/0018-the-trainer-reads-tar-shards-with-the-systems-brotli.md).
"""

from __future__ import annotations

import ctypes
import ctypes.util
from collections.abc import Callable
from functools import lru_cache

from ..base.faults import RunFault

Unpack = Callable[[bytes, int], bytes]


@lru_cache(maxsize=1)
def brotli_unpacker() -> Unpack:
    """What unpacks a stream of a known length. Raises RunFault where the machine has nothing that does."""
    unpack = system_unpacker() or package_unpacker()
    if unpack is None:
        raise RunFault(
            "clips of version 2 are packed with Brotli, and this machine has none: "
            "apt-get install libbrotli1 (or python3-brotli), or pip install brotli"
        )
    return unpack


def package_unpacker() -> Unpack | None:
    """By the package; None where it is not installed."""
    try:
        import brotli
    except ImportError:
        return None

    def unpack(packed: bytes, length: int) -> bytes:
        try:
            return bytes(brotli.decompress(packed))
        except brotli.error as error:
            raise ValueError(str(error)) from error

    return unpack


def system_unpacker() -> Unpack | None:
    """By libbrotlidec, straight into memory of the right length; None where there is no such library."""
    name = ctypes.util.find_library("brotlidec") or "libbrotlidec.so.1"
    try:
        library = ctypes.CDLL(name)
    except OSError:
        return None
    decompress = library.BrotliDecoderDecompress
    decompress.restype = ctypes.c_int
    decompress.argtypes = [ctypes.c_size_t, ctypes.c_char_p, ctypes.POINTER(ctypes.c_size_t), ctypes.c_void_p]

    def unpack(packed: bytes, length: int) -> bytes:
        room = ctypes.create_string_buffer(length)
        size = ctypes.c_size_t(length)
        if decompress(len(packed), packed, ctypes.byref(size), room) != 1:
            raise ValueError("no whole Brotli stream of that length")
        return room.raw[: size.value]

    return unpack
