"""Rules over a recording, without a window: read, at work, changed, broken, cancelled, left."""

from __future__ import annotations

import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from engines.loading import Models
from gui.replay.limits import limits_of, signals_of
from gui.replay.marks import EventMark
from gui.replay.player import Player
from gui.replay.rules_run import RulesPhase, RulesRun, RulesSeen, beside
from gui.replay.rules_words import detail_lines, state_words
from gui.replay.study import Study
from gui.work.tasks import TaskBook
from pipeline.rules.load import RuleSet
from pipeline.session_rules import HowToCompute, watch_session
from recordings.event import Event
from tests.gui.conftest import FakeSteps, make, no_models
from tests.gui.replay.test_player import Viewer
from tests.gui.replay.test_study import GAINED_FACE, LOST_FACE, recorded

PROGRAM = (sys.executable, str(Path(__file__).with_name("rules_program.py")))

RULES = """
name = "how-many"
min_confidence = 0.0

[[rule]]
name = "crowd"
text = "Two are there"
severity = "alarm"
per = "scene"
when = { signal = "faces", above = 1 }
clear_for_s = 0.0

[[rule]]
name = "alone"
text = "Somebody is there"
severity = "notice"
per = "scene"
when = { signal = "faces", at_least = 1 }
clear_for_s = 0.0
"""


@pytest.fixture
def rules(tmp_path: Path) -> Path:
    path = tmp_path / "rules.toml"
    path.write_text(RULES)
    return path


@pytest.fixture
def book(monkeypatch: pytest.MonkeyPatch) -> Iterator[TaskBook]:
    book = TaskBook(program=PROGRAM)
    monkeypatch.setattr("gui.replay.rules_run.shared_book", lambda: book)
    yield book
    assert book.close()


@pytest.fixture
def viewer(tmp_path: Path, book: TaskBook) -> Iterator[Viewer]:
    player = Player(recorded(tmp_path / "run.mcap"), playing=False, load=no_models, make_steps=make(FakeSteps()))
    player.start()
    viewer = Viewer(player)
    viewer.until(lambda: player.study() is not None)
    yield viewer
    assert player.close()


def run_of(viewer: Viewer) -> RulesRun:
    study = viewer.player.study()
    assert isinstance(study, Study)
    return study.rules


def until(run: RulesRun, wanted: Callable[[RulesSeen], bool], limit_s: float = 20.0) -> RulesSeen:
    end = time.monotonic() + limit_s
    while not wanted(seen := run.seen()):
        assert time.monotonic() < end, seen
        time.sleep(0.01)
    return seen


def is_done(seen: RulesSeen) -> bool:
    return seen.phase is RulesPhase.DONE


def nobody() -> Models:
    raise AssertionError("the recording stores observations")


def test_their_events_are_those_of_the_same_engine_overnight_and_the_recording_stays(
    viewer: Viewer, rules: Path
) -> None:
    before = viewer.player.path.read_bytes()
    run = run_of(viewer)
    assert run.seen() == RulesSeen()
    run.use(str(rules))
    seen = until(run, is_done)
    expected: list[Event] = []
    watch_session(viewer.player.path, str(rules), expected.append, HowToCompute(nobody))
    marks = viewer.player.marks()
    assert marks is not None
    assert {(e.name, e.begin_ns, e.end_ns, e.position, e.severity) for e in seen.events} == {
        (e.name, e.begin_ns, e.end_ns, e.position, e.severity) for e in marks.marks_of(expected)
    }
    assert {(e.name, e.position) for e in seen.events} >= {("crowd", LOST_FACE), ("alone", GAINED_FACE + 1)}
    assert all(e.is_now for e in seen.events)
    assert seen.count == len(seen.events) == len(expected)
    assert (seen.observations, seen.source, seen.problem) == ("stored", str(rules), "")
    assert seen.events[0].evidence[0][0] == "faces"
    assert viewer.player.path.read_bytes() == before
    assert sorted(p.name for p in viewer.player.path.parent.iterdir() if "bookmarks" not in p.name) == [
        "rules.toml",
        "run.mcap",
    ]


