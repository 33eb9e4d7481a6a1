"""Frames of one instant come together, and what was decoded ahead is never shown in the place of something else."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from drivers.errors import CameraTimeoutError
from drivers.frame import Frame
from recordings.reader import SessionReader
from tests.recordings.sessions import frame_of, simple_session
from tests.recordings.still_pace import StillPace, all_frames, opened


def test_frames_of_one_instant_are_decoded_before_they_are_due(
    tmp_path: Path, pace: StillPace, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A real camera gives them at once; decoded one after the other when they are due, the last would come late."""
    decoded: dict[tuple[str, int], int] = {}
    usual = SessionReader.frame

    def frame(reader: SessionReader, stream: str, index: int) -> Frame:
        assert decoded.setdefault((stream, index), pace.now) == pace.now, "decoded twice"
        return usual(reader, stream, index)

    monkeypatch.setattr(SessionReader, "frame", frame)
    camera = opened(simple_session(tmp_path / "a.mcap", 5), pace)
    due = {(one.stream, one.number): pace.now for one in all_frames(camera)}
    assert due.keys() == decoded.keys()
    late = [one for one in due if one[1] > 0 and decoded[one] >= due[one]]
    assert late == []


def test_a_seek_forgets_what_was_decoded_ahead(tmp_path: Path, pace: StillPace) -> None:
    camera = opened(simple_session(tmp_path / "a.mcap", 9), pace)
    assert [camera.read(60).number for _ in range(2)] == [0, 0]
    with pytest.raises(CameraTimeoutError):
        camera.read(0.03)  # the next ones are decoded by now
    camera.seek_frame("color", 5)
    after = [camera.read(60) for _ in range(4)]
    assert [(one.stream, one.number) for one in after] == [("color", 5), ("depth", 5), ("color", 6), ("depth", 6)]
    for one in after:
        np.testing.assert_array_equal(one.pixels, frame_of(one.info, one.number).pixels)
    camera.close()
