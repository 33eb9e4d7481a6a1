"""What an ONNX file is turned into for TensorRT: the same numbers in float32, close ones in half and in int8."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np
import onnx
import onnxruntime
import pytest
from numpy.typing import NDArray
from onnx import TensorProto, helper, numpy_helper

from engines.backends.tensorrt_graph import passes_of, prepare
from engines.card import ModelCard, load_card
from engines.errors import BackendUnavailableError, UnsupportedGraphError
from engines.loading import WEIGHTS

SHIPPED = sorted(path.name for path in WEIGHTS.glob("*.json"))
FLOATS = [name for name in SHIPPED if load_card(WEIGHTS / name).precision == "fp32"]


def run(data: bytes, inputs: dict[str, Any]) -> dict[str, Any]:
    options = onnxruntime.SessionOptions()
    options.intra_op_num_threads = 1
    options.graph_optimization_level = onnxruntime.GraphOptimizationLevel.ORT_DISABLE_ALL  # every rounding counts
    options.log_severity_level = 3
    session = onnxruntime.InferenceSession(data, options, providers=["CPUExecutionProvider"])
    names = [output.name for output in session.get_outputs()]
    return dict(zip(names, session.run(names, inputs), strict=True))


def faces(card: ModelCard, count: int = 3) -> dict[str, Any]:
    """Smooth bright ovals on a dark ground, in each input's own range."""
    rng = np.random.default_rng(4)
    out = {}
    for spec in card.inputs:
        height, width = spec.sizes[2:]
        y, x = np.mgrid[0:height, 0:width]
        rows = []
        for _ in range(count):
            cx, cy = width * rng.uniform(0.4, 0.6), height * rng.uniform(0.4, 0.6)
            rows.append(np.exp(-(((x - cx) / (width / 4)) ** 2 + ((y - cy) / (height / 3)) ** 2) / 2))
        low, high = spec.low if spec.low is not None else -1.0, spec.high if spec.high is not None else 1.0
        picture = low + (high - low) * (0.15 + 0.5 * np.stack(rows)[:, None])
        out[spec.name] = np.broadcast_to(picture, (count, *spec.sizes[1:])).astype(np.float32)
    return out


def without_rounding(card: ModelCard) -> dict[str, Any]:
    return run(prepare(card.title, card.onnx_path.read_bytes(), "fp32"), faces(card))


@pytest.mark.parametrize("name", FLOATS)
def test_a_shipped_float_model_keeps_its_numbers(name: str):
    card = load_card(WEIGHTS / name)
    data = card.onnx_path.read_bytes()
    right = run(data, faces(card))
    for precision in ("file", "fp32"):
        out = run(prepare(card.title, data, precision), faces(card))
        for key in right:
            scale = max(1.0, float(np.abs(right[key]).max()))
            assert np.abs(out[key] - right[key]).max() <= 1e-5 * scale, (key, precision)


@pytest.mark.parametrize("name", SHIPPED)
def test_a_shipped_model_in_half_precision_stays_close(name: str):
    card = load_card(WEIGHTS / name)
    data = prepare(card.title, card.onnx_path.read_bytes(), "fp16")
    model = onnx.load_from_string(data)
    onnx.checker.check_model(model, full_check=True)
    halves = sum(t.data_type == TensorProto.FLOAT16 for t in model.graph.initializer)
    assert halves >= 5
    assert {v.type.tensor_type.elem_type for v in (*model.graph.input, *model.graph.output)} == {TensorProto.FLOAT}
    right, out = without_rounding(card), run(data, faces(card))
    for key in right:
        scale = max(1.0, float(np.abs(right[key]).max()))
        assert np.abs(out[key] - right[key]).mean() <= 1e-3 * scale, key
        assert np.abs(out[key] - right[key]).max() <= 1e-2 * scale, key


@pytest.mark.parametrize("name", SHIPPED)
def test_a_shipped_rounded_model_is_in_the_form_that_tensorrt_takes(name: str):
    card = load_card(WEIGHTS / name)
    data = card.onnx_path.read_bytes()
    if card.precision != "int8":
        with pytest.raises(BackendUnavailableError, match=r"engines build .* --precision int8"):
            prepare(card.title, data, "int8")
        return
    prepared = prepare(card.title, data, "int8")
    assert prepared == prepare(card.title, data, "file")
    only_symmetric_pairs(prepared)
    rounded, right, own = run(prepared, faces(card)), without_rounding(card), run(data, faces(card))
    for key in right:
        lost = np.abs(rounded[key] - right[key]).mean()
        assert lost <= 2.5 * np.abs(own[key] - right[key]).mean() + 1e-3, key  # a bit less than half the steps


