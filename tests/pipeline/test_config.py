"""Settings come from one TOML file; a wrong one is told by its name before anything runs."""

from __future__ import annotations

from pathlib import Path

import pytest

from pipeline.config import PipelineConfig, load_config
from pipeline.errors import ConfigError


def write(folder: Path, text: str) -> Path:
    path = folder / "night.toml"
    path.write_text(text)
    return path


def test_without_a_file_the_defaults_hold() -> None:
    assert load_config(None) == PipelineConfig()


def test_a_setting_is_taken_from_the_file(tmp_path: Path) -> None:
    config = load_config(
        write(tmp_path, "[synchronize]\ntolerance_ms = 12.5\n[engines]\npolicy = 'require onnxruntime'\n")
    )
    assert config.synchronize.tolerance_ms == 12.5
    assert config.engines.policy == "require onnxruntime"


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("[synchronize]\ntolerance = 3\n", "synchronize.tolerance"),
        ("[synchronize]\ntolerance_ms = -3\n", "synchronize.tolerance_ms"),
        ("[sonar]\n", "sonar"),
        ("[synchronize\n", "not valid TOML"),
        ("\xff\xfe", "nothing"),
    ],
)
def test_a_wrong_setting_is_named(text: str, words: str, tmp_path: Path) -> None:
    path = tmp_path / "night.toml"
    if words == "nothing":
        path.write_bytes(b"\xff\xfe\x00")
        words = "not valid TOML"
    else:
        path.write_text(text)
    with pytest.raises(ConfigError, match=words):
        load_config(path)


def test_a_missing_file_is_told(tmp_path: Path) -> None:
    with pytest.raises(ConfigError, match=r"nowhere\.toml"):
        load_config(tmp_path / "nowhere.toml")
