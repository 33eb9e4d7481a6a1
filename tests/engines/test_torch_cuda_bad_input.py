"""The torch backend refuses what it cannot compute, and says which part of it."""

from __future__ import annotations

import hashlib
import json
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from engines.backend import LoadOptions
from engines.card import load_card
from engines.errors import (
    BackendUnavailableError,
    InferenceError,
    InputError,
    ModelFileError,
    ModelMismatchError,
    UnsupportedGraphError,
)
from engines.registry import make_backend
from tests.engines.conftest import EditCard
from tests.engines.torch_on_cpu import loaded
from tests.helpers.backend_calls import some_input
from tests.helpers.onnx_models import TinyGraph


def test_an_int8_file_is_not_computed_as_fp32(weights: Path, edit_card: EditCard):
    card = load_card(edit_card("face_landmarks", {"precision": "int8"}))
    with pytest.raises(BackendUnavailableError, match="is int8, not fp32; use the file that it was quantised from"):
        make_backend("torch", LoadOptions(precision="fp32")).load(card, card.onnx_path)


def test_an_opset_that_nobody_knows_and_weights_elsewhere_are_refused(tmp_path: Path):
    onnx = pytest.importorskip("onnx", reason="onnx is not installed (extra: torch)")
    graph = TinyGraph({"x": ("N", 4)}, {"y": ("N", 4)}, generated=False)
    graph.op("Add", "x", graph.constant(np.ones((1, 4), np.float32)), to="y")
    graph.write(tmp_path, "sum")

    def spoilt(change: Any) -> Path:
        model = onnx.load_model_from_string(graph.to_bytes())
        change(model)
        data = model.SerializeToString()
        (tmp_path / "sum.onnx").write_bytes(data)
        card = json.loads((tmp_path / "sum.json").read_text())
        (tmp_path / "sum.json").write_text(json.dumps({**card, "sha256": hashlib.sha256(data).hexdigest()}))
        return tmp_path / "sum.json"

    def newer(model: Any) -> None:
        model.opset_import[0].version = 25

    def elsewhere(model: Any) -> None:
        model.graph.initializer[0].data_location = onnx.TensorProto.EXTERNAL
        model.graph.initializer[0].external_data.add(key="location", value="weights.bin")

    with pytest.raises(UnsupportedGraphError, match="of opset 25"):
        loaded(spoilt(newer))
    with pytest.raises(ModelFileError, match="lie in another file"):
        loaded(spoilt(elsewhere))


def test_bad_input_is_refused_before_it_reaches_torch(weights: Path):
    backend, card = loaded(weights / "face_landmarks.json")
    good = some_input(card)
    (name,) = good
    for bad in ({}, {"x": good[name]}, {name: good[name][:, :, :-1]}, {name: good[name] * np.nan}):
        with pytest.raises(InputError):
            backend.infer(bad)
    backend.infer(good)


def test_a_result_that_is_no_number_is_no_result(tmp_path: Path):
    graph = TinyGraph({"x": ("N", 4)}, {"y": ("N", 4)}, generated=False)
    graph.op("Log", "x", to="y")
    graph.write(tmp_path, "log")
    backend, _ = loaded(tmp_path / "log.json")
    backend.infer({"x": np.ones((3, 4), np.float32)})  # the padding's logarithms are nobody's result
    with pytest.raises(InferenceError, match="NaN or infinity in output y"):
        backend.infer({"x": -np.ones((1, 4), np.float32)})


def test_a_torn_file_and_another_card_are_refused(weights: Path, edit_card: EditCard):
    specs = json.loads((weights / "gray_to_depth.json").read_text())["outputs"]
    path = edit_card("gray_to_depth", {"outputs": [{**specs[0], "shape": ["N", 1, 95, 96]}, *specs[1:]]})
    with pytest.raises(ModelMismatchError, match=r"gray_to_depth\.onnx"):
        loaded(path)
    torn = (weights / "face_landmarks.onnx").read_bytes()[:700]
    (weights / "face_landmarks.onnx").write_bytes(torn)
    path = edit_card("face_landmarks", {"sha256": hashlib.sha256(torn).hexdigest()})
    with pytest.raises(ModelFileError, match="no whole ONNX file"):
        loaded(path)


def test_a_file_whose_shapes_are_only_found_by_computing_is_held_to_its_card(tmp_path: Path):
    graph = TinyGraph({"x": ("N", 4)}, {"y": ("N", "M")}, generated=False)
    graph.op("Concat", "x", "x", to="y", axis=1)
    graph.outputs = {"y": ("N", "M")}
    data = graph.to_bytes()
    graph.outputs = {"y": ("N", 4)}
    graph.write(tmp_path, "wide")
    (tmp_path / "wide.onnx").write_bytes(data)
    card = json.loads((tmp_path / "wide.json").read_text())
    (tmp_path / "wide.json").write_text(json.dumps({**card, "sha256": hashlib.sha256(data).hexdigest()}))
    with pytest.raises(ModelMismatchError, match=r"computes outputs of .*\(8, 8\)"):
        loaded(tmp_path / "wide.json")


def test_an_operator_that_nobody_knows_is_refused_by_name(tmp_path: Path):
    graph = TinyGraph({"x": ("N", 3, 3)}, {"y": ("N",)}, generated=False)
    graph.op("Det", "x", to="y")
    graph.write(tmp_path, "det")
    with pytest.raises(UnsupportedGraphError, match="operator Det, opset 17"):
        loaded(tmp_path / "det.json")


def test_a_file_for_one_batch_only_is_computed_face_by_face(tmp_path: Path):
    graph = TinyGraph({"x": (1, 4)}, {"y": (1, 2, 2)}, generated=False)
    graph.op("Reshape", "x", graph.constant(np.array([1, 2, 2])), to="y")
    data = graph.to_bytes()
    graph.inputs, graph.outputs = {"x": ("N", 4)}, {"y": ("N", 2, 2)}
    graph.write(tmp_path, "one")
    (tmp_path / "one.onnx").write_bytes(data)
    card = json.loads((tmp_path / "one.json").read_text())
    (tmp_path / "one.json").write_text(json.dumps({**card, "sha256": hashlib.sha256(data).hexdigest()}))
    backend, _ = loaded(tmp_path / "one.json")
    assert backend.status().buckets == (1,)
    x = np.arange(12, dtype=np.float32).reshape(3, 4)
    np.testing.assert_array_equal(backend.infer({"x": x})["y"], x.reshape(3, 2, 2))
