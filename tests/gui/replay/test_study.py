"""Recorded beside computed, signals, bookmarks and damage, with a player and no window."""

from __future__ import annotations

import dataclasses
import json
import math
import random
import threading
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from gui.replay.differences import Verdict, match
from gui.replay.player import WARM_UP, Player
from gui.replay.runs import NOT_PROCESSED
from gui.replay.study import Study
from recordings.observation import Box, HeadPose, Observation
from recordings.reader import SessionReader
from recordings.session import ScheduleEntry, SessionInfo
from recordings.writer import SessionWriter
from tests.gui.conftest import FakeSteps, frame, made_up_face, make, no_models, streams
from tests.gui.replay.test_player import Viewer

COUNT = 40
OTHER_YAW = range(12, 15)
LOST_FACE = 20
GAINED_FACE = 24
DAMAGED = 30


def processed(n: int) -> bool:
    return n % 4 != 3


def recorded(path: Path, with_schedule: bool = True) -> Path:
    """A live run that left out every fourth FrameSet, with other results here and there."""
    color, depth, _ = streams()
    with SessionWriter(path, SessionInfo.create([color, depth], title="run", source="a test")) as writer:
        seen = 0
        for n in range(COUNT):
            frames = [frame(color, n), frame(depth, n)]
            for one in frames:
                writer.write_frame(one)
            if not processed(n):
                continue
            seen += 1
            face = made_up_face(seen)
            if n in OTHER_YAW:
                face = dataclasses.replace(face, pose=HeadPose(30.0, -4.0, 2.0))
            faces = (face,) if n != GAINED_FACE else ()
            if n == LOST_FACE:
                faces = (face, dataclasses.replace(face, id=99, box=Box(0, 0, 20, 20)))
            host = max(f.host_ns for f in frames)
            numbers = {"color": n, "depth": n}
            writer.write_observation(Observation(n, frames[1].device_ns, host, 0, numbers, faces))
            if with_schedule:
                writer.write_schedule(ScheduleEntry(n, numbers, {"face_landmarks": {"backend": "x", "rested": n % 2}}))
    return path


class RestingSteps(FakeSteps):
    """Notes which models rest."""

    def __init__(self) -> None:
        super().__init__()
        self.rests: dict[int, frozenset[str]] = {}

    def __call__(self, frame_set, rests=frozenset()):  # type: ignore[no-untyped-def]  # as FakeSteps
        self.rests[frame_set.number] = frozenset(rests)
        return super().__call__(frame_set)


@pytest.fixture
def steps() -> RestingSteps:
    return RestingSteps()


@pytest.fixture
def viewer(tmp_path: Path, steps: RestingSteps) -> Iterator[Viewer]:
    path = recorded(tmp_path / "run.mcap")

    def anew(*_: object) -> RestingSteps:
        steps.reset()
        return steps

    player = Player(path, playing=False, load=no_models, make_steps=anew)
    player.start()
    yield Viewer(player)
    assert player.close()


def study_of(viewer: Viewer) -> Study:
    viewer.at(0)
    study = viewer.player.study()
    assert study is not None
    viewer.until(lambda: study.recorded.is_read)
    return study


def test_stored_signals_are_read_and_where_nothing_was_processed_nothing_is_said(viewer: Viewer) -> None:
    tracks = study_of(viewer).tracks
    assert tracks is viewer.player.study().recorded.tracks  # type: ignore[union-attr]  # it is open
    assert tracks.at("yaw", 0, 0) == (12.0, 12.0, 1)
    assert tracks.at("yaw", 0, 13) == (30.0, 30.0, 11)
    assert tracks.at("faces", 0, GAINED_FACE) == (0.0, 0.0, -1)
    assert not tracks.looked_at(3)
    assert set(tracks.names()) >= {"distance", "yaw", "pitch", "roll", "eye_right", "eye_left", "faces"}


def test_without_stored_observations_they_fill_while_it_plays(session: Path) -> None:
    player = Player(session, playing=False, load=no_models, make_steps=make(FakeSteps()))
    player.start()
    viewer = Viewer(player)
    study = study_of(viewer)
    assert study.tracks is study.computed
    assert not study.can_compare
    player.step(5)
    viewer.at(5)
    assert [study.computed.looked_at(p) for p in (0, 5, 6)] == [True, True, False]
    assert player.close()


