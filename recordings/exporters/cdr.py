"""The few ROS 2 messages that an export needs, in CDR (little-endian, version 1) with their definitions.

Definitions as in ROS 2's common_interfaces (rolling), fields only; constants that nothing here uses are left out.
"""

from __future__ import annotations

import struct
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from drivers.frame import Extrinsics, Intrinsics
from recordings import lens_names
from recordings.container_writer import ChannelSpec
from recordings.exporters.rotation import quaternion

_HEADER: Final = b"\x00\x01\x00\x00"  # CDR_LE, no options

_TIME = ("builtin_interfaces/Time", "int32 sec\nuint32 nanosec\n")
_STD_HEADER = ("std_msgs/Header", "builtin_interfaces/Time stamp\nstring frame_id\n")
_ROI = (
    "sensor_msgs/RegionOfInterest",
    "uint32 x_offset\nuint32 y_offset\nuint32 height\nuint32 width\nbool do_rectify\n",
)
_TRANSFORM = (
    "geometry_msgs/Transform",
    "geometry_msgs/Vector3 translation\ngeometry_msgs/Quaternion rotation\n",
)
_STAMPED = (
    "geometry_msgs/TransformStamped",
    "std_msgs/Header header\nstring child_frame_id\ngeometry_msgs/Transform transform\n",
)
_VECTOR = ("geometry_msgs/Vector3", "float64 x\nfloat64 y\nfloat64 z\n")
_QUATERNION = ("geometry_msgs/Quaternion", "float64 x 0\nfloat64 y 0\nfloat64 z 0\nfloat64 w 1\n")


def _definition(text: str, *parts: tuple[str, str]) -> str:
    return text + "".join(f"{'=' * 80}\nMSG: {name}\n{body}" for name, body in parts)


DEFINITIONS: Final = {
    "sensor_msgs/msg/Image": _definition(
        "std_msgs/Header header\nuint32 height\nuint32 width\nstring encoding\nuint8 is_bigendian\nuint32 step\n"
        "uint8[] data\n",
        _STD_HEADER,
        _TIME,
    ),
    "sensor_msgs/msg/CompressedImage": _definition(
        "std_msgs/Header header\nstring format\nuint8[] data\n", _STD_HEADER, _TIME
    ),
    "sensor_msgs/msg/CameraInfo": _definition(
        "std_msgs/Header header\nuint32 height\nuint32 width\nstring distortion_model\nfloat64[] d\nfloat64[9] k\n"
        "float64[9] r\nfloat64[12] p\nuint32 binning_x\nuint32 binning_y\nsensor_msgs/RegionOfInterest roi\n",
        _STD_HEADER,
        _TIME,
        _ROI,
    ),
    "tf2_msgs/msg/TFMessage": _definition(
        "geometry_msgs/TransformStamped[] transforms\n", _STAMPED, _STD_HEADER, _TIME, _TRANSFORM, _VECTOR, _QUATERNION
    ),
    "std_msgs/msg/String": "string data\n",
}

_LATCHED: Final = """- history: 1
  depth: 1
  reliability: 1
  durability: 1
  deadline:
    sec: 9223372036
    nsec: 854775807
  lifespan:
    sec: 9223372036
    nsec: 854775807
  liveliness: 1
  liveliness_lease_duration:
    sec: 9223372036
    nsec: 854775807
  avoid_ros_namespace_conventions: false
"""
"""What rosbag2 plays a topic with so that who subscribes late gets it, too (transient local)."""


def channel(topic: str, message: str, *, is_latched: bool = False) -> ChannelSpec:
    """The channel of a topic of one of :data:`DEFINITIONS`."""
    metadata = {"offered_qos_profiles": _LATCHED if is_latched else ""}
    return ChannelSpec(topic, "cdr", message, "ros2msg", DEFINITIONS[message].encode(), metadata)


@dataclass(frozen=True, slots=True)
class Stamp:
    """A message's header: a time in ns (seconds must fit 32 bits) and the frame of reference."""

    ns: int
    frame_id: str


class _Cdr:
    """Bytes under construction. Each value is aligned to its own size, counted from after the four header bytes."""

    def __init__(self) -> None:
        self._data = bytearray()

    def put(self, code: str, *values: float) -> None:
        size = struct.calcsize(code)
        self._data += bytes(-len(self._data) % size)
        self._data += struct.pack(f"<{len(values)}{code}", *values)

    def text(self, text: str) -> None:
        data = text.encode() + b"\0"
        self.put("I", len(data))
        self._data += data

    def doubles(self, values: Sequence[float]) -> None:
        """A sequence: its length, then the values; aligned for them only where there are any."""
        self.put("I", len(values))
        if values:
            self.put("d", *values)

    def stamp(self, stamp: Stamp) -> None:
        self.put("i", stamp.ns // 10**9)
        self.put("I", stamp.ns % 10**9)
        self.text(stamp.frame_id)

    def finished(self) -> bytes:
        return _HEADER + bytes(self._data)

    def with_data(self, data: bytes) -> tuple[bytes, bytes]:
        """Ends with a sequence of bytes, which is not copied."""
        self.put("I", len(data))
        return self.finished(), data


def image(stamp: Stamp, width: int, height: int, encoding: str, data: bytes) -> tuple[bytes, bytes]:
    """`sensor_msgs/msg/Image` of little-endian pixels without padding, in two parts."""
    out = _Cdr()
    out.stamp(stamp)
    out.put("I", height, width)
    out.text(encoding)
    out.put("B", 0)
    out.put("I", len(data) // height)
    return out.with_data(data)


def compressed_image(stamp: Stamp, form: str, data: bytes) -> tuple[bytes, bytes]:
    """`sensor_msgs/msg/CompressedImage`, in two parts; ``form`` is ``jpeg`` or ``png``."""
    out = _Cdr()
    out.stamp(stamp)
    out.text(form)
    return out.with_data(data)


def camera_info(stamp: Stamp, k: Intrinsics) -> bytes:
    """`sensor_msgs/msg/CameraInfo`. A pinhole is a plumb_bob of zeros; a lens that ROS has no name for gets none."""
    model, coefficients = lens_names.named(k, lens_names.ROS_FISHEYE) or ("", ())
    if not k.distortion:
        model, coefficients = lens_names.PLUMB_BOB, (0.0,) * 5
    out = _Cdr()
    out.stamp(stamp)
    out.put("I", k.height, k.width)
    out.text(model)
    out.doubles(coefficients)
    out.put("d", k.fx, 0.0, k.cx, 0.0, k.fy, k.cy, 0.0, 0.0, 1.0)
    out.put("d", 1.0, 0.0, 0.0, 0.0, 1.0, 0.0, 0.0, 0.0, 1.0)
    out.put("d", k.fx, 0.0, k.cx, 0.0, 0.0, k.fy, k.cy, 0.0, 0.0, 0.0, 1.0, 0.0)
    out.put("I", 0, 0)
    out.put("I", 0, 0, 0, 0)
    out.put("B", 0)
    return out.finished()


def transforms(ns: int, parent: str, children: Sequence[tuple[str, Extrinsics]]) -> bytes:
    """`tf2_msgs/msg/TFMessage`: where each child stands in the parent."""
    out = _Cdr()
    out.put("I", len(children))
    for name, extrinsics in children:
        out.stamp(Stamp(ns, parent))
        out.text(name)
        out.put("d", *extrinsics.translation_m)
        out.put("d", *quaternion(extrinsics.matrix()))
    return out.finished()


def string(text: str) -> bytes:
    """`std_msgs/msg/String`."""
    out = _Cdr()
    out.text(text)
    return out.finished()
