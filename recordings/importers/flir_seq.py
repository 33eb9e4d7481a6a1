"""FLIR sequences (.seq, .csq) and single record files (.fff) to a session.

A sequence is one record file after another (flir_records). SEQ holds the counts as they are or as PNG, CSQ as JPEG-LS.
Tried on sequences of a Duo Pro R and a picture written by ResearchIR; no camera's CSQ was at hand.
"""

from __future__ import annotations

import mmap
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final, Self

import numpy as np
from numpy.typing import NDArray

from drivers.frame import FrameFlag
from recordings.errors import SessionImportError
from recordings.importers import words
from recordings.importers.flir_camera import read_camera
from recordings.importers.flir_records import (
    CAMERA_INFO,
    IMAGE_HEADER,
    MAGICS,
    RAW_DATA,
    counts_of,
    is_header,
    read_fff,
)
from recordings.importers.flir_streams import (
    EXTRA_WORDS,
    KEPT,
    NOT_KEPT,
    Calibrations,
    ThermalStreams,
    clock_of,
    fov_note,
    intrinsics_of,
    numbers_of,
)
from recordings.importers.jpeg_ls import is_jpeg_ls
from recordings.importers.protocol import Importer, ImportOptions, ImportReport, Progress, check_options
from recordings.session import SessionInfo

SUFFIXES: Final = (".seq", ".csq", ".fff")
_PADDING: Final = 4096
"""So many bytes between two frames are taken as padding; more are a hole."""


@dataclass(slots=True)
class _Found:
    """What the first look at a sequence tells; one entry a frame in each list."""

    calibrations: Calibrations = field(default_factory=Calibrations)
    at: list[int] = field(default_factory=list)
    lengths: list[int] = field(default_factory=list)
    times_ns: list[int | None] = field(default_factory=list)
    counters: list[int] = field(default_factory=list)
    shutter: list[bool] = field(default_factory=list)
    hole_before: list[bool] = field(default_factory=list)
    fps: float = 0.0
    padding: int = 0
    without_picture: int = 0
    damages: list[str] = field(default_factory=list)


