"""Recordings that begin and end while the picture runs, and the last seconds saved."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import numpy as np
import pytest

from drivers.registry import open_camera
from engines.loading import Models
from pipeline.config import PipelineConfig
from pipeline.errors import LiveError
from pipeline.live_recording import RecordingState, free_name
from pipeline.live_saves import SaveState
from pipeline.live_status import Marked
from pipeline.run import LiveRun
from pipeline.verify import verify_session
from recordings.config import RecordConfig
from recordings.errors import SessionWriteError
from recordings.reader import SessionReader
from recordings.recorder import Recorder
from recordings.save_last import AFTERWARDS
from tests.helpers.sessions import write_session


@pytest.fixture(scope="module")
def long_session(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return write_session(tmp_path_factory.mktemp("long") / "long.mcap", 40)


@contextmanager
def running(
    session: Path, models: Models, config: PipelineConfig | None = None, words: str = "loop=1"
) -> Iterator[LiveRun]:
    run = LiveRun([open_camera(f"virtual:{session}?{words}")], models, config, keep=True)
    run.start()
    try:
        yield run
    finally:
        assert run.stop(10.0)


def until(run: LiveRun, true: Callable[[], object]) -> None:
    deadline = time.monotonic() + 20.0
    while not true():
        assert time.monotonic() < deadline, run.status()
        time.sleep(0.005)


def until_state(run: LiveRun, *states: RecordingState) -> None:
    def reached() -> bool:
        now = run.status().recording
        return now is not None and now.state in states

    until(run, reached)


def frames_of(run: LiveRun, count: int) -> None:
    """Wait for so many more frames in the recording."""

    def recorded() -> int:
        recorder = run.status().recorder
        return 0 if recorder is None else recorder.frames

    before = recorded()
    until(run, lambda: recorded() >= before + count)


def is_contiguous(path: Path) -> bool:
    """In the camera's numbers, for every stream; the virtual camera counts on over a loop."""
    with SessionReader(path) as reader:
        return all(set(np.diff(reader.times(s.name).number)) <= {1} and reader.count(s.name) for s in reader.streams)


def record_some(run: LiveRun, path: Path, frames: int = 20) -> None:
    run.start_recording(path)
    until_state(run, RecordingState.RECORDING)
    frames_of(run, frames)
    assert run.stop_recording()
    until_state(run, RecordingState.ENDED)


def test_recordings_begin_and_end_while_the_picture_runs_and_each_is_whole(
    long_session: Path, models: Models, tmp_path: Path
) -> None:
    with running(long_session, models) as run:
        until(run, lambda: run.status().processed > 3)
        for n in range(3):
            record_some(run, tmp_path / f"{n}.mcap")
        status = run.status()
        assert status.errors == ()
        assert status.channels["synchronise"].dropped == 0
    numbers = []
    for n in range(3):
        path = tmp_path / f"{n}.mcap"
        assert is_contiguous(path)
        with SessionReader(path) as reader:
            schedule = list(reader.schedule())
            held = {s.name: set(reader.times(s.name).number.tolist()) for s in reader.streams}
            assert schedule, "what was said of its frames is in it"
            for entry in schedule:
                assert all(number in held[name] for name, number in entry.frames.items())
            assert len(list(reader.observation_bytes())) == len(schedule)
            last = {name: max(of) for name, of in held.items()}
            assert max(e.frames.get("depth", 0) for e in schedule) >= last["depth"] - 1, "of its last frames, too"
            numbers += [entry.frame_set for entry in schedule]
        report = verify_session(path, models, PipelineConfig())
        assert report.is_good
        assert report.results == "not verified"
        assert "begun while the picture ran" in report.not_verified
    assert numbers == sorted(set(numbers)), "no FrameSet stands in two of them"


def test_later_segments_of_a_recording_begun_while_the_picture_ran_say_why_they_cannot_be_verified(
    long_session: Path, models: Models, tmp_path: Path
) -> None:
    config = RecordConfig(segment_gib=1e-4)
    with running(long_session, models) as run:
        run.start_recording(tmp_path / "seg.mcap", config)
        until(run, lambda: (tmp_path / "seg-0002.mcap.part").exists())
    for name in ("seg.mcap", "seg-0002.mcap"):
        report = verify_session(tmp_path / name, models, PipelineConfig())
        assert report.is_good
        assert "begun while the picture ran" in report.not_verified


