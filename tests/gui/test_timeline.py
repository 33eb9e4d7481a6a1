"""A replay sees the very FrameSets that a run from the beginning sees."""

from __future__ import annotations

from pathlib import Path

import numpy as np

from gui.timeline import Timeline
from pipeline.schedule import all_frame_sets
from pipeline.steps.synchronise import SynchronizeConfig
from recordings.reader import SessionReader
from tests.gui.conftest import FRAMES


def test_every_position_gives_the_frame_set_of_a_batch_run(session: Path) -> None:
    config = SynchronizeConfig()
    with SessionReader(session) as reader:
        line = Timeline(reader, config)
        assert len(line) == FRAMES
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