def only_symmetric_pairs(data: bytes) -> int:
    model = onnx.load_from_string(data)
    constants = {t.name: numpy_helper.to_array(t) for t in model.graph.initializer}
    made = {name: node for node in model.graph.node for name in node.output}
    pairs = 0
    for node in model.graph.node:
        if node.op_type not in ("QuantizeLinear", "DequantizeLinear"):
            continue
        zero = constants[node.input[2]]
        assert zero.dtype == np.int8
        assert not zero.any()
        if node.op_type == "DequantizeLinear":
            assert made[node.input[0]].op_type == "QuantizeLinear"
            pairs += 1
    assert not [
        t
        for t in model.graph.initializer
        if t.data_type in (TensorProto.INT8, TensorProto.UINT8) and t.dims and numpy_helper.to_array(t).any()
    ]
    return pairs


# graphs made for one purpose


def model_of(
    nodes: Sequence[Any], constants: dict[str, NDArray[Any]], shape: Sequence[Any], out: Sequence[Any]
) -> bytes:
    graph = helper.make_graph(
        list(nodes),
        "made",
        [helper.make_tensor_value_info("x", TensorProto.FLOAT, list(shape))],
        [helper.make_tensor_value_info("y", TensorProto.FLOAT, list(out))],
        [numpy_helper.from_array(value, name) for name, value in constants.items()],
    )
    model = helper.make_model(graph, opset_imports=[helper.make_opsetid("", 17)], ir_version=8)
    onnx.checker.check_model(model, full_check=True)
    data: bytes = model.SerializeToString()
    return data


def rounded_convolution(weight_dtype: type = np.int8, weight_zero: int = 0) -> tuple[bytes, NDArray[np.float32]]:
    """uint8 activations with a zero point, 8-bit weights a channel, an INT32 bias: what CPU tools write."""
    rng = np.random.default_rng(0)
    low = 0 if weight_dtype == np.uint8 else -127
    weight = rng.integers(low, low + 254, (4, 3, 3, 3)).astype(weight_dtype)
    scale = rng.uniform(0.001, 0.002, 4).astype(np.float32)
    x_scale = np.float32(2 / 255)
    zero = np.full(4, weight_zero, weight_dtype)
    constants = {
        "xs": np.array(x_scale),
        "xz": np.array(100, np.uint8),
        "w": weight,
        "ws": scale,
        "wz": zero,
        "b": rng.integers(-2000, 2000, 4).astype(np.int32),
        "bs": (scale * x_scale).astype(np.float32),
        "bz": np.zeros(4, np.int32),
    }
    nodes = [
        helper.make_node("QuantizeLinear", ["x", "xs", "xz"], ["q"]),
        helper.make_node("DequantizeLinear", ["q", "xs", "xz"], ["d"]),
        helper.make_node("DequantizeLinear", ["w", "ws", "wz"], ["wd"], axis=0),
        helper.make_node("DequantizeLinear", ["b", "bs", "bz"], ["bd"], axis=0),
        helper.make_node("Conv", ["d", "wd", "bd"], ["y"], pads=[1, 1, 1, 1]),
    ]
    x = rng.uniform(-0.7, 1.1, (2, 3, 8, 8)).astype(np.float32)
    return model_of(nodes, constants, ["N", 3, 8, 8], ["N", 4, 8, 8]), x


@pytest.mark.parametrize(("dtype", "zero"), [(np.int8, 0), (np.int8, 3), (np.uint8, 128)])
def test_a_rounding_for_the_cpu_becomes_symmetric_and_nearly_the_same(dtype: type, zero: int):
    data, x = rounded_convolution(dtype, zero)
    prepared = prepare("made", data, "int8")
    assert only_symmetric_pairs(prepared) == 2
    right, out = run(data, {"x": x})["y"], run(prepared, {"x": x})["y"]
    step = 155 * 2 / 255 / 127  # of an activation now; 27 products of weights up to 0.25 each
    assert np.abs(out - right).max() < 27 * 0.25 * step
    assert np.abs(out - right).mean() < 0.02 * np.abs(right).max()


def test_int8_weights_without_zero_point_come_through_exactly():
    data, _ = rounded_convolution()
    before = {t.name: numpy_helper.to_array(t) for t in onnx.load_from_string(data).graph.initializer}
    exact = before["w"].astype(np.float32) * before["ws"][:, None, None, None]
    after = [numpy_helper.to_array(t) for t in onnx.load_from_string(prepare("made", data, "file")).graph.initializer]
    assert any(a.shape == exact.shape and a.dtype == np.float32 and np.array_equal(a, exact) for a in after)
    plain = onnx.load_from_string(prepare("made", data, "fp32"))
    assert [node.op_type for node in plain.graph.node] == ["Conv"]


