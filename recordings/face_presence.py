"""Observations to clips: somebody is there, is still there, is gone."""

from __future__ import annotations

from recordings.clip_book import FACE_EVENT
from recordings.clips import ClipRecorder
from recordings.event import Event
from recordings.observation import Observation


class FacePresence:
    """Asks for a clip when a face appears, and ends it when none was seen for a while. For one thread.

    One event lasts as long as anybody is there; whoever joins meanwhile is written into the same clip as an event.

    Args:
        clips: who is asked.
        gone_s: nobody is there when no face was seen for so long; less than the clips' patience.
        min_confidence: of a face that counts, 0..1.
    """

    def __init__(self, clips: ClipRecorder, gone_s: float = 2.0, min_confidence: float = 0.0) -> None:
        self._clips = clips
        self._gone_ns = round(gone_s * 1e9)
        self._min_confidence = min_confidence
        self._number: int | None = None
        self._seen_ns = 0
        self._known: set[int] = set()

    def update(self, observation: Observation) -> None:
        """Take the next observation. Never blocks."""
        host_ns = observation.host_ns
        faces = [f.id for f in observation.faces if f.confidence >= self._min_confidence]
        if self._number is not None and host_ns - self._seen_ns > self._gone_ns:
            self.close()
        if not faces:
            return
        if self._number is not None and not self._clips.extend(self._number, host_ns):
            self._number = None
        if self._number is None:
            event = Event(FACE_EVENT, observation.device_ns, None, faces[0])
            self._number = self._clips.trigger(event, host_ns)
            self._known = {faces[0]}
        for face in faces:
            if face not in self._known:
                self._known.add(face)
                joined = Event("another face", observation.device_ns, observation.device_ns, face)
                self._clips.push_event(joined, host_ns)
        self._seen_ns = host_ns

    def close(self) -> None:
        """Nobody is there any more, or nobody looks any more. Safe to call twice."""
        if self._number is not None:
            self._clips.end(self._number, self._seen_ns)
            self._number = None
