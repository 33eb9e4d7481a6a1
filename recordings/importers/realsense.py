"""A RealSense recording (.db3, .bag) to a session, by the SDK's own playback."""

from __future__ import annotations

import json
import queue
import signal
import subprocess
import sys
import tempfile
import threading
from collections.abc import Iterator, Mapping
from pathlib import Path
from types import TracebackType
from typing import IO, Any, Final, Self

from drivers.frame import Frame, FrameFlag
from recordings.errors import SessionImportError
from recordings.importers import realsense_index, realsense_player, words
from recordings.importers.protocol import Importer, ImportOptions, ImportReport, Progress, check_options
from recordings.importers.realsense_streams import Source, Times, sources
from recordings.session import SessionInfo
from recordings.writer import SessionWriter

_PATIENCE_S: Final = 60.0
"""How long the SDK may say nothing; opening a recording of many gigabytes takes it a while."""

_ATTEMPTS: Final = 3
"""The playback has been seen to drop frames; what it drops differs from time to time."""

_MAX_HEAD: Final = 1 << 24
_MAX_IMAGE: Final = 1 << 28


class Realsense:
    """The importer of RealSense recordings."""

    name = "realsense"
    title = "RealSense recording (.db3, .bag), needs pyrealsense2 2.58 or newer"
    uses = frozenset({"unit_mm", "timeout_s"})
    kept = (
        "depth (Z16) with its unit, infrared (Y8, Y16), fisheye (Y8, RAW8) and colour (RGB8, BGR8), pixel for pixel",
        "colour of RGBA8 and BGRA8 without alpha; YUYV and UYVY converted to RGB",
        "every frame once: what comes is counted against what the file says it holds",
        "frame numbers (gaps are flagged), device times, host times of arrival where they were recorded",
        "intrinsics with Brown-Conrady or fisheye distortion, where each stream stands, nominal frames a second",
        "device name, serial number, firmware and options, as notes",
    )
    not_kept = (
        "motion and pose (accelerometer, gyroscope), confidence, and images of other formats (counted in the report)",
        "distortion of the model ftheta (said in the notes, the pinhole part is kept)",
        "metadata of each frame (exposure, gain, ...) and embedded filters",
        "which of .bag's pixels changed on the disk: the format has no checksums (.db3's images are checked)",
    )

    def recognises(self, path: Path) -> bool:
        return realsense_index.is_recording(path)

    def run(self, path: Path, out: Path, options: ImportOptions, on_progress: Progress | None = None) -> ImportReport:
        check_options(self, options)
        patience_s = _seconds(options.extra.get("timeout_s"))
        if options.unit_mm is not None and not 0 < options.unit_mm < 1e6:
            raise SessionImportError(f"unit_mm must be a positive number, found {options.unit_mm}")
        words.refuse_own_source(out, [path])
        counts = {key.lower(): n for key, n in realsense_index.frame_counts(path).items()}
        attempt = 0
        while True:
            attempt += 1
            try:
                return _import(path, out, options, counts, patience_s, on_progress)
            except _DroppedError as error:
                if attempt == _ATTEMPTS:
                    raise SessionImportError(f"{error}; tried {attempt} times. It may be damaged") from error


class _DroppedError(SessionImportError):
    """The playback gave other frames than the file holds."""


def _seconds(text: str | None) -> float:
    if text is None:
        return _PATIENCE_S
    try:
        seconds = float(text)
    except ValueError:
        seconds = 0.0
    if not 1 <= seconds <= 86400:
        raise SessionImportError(f"timeout_s takes 1 to 86400 seconds, found {text!r}")
    return seconds


