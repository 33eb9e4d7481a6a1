"""What is recorded here opens elsewhere: in Rerun, by its own reader, and with the plain `mcap` library.

Nothing of Tapetum decodes what is compared: protobuf messages by the schemas in the file, ROS messages by Rerun.
Rerun's reader runs in this process; it opens no viewer and no connection.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from google.protobuf import descriptor_pb2, descriptor_pool, message_factory
from mcap.reader import make_reader
from numpy.typing import NDArray

from drivers.frame import Frame, StreamKind
from recordings.exporters import ros2, viewable
from recordings.reader import SessionReader
from tests.recordings.export_cases import FRAMES, STREAMS, export, full_session, jpeg_frame
from tests.recordings.sessions import K

FOXGLOVE_SCHEMAS = {
    "foxglove.RawImage",
    "foxglove.CompressedImage",
    "foxglove.CameraCalibration",
    "foxglove.ImageAnnotations",
    "foxglove.Log",
}
FOXGLOVE_ENCODINGS = {"rgb8": ("uint8", 3), "mono8": ("uint8", 1), "mono16": ("<u2", 1), "16UC1": ("<u2", 1)}
"""Of those that docs.foxglove.dev lists for RawImage, the ones in use here: dtype and channels."""

RERUN_U8, RERUN_U16 = 6, 8
RERUN_L, RERUN_RGB = 1, 2
"""rerun.datatypes.ChannelDatatype and ColorModel."""


@pytest.fixture(scope="module")
def recorded(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A session in the layout that viewers do not know, with everything in it."""
    return full_session(tmp_path_factory.mktemp("viewers") / "in.mcap", "compact")


@pytest.fixture(scope="module")
def shown(recorded: Path) -> Path:
    out = recorded.with_name("shown.mcap")
    export(viewable.EXPORTER, recorded, out)
    return out


@pytest.fixture(scope="module")
def bag(recorded: Path) -> Path:
    out = recorded.with_name("bag.mcap")
    export(ros2.EXPORTER, recorded, out)
    return out


@pytest.fixture(scope="module")
def frames(recorded: Path) -> dict[str, list[Frame]]:
    """What was recorded: stream -> frames."""
    with SessionReader(recorded) as session:
        return {s.name: [session.frame(s.name, n) for n in range(FRAMES)] for s in session.streams}


# -- the plain mcap library, with the schemas that stand in the file ---------------------------------------------------


def protobuf_messages(path: Path) -> Iterator[tuple[str, str, int, Any]]:
    """Topic, schema, log time and decoded message of everything in protobuf."""
    classes: dict[int, Any] = {}
    with path.open("rb") as file:
        for schema, channel, message in make_reader(file).iter_messages():
            if schema is None or channel.message_encoding != "protobuf":
                continue
            if schema.id not in classes:
                assert schema.encoding == "protobuf"
                pool = descriptor_pool.DescriptorPool()
                for part in descriptor_pb2.FileDescriptorSet.FromString(schema.data).file:
                    pool.Add(part)
                classes[schema.id] = message_factory.GetMessageClass(pool.FindMessageTypeByName(schema.name))
            yield channel.topic, schema.name, message.log_time, classes[schema.id].FromString(message.data)


def test_every_image_is_there_as_foxglove_documents_it(shown: Path, frames: dict[str, list[Frame]]) -> None:
    found: dict[str, list[Any]] = {}
    for topic, schema, log_time, message in protobuf_messages(shown):
        assert schema in FOXGLOVE_SCHEMAS
        if topic.endswith("/image"):
            stamp = message.timestamp
            assert stamp.seconds * 10**9 + stamp.nanos == log_time
            found.setdefault(topic, []).append((schema, log_time, message))
    assert set(found) == {f"/{s.name}/image" for s in STREAMS}
    for info in STREAMS:
        images = found[f"/{info.name}/image"]
        assert len(images) == FRAMES
        for (schema, log_time, image), frame in zip(images, frames[info.name], strict=True):
            assert log_time == frame.host_ns
            assert image.frame_id == info.name
            if info.name == "webcam":
                assert (schema, image.format) == ("foxglove.CompressedImage", "jpeg")
                assert image.data == jpeg_frame(frame.number)[1]
                continue
            assert schema == "foxglove.RawImage"
            dtype, channels = FOXGLOVE_ENCODINGS[image.encoding]
            assert (image.encoding == "16UC1") == (info.kind in (StreamKind.DEPTH, StreamKind.THERMAL))
            assert (image.width, image.height) == (info.width, info.height)
            assert image.step == info.width * channels * np.dtype(dtype).itemsize
            pixels = np.frombuffer(image.data, dtype).reshape(info.shape)
            np.testing.assert_array_equal(pixels, frame.pixels)


