"""What comes before a recording begins is no loss; what comes after it and finds no room is one, and told."""

from __future__ import annotations

import threading

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from drivers.frame import Frame, StreamInfo, StreamKind
from pipeline import early_frames
from pipeline.early_frames import EarlyFrames, Missed
from recordings.event import Event

INFO = StreamInfo("gray", StreamKind.GRAY, 10, 10, "uint8")
MS = 1_000_000


def frame(number: int) -> Frame:
    return Frame(INFO, np.zeros(INFO.shape, np.uint8), number, number * MS, number * MS)


def let_in(early: EarlyFrames) -> tuple[list[Frame | Missed], list[Event]]:
    items: list[Frame | Missed] = []
    events: list[Event] = []
    early.let_in(items.append, lambda: True, events.extend)
    return items, events


@pytest.mark.parametrize(
    ("limit", "value", "kept"),
    [("NEWEST_BYTES", 500, 5), ("NEWEST_FRAMES", 7, 7), ("NEWEST_NS", 3 * MS, 4)],
)
def test_before_the_beginning_the_newest_are_kept_and_none_is_lost(
    monkeypatch: pytest.MonkeyPatch, limit: str, value: int, kept: int
) -> None:
    monkeypatch.setattr(early_frames, limit, value)
    early = EarlyFrames(is_begun=False)
    assert all(early.put(frame(n)) for n in range(20))
    items, _ = let_in(early)
    assert [item.number for item in items if isinstance(item, Frame)] == list(range(20 - kept, 20))
    assert len(items) == kept


@given(before=st.integers(0, 30), after=st.integers(0, 30), begun=st.booleans())
def test_from_the_beginning_on_every_frame_is_kept_or_told_in_its_place(before: int, after: int, begun: bool) -> None:
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(early_frames, "CAPACITY", 10)
        early = EarlyFrames(is_begun=begun)
        first = [early.put(frame(n)) for n in range(before)]
        early.begin()
        then = [early.put(frame(before + n)) for n in range(after)]
    counted = first + then if begun else then
    assert counted == [True] * min(10, len(counted)) + [False] * max(0, len(counted) - 10)
    items, _ = let_in(early)
    assert [item.device_ns // MS for item in items] == list(range(before + after))
    assert [isinstance(item, Frame) for item in items] == first + then
    assert early.put(frame(0)) is None


def test_frames_that_come_while_others_are_let_in_do_not_overtake_them() -> None:
    early = EarlyFrames(is_begun=False)
    for n in range(100):
        early.put(frame(n))
    early.begin()
    items: list[Frame | Missed] = []
    last = 100
    stop = threading.Event()

    def camera() -> None:
        nonlocal last
        while not stop.is_set():
            if early.put(frame(last)) is None:
                items.append(frame(last))
            last += 1
            stop.wait(0.0005)

    thread = threading.Thread(target=camera, name="camera")
    thread.start()
    early.let_in(items.append, lambda: True, lambda events: None)
    stop.wait(0.05)
    stop.set()
    thread.join()
    assert [item.device_ns // MS for item in items] == list(range(last))


def test_whoever_has_no_room_for_ever_holds_nobody_up_for_ever() -> None:
    early = EarlyFrames(is_begun=True)
    for n in range(20):
        early.put(frame(n))
    items: list[Frame | Missed] = []
    early.let_in(items.append, lambda: False, lambda events: None, limit_s=0.05)
    assert len(items) == 20


def test_events_wait_too_and_of_very_many_the_newest() -> None:
    early = EarlyFrames(is_begun=False)
    assert all(early.put_event(Event("camera lost", n, None, None, "")) for n in range(1000))
    _, events = let_in(early)
    assert 10 < len(events) < 100
    assert events[-1].begin_ns == 999
    assert not early.put_event(Event("camera lost", 0, None, None, ""))
