"""Whether a video file is all there, by the outermost structure of its container.

FFmpeg plays what is left of a file that was cut off, mostly without a word. The three common containers state how
long their parts are: ISO media files (MP4, MOV: ISO/IEC 14496-12, 4.2), Matroska and WebM (RFC 8794, RFC 9559), AVI
(RIFF).
"""

from __future__ import annotations

import struct
from pathlib import Path
from typing import BinaryIO, Final

_EBML: Final = 0x1A45DFA3
_SEGMENT: Final = 0x18538067
_CLUSTER: Final = 0x1F43B675
_MOST_PARTS: Final = 10_000_000
_AVI_HEADER_BYTES: Final = 1 << 16


def what_is_missing(path: Path) -> str | None:
    """What the structure lacks, for people; '' when the file is whole, None when its kind cannot tell.

    Raises:
        OSError: the file cannot be read.
    """
    with path.open("rb") as file:
        size = file.seek(0, 2)
        file.seek(0)
        head = file.read(12)
        if head[4:8] in (b"ftyp", b"moov", b"mdat", b"wide", b"free", b"skip", b"pnot"):
            return _iso(file, size)
        if head[:4] == _EBML.to_bytes(4, "big"):
            return _matroska(file, size)
        if head[:4] == b"RIFF" and head[8:12] == b"AVI ":
            return _avi(file, size)
    return None


def _iso(file: BinaryIO, size: int) -> str:
    at, kinds = 0, set[bytes]()
    while at + 8 <= size:
        file.seek(at)
        head = file.read(16)
        (length,) = struct.unpack_from(">I", head)
        kind = head[4:8]
        if length == 1 and len(head) == 16:
            (length,) = struct.unpack_from(">Q", head, 8)
        elif length == 0:  # to the end of the file
            length = size - at
        if length < 8:
            break  # no box: what follows is not ours
        kinds.add(kind)
        if at + length > size:
            return f"its part {kind.decode('latin-1')!r} should end at byte {at + length}, the file has {size}"
        at += length
    return "" if b"moov" in kinds else "it has no index (moov): the recording was not finished"


def _avi(file: BinaryIO, size: int) -> str:
    at = 0
    while at + 8 <= size:
        file.seek(at)
        kind, length = struct.unpack("<4sI", file.read(8))
        if kind != b"RIFF":
            break
        if length == 0:
            return "its length was never written: the recording was not finished"
        if at + 8 + length > size:
            return f"it should have {at + 8 + length} bytes, but has {size}"
        at += 8 + length + length % 2
    return ""


def _matroska(file: BinaryIO, size: int) -> str:
    at = 0
    for _ in range(_MOST_PARTS):
        if at >= size:
            break
        file.seek(at)
        head = file.read(12)
        kind, kind_bytes = _vint(head, 0, keep_marker=True)
        length, length_bytes = _vint(head, kind_bytes, keep_marker=False)
        if not kind_bytes:
            break  # no element: what follows is not ours
        if not length_bytes:
            return f"it breaks off at byte {size}"
        at += kind_bytes + length_bytes
        unknown = length == (1 << 7 * length_bytes) - 1
        if not unknown and at + length > size:
            what = "it" if kind == _SEGMENT else f"its part 0x{kind:X}"
            return f"{what} should end at byte {at + length}, the file has {size}"
        if unknown and kind not in (_SEGMENT, _CLUSTER):
            break
        if not unknown and kind != _SEGMENT:
            at += length
        # What a segment holds, and a cluster of unknown length, is walked through as if it stood here.
    return ""


def _vint(data: bytes, at: int, *, keep_marker: bool) -> tuple[int, int]:
    """(value, bytes) of EBML's number of variable length; no bytes when it is none or breaks off."""
    if at >= len(data) or data[at] == 0:
        return 0, 0
    length = 9 - data[at].bit_length()
    if at + length > len(data):
        return 0, 0
    value = int.from_bytes(data[at : at + length], "big")
    return (value if keep_marker else value & ((1 << 7 * length) - 1)), length


def raw_y16_streams(path: Path) -> dict[int, tuple[int, int]]:
    """The streams of an AVI that are uncompressed 16-bit gray by their name ``Y16``: number -> (width, height) in px.

    It is what UVC thermal cameras give and recorders write, and a name that FFmpeg does not know.

    Raises:
        OSError: the file cannot be read.
    """
    with path.open("rb") as file:
        head = file.read(_AVI_HEADER_BYTES)
    found: dict[int, tuple[int, int]] = {}
    if head[:4] != b"RIFF" or head[8:12] != b"AVI ":
        return found
    at, stream = 12, -1
    while at + 8 <= len(head):
        kind, length = struct.unpack_from("<4sI", head, at)
        if kind == b"LIST":
            if head[at + 8 : at + 12] not in (b"hdrl", b"strl"):
                break
            at += 12  # its parts follow
            continue
        stream += kind == b"strh"
        if kind == b"strf" and head[at + 24 : at + 28] == b"Y16 ":  # BITMAPINFOHEADER.biCompression
            width, height = struct.unpack_from("<ii", head, at + 12)
            if width > 0 and height:
                found[stream] = (width, abs(height))
        at += 8 + length + length % 2
    return found
