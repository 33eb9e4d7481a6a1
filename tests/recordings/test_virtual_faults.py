"""What a script says goes wrong with a virtual camera goes wrong with it, and nothing else."""

from __future__ import annotations

import threading
from pathlib import Path

import numpy as np
import pytest

from drivers.camera import CameraState, Findable
from drivers.errors import CameraLostError, CameraOpenError, CameraTimeoutError
from drivers.frame import Frame, FrameFlag
from recordings.virtual import VirtualCamera, VirtualOptions
from tests.recordings.fault_cases import Script
from tests.recordings.sessions import MS

STEP = 33 * MS


def numbers(frames: list[Frame], stream: str = "depth") -> list[int]:
    return [f.number for f in frames if f.stream == stream]


def flagged(frames: list[Frame], flag: FrameFlag, stream: str = "depth") -> list[int]:
    return [f.number for f in frames if f.stream == stream and f.flags & flag]


def without(*missing: int) -> list[int]:
    return [n for n in range(100) if n not in missing]


def test_frames_are_dropped_flagged_and_counted(scripted: Script) -> None:
    made = scripted('kind = "drop"; stream = "depth"; at_s = 0.33; count = 3')
    frames = list(made.frames())
    assert numbers(frames) == without(10, 11, 12)
    assert flagged(frames, FrameFlag.DROPPED_BEFORE) == [13]
    assert numbers(frames, "color") == list(range(100))
    assert made.camera.health().dropped == {"color": 0, "depth": 3}


def test_one_stream_stalls_while_the_other_goes_on(scripted: Script) -> None:
    made = scripted('kind = "stall"; stream = "depth"; at_s = 0.33; for_s = 0.66')
    states = set()
    frames = []
    for frame in made.frames():
        frames.append(frame)
        states.add(made.camera.health().state)
    assert numbers(frames) == without(*range(10, 30))
    assert numbers(frames, "color") == list(range(100))
    assert states == {CameraState.STREAMING}
    assert made.camera.health().dropped == {"color": 0, "depth": 20}


def test_a_camera_of_which_all_streams_stall_says_so(scripted: Script) -> None:
    made = scripted('kind = "stall"; at_s = 0.33; for_s = 0.66')
    camera = made.camera
    camera.open()
    for _ in range(20):
        camera.read(1)
    for _ in range(2):
        with pytest.raises(CameraTimeoutError):
            camera.read(0.2)
    assert camera.health().state is CameraState.STALLED
    assert camera.health().pause_s == 0
    assert camera.read(1).number == 30
    camera.close()


def test_a_frame_comes_again(scripted: Script) -> None:
    made = scripted('kind = "duplicate"; stream = "depth"; at_s = 0.33; count = 2')
    frames = list(made.frames())
    assert numbers(frames) == [*range(11), 10, 10, *range(11, 100)]
    same = [f for f in frames if f.stream == "depth" and f.number == 10]
    assert len({f.device_ns for f in same}) == 1
    assert len({f.host_ns for f in same}) == 3, "but each time it arrives anew"
    assert made.camera.health().dropped == {"color": 0, "depth": 0}
    assert made.camera.health().frames == {"color": 100, "depth": 102}


@pytest.mark.parametrize("by", [1, 2])
def test_a_frame_comes_behind_later_ones(scripted: Script, by: int) -> None:
    made = scripted(f'kind = "reorder"; stream = "depth"; at_s = 0.33; by = {by}')
    frames = list(made.frames())
    assert numbers(frames) == [*range(10), *range(11, 11 + by), 10, *range(11 + by, 100)]
    assert numbers(frames, "color") == list(range(100))
    assert not any(f.flags for f in frames)
    assert made.camera.health().dropped == {"color": 0, "depth": 0}


def test_the_last_frame_cannot_come_behind_anything_and_still_comes(scripted: Script) -> None:
    frames = list(scripted('kind = "reorder"; at_s = 3.26; by = 5').frames())
    assert numbers(frames) == numbers(frames, "color") == list(range(100))


def test_the_device_clock_jumps_and_stays_there(scripted: Script) -> None:
    made = scripted('kind = "clock_jump"; at_s = 0.33; by_s = -1.5')
    plain = {(f.stream, f.number): f.device_ns for f in scripted('kind = "drop"; at_s = 1000').frames()}
    for frame in made.frames():
        shift = -1_500 * MS if frame.number >= 10 else 0
        assert frame.device_ns == plain[frame.stream, frame.number] + shift
        assert not frame.flags


def test_the_device_clock_jumps_for_a_while(scripted: Script) -> None:
    made = scripted('kind = "clock_jump"; stream = "depth"; at_s = 0.33; for_s = 0.33; by_s = 1')
    base = 5_000 * MS
    off = [f.number for f in made.frames() if f.device_ns != base + f.number * STEP]
    assert off == list(range(10, 20))


