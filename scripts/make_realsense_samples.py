"""Makes small RealSense recordings without a camera: the SDK's software device, its own recorder, known pixels.

    python scripts/make_realsense_samples.py sample.db3     # needs pyrealsense2 2.58 or newer
    python scripts/make_realsense_samples.py sample.bag     # needs an older one, in an environment of its own

tests/data/realsense_d435.bag was made by the second line with pyrealsense2 2.57.7. The tests import this file.
"""

from __future__ import annotations

import argparse
import sys
import threading
import time
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

FPS = 30
FIRST_MS = 1000.0
"""The device's clock before the first frame."""
ARRIVAL_MS = 1_700_000_000_123
"""The computer's clock at the first frame."""


@dataclass(frozen=True)
class Stream:
    """One stream of the software device.

    ``kind`` and ``form`` are the SDK's words (``depth``, ``z16``); ``shift_m`` is where depth's origin lies in this
    stream's axes, x only; ``turn_deg`` turns about y.
    """

    kind: str
    form: str
    index: int = 0
    width: int = 32
    height: int = 24
    model: str = "brown_conrady"
    coefficients: tuple[float, ...] = (0.0, 0.0, 0.0, 0.0, 0.0)
    shift_m: float = 0.0
    turn_deg: float = 0.0


D435 = (
    Stream("depth", "z16"),
    Stream("infrared", "y8", 1),
    Stream("color", "rgb8", width=40, height=30, coefficients=(0.1, -0.2, 0.001, 0.002, 0.03), shift_m=0.015),
)
"""The usual three streams; infrared 1 has depth's eyes."""

_BYTES = {"z16": 2, "y16": 2, "y8": 1, "rgb8": 3, "bgr8": 3, "rgba8": 4, "bgra8": 4, "yuyv": 2, "uyvy": 2, "raw16": 2}


def image(stream: Stream, number: int) -> NDArray[Any]:
    """The known pixels of a frame: depth and 16 bits (H, W) uint16, the others (H, W, bytes) or (H, W) uint8."""
    y, x = np.mgrid[: stream.height, : stream.width]
    if _BYTES[stream.form] == 2 and stream.form not in ("yuyv", "uyvy"):
        return ((x * 257 + y * 1031 + number * 4099) % 65536).astype(np.uint16)
    planes = [(x * (3 + c) + y * 7 + number * 11 + c * 50) % 256 for c in range(_BYTES[stream.form])]
    return np.dstack(planes).astype(np.uint8) if len(planes) > 1 else planes[0].astype(np.uint8)


def record(
    path: Path,
    streams: Sequence[Stream] = D435,
    numbers: Sequence[int] = (1, 2, 3, 4, 5),
    *,
    unit_m: float = 0.001,
    arrivals: bool = True,
    motion: bool = False,
    compress: bool = True,
) -> None:
    """Write a recording; the suffix must fit the installed SDK's recorder.

    Args:
        path: ``*.db3`` (2.58 and newer) or ``*.bag`` (older).
        streams: what the camera has.
        numbers: of the frames; a gap is a gap in the recording, too.
        unit_m: metres a depth count.
        arrivals: whether frames carry the computer's time.
        motion: add an accelerometer, a sample with each frame.
        compress: images as PNG (db3), chunks as LZ4 (bag).
    """
    import pyrealsense2 as rs

    device = rs.software_device()
    for key, value in (
        (rs.camera_info.name, "Virtual D435"),
        (rs.camera_info.serial_number, "VIRT0001"),
        (rs.camera_info.firmware_version, "5.16.0.1"),
        (rs.camera_info.product_line, "D400"),
    ):
        device.register_info(key, value)
    names = ["RGB Camera" if s.kind == "color" else "Stereo Module" for s in streams]
    modules = {name: device.add_sensor(name) for name in dict.fromkeys(names)}
    if "Stereo Module" in modules:
        modules["Stereo Module"].add_read_only_option(rs.option.depth_units, unit_m)
    made = [(s, modules[name], at) for at, (s, name) in enumerate(zip(streams, names, strict=True))]
    profiles = {s: sensor.add_video_stream(_video(rs, s, at), True) for s, sensor, at in made}
    for s in streams[1:]:
        profiles[s].register_extrinsics_to(profiles[streams[0]], _extrinsics(rs, s))
    accel = None
    if motion:
        imu = device.add_sensor("Motion Module")
        accel = (imu, imu.add_motion_stream(_motion(rs, len(made))))
    came = threading.Semaphore(0)
    recorder = rs.recorder(str(path), device, compress)
    sensors = recorder.query_sensors()
    for sensor in sensors:
        sensor.open(sensor.get_stream_profiles())
        sensor.start(lambda _frame: came.release())
    for at, number in enumerate(numbers):
        time_ms = FIRST_MS + number * 1000 / FPS
        for s, sensor, _ in made:
            if arrivals:
                arrival_ms = ARRIVAL_MS + round(at * 1000 / FPS)
                sensor.set_metadata(rs.frame_metadata_value.time_of_arrival, arrival_ms)
            sensor.on_video_frame(_frame(rs, s, profiles[s], number, time_ms, unit_m))
            # The recorder takes frames on threads of its own; one after the other keeps the file's order known.
            if not came.acquire(timeout=10):
                raise RuntimeError(f"frame {number} of {s.kind} did not reach the recorder within 10 s")
        if accel is not None:
            _push_motion(rs, *accel, number, time_ms)
            came.acquire(timeout=10)
    for sensor in sensors:
        sensor.stop()
        sensor.close()
    del sensors, recorder  # the recorder writes the end of the file when it goes
    deadline = time.monotonic() + 10
    while not path.exists() and time.monotonic() < deadline:
        time.sleep(0.01)


