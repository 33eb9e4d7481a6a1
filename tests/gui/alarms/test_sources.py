"""What raises an alarm: what is not there, not recorded, not computed, or not now."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from drivers.clock import ClockState
from gui.alarms.book import AlarmBook, Condition, Severity
from gui.alarms.sources import EVENT, NO_SCREEN, WATCH, AlarmSources, behind_condition, event_condition
from gui.feed import FeedStatus, Mode, Phase, RecordingStatus, StreamStatus
from gui.status.latency import Latency, LatencyKind
from gui.status.limits import Limits, limits_from
from gui.tiles.paint_watch import Screen
from recordings.event import Event
from tests.gui.conftest import streams
from tests.gui.status.engine_states import LEFT, fallen, state

COLOR, DEPTH, _THERMAL = streams()
S = 1_000_000_000
NOW = 1_700_000_000 * S


@pytest.fixture
def sources() -> AlarmSources:
    return AlarmSources(Limits())


def live(*told: StreamStatus, **more: Any) -> FeedStatus:
    return FeedStatus(Mode.LIVE, "virtual:", Phase.RUNNING, streams=told, **more)


def stream(state: str = "streaming", **more: Any) -> StreamStatus:
    return StreamStatus(DEPTH, **{"fps": 30.0, "state": state, **more})


def see(sources: AlarmSources, status: FeedStatus, at_s: float = 0.0, **more: Any) -> dict[str, Condition]:
    latency = more.get("latency")
    arrived, position, screen = more.get("arrived", {}), more.get("position", -1), more.get("screen", NO_SCREEN)
    found = sources.see(status, latency, arrived, NOW + round(at_s * S), position, screen)
    assert all(c.key.startswith(WATCH) for c in found)
    return {c.key.removeprefix(WATCH): c for c in found}


def test_when_all_is_well_nothing_is_raised(sources: AlarmSources) -> None:
    recording = RecordingStatus(Path("night.mcap"), frames=100, hours_left=14.0, lost={"depth": 0})
    status = live(stream(), recording=recording, engines=(state(),))
    assert see(sources, status, arrived={"depth": NOW}) == {}
    assert see(sources, replace(status, phase=Phase.LOADING)) == {}


def test_a_camera_that_is_gone_is_severe_at_once_and_leads_to_its_tile(sources: AlarmSources) -> None:
    (found,) = see(sources, live(stream("gone", note="unplugged"))).values()
    assert found.severity is Severity.ALARM
    assert found.moment.stream == "depth"
    assert found.text == "depth: the camera is gone: unplugged"


def test_two_streams_of_a_camera_are_one_alarm(sources: AlarmSources) -> None:
    pair = [StreamStatus(replace(info, camera="cam"), state="gone") for info in (COLOR, DEPTH)]
    (found,) = see(sources, live(*pair)).values()
    assert "color, depth" in found.text


def test_a_stream_that_falls_silent_is_told_after_a_second(sources: AlarmSources) -> None:
    assert see(sources, live(stream("silent")), 0) == {}
    (found,) = see(sources, live(stream("silent")), 1).values()
    assert found.severity is Severity.WARNING
    (found,) = see(sources, live(stream("silent")), 6).values()
    assert found.severity is Severity.ALARM


@pytest.mark.parametrize("state", ["stalled", "waiting"])
def test_a_camera_that_gives_nothing_becomes_severe_when_it_stays_so(sources: AlarmSources, state: str) -> None:
    (found,) = see(sources, live(stream(state)), 0).values()
    assert found.severity is Severity.WARNING
    (found,) = see(sources, live(stream(state)), 6).values()
    assert found.severity is Severity.ALARM
    assert see(sources, live(stream()), 7) == {}
    (found,) = see(sources, live(stream(state)), 8).values()
    assert found.severity is Severity.WARNING, "a new time"


def test_a_camera_that_says_it_streams_while_its_picture_is_old(sources: AlarmSources) -> None:
    arrived = {"depth": NOW}
    assert see(sources, live(stream()), 2, arrived=arrived) == {}
    (found,) = see(sources, live(stream()), 4, arrived=arrived).values()
    assert found.severity is Severity.ALARM
    assert "4.0 s old" in found.text


def test_a_pause_that_was_announced_is_no_alarm(sources: AlarmSources) -> None:
    assert see(sources, live(stream("paused")), 60, arrived={"depth": NOW}) == {}


def test_frames_that_a_stream_loses_now(sources: AlarmSources) -> None:
    assert see(sources, live(stream(lost=2)), 0) == {}, "two frames of three hundred"
    assert "lost depth" in see(sources, live(stream(lost=60)), 5)
    assert see(sources, live(stream(lost=60)), 30) == {}, "over"


def test_a_recording_that_loses_frames_is_severe_from_its_first_one(sources: AlarmSources) -> None:
    recording = RecordingStatus(Path("night.mcap"), lost={"depth": 1})
    (found,) = see(sources, live(stream(), recording=recording), 0).values()
    assert found.severity is Severity.ALARM
    assert "depth 1" in found.text
    assert see(sources, live(stream(), recording=recording), 30) == {}, "it was lost, and nothing more is"


def test_the_disk_fills(sources: AlarmSources) -> None:
    def at(hours: float) -> Severity | None:
        recording = RecordingStatus(Path("night.mcap"), hours_left=hours)
        found = see(sources, live(stream(), recording=recording)).get("disk")
        return None if found is None else found.severity

    severities = [at(h) for h in (float("inf"), 14.0, 0.9, 0.1)]
    assert severities == [None, None, Severity.WARNING, Severity.ALARM]
    assert at(float("nan")) is None


def test_a_recording_that_ended_by_itself_and_one_that_was_ended(sources: AlarmSources) -> None:
    over = RecordingStatus(Path("night.mcap"), is_over=True, reason="the disk is full")
    (found,) = see(sources, live(stream(), recording=over)).values()
    assert found.severity is Severity.ALARM
    assert "the disk is full" in found.text
    assert see(sources, live(stream(), recording=replace(over, reason=""))) == {}


def test_engines_that_fall_back_say_why(sources: AlarmSources) -> None:
    (found,) = see(sources, live(stream(), engines=(fallen(),))).values()
    assert found.severity is Severity.NOTICE
    assert "the fallback OpenVINO runs: TensorRT not installed" in found.text


def test_an_engine_that_was_given_up_says_why(sources: AlarmSources) -> None:
    given_up = state(is_fallback=True, reasons={"tensorrt": LEFT})
    (found,) = see(sources, live(stream(), engines=(given_up,))).values()
    assert found.severity is Severity.WARNING
    assert "TensorRT was given up, OpenVINO runs: failed: the device is lost" in found.text


def test_nothing_is_computed(sources: AlarmSources) -> None:
    (found,) = see(sources, live(stream(), not_computed=7)).values()
    assert found.severity is Severity.ALARM
    assert see(sources, live(stream(), not_computed=7), 20) == {}


def test_latency_over_its_limit_for_some_seconds(sources: AlarmSources) -> None:
    late = Latency("depth", LatencyKind.MEASURED, 300, 290, 400)
    status = live(stream())
    assert see(sources, status, 0, latency=late) == {}
    assert see(sources, status, 2, latency=replace(late, p95_ms=40)) == {}
    assert see(sources, status, 4, latency=late) == {}
    assert see(sources, status, 11, latency=late) == {}
    (found,) = see(sources, status, 13, latency=late).values()
    assert "400 ms behind" in found.text
    for kind in (LatencyKind.CLOCK, LatencyKind.NOTHING, LatencyKind.UNKNOWN):
        assert see(sources, status, 14, latency=Latency("depth", kind)) == {}


def test_a_clock_that_leaps_is_told_with_by_how_much(sources: AlarmSources) -> None:
    clock = ClockState(frames=100, jumps=0)
    assert see(sources, live(stream(clock=clock)), 0) == {}
    leapt = replace(clock, jumps=1, last_jump="device", last_jump_ms=9_000.0)
    (found,) = see(sources, live(stream(clock=leapt)), 1).values()
    assert "leapt by +9.000 s" in found.text
    assert see(sources, live(stream(clock=leapt)), 30) == {}
    pair = [StreamStatus(replace(i, camera="cam"), 30.0, 0, "streaming", clock=leapt) for i in (COLOR, DEPTH)]
    (found,) = see(AlarmSources(Limits()), live(*pair)).values()
    assert found.text.startswith("color, depth: ")


def test_a_feed_that_fails_or_ends(sources: AlarmSources) -> None:
    failed = FeedStatus(Mode.REPLAY, "x.mcap", Phase.FAILED, "the file is torn\nat 12 MB")
    (found,) = see(sources, failed, position=7).values()
    assert found.severity is Severity.ALARM
    assert found.text.endswith("the file is torn")
    assert found.moment.position == 7
    assert "ended" in see(sources, FeedStatus(Mode.LIVE, "x", Phase.ENDED))
    assert see(sources, FeedStatus(Mode.REPLAY, "x", Phase.ENDED)) == {}


def test_a_rule_raises_its_events_itself(sources: AlarmSources) -> None:
    book = AlarmBook()
    condition = event_condition(Event("looks away", 1, None, 2, "12 s"), Severity.WARNING)
    assert condition.text == "looks away (face 2): 12 s"
    book.raise_alarm(condition, NOW)
    book.see([], NOW + S, WATCH)
    line = book.find(condition.key)
    assert line is not None
    assert line.is_active, "what the window watches clears no event"
    assert condition.key.startswith(EVENT)


class Remembered(dict[str, Any]):
    """Settings."""

    def get(self, name: str, default: Any = None) -> Any:
        return super().get(name, default)


@pytest.mark.parametrize("broken", ["", None, -1, 0, True, float("nan"), float("inf"), [1]])
def test_a_broken_limit_in_the_settings_is_the_usual_one(broken: object) -> None:
    assert limits_from(Remembered({"limits.latency_ms": broken})) == Limits()
    assert limits_from(Remembered({"limits.latency_ms": 80})).latency_ms == 80.0


def test_a_camera_that_comes_back_is_not_told_to_show_what_it_showed_before(sources: AlarmSources) -> None:
    before = {"depth": NOW}
    assert see(sources, live(stream()), 0.1, arrived=before) == {}
    assert "camera depth" in see(sources, live(stream("gone")), 1, arrived=before)
    assert see(sources, live(stream()), 4.3, arrived=before) == {}
    assert see(sources, live(stream()), 7.2, arrived=before) == {}, "it has its time"
    (found,) = see(sources, live(stream()), 7.4, arrived=before).values()
    assert "7.4 s old" in found.text
    assert see(sources, live(stream()), 7.5, arrived={"depth": NOW + 7 * S}) == {}


def test_what_comes_and_is_not_painted_is_one_alarm_and_none_of_the_camera(sources: AlarmSources) -> None:
    screen = Screen(frozenset({"depth"}), {"depth": NOW}, ("depth",), True, "MemoryError: no room")
    (found,) = see(sources, live(stream()), 9, arrived={"depth": NOW}, screen=screen).values()
    assert found.severity is Severity.ALARM
    assert found.text == "Pictures come, but none is painted: MemoryError: no room"
    assert found.moment.stream == "depth"
    some = replace(screen, is_none_painted=False, why="")
    (found,) = see(sources, live(stream()), 9, arrived={"depth": NOW}, screen=some).values()
    assert found.text == "depth: pictures come, but they are not painted"


def test_a_window_that_does_not_keep_up_is_severe(sources: AlarmSources) -> None:
    found = behind_condition("OSError: status broke")
    assert found.severity is Severity.ALARM
    assert found.text == "The window does not keep up: OSError: status broke"
    assert behind_condition().key == f"{WATCH}behind"
