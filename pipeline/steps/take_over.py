"""Which camera of a rig faces are looked for in now: the best one that gives pictures.

One frame that is missing changes nothing. A camera that has given none for the patience is left for the next in order;
when a better one is back and has stayed for the patience, it takes over again. Heads that are followed move along,
where the calibration and their distance (or their size) tell where they lie in the other picture.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import Final

import numpy as np
from pydantic import BaseModel, ConfigDict, Field

from drivers.frame import FrameFlag, FrameSet, Intrinsics, StreamInfo
from drivers.related import Relations
from pipeline.steps.rig_depth import shares_grid
from pipeline.steps.track import Point, Track
from recordings.observation import Box

_UNFIT: Final = FrameFlag.STALE | FrameFlag.SHUTTER
"""A frame that is old, or of a closed shutter, is no picture of now. A shutter is shorter than any patience."""
_NEAREST_M: Final = 0.05


class TakeOverConfig(BaseModel):
    """When another camera takes over."""

    model_config = ConfigDict(frozen=True, extra="forbid", allow_inf_nan=False)

    patience_s: float = Field(
        0.5,
        ge=0,
        le=60,
        description="without a picture until the next camera takes over, and with pictures until it "
        "gives back; 0: the best one is waited for as long as it takes",
    )


class Reference:
    """Says for every FrameSet, in order, which stream its faces are looked for in.

    Args:
        order: the streams that may serve, the best first.
        patience_s: how long one may be missing, and how long a better one must be back, in device time; 0: the first
            serves always.
    """

    def __init__(self, order: Sequence[StreamInfo], patience_s: float) -> None:
        self._order = list(order)
        self._patience_ns = round(patience_s * 1e9)
        self.reset()

    def reset(self) -> None:
        """As at the beginning: the best is to serve."""
        self._now = 0
        self._last_ns: int | None = None
        self._fit_ns: dict[str, int] = {}
        self._since_ns: dict[str, int] = {}

    def step(self, frame_set: FrameSet) -> StreamInfo | None:
        """The stream that serves now, whether or not this FrameSet has a frame of it; None for a rig of none."""
        if not self._order:
            return None
        now = frame_set.device_ns
        if self._last_ns is None or now < self._last_ns:  # a beginning, or a clock that leapt back: time begins anew
            self._fit_ns = {one.name: now for one in self._order}
            self._since_ns = {}
        self._last_ns = now
        for one in self._order:
            frame = frame_set.frames.get(one.name)
            if frame is None or frame.flags & _UNFIT:
                if now - self._fit_ns[one.name] >= self._patience_ns:
                    self._since_ns.pop(one.name, None)
            else:
                self._fit_ns[one.name] = now
                self._since_ns.setdefault(one.name, now)
        if self._patience_ns:
            self._now = self._best(now)
        return self._order[self._now]

    def _best(self, now: int) -> int:
        serves = self._order[self._now].name
        is_gone = now - self._fit_ns[serves] >= self._patience_ns
        for index, one in enumerate(self._order):
            there = self._fit_ns[one.name] == now and one.name in self._since_ns
            if index < self._now and there and now - self._since_ns[one.name] >= self._patience_ns:
                return index
            if is_gone and there:
                return index
        return self._now


def move_tracks(
    tracks: Sequence[Track],
    old: StreamInfo,
    new: StreamInfo,
    related: Relations | None = None,
    region_mm: float = 320.0,
) -> list[Track]:
    """The tracks as they lie in another stream's picture; those of which nobody knows where are left out.

    A head without a measured distance is taken to be as far away as an average one that looks as large.

    Args:
        related: says which cameras the rig relates; between others nothing moves. None: the two are the whole rig.
        region_mm: width of the papers' crop.
    """
    if not (related or Relations((old, new)))(old, new):
        return []
    if shares_grid(old, new):
        return list(tracks)
    return [there for track in tracks if (there := _moved(track, old, new, region_mm)) is not None]


def distance_by_size(track: Track, intrinsics: Intrinsics, region_mm: float) -> float:
    """How far away a head is that looks as large as the track's, mm: an average one."""
    return intrinsics.fx * region_mm / max(track.region_px, 1e-3)


def _moved(track: Track, old: StreamInfo, new: StreamInfo, region_mm: float) -> Track | None:
    a, b = old.intrinsics, new.intrinsics
    if a is None or b is None:
        return None
    z = (distance_by_size(track, a, region_mm) if track.distance_mm is None else track.distance_mm) / 1000.0
    here = a.back_project(np.array([track.center_px]), z, undistort=True)
    there = new.extrinsics.from_rig(old.extrinsics.to_rig(here))
    depth = float(there[0, 2])
    if not depth > _NEAREST_M:
        return None
    x, y = b.project(there, distort=True)[0].tolist()
    if not (-0.5 <= x <= new.width - 0.5 and -0.5 <= y <= new.height - 0.5):
        return None
    sx, sy = b.fx / depth / (a.fx / z), b.fy / depth / (a.fy / z)
    box = track.box
    left, top = x + (box.x - track.center_px[0]) * sx, y + (box.y - track.center_px[1]) * sy
    return replace(
        track,
        center_px=(x, y),
        box=Box(left, top, box.w * sx, box.h * sy),
        region_px=track.region_px * sx,
        distance_mm=None if track.distance_mm is None else depth * 1000.0,
        velocity_px=_scaled(track.velocity_px, sx, sy),
        offset_px=_scaled(track.offset_px, sx, sy),
        face_px=None if track.face_px is None else _scaled(track.face_px, sx, sy),
        seen_px=None,
        found_px=None,
        before_px=None,
        by_depth=False,
        depth_looks=0,
    )


def _scaled(vector: Point, sx: float, sy: float) -> Point:
    return vector[0] * sx, vector[1] * sy
