"""Clips of many events, and of streams that lag or fall silent."""

from __future__ import annotations

from pathlib import Path

import pytest

from recordings.clip_book import NO_CLIP
from recordings.clips import ClipSettings
from recordings.event import Event
from recordings.observation import Observation
from recordings.open_clip import SHARED
from recordings.reader import SessionReader
from tests.recordings.clip_cases import (
    Pace,
    S,
    Told,
    clips_in,
    content,
    depth_frames,
    events_of,
    expected,
    notes_of,
    wait_for,
)
from tests.recordings.sessions import DEPTH, EPOCH, MS, THERMAL
from tests.recordings.stored_frames import real_frame


def test_events_beyond_the_cap_share_the_last_clip_that_reaches_back_to_them(tmp_path: Path) -> None:
    told = Told()
    how = ClipSettings(before_s=0.5, after_s=0.3, max_open=2, patience_s=1e6)
    frames = depth_frames(61)
    with clips_in(tmp_path, how=how, streams=[DEPTH], on_event=told) as clips:
        for frame in frames[:41]:
            clips.push(frame)
        first = clips.trigger(Event("first", 1), EPOCH + S)
        clips.trigger(Event("second", 2), EPOCH + 2 * S, EPOCH + 4 * S)
        clips.trigger(Event("third", 3), EPOCH + 3 * S, EPOCH + 5 * S)  # shares the second's
        clips.trigger(Event("fourth", 4), EPOCH + 1500 * MS, EPOCH + 1500 * MS)  # the first's: it goes back so far
        clips.trigger(Event("fifth", 5), EPOCH + 700 * MS, EPOCH + 700 * MS)  # the last one: none goes back so far
        for frame in frames[41:]:
            clips.push(frame)
        clips.end(first, EPOCH + S)
        wait_for(lambda: clips.status().written == 2)
    by_event = {notes_of(p)["event"]: p for p in tmp_path.iterdir()}
    assert set(by_event) == {"first", "second"}
    assert content(by_event["first"]) == expected(frames, EPOCH + 500 * MS, EPOCH + 1800 * MS)
    assert content(by_event["second"]) == expected(frames, EPOCH + 1500 * MS, EPOCH + 5300 * MS)
    assert {e.name for e in events_of(by_event["first"])} == {"first", "fourth", SHARED}
    assert [e.note for e in events_of(by_event["second"]) if e.name == SHARED] == [
        "third has no clip of its own, for 2 are open",
        "fifth has no clip of its own, for 2 are open; it wanted 1.300 s more before it",
    ]
    assert told.names().count(SHARED) == 3


def test_a_storm_of_events_is_bounded(tmp_path: Path) -> None:
    how = ClipSettings(before_s=0.5, after_s=0.3, max_open=1, patience_s=1e6)
    with clips_in(tmp_path, how=how, streams=[DEPTH]) as clips:
        for n in range(400):
            clips.trigger(Event("alarm", n), EPOCH, EPOCH)
        clips.push(depth_frames(1)[0])
    (path,) = tmp_path.iterdir()
    events = events_of(path)
    assert sum(e.name == "alarm" for e in events) == 256
    assert "144 more events have no clip at all" in [e.note for e in events]


def test_an_event_that_nobody_extends_ends_by_itself(tmp_path: Path) -> None:
    how = ClipSettings(before_s=0.5, after_s=0.3, patience_s=2.0)
    frames = depth_frames(50)
    with clips_in(tmp_path, how=how, streams=[DEPTH]) as clips:
        for frame in frames[:11]:
            clips.push(frame)
        number = clips.trigger(Event("face", 0), EPOCH + S)
        for frame in frames[11:21]:
            clips.push(frame)
        assert clips.extend(number, EPOCH + 2 * S)
        for frame in frames[21:]:
            clips.push(frame)
        wait_for(lambda: clips.status().written == 1)
        assert not clips.extend(number, EPOCH + 5 * S)
    (path,) = tmp_path.iterdir()
    assert content(path) == expected(frames, EPOCH + 500 * MS, EPOCH + 2300 * MS)
    assert events_of(path)[0] == Event("face", 0, S)