def test_calibrations_faces_and_the_log_are_there_as_foxglove_documents_them(shown: Path) -> None:
    by_topic: dict[str, list[Any]] = {}
    for topic, _, _, message in protobuf_messages(shown):
        by_topic.setdefault(topic, []).append(message)
    calibrated = {s.name for s in STREAMS if s.intrinsics is not None}
    assert {t for t in by_topic if t.endswith("/calibration")} == {f"/{name}/calibration" for name in calibrated}
    calibration = by_topic["/cabin/infrared/calibration"][0]
    assert list(calibration.K) == K.matrix().ravel().tolist()
    assert (calibration.distortion_model, list(calibration.D)) == ("plumb_bob", list(K.distortion))
    drawn = by_topic["/color/annotations"]
    assert any(len(points.points) == 68 for message in drawn for points in message.points)
    assert by_topic["/tapetum/log"][0].message == "a word"


def test_json_messages_keep_to_the_schemas_in_the_file(shown: Path) -> None:
    """Field names and the plain types, by the JSON schema that stands beside them."""
    kinds = {"integer": int, "number": (int, float), "string": str, "object": dict, "array": list, "null": type(None)}
    seen = set()
    with shown.open("rb") as file:
        for schema, channel, message in make_reader(file).iter_messages():
            if channel.message_encoding != "json" or not channel.topic.startswith(("/tapetum/", "/depth/")):
                continue
            assert schema is not None
            described, data = json.loads(schema.data), json.loads(message.data)
            assert schema.name == described["title"]
            assert set(described["required"]) <= set(data)
            for key, value in data.items():
                wanted = described["properties"][key].get("type", [])
                names = [wanted] if isinstance(wanted, str) else wanted
                assert not names or isinstance(value, tuple(kinds[n] for n in names)), (channel.topic, key)
            seen.add(schema.name)
    assert seen >= {"tapetum.Frame", "tapetum.Observation", "tapetum.Event", "tapetum.ScheduleEntry"}


# -- Rerun's own reader ------------------------------------------------------------------------------------------------


class Rerun:
    """What Rerun makes of a file: entity -> component -> (log times, values)."""

    def __init__(self, path: Path) -> None:
        chunks = pytest.importorskip("rerun.chunk", reason="needs a Rerun SDK that reads MCAP in Python")
        self.values: dict[str, dict[str, list[tuple[int, Any]]]] = {}
        self.timelines: dict[str, set[str]] = {}
        for chunk in chunks.McapReader(str(path)).stream():
            if chunk.is_static:
                continue
            entity, batch = str(chunk.entity_path), chunk.to_record_batch()
            self.timelines.setdefault(entity, set()).update(chunk.timeline_names)
            times = batch.column(batch.schema.names.index("message_log_time")).cast("int64").to_pylist()
            for name, column in zip(batch.schema.names, batch.columns, strict=True):
                if ":" in name:
                    rows = self.values.setdefault(entity, {}).setdefault(name, [])
                    rows += [(t, row.values[0]) for t, row in zip(times, column, strict=True) if row.is_valid]

    def rows(self, entity: str, component: str) -> list[tuple[int, Any]]:
        """Log time in ns and value of each, in the order of time."""
        return sorted(self.values[entity][component], key=lambda row: row[0])

    def pictures(self, entity: str, archetype: str) -> list[tuple[int, dict[str, Any], NDArray[np.uint8]]]:
        """Log time, format and bytes of each image."""
        formats, buffers = self.rows(entity, f"{archetype}:format"), self.rows(entity, f"{archetype}:buffer")
        return [
            (t, form.as_py(), data.values.to_numpy())
            for (t, form), (same, data) in zip(formats, buffers, strict=True)
            if t == same
        ]


@pytest.fixture(scope="module")
def rerun_shown(shown: Path) -> Rerun:
    return Rerun(shown)


@pytest.fixture(scope="module")
def rerun_bag(bag: Path) -> Rerun:
    return Rerun(bag)


