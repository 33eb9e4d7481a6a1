"""An alarm leaves the seconds before and after it as a session, and nobody who looks at a picture waits for that."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from drivers.frame import Frame, StreamInfo, StreamKind
from pipeline import alarm_clips
from pipeline.alarm_clips import DELETED, ENDED_EARLY, NOTHING_KEPT, STOPPED, AlarmClips
from pipeline.clip_shelf import ClipsConfig
from pipeline.errors import ConfigError
from pipeline.live_recording import LiveRecording
from pipeline.live_recordings import Recordings
from recordings.config import RecordConfig
from recordings.errors import RecordingError
from recordings.event import Clip, Event
from recordings.integrity import check_session
from recordings.last_seconds import LastSeconds
from recordings.reader import SessionReader
from recordings.recorder import Recorder
from tests.pipeline.clip_cases import HOST, S, put

GRAY = StreamInfo("gray", StreamKind.GRAY, 64, 48, "uint8", 10.0)
WAIT_S = 20.0


def frame(number: int) -> Frame:
    """One of ten a second."""
    pixels = np.random.default_rng(number).integers(0, 250, GRAY.shape).astype(GRAY.dtype)
    return Frame(GRAY, pixels, number, number * S // 10, HOST + number * S // 10)


def event(at_s: float, name: str = "near", face: int | None = 3, before_s: float = 2.0, after_s: float = 1.0) -> Event:
    at = round(at_s * S)
    return Event(name, at, None, face, "", "alarm", clip=Clip(at - round(before_s * S), at + round(after_s * S)))


class Clock:
    def __init__(self) -> None:
        self.now_s = 0.0

    def __call__(self) -> float:
        return self.now_s


class Bench:
    """Clips over a memory that a test fills, and what they say."""

    def __init__(self, folder: Path, seconds: float = 30.0, has_memory: bool = True, **config: Any) -> None:
        self.folder = folder / "alarms"
        self.last = LastSeconds([GRAY], seconds, 1 << 30)
        self.recordings = Recordings()
        self.clock = Clock()
        self.told: list[Event] = []
        self.said: list[Event] = []
        least = {"least_free_gib": 0.0, **config}
        self.clips = AlarmClips(
            ClipsConfig(folder=str(self.folder), **least),
            lambda: self.last if has_memory else None,
            self.recordings,
            lambda: {"models": []},
            "virtual:test",
            self.clock,
        )
        self.clips.told, self.clips.said = self.told.append, self.said.append
        self.next = 0

    def frames_until(self, at_s: float) -> None:
        while self.next <= round(at_s * 10):
            one = frame(self.next)
            self.last.push(self.recordings.take(one) or one)
            self.next += 1

    def want(self, one: Event) -> Event:
        placed = self.clips.want(one, HOST + one.begin_ns)
        self.last.push_event(placed, HOST + one.begin_ns)
        return placed

    def until(self, true: Callable[[], object]) -> None:
        end = time.monotonic() + WAIT_S
        while not true():
            assert time.monotonic() < end, (self.clips.status(), self.told)
            time.sleep(0.005)

    def close(self) -> None:
        assert self.clips.close(WAIT_S)
        self.recordings.finish()
        assert self.recordings.join(WAIT_S)
        assert self.last.close()


Make = Callable[..., Bench]


@pytest.fixture
def bench(tmp_path: Path) -> Iterator[Make]:
    made: list[Bench] = []

    def make(**config: Any) -> Bench:
        made.append(Bench(tmp_path, **config))
        return made[-1]

    yield make
    for one in made:
        one.close()


def times_of(path: Path) -> tuple[float, float, int]:
    """First and last frame, in seconds of the camera's clock, and how many."""
    with SessionReader(path) as reader:
        at = reader.times("gray").device_ns / S
        return float(at[0]), float(at[-1]), len(at)


def path_of(one: Event) -> Path:
    assert one.clip is not None
    path = one.clip.path()
    assert path is not None
    return path


def test_the_seconds_before_and_after_are_a_session_of_their_own_that_is_whole(bench: Make) -> None:
    desk = bench()
    desk.frames_until(5.0)
    placed = desk.want(event(5.0))
    path = path_of(placed)
    assert path.name == "alarm-20231114T221325.000Z-near-face-3.mcap"
    assert not path.exists(), "the second after it has not come yet"
    assert desk.clips.status().waiting == 1
    desk.frames_until(6.5)
    desk.until(lambda: desk.clips.status().written == 1)
    assert times_of(path) == (3.0, 6.0, 31)
    with SessionReader(path) as reader:
        assert check_session(reader).is_whole
        assert [one.to_json() for one in reader.events()] == [placed.to_json()]
        assert reader.info.notes["event"] == "near"
    assert desk.told == [], "it became what was told"


