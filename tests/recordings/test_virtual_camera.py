"""A session plays as a live camera: in its own time, with its own pixels, and with the faults that are scripted."""

from __future__ import annotations

import math
import threading
import time
from dataclasses import replace
from pathlib import Path

import cv2
import numpy as np
import pytest

from drivers.camera import Camera, CameraState
from drivers.errors import CameraLostError, CameraOpenError, CameraTimeoutError, EndOfStream
from drivers.frame import FrameFlag
from recordings.virtual import VirtualCamera
from recordings.writer import SessionWriter
from tests.recordings.sessions import COLOR, DEPTH, EPOCH, MS, THERMAL, frame_of, info_of, simple_session, write_session
from tests.recordings.still_pace import StillPace, all_frames, opened

STEP = 33 * MS


def test_it_is_a_camera(tmp_path: Path) -> None:
    assert isinstance(VirtualCamera(tmp_path / "a.mcap"), Camera)
    assert VirtualCamera.discover() == []


def test_frames_come_when_they_came(tmp_path: Path, pace: StillPace) -> None:
    camera = opened(simple_session(tmp_path / "a.mcap", 5), pace)
    assert camera.streams() == (COLOR, DEPTH)
    start = pace.now
    seen = []
    for frame in all_frames(camera):
        seen.append((frame.stream, frame.number, pace.now - start))
        recorded = frame_of(frame.info, frame.number)
        np.testing.assert_array_equal(frame.pixels, recorded.pixels)
        assert frame.device_ns == recorded.device_ns
        assert frame.host_ns == pace.wall_ns()
    assert seen == [(s, n, n * STEP) for n in range(5) for s in ("color", "depth")]


@pytest.mark.parametrize("speed", [0.1, 4.0, math.inf])
def test_speed_changes_when_but_not_what(tmp_path: Path, pace: StillPace, speed: float) -> None:
    camera = opened(simple_session(tmp_path / "a.mcap", 5), pace, speed=speed)
    start = pace.now
    frames = list(all_frames(camera))
    assert len(frames) == 10
    assert pace.now - start == pytest.approx(4 * STEP / speed, abs=2)
    assert [f.device_ns for f in frames[::2]] == [frame_of(COLOR, n).device_ns for n in range(5)]


def test_host_times_rise_even_when_the_clock_stands(tmp_path: Path, pace: StillPace) -> None:
    camera = opened(simple_session(tmp_path / "a.mcap", 5), pace, speed=math.inf)
    host = [f.host_ns for f in all_frames(camera) if f.stream == "depth"]
    assert host == sorted(set(host))


