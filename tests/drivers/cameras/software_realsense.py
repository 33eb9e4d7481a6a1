"""A RealSense made of software: the SDK's own software device and recorder, with pixels that a test can check.

Everything above the USB cable is the real library: sensors, profiles, callbacks, metadata, the recorder, ``rs.align``.
"""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from drivers.frame import Extrinsics, Intrinsics, StreamInfo

FIRST_MS: Final = 5000.0
"""The device's clock at frame 0."""

HERE: Final = Extrinsics()

BYTES: Final = dict(z16=2, y16=2, y8=1, raw8=1, rgb8=3, bgr8=3, rgba8=4, bgra8=4, yuyv=2, uyvy=2, raw16=2)  # noqa: C408 - names read better than quoted keys
"""Bytes a pixel."""


@dataclass(frozen=True)
class SoftStream:
    """One profile of the software device, in the SDK's words.

    Attributes:
        kind, form: ``depth``, ``z16``.
        module: the sensor that has it.
        intrinsics: None: no distortion, a focal length of 0.9 of the width.
        model, coefficients: of the distortion.
        extrinsics: where it stands; the first stream's axes are those of the device.
    """

    kind: str
    form: str
    index: int = 0
    width: int = 64
    height: int = 48
    fps: int = 30
    module: str = "Stereo Module"
    default: bool = True
    intrinsics: Intrinsics | None = None
    model: str = "brown_conrady"
    coefficients: tuple[float, ...] = (0.0, 0.0, 0.0, 0.0, 0.0)
    extrinsics: Extrinsics = HERE

    @property
    def name(self) -> str:
        return f"{self.kind}{self.index or ''}"


DEPTH: Final = SoftStream("depth", "z16")
INFRARED: Final = SoftStream("infrared", "y8", 1)
COLOR: Final = SoftStream(
    "color", "rgb8", width=80, height=60, module="RGB Camera", extrinsics=Extrinsics(translation_m=(0.015, 0.0, 0.0))
)
D435: Final = (DEPTH, INFRARED, COLOR)

WRITABLE: Final[Mapping[str, tuple[float, float, float, float]]] = {
    "exposure": (1, 165000, 1, 8500),
    "gain": (16, 248, 1, 16),
    "enable_auto_exposure": (0, 1, 1, 1),
    "emitter_enabled": (0, 2, 1, 1),
    "laser_power": (0, 360, 30, 150),
    "visual_preset": (0, 6, 1, 0),
}
"""Options of the stereo module: lowest, highest, step, default."""


def image(stream: SoftStream, number: int) -> NDArray[Any]:
    """The known pixels of a frame: (H, W) uint16 for 16 bits, else uint8 (H, W) or (H, W, bytes)."""
    y, x = np.mgrid[: stream.height, : stream.width]
    if stream.form in ("z16", "y16"):
        counts: NDArray[np.uint16] = ((x * 257 + y * 1031 + number * 4099) % 65536).astype(np.uint16)
        return counts
    planes = [(x * (3 + c) + y * 7 + number * 11 + c * 50) % 256 for c in range(BYTES[stream.form])]
    pixels: NDArray[np.uint8] = (np.dstack(planes) if len(planes) > 1 else planes[0]).astype(np.uint8)
    return pixels


