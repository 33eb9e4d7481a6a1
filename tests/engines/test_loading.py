"""Loading the models: what is missing is said and stops nothing else."""

from __future__ import annotations

import json
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from engines.errors import BackendUnavailableError, PolicyError, UnknownModelError
from engines.loading import MODEL_NAMES, load_models, shipped

ROOT = Path(__file__).resolve().parents[2]


def test_all_models_are_loaded_and_described(weights: Path):
    models = load_models(weights_dir=weights)
    models.warm_up()
    described = json.loads(json.dumps(models.describe()))
    assert set(described) == set(MODEL_NAMES)
    for one in described.values():
        assert one["version"] == "0-tiny"
        assert one["backend"] == "openvino"
        assert one["engine_key"].startswith("openvino-")
        assert one["threads"] == 1
        assert one["precision"] == "f32"
        assert one["reasons"]["onnxruntime"] == "openvino runs"
    assert described["gray_to_depth"]["generated"] is True
    assert described["face_landmarks"]["generated"] is False
    models.close()
    models.close()


def test_only_what_is_asked_for_is_loaded(weights: Path):
    models = load_models(names=["face_landmarks"], weights_dir=weights)
    assert list(models.loaded()) == ["face_landmarks"]
    assert models.missing == {}
    models.close()


def test_torn_and_missing_weights_leave_the_others_running(weights: Path, caplog: pytest.LogCaptureFixture):
    (weights / "gray_to_depth.json").unlink()
    (weights / "depth_to_color.onnx").write_bytes(b"torn")
    models = load_models(weights_dir=weights)
    assert list(models.loaded()) == ["face_landmarks"]
    assert "there is no model card" in models.missing["gray_to_depth"]
    assert "torn" in models.missing["depth_to_color"]
    assert "model depth_to_color is missing" in caplog.text
    assert models.describe()["depth_to_color"] == {"missing": models.missing["depth_to_color"]}
    models.close()


def test_the_files_of_another_model_are_missing_not_used(weights: Path):
    shutil.copy(weights / "gray_to_depth.json", weights / "depth_to_color.json")
    models = load_models(weights_dir=weights)
    assert models.depth_to_color is None
    assert "is no DepthToColor" in models.missing["depth_to_color"]
    assert "depth_to_color" not in models.selections
    models.close()


def test_a_folder_that_is_not_there_gives_no_model_and_no_crash(tmp_path: Path):
    models = load_models(weights_dir=tmp_path / "nowhere")
    assert set(models.missing) == set(MODEL_NAMES)
    assert models.loaded() == {}


def test_without_any_backend_the_models_are_missing_with_every_reason(weights: Path, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setitem(sys.modules, "openvino", None)
    monkeypatch.setitem(sys.modules, "onnxruntime", None)
    models = load_models(weights_dir=weights)
    assert set(models.missing) == set(MODEL_NAMES)
    assert "pip install onnxruntime" in models.missing["face_landmarks"]
    with pytest.raises(BackendUnavailableError):
        load_models("require onnxruntime", weights_dir=weights)


def test_wrong_use_is_an_error(weights: Path):
    with pytest.raises(PolicyError):
        load_models("prefer magic", weights_dir=weights)
    with pytest.raises(PolicyError):
        load_models(threads=0, weights_dir=weights)
    with pytest.raises(UnknownModelError, match="gray_to_depth, depth_to_color, face_landmarks"):
        load_models(names=["mind_reader"], weights_dir=weights)
    with pytest.raises(UnknownModelError):
        shipped("mind_reader")


def test_the_shipped_cards_lie_in_the_package():
    assert shipped("face_landmarks").parent == ROOT / "engines" / "weights"


def test_the_preset_that_runs_comes_before_a_plain_card(weights: Path):
    plain = weights / "face_landmarks.json"
    assert shipped("face_landmarks", weights) == plain
    preset = weights / "face_landmarks-plus.json"
    preset.write_text(json.dumps({**json.loads(plain.read_text()), "preset": "plus"}))
    assert shipped("face_landmarks", weights) == preset
    models = load_models(names=["face_landmarks"], weights_dir=weights)
    assert models.describe()["face_landmarks"]["preset"] == "plus"
    models.close()
    assert shipped("face_landmarks", weights / "nowhere").name == "face_landmarks-plus.json"


def test_importing_the_library_loads_no_backend():
    code = (
        "import sys, engines.loading; "
        "print([m for m in ('openvino', 'onnxruntime', 'torch', 'cv2') if m in sys.modules])"
    )
    told = subprocess.run([sys.executable, "-c", code], cwd=ROOT, check=True, capture_output=True, text=True)
    assert told.stdout.strip() == "[]"
