"""A clip holds precisely the frames round its event, and says what it lacks."""

from __future__ import annotations

import errno
import os
import tempfile
import threading
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from drivers.frame import StreamInfo
from recordings.clip_book import CLIP_FAILED, NO_CLIP, ClipBook
from recordings.clip_budget import LosslessBudget
from recordings.clip_file import ClipFile, clip_name, is_clip_of
from recordings.clips import ClipRecorder, ClipSettings
from recordings.errors import SessionWriteError
from recordings.face_presence import FacePresence
from recordings.observation import Box, Event, Face, Observation
from recordings.open_clip import BEGINS_LATE, ENDED_EARLY, INCOMPLETE, SHARED
from recordings.part_file import PartFile
from recordings.reader import SessionReader
from recordings.ring import OVERHEAD_BYTES, FrameRing
from recordings.stored import StoredFrame
from tests.recordings.sessions import DEPTH, EPOCH, MS, THERMAL, info_of
from tests.recordings.stored_frames import STREAMS, mixed_frames, real_frame

S = 10**9
EXACT = ClipSettings(before_s=0.5, after_s=0.3, max_open=100, patience_s=1e6)


class Told:
    """Collects what the recording would be told."""

    def __init__(self) -> None:
        self.events: list[Event] = []

    def __call__(self, event: Event) -> None:
        self.events.append(event)

    def names(self) -> list[str]:
        return [e.name for e in self.events]


@contextmanager
def clips_in(
    folder: Path,
    ring: FrameRing | None = None,
    how: ClipSettings = EXACT,
    streams: Sequence[StreamInfo] = STREAMS,
    **options: Any,
) -> Iterator[ClipRecorder]:
    """A clip recorder whose clock stands still, so that only frames tell the time; closed at the end."""
    options.setdefault("clock", lambda: 0.0)
    recorder = ClipRecorder(folder, "night", info_of(streams), ring or FrameRing(1e6, 1 << 30), how, **options)
    try:
        yield recorder
        assert recorder.close(30)
    finally:
        recorder.close(1)


class Pace:
    """Lets the thread of the clips come up with everything that was pushed, so that nothing is left to chance."""

    def __init__(self, clips: ClipRecorder) -> None:
        self._clips = clips
        self._rests = 0
        rest = clips._book.rest

        def counted(seconds: float) -> None:
            self._rests += 1
            rest(0.0002)

        clips._book.rest = counted  # type: ignore[method-assign]  # the same, but counted and in a hurry

    def __call__(self) -> None:
        # A rest that began after now was preceded by a look at all clips that began after now.
        goal = self._rests + 2
        wait_for(lambda: self._rests >= goal or not self._clips.status().open)


def wait_for(true: Callable[[], bool]) -> None:
    deadline = time.monotonic() + 20
    while not true():
        assert time.monotonic() < deadline, "it did not come in 20 s"
        time.sleep(0.0002)


def content(path: Path) -> set[tuple[str, int, int, bytes]]:
    with SessionReader(path) as clip:
        return {
            (s.name, f.number, f.host_ns, f.data)
            for s in clip.streams
            for f in (clip.stored(s.name, i) for i in range(clip.count(s.name)))
        }


def expected(frames: Sequence[StoredFrame], begin_ns: int, stop_ns: int) -> set[tuple[str, int, int, bytes]]:
    return {(f.info.name, f.number, f.host_ns, f.data) for f in frames if begin_ns <= f.host_ns <= stop_ns}


def events_of(path: Path) -> list[Event]:
    with SessionReader(path) as clip:
        return list(clip.events())


def notes_of(path: Path) -> dict[str, str]:
    with SessionReader(path) as clip:
        return dict(clip.info.notes)


def depth_frames(count: int, every_ms: int = 100) -> list[StoredFrame]:
    return [real_frame(DEPTH, n, EPOCH + n * every_ms * MS) for n in range(count)]


