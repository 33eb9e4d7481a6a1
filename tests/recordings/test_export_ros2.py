"""ROS 2 bags: the messages are what ROS' own serialisation gives, and every pixel and time is in them.

The hexadecimal messages were written by another implementation (rosbags 0.11.9, from the ROS 2 Jazzy definitions).
What a viewer makes of the bags stands in tests/test_viewers.py.
"""

from __future__ import annotations

import json
import struct
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from mcap.reader import make_reader
from mcap.records import Channel, Message, Schema
from numpy.typing import NDArray

from drivers.frame import Extrinsics, Frame, Intrinsics
from recordings.errors import SessionExportError
from recordings.exporters import cdr
from recordings.exporters.ros2 import EXPORTER, topic_names
from recordings.exporters.rotation import quaternion
from recordings.reader import SessionReader
from tests.recordings.export_cases import FRAMES, TURNED, export, full_session, generated_session, jpeg_frame
from tests.recordings.sessions import DEPTH, EPOCH, frame_of, simple_session, write_session

STAMP_NS = 1_700_000_000_123_456_789
IMAGE = (
    "0001000000f1536515cd5b0709000000636162696e2f6972000000000200000003000000070000006d6f6e6f3136000006000000"
    "0c000000000102030405060708090a0b"
)
COMPRESSED = "0001000000f1536515cd5b0706000000636f6c6f72000000050000006a7065670000000004000000ffd8ffd9"
CAMERA_INFO = (
    "0001000000f1536515cd5b07060000006465707468000000e0010000800200000a000000706c756d625f626f6200000005000000"
    "9a9999999999b93f9a9999999999c9bffca9f1d24d62503ffca9f1d24d62603fb81e85eb51b89e3f0000000000c4824000000000"
    "000000000000000000f8734000000000000000000000000000ca82400000000000f06d4000000000000000000000000000000000"
    "000000000000f03f000000000000f03f000000000000000000000000000000000000000000000000000000000000f03f00000000"
    "0000000000000000000000000000000000000000000000000000f03f0000000000c4824000000000000000000000000000f87340"
    "000000000000000000000000000000000000000000ca82400000000000f06d400000000000000000000000000000000000000000"
    "00000000000000000000f03f000000000000000000000000000000000000000000000000000000000000000000"
)
TRANSFORMS = (
    "000100000200000000f1536515cd5b07040000007269670002000000610000000000000000000000000000000000000000000000"
    "0000000000000000000000000000000000000000000000000000000000000000000000000000f03f00f1536515cd5b0704000000"
    "7269670008000000746865726d616c0000000000000000000000e03f000000000000d0bf000000000000c03f0000000000000000"
    "0000000000000000000000000000f03f0000000000000000"
)
STRING = "000100000700000064c3a970746800"


def test_messages_are_those_of_ros() -> None:
    stamp = cdr.Stamp(STAMP_NS, "cabin/ir")
    assert b"".join(cdr.image(stamp, 3, 2, "mono16", bytes(range(12)))).hex() == IMAGE
    stamp = cdr.Stamp(STAMP_NS, "color")
    assert b"".join(cdr.compressed_image(stamp, "jpeg", b"\xff\xd8\xff\xd9")).hex() == COMPRESSED
    k = Intrinsics(640, 480, 600.5, 601.25, 319.5, 239.5, (0.1, -0.2, 0.001, 0.002, 0.03))
    assert cdr.camera_info(cdr.Stamp(STAMP_NS, "depth"), k).hex() == CAMERA_INFO
    half_turn = Extrinsics(((-1.0, 0.0, 0.0), (0.0, -1.0, 0.0), (0.0, 0.0, 1.0)), (0.5, -0.25, 0.125))
    assert cdr.transforms(STAMP_NS, "rig", [("a", Extrinsics()), ("thermal", half_turn)]).hex() == TRANSFORMS
    assert cdr.string("dépth").hex() == STRING


def read(path: Path) -> list[tuple[Schema, Channel, Message]]:
    with path.open("rb") as file:
        return [(s, c, m) for s, c, m in make_reader(file).iter_messages() if s is not None]


def on(path: Path, topic: str) -> list[bytes]:
    return [m.data for _, c, m in read(path) if c.topic == topic]


def text(data: bytes) -> Any:
    """The JSON of a std_msgs/msg/String."""
    (length,) = struct.unpack_from("<I", data, 4)
    return json.loads(data[8 : 8 + length - 1])


