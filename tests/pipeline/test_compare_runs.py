"""What a batch writes twice is the same twice."""

from __future__ import annotations

from pathlib import Path

from engines.loading import Models
from pipeline.compare_runs import compare_runs
from pipeline.config import PipelineConfig
from pipeline.offline import OutputOptions, process_session
from tests.helpers.sessions import write_session


def test_what_batch_writes_is_the_same_as_the_same_again(tmp_path: Path, models: Models) -> None:
    session = write_session(tmp_path / "small.mcap", 4)
    options = OutputOptions(video=False, rules="night-watch")
    for out in ("a", "b"):
        process_session(session, tmp_path / out / "small", models, PipelineConfig(), options)
    report = compare_runs(tmp_path / "a", tmp_path / "b")
    assert report.is_same
    assert report.sessions == 1