def _video(rs: Any, s: Stream, at: int) -> Any:
    k = rs.intrinsics()
    k.width, k.height = s.width, s.height
    k.fx = k.fy = 0.9 * s.width
    k.ppx, k.ppy = s.width / 2 - 0.25, s.height / 2 + 0.5
    k.model, k.coeffs = getattr(rs.distortion, s.model), list(s.coefficients)
    out = rs.video_stream()
    out.type, out.index, out.uid = getattr(rs.stream, s.kind), s.index, 10 + at
    out.fmt, out.bpp, out.fps = getattr(rs.format, s.form), _BYTES[s.form], FPS
    out.width, out.height, out.intrinsics = s.width, s.height, k
    return out


def _extrinsics(rs: Any, s: Stream) -> Any:
    """From this stream's axes to those of the first: a turn about y, then a shift back along x."""
    a = np.deg2rad(s.turn_deg)
    out = rs.extrinsics()
    out.rotation = [np.cos(a), 0, -np.sin(a), 0, 1, 0, np.sin(a), 0, np.cos(a)]  # column by column
    out.translation = [-s.shift_m, 0, 0]
    return out


def _frame(rs: Any, s: Stream, profile: Any, number: int, time_ms: float, unit_m: float) -> Any:
    out = rs.software_video_frame()
    out.pixels = np.ascontiguousarray(image(s, number))
    out.stride, out.bpp = s.width * _BYTES[s.form], _BYTES[s.form]
    out.timestamp, out.frame_number = time_ms, number
    out.domain, out.profile = rs.timestamp_domain.hardware_clock, profile.as_video_stream_profile()
    if s.kind == "depth":
        out.depth_units = unit_m
    return out


def _motion(rs: Any, at: int) -> Any:
    out = rs.motion_stream()
    out.type, out.index, out.uid, out.fmt, out.fps = rs.stream.accel, 0, 10 + at, rs.format.motion_xyz32f, 63
    return out


def _push_motion(rs: Any, sensor: Any, profile: Any, number: int, time_ms: float) -> None:
    sample = rs.software_motion_frame()
    data = rs.vector()
    data.x, data.y, data.z = 0.0, -9.81, 0.0
    sample.data = data
    sample.timestamp, sample.frame_number = time_ms, number
    sample.domain, sample.profile = rs.timestamp_domain.hardware_clock, profile.as_motion_stream_profile()
    sensor.on_motion_frame(sample)


def main() -> int:
    """Make the file named on the command line."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("path", type=Path, help="*.db3 or *.bag")
    parser.add_argument("--frames", type=int, default=4)
    given = parser.parse_args()
    if given.path.exists():
        print(f"{given.path} exists already", file=sys.stderr)  # noqa: T201 - a command tells
        return 1
    try:
        record(given.path, numbers=range(1, given.frames + 1))
    except RuntimeError as error:
        print(f"{error} (pyrealsense2 writes .db3 from 2.58 on, .bag before)", file=sys.stderr)  # noqa: T201 - a command tells
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())