def test_a_clip_does_not_wait_for_cameras_that_fell_silent(tmp_path: Path) -> None:
    now = [0.0]
    with clips_in(tmp_path, clock=lambda: now[0]) as clips:
        for frame in depth_frames(11):
            clips.push(frame)
        clips.trigger(Event("mark", 0), EPOCH + S, EPOCH + S)
        now[0] = 5.0
        wait_for(lambda: clips.status().written == 1)
    (path,) = tmp_path.iterdir()
    assert [e.name for e in events_of(path)] == ["mark"]


def test_a_clip_waits_for_a_stream_that_lags(tmp_path: Path) -> None:
    fast = depth_frames(31)
    slow = [real_frame(THERMAL, n, EPOCH + n * 100 * MS + 1) for n in range(31)]
    with clips_in(tmp_path, streams=[DEPTH, THERMAL]) as clips:
        caught_up = Pace(clips)
        clips.trigger(Event("mark", 0), EPOCH + S, EPOCH + S)
        for n in range(31):
            clips.push(fast[n])
            caught_up()
            if n >= 9:  # almost as late as a clip waits
                clips.push(slow[n - 9])
        wait_for(lambda: clips.status().written == 1)
    assert clips.status().late == 0
    (path,) = tmp_path.iterdir()
    assert content(path) == expected([*fast, *slow], EPOCH + 500 * MS, EPOCH + 1300 * MS)


def test_a_stream_that_lags_too_far_is_counted_as_late(tmp_path: Path) -> None:
    with clips_in(tmp_path, streams=[DEPTH, THERMAL]) as clips:
        for frame in depth_frames(31):
            clips.push(frame)
        clips.trigger(Event("mark", 0), EPOCH + S, EPOCH + S)
        wait_for(lambda: clips.status().written == 1)  # 1.3 s and the settling are over
        clips.push(real_frame(THERMAL, 0, EPOCH + S))
        clips.push(real_frame(THERMAL, 1, EPOCH + 2 * S))
    assert clips.status().late == 1


def test_an_event_without_a_frame_leaves_no_file(tmp_path: Path) -> None:
    told = Told()
    with clips_in(tmp_path, on_event=told) as clips:
        clips.trigger(Event("mark", 0), EPOCH, EPOCH)
    assert list(tmp_path.iterdir()) == []
    assert [(e.name, e.note) for e in told.events] == [(NO_CLIP, "mark: no frame came in its time")]
    assert clips.trigger(Event("mark", 0), EPOCH, EPOCH) > 0  # too late, and harmless
    with pytest.raises(ValueError, match="cannot go"):
        clips.trigger(Event("mark", 0), EPOCH, EPOCH - 1)


def test_what_else_happened_in_its_time_is_in_the_clip(tmp_path: Path) -> None:
    said = [Observation(n, 0, EPOCH + n * 100 * MS, 0, {"depth": n}).to_bytes() for n in range(30)]
    run = {"replayable": False, "models": {}}
    with clips_in(tmp_path, streams=[DEPTH], run=run) as clips:
        for n, frame in enumerate(depth_frames(30)):
            clips.push(frame)
            clips.push_observation(said[n], frame.host_ns)
            if n % 5 == 0:
                clips.push_event(Event("blink", n), frame.host_ns)
            if n == 15:
                clips.trigger(Event("mark", 0), EPOCH + S, EPOCH + S)
        wait_for(lambda: clips.status().written == 1)
    (path,) = tmp_path.iterdir()
    with SessionReader(path) as clip:
        assert list(clip.observation_bytes()) == said[5:14]
        assert clip.run() == run
        assert [e.begin_ns for e in clip.events() if e.name == "blink"] == [5, 10]
