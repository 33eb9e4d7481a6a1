"""The commands as a user types them: what they print, what they leave, how they exit."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
from pathlib import Path

import cv2
import numpy as np
import pytest

from tests.helpers.onnx_models import write_tiny_models
from tests.helpers.sessions import write_session

ROOT = Path(__file__).resolve().parent.parent


def tapetum(*arguments: str | Path, timeout: float = 90.0) -> subprocess.CompletedProcess[str]:
    environment = {k: v for k, v in os.environ.items() if k not in ("DISPLAY", "WAYLAND_DISPLAY", "QT_QPA_PLATFORM")}
    done = subprocess.run(
        [sys.executable, "-m", "tapetum", *map(str, arguments)],
        capture_output=True,
        text=True,
        timeout=timeout,
        env=environment,
        cwd=ROOT,
        check=False,
    )
    assert "Traceback" not in done.stderr, done.stderr
    return done


def last_json(done: subprocess.CompletedProcess[str]) -> dict:
    return json.loads(done.stdout.strip().splitlines()[-1])


@pytest.fixture(scope="module")
def weights(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return write_tiny_models(tmp_path_factory.mktemp("weights"))


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder of RGB-D images as a recorder writes them: colour JPEG, 16-bit depth PNG, calibration."""
    folder = tmp_path_factory.mktemp("rgbd")
    rng = np.random.default_rng(0)
    for i in range(4):
        color = rng.integers(0, 255, (48, 64, 3), dtype=np.uint8)
        depth = rng.integers(500, 3000, (48, 64), dtype=np.uint16)
        cv2.imwrite(str(folder / f"{i:04d}.jpg"), color)
        cv2.imwrite(str(folder / f"{i:04d}_depth.png"), depth)
        storage = cv2.FileStorage(str(folder / f"{i:04d}_camera.xml"), cv2.FileStorage_WRITE)
        storage.write("intrinsic", np.array([[60.0, 0, 32], [0, 60, 24], [0, 0, 1]]))
        storage.release()
    return folder


def test_a_folder_becomes_a_session_and_info_tells_what_is_in_it(folder: Path, tmp_path: Path) -> None:
    session = tmp_path / "x.mcap"
    done = tapetum("session", "import", folder, "-o", session, "--fps", "15", "--json")
    assert done.returncode == 0, done.stderr
    info = tapetum("session", "info", session, "--json")
    assert info.returncode == 0, info.stderr
    told = last_json(info)
    assert told["clock"] == "synthetic"
    assert {s["kind"]: s["frames"] for s in told["streams"]} == {"color": 4, "depth": 4}
    text = tapetum("session", "info", session).stdout
    assert "synthetic" in text
    assert "depth" in text


def test_batch_prints_one_json_summary_and_writes_the_tables(weights: Path, tmp_path: Path) -> None:
    session = write_session(tmp_path / "small.mcap", 6)
    done = tapetum("batch", session, "--out", tmp_path / "out", "--weights", weights, "--json")
    assert done.returncode == 0, done.stderr
    told = last_json(done)
    assert (told["sessions"], told["done"], told["failed"], told["frame_sets"]) == (1, 1, [], 6)
    assert (tmp_path / "out" / "small" / "observations.parquet").is_file()


def test_batch_with_a_bad_session_exits_one_and_names_it(weights: Path, tmp_path: Path) -> None:
    good, bad = write_session(tmp_path / "good.mcap", 3), tmp_path / "bad.mcap"
    bad.write_bytes(b"this is no session")
    done = tapetum("batch", good, bad, "--out", tmp_path / "out", "--weights", weights, "--no-video", "--json")
    assert done.returncode == 1
    assert "bad.mcap" in done.stderr
    assert last_json(done)["done"] == 1


def test_record_then_verify(weights: Path, tmp_path: Path) -> None:
    session, live = write_session(tmp_path / "small.mcap", 20), tmp_path / "live.mcap"
    done = tapetum("record", f"virtual:{session}", "-o", live, "--weights", weights, "--json")
    assert done.returncode == 0, done.stderr
    assert last_json(done)["processed"] > 3
    verified = tapetum("session", "verify", live, "--weights", weights, "--json")
    assert verified.returncode == 0, verified.stderr
    assert last_json(verified)["observations"] == last_json(done)["processed"]


