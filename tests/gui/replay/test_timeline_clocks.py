"""A session of cameras with clocks of their own is replayed by the same FrameSets as it is processed."""

from __future__ import annotations

from pathlib import Path

from gui.replay.timeline import Timeline
from pipeline.schedule import all_frame_sets
from pipeline.steps.synchronise import SynchronizeConfig
from recordings.reader import SessionReader
from recordings.session import SessionInfo
from recordings.writer import SessionWriter
from tests.pipeline.test_synchronise_rigs import OWN, in_order, own_clock


def test_the_timeline_shows_the_frame_sets_that_are_processed(tmp_path: Path) -> None:
    depth, gray, thermal = OWN
    silent = range(101, 200)  # while depth says nothing another stream leads
    frames = in_order(
        [f for f in own_clock(depth, 12, first_s=3, ppm=100, late_ms=2, seed=1) if f.number not in silent],
        own_clock(gray, 12, first_s=70, ppm=-90, late_ms=2, seed=2),
        own_clock(thermal, 12, first_s=0, ppm=10, late_ms=3, seed=3),
    )
    path = tmp_path / "clocks.mcap"
    with SessionWriter(path, SessionInfo.create(OWN, title="clocks", source="tests")) as writer:
        for frame in frames:
            writer.write_frame(frame)
    config = SynchronizeConfig()
    with SessionReader(path) as reader:
        timeline = Timeline(reader, config)
        processed = list(all_frame_sets(reader, reader.streams, config))
        assert len(processed) == len(timeline) > 300
        assert any("depth" in one.missing for one in processed)
        for index, one in enumerate(processed):
            shown = timeline.frame_set(index)
            assert (shown.device_ns, shown.skew_ns, shown.missing) == (one.device_ns, one.skew_ns, one.missing)
            assert {n: f.number for n, f in shown.frames.items()} == {n: f.number for n, f in one.frames.items()}
