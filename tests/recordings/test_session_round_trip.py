"""What is written is read back identical: frames, results, and everything that describes them."""

from __future__ import annotations

import io
import json
import tempfile
from pathlib import Path
from typing import Any

import cv2
import numpy as np
import pytest
from google.protobuf import descriptor_pb2, descriptor_pool, message_factory
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from mcap.reader import make_reader
from mcap.records import Schema
from mcap.writer import Writer

from drivers.frame import Frame, FrameFlag, KelvinMap, StreamInfo, StreamKind
from recordings import schemas
from recordings.errors import SessionFormatError
from recordings.event import Clip, Event, Evidence
from recordings.observation import Box, EyeOpenness, Face, HeadPose, Landmarks, Observation, SignalValue
from recordings.reader import SessionReader
from recordings.session import ScheduleEntry, SessionInfo
from recordings.writer import SessionWriter
from tests.recordings.sessions import (
    ALL_KINDS,
    COLOR,
    DEPTH,
    EPOCH,
    GRAY,
    INFRARED,
    MS,
    THERMAL,
    assert_same,
    frame_of,
    info_of,
    pixels_of,
    simple_session,
    write_session,
)


@st.composite
def stream_infos(draw: st.DrawFn, name: str) -> StreamInfo:
    kind = draw(st.sampled_from(StreamKind))
    either = kind in (StreamKind.GRAY, StreamKind.INFRARED)
    dtype = "uint8" if kind is StreamKind.COLOR else "uint16"
    return StreamInfo(
        name,
        kind,
        draw(st.integers(1, 40)),
        draw(st.integers(1, 40)),
        draw(st.sampled_from(("uint8", "uint16"))) if either else dtype,
        draw(st.floats(0, 120)),
        unit_m=draw(st.floats(1e-5, 0.01)) if kind is StreamKind.DEPTH else None,
        kelvin=draw(st.none() | st.just(KelvinMap(0.04, 273.15))) if kind is StreamKind.THERMAL else None,
    )


@st.composite
def recordings(draw: st.DrawFn) -> tuple[list[StreamInfo], list[Frame]]:
    """Any mix of streams, rates, sizes, clock jumps and gaps, in the order in which frames arrived."""
    streams = [draw(stream_infos(name)) for name in draw(st.sampled_from((["a"], ["a", "b/c"], ["a", "b", "tapetum"])))]
    frames = []
    for info in streams:
        host = draw(st.integers(0, 2**61))
        for _ in range(draw(st.integers(0, 6))):
            host += draw(st.integers(1, 10**10))
            frames.append(
                Frame(
                    info,
                    pixels_of(info, draw(st.integers(0, 99))),
                    draw(st.integers(-(2**63), 2**63 - 1)),
                    draw(st.integers(-(2**63), 2**63 - 1)),
                    host,
                    FrameFlag(draw(st.integers(0, 31))),
                )
            )
    return streams, sorted(frames, key=lambda f: f.host_ns)


@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(recordings(), st.sampled_from(("zstd", "lz4", "none")), st.data())
def test_any_mix_of_streams_is_read_back_identical(
    recording: tuple[list[StreamInfo], list[Frame]], compression: Any, data: st.DataObject
) -> None:
    streams, frames = recording
    codecs: Any = {s.name: data.draw(st.sampled_from(("raw", "png", "compact"))) for s in streams}
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "any.mcap"
        write_session(path, streams, frames, compression=compression, codecs=codecs)
        with SessionReader(path) as session:
            assert session.streams == tuple(streams)
            for info in streams:
                mine = [f for f in frames if f.stream == info.name]
                assert session.count(info.name) == len(mine)
                for index, frame in enumerate(mine):
                    assert_same(session.frame(info.name, index), frame)
            host_times = [f.host_ns for f in session.frames()]
            assert host_times == sorted(f.host_ns for f in frames)


@pytest.mark.parametrize("compression", ["zstd", "lz4", "none"])
@pytest.mark.parametrize("codec", ["raw", "png"])
def test_every_kind_of_stream_in_every_way_of_storing(tmp_path: Path, compression: Any, codec: Any) -> None:
    frames = [frame_of(s, n) for n in range(4) for s in ALL_KINDS]
    codecs = {s.name: codec for s in ALL_KINDS}
    path = write_session(tmp_path / "a.mcap", ALL_KINDS, frames, compression=compression, codecs=codecs)
    with SessionReader(path) as session:
        for frame in frames:
            assert_same(session.frame(frame.stream, frame.number), frame)
        assert {session.codec(s.name) for s in ALL_KINDS} == {codec}
        assert session.compression == compression


