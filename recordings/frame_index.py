"""The frames of one stream without their pixels: number, clocks, flags, checksum.

A session keeps this once more at its end, so that opening it needs no look into its chunks. The `tapetum.Frame`
messages beside the images remain the truth; without the copy the reader collects them.
"""

from __future__ import annotations

import array
from typing import Any, Final

import numpy as np
import zstandard
from numpy.typing import NDArray

from recordings.errors import SessionFormatError

RECORD: Final = np.dtype(
    [
        ("number", "<i8"),
        ("device_ns", "<i8"),
        ("host_ns", "<i8"),
        ("checksum", "<u8"),
        ("flags", "<u4"),
        ("bytes", "<u4"),
    ]
)
"""One frame: 40 bytes, little-endian, in this order."""

_MAX_BYTES: Final = 4 << 30


class FrameIndexBuilder:
    """Collects frames while they are written; 40 bytes a frame."""

    def __init__(self) -> None:
        self._signed = array.array("q")
        self._checksums = array.array("Q")
        self._small = array.array("I")

    def __len__(self) -> int:
        return len(self._checksums)

    def append(self, number: int, device_ns: int, host_ns: int, checksum: int, flags: int, size: int) -> None:
        self._signed.extend((number, device_ns, host_ns))
        self._checksums.append(checksum)
        self._small.extend((flags, size))

    def truncate(self, count: int) -> int:
        """Forget all frames but the first ``count``; how many were forgotten."""
        lost = max(0, len(self) - count)
        if lost:
            del self._signed[3 * count :], self._checksums[count:], self._small[2 * count :]
        return lost

    def records(self) -> NDArray[Any]:
        """A structured array (N,) of :data:`RECORD`."""
        out = np.zeros(len(self), RECORD)
        signed = np.array(self._signed, np.int64).reshape(-1, 3)
        small = np.array(self._small, np.uint32).reshape(-1, 2)
        out["number"], out["device_ns"], out["host_ns"] = signed.T
        out["checksum"] = np.array(self._checksums, np.uint64)
        out["flags"], out["bytes"] = small.T
        return out


def pack(records: NDArray[Any]) -> bytes:
    """Structured array (N,) of :data:`RECORD` to the attachment's bytes."""
    # Column by column: equal fields beside each other compress several times better.
    columns = b"".join(np.ascontiguousarray(records[name]).tobytes() for name in RECORD.names or ())
    return zstandard.ZstdCompressor(level=3).compress(columns)


def unpack(data: bytes) -> NDArray[Any]:
    """The reverse of :func:`pack`.

    Raises:
        SessionFormatError: the bytes are no frame index.
    """
    try:
        size = zstandard.frame_content_size(data)
        if not 0 <= size <= _MAX_BYTES or size % RECORD.itemsize:
            raise SessionFormatError(f"a frame index cannot hold {size} bytes")
        # zstandard takes 0 for "unknown", so that nothing needs no decompression
        columns = zstandard.ZstdDecompressor().decompress(data) if size else b""
    except zstandard.ZstdError as error:
        raise SessionFormatError(f"a frame index does not decompress: {error}") from error
    n = size // RECORD.itemsize
    out = np.zeros(n, RECORD)
    at = 0
    for name in RECORD.names or ():
        dtype = RECORD[name]
        out[name] = np.frombuffer(columns, dtype, n, at)
        at += n * dtype.itemsize
    return out