def _import(
    path: Path,
    out: Path,
    options: ImportOptions,
    counts: Mapping[str, int],
    patience_s: float,
    on_progress: Progress | None,
) -> ImportReport:
    with _Player(path, patience_s) as player:
        head = player.first()
        device: dict[str, str] = head["device"]
        camera = " ".join(device[k] for k in ("name", "serial_number") if device.get(k)) or "RealSense"
        kept, dropped, notes = sources(head["streams"], camera, options.unit_mm)
        if not kept:
            raise SessionImportError(f"{path} holds no stream of images that can be kept ({_listed(counts, dropped)})")
        if not counts:
            notes.append("an old recording that does not list its frames: dropped ones would not be noticed")
        by_key = {s.key: s for s in kept}
        times = {s.key: Times(s.info.fps) for s in kept}
        info = SessionInfo.create(
            [s.info for s in kept],
            title=path.stem,
            source=f"RealSense recording {path.name}",
            notes={
                "import": "; ".join([f"camera {camera}", *notes]),
                "realsense.device": json.dumps(device, sort_keys=True),
                "realsense.sensors": json.dumps(head["sensors"], sort_keys=True),
            },
        )
        with options.writer(out, info) as writer:
            written = _copy(player, by_key, times, writer, sum(counts.get(k, 0) for k in by_key), on_progress)
            if counts and any(written[k][0] != counts.get(k, 0) for k in by_key):
                found = ", ".join(f"{written[k][0]} of {counts.get(k, 0)} {by_key[k].info.name}" for k in by_key)
                raise _DroppedError(f"the SDK plays {found} frames of {path}")
            if not any(n for n, _, _ in written.values()):
                raise SessionImportError(f"{path} has no frames")
    ignored = {f"{key} message": n for key, n in counts.items() if key not in by_key and key not in dropped}
    ignored |= {f"{key} frame of format {form.upper()}": counts.get(key, 0) for key, form in dropped.items()}
    notes = [f"camera {camera}", *notes, *_time_notes(kept, times)]
    newest = max(last for _, _, last in written.values())
    oldest = min(first for n, first, _ in written.values() if n)
    return ImportReport(
        path=out,
        frames={s.info.name: written[s.key][0] for s in kept},
        seconds=(newest - oldest) / 1e9,
        clock="device",
        ignored=ignored,
        notes=tuple(notes),
        bytes=out.stat().st_size,
    )


def _copy(
    player: _Player,
    by_key: Mapping[str, Source],
    times: Mapping[str, Times],
    writer: SessionWriter,
    total: int,
    on_progress: Progress | None,
) -> dict[str, tuple[int, int, int]]:
    """Every frame to the session; stream key -> frames, device times of the first and the last, ns."""
    written = dict.fromkeys(by_key, (0, 0, 0))
    last: dict[str, int] = {}
    for head, data in player.frames():
        key = head["stream"]
        if key not in by_key:
            continue
        source, number = by_key[key], int(head["number"])
        device_ns, host_ns = times[key].of(head)
        lost = key in last and number > last[key] + 1
        flags = FrameFlag.DROPPED_BEFORE if lost else FrameFlag.NONE
        writer.write_frame(Frame(source.info, source.pixels(head, data), number, device_ns, host_ns, flags))
        last[key] = number
        count, first_ns, _ = written[key]
        written[key] = (count + 1, first_ns if count else device_ns, device_ns)
        if on_progress is not None:
            on_progress(sum(n for n, _, _ in written.values()), total)
    return written


def _time_notes(kept: tuple[Source, ...], times: Mapping[str, Times]) -> Iterator[str]:
    domains = sorted({d for t in times.values() for d in t.domains})
    yield f"device times: {', '.join(domains)}"
    without = [s.info.name for s in kept if not times[s.key].arrivals]
    if without:
        yield f"no times of arrival of {', '.join(without)}: the device's stand for the host's"
    for source in kept:
        if times[source.key].moved:
            yield f"{source.info.name}: the clock went back {times[source.key].moved} times; host times go on"


def _listed(counts: Mapping[str, int], dropped: Mapping[str, str]) -> str:
    said = [f"{key} of format {form.upper()}" for key, form in dropped.items()]
    said += [f"{n} {key} messages" for key, n in counts.items() if key not in dropped]
    return ", ".join(said) or "it has no RealSense streams at all"