def test_pixels_are_read_only_and_own_their_memory(tmp_path: Path) -> None:
    with SessionReader(simple_session(tmp_path / "a.mcap")) as session:
        frame = session.frame("depth", 3)
    assert not frame.pixels.flags.writeable
    assert frame.pixels.flags.aligned
    np.testing.assert_array_equal(frame.pixels, frame_of(DEPTH, 3).pixels)


def test_a_jpeg_keeps_the_cameras_own_bytes(tmp_path: Path) -> None:
    smooth = np.add.outer(np.arange(COLOR.height), np.arange(COLOR.width)).astype(np.uint8)
    image = np.dstack([smooth * 3, smooth * 5, smooth * 7])
    ok, data = cv2.imencode(".jpg", image)
    assert ok
    jpeg = data.tobytes()
    decoded = cv2.cvtColor(cv2.imdecode(data, cv2.IMREAD_COLOR), cv2.COLOR_BGR2RGB)
    frame = Frame(COLOR, decoded, 0, 0, EPOCH, FrameFlag.LOSSY)
    with SessionWriter(tmp_path / "a.mcap", info_of([COLOR])) as writer:
        writer.write_frame(frame, encoded=jpeg)
    with SessionReader(tmp_path / "a.mcap") as session:
        assert session.stored("color", 0).data == jpeg
        assert session.stored_bytes("color") == len(jpeg)
        assert_same(session.frame("color", 0), frame)


def test_the_description_comes_back_whole(tmp_path: Path) -> None:
    info = info_of(ALL_KINDS)
    with SessionWriter(tmp_path / "a.mcap", info):
        pass
    with SessionReader(tmp_path / "a.mcap") as session:
        assert session.info == info
        assert session.run() is None
        assert [session.count(s.name) for s in ALL_KINDS] == [0] * 5
        assert list(session.frames()) == []
        assert session.schedule() == []
        assert session.codec("depth") == ""


def observation(number: int) -> Observation:
    face = Face(
        id=3,
        stream="color",
        box=Box(1.5, 2.25, 100.125, 120.0),
        confidence=0.1 + 0.2,
        distance_m=0.87654321,
        head_center_m=(0.1, -0.2, 0.9),
        crop=Box(-3.0, 0.0, 200.0, 200.0),
        landmarks=Landmarks(
            np.random.default_rng(number).normal(size=(68, 2)).astype(np.float32),
            np.linspace(0, 1, 68, dtype=np.float32),
        ),
        pose=HeadPose(12.5, -3.0, 1e-9),
        eyes=EyeOpenness(0.9, 1.0),
        signals={"perclos": SignalValue(12.0, "%", 0.8)},
        invalid={"generated": "no model"},
    )
    return Observation(number, number * MS, EPOCH + number * MS, 7, {"color": number, "depth": number}, (face,))


def test_results_come_back_byte_for_byte_in_their_order(tmp_path: Path) -> None:
    observations = [observation(n) for n in range(20)]
    events = [Event("yawn", 5, 9, 3, "long"), Event("gone", 11)]
    schedule = [
        ScheduleEntry(n, {"color": 2 * n, "depth": n}, {"face_landmarks": {"backend": "openvino", "batch": 1}})
        for n in range(20)
    ]
    with SessionWriter(tmp_path / "a.mcap", info_of([COLOR, DEPTH])) as writer:
        writer.write_run({"first": True})
        for n in range(20):
            writer.write_frame(frame_of(COLOR, n))
            writer.write_observation(observations[n])
            writer.write_schedule(schedule[n])
        for event in events:
            writer.write_event(event)
        writer.write_run({"models": {"face_landmarks": {"version": "1"}}, "threads": 2})
    with SessionReader(tmp_path / "a.mcap") as session:
        assert list(session.observation_bytes()) == [o.to_bytes() for o in observations]
        assert [o.to_bytes() for o in session.observations()] == [o.to_bytes() for o in observations]
        assert list(session.events()) == events
        assert session.schedule() == schedule
        assert session.run() == {"models": {"face_landmarks": {"version": "1"}}, "threads": 2}
        assert (session.observation_count(), session.event_count(), session.schedule_count()) == (20, 2, 20)


