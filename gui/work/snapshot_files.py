"""A moment as files: each stream's frame without loss, what is known of it, the window as it was seen. No Qt here."""

from __future__ import annotations

import contextlib
import datetime
import json
import re
import shutil
import struct
import zlib
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Final

import cv2
import numpy as np
from numpy.typing import NDArray

from drivers.frame import Frame, FrameFlag, StreamKind
from gui.feed import Shown

DESCRIPTION: Final = "snapshot.json"
SEEN: Final = "window.png"
VERSION: Final = 1

_HEADER_BYTES: Final = 8 + 25
"""PNG's signature and its first chunk, behind which words may stand."""


Save = Callable[[Path], bool]
"""Writes a picture to a path; False when that failed."""


@dataclass(frozen=True)
class OwnWindow:
    """The picture of a tile that stands in a window of its own.

    Attributes:
        title: what the tile shows, for people, in their language.
        name: the same for a file, in English.
        shows: the same, as layouts have it: ``{"stream": ...}`` or ``{"picture": ..., "face": ...}``.
        is_generated: a model imagined what it shows.
        save: writes the picture of the window.
    """

    title: str
    name: str
    shows: Mapping[str, Any]
    is_generated: bool
    save: Save


@dataclass(frozen=True)
class Snapshot:
    """What is to be written.

    Attributes:
        shown: the result on the screen; None where there was none.
        frames: stream -> its newest frame; of streams that the FrameSet lacks an older one.
        source: what was shown, for people.
        mode: ``live`` or ``replay``.
        save_seen: writes the picture of the window; None for no picture.
        own_windows: of the tiles that stand in windows of their own, and are not in the picture of the window.
        made_utc: when.
    """

    shown: Shown | None
    frames: Mapping[str, Frame]
    source: str
    mode: str
    save_seen: Save | None = None
    own_windows: Sequence[OwnWindow] = ()
    made_utc: str = field(
        default_factory=lambda: datetime.datetime.now(datetime.UTC).isoformat(timespec="milliseconds")
    )


def write_snapshot(snapshot: Snapshot, folder: Path) -> Path:
    """Write all of it into a new folder, which has its name only when it is whole.

    Returns:
        The folder; another name of its kind where that one was taken.

    Raises:
        OSError: the disk refuses; nothing is left.
    """
    folder.parent.mkdir(parents=True, exist_ok=True)
    final = _free(folder)
    part = final.with_name(final.name + ".part")
    part.mkdir()
    try:
        names: dict[str, str] = {}
        for stream, frame in snapshot.frames.items():
            name = _file_name(stream, set(names.values()))
            (part / name).write_bytes(png_of(frame))
            names[stream] = name
        if snapshot.save_seen is not None and not snapshot.save_seen(part / SEEN):
            raise OSError(f"the picture of the window could not be written to {part / SEEN}")
        own = _write_own(snapshot.own_windows, part, set(names.values()))
        text = json.dumps(_described(snapshot, names, own), indent=1, allow_nan=False)
        (part / DESCRIPTION).write_text(text + "\n", "utf-8")
        part.rename(final)
    except BaseException:  # whatever it was, also an interrupt: nothing half-written may stay behind
        with contextlib.suppress(OSError):
            shutil.rmtree(part)
        raise
    return final


def _write_own(windows: Sequence[OwnWindow], folder: Path, taken: set[str]) -> list[dict[str, Any]]:
    """The pictures of windows, and what is said of each."""
    told = []
    for window in windows:
        word = "-generated" if window.is_generated else ""
        name = _file_name(f"window-{window.name}{word}", taken)
        taken.add(name)
        if not window.save(folder / name):
            raise OSError(f"the picture of the window of {window.title} could not be written to {folder / name}")
        shows = dict(window.shows)
        told.append({"file": name, "title": window.title, "shows": shows, "is_generated": window.is_generated})
    return told


def unit_words(frame: Frame) -> str:
    """What a pixel's number means."""
    info = frame.info
    if info.kind is StreamKind.DEPTH:
        return f"distance along z: counts x {info.unit_m:g} m; 0 is no reading"
    if info.kind is StreamKind.THERMAL:
        if info.kelvin is None:
            return "thermal counts of a camera that is not radiometric: no temperatures"
        return f"kelvin: counts x {info.kelvin.gain:g} + {info.kelvin.offset:g}"
    return "RGB" if info.kind is StreamKind.COLOR else f"{info.kind} intensity, counts"


def png_of(frame: Frame) -> bytes:
    """A frame as PNG with the sensor's own 8 or 16 bits; the file itself says the stream and the unit (tEXt).

    Raises:
        OSError: it could not be encoded.
    """
    pixels: NDArray[Any] = frame.pixels
    if frame.kind is StreamKind.COLOR:
        pixels = np.ascontiguousarray(pixels[..., ::-1])
    done, data = cv2.imencode(".png", pixels)
    if not done:
        raise OSError(f"the frame of {frame.stream} could not be written as PNG")
    words = {
        "Title": f"{frame.stream}, frame {frame.number}",
        "Comment": unit_words(frame),
        "Software": "Tapetum",
    }
    raw = data.tobytes()
    return raw[:_HEADER_BYTES] + b"".join(_text(*one) for one in words.items()) + raw[_HEADER_BYTES:]


def _text(key: str, words: str) -> bytes:
    """A tEXt chunk: length, type, key, 0, Latin-1 words, CRC (PNG specification, 11.3.4.3)."""
    data = key.encode("latin-1") + b"\0" + words.encode("latin-1", "replace")
    return struct.pack(">I", len(data)) + b"tEXt" + data + struct.pack(">I", zlib.crc32(b"tEXt" + data))


def _described(snapshot: Snapshot, names: Mapping[str, str], own: Sequence[Mapping[str, Any]]) -> dict[str, Any]:
    shown = snapshot.shown
    members = {} if shown is None else shown.frame_set.frames
    return {
        "version": VERSION,
        "made_utc": snapshot.made_utc,
        "source": snapshot.source,
        "mode": snapshot.mode,
        "position": None if shown is None or shown.position < 0 else shown.position,
        "as_seen": SEEN if snapshot.save_seen is not None else None,
        "own_windows": list(own),
        "frame_set": None
        if shown is None
        else {
            "number": shown.frame_set.number,
            "device_ns": shown.frame_set.device_ns,
            "host_ns": shown.frame_set.host_ns,
            "skew_ns": shown.frame_set.skew_ns,
            "missing": list(shown.frame_set.missing),
        },
        "streams": {
            stream: {
                "file": names[stream],
                "unit": unit_words(frame),
                "number": frame.number,
                "device_ns": frame.device_ns,
                "host_ns": frame.host_ns,
                "flags": [flag.name for flag in FrameFlag if flag and flag in frame.flags],
                "is_of_the_frame_set": members.get(stream) is frame,
                "stream": frame.info.to_json(),
            }
            for stream, frame in snapshot.frames.items()
        },
        "observation": None if shown is None else shown.observation.to_json(),
    }


def _file_name(stream: str, taken: set[str]) -> str:
    stem = re.sub(r"[^A-Za-z0-9._-]+", "-", stream).strip(".-") or "stream"
    name, n = f"{stem}.png", 1
    while name in taken or name == SEEN:
        n += 1
        name = f"{stem}-{n}.png"
    return name


def _free(folder: Path) -> Path:
    for n in range(1, 1000):
        one = folder if n == 1 else folder.with_name(f"{folder.name}-{n}")
        if not one.exists() and not one.with_name(one.name + ".part").exists():
            return one
    raise OSError(f"{folder} and 998 more of that name exist already; choose another folder")
