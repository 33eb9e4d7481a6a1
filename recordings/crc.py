"""CRC-32 as MCAP wants it: by ISA-L where it is installed (some twenty times faster), else by zlib."""

from __future__ import annotations

import importlib
from collections.abc import Callable
from typing import Any


def _find() -> Callable[..., int]:
    try:
        found: Callable[..., int] = importlib.import_module("isal.isal_zlib").crc32
    except ImportError:
        import zlib

        return zlib.crc32
    return found


_crc32 = _find()


def crc32(data: Any, before: int = 0) -> int:
    """Of a bytes-like object, going on from ``before``."""
    return int(_crc32(data, before))
