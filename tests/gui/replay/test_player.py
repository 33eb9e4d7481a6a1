"""Play, pause, step, seek: what each of them shows, without a window."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from engines.errors import InferenceError
from gui.feed import Phase, Shown
from gui.replay.player import WARM_UP, Player
from tests.gui.conftest import FRAMES, FakeSteps, make, no_models


class Viewer:
    """Looks at a player until something is true."""

    def __init__(self, player: Player) -> None:
        self.player = player
        self.seen: list[Shown] = []

    def until(self, true: Callable[[], bool], timeout_s: float = 20.0) -> None:
        deadline = time.monotonic() + timeout_s
        while not true():
            assert time.monotonic() < deadline, f"not in {timeout_s} s: {self.player.status()}"
            shown = self.player.newest()
            if shown is not None:
                self.seen.append(shown)
            time.sleep(0.002)

    def at(self, position: int) -> Shown:
        self.until(lambda: bool(self.seen) and self.seen[-1].position == position)
        return self.seen[-1]


@pytest.fixture
def viewer(session: Path, steps: FakeSteps) -> Iterator[Viewer]:
    """A player that is paused at the first frame."""
    player = Player(session, playing=False, load=no_models, make_steps=make(steps))
    player.start()
    yield Viewer(player)
    assert player.close()


def test_a_session_opens_at_its_first_frame_and_waits(viewer: Viewer, steps: FakeSteps) -> None:
    shown = viewer.at(0)
    assert shown.observation.faces[0].id == 1
    status = viewer.player.status()
    assert status.phase is Phase.RUNNING
    assert status.replay is not None
    assert (status.replay.count, status.replay.playing) == (FRAMES, False)
    assert {s.info.name for s in status.streams} == {"color", "depth", "thermal"}
    time.sleep(0.1)
    assert steps.calls == [0]


def test_playing_processes_every_frame_in_order_and_stops_at_the_last(viewer: Viewer, steps: FakeSteps) -> None:
    viewer.at(0)
    viewer.player.set_speed(16)
    viewer.player.play()
    viewer.at(FRAMES - 1)
    viewer.until(lambda: not viewer.player.status().replay.playing)  # type: ignore[union-attr]  # a replay has one
    assert viewer.player.status().replay.at_end  # type: ignore[union-attr]  # a replay has one
    assert steps.calls == list(range(FRAMES))
    assert viewer.seen[-1].observation.faces[0].id == FRAMES


def test_playing_at_the_end_begins_again(viewer: Viewer) -> None:
    viewer.at(0)
    viewer.player.seek(FRAMES - 1)
    viewer.at(FRAMES - 1)
    viewer.player.play()
    viewer.until(lambda: viewer.seen[-1].position < 10)


def test_steps_go_by_one_and_stop_playing(viewer: Viewer, steps: FakeSteps) -> None:
    viewer.at(0)
    viewer.player.step(1)
    viewer.at(1)
    viewer.player.step(1)
    second = viewer.at(2)
    viewer.player.step(-1)
    viewer.at(1)
    viewer.player.step(1)
    again = viewer.at(2)
    assert again is second, "stepping back and on shows the very result that was computed"
    assert steps.calls == [0, 1, 2]
    viewer.player.step(-10)
    viewer.at(0)


def test_a_seek_starts_tracking_a_few_frames_before_and_says_so(viewer: Viewer, steps: FakeSteps) -> None:
    viewer.at(0)
    viewer.player.seek(20)
    shown = viewer.at(20)
    assert shown.chain_start == 20 - WARM_UP
    assert steps.calls == [0, *range(20 - WARM_UP, 21)]
    assert str(20 - WARM_UP) in viewer.player.status().note
    viewer.player.seek(0)
    assert viewer.at(0).chain_start == 0
    assert not viewer.player.status().note


def test_a_seek_a_little_ahead_goes_on_with_the_same_tracks(viewer: Viewer, steps: FakeSteps) -> None:
    viewer.at(0)
    viewer.player.seek(5)
    shown = viewer.at(5)
    assert shown.chain_start == 0
    assert shown.observation.faces[0].id == 6
    assert steps.resets == 0


def test_a_seek_beyond_the_end_goes_to_the_last_frame(viewer: Viewer) -> None:
    viewer.at(0)
    viewer.player.seek(10**9)
    viewer.at(FRAMES - 1)
    viewer.player.seek(-5)
    viewer.at(0)


def test_a_loop_begins_again(session: Path, steps: FakeSteps) -> None:
    player = Player(session, loop=True, load=no_models, make_steps=make(steps))
    player.set_speed(16)
    player.start()
    viewer = Viewer(player)
    viewer.until(lambda: any(s.position > 20 for s in viewer.seen))
    viewer.until(lambda: viewer.seen[-1].position < 10)
    assert player.close()


def test_the_times_are_those_of_the_recording(viewer: Viewer) -> None:
    viewer.at(0)
    marks = viewer.player.marks()
    assert marks is not None
    assert marks.time_ns(15) == int(15e9 / 30)
    assert viewer.player.status().replay.duration_ns == int((FRAMES - 1) * 1e9 / 30)  # type: ignore[union-attr]  # a replay always has one


def test_a_frame_that_cannot_be_processed_is_told_and_the_next_one_works(session: Path) -> None:
    class Failing(FakeSteps):
        def __call__(self, frame_set):  # type: ignore[no-untyped-def]  # as FakeSteps
            if frame_set.number == 3:
                raise InferenceError("the model gave no numbers")
            return super().__call__(frame_set)

    player = Player(session, playing=False, load=no_models, make_steps=make(Failing()))
    player.start()
    viewer = Viewer(player)
    viewer.at(0)
    player.step(3)
    viewer.until(lambda: "the model gave no numbers" in player.status().problem)
    player.step(1)
    viewer.at(4)
    assert not player.status().problem
    assert player.close()


@pytest.mark.parametrize("content", [b"", b"no session at all", None])
def test_what_is_no_session_ends_in_a_problem_and_no_thread(tmp_path: Path, content: bytes | None) -> None:
    path = tmp_path / "broken.mcap"
    if content is not None:
        path.write_bytes(content)
    player = Player(path, load=no_models, make_steps=make(FakeSteps()))
    player.start()
    Viewer(player).until(lambda: player.status().phase is Phase.FAILED)
    assert "broken.mcap" in player.status().problem
    assert player.close()


def test_models_that_cannot_be_loaded_end_in_a_problem(session: Path) -> None:
    def fail():  # type: ignore[no-untyped-def]  # never returns
        raise InferenceError("no backend can run here")

    player = Player(session, load=fail, make_steps=make(FakeSteps()))
    player.start()
    Viewer(player).until(lambda: player.status().phase is Phase.FAILED)
    assert "no backend" in player.status().problem
    assert player.close()


def test_closing_at_once_and_in_the_middle_leaves_nothing(session: Path) -> None:
    for wait_s in (0.0, 0.01, 0.1):
        player = Player(session, load=no_models, make_steps=make(FakeSteps()))
        player.start()
        time.sleep(wait_s)
        assert player.close(2.0)