@given(
    mixed_frames(real=True),
    st.lists(st.tuples(st.integers(0, 3000), st.integers(0, 800), st.integers(0, 60)), min_size=1, max_size=4),
    st.booleans(),
)
@settings(max_examples=40, deadline=None)
def test_a_clip_holds_precisely_its_frames(
    frames: list[StoredFrame], wanted: list[tuple[int, int, int]], slow: bool
) -> None:
    """Whatever the streams do, also when the event is told late, and when events overlap."""
    before, after = 500 * MS, 300 * MS
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        with clips_in(folder) as clips:
            caught_up = Pace(clips)
            for n in range(max(len(frames), 61)):
                for at_ms, lasts_ms, when in wanted:
                    if when == n:
                        at = EPOCH + at_ms * MS
                        clips.trigger(Event("mark", at), at, at + lasts_ms * MS)
                if n < len(frames):
                    clips.push(frames[n])
                    if slow:
                        caught_up()
        spans = [(EPOCH + a * MS - before, EPOCH + (a + b) * MS + after) for a, b, _ in wanted]
        clips_expected = sorted(sorted(e) for s in spans if (e := expected(frames, *s)))
        found = sorted(folder.iterdir())
        assert sorted(sorted(content(p)) for p in found) == clips_expected
        for path in found:
            marks = [e for e in events_of(path) if e.name == "mark"]
            assert len(marks) == 1
            assert marks[0].begin_ns == int(notes_of(path)["event_host_ns"])


@given(mixed_frames(real=True), st.integers(0, 30), st.integers(1, 30), st.integers(0, 400), st.booleans())
@settings(max_examples=40, deadline=None)
def test_an_event_that_lasts_is_held_to_its_end_and_no_further(
    frames: list[StoredFrame], begins: int, lasts: int, told_late_ms: int, slow: bool
) -> None:
    begins = min(begins, len(frames) - 1)
    begin = frames[begins].host_ns
    end = begin
    with tempfile.TemporaryDirectory() as name:
        with clips_in(Path(name)) as clips:
            caught_up = Pace(clips)
            number = 0
            for n, frame in enumerate(frames):
                clips.push(frame)
                if slow:
                    caught_up()
                if n == begins:
                    number = clips.trigger(Event("face", 7, None, 3), begin)
                elif begins < n <= begins + lasts:
                    # observations come late
                    end = max(end, frame.host_ns - told_late_ms * MS)
                    assert clips.extend(number, frame.host_ns - told_late_ms * MS)
            assert clips.end(number, end)
            assert not clips.end(number, end)
        (path,) = Path(name).iterdir()
        assert content(path) == expected(frames, begin - 500 * MS, end + 300 * MS)
        assert events_of(path)[0] == Event("face", 7, 7 + end - begin, 3)


def test_both_ends_are_inclusive(tmp_path: Path) -> None:
    frames = [real_frame(DEPTH, n, EPOCH + at) for n, at in enumerate((-501 * MS, -500 * MS, 300 * MS, 300 * MS + 1))]
    with clips_in(tmp_path, streams=[DEPTH]) as clips:
        clips.push(real_frame(DEPTH, 9, EPOCH - 2 * S))
        for frame in frames:
            clips.push(frame)
        clips.trigger(Event("mark", 1), EPOCH, EPOCH)
        wait_for(lambda: clips.status().written == 1)  # the last frame told it that all have come
    (path,) = tmp_path.iterdir()
    assert content(path) == expected(frames[1:3], 0, 1 << 62)
    assert [e.name for e in events_of(path)] == ["mark"]


def test_the_name_and_the_description_say_what_it_is(tmp_path: Path) -> None:
    at = 1_790_000_000_345_999_999
    with clips_in(tmp_path, streams=[DEPTH]) as clips:
        clips.push(real_frame(DEPTH, 0, at - S))
        clips.push(real_frame(DEPTH, 1, at))
        for _ in range(2):
            clips.trigger(Event("Eyes closed: 3 s!", 5, 6, 2, "why"), at, at)
    stem = "night-clip-20260921T141320.345Z-eyes-closed-3-s"
    assert sorted(p.name for p in tmp_path.iterdir()) == [f"{stem}-2.mcap", f"{stem}.mcap"]
    for path in tmp_path.iterdir():
        assert is_clip_of("night", path.stem)
        assert not is_clip_of("nigh", path.stem)
        with SessionReader(path) as clip:
            assert clip.info.title == path.stem
            assert clip.info.created_utc == "2026-09-21T14:13:19Z"
            assert clip.info.notes["clip_of"] == "night"
            assert clip.info.notes["event"] == "Eyes closed: 3 s!"
            assert clip.info.notes["weather"] == "night"  # the recording's own
            assert next(iter(clip.events())) == Event("Eyes closed: 3 s!", 5, 6, 2, "why")
    assert clip_name("n", "顔", at).endswith("Z-event")


