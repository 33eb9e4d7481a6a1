"""A frame as it lies in a session: its image encoded, everything else as it was.

Cutting, merging and recovering move frames in this form, so that nothing is decoded or encoded again.
"""

from __future__ import annotations

from dataclasses import dataclass

from drivers.frame import Frame, FrameFlag, StreamInfo
from recordings import image_codec
from recordings.errors import SessionFormatError
from recordings.image_codec import Codec


@dataclass(frozen=True, slots=True)
class StoredFrame:
    """A frame with its image as stored.

    Attributes:
        info: the frame's stream.
        number, device_ns, host_ns, flags: as in :class:`drivers.frame.Frame`.
        codec: how ``data`` is coded.
        data: the image's bytes.
        checksum: XXH3-64 of the pixels as :func:`recordings.image_codec.pixel_bytes` gives them; of ``data`` where
            the codec is ``jpeg``, since decoders may differ.
    """

    info: StreamInfo
    number: int
    device_ns: int
    host_ns: int
    flags: FrameFlag
    codec: Codec
    data: bytes
    checksum: int


def encode_frame(frame: Frame, codec: Codec = "raw", encoded: bytes | None = None) -> StoredFrame:
    """A frame to its stored form. Releases the GIL while it compresses; safe from any thread.

    Args:
        frame: what to store.
        codec: how, where no ``encoded`` is given.
        encoded: the camera's own JPEG bytes, of which ``frame.pixels`` is the decoding; ``frame.encoded`` by default.
    """
    encoded = frame.encoded if encoded is None else encoded
    if encoded is not None:
        codec, data = "jpeg", encoded
    else:
        data = image_codec.encode(frame.pixels, codec)
    summed = data if codec in ("raw", "jpeg") else image_codec.pixel_view(frame.pixels)
    return StoredFrame(
        frame.info,
        frame.number,
        frame.device_ns,
        frame.host_ns,
        frame.flags,
        codec,
        data,
        image_codec.checksum(summed),
    )


def decode_frame(stored: StoredFrame, *, check: bool = True) -> Frame:
    """Back to pixels.

    Raises:
        SessionFormatError: the bytes do not decode to the stream's shape, or (with ``check``) the checksum differs.
    """
    pixels = image_codec.decode(stored.data, stored.codec, stored.info)
    if check:
        summed = stored.data if stored.codec in ("raw", "jpeg") else image_codec.pixel_view(pixels)
        if image_codec.checksum(summed) != stored.checksum:
            raise SessionFormatError(
                f"frame {stored.number} of stream {stored.info.name} is damaged (its checksum differs)"
            )
    jpeg = stored.data if stored.codec == "jpeg" else None
    return Frame(stored.info, pixels, stored.number, stored.device_ns, stored.host_ns, stored.flags, jpeg)
