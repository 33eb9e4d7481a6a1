"""A rig's calibration on disk."""

from __future__ import annotations

import dataclasses
import json
from pathlib import Path

import numpy as np
import pytest

from drivers.calibration import Calibration, StreamCalibration, load_calibration, save_calibration
from drivers.errors import CalibrationError
from drivers.frame import Extrinsics, Intrinsics, StreamInfo, StreamKind

LENS = Intrinsics(512, 424, 365.0, 366.0, 255.5, 211.5, (0.1, -0.2, 0.0, 0.0, 0.05))
BESIDE = Extrinsics(translation_m=(0.05, 0.0, 0.0))
DEPTH = StreamInfo("depth", StreamKind.DEPTH, 512, 424, "uint16", unit_m=0.001)
COLOR = StreamInfo("color", StreamKind.COLOR, 640, 480, "uint8", intrinsics=Intrinsics.from_fov(640, 480, 60.0))
RIG = Calibration({"depth": StreamCalibration(LENS, BESIDE), "color": StreamCalibration()})


def test_what_was_saved_is_loaded(tmp_path: Path):
    save_calibration(tmp_path / "rig.json", RIG)
    assert load_calibration(tmp_path / "rig.json") == RIG
    assert [p.name for p in tmp_path.iterdir()] == ["rig.json"]


def test_it_fills_in_what_the_camera_does_not_know_and_keeps_the_rest():
    depth, color = RIG.apply([DEPTH, COLOR])
    assert depth.intrinsics == LENS
    assert depth.extrinsics == BESIDE
    assert color == COLOR
    assert Calibration.of([depth, color]).apply([DEPTH]) == (depth,)


def test_a_plausible_rig_has_nothing_to_complain_of():
    assert RIG.check([DEPTH, COLOR]) == []


@pytest.mark.parametrize(
    ("known", "told"),
    [
        (StreamCalibration(), "depth has no intrinsics"),
        (StreamCalibration(Intrinsics(640, 480, 500, 500, 320, 240)), "scale or replace"),
        (StreamCalibration(Intrinsics(512, 424, 5, 5, 255, 211)), "degrees across; check fx"),
        (StreamCalibration(Intrinsics(512, 424, 365, 365, 600, 211)), "principal point"),
        (StreamCalibration(LENS, Extrinsics(translation_m=(52.0, 0, 0))), "are these millimetres"),
        (StreamCalibration(LENS, registered_to="infrared"), "no such stream"),
        (StreamCalibration(LENS, registered_to="color"), "sizes differ"),
    ],
)
def test_what_looks_wrong_is_said(known: StreamCalibration, told: str):
    found = Calibration({"depth": known}).check([DEPTH, COLOR])
    assert len(found) == 1
    assert told in found[0]


def test_a_stream_that_does_not_exist_is_named():
    assert "thermal is in the calibration" in Calibration({"thermal": StreamCalibration(LENS)}).check([COLOR])[0]


def test_intrinsics_for_another_image_are_refused():
    with pytest.raises(CalibrationError, match="512x424"):
        Calibration({"color": StreamCalibration(LENS)}).apply([COLOR])


def good() -> dict[str, object]:
    return {"format": "tapetum-rig", "version": 1, "streams": {"depth": {"intrinsics": LENS.to_json()}}}


@pytest.mark.parametrize(
    ("data", "told"),
    [
        ("{", "cannot be read"),
        ("[]", "no calibration of a rig"),
        (json.dumps({"streams": {}}), "no calibration of a rig"),
        (json.dumps({**good(), "version": 2}), "update tapetum"),
        (json.dumps({**good(), "streams": {"depth": 3}}), "stream depth"),
        (json.dumps({**good(), "streams": {"depth": {"intrinsics": [1]}}}), "is no object"),
        (json.dumps({**good(), "streams": {"depth": {"intrinsics": {"width": 3}}}}), "incomplete"),
        (
            json.dumps({**good(), "streams": {"depth": {"intrinsics": {**LENS.to_json(), "fx": -1}}}}),
            "must be positive",
        ),
        (
            json.dumps(
                {
                    **good(),
                    "streams": {
                        "d": {"extrinsics": {"rotation": np.ones((3, 3)).tolist(), "translation_m": [0, 0, 0]}}
                    },
                }
            ),
            "not a rotation",
        ),
    ],
)
def test_a_torn_or_impossible_calibration_is_refused_with_its_name(tmp_path: Path, data: str, told: str):
    path = tmp_path / "rig.json"
    path.write_text(data)
    with pytest.raises(CalibrationError, match=told) as refused:
        load_calibration(path)
    assert str(path) in str(refused.value)


def test_a_missing_calibration_is_called_missing(tmp_path: Path):
    with pytest.raises(CalibrationError, match="there is no calibration"):
        load_calibration(tmp_path / "rig.json")


def test_a_calibration_that_cannot_be_written_leaves_nothing(tmp_path: Path):
    with pytest.raises(CalibrationError, match="cannot be written"):
        save_calibration(tmp_path / "nowhere" / "rig.json", RIG)
    assert list(tmp_path.iterdir()) == []


def test_what_was_measured_is_kept_with_the_lens(tmp_path: Path):
    known = StreamCalibration(LENS, BESIDE, serial="42", date="2026-11-22", rms_px=0.21, views=24, board="charuco 8x6")
    save_calibration(tmp_path / "rig.json", Calibration({"depth": known}))
    assert load_calibration(tmp_path / "rig.json").streams["depth"] == known


def test_an_old_file_is_read_and_what_it_has_is_written_as_before(tmp_path: Path):
    old = good() | {"streams": {"depth": {"intrinsics": LENS.to_json(), "extrinsics": None, "registered_to": None}}}
    path = tmp_path / "old.json"
    path.write_text(json.dumps(old, indent=2))
    save_calibration(tmp_path / "new.json", load_calibration(path))
    assert (tmp_path / "new.json").read_text() == path.read_text()


def test_a_calibration_of_another_serial_number_names_both():
    known = StreamCalibration(LENS, serial="42")
    known.check_serial("depth", "42")
    known.check_serial("depth", "")
    StreamCalibration(LENS).check_serial("depth", "43")
    with pytest.raises(
        CalibrationError, match=r"depth belongs .* serial number 42, but this camera has 43.*ignore_serial"
    ):
        known.check_serial("depth", "43")


def test_intrinsics_are_scaled_to_another_size_of_the_same_shape():
    half = dataclasses.replace(DEPTH, width=256, height=212)
    rig = Calibration({"depth": StreamCalibration(LENS)})
    assert rig.apply([half])[0].intrinsics == LENS.scaled_to(256, 212)
    assert rig.check([half]) == ["depth: the intrinsics were measured at 512x424 px and are scaled to 256x212"]


def test_an_unknown_key_is_named_with_those_that_are_known(tmp_path: Path):
    path = tmp_path / "rig.json"
    path.write_text(json.dumps({**good(), "streams": {"depth": {"lens": {}}}}))
    with pytest.raises(CalibrationError, match="stream depth: there is no key 'lens' here; there are intrinsics"):
        load_calibration(path)
