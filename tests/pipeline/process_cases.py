"""FrameSets of a simulated room, as a camera for depth and gray would give them."""

from __future__ import annotations

import numpy as np

from drivers.frame import Frame, FrameFlag, FrameSet, Intrinsics, StreamInfo, StreamKind
from tests.pipeline.scenes import KINECT_2, Person, picture, room

FRAME_NS = 33_333_333


def stream(kind: StreamKind, name: str | None = None, camera: Intrinsics | None = KINECT_2) -> StreamInfo:
    """A stream of a Kinect 2's size."""
    return StreamInfo(
        name or kind.value,
        kind,
        KINECT_2.width,
        KINECT_2.height,
        "uint16" if kind in (StreamKind.DEPTH, StreamKind.THERMAL) else "uint8",
        fps=30.0,
        unit_m=0.001 if kind is StreamKind.DEPTH else None,
        intrinsics=camera,
    )


GRAY, DEPTH, THERMAL = stream(StreamKind.GRAY), stream(StreamKind.DEPTH), stream(StreamKind.THERMAL)


def frame_set(number: int, *frames: tuple[StreamInfo, np.ndarray], flags: FrameFlag = FrameFlag.NONE) -> FrameSet:
    """The FrameSet of this number, 30 a second."""
    at = number * FRAME_NS
    made = {s.name: Frame(s, p, number, at, at + 1_000_000, flags) for s, p in frames}
    return FrameSet(number, at, made)


def scene(number: int, people: list[Person], backs: tuple[int, ...] = ()) -> FrameSet:
    """People in a room, seen in gray and depth; those in `backs` by the backs of their heads."""
    return frame_set(number, (GRAY, picture(KINECT_2, people, backs)), (DEPTH, room(KINECT_2, people, noise_mm=2.0)))


def renumbered(seen: FrameSet, number: int) -> FrameSet:
    """The same pictures as a later FrameSet of this number."""
    return frame_set(number, *((frame.info, np.asarray(frame.pixels)) for frame in seen.frames.values()))
