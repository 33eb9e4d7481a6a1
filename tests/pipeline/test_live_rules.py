"""Rules in a live run: what they find is shown, recorded and told, and a changed file counts while it runs."""

from __future__ import annotations

import json
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path

import pytest

from pipeline.alarm_clips import ClipsNow
from pipeline.delivery.deliver import DeliveryConfig
from pipeline.live_rules import PATIENCE_S, LiveRules, RulesNow, WatchConfig
from pipeline.rules.engine import key_of
from pipeline.rules.run import NO_PICTURE
from recordings.event import Clip, Event
from recordings.observation import Box, Face, Observation, SignalValue

S = 1_000_000_000
HOST = 1_700_000_000 * S
RULES = """
name = "test"
text = "a test"

[[rule]]
name = "near"
text = "Somebody is near"
severity = "{severity}"
when = {{ signal = "distance", below = 1.0 }}
for_s = 0.3
"""


class Book:
    """What was recorded."""

    def __init__(self) -> None:
        self.recorded: list[tuple[Event, bool, int]] = []

    def put(self, event: Event, *, clip: bool, host_ns: int) -> bool:
        self.recorded.append((event, clip, host_ns))
        return True


class Clock:
    """Ours, in seconds."""

    def __init__(self) -> None:
        self.now_s = 100.0

    def __call__(self) -> float:
        return self.now_s


@contextmanager
def rules_of(
    tmp_path: Path,
    book: Book,
    severity: str = "alarm",
    on_alarm: str = "",
    clock: Callable[[], float] = time.monotonic,
    delivery: DeliveryConfig | None = None,
) -> Iterator[LiveRules]:
    path = tmp_path / "rules.toml"
    path.write_text(RULES.format(severity=severity))
    config = WatchConfig(rules=str(path), on_alarm=on_alarm, delivery=delivery or DeliveryConfig())
    live = LiveRules(config, book.put, clock=clock)
    try:
        yield live
    finally:
        assert live.close()


def seen(index: int, distance: float) -> Observation:
    now = index * S // 10
    signals = {"distance": SignalValue(distance, "m", 0.9)}
    face = Face(1, "night", Box(0, 0, 10, 10), 0.9, signals=signals)
    return Observation(index, now, HOST + now, 0, {"night": index}, (face,))


def test_an_alarm_is_shown_while_it_lasts_and_recorded_with_a_clip_as_it_comes_is_seen_and_ends(tmp_path: Path) -> None:
    book = Book()
    with rules_of(tmp_path, book) as live:
        for index in range(40):
            live.step(seen(index, 0.5))
        (event,) = live.status().running
        assert (event.name, event.face, event.severity, event.end_ns) == ("near", 1, "alarm", None)
        (recorded,) = book.recorded
        assert recorded[1] is True
        assert HOST <= recorded[2] <= HOST + 4 * S
        live.acknowledge(key_of(event), "Ann")
        live.step(seen(40, 0.5))
        assert live.status().running[0].acknowledged_by == "Ann"
        for index in range(41, 80):
            live.step(seen(index, 3.0))
        assert live.status().running == ()
        assert [(e.name, e.acknowledged_by, e.end_ns is None) for e in live.status().recent] == [("near", "Ann", False)]
    assert [(e.acknowledged_by, e.end_ns is None, clip) for e, clip, _ in book.recorded] == [
        ("", True, True),
        ("Ann", True, False),
        ("Ann", False, False),
    ]


def test_a_notice_has_no_clip(tmp_path: Path) -> None:
    book = Book()
    with rules_of(tmp_path, book, "notice") as live:
        for index in range(40):
            live.step(seen(index, 0.5))
        assert [e.severity for e in live.status().running] == ["notice"]
    assert [clip for _, clip, _ in book.recorded] == [False]


def test_what_goes_on_when_the_run_ends_is_ended_in_the_recording(tmp_path: Path) -> None:
    book = Book()
    with rules_of(tmp_path, book) as live:
        for index in range(40):
            live.step(seen(index, 0.5))
        live.stop()
        assert live.status().running == ()
    assert book.recorded[-1][0].end_ns is not None


def test_a_changed_file_counts_while_it_runs_and_a_broken_one_is_told(tmp_path: Path) -> None:
    book = Book()
    with rules_of(tmp_path, book) as live:
        path = tmp_path / "rules.toml"
        path.write_text(RULES.format(severity="warning"))
        _wait_for(lambda: live._set.rules.rule[0].severity == "warning")
        for index in range(40):
            live.step(seen(index, 0.5))
        assert [e.severity for e in live.status().running] == ["warning"]
        path.write_text("name = ")
        _wait_for(lambda: live.status().problem)
        assert "rules.toml:1:" in live.status().problem
        assert [e.severity for e in live.step(seen(40, 0.5))] == ["warning"]


