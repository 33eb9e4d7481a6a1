"""What a tile says that has no picture: why, and since when. No Qt here."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass

from drivers.camera import CameraState
from gui.feed import FeedStatus, Mode, Phase, Shown, StreamStatus
from gui.status.tile_words import age_words
from gui.words import tr
from recordings.observation import Face


@dataclass(frozen=True, slots=True)
class NoPicture:
    """Words for the middle of a tile and for its badge."""

    words: str
    badge: str = ""


def no_frame(stream: str, known: Collection[str], status: FeedStatus | None, state: StreamStatus | None) -> NoPicture:
    """Of a stream that has not shown a frame yet.

    Args:
        known: the streams of the session, as far as anybody has said.
    """
    if stream not in known:
        if status is None or status.phase in (Phase.OPENING, Phase.LOADING):
            return NoPicture(tr("waiting for {stream} …", stream=stream))
        return NoPicture(tr("no stream {stream} in this session", stream=stream), tr("NO STREAM"))
    if status is not None and status.mode is Mode.REPLAY:
        return NoPicture(tr("no frame of {stream} at this instant", stream=stream), tr("NO SIGNAL"))
    note = "" if state is None else state.note
    if state is not None and state.state == CameraState.GONE:
        return NoPicture(tr("{stream}: the camera is gone", stream=stream) + _second_line(note), tr("LOST"))
    return NoPicture(tr("no frame of {stream} has come yet", stream=stream) + _second_line(note), tr("NO SIGNAL"))


def _second_line(note: str) -> str:
    return f"\n{note}" if note else ""


class FaceWatch:
    """Finds the face that a tile follows, and remembers when it was there last.

    Args:
        face: the face's id; None follows whichever is nearest.
    """

    def __init__(self, face: int | None) -> None:
        self.face = face
        self._seen_ns: int | None = None

    def find(self, shown: Shown) -> Face | None:
        """The face in a result; None where it is not."""
        found = chosen_face(shown, self.face)
        if found is not None:
            self._seen_ns = shown.frame_set.host_ns
        return found

    def absent_words(self, shown: Shown) -> str:
        """That it is not there, and since when; or that nobody looked."""
        if shown.observation.status != "ok":
            return tr("not looked for faces: {reason}", reason=shown.observation.status)
        who = tr("no face") if self.face is None else tr("face {id} is not there", id=self.face)
        if self._seen_ns is None or shown.frame_set.host_ns <= self._seen_ns:
            return who
        since = age_words((shown.frame_set.host_ns - self._seen_ns) / 1e9)
        return tr("{who} (since {since})", who=who, since=since)


def chosen_face(shown: Shown, face: int | None) -> Face | None:
    """The face with an id; for None the nearest, and where no distance is known the largest."""
    faces = shown.observation.faces
    if face is not None:
        return next((f for f in faces if f.id == face), None)
    if not faces:
        return None
    return min(faces, key=lambda f: (f.distance_m is None, f.distance_m or 0.0, -f.box.area))
