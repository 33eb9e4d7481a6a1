"""From a frame of the SDK to pixels of ours, in the SDK's thread: copied once, and the SDK's buffer is free again."""

from __future__ import annotations

import time
from dataclasses import dataclass, field
from typing import Any, Final

import cv2
import numpy as np

from drivers.cameras.realsense_profiles import shorter
from drivers.frame import FrameFlag, Pixels, StreamInfo, StreamKind

_CONVERSIONS: Final = {
    "bgr8": cv2.COLOR_BGR2RGB,
    "rgba8": cv2.COLOR_RGBA2RGB,
    "bgra8": cv2.COLOR_BGRA2RGB,
    "yuyv": cv2.COLOR_YUV2RGB_YUY2,
    "uyvy": cv2.COLOR_YUV2RGB_UYVY,
}

_METADATA: Final = (
    "frame_counter", "frame_timestamp", "sensor_timestamp", "backend_timestamp", "time_of_arrival", "actual_exposure",
    "gain_level", "auto_exposure", "frame_laser_power", "frame_emitter_mode", "actual_fps",
)  # fmt: skip
_METADATA_EVERY_S: Final = 0.5


class WrongFrameError(ValueError):
    """A frame that is not what its stream promised."""


@dataclass(slots=True)
class Image:
    """A frame on its way from the SDK's thread to the reading one.

    Attributes:
        unit_m: depth only: metres a count, as this very frame says.
        sdk_frame: kept only where the SDK itself has something left to do with it (its alignment).
    """

    name: str
    pixels: Pixels | None
    number: int
    device_ns: int
    host_ns: int
    flags: FrameFlag
    unit_m: float | None = None
    sdk_frame: Any = None


@dataclass(slots=True)
class StreamState:
    """What is remembered of a stream from frame to frame."""

    info: StreamInfo
    format: str
    received: int = 0
    first: int = 0
    number_shift: int = 0
    number: int = -1
    device_ns: int = -1
    metadata_s: float = -1e9
    metadata: dict[str, int] = field(default_factory=dict)


def pixels_of(frame: Any, state: StreamState, *, borrow: bool) -> Pixels:
    """Pixels as the stream's info promises them.

    Args:
        borrow: the array lies in the SDK's buffer, and holds it while it lives; otherwise it is a copy.

    Raises:
        WrongFrameError: it has another size or format.
    """
    info = state.info
    form = frame.profile.format().name
    data: Pixels = np.asanyarray(frame.get_data())
    if data.shape[:2] != (info.height, info.width):
        raise WrongFrameError(
            f"frame {frame.frame_number} of {info.name} is {data.shape[1]}x{data.shape[0]} px, "
            f"its stream is {info.width}x{info.height}"
        )
    if form in ("yuyv", "uyvy"):  # the SDK takes them for one number of 16 bits a pixel
        data = data.view(np.uint8).reshape(info.height, info.width, 2)
    if form in _CONVERSIONS:
        pixels: Pixels = cv2.cvtColor(data, _CONVERSIONS[form])
    else:
        pixels = data if borrow else data.copy()
    _check(pixels, info, form, frame)
    return pixels


def _check(pixels: Pixels, info: StreamInfo, form: str, frame: Any) -> None:
    if pixels.shape != info.shape or pixels.dtype.name != info.dtype:
        raise WrongFrameError(
            f"frame {frame.frame_number} of {info.name} has the format {form} ({pixels.dtype.name} {pixels.shape}), "
            f"its stream promises {info.dtype} {info.shape}"
        )


def number_and_flags(raw: int, device_ns: int, state: StreamState) -> tuple[int, FrameFlag]:
    """The frame's number, and what is wrong with it: the very same number and time again is a repeated frame."""
    number = raw + state.number_shift
    repeated = number == state.number and device_ns == state.device_ns
    state.number, state.device_ns = number, device_ns
    return number, FrameFlag.STALE if repeated else FrameFlag.NONE


def frame_unit_m(frame: Any, info: StreamInfo) -> float | None:
    """Metres a count as this depth frame says; None for other frames, and where it says nothing."""
    if info.kind is not StreamKind.DEPTH:
        return None
    try:
        unit = float(frame.as_depth_frame().get_units())
    except RuntimeError:  # a frame that no depth sensor made
        return None
    return shorter(unit) if unit > 0 else None


def sample_metadata(rs: Any, frame: Any, state: StreamState) -> None:
    """What the camera says about its frames (exposure, counters, timestamps), a few times a second."""
    now = time.monotonic()
    if now - state.metadata_s < _METADATA_EVERY_S:
        return
    state.metadata_s = now
    found = {}
    for name in _METADATA:
        key = getattr(rs.frame_metadata_value, name, None)
        if key is not None and frame.supports_frame_metadata(key):
            found[name] = int(frame.get_frame_metadata(key))
    state.metadata = found
