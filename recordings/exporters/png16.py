"""A folder of images: one PNG a frame, with the sensor's own 8 or 16 bits; colour from cameras that give JPEG stays so.

Colour (or gray of 8 bits) with depth on its grid is laid out as the TUM RGB-D recordings are, which many programs
read, the importer of this one among them: rgb/ and depth/, the device time in seconds as name.
"""

from __future__ import annotations

import contextlib
import csv
import os
from collections import deque
from collections.abc import Generator, Mapping, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final, TextIO

import numpy as np
from numpy.typing import NDArray

from drivers.frame import FrameFlag, StreamInfo, StreamKind
from recordings import image_codec
from recordings.errors import SessionFormatError
from recordings.exporters.output import bytes_of, new_folder, write_json, write_lines
from recordings.exporters.part import Part, folder_names, frame_stem, part_of, seconds_text
from recordings.exporters.protocol import Exporter, ExportOptions, ExportReport, Progress, check_options
from recordings.reader import SessionReader
from recordings.stored import StoredFrame, decode_frame

INDEX: Final = "index.csv"
COLUMNS: Final = ("file", "number", "device_ns", "host_ns", "flags", "checksum", "checksum_of")


_AHEAD: Final = 32
"""Frames that may be compressed and not written yet, which bounds the memory."""


@dataclass(frozen=True, slots=True)
class _Pair:
    """Colour (or gray) and the depth that lies on its grid."""

    color: StreamInfo
    depth: StreamInfo


class Png16:
    """The exporter to folders of PNG."""

    name = "png16"
    title = "folder of PNG images of 8 and 16 bits (TUM-like where depth lies on colour)"
    suffix = ""
    uses: frozenset[str] = frozenset()
    kept = (
        "every pixel with the sensor's own bits; a camera's own JPEG, byte for byte",
        "number, both clocks, flags and checksum of every frame (index.csv)",
        "intrinsics (intrinsics.json); units, the map to kelvin and all else of the streams (export.json)",
    )
    not_kept = ("observations, events, schedule, log, attachments",)

    def run(
        self, session: SessionReader, out: Path, options: ExportOptions, on_progress: Progress | None = None
    ) -> ExportReport:
        check_options(self, options)
        part = part_of(session, options)
        counts = part.counts()
        streams = [s for s in part.streams if s.name in counts]
        pair, why_not = _pair(session, part, streams)
        folders = _folders(streams, pair)
        notes = _notes(pair, why_not)
        details: dict[str, Any] = {"folders": folders, "frames": counts, "notes": notes}
        with new_folder(out, session, self.name, options.overwrite, details) as folder:
            _write(session, part, folder.path, folders, pair, on_progress)
        return ExportReport(out, counts, bytes_of(out), tuple(notes))


def _pair(session: SessionReader, part: Part, streams: Sequence[StreamInfo]) -> tuple[_Pair | None, str]:
    """The two streams that can be laid out as TUM's, or why they cannot ('' when nothing speaks of it)."""
    by_name = {s.name: s for s in streams}
    for depth in streams:
        color = by_name.get(depth.registered_to or "")
        if depth.kind is not StreamKind.DEPTH or color is None:
            continue
        if color.kind is StreamKind.THERMAL or color.kind is StreamKind.DEPTH or color.dtype != "uint8":
            continue
        if (color.width, color.height) != (depth.width, depth.height) or color.intrinsics != depth.intrinsics:
            return None, f"not laid out as TUM's: {depth.name} and {color.name} differ in size or calibration"
        for info in (color, depth):
            times = _device_times(session, part, info.name)
            if times[0] < 0 or np.any(np.diff(times) <= 0):
                return None, f"not laid out as TUM's: the device times of {info.name} do not rise from 0 on"
            if np.any(session.flags(info.name) & FrameFlag.GENERATED):
                return None, f"not laid out as TUM's: {info.name} has GENERATED frames, and their names say so"
        return _Pair(color, depth), ""
    return None, ""


def _device_times(session: SessionReader, part: Part, stream: str) -> NDArray[np.int64]:
    times = session.times(stream)
    chosen = (times.host_ns >= part.begin_ns) & (times.host_ns <= part.end_ns)
    return times.device_ns[chosen]


def _folders(streams: Sequence[StreamInfo], pair: _Pair | None) -> dict[str, str]:
    if pair is None:
        return folder_names(streams)
    # No other folder may have a name that an importer of such folders takes for colour or depth.
    taken = ("rgb", "depth", "color", "colour", "image", "images")
    others = folder_names([s for s in streams if s not in (pair.color, pair.depth)], taken)
    return {pair.color.name: "rgb", pair.depth.name: "depth", **others}


def _notes(pair: _Pair | None, why_not: str) -> list[str]:
    if pair is None:
        return [why_not] if why_not else []
    return ["laid out as TUM's: `tapetum session import` reads it back"]


