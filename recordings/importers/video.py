"""Ordinary video files (MP4, AVI, MKV, MOV, ...) to a session, by FFmpeg in PyAV.

Frames keep the times of the container, exactly; a video that is not whole is refused unless that is asked for.
"""

from __future__ import annotations

import contextlib
import datetime
from collections.abc import Iterator
from fractions import Fraction
from pathlib import Path
from typing import Any, Final

from drivers.frame import Frame
from recordings.errors import SessionImportError
from recordings.importers import words
from recordings.importers.protocol import Importer, ImportOptions, ImportReport, Progress, check_options
from recordings.importers.thermal_words import SCALE_WORDS
from recordings.importers.video_container import what_is_missing
from recordings.importers.video_streams import VideoStream, look_at, streams_of
from recordings.importers.words import FORMATS_EXTRA
from recordings.session import SessionInfo

# fmt: off
SUFFIXES: Final = (
    ".mp4", ".m4v", ".mov", ".3gp", ".avi", ".mkv", ".webm", ".ts", ".m2ts", ".mts", ".mpg", ".mpeg", ".wmv", ".asf",
    ".flv", ".y4m", ".ogv", ".mjpeg", ".mjpg", ".h264", ".264", ".h265", ".hevc",
)
# fmt: on

_HEADS: Final = (
    (4, b"ftyp"),
    (4, b"moov"),
    (4, b"mdat"),
    (4, b"wide"),
    (4, b"free"),
    (4, b"skip"),
    (0, b"RIFF"),
    (0, b"\x1a\x45\xdf\xa3"),
    (0, b"\x47"),
    (4, b"\x47"),
    (0, b"\0\0\1\xba"),
    (0, b"\0\0\1"),
    (0, b"\0\0\0\1"),
    (0, b"\x30\x26\xb2\x75"),
    (0, b"FLV"),
    (0, b"YUV4MPEG2"),
    (0, b"OggS"),
    (0, b"\xff\xd8\xff"),
)
"""(position, bytes) with which the known containers begin."""

_WITHOUT_CLOCK: Final = frozenset({"mjpeg", "h264", "hevc", "m4v", "mpegvideo"})
"""Bare streams, for which FFmpeg makes times up."""

_HOST_RANGE_NS: Final = (946_684_800 * 10**9, (1 << 32) * 10**9)
_LARGE: Final = 3


