"""FLIR's record files (FFF): the directory, the counts and the visual picture in it.

One FFF is a header of 64 bytes, a directory of records and the records. It stands alone (.fff), one after the other in
a sequence (.seq, .csq), and in pieces within a radiometric JPEG. The numbers of header and directory are big- or
little-endian, as the format's version (100 to 199) tells; each record has its own order, told by its first number.

Sources: ExifTool's FLIR tag tables (exiftool.org/TagNames/FLIR.html) and FLIR's own header of the format, as the
ExifTool forum quotes it (topic 6763).
"""

from __future__ import annotations

import struct
import zlib
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

import cv2
import numpy as np
from numpy.typing import NDArray

from recordings.errors import SessionImportError
from recordings.importers.image_files import decode, is_jpeg
from recordings.importers.jpeg_ls import decode_jpeg_ls, is_jpeg_ls

Buffer = bytes | memoryview

MAGICS: Final = (b"FFF\0", b"AFF\0")
RAW_DATA: Final = 0x01
VISUAL_IMAGE: Final = 0x0E
CAMERA_INFO: Final = 0x20
PICTURE_IN_PICTURE: Final = 0x2A

_HEADER: Final = 64
_ENTRY: Final = 32
_MOST_RECORDS: Final = 1024
IMAGE_HEADER: Final = 32
_LARGEST_SIDE: Final = 16384


@dataclass(frozen=True, slots=True)
class Record:
    """One entry of the directory; ``data`` is the record itself."""

    kind: int
    subtype: int
    data: memoryview
    crc: int

    def check(self, where: str) -> None:
        """Compare with the record's CRC-32, where the camera wrote one.

        Raises:
            SessionImportError: it differs; ``where`` names the place.
        """
        if self.crc and zlib.crc32(self.data) != self.crc:
            raise SessionImportError(f"{where}: the record 0x{self.kind:02x} is damaged (its checksum differs)")


@dataclass(frozen=True, slots=True)
class Fff:
    """One frame's records.

    Attributes:
        creator: what wrote it.
        records: by kind, the first of each.
        length: bytes from the header to the end of the last record.
    """

    creator: str
    records: dict[int, Record]
    length: int

    def record(self, kind: int, where: str, what: str) -> Record:
        """The record of a kind, its checksum compared.

        Raises:
            SessionImportError: there is none, or it is damaged.
        """
        found = self.records.get(kind)
        if found is None:
            raise SessionImportError(f"{where} holds no {what}")
        found.check(where)
        return found


class TruncatedFffError(SessionImportError):
    """The file ends before the frame does."""


def is_header(data: Buffer, at: int = 0) -> bool:
    """Whether a header stands there: the magic and a version that has been seen."""
    if len(data) < at + _HEADER or bytes(data[at : at + 4]) not in MAGICS:
        return False
    return _order(data, at) is not None


def read_fff(data: Buffer, at: int, where: str) -> Fff:
    """The frame that begins at ``at``.

    Raises:
        TruncatedFffError: the data ends before its records do.
        SessionImportError: there is no such header or directory; the message begins with ``where``.
    """
    view = memoryview(data)
    if len(view) < at + _HEADER:
        raise TruncatedFffError(f"{where} is truncated: {len(view) - at} bytes are no FLIR record header")
    order = _order(view, at)
    if bytes(view[at : at + 4]) not in MAGICS or order is None:
        raise SessionImportError(f"{where}: no FLIR record header (FFF, version 1xx) at byte {at}")
    directory, count = struct.unpack_from(order + "II", view, at + 0x18)
    if not (0 < count <= _MOST_RECORDS):
        raise SessionImportError(f"{where}: a directory of {count} records is not believable; the file is damaged")
    end = directory + count * _ENTRY
    if at + end > len(view):
        raise TruncatedFffError(f"{where} is truncated within its record directory")
    records: dict[int, Record] = {}
    for k in range(count):
        place = at + directory + k * _ENTRY
        kind, subtype, _, _, offset, length, _, _, crc = struct.unpack_from(order + "HHIIIIIII", view, place)
        if kind == 0:
            continue
        if at + offset + length > len(view):
            raise TruncatedFffError(
                f"{where} is truncated: the record 0x{kind:02x} ends at byte {at + offset + length} of {len(view)}"
            )
        end = max(end, offset + length)
        if kind not in records:
            records[kind] = Record(kind, subtype, view[at + offset : at + offset + length], crc)
    creator = bytes(view[at + 4 : at + 20]).split(b"\0")[0].decode("latin-1")
    return Fff(creator, records, end)


