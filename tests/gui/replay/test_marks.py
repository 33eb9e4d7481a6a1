"""Recorded time, events, pauses and losses of a recording, and how an operator gets to them by typing."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from drivers.frame import FrameFlag
from gui.replay.goto import find
from gui.replay.marks import Marks
from gui.replay.timeline import Timeline
from pipeline.steps.synchronise import SynchronizeConfig
from recordings.event import Event
from recordings.reader import SessionReader
from recordings.session import SessionInfo
from recordings.writer import SessionWriter
from tests.gui.conftest import frame, streams

S = 1_000_000_000
EPOCH = 1_700_000_000 * S
COUNT = 40
PAUSE_AT, PAUSE_S = 20, 3.0
AGAIN_AT = 30
"""From this frame on the cameras count from 0, on clocks that began anew."""


def eventful(path: Path) -> Path:
    """40 FrameSets at 30 frames/s with a pause of 3 s, a restart of the cameras, lost frames and events."""
    color, depth, _ = streams()
    info = SessionInfo.create([color, depth], title="eventful", source="made by a test")
    with SessionWriter(path, info) as writer:
        for n in range(COUNT):
            at = round(n * S / 30) + (round(PAUSE_S * S) if n >= PAUSE_AT else 0)
            number, device_ns = (n, 50 * S + at) if n < AGAIN_AT else (n - AGAIN_AT, at - round(AGAIN_AT * S / 30))
            for order, stream in enumerate((color, depth)):
                if stream is color and n in (5, 6, 7):
                    continue
                flags = FrameFlag.DROPPED_BEFORE if stream is depth and n == 12 else FrameFlag.NONE
                one = replace(frame(stream, n), number=number, device_ns=device_ns, flags=flags)
                writer.write_frame(replace(one, host_ns=EPOCH + at + order))
        for name, begin, end in (("eyes closed", 4, 8), ("phone", 16, 16), ("eyes closed", 22, 25)):
            ns = [50 * S + round(n * S / 30) + (round(PAUSE_S * S) if n >= PAUSE_AT else 0) for n in (begin, end)]
            writer.write_event(Event(name, *ns, None, f"from frame {begin}"))
        writer.write_event(Event("error", -100 * S, None, None, "somewhere else"))
    return path


@pytest.fixture(scope="module")
def marks(tmp_path_factory: pytest.TempPathFactory) -> Marks:
    with SessionReader(eventful(tmp_path_factory.mktemp("eventful") / "a.mcap")) as reader:
        return Timeline(reader, SynchronizeConfig()).marks


def test_recorded_time_never_falls_and_goes_by_our_clock_where_the_cameras_began_anew(marks: Marks) -> None:
    assert len(marks) == COUNT
    expected = [n / 30 + (PAUSE_S if n >= PAUSE_AT else 0) for n in range(COUNT)]
    np.testing.assert_allclose(marks.elapsed_ns / S, expected, atol=1e-6)
    assert marks.duration_ns == marks.time_ns(COUNT - 1) == marks.time_ns(10**9)


def test_a_pause_of_the_cameras_is_a_gap(marks: Marks) -> None:
    assert [(g.position, round((g.end_ns - g.begin_ns) / S, 2)) for g in marks.gaps] == [(PAUSE_AT, 3.03)]


def test_what_the_recording_lacks_is_there_with_its_stream_and_time(marks: Marks) -> None:
    found = [(loss.stream, loss.count, marks.position_at(loss.time_ns)) for loss in marks.losses]
    assert found == [("color", 3, 8), ("depth", 1, 12)], "no loss where the cameras began to count anew"


def test_what_a_watch_left_out_on_purpose_is_no_loss(tmp_path: Path) -> None:
    _, depth, _ = streams()
    info = SessionInfo.create([depth], title="watch", source="made by a test", notes={"profile": "watch"})
    with SessionWriter(tmp_path / "watch.mcap", info) as writer:
        for n in (0, 15, 30, 45):
            flags = FrameFlag.DROPPED_BEFORE if n == 30 else FrameFlag.NONE
            one = replace(frame(depth, n), number=n, device_ns=n * S // 30, flags=flags)
            writer.write_frame(replace(one, host_ns=EPOCH + n * S // 30))
    with SessionReader(tmp_path / "watch.mcap") as reader:
        marks = Timeline(reader, SynchronizeConfig()).marks
    assert [(loss.count, marks.position_at(loss.time_ns)) for loss in marks.losses] == [(1, 2)]


def test_events_stand_where_they_begin_and_what_is_elsewhere_has_no_place(marks: Marks) -> None:
    assert [(e.name, e.position) for e in marks.events] == [
        ("eyes closed", 4),
        ("phone", 16),
        ("eyes closed", 22),
        ("error", None),
    ]
    assert (marks.events[0].begin_ns, marks.events[0].end_ns) == (marks.time_ns(4), marks.time_ns(8))
    assert [e.name for e in marks.events_at(marks.time_ns(6))] == ["eyes closed"]
    assert not marks.events_at(marks.time_ns(12))


def test_what_happened_while_the_cameras_paused_lies_in_the_pause() -> None:
    times = np.array([0, 1, 2, 6, 7], np.int64) * S
    members = np.arange(5, dtype=np.int64).reshape(5, 1)
    lost = Event("camera lost", 2 * S + S // 100, 5 * S, None)
    marks = Marks(times, times, members, ["depth"], {"depth": np.arange(5)}, [lost])
    (event,) = marks.events
    assert (event.position, event.begin_ns, event.end_ns) == (3, 2 * S + S // 100, 5 * S)


def test_events_are_walked_through_in_both_directions(marks: Marks) -> None:
    forth = [p := 0]
    while (n := marks.next_event(p)) is not None:
        forth.append(p := n)
    assert forth == [0, 4, 16, 22]
    back = [p := COUNT - 1]
    while (n := marks.previous_event(p)) is not None:
        back.append(p := n)
    assert back == [39, 22, 16, 4]


def test_a_time_leads_to_the_nearest_position_and_back(marks: Marks) -> None:
    for position in range(COUNT):
        assert marks.position_at(marks.time_ns(position) + S // 100) == position
        assert marks.position_from(marks.time_ns(position)) == position
    assert marks.position_at(-5) == 0
    assert marks.position_at(10**15) == COUNT - 1


@pytest.mark.parametrize(
    ("text", "position", "expected"),
    [
        ("0", 9, 0),
        ("39", 0, 39),
        ("# 7", 0, 7),
        ("0.5", 0, 15),
        ("0,5 s", 0, 15),
        ("0:00.5", 0, 15),
        ("0:00:03.7", 0, 21),
        ("3.9s", 0, 27),
        ("1s", 0, 20),  # in the pause: the first frame after it
        ("4.3", 0, 39),
        (" depth 35 ", 0, None),
        ("depth 5", 0, 5),
        ("depth 5", 5, 35),  # the camera counted twice: the next one
        ("depth:5", 35, 5),  # and the first one again
        ("color 8", 0, 8),
        ("phone", 30, 16),
        ("EYES", 0, 4),
        ("eyes closed", 4, 22),
        ("eyes", 22, 4),
        ("40", 0, None),
        ("4.4", 0, None),
        ("1:00", 0, None),
        ("color 5", 0, 35),  # the first color 5 was lost
        ("nose", 0, None),
        ("error", 0, None),
        ("", 0, None),
        ("-3", 0, None),
        ("1:2:3:4", 0, None),
        ("depth", 0, None),
    ],
)
def test_what_is_typed_is_understood_or_refused(marks: Marks, text: str, position: int, expected: int | None) -> None:
    if expected is None:
        with pytest.raises(ValueError, match=r"."):
            find(text, marks, position)
    else:
        assert find(text, marks, position) == expected


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("40", "there is no frame 40: the last one is 39"),
        ("9:00", r"the recording ends at 4\.3 s"),
        ("depth 35", "depth has no frame number 35: its numbers go from 0 to 29"),
        ("error", "'error' lies outside the recording"),
        ("nose", "'nose' is no time, no frame and no event"),
        (" ", "type a time"),
    ],
)
def test_why_it_was_refused_is_said(marks: Marks, text: str, words: str) -> None:
    with pytest.raises(ValueError, match=words):
        find(text, marks, 0)


def test_a_recording_without_a_frame_has_no_places() -> None:
    none = np.zeros(0, np.int64)
    empty = Marks(none, none, np.zeros((0, 1), np.int64), ["depth"], {"depth": none})
    assert (len(empty), empty.duration_ns, empty.time_ns(3), empty.position_at(5)) == (0, 0, 0, 0)
    with pytest.raises(ValueError, match="not open yet"):
        find("3", empty, 0)


def test_what_a_rule_told_stands_once_with_its_end_its_words_and_who_saw_it(tmp_path: Path) -> None:
    color, _, _ = streams()
    sleep = Event("microsleep", 50 * S + S // 30, None, 1, "Microsleep: the eyes have closed", "alarm")
    info = SessionInfo.create([color], title="asleep", source="made by a test")
    with SessionWriter(tmp_path / "asleep.mcap", info) as writer:
        for n in range(5):
            at = round(n * S / 30)
            writer.write_frame(replace(frame(color, n), number=n, device_ns=50 * S + at, host_ns=EPOCH + at))
        writer.write_event(sleep)
        seen = {"acknowledged_by": "Ann", "acknowledged_ns": 50 * S + 2 * S // 30}
        writer.write_event(replace(sleep, end_ns=50 * S + 3 * S // 30, **seen))
    with SessionReader(tmp_path / "asleep.mcap") as reader:
        times = reader.times("color")
        marks = Marks.of(reader, times.device_ns, times.host_ns, np.arange(5)[:, None])
    (event,) = marks.events
    assert event.note == "Microsleep: the eyes have closed (face 1); seen by Ann"
    assert event.end_ns is not None