def test_a_frame_is_found_by_index_number_and_time(tmp_path: Path) -> None:
    numbers = [10, 11, 14, 15]  # 12 and 13 were lost
    frames = [frame_of(DEPTH, n) for n in numbers]
    with SessionReader(write_session(tmp_path / "a.mcap", [DEPTH], frames)) as session:
        assert session.frame("depth", -1).number == 15
        assert session.frame_by_number("depth", 14).device_ns == frames[2].device_ns
        assert session.index_at("depth", frames[2].device_ns) == 2
        assert session.index_at("depth", frames[2].device_ns + 16 * MS) == 2
        assert session.index_at("depth", frames[2].device_ns + 17 * MS) == 3
        assert session.index_at("depth", -(10**30)) == 0
        assert session.index_at("depth", 10**30) == 3
        times = session.times("depth")
        assert times.number.tolist() == numbers
        assert times.host_ns.tolist() == [f.host_ns for f in frames]
        assert times.device_ns.dtype == np.int64


def test_asking_for_what_is_not_there_says_what_is(tmp_path: Path) -> None:
    with SessionReader(simple_session(tmp_path / "a.mcap", 3)) as session:
        with pytest.raises(KeyError, match="color, depth"):
            session.frame("thermal", 0)
        with pytest.raises(KeyError, match="color, depth"):
            list(session.frames(["thermal"]))
        with pytest.raises(IndexError, match="3 frames"):
            session.frame("depth", 3)
        with pytest.raises(IndexError, match="3 frames"):
            session.stored("depth", -4)
        with pytest.raises(KeyError, match="number 99"):
            session.frame_by_number("depth", 99)


def test_frames_come_in_the_order_of_host_time_from_where_one_asks(tmp_path: Path) -> None:
    frames = [frame_of(COLOR, n) for n in range(5)]
    frames += [frame_of(THERMAL, n, host_ns=EPOCH + n * 100 * MS + 1) for n in range(2)]
    frames += [frame_of(DEPTH, n) for n in range(5)]  # written after colour, the same times
    path = write_session(tmp_path / "a.mcap", [COLOR, THERMAL, DEPTH], frames)
    with SessionReader(path) as session:
        order = [(f.stream, f.number) for f in session.frames()]
        assert order[:5] == [("color", 0), ("depth", 0), ("thermal", 0), ("color", 1), ("depth", 1)]
        later = [(f.stream, f.number) for f in session.frames(["depth", "thermal"], start=EPOCH + 66 * MS)]
        assert later == [("depth", 2), ("depth", 3), ("thermal", 1), ("depth", 4)]
        assert list(session.frames([])) == []


def test_many_chunks_are_read_in_any_order(tmp_path: Path) -> None:
    big = StreamInfo("depth", StreamKind.DEPTH, 320, 240, "uint16", unit_m=0.001)
    count = 40  # 6 MB of noise: a dozen chunks
    path = write_session(tmp_path / "a.mcap", [big], (frame_of(big, n) for n in range(count)))
    with SessionReader(path) as session:
        for n in np.random.default_rng(0).permutation(count).tolist():
            assert_same(session.frame("depth", n), frame_of(big, n))


def test_without_its_index_a_session_reads_the_same(tmp_path: Path) -> None:
    """Other programs cut and rewrite MCAP files and may leave the index out, or frames."""
    path = simple_session(tmp_path / "a.mcap", 6)
    rewritten = rewrite(path, tmp_path / "b.mcap", keep_attachments=False)
    shorter = rewrite(path, tmp_path / "c.mcap", keep_attachments=True, until_ns=EPOCH + 100 * MS)
    with SessionReader(path) as a, SessionReader(rewritten) as b, SessionReader(shorter) as c:
        for x, y in zip(a.frames(), b.frames(), strict=True):
            assert_same(x, y)
        assert [f.number for f in c.frames(["depth"])] == [0, 1, 2, 3]
        assert a.stored_bytes("depth") == b.stored_bytes("depth")