def _order(data: Buffer, at: int) -> str | None:
    for order in ("<", ">"):
        if 100 <= struct.unpack_from(order + "I", data, at + 0x14)[0] < 200:
            return order
    return None


def byte_order(data: Buffer, expected: int, where: str) -> str:
    """``<`` or ``>``: the order in which a record's first number is the ``expected`` one.

    Raises:
        SessionImportError: in neither.
    """
    if len(data) >= 2:
        for order in ("<", ">"):
            if struct.unpack_from(order + "H", data)[0] == expected:
                return order
    raise SessionImportError(f"{where} begins with {bytes(data[:2]).hex() or 'nothing'}, not with {expected}: damaged")


def image_size(record: Record, expected: int, where: str) -> tuple[str, int, int]:
    """(byte order, width, height) that a record with an image states.

    Raises:
        SessionImportError: it is too short, or states an impossible size.
    """
    if len(record.data) < IMAGE_HEADER:
        raise SessionImportError(f"{where}: the image record has {len(record.data)} bytes; the file is damaged")
    order = byte_order(record.data, expected, f"{where}: the image record")
    width, height = struct.unpack_from(order + "HH", record.data, 2)
    if not (0 < width <= _LARGEST_SIDE and 0 < height <= _LARGEST_SIDE):
        raise SessionImportError(f"{where}: an image of {width}x{height} px is not believable; the file is damaged")
    return order, width, height


def counts_of(record: Record, where: str) -> NDArray[np.uint16]:
    """The sensor's counts, (H, W) uint16: stored as they are, as PNG, or as JPEG-LS.

    Raises:
        SessionImportError: they are incomplete, of another size than stated, or do not decode.
    """
    order, width, height = image_size(record, 2, where)
    stored = record.data[IMAGE_HEADER:]
    head = bytes(stored[:8])
    counts: NDArray[Any]
    if head.startswith(b"\x89PNG"):
        counts = _png_counts(bytes(stored), where)
    elif is_jpeg_ls(head):
        counts = decode_jpeg_ls(bytes(stored), where)
    else:
        if len(stored) < width * height * 2:
            raise SessionImportError(
                f"{where}: {width}x{height} counts take {width * height * 2} bytes, the record has {len(stored)}"
            )
        order = {1: ">", 2: "<"}.get(record.subtype, order)
        counts = np.frombuffer(stored[: width * height * 2], np.dtype(order + "u2")).reshape(height, width)
    if counts.shape != (height, width):
        raise SessionImportError(
            f"{where} states {width}x{height} px but its picture has {counts.shape[1]}x{counts.shape[0]}"
        )
    return counts.astype(np.uint16)


def _png_counts(data: bytes, where: str) -> NDArray[Any]:
    image = decode(data, Path(where))
    if image.ndim != 2 or image.dtype != np.uint16:
        raise SessionImportError(f"{where}: the counts are a PNG of {image.dtype} {image.shape}; 16 bits gray expected")
    # PNG is big-endian, but most cameras put little-endian counts into it (some old ones do not): the order in which
    # neighbouring pixels are alike is the right one.
    swapped = image.byteswap()
    return image if _roughness(image) < _roughness(swapped) else swapped


def _roughness(image: NDArray[Any]) -> float:
    return float(np.abs(np.diff(image.astype(np.int32), axis=1)).sum())


def visual_of(record: Record, where: str) -> tuple[NDArray[np.uint8], bytes | None]:
    """The visual camera's picture: RGB (H, W, 3) uint8, and its own bytes where it is a JPEG.

    Raises:
        SessionImportError: it does not decode, or is of another size than stated.
    """
    _, width, height = image_size(record, 3, where)
    data = bytes(record.data[IMAGE_HEADER:])
    image = decode(data, Path(f"{where}, visual picture"))
    if image.ndim == 2:
        image = cv2.cvtColor(image, cv2.COLOR_GRAY2RGB)
    if image.dtype != np.uint8 or image.shape[:2] != (height, width):
        raise SessionImportError(
            f"{where} states a visual picture of {width}x{height} px, found {image.dtype} {image.shape}"
        )
    if is_jpeg(data):
        return image, data
    # A PNG of FLIR's holds Y, Cb, Cr in the place of R, G, B (ExifTool: EmbeddedImageType).
    return np.asarray(cv2.cvtColor(image[:, :, [0, 2, 1]], cv2.COLOR_YCrCb2RGB), np.uint8), None