def image_data(data: bytes) -> bytes:
    """The pixels, which an image ends with after their length."""
    at = len(data) - 4
    while at > 0 and struct.unpack_from("<I", data, at)[0] != len(data) - at - 4:
        at -= 4
    return data[at + 4 :]


def test_every_topic_has_its_type_and_every_frame_a_message(tmp_path: Path) -> None:
    report = export(EXPORTER, full_session(tmp_path / "in.mcap", "compact"), tmp_path / "out.mcap")
    assert report.frames["depth"] == FRAMES
    found: dict[str, tuple[str, int]] = {}
    for schema, channel, _ in read(tmp_path / "out.mcap"):
        assert (channel.message_encoding, schema.encoding) == ("cdr", "ros2msg")
        found[channel.topic] = (schema.name, found.get(channel.topic, ("", 0))[1] + 1)
    image, info, string = (
        f"{p}/msg/{n}" for p, n in (("sensor_msgs", "Image"), ("sensor_msgs", "CameraInfo"), ("std_msgs", "String"))
    )
    calibrated, bare = ("color", "depth", "cabin/infrared"), ("gray", "thermal")
    assert found == {
        **{f"/{s}/image_raw": (image, FRAMES) for s in (*calibrated, *bare)},
        **{f"/{s}/camera_info": (info, FRAMES) for s in calibrated},
        **{f"/{s}/frame": (string, FRAMES) for s in (*calibrated, *bare, "webcam")},
        "/webcam/image_raw/compressed": ("sensor_msgs/msg/CompressedImage", FRAMES),
        "/tf_static": ("tf2_msgs/msg/TFMessage", 1),
        "/tapetum/session": (string, 1),
        "/tapetum/observations": (string, FRAMES),
        "/tapetum/events": (string, 1),
    }
    with (tmp_path / "out.mcap").open("rb") as file:
        reader = make_reader(file)
        assert reader.get_header().profile == "ros2"
        (record,) = reader.iter_metadata()
        assert json.loads(record.metadata["json"])["topics"]["cabin/infrared"] == "cabin/infrared"


def test_pixels_times_and_places_are_all_there(tmp_path: Path) -> None:
    source = full_session(tmp_path / "in.mcap", "compact")
    export(EXPORTER, source, tmp_path / "out.mcap")
    out = tmp_path / "out.mcap"
    with SessionReader(source) as session:
        for name, encoding in (
            ("color", "rgb8"),
            ("depth", "16UC1"),
            ("gray", "mono8"),
            ("cabin/infrared", "mono16"),
            ("thermal", "mono16"),  # 16UC1 would be taken for depth
        ):
            info = session.info.stream(name)
            for index, data in enumerate(on(out, f"/{name}/image_raw")):
                frame = session.frame(name, index)
                stamp = cdr.Stamp(frame.host_ns, name)
                expected = cdr.image(stamp, info.width, info.height, encoding, frame.pixels.tobytes())
                assert data == b"".join(expected)
            said = [text(data) for data in on(out, f"/{name}/frame")]
            assert [s["number"] for s in said] == list(range(FRAMES))
            assert [s["device_ns"] for s in said] == session.times(name).device_ns.tolist()
            assert [s["flags"] for s in said] == session.flags(name).tolist()
        assert [text(d) for d in on(out, "/tapetum/observations")] == [
            json.loads(d) for d in session.observation_bytes()
        ]
        assert text(on(out, "/tapetum/session")[0])["session"] == session.info.to_json()
    jpeg = on(out, "/webcam/image_raw/compressed")[1]
    assert jpeg.endswith(jpeg_frame(1)[1])
    (places,) = on(out, "/tf_static")
    at = places.index(b"thermal\0") + len("thermal\0")
    at += -(at - 4) % 8
    place = struct.unpack_from("<7d", places, at)
    assert place == pytest.approx((*TURNED.translation_m, 0.0, 0.0, 2**-0.5, 2**-0.5))


def test_who_subscribes_late_gets_what_is_said_once(tmp_path: Path) -> None:
    export(EXPORTER, full_session(tmp_path / "in.mcap"), tmp_path / "out.mcap")
    profiles = {c.topic: c.metadata["offered_qos_profiles"] for _, c, _ in read(tmp_path / "out.mcap")}
    assert {t for t, words in profiles.items() if "durability: 1\n" in words} == {"/tf_static", "/tapetum/session"}


