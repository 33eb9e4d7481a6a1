"""Segments, cuts and cameras become one session: every frame once, in order, and what does not fit is refused."""

from __future__ import annotations

import dataclasses
import json
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from drivers.frame import Extrinsics, Intrinsics, StreamInfo
from recordings import merge_messages
from recordings.config import RecordConfig
from recordings.cut import cut_session
from recordings.errors import SessionFormatError, SessionNotFoundError, SessionWriteError
from recordings.event import Event
from recordings.merge import SessionMergeError, merge_sessions
from recordings.parts import segments_of
from recordings.reader import SessionReader
from recordings.recorder import Recorder
from recordings.recover import recover_session
from recordings.series.series import Series
from recordings.series.store import SeriesStore, source_entry
from recordings.session import SessionInfo
from recordings.writer import SessionWriter
from tests.recordings.part_cases import (
    RUN,
    STEP,
    device,
    entry,
    host,
    observation,
    others,
    stored,
    topic_counts,
    write_live,
)
from tests.recordings.sessions import COLOR, DEPTH, EPOCH, GRAY, MS, THERMAL, frame_of, info_of, write_session

PER_SEGMENT = 5
LONE = dataclasses.replace(DEPTH, registered_to=None)


def record(path: Path, count: int = 23, *, run: dict[str, Any] | None = RUN, profile: Any = "evidence") -> list[Path]:
    """Segments as the recorder writes them; results of a segment's last frames stand in the next one."""
    minutes = (PER_SEGMENT * STEP - MS) / 60e9
    config = RecordConfig(segment_minutes=minutes, profile=profile)
    with Recorder(path, (COLOR, DEPTH), config, run=run) as recorder:
        for n in range(count):
            for k, stream in enumerate((COLOR, DEPTH)):
                assert recorder.take(frame_of(stream, n, host_ns=host(n) + k))
            if n >= 2 and run is not None:
                assert recorder.put_results(observation(n - 2), entry(n - 2))
            if n == 7:
                recorder.put_event(Event("blink", device(6), device(7)))
    return sorted(path.parent.glob(f"{path.stem}*.mcap"))


@pytest.fixture
def segments(tmp_path: Path) -> list[Path]:
    found = record(tmp_path / "night.mcap")
    assert [p.name for p in found] == [
        "night-0002.mcap",
        "night-0003.mcap",
        "night-0004.mcap",
        "night-0005.mcap",
        "night.mcap",
    ]
    return [found[-1], *found[:-1]]


def camera(path: Path, stream: StreamInfo, count: int = 6, *, shift_ns: int = 0, **options: Any) -> Path:
    """A recording of one camera."""
    frames = (frame_of(stream, n, host_ns=host(n) + shift_ns) for n in range(count))
    return write_session(path, (stream,), frames, **options)


# -- segments of one recording ---------------------------------------------------------------------------------------


def test_segments_in_any_order_are_the_recording(segments: list[Path], tmp_path: Path) -> None:
    report = merge_sessions([segments[k] for k in (3, 0, 4, 2, 1)], tmp_path / "whole.mcap")
    assert stored(report.path) == [f for segment in segments for f in stored(segment)]
    found = others(report.path)
    assert found["schedule"] == list(range(21))
    assert found["observations"] == [observation(n).to_bytes() for n in range(21)]
    assert found["run"] == {**RUN, "replayable": True}
    assert found["events"] == [Event("blink", device(6), device(7))]
    assert report.replayable is True
    assert report.is_complete
    assert (report.twice, report.notes, report.holes) == (0, (), ())
    counts = [topic_counts(s) for s in segments]
    assert topic_counts(report.path) == {
        topic: 1 if topic.endswith("/calibration") else sum(c.get(topic, 0) for c in counts)
        for topic in {t for c in counts for t in c}
    }
    with SessionReader(report.path) as merged, SessionReader(segments[0]) as first:
        assert merged.info.notes["recording"] == first.info.id
        assert merged.info.notes["segments"] == "1-5"
        assert "segment" not in merged.info.notes
        assert merged.info.created_utc == first.info.created_utc
        assert segments_of(merged.info) == {1, 2, 3, 4, 5}
        assert len(list(merged.frames())) == 46


