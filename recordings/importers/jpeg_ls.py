"""JPEG-LS (ITU-T T.87) pictures of one channel, as FLIR's compressed sequences hold them. Decoded by FFmpeg in PyAV."""

from __future__ import annotations

from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from recordings.errors import SessionImportError
from recordings.importers.words import FORMATS_EXTRA

_START: Final = b"\xff\xd8\xff"
_SOF55: Final = 0xF7
_END: Final = b"\xff\xd9"


def is_jpeg_ls(head: bytes) -> bool:
    """Whether bytes begin as a JPEG-LS picture (or any JPEG, of which JPEG-LS is the only one of 16 bits)."""
    return head.startswith(_START)


def decode_jpeg_ls(data: bytes, where: str) -> NDArray[np.uint16]:
    """(H, W) uint16 of a picture of one channel with 2 to 16 bits; what follows its end mark is ignored.

    Raises:
        SessionImportError: PyAV is not installed, or the picture is truncated, lossy, or does not decode.
    """
    try:
        import av
    except ImportError as error:
        raise SessionImportError(f"{where} is JPEG-LS, which needs PyAV: {FORMATS_EXTRA}") from error
    bits, width, height = _check(data, where)
    try:
        frames = av.CodecContext.create("jpegls", "r").decode(av.Packet(data))
    except (av.error.FFmpegError, ValueError) as error:
        raise SessionImportError(f"{where}: the JPEG-LS picture does not decode: {error}") from error
    if len(frames) != 1 or frames[0].format.name not in ("gray", "gray16le", "gray16be"):
        found = frames[0].format.name if frames else "nothing"
        raise SessionImportError(f"{where}: the JPEG-LS picture decodes to {found}; one gray picture is expected")
    image: NDArray[Any] = frames[0].to_ndarray()
    if image.shape != (height, width):
        raise SessionImportError(f"{where}: the JPEG-LS picture states {width}x{height} px, got {image.shape[::-1]}")
    # FFmpeg moves the bits to the top of 8 or 16; the camera's counts are those of the stream.
    full = 8 if image.dtype == np.uint8 else 16
    return (image >> (full - bits)).astype(np.uint16)


def _check(data: bytes, where: str) -> tuple[int, int, int]:
    """(bits, width, height) from the frame header; that the picture is lossless and has its end mark."""
    at, size = 2, (0, 0, 0)
    while at + 4 <= len(data) and data[at] == 0xFF:
        marker, length = data[at + 1], int.from_bytes(data[at + 2 : at + 4], "big")
        body = data[at + 4 : at + 2 + length]
        if marker == _SOF55 and len(body) >= 6:
            size = (body[0], int.from_bytes(body[3:5], "big"), int.from_bytes(body[1:3], "big"))
            if body[5] != 1:
                raise SessionImportError(f"{where}: the JPEG-LS picture has {body[5]} channels, one is expected")
        elif marker == 0xDA:
            if len(body) < 6 or not size[0]:
                break
            if body[-3] or body[-1] & 15:  # pixels may differ by so much, or have lost so many bits
                raise SessionImportError(
                    f"{where}: the JPEG-LS picture is lossy (near {body[-3]}, shifted {body[-1] & 15}), counts are not"
                )
            if not 2 <= size[0] <= 16:
                break
            if data.find(_END, at + 2 + length) < 0:  # the scan itself cannot hold these two bytes
                raise SessionImportError(
                    f"{where}: the JPEG-LS picture is truncated (no end mark in {len(data)} bytes)"
                )
            return size
        at += 2 + length
    raise SessionImportError(f"{where}: the counts are a JPEG picture, but no JPEG-LS one of 2 to 16 bits")
