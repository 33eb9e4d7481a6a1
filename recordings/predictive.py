"""The compact codec: a predictive filter and zstd, a frame at a time, without loss.

Each row has the row above subtracted (modulo the pixel's range, so that every image comes back exactly). The bytes are
then sorted into planes, low and high bytes of 16 bits or the three channels, and each plane is compressed by itself:
the noise of the low bytes then costs the high bytes nothing. Colour has green subtracted from red and blue first.

Coded: a byte with the version, a byte with the number of planes, the length of each compressed plane (uint32,
little-endian), the planes. docs/session-format.md says the same.
"""

from __future__ import annotations

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
_LEVEL: Final = 1
"""zstd's. Level 3 takes half as long again and saves under 1 % on sensor noise."""

_local = threading.local()


def encode(pixels: NDArray[Any]) -> bytes:
    """uint8 or uint16 (H, W), or uint8 (H, W, 3), to bytes. Releases the GIL for most of its time."""
    packer = _packer()
    packed = [packer.compress(plane.data) for plane in _planes(pixels)]
    lengths = struct.pack(f"<{len(packed)}I", *map(len, packed))
    return b"".join([_HEAD.pack(VERSION, len(packed)), lengths, *packed])


def decode(data: bytes | memoryview, dtype: str, shape: tuple[int, ...]) -> NDArray[Any]:
    """The reverse of :func:`encode`.

    Raises:
        SessionFormatError: the bytes are damaged, or not of that dtype and shape.
    """
    view = memoryview(data)
    wanted = 3 if len(shape) == 3 else np.dtype(dtype).itemsize
    size = shape[0] * shape[1]
    try:
        version, count = _HEAD.unpack_from(view)
        if version != VERSION:
            raise SessionFormatError(f"a compact image has version {version}, this program reads {VERSION}")
        if count != wanted:
            raise SessionFormatError(f"a compact image has {count} planes; {dtype} {shape} has {wanted}")
        lengths = struct.unpack_from(f"<{count}I", view, _HEAD.size)
        at = _HEAD.size + 4 * count
        if at + sum(lengths) != len(view):
            raise SessionFormatError(f"a compact image says {at + sum(lengths)} bytes and has {len(view)}")
        planes = []
        for length in lengths:
            planes.append(_unpack(view[at : at + length], size).reshape(shape[:2]))
            at += length
    except (struct.error, zstandard.ZstdError) as error:
        raise SessionFormatError(f"a compact image is damaged: {error}") from error
    if count == 1:
        return _sums(planes[0])
    merged = cv2.merge(planes)
    if count == 2:
        words: NDArray[Any] = merged.view("<u2")[:, :, 0].astype(np.uint16, copy=False)
        return _sums(words)
    image = _sums(merged)
    image[:, :, 0] += image[:, :, 1]
    image[:, :, 2] += image[:, :, 1]
    return image


def _planes(pixels: NDArray[Any]) -> list[NDArray[Any]]:
    if pixels.ndim == 3:
        pixels = pixels.copy()
        pixels[:, :, 0] -= pixels[:, :, 1]
        pixels[:, :, 2] -= pixels[:, :, 1]
    rest = np.empty(pixels.shape, pixels.dtype)
    rest[0] = pixels[0]
    np.subtract(pixels[1:], pixels[:-1], out=rest[1:])
    if rest.dtype == np.uint8:
        return [rest] if rest.ndim == 2 else [np.asarray(p) for p in cv2.split(rest)]
    words = rest.astype("<u2", copy=False)
    return [np.asarray(p) for p in cv2.split(words.view(np.uint8).reshape(*words.shape, 2))]


def _sums(rest: NDArray[Any]) -> NDArray[Any]:
    """Undo the subtraction of the row above, in place where that can be."""
    out: NDArray[Any] = np.add.accumulate(rest, axis=0, dtype=rest.dtype)
    return out


def _unpack(data: memoryview, size: int) -> NDArray[np.uint8]:
    if zstandard.frame_content_size(data) != size:
        raise SessionFormatError(f"a plane of a compact image does not hold {size} bytes")
    return np.frombuffer(_unpacker().decompress(data, max_output_size=size), np.uint8)


def _packer() -> zstandard.ZstdCompressor:
    """One a thread: they are not safe to share, and making one costs as much as a small image."""
    found: zstandard.ZstdCompressor | None = getattr(_local, "packer", None)
    if found is None:
        found = _local.packer = zstandard.ZstdCompressor(level=_LEVEL)
    return found


def _unpacker() -> zstandard.ZstdDecompressor:
    found: zstandard.ZstdDecompressor | None = getattr(_local, "unpacker", None)
    if found is None:
        found = _local.unpacker = zstandard.ZstdDecompressor()
    return found
