"""What is true in a rendered session comes back from the session file itself."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from recordings.errors import SessionFormatError, SessionNotFoundError
from recordings.observation import Box, HeadPose
from recordings.reader import SessionReader
from recordings.samples import BUNDLED, bundled_session
from recordings.samples.truth import (
    MEDIA_TYPE,
    TRUTH,
    EventTruth,
    FrameTruth,
    MarksTruth,
    PersonTruth,
    SessionTruth,
    read_truth,
)
from recordings.virtual import VirtualCamera
from recordings.writer import SessionWriter
from tests.recordings.sessions import DEPTH, frame_of, info_of

number = st.floats(-1e3, 1e3).map(lambda v: round(v, 2) + 0.0)
share = st.floats(0, 1).map(lambda v: round(v, 3))


@st.composite
def people(draw: st.DrawFn) -> PersonTruth:
    rng = np.random.default_rng(draw(st.integers(0, 1 << 32)))
    points = rng.normal(0, 400, (68, 2)).astype(np.float32)
    visible = rng.random(68) < draw(share)
    return PersonTruth(
        id=draw(st.integers(1, 9)),
        head_center_m=(draw(number), draw(number), draw(number)),
        distance_m=draw(number),
        pose=HeadPose(draw(number), draw(number), draw(number)),
        openness=(draw(share), draw(share)),
        gaze_deg=(draw(number), draw(number)),
        marks={"infrared": MarksTruth(Box(draw(number), draw(number), draw(number), draw(number)), points, visible)},
        masked=draw(st.booleans()),
        glasses=draw(st.booleans()),
    )


@given(people())
def test_a_person_comes_back_as_written(person: PersonTruth) -> None:
    truth = SessionTruth((FrameTruth(3, 0.25, (person,)),), (EventTruth("yawn", 1, 0.5, 3.25),))
    again = SessionTruth.from_bytes(truth.to_bytes())
    assert again.events == truth.events
    assert (again.frames[0].number, again.frames[0].time_s) == (3, 0.25)
    other = again.frames[0].people[0]
    for name in ("id", "head_center_m", "distance_m", "openness", "gaze_deg", "masked", "glasses"):
        assert getattr(other, name) == getattr(person, name)
    assert (other.pose.yaw_deg, other.pose.pitch_deg, other.pose.roll_deg) == (
        person.pose.yaw_deg,
        person.pose.pitch_deg,
        person.pose.roll_deg,
    )
    assert other.marks["infrared"].box == person.marks["infrared"].box
    np.testing.assert_allclose(other.marks["infrared"].points, person.marks["infrared"].points, atol=0.006)
    np.testing.assert_array_equal(other.marks["infrared"].visible, person.marks["infrared"].visible)
    assert again.to_bytes() == truth.to_bytes()


@pytest.mark.parametrize(
    "data",
    [b"", b"{", b"[]", b"{}", b'{"version":1,"frames":[{}],"events":[]}', b'{"version":2,"frames":[],"events":[]}'],
)
def test_what_is_no_truth_is_refused(data: bytes) -> None:
    with pytest.raises(SessionFormatError, match="truth"):
        SessionTruth.from_bytes(data)


def test_a_session_carries_its_truth_and_one_without_says_so(tmp_path: Path) -> None:
    truth = SessionTruth((), (EventTruth("blink", 1, 0.0, 0.3),))
    for name, data in (("with.mcap", truth.to_bytes()), ("without.mcap", None)):
        with SessionWriter(tmp_path / name, info_of([DEPTH])) as writer:
            writer.write_frame(frame_of(DEPTH, 0))
            if data is not None:
                writer.write_attachment(TRUTH, MEDIA_TYPE, data)
    with SessionReader(tmp_path / "with.mcap") as session:
        found = read_truth(session)
        assert found is not None
        assert found.events == truth.events
    with SessionReader(tmp_path / "without.mcap") as session:
        assert read_truth(session) is None


@pytest.mark.parametrize("name", BUNDLED)
def test_every_bundled_session_has_a_truth_for_every_frame(name: str) -> None:
    with SessionReader(bundled_session(name)) as session:
        truth = read_truth(session)
        assert truth is not None
        assert truth.events
        for stream in session.streams:
            assert session.count(stream.name) == len(truth.frames)
            assert len(session.times(stream.name).device_ns) == len(truth.frames)
        last = truth.frames[-1]
        assert all(event.begin_s <= last.time_s for event in truth.events)
        assert bundled_session(name).stat().st_size <= 9_000_000


@pytest.mark.parametrize("name", BUNDLED)
def test_a_bundled_session_plays_by_its_name_as_a_camera(name: str) -> None:
    camera = VirtualCamera.from_source(name)
    camera.open()
    try:
        assert {"depth", "infrared", "thermal"} <= {stream.name for stream in camera.streams()}
    finally:
        camera.close()


def test_no_other_name_is_bundled() -> None:
    with pytest.raises(SessionNotFoundError, match="night-street"):
        bundled_session("night-train")
