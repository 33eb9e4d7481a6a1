"""What a session is: its description and the schedule of a live run, each with a versioned JSON form."""

from __future__ import annotations

import datetime
import importlib.metadata
import uuid
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Literal, get_args

from drivers.errors import DriverError
from drivers.frame import StreamInfo
from recordings.errors import SessionFormatError

SCHEMA_VERSION = 1
"""Of the whole session format. A reader refuses files with a higher one (docs/session-format.md)."""

_INCOMPLETE = (KeyError, IndexError, TypeError, ValueError, AttributeError, OverflowError)
"""What reading JSON of another shape than expected raises."""

Clock = Literal["device", "synthetic"]
"""Where device times come from: the camera's clock, or made up from a frame rate."""


@dataclass(frozen=True, slots=True)
class SessionInfo:
    """What stands at the head of a session.

    Attributes:
        id: unique, for machines.
        title: for people.
        created_utc: when it was recorded or imported, ISO 8601 with ``Z``.
        clock: ``device`` (a camera's clock) or ``synthetic`` (made up from a frame rate).
        source: what it was made from: a camera's source string, a folder's name.
        streams: every stream that may have frames, names unique.
        notes: free words by free keys.
        program: what wrote it.
        schema_version: of the session format.
    """

    id: str
    title: str
    created_utc: str
    clock: Clock
    source: str
    streams: tuple[StreamInfo, ...]
    notes: Mapping[str, str] = field(default_factory=dict)
    program: str = ""
    schema_version: int = SCHEMA_VERSION

    def __post_init__(self) -> None:
        names = [s.name for s in self.streams]
        twice = sorted({n for n in names if names.count(n) > 1})
        if twice:
            raise SessionFormatError(f"stream names must be unique in a session, found twice: {', '.join(twice)}")
        if self.clock not in get_args(Clock):
            raise SessionFormatError(f"a session's clock is 'device' or 'synthetic', found {self.clock!r}")

    @classmethod
    def create(
        cls,
        streams: Sequence[StreamInfo],
        *,
        title: str,
        source: str,
        clock: Clock = "device",
        notes: Mapping[str, str] | None = None,
    ) -> SessionInfo:
        """A new session: a fresh id, the present time, this program's version."""
        now = datetime.datetime.now(datetime.UTC).replace(microsecond=0)
        return cls(
            id=uuid.uuid4().hex,
            title=title,
            created_utc=now.isoformat().replace("+00:00", "Z"),
            clock=clock,
            source=source,
            streams=tuple(streams),
            notes=dict(notes or {}),
            program=program_name(),
        )

    def stream(self, name: str) -> StreamInfo:
        """The stream of that name.

        Raises:
            KeyError: there is none; the message lists those that are there.
        """
        for info in self.streams:
            if info.name == name:
                return info
        raise KeyError(f"no stream {name!r}; the session has {', '.join(s.name for s in self.streams) or 'none'}")

    def to_json(self) -> dict[str, Any]:
        return {
            "schema_version": self.schema_version,
            "id": self.id,
            "title": self.title,
            "created_utc": self.created_utc,
            "clock": self.clock,
            "source": self.source,
            "streams": [s.to_json() for s in self.streams],
            "notes": dict(self.notes),
            "program": self.program,
        }

    @classmethod
    def from_json(cls, data: Mapping[str, Any]) -> SessionInfo:
        """Back from JSON.

        Raises:
            SessionFormatError: a field is missing or wrong, or a newer version wrote it.
        """
        check_version("a session", data.get("schema_version"))
        try:
            return cls(
                id=str(data["id"]),
                title=str(data["title"]),
                created_utc=str(data["created_utc"]),
                clock=data["clock"],
                source=str(data["source"]),
                streams=tuple(StreamInfo.from_json(s) for s in data["streams"]),
                notes={str(k): str(v) for k, v in data["notes"].items()},
                program=str(data["program"]),
                schema_version=int(data["schema_version"]),
            )
        except (*_INCOMPLETE, DriverError) as error:
            raise SessionFormatError(f"a session's description is incomplete or wrong: {error}") from error


@dataclass(frozen=True, slots=True)
class ScheduleEntry:
    """One FrameSet that a live run processed, and what ran on it.

    Attributes:
        frame_set: the FrameSet's number.
        frames: stream name -> frame number.
        engines: model name -> what it ran on (backend, engine key, batch size...).
        instant_ns, skew_ns: of the FrameSet, where its streams have several clocks: what the clocks' mapping said at
            that time. None where one clock says it all.
    """

    frame_set: int
    frames: Mapping[str, int]
    engines: Mapping[str, Mapping[str, str | int]] = field(default_factory=dict)
    instant_ns: int | None = None
    skew_ns: int | None = None

    def to_json(self) -> dict[str, Any]:
        return {
            "schema_version": SCHEMA_VERSION,
            "frame_set": self.frame_set,
            "frames": dict(self.frames),
            "engines": {name: dict(how) for name, how in self.engines.items()},
            **({} if self.instant_ns is None else {"instant_ns": self.instant_ns, "skew_ns": self.skew_ns}),
        }

    @classmethod
    def from_json(cls, data: Mapping[str, Any]) -> ScheduleEntry:
        """Back from JSON.

        Raises:
            SessionFormatError: a field is missing or wrong, or a newer version wrote it.
        """
        check_version("a schedule entry", data.get("schema_version"))
        try:
            return cls(
                frame_set=int(data["frame_set"]),
                frames={str(k): int(v) for k, v in data["frames"].items()},
                engines={str(name): dict(how) for name, how in data["engines"].items()},
                instant_ns=None if data.get("instant_ns") is None else int(data["instant_ns"]),
                skew_ns=None if data.get("skew_ns") is None else int(data["skew_ns"]),
            )
        except _INCOMPLETE as error:
            raise SessionFormatError(f"a schedule entry is incomplete or wrong: {error}") from error


def check_version(what: str, found: Any) -> None:
    """Refuse what a newer program wrote, or what says no version.

    Raises:
        SessionFormatError
    """
    if not isinstance(found, int) or isinstance(found, bool) or found < 1:
        raise SessionFormatError(f"{what} says no schema version (found {found!r}); it was not written by Tapetum")
    if found > SCHEMA_VERSION:
        raise SessionFormatError(
            f"{what} has schema version {found}, this program reads up to {SCHEMA_VERSION}; update tapetum"
        )


def program_name() -> str:
    """``tapetum`` and its version, as written into sessions."""
    try:
        return f"tapetum {importlib.metadata.version('tapetum')}"
    except importlib.metadata.PackageNotFoundError:
        return "tapetum (not installed)"
