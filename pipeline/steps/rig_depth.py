"""Metres for the pixels of any camera of a rig: its depth, seen from there."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

import numpy as np
from numpy.typing import NDArray

from drivers.frame import Frame, FrameFlag, FrameSet, Intrinsics, StreamInfo, StreamKind
from drivers.related import Relations
from pipeline.errors import PipelineError
from pipeline.steps.reproject import DepthProjector

DepthImage = NDArray[np.uint16]

_REACH_PX: Final = 1
"""How far from a pixel without a reading its neighbours are asked."""
_AGREE: Final = 0.03


class RigDepth:
    """Asks the depth camera of a rig on behalf of the others.

    Every answer for a FrameSet is computed once and kept until the next one. Not safe for several threads.

    Args:
        streams: of the rig, as calibrated. Of several depth streams the first one is asked.
    """

    def __init__(self, streams: Sequence[StreamInfo]) -> None:
        self._streams = {s.name: s for s in streams}
        self._related = Relations(streams)
        self._depth = next((s for s in streams if s.kind is StreamKind.DEPTH), None)
        self._projectors: dict[str, DepthProjector] = {}
        self._kept: dict[str, tuple[Frame, DepthImage]] = {}

    @property
    def related(self) -> Relations:
        """Which of the streams have places in one space."""
        return self._related

    @property
    def depth(self) -> StreamInfo | None:
        """The depth stream that is asked; None when the rig has none."""
        return self._depth

    def reaches(self, stream: str) -> bool:
        """Whether pixels of that stream can get metres: both cameras are calibrated and related, or share a grid.

        Raises:
            PipelineError: the rig has no such stream.
        """
        to = self._stream(stream)
        return self._depth is not None and self._related(self._depth, to) and can_register(self._depth, to)

    def on(self, frame_set: FrameSet, stream: str) -> DepthImage | None:
        """Depth on the pixel grid of a stream, uint16 (H, W) millimetres along that camera's axis, 0 = no reading.

        None when the FrameSet has no depth or an old one, or the calibration for that is missing, or no rig relates the
        cameras.

        Raises:
            PipelineError: the rig has no such stream.
        """
        to = self._stream(stream)
        frame = None if self._depth is None else frame_set.frames.get(self._depth.name)
        return None if frame is None or frame.flags & FrameFlag.STALE else self.of(frame, to)

    def of(self, depth: Frame, to: StreamInfo) -> DepthImage | None:
        """A depth frame on the pixel grid of ``to``, uint16 (H, W) mm; None when the calibration is missing, or no rig
        relates the cameras."""
        if not self._related(depth.info, to):
            return None
        if shares_grid(depth.info, to):
            return depth_mm_of(depth)
        if not can_register(depth.info, to):
            return None
        kept = self._kept.get(to.name)
        if kept is not None and kept[0] is depth:
            return kept[1]
        projector = self._projectors.get(to.name)
        if projector is None:
            projector = self._projectors[to.name] = DepthProjector(depth.info, to)
        made = projector(depth_mm_of(depth))
        made.flags.writeable = False
        self._kept[to.name] = (depth, made)
        return made

    def metres(self, frame_set: FrameSet, stream: str, pixels: NDArray[np.float64]) -> NDArray[np.float64]:
        """How far along the camera's axis what its pixels (N, 2) show is: (N,) metres, NaN where nobody knows."""
        mm = self.on(frame_set, stream)
        at = np.asarray(pixels, np.float64).reshape(-1, 2)
        return np.full(len(at), np.nan) if mm is None else metres_at(mm, at)

    def points(self, frame_set: FrameSet, stream: str, pixels: NDArray[np.float64]) -> NDArray[np.float64]:
        """Where in the rig what the pixels (N, 2) of a stream show is: (N, 3) metres, NaN where nobody knows."""
        to = self._stream(stream)
        lens: Intrinsics | None = to.intrinsics
        at = np.asarray(pixels, np.float64).reshape(-1, 2)
        if lens is None:
            return np.full((len(at), 3), np.nan)
        z = self.metres(frame_set, stream, at)
        return to.extrinsics.to_rig(lens.back_project(at, z, undistort=True))

    def _stream(self, name: str) -> StreamInfo:
        if name not in self._streams:
            raise PipelineError(f"the rig has no stream {name!r}; its streams: {', '.join(self._streams) or 'none'}")
        return self._streams[name]


def metres_at(depth_mm: DepthImage, pixels: NDArray[np.float64]) -> NDArray[np.float64]:
    """Depth (H, W) uint16 mm at pixels (N, 2) of its grid: (N,) metres, NaN outside of it and without a reading.

    A pixel without one takes the median of its neighbours' where these agree on the surface.
    """
    height, width = depth_mm.shape
    out = np.full(len(pixels), np.nan)
    finite = np.asarray(np.isfinite(pixels).all(axis=1))
    at = np.rint(np.where(finite[:, None], pixels, -1e6)).clip(-1e6, 1e6).astype(np.int64)
    inside = finite & (at >= 0).all(axis=1) & (at[:, 0] < width) & (at[:, 1] < height)
    mm = depth_mm[at[inside, 1], at[inside, 0]].astype(np.float64)
    for i in np.flatnonzero(mm == 0):
        u, v = at[inside][i]
        around = depth_mm[max(0, v - _REACH_PX) : v + _REACH_PX + 1, max(0, u - _REACH_PX) : u + _REACH_PX + 1].astype(
            np.float64
        )
        known = around[around > 0]
        if len(known) and known.max() - known.min() <= _AGREE * known.min():
            mm[i] = np.median(known)
    out[inside] = np.where(mm > 0, mm / 1000.0, np.nan)
    return out


def depth_mm_of(frame: Frame) -> DepthImage:
    """Depth counts to millimetres, uint16 (H, W), 0 = no reading; what exceeds 65.5 m reads as none."""
    unit_mm = (frame.info.unit_m or 0.0) * 1000.0
    if abs(unit_mm - 1.0) < 1e-9:
        return np.asarray(frame.pixels)
    millimetres = frame.pixels.astype(np.float32) * np.float32(unit_mm)
    millimetres[millimetres > 65535.0] = 0.0
    out: DepthImage = np.rint(millimetres).astype(np.uint16)
    return out


def shares_grid(a: StreamInfo, b: StreamInfo) -> bool:
    """Whether the pixels of two related streams look the same way from the same place."""
    if (a.width, a.height) != (b.width, b.height):
        return False
    if a.registered_to == b.name or b.registered_to == a.name or a.name == b.name:
        return True
    return a.intrinsics is not None and a.intrinsics == b.intrinsics and a.extrinsics == b.extrinsics


def can_register(depth: StreamInfo, to: StreamInfo) -> bool:
    """Whether depth can be told on the grid of ``to``, a stream that is related to it."""
    return shares_grid(depth, to) or (depth.intrinsics is not None and to.intrinsics is not None)
