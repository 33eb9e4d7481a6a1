"""From a source string to a camera."""

from __future__ import annotations

import logging
from importlib.metadata import EntryPoint

import pytest

import drivers.registry as registry
from drivers.camera import Camera, CameraId
from drivers.errors import CameraOpenError, UnknownCameraError, UnsupportedFeatureError
from tests.drivers.fake_camera import FakeCamera


class Plugged:
    """A camera family from another package."""

    title = "Fake cameras"
    extra = "fakes"

    @classmethod
    def discover(cls) -> list[CameraId]:
        return [CameraId("fake:1", "Fake one")]

    @classmethod
    def from_source(cls, rest: str) -> Camera:
        camera = FakeCamera([])
        camera.calls.append(rest)
        return camera


class Broken(Plugged):
    @classmethod
    def discover(cls) -> list[CameraId]:
        raise RuntimeError("libusb: no such bus")


@pytest.fixture
def _entries(monkeypatch: pytest.MonkeyPatch) -> None:
    found = [
        EntryPoint("fake", f"{__name__}:Plugged", registry.GROUP),
        EntryPoint("broken", f"{__name__}:Broken", registry.GROUP),
        EntryPoint("gone", "no_such_package:Camera", registry.GROUP),
        EntryPoint("renamed", f"{__name__}:NoLongerHere", registry.GROUP),
    ]
    monkeypatch.setattr(registry, "entry_points", lambda group: found)


@pytest.mark.usefixtures("_entries")
def test_a_source_opens_the_camera_of_its_family():
    camera = registry.open_camera("fake:serial:7?speed=2")
    assert isinstance(camera, FakeCamera)
    assert camera.calls == ["serial:7?speed=2"]


@pytest.mark.usefixtures("_entries")
def test_families_of_other_packages_are_listed_and_broken_ones_say_why():
    families = {f.name: f for f in registry.families()}
    assert families["fake"] == registry.Family("fake", "Fake cameras", "fakes", available=True)
    assert not families["gone"].available
    assert "no_such_package" in families["gone"].reason
    assert families["gone"].how
    assert "NoLongerHere" in families["renamed"].reason
    with pytest.raises(CameraOpenError, match="no_such_package"):
        registry.open_camera("gone:1")


@pytest.mark.usefixtures("_entries")
def test_one_family_that_fails_does_not_hide_the_cameras_of_the_others(caplog: pytest.LogCaptureFixture):
    with caplog.at_level(logging.WARNING):
        assert registry.discover() == [CameraId("fake:1", "Fake one")]
    assert "libusb: no such bus" in caplog.text
    assert "no_such_package" in caplog.text


def test_the_built_in_family_is_found_through_the_same_door():
    families = {f.name: f for f in registry.families()}
    assert families["virtual"].available
    assert registry.families()[0].available


class Lacking(Plugged):
    apt = "libfake-0"
    note = "UNVERIFIED on a real device"

    @classmethod
    def why_unavailable(cls) -> str:
        return "the library fakes is not installed"


def test_a_family_whose_library_is_missing_says_what_brings_it(monkeypatch: pytest.MonkeyPatch):
    entry = EntryPoint("lacking", f"{__name__}:Lacking", registry.GROUP)
    monkeypatch.setattr(registry, "entry_points", lambda group: [entry])
    (family,) = registry.families()
    assert not family.available
    assert family.reason == "the library fakes is not installed"
    assert family.how == '`pip install "tapetum[fakes]"` and `apt install libfake-0`'
    assert family.note == "UNVERIFIED on a real device"
    assert registry.discover() == []


def test_an_unknown_source_is_told_without_the_password_in_it():
    with pytest.raises(UnknownCameraError) as caught:
        registry.open_camera("rstp://admin:secret@10.0.0.1/x")
    assert "secret" not in str(caught.value)
    assert "'rstp:...'" in str(caught.value)


@pytest.mark.parametrize("source", ["", ":", "nonsense", "nonsense:1", "person.mcap"])
def test_an_unknown_source_names_the_families(source: str):
    with pytest.raises(UnknownCameraError, match="virtual:"):
        registry.open_camera(source)


def test_a_bare_file_name_is_told_how_to_be_played():
    with pytest.raises(UnknownCameraError, match=r"write virtual:person\.mcap"):
        registry.open_camera("person.mcap")


def test_a_wrong_option_is_refused_before_anything_opens():
    with pytest.raises(UnsupportedFeatureError, match="speeed"):
        registry.open_camera("virtual:night.mcap?speeed=2")


def test_without_any_entry_the_installation_is_named(monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(registry, "entry_points", lambda group: [])
    with pytest.raises(UnknownCameraError, match=r"pip install -e \."):
        registry.open_camera("virtual:")
