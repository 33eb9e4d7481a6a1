"""The bundled sessions are written whole, with their truth inside, and the same every time."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from recordings.reader import SessionReader
from recordings.samples import BUNDLED
from recordings.samples.truth import read_truth
from training.faces import night_drive
from training.faces.bundle import SCENES, write_bundle
from training.faces.mesh import head_like_mesh


@pytest.mark.parametrize("name", BUNDLED)
def test_a_scene_is_written_with_its_truth_and_the_same_bytes_again(name: str, tmp_path: Path) -> None:
    first = write_bundle(head_like_mesh(), tmp_path / "a", seed=1, name=name, count=1)
    again = write_bundle(head_like_mesh(), tmp_path / "b", seed=1, name=name, count=1)
    assert first.session.name == f"{name}.mcap"
    assert (first.frames, first.session_bytes) == (1, first.session.stat().st_size)
    assert first.session.read_bytes() == again.session.read_bytes()
    with SessionReader(first.session) as session:
        truth = read_truth(session)
        assert truth is not None
        assert [frame.number for frame in truth.frames] == [0]
        assert {stream.name for stream in session.streams} == set(SCENES[name].cameras())
        for person in truth.frames[0].people:
            assert set(person.marks) == {stream.name for stream in session.streams} - {"depth"}
        for stream in session.streams:
            assert stream.intrinsics is not None
            assert session.frame(stream.name, 0).pixels.shape[:2] == (stream.height, stream.width)


def test_the_file_holds_what_was_rendered(tmp_path: Path) -> None:
    frame = next(night_drive.frames(head_like_mesh(), seed=2, count=1))
    bundle = write_bundle(head_like_mesh(), tmp_path, seed=2, count=1)
    with SessionReader(bundle.session) as session:
        for name in ("depth", "infrared", "thermal"):
            np.testing.assert_array_equal(session.frame(name, 0).pixels, getattr(frame, name))
        thermal = session.frame("thermal", 0)
        assert thermal.info.kelvin is not None
        assert 275 < float(np.median(thermal.info.kelvin.kelvin(thermal.pixels))) < 310
