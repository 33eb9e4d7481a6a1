"""A live run that sees an alarm leaves a clip of it, and tells others where."""

from __future__ import annotations

import json
import time
from collections.abc import Callable
from pathlib import Path

from drivers.registry import open_camera
from engines.loading import Models
from pipeline.clip_shelf import ClipsConfig
from pipeline.config import PipelineConfig
from pipeline.live_rules import WatchConfig
from pipeline.run import LiveRun
from recordings.integrity import check_session
from recordings.reader import SessionReader
from recordings.told_events import joined
from tests.helpers.sessions import write_session

RULES = """
name = "test"

[[rule]]
name = "alone"
text = "Nobody else is there"
severity = "alarm"
per = "scene"
clip_s = [0.3, 0.2]
when = { signal = "faces", below = 2 }
for_s = 0.5
"""


def test_an_alarm_leaves_a_clip_that_opens_and_others_are_told_its_path(models: Models, tmp_path: Path) -> None:
    session = write_session(tmp_path / "long.mcap", 80)
    rules, script, heard, folder = (tmp_path / name for name in ("rules.toml", "tell.sh", "heard", "alarms"))
    rules.write_text(RULES)
    script.write_text(f"#!/bin/sh\ncat > {heard}.part && mv {heard}.part {heard}\n")
    script.chmod(0o755)
    clips = ClipsConfig(folder=str(folder), least_free_gib=0.0)
    config = PipelineConfig(watch=WatchConfig(rules=str(rules), on_alarm=str(script), clips=clips))
    run = LiveRun([open_camera(f"virtual:{session}?loop=1")], models, config, keep=True)
    run.start()
    try:
        end = time.monotonic() + 20.0
        while not (heard.exists() and list(folder.glob("*.mcap"))):
            assert time.monotonic() < end, run.status().rules
            time.sleep(0.01)
        status = run.status().rules
    finally:
        assert run.stop(10.0)
    told = json.loads(heard.read_text())
    path = Path(told["clip"])
    assert path.parent == folder
    assert told["event"]["clip"]["file"] == str(path)
    assert status.clips is not None
    assert status.clips.failed == 0
    with SessionReader(path) as reader:
        assert check_session(reader).is_whole
        assert "alone" in [event.name for event in reader.events()]
        at = reader.times("depth").host_ns
        assert 0.3 <= (at[-1] - at[0]) / 1e9 <= 0.55


def test_a_mute_is_recorded_when_it_begins_and_when_it_ends(models: Models, tmp_path: Path) -> None:
    session, night = write_session(tmp_path / "long.mcap", 40), tmp_path / "night.mcap"
    run = LiveRun([open_camera(f"virtual:{session}?loop=1")], models, keep=True, record=night)
    run.start()
    try:
        until(lambda: run.status().processed > 2)
        event = run.mute_began("sound muted", "sound off", "ann", 60.0)
        processed = run.status().processed
        until(lambda: run.status().processed > processed + 5)
        run.mute_told(event, "sound on again, by bob")
        until(lambda: run.status().processed > processed + 10)
    finally:
        assert run.stop(10.0)
    with SessionReader(night) as reader:
        (told,) = [one for one in joined(reader.events()) if one.name == "sound muted"]
    assert told.begin_ns == event.begin_ns
    assert told.end_ns is not None
    assert told.end_ns > told.begin_ns
    assert (told.muted_by, told.muted_until_ns) == ("ann", event.begin_ns + 60 * 10**9)
    assert told.note == "sound off; sound on again, by bob"


def until(true: Callable[[], bool]) -> None:
    end = time.monotonic() + 20.0
    while not true():
        assert time.monotonic() < end
        time.sleep(0.005)