def rewrite(source: Path, target: Path, *, keep_attachments: bool, until_ns: int = 2**63) -> Path:
    """Copy a session by the plain `mcap` package."""
    with source.open("rb") as stream, target.open("wb") as out:
        reader = make_reader(stream)
        writer = Writer(out)
        writer.start()
        for record in reader.iter_metadata():
            writer.add_metadata(record.name, record.metadata)
        if keep_attachments:
            for a in reader.iter_attachments():
                writer.add_attachment(a.create_time, a.log_time, a.name, a.media_type, a.data)
        channels: dict[int, int] = {}
        for schema, channel, message in reader.iter_messages():
            if message.log_time > until_ns:
                continue
            if channel.id not in channels:
                assert schema is not None
                known = writer.register_schema(schema.name, schema.encoding, schema.data)
                channels[channel.id] = writer.register_channel(
                    channel.topic, channel.message_encoding, known, channel.metadata
                )
            writer.add_message(channels[channel.id], message.log_time, message.data, message.publish_time)
        writer.finish()
    return target


def test_an_independent_reader_finds_topics_that_foxglove_shows(tmp_path: Path) -> None:
    with SessionWriter(tmp_path / "a.mcap", info_of(ALL_KINDS)) as writer:
        for n in range(3):
            for info in ALL_KINDS:
                writer.write_frame(frame_of(info, n))
            writer.write_observation(observation(n))
        writer.write_event(Event("yawn", 5))
        writer.write_schedule(ScheduleEntry(0, {"color": 0}))
        writer.write_run({"threads": 1})
    data = io.BytesIO((tmp_path / "a.mcap").read_bytes())
    reader = make_reader(data, validate_crcs=True)
    found: dict[str, list[bytes]] = {}
    kinds: dict[str, tuple[str, str]] = {}
    for schema, channel, message in reader.iter_messages():
        assert schema is not None
        found.setdefault(channel.topic, []).append(message.data)
        kinds[channel.topic] = (schema.name, channel.message_encoding)
    for info in ALL_KINDS:
        assert kinds[f"/{info.name}/image"] == ("foxglove.RawImage", "protobuf")
        assert len(found[f"/{info.name}/image"]) == 3
        assert kinds[f"/{info.name}/frame"] == ("tapetum.Frame", "json")
        assert (f"/{info.name}/calibration" in found) == (info.intrinsics is not None)
    assert kinds["/depth/calibration"] == ("foxglove.CameraCalibration", "protobuf")
    assert kinds["/tapetum/observations"] == ("tapetum.Observation", "json")
    assert kinds["/tapetum/events"] == ("tapetum.Event", "json")
    assert kinds["/tapetum/schedule"] == ("tapetum.ScheduleEntry", "json")
    said = json.loads(found["/depth/frame"][2])
    assert said["number"] == 2
    assert said["checksum_of"] == "pixels"
    assert {r.name for r in reader.iter_metadata()} == {"tapetum.session", "tapetum.run"}
    assert reader.get_header().profile == "tapetum"


RULED = Event(
    "yawn", 5, 6, 1, "Yawns", "notice", (Evidence("yawn", SignalValue(1.0, "", 0.9)),), "Ann", 7, "Ann", 9, Clip(0, 8)
)


def test_what_only_rules_tell_of_an_event_is_told_only_where_they_did() -> None:
    assert set(Event("yawn", 5).to_json()) == set(schemas.EVENT_SCHEMA["required"])


@pytest.mark.parametrize(
    ("message", "schema"),
    [
        (frame_of(COLOR, 0), schemas.FRAME_SCHEMA),
        (observation(0), schemas.OBSERVATION_SCHEMA),
        (RULED, schemas.EVENT_SCHEMA),
        (ScheduleEntry(0, {}), schemas.SCHEDULE_SCHEMA),
    ],
    ids=["frame", "observation", "event", "schedule"],
)
def test_the_written_schema_names_exactly_the_fields_that_are_written(
    tmp_path: Path, message: Any, schema: dict[str, Any]
) -> None:
    with SessionWriter(tmp_path / "a.mcap", info_of([COLOR])) as writer:
        write: Any = {
            Frame: writer.write_frame,
            Observation: writer.write_observation,
            Event: writer.write_event,
            ScheduleEntry: writer.write_schedule,
        }[type(message)]
        write(message)
    with (tmp_path / "a.mcap").open("rb") as stream:
        for found, channel, record in make_reader(stream).iter_messages():
            if found is not None and found.name == schema["title"]:
                assert json.loads(found.data) == schema
                assert set(schema["required"]) <= set(json.loads(record.data)) == set(schema["properties"])
                assert channel.metadata == {"schema_version": "1"}
                return
    pytest.fail("the message is not in the file")


