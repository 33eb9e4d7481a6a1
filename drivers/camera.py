"""The Camera protocol: a few honest verbs, each with a time limit.

A family of cameras is a class with two class methods beside these verbs, ``discover() -> list[CameraId]`` and
``from_source(rest: str) -> Camera`` (see drivers/registry.py). What only some cameras can do stands in protocols of its
own: :class:`Adjustable`, :class:`Findable`.
"""

from __future__ import annotations

import enum
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
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
    """It is open, but gave no frame for longer than it should."""
    WAITING = "waiting"
    """It failed and is closed; it will be opened again when the back-off has run out."""
    GONE = "gone"
    """It is not there: unplugged, or given up. It is opened again as soon as it is back."""
    ENDED = "ended"


@dataclass(frozen=True, slots=True)
class CameraId:
    """What discovery found: a source string that opens it, and words for people.

    Attributes:
        source: opens this very camera, wherever it is plugged in: by its serial number where it has one.
        title: the model.
        detail: for people: the port, the firmware, what it gives.
        serial: the maker's serial number, empty when it has none.
    """

    source: str
    title: str
    detail: str = ""
    serial: str = ""


@dataclass(frozen=True, slots=True)
class CameraHealth:
    """A snapshot of what a camera says of itself. Counts are per stream since opening.

    Attributes:
        state: where it is.
        frames: frames that :meth:`Camera.read` gave.
        dropped: frames that were lost before they reached us, as far as the camera itself says (its own counter, or
            packets that never came); gaps in the frames' numbers are counted by the supervisor, not here.
        dropped_by_us: frames that reached this program and found no room to wait in.
        pause_s: the camera announced that it gives nothing for up to so many seconds from now (its shutter closes,
            its exposure changes); 0 when it did not.
        note: for people.
    """

    state: CameraState
    frames: Mapping[str, int]
    dropped: Mapping[str, int]
    note: str = ""
    dropped_by_us: Mapping[str, int] = field(default_factory=dict)
    pause_s: float = 0.0


@runtime_checkable
class Camera(Protocol):
    """Gives one or more streams. Opened and read by one thread; ``close`` and ``health`` may come from another.

    A camera that plays something recorded has an attribute ``is_recorded`` that is true: its silence is that of the
    recording, and nobody opens it again for it.
    """

    @property
    def source(self) -> str:
        """The string that opened it, such as ``virtual:night.mcap``; without passwords."""
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
        """What is set on the camera, for people and for the session.

        The keys ``model``, ``serial`` and ``firmware`` are the camera's own, where it has them.
        """
        ...

    def health(self) -> CameraHealth:
        """Never blocks."""
        ...

    def close(self) -> None:
        """Stop and release. Safe to call twice and after an error."""
        ...


class ControlKind(enum.StrEnum):
    """What the value of a control is."""

    NUMBER = "number"
    SWITCH = "switch"  # "on" or "off"
    CHOICE = "choice"
    ACTION = "action"  # has no value: setting it does it (a flat-field correction, say)


@dataclass(frozen=True, slots=True)
class Control:
    """Something on an open camera that can be looked at and set.

    Attributes:
        name: one word with underscores, as in a source: ``exposure_us``. A unit is part of the name.
        kind: what its value is.
        value: now, as text; None when it cannot be read.
        low, high, step: of a number, where the camera says so.
        choices: of a choice.
        read_only: it cannot be set now.
    """

    name: str
    kind: ControlKind
    value: str | None
    low: float | None = None
    high: float | None = None
    step: float | None = None
    choices: tuple[str, ...] = ()
    read_only: bool = False


@runtime_checkable
class Adjustable(Protocol):
    """A camera whose settings can be changed while it streams."""

    def controls(self) -> Sequence[Control]:
        """All of them, with their values now. Known while open; empty while closed."""
        ...

    def set_control(self, name: str, value: str) -> None:
        """Set one, from any thread.

        Raises:
            UnsupportedFeatureError: there is no such control, or the value is none it takes; the message lists what is.
            CameraLostError: the camera is not open.
        """
        ...


@runtime_checkable
class Findable(Protocol):
    """A camera that can be looked for without being opened."""

    def is_present(self) -> bool | None:
        """Whether it is plugged in; None when that cannot be told. Comes back within 0.2 s, raises nothing."""
        ...


@runtime_checkable
class Interruptible(Protocol):
    """A camera whose calls can be ended from another thread before their own limit."""

    def interrupt(self) -> None:
        """Let a call that is under way end soon, with an error; who called closes the camera. Comes back at once."""
        ...