@pytest.mark.slow
def test_a_change_to_the_file_counts_and_a_broken_one_is_told_with_its_line(viewer: Viewer, rules: Path) -> None:
    run = run_of(viewer)
    run.use(str(rules))
    first = until(run, is_done)
    rules.write_text(RULES.replace("faces", "fases", 1))
    seen = until(run, lambda s: bool(s.problem))
    assert f"{rules}:10:19: " in seen.problem
    assert (seen.events, seen.phase, seen.is_old) == (first.events, RulesPhase.DONE, False)
    rules.write_text(RULES.replace("above = 1", "above = 7"))
    seen = until(run, lambda s: is_done(s) and s.version > first.version)
    assert seen.problem == ""
    assert {e.name for e in seen.events} == {"alone"}
    rules.unlink()
    assert "rules.toml" in until(run, lambda s: bool(s.problem)).problem
    rules.write_text(RULES)
    assert until(run, lambda s: is_done(s) and not s.problem and s.count == first.count).events


def test_what_cannot_be_read_leaves_what_counts(viewer: Viewer, rules: Path) -> None:
    run = run_of(viewer)
    run.use(str(rules.with_name("absent.toml")))
    seen = until(run, lambda s: bool(s.problem))
    assert "absent.toml" in seen.problem
    assert seen.phase is RulesPhase.NONE
    run.use(str(rules))
    done = until(run, is_done)
    run.use("in-cra")
    seen = until(run, lambda s: bool(s.problem))
    assert "did you mean the ready set in-car" in seen.problem
    assert seen.events == done.events
    until(run, lambda s: "in-car" in s.problem)
    run.use("")
    seen = until(run, lambda s: s.phase is RulesPhase.NONE)
    assert (seen.events, seen.source, seen.problem) == ((), "", "")
    assert seen.version > done.version


@pytest.mark.slow
def test_a_ready_set_says_what_it_lacks(viewer: Viewer, rules: Path) -> None:
    run = run_of(viewer)
    run.use("in-car")
    seen = until(run, is_done)
    assert any("no such series" in note and "speed_kmh" in note for note in seen.notes)
    told = detail_lines(seen)
    assert any(line.startswith("vehicle speed, poor conditions: no such series") for line in told), "as people say it"
    assert any("holds no signals" in note for note in seen.notes)


