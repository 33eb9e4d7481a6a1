"""What a RealSense recording (.db3 or .bag) says it holds, read from the file itself and not by the SDK.

The SDK drops frames without a word when it is not quick enough, or when a part of the file is damaged; these counts
are what its playback is held against.
"""

from __future__ import annotations

import contextlib
import os
import re
import sqlite3
import struct
import zlib
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import BinaryIO, Final

from recordings.errors import SessionImportError

BAG_MAGIC: Final = b"#ROSBAG V2.0\n"
SQLITE_MAGIC: Final = b"SQLite format 3\x00"

_DATA: Final = re.compile(r"/device_\d+/sensor_\d+/([^/]+)/(image|imu)/data(/compressed|/compressedDepth)?")
_LEGACY: Final = re.compile(r"/camera/.*/(image|imu)_raw/\d+")
_PNG: Final = b"\x89PNG\r\n\x1a\n"
_INDEX_LIMIT: Final = 256 << 20
"""Larger indexes are taken for damage; one of an hour with four streams has 10 MB."""


def is_recording(path: Path) -> bool:
    """Whether the file is a RealSense recording, by its first bytes and its list of topics. Never raises."""
    try:
        with path.open("rb") as file:
            magic = file.read(16)
        if not magic.startswith((BAG_MAGIC, SQLITE_MAGIC)):
            return False
        return any(_DATA.fullmatch(t) or _LEGACY.fullmatch(t) or t == "/file_version" for t in _topics(path, magic))
    except (OSError, SessionImportError):
        # damaged, so nobody can say; the usual suffixes are ours
        return path.suffix.lower() in (".db3", ".bag") and path.is_file()


def frame_counts(path: Path) -> dict[str, int]:
    """How many messages each stream has: stream as the recording names it (``Depth_0``, ``Accel_0``) -> count.

    Empty for recordings older than 2017, whose topics are named otherwise. Images that a .db3 holds as PNG are
    checked by their CRCs on the way.

    Raises:
        SessionImportError: the file is neither of the two formats, or is cut off or damaged.
    """
    try:
        with path.open("rb") as file:
            magic = file.read(16)
    except OSError as error:
        raise SessionImportError(f"{path} cannot be read: {error.strerror or error}") from error
    counts: dict[str, int] = {}
    for topic, count in _topics(path, magic, check=True).items():
        found = _DATA.fullmatch(topic)
        if found:
            counts[found[1]] = counts.get(found[1], 0) + count
    return counts


def _topics(path: Path, magic: bytes, *, check: bool = False) -> Mapping[str, int]:
    """Topic -> messages."""
    if magic.startswith(BAG_MAGIC):
        return _bag_topics(path)
    if magic.startswith(SQLITE_MAGIC):
        return _db3_topics(path, check)
    what = "is empty" if not magic else "is neither a ROS bag (#ROSBAG V2.0) nor a SQLite file (.db3)"
    raise SessionImportError(f"{path} {what}; it is no RealSense recording, or it was damaged")


# -- .db3: SQLite ------------------------------------------------------------------------------------------------


def _db3_topics(path: Path, check: bool) -> Mapping[str, int]:
    try:
        # "immutable": no journal beside the file is looked for, and nothing is ever written
        with contextlib.closing(sqlite3.connect(f"{path.absolute().as_uri()}?immutable=1", uri=True)) as base:
            if base.execute("SELECT 1 FROM sqlite_master WHERE name = 'topics'").fetchone() is None:
                return {}
            topics = {int(i): str(name) for i, name in base.execute("SELECT id, name FROM topics")}
            if not check:
                return dict.fromkeys(topics.values(), 0)
            for (said,) in base.execute("PRAGMA quick_check(1)"):
                if said != "ok":
                    raise SessionImportError(_broken(path, f"SQLite finds {said!r}"))
            out = dict.fromkeys(topics.values(), 0)
            for topic in topics:
                for at, (data,) in enumerate(base.execute("SELECT data FROM messages WHERE topic_id = ?", (topic,))):
                    out[topics[topic]] += 1
                    if "/data/compressed" in topics[topic] and not _png_is_whole(bytes(data)):
                        raise SessionImportError(_broken(path, f"image {at} of {topics[topic]} fails its checksum"))
            return out
    except (sqlite3.Error, ValueError, TypeError, OverflowError) as error:
        raise SessionImportError(_broken(path, f"SQLite says: {error}")) from error