class _Reader:
    """Reads the frames of the chosen streams, in the order of the file."""

    def __init__(self, path: Path, streams: list[VideoStream], fps: float | None, keep_damaged: bool) -> None:
        self.path = path
        self.damages: list[str] = []
        self.packets = 0
        self._streams = {s.look.index: s for s in streams}
        self._fps = fps
        self._keep = keep_damaged
        self._waiting: dict[int, bool] = {}

    def frames(self, container: Any) -> Iterator[tuple[VideoStream, Frame, bytes | None]]:
        """(stream, frame, the JPEG's bytes where they are kept).

        Raises:
            SessionImportError: the file is damaged, and that was not allowed.
        """
        import av

        wanted = [container.streams[k] for k in self._streams]
        for stream in wanted:
            if stream.codec_context is None:
                continue
            # Without this FFmpeg hides damage under invented pixels. One thread decides the same way each time.
            stream.codec_context.options = {"err_detect": "explode"}
            # Threads of slices alone: those of frames may wait for each other for ever when a damaged file is closed.
            stream.codec_context.thread_type = "NONE" if self._keep else "SLICE"
        base_ns = _host_base_ns(container)
        packets = container.demux(wanted)
        while True:
            try:
                packet = next(packets, None)
            except av.error.FFmpegError as error:
                self._damaged(None, f"it cannot be read further: {error.strerror or error}")
                return
            if packet is None:
                return
            yield from self._of_packet(packet, base_ns)

    def _of_packet(self, packet: Any, base_ns: int) -> Iterator[tuple[VideoStream, Frame, bytes | None]]:
        import av

        stream = self._streams[packet.stream.index]
        self.packets += bool(packet.size)
        if packet.is_corrupt:
            self._damaged(stream, "a packet is cut off")
            return
        if stream.as_jpeg or stream.look.as_y16:
            if packet.size:
                yield from self._undecoded(stream, packet, base_ns)
            return
        try:
            decoded = packet.decode()
        except av.error.FFmpegError as error:
            self._damaged(stream, f"a frame does not decode: {error.strerror or error}")
            return
        for frame in decoded:
            if frame.is_corrupt:
                self._damaged(stream, "a frame is damaged")
            elif self._waiting.get(stream.look.index) and not frame.key_frame:
                pass  # built upon a frame that is lost
            else:
                self._waiting[stream.look.index] = False
                time_ns = self._time_ns(stream, frame.pts, frame.time_base)
                yield stream, stream.frame(stream.pixels(frame), time_ns, base_ns + time_ns), None

    def _undecoded(
        self, stream: VideoStream, packet: Any, base_ns: int
    ) -> Iterator[tuple[VideoStream, Frame, bytes | None]]:
        """A packet that needs no FFmpeg: a JPEG, whose bytes are kept, or bare counts."""
        data = bytes(packet)
        try:
            pixels = stream.jpeg_pixels(data) if stream.as_jpeg else stream.y16_pixels(data)
        except SessionImportError as error:
            self._damaged(stream, str(error))
            return
        time_ns = self._time_ns(stream, packet.pts, packet.time_base)
        yield stream, stream.frame(pixels, time_ns, base_ns + time_ns), data if stream.as_jpeg else None

    def _time_ns(self, stream: VideoStream, pts: int | None, time_base: Fraction | None) -> int:
        if self._fps is not None:
            return round((stream.written + 1) * 1e9 / self._fps)
        if pts is None or not time_base:
            raise SessionImportError(
                f"{self.path}: frame {stream.written} of stream {stream.info.name} has no time; --fps N makes times"
            )
        return round(pts * time_base * 10**9)

    def _damaged(self, stream: VideoStream | None, what: str) -> None:
        where = ""
        if stream is not None:
            place = f"after frame {stream.written - 1}" if stream.written else "at its begin"
            where = f"stream {stream.info.name} {place}: "
        if not self._keep:
            raise SessionImportError(f"{self.path} is damaged: {where}{what} (--set damaged=keep takes what is whole)")
        self.damages.append(where + what)
        if stream is not None:
            stream.lost_before = True
            self._waiting[stream.look.index] = True


def _host_base_ns(container: Any) -> int:
    """What makes host time of the container's time: when it was recorded, where it says so; else nothing before 0."""
    with contextlib.suppress(ValueError, OverflowError):
        created = datetime.datetime.fromisoformat(container.metadata.get("creation_time", ""))
        if created.tzinfo is None:
            created = created.replace(tzinfo=datetime.UTC)
        base = round(created.timestamp()) * 10**9
        if _HOST_RANGE_NS[0] < base < _HOST_RANGE_NS[1]:
            return base
    start_us = container.start_time or 0
    return max(0, -start_us * 1000)


@contextlib.contextmanager
def _opened(path: Path) -> Iterator[Any]:
    try:
        import av
    except ImportError as error:
        raise SessionImportError(f"{path} is a video, which needs PyAV: {FORMATS_EXTRA}") from error
    try:
        # Only files: a playlist that calls itself .mp4 must not reach elsewhere.
        container = av.open(str(path.resolve()), options={"protocol_whitelist": "file"})
    except (av.error.FFmpegError, OSError, ValueError) as error:
        raise SessionImportError(
            f"{path} cannot be opened as a video: {getattr(error, 'strerror', None) or error}"
        ) from error
    try:
        yield container
    finally:
        container.close()


