"""Small made-up frames and observations for the tests of what is drawn."""

from __future__ import annotations

import numpy as np

from drivers.frame import Extrinsics, Frame, FrameFlag, FrameSet, Intrinsics, KelvinMap, StreamInfo, StreamKind
from recordings.observation import (
    Box,
    EyeOpenness,
    Face,
    GeneratedImage,
    HeadPose,
    Landmarks,
    Observation,
)

K = Intrinsics(320, 240, 260.0, 260.0, 159.5, 119.5)
K_THERMAL = Intrinsics(160, 120, 130.0, 130.0, 79.5, 59.5)

COLOR = StreamInfo("color", StreamKind.COLOR, 320, 240, "uint8", 30.0, intrinsics=K)
DEPTH = StreamInfo(
    "depth", StreamKind.DEPTH, 320, 240, "uint16", 30.0, unit_m=0.001, intrinsics=K, registered_to="color"
)
THERMAL = StreamInfo(
    "thermal",
    StreamKind.THERMAL,
    160,
    120,
    "uint16",
    9.0,
    kelvin=KelvinMap(0.01),
    intrinsics=K_THERMAL,
    extrinsics=Extrinsics(translation_m=(0.1, 0.0, 0.0)),
)


def frame(info: StreamInfo, fill: int = 100, number: int = 7, flags: FrameFlag = FrameFlag.NONE) -> Frame:
    return Frame(info, np.full(info.shape, fill, info.dtype), number, 233_000_000, 1_000_000_000, flags)


def frame_set(*infos: StreamInfo, number: int = 7) -> FrameSet:
    fills = {StreamKind.DEPTH: 1000, StreamKind.THERMAL: 30_000}
    frames = {i.name: frame(i, fills.get(i.kind, 60), number) for i in (infos or (COLOR, DEPTH, THERMAL))}
    return FrameSet(number, 233_000_000, frames)


def generated(fill: int = 0, name: str = "color") -> GeneratedImage:
    if name == "relief":
        relief = np.full((96, 96), np.nan, np.float32)
        return GeneratedImage(name, "gray_to_depth 0.1.0", np.full((96, 96), fill, np.uint8), relief)
    return GeneratedImage(name, "depth_to_color 0.1.0", np.full((64, 64, 3), fill, np.uint8))


def face(number: int = 1, **changes: object) -> Face:
    points = np.stack(np.meshgrid(np.linspace(120, 180, 17), np.linspace(90, 150, 4)), -1).reshape(68, 2)
    confidence = np.linspace(0.1, 1.0, 68, dtype=np.float32)
    fields: dict[str, object] = {
        "id": number,
        "stream": "color",
        "box": Box(110.0, 80.0, 80.0, 90.0),
        "confidence": 0.9,
        "distance_m": 1.0,
        "head_center_m": (-0.04, 0.02, 1.0),
        "landmarks": Landmarks(points.astype(np.float32), confidence),
        "pose": HeadPose(20.0, -5.0, 3.0),
        "eyes": EyeOpenness(0.9, 0.1),
        "generated": (generated(name="relief"), generated(name="color")),
    }
    fields.update(changes)
    return Face(**fields)  # type: ignore[arg-type]  # a test's keyword table has no static types


def observation(*faces: Face, number: int = 7, status: str = "ok") -> Observation:
    numbers = {"color": number, "depth": number}
    return Observation(number, 233_000_000, 1_000_000_000, 0, numbers, tuple(faces), status)