def test_a_frame_of_a_wrong_size_is_an_error_that_says_both_sizes_and_the_next_one_comes(scripted: Script) -> None:
    made = scripted('kind = "wrong_size"; stream = "depth"; at_s = 0.33; count = 2')
    frames = list(made.frames())
    assert numbers(frames) == without(10, 11)
    assert [str(e) for e in made.errors] == [
        f"stream depth promises uint16 (12, 16), frame {n} is uint16 (6, 16)" for n in (10, 11)
    ]
    assert flagged(frames, FrameFlag.DROPPED_BEFORE) == [12]
    assert made.camera.health().dropped == {"color": 0, "depth": 2}


def test_a_disconnected_camera_is_not_there_until_its_time_has_passed(scripted: Script) -> None:
    made = scripted('kind = "disconnect"; at_s = 0.99; for_s = 1.2')
    camera, pace = made.camera, made.pace
    assert isinstance(camera, Findable)
    assert camera.is_present() is True
    camera.open()
    frames = [camera.read(1) for _ in range(60)]
    with pytest.raises(CameraLostError, match=r"gone \(scripted\); it can be opened again in 1.2 s"):
        camera.read(1)
    lost_at = pace.now
    assert (camera.health().state, camera.is_present()) == (CameraState.GONE, False)
    with pytest.raises(CameraLostError):
        camera.read(1)
    made.reopen()
    assert camera.is_present() is True
    assert 1_200 * MS <= pace.now - lost_at <= 1_210 * MS
    frames += [camera.read(1) for _ in range(20)]
    # The scene went on meanwhile: 0.99 s and 1.2 s are frame 66's 2.178 s.
    assert numbers(frames) == [*range(30), *range(67, 77)]
    assert flagged(frames, FrameFlag.DROPPED_BEFORE) == [67]
    assert camera.health().dropped == {"color": 37, "depth": 37}
    camera.close()


def test_it_disconnects_again_and_again(scripted: Script) -> None:
    made = scripted('kind = "disconnect"; every_s = 0.99; for_s = 0.3; times = 2')
    frames = list(made.frames())
    assert len(made.errors) == 2
    assert flagged(frames, FrameFlag.DROPPED_BEFORE) == [40, 70]
    assert numbers(frames)[-1] == 99


def test_a_script_goes_on_where_it_was_and_nothing_of_it_is_made_up_for_after_a_loss(scripted: Script) -> None:
    made = scripted(
        '[[fault]]\nkind = "disconnect"\nat_s = 0.99\nfor_s = 0.6\n'
        '[[fault]]\nkind = "drop"\nat_s = 1.2\n'
        '[[fault]]\nkind = "drop"\nat_s = 2.31\n'
    )
    frames = list(made.frames())
    assert numbers(frames) == without(*range(30, 49), 70)


def test_it_opens_slowly_as_often_as_it_is_told(scripted: Script) -> None:
    made = scripted('kind = "slow_open"; for_s = 2.5; times = 2')
    took = []
    for _ in range(3):
        began = made.pace.now
        made.camera.open()
        took.append(made.pace.now - began)
        made.camera.close()
    assert took == [2_500 * MS, 2_500 * MS, 0]


def test_who_closes_it_and_opens_it_again_goes_on_in_the_script_where_time_has_come_to(scripted: Script) -> None:
    """So does a supervisor that reopens a camera that stalls: it must not begin the evening again."""
    made = scripted('kind = "stall"; at_s = 0.33; for_s = 0.66')
    camera, pace = made.camera, made.pace
    camera.open()
    assert [camera.read(1).number for _ in range(20)][-1] == 9
    for _ in range(3):
        with pytest.raises(CameraTimeoutError):
            camera.read(0.1)
        camera.close()
        pace.now += 50 * MS
        camera.open()
    first = camera.read(1)
    assert (first.number, first.flags) == (30, FrameFlag.DROPPED_BEFORE)
    rest = [f.number for f in made.frames_left() if f.stream == "depth"]
    assert rest == list(range(30, 100))
    camera.open()
    assert camera.read(1).number == 0, "from the end it begins anew"
    camera.close()


