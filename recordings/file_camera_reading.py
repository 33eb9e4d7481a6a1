"""A foreign file read by its importer, frame by frame, without a session being written.

An importer writes what it reads into what its options make (:attr:`ImportOptions.open_writer`). Here it runs in a
thread and writes into a :class:`_Feed`: whatever can be imported can be played, now and later, with the importer's own
checks, clocks, kelvin and flags. The feed hands a few frames on and then waits until they are taken.
"""

from __future__ import annotations

import functools
import os
import threading
from collections import deque
from dataclasses import replace
from pathlib import Path
from typing import Final, Self

from drivers.errors import DriverError, EndOfStream
from drivers.frame import Frame
from recordings.errors import RecordingError, SessionImportError
from recordings.importers.protocol import Importer, ImportOptions
from recordings.importers.registry import importer_for, importers
from recordings.session import SessionInfo

_AHEAD: Final = 4
"""Frames that are read before they are asked for."""
_STOP_S: Final = 10.0
_REASON_CHARS: Final = 240
_NOWHERE: Final = Path(os.devnull) / "no-session"
"""What an importer is told to write: nothing is there, and nothing can be."""
_UNASKED: Final = frozenset({"realsense"})
"""Importers that start a process to look at a file: what they recognise is enough."""


class _Stopped(Exception):
    """Whoever played the file has no more use for it."""


class _Played(Exception):
    """The importer has handed on all frames."""


class FileReading:
    """One pass through a file. Started once; :meth:`stop` ends its thread.

    Args:
        path: a file or a folder.
        name: of the importer; None takes the one that recognises it.
        options: what the importer is told.
    """

    def __init__(self, path: Path, name: str | None, options: ImportOptions) -> None:
        self._path = path
        self._name = name
        self._options = options
        self._changed = threading.Condition()
        self._frames: deque[Frame] = deque()
        self._info: SessionInfo | None = None
        self._importer = ""
        self._end: Exception | None = None
        self._stopping = False
        self._thread = threading.Thread(target=self._run, name=f"file {path.name}")

    def start(self) -> None:
        self._thread.start()

    @property
    def importer(self) -> str:
        """The name of the importer that reads it, once :meth:`info` gave something."""
        return self._importer

    def info(self, timeout_s: float) -> SessionInfo | None:
        """What the file holds, None while it is being looked at.

        Raises:
            RecordingError: it cannot be read, and why.
        """
        with self._changed:
            if self._info is None and self._end is None:
                self._changed.wait(timeout_s)
            if self._info is None and self._end is not None:
                raise self._end
            return self._info

    def take(self, timeout_s: float) -> Frame | None:
        """The next frame, None when none was read in time.

        Raises:
            EndOfStream: there is none left.
            RecordingError: the file is damaged from here on.
        """
        with self._changed:
            if not self._frames and self._end is None:
                self._changed.wait(timeout_s)
            if self._frames:
                self._changed.notify_all()
                return self._frames.popleft()
            if self._end is not None:
                raise self._end
            return None

    def stop(self) -> None:
        """End the thread.

        Raises:
            DriverError: it hangs in a read of the disk; it ends when that returns.
        """
        with self._changed:
            self._stopping = True
            self._frames.clear()
            self._changed.notify_all()
        if self._thread.ident:
            self._thread.join(_STOP_S)
        if self._thread.is_alive():
            raise DriverError(f"{self._path} is still being read; its thread ends when the disk answers")

    # -- the thread ---------------------------------------------------------------------------------------------------

    def _run(self) -> None:
        end: Exception
        try:
            importer = importer_for(self._path, self._name)
            self._importer = importer.name
            importer.run(self._path, _NOWHERE, replace(self._options, open_writer=functools.partial(_Feed, self)))
            end = RecordingError(f"the importer {importer.name} wrote no session of {self._path}")
        except _Played:
            end = EndOfStream(f"{self._path} is at its end")
        except _Stopped:
            end = EndOfStream(f"{self._path} was closed")
        except SessionImportError as error:
            end = SessionImportError(self._refusal(error))
        except (RecordingError, DriverError) as error:
            end = error
        except Exception as error:  # noqa: BLE001  an optional library's own: whoever reads must learn of it
            end = RecordingError(f"{self._path} cannot be read: {type(error).__name__}: {error}")
        with self._changed:
            self._end = end
            self._changed.notify_all()

    def _refusal(self, error: SessionImportError) -> str:
        """What the importer says; where none was found, what each of them says."""
        if self._importer or self._name is not None or not self._path.exists() or self._stopping:
            return str(error)
        tried = "; ".join(f"{one.name}: {_why_not(one, self._path)}" for one in importers())
        head = str(error).partition(". There are ")[0]
        return f"{head}. Tried: {tried}"

    # -- for the feed -------------------------------------------------------------------------------------------------

    def begin(self, info: SessionInfo) -> None:
        with self._changed:
            self._info = info
            self._changed.notify_all()

    def put(self, frame: Frame) -> None:
        with self._changed:
            # Waits for room; whoever stops wakes it.
            self._changed.wait_for(lambda: self._stopping or len(self._frames) < _AHEAD)
            if self._stopping:
                raise _Stopped
            self._frames.append(frame)
            self._changed.notify_all()


class _Feed:
    """What an importer takes for a :class:`recordings.writer.SessionWriter`."""

    def __init__(self, reading: FileReading, path: Path, info: SessionInfo, *_: object, **__: object) -> None:
        self.path, self.info = path, info
        self._reading = reading
        reading.begin(info)

    def __enter__(self) -> Self:
        return self

    def __exit__(self, kind: type[BaseException] | None, *_: object) -> None:
        if kind is None:
            raise _Played

    def write_frame(self, frame: Frame, encoded: bytes | None = None, encoding: str = "jpeg") -> None:
        self._reading.put(frame if encoded is None else replace(frame, encoded=encoded))

    def write_attachment(self, name: str, media_type: str, data: bytes) -> None:
        """Annotations are for sessions; a camera gives frames."""


def _why_not(importer: Importer, path: Path) -> str:
    """Why an importer takes this path for none of its own."""
    if importer.name in _UNASKED:
        return f"no {importer.title}"
    try:
        importer.run(path, _NOWHERE, ImportOptions(open_writer=_refuse_to_write))
    except _Played:
        return f"not recognised by its name; as={importer.name} reads it"
    except RecordingError as error:
        return str(error).replace(f"{path} ", "", 1)[:_REASON_CHARS]
    except Exception as error:  # noqa: BLE001  an optional library's own: it is a reason, too
        return type(error).__name__
    return "nothing in it"


def _refuse_to_write(*_: object, **__: object) -> None:
    raise _Played
