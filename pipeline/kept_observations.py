"""What rules read of computed observations, kept in a file: rules that are changed need no computing anew.

A line of JSON a FrameSet, compressed: faces without their landmarks and images, and what the frames show. The file
names what it was made of; one of something else, or of a run that did not end, counts for nothing.
"""

from __future__ import annotations

import contextlib
import gzip
import json
import logging
import os
import zlib
from collections.abc import Iterator, Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any, Final

from recordings.errors import RecordingError
from recordings.observation import Observation, SignalValue

log = logging.getLogger(__name__)

VERSION: Final = 1
MOST_BYTES: Final = 2 << 30
"""A file that would become larger is given up: the session is computed anew for every change."""
_LEVEL: Final = 1
_LOOK_EVERY: Final = 256
_END: Final = {"end": True}


class KeptWriter:
    """Writes beside the name, and puts the file there once it is whole. A disk that is full, or a folder that nobody
    may write into, is no reason to stop: then nothing is kept.

    Args:
        made_of: what the observations follow from, as JSON.
    """

    def __init__(self, path: Path, made_of: Mapping[str, Any]) -> None:
        self._path = path
        self._part = path.with_name(f"{path.name}.{os.getpid()}.part")
        self._open = contextlib.ExitStack()
        self._file: gzip.GzipFile | None = None
        self._count = 0
        try:
            self._raw = self._open.enter_context(self._part.open("wb"))
            zipped = gzip.GzipFile(fileobj=self._raw, mode="wb", compresslevel=_LEVEL, mtime=0)
            self._file = self._open.enter_context(zipped)
        except OSError as error:
            self._give_up(error)
        self._line({"version": VERSION, "made_of": dict(made_of)})

    def __enter__(self) -> KeptWriter:
        return self

    def __exit__(self, *_: object) -> None:
        self._give_up(None)

    def add(self, observation: Observation, picture: SignalValue) -> None:
        """The next FrameSet; nothing once the file was given up."""
        if self._file is None:
            return
        faces = tuple(replace(face, landmarks=None, crop=None, generated=()) for face in observation.faces)
        self._line({"said": replace(observation, faces=faces).to_json(), "picture": picture.to_json()})
        self._count += 1
        if self._count % _LOOK_EVERY == 0 and self._raw.tell() > MOST_BYTES:
            self._give_up(None)

    def finish(self) -> None:
        """All is written: the file is there from now on."""
        self._line(_END)
        if self._file is None:
            return
        try:
            self._file = None
            self._open.close()
            self._part.replace(self._path)
        except OSError as error:
            self._give_up(error)

    def _give_up(self, error: OSError | None) -> None:
        """Nothing is kept; after :meth:`finish` there is nothing to give up."""
        if error is not None:
            log.warning("what is computed is not kept: %s", error)
        self._file = None
        with contextlib.suppress(OSError):  # what waits to be written cannot be: that is why it is given up
            self._open.close()
        with contextlib.suppress(OSError):
            self._part.unlink(missing_ok=True)

    def _line(self, data: Mapping[str, Any]) -> None:
        if self._file is None:
            return
        try:
            self._file.write(json.dumps(data, separators=(",", ":")).encode() + b"\n")
        except OSError as error:
            self._give_up(error)


def is_kept(path: Path, made_of: Mapping[str, Any]) -> bool:
    """Whether a file holds all the observations that follow from this; reads all of it."""
    with contextlib.suppress(OSError, EOFError, zlib.error, ValueError), gzip.open(path, "rb") as file:
        head = json.loads(file.readline())
        if head != {"version": VERSION, "made_of": json.loads(json.dumps(dict(made_of)))}:
            return False
        last = b""
        for line in file:
            last = line
        return bool(json.loads(last) == _END)
    return False


def kept(path: Path) -> Iterator[tuple[Observation, SignalValue]]:
    """The observations of a file that :func:`is_kept`, and what the frames showed.

    Raises:
        RecordingError: it has changed meanwhile.
    """
    try:
        with gzip.open(path, "rb") as file:
            file.readline()
            for line in file:
                data = json.loads(line)
                if data == _END:
                    return
                yield Observation.from_json(data["said"]), SignalValue.from_json(data["picture"])
    except (OSError, EOFError, zlib.error, ValueError, KeyError, TypeError) as error:
        raise RecordingError(f"{path}: what was computed before cannot be read ({error}); delete the file") from error