def _write(
    session: SessionReader,
    part: Part,
    root: Path,
    folders: Mapping[str, str],
    pair: _Pair | None,
    on_progress: Progress | None,
) -> None:
    indexes: dict[str, _Index] = {}
    try:
        for info in part.streams:
            if info.name in folders:
                indexes[info.name] = _Index(root / folders[info.name])
                if info.intrinsics is not None:
                    write_json(root / folders[info.name] / "intrinsics.json", info.intrinsics.to_json())
        timed = () if pair is None else (pair.color.name, pair.depth.name)
        with contextlib.closing(_images(session, part)) as images:
            for done, (stored, image) in enumerate(images, 1):
                indexes[stored.info.name].add(stored, image, stored.info.name in timed)
                if on_progress is not None:
                    on_progress(done, len(part.order))
    finally:
        for index in indexes.values():
            index.close()
    if pair is not None:
        _write_tum(root, indexes, pair)


def _images(session: SessionReader, part: Part) -> Generator[tuple[StoredFrame, bytes], None, None]:
    """Every frame with its image file, in order; some are compressed ahead, since that takes most of the time."""
    with ThreadPoolExecutor(os.cpu_count() or 1, "tapetum-png") as pool:
        waiting: deque[tuple[StoredFrame, Future[bytes]]] = deque()
        try:
            for name, position in part.order:
                stored = session.stored(name, position)
                waiting.append((stored, pool.submit(_image_of, session, stored)))
                if len(waiting) > _AHEAD:
                    first, image = waiting.popleft()
                    yield first, image.result()
            for first, image in waiting:
                yield first, image.result()
        finally:
            for _, image in waiting:
                image.cancel()


def _image_of(session: SessionReader, stored: StoredFrame) -> bytes:
    """The image file of a frame; its checksum is compared."""
    try:
        frame = decode_frame(stored)
    except SessionFormatError as error:
        raise SessionFormatError(f"{session.path}: {error}") from error
    return stored.data if stored.codec in ("png", "jpeg") else image_codec.encode_png(frame.pixels)


class _Index:
    """A stream's folder: its images, and index.csv with a row for each."""

    def __init__(self, folder: Path) -> None:
        folder.mkdir()
        self._folder = folder
        self._file: TextIO = (folder / INDEX).open("w", encoding="utf-8", newline="")
        self._rows = csv.writer(self._file, lineterminator="\n")
        self._rows.writerow(COLUMNS)
        self.files: list[tuple[int, str]] = []
        self._used: set[str] = set()

    def add(self, stored: StoredFrame, image: bytes, is_timed: bool) -> None:
        stem = seconds_text(stored.device_ns) if is_timed else frame_stem(stored.number, stored.device_ns)
        if stored.flags & FrameFlag.GENERATED:
            stem += "_GENERATED"
        count = 2
        base = stem
        while stem in self._used:  # a camera that began to count again, with its clock
            stem, count = f"{base}_{count}", count + 1
        self._used.add(stem)
        name = stem + (".jpg" if stored.codec == "jpeg" else ".png")
        (self._folder / name).write_bytes(image)
        self._rows.writerow(
            (
                name,
                stored.number,
                stored.device_ns,
                stored.host_ns,
                flag_words(stored.flags),
                f"{stored.checksum:016x}",
                "encoded" if stored.codec == "jpeg" else "pixels",
            )
        )
        self.files.append((stored.device_ns, f"{self._folder.name}/{name}"))

    def close(self) -> None:
        self._file.close()


def flag_words(flags: FrameFlag) -> str:
    """``stale dropped_before``; GENERATED stays in capitals."""
    words = [(f.name or "").lower() for f in FrameFlag if f and flags & f]
    return " ".join(w.upper() if w == "generated" else w for w in words)


def _write_tum(root: Path, indexes: Mapping[str, _Index], pair: _Pair) -> None:
    """The lists of both folders, intrinsics.json, and each depth image with the colour image nearest in time."""
    color, depth = indexes[pair.color.name].files, indexes[pair.depth.name].files
    for name, files in (("rgb", color), ("depth", depth)):
        lines = [f"{seconds_text(t)} {file}" for t, file in files]
        write_lines(root / f"{name}.txt", ["# timestamp filename", *lines])
    write_lines(
        root / "associations.txt",
        [
            f"{seconds_text(color[k][0])} {color[k][1]} {seconds_text(t)} {file}"
            for (t, file), k in zip(depth, _nearest([c[0] for c in color], [d[0] for d in depth]), strict=True)
        ],
    )
    if pair.color.intrinsics is not None:
        write_json(root / "intrinsics.json", pair.color.intrinsics.to_json())


def _nearest(of: Sequence[int], to: Sequence[int]) -> list[int]:
    """For each time in ``to`` the position of the nearest in ``of`` (rising); the earlier of two equally near."""
    times, wanted = np.array(of, np.int64), np.array(to, np.int64)
    after = np.clip(np.searchsorted(times, wanted), 0, len(times) - 1)
    before = np.maximum(after - 1, 0)
    nearer = np.where(np.abs(wanted - times[before]) <= np.abs(times[after] - wanted), before, after)
    out: list[int] = nearer.tolist()
    return out


EXPORTER: Exporter = Png16()
