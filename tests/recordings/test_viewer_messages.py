"""What other viewers find beside the images: drawings, numbers by name, the log."""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np
from foxglove.messages import ImageAnnotations, Log
from google.protobuf import descriptor_pb2, descriptor_pool, message_factory
from mcap.reader import make_reader

from recordings.observation import Box, EyeOpenness, Face, HeadPose, Landmarks, Observation, SignalValue
from recordings.writer import SessionWriter
from tests.recordings.sessions import COLOR, DEPTH, frame_of, info_of

FACE = Face(
    3,
    "depth",
    Box(2.0, 3.0, 4.0, 5.0),
    0.9,
    distance_m=0.75,
    landmarks=Landmarks(np.full((68, 2), 7.0, np.float32), np.ones(68, np.float32)),
    pose=HeadPose(10.0, -5.0, 2.0),
    eyes=EyeOpenness(0.8, 0.1),
    signals={"blink": SignalValue(1.0, "1", 0.5)},
    invalid={"eyes": "too dark"},
)


def messages(path: Path) -> dict[str, list[bytes]]:
    found: dict[str, list[bytes]] = {}
    with path.open("rb") as file:
        for _, channel, message in make_reader(file, validate_crcs=True).iter_messages():
            found.setdefault(channel.topic, []).append(message.data)
    return found


def parse(schema: object, data: bytes) -> object:
    pool = descriptor_pool.DescriptorPool()
    for file in descriptor_pb2.FileDescriptorSet.FromString(schema.data).file:  # type: ignore[attr-defined]  # protobuf is not typed
        pool.Add(file)
    return message_factory.GetMessageClass(pool.FindMessageTypeByName(schema.name)).FromString(data)  # type: ignore[attr-defined]  # protobuf is not typed


def session(tmp_path: Path) -> dict[str, list[bytes]]:
    with SessionWriter(tmp_path / "a.mcap", info_of([COLOR, DEPTH])) as writer:
        for n in range(3):
            frame = frame_of(DEPTH, n)
            writer.write_frame(frame)
            faces = (FACE,) if n == 0 else ()
            writer.write_observation(Observation(n, frame.device_ns, frame.host_ns, 0, {"depth": n}, faces))
        writer.write_log("warning", "the lens is dirty")
    return messages(tmp_path / "a.mcap")


def test_faces_are_drawn_where_they_are_and_cleared_when_they_go(tmp_path: Path) -> None:
    found = session(tmp_path)["/depth/annotations"]
    assert len(found) == 2, "one with the face, one that clears it, none where there is nothing to clear"
    drawn, cleared = (parse(ImageAnnotations.get_schema(), data) for data in found)
    box, points = drawn.points
    # Foxglove counts from the corner of the first pixel, Tapetum from its centre
    assert [(p.x, p.y) for p in box.points] == [(2.5, 3.5), (6.5, 3.5), (6.5, 8.5), (2.5, 8.5)]
    assert {(p.x, p.y) for p in points.points} == {(7.5, 7.5)}
    assert drawn.texts[0].text == "3  0.75 m  yaw +10 pitch -5 roll +2 deg"
    assert len(cleared.points) == len(cleared.texts) == 0


def test_numbers_can_be_plotted_by_name_and_say_why_they_are_not_to_be_trusted(tmp_path: Path) -> None:
    (data,) = session(tmp_path)["/tapetum/signals"]
    said = json.loads(data)
    assert (said["face"], said["frame_set"]) == (3, 0)
    assert said["values"]["distance"] == {"value": 0.75, "unit": "m", "confidence": None, "reason": ""}
    assert said["values"]["eye_left"]["reason"] == "too dark"
    assert said["values"]["blink"] == {"value": 1.0, "unit": "1", "confidence": 0.5, "reason": ""}


def test_the_log_is_there(tmp_path: Path) -> None:
    (data,) = session(tmp_path)["/tapetum/log"]
    line = parse(Log.get_schema(), data)
    assert (line.message, line.level) == ("the lens is dirty", 3)
