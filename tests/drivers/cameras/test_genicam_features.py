"""Any GenICam feature can be read, checked and set by its name."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from drivers.camera import ControlKind
from drivers.cameras import genicam_aravis
from drivers.cameras.genicam_features import Features
from drivers.errors import CameraLostError, UnsupportedFeatureError
from tests.drivers.cameras.fake_gige import ADDRESS, FakeGige, describe_thermal, need_fake

MORE = """
<Boolean Name="Light"><Value>0</Value><OnValue>1</OnValue><OffValue>0</OffValue></Boolean>
<Integer Name="Stepped"><Value>8</Value><Min>8</Min><Max>64</Max><Inc>8</Inc></Integer>
"""


@pytest.fixture
def camera(tmp_path: Path) -> Iterator[FakeGige]:
    need_fake()
    path = describe_thermal(tmp_path / "description.xml")
    text = path.read_text().replace("</RegisterDescription>", MORE + "</RegisterDescription>")
    path.write_text(text.replace('<Category Name="Thermal">', '<Category Name="Thermal"><pFeature>Light</pFeature>'))
    with FakeGige("F1", description=path) as one:
        yield one


@pytest.fixture
def features(camera: FakeGige) -> Iterator[Features]:
    aravis = genicam_aravis.load()
    made = Features(aravis, aravis.Camera.new(ADDRESS))
    yield made
    # Let go of while its program runs: Aravis takes leave of a camera, and waits seconds for one that does not answer.
    made._camera = made._device = None


@pytest.mark.parametrize(
    ("name", "before", "written", "after"),
    [
        ("Light", "off", "on", "on"),
        ("Light", "off", "TRUE", "on"),
        ("Stepped", "8", "24", "24"),
        ("Stepped", "8", "0x20", "32"),
        ("ObjectEmissivity", "0.98", "0.5", "0.5"),
        ("IRFormat", "Radiometric", "TemperatureLinear10mK", "TemperatureLinear10mK"),
        ("TestStringReg", "Local:arv-fake-camera.xml;10000;", "a word", "a word"),
    ],
)
def test_a_feature_is_what_it_was_set_to(features: Features, name: str, before: str, written: str, after: str):
    assert features.has(name)
    assert features.read(name) == before
    features.write(name, written)
    assert features.read(name) == after


@pytest.mark.parametrize(
    ("name", "value", "words"),
    [
        ("Light", "bright", "Light is on or off; found 'bright'"),
        ("Stepped", "12", "a whole number from 8 to 64 in steps of 8; found '12'"),
        ("Stepped", "72", "from 8 to 64"),
        ("Stepped", "8.5", "a whole number"),
        ("ObjectEmissivity", "nan", "a number from 0.01 to 1"),
        ("ObjectEmissivity", "2", "a number from 0.01 to 1"),
        ("IRFormat", "Visual", "IRFormat may be Radiometric, TemperatureLinear100mK, TemperatureLinear10mK"),
        ("Root", "1", "nothing that can be set"),
        ("Emissivity", "1", "no feature 'Emissivity'; there .*ObjectEmissivity"),
    ],
)
def test_a_value_that_it_cannot_have_is_refused_with_those_that_it_can(
    features: Features, name: str, value: str, words: str
):
    with pytest.raises(UnsupportedFeatureError, match=words):
        features.write(name, value)


def test_a_number_is_none_for_what_is_none(features: Features):
    assert features.number("R") == 17_000.0
    assert features.number("IRFormat") is None
    assert features.number("Nothing") is None
    assert features.read("Nothing") is None
    assert not features.has("Nothing")


def test_every_feature_is_named_once(features: Features):
    names = features.names()
    assert {"Width", "Light", "IRFormat", "NUCAction"} <= set(names)
    assert len(names) == len(set(names))


@pytest.mark.parametrize(
    ("name", "kind"),
    [
        ("Light", ControlKind.SWITCH),
        ("Stepped", ControlKind.NUMBER),
        ("IRFormat", ControlKind.CHOICE),
        ("NUCAction", ControlKind.ACTION),
        ("DeviceModelName", ControlKind.CHOICE),
    ],
)
def test_a_feature_is_a_control_of_its_kind(features: Features, name: str, kind: ControlKind):
    found = features.control("called", name)
    assert found is not None
    assert (found.name, found.kind) == ("called", kind)
    assert found.read_only is (name == "DeviceModelName")
    assert features.control("called", "Nothing") is None


@pytest.mark.slow
def test_a_camera_that_does_not_answer_is_an_error_and_not_a_feature_that_is_missing(
    features: Features, camera: FakeGige
):
    camera.kill()
    with pytest.raises(CameraLostError, match="does not answer"):
        features.read("Width")
    camera.start()  # so that Aravis can give it back
