"""A clip holds precisely the frames round its event, and says what it lacks."""

from __future__ import annotations

import tempfile
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from recordings.clip_file import clip_name, is_clip_of
from recordings.event import Event
from recordings.open_clip import BEGINS_LATE, ENDED_EARLY
from recordings.reader import SessionReader
from recordings.ring import OVERHEAD_BYTES, FrameRing
from recordings.stored import StoredFrame
from tests.recordings.clip_cases import (
    Pace,
    S,
    clips_in,
    content,
    depth_frames,
    events_of,
    expected,
    notes_of,
    wait_for,
)
from tests.recordings.sessions import DEPTH, EPOCH, MS
from tests.recordings.stored_frames import mixed_frames, real_frame


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
