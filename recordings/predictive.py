"""The compact codec: a predictive filter and zstd, a frame at a time, without loss.

Each row has the row above subtracted, modulo the pixel's range, so that every image comes back exactly. What is left is
mostly noise around 0. Of 16 bits, 128 is added to it: its high bytes are then equal wherever it lies within +-128,
instead of flipping between 0 and 255 with its sign. The bytes are sorted into planes (low and high bytes, or the three
channels), and each plane is compressed by itself. Colour has green subtracted from red and blue first.

Coded: a byte with the version, a byte with the number of planes, the length of each compressed plane (uint32,
little-endian), the planes. docs/session-format.md says the same.

NumPy, OpenCV and zstd all work with the GIL released here.
"""

from __future__ import annotations

import itertools
import struct
import threading
from typing import Any, Final

import cv2
import numpy as np
import zstandard
from numpy.typing import NDArray

from recordings.errors import SessionFormatError

VERSION: Final = 1
_HEAD: Final = struct.Struct("<BB")
_BIAS: Final = np.uint16(128)
_BLOCK: Final = 16
"""Rows summed side by side when decoding; from 12 to 32 it makes no difference."""

_local = threading.local()


def encode(pixels: NDArray[Any]) -> bytes:
    """uint8 or uint16 (H, W), or uint8 (H, W, 3), to bytes. Safe from any thread."""
    packer = _packer()
    packed = [packer.compress(plane.data) for plane in _planes(pixels)]
    lengths = struct.pack(f"<{len(packed)}I", *map(len, packed))
    return b"".join([_HEAD.pack(VERSION, len(packed)), lengths, *packed])


def decode(data: bytes | memoryview, dtype: str, shape: tuple[int, ...]) -> NDArray[Any]:
    """The reverse of :func:`encode`.

    Args:
        data: what it returned.
        dtype: ``uint8`` or ``uint16``.
        shape: (H, W) or (H, W, 3).

    Raises:
        SessionFormatError: the bytes are damaged, or not of that dtype and shape.
    """
    wanted = 3 if len(shape) == 3 else np.dtype(dtype).itemsize
    size = shape[0] * shape[1]
    planes = [_unpack(part, size).reshape(shape[:2]) for part in _parts(memoryview(data), wanted, f"{dtype} {shape}")]
    if wanted == 2:
        words: NDArray[Any] = cv2.merge(planes).view("<u2")[:, :, 0].astype(np.uint16, copy=False)
        words -= _BIAS
        return _sum_up(words)
    if wanted == 1:
        return _sum_up(planes[0].copy())
    red, green, blue = (_sum_up(plane.copy()) for plane in planes)
    red += green
    blue += green
    image: NDArray[Any] = cv2.merge([red, green, blue])
    return image


def _planes(pixels: NDArray[Any]) -> list[NDArray[Any]]:
    if pixels.ndim == 3:
        red, green, blue = cv2.split(pixels)
        red -= green
        blue -= green
        return [_rises(plane) for plane in (red, green, blue)]
    rest = _rises(pixels)
    if rest.dtype == np.uint8:
        return [rest]
    rest += _BIAS
    words = rest.astype("<u2", copy=False)
    return [np.asarray(plane) for plane in cv2.split(words.view(np.uint8).reshape(*words.shape, 2))]


def _rises(image: NDArray[Any]) -> NDArray[Any]:
    """The first row as it is, of the others the difference to the row above."""
    out = np.empty(image.shape, image.dtype)
    out[0] = image[0]
    np.subtract(image[1:], image[:-1], out=out[1:])
    return out


def _sum_up(rows: NDArray[Any]) -> NDArray[Any]:
    """Undo :func:`_rises` in place: running sums down the columns.

    Every _BLOCK-th row at once within its block, then block by block; np.add.accumulate takes five times as long.
    """
    for k in range(1, min(_BLOCK, len(rows))):
        those = rows[k::_BLOCK]
        np.add(those, rows[k - 1 :: _BLOCK][: len(those)], out=those)
    for start in range(_BLOCK, len(rows), _BLOCK):
        block = rows[start : start + _BLOCK]
        np.add(block, rows[start - 1], out=block)
    return rows


def _parts(view: memoryview, wanted: int, what: str) -> list[memoryview]:
    """The compressed planes."""
    try:
        version, count = _HEAD.unpack_from(view)
        if version != VERSION:
            raise SessionFormatError(f"a compact image has version {version}, this program reads {VERSION}")
        if count != wanted:
            raise SessionFormatError(f"a compact image has {count} planes; {what} has {wanted}")
        lengths = struct.unpack_from(f"<{count}I", view, _HEAD.size)
    except struct.error as error:
        raise SessionFormatError(f"a compact image of {len(view)} bytes ends in its head") from error
    ends = np.cumsum([_HEAD.size + 4 * count, *lengths]).tolist()
    if ends[-1] != len(view):
        raise SessionFormatError(f"a compact image says that it has {ends[-1]} bytes and has {len(view)}")
    return [view[start:end] for start, end in itertools.pairwise(ends)]


def _unpack(data: memoryview, size: int) -> NDArray[np.uint8]:
    """A plane of that many bytes, read-only."""
    try:
        if zstandard.frame_content_size(data) != size:
            raise SessionFormatError(f"a plane of a compact image does not hold {size} bytes")
        plane = _unpacker().decompress(data, max_output_size=size, allow_extra_data=False)
    except zstandard.ZstdError as error:
        raise SessionFormatError(f"a compact image is damaged: {error}") from error
    return np.frombuffer(plane, np.uint8)


def _packer() -> zstandard.ZstdCompressor:
    """One a thread: they are not safe to share, and making one costs as much as a small image."""
    found: zstandard.ZstdCompressor | None = getattr(_local, "packer", None)
    if found is None:
        # zstd's level 1, but it looks only for matches of 7 bytes in a small table: noise has none that are worth
        # having, and what a scene repeats is longer. Faster and a little smaller than the levels, 3 and 4 included.
        parameters = zstandard.ZstdCompressionParameters(
            strategy=zstandard.STRATEGY_FAST,
            window_log=17,
            hash_log=10,
            chain_log=6,
            search_log=1,
            min_match=7,
            target_length=0,
        )
        found = _local.packer = zstandard.ZstdCompressor(compression_params=parameters)
    return found


def _unpacker() -> zstandard.ZstdDecompressor:
    found: zstandard.ZstdDecompressor | None = getattr(_local, "unpacker", None)
    if found is None:
        found = _local.unpacker = zstandard.ZstdDecompressor()
    return found