def test_a_loop_goes_on_with_numbers_and_device_times(tmp_path: Path, pace: StillPace) -> None:
    frames = [frame_of(DEPTH, n) for n in range(3, 8)]
    frames += [frame_of(THERMAL, n, host_ns=EPOCH + n * 100 * MS) for n in range(2)]
    camera = opened(write_session(tmp_path / "a.mcap", [DEPTH, THERMAL], frames), pace, loop=True)
    played = [camera.read(60) for _ in range(30)]
    camera.close()
    depth = [f for f in played if f.stream == "depth"]
    assert [f.number for f in depth] == list(range(3, 3 + len(depth)))
    for stream in ("depth", "thermal"):
        times = [f.device_ns for f in played if f.stream == stream]
        assert times == sorted(set(times))
    shifts = {(f.stream, (f.number - 3) // 5 if f.stream == "depth" else f.number // 2): f.device_ns for f in played}
    # One shift for both streams: what belongs together stays together.
    first, second = (shifts[("depth", k)] - shifts[("thermal", k)] for k in (0, 1))
    assert first == second
    assert all(f.flags == FrameFlag.NONE for f in played)
    assert camera.health().dropped == {"depth": 0, "thermal": 0}


def test_nothing_within_the_time_limit_is_a_time_out_and_loses_nothing(tmp_path: Path, pace: StillPace) -> None:
    camera = opened(simple_session(tmp_path / "a.mcap", 2, [DEPTH]), pace)
    assert camera.read(0.0).number == 0
    start = pace.now
    with pytest.raises(CameraTimeoutError, match=r"within 0\.01 s"):
        camera.read(0.01)
    assert pace.now - start == 10 * MS
    assert camera.read(1.0).number == 1
    assert pace.now - start == STEP
    camera.close()


def test_every_tenth_frame_is_lost_flagged_and_counted(tmp_path: Path, pace: StillPace) -> None:
    camera = opened(simple_session(tmp_path / "a.mcap", 25), pace, drop_every=10)
    frames = [f for f in all_frames(camera) if f.stream == "depth"]
    assert [f.number for f in frames] == [n for n in range(25) if n not in (9, 19)]
    assert [f.number for f in frames if f.flags & FrameFlag.DROPPED_BEFORE] == [10, 20]
    health = camera.health()
    assert health.dropped == {"color": 2, "depth": 2}
    assert health.frames == {"color": 23, "depth": 23}


def test_gaps_in_the_session_count_as_dropped(tmp_path: Path, pace: StillPace) -> None:
    frames = [frame_of(DEPTH, n) for n in (0, 1, 5, 6, 9)]
    camera = opened(write_session(tmp_path / "a.mcap", [DEPTH], frames), pace, drop_every=5)
    list(all_frames(camera))
    assert camera.health().dropped == {"depth": 3 + 3}  # 2 3 4, and 7 8 with the scripted 9


@pytest.mark.parametrize(("drop_every", "lost"), [(0, 1), (3, 2)])
def test_what_profile_watch_left_out_on_purpose_does_not_count_as_dropped(
    tmp_path: Path, pace: StillPace, drop_every: int, lost: int
) -> None:
    path = tmp_path / "a.mcap"
    with SessionWriter(path, replace(info_of([DEPTH]), notes={"profile": "watch"})) as writer:
        for n in range(0, 50, 10):
            writer.write_frame(frame_of(DEPTH, n, flags=FrameFlag.DROPPED_BEFORE if n == 10 else FrameFlag.NONE))
    camera = opened(path, pace, drop_every=drop_every)
    assert len(list(all_frames(camera))) == 5 - bool(drop_every)
    assert camera.health().dropped == {"depth": lost}


def test_a_scripted_stall(tmp_path: Path, pace: StillPace) -> None:
    camera = opened(simple_session(tmp_path / "a.mcap", 100, [DEPTH]), pace, stall_at_s=0.99, stall_s=1.0)
    start = pace.now
    numbers = [camera.read(0.1).number for _ in range(30)]
    assert numbers == list(range(30))
    for _ in range(9):
        with pytest.raises(CameraTimeoutError):
            camera.read(0.1)
    assert camera.health().state is CameraState.STALLED
    frame = camera.read(2.0)
    assert frame.number == 61  # the first one from 1.99 s on
    assert pace.now - start == 61 * STEP
    assert frame.flags & FrameFlag.DROPPED_BEFORE
    assert camera.health().dropped == {"depth": 31}
    assert not camera.read(1.0).flags
    assert camera.health().state is CameraState.STREAMING
    camera.close()


def test_a_scripted_loss_and_the_way_back(tmp_path: Path, pace: StillPace) -> None:
    camera = opened(simple_session(tmp_path / "a.mcap", 200, [DEPTH]), pace, lose_at_s=0.99, lose_s=2.0)
    start = pace.now
    assert [camera.read(1).number for _ in range(30)] == list(range(30))
    with pytest.raises(CameraLostError, match="gone"):
        camera.read(1)
    assert camera.health().state is CameraState.GONE
    camera.close()
    with pytest.raises(CameraOpenError, match=r"gone for another 2\.0 s"):
        camera.open()
    pace.now += 3_000 * MS
    camera.open()
    frame = camera.read(1)
    # The scene went on: 3.99 s are frame 121's.
    assert frame.number == 121
    assert pace.now - start == 121 * STEP
    assert frame.flags & FrameFlag.DROPPED_BEFORE
    assert camera.health().dropped == {"depth": 91}
    assert [camera.read(1).number for _ in range(78)] == list(range(122, 200))
    with pytest.raises(EndOfStream):
        camera.read(1)
    camera.close()


def test_after_an_ordinary_close_it_begins_again(tmp_path: Path, pace: StillPace) -> None:
    camera = opened(simple_session(tmp_path / "a.mcap", 5, [DEPTH]), pace)
    camera.read(1)
    camera.read(1)
    camera.close()
    assert camera.health().state is CameraState.CLOSED
    assert camera.streams() == ()
    camera.open()
    assert camera.read(1).number == 0
    assert camera.health().frames == {"depth": 1}
    camera.close()


def test_the_end_is_told_as_often_as_asked(tmp_path: Path, pace: StillPace) -> None:
    camera = opened(simple_session(tmp_path / "a.mcap", 1, [DEPTH]), pace)
    camera.read(1)
    for _ in range(3):
        with pytest.raises(EndOfStream):
            camera.read(1)
    assert camera.health().state is CameraState.ENDED
    camera.close()


def test_reading_what_is_not_open(tmp_path: Path, pace: StillPace) -> None:
    camera = VirtualCamera(simple_session(tmp_path / "a.mcap", 1), pace=pace)
    camera.close()
    with pytest.raises(CameraLostError, match="not open"):
        camera.read(1)


def test_closing_ends_a_read_in_another_thread_at_once(tmp_path: Path) -> None:
    frames = [frame_of(DEPTH, 0), frame_of(DEPTH, 1, host_ns=EPOCH + 60_000 * MS)]
    camera = VirtualCamera(write_session(tmp_path / "a.mcap", [DEPTH], frames))
    camera.open()
    camera.read(1)
    ended: list[tuple[float, BaseException]] = []

    def read() -> None:
        try:
            camera.read(30)
        except CameraLostError as error:
            ended.append((time.monotonic(), error))

    thread = threading.Thread(target=read)
    thread.start()
    time.sleep(0.05)
    closed_at = time.monotonic()
    camera.close()
    thread.join(5)
    assert "closed" in str(ended[0][1])
    assert ended[0][0] - closed_at < 0.2


@pytest.mark.parametrize(
    ("make", "words"),
    [("missing", "no file"), ("empty", "is empty"), ("frameless", "no frames"), ("folder", "is a folder")],
)
def test_what_cannot_be_played_cannot_be_opened(tmp_path: Path, make: str, words: str) -> None:
    path = tmp_path / "a.mcap"
    if make == "empty":
        path.touch()
    elif make == "frameless":
        write_session(path, [DEPTH], [])
    elif make == "folder":
        path.mkdir()
    camera = VirtualCamera(path)
    with pytest.raises(CameraOpenError, match=words):
        camera.open()
    assert camera.health().state is CameraState.CLOSED
    camera.close()


def test_a_damaged_frame_is_a_lost_frame(tmp_path: Path, pace: StillPace) -> None:
    path = write_session(tmp_path / "a.mcap", [DEPTH], (frame_of(DEPTH, n) for n in range(3000)), compression="none")
    data = bytearray(path.read_bytes())
    data[data.index(frame_of(DEPTH, 0).pixels.tobytes())] ^= 1
    path.write_bytes(data)
    camera = opened(path, pace)
    first = camera.read(60)
    assert first.number > 0  # the whole first chunk is lost
    assert first.flags & FrameFlag.DROPPED_BEFORE
    assert camera.health().dropped["depth"] == first.number
    assert "damaged" in camera.health().note
    camera.close()


def test_a_session_of_nothing_but_damage_is_a_lost_camera(tmp_path: Path, pace: StillPace) -> None:
    path = simple_session(tmp_path / "a.mcap", 3, [DEPTH])
    data = bytearray(path.read_bytes())
    at = data.index(b"\x28\xb5\x2f\xfd")  # the first chunk's zstd frame
    data[at : at + 40] = bytes(40)
    path.write_bytes(data)
    camera = opened(path, pace, loop=True)
    with pytest.raises(CameraLostError, match="damaged"):
        camera.read(1)
    camera.close()


def test_a_loss_as_fast_as_it_reads_loses_nothing_since_no_time_passes_there(tmp_path: Path, pace: StillPace) -> None:
    path = simple_session(tmp_path / "a.mcap", 40, [DEPTH])
    camera = opened(path, pace, speed=math.inf, lose_at_s=0.5, lose_s=1.0, loop=True)
    numbers = [camera.read(1).number for _ in range(16)]
    with pytest.raises(CameraLostError):
        camera.read(1)
    camera.close()
    pace.now += 2_000 * MS
    camera.open()
    numbers += [camera.read(1).number for _ in range(40)]
    assert numbers == list(range(56))
    camera.close()


def test_what_records_a_replay_of_jpeg_gets_the_bytes_that_the_camera_gave(tmp_path: Path, pace: StillPace) -> None:
    jpeg = [cv2.imencode(".jpg", np.full((*COLOR.shape,), 40 * n, np.uint8))[1].tobytes() for n in range(3)]
    path = tmp_path / "a.mcap"
    with SessionWriter(path, info_of([COLOR, DEPTH])) as writer:
        for n, data in enumerate(jpeg):
            pixels = cv2.cvtColor(cv2.imdecode(np.frombuffer(data, np.uint8), 1), cv2.COLOR_BGR2RGB)
            writer.write_frame(replace(frame_of(COLOR, n), pixels=pixels, encoded=data))
            writer.write_frame(frame_of(DEPTH, n))
    frames = list(all_frames(opened(path, pace)))
    assert [f.encoded for f in frames if f.stream == "color"] == jpeg
    assert {f.encoded for f in frames if f.stream == "depth"} == {None}