def test_whoever_asks_never_waits_for_the_disk(bench: Make, monkeypatch: pytest.MonkeyPatch) -> None:
    desk, writes, go = bench(), threading.Event(), threading.Event()
    save = alarm_clips.save_held

    def slowly(*args: Any, **named: Any) -> Any:
        writes.set()
        assert go.wait(WAIT_S)
        return save(*args, **named)

    monkeypatch.setattr(alarm_clips, "save_held", slowly)
    desk.frames_until(5.0)
    desk.want(event(4.0, "first", after_s=0.5))
    assert writes.wait(WAIT_S)
    for number in range(10):  # while the disk holds the first one
        desk.want(event(5.0, f"next-{number}"))
    assert desk.clips.status().waiting == 2, "those of one moment share a clip"
    go.set()
    desk.frames_until(7.0)
    desk.until(lambda: desk.clips.status().written == 2)


def test_alarms_that_overlap_share_a_clip_that_holds_all_of_them(bench: Make) -> None:
    desk = bench()
    desk.frames_until(5.0)
    first = desk.want(event(5.0))
    desk.frames_until(5.5)
    second = desk.want(event(5.5, "masked"))
    other = desk.want(event(5.5, "early", before_s=4.0))
    assert path_of(first) == path_of(second) == path_of(other)
    desk.frames_until(7.0)
    desk.until(lambda: desk.clips.status().written == 1)
    assert times_of(path_of(first))[:2] == (1.5, 6.5)


def test_no_shared_clip_grows_beyond_what_the_memory_holds(bench: Make) -> None:
    desk = bench(seconds=6.0)
    wanted: list[tuple[float, Path]] = []

    def is_written(now_s: float) -> bool:
        ends = {path: at_s + 1.0 for at_s, path in wanted}  # of each clip, that of its last alarm
        return desk.clips.status().written >= sum(end + 0.5 <= now_s for end in ends.values())

    for tenth in range(30, 200, 5):  # alarm upon alarm, for three times as long as the memory reaches
        now_s = tenth / 10
        desk.frames_until(now_s)
        desk.until(lambda now_s=now_s: is_written(now_s))
        wanted.append((now_s, path_of(desk.want(event(now_s, f"alarm-{tenth}")))))
    desk.frames_until(22.0)
    desk.until(lambda: desk.clips.status().waiting == 0)
    assert desk.told == []
    for at_s, path in wanted:
        begin_s, end_s, _ = times_of(path)
        assert begin_s <= at_s - 2.0
        assert end_s >= at_s + 1.0


def test_a_clip_of_the_first_second_says_that_it_begins_late(bench: Make) -> None:
    desk = bench()
    desk.frames_until(0.5)
    placed = desk.want(event(0.5))
    desk.frames_until(2.0)
    desk.until(lambda: desk.told)
    (told,) = desk.told
    assert told.clip is not None
    assert told.clip.problem == "it begins 1.5 s late: nothing was kept before"
    assert path_of(told) == path_of(placed)
    assert times_of(path_of(told))[:2] == (0.0, 1.5)


def test_cameras_that_fall_silent_leave_a_clip_of_what_there_is(bench: Make) -> None:
    desk = bench()
    desk.frames_until(5.0)
    placed = desk.want(event(5.0))
    desk.clock.now_s = 100.0
    desk.until(lambda: desk.clips.status().written == 1)
    assert times_of(path_of(placed))[:2] == (3.0, 5.0)


def test_the_end_of_a_run_writes_what_waits(bench: Make) -> None:
    desk = bench()
    desk.frames_until(5.0)
    placed = desk.want(event(5.0, after_s=300.0))
    assert desk.clips.close(WAIT_S)
    assert times_of(path_of(placed))[:2] == (3.0, 5.0)
    late = desk.clips.want(event(6.0), HOST + 6 * S)
    assert late.clip is not None
    assert (late.clip.file, late.clip.problem) == ("", STOPPED)


def test_where_nothing_is_kept_the_event_says_so(bench: Make) -> None:
    placed = bench(has_memory=False).want(event(5.0))
    assert placed.clip is not None
    assert (placed.clip.file, placed.clip.problem) == ("", NOTHING_KEPT)


