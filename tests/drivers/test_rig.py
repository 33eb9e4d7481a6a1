"""A rig in a file: names, options, patience and calibration of several cameras."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from drivers.calibration import Calibration, StreamCalibration, compose, inverse, save_calibration
from drivers.errors import CalibrationError, DriverError, RigError
from drivers.frame import Extrinsics, Intrinsics, StreamInfo, StreamKind
from drivers.patience import Patience
from drivers.rig import Rig, RigCamera, load_rig, save_rig

NIGHT = """# Above the mirror since May.
version = 1

[cameras.cabin]
source = "realsense:"          # the short one
serial = "034422073314"
calibration = "cabin.json"

[cameras.cabin.options]
depth = "640x480@30"
laser = true                   # on at night

[cameras.cabin.rename]
infrared1 = "left"

[cameras.cabin.patience]
reopen_s = 2.0

[cameras.heat]
source = "thermal:/dev/video2"

[cameras.heat.pose]
rotation = [[1.0, 0.0, 0.0], [0.0, 1.0, 0.0], [0.0, 0.0, 1.0]]
translation_m = [0.12, 0.0, 0.0]
"""
WORDS = (
    "source", "options", "serial", "ignore_serial", "rename", "patience", "pose", "calibration", "rotation",
    "translation_m", "intrinsics", "extrinsics", "width", "fx", "distortion", "rms_px", "views", "stall_s", "attempts",
)  # fmt: skip
LENS = Intrinsics(640, 480, 600.0, 601.0, 320.0, 240.0, (0.1, -0.2, 0.0, 0.0, 0.05))
CABIN = Calibration({"left": StreamCalibration(LENS, serial="034422073314", date="2026-11-22", rms_px=0.2, views=24)})
LEFT = StreamInfo("infrared1", StreamKind.INFRARED, 640, 480, "uint8")
DEPTH = StreamInfo("depth", StreamKind.DEPTH, 640, 480, "uint16", unit_m=0.001, registered_to="infrared1")
TURN = Extrinsics.from_arrays(np.array([[0.0, 0.0, 1.0], [0.0, 1.0, 0.0], [-1.0, 0.0, 0.0]]), [0.1, 0.2, 0.3])


@pytest.fixture
def night(tmp_path: Path) -> Path:
    path = tmp_path / "night.toml"
    path.write_text(NIGHT, "utf-8")
    save_calibration(tmp_path / "cabin.json", CABIN)
    return path


def test_a_rig_names_cameras_options_patience_and_calibration(night: Path) -> None:
    rig = load_rig(night)
    assert rig.open_sources() == [
        ("cabin", "realsense:?depth=640x480@30&laser=on"),
        ("heat", "thermal:/dev/video2"),
    ]
    cabin = rig.camera("cabin")
    assert cabin.patience_of(Patience(stall_s=0.3)) == Patience(stall_s=0.3, reopen_s=2.0)
    assert cabin.calibration == CABIN
    assert rig.camera("heat").pose == Extrinsics(translation_m=(0.12, 0.0, 0.0))


def test_streams_get_their_place_in_the_rig(night: Path) -> None:
    relabel = load_rig(night).relabel("cabin")
    left, depth = (relabel(s, {"serial": "034422073314"}) for s in (LEFT, DEPTH))
    assert (left.name, left.clock, left.intrinsics) == ("cabin/left", "cabin", LENS)
    assert left.camera == "realsense:?depth=640x480@30&laser=on"
    assert (depth.name, depth.registered_to, depth.intrinsics) == ("cabin/depth", "cabin/left", None)


def test_a_camera_with_several_clocks_keeps_them_apart(night: Path) -> None:
    assert load_rig(night).relabel("cabin")(replace(LEFT, clock="imu"), {}).clock == "cabin/imu"


def test_the_calibration_of_another_serial_number_is_refused(night: Path) -> None:
    rig = load_rig(night)
    with pytest.raises(CalibrationError, match="serial number 034422073314, but the one that opened has 555"):
        rig.relabel("cabin")(LEFT, {"serial": "555"})
    without = replace(rig.camera("cabin"), serial="")
    with pytest.raises(CalibrationError, match=r"calibration of cabin/left belongs .* 034422073314.*has 555"):
        without.relabel(LEFT, {"serial": "555"})
    assert replace(without, ignore_serial=True).relabel(LEFT, {"serial": "555"}).intrinsics == LENS
    assert rig.relabel("cabin", {"serial": "034422073314"})(LEFT, {}).intrinsics == LENS


def test_intrinsics_are_scaled_to_another_size_and_not_to_another_shape(night: Path) -> None:
    relabel = load_rig(night).relabel("cabin")
    small = relabel(replace(LEFT, width=320, height=240), {})
    assert small.intrinsics == LENS.scaled_to(320, 240)
    with pytest.raises(CalibrationError, match=r"stream cabin/left: intrinsics for 640x480 px .* 848x480"):
        relabel(replace(LEFT, width=848), {})


def test_a_cameras_pose_moves_what_its_maker_says_between_its_streams() -> None:
    maker = Extrinsics(translation_m=(0.05, 0.0, 0.0))
    known = Extrinsics(translation_m=(0.0, 9.0, 0.0))
    camera = RigCamera("cabin", "fake:", pose=TURN, calibration=Calibration({"depth": StreamCalibration(None, known)}))
    seen = camera.relabel(replace(LEFT, extrinsics=maker), {}).extrinsics
    np.testing.assert_allclose(seen.translation_m, TURN.to_rig(np.array([[0.05, 0.0, 0.0]]))[0])
    assert camera.relabel(DEPTH, {}).extrinsics == known


@given(st.lists(st.floats(-2, 2), min_size=3, max_size=3))
def test_a_pose_and_its_inverse_are_nothing(point: list[float]) -> None:
    there = compose(inverse(TURN), TURN)
    np.testing.assert_allclose(there.to_rig(np.array([point]))[0], point, atol=1e-9)


@pytest.mark.parametrize("name", ["night.toml", "night.json"])
def test_what_was_saved_is_loaded(name: str, night: Path, tmp_path: Path) -> None:
    rig = load_rig(night)
    inline = replace(rig.camera("heat"), calibration=CABIN, ignore_serial=True, serial="7")
    fisheye = Intrinsics(160, 120, 90.0, 90.0, 80.0, 60.0, (0.1, 0.0, 0.0, 0.0), "fisheye")
    bent = RigCamera("low", "webcam:", pose=TURN, calibration=Calibration({"gray": StreamCalibration(fisheye, TURN)}))
    whole = rig.with_camera(inline).with_camera(bent)
    save_rig(tmp_path / name, whole)
    assert load_rig(tmp_path / name) == whole


def test_saving_keeps_a_persons_comments_and_what_did_not_change(night: Path) -> None:
    save_rig(night, load_rig(night))
    assert night.read_text("utf-8") == NIGHT
    rig = load_rig(night)
    save_rig(night, rig.with_camera(replace(rig.camera("heat"), serial="42", pose=TURN)))
    text = night.read_text("utf-8")
    for comment in ("# Above the mirror since May.", "# the short one", "# on at night"):
        assert comment in text
    assert load_rig(night).camera("heat").serial == "42"
    assert not list(night.parent.glob(".*.part"))


def test_a_file_that_is_no_rig_is_not_overwritten(tmp_path: Path) -> None:
    path = tmp_path / "notes.toml"
    path.write_text("my notes", "utf-8")
    with pytest.raises(RigError, match="left as it is"):
        save_rig(path, Rig({"a": RigCamera("a", "virtual:")}))
    assert path.read_text("utf-8") == "my notes"


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("= 3", "is no TOML"),
        ("version = 2", "version 2, this program reads 1"),
        ("", r"at least one table \[cameras.NAME\]"),
        ("camera = 1", "no key 'camera' in the file; allowed are version, cameras"),
        ("[cameras.a]", "cameras.a has no source"),
        ("cameras.a = 3", "cameras.a is a table with a source, found 3"),
        (
            '[cameras.a]\nsource = "x:"\nserail = "3"',
            "no key 'serail' in cameras.a; allowed are source, options, serial",
        ),
        ('[cameras.a]\nsource = "x:"\nserial = 3', "cameras.a.serial takes text in quotation marks, found 3"),
        ('[cameras.a]\nsource = "x:"\nignore_serial = 1', "cameras.a.ignore_serial takes true or false, found 1"),
        ('[cameras.a]\nsource = "x"', "camera a: a source is FAMILY:WHICH"),
        ('[cameras.a]\nsource = "x:?k=1"\noptions.k = 2', "the option k stands in source and in options"),
        ('[cameras.a]\nsource = "x:"\noptions.k = [1]', r"cameras.a.options takes text.*k is \[1\]"),
        ('[cameras."a b"]\nsource = "x:"', "a camera's name is one word"),
        ('[cameras.a]\nsource = "x:"\nrename = {a = "c", b = "c"}', "rename takes words that differ, found 'c'"),
        ('[cameras.a]\nsource = "x:"\nrename = {a = 3}', "cameras.a.rename takes lines such as"),
        (
            '[cameras.a]\nsource = "x:"\npatience.stal_s = 3',
            "patience has no key 'stal_s'; allowed are read_s, stall_s",
        ),
        ('[cameras.a]\nsource = "x:"\npatience.stall_s = -1', "cameras.a.patience stall_s: .*greater than 0"),
        ('[cameras.a]\nsource = "x:"\npose.turn = 3', "pose has no key 'turn'; allowed are rotation, translation_m"),
        ('[cameras.a]\nsource = "x:"\npose.rotation = [[1]]', "cameras.a.pose: extrinsics are incomplete"),
        ('[cameras.a]\nsource = "x:"\ncalibration = "no.json"', "there is no calibration at .*no.json"),
        (
            '[cameras.a]\nsource = "x:"\ncalibration.ir.lens = 3',
            "ir: there is no key 'lens' here; there are intrinsics",
        ),
        ('[cameras.a]\nsource = "x:"\ncalibration.ir.rms_px = "x"', "rms_px and views are numbers"),
        ('[cameras.a]\nsource = "x:"\ncalibration.ir.intrinsics = {width = 3}', "ir: intrinsics are incomplete"),
    ],
)
def test_a_wrong_rig_is_refused_by_the_name_of_its_key(text: str, words: str, tmp_path: Path) -> None:
    path = tmp_path / "rig.toml"
    path.write_text(text, "utf-8")
    with pytest.raises(DriverError, match=words):
        load_rig(path)


_VALUES = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=5),
    lambda inner: (
        st.lists(inner, max_size=3) | st.dictionaries(st.sampled_from(WORDS) | st.text(max_size=3), inner, max_size=4)
    ),
    max_leaves=12,
)


@settings(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.dictionaries(st.sampled_from(WORDS), _VALUES, max_size=6))
def test_whatever_stands_in_a_rig_it_is_read_or_refused(tmp_path: Path, words: dict[str, object]) -> None:
    path = tmp_path / "any.json"
    path.write_text(json.dumps({"cameras": {"a": {"source": "virtual:", **words}}}), "utf-8")
    try:
        rig = load_rig(path)
    except DriverError:
        return
    save_rig(tmp_path / "again.toml", rig)
    assert load_rig(tmp_path / "again.toml") == rig


def test_the_rig_in_the_documentation_is_one(tmp_path: Path) -> None:
    page = (Path(__file__).parents[2] / "docs" / "rig.md").read_text("utf-8")
    (tmp_path / "night.toml").write_text(page.partition("```toml\n")[2].partition("```")[0], "utf-8")
    save_calibration(tmp_path / "cabin.json", CABIN)
    rig = load_rig(tmp_path / "night.toml")
    assert rig.open_sources()[0] == ("cabin", "realsense:?depth=640x480@30&laser=on")
    known = rig.camera("heat").calibration.streams["thermal"].intrinsics
    assert known is not None
    assert len(known.distortion) == 4


def test_brackets_without_an_end_are_refused(tmp_path: Path) -> None:
    for name, text in (("x.toml", "a = " + "[" * 100_000), ("x.json", "[" * 100_000)):
        (tmp_path / name).write_text(text)
        with pytest.raises(RigError, match="is no"):
            load_rig(tmp_path / name)


def test_no_file_a_torn_one_and_a_foreign_one_are_told_apart(tmp_path: Path) -> None:
    with pytest.raises(RigError, match="there is no rig at"):
        load_rig(tmp_path / "no.toml")
    (tmp_path / "x.toml").write_bytes(b"\xff\xfe\x00")
    with pytest.raises(RigError, match="is no TOML"):
        load_rig(tmp_path / "x.toml")
    save_calibration(tmp_path / "cal.json", CABIN)
    with pytest.raises(RigError, match="is a calibration alone; name it in a rig"):
        load_rig(tmp_path / "cal.json")
    (tmp_path / "list.json").write_text(json.dumps([1]))
    with pytest.raises(RigError, match="no table of keys"):
        load_rig(tmp_path / "list.json")


def test_an_unknown_camera_is_named() -> None:
    with pytest.raises(RigError, match="no camera 'b'; it has a"):
        Rig({"a": RigCamera("a", "virtual:")}).relabel("b")


def test_a_password_in_a_source_is_not_shown() -> None:
    camera = RigCamera("gate", "rtsp://watch:secret@10.0.0.7/live")
    assert camera.shown_source() == "rtsp://10.0.0.7/live"
    assert "secret" not in camera.relabel(LEFT, {}).camera


def test_its_cameras_stream_under_their_names_in_the_rig() -> None:
    members = Rig({"a": RigCamera("a", "virtual:"), "b": RigCamera("b", "virtual:", {"loop": "on"})}).members()
    assert [m.name for m in members] == ["a", "b"]
    for member in members:
        member.camera.open()
        try:
            assert member.relabel is not None
            streams = [member.relabel(s, member.camera.options()) for s in member.camera.streams()]
            assert streams
            assert all(s.name.startswith(f"{member.name}/") for s in streams)
        finally:
            member.camera.close()