def test_a_recording_that_has_just_begun_makes_a_clip_that_says_so(tmp_path: Path) -> None:
    with clips_in(tmp_path) as clips:
        for frame in depth_frames(20):
            clips.push(frame)
        clips.trigger(Event("mark", 0), EPOCH + 200 * MS, EPOCH + 200 * MS)
    (path,) = tmp_path.iterdir()
    assert [(e.name, e.note) for e in events_of(path)] == [
        ("mark", ""),
        (BEGINS_LATE, "by 0.300 s: nothing had been recorded before"),
    ]


@pytest.mark.parametrize(
    ("seconds", "held", "first", "note"),
    [
        (0.35, 1000, 27, "by 0.100 s: the event was told later than the ring reaches back"),
        (100.0, 3, 28, "by 0.200 s: the ring's memory was too small for more"),
    ],
)
def test_a_ring_that_is_too_short_makes_a_clip_that_says_so(
    tmp_path: Path, seconds: float, held: int, first: int, note: str
) -> None:
    frames = depth_frames(31)
    size = max(len(f.data) for f in frames) + OVERHEAD_BYTES
    with clips_in(tmp_path, FrameRing(seconds, held * size), streams=[DEPTH]) as clips:
        for frame in frames:
            clips.push(frame)
        clips.trigger(Event("mark", 0), EPOCH + 3 * S, EPOCH + 3 * S)
    (path,) = tmp_path.iterdir()
    assert content(path) == expected(frames[first:], 0, 1 << 62)
    assert [(e.name, e.note) for e in events_of(path)] == [
        ("mark", ""),
        (BEGINS_LATE, note),
        (ENDED_EARLY, "by 0.300 s: the recording ended"),
    ]


