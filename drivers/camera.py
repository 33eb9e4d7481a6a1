"""The Camera protocol: a few honest verbs, each with a time limit."""

from __future__ import annotations

import enum
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Protocol, runtime_checkable

from drivers.frame import Frame, StreamInfo


class CameraState(enum.StrEnum):
    """Where a camera is in its life, as the screen shows it."""

    CLOSED = "closed"
    OPENING = "opening"
    STREAMING = "streaming"
    PAUSED = "paused"
    """It gives nothing now and said so before: nothing is wrong, and nobody reopens it."""
    STALLED = "stalled"
    LOST = "lost"
    ENDED = "ended"


@dataclass(frozen=True, slots=True)
class CameraId:
    """What discovery found: a source string that opens it, and words for people."""

    source: str
    title: str
    detail: str = ""


@dataclass(frozen=True, slots=True)
class CameraHealth:
    """A snapshot of what a camera says of itself.

    ``frames`` and ``dropped`` count per stream since opening; ``note`` is for people.
    """

    state: CameraState
    frames: Mapping[str, int]
    dropped: Mapping[str, int]
    note: str = ""


@runtime_checkable
class Camera(Protocol):
    """Gives one or more streams. Opened and read by one thread; ``close`` may come from another."""

    @property
    def source(self) -> str:
        """The string that opened it, such as ``virtual:night.mcap``."""
        ...

    def open(self) -> None:
        """Start streaming. Imports the SDK here, never at module level.

        Raises:
            SdkMissingError, CameraOpenError
        """
        ...

    def streams(self) -> Sequence[StreamInfo]:
        """The streams, known once open."""
        ...

    def read(self, timeout_s: float) -> Frame:
        """The next frame of any stream, in the order the camera gave them.

        Raises:
            CameraTimeoutError: nothing came within ``timeout_s``.
            CameraLostError: the camera is gone.
            EndOfStream: a recorded camera is at its end.
        """
        ...

    def options(self) -> Mapping[str, str]:
        """What is set on the camera, for people and for the session."""
        ...

    def health(self) -> CameraHealth:
        """Never blocks."""
        ...

    def close(self) -> None:
        """Stop and release. Safe to call twice and after an error."""
        ...
