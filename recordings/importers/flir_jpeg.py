"""FLIR radiometric JPEG, one file or a folder of one camera's, to a session.

Within the JPEG lies a record file (flir_records) in pieces; what a viewer shows of the JPEG is only a rendering.
"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Final

import numpy as np
from numpy.typing import NDArray

from drivers.frame import Frame, FrameFlag, StreamInfo, StreamKind
from recordings.errors import SessionImportError
from recordings.importers import words
from recordings.importers.flir_camera import CameraInfo, read_camera
from recordings.importers.flir_records import CAMERA_INFO, RAW_DATA, VISUAL_IMAGE, Fff, counts_of, read_fff, visual_of
from recordings.importers.flir_streams import (
    EXTRA_WORDS,
    KEPT,
    NOT_KEPT,
    Calibrations,
    ThermalStreams,
    clock_of,
    fov_note,
    intrinsics_of,
)
from recordings.importers.image_files import read_bytes
from recordings.importers.protocol import Importer, ImportOptions, ImportReport, Progress, check_options
from recordings.session import SessionInfo
from recordings.writer import SessionWriter

SUFFIXES: Final = (".jpg", ".jpeg")
_MARK: Final = b"FLIR\0"
_LOOKED_AT: Final = 1 << 18
_FILES_LOOKED_AT: Final = 8


@dataclass(frozen=True, slots=True)
class FlirPicture:
    """What one file holds.

    Attributes:
        camera: the camera record.
        counts: (H, W) uint16.
        visual: the visual camera's picture, RGB (H, W, 3) uint8, None when there is none.
        visual_jpeg: its own bytes, where it is a JPEG.
    """

    camera: CameraInfo
    counts: NDArray[np.uint16]
    visual: NDArray[np.uint8] | None
    visual_jpeg: bytes | None


def read_flir_jpeg(path: Path) -> FlirPicture:
    """Everything of one file.

    Raises:
        SessionImportError: it is no radiometric JPEG, or damaged.
    """
    records = _records(path)
    camera = read_camera(records.record(CAMERA_INFO, str(path), "camera record").data, str(path))
    counts = counts_of(records.record(RAW_DATA, str(path), "thermal counts"), str(path))
    if counts.shape != (camera.height, camera.width):
        raise SessionImportError(
            f"{path}: the camera record states {camera.width}x{camera.height} px, the counts have "
            f"{counts.shape[1]}x{counts.shape[0]}; the file is damaged"
        )
    if VISUAL_IMAGE not in records.records:
        return FlirPicture(camera, counts, None, None)
    visual, data = visual_of(records.record(VISUAL_IMAGE, str(path), "visual picture"), str(path))
    return FlirPicture(camera, counts, visual, data)


def _records(path: Path) -> Fff:
    data = read_bytes(path)
    if not data.startswith(b"\xff\xd8"):
        raise SessionImportError(f"{path} is {'no JPEG' if data else 'empty'}; a FLIR radiometric JPEG is expected")
    pieces, count = _pieces(data, path)
    missing = [k for k in range(count) if k not in pieces]
    if not count or missing:
        what = f"lacks piece {missing[0]} of {count} of" if missing else "holds no"
        raise SessionImportError(
            f"{path} {what} FLIR's thermal data; what edits or sends pictures may drop it: take the camera's own file"
        )
    return read_fff(b"".join(pieces[k] for k in range(count)), 0, str(path))


def _pieces(data: bytes, path: Path) -> tuple[dict[int, bytes], int]:
    """FLIR's APP1 segments by number, and how many there should be.

    A segment: FF E1, length (of itself and what follows), ``FLIR`` 00 01, its number, the last number, content.
    """
    pieces: dict[int, bytes] = {}
    count, at = 0, 2
    while at + 4 <= len(data) and data[at] == 0xFF and data[at + 1] != 0xDA:
        if data[at + 1] == 0xFF:  # a fill byte
            at += 1
            continue
        length = int.from_bytes(data[at + 2 : at + 4], "big")
        content = data[at + 4 : at + 2 + length]
        if len(content) != length - 2:
            raise SessionImportError(f"{path} is truncated within its JPEG header")
        if data[at + 1] == 0xE1 and content.startswith(_MARK) and len(content) >= 8:
            number, last = content[6], content[7]
            if number in pieces or (count and count != last + 1):
                raise SessionImportError(f"{path}: FLIR's pieces contradict each other (piece {number} of {last + 1})")
            pieces[number], count = content[8:], last + 1
        at += 2 + length
    return pieces, count


def _is_flir_jpeg(path: Path) -> bool:
    """By its first bytes.

    Raises:
        OSError: it cannot be read.
    """
    with path.open("rb") as file:
        head = file.read(_LOOKED_AT)
    return head.startswith(b"\xff\xd8") and _MARK in head


def _find(path: Path) -> tuple[list[Path], dict[str, int]]:
    """The files to read, and what else lies in the folder."""
    if path.is_file():
        return [path], {}
    ignored: dict[str, int] = {}
    found: list[Path] = []
    for one in words.files_of(path):
        try:
            is_ours = one.suffix.lower() in SUFFIXES and _is_flir_jpeg(one)
        except OSError as error:
            raise SessionImportError(f"{one} cannot be read: {error.strerror or error}") from error
        if is_ours:
            found.append(one)
        else:
            what = "JPEG without thermal data" if one.suffix.lower() in SUFFIXES else f"*{one.suffix}"
            ignored[what] = ignored.get(what, 0) + 1
    if not found:
        raise SessionImportError(f"the folder {path} holds no FLIR radiometric JPEG")
    return found, ignored


def _camera_of(path: Path) -> CameraInfo:
    return read_camera(_records(path).record(CAMERA_INFO, str(path), "camera record").data, str(path))


class _VisualStream:
    """The visual pictures as a stream like the first of them; others are counted, not taken."""

    def __init__(self, first: FlirPicture, fps: float) -> None:
        self.info: StreamInfo | None = None
        self.taken, self.refused = 0, 0
        self._as_jpeg = first.visual_jpeg is not None
        if first.visual is not None:
            height, width = first.visual.shape[:2]
            camera = f"{first.camera.name} (visual)"
            self.info = StreamInfo("color", StreamKind.COLOR, width, height, "uint8", fps, camera=camera)

    def write(self, picture: FlirPicture, writer: SessionWriter, number: int, time_ns: int) -> None:
        if picture.visual is None:
            return
        alike = (picture.visual_jpeg is not None) == self._as_jpeg
        if self.info is None or not alike or picture.visual.shape != self.info.shape:
            self.refused += 1
            return
        # Lossy, too, where it is no JPEG: it was coded as luma and chroma.
        frame = Frame(self.info, picture.visual, number, time_ns, time_ns, FrameFlag.LOSSY)
        writer.write_frame(frame, encoded=picture.visual_jpeg)
        self.taken += 1


class FlirJpeg:
    """The importer of FLIR radiometric JPEG."""

    name = "flir-jpeg"
    title = "FLIR radiometric JPEG: one file, or a folder of one camera's files"
    uses = frozenset({"fps", "fx", "fy", "cx", "cy", "hfov_deg"}) | EXTRA_WORDS
    kept = (*KEPT, "the visual camera's picture, a JPEG's bytes as they are, as the stream color (flagged lossy)")
    not_kept = (*NOT_KEPT, "the rendered picture that a viewer shows of the JPEG, and EXIF")

    def recognises(self, path: Path) -> bool:
        try:
            if path.is_file():
                return path.suffix.lower() in SUFFIXES and _is_flir_jpeg(path)
            files = sorted(p for p in path.iterdir() if p.suffix.lower() in SUFFIXES and p.is_file())
            return any(_is_flir_jpeg(p) for p in files[:_FILES_LOOKED_AT])
        except OSError:
            return False

    def run(self, path: Path, out: Path, options: ImportOptions, on_progress: Progress | None = None) -> ImportReport:
        check_options(self, options)
        paths, ignored = _find(path)
        words.refuse_own_source(out, paths)
        taken = sorted(((_camera_of(p).time_ns, k) for k, p in enumerate(paths)), key=lambda t: (t[0] or 0, t[1]))
        paths = [paths[k] for _, k in taken]
        calibrations = Calibrations()
        for one in paths:
            calibrations.add(_camera_of(one), str(one))
        # The record's nominal rate is that of the camera's live picture, not of a series of single shots.
        clock, times, fps, clock_note = clock_of([t for t, _ in taken], 0.0, options.fps)
        first = read_flir_jpeg(paths[0])
        thermal = ThermalStreams(calibrations.cameras, fps, intrinsics_of(first.camera, options), options.extra)
        visual = _VisualStream(first, fps)
        streams = (*thermal.streams, *([visual.info] if visual.info is not None else []))
        notes = [clock_note, *thermal.notes(first.counts), *fov_note(first.camera, options)]
        info = SessionInfo.create(
            streams,
            title=path.resolve().stem,
            source=f"FLIR radiometric JPEG {path.resolve().name}",
            clock=clock,
            notes={
                "import": "; ".join(notes),
                "flir": thermal.constants(calibrations),
            },
        )
        with options.writer(out, info) as writer:
            for k, (one, time_ns) in enumerate(zip(paths, times, strict=True)):
                picture = read_flir_jpeg(one)
                flags = FrameFlag.SHUTTER if picture.camera.shutter else FrameFlag.NONE
                for frame in thermal.frames(calibrations.of_frame[k], picture.counts, k, time_ns, flags):
                    writer.write_frame(frame)
                visual.write(picture, writer, k, time_ns)
                if on_progress is not None:
                    on_progress(k + 1, len(paths))
        if visual.refused:
            ignored["visual picture unlike the first one"] = visual.refused
        counts = {s.name: len(paths) for s in thermal.streams}
        if visual.info is not None:
            counts[visual.info.name] = visual.taken
        return ImportReport(
            path=out,
            frames=counts,
            seconds=(times[-1] - times[0]) / 1e9,
            clock=clock,
            ignored=ignored,
            notes=(*notes, *thermal.closing_notes()),
            bytes=out.stat().st_size,
        )


IMPORTER: Importer = FlirJpeg()
