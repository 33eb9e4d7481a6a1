"""Images out of Aravis without a copy, and their numbers without a wrap.

Aravis fills memory that is ours: each buffer of the pool lies on an array of its own, and the array goes on with the
frame while the buffer gets a new one. So nothing is copied between the network and the frame's pixels.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Final

import numpy as np

from drivers.cameras.genicam_aravis import as_error, glib_error
from drivers.cameras.genicam_pixels import Bytes
from drivers.errors import CameraOpenError

POOL_BYTES: Final = 128 << 20
MOST_BUFFERS: Final = 32
FEWEST_BUFFERS: Final = 4

_WRAP: Final = 65535
"""A 16-bit frame number of GigE Vision counts from 1 to this, and then from 1 again; 0 means none."""


@dataclass(frozen=True, slots=True)
class Image:
    """One image as it came.

    Attributes:
        data: (N,) uint8, its bytes: ours alone.
        width, height: px.
        line_padding: bytes at the end of each line.
        format: the number of its pixel format.
        frame_id: the camera's number as it is on the wire.
        device_ns: the camera's clock.
    """

    data: Bytes
    width: int
    height: int
    line_padding: int
    format: int
    frame_id: int
    device_ns: int


@dataclass(frozen=True, slots=True)
class Incomplete:
    """An image of which something did not come."""

    why: str
    frame_id: int


class ImageStream:
    """The stream of an open camera, with its pool of buffers.

    Args:
        aravis: the library.
        camera: an ``Aravis.Camera``.
        resend: ask again for packets that did not come.

    Raises:
        CameraOpenError: it could not be made.
    """

    def __init__(self, aravis: Any, camera: Any, resend: bool) -> None:
        self._aravis = aravis
        self._payload = int(camera.get_payload())
        self._arrays: dict[Any, Bytes] = {}
        try:
            self._stream = camera.create_stream(None, None)
        except glib_error() as error:
            raise as_error(error, "the stream could not be made") from error
        if self._stream is None:
            raise CameraOpenError("the stream could not be made: Aravis gave none; try a smaller packet_size=")
        if camera.is_gv_device() and not resend:
            self._stream.set_property("packet-resend", aravis.GvStreamPacketResend.NEVER)
        self.buffers = max(FEWEST_BUFFERS, min(MOST_BUFFERS, POOL_BYTES // max(1, self._payload)))
        for _ in range(self.buffers):
            self._give()

    def take(self, timeout_s: float) -> Image | Incomplete | None:
        """The next image, None when none came in time."""
        buffer = self._stream.timeout_pop_buffer(max(1, int(timeout_s * 1e6)))
        if buffer is None:
            return None
        status = buffer.get_status()
        if status != self._aravis.BufferStatus.SUCCESS:
            frame_id = int(buffer.get_frame_id())
            self._stream.push_buffer(buffer)  # nobody has seen its array
            return Incomplete(str(status.value_nick).replace("-", " "), frame_id)
        region = buffer.get_image_region()
        image = Image(
            self._arrays.pop(buffer),
            int(region.width),
            int(region.height),
            int(buffer.get_image_padding().x_padding),
            int(buffer.get_image_pixel_format()),
            int(buffer.get_frame_id()),
            int(buffer.get_timestamp()),
        )
        self._give()
        return image

    def statistics(self) -> dict[str, int]:
        """Aravis' own counts, those that it has."""
        out = {}
        for n in range(self._stream.get_n_infos()):
            name = self._stream.get_info_name(n)
            if name.startswith("n_") and self._stream.get_info_type(n).name == "guint64":
                out[name[2:]] = int(self._stream.get_info_uint64(n))
        return out

    def close(self) -> None:
        """End Aravis' thread. Takes 2.5 s when the camera is gone: Aravis asks it five times to stop."""
        del self._stream  # its last reference; only then may the arrays go
        self._arrays.clear()

    def _give(self) -> None:
        array = np.empty(self._payload, np.uint8)
        buffer = self._aravis.Buffer.new(self._payload, array.ctypes.data)
        self._arrays[buffer] = array
        self._stream.push_buffer(buffer)


class FrameNumbers:
    """From the numbers on the wire to numbers that go on rising."""

    def __init__(self) -> None:
        self._last: int | None = None
        self._number = 0
        self._is_long = False

    def next(self, frame_id: int) -> int:
        """The number of a frame: rising by one when nothing is lost; lower than the last one for a late frame.

        Args:
            frame_id: as it came: 16 bits that skip 0, or 64.
        """
        if self._last is None:
            self._last = self._number = frame_id
            self._is_long = frame_id > _WRAP
            return frame_id
        if frame_id > _WRAP:
            self._is_long = True
        step = frame_id - self._last
        if not self._is_long:
            step = (step + _WRAP // 2) % _WRAP - _WRAP // 2  # the shorter way round
        self._last = frame_id
        self._number += step
        return self._number