class _Player:
    """The SDK in its process, and who watches over it. A context manager: leaving it ends the process."""

    def __init__(self, path: Path, patience_s: float) -> None:
        self._path = path
        self._patience_s = patience_s
        self._said = tempfile.TemporaryFile()  # noqa: SIM115 - it lives as long as the process
        # -P: the script's own folder must not come before the libraries
        command = [sys.executable, "-P", str(realsense_player.__file__), str(path.absolute())]
        try:
            self._process = subprocess.Popen(
                command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=self._said, bufsize=0
            )
        except OSError as error:
            self._said.close()
            raise SessionImportError(f"a process to play {path} in cannot be started: {error}") from error
        self._parts: queue.Queue[tuple[dict[str, Any], bytes] | None] = queue.Queue(maxsize=8)
        self._ending = threading.Event()
        self._reader = threading.Thread(target=self._read, name="realsense-reader", daemon=True)
        self._reader.start()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, value: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._ending.set()
        self._process.kill()
        self._process.wait()
        while self._reader.is_alive():  # it may wait for room in the queue
            try:
                self._parts.get(timeout=0.05)
            except queue.Empty:
                continue
        for pipe in (self._process.stdin, self._process.stdout):
            if pipe is not None:
                pipe.close()
        self._said.close()

    def first(self) -> dict[str, Any]:
        """What the recording holds."""
        head, _ = self._next()
        if head["kind"] != "device":
            raise SessionImportError(f"the player of {self._path} began with {head['kind']!r}; this is a fault in here")
        return head

    def frames(self) -> Iterator[tuple[dict[str, Any], bytes]]:
        """Head and bytes of every frame.

        Raises:
            SessionImportError: the SDK reports an error, crashes, or says nothing for too long.
        """
        while True:
            head, data = self._next()
            if head["kind"] == "end":
                return
            yield head, data

    def _next(self) -> tuple[dict[str, Any], bytes]:
        try:
            part = self._parts.get(timeout=self._patience_s)
        except queue.Empty:
            raise SessionImportError(
                f"the SDK has said nothing about {self._path} for {self._patience_s:g} s and was stopped; the "
                "recording may be damaged. For a very large one give more time: --set timeout_s=600"
            ) from None
        if part is None:
            raise SessionImportError(self._crash())
        if part[0]["kind"] == "error":
            if part[0].get("missing"):
                raise SessionImportError(
                    'RealSense recordings need pyrealsense2; install it with `pip install "tapetum[realsense]"`'
                )
            raise SessionImportError(f"{self._path} cannot be played: {part[0]['text']}{_hint(part[0]['text'])}")
        return part

    def _crash(self) -> str:
        code = self._process.wait()
        try:
            how = signal.Signals(-code).name if code < 0 else f"exit code {code}"
        except ValueError:
            how = f"signal {-code}"
        self._said.seek(0)
        lines = self._said.read()[-4000:].decode(errors="replace").strip().splitlines()
        last = f" ({lines[-1].strip()})" if lines else ""
        return f"the SDK crashed while it played {self._path}: {how}{last}; the recording may be damaged"

    def _read(self) -> None:
        """The reader thread: parts from the pipe to the queue, None at its end."""
        pipe = self._process.stdout
        try:
            while pipe is not None and not self._ending.is_set():
                (length,) = realsense_player.LENGTH.unpack(_exactly(pipe, realsense_player.LENGTH.size))
                head = json.loads(_exactly(pipe, min(length, _MAX_HEAD)))
                self._parts.put((head, _exactly(pipe, min(int(head["bytes"]), _MAX_IMAGE))))
        except (EOFError, OSError, ValueError, KeyError, TypeError):
            pass
        self._parts.put(None)


def _exactly(pipe: IO[bytes], size: int) -> bytes:
    """``size`` bytes, however many reads that takes."""
    out = bytearray(size)
    view = memoryview(out)
    while view:
        got = pipe.readinto(view)  # type: ignore[attr-defined] # unbuffered, so it is a RawIOBase
        if not got:
            raise EOFError
        view = view[got:]
    return bytes(out)


def _hint(text: str) -> str:
    if "libusb" in text:
        return "; install libusb (Debian: `apt install libusb-1.0-0`)"
    return "; it may be damaged, or newer than the installed pyrealsense2"


IMPORTER: Importer = Realsense()