def test_it_can_be_switched_off_and_rules_that_ask_for_none_get_none(bench: Make) -> None:
    desk = bench(enabled=False)
    desk.frames_until(5.0)
    assert desk.want(event(5.0)) == event(5.0)
    asks_not = Event("near", 5 * S)
    assert bench().want(asks_not) == asks_not
    assert not desk.folder.exists()


# -- while something is recorded --------------------------------------------------------------------------------------


def record(desk: Bench, path: Path, profile: Any = "evidence") -> None:
    def make(_: LiveRecording) -> Recorder:
        return Recorder(path, [GRAY], RecordConfig(profile=profile))

    desk.recordings.begin(path, make)
    desk.until(lambda: desk.recordings.status().state == "recording")  # type: ignore[union-attr] - begun above


def test_while_all_is_recorded_the_clip_is_that_stretch_of_it(bench: Make, tmp_path: Path) -> None:
    desk, path = bench(), tmp_path / "night.mcap"
    record(desk, path)
    desk.frames_until(5.0)
    placed = desk.want(event(5.0))
    assert placed.clip == Clip(3 * S, 6 * S, "night.mcap")
    assert desk.clips.path_of(placed) == path
    desk.frames_until(6.5)
    desk.until(lambda: desk.clips.status().waiting == 0)
    assert desk.told == []
    assert not desk.folder.exists(), "nothing is written twice"
    desk.recordings.end()
    desk.until(lambda: desk.recordings.are_finished)
    assert times_of(path)[1] == 6.5


def test_a_recording_that_began_too_late_does_not_hold_it_and_the_memory_does(bench: Make, tmp_path: Path) -> None:
    desk = bench()
    desk.frames_until(4.0)
    record(desk, tmp_path / "night.mcap")
    desk.frames_until(5.0)
    assert path_of(desk.want(event(5.0))).parent == desk.folder


def test_a_recording_that_ends_before_the_clip_does_is_said(bench: Make, tmp_path: Path) -> None:
    desk = bench()
    record(desk, tmp_path / "night.mcap")
    desk.frames_until(5.0)
    desk.want(event(5.0))
    desk.recordings.end()
    desk.until(lambda: desk.recordings.are_finished)
    desk.frames_until(6.5)
    desk.until(lambda: desk.told)
    assert desk.told[0].clip == Clip(3 * S, 6 * S, "night.mcap", ENDED_EARLY)


def test_of_many_alarms_at_once_each_has_its_stretch_of_the_recording(bench: Make, tmp_path: Path) -> None:
    desk = bench()
    record(desk, tmp_path / "night.mcap")
    desk.frames_until(5.0)
    placed = [desk.want(event(5.0, f"alarm-{number}")) for number in range(100)]
    assert {one.clip for one in placed} == {Clip(3 * S, 6 * S, "night.mcap")}
    desk.frames_until(6.5)
    desk.until(lambda: desk.clips.status().waiting == 0)
    assert desk.told == []
    assert desk.clips.status().failed == 0


@pytest.mark.parametrize("has_memory", [True, False])
def test_a_recording_that_ends_after_the_clip_has_all_of_it(bench: Make, tmp_path: Path, has_memory: bool) -> None:
    desk = bench(has_memory=has_memory)
    record(desk, tmp_path / "night.mcap")
    desk.frames_until(5.0)
    desk.want(event(5.0))
    desk.frames_until(6.1)
    desk.clock.now_s = 1.1  # its last second has passed
    desk.until(lambda: desk.clips.status().waiting == 0)
    desk.recordings.end()
    desk.until(lambda: desk.recordings.are_finished)
    desk.clock.now_s = 3.5
    desk.close()
    assert desk.told == []


def test_a_folder_of_somebody_unknown_is_told_where_it_is_to_be_written_into() -> None:
    config = ClipsConfig(folder="~nobody-here/alarms")  # of another machine, where this session was recorded
    with pytest.raises(ConfigError, match="'~nobody-here/alarms': there is no such home"):
        AlarmClips(config, lambda: None, Recordings(), dict)


def test_a_recording_of_clips_alone_has_its_own_and_the_event_names_the_stretch(bench: Make, tmp_path: Path) -> None:
    desk = bench(has_memory=False)
    record(desk, tmp_path / "night.mcap", "events")
    desk.frames_until(5.0)
    assert desk.want(event(5.0)) == event(5.0)


