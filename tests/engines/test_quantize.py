"""int8 files that are as good as they say, and models that are refused."""

from __future__ import annotations

import json
import sys
from collections.abc import Callable
from pathlib import Path

import numpy as np
import onnx
import onnxruntime
import pytest
from numpy.typing import NDArray

from engines.card import ModelCard, load_card
from engines.errors import QuantizeError
from engines.loading import WEIGHTS
from engines.quantize import build_int8, int8_fields, quantise, scheme_for
from engines.quantize_search import MOST_LOST
from engines.registry import CPU_BACKENDS, make_backend
from tests.engines.int8_networks import crops, pictures, spoilt, unet, write

Make = Callable[[onnx.ModelProto, float], ModelCard]


@pytest.fixture
def make(tmp_path: Path) -> Make:
    def write_it(model: onnx.ModelProto, off: float) -> ModelCard:
        likeness = WEIGHTS / "gray_to_depth-plus.json"
        return write(model, tmp_path, likeness, relief_of(model), off)

    return write_it


def relief_of(model: onnx.ModelProto) -> NDArray[np.float32]:
    session = onnxruntime.InferenceSession(model.SerializeToString(), providers=["CPUExecutionProvider"])
    crop = pictures(8, 1).astype(np.float32) / 127.5 - 1
    found: NDArray[np.float32] = session.run(["relief"], {"gray": crop})[0]
    return found


def quiet(fraction: float, phase: str) -> None:
    """Progress that nobody looks at."""


def test_the_file_runs_on_every_cpu_backend_and_its_card_says_what_it_cost(make: Make, tmp_path: Path) -> None:
    card = make(unet(), 20)
    told: list[float] = []
    path = build_int8(card, tmp_path / "out", lambda f, _: told.append(f), calibration=tmp_path)
    made = load_card(path)
    assert made.precision == "int8"
    lost, before, after = made.measured[:3]
    assert lost.value <= 100 * MOST_LOST
    assert (after.value / before.value - 1) * 100 == pytest.approx(lost.value, abs=0.01)
    assert before.unit == "mm"
    assert lost.command == "tapetum engines build gray_to_depth --precision int8"
    assert made.inputs == card.inputs
    assert made.onnx_path.stat().st_size < 0.6 * card.onnx_path.stat().st_size
    assert told == sorted(told)
    assert 0 <= told[0] <= told[-1] <= 1
    for name in CPU_BACKENDS:
        backend = make_backend(name)
        backend.load(made, made.onnx_path)
        assert backend.infer(crops(1)[0])["relief"].shape == (1, 1, 96, 96)
        backend.close()


@pytest.mark.slow
def test_both_cpu_backends_are_built_for(make: Make, tmp_path: Path) -> None:
    card = make(unet(), 20)
    one = load_card(build_int8(card, tmp_path / "a", quiet, "openvino", tmp_path))
    other = load_card(build_int8(card, tmp_path / "b", quiet, "onnxruntime", tmp_path))
    assert one.sha256 != other.sha256
    again = load_card(build_int8(card, tmp_path / "c", quiet, "openvino", tmp_path))
    assert one.sha256 == again.sha256, "the same source and crops give the same bytes"


@pytest.mark.slow
def test_the_layer_that_spoils_it_is_found_and_left_in_float(make: Make, tmp_path: Path) -> None:
    card = make(spoilt(), 20)
    made = load_card(build_int8(card, tmp_path / "out", quiet, calibration=tmp_path))
    assert "1 layers left in float (conv2)" in made.trained_on
    assert made.measured[0].value <= 100 * MOST_LOST


@pytest.mark.slow
def test_what_loses_more_than_a_percent_is_refused_with_the_numbers(make: Make, tmp_path: Path) -> None:
    card = make(unet(), 0)  # its truth is exactly what it says in float32
    with pytest.raises(QuantizeError, match=r"depth MAE on the person goes from .* worse, on 8 rendered .*float32"):
        build_int8(card, tmp_path / "out", quiet, calibration=tmp_path)
    assert not (tmp_path / "out").exists()


def test_a_model_that_is_int8_already_says_so(make: Make, tmp_path: Path) -> None:
    card = make(unet(), 20)
    with pytest.raises(QuantizeError, match="int8 already"):
        build_int8(card.model_copy(update={"precision": "int8"}), tmp_path, quiet, calibration=tmp_path)
    with pytest.raises(QuantizeError, match="int8"):
        quantise(quantise(unet(), crops()), crops())


def test_missing_and_torn_crops_are_named(make: Make, tmp_path: Path) -> None:
    card = make(unet(), 20)
    with pytest.raises(QuantizeError, match=r"no crops to calibrate on .* python -m training.calibration"):
        build_int8(card, tmp_path, quiet, calibration=tmp_path / "nowhere")
    path = tmp_path / "gray_to_depth-plus-calibration.npz"
    path.write_bytes(path.read_bytes()[: path.stat().st_size // 2])
    with pytest.raises(QuantizeError, match="torn or wrong"):
        int8_fields(card, calibration=tmp_path)


def test_a_missing_package_says_what_to_install(make: Make, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    card = make(unet(), 20)
    for name in ("engines.graph_passes", "engines.quantize_graph", "engines.quantize_search"):
        monkeypatch.delitem(sys.modules, name, raising=False)
    monkeypatch.setitem(sys.modules, "onnx", None)
    with pytest.raises(QuantizeError, match=r"pip install 'tapetum\[quantize\]'"):
        build_int8(card, tmp_path, quiet, calibration=tmp_path)


def test_the_fields_name_all_that_decides_the_bytes(make: Make, tmp_path: Path) -> None:
    card = make(unet(), 20)
    fields = int8_fields(card, calibration=tmp_path)
    assert fields["source"] == card.sha256
    assert int8_fields(card, "onnxruntime", tmp_path) != fields
    make(unet(), 30)  # other truth
    assert int8_fields(card, calibration=tmp_path)["calibration"] != fields["calibration"]
    assert int8_fields(card.model_copy(update={"sha256": "0" * 64}), calibration=tmp_path)["source"] == "0" * 64
    assert json.loads(json.dumps(fields)) == fields


def test_nothing_to_round_and_unknown_backends_are_refused() -> None:
    empty = unet()
    del empty.graph.node[:]
    with pytest.raises(QuantizeError, match="nothing to round"):
        quantise(empty, crops())
    with pytest.raises(QuantizeError, match="nothing to round"):
        quantise(unet(), [])
    with pytest.raises(QuantizeError, match="not for 'tensorrt'"):
        scheme_for("tensorrt")
