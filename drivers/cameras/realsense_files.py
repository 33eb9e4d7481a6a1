"""A RealSense recording (.db3, .bag) before the SDK gets it: damage that would crash it or be played in silence."""

from __future__ import annotations

import contextlib
import re
import sqlite3
import struct
from pathlib import Path
from typing import Final

from drivers.errors import CameraPermissionError, UnusableSourceError

_BAG: Final = b"#ROSBAG V2.0\n"
_SQLITE: Final = b"SQLite format 3\x00"
_IMAGES: Final = re.compile(r"/device_\d+/sensor_\d+/([^/]+)/image/data(?:/compressed|/compressedDepth)?")


def check_recording(path: Path) -> None:
    """Refuse what is no whole recording, by its first bytes and its length; quick for any size.

    Raises:
        UnusableSourceError: no such file, another kind of file, or one that was cut off.
        CameraPermissionError: it may not be read.
    """
    try:
        size = path.stat().st_size
        with path.open("rb") as file:
            head = file.read(4096)
    except PermissionError as error:
        raise CameraPermissionError(f"{path} may not be read by this user; change its permissions") from error
    except OSError as error:
        raise UnusableSourceError(f"{path} cannot be played: {error.strerror or error}") from error
    if head.startswith(_SQLITE):
        _check_db3(path, head, size)
    elif head.startswith(_BAG):
        _check_bag(path, head, size)
    else:
        what = "is empty" if not head else "is neither a .db3 (SQLite) nor a .bag (#ROSBAG V2.0)"
        raise UnusableSourceError(f"{path} {what}, so it is no RealSense recording")


def image_counts(path: Path) -> dict[str, int]:
    """How many images each stream of a .db3 holds: ``depth_0``, ``infrared_1``, ... -> count.

    Empty for a .bag, and where the file does not say.
    """
    try:
        with contextlib.closing(_read_only(path)) as base:
            topics = {int(i): str(name) for i, name in base.execute("SELECT id, name FROM topics")}
            counts: dict[str, int] = {}
            for topic, count in base.execute("SELECT topic_id, COUNT(*) FROM messages GROUP BY topic_id"):
                found = _IMAGES.fullmatch(topics.get(int(topic), ""))
                if found:
                    counts[found[1].lower()] = counts.get(found[1].lower(), 0) + int(count)
            return counts
    except (sqlite3.Error, ValueError, TypeError):
        return {}


def _read_only(path: Path) -> sqlite3.Connection:
    # "immutable": no journal beside the file is looked for, and nothing is ever written
    return sqlite3.connect(f"{path.absolute().as_uri()}?immutable=1", uri=True)


def _check_db3(path: Path, head: bytes, size: int) -> None:
    """https://www.sqlite.org/fileformat.html: the page size at byte 16, the number of pages at byte 28."""
    if len(head) < 100:
        raise _cut_off(path, f"it ends within its header, after {size} bytes")
    (page,) = struct.unpack_from(">H", head, 16)
    (pages,) = struct.unpack_from(">I", head, 28)
    whole = pages * (65536 if page == 1 else page)
    if size < whole:
        raise _cut_off(path, f"it has {size} of {whole} bytes")
    try:
        with contextlib.closing(_read_only(path)) as base:
            tables = {str(name) for (name,) in base.execute("SELECT name FROM sqlite_master WHERE type = 'table'")}
            if not {"topics", "messages"} <= tables:
                listed = ", ".join(sorted(tables)) or "none"
                raise UnusableSourceError(f"{path} is a SQLite file, but no recording: its tables are {listed}")
            names = [str(name) for (name,) in base.execute("SELECT name FROM topics")]
    except (sqlite3.Error, ValueError) as error:
        raise UnusableSourceError(
            f"{path} is damaged (SQLite says: {error}); copy it again, or record again"
        ) from error
    if not any(name.startswith("/device_") for name in names):
        raise UnusableSourceError(f"{path} is a ROS 2 recording of something else: it has no RealSense streams")


def _check_bag(path: Path, head: bytes, size: int) -> None:
    """http://wiki.ros.org/Bags/Format/2.0: the bag header tells where the index starts, and is written last."""
    found = re.search(rb"index_pos=(.{8})", head, re.DOTALL)
    if found is None:
        raise UnusableSourceError(f"{path} has no bag header; it is damaged, copy it again, or record again")
    (start,) = struct.unpack("<Q", found[1])
    if not 0 < start < size:
        raise _cut_off(path, f"its index would start at byte {start} of {size}")


def _cut_off(path: Path, why: str) -> UnusableSourceError:
    return UnusableSourceError(
        f"{path} is cut off: {why}. Copy it again; a recording that was not finished cannot be played"
    )