class Gate:
    """Stands in for a disk that takes nothing until it is opened."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch) -> None:
        self.open = threading.Event()
        self.reached = threading.Event()
        write = ClipFile.write

        def gated(file: ClipFile, frames: Any) -> None:
            self.reached.set()
            assert self.open.wait(20)
            write(file, frames)

        monkeypatch.setattr(ClipFile, "write", gated)


def test_frames_that_a_slow_disk_costs_are_counted_and_told(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    gate = Gate(monkeypatch)
    frames = depth_frames(60)
    size = max(len(f.data) for f in frames) + OVERHEAD_BYTES
    ring = FrameRing(100.0, 10 * size)
    with clips_in(tmp_path, ring, streams=[DEPTH]) as clips:
        for frame in frames[:3]:
            clips.push(frame)
        number = clips.trigger(Event("alarm", 0), EPOCH + 500 * MS)
        assert gate.reached.wait(20)
        for frame in frames[3:]:
            clips.push(frame)
        clips.extend(number, EPOCH + 5 * S)
        clips.end(number, EPOCH + 5 * S)
        assert ring.status().bytes <= 10 * size
        gate.open.set()
    (path,) = tmp_path.iterdir()
    assert content(path) == expected([*frames[:3], *frames[50:54]], 0, 1 << 62)
    told = [e for e in events_of(path) if e.name == INCOMPLETE]
    assert [(e.note, e.begin_ns, e.end_ns) for e in told] == [
        ("frames not in it: 47 of depth", frames[3].device_ns, frames[49].device_ns)
    ]
    assert clips.status().lost == 47


def test_nobody_waits_for_the_disk(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    gate = Gate(monkeypatch)
    with clips_in(tmp_path) as clips:
        clips.push(depth_frames(1)[0])
        clips.trigger(Event("mark", 0), EPOCH, EPOCH)
        assert gate.reached.wait(20)
        # all of these would hang for ever if they waited
        for frame in depth_frames(30)[1:]:
            clips.push(frame)
        number = clips.trigger(Event("face", 0), EPOCH)
        clips.extend(number, EPOCH + S)
        clips.end(number, EPOCH + S)
        clips.push_observation(b"{}", EPOCH)
        assert clips.status().open == 2
        assert not clips.close(0.05)
        gate.open.set()
    assert clips.status().open == 0


def test_what_a_deadline_cuts_off_is_told(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    gate = Gate(monkeypatch)
    with clips_in(tmp_path, streams=[DEPTH]) as clips:
        for frame in depth_frames(3):
            clips.push(frame)
        number = clips.trigger(Event("alarm", 0), EPOCH)
        assert gate.reached.wait(20)
        for frame in depth_frames(20)[3:]:
            clips.push(frame)
        clips.extend(number, EPOCH + 2 * S)
        assert not clips.close(0.01)
        time.sleep(0.02)
        gate.open.set()
        assert clips._thread.join(20) is None
    (path,) = tmp_path.iterdir()
    told = {e.name: e.note for e in events_of(path)}
    assert told[INCOMPLETE] == "frames not in it: 17 of depth"
    assert told[ENDED_EARLY] == "the disk was too slow to finish it in time"


BIG = StreamInfo("depth", DEPTH.kind, 400, 400, "uint16", 30.0, unit_m=0.001)


def test_a_full_disk_ends_the_clip_and_keeps_what_was_written(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    told = Told()
    write = PartFile.write

    def full(file: PartFile, data: Any) -> None:
        if file.size + len(data) > 2_000_000:
            raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))
        write(file, data)

    monkeypatch.setattr(PartFile, "write", full)
    frames = [real_frame(BIG, n, EPOCH + n * 100 * MS) for n in range(20)]  # 320 kB of noise each
    with clips_in(tmp_path, streams=[BIG], on_event=told) as clips:
        for frame in frames:
            clips.push(frame)
        number = clips.trigger(Event("face", 0), EPOCH + 100 * MS)
        clips.extend(number, EPOCH + 1900 * MS)
        wait_for(lambda: clips.status().failed == 1)
        assert clips.extend(number, EPOCH + 1950 * MS)  # and no second clip of it is tried
    assert clips.status().written == 0
    (path,) = tmp_path.iterdir()
    kept = content(path)
    assert kept == expected(frames[: len(kept)], 0, 1 << 62)
    assert 1 <= len(kept) < 20
    assert any(e.name == "recording ended" and "No space left" in e.note for e in events_of(path))
    assert told.names() == [CLIP_FAILED]
    assert "No space left" in told.events[0].note


def test_a_folder_that_is_gone_fails_the_clip_and_not_the_recorder(tmp_path: Path) -> None:
    told = Told()
    folder = tmp_path / "gone"
    with clips_in(folder, on_event=told, streams=[DEPTH]) as clips:
        clips.push(depth_frames(1)[0])
        clips.trigger(Event("mark", 0), EPOCH, EPOCH)
        wait_for(lambda: clips.status().failed == 1)
        folder.mkdir()
        clips.trigger(Event("mark", 0), EPOCH, EPOCH)
    assert told.names()[0] == CLIP_FAILED
    assert "does not exist" in told.events[0].note
    assert len(list(folder.iterdir())) == 1


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


# -- the budget ------------------------------------------------------------------------------------------------


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


# -- faces -----------------------------------------------------------------------------------------------------


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


def test_a_file_that_cannot_be_made(tmp_path: Path) -> None:
    with pytest.raises(SessionWriteError, match="does not exist"):
        ClipFile(tmp_path / "no", "night", Event("mark", 0), EPOCH, EPOCH, info_of([DEPTH]))


def test_the_recording_is_told_what_its_clips_lack(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """But not of a clip that begins with the recording: nothing is missing there."""
    frames = depth_frames(31)
    size = max(len(f.data) for f in frames) + OVERHEAD_BYTES
    for folder, held, name in (("small", 3, BEGINS_LATE), ("large", 100, "")):
        told = Told()
        (tmp_path / folder).mkdir()
        with clips_in(tmp_path / folder, FrameRing(100.0, held * size), streams=[DEPTH], on_event=told) as clips:
            for frame in frames:
                clips.push(frame)
            clips.trigger(Event("mark", 0), EPOCH + 300 * MS * (10 if name else 1), EPOCH + 3 * S)
        (path,) = (tmp_path / folder).iterdir()
        assert told.names() == ([name] if name else []) + ["clip"]
        assert all(path.name in e.note for e in told.events)
    gate, told = Gate(monkeypatch), Told()
    (tmp_path / "slow").mkdir()
    with clips_in(tmp_path / "slow", FrameRing(100.0, 3 * size), streams=[DEPTH], on_event=told) as clips:
        clips.push(frames[0])
        clips.trigger(Event("mark", 0), EPOCH, EPOCH + 2 * S)
        assert gate.reached.wait(20)
        for frame in frames[1:]:
            clips.push(frame)
        gate.open.set()
    assert [e.note.split(": ", 1)[1] for e in told.events if e.name == INCOMPLETE] == ["frames not in it: 23 of depth"]
