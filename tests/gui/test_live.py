"""Cameras as a feed: the real threads, a recorded camera, no model."""

from __future__ import annotations

import time
from pathlib import Path

from drivers.errors import UnknownCameraError
from gui.feed import Phase, Shown
from gui.live import LiveFeed
from recordings.virtual import VirtualCamera
from tests.gui.conftest import no_models


def test_a_camera_is_shown_live_and_stops_in_time(session: Path) -> None:
    feed = LiveFeed([f"virtual:{session}?loop=1"], load=no_models, open_source=_open)
    feed.start()
    shown = _first(feed)
    assert set(shown.frame_set.frames) >= {"color", "depth"}
    assert shown.position == -1
    status = feed.status()
    assert status.phase is Phase.RUNNING
    assert {s.info.name for s in status.streams} == {"color", "depth", "thermal"}
    assert feed.close()


def test_a_camera_that_ends_is_said_to_have_ended(session: Path) -> None:
    feed = LiveFeed([f"virtual:{session}?speed=8"], load=no_models, open_source=_open)
    feed.start()
    deadline = time.monotonic() + 20
    while feed.status().phase is not Phase.ENDED:
        assert time.monotonic() < deadline, feed.status()
        time.sleep(0.01)
    assert feed.close()


def test_an_unknown_camera_is_a_problem_and_no_crash() -> None:
    def unknown(source: str):  # type: ignore[no-untyped-def]  # never returns
        raise UnknownCameraError(f"no family of cameras answers to {source!r}")

    feed = LiveFeed(["nonsense:"], load=no_models, open_source=unknown)
    feed.start()
    deadline = time.monotonic() + 10
    while feed.status().phase is not Phase.FAILED:
        assert time.monotonic() < deadline
        time.sleep(0.01)
    assert "nonsense" in feed.status().problem
    assert feed.newest() is None
    assert feed.close()


def test_closing_at_once_leaves_nothing(session: Path) -> None:
    feed = LiveFeed([f"virtual:{session}"], load=no_models, open_source=_open)
    feed.start()
    assert feed.close()


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
