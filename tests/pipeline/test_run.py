"""A live run says what it processed, and processing that again gives the same observations, whatever the delays."""

from __future__ import annotations

import random
import time
from pathlib import Path

import numpy as np
import pytest

from drivers.camera import CameraState
from drivers.frame import FrameFlag
from drivers.registry import open_camera
from engines.loading import Models
from pipeline.config import PipelineConfig
from pipeline.errors import LiveError
from pipeline.offline import OutputOptions, process_session
from pipeline.process import Process
from pipeline.run import LiveRun
from pipeline.schedule import scheduled_frame_sets
from pipeline.verify import verify_session
from recordings.config import RecordConfig
from recordings.errors import SessionWriteError
from recordings.reader import SessionReader
from recordings.recorder import Recorder
from recordings.stored import StoredFrame
from recordings.writer import SessionWriter
from tests.helpers.sessions import write_session


@pytest.fixture(scope="module")
def long_session(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return write_session(tmp_path_factory.mktemp("long") / "long.mcap", 40)


def live(
    session: Path,
    models: Models,
    out: Path | None,
    delay_s: float,
    seed: int,
    speed: float = 2.0,
    config: PipelineConfig | None = None,
) -> LiveRun:
    """A whole live run over the session as a camera, its process thread delayed at random."""
    rng = random.Random(seed)
    run = LiveRun(
        [open_camera(f"virtual:{session}?speed={speed}")],
        models,
        config,
        record=out,
        on_frame_set=lambda _: time.sleep(rng.uniform(0, delay_s)),
    )
    run.start()
    assert run.wait(60.0)
    assert run.stop()
    return run


@pytest.mark.parametrize(("delay_s", "seed"), [(0.0, 0), (0.03, 1), (0.08, 2)])
def test_batch_over_the_stored_schedule_gives_the_live_observations(
    long_session: Path, models: Models, tmp_path: Path, delay_s: float, seed: int
) -> None:
    recorded = tmp_path / "live.mcap"
    run = live(long_session, models, recorded, delay_s, seed)
    assert run.status().errors == ()
    with SessionReader(recorded) as reader:
        stored = list(reader.observation_bytes())
        schedule = reader.schedule()
        sets = scheduled_frame_sets(reader, schedule, reader.streams, PipelineConfig().synchronize)
        steps = Process(reader.streams, models, PipelineConfig())
        again = [steps(frame_set).to_bytes() for frame_set in sets]
        assert reader.run() is not None
    assert len(stored) == len(schedule) >= 2
    assert again == stored
    if delay_s > 0.05:
        assert run.status().channels["process"].dropped > 0, "the delays were meant to make the screen skip"
    assert verify_session(recorded, models, PipelineConfig()).is_good
    result = process_session(
        recorded, tmp_path / "out", models, PipelineConfig(), OutputOptions(video=False, schedule="stored")
    )
    assert result.frame_sets == len(stored)


def test_every_frame_is_recorded_even_when_the_steps_are_slow(
    long_session: Path, models: Models, tmp_path: Path
) -> None:
    recorded = tmp_path / "live.mcap"
    run = live(long_session, models, recorded, 0.1, 3)
    with SessionReader(long_session) as before, SessionReader(recorded) as after:
        for stream in before.streams:
            old, new = before.times(stream.name).number, after.times(stream.name).number
            assert list(new) == list(old)
    recorder = run.status().recorder
    assert recorder is not None
    assert recorder.frames > 0
    assert recorder.state == "ended"


def test_a_camera_that_was_gone_for_a_while_stands_in_the_recording(
    long_session: Path, models: Models, tmp_path: Path
) -> None:
    recorded = tmp_path / "live.mcap"
    run = LiveRun(
        [open_camera(f"virtual:{long_session}?speed=0.3&lose_at=0.2&lose_s=0.1")],
        models,
        record=recorded,
    )
    run.start()
    assert run.wait(60.0)
    assert run.stop()
    with SessionReader(recorded) as reader:
        events = [e for e in reader.events() if e.name.startswith("camera")]
        times = reader.times("depth").device_ns
    assert [e.name for e in events] == ["camera lost", "camera back"]
    gap = int(np.argmax(np.diff(times)))
    assert events[0].begin_ns <= times[gap] < times[gap + 1] - 50_000_000 < events[1].begin_ns
    assert events[0].note.count(str(long_session)) == 1
    assert "scripted" in events[0].note
    assert verify_session(recorded, models, PipelineConfig()).is_good


def test_verify_finds_a_changed_model(long_session: Path, models: Models, tmp_path: Path, weights: Path) -> None:
    from engines.loading import load_models

    recorded = tmp_path / "live.mcap"
    live(long_session, models, recorded, 0.0, 0)
    fewer = load_models(threads=1, weights_dir=weights, names=["face_landmarks"])
    try:
        report = verify_session(recorded, fewer, PipelineConfig())
    finally:
        fewer.close()
    assert not report.is_good
    assert "generated" in report.first_difference
    assert report.engines_differ == ("depth_to_color", "gray_to_depth")


def test_the_newest_result_is_what_is_shown(long_session: Path, models: Models) -> None:
    run = live(long_session, models, None, 0.0, 0)
    result = run.results.take(5)
    assert result.frame_set.number == 39
    assert run.status().ended


def test_a_run_stops_in_the_middle(long_session: Path, models: Models, tmp_path: Path) -> None:
    run = LiveRun([open_camera(f"virtual:{long_session}?loop=1")], models, record=tmp_path / "x.mcap")
    run.start()
    deadline = time.monotonic() + 20.0
    while (status := run.status().recorder) is None or status.frames < 2:
        assert time.monotonic() < deadline, run.status()
        time.sleep(0.005)
    assert run.stop(5.0)
    with SessionReader(tmp_path / "x.mcap") as reader:
        assert reader.count("depth") > 0


def test_a_camera_that_does_not_open_is_told(models: Models, tmp_path: Path) -> None:
    with pytest.raises(LiveError, match=r"not every camera opened: .*nowhere"):  # at once: waiting makes no file
        LiveRun([open_camera(f"virtual:{tmp_path / 'nowhere.mcap'}")], models).start(timeout_s=60.0)


def test_what_happens_while_the_recording_is_being_begun_stands_in_it(
    long_session: Path, models: Models, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Frames that come before the recorder is there wait for it; more than that are lost, and said to be."""
    monkeypatch.setattr("pipeline.early_frames.CAPACITY", 10)
    made = LiveRun._open_recorder

    def slowly(self: LiveRun, path: Path | None) -> Recorder | None:
        self._camera_changed("somewhere", CameraState.STALLED, "no frame for 1.0 s")
        time.sleep(0.5)
        return made(self, path)

    monkeypatch.setattr(LiveRun, "_open_recorder", slowly)
    recorded = tmp_path / "live.mcap"
    run = LiveRun([open_camera(f"virtual:{long_session}?speed=1")], models, record=recorded)
    run.start()
    assert run.wait(60.0)
    assert run.stop()
    recorder = run.status().recorder
    assert recorder is not None
    with SessionReader(recorded) as reader:
        events = {e.name: e for e in reader.events()}
        kept = sum(reader.count(s.name) for s in reader.streams)
        first = min(reader.times(s.name).device_ns[0] for s in reader.streams)
    with SessionReader(long_session) as reader:
        assert kept + sum(recorder.lost.values()) == sum(reader.count(s.name) for s in reader.streams)
    assert sum(recorder.lost.values()) > 0
    assert "came while the recording was being begun" in events["frames not recorded"].note
    assert "came while the recording was being begun" in "\n".join(run.status().errors)
    assert events["camera stalled"].begin_ns >= first
    assert verify_session(recorded, models, PipelineConfig()).is_good


def test_a_name_that_is_taken_is_told_before_a_camera_is_opened(
    long_session: Path, models: Models, tmp_path: Path
) -> None:
    taken = tmp_path / "live.mcap"
    taken.write_bytes(b"mine")
    run = LiveRun([open_camera(f"virtual:{long_session}")], models, record=taken)
    with pytest.raises(SessionWriteError, match="exists already"):
        run.start()
    assert run.status().cameras[0].state is CameraState.CLOSED
    assert taken.read_bytes() == b"mine"


def test_a_frame_that_the_recorder_lost_is_in_no_stored_schedule(
    long_session: Path, models: Models, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A disk that is too slow costs frames, and says so; what is stored can still be run again."""
    write = SessionWriter.write_stored

    def slow(self: SessionWriter, stored: StoredFrame) -> None:
        time.sleep(0.03)
        write(self, stored)

    monkeypatch.setattr(SessionWriter, "write_stored", slow)
    recorded = tmp_path / "slow.mcap"
    narrow = PipelineConfig(record=RecordConfig(queue_mib=0.05))
    run = live(long_session, models, recorded, 0.0, 0, speed=4.0, config=narrow)
    status = run.status().recorder
    assert status is not None
    assert sum(status.lost.values()) > 0
    assert any("are lost" in error for error in run.status().errors), "told at once"
    report = verify_session(recorded, models, PipelineConfig())
    assert report.is_good, report.first_difference
    with SessionReader(recorded) as reader:
        told = [event for event in reader.events() if event.name == "frames not recorded"]
        assert sum(int(event.note.split(": ")[1].split()[0]) for event in told) == sum(status.lost.values())
        for stream in reader.streams:  # where the gaps are depends on the disk and the machine; each is flagged
            numbers, flags = reader.times(stream.name).number, reader.flags(stream.name)
            flagged = [bool(flag & FrameFlag.DROPPED_BEFORE) for flag in flags]
            assert [bool(gap > 1) for gap in np.diff(numbers)] == flagged[1:]
            if not len(numbers):
                assert status.lost[stream.name] == 40, "nothing of it is there, and that is told"
                continue
            between = status.lost.get(stream.name, 0) - (40 - 1 - int(numbers[-1])) - int(numbers[0])
            assert sum(flagged[1:]) > 0 or between <= 0, "frames were lost between two that were kept"
