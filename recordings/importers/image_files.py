"""Image files that are whole: what OpenCV decodes without a word although the file is cut off is found here."""

from __future__ import annotations

import struct
import zlib
from pathlib import Path
from typing import Any, Final

import cv2
import numpy as np
from numpy.typing import NDArray

from recordings.errors import SessionImportError

_PNG: Final = b"\x89PNG\r\n\x1a\n"
_JPEG: Final = b"\xff\xd8\xff"


def read_bytes(path: Path) -> bytes:
    """The file's bytes.

    Raises:
        SessionImportError: it cannot be read.
    """
    try:
        return path.read_bytes()
    except OSError as error:
        raise SessionImportError(f"{path} cannot be read: {error.strerror or error}") from error


def decode(data: bytes, path: Path) -> NDArray[Any]:
    """A whole PNG or JPEG file to pixels as they are: gray (H, W) or RGB (H, W, 3), uint8 or uint16.

    Raises:
        SessionImportError: it is neither, torn, or of a kind that cannot be used; the message names ``path``.
    """
    if data.startswith(_PNG):
        _check_png(data, path)
    elif data.startswith(_JPEG):
        _check_jpeg(data, path)
    else:
        what = "empty" if not data else "neither a PNG nor a JPEG image"
        raise SessionImportError(f"{path} is {what}; replace it or remove the frame")
    try:
        image = cv2.imdecode(np.frombuffer(data, np.uint8), cv2.IMREAD_UNCHANGED)
    except cv2.error as error:
        raise SessionImportError(f"{path} does not decode: {error}") from error
    if image is None:
        raise SessionImportError(f"{path} does not decode: it is damaged")
    if image.ndim == 3 and image.shape[2] == 4:
        image = image[:, :, :3]  # an alpha channel says nothing that a camera saw
    if image.ndim == 3:
        image = cv2.cvtColor(np.ascontiguousarray(image), cv2.COLOR_BGR2RGB)
    if image.dtype not in (np.uint8, np.uint16):
        raise SessionImportError(f"{path} has {image.dtype} pixels; 8 or 16 bits are expected")
    return image


def is_jpeg(data: bytes) -> bool:
    return data.startswith(_JPEG)


def _check_png(data: bytes, path: Path) -> None:
    """Walk the chunks with their CRCs up to IEND."""
    at = len(_PNG)
    while at + 12 <= len(data):
        (length,) = struct.unpack_from(">I", data, at)
        kind = data[at + 4 : at + 8]
        end = at + 12 + length
        if end > len(data):
            break
        (crc,) = struct.unpack_from(">I", data, end - 4)
        if zlib.crc32(data[at + 4 : end - 4]) != crc:
            raise SessionImportError(
                f"{path} is damaged: its {kind.decode('latin-1')} part fails its checksum; replace it"
            )
        if kind == b"IEND":
            return
        at = end
    raise SessionImportError(f"{path} is truncated: the PNG ends after {len(data)} bytes without its end mark")


def _check_jpeg(data: bytes, path: Path) -> None:
    """Walk the segments and the entropy-coded data up to the end mark (ITU-T T.81, annex B)."""
    at = 2
    while at + 4 <= len(data):
        if data[at] != 0xFF:
            raise SessionImportError(f"{path} is damaged: no JPEG marker at byte {at}; replace it")
        marker = data[at + 1]
        if marker == 0xFF:  # a fill byte
            at += 1
            continue
        at += 2 + int.from_bytes(data[at + 2 : at + 4], "big")
        if marker == 0xDA:  # a scan: entropy-coded bytes follow its header
            at = _end_of_scan(data, at)
            if data[at : at + 2] == b"\xff\xd9":
                return
    raise SessionImportError(f"{path} is truncated: the JPEG ends after {len(data)} bytes without its end mark")


def _end_of_scan(data: bytes, at: int) -> int:
    """Position of the next marker that is neither a stuffed zero nor a restart."""
    while True:
        at = data.find(b"\xff", at)
        if at < 0 or at + 1 >= len(data):
            return len(data)
        following = data[at + 1]
        if following != 0 and not 0xD0 <= following <= 0xD7 and following != 0xFF:
            return at
        at += 1 if following == 0xFF else 2
