"""The words at the head of a picture: nothing old may look live."""

from __future__ import annotations

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from drivers.camera import CameraState
from drivers.frame import Frame, FrameFlag
from gui.feed import Mode, StreamStatus
from gui.status.tile_words import age_words, head_words, old_after_s, rate_words
from tests.gui.conftest import frame, streams

COLOR, DEPTH, THERMAL = streams()
CAME_NS = 1_700_000_000_000_000_000


def status(state: str = "streaming", fps: float = 30.0, lost: int = 0) -> StreamStatus:
    return StreamStatus(COLOR, fps, lost, state)


def picture(flags: FrameFlag = FrameFlag.NONE) -> Frame:
    return replace(frame(COLOR, 1, CAME_NS), flags=flags)


def later(seconds: float) -> int:
    return CAME_NS + round(seconds * 1e9)


def test_a_fresh_picture_says_its_rate_and_age_and_no_more() -> None:
    head = head_words(status(fps=29.94), picture(), later(0.034), Mode.LIVE)
    assert (head.text, head.badge, head.tone, head.is_old) == ("29.9 fps · 34 ms", "", "dim", False)


def test_what_was_lost_is_said() -> None:
    assert head_words(status(lost=2), picture(), later(0.034), Mode.LIVE).text.endswith("2 lost")


def test_a_camera_that_says_it_streams_while_its_picture_is_old_is_stale() -> None:
    head = head_words(status(fps=30.0), picture(), later(3.2), Mode.LIVE)
    assert head.badge == "STALE 3.2 s"
    assert head.is_old
    assert head.tone == "alarm"
    assert head.text.startswith("0.0 fps"), "the last rate is no rate any more"


@pytest.mark.parametrize(
    ("state", "words", "tone"),
    [
        (CameraState.GONE, "LOST 3.2 s", "alarm"),
        (CameraState.STALLED, "NO SIGNAL 3.2 s", "alarm"),
        (CameraState.WAITING, "NO SIGNAL 3.2 s", "alarm"),
        ("silent", "NO SIGNAL 3.2 s", "alarm"),
        (CameraState.ENDED, "ENDED", "warn"),
        (CameraState.PAUSED, "PAUSED 3.2 s", "warn"),
        ("a state of tomorrow", "STALE 3.2 s", "alarm"),
    ],
)
def test_a_camera_without_pictures_says_why(state: str, words: str, tone: str) -> None:
    head = head_words(status(state), picture(), later(3.2), Mode.LIVE)
    assert (head.badge, head.tone, head.is_old) == (words, tone, True)


def test_a_thermal_camera_that_pauses_closes_its_shutter() -> None:
    still = frame(THERMAL, 1, CAME_NS)
    head = head_words(StreamStatus(THERMAL, 0.0, 0, "paused"), still, later(0.4), Mode.LIVE)
    assert (head.badge, head.is_old) == ("SHUTTER 400 ms", False)
    assert head_words(None, replace(still, flags=FrameFlag.SHUTTER), later(0.1), Mode.LIVE).badge == "SHUTTER"


def test_a_frame_that_repeats_another_is_stale_however_new_it_is() -> None:
    for mode in Mode:
        head = head_words(status(), picture(FrameFlag.STALE), later(0.01), mode)
        assert head.badge == "STALE"
        assert head.is_old


def test_a_frame_from_the_future_has_no_age() -> None:
    head = head_words(status(), picture(), later(-5.0), Mode.LIVE)
    assert head.badge == "CLOCK?"
    assert head.is_old
    assert "age unknown" in head.text


def test_a_replay_is_old_against_the_instant_that_is_shown() -> None:
    assert head_words(None, picture(), later(0.1), Mode.REPLAY).badge == ""
    for off in (2.5, -2.5):
        assert head_words(None, picture(), later(off), Mode.REPLAY).badge == "STALE 2.5 s"
    assert "lost" in head_words(None, picture(FrameFlag.DROPPED_BEFORE), later(0), Mode.REPLAY).text


def test_a_slow_stream_is_given_five_frame_times() -> None:
    assert old_after_s(COLOR) == 1.0
    assert old_after_s(replace(COLOR, fps=1.0)) == 5.0
    for unknown in (0.0, float("nan"), float("inf"), -1.0):
        assert old_after_s(replace(COLOR, fps=unknown)) == 1.0


def test_rates_that_are_none_are_said_to_be_unknown() -> None:
    assert rate_words(float("nan")) == "? fps"
    assert rate_words(float("inf")) == "? fps"
    assert rate_words(0.0) == "0.0 fps"


@given(seconds=st.floats(allow_nan=True, allow_infinity=True))
def test_an_age_is_a_number_or_unknown(seconds: float) -> None:
    words = age_words(seconds)
    assert "nan" not in words
    assert "inf" not in words
    assert "-" not in words


@given(
    state=st.sampled_from([*CameraState, "silent", "", "?"]),
    age=st.floats(min_value=-1e6, max_value=1e6),
    fps=st.floats(allow_nan=True, allow_infinity=True),
    flags=st.sampled_from([FrameFlag.NONE, FrameFlag.STALE, FrameFlag.SHUTTER]),
)
def test_no_old_picture_ever_looks_live(state: str, age: float, fps: float, flags: FrameFlag) -> None:
    head = head_words(status(state, fps), picture(flags), later(age), Mode.LIVE)
    if age > 1.0 or age < -0.1:
        assert head.badge
        assert head.is_old
    assert "nan" not in head.text
    assert head.tone == "dim" if not head.badge else head.tone in ("warn", "alarm")