def _png_is_whole(message: bytes) -> bool:
    """Whether the PNG in a CompressedImage message has all its parts unchanged; True where there is no PNG."""
    at = message.find(_PNG, 0, 256)
    if at < 0:
        return True
    at += len(_PNG)
    while at + 12 <= len(message):
        end = at + 12 + int.from_bytes(message[at : at + 4], "big")
        if end > len(message) or zlib.crc32(message[at + 4 : end - 4]) != int.from_bytes(message[end - 4 : end], "big"):
            return False
        if message[at + 4 : at + 8] == b"IEND":
            return True
        at = end
    return False


# -- .bag: the index at its end (http://wiki.ros.org/Bags/Format/2.0) ---------------------------------------------

_BAG_HEADER: Final = 3
_CHUNK_INFO: Final = 6
_CONNECTION: Final = 7


def _bag_topics(path: Path) -> Mapping[str, int]:
    try:
        with path.open("rb") as file:
            size = os.fstat(file.fileno()).st_size
            file.seek(len(BAG_MAGIC))
            header, _ = _record(file)
            (start,) = struct.unpack("<Q", header[b"index_pos"])
            if header[b"op"] != bytes([_BAG_HEADER]) or not 0 < start < size:
                raise SessionImportError(
                    f"{path} has no index (its end would start at byte {start} of {size}): the recording was not "
                    "finished or is cut off. `rosbag reindex` may mend it"
                )
            if size - start > _INDEX_LIMIT:
                raise SessionImportError(_broken(path, f"its index has {size - start} bytes"))
            file.seek(start)
            return _count(file, size, header)
    except OSError as error:
        raise SessionImportError(f"{path} cannot be read: {error.strerror or error}") from error
    except (KeyError, ValueError, struct.error, UnicodeDecodeError) as error:
        raise SessionImportError(
            _broken(path, f"its index does not parse ({type(error).__name__}: {error})")
        ) from error


def _count(file: BinaryIO, size: int, header: Mapping[bytes, bytes]) -> Mapping[str, int]:
    topics: dict[int, str] = {}
    counts: dict[int, int] = {}
    chunks = 0
    while file.tell() < size:
        fields, data = _record(file)
        operation = fields[b"op"][0]
        if operation == _CONNECTION:
            topics[struct.unpack("<I", fields[b"conn"])[0]] = fields[b"topic"].decode()
        elif operation == _CHUNK_INFO:
            chunks += 1
            for connection, count in struct.iter_unpack("<II", data):
                counts[connection] = counts.get(connection, 0) + count
        else:
            raise ValueError(f"a record of kind {operation}")
    (wanted,) = struct.unpack("<I", header[b"chunk_count"])
    if chunks != wanted:
        raise ValueError(f"{chunks} of {wanted} chunks are listed")
    out = dict.fromkeys(topics.values(), 0)
    for connection, count in counts.items():
        out[topics[connection]] += count
    return out


def _record(file: BinaryIO) -> tuple[dict[bytes, bytes], bytes]:
    """The next record's header fields and data."""
    header = _block(file)
    return dict(_fields(header)), _block(file)


def _block(file: BinaryIO) -> bytes:
    (length,) = struct.unpack("<I", file.read(4))
    data = file.read(length) if length <= _INDEX_LIMIT else b""
    if len(data) != length:
        raise ValueError(f"a part of {length} bytes ends after {len(data)}")
    return data


def _fields(header: bytes) -> Iterator[tuple[bytes, bytes]]:
    at = 0
    while at < len(header):
        (length,) = struct.unpack_from("<I", header, at)
        name, equals, value = header[at + 4 : at + 4 + length].partition(b"=")
        if not equals or at + 4 + length > len(header):
            raise ValueError("a header field without a value")
        yield name, value
        at += 4 + length


def _broken(path: Path, why: str) -> str:
    return f"{path} is damaged: {why}. Copy it again, or record again; what is before the damage is not imported"