class _Sequence:
    """A sequence's file. The first look maps it into memory, so that only headers are read; pictures are then read
    one by one. A context manager."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self.has_jpeg_ls = False
        """Whether a picture was JPEG-LS, as in CSQ."""
        try:
            self._file = path.open("rb")
        except OSError as error:
            raise SessionImportError(f"{path} cannot be read: {error.strerror or error}") from error
        try:
            if self._file.seek(0, 2) == 0:
                raise SessionImportError(f"{path} is empty")
            # It ends with the last view of it, those in the tracebacks of errors too: closing it would fail.
            self._view = memoryview(mmap.mmap(self._file.fileno(), 0, access=mmap.ACCESS_READ))
        except BaseException:  # whatever it was: the file must not stay open
            self._file.close()
            raise

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self._file.close()

    def scan(self, keep_damaged: bool) -> _Found:
        """Where the frames are, and what their camera records say; the counts are not decoded.

        Raises:
            SessionImportError: it is no sequence, or (without ``keep_damaged``) not whole.
        """
        if not is_header(self._view):
            raise SessionImportError(
                f"{self.path} is no FLIR sequence: it begins with {bytes(self._view[:4])!r}, not with a record header"
            )
        found, at, hole = _Found(), 0, False
        while at < len(self._view):
            try:
                if not is_header(self._view, at):
                    at = self._skip(at, found)
                    continue
                at, hole = self._frame(at, found, hole), False
            except SessionImportError as error:
                if not keep_damaged:
                    raise SessionImportError(
                        f"{error}; {len(found.at)} frames before it are whole (--set damaged=keep takes what is whole)"
                    ) from error
                found.damages.append(str(error))
                at, hole = self._next_header(at + 4), True
        if not found.at:
            raise SessionImportError(f"{self.path} holds no frame that is whole")
        self._view = memoryview(b"")  # the map's last view: its pages need not be held any longer
        return found

    def _frame(self, at: int, found: _Found, hole: bool) -> int:
        """Note the frame at ``at``; where the next one should begin."""
        where = f"{self.path}, frame {len(found.at)} at byte {at}"
        fff = read_fff(self._view, at, where)
        end = at + fff.length
        if end < len(self._view) and not is_header(self._view, end) and self._next_header(at + 4) < end:
            raise SessionImportError(f"{where} is torn: the next frame begins within it")
        if RAW_DATA not in fff.records:
            found.without_picture += 1
            return end
        if CAMERA_INFO in fff.records:
            camera = read_camera(fff.record(CAMERA_INFO, where, "camera record").data, where)
            time_ns = camera.time_ns
        elif found.at:  # only some frames have one: the last one counts, but for the time
            camera, time_ns = found.calibrations.cameras[found.calibrations.of_frame[-1]], None
        else:
            raise SessionImportError(f"{where} holds no camera record")
        found.calibrations.add(camera, where)
        found.fps = found.fps or camera.fps
        found.at.append(at)
        found.lengths.append(fff.length)
        found.times_ns.append(time_ns)
        found.counters.append(camera.counter)
        found.shutter.append(camera.shutter)
        found.hole_before.append(hole)
        return end

    def _skip(self, at: int, found: _Found) -> int:
        """Past bytes between two frames that are no frame."""
        following = self._next_header(at)
        gap = self._view[at:following]
        if bytes(gap[:4]) in MAGICS:
            raise SessionImportError(f"{self.path} is truncated or damaged: a record header breaks off at byte {at}")
        if len(gap) > _PADDING and np.frombuffer(gap, np.uint8).any():
            raise SessionImportError(f"{self.path} is damaged: {len(gap)} bytes at {at} are no FLIR record file")
        found.padding += len(gap)
        return following

    def _next_header(self, at: int) -> int:
        """The next header at or after ``at``, or the file's end."""
        whole = self._view.obj
        assert isinstance(whole, mmap.mmap)
        following = [len(whole)]
        for magic in MAGICS:
            place = whole.find(magic, at)
            while place >= 0 and not is_header(self._view, place):
                place = whole.find(magic, place + 1)
            if place >= 0:
                following.append(place)
        return min(following)

    def counts(self, at: int, length: int, number: int) -> NDArray[np.uint16]:
        """The counts of the frame of ``length`` bytes at ``at``.

        Raises:
            SessionImportError: they cannot be read, or are damaged.
        """
        where = f"{self.path}, frame {number} at byte {at}"
        try:
            self._file.seek(at)
            data = self._file.read(length)
        except OSError as error:
            raise SessionImportError(f"{where} cannot be read: {error.strerror or error}") from error
        record = read_fff(data, 0, where).record(RAW_DATA, where, "thermal counts")
        self.has_jpeg_ls |= is_jpeg_ls(bytes(record.data[IMAGE_HEADER : IMAGE_HEADER + 8]))
        return counts_of(record, where)


def _pictures(
    sequence: _Sequence, found: _Found, size: tuple[int, int], keep_damaged: bool
) -> Iterator[tuple[int, NDArray[np.uint16]]]:
    """(position, counts) of the frames that decode."""
    for k, (at, length) in enumerate(zip(found.at, found.lengths, strict=True)):
        try:
            counts = sequence.counts(at, length, k)
            if counts.shape != size:
                raise SessionImportError(
                    f"{sequence.path}, frame {k}: the camera record states {size[1]}x{size[0]} px, the counts have "
                    f"{counts.shape[1]}x{counts.shape[0]}"
                )
        except SessionImportError as error:
            if not keep_damaged:
                raise SessionImportError(f"{error} (--set damaged=keep takes what is whole)") from error
            found.damages.append(str(error))
            continue
        yield k, counts


