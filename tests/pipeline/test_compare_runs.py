"""What a batch writes twice is the same twice."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

from engines.loading import Models
from pipeline.compare_runs import compare_runs
from pipeline.compare_sources import Run
from pipeline.config import PipelineConfig
from pipeline.offline import OutputOptions, process_session
from recordings.event import Event
from recordings.writer import SessionWriter
from tests.helpers.sessions import write_session
from tests.recordings.sessions import DEPTH, EPOCH, GRAY, MS, frame_of, info_of


def test_what_batch_writes_is_the_same_as_the_same_again(tmp_path: Path, models: Models) -> None:
    session = write_session(tmp_path / "small.mcap", 4)
    options = OutputOptions(video=False, rules="night-watch")
    for out in ("a", "b"):
        process_session(session, tmp_path / out / "small", models, PipelineConfig(), options)
    report = compare_runs(tmp_path / "a", tmp_path / "b")
    assert report.is_same
    assert report.sessions == 1


def test_a_session_of_several_clocks_lasts_as_long_as_it_did(tmp_path: Path) -> None:
    """Its events and what is labelled in it are told on our clock."""
    one, two = replace(DEPTH, clock="one", registered_to=None), replace(GRAY, clock="two")
    with SessionWriter(tmp_path / "night.mcap", info_of([one, two])) as writer:
        for n in range(4):
            writer.write_frame(frame_of(one, n))
            writer.write_frame(frame_of(two, n, device_ns=900_000 * MS + n))
        writer.write_event(Event("yawn", EPOCH + 30 * MS, EPOCH + 40 * MS))
    with Run(tmp_path / "night.mcap") as run:
        (session,) = run.sessions.values()
        assert session.span_ns() == (EPOCH, EPOCH + 3 * 33 * MS)
