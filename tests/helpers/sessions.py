"""Small sessions for tests: a plain head before a wall, seen by a depth and an infrared camera on one grid."""

from __future__ import annotations

from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from drivers.frame import Frame, Intrinsics, StreamInfo, StreamKind
from recordings.session import SessionInfo
from recordings.writer import SessionWriter

K = Intrinsics(160, 120, 140.0, 140.0, 79.5, 59.5)
DEPTH = StreamInfo("depth", StreamKind.DEPTH, 160, 120, "uint16", fps=30.0, unit_m=0.001, intrinsics=K)
INFRARED = StreamInfo("infrared", StreamKind.INFRARED, 160, 120, "uint8", fps=30.0, intrinsics=K)
FRAME_NS = 33_333_333
START_NS = 1_700_000_000_000_000_000


def pixels(index: int, of: int) -> tuple[NDArray[np.uint16], NDArray[np.uint8]]:
    """Depth (mm) and infrared of one moment: an ellipsoid head over shoulders that moves to the right."""
    rng = np.random.default_rng(index)
    v, u = np.mgrid[0:120, 0:160].astype(np.float64)
    cx, cy, z = 60.0 + 40.0 * index / max(of - 1, 1), 50.0, 800.0
    rx, ry = 140.0 * 75 / z, 140.0 * 105 / z
    r2 = ((u - cx) / rx) ** 2 + ((v - cy) / ry) ** 2
    depth = np.full((120, 160), 1900.0)
    gray = np.full((120, 160), 40.0)
    body = (np.abs(u - cx) < 32) & (v > cy + ry * 0.95)
    depth[body], gray[body] = z + 40, 70
    head = r2 < 1
    depth[head] = z + 95 * (1 - np.sqrt(1 - r2[head]))
    gray[head] = 190 - 60 * r2[head]
    for side in (-1, 1):
        gray[((u - cx - side * 6) / 3) ** 2 + ((v - cy + 3) / 1.5) ** 2 < 1] = 30
    gray[((u - cx) / 5) ** 2 + ((v - cy - 10) / 1.5) ** 2 < 1] = 60
    depth += rng.normal(0, 1.5, depth.shape)
    gray += rng.normal(0, 3, gray.shape)
    return depth.clip(1, 65535).astype(np.uint16), gray.clip(0, 255).astype(np.uint8)


def write_session(path: Path, count: int = 12) -> Path:
    """A session of so many FrameSets at 30 frames a second."""
    info = SessionInfo.create([DEPTH, INFRARED], title="test", source="tests", clock="synthetic")
    with SessionWriter(path, info) as writer:
        for i in range(count):
            depth, gray = pixels(i, count)
            t = START_NS + i * FRAME_NS
            writer.write_frame(Frame(DEPTH, depth, i, t, t + 1000))
            writer.write_frame(Frame(INFRARED, gray, i, t + 100, t + 1500))
    return path