@pytest.mark.parametrize("unit_m", [0.0001, 0.00025, 0.01])
def test_depth_of_other_units_is_in_metres_and_its_counts_come_back(unit_m: float, tmp_path: Path) -> None:
    info = replace(DEPTH, unit_m=unit_m, width=256, height=256, intrinsics=None, registered_to=None)
    pixels: NDArray[np.uint16] = np.arange(65536, dtype=np.uint16).reshape(256, 256)
    write_session(tmp_path / "in.mcap", [info], [Frame(info, pixels, 0, 0, EPOCH)])
    report = export(EXPORTER, tmp_path / "in.mcap", tmp_path / "out.mcap")
    assert report.notes == ("depth: depth as 32FC1 in metres, since its unit is not 1 mm",)
    (data,) = on(tmp_path / "out.mcap", "/depth/image_raw")
    assert b"32FC1" in data
    metres = np.frombuffer(image_data(data), "<f4")
    assert np.isnan(metres[0])
    np.testing.assert_array_equal(np.round(metres[1:].astype(np.float64) / unit_m), np.arange(1, 65536))


def test_headers_may_tell_the_cameras_clock(tmp_path: Path) -> None:
    source = simple_session(tmp_path / "in.mcap", 1, [DEPTH])
    export(EXPORTER, source, tmp_path / "out.mcap", extra={"stamp": "device"})
    assert struct.unpack_from("<iI", on(tmp_path / "out.mcap", "/depth/image_raw")[0], 4) == (5, 0)
    export(EXPORTER, source, tmp_path / "out.mcap", overwrite=True)
    assert struct.unpack_from("<iI", on(tmp_path / "out.mcap", "/depth/image_raw")[0], 4) == (EPOCH // 10**9, 0)
    with pytest.raises(SessionExportError, match="--set stamp takes host or device"):
        export(EXPORTER, source, tmp_path / "no.mcap", extra={"stamp": "ours"})


def test_a_time_that_ros_cannot_tell_is_refused(tmp_path: Path) -> None:
    frames = [frame_of(DEPTH, 0, device_ns=2**31 * 10**9)]
    source = write_session(tmp_path / "in.mcap", [DEPTH], frames)
    with pytest.raises(SessionExportError, match=r"counts seconds in 32 bits.*--set stamp=host"):
        export(EXPORTER, source, tmp_path / "out.mcap", extra={"stamp": "device"})
    assert not (tmp_path / "out.mcap").exists()


def test_generated_frames_have_topics_with_that_word(tmp_path: Path) -> None:
    report = export(EXPORTER, generated_session(tmp_path / "in.mcap"), tmp_path / "out.mcap")
    assert len(on(tmp_path / "out.mcap", "/depth/image_raw")) == 2
    assert len(on(tmp_path / "out.mcap", "/depth/GENERATED/image_raw")) == 1
    assert len(on(tmp_path / "out.mcap", "/color/GENERATED/camera_info")) == 1
    assert any("GENERATED" in note for note in report.notes)


def test_names_that_ros_does_not_take_are_changed() -> None:
    names = ["depth", "cabin/infrared", "left-ir", "left ir".replace(" ", "_"), "2/ir", "//", "grün__x"]
    assert list(topic_names(names).values()) == [
        "depth",
        "cabin/infrared",
        "left_ir",
        "left_ir_2",
        "s2/ir",
        "stream",
        "gr_n_x",
    ]


@given(st.tuples(*[st.floats(-1, 1)] * 4).filter(lambda q: sum(x * x for x in q) > 0.01))
def test_quaternions_turn_as_their_matrix(q: tuple[float, float, float, float]) -> None:
    x, y, z, w = np.array(q) / np.linalg.norm(q)
    matrix = np.array(
        [
            [1 - 2 * (y * y + z * z), 2 * (x * y - z * w), 2 * (x * z + y * w)],
            [2 * (x * y + z * w), 1 - 2 * (x * x + z * z), 2 * (y * z - x * w)],
            [2 * (x * z - y * w), 2 * (y * z + x * w), 1 - 2 * (x * x + y * y)],
        ]
    )
    found = np.array(quaternion(matrix))
    assert found[3] >= 0
    np.testing.assert_allclose(abs(float(found @ np.array([x, y, z, w]))), 1.0, atol=1e-9)