def test_a_missing_segment_is_told_and_stands_in_the_session(segments: list[Path], tmp_path: Path) -> None:
    report = merge_sessions([segments[0], segments[1], segments[3]], tmp_path / "whole.mcap")
    assert not report.is_complete
    assert [hole.words for hole in report.holes] == ["segment 3 of the recording"]
    assert "missing: segment 3 of the recording" in report.lines()
    missing = next(e for e in others(report.path)["events"] if e.name == "part missing")
    assert (missing.begin_ns, missing.end_ns) == (device(9), device(15))
    assert "segment 3" in missing.note
    run = others(report.path)["run"]
    assert run["replayable"] is False
    assert run["not_replayable"] == "of the recording's segments only 1-2,4 are here"
    assert stored(report.path) == [f for k in (0, 1, 3) for f in stored(segments[k])]


def test_a_merge_can_be_merged_with_the_rest(segments: list[Path], tmp_path: Path) -> None:
    some = merge_sessions(segments[:3], tmp_path / "some.mcap")
    report = merge_sessions([segments[4], segments[3], some.path], tmp_path / "whole.mcap")
    assert others(report.path)["schedule"] == list(range(21))
    assert report.replayable is True
    assert report.is_complete


def test_segments_without_the_first_cannot_be_computed_again(segments: list[Path], tmp_path: Path) -> None:
    report = merge_sessions(segments[1:3], tmp_path / "whole.mcap")
    assert report.replayable is False
    assert report.is_complete
    assert "the recording begins with segment 1, the files with segment 2" in report.notes


def test_a_segment_that_lies_there_twice_counts_once(segments: list[Path], tmp_path: Path) -> None:
    copy = tmp_path / "copy.mcap"
    copy.write_bytes(segments[1].read_bytes())
    report = merge_sessions([*segments, copy], tmp_path / "whole.mcap")
    assert report.twice == 2 * PER_SEGMENT
    assert others(report.path)["schedule"] == list(range(21))
    assert others(report.path)["events"] == [Event("blink", device(6), device(7))]
    assert "10 frames were in several files and are kept once" in report.lines()
    assert report.replayable is True


def test_a_recovered_segment_joins_the_others_and_is_not_believed_to_be_whole(
    segments: list[Path], tmp_path: Path
) -> None:
    torn = segments[1]
    torn.write_bytes(torn.read_bytes()[:-400])
    recover_session(torn, tmp_path / "saved.mcap")
    report = merge_sessions([segments[0], tmp_path / "saved.mcap", *segments[2:]], tmp_path / "whole.mcap")
    assert report.is_complete
    assert report.replayable is False
    assert any("saved.mcap was recovered" in note for note in report.notes)


def test_lossy_profiles_stay_not_replayable(tmp_path: Path) -> None:
    record(tmp_path / "night.mcap", profile="watch")
    found = sorted(p for p in tmp_path.glob("night*.mcap") if "clip" not in p.name)
    report = merge_sessions(found, tmp_path / "whole.mcap")
    assert report.replayable is False


def test_parts_that_describe_a_stream_otherwise_are_refused(segments: list[Path], tmp_path: Path) -> None:
    with SessionReader(segments[1]) as session:
        info = session.info
        moved = Extrinsics(translation_m=(0.1, 0.0, 0.0))
        streams = tuple(dataclasses.replace(s, extrinsics=moved) for s in info.streams)
    write_live(tmp_path / "other.mcap", 0, streams, info=dataclasses.replace(info, streams=streams), run=None)
    with pytest.raises(SessionMergeError, match="describe the stream color otherwise: extrinsics is"):
        merge_sessions([segments[0], tmp_path / "other.mcap"], tmp_path / "whole.mcap")
    assert not (tmp_path / "whole.mcap").exists()


def test_different_frames_at_one_moment_are_refused(segments: list[Path], tmp_path: Path) -> None:
    with SessionReader(segments[0]) as session:
        frames = [dataclasses.replace(f, number=f.number + 100) for f in session.frames()]
        info = session.info
    with SessionWriter(tmp_path / "other.mcap", info) as writer:
        for frame in frames:
            writer.write_frame(frame)
    with pytest.raises(SessionMergeError, match=r"different frames \(numbers 0 and 100\) of the same moment"):
        merge_sessions([segments[0], tmp_path / "other.mcap"], tmp_path / "whole.mcap")
    assert not list(tmp_path.glob("whole.mcap*"))


# -- cuts of one recording -------------------------------------------------------------------------------------------


def test_streams_that_were_cut_apart_come_together(tmp_path: Path) -> None:
    live = write_live(tmp_path / "live.mcap")
    a = cut_session(live, tmp_path / "a.mcap", streams=["depth"]).path
    b = cut_session(live, tmp_path / "b.mcap", streams=["color"]).path
    report = merge_sessions([b, a], tmp_path / "again.mcap")
    assert stored(report.path) == stored(live)
    assert others(report.path)["observations"] == others(live)["observations"]
    assert report.twice == 0
    assert report.replayable is False  # the schedule was lost by cutting