@pytest.mark.slow
def test_a_command_that_fails_is_told(viewer: Viewer, rules: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("TAPETUM_TEST_RULES", "fail")
    run = run_of(viewer)
    run.use(str(rules))
    seen = until(run, lambda s: s.phase is RulesPhase.FAILED)
    assert seen.problem == "the models cannot be read; run tapetum doctor"
    monkeypatch.delenv("TAPETUM_TEST_RULES")
    rules.write_text(RULES + "\n# again\n" + RULES.split("\n\n")[1].replace("crowd", "other"))
    assert until(run, is_done).problem == ""


def test_it_says_how_far_it_is_and_can_be_cancelled(
    viewer: Viewer, rules: Path, book: TaskBook, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setenv("TAPETUM_TEST_RULES", "wait")
    monkeypatch.setenv("TAPETUM_TEST_GO", str(tmp_path / "go"))
    run = run_of(viewer)
    run.use(str(rules))
    assert until(run, lambda s: s.share is not None).share == 0.25
    (view,) = book.views()
    assert view.order.kind == "rules"
    assert view.order.command_line.startswith(f"tapetum session rules {viewer.player.path} --rules {rules} ")
    book.cancel(view.number)
    assert until(run, lambda s: s.phase is RulesPhase.CANCELLED).events == ()
    (tmp_path / "go").touch()
    run.use(str(rules))
    assert until(run, is_done).count > 0


@pytest.mark.slow
def test_other_rules_in_the_middle_wait_for_what_is_computed_and_use_it(
    tmp_path: Path, rules: Path, book: TaskBook, session: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Minutes of computing are not thrown away because a limit has changed."""
    monkeypatch.setenv("TAPETUM_TEST_RULES", "compute")
    go = tmp_path / "go"
    monkeypatch.setenv("TAPETUM_TEST_GO", str(go))
    player = Player(recorded(tmp_path / "run.mcap"), playing=False, load=no_models, make_steps=make(FakeSteps()))
    player.start()
    viewer = Viewer(player)
    viewer.until(lambda: player.study() is not None)
    run = run_of(viewer)
    run.use(str(rules), again=True)
    until(run, lambda s: s.share is not None)
    rules.write_text(RULES.replace("above = 1", "above = 7"))
    until(run, lambda s: s.rules is not None and s.rules.rule[0].when is not None and s.rules.rule[0].when.above == 7)
    assert len(book.views()) == 1
    go.touch()
    seen = until(run, is_done)
    assert len(book.views()) == 2
    assert {e.name for e in seen.events} == {"alone"}
    assert player.close()


def test_leaving_in_the_middle_ends_the_command_and_takes_its_files_away(
    tmp_path: Path, rules: Path, book: TaskBook, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("TAPETUM_CACHE", str(tmp_path / "cache"))
    monkeypatch.setenv("TAPETUM_TEST_RULES", "wait")
    monkeypatch.setenv("TAPETUM_TEST_GO", str(tmp_path / "go"))
    player = Player(recorded(tmp_path / "run.mcap"), playing=False, load=no_models, make_steps=make(FakeSteps()))
    player.start()
    viewer = Viewer(player)
    viewer.until(lambda: player.study() is not None)
    run = run_of(viewer)
    run.use(str(rules))
    until(run, lambda s: s.share is not None)
    assert player.close()
    end = time.monotonic() + 20
    while book.busy and time.monotonic() < end:
        time.sleep(0.02)
    assert book.busy == 0
    assert list((tmp_path / "cache" / "rules").iterdir()) == []
    run.use(str(rules))  # nobody is there any more: nothing begins
    assert book.busy == 0


def test_limits_and_signals_of_rules_are_those_that_they_name(rules: Path) -> None:
    found = RuleSet.load("in-car").rules
    limits = limits_of(found)
    assert limits_of(None) == {}
    assert {limit.rule for limit in limits["eyes_closed_s"]} >= {"microsleep", "asleep"}
    assert all(len(set(told)) == len(told) for told in limits.values())
    assert set(limits) <= {*signals_of(found), *found.context, "speed_kmh"}
    assert "perclos" in signals_of(found)
    (crowd,) = [one for one in limits_of(RuleSet.load(rules).rules)["faces"] if one.rule == "crowd"]
    assert (crowd.value, crowd.words, crowd.severity) == (1.0, "above 1", "alarm")


def test_what_is_new_and_what_is_gone_is_found_and_said() -> None:
    def one(place: int, name: str, begin_s: float, lasts_s: float = 1.0, now: bool = False) -> EventMark:
        begin = round(begin_s * 1e9)
        return EventMark(place, name, "", place, begin, begin + round(lasts_s * 1e9), "alarm", (), now)

    recorded_ones = [one(0, "asleep", 10.0), one(1, "yawn", 20.0), one(2, "asleep", 50.0)]
    now = [one(0, "asleep", 10.4, now=True), one(1, "asleep", 52.5, now=True), one(2, "away", 20.0, now=True)]
    gained, lost = beside(recorded_ones, now)
    assert (gained, lost) == ({1, 2}, {1, 2})
    assert beside([], now) == (frozenset(), frozenset())
    seen = RulesSeen(
        "in-car", None, RulesPhase.DONE, events=tuple(now), count=3, has_recorded=True, gained=gained, lost=lost
    )
    assert state_words(seen) == "In a car: 3 events now · 1 as recorded, 2 new, 2 gone"
    many = RulesSeen("my/own.toml", None, RulesPhase.DONE, events=tuple(now), count=90_000, notes=("a", "b"))
    assert state_words(many) == "own.toml: 90000 events now"
    assert detail_lines(many) == ["only the first 3 events are shown", "a", "b"]
    assert detail_lines(RulesSeen("a.toml", None, RulesPhase.FAILED, "it broke")) == ["it broke"]
    words = [state_words(RulesSeen("a.toml", None, phase, share=0.5)) for phase in RulesPhase]
    assert len(set(words)) == len(RulesPhase)