def test_an_alarm_is_told_outside(tmp_path: Path) -> None:
    said = tmp_path / "said.json"
    script = tmp_path / "tell.sh"
    script.write_text(f"#!/bin/sh\ncat > {said}.part && mv {said}.part {said}\n")
    script.chmod(0o755)
    with rules_of(tmp_path, Book(), on_alarm=str(script)) as live:
        for index in range(40):
            live.step(seen(index, 0.5))
        _wait_for(said.exists)
        told = json.loads(said.read_text())
        assert "near" in json.dumps(told)
        _wait_for(lambda: (now := live.status().delivery) is not None and now.delivered == 1)


def test_other_rules_can_count_while_it_runs_and_what_is_none_is_told(tmp_path: Path) -> None:
    with rules_of(tmp_path, Book()) as live:
        assert live.status().name == "test"
        live.use("night-wach")
        _wait_for(lambda: live.status().problem)
        assert "night-watch" in live.status().problem
        assert live.status().name == "test"
        live.use("night-watch")
        _wait_for(lambda: live.status().name == "night-watch")
        assert live.status().problem == ""
        live.use("")
        _wait_for(lambda: live.status() == RulesNow())


def test_without_rules_nothing_is_found(tmp_path: Path) -> None:
    book = Book()
    live = LiveRules(WatchConfig(), book.put)
    try:
        assert [live.step(seen(index, 0.1)) for index in range(40)] == [()] * 40
        assert live.status() == RulesNow()
    finally:
        assert live.close()
    assert book.recorded == []


def test_nothing_is_said_to_go_on_while_nobody_looks(tmp_path: Path) -> None:
    book, clock = Book(), Clock()
    with rules_of(tmp_path, book, clock=clock) as live:
        for index in range(40):
            live.step(seen(index, 0.5))
        lost_s = live._set.rules.lost_s
        clock.now_s += lost_s + PATIENCE_S - 0.01
        assert len(live.status().running) == 1
        assert live.status().idle_s == 0.0
        clock.now_s += 0.5
        assert live.status().running == ()
        assert live.status().idle_s == pytest.approx(lost_s + PATIENCE_S + 0.49)
        live.use("")  # no step takes these rules away while nobody looks
        _wait_for(lambda: live.status().source == "")
        assert (live.status().running, live.status().idle_s) == ((), 0.0)
        live.use(str(tmp_path / "rules.toml"))
        _wait_for(lambda: live.status().source)
        assert len(book.recorded) == 1, "what became of it is for the camera's clock"
        # The camera is there again, ten seconds of its own time later.
        live.step(seen(140, 3.0))
        now = live.status()
        assert (now.running, now.idle_s) == ((), 0.0)
        ended = book.recorded[-1][0]
        assert ended.end_ns == seen(39, 0.5).device_ns
        assert f"({NO_PICTURE})" in ended.note


def test_what_a_short_silence_did_not_end_is_shown_again(tmp_path: Path) -> None:
    clock = Clock()
    with rules_of(tmp_path, Book(), clock=clock) as live:
        for index in range(40):
            live.step(seen(index, 0.5))
        clock.now_s += 60.0  # of ours: a hundred milliseconds of the camera's
        assert live.status().running == ()
        live.step(seen(40, 0.5))
        assert [e.name for e in live.status().running] == ["near"]
        live.stop()
        clock.now_s += 60.0
        assert live.status().idle_s == 0.0, "the run has ended: nobody is to look"


