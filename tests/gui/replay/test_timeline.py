"""A replay sees the very FrameSets that a run from the beginning sees."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from gui.replay.timeline import Timeline
from pipeline.schedule import all_frame_sets
from pipeline.steps.synchronise import SynchronizeConfig
from recordings.reader import SessionReader
from tests.gui.conftest import FRAMES
from tests.gui.replay.test_marks import COUNT, eventful


@pytest.mark.parametrize("kind", ["tidy", "with a pause, losses and cameras that began anew"])
def test_every_position_gives_the_frame_set_of_a_batch_run(kind: str, session: Path, tmp_path: Path) -> None:
    config = SynchronizeConfig()
    path, count = (session, FRAMES) if kind == "tidy" else (eventful(tmp_path / "a.mcap"), COUNT)
    with SessionReader(path) as reader:
        line = Timeline(reader, config)
        assert len(line) == count
        for position, expected in enumerate(all_frame_sets(reader, reader.streams, config)):
            found = line.frame_set(position)
            assert (found.number, found.device_ns, found.skew_ns) == (
                expected.number,
                expected.device_ns,
                expected.skew_ns,
            )
            assert found.missing == expected.missing
            assert list(found.frames) == list(expected.frames)
            for name, frame in expected.frames.items():
                assert found.frames[name].number == frame.number
                assert np.array_equal(found.frames[name].pixels, frame.pixels)


def test_opening_tells_how_far_it_is_and_stops_when_asked(session: Path) -> None:
    with SessionReader(session) as reader:
        shares: list[float] = []
        Timeline(reader, SynchronizeConfig(), on_progress=shares.append)
        assert shares == sorted(shares)
        assert shares[-1] == 1.0
        Timeline(reader, SynchronizeConfig(), stop=lambda: True)
