"""The command that renders calibration files from samples, and the int8 files that are shipped."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import onnx
import pytest
from onnx import numpy_helper

pytest.importorskip("torch", reason="torch is not installed (extra: train)")

from engines.calibration import load_calibration
from engines.card import load_card
from engines.errors import QuantizeError
from engines.loading import WEIGHTS
from tests.engines.int8_networks import crops, unet
from tests.training.shard_fixture import write_samples
from training.calibration import main
from training.quantize import FLOAT_LAST, quantize_int8


@pytest.fixture(scope="module")
def samples(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return write_samples(tmp_path_factory.mktemp("samples"))


def test_a_file_for_every_model_comes_from_one_command(samples: Path, tmp_path: Path) -> None:
    lines: list[str] = []
    wanted = ["face_landmarks", "face_finder", "gray_to_depth", "depth_to_color", "face_verifier"]
    where = ["--faces", str(samples), "--crowd", str(samples), "--out", str(tmp_path), "--count", "12"]
    assert main([*where, *wanted], lines.append) == 0
    assert len(lines) == len(wanted)
    for name in wanted:
        card = load_card(WEIGHTS / f"{name}-plus.json")
        made = load_calibration(card, tmp_path)
        for spec in card.inputs:
            assert made.held_out[spec.name].shape[1:] == spec.sizes[1:]
            assert np.ptp(made.inputs[spec.name]) > 0.5
        assert made.truth


def test_the_same_samples_make_the_same_file(samples: Path, tmp_path: Path) -> None:
    card = load_card(WEIGHTS / "depth_to_color-plus.json")
    found = []
    for folder in ("a", "b"):
        where = ["--faces", str(samples), "--out", str(tmp_path / folder), "--count", "12", "depth_to_color"]
        assert main(where, lambda line: None) == 0
        found.append(load_calibration(card, tmp_path / folder))
    np.testing.assert_array_equal(found[0].inputs["depth"], found[1].inputs["depth"])
    np.testing.assert_array_equal(found[0].truth["color"], found[1].truth["color"])


def test_a_folder_without_samples_is_named(tmp_path: Path) -> None:
    lines: list[str] = []
    assert main(["--faces", str(tmp_path), "--out", str(tmp_path), "gray_to_depth"], lines.append) == 1
    assert str(tmp_path) in lines[0]


def test_shipped_int8_files_leave_the_last_layers_in_float_and_one_bit_unused(tmp_path: Path) -> None:
    source, target = tmp_path / "float.onnx", tmp_path / "int8.onnx"
    source.write_bytes(unet().SerializeToString())
    quantize_int8(source, target, [crop["gray"] for crop in crops()])
    values = {t.name: numpy_helper.to_array(t) for t in onnx.load(target).graph.initializer}
    rounded = [v for k, v in values.items() if k.endswith("weight_quantized")]
    assert len(rounded) == 7 - FLOAT_LAST
    assert max(np.abs(v).max() for v in rounded) == 63
    with pytest.raises(QuantizeError, match="needs one input and crops"):
        quantize_int8(source, target, [])