def check_picture(picture: tuple[int, dict[str, Any], NDArray[np.uint8]], frame: Frame) -> None:
    time, form, data = picture
    info = frame.info
    assert time == frame.host_ns
    assert (form["width"], form["height"]) == (info.width, info.height)
    assert form["channel_datatype"] == (RERUN_U8 if info.dtype == "uint8" else RERUN_U16)
    np.testing.assert_array_equal(data.view(info.dtype).reshape(info.shape), frame.pixels)


def test_rerun_shows_every_picture_of_a_viewable_session(rerun_shown: Rerun, frames: dict[str, list[Frame]]) -> None:
    models = {"color": RERUN_RGB, "gray": RERUN_L, "cabin/infrared": RERUN_L}
    for info in STREAMS[:-1]:
        pictures = rerun_shown.pictures(f"/{info.name}/image", "Image")
        assert len(pictures) == FRAMES
        for picture, frame in zip(pictures, frames[info.name], strict=True):
            check_picture(picture, frame)
            assert picture[1]["color_model"] == models.get(info.name)
        assert "timestamp" in rerun_shown.timelines[f"/{info.name}/image"]


def test_rerun_shows_jpeg_calibration_drawings_and_log(rerun_shown: Rerun) -> None:
    blobs = rerun_shown.rows("/webcam/image", "EncodedImage:blob")
    assert [blob.values.to_numpy().tobytes() for _, blob in blobs] == [jpeg_frame(n)[1] for n in range(FRAMES)]
    assert {kind.as_py() for _, kind in rerun_shown.rows("/webcam/image", "EncodedImage:media_type")} == {"image/jpeg"}
    ((_, matrix),) = rerun_shown.rows("/depth/calibration", "Pinhole:image_from_camera")
    np.testing.assert_allclose(np.array(matrix.as_py()).reshape(3, 3).T, K.matrix())
    assert len(rerun_shown.rows("/color/annotations", "foxglove.ImageAnnotations:message")) == FRAMES - 1
    assert [text.as_py() for _, text in rerun_shown.rows("/tapetum/log", "TextLog:text")] == ["a word"]


def test_rerun_shows_depth_of_a_bag_as_depth(rerun_bag: Rerun, frames: dict[str, list[Frame]]) -> None:
    pictures = rerun_bag.pictures("/depth/image_raw", "DepthImage")
    assert len(pictures) == FRAMES
    for picture, frame in zip(pictures, frames["depth"], strict=True):
        check_picture(picture, frame)
    assert "ros2_timestamp" in rerun_bag.timelines["/depth/image_raw"]


def test_rerun_reads_every_other_message_of_a_bag(rerun_bag: Rerun, frames: dict[str, list[Frame]]) -> None:
    for name in ("color", "gray", "cabin/infrared", "thermal"):
        entity = f"/{name}/image_raw"
        # Rerun takes one channel of a bag for depth, whatever it is; the pixels are what counts here.
        archetype = "Image" if "Image:buffer" in rerun_bag.values[entity] else "DepthImage"
        for picture, frame in zip(rerun_bag.pictures(entity, archetype), frames[name], strict=True):
            check_picture(picture, frame)
    blobs = rerun_bag.rows("/webcam/image_raw/compressed", "EncodedImage:blob")
    assert [blob.values.to_numpy().tobytes() for _, blob in blobs] == [jpeg_frame(n)[1] for n in range(FRAMES)]
    for _, matrix in rerun_bag.rows("/cabin/infrared/camera_info", "Pinhole:image_from_camera"):
        np.testing.assert_allclose(np.array(matrix.as_py()).reshape(3, 3).T, K.matrix())
    places = dict(
        zip(
            [child.as_py() for _, child in rerun_bag.rows("/tf_static", "Transform3D:child_frame")],
            [place.as_py() for _, place in rerun_bag.rows("/tf_static", "Transform3D:translation")],
            strict=True,
        )
    )
    assert places["thermal"] == pytest.approx([0.5, -0.25, 0.125])
    assert set(places) == {s.name for s in STREAMS}
    assert len(rerun_bag.rows("/tapetum/observations", "TextDocument:text")) == FRAMES


def test_rerun_says_what_the_file_is(shown: Path, bag: Path) -> None:
    chunks = pytest.importorskip("rerun.chunk", reason="needs a Rerun SDK that reads MCAP in Python")
    for path, profile in ((shown, "tapetum"), (bag, "ros2")):
        info = chunks.McapReader(str(path)).info()
        assert info.profile == profile
        assert info.summary_source == "embedded"
        with path.open("rb") as file:
            statistics = make_reader(file).get_summary().statistics
        assert info.message_count == statistics.message_count
