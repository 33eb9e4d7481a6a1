"""A session's file while it is written: under a name of its own until it is whole, synced, ended or thrown away."""

from __future__ import annotations

import threading
from collections.abc import Mapping
from concurrent.futures import Executor
from dataclasses import dataclass
from pathlib import Path
from types import TracebackType
from typing import Final, Self

from recordings import schemas
from recordings.channels import MAX_HOST_NS
from recordings.chunk import Compression
from recordings.container_writer import ChannelSpec, ContainerWriter
from recordings.errors import SessionWriteError
from recordings.image_codec import Codec
from recordings.layout import LAYOUTS, SessionLayout
from recordings.part_file import PartFile
from recordings.session import SessionInfo, program_name
from recordings.session_ending import Newest, SessionEnding
from recordings.stream_writer import StreamWriter

_RESERVE_BYTES: Final = 1 << 20
_BYTES_A_FRAME: Final = 40
"""Of index a frame takes at the end of the file, before compression."""


@dataclass(frozen=True, slots=True)
class WriterLosses:
    """What :meth:`SessionFile.end` could not keep: stream -> frames that had been accepted, and other messages."""

    frames: Mapping[str, int]


class SessionFile:
    """The file of a session that is being written; see :class:`recordings.writer.SessionWriter`."""

    def __init__(
        self,
        path: Path | str,
        info: SessionInfo,
        layout: SessionLayout = "viewable",
        *,
        compression: Compression | None = None,
        codecs: Mapping[str, Codec] | None = None,
        overwrite: bool = False,
        packers: Executor | None = None,
        reserve: bool = False,
    ) -> None:
        self.path = Path(path)
        self.info = info
        self._lock = threading.Lock()
        self._closed = False
        self._refused: OSError | None = None
        self._newest = Newest()
        self._reserve = reserve
        self._drawn: set[str] = set()  # streams that the newest observation is drawn over
        if layout not in LAYOUTS:
            raise SessionWriteError(f"the layouts are {', '.join(LAYOUTS)}, found {layout!r}")
        if compression not in (None, "zstd", "lz4", "none"):
            raise SessionWriteError(f"the compressions are zstd, lz4, none, found {compression!r}")
        usual: Codec = "compact" if layout == "compact" else "raw"
        self._streams = {s.name: StreamWriter(s, (codecs or {}).get(s.name, usual)) for s in info.streams}
        unknown = sorted(set(codecs or {}) - set(self._streams))
        if unknown:
            raise SessionWriteError(f"a codec is given for {', '.join(unknown)}, which the session has no stream of")
        self._file = PartFile(self.path, overwrite=overwrite)
        try:
            self._container = ContainerWriter(
                self._file,
                profile=schemas.PROFILE,
                library=program_name(),
                compression=compression or ("none" if layout == "compact" else "zstd"),
                packers=packers,
            )
            self._ending = SessionEnding(info, self._file, self._container, self._streams, self._newest)
            self._ending.describe()
            if reserve:
                self._file.reserve(_RESERVE_BYTES)
        except OSError as error:
            self._file.discard()
            raise self._refusal(error) from error
        except BaseException:  # whatever it was, also an interrupt: nothing may stay behind
            self._file.discard()
            raise

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, value: BaseException | None, trace: TracebackType | None
    ) -> None:
        if kind is None:
            self.close()
        else:
            self.abort()

    @property
    def bytes_written(self) -> int:
        """What has reached the file so far; the present chunk is still in memory."""
        return self._file.size

    @property
    def part_path(self) -> Path:
        """Where the session lies until it is closed."""
        return self._file.path

    def poll(self) -> None:
        """Write chunks that the packers have finished; never waits for them.

        Raises:
            SessionWriteError: the disk refuses.
        """
        with self._lock:
            self._check_open()
            with self._told():
                self._container.poll()

    def flush(self, *, sync: bool = True) -> None:
        """End the present chunk and write it; with ``sync`` bring everything to the disk itself.

        Raises:
            SessionWriteError: the disk refuses.
        """
        with self._lock:
            self._check_open()
            with self._told():
                self._container.flush()
                if self._reserve:
                    frames = sum(len(s.index) for s in self._streams.values())
                    wanted = 2 * self._container.index_bytes + _BYTES_A_FRAME * frames
                    # in steps, so that it is not grown at each flush
                    self._file.reserve(-(-wanted // _RESERVE_BYTES) * _RESERVE_BYTES)
        if sync:
            self.sync()

    def sync(self) -> None:
        """Bring what was written to the disk itself (fdatasync). Others may write meanwhile: it takes no lock.

        Raises:
            SessionWriteError: the disk refuses.
        """
        with self._told():
            try:
                self._file.sync()
            except ValueError:  # closed meanwhile: publishing has synced it
                return

    def close(self, *, keep: bool = False) -> None:
        """Finish the file and give it its final name. Safe to call twice.

        Args:
            keep: what cannot be made again is not thrown away when this fails: :meth:`end` must follow then.

        Raises:
            SessionWriteError: the disk refuses; nothing is left under either name unless ``keep`` is said.
        """
        with self._lock:
            if self._closed:
                return
            try:
                with self._told():
                    if self._refused is not None:
                        raise self._refused
                    self._container.flush()
                    self._ending.finish()
            except BaseException:  # whatever it was, also an interrupt: nothing may stay behind
                if not keep:
                    self._closed = True
                    self._file.discard()
                raise
            self._closed = True

    def end(self, reason: str) -> WriterLosses:
        """Finish a session that cannot go on, keeping what was written: after a :class:`SessionWriteError`, say.

        The reason goes into the session as an event and into its log, where there is room for it. On a full disk the
        last chunks may have to go, so that the index finds room. Safe to call after :meth:`close`.

        Raises:
            SessionWriteError: not even that; what was written is in the ``.part`` file, and the message says so.
        """
        with self._lock:
            if self._closed:
                return WriterLosses({})
            self._closed = True
            if self._file.is_closed:
                self._file.leave()
                if not self._file.path.exists():
                    raise SessionWriteError(f"{self.path} is whole, but the disk did not confirm its name")
                raise SessionWriteError(
                    f"{self._file.path} is whole, but could not be given its name; rename it to one ending in .mcap"
                )
            self._file.release_reserve()
            accepted = {name: len(stream.index) for name, stream in self._streams.items()}
            try:
                if self._refused is None:
                    self._container.flush()
            except OSError as error:
                self._refused = error
            if self._refused is not None:
                self._container.forget()
            try:
                self._ending.finish_somehow(reason, accepted)
            except (OSError, SessionWriteError) as error:
                self._file.leave()
                raise SessionWriteError(
                    f"{self.path} could not be finished ({getattr(error, 'strerror', None) or error}); what was "
                    f"written is in {self._file.path}: `tapetum session recover {self._file.path} -o NAME.mcap`"
                ) from error
            return WriterLosses(self._ending.lost(accepted))

    def abort(self) -> None:
        """Throw away what was written; nothing is left under either name. Safe to call twice and after close."""
        with self._lock:
            if self._closed:
                return
            self._closed = True
            self._container.forget()
            self._file.discard()

    def _write(self, spec: ChannelSpec, data: bytes, host_ns: int | None = None) -> None:
        with self._lock:
            self._check_open()
            time = self._newest.host_ns if host_ns is None else host_ns
            if not 0 <= time < MAX_HOST_NS:
                raise SessionWriteError(f"{self.path.name}: {spec.topic} got the impossible host time {time} ns")
            with self._told():
                self._container.message(spec, time, data)

    def _check_open(self) -> None:
        if self._closed:
            raise SessionWriteError(f"{self.path.name}: the session is already finished, nothing can be added")
        if self._refused is not None:
            raise self._refusal(self._refused)

    def _told(self) -> _Told:
        return _Told(self)

    def _refusal(self, error: OSError) -> SessionWriteError:
        return SessionWriteError(
            f"{self._file.path} could not be written: {error.strerror or error}; "
            "free some space or choose another place with -o"
        )

    def remember(self, error: OSError) -> SessionWriteError:
        """The disk refused: nothing more is written, and every later call says why."""
        if self._refused is None:
            self._refused = error
        return self._refusal(error)


class _Told:
    """Turns what the disk says into what the writer says."""

    def __init__(self, writer: SessionFile) -> None:
        self._writer = writer

    def __enter__(self) -> None:
        return None

    def __exit__(
        self, kind: type[BaseException] | None, value: BaseException | None, trace: TracebackType | None
    ) -> None:
        if isinstance(value, OSError):
            raise self._writer.remember(value) from value