def test_a_file_that_breaks_what_reads_it_is_told_and_the_next_one_counts(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with rules_of(tmp_path, Book()) as live:
        with monkeypatch.context() as broken:
            broken.setattr("pipeline.rules.load.read_rules", _break)
            (tmp_path / "rules.toml").write_text(RULES.format(severity="warning"))
            _wait_for(lambda: "KeyError" in live.status().problem)
            live.use("night-watch")
            _wait_for(lambda: "night-watch: KeyError" in live.status().problem)
            assert live.status().name == "test"
        live.use("night-watch")
        _wait_for(lambda: live.status().name == "night-watch")
        assert live.status().problem == ""


def _break(*_: object) -> None:
    raise KeyError("a defect")


def test_what_can_be_no_file_of_rules_is_told_and_the_rules_stay(tmp_path: Path) -> None:
    number = tmp_path / "number.toml"
    number.write_text("min_confidence = 1" + 5000 * "0")
    with rules_of(tmp_path, Book()) as live:
        for source, words in ((str(number), "number.toml:1:18"), ("a" * 5000, "aaa"), ("/dev/zero", "no regular file")):
            live.use(source)
            _wait_for(lambda w=words: w in live.status().problem)
            assert live.status().name == "test"


def test_the_log_says_when_a_mended_file_counts_again(tmp_path: Path, caplog: pytest.LogCaptureFixture) -> None:
    with rules_of(tmp_path, Book()) as live:
        path = tmp_path / "rules.toml"
        path.write_text("name = ")
        _wait_for(lambda: "the rules stay as they were" in caplog.text)
        path.write_text(RULES.format(severity="alarm"))  # as it was
        _wait_for(lambda: "the rules count as asked for again" in caplog.text)
        assert live.status().problem == ""


def test_the_log_says_at_the_end_how_many_alarms_nobody_heard_of(
    tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    script = tmp_path / "fail.sh"
    script.write_text("#!/bin/sh\nexit 1\n")
    script.chmod(0o755)
    with rules_of(tmp_path, Book(), on_alarm=str(script), delivery=DeliveryConfig(tries=1)) as live:
        for index in range(40):
            live.step(seen(index, 0.5))
        _wait_for(lambda: (now := live.status().delivery) is not None and now.failed == 1)
        live.close()
    assert caplog.text.count("1 alarms could not be told, 0 were left out") == 1


def _wait_for(true: object, limit_s: float = 20.0) -> None:
    end = time.monotonic() + limit_s
    while not true():  # type: ignore[operator]  # any function of no argument
        assert time.monotonic() < end
        time.sleep(0.02)


# -- clips ----------------------------------------------------------------------------------------------------------


class Keeper:
    """Says where a clip is, and later what became of it."""

    def __init__(self) -> None:
        self.told: Callable[[Event], None] = lambda event: None
        self.said: Callable[[Event], None] = lambda event: None
        self.wanted: list[Event] = []
        self.is_closed = False

    def want(self, event: Event, _host_ns: int) -> Event:
        self.wanted.append(event)
        assert event.clip is not None
        return replace(event, clip=replace(event.clip, file="/clips/near.mcap"))

    def path_of(self, event: Event) -> Path | None:
        return None if event.clip is None else event.clip.path()

    def status(self) -> ClipsNow:
        return ClipsNow(written=1)

    def suggest(self, _folder: Path) -> None: ...

    def close(self, _within_s: float) -> bool:
        self.is_closed = True
        return True


def test_an_event_names_its_clip_from_the_beginning_to_the_end_and_what_became_of_it(tmp_path: Path) -> None:
    path, out, book, keeper = tmp_path / "rules.toml", tmp_path / "heard", Book(), Keeper()
    path.write_text(RULES.format(severity="alarm") + "clip_s = [5, 3]\n")
    script = tmp_path / "tell.sh"
    script.write_text(f'#!/bin/sh\nprintf "%s\\n" "$TAPETUM_CLIP" > {out}.part; mv {out}.part {out}\n')
    script.chmod(0o755)
    live = LiveRules(WatchConfig(rules=str(path), on_alarm=(str(script),)), book.put, clips=keeper)  # type: ignore[arg-type] - what it asks of clips
    try:
        for index in range(5):
            live.step(seen(index, 0.5))
        (event,) = live.status().running
        (wanted,) = keeper.wanted
        assert wanted.clip == Clip(wanted.begin_ns - 5 * S, wanted.begin_ns + 3 * S)
        assert event.clip == replace(wanted.clip, file="/clips/near.mcap")
        failed = replace(event, clip=replace(event.clip, file="", problem="no clip: the disk is full"))
        live.acknowledge(key_of(event), "Ann")
        live.step(seen(5, 0.5))
        keeper.told(failed)
        (told,) = live.status().running
        assert (told.clip, told.acknowledged_by) == (failed.clip, "Ann"), "what is known meanwhile stays"
        for index in range(6, 20):
            live.step(seen(index, 3.0))
        end = time.monotonic() + 20.0
        while not out.exists():
            assert time.monotonic() < end
            time.sleep(0.01)
    finally:
        assert live.close()
    assert keeper.is_closed
    clips = [e.clip.file if e.clip is not None else None for e, _, _ in book.recorded]
    assert clips == ["/clips/near.mcap", "/clips/near.mcap", "", ""]
    last = book.recorded[-1][0]
    assert (last.clip, last.end_ns is None, last.acknowledged_by) == (failed.clip, False, "Ann")
    assert out.read_text() == "/clips/near.mcap\n"
    assert live.status().clips == ClipsNow(written=1)


def test_several_are_told_of_an_alarm(tmp_path: Path) -> None:
    outs = [tmp_path / "one", tmp_path / "two"]
    path = tmp_path / "rules.toml"
    path.write_text(RULES.format(severity="alarm"))
    live = LiveRules(WatchConfig(rules=str(path), on_alarm=tuple(f"touch {out}" for out in outs)), Book().put)
    try:
        for index in range(5):
            live.step(seen(index, 0.5))
        end = time.monotonic() + 20.0
        while not all(out.exists() for out in outs):
            assert time.monotonic() < end
            time.sleep(0.01)
    finally:
        assert live.close()