def test_half_precision_lies_between_the_large_multiplications_only():
    rng = np.random.default_rng(1)
    constants = {
        "w1": rng.normal(0, 0.1, (8, 1, 3, 3)).astype(np.float32),
        "w2": rng.normal(0, 0.1, (1, 8, 3, 3)).astype(np.float32),
        "thousand": np.array(100_000, np.float32),
        "scales": np.array([1, 1, 2, 2], np.float32),
    }
    nodes = [
        helper.make_node("Mul", ["x", "thousand"], ["big"], "before"),  # too large for float16
        helper.make_node("Tanh", ["big"], ["t"], "tanh"),
        helper.make_node("Conv", ["t", "w1"], ["a"], "first", pads=[1, 1, 1, 1]),
        helper.make_node("Relu", ["a"], ["r"], "relu"),
        helper.make_node("Resize", ["r", "", "scales"], ["u"], "up", mode="nearest"),
        helper.make_node("Conv", ["u", "w2"], ["c"], "last", pads=[1, 1, 1, 1]),
        helper.make_node("Mul", ["c", "thousand"], ["y"], "after"),
    ]
    data = model_of(nodes, constants, ["N", 1, 8, 8], ["N", 1, 16, 16])
    prepared = prepare("made", data, "fp16")
    inferred = onnx.shape_inference.infer_shapes(onnx.load_from_string(prepared), strict_mode=True)
    kinds = {v.name: v.type.tensor_type.elem_type for v in inferred.graph.value_info}
    assert {n: kinds[n] for n in ("big", "t")} == {"big": TensorProto.FLOAT, "t": TensorProto.FLOAT}
    assert {n: kinds[n] for n in ("a", "r", "u", "c")} == dict.fromkeys("aruc", TensorProto.FLOAT16)
    x = {"x": rng.uniform(-1, 1, (2, 1, 8, 8)).astype(np.float32)}
    right, out = run(data, x)["y"], run(prepared, x)["y"]
    assert np.isfinite(out).all()
    assert np.abs(out - right).max() < 0.01 * np.abs(right).max()


def test_an_output_that_is_computed_in_half_is_still_float32_and_can_be_read_on():
    constants = {"w": np.eye(200, dtype=np.float32), "v": np.eye(200, dtype=np.float32)}
    nodes = [
        helper.make_node("MatMul", ["x", "w"], ["y"], "first"),
        helper.make_node("MatMul", ["y", "v"], ["z"], "second"),
    ]
    model = onnx.load_from_string(model_of(nodes, constants, ["N", 200], ["N", 200]))
    model.graph.output.append(helper.make_tensor_value_info("z", TensorProto.FLOAT, ["N", 200]))
    x = {"x": np.linspace(-1, 1, 400, dtype=np.float32).reshape(2, 200)}
    out = run(prepare("made", model.SerializeToString(), "fp16"), x)
    for name in ("y", "z"):
        assert out[name].dtype == np.float32
        np.testing.assert_allclose(out[name], x["x"], atol=1e-3)


def test_weights_beyond_float16_are_cut_instead_of_infinite():
    constants = {"w": np.full((200, 200), 1e6, np.float32)}
    data = model_of([helper.make_node("MatMul", ["x", "w"], ["y"])], constants, ["N", 200], ["N", 200])
    weights = onnx.load_from_string(prepare("made", data, "fp16")).graph.initializer
    assert all(np.isfinite(numpy_helper.to_array(t)).all() for t in weights)


def test_what_the_gpu_cannot_take_is_refused_in_words(tmp_path: Path):
    with pytest.raises(UnsupportedGraphError, match="no ONNX file"):
        prepare("made", b"no model at all", "file")
    data, _ = rounded_convolution()
    outside = onnx.load_from_string(data)
    outside.graph.initializer[2].data_location = TensorProto.EXTERNAL
    with pytest.raises(UnsupportedGraphError, match="weights lie outside the file"):
        prepare("made", outside.SerializeToString(), "file")
    branch = helper.make_graph(
        [helper.make_node("Identity", ["x"], ["z"])],
        "b",
        [],
        [helper.make_tensor_value_info("z", TensorProto.FLOAT, None)],
    )
    choice = helper.make_node("If", ["yes"], ["y"], "fork", then_branch=branch, else_branch=branch)
    data = model_of([choice], {"yes": np.array(True)}, ["N", 2], ["N", 2])
    with pytest.raises(UnsupportedGraphError, match=r"node fork \(If\)"):
        prepare("made", data, "fp16")


def test_the_same_file_gives_the_same_bytes_and_the_passes_are_named():
    data, _ = rounded_convolution()
    assert prepare("made", data, "fp16") == prepare("made", data, "fp16")
    assert len({passes_of(p) for p in ("file", "fp32", "fp16", "int8")}) == 4