class Video:
    """The importer of ordinary video files."""

    name = "video"
    title = "video file (MP4, MOV, AVI, MKV, WebM, ...)"
    uses = frozenset({"fps", "unit_mm", "fx", "fy", "cx", "cy", "hfov_deg", "kind", "stream", "damaged", *SCALE_WORDS})
    kept = (
        "every frame of every video stream, with the container's time, exactly (variable rates too)",
        "motion JPEG: each frame's JPEG, byte for byte",
        "gray of 8 to 16 bits, with the values of the file; as infrared, thermal or depth by --set kind=",
        "rotation, applied to the pixels; the time of recording, as host time",
    )
    not_kept = (
        "sound, subtitles, chapters, cover pictures (counted in the report)",
        "of colour more than 8 bits a channel, alpha; the compression itself (frames are stored decoded)",
    )

    def recognises(self, path: Path) -> bool:
        try:
            if path.suffix.lower() not in SUFFIXES or not path.is_file():
                return False
            with path.open("rb") as file:
                head = file.read(16)
        except OSError:
            return False
        return any(head[at:].startswith(mark) for at, mark in _HEADS)

    def run(self, path: Path, out: Path, options: ImportOptions, on_progress: Progress | None = None) -> ImportReport:
        check_options(self, options)
        keep_damaged = words.choice(options.extra, "damaged", ("refuse", "keep"), "refuse") == "keep"
        fps = None if options.fps is None else words.positive("fps", options.fps)
        words.refuse_own_source(out, [path])
        whole_note = _check_whole(path, keep_damaged)
        with _opened(path) as container:
            if fps is None and container.format.name in _WITHOUT_CLOCK:
                raise SessionImportError(f"{path} is a bare {container.format.name} stream without times; give --fps")
            looks, ignored = look_at(container, path)
            total = sum(container.streams[look.index].frames for look in looks)
        streams = streams_of(looks, options, path)
        clock_note = "times from the file" if fps is None else f"synthetic clock, {fps:g} frames/s"
        notes = [clock_note, *whole_note, *(note for s in streams for note in _stream_notes(s))]
        left_out = len(looks) - len(streams)
        if left_out:
            ignored["video stream not asked for"] = left_out
        name = path.resolve().name
        info = SessionInfo.create(
            [s.info for s in streams],
            title=path.resolve().stem,
            source=f"video {name}",
            clock="device" if fps is None else "synthetic",
            notes={"import": "; ".join(notes)},
        )
        reader = _Reader(path, streams, fps, keep_damaged)
        first_ns, last_ns = None, 0
        with (
            _opened(path) as container,
            options.writer(out, info) as writer,
        ):
            for done, (_, frame, data) in enumerate(reader.frames(container), 1):
                writer.write_frame(frame, encoded=data)
                first_ns = frame.device_ns if first_ns is None else min(first_ns, frame.device_ns)
                last_ns = max(last_ns, frame.device_ns)
                if on_progress is not None:
                    on_progress(done, max(total, done) if total else 0)
            if first_ns is None:
                raise SessionImportError(f"{path} holds no video frame that is whole")
        size = out.stat().st_size
        notes += _closing_notes(reader, streams, size, path.stat().st_size, options.layout)
        return ImportReport(
            path=out,
            frames={s.info.name: s.written for s in streams},
            seconds=(last_ns - first_ns) / 1e9,
            clock=info.clock,
            ignored=ignored,
            notes=tuple(notes),
            bytes=size,
        )


def _check_whole(path: Path, keep_damaged: bool) -> list[str]:
    """A note on whether the file is whole.

    Raises:
        SessionImportError: it is empty, unreadable, or (without ``keep_damaged``) not whole.
    """
    try:
        if not path.is_file():
            raise SessionImportError(f"{path} is no file; name one video file")
        if path.stat().st_size == 0:
            raise SessionImportError(f"{path} is empty")
        missing = what_is_missing(path)
    except OSError as error:
        raise SessionImportError(f"{path} cannot be read: {error.strerror or error}") from error
    if missing is None:
        return ["this kind of file does not tell whether it is whole"]
    if missing and not keep_damaged:
        raise SessionImportError(f"{path} is truncated: {missing} (--set damaged=keep takes what is there)")
    return [f"DAMAGED: the file is truncated: {missing}"] if missing else []


def _stream_notes(stream: VideoStream) -> list[str]:
    look = stream.look
    how = "its JPEG bytes kept" if stream.as_jpeg else "decoded" + (", lossy" if stream.is_lossy else ", lossless")
    words_of = [f"{stream.info.name}: {look.codec} {look.pixel_format}, {how}", *look.remarks]
    return ["; ".join([*words_of, *([stream.note] if stream.note else [])])]


def _closing_notes(reader: _Reader, streams: list[VideoStream], size: int, before: int, layout: str) -> list[str]:
    notes: list[str] = []
    written = sum(s.written for s in streams)
    if reader.damages:
        notes.append(f"DAMAGED: {len(reader.damages)} places were left out, the first: {reader.damages[0]}")
    elif reader.packets != written:
        notes.append(f"{reader.packets} packets gave {written} frames")
    if size > _LARGE * before:
        hint = "" if layout == "compact" else " (--layout compact makes it smaller)"
        notes.append(f"decoded, the session has {size / before:.0f} times the video's size{hint}")
    return notes


IMPORTER: Importer = Video()
