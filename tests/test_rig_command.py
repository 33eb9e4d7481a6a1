"""`tapetum rig` as a user types it: calibrate, show, check, board."""

from __future__ import annotations

import functools
import json
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import cv2
import numpy as np
import pytest
from typer.testing import CliRunner

import drivers.registry
from commands.rig_app import rig_app
from drivers.boards import board_of
from drivers.calibration import load_calibration
from drivers.camera import Camera
from drivers.errors import CalibrationError, CameraError, DriverError, RigError, SdkMissingError
from drivers.frame import Extrinsics, Frame, Intrinsics, StreamInfo, StreamKind
from drivers.rig import Rig, RigCamera, load_rig, save_rig
from drivers.streaming_camera import StreamingCamera
from tests.drivers.calibration_boards import as_gray, holds, see
from tests.recordings.sessions import EPOCH, write_session

BOARD = board_of("acircles", "4x11", 20.0)
SHOWN = ("--board", "acircles", "--size", "4x11", "--square-mm", "20")
EYE = Intrinsics(320, 240, 260.0, 261.0, 163.0, 118.0, (-0.25, 0.09, 0.0008, -0.0005))
HEAT = Intrinsics(160, 120, 150.0, 150.5, 81.0, 58.0, (-0.2, 0.05, 0.0, 0.0))
BESIDE = Extrinsics.from_arrays(np.asarray(cv2.Rodrigues(np.radians([-2.0, 3.0, 1.0]))[0]), [-0.05, 0.03, 0.0])
GRAY = StreamInfo("eye/gray", StreamKind.GRAY, 320, 240, "uint8", fps=4.0)
THERMAL = StreamInfo("heat/thermal", StreamKind.THERMAL, 160, 120, "uint16", fps=4.0)
SECOND = 10**9


@functools.cache
def pictures(count: int = 14) -> tuple[tuple[np.ndarray, np.ndarray], ...]:
    """What the eye and the thermal camera see of a board, held otherwise each time."""
    out = []
    for i, hold in enumerate(holds(BOARD, HEAT, count, fill=0.6)):
        gray = as_gray(see(BOARD, hold, EYE, samples=2, seed=i))
        hot = see(BOARD, hold, HEAT, BESIDE, noise=6.0, levels=(30_120.0, 30_000.0, 29_950.0), seed=i)
        out.append((gray, hot.astype(np.uint16)))
    return tuple(out)


def run(*arguments: object, code: int = 0) -> str:
    done = CliRunner().invoke(rig_app, [str(a) for a in arguments])
    if done.exception is not None and not isinstance(done.exception, SystemExit):
        raise done.exception
    assert done.exit_code == code, done.output
    return done.output


def told(*arguments: object, code: int = 0) -> dict[str, Any]:
    data = json.loads(run(*arguments, "--json", code=code).strip().splitlines()[-1])
    assert isinstance(data, dict)
    return data


