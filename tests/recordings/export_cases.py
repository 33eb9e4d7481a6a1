"""What the tests of exports share: a session that holds everything, and a disk that is full."""

from __future__ import annotations

import contextlib
from collections.abc import Iterator, Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any

import cv2
import numpy as np
import pytest

from drivers.frame import Extrinsics, Frame, FrameFlag, StreamInfo, StreamKind
from recordings.event import Event
from recordings.exporters.protocol import Exporter, ExportOptions, ExportReport
from recordings.layout import SessionLayout
from recordings.observation import Box, Face, GeneratedImage, HeadPose, Landmarks, Observation, SignalValue
from recordings.reader import SessionReader
from recordings.session import ScheduleEntry
from recordings.stored import StoredFrame
from recordings.writer import SessionWriter
from tests.recordings.sessions import COLOR, DEPTH, GRAY, INFRARED, MS, THERMAL, frame_of, info_of

TURNED = Extrinsics(((0.0, -1.0, 0.0), (1.0, 0.0, 0.0), (0.0, 0.0, 1.0)), (0.5, -0.25, 0.125))
PLACED_THERMAL = replace(THERMAL, extrinsics=TURNED)
JPEG = StreamInfo("webcam", StreamKind.COLOR, 24, 16, "uint8", 30.0)
STREAMS = (COLOR, DEPTH, GRAY, INFRARED, PLACED_THERMAL, JPEG)
FOREIGN = ("/car/speed", "json", "car.Speed", "jsonschema", b'{"type": "object"}')
FRAMES = 4


def jpeg_frame(number: int) -> tuple[Frame, bytes]:
    """A frame whose camera gives JPEG, and these bytes."""
    ramp = np.add.outer(np.arange(16), np.arange(24)) * 3 + number
    ok, data = cv2.imencode(".jpg", np.dstack([ramp, ramp, ramp]).astype(np.uint8))
    assert ok
    pixels = cv2.cvtColor(cv2.imdecode(data, cv2.IMREAD_COLOR), cv2.COLOR_BGR2RGB)
    like = frame_of(COLOR, number)
    return Frame(JPEG, pixels, number, like.device_ns, like.host_ns, FrameFlag.LOSSY), data.tobytes()


def observation_of(number: int) -> Observation:
    """What might have been seen in the FrameSet of that number: one face with everything, and a generated image."""
    points = np.stack([np.linspace(3, 9, 68), np.linspace(2, 8, 68)], 1).astype(np.float32)
    face = Face(
        id=1,
        stream="color",
        box=Box(2.5, 1.5, 8.0, 7.0),
        confidence=0.1 + 0.2,
        distance_m=0.875,
        head_center_m=(0.1, -0.2, 0.875),
        landmarks=Landmarks(points, np.linspace(0, 1, 68, dtype=np.float32)),
        pose=HeadPose(12.5, -3.0, 1e-9, 0.5),
        generated=(GeneratedImage("color", "depth_to_color 9", np.full((4, 4, 3), number, np.uint8)),),
        signals={"perclos": SignalValue(12.0, "%", 0.8), "blinks": SignalValue(0.0, "1/min", 0.0, "too short")},
        invalid={"eyes": "no model"},
    )
    frame = frame_of(COLOR, number)
    names = {s.name: number for s in STREAMS}
    return Observation(number, frame.device_ns, frame.host_ns, 0, names, (face,) if number % 2 else (), "ok")


def full_session(path: Path, layout: SessionLayout = "viewable", **options: Any) -> Path:
    """Every kind of stream, JPEG too, with everything else that a session can hold; 33 ms between frames."""
    with SessionWriter(path, info_of(STREAMS), layout, **options) as writer:
        writer.write_run({"models": {"face_landmarks": {"version": "9"}}, "x": 0.1})
        for n in range(FRAMES):
            for info in STREAMS[:-1]:
                writer.write_frame(frame_of(info, n, flags=FrameFlag.STALE if n == 2 else FrameFlag.NONE))
            frame, data = jpeg_frame(n)
            writer.write_frame(frame, encoded=data)
            writer.write_observation(observation_of(n))
            writer.write_schedule(ScheduleEntry(n, {"color": n}, {"finder": {"backend": "cpu"}}))
            speed = b'{"speed": %d}' % n
            topic, encoding, name, schema_encoding, schema = FOREIGN
            writer.write_message(
                topic,
                frame.host_ns + 1,
                speed,
                message_encoding=encoding,
                schema_name=name,
                schema_encoding=schema_encoding,
                schema_data=schema,
            )
        writer.write_event(Event("yawn", 5_000 * MS, 5_040 * MS, 1, "long"))
        writer.write_log("warning", "a word")
        writer.write_attachment("truth.json", "application/json", b'{"a": 1}')
    return path


def generated_session(path: Path) -> Path:
    """A session with a depth frame that a model imagined, between two real ones."""
    with SessionWriter(path, info_of([DEPTH, COLOR])) as writer:
        for n in range(3):
            flags = FrameFlag.GENERATED if n == 1 else FrameFlag.NONE
            for info in (DEPTH, COLOR):
                writer.write_frame(frame_of(info, n, flags=flags))
    return path


def damaged_session(path: Path) -> Path:
    """A session whose third depth frame has other pixels than its checksum says."""
    with SessionWriter(path, info_of([DEPTH])) as writer:
        for n in range(3):
            frame = frame_of(DEPTH, n)
            data = frame.pixels.tobytes()
            writer.write_stored(
                StoredFrame(DEPTH, n, frame.device_ns, frame.host_ns, FrameFlag.NONE, "raw", data, 1234)
            )
    return path


def export(exporter: Exporter, session: Path, out: Path, **options: Any) -> ExportReport:
    """Run an exporter as the command does."""
    extra: Mapping[str, str] = options.pop("extra", {})
    with SessionReader(session) as reader:
        return exporter.run(reader, out, ExportOptions(extra=extra, **options))


@contextlib.contextmanager
def full_disk(room: int) -> Iterator[None]:
    """Files cannot grow beyond so many bytes, as if the disk were full (the kernel's own limit)."""
    resource = pytest.importorskip("resource", reason="needs POSIX limits")
    before = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (room, before[1]))
    try:
        yield
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, before)


def all_names(folder: Path) -> list[str]:
    """Everything under a folder, files and folders."""
    return sorted(str(p.relative_to(folder)) for p in folder.rglob("*"))
