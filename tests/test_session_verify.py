"""`tapetum session verify` and `info` as a user types them: what they print and how they exit."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from typer.testing import CliRunner

from engines.loading import load_models
from tapetum import app
from tests.helpers.onnx_models import write_tiny_models
from tests.helpers.sessions import write_session
from tests.pipeline.recorded import write_recorded


@pytest.fixture(scope="module")
def weights(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return write_tiny_models(tmp_path_factory.mktemp("weights"))


@pytest.fixture
def recorded(weights: Path, tmp_path: Path) -> Path:
    models = load_models(threads=1, weights_dir=weights)
    try:
        return write_recorded(tmp_path / "live.mcap", write_session(tmp_path / "small.mcap", 8), models)
    finally:
        models.close()


def run(*arguments: object, code: int = 0) -> str:
    done = CliRunner().invoke(app, ["session", *map(str, arguments)])
    if done.exception is not None and not isinstance(done.exception, SystemExit):
        raise done.exception
    assert done.exit_code == code, done.output
    return done.output


def test_a_good_recording(recorded: Path, weights: Path) -> None:
    text = run("verify", recorded, "--weights", weights)
    assert "16 frames checked, none damaged" in text
    assert "8 of 8 stored observations computed again and compared byte by byte: none differ" in text


def test_other_engines_by_a_configuration(recorded: Path, weights: Path, tmp_path: Path) -> None:
    (tmp_path / "other.toml").write_text('[engines]\npolicy = "require onnxruntime"\n')
    text = run("verify", recorded, "--weights", weights, "--config", tmp_path / "other.toml")
    assert "within tolerances: none differ" in text
    assert "face_landmarks: backend openvino then, onnxruntime now" in text


def test_a_damaged_one_exits_one_and_lists_what(recorded: Path, weights: Path) -> None:
    data = bytearray(recorded.read_bytes())
    data[len(data) // 2] ^= 0x55
    recorded.write_bytes(data)
    text = run("verify", recorded, "--weights", weights, code=1)
    assert "damaged" in text
    assert "tapetum session recover" in text
    told = json.loads(run("verify", recorded, "--weights", weights, "--json", code=1).strip().splitlines()[-1])
    assert (told["good"], told["whole"], told["results"]) == (False, False, "not verified")
    assert sum(told["bad_by_stream"].values()) == len(told["bad_frames"])


def test_info_of_a_damaged_one_still_tells_what_is_in_it(recorded: Path) -> None:
    data = bytearray(recorded.read_bytes())
    data[len(data) // 2] ^= 0x55
    recorded.write_bytes(data)
    text = run("info", recorded)
    for words in ("depth", "infrared", "8 observations, 8 schedule entries", "face_landmarks"):
        assert words in text
    assert json.loads(run("info", recorded, "--json").strip().splitlines()[-1])["chunks"] >= 1
