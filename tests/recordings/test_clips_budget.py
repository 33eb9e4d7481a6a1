"""Faces have a budget of clips; alarms have none."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from drivers.frame import StreamInfo
from recordings.clip_book import NO_CLIP, ClipBook
from recordings.clip_budget import LosslessBudget
from recordings.clip_file import ClipFile
from recordings.clips import ClipSettings
from recordings.event import Event
from recordings.face_presence import FacePresence
from recordings.observation import Box, Face, Observation
from recordings.open_clip import ENDED_EARLY
from recordings.ring import FrameRing
from tests.recordings.clip_cases import (
    EXACT,
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
from tests.recordings.sessions import DEPTH, EPOCH, MS
from tests.recordings.stored_frames import real_frame


@given(
    st.integers(1, 10**9),
    st.integers(1, 10**9),
    st.floats(0, 0.99),
    st.lists(st.tuples(st.integers(0, 3600 * 10**9), st.integers(0, 10**8)), max_size=40),
)
def test_faces_never_use_more_than_the_budget(
    hourly: int, burst: int, reserve: float, asks: list[tuple[int, int]]
) -> None:
    budget = LosslessBudget(hourly, burst, reserve)
    now = used = 0
    for later, wanted in asks:
        now += later
        allowed = min(wanted, max(0, budget.for_faces(now)))
        budget.spend(allowed, now)
        used += allowed
    first = asks[0][0] if asks else 0
    assert used <= hourly * (now - first) / 3.6e12 + budget.most_for_faces + 1


def test_the_budget_is_paid_back_and_its_clock_never_runs_backwards() -> None:
    budget = LosslessBudget(3600, 1000, 0.5)
    assert budget.for_faces(EPOCH) == budget.most_for_faces == 500
    budget.spend(3000, EPOCH)  # an alarm
    assert budget.for_faces(EPOCH + 1 * S) == -2499
    assert budget.for_faces(EPOCH) == -2499
    assert budget.for_faces(EPOCH + 10_000 * S) == 500
    with pytest.raises(ValueError, match="budget"):
        LosslessBudget(0)


def test_a_face_uses_the_budget_up_and_goes_on_when_there_is_some_again(tmp_path: Path) -> None:
    told = Told()
    # 0.24 MB of frames a second; 1 MB at once for faces, and 0.06 MB a second on average
    stream = StreamInfo("depth", DEPTH.kind, 100, 60, "uint16", 20.0, unit_m=0.001)
    budget = LosslessBudget(3600 * 60_000, 1_000_000, 0.0)
    how = ClipSettings(before_s=0.5, after_s=0.3, patience_s=1e6)
    frames = [real_frame(stream, n, EPOCH + n * 50 * MS) for n in range(1200)]
    with clips_in(tmp_path, how=how, streams=[stream], budget=budget, on_event=told) as clips:
        number, pace = 0, Pace(clips)
        for n, frame in enumerate(frames):
            clips.push(frame)
            if n == 20:
                number = clips.trigger(Event("face", 0, None, 4), frame.host_ns)
            elif n > 20:
                assert clips.extend(number, frame.host_ns)
            if n % 5 == 0:
                pace()  # what waits is written at once, whatever the budget: here it is little
        assert clips.status().bytes <= 60 * 60_000 + 1_000_000 + 300_000
    clips_found = sorted(tmp_path.iterdir())
    assert len(clips_found) >= 2
    covered: set[tuple[str, int, int, bytes]] = set()
    for path in clips_found:
        held = content(path)
        times = sorted(h for _, _, h, _ in held)
        assert held == expected(frames, times[0], times[-1])  # without a hole
        assert not held & covered
        covered |= held
        assert times[0] == int(notes_of(path)["event_host_ns"]) - 500 * MS
    first = events_of(clips_found[0])
    assert [(e.name, e.note) for e in first if e.name == ENDED_EARLY] == [
        (ENDED_EARLY, "the budget for lossless clips was used up")
    ]
    assert next(e for e in first if e.name == "face").face == 4
    assert next(e for e in told.events if e.name == ENDED_EARLY).note.startswith(clips_found[0].name)


def test_two_clips_of_one_event_do_not_overlap() -> None:
    def no_file(event: Event, host_ns: int, begin_ns: int) -> ClipFile:
        raise AssertionError("nothing is written here")

    ring = FrameRing(10, 1 << 20)
    book = ClipBook(ring, ["depth"], EXACT, None, no_file)
    number = book.trigger(Event("face", 0), EPOCH, None, None)
    (first,) = book.wait()[1]  # type: ignore[index]  # there is something to do
    first.cut(EPOCH + S, "as when the budget is used up")
    book.extend(number, EPOCH + S + 100 * MS)
    second = book.wait()[1][1]  # type: ignore[index]  # it is there once waited for
    assert (first.begin_ns, first.limit_ns(0)) == (EPOCH - 500 * MS, EPOCH + S)
    assert second.begin_ns == EPOCH + S + 1
    assert second.limit_ns(300 * MS) == EPOCH + S + 400 * MS


def test_an_alarm_gets_its_clip_whatever_faces_have_used(tmp_path: Path) -> None:
    told = Told()
    budget = LosslessBudget(1, 1, 0.5)
    budget.spend(10**9, EPOCH)
    frames = depth_frames(31)
    with clips_in(tmp_path, streams=[DEPTH], budget=budget, on_event=told) as clips:
        for frame in frames[:11]:
            clips.push(frame)
        face = clips.trigger(Event("face", 0), EPOCH + S)
        for at in range(5):
            clips.extend(face, EPOCH + S + at * MS)
        clips.trigger(Event("alarm", 0), EPOCH + S, EPOCH + S)
        for frame in frames[11:]:
            clips.push(frame)
        wait_for(lambda: clips.status().written == 1)
    (path,) = tmp_path.iterdir()
    assert notes_of(path)["event"] == "alarm"
    assert content(path) == expected(frames, EPOCH + 500 * MS, EPOCH + 1300 * MS)
    assert told.names() == [NO_CLIP, "clip"]  # once, not at each extension
    assert "budget" in told.events[0].note


def seen(host_ns: int, *faces: int) -> Observation:
    return Observation(0, host_ns - EPOCH, host_ns, 0, {}, tuple(Face(f, "depth", Box(0, 0, 1, 1), 0.9) for f in faces))


def test_somebody_who_comes_and_goes_is_one_clip_each_time(tmp_path: Path) -> None:
    frames = depth_frames(120)
    there = {**dict.fromkeys(range(20, 31), (1,)), **dict.fromkeys(range(35, 41), (1, 2)), 90: (3,)}
    with clips_in(tmp_path, streams=[DEPTH]) as clips:
        faces = FacePresence(clips, gone_s=1.0)
        for n, frame in enumerate(frames):
            clips.push(frame)
            faces.update(seen(frame.host_ns, *there.get(n, ())))
        faces.close()
        faces.close()
    first, second = sorted(tmp_path.iterdir())
    assert content(first) == expected(frames, EPOCH + 1500 * MS, EPOCH + 4300 * MS)
    assert content(second) == expected(frames, EPOCH + 8500 * MS, EPOCH + 9300 * MS)
    assert [(e.name, e.face, e.begin_ns, e.end_ns) for e in events_of(first)] == [
        ("another face", 2, 3500 * MS, 3500 * MS),
        ("face", 1, 2000 * MS, 4000 * MS),
    ]
    assert [(e.name, e.face) for e in events_of(second)] == [("face", 3)]
