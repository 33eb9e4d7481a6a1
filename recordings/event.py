"""What began and ended: an Event, and what it rests on, with a JSON form that a session stores."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from recordings.errors import SessionFormatError
from recordings.json_values import INCOMPLETE, number, number_or_none, whole
from recordings.observation import SCHEMA_VERSION, SignalValue


@dataclass(frozen=True, slots=True)
class Evidence:
    """What a signal said when an event began, and in the seconds before.

    Attributes:
        name: of the signal.
        signal: its value then.
        trace: (seconds from the event's beginning, at most 0; value, None where it was not known), the oldest first.
    """

    name: str
    signal: SignalValue
    trace: tuple[tuple[float, float | None], ...] = ()

    def to_json(self) -> dict[str, Any]:
        return {"name": self.name, "signal": self.signal.to_json(), "trace": [list(point) for point in self.trace]}

    @classmethod
    def from_json(cls, data: Mapping[str, Any]) -> Evidence:
        """Back from JSON. Whoever reads a whole event turns what this raises into a SessionFormatError."""
        trace = tuple((number(t), number_or_none(value)) for t, value in data["trace"])
        return cls(str(data["name"]), SignalValue.from_json(data["signal"]), trace)


@dataclass(frozen=True, slots=True)
class Clip:
    """The stretch of time that shows an event: from some seconds before its beginning on.

    Attributes:
        begin_ns, end_ns: on the camera's clock.
        file: the session that holds the stretch, as a whole path, or as a bare name where it stands beside the session
            that tells the event; '' where no file is known to hold it.
        problem: why there is none, or why it holds less; '' otherwise.
    """

    begin_ns: int
    end_ns: int
    file: str = ""
    problem: str = ""

    def to_json(self) -> dict[str, Any]:
        told: dict[str, Any] = {"begin_ns": self.begin_ns, "end_ns": self.end_ns, "file": self.file}
        return {**told, "problem": self.problem} if self.problem else told

    @classmethod
    def from_json(cls, data: Mapping[str, Any]) -> Clip:
        """Back from JSON. Whoever reads a whole event turns what this raises into a SessionFormatError."""
        return cls(whole(data["begin_ns"]), whole(data["end_ns"]), str(data["file"]), str(data.get("problem", "")))

    def path(self, beside: Path | None = None) -> Path | None:
        """Where the file is to be looked for; None where none is known.

        Args:
            beside: the session that tells the event; a recording that was moved has moved with its clips.
        """
        if not self.file:
            return None
        path = Path(self.file)
        if path.is_absolute() or beside is None:
            return path
        return beside.parent / path.name


@dataclass(frozen=True, slots=True)
class Event:
    """Something that began and ended (``end_ns`` None while it lasts), on the camera's clock.

    Attributes:
        name: what it is: of a rule, or of what happened to the recording.
        face: None where it is not of one face.
        note: words for people.
        severity: notice, warning or alarm; '' of an event that no rule told.
        evidence: of the signals that it rests on.
        acknowledged_by, acknowledged_ns: who has seen it and when; '' and None until somebody did.
        muted_by, muted_until_ns: who muted what it tells, and until when; '' and None where nobody did. The mute of a
            rule begins with the acknowledge; an event that is a mute begins and ends with it.
        clip: what shows it, where a rule asked for one.
    """

    name: str
    begin_ns: int
    end_ns: int | None = None
    face: int | None = None
    note: str = ""
    severity: str = ""
    evidence: tuple[Evidence, ...] = ()
    acknowledged_by: str = ""
    acknowledged_ns: int | None = None
    muted_by: str = ""
    muted_until_ns: int | None = None
    clip: Clip | None = None

    def to_json(self) -> dict[str, Any]:
        """What only rules tell is there only where they did: other events stay the same bytes."""
        told: dict[str, Any] = {
            "schema_version": SCHEMA_VERSION,
            "name": self.name,
            "begin_ns": self.begin_ns,
            "end_ns": self.end_ns,
            "face": self.face,
            "note": self.note,
        }
        if self.severity:
            told["severity"] = self.severity
        if self.evidence:
            told["evidence"] = [one.to_json() for one in self.evidence]
        if self.acknowledged_ns is not None:
            told |= {"acknowledged_by": self.acknowledged_by, "acknowledged_ns": self.acknowledged_ns}
        if self.muted_until_ns is not None:
            told |= {"muted_by": self.muted_by, "muted_until_ns": self.muted_until_ns}
        if self.clip is not None:
            told["clip"] = self.clip.to_json()
        return told

    @classmethod
    def from_json(cls, data: Mapping[str, Any]) -> Event:
        """Back from JSON.

        Raises:
            SessionFormatError: a field is missing or wrong.
        """
        try:
            return cls(
                str(data["name"]),
                whole(data["begin_ns"]),
                None if data["end_ns"] is None else whole(data["end_ns"]),
                None if data["face"] is None else whole(data["face"]),
                str(data["note"]),
                str(data.get("severity", "")),
                tuple(Evidence.from_json(one) for one in data.get("evidence", ())),
                str(data.get("acknowledged_by", "")),
                None if data.get("acknowledged_ns") is None else whole(data["acknowledged_ns"]),
                str(data.get("muted_by", "")),
                None if data.get("muted_until_ns") is None else whole(data["muted_until_ns"]),
                None if data.get("clip") is None else Clip.from_json(data["clip"]),
            )
        except INCOMPLETE as error:
            raise SessionFormatError(f"an event is incomplete or wrong ({error}): {dict(data)}") from error