# -- the shelf --------------------------------------------------------------------------------------------------------


def test_the_oldest_goes_when_there_are_too_many_and_that_is_said(bench: Make) -> None:
    desk = bench(most=2)
    old, newer = put(desk.folder, -20), put(desk.folder, -10)
    mine = desk.folder / "my-night.mcap"
    mine.write_bytes(b"x")
    desk.frames_until(5.0)
    placed = desk.want(event(5.0))
    desk.frames_until(6.5)
    desk.until(lambda: desk.clips.status().written == 1)
    assert not old.exists()
    assert newer.exists()
    assert mine.exists(), "only clips of alarms are counted"
    assert path_of(placed).exists()
    (said,) = desk.said
    assert (said.name, said.note) == (DELETED, f"{old.name}: at most 2 clips and 5 GiB are kept")
    assert (desk.clips.status().deleted, desk.clips.status().deleted_last) == (1, old.name)


def test_a_clip_with_bookmarks_stays_and_when_all_have_some_there_is_no_new_one(bench: Make) -> None:
    desk = bench(most=1)
    old = put(desk.folder, -20)
    old.with_name(old.name + ".bookmarks.json").write_text("{}")
    desk.frames_until(5.0)
    desk.want(event(5.0))
    desk.frames_until(6.5)
    desk.until(lambda: desk.told)
    assert old.exists()
    (told,) = desk.told
    assert told.clip is not None
    assert told.clip.file == ""
    assert "have bookmarks" in told.clip.problem
    assert desk.clips.status().failed == 1


def test_a_full_disk_is_said_in_the_event_and_nothing_is_written(bench: Make) -> None:
    desk = bench(least_free_gib=10_000.0)
    desk.frames_until(5.0)
    desk.want(event(5.0))
    desk.frames_until(6.5)
    desk.until(lambda: desk.told)
    (told,) = desk.told
    assert told.clip is not None
    assert told.clip.file == ""
    assert "GiB left, 10000 stay free" in told.clip.problem
    assert desk.clips.status().problem == told.clip.problem.removeprefix("no clip: ")
    assert list(desk.folder.iterdir()) == []


def test_a_folder_that_cannot_be_made_is_said_and_the_next_alarm_is_tried_again(bench: Make, tmp_path: Path) -> None:
    desk = bench()
    desk.folder.write_bytes(b"a file stands there")
    desk.frames_until(5.0)
    desk.want(event(5.0, after_s=0.0))
    desk.frames_until(5.5)
    desk.until(lambda: desk.clips.status().failed == 1)
    desk.folder.unlink()
    desk.want(event(5.5, "again", after_s=0.0))
    desk.frames_until(6.5)
    desk.until(lambda: desk.clips.status().written == 1)
    assert desk.clips.status().problem == ""


def test_a_name_that_is_taken_is_not_written_over(bench: Make) -> None:
    desk = bench()
    desk.frames_until(5.0)
    placed = desk.want(event(5.0))
    desk.folder.mkdir()
    path_of(placed).write_bytes(b"somebody's")
    desk.frames_until(6.5)
    desk.until(lambda: desk.told)
    assert path_of(placed).read_bytes() == b"somebody's"
    assert path_of(desk.told[0]).stem == f"{path_of(placed).stem}-2"
    assert times_of(path_of(desk.told[0]))[2] == 31


def test_a_flood_of_alarms_is_bounded(bench: Make, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(alarm_clips, "_MOST_WAITING", 2)
    desk = bench()
    desk.frames_until(1.0)
    far = [desk.want(event(100.0 * n, before_s=1.0)) for n in range(1, 5)]
    assert [one.clip is not None and one.clip.problem for one in far] == ["", "", *2 * (alarm_clips.TOO_MANY,)]


def test_what_belongs_beside_a_clip_is_written_there_and_no_loss_where_it_cannot(bench: Make) -> None:
    here = bench()
    beside: list[str] = []

    def write(path: Path) -> None:
        assert path.exists()
        beside.append(path.name)
        raise RecordingError("the disk refuses")

    here.clips.beside = write
    here.frames_until(5.0)
    placed = here.want(event(4.0))
    here.frames_until(6.0)
    here.until(lambda: here.clips.status().written == 1 and not here.clips.status().waiting)
    assert placed.clip is not None
    assert beside == [Path(placed.clip.file).name]
    assert here.clips.status().problem == ""
