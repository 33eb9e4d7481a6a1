"""A camera or a stream that falls silent is told and opened again; one that pauses is not."""

from __future__ import annotations

import time
from dataclasses import replace

import pytest

from drivers.supervisor import Patience, Supervisor
from tests.drivers.fake_camera import DEPTH, FakeCamera, Give, Pause, Quiet, gives, wait_until
from tests.drivers.supervised import QUICK, S, Watched


def test_a_stall_is_said_and_taken_back():
    quiet = Quiet()
    watched = Watched(FakeCamera([Give(0), quiet, Give(1)]))
    watched.supervisor.start()
    wait_until(lambda: S.STALLED in watched.states, "the stall")
    assert watched.supervisor.status().state is S.STALLED
    assert "no frame for" in watched.supervisor.status().note
    quiet.until.set()
    wait_until(lambda: S.ENDED in watched.states, "the end")
    assert watched.supervisor.stop(5.0)
    assert watched.states == [S.OPENING, S.STREAMING, S.STALLED, S.STREAMING, S.ENDED]
    assert watched.numbers == [0, 1]


def test_a_camera_that_says_it_is_paused_is_neither_stalled_nor_reopened():
    pause = Pause()
    patience = Patience(read_s=0.005, stall_s=0.01, reopen_s=0.03, back_off_s=0.01, back_off_limit_s=0.02)
    watched = Watched(FakeCamera([Give(0), pause, Give(1)]), patience)
    watched.supervisor.start()
    wait_until(lambda: S.PAUSED in watched.states, "the pause")
    time.sleep(0.1)  # three times as long as a silent camera is waited for
    assert watched.supervisor.status().state is S.PAUSED
    pause.until.set()
    wait_until(lambda: S.ENDED in watched.states, "the end")
    assert watched.supervisor.stop(5.0)
    assert watched.states == [S.OPENING, S.STREAMING, S.PAUSED, S.STREAMING, S.ENDED]
    assert watched.camera.calls.count("open") == 1


def test_a_stall_is_noticed_within_three_frame_periods_or_a_fifth_of_a_second():
    def stall_s(fps: float) -> float:
        supervisor = Supervisor(FakeCamera([], streams=[replace(DEPTH, fps=fps)]), [])
        supervisor._open()
        return supervisor._stall_s()

    assert stall_s(120.0) == stall_s(30.0) == stall_s(0.0) == 0.2
    assert stall_s(9.0) == pytest.approx(1 / 3)
    assert stall_s(2.0) == 1.5


def test_a_pause_that_the_camera_announces_is_no_stall():
    quiet = Quiet()
    camera = FakeCamera([Give(0), quiet, Give(1)])
    camera.pause_s = 2.0
    watched = Watched(camera)
    watched.supervisor.start()
    wait_until(lambda: watched.numbers == [0], "the frame")
    time.sleep(0.1)  # longer than one without a pause is waited for
    assert watched.supervisor.status().state is S.STREAMING
    camera.pause_s = 0.0
    wait_until(lambda: S.STALLED in watched.states, "the stall after the pause")
    quiet.until.set()
    wait_until(lambda: S.ENDED in watched.states, "the end")
    assert watched.supervisor.stop(5.0)


def test_one_stream_that_dies_is_told_and_opened_again_in_the_end():
    camera = FakeCamera([])
    camera.script = [Give(0, DEPTH), *gives(*range(100_000))]
    camera.beat_s = 0.002
    watched = Watched(camera, QUICK.model_copy(update={"stall_s": 0.03, "stream_reopen_s": 0.15}))
    watched.supervisor.start()
    wait_until(lambda: "depth" in watched.supervisor.status().silent, "the silent stream")
    wait_until(lambda: watched.supervisor.status().reopened >= 1, "the reopening")
    assert watched.supervisor.stop(5.0)
    assert any("stream depth gave no frame for" in note for note in watched.notes)


@pytest.mark.parametrize("again", [Give(7), Give(6)], ids=["its last frame", "an older one"])
def test_a_camera_that_gives_an_old_frame_for_ever_is_stalled_and_opened_again(again: Give):
    camera = FakeCamera([*gives(*range(8)), *([again] * 100_000)])
    camera.beat_s = 0.002
    watched = Watched(camera, QUICK.model_copy(update={"reopen_s": 0.1}))
    watched.supervisor.start()
    wait_until(lambda: S.STALLED in watched.states, "the stall")
    wait_until(lambda: watched.supervisor.status().reopened >= 1, "the reopening")

    def old_ones() -> int:
        counts = watched.supervisor.status().counts["gray"]
        return counts.duplicates + counts.out_of_order

    wait_until(lambda: old_ones() > 5, "the old frames to be counted")
    assert watched.supervisor.stop(5.0)


def test_a_stream_that_does_not_come_back_is_told_and_the_camera_opened_again_ever_more_rarely(
    monkeypatch: pytest.MonkeyPatch,
):
    monkeypatch.setattr("drivers.stream_counts._GRACE_S", 0.05)
    camera = FakeCamera(gives(*range(100_000)))  # depth never comes
    camera.beat_s = 0.002
    watched = Watched(camera, QUICK.model_copy(update={"stream_reopen_s": 0.1}))
    begun = time.monotonic()
    watched.supervisor.start()
    wait_until(lambda: "depth" in watched.supervisor.status().silent, "the silent stream")
    wait_until(lambda: watched.supervisor.status().reopened >= 2, "two reopenings")
    assert time.monotonic() - begun >= 0.1 + 0.2
    assert watched.supervisor.stop(5.0)


def test_a_long_stall_ends_in_reopening():
    watched = Watched(
        FakeCamera([Give(0), Quiet()]),
        Patience(read_s=0.01, stall_s=0.02, reopen_s=0.06, back_off_s=0.01, back_off_limit_s=0.02),
    )
    watched.supervisor.start()
    wait_until(lambda: watched.supervisor.status().reopened >= 2, "the second reopening")
    assert watched.supervisor.stop(5.0)
    assert {S.STALLED, S.WAITING} <= set(watched.states)
    assert watched.states[-1] is S.CLOSED