def test_comparing_does_as_the_recorded_run_did(viewer: Viewer, steps: RestingSteps) -> None:
    study = study_of(viewer)
    viewer.player.set_compare(True)
    viewer.player.set_speed(math.inf)
    viewer.player.play()
    viewer.at(COUNT - 1)
    assert [n for n in range(COUNT) if processed(n)] == sorted(steps.rests), "only what was processed then"
    assert all(rests == ({"face_landmarks"} if n % 2 else set()) for n, rests in steps.rests.items())
    verdicts = [Verdict(v) for v in study.differences.verdicts.tolist()]
    for n, verdict in enumerate(verdicts):
        if not processed(n):
            assert verdict is Verdict.NOT_PROCESSED
        elif n in OTHER_YAW or n in (LOST_FACE, GAINED_FACE):
            assert verdict is Verdict.BEYOND
        else:
            assert verdict is Verdict.EQUAL, n
    counts = study.differences.summary()
    assert (counts.compared, counts.beyond, counts.gained, counts.lost) == (30, 5, 1, 1)
    assert study.differences.largest()["yaw"] == pytest.approx(18.0)
    assert study.differences.summary((12, 13)).beyond == 2
    assert [study.differences.next(p) for p in (-1, 12, 24)] == [12, 13, None]
    assert study.differences.previous(20) == 14


def test_what_was_not_processed_says_so_and_shows_its_pictures(viewer: Viewer) -> None:
    study_of(viewer)
    viewer.player.set_compare(True)
    viewer.player.seek(3)
    shown = viewer.at(3)
    assert shown.observation.status == NOT_PROCESSED
    assert shown.recorded is None
    assert set(shown.frame_set.frames) == {"color", "depth"}
    viewer.player.seek(4)
    shown = viewer.at(4)
    assert shown.recorded is not None
    assert shown.recorded.frame_set == shown.observation.frame_set == 4


def test_a_seek_begins_elsewhere_which_is_no_fault_and_does_not_outdo_a_whole_run(viewer: Viewer) -> None:
    study = study_of(viewer)
    viewer.player.set_compare(True)
    viewer.player.seek(30)
    shown = viewer.at(30)
    assert sum(processed(n) for n in range(shown.chain_start, 30)) == WARM_UP
    assert study.differences.verdicts[30] == Verdict.WITHIN, "another id alone is no difference"
    viewer.player.seek(13)
    viewer.at(13)
    assert study.differences.verdicts[13] == Verdict.ELSEWHERE
    viewer.player.seek(0)
    viewer.at(0)
    viewer.player.set_speed(math.inf)
    viewer.player.play()
    viewer.at(COUNT - 1)
    viewer.player.pause()
    viewer.player.seek(13)
    viewer.at(13)
    assert study.differences.verdicts[13] == Verdict.BEYOND


def test_comparing_ends_where_it_began(viewer: Viewer) -> None:
    study_of(viewer)
    viewer.player.set_compare(True)
    viewer.player.seek(3)
    viewer.at(3)
    viewer.player.set_compare(False)
    viewer.until(lambda: viewer.seen[-1].position == 3 and viewer.seen[-1].observation.status == "ok")


def test_what_differs_between_the_runs_is_said(viewer: Viewer) -> None:
    study = study_of(viewer)
    viewer.player.set_compare(True)
    viewer.until(lambda: any("face_landmarks ran then and is not there now" in r for r in study.reasons))
    assert "does not store the configuration" in study.reasons[0]


def test_observations_without_a_schedule_are_compared_and_it_is_said(tmp_path: Path) -> None:
    path = recorded(tmp_path / "run.mcap", with_schedule=False)
    player = Player(path, playing=False, load=no_models, make_steps=make(RestingSteps()))
    player.start()
    viewer = Viewer(player)
    study = study_of(viewer)
    player.set_compare(True)
    player.seek(3)
    assert viewer.at(3).observation.status == NOT_PROCESSED
    assert any("which models ran" in r for r in study.reasons)
    assert player.close()


def test_faces_are_matched_by_where_they_are() -> None:
    face = made_up_face(1)
    far = dataclasses.replace(face, id=2, box=Box(0, 0, 20, 20))
    then, now = (Observation(0, 0, 0, 0, {}, f) for f in ((face, far), (dataclasses.replace(far, id=7),)))
    found = match(then, now)
    assert [(f.then and f.then.id, f.now and f.now.id) for f in found] == [(1, None), (2, 7)]
    assert found[1].points_px() == 0.0
    assert match(Observation(0, 0, 0, 0, {}), Observation(0, 0, 0, 0, {})) == ()


