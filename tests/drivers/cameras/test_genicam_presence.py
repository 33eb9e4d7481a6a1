"""Whether a camera is there is known without opening it."""

from __future__ import annotations

import time
from pathlib import Path

import pytest

from drivers.cameras import genicam_gvcp as gvcp
from drivers.cameras.genicam_presence import Presence, is_on_usb
from tests.drivers.cameras.fake_gige import ADDRESS, FakeGige, fake_gige

__all__ = ["fake_gige"]


@pytest.mark.parametrize("target", [ADDRESS, "GV01", ""])
def test_it_is_there_gone_and_back(fake_gige: FakeGige, target: str):
    presence = Presence(target)
    assert presence.look() is True
    fake_gige.kill()
    assert presence.look() is False
    fake_gige.start()
    assert presence.look() is True


def test_another_camera_is_not_it(fake_gige: FakeGige):
    assert Presence("GV77").look() is False


def test_the_answer_comes_soon():
    began = time.monotonic()
    for target in (ADDRESS, "GV01", ""):
        Presence(target).look()
    assert time.monotonic() - began < 3.0  # promised: 0.2 s each; the machine may be busy


def test_where_the_system_does_not_say_it_is_unknown(monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(gvcp, "networks", list)
    assert Presence("GV01").look() is None


def plug_in(root: Path, port: str, kind: tuple[str, str], serial: str) -> None:
    device, interface = root / port, root / f"{port}:1.0"
    device.mkdir()
    interface.mkdir()
    (device / "serial").write_text(f"{serial}\n")
    (interface / "bInterfaceClass").write_text(f"{kind[0]}\n")
    (interface / "bInterfaceSubClass").write_text(f"{kind[1]}\n")


def test_a_usb3_vision_camera_is_told_by_its_class_and_serial_number(tmp_path: Path):
    plug_in(tmp_path, "2-1", ("0e", "01"), "U31")  # a webcam
    assert not is_on_usb("U31", tmp_path)
    assert not is_on_usb("", tmp_path)
    plug_in(tmp_path, "2-2", ("ef", "05"), "U32")
    assert is_on_usb("U32", tmp_path)
    assert is_on_usb("", tmp_path)
    assert not is_on_usb("U33", tmp_path)
    assert not is_on_usb("", tmp_path / "no such system")
