"""What a profile keeps of a frame: in the main session, in the ring for clips, or in both."""

from __future__ import annotations

from dataclasses import dataclass

from drivers.frame import Frame
from recordings.config import RecordConfig
from recordings.image_codec import Codec
from recordings.stored import StoredFrame, encode_frame
from recordings.thinning import Thinner


@dataclass(frozen=True, slots=True)
class Kept:
    """A frame as it goes into the main session and into the ring; None where it does not."""

    main: StoredFrame | None
    ring: StoredFrame | None


class Keeping:
    """Decides in the recorder's thread (:meth:`plan`), encodes in any (:meth:`encode`)."""

    def __init__(self, config: RecordConfig) -> None:
        self._profile = config.profile
        self._codec: Codec = "compact" if config.layout == "compact" else "raw"
        self._clips = config.writes_clips
        self._thinner = Thinner(config.watch_hz) if config.profile == "watch" else None

    def plan(self, frame: Frame) -> bool:
        """Whether the main session gets this frame. In the order of the frames, from one thread."""
        if self._thinner is not None:
            return self._thinner.decide(frame)
        return self._profile == "evidence"

    def encode(self, frame: Frame, main: bool) -> Kept:
        """Encode as planned. Safe from any thread, releases the GIL for most of its time."""
        # The ring counts its bytes: what waits there is always compact.
        ring = encode_frame(frame, "compact") if self._clips else None
        if not main:
            return Kept(None, ring)
        if self._thinner is not None:
            return Kept(encode_frame(self._thinner.lossy(frame), self._codec), ring)
        if ring is not None and ring.codec in (self._codec, "jpeg"):
            return Kept(ring, ring)
        return Kept(encode_frame(frame, self._codec), ring)