class SoftwareRealSense:
    """A device whose frames a test pushes.

    Args:
        streams: its profiles; the depth unit is ``unit_m`` metres a count.
        info: what it says of itself, by the SDK's words (``serial_number``).
        imu: add a motion module with an accelerometer and a gyroscope.
    """

    def __init__(
        self,
        streams: Sequence[SoftStream] = D435,
        *,
        unit_m: float = 0.001,
        info: Mapping[str, str] | None = None,
        imu: bool = False,
    ) -> None:
        import pyrealsense2 as rs

        self.rs: Any = rs
        self.unit_m = unit_m
        self.device = rs.software_device()
        said = {
            "name": "Software RealSense D435",
            "serial_number": "SOFT0001",
            "firmware_version": "5.16.0.1",
            "product_line": "D400",
            "usb_type_descriptor": "3.2",
            **(info or {}),
        }
        for key, value in said.items():
            if value:
                self.device.register_info(getattr(rs.camera_info, key), value)
        self.modules: dict[str, Any] = {}
        self.profiles: dict[SoftStream, Any] = {}
        self.streams = tuple(streams)
        for at, stream in enumerate(streams):
            module = self.modules.get(stream.module)
            if module is None:
                module = self.modules[stream.module] = self.device.add_sensor(stream.module)
            self.profiles[stream] = module.add_video_stream(self._video(stream, 10 + at), stream.default)
        if "Stereo Module" in self.modules:
            self._options(self.modules["Stereo Module"])
        first = streams[0]
        for stream in streams[1:]:
            self.profiles[stream].register_extrinsics_to(
                self.profiles[first], extrinsics_between(rs, stream.extrinsics, first.extrinsics)
            )
        self.motion: dict[str, Any] = {}
        if imu:
            module = self.modules["Motion Module"] = self.device.add_sensor("Motion Module")
            for at, (kind, fps) in enumerate((("accel", 63), ("gyro", 200))):
                out = rs.motion_stream()
                out.type, out.index, out.uid = getattr(rs.stream, kind), 0, 50 + at
                out.fmt, out.fps = rs.format.motion_xyz32f, fps
                self.motion[kind] = module.add_motion_stream(out, True)
        self.device.create_matcher(rs.matchers.default)  # after the streams: it knows those that are there

    def push(
        self,
        number: int,
        time_ms: float | None = None,
        *,
        only: Sequence[str] = (),
        unit_m: float | None = None,
        images: Mapping[str, NDArray[Any]] | None = None,
        domain: str = "hardware_clock",
        metadata: Mapping[str, int] | None = None,
        stride: int = 0,
    ) -> None:
        """One frame of each stream that is open (of those named in ``only``), from the calling thread.

        Args:
            time_ms: the device's clock; the frame's number at 30 a second when left out.
            unit_m: metres a count, when they change.
            images: pixels by the stream's name in place of :func:`image`.
            domain: whose clock.
            metadata: values by the SDK's words.
            stride: bytes a row, when there is padding; 0: none.
        """
        rs = self.rs
        for stream, profile in self.profiles.items():
            if only and stream.name not in only:
                continue
            module = self.modules[stream.module]
            if not any(p.unique_id() == profile.unique_id() for p in module.get_active_streams()):
                continue
            pixels = image(stream, number) if images is None or stream.name not in images else images[stream.name]
            out = rs.software_video_frame()
            out.bpp = BYTES[stream.form]
            row = stream.width * out.bpp
            padded = np.zeros((stream.height, stride or row), np.uint8)
            padded[:, :row] = np.ascontiguousarray(pixels).view(np.uint8).reshape(stream.height, row)
            out.pixels, out.stride = padded, padded.shape[1]
            out.timestamp = FIRST_MS + number * 1000 / 30 if time_ms is None else time_ms
            out.frame_number = number
            out.domain, out.profile = getattr(rs.timestamp_domain, domain), profile.as_video_stream_profile()
            if stream.kind == "depth":
                out.depth_units = unit_m or self.unit_m
            for key, value in (metadata or {}).items():
                module.set_metadata(getattr(rs.frame_metadata_value, key), value)
            module.on_video_frame(out)

    def push_motion(self, kind: str, number: int, time_ms: float, values: tuple[float, float, float]) -> None:
        """One sample of ``accel`` (m/s2) or ``gyro`` (rad/s)."""
        rs = self.rs
        sample, data = rs.software_motion_frame(), rs.vector()
        data.x, data.y, data.z = values
        sample.data, sample.timestamp, sample.frame_number = data, time_ms, number
        sample.domain = rs.timestamp_domain.hardware_clock
        sample.profile = self.motion[kind].as_motion_stream_profile()
        self.modules["Motion Module"].on_motion_frame(sample)

    @contextmanager
    def streaming(
        self, fps: float = 100.0, first: int = 1, push: Callable[[int], None] | None = None
    ) -> Iterator[threading.Event]:
        """A thread that pushes frames at a rate until the block ends, or the event it gives is set.

        As with a camera of glass and metal, the first frame comes a while after the sensors were started.
        """
        stop = threading.Event()

        def run() -> None:
            number = first
            active = False
            while not stop.wait(1 / fps):
                was_active, active = active, any(m.get_active_streams() for m in self.modules.values())
                if active and not was_active and stop.wait(0.02):
                    return
                (push or self.push)(number)
                number += 1

        thread = threading.Thread(target=run, name="software-realsense")
        thread.start()
        try:
            yield stop
        finally:
            stop.set()
            thread.join(10)
            assert not thread.is_alive()

    def _video(self, stream: SoftStream, uid: int) -> Any:
        rs = self.rs
        k = rs.intrinsics()
        k.width, k.height = stream.width, stream.height
        given = stream.intrinsics
        if given is None:
            k.fx = k.fy = 0.9 * stream.width
            k.ppx, k.ppy = stream.width / 2 - 0.25, stream.height / 2 + 0.5
            k.model, k.coeffs = getattr(rs.distortion, stream.model), list(stream.coefficients)
        else:
            k.fx, k.fy, k.ppx, k.ppy = given.fx, given.fy, given.cx, given.cy
            k.model, k.coeffs = rs.distortion.brown_conrady, list(given.distortion or (0.0,) * 5)
        out = rs.video_stream()
        out.type, out.index, out.uid = getattr(rs.stream, stream.kind), stream.index, uid
        out.fmt, out.bpp, out.fps = getattr(rs.format, stream.form), BYTES[stream.form], stream.fps
        out.width, out.height, out.intrinsics = stream.width, stream.height, k
        return out

    def _options(self, module: Any) -> None:
        rs = self.rs
        module.add_read_only_option(rs.option.depth_units, self.unit_m)
        for name, (low, high, step, default) in WRITABLE.items():
            limits = rs.option_range()
            limits.min, limits.max, limits.step, limits.default = low, high, step, default
            module.add_option(getattr(rs.option, name), limits, True)


