"""Real ONNX files that no backend may run, and a small one that is quantised."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable
from pathlib import Path

import numpy as np
import onnx
from onnx import TensorProto, helper, numpy_helper

from tests.helpers.onnx_models import TinyGraph, tiny_card


def write_spoilt(folder: Path, spoil: Callable[[onnx.ModelProto], bytes]) -> Path:
    """A product of (N, 4) with a matrix, spoilt; its card's checksum is right. Returns the card."""
    matrix = numpy_helper.from_array(np.eye(4, dtype=np.float32), "w")
    graph = helper.make_graph(
        [helper.make_node("MatMul", ["x", "w"], ["y"])],
        "spoilt",
        [helper.make_tensor_value_info("x", TensorProto.FLOAT, ["N", 4])],
        [helper.make_tensor_value_info("y", TensorProto.FLOAT, ["N", 4])],
        [matrix],
    )
    data = spoil(helper.make_model(graph, opset_imports=[helper.make_opsetid("", 17)], ir_version=8))
    return _write(folder, "spoilt", data)


def newer_opset(model: onnx.ModelProto) -> bytes:
    model.opset_import[0].version = 99
    return bytes(model.SerializeToString())


def operation_of_others(model: onnx.ModelProto) -> bytes:
    model.opset_import.append(helper.make_opsetid("acme", 1))
    model.graph.node[0].op_type, model.graph.node[0].domain = "Frobnicate", "acme"
    return bytes(model.SerializeToString())


def unknown_operation(model: onnx.ModelProto) -> bytes:
    model.graph.node[0].op_type = "Frobnicate"
    return bytes(model.SerializeToString())


def weights_elsewhere(model: onnx.ModelProto) -> bytes:
    tensor = model.graph.initializer[0]
    tensor.ClearField("raw_data")
    tensor.data_location = TensorProto.EXTERNAL
    for key, value in (("location", "weights.bin"), ("offset", "0"), ("length", "64")):
        entry = tensor.external_data.add()
        entry.key, entry.value = key, value
    return bytes(model.SerializeToString())


def cut_off(model: onnx.ModelProto) -> bytes:
    return bytes(model.SerializeToString()[:-20])


def write_quantised(folder: Path, pairs: bool) -> Path:
    """One convolution, in int8 by quantise and dequantise pairs or without them, with a card that says int8."""
    g = TinyGraph({"x": ("N", 16, 16, 16)}, {"y": ("N", 16, 16, 16)}, generated=False)
    rng = np.random.default_rng(0)
    if pairs:
        scale, zero = g.constant(np.array(0.02, np.float32)), g.constant(np.array(128, np.uint8))
        few, none = g.constant(np.array(0.01, np.float32)), g.constant(np.array(0, np.int8))
        weights = g.constant(rng.integers(-64, 65, (16, 16, 3, 3)).astype(np.int8))
        x = g.op("DequantizeLinear", g.op("QuantizeLinear", "x", scale, zero), scale, zero)
        y = g.op("Conv", x, g.op("DequantizeLinear", weights, few, none), pads=[1] * 4)
        wide = g.constant(np.array(0.2, np.float32))
        g.op("DequantizeLinear", g.op("QuantizeLinear", y, wide, zero), wide, zero, to="y")
    else:
        weights = g.constant(rng.normal(size=(16, 16, 3, 3)).astype(np.float32))
        g.op("Conv", "x", weights, to="y", pads=[1] * 4)
    return _write(folder, "quantised", g.to_bytes(), {"x": ("N", 16, 16, 16)}, {"y": ("N", 16, 16, 16)}, "int8")


def _write(
    folder: Path,
    name: str,
    data: bytes,
    inputs: dict[str, tuple[int | str, ...]] | None = None,
    outputs: dict[str, tuple[int | str, ...]] | None = None,
    precision: str = "fp32",
) -> Path:
    (folder / f"{name}.onnx").write_bytes(data)
    card = tiny_card(name, data, inputs or {"x": ("N", 4)}, outputs or {"y": ("N", 4)}, False)
    assert card["sha256"] == hashlib.sha256(data).hexdigest()
    path = folder / f"{name}.json"
    path.write_text(json.dumps({**card, "precision": precision}))
    return path