def test_raw_images_carry_the_encoding_that_viewers_expect(tmp_path: Path) -> None:
    path = write_session(tmp_path / "a.mcap", ALL_KINDS, (frame_of(s, 0) for s in ALL_KINDS))
    expected = {COLOR: b"rgb8", DEPTH: b"16UC1", GRAY: b"mono8", INFRARED: b"mono16", THERMAL: b"16UC1"}
    with path.open("rb") as stream:
        images = {c.topic: m.data for _, c, m in make_reader(stream).iter_messages()}
    for info, encoding in expected.items():
        assert encoding in images[f"/{info.name}/image"][:100]


def message_of(schema: Schema, data: bytes) -> Any:
    """Decoded with nothing but what the file says, as a foreign program does it."""
    pool = descriptor_pool.DescriptorPool()
    for file in descriptor_pb2.FileDescriptorSet.FromString(schema.data).file:
        pool.Add(file)
    return message_factory.GetMessageClass(pool.FindMessageTypeByName(schema.name)).FromString(data)


def test_a_foreign_program_sees_the_same_pixels_and_calibration(tmp_path: Path) -> None:
    codecs: Any = {"color": "png", "gray": "png", "thermal": "png"}
    path = write_session(tmp_path / "a.mcap", ALL_KINDS, (frame_of(s, 0) for s in ALL_KINDS), codecs=codecs)
    with path.open("rb") as stream:
        found = {c.topic: (s, m.data) for s, c, m in make_reader(stream).iter_messages() if s is not None}
    for info in ALL_KINDS:
        image = message_of(*found[f"/{info.name}/image"])
        assert image.frame_id == info.name
        assert image.timestamp.seconds * 10**9 + image.timestamp.nanos == EPOCH
        if info.name in codecs:
            assert image.format == "png"
            pixels = cv2.imdecode(np.frombuffer(image.data, np.uint8), cv2.IMREAD_UNCHANGED)
            pixels = pixels[:, :, ::-1] if pixels.ndim == 3 else pixels
        else:
            assert (image.width, image.height) == (info.width, info.height)
            assert image.step == info.width * np.dtype(info.dtype).itemsize
            pixels = np.frombuffer(image.data, info.dtype).reshape(info.shape)
        np.testing.assert_array_equal(pixels, frame_of(info, 0).pixels)
    calibration = message_of(*found["/depth/calibration"])
    k = DEPTH.intrinsics
    assert k is not None
    np.testing.assert_array_equal(np.reshape(calibration.K, (3, 3)), k.matrix())
    np.testing.assert_array_equal(np.reshape(calibration.P, (3, 4))[:, :3], k.matrix())
    assert tuple(calibration.D) == k.distortion
    assert calibration.distortion_model == "plumb_bob"


def test_a_newer_flag_is_left_out(tmp_path: Path) -> None:
    frame = Frame(GRAY, pixels_of(GRAY, 0), 0, 0, EPOCH, FrameFlag(1 | 1 << 20))
    with SessionReader(write_session(tmp_path / "a.mcap", [GRAY], [frame])) as session:
        assert session.frame("gray", 0).flags == FrameFlag.STALE
        assert session.flags("gray").tolist() == [1 | 1 << 20]


def test_two_streams_of_one_name_are_refused() -> None:
    with pytest.raises(SessionFormatError, match="color"):
        info_of([COLOR, COLOR])


def test_a_session_description_survives_json() -> None:
    info = info_of(ALL_KINDS)
    assert SessionInfo.from_json(json.loads(json.dumps(info.to_json()))) == info
    assert info.stream("depth") is DEPTH
    with pytest.raises(KeyError, match="thermal"):
        info.stream("nothing")