@pytest.mark.parametrize(
    ("arguments", "code", "words"),
    [
        (["session", "info", "nowhere.mcap"], 1, "nowhere.mcap"),
        (["session", "info", "pyproject.toml"], 1, "pyproject.toml"),
        (["session", "import", "nowhere", "-o", "x.mcap"], 1, "nowhere"),
        (["batch", "nowhere.mcap"], 1, "nowhere.mcap"),
        (["batch"], 2, "paths"),
        (["replay", "nowhere.mcap"], 1, "nowhere.mcap"),
        (["batch", "x.mcap", "--schedule", "some"], 2, "--schedule"),
        (["batch", "x.mcap", "--config", "nowhere.toml"], 1, "nowhere.toml"),
        (["record", "sonar:", "-o", "x.mcap"], 1, "sonar"),
        (["no-such-command"], 2, "no-such-command"),
    ],
)
def test_wrong_use_is_one_clear_error(arguments: list[str], code: int, words: str) -> None:
    done = tapetum(*arguments)
    assert done.returncode == code, done.stderr
    assert words in done.stderr
    assert not (ROOT / "x.mcap").exists()


def test_without_a_display_a_window_command_says_so_and_names_the_way_round(tmp_path: Path) -> None:
    session = write_session(tmp_path / "small.mcap", 2)
    done = tapetum("replay", session)
    assert done.returncode == 1
    assert "no window can be opened" in done.stderr
    assert "tapetum batch" in done.stderr


def test_devices_names_every_family_and_what_an_unavailable_one_lacks() -> None:
    told = last_json(tapetum("devices", "--json"))
    families = {f["name"]: f for f in told["families"]}
    assert families["virtual"]["available"]
    assert {"realsense", "kinect1", "kinect2", "thermal", "genicam", "webcam", "rtsp", "onvif", "file"} <= set(families)
    for family in families.values():
        assert family["title"] != family["name"]
        assert family["available"] or family["how"] or "docs/cameras/" in family["reason"]


def test_a_camera_is_examined_step_by_step(tmp_path: Path) -> None:
    told = last_json(tapetum("doctor", "--camera", "virtual:", "--seconds", "1", "--out", tmp_path / "seen", "--json"))
    assert told["passed"]
    assert {s["name"] for s in told["streams"]} == {"depth", "infrared", "thermal"}
    assert (tmp_path / "seen" / "report.json").exists()


def test_the_examination_of_a_camera_that_is_not_there_fails() -> None:
    done = tapetum("doctor", "--camera", "realsense:000000000000", "--seconds", "1")
    assert done.returncode == 1
    assert "FAIL" in done.stdout


def test_doctor_looks_at_everything() -> None:
    done = tapetum("doctor", "--json")
    told = last_json(done)
    names = {c["name"] for c in told["checks"]}
    assert {"python", "openvino", "video writing", "window", "bundled session", "camera virtual"} <= names
    window = next(c for c in told["checks"] if c["name"] == "window")
    assert window["state"] == "missing"
    assert "display" in window["found"]
    assert done.returncode == (0 if told["healthy"] else 1)


def test_the_first_command_without_a_display_leaves_pictures(tmp_path: Path) -> None:
    done = tapetum("--out", tmp_path / "out")
    assert done.returncode == 0, done.stderr
    for name in ("overlay.mp4", "contact_sheet.png", "observations.parquet"):
        assert name in done.stdout
        assert list((tmp_path / "out").rglob(name))


def test_the_networks_are_listed_without_torch_and_training_says_what_it_needs(tmp_path: Path) -> None:
    listed = tapetum("train", "--list")
    assert listed.returncode == 0, listed.stderr
    for name in ("face_landmarks (plus)", "gray_to_depth (seed)", "depth_to_color (plus)"):
        assert name in listed.stdout
    assert tapetum("train", "face_landmarks").returncode == 2
    missing = tapetum("train", "face_landmarks", "--faces", tmp_path / "nowhere", "--out", tmp_path / "out")
    assert missing.returncode == 1
    assert "torch" in missing.stderr or "nowhere" in missing.stderr


def test_evaluating_needs_something_to_evaluate_on(tmp_path: Path) -> None:
    assert tapetum("evaluate", "face_landmarks").returncode == 2
    done = tapetum("evaluate", "face_landmarks", "--faces", tmp_path / "nowhere")
    assert done.returncode == 1
    assert "tapetum: " in done.stderr


def test_a_torn_model_stops_a_batch_before_it_begins(weights: Path, tmp_path: Path) -> None:
    session, torn = write_session(tmp_path / "small.mcap", 3), tmp_path / "weights"
    shutil.copytree(weights, torn)
    (torn / "face_landmarks.onnx").write_bytes((weights / "face_landmarks.onnx").read_bytes()[:200])
    done = tapetum("batch", session, "--out", tmp_path / "out", "--weights", torn, "--no-video")
    assert done.returncode == 1
    assert "face_landmarks" in done.stderr
    assert "torn" in done.stderr
    assert not (tmp_path / "out").exists()
    anyway = tapetum(
        "batch", session, "--out", tmp_path / "out", "--weights", torn, "--no-video", "--incomplete-models"
    )
    assert anyway.returncode == 0, anyway.stderr
    assert (tmp_path / "out" / "small" / "frames.parquet").is_file()
