"""Streams that lie on the disk as one image file a frame, by the frames' numbers, without times."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from numpy.typing import NDArray

from drivers.frame import Frame, FrameFlag, StreamInfo
from recordings.errors import SessionImportError
from recordings.importers import image_files
from recordings.importers.protocol import Progress
from recordings.writer import SessionWriter


@dataclass(frozen=True, slots=True)
class NumberedImages:
    """One stream: frame number -> file, and how a file's bytes become pixels."""

    info: StreamInfo
    paths: Mapping[int, Path]
    decode: Callable[[bytes, Path], NDArray[Any]]


def time_ns(number: int, fps: float) -> int:
    """A frame's made-up time on both clocks: gaps in the numbers are gaps in time."""
    return round((number + 1) * 1e9 / fps)


def write_all(
    streams: Sequence[NumberedImages], fps: float, writer: SessionWriter, on_progress: Progress | None
) -> None:
    """Every image to the session, by number; JPEG files keep their own bytes.

    Raises:
        SessionImportError: a file cannot be read, is damaged, or is not as the first one of its stream.
        SessionWriteError: the disk refuses.
    """
    total, done = sum(len(s.paths) for s in streams), 0
    last: dict[str, int] = {}
    first_is_jpeg: dict[str, bool] = {}
    for number in sorted({n for s in streams for n in s.paths}):
        for stream in streams:
            path = stream.paths.get(number)
            if path is None:
                continue
            info, name = stream.info, stream.info.name
            data = image_files.read_bytes(path)
            pixels = stream.decode(data, path)
            if pixels.shape != info.shape or pixels.dtype.name != info.dtype:
                raise SessionImportError(
                    f"{path} is {pixels.shape[1]}x{pixels.shape[0]} px of {pixels.dtype}, its first image "
                    f"is {info.width}x{info.height} px of {info.dtype}; all must be alike"
                )
            is_jpeg = image_files.is_jpeg(data)
            if first_is_jpeg.setdefault(name, is_jpeg) != is_jpeg:
                raise SessionImportError(f"{path} is of another format than its stream's first; all must be alike")
            flags = FrameFlag.LOSSY if is_jpeg else FrameFlag.NONE
            if name in last and number > last[name] + 1:
                flags |= FrameFlag.DROPPED_BEFORE
            last[name] = number
            time = time_ns(number, fps)
            writer.write_frame(Frame(info, pixels, number, time, time, flags), encoded=data if is_jpeg else None)
            done += 1
            if on_progress is not None:
                on_progress(done, total)


def lacking(kinds: Mapping[str, Mapping[int, Path]]) -> list[str]:
    """Notes on frames that one kind of file has and another lacks.

    Args:
        kinds: word for a kind, such as ``depth`` -> its files by frame number.
    """
    numbers = sorted({n for found in kinds.values() for n in found})
    out = []
    for word, found in kinds.items():
        missing = [n for n in numbers if n not in found]
        if missing:
            out.append(f"{len(missing)} of {len(numbers)} frames have no {word} file, the first is {missing[0]}")
    return out