@pytest.fixture(scope="module")
def session(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Both cameras, four frames a second."""

    def frames() -> Iterator[Frame]:
        for i, shot in enumerate(pictures()):
            for info, pixels in zip((GRAY, THERMAL), shot, strict=True):
                yield Frame(info, pixels, i, i * SECOND // 4, EPOCH + i * SECOND // 4)

    return write_session(tmp_path_factory.mktemp("rig") / "board.mcap", (GRAY, THERMAL), frames())


def assert_is(found: Intrinsics | None, truth: Intrinsics) -> None:
    assert found is not None
    assert found.fx == pytest.approx(truth.fx, rel=0.01)
    assert found.fy == pytest.approx(truth.fy, rel=0.01)


def assert_beside(found: Extrinsics | None) -> None:
    assert found is not None
    assert np.linalg.norm(np.subtract(found.translation_m, BESIDE.translation_m)) < 0.002
    turn = cv2.Rodrigues(found.matrix().T @ BESIDE.matrix())[0]
    assert np.degrees(np.linalg.norm(turn)) < 0.2


def test_a_session_calibrates_a_rig(session: Path, tmp_path: Path) -> None:
    night = tmp_path / "night.toml"
    night.write_text('# mine\n[cameras.eye]\nsource = "webcam:0"\n[cameras.heat]\nsource = "thermal:"\nserial = "77"\n')
    report = told("calibrate", night, "--session", session, *SHOWN, "--out", tmp_path / "report")
    assert report["output"] == str(night)
    assert report["streams"]["eye/gray"]["rms_px"] < 0.3
    assert report["streams"]["heat/thermal"]["rms_px"] < 0.3
    rig = load_rig(night)
    assert night.read_text().startswith("# mine\n")
    eye, heat = rig.camera("eye").calibration.streams["gray"], rig.camera("heat").calibration.streams["thermal"]
    assert_is(eye.intrinsics, EYE)
    assert_is(heat.intrinsics, HEAT)
    assert eye.extrinsics == Extrinsics()
    assert_beside(heat.extrinsics)
    assert heat.board == "acircles 4x11, 20 mm, 16 mm circles"
    assert heat.views
    assert heat.date
    relabelled = rig.relabel("heat")(replace(THERMAL, name="thermal"), {"serial": "77"})
    assert relabelled.intrinsics == heat.intrinsics
    assert_beside(relabelled.extrinsics)
    assert len(list((tmp_path / "report").glob("heat_thermal_frame_*.png"))) == heat.views
    assert "heat: thermal:" in run("show", night)
    listed = told("show", night)["cameras"]
    assert listed[1]["calibration"]["thermal"]["views"] == heat.views


def test_a_calibration_again_keeps_the_rigs_frame(session: Path, tmp_path: Path) -> None:
    night = tmp_path / "night.toml"
    moved = Extrinsics(translation_m=(1.0, 0.0, 0.0))
    cameras = (RigCamera("eye", "webcam:0", pose=moved), RigCamera("heat", "thermal:"))
    save_rig(night, Rig({c.name: c for c in cameras}))
    told("calibrate", night, "--session", session, *SHOWN)
    eye, heat = (load_rig(night).camera(name) for name in ("eye", "heat"))
    there = heat.calibration.streams["thermal"].extrinsics
    assert there is not None
    assert there.translation_m[0] == pytest.approx(1.0 + BESIDE.translation_m[0], abs=0.002)
    assert eye.pose is not None


def test_without_a_rig_a_session_gives_the_calibration_alone(session: Path, tmp_path: Path) -> None:
    refused = run("calibrate", "--session", session, *SHOWN, "-o", tmp_path / "night.toml", code=2)
    assert "write the calibration alone" in refused
    run("calibrate", "--session", session, *SHOWN, "-o", tmp_path / "night.json", "--streams", "heat/thermal")
    known = load_calibration(tmp_path / "night.json").streams
    assert list(known) == ["heat/thermal"]
    assert_is(known["heat/thermal"].intrinsics, HEAT)


def test_folders_of_pictures_calibrate_two_cameras(tmp_path: Path) -> None:
    for camera in ("eye/gray", "heat/thermal"):
        (tmp_path / "shots" / camera).mkdir(parents=True)
    for i, (gray, hot) in enumerate(pictures()):
        cv2.imwrite(str(tmp_path / "shots" / "eye" / "gray" / f"{i:03}.png"), gray)
        cv2.imwrite(str(tmp_path / "shots" / "heat" / "thermal" / f"{i:03}.tif"), hot)
    run("calibrate", "--images", tmp_path / "shots", *SHOWN, "-o", tmp_path / "two.json")
    known = load_calibration(tmp_path / "two.json").streams
    assert_is(known["eye/gray"].intrinsics, EYE)
    assert_beside(known["heat/thermal"].extrinsics)


def test_pictures_without_the_board_say_what_to_look_at(tmp_path: Path) -> None:
    (tmp_path / "shots").mkdir()
    cv2.imwrite(str(tmp_path / "shots" / "a.png"), np.zeros((120, 160), np.uint8))
    with pytest.raises(CalibrationError, match=r"was seen in none of 1 pictures of camera; is it whole"):
        run("calibrate", "--images", tmp_path / "shots", *SHOWN, "-o", tmp_path / "x.json")
    (tmp_path / "shots" / "b.png").write_bytes(b"\x89PNG torn")
    with pytest.raises(CalibrationError, match=r"b.png is no picture .* torn"):
        run("calibrate", "--images", tmp_path / "shots", *SHOWN, "-o", tmp_path / "x.json")
    (tmp_path / "none").mkdir()
    with pytest.raises(CalibrationError, match="no picture in"):
        run("calibrate", "--images", tmp_path / "none", *SHOWN, "-o", tmp_path / "x.json")
    with pytest.raises(CalibrationError, match="no folder"):
        run("calibrate", "--images", tmp_path / "no", *SHOWN, "-o", tmp_path / "x.json")


def test_what_is_wrong_in_the_words_is_told(session: Path, tmp_path: Path) -> None:
    assert "give a camera's source" in run("calibrate", *SHOWN, code=2)
    assert "say with -o what to write" in run("calibrate", "--session", session, *SHOWN, code=2)
    assert "ends in .toml or .json" in run("calibrate", "--session", session, *SHOWN, "-o", "x.txt", code=2)
    with pytest.raises(CalibrationError, match="no stream 'nose' that sees a board; there are eye/gray, heat/thermal"):
        run("calibrate", "--session", session, *SHOWN, "-o", tmp_path / "x.json", "--streams", "nose")
    save_rig(tmp_path / "other.toml", Rig({"gate": RigCamera("gate", "webcam:")}))
    with pytest.raises(RigError, match="no camera 'eye'; it has gate; nothing was written"):
        run("calibrate", tmp_path / "other.toml", "--session", session, *SHOWN)
    with pytest.raises(RigError, match="there is no rig"):
        run("show", tmp_path / "no.toml")


class BoardCamera(StreamingCamera):
    """Somebody holds a board before it: each place for half a second by its clock, over and over."""

    def __init__(self, shots: list[np.ndarray], serial: str = "55", error: Exception | None = None) -> None:
        super().__init__("board:")
        self._shots = shots
        self._serial = serial
        self._error = error
        self._number = 0

    def options(self) -> dict[str, str]:
        return {"serial": self._serial}

    def _connect(self) -> list[StreamInfo]:
        if self._error is not None:
            raise self._error
        height, width = self._shots[0].shape
        self._infrared = StreamInfo("ir", StreamKind.INFRARED, width, height, "uint8", fps=10.0)
        return [self._infrared, StreamInfo("depth", StreamKind.DEPTH, width, height, "uint16", unit_m=0.001)]

    def _next(self, timeout_s: float) -> Frame | None:
        self._closing.wait(min(0.03, timeout_s))
        self._number += 1
        shot = self._shots[self._number // 6 % len(self._shots)]
        at = self._number * SECOND // 10
        return self._frame(self._infrared, shot, self._number, at, host_ns=EPOCH + at)

    def _disconnect(self) -> None:
        pass


@pytest.fixture
def board_camera(monkeypatch: pytest.MonkeyPatch) -> dict[str, Camera]:
    """Source -> the camera that it opens."""
    cameras: dict[str, Camera] = {}
    monkeypatch.setattr(drivers.registry, "open_camera", lambda source: cameras[source])
    return cameras


def test_a_live_camera_is_calibrated_while_it_says_what_it_wants_next(
    board_camera: dict[str, Camera], tmp_path: Path
) -> None:
    board_camera["board:"] = BoardCamera([gray for gray, _ in pictures()])
    output = run("calibrate", "board:", *SHOWN, "-o", tmp_path / "night.toml", "--seconds", 60, "--views", 10)
    assert "board/ir: view 1 taken" in output
    assert "tilt the board" in output
    assert "board/depth shares the sensor of board/ir and gets its lens" in output
    camera = load_rig(tmp_path / "night.toml").camera("board")
    assert (camera.source, camera.serial) == ("board:", "55")
    known = camera.calibration.streams
    assert_is(known["ir"].intrinsics, EYE)
    assert known["depth"].intrinsics == known["ir"].intrinsics
    assert known["ir"].serial == "55"


def test_a_camera_that_does_not_open_is_said_to(board_camera: dict[str, Camera], tmp_path: Path) -> None:
    board_camera["board:"] = BoardCamera([], error=SdkMissingError("its library is missing: pip install it"))
    with pytest.raises(CameraError, match=r"camera board .* does not open: .*pip install it"):
        run("calibrate", "board:", *SHOWN, "-o", tmp_path / "night.toml")
    assert not (tmp_path / "night.toml").exists()


def test_check_compares_the_cameras_with_the_rig(board_camera: dict[str, Camera], tmp_path: Path) -> None:
    night = tmp_path / "night.toml"
    save_rig(night, Rig({"cabin": RigCamera("cabin", "board:", serial="55", rename={"ir": "left"})}))
    board_camera["board:"] = BoardCamera([pictures()[0][0]])
    good = told("check", night)
    assert good["good"]
    assert "serial number 55" in good["cameras"]["cabin"]["notes"]
    assert "cabin/left: infrared 320x240 at 10 a second" in good["cameras"]["cabin"]["notes"]
    board_camera["board:"] = BoardCamera([pictures()[0][0]], serial="66")
    bad = told("check", night, code=1)
    (problem,) = bad["cameras"]["cabin"]["problems"]
    assert "has the serial number 55, but the one that opened has 66" in problem


@pytest.mark.parametrize(
    ("words", "problem"),
    [
        ('rename = {nose = "left"}', "rename names nose, but the camera gives depth, ir"),
        ("calibration.nose = {}", "a calibration of nose, but the camera gives depth, ir"),
        (
            "calibration.ir.intrinsics = {width = 640, height = 400, fx = 500, fy = 500, cx = 320, cy = 200}",
            "intrinsics for 640x400 px cannot be scaled to 320x240",
        ),
    ],
)
def test_check_finds_what_does_not_fit(
    words: str, problem: str, board_camera: dict[str, Camera], tmp_path: Path
) -> None:
    night = tmp_path / "night.toml"
    night.write_text(f'[cameras.cabin]\nsource = "board:"\n{words}\n')
    board_camera["board:"] = BoardCamera([pictures()[0][0]])
    output = run("check", night, code=1)
    assert problem in output


def test_check_says_that_intrinsics_are_scaled_and_what_a_closed_camera_says(
    board_camera: dict[str, Camera], tmp_path: Path
) -> None:
    night = tmp_path / "night.toml"
    lens = Intrinsics.from_fov(640, 480, 60.0).to_json()
    night.write_text(
        '[cameras.cabin]\nsource = "board:"\n[cameras.cabin.calibration.ir.intrinsics]\n'
        + "\n".join(f"{key} = {value}" for key, value in lens.items())
    )
    board_camera["board:"] = BoardCamera([pictures()[0][0]])
    assert "measured at 640x480 px and are scaled to 320x240" in run("check", night)
    board_camera["board:"] = BoardCamera([], error=DriverError("it is locked away"))
    assert "it is locked away" in run("check", night, code=1)


def test_a_board_is_printed(tmp_path: Path) -> None:
    data = told("board", "--board", "acircles", "--size", "4x11", "--square-mm", "15", "-o", tmp_path / "b.pdf")
    assert data["pattern_mm"] == pytest.approx([117.0, 162.0])
    assert (tmp_path / "b.pdf").read_bytes().startswith(b"%PDF")
    assert "print it at 100 %" in run("board", "-o", tmp_path / "b.png", "--dpi", 72)
    with pytest.raises(CalibrationError, match="a4 has"):
        run("board", "-o", tmp_path / "b.png", "--page", "a4", "--square-mm", 60)
