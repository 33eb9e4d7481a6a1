"""Cameras that come and go are noticed, without asking every family all the time."""

from __future__ import annotations

import pytest

from drivers.camera import CameraId
from drivers.hotplug import HotPlug, plugged_in
from tests.drivers.fake_camera import wait_until

A, B = CameraId("fake:1", "Fake one"), CameraId("fake:2", "Fake two")


class Desk:
    """What is plugged in, and how often the families were asked."""

    def __init__(self) -> None:
        self.there: list[CameraId] = [A]
        self.asked = 0
        self.changes: list[tuple[list[str], list[str]]] = []

    def find(self) -> list[CameraId]:
        self.asked += 1
        return list(self.there)

    def look(self) -> frozenset[str]:
        return frozenset(c.source for c in self.there)

    def told(self, came: object, went: object) -> None:
        self.changes.append(([c.source for c in came], [c.source for c in went]))  # type: ignore[attr-defined]  # sequences of CameraId

    def hot_plug(self, find_s: float = 3600.0) -> HotPlug:
        return HotPlug(self.told, find=self.find, look=self.look, look_s=0.005, find_s=find_s)


def test_a_camera_that_is_plugged_in_and_out_is_told():
    desk = Desk()
    watcher = desk.hot_plug()
    watcher.start()
    wait_until(lambda: len(desk.changes) == 1, "the first look")
    desk.there = [A, B]
    wait_until(lambda: len(desk.changes) == 2, "the second camera")
    desk.there = [B]
    wait_until(lambda: len(desk.changes) == 3, "the loss")
    assert watcher.stop()
    assert desk.changes == [(["fake:1"], []), (["fake:2"], []), ([], ["fake:1"])]
    assert desk.asked == 3, "the families are asked when something changed"


def test_what_no_list_of_the_system_shows_is_asked_for_now_and_then():
    desk = Desk()
    desk.look = frozenset  # type: ignore[method-assign]  # a system without such a list
    watcher = desk.hot_plug(find_s=0.01)
    watcher.start()
    wait_until(lambda: desk.asked > 2, "several askings")
    desk.there = []
    wait_until(lambda: (([], ["fake:1"])) in desk.changes, "the loss")
    assert watcher.stop()


def test_no_camera_at_all_is_told_too():
    desk = Desk()
    desk.there = []
    watcher = desk.hot_plug()
    watcher.start()
    wait_until(lambda: desk.changes == [([], [])], "the first look")
    assert watcher.stop()


def test_a_listener_that_fails_does_not_end_the_looking(caplog: pytest.LogCaptureFixture):
    desk = Desk()

    def fails(came: object, went: object) -> None:
        desk.told(came, went)
        raise ValueError("no ears")

    watcher = HotPlug(fails, find=desk.find, look=desk.look, look_s=0.005)
    watcher.start()
    wait_until(lambda: len(desk.changes) == 1, "the first look")
    desk.there = [B]
    wait_until(lambda: len(desk.changes) == 2, "the change")
    assert watcher.stop()
    assert "no ears" in caplog.text


def test_the_systems_own_list_is_read_without_an_error():
    assert plugged_in() == plugged_in()
