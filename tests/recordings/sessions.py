"""Small sessions for the tests: streams, frames, files."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from drivers.frame import Frame, FrameFlag, Intrinsics, KelvinMap, StreamInfo, StreamKind
from recordings.session import SessionInfo
from recordings.writer import SessionWriter

W, H = 16, 12
K = Intrinsics(W, H, 20.0, 21.0, 7.5, 5.5, (0.1, -0.2, 0.001, 0.002, 0.03))

COLOR = StreamInfo("color", StreamKind.COLOR, W, H, "uint8", 30.0, intrinsics=K)
DEPTH = StreamInfo("depth", StreamKind.DEPTH, W, H, "uint16", 30.0, unit_m=0.001, intrinsics=K, registered_to="color")
GRAY = StreamInfo("gray", StreamKind.GRAY, W, H, "uint8", 30.0)
INFRARED = StreamInfo("cabin/infrared", StreamKind.INFRARED, W, H, "uint16", 30.0, intrinsics=K)
THERMAL = StreamInfo("thermal", StreamKind.THERMAL, 8, 6, "uint16", 9.0, kelvin=KelvinMap(0.01, 0.0))
ALL_KINDS = (COLOR, DEPTH, GRAY, INFRARED, THERMAL)

MS = 1_000_000
EPOCH = 1_700_000_000_000_000_000


def pixels_of(info: StreamInfo, seed: int) -> NDArray[Any]:
    high = 256 if info.dtype == "uint8" else 65536
    return np.random.default_rng(seed).integers(0, high, info.shape).astype(info.dtype)


def frame_of(
    info: StreamInfo,
    number: int,
    *,
    host_ns: int | None = None,
    device_ns: int | None = None,
    flags: FrameFlag = FrameFlag.NONE,
    seed: int | None = None,
) -> Frame:
    """Frame `number` of a stream at 30 frames a second; the device clock starts at 5 s."""
    return Frame(
        info,
        pixels_of(info, number if seed is None else seed),
        number,
        5_000 * MS + number * 33 * MS if device_ns is None else device_ns,
        EPOCH + number * 33 * MS if host_ns is None else host_ns,
        flags,
    )


def info_of(streams: Sequence[StreamInfo]) -> SessionInfo:
    return SessionInfo.create(streams, title="a test", source="tests", notes={"weather": "night"})


def write_session(path: Path, streams: Sequence[StreamInfo], frames: Iterable[Frame], **options: Any) -> Path:
    with SessionWriter(path, info_of(streams), **options) as writer:
        for frame in frames:
            writer.write_frame(frame)
    return path


def simple_session(path: Path, count: int = 10, streams: Sequence[StreamInfo] = (COLOR, DEPTH)) -> Path:
    """`count` frames of each stream, side by side."""
    return write_session(path, streams, (frame_of(s, n) for n in range(count) for s in streams))


def assert_same(a: Frame, b: Frame) -> None:
    assert (a.info, a.number, a.device_ns, a.host_ns, a.flags) == (b.info, b.number, b.device_ns, b.host_ns, b.flags)
    assert a.pixels.dtype == b.pixels.dtype
    np.testing.assert_array_equal(a.pixels, b.pixels)