def test_what_no_cut_holds_is_told(tmp_path: Path) -> None:
    live = write_live(tmp_path / "live.mcap", 20)
    a = cut_session(live, tmp_path / "a.mcap", to_s=4 * STEP / 1e9).path
    b = cut_session(live, tmp_path / "b.mcap", from_s=14 * STEP / 1e9).path
    report = merge_sessions([a, b], tmp_path / "again.mcap")
    assert [hole.words for hole in report.holes] == ["0.330 s of the recording that no part holds"]
    assert report.is_complete  # of segments; somebody cut it so
    assert [e.name for e in others(report.path)["events"]] == ["part missing"]


def test_cuts_that_reach_each_other_lack_nothing(tmp_path: Path) -> None:
    live = write_live(tmp_path / "live.mcap", 20)
    a = cut_session(live, tmp_path / "a.mcap", to_s=4 * STEP / 1e9 + 0.001).path
    b = cut_session(live, tmp_path / "b.mcap", from_s=5 * STEP / 1e9 - 0.001).path
    report = merge_sessions([a, b], tmp_path / "again.mcap")
    assert report.holes == ()
    assert stored(report.path) == stored(live)


# -- cameras of one scene --------------------------------------------------------------------------------------------


def test_cameras_of_one_scene_lie_side_by_side_by_host_time(tmp_path: Path) -> None:
    a = camera(tmp_path / "a.mcap", DEPTH, layout="compact")
    b = camera(tmp_path / "b.mcap", THERMAL, 4, shift_ns=7 * MS)
    report = merge_sessions([a, b], tmp_path / "scene.mcap")
    assert report.frames == {"depth": 6, "thermal": 4}
    assert stored(report.path) == sorted([*stored(a), *stored(b)], key=lambda f: f.host_ns)
    with SessionReader(report.path) as scene, SessionReader(a) as first, SessionReader(b) as second:
        assert scene.streams == (DEPTH, THERMAL)
        assert (scene.codec("depth"), scene.codec("thermal")) == ("compact", "raw")
        assert scene.info.notes["merged_of"] == f"{first.info.id} {second.info.id}"
        assert scene.info.notes["weather"] == "night"
        assert segments_of(scene.info) == frozenset()


def test_streams_of_one_name_are_told_apart(tmp_path: Path) -> None:
    k = Intrinsics(DEPTH.width, DEPTH.height, 20.0, 20.0, 7.0, 5.0)
    other = dataclasses.replace(DEPTH, intrinsics=k, registered_to="color", camera="realsense:2")
    left = write_live(tmp_path / "left.mcap", 6)
    right = write_session(
        tmp_path / "right side.mcap",
        (COLOR, other),
        (frame_of(s, n, host_ns=host(n) + 5 * MS + k) for n in range(6) for k, s in enumerate((COLOR, other))),
    )
    report = merge_sessions([left, right], tmp_path / "scene.mcap")
    assert report.renamed == (
        "right side.mcap: color -> right-side/color",
        "right side.mcap: depth -> right-side/depth",
    )
    assert stored(report.path, ["color", "depth"]) == stored(left)
    for was, now in zip(stored(right), stored(report.path, ["right-side/color", "right-side/depth"]), strict=True):
        assert dataclasses.replace(now, info=was.info) == was
    with SessionReader(report.path) as scene:
        assert scene.info.stream("right-side/depth").registered_to == "right-side/color"
        assert scene.info.stream("depth") == DEPTH
        assert len(list(scene.frames())) == 24


def test_results_of_the_first_run_alone_are_kept(tmp_path: Path) -> None:
    a = write_live(tmp_path / "a.mcap", 6, events=[Event("blink", device(1), device(2), 1)])
    info = SessionInfo.create((GRAY, THERMAL), title="b", source="tests")
    b = write_live(
        tmp_path / "b.mcap", 6, (GRAY, THERMAL), info=info, events=[Event("nod", device(1), device(2), 1, "quick")]
    )
    report = merge_sessions([a, b], tmp_path / "scene.mcap")
    found = others(report.path)
    assert found["observations"] == others(a)["observations"]
    assert found["schedule"] == list(range(6))
    assert found["events"] == [
        Event("blink", device(1), device(2), 1),
        Event("nod", device(1), device(2), None, "quick (face 1 of b)"),  # face 1 of a is somebody else
    ]
    assert any("the schedule of b.mcap are left out: they are of another run" in note for note in report.notes)
    assert report.replayable is False
    assert "other streams were merged in" in found["run"]["not_replayable"]
    with SessionReader(report.path) as scene, SessionReader(a) as first:
        assert scene.info.notes["results_of"] == first.info.id