def test_closing_ends_a_slow_opening(tmp_path: Path, session: Path) -> None:
    path = tmp_path / "faults.toml"
    path.write_text('[[fault]]\nkind = "slow_open"\nfor_s = 60\n', "utf-8")
    camera = VirtualCamera(session, options=VirtualOptions(faults=str(path)))
    raised: list[str] = []
    opening = threading.Event()

    def open_it() -> None:
        opening.set()
        try:
            camera.open()
        except CameraOpenError as error:
            raised.append(str(error))

    thread = threading.Thread(target=open_it)
    thread.start()
    opening.wait(5)
    while camera.health().state is not CameraState.OPENING and thread.is_alive():
        thread.join(0.001)
    thread.join(0.05)
    camera.close()
    thread.join(5)
    assert not thread.is_alive()
    assert "closed while it was opened" in raised[0]
    assert camera.health().state is CameraState.CLOSED


def test_a_closed_shutter_freezes_the_picture_and_flags_it(scripted: Script) -> None:
    made = scripted('kind = "shutter"; stream = "depth"; at_s = 0.33; for_s = 0.165')
    frames = list(made.frames())
    depth = [f for f in frames if f.stream == "depth"]
    assert numbers(frames) == list(range(100))
    assert flagged(frames, FrameFlag.SHUTTER) == flagged(frames, FrameFlag.STALE) == [10, 11, 12, 13, 14]
    for frame in depth[10:15]:
        np.testing.assert_array_equal(frame.pixels, depth[9].pixels)
    assert not np.array_equal(depth[15].pixels, depth[9].pixels)
    assert not flagged(frames, FrameFlag.SHUTTER, "color")


def test_a_shutter_that_gives_nothing_announces_the_pause(scripted: Script) -> None:
    made = scripted('kind = "shutter"; at_s = 0.33; for_s = 0.66; gives = "nothing"')
    camera = made.camera
    camera.open()
    assert [camera.read(1).number for _ in range(20)][-1] == 9
    with pytest.raises(CameraTimeoutError):
        camera.read(0.133)  # the time is 0.43 s now
    health = camera.health()
    assert health.state is CameraState.PAUSED
    assert health.pause_s == pytest.approx(0.56)
    assert "shutter is closed" in health.note
    made.pace.now += 100 * MS
    assert camera.health().pause_s == pytest.approx(0.46), "it runs out by itself"
    assert camera.read(1).number == 30
    assert (camera.health().state, camera.health().pause_s) == (CameraState.STREAMING, 0)
    camera.close()


def test_as_fast_as_it_is_read_nothing_is_waited_for(scripted: Script) -> None:
    made = scripted('kind = "stall"; at_s = 0.33; for_s = 0.66', speed=float("inf"))
    assert numbers(list(made.frames())) == without(*range(10, 30))
    assert made.camera.health().pause_s == 0


def test_after_a_seek_the_script_stands_there(scripted: Script) -> None:
    made = scripted('kind = "drop"; at_s = 0.33; stream = "depth"')
    camera = made.camera
    camera.open()
    camera.seek_time(1.0)
    assert [camera.read(1).number for _ in range(4)] == [31, 31, 32, 32], "what was passed over does not come later"
    camera.seek_time(0.2)
    after = [camera.read(1) for _ in range(20)]
    assert 10 not in numbers(after)
    assert 11 in numbers(after)
    camera.close()


def test_over_a_loop_the_time_of_the_script_goes_on(scripted: Script) -> None:
    made = scripted('kind = "drop"; at_s = 3.63; stream = "depth"', loop=True)
    made.camera.open()
    frames = [made.camera.read(1) for _ in range(300)]
    assert sorted(set(range(150)) - set(numbers(frames))) == [110]
    made.camera.close()


def test_faults_come_together(scripted: Script) -> None:
    """All kinds at once, at random: every frame is accounted for."""
    kinds = [
        'kind = "drop"; count = 2',
        'kind = "duplicate"; stream = "depth"',
        'kind = "reorder"; by = 2',
        'kind = "wrong_size"',
        'kind = "stall"; for_s = 0.2',
        'kind = "shutter"; for_s = 0.1; stream = "depth"',
        'kind = "clock_jump"; by_s = 1',
    ]
    text = "".join(f"[[fault]]\n{k}\nrandom_s = 0.5\n".replace("; ", "\n") for k in kinds)
    made = scripted(f"seed = 3\n{text}")
    frames = list(made.frames())
    health = made.camera.health()
    for stream in ("color", "depth"):
        seen = numbers(frames, stream)
        assert len(set(seen)) + health.dropped[stream] == 100
        assert len(seen) == health.frames[stream]
    assert len(made.errors) > 3
    again = list(scripted(f"seed = 3\n{text}").frames())
    assert [(f.stream, f.number, f.device_ns) for f in again] == [(f.stream, f.number, f.device_ns) for f in frames]
    other = list(scripted(f"seed = 4\n{text}").frames())
    assert [(f.stream, f.number) for f in other] != [(f.stream, f.number) for f in frames]
