"""The SDK's own alignment of depth and colour, for whoever wants to compare: our registration needs nothing of it."""

from __future__ import annotations

from dataclasses import replace
from typing import Any, Final

import numpy as np

from drivers.cameras.realsense_frames import Image
from drivers.errors import UnsupportedFeatureError
from drivers.frame import StreamInfo

_WAITING: Final = 3
"""Frames of each stream that may wait for one of the other: the SDK has a pool of sixteen."""


class SdkAlignment:
    """Puts one of two streams on the grid of the other by ``rs.align``.

    Args:
        rs: the SDK.
        to: ``color`` (depth moves) or ``depth`` (colour moves).
        streams: of the camera.

    Raises:
        UnsupportedFeatureError: one of the two is missing, or has no intrinsics.
    """

    def __init__(self, rs: Any, to: str, streams: dict[str, StreamInfo]) -> None:
        for name in ("depth", "color"):
            if name not in streams or streams[name].intrinsics is None:
                raise UnsupportedFeatureError(f"align={to} needs depth and color, both with intrinsics; {name} lacks")
        self.moved = "depth" if to == "color" else "color"
        self.to = to
        target = streams[to]
        self.info = replace(
            streams[self.moved],
            width=target.width,
            height=target.height,
            intrinsics=target.intrinsics,
            extrinsics=target.extrinsics,
            registered_to=to,
        )
        """The moved stream on its new grid."""
        self._half_period_ns = round(5e8 / max(streams["depth"].fps, streams["color"].fps, 1.0))
        self._waiting: dict[str, list[Image]] = {"depth": [], "color": []}
        self._align = rs.align(getattr(rs.stream, to))
        self._joined = rs.frame_queue(1)
        self._pair: list[Any] = []
        # rs.align takes framesets, and only a processing block may make one.
        self._block = rs.processing_block(
            lambda _frame, made: made.frame_ready(made.allocate_composite_frame(list(self._pair)))
        )
        self._block.start(self._joined)
        self.unpaired = 0

    def take(self, image: Image) -> list[Image]:
        """Give one image; get what is ready, moved images among it. A moved image keeps its own number and time."""
        frame, out = image.sdk_frame, []
        if image.name != self.moved:
            out.append(replace(image, sdk_frame=None))
        image = replace(image, sdk_frame=frame)
        mine = self._waiting[image.name]
        mine.append(image)
        ready = self._pairs()
        out += ready
        for name, images in self._waiting.items():
            while len(images) > _WAITING:
                images.pop(0)
                self.unpaired += name == self.moved
        return out

    def clear(self) -> None:
        """Give every frame back to the SDK."""
        for images in self._waiting.values():
            images.clear()
        self._pair = []

    def _pairs(self) -> list[Image]:
        out = []
        partners = self._waiting[self.to]
        for image in list(self._waiting[self.moved]):
            near = [p for p in partners if abs(p.device_ns - image.device_ns) <= self._half_period_ns]
            if not near:
                if any(p.device_ns > image.device_ns + self._half_period_ns for p in partners):
                    self._waiting[self.moved].remove(image)  # its partner was lost
                    self.unpaired += 1
                continue
            partner = min(near, key=lambda p: abs(p.device_ns - image.device_ns))
            self._waiting[self.moved].remove(image)
            out.append(self._moved(image, partner))
        if out:  # what is older than the last pair has no use any more
            newest = out[-1].device_ns
            self._waiting[self.to] = [p for p in partners if p.device_ns >= newest - self._half_period_ns]
        return out

    def _moved(self, image: Image, partner: Image) -> Image:
        self._pair = [image.sdk_frame, partner.sdk_frame]
        self._block.invoke(image.sdk_frame)
        frames = self._joined.wait_for_frame(1000).as_frameset()
        self._pair = []
        done = self._align.process(frames)
        frame = done.get_depth_frame() if self.moved == "depth" else done.get_color_frame()
        return replace(image, pixels=np.asanyarray(frame.get_data()).copy(), sdk_frame=None)
