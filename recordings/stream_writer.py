"""What a session remembers of one stream while it is written: how it is stored, its index, and what may come next."""

from __future__ import annotations

from typing import Final

from drivers.frame import Frame, StreamInfo
from recordings import channels, frame_index
from recordings.channels import MAX_HOST_NS
from recordings.errors import SessionWriteError
from recordings.image_codec import Codec
from recordings.stored import StoredFrame, encode_frame

_INT64: Final = 1 << 63


class StreamWriter:
    """Of one stream. For one thread.

    Args:
        info: the stream.
        codec: how its frames are stored where they bring no JPEG bytes of their own.

    Raises:
        SessionWriteError: there is no such codec.
    """

    def __init__(self, info: StreamInfo, codec: Codec) -> None:
        if codec not in ("raw", "png", "jpeg", "compact"):
            raise SessionWriteError(f"stream {info.name}: the codecs are raw, png and compact, found {codec!r}")
        self.info = info
        self.wanted: Codec = codec
        self.codec: Codec | None = None
        self.last_host_ns = -1
        self.index = frame_index.FrameIndexBuilder()
        self.frame_channel = channels.frame(info.name)
        self.image_channel = channels.image(info, codec)

    def begin(self, codec: Codec) -> None:
        """The first frame came, stored in this way."""
        self.codec = codec
        self.image_channel = channels.image(self.info, codec)

    def encode(self, frame: Frame, encoded: bytes | None, encoding: str) -> StoredFrame:
        """A frame as it is stored.

        Raises:
            SessionWriteError: its encoding is not jpeg, or its JPEG bytes are missing.
        """
        encoded = frame.encoded if encoded is None else encoded
        if encoded is not None:
            if encoding != "jpeg":
                raise SessionWriteError(f"stream {frame.stream}: encoded frames are jpeg, found {encoding!r}")
            return encode_frame(frame, encoded=bytes(encoded))
        if self.wanted == "jpeg":
            raise SessionWriteError(f"stream {frame.stream}: frame {frame.number} came without its JPEG bytes")
        return encode_frame(frame, self.wanted)

    def check_values(self, frame: Frame | StoredFrame) -> None:
        """Raises SessionWriteError when its times or its number have no room in a session."""
        if not 0 <= frame.host_ns < MAX_HOST_NS:
            raise SessionWriteError(
                f"stream {frame.info.name}: frame {frame.number} has the host time {frame.host_ns} ns; it must lie "
                "between 1970 and 2106"
            )
        if not (-_INT64 <= frame.number < _INT64 and -_INT64 <= frame.device_ns < _INT64):
            raise SessionWriteError(
                f"stream {frame.info.name}: number {frame.number} and device time {frame.device_ns} ns must fit 64 bits"
            )

    def check_order(self, stored: StoredFrame) -> None:
        """Raises SessionWriteError when it cannot follow the frames before it."""
        if self.codec not in (None, stored.codec):
            raise SessionWriteError(
                f"stream {self.info.name} is stored as {self.codec}, frame {stored.number} came as {stored.codec}; "
                "a stream keeps one way of storing"
            )
        if stored.host_ns <= self.last_host_ns:
            raise SessionWriteError(
                f"stream {self.info.name}: the host time must rise, but frame {stored.number} has {stored.host_ns} ns "
                f"after {self.last_host_ns} ns"
            )