def test_the_picture_goes_on_while_a_disk_takes_long_to_open_and_to_close(
    long_session: Path, models: Models, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    hold = threading.Event()
    made, finished = LiveRun._new_recorder, Recorder.join

    def slowly_made(*args: object) -> Recorder:
        hold.wait(20.0)
        return made(*args)  # type: ignore[arg-type]  # passed on as they came

    def slowly_joined(self: Recorder, timeout_s: float | None = None) -> bool:
        hold.wait(20.0)
        return finished(self, timeout_s)

    monkeypatch.setattr(LiveRun, "_new_recorder", slowly_made)
    monkeypatch.setattr(Recorder, "join", slowly_joined)
    with running(long_session, models) as run:
        begun = time.monotonic()
        run.start_recording(tmp_path / "slow.mcap")
        assert time.monotonic() - begun < 10.0, "it waited for the file, which takes 20 s"
        before = run.status().processed
        until(run, lambda: run.status().processed > before + 10)
        assert run.status().recording.state is RecordingState.OPENING  # type: ignore[union-attr]  # it was begun
        with pytest.raises(LiveError, match=r"slow\.mcap is being recorded already"):
            run.start_recording(tmp_path / "other.mcap")
        hold.set()
        until_state(run, RecordingState.RECORDING)
        frames_of(run, 5)
        hold.clear()
        assert run.stop_recording()
        before = run.status().processed
        until(run, lambda: run.status().processed > before + 10)
        assert run.status().recording.state is RecordingState.CLOSING  # type: ignore[union-attr]  # it was begun
        assert not run.stop_recording(), "none is on"
        run.start_recording(tmp_path / "next.mcap")
        hold.set()
        until_state(run, RecordingState.RECORDING)
        frames_of(run, 5)
        assert run.status().errors == ()
        assert run.status().channels["synchronise"].dropped == 0
    assert is_contiguous(tmp_path / "slow.mcap")
    assert is_contiguous(tmp_path / "next.mcap")


def test_a_recording_that_cannot_be_begun_is_told_and_another_can(
    long_session: Path, models: Models, tmp_path: Path
) -> None:
    (tmp_path / "taken.mcap").write_bytes(b"mine")
    with running(long_session, models) as run:
        for path, why in (
            (tmp_path / "taken.mcap", "exists already"),
            (tmp_path / "no folder" / "a.mcap", "no folder"),
            (tmp_path / "a.bag", r"NAME.mcap"),
        ):
            run.start_recording(path)
            until_state(run, RecordingState.FAILED)
            now = run.status().recording
            assert now is not None
            assert why in now.reason
            assert run.status().recorder is None
            assert run.mark("look") is Marked.KEPT
        run.start_recording(tmp_path / "full.mcap", RecordConfig(min_free_mib=1e12))
        until_state(run, RecordingState.FAILED)
        assert "are left on the disk" in run.status().recording.reason  # type: ignore[union-attr]  # it was begun
        record_some(run, tmp_path / "good.mcap", 5)
        assert run.status().errors == (), "a recording's trouble is its own"
    assert (tmp_path / "taken.mcap").read_bytes() == b"mine"
    assert sorted(p.name for p in tmp_path.iterdir()) == ["good.mcap", "taken.mcap"]


def test_a_disk_that_fails_ends_the_recording_and_not_the_picture(
    long_session: Path, models: Models, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    from recordings.writer import SessionWriter

    write, broken = SessionWriter.write_stored, threading.Event()

    def failing(self: SessionWriter, stored: object) -> None:
        if broken.is_set():
            raise SessionWriteError("the disk is gone")
        write(self, stored)  # type: ignore[arg-type]  # passed on as it came

    monkeypatch.setattr(SessionWriter, "write_stored", failing)
    with running(long_session, models) as run:
        run.start_recording(tmp_path / "lost.mcap")
        until_state(run, RecordingState.RECORDING)
        frames_of(run, 10)
        broken.set()
        until_state(run, RecordingState.FAILED)
        assert "the disk is gone" in run.status().recording.reason  # type: ignore[union-attr]  # it was begun
        before = run.status().processed
        until(run, lambda: run.status().processed > before + 5)
        assert not run.stop_recording()
        broken.clear()
        record_some(run, tmp_path / "again.mcap", 5)
    assert is_contiguous(tmp_path / "again.mcap")


def test_a_fresh_recording_makes_its_folder_and_takes_a_free_name(
    long_session: Path, models: Models, tmp_path: Path
) -> None:
    wanted = tmp_path / "new" / "night.mcap"
    with running(long_session, models) as run:
        for expected in ("night.mcap", "night-2.mcap"):
            run.start_recording(wanted, fresh=True)
            until_state(run, RecordingState.RECORDING)
            assert run.status().recording.path.name == expected  # type: ignore[union-attr]  # it was begun
            frames_of(run, 4)
            run.stop_recording()
    assert sorted(p.name for p in wanted.parent.iterdir()) == ["night-2.mcap", "night.mcap"]
    (tmp_path / "new" / "night-3.mcap.part").touch()
    assert free_name(wanted).name == "night-4.mcap"


def test_marks_stand_where_something_is_recorded_or_kept_at_the_moment_of_the_key(
    long_session: Path, models: Models, tmp_path: Path
) -> None:
    with running(long_session, models) as run:
        until(run, lambda: run.status().processed > 3)
        early = run.moment()
        assert run.mark("before") is Marked.KEPT
        run.start_recording(tmp_path / "a.mcap")
        until_state(run, RecordingState.RECORDING)
        frames_of(run, 10)
        assert run.mark("key before it began", early) is Marked.KEPT
        moment = run.moment()
        frames_of(run, 20)
        assert run.mark("typed later", moment) is Marked.RECORDED
        frames_of(run, 4)
        run.stop_recording()
        until_state(run, RecordingState.ENDED)
        run.save_last(30.0, tmp_path / "last.mcap")
        until(run, lambda: run.status().saves[-1].state is SaveState.SAVED)
    assert not run.mark("too late")
    with SessionReader(tmp_path / "a.mcap") as reader:
        assert [(e.name, e.note, e.begin_ns) for e in reader.events()] == [("mark", "typed later", moment.device_ns)]
    with SessionReader(tmp_path / "last.mcap") as reader:
        marks = [(e.note, e.begin_ns) for e in reader.events() if e.name == "mark"]
        assert [note for note, _ in marks] == ["before", "key before it began", "typed later"]
        assert abs(marks[0][1] - early.device_ns) < 200_000_000


def test_the_last_seconds_are_saved_twice_at_once_and_each_is_whole(
    long_session: Path, models: Models, tmp_path: Path
) -> None:
    with running(long_session, models) as run:
        until(run, lambda: run.status().kept is not None and run.status().kept.reach_s > 1.0)  # type: ignore[union-attr]  # asked before
        run.start_recording(tmp_path / "beside.mcap")
        assert [run.save_last(30.0, tmp_path / "a.mcap"), run.save_last(0.5, tmp_path / "b.mcap")] == [1, 2]
        until(run, lambda: all(s.state is not SaveState.SAVING for s in run.status().saves))
        first, second = run.status().saves
        assert (first.state, second.state) == (SaveState.SAVED, SaveState.SAVED)
        assert first.saved is not None
        assert first.saved.seconds > 1.0
        assert second.saved is not None
        assert 0.3 < second.saved.seconds <= 0.5
        assert run.status().channels["synchronise"].dropped == 0
    for name in ("a.mcap", "b.mcap"):
        assert is_contiguous(tmp_path / name)
        with SessionReader(tmp_path / name) as reader:
            assert reader.observation_count() == reader.schedule_count() > 0
        report = verify_session(tmp_path / name, models, PipelineConfig())
        assert report.is_good
        assert AFTERWARDS in report.not_verified


def test_what_cannot_be_saved_is_told(long_session: Path, models: Models, tmp_path: Path) -> None:
    taken = tmp_path / "taken.mcap"
    taken.write_bytes(b"mine")
    with running(long_session, models) as run:
        until(run, lambda: run.status().processed > 3)
        run.save_last(30.0, taken)
        until(run, lambda: run.status().saves[-1].state is SaveState.FAILED)
        assert "exists already" in run.status().saves[-1].reason
        run.save_last(30.0, taken, fresh=True)
        until(run, lambda: run.status().saves[-1].state is SaveState.SAVED)
        assert run.status().saves[-1].path.name == "taken-2.mcap"
    assert taken.read_bytes() == b"mine"
    bare = LiveRun([open_camera(f"virtual:{long_session}")], models)
    with pytest.raises(LiveError, match="keeps no last seconds"):
        bare.save_last(1.0, tmp_path / "c.mcap")
    with pytest.raises(LiveError, match="not open"):
        bare.start_recording(tmp_path / "c.mcap")
    with pytest.raises(LiveError, match="have ended"):
        run.start_recording(tmp_path / "c.mcap")
    with pytest.raises(LiveError, match="have ended"):
        run.save_last(1.0, tmp_path / "c.mcap")


def test_stopping_in_the_middle_of_everything_leaves_whole_files_or_none(
    long_session: Path, models: Models, tmp_path: Path
) -> None:
    for n, pause_s in enumerate((0.0, 0.002, 0.01, 0.05)):
        folder = tmp_path / str(n)
        folder.mkdir()
        with running(long_session, models) as run:
            until(run, lambda run=run: run.status().processed > 2)
            run.start_recording(folder / "rec.mcap")
            run.save_last(30.0, folder / "last.mcap")
            time.sleep(pause_s)
        for path in folder.iterdir():
            assert path.suffix == ".mcap", "nothing half-written is left"
            assert verify_session(path, models, PipelineConfig()).is_good


def open_files() -> int:
    return len(list(Path("/proc/self/fd").iterdir()))


def threads_beside_the_camera() -> set[str]:
    return {thread.name for thread in threading.enumerate() if "read-ahead" not in thread.name}


def _few_and_many() -> list[object]:
    return [20, pytest.param(1000, marks=pytest.mark.slow)]


@pytest.mark.parametrize("times", _few_and_many())
def test_many_starts_and_stops_leave_nothing(long_session: Path, models: Models, tmp_path: Path, times: int) -> None:
    with running(long_session, models) as run:
        until(run, lambda: run.status().processed > 2)
        record_some(run, tmp_path / "warm.mcap", 2)
        files, threads = open_files(), threads_beside_the_camera()
        for n in range(times):
            run.start_recording(tmp_path / "a.mcap", fresh=True)
            if n % 3:
                until_state(run, RecordingState.RECORDING)
            run.stop_recording()
            until_state(run, RecordingState.ENDED)
            for path in tmp_path.glob("a*.mcap"):
                path.unlink()
        assert len(run._recordings._alive) <= 2
        assert run.status().errors == ()
        until(run, lambda: threads_beside_the_camera() <= threads)
        assert open_files() <= files + 2