def test_results_that_name_renamed_streams_are_left_out(tmp_path: Path) -> None:
    a = camera(tmp_path / "a.mcap", LONE)
    b = write_live(tmp_path / "b.mcap", 6)
    report = merge_sessions([a, b], tmp_path / "scene.mcap")
    assert report.renamed == ("b.mcap: depth -> b/depth",)
    assert others(report.path)["observations"] == []
    assert report.replayable is None
    assert any("name it first to keep them" in note for note in report.notes)
    first = merge_sessions([b, a], tmp_path / "other.mcap")
    assert len(others(first.path)["observations"]) == 6


def test_sessions_of_one_camera_one_after_the_other_are_refused(tmp_path: Path) -> None:
    a = camera(tmp_path / "a.mcap", DEPTH)
    b = camera(tmp_path / "b.mcap", DEPTH, shift_ns=10**12)
    with pytest.raises(SessionMergeError, match="different recordings that both have the stream depth"):
        merge_sessions([a, b], tmp_path / "scene.mcap")


def test_a_grid_that_is_another_cameras_is_refused(tmp_path: Path) -> None:
    a = camera(tmp_path / "a.mcap", COLOR)
    b = camera(tmp_path / "b.mcap", DEPTH)  # registered to a colour that it does not hold
    with pytest.raises(SessionMergeError, match=r"depth of .* is registered to color"):
        merge_sessions([a, b], tmp_path / "scene.mcap")
    with pytest.raises(SessionMergeError, match=r"depth of .* is registered to color"):
        merge_sessions([b, a], tmp_path / "scene.mcap")


def test_made_up_times_do_not_mix_with_a_cameras(tmp_path: Path) -> None:
    a = camera(tmp_path / "a.mcap", DEPTH)
    info = SessionInfo.create((GRAY,), title="b", source="tests", clock="synthetic")
    b = write_live(tmp_path / "b.mcap", 3, (GRAY,), info=info, run=None)
    with pytest.raises(SessionMergeError, match="made up from a frame rate"):
        merge_sessions([a, b], tmp_path / "scene.mcap")


def test_two_ways_of_storing_one_stream_are_refused(segments: list[Path], tmp_path: Path) -> None:
    from recordings.exporters.protocol import ExportOptions
    from recordings.exporters.viewable import EXPORTER

    with SessionReader(segments[0]) as session:
        frames = list(session.frames())
        info = session.info
    with SessionWriter(tmp_path / "compact.mcap", info, "compact") as writer:
        for frame in frames:
            writer.write_frame(frame)
    with pytest.raises(SessionMergeError, match=r"stored as compact in .* as raw .*session export FILE --viewable"):
        merge_sessions([segments[1], tmp_path / "compact.mcap"], tmp_path / "whole.mcap")
    with SessionReader(tmp_path / "compact.mcap") as session:
        EXPORTER.run(session, tmp_path / "raw.mcap", ExportOptions())
    report = merge_sessions([segments[1], tmp_path / "raw.mcap"], tmp_path / "whole.mcap")
    assert report.frames == {"color": 10, "depth": 10}


def test_rigs_whose_poses_nobody_compared_are_told(tmp_path: Path) -> None:
    posed = dataclasses.replace(THERMAL, extrinsics=Extrinsics(translation_m=(0.1, 0.0, 0.0)))
    a, b = camera(tmp_path / "a.mcap", DEPTH), camera(tmp_path / "b.mcap", posed)
    report = merge_sessions([a, b], tmp_path / "scene.mcap")
    assert any("several rigs" in note for note in report.notes)


# -- what lies in and beside them ------------------------------------------------------------------------------------


def test_attachments_once_and_apart(segments: list[Path], tmp_path: Path) -> None:
    paths = []
    for name, stream, lens in (("a", DEPTH, b"1"), ("b", THERMAL, b"2")):
        path = tmp_path / f"{name}.mcap"
        with SessionWriter(path, info_of((stream,))) as writer:
            writer.write_frame(frame_of(stream, 0))
            writer.write_attachment("scene.txt", "text/plain", b"same")
            writer.write_attachment("lens.txt", "text/plain", lens)
        paths.append(path)
    report = merge_sessions(paths, tmp_path / "scene.mcap")
    with SessionReader(report.path) as scene:
        assert scene.attachment("scene.txt") == b"same"
        assert (scene.attachment("lens.txt"), scene.attachment("b/lens.txt")) == (b"1", b"2")
    assert "the attachment lens.txt of b.mcap is called b/lens.txt" in report.notes