def extrinsics_between(rs: Any, a: Extrinsics, b: Extrinsics) -> Any:
    """The SDK's extrinsics from the axes of ``a`` to those of ``b``; its rotation goes column by column."""
    rotation = b.matrix().T @ a.matrix()
    shift = b.matrix().T @ (np.array(a.translation_m) - np.array(b.translation_m))
    out = rs.extrinsics()
    out.rotation, out.translation = rotation.T.ravel().tolist(), shift.tolist()
    return out


def record(
    path: Path, frames: int = 5, device: SoftwareRealSense | None = None, *, fps: float = 0.0, compress: bool = True
) -> None:
    """Write frames 1 to ``frames`` of a software device to ``*.db3`` by the SDK's recorder, with times of arrival.

    Args:
        fps: how fast it is recorded, and so played in real time; 0: as fast as it goes.
    """
    soft = device or SoftwareRealSense()
    rs = soft.rs
    recorder = rs.recorder(str(path), soft.device, compress)
    came = threading.Semaphore(0)
    sensors = recorder.query_sensors()
    for sensor in sensors:
        sensor.open(sensor.get_stream_profiles())
        sensor.start(lambda _frame: came.release())
    for number in range(1, frames + 1):
        time.sleep(1 / fps if fps else 0.0)
        for stream in soft.streams:
            # The recorder takes frames on threads of its own; one after the other keeps the file's order known.
            soft.push(number, only=[stream.name], metadata={"time_of_arrival": 1_700_000_000_000 + number * 33})
            if not came.acquire(timeout=10):
                raise RuntimeError(f"frame {number} of {stream.name} did not reach the recorder within 10 s")
        for kind in soft.motion:
            soft.push_motion(kind, number, FIRST_MS + number * 1000 / 30, (0.0, -9.81, 0.25))
            came.acquire(timeout=10)
    for sensor in sensors:
        sensor.stop()
        sensor.close()
    del sensors, recorder  # the recorder writes the end of the file when it goes
    deadline = time.monotonic() + 10
    while not path.exists() and time.monotonic() < deadline:
        time.sleep(0.01)


class SdkAligner:
    """Depth on colour's grid by ``rs.align``: the measured reference of our own registration.

    Call it with depth (H, W) uint16 counts; it gives (H', W') uint16 counts of the same unit, 0 = no reading.

    Args:
        depth, color: streams with intrinsics; their extrinsics say how they stand.
    """

    def __init__(self, depth: StreamInfo, color: StreamInfo) -> None:
        if depth.intrinsics is None or color.intrinsics is None:
            raise ValueError("rs.align needs the intrinsics of both streams")
        self._soft = SoftwareRealSense(
            (
                SoftStream(
                    "depth", "z16", 0, depth.width, depth.height,
                    intrinsics=depth.intrinsics, extrinsics=depth.extrinsics,
                ),
                SoftStream(
                    "color", "rgb8", 0, color.width, color.height, module="RGB Camera",
                    intrinsics=color.intrinsics, extrinsics=color.extrinsics,
                ),
            ),
            unit_m=depth.unit_m or 0.001,
        )  # fmt: skip
        rs = self._soft.rs
        self._black = np.zeros((color.height, color.width, 3), np.uint8)
        self._align = rs.align(rs.stream.color)
        self._pair: dict[str, Any] = {}
        self._joined = rs.frame_queue(1)
        # rs.align takes framesets, and only a processing block may make one.
        self._join = rs.processing_block(
            lambda _frame, made: made.frame_ready(made.allocate_composite_frame(list(self._pair.values())))
        )
        self._join.start(self._joined)
        for sensor in self._soft.device.query_sensors():
            sensor.open(sensor.get_stream_profiles())
            sensor.start(lambda frame: self._pair.__setitem__(frame.profile.stream_type().name, frame))
        self._number = 0
        self.process_s = 0.0
        """Seconds that the last call of ``rs.align`` itself took."""

    def __call__(self, depth: NDArray[np.uint16]) -> NDArray[np.uint16]:
        self._number += 1
        self._soft.push(self._number, images={"depth": depth, "color": self._black})
        self._join.invoke(self._pair["depth"])
        frames = self._joined.wait_for_frame(2000).as_frameset()
        began = time.perf_counter()
        aligned = self._align.process(frames).get_depth_frame()
        self.process_s = time.perf_counter() - began
        out: NDArray[np.uint16] = np.asanyarray(aligned.get_data()).copy()
        return out

    def close(self) -> None:
        """Stop the sensors."""
        for sensor in self._soft.device.query_sensors():
            sensor.stop()
            sensor.close()
        self._pair.clear()


def sdk_aligned(depth: NDArray[np.uint16], info_depth: StreamInfo, info_color: StreamInfo) -> NDArray[np.uint16]:
    """Depth (H, W) uint16 counts on colour's grid, (H', W') uint16 counts of the same unit, by ``rs.align``."""
    aligner = SdkAligner(info_depth, info_color)
    try:
        return aligner(depth)
    finally:
        aligner.close()
