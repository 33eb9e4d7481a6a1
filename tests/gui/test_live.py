"""Cameras as a feed: the real threads, a recorded camera, no model."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from drivers.camera import Camera
from drivers.errors import UnknownCameraError
from engines.errors import EngineError
from engines.loading import Models, load_models
from gui.feed import Phase, Shown
from gui.live import LiveFeed
from pipeline.config import PipelineConfig
from recordings.reader import SessionReader
from recordings.virtual import VirtualCamera
from tests.drivers.fake_camera import FindableCamera, Quiet
from tests.gui.conftest import no_models


@contextmanager
def running(feed: LiveFeed) -> Iterator[LiveFeed]:
    """Started, and closed in time whatever the test says."""
    feed.start()
    try:
        yield feed
    finally:
        assert feed.close()


def until(feed: LiveFeed, true: Callable[[], bool]) -> None:
    deadline = time.monotonic() + 20
    while not true():
        assert time.monotonic() < deadline, feed.status()
        time.sleep(0.01)


def test_a_camera_is_shown_live_and_stops_in_time(session: Path) -> None:
    with running(LiveFeed([f"virtual:{session}?loop=1"], load=no_models, open_source=_open)) as feed:
        shown = _first(feed)
        assert set(shown.frame_set.frames) >= {"color", "depth"}
        assert shown.position == -1
        status = feed.status()
        assert status.phase is Phase.RUNNING
        assert {s.info.name for s in status.streams} == {"color", "depth", "thermal"}


def test_a_camera_that_ends_is_said_to_have_ended(session: Path) -> None:
    with running(LiveFeed([f"virtual:{session}?speed=8"], load=no_models, open_source=_open)) as feed:
        until(feed, lambda: feed.status().phase is Phase.ENDED)


def test_a_camera_that_is_lost_is_told_while_it_is(session: Path) -> None:
    source = f"virtual:{session}?lose_at=0.2&lose_s=60"
    with running(LiveFeed([source], load=no_models, open_source=_open)) as feed:
        until(feed, lambda: f"{source} is gone: the pictures are old" in feed.status().problem)
        assert {s.fps for s in feed.status().streams} == {0.0}


def test_an_unknown_camera_is_a_problem_and_no_crash() -> None:
    def unknown(source: str):  # type: ignore[no-untyped-def]  # never returns
        raise UnknownCameraError(f"no family of cameras answers to {source!r}")

    with running(LiveFeed(["nonsense:"], load=no_models, open_source=unknown)) as feed:
        until(feed, lambda: feed.status().phase is Phase.FAILED)
        assert "nonsense" in feed.status().problem
        assert feed.newest() is None


def test_closing_at_once_leaves_nothing(session: Path) -> None:
    with running(LiveFeed([f"virtual:{session}"], load=no_models, open_source=_open)):
        pass


def test_engines_cannot_be_changed_before_a_picture_runs_or_for_a_model_that_is_not_there(session: Path) -> None:
    waiting = LiveFeed(["virtual:"], load=no_models, open_source=_open)
    with pytest.raises(EngineError, match="no picture runs yet"):
        waiting.swap("face_landmarks", "openvino:int8")
    assert not waiting.cancel_build()
    with running(LiveFeed([f"virtual:{session}?loop=1"], load=no_models, open_source=_open)) as feed:
        _first(feed)
        with pytest.raises(EngineError, match="no loaded model 'face_landmarks'"):
            feed.swap("face_landmarks", "openvino:int8")
        assert not feed.cancel_build()


@pytest.mark.slow
def test_an_engine_is_changed_while_the_picture_runs(session: Path) -> None:
    def load() -> Models:
        return load_models("openvino", names=["face_landmarks"])

    with running(LiveFeed([f"virtual:{session}?loop=1"], load=load, open_source=_open)) as feed:
        _first(feed)
        assert [state.wish for state in feed.status().engines] == ["openvino"]
        feed.swap("face_landmarks", "onnxruntime")
        assert feed.status().engines[0].coming == "onnxruntime"
        until(feed, lambda: feed.status().engines[0].wish == "onnxruntime" and not feed.status().engines[0].coming)
        status = feed.status()
        assert status.models["face_landmarks"]["backend"] == "onnxruntime", "the numbers' table follows"
        assert status.not_computed == 0
        _first(feed)


def test_a_camera_that_is_missing_is_waited_for_and_said_to_be(session: Path) -> None:
    """One that comes later is opened; the window says meanwhile why there is no picture, and can be closed."""
    missing = FindableCamera([Quiet()])
    missing.present = False

    def opened(source: str) -> Camera:
        return missing if source == "fake:" else _open(source)

    with running(LiveFeed([f"virtual:{session}?loop=1", "fake:"], load=no_models, open_source=opened)) as feed:
        until(feed, lambda: "fake:: gone: there is no such camera" in feed.status().problem)
        assert feed.status().phase is Phase.OPENING
        assert feed.newest() is None
        missing.present = True
        until(feed, lambda: feed.status().phase is Phase.RUNNING)
        until(feed, lambda: not feed.status().problem.startswith("fake:: gone"))
    missing.present = False
    with running(LiveFeed(["fake:"], load=no_models, open_source=opened)) as feed:
        until(feed, lambda: "there is no such camera" in feed.status().problem)


def test_a_camera_that_is_given_up_is_said_to_be_and_why(session: Path) -> None:
    source = f"virtual:{session}?lose_at=0.2&lose_s=60"
    config = PipelineConfig.model_validate({"cameras": {"attempts": 1}})
    with running(LiveFeed([source], config, load=no_models, open_source=_open)) as feed:
        until(feed, lambda: feed.status().phase is Phase.ENDED)
        (line,) = feed.status().problem.splitlines()
        assert f"{source} was given up: " in line
        assert "given up after 1 attempts" in line
        assert "as soon as it is back" not in line


def test_a_recording_begins_while_the_models_are_loaded(session: Path, tmp_path: Path) -> None:
    loaded_ns = 0

    def load() -> Models:
        nonlocal loaded_ns
        time.sleep(1.0)
        loaded_ns = time.time_ns()
        return no_models()

    out = tmp_path / "night.mcap"
    with running(LiveFeed([f"virtual:{session}?loop=1"], record=out, load=load, open_source=_open)) as feed:
        until(feed, lambda: feed.status().phase is Phase.LOADING)
        assert not feed.mark(), "nothing is recorded yet"
        _first(feed)
        assert feed.status().problem == ""
    with SessionReader(out) as reader:
        assert reader.times("depth").host_ns[0] < loaded_ns - 300_000_000


def _open(source: str) -> VirtualCamera:
    return VirtualCamera.from_source(source.removeprefix("virtual:"))


def _first(feed: LiveFeed) -> Shown:
    deadline = time.monotonic() + 20
    while True:
        shown = feed.newest()
        if shown is not None:
            return shown
        assert time.monotonic() < deadline, feed.status()
        time.sleep(0.005)