def test_series_are_carried_over_joined_and_told_apart(tmp_path: Path) -> None:
    live = write_live(tmp_path / "live.mcap", 20)
    t = np.arange(0, 600 * MS, 10 * MS, dtype=np.int64)
    speed = Series("speed", "km/h", t, t / 1e9, "relative", EPOCH, 0.5, 0.5)
    SeriesStore.open(live).add([(speed, source_entry(live, "speed"))])
    a = cut_session(live, tmp_path / "a.mcap", to_s=10 * STEP / 1e9).path
    b = cut_session(live, tmp_path / "b.mcap", from_s=10 * STEP / 1e9).path
    c = camera(tmp_path / "c.mcap", THERMAL, 20)
    SeriesStore.open(c).add([(dataclasses.replace(speed, values=t / 1e8), source_entry(c, "speed"))])
    report = merge_sessions([a, b, c], tmp_path / "again.mcap")
    store, was = SeriesStore.open(report.path), SeriesStore.open(live).get("speed")
    assert store.names == ("speed", "c/speed")
    times = np.arange(host(0), host(19), MS, dtype=np.int64)
    np.testing.assert_array_equal(store.get("speed").at(times), was.at(times))
    assert any("is called 'c/speed'" in note for note in report.notes)


def test_of_many_segments_only_a_few_are_open_at_once(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    record(tmp_path / "night.mcap", 100)
    found = sorted(tmp_path.glob("night*.mcap"))
    assert len(found) == 20
    most: list[int] = []
    use = merge_messages.OpenMessages.use

    def watched(self: merge_messages.OpenMessages, place: int, source: Any) -> Any:
        file = use(self, place, source)
        most.append(len(self._files))
        return file

    monkeypatch.setattr(merge_messages.OpenMessages, "use", watched)
    report = merge_sessions(found, tmp_path / "whole.mcap")
    assert others(report.path)["schedule"] == list(range(98))
    assert max(most) <= 3


# -- what cannot be merged -------------------------------------------------------------------------------------------


def test_wrong_uses(tmp_path: Path) -> None:
    a = camera(tmp_path / "a.mcap", DEPTH)
    b = camera(tmp_path / "b.mcap", THERMAL)
    data = a.read_bytes()
    with pytest.raises(SessionMergeError, match="two sessions or more"):
        merge_sessions([a], tmp_path / "x.mcap")
    with pytest.raises(SessionMergeError, match="named twice"):
        merge_sessions([a, b, tmp_path / "." / "a.mcap"], tmp_path / "x.mcap")
    with pytest.raises(SessionNotFoundError):
        merge_sessions([a, tmp_path / "nowhere.mcap"], tmp_path / "x.mcap")
    with pytest.raises(SessionWriteError, match="one of the files to read"):
        merge_sessions([b, a], a, overwrite=True)
    with pytest.raises(SessionWriteError, match="--overwrite"):
        merge_sessions([a, b], camera(tmp_path / "there.mcap", GRAY))
    merge_sessions([a, b], tmp_path / "there.mcap", overwrite=True)
    assert a.read_bytes() == data
    with pytest.raises(SessionMergeError, match="no frame"):
        merge_sessions([write_session(tmp_path / f"{n}.mcap", (DEPTH,), ()) for n in "yz"], tmp_path / "x.mcap")
    assert not list(tmp_path.glob("x.mcap*"))


def test_damage_in_one_of_them_leaves_nothing_behind(segments: list[Path], tmp_path: Path) -> None:
    data = bytearray(segments[2].read_bytes())
    data[len(data) // 3] ^= 0x40
    segments[2].write_bytes(data)
    with pytest.raises(SessionFormatError, match="session recover"):
        merge_sessions(segments, tmp_path / "whole.mcap")
    assert not list(tmp_path.glob("whole.mcap*"))


def test_topics_of_other_programs_that_differ_are_refused(tmp_path: Path) -> None:
    for name, stream, encoding in (("a", DEPTH, "json"), ("b", THERMAL, "cbor")):
        with SessionWriter(tmp_path / f"{name}.mcap", info_of((stream,))) as writer:
            writer.write_frame(frame_of(stream, 0))
            writer.write_message(
                "/imu",
                host(0),
                json.dumps({}).encode(),
                message_encoding=encoding,
                schema_name="",
                schema_encoding="",
                schema_data=b"",
            )
    with pytest.raises(SessionMergeError, match="the topic /imu of"):
        merge_sessions([tmp_path / "a.mcap", tmp_path / "b.mcap"], tmp_path / "x.mcap")
