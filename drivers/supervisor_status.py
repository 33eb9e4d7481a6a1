"""What a supervisor says of its camera."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from drivers.camera import CameraState
from drivers.clock import ClockState
from drivers.stream_counts import StreamCount


@dataclass(frozen=True, slots=True)
class SupervisorStatus:
    """A snapshot of one supervised camera.

    Attributes:
        state: where the camera is in its life.
        counts: stream name -> what became of its frames, over all openings.
        reopened: how often it came back.
        last_frame_age_s: seconds since the last frame of any stream, None before the first.
        note: for people: what went wrong, empty when nothing did.
        has_given_up: nobody tries to open the camera again: its library is missing, its source is none, or the
            attempts are used up.
        silent: streams that gave frames and give none now, while others go on: name -> seconds.
        clocks: stream name -> how the camera's clock lies to ours.
        options: what is set on the camera, with its model and serial number.
    """

    state: CameraState
    counts: Mapping[str, StreamCount]
    reopened: int
    last_frame_age_s: float | None
    note: str
    has_given_up: bool = False
    silent: Mapping[str, float] = field(default_factory=dict)
    clocks: Mapping[str, ClockState] = field(default_factory=dict)
    options: Mapping[str, str] = field(default_factory=dict)

    @property
    def frames(self) -> Mapping[str, int]:
        """Stream name -> frames that came."""
        return {name: count.received for name, count in self.counts.items()}

    @property
    def dropped(self) -> Mapping[str, int]:
        """Stream name -> frames that were lost before they reached this program."""
        return {name: count.dropped_by_device for name, count in self.counts.items()}
