"""Several cameras, each with a clock of its own: one rig, one recording, the same results again."""

from __future__ import annotations

import time
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from drivers.frame import Frame, Intrinsics, KelvinMap, StreamInfo, StreamKind
from drivers.rig import load_rig
from engines.loading import Models
from pipeline.config import PipelineConfig
from pipeline.errors import LiveError
from pipeline.run import LiveRun
from pipeline.verify import verify_session
from recordings.describe import describe
from recordings.describe_words import lines
from recordings.reader import SessionReader
from recordings.session import SessionInfo
from recordings.writer import SessionWriter
from tests.helpers.sessions import START_NS, write_session

COUNT = 40
THERMAL = StreamInfo(
    "thermal",
    StreamKind.THERMAL,
    80,
    60,
    "uint16",
    fps=9.0,
    kelvin=KelvinMap(0.01),
    intrinsics=Intrinsics(80, 60, 70.0, 70.0, 39.5, 29.5),
)


@pytest.fixture
def rig_file(tmp_path: Path) -> Path:
    """A depth camera at 30 frames/s, and a thermal one at 9 whose clock began an hour ago and runs 100 ppm fast."""
    write_session(tmp_path / "depth.mcap", COUNT)
    info = SessionInfo.create([THERMAL], title="thermal", source="tests", clock="synthetic")
    with SessionWriter(tmp_path / "thermal.mcap", info) as writer:
        for i in range(COUNT * 9 // 30 + 1):
            at_ns = round(i / 9 * 1e9)
            pixels = np.full(THERMAL.shape, 30515 + i, np.uint16)
            device_ns = 3_600_000_000_000 + round(at_ns * (1 + 1e-4))
            writer.write_frame(Frame(THERMAL, pixels, i, device_ns, START_NS + at_ns))
    path = tmp_path / "night.toml"
    path.write_text(
        f"""
        version = 1
        [cameras.front]
        source = "virtual:{tmp_path}/depth.mcap"

        [cameras.heat]
        source = "virtual:{tmp_path}/thermal.mcap"
        """
    )
    return path


def test_a_rig_is_recorded_as_one_session_and_verifies(rig_file: Path, models: Models, tmp_path: Path) -> None:
    recorded = tmp_path / "live.mcap"
    run = LiveRun(load_rig(rig_file).members(), models, record=recorded)
    run.start()
    assert [s.name for s in run.streams] == ["front/depth", "front/infrared", "heat/thermal"]
    assert run.wait(60.0)
    assert run.stop()
    with SessionReader(recorded) as reader:
        assert [(s.name, s.clock) for s in reader.streams] == [
            ("front/depth", "front"),
            ("front/infrared", "front"),
            ("heat/thermal", "heat"),
        ]
        cameras = (reader.run() or {})["cameras"]
        assert [c["name"] for c in cameras] == ["front", "heat"]
        assert cameras[1]["options"]["file"].endswith("thermal.mcap")
        assert any(line.split()[:2] == ["camera", "heat:"] for line in lines(describe(recorded)))
        entries = list(reader.schedule())
        with_thermal = [e for e in entries if "heat/thermal" in e.frames]
        assert with_thermal
        for entry in entries:
            assert entry.instant_ns is not None
            assert entry.skew_ns is not None
            assert entry.skew_ns <= 40_000_000
    assert verify_session(recorded, models, PipelineConfig()).is_good


def test_cameras_without_a_rig_get_names_of_their_own(rig_file: Path, models: Models) -> None:
    cameras = [member.camera for member in load_rig(rig_file).members()]
    run = LiveRun(cameras, models)
    run.start()
    assert [s.name for s in run.streams] == ["virtual/depth", "virtual/infrared", "virtual2/thermal"]
    assert run.stop()


def test_two_streams_of_one_name_are_refused(rig_file: Path, models: Models) -> None:
    members = [replace(m, relabel=lambda s, _: replace(s, name="same")) for m in load_rig(rig_file).members()]
    with pytest.raises(LiveError, match="name them apart in a rig's file"):
        LiveRun(members, models).start()


def test_what_came_before_the_last_camera_was_open_is_no_loss(
    rig_file: Path, models: Models, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A slow camera beside a fast one: the recording begins when both are there, and is complete."""
    monkeypatch.setattr("pipeline.early_frames.CAPACITY", 80)
    monkeypatch.setattr("pipeline.live_intake.SYNC_CAPACITY", 80)
    slow = tmp_path / "slow.toml"
    slow.write_text('[[fault]]\nkind = "slow_open"\nfor_s = 2.5\n')
    rig_file.write_text(
        f"""
        version = 1
        [cameras.front]
        source = "virtual:{tmp_path}/depth.mcap?loop=on"

        [cameras.heat]
        source = "virtual:{tmp_path}/thermal.mcap?loop=on&faults={slow}"
        """
    )
    recorded = tmp_path / "live.mcap"
    run = LiveRun(load_rig(rig_file).members(), models, record=recorded)
    run.start()
    deadline = time.monotonic() + 20.0
    while (recorder := run.status().recorder) is None or recorder.frames < 50:
        assert time.monotonic() < deadline, run.status()
        time.sleep(0.005)
    assert run.stop()
    status = run.status()
    assert status.recorder is not None
    assert status.errors == ()
    assert dict(status.recorder.lost) == {}
    assert status.channels["synchronise"].dropped == 0
    with SessionReader(recorded) as reader:
        assert reader.count("front/depth") > 30, "the newest of what came before are there"
        assert reader.count("heat/thermal") > 0
    assert verify_session(recorded, models, PipelineConfig()).is_good


def test_a_run_ends_when_every_camera_has_ended_or_was_given_up(rig_file: Path, models: Models, tmp_path: Path) -> None:
    rig_file.write_text(rig_file.read_text().replace("depth.mcap", "depth.mcap?lose_at=0.4&lose_s=60"))
    config = PipelineConfig.model_validate({"cameras": {"attempts": 1}})
    run = LiveRun(load_rig(rig_file).members(), models, config, record=tmp_path / "live.mcap")
    run.start()
    try:
        assert run.wait(20.0), "nobody is waited for"
    finally:
        assert run.stop()
    assert any("depth.mcap" in e and "was given up" in e and "1 attempt" in e for e in run.status().errors)
    with SessionReader(tmp_path / "live.mcap") as reader:
        assert {"camera lost", "error"} <= {event.name for event in reader.events()}