@pytest.fixture
def broken(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Viewer]:
    """A replay whose frames 30 and 31 cannot be read."""
    from gui.replay.timeline import Timeline
    from recordings.errors import SessionFormatError

    read = Timeline.frame_set

    def frame_set(self, position):  # type: ignore[no-untyped-def]  # as the original
        if position in (DAMAGED, DAMAGED + 1):
            raise SessionFormatError(f"the chunk of frame {position} is damaged")
        return read(self, position)

    monkeypatch.setattr(Timeline, "frame_set", frame_set)
    player = Player(recorded(tmp_path / "run.mcap"), playing=False, load=no_models, make_steps=make(FakeSteps()))
    player.start()
    yield Viewer(player)
    assert player.close()


def test_it_plays_on_after_what_cannot_be_read_and_says_what_is_missing(broken: Viewer) -> None:
    broken.at(0)
    broken.player.set_speed(math.inf)
    broken.player.play()
    broken.at(COUNT - 1)
    assert {DAMAGED, DAMAGED + 1}.isdisjoint(s.position for s in broken.seen)
    assert "2 frames cannot be read and are left out; the first is 30" in broken.player.status().problem
    assert broken.seen[-1].chain_start == DAMAGED + 2


def test_a_seek_to_shortly_after_the_damage_gets_there(broken: Viewer) -> None:
    broken.at(0)
    broken.player.seek(DAMAGED + 4)
    assert broken.at(DAMAGED + 4).chain_start == DAMAGED + 2
    broken.player.seek(DAMAGED)
    broken.until(lambda: "frame 30: the chunk" in broken.player.status().problem)


def test_a_storm_of_commands_ends_where_the_last_one_leads(viewer: Viewer) -> None:
    study_of(viewer)
    dice = random.Random(7)

    def storm() -> None:
        for _ in range(150):
            choice = dice.random()
            if choice < 0.6:
                viewer.player.seek(dice.randrange(-5, COUNT + 5))
            elif choice < 0.8:
                viewer.player.step(dice.choice((-3, -1, 1, 2)))
            elif choice < 0.9:
                viewer.player.set_compare(dice.random() < 0.5)
            else:
                viewer.player.set_speed(dice.choice((0.1, 16, math.inf)))

    threads = [threading.Thread(target=storm) for _ in range(3)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(30)
    viewer.player.set_compare(True)
    viewer.player.pause()
    viewer.player.seek(17)
    viewer.at(17)
    assert viewer.player.status().problem == ""


def test_closing_while_signals_are_read_leaves_nothing(tmp_path: Path) -> None:
    path = recorded(tmp_path / "run.mcap")
    for wait_s in (0.0, 0.01, 0.03):
        player = Player(path, load=no_models, make_steps=make(FakeSteps()))
        player.start()
        time.sleep(wait_s)
        assert player.close(3.0)
        assert not [t for t in threading.enumerate() if t.name.startswith("tapetum")]


def test_bookmarks_are_saved_when_the_replay_closes_at_once(tmp_path: Path) -> None:
    path = recorded(tmp_path / "run.mcap")
    player = Player(path, playing=False, load=no_models, make_steps=make(FakeSteps()))
    player.start()
    viewer = Viewer(player)
    study = study_of(viewer)
    marks = player.marks()
    assert marks is not None
    for n in (9, 3):
        study.bookmarks.add(marks.host_ns(n), f"at {n}")
    assert [b.note for b in study.bookmarks.all()] == ["at 3", "at 9"], "seen before they are saved"
    assert player.close()
    stored = json.loads(path.with_name("run.mcap.bookmarks.json").read_text("utf-8"))
    assert [b["note"] for b in stored["bookmarks"]] == ["at 3", "at 9"]
    assert [marks.position_of_host(b["host_ns"]) for b in stored["bookmarks"]] == [3, 9]
    assert marks.position_of_host(0) is None


def test_a_part_is_told_as_session_cut_counts_it(tmp_path: Path) -> None:
    from recordings.cut import cut_session

    path = recorded(tmp_path / "run.mcap")
    player = Player(path, playing=False, load=no_models, make_steps=make(FakeSteps()))
    player.start()
    Viewer(player).at(0)
    marks = player.marks()
    assert marks is not None
    begin, end = marks.cut_s(10, 19)  # type: ignore[misc]  # it is known
    assert player.close()
    report = cut_session(path, tmp_path / "part.mcap", from_s=begin, to_s=end)
    assert report.frames == {"color": 10, "depth": 10}
    with SessionReader(tmp_path / "part.mcap") as reader:
        assert reader.times("depth").number.tolist() == list(range(10, 20))