class FlirSequence:
    """The importer of FLIR sequences."""

    name = "flir-seq"
    title = "FLIR sequence: SEQ, FFF, and CSQ (CSQ is UNVERIFIED: no camera's file was at hand)"
    uses = frozenset({"fps", "fx", "fy", "cx", "cy", "hfov_deg", "damaged"}) | EXTRA_WORDS
    kept = KEPT
    not_kept = NOT_KEPT

    def recognises(self, path: Path) -> bool:
        try:
            if path.suffix.lower() not in SUFFIXES or not path.is_file():
                return False
            with path.open("rb") as file:
                return file.read(4) in MAGICS
        except OSError:
            return False

    def run(self, path: Path, out: Path, options: ImportOptions, on_progress: Progress | None = None) -> ImportReport:
        check_options(self, options)
        keep_damaged = words.choice(options.extra, "damaged", ("refuse", "keep"), "refuse") == "keep"
        if not path.is_file():
            raise SessionImportError(f"{path} is a folder; name one .seq, .csq or .fff file")
        words.refuse_own_source(out, [path])
        with _Sequence(path) as sequence:
            return self._run(sequence, out, options, keep_damaged, on_progress)

    def _run(
        self,
        sequence: _Sequence,
        out: Path,
        options: ImportOptions,
        keep_damaged: bool,
        on_progress: Progress | None,
    ) -> ImportReport:
        path = sequence.path
        found = sequence.scan(keep_damaged)
        camera = found.calibrations.cameras[0]
        clock, times, fps, clock_note = clock_of(found.times_ns, found.fps, options.fps)
        counted = numbers_of(found.counters)
        size = (camera.height, camera.width)
        pictures = _pictures(sequence, found, size, keep_damaged)
        # The first picture is decoded before anything is written: a wrong file ends here.
        first = next(pictures, None)
        if first is None:
            raise SessionImportError(f"{path} holds no frame that is whole: {found.damages[0]}")
        thermal = ThermalStreams(found.calibrations.cameras, fps, intrinsics_of(camera, options), options.extra)
        notes = [
            clock_note,
            *_unverified(sequence),
            _counter_note(counted.step),
            *thermal.notes(first[1]),
            *fov_note(camera, options),
        ]
        if any(found.shutter):
            notes.append(f"{sum(found.shutter)} frames are marked as not measurable (flagged shutter)")
        info = SessionInfo.create(
            thermal.streams,
            title=path.resolve().stem,
            source=f"FLIR sequence {path.resolve().name}",
            clock=clock,
            notes={"import": "; ".join(notes), "flir": thermal.constants(found.calibrations)},
        )
        written, last = 0, -1
        with options.writer(out, info) as writer:
            for k, counts in _with_first(first, pictures):
                flags = FrameFlag.SHUTTER if found.shutter[k] else FrameFlag.NONE
                if counted.missing_before[k] or found.hole_before[k] or k != last + 1:
                    flags |= FrameFlag.DROPPED_BEFORE
                for frame in thermal.frames(
                    found.calibrations.of_frame[k], counts, counted.numbers[k], times[k], flags
                ):
                    writer.write_frame(frame)
                written, last = written + 1, k
                if on_progress is not None:
                    on_progress(k + 1, len(found.at))
        notes += thermal.closing_notes()
        if found.damages:
            notes.append(f"DAMAGED: {len(found.damages)} places were left out, the first: {found.damages[0]}")
        ignored = {"bytes of padding": found.padding, "record files without a picture": found.without_picture}
        return ImportReport(
            path=out,
            frames={s.name: written for s in thermal.streams},
            seconds=(times[last] - times[first[0]]) / 1e9,
            clock=clock,
            ignored={what: n for what, n in ignored.items() if n},
            notes=tuple(notes),
            bytes=out.stat().st_size,
        )


def _unverified(sequence: _Sequence) -> list[str]:
    if not sequence.has_jpeg_ls and sequence.path.suffix.lower() != ".csq":
        return []
    return ["UNVERIFIED: CSQ was never tried with a camera's own file; hold some temperatures against FLIR's program"]


def _counter_note(step: int) -> str:
    if not step:
        return "frames counted from 0: the camera's counter stands still"
    every = f", which rises by {step} from frame to frame" if step > 1 else ""
    return f"numbers by the camera's counter{every}"


def _with_first(
    first: tuple[int, NDArray[np.uint16]], rest: Iterator[tuple[int, NDArray[np.uint16]]]
) -> Iterator[tuple[int, NDArray[np.uint16]]]:
    yield first
    yield from rest


IMPORTER: Importer = FlirSequence()
