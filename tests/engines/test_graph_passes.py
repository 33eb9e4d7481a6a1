"""Rewritten graphs compute what they computed before."""

from __future__ import annotations

from collections import Counter
from typing import Any

import numpy as np
import onnx
import onnxruntime
from hypothesis import given, settings
from hypothesis import strategies as st
from numpy.typing import NDArray
from onnx import TensorProto, helper, numpy_helper

from engines.graph_passes import PASSES, run_passes


def model_of(nodes: list[Any], constants: dict[str, NDArray[Any]], channels: int, outputs: int) -> onnx.ModelProto:
    """An opset 17 model from `x` (N, channels, H, W) to `y` (N, outputs, H', W')."""
    graph = helper.make_graph(
        nodes,
        "test",
        [helper.make_tensor_value_info("x", TensorProto.FLOAT, ["N", channels, "H", "W"])],
        [helper.make_tensor_value_info("y", TensorProto.FLOAT, ["N", outputs, "P", "Q"])],
        [numpy_helper.from_array(v, k) for k, v in constants.items()],
    )
    model = helper.make_model(graph, opset_imports=[helper.make_opsetid("", 17)], ir_version=9)
    onnx.checker.check_model(model, full_check=True)
    return model


def run(model: onnx.ModelProto, x: NDArray[np.float32]) -> NDArray[np.float32]:
    session = onnxruntime.InferenceSession(model.SerializeToString(), providers=["CPUExecutionProvider"])
    out: NDArray[np.float32] = session.run(None, {"x": x})[0]
    return out


def kinds(model: onnx.ModelProto) -> Counter[str]:
    return Counter(node.op_type for node in model.graph.node)


@given(
    stride=st.integers(2, 3),
    kernel=st.integers(2, 7),
    pad=st.integers(0, 3),
    channels=st.integers(1, 3),
    outputs=st.integers(1, 3),
    bias=st.booleans(),
    after=st.sampled_from(["", "Relu", "LeakyRelu"]),
    seed=st.integers(0, 99),
)
@settings(max_examples=60, deadline=None)
def test_a_transposed_convolution_and_its_sub_pixel_form_are_equal(
    stride: int, kernel: int, pad: int, channels: int, outputs: int, bias: bool, after: str, seed: int
) -> None:
    rng = np.random.default_rng(seed)
    extra = stride - kernel + 2 * pad  # output padding with which the map grows exactly `stride` times
    exact = 0 <= extra < stride
    weight = rng.standard_normal((channels, outputs, kernel, kernel)).astype(np.float32)
    constants = {"w": weight, "b": rng.standard_normal(outputs).astype(np.float32)}
    inputs = ["x", "w", "b"] if bias else ["x", "w"]
    nodes = [
        helper.make_node(
            "ConvTranspose",
            inputs,
            ["t" if after else "y"],
            strides=[stride, stride],
            pads=[pad] * 4,
            output_padding=[extra if exact else 0] * 2,
        )
    ]
    if after:
        nodes.append(helper.make_node(after, ["t"], ["y"]))
    if kernel <= 2 * pad and not exact:
        return  # an empty map
    model = model_of(nodes, constants if bias else {"w": weight}, channels, outputs)
    x = rng.standard_normal((2, channels, 5, 4)).astype(np.float32)
    before = run(model, x)
    assert PASSES["sub_pixel"][1](model) == int(exact)
    assert kinds(model)["ConvTranspose"] == int(not exact)
    np.testing.assert_allclose(run(model, x), before, atol=2e-4)
    if exact and after:  # the function fuses with the convolution only where it stands right behind it
        assert [node.op_type for node in model.graph.node] == ["Conv", after, "DepthToSpace"]


def test_batch_norm_disappears_into_the_convolution_before_it() -> None:
    rng = np.random.default_rng(0)
    constants = {
        "w": rng.standard_normal((4, 3, 3, 3)).astype(np.float32),
        "v": rng.standard_normal((4, 2, 2, 2)).astype(np.float32),
        **{f"{k}{i}": rng.uniform(0.5, 2, n).astype(np.float32) for i, n in ((0, 4), (1, 2)) for k in "gbms"},
    }
    nodes = [
        helper.make_node("Conv", ["x", "w"], ["a"]),
        helper.make_node("BatchNormalization", ["a", "g0", "b0", "m0", "s0"], ["c"], epsilon=1e-3),
        helper.make_node("ConvTranspose", ["c", "v"], ["d"], strides=[2, 2]),
        helper.make_node("BatchNormalization", ["d", "g1", "b1", "m1", "s1"], ["y"]),
    ]
    model = model_of(nodes, constants, 3, 2)
    x = rng.standard_normal((1, 3, 8, 8)).astype(np.float32)
    before = run(model, x)
    assert PASSES["fold_batch_norm"][1](model) == 2
    assert kinds(model) == {"Conv": 1, "ConvTranspose": 1}
    np.testing.assert_allclose(run(model, x), before, atol=1e-4)


def test_widened_half_precision_weights_become_plain_ones() -> None:
    weight = np.random.default_rng(1).standard_normal((4, 1, 3, 3)).astype(np.float16)
    nodes = [
        helper.make_node("Cast", ["w_half"], ["w"], to=TensorProto.FLOAT),
        helper.make_node("Identity", ["x"], ["same"]),
        helper.make_node("Constant", [], ["b"], value=numpy_helper.from_array(np.ones(4, np.float32))),
        helper.make_node("Conv", ["same", "w", "b"], ["y"]),
    ]
    model = model_of(nodes, {"w_half": weight}, 1, 4)
    x = np.random.default_rng(2).standard_normal((1, 1, 6, 6)).astype(np.float32)
    before = run(model, x)
    assert PASSES["fold_constants"][1](model) == 3
    assert kinds(model) == {"Conv": 1}
    assert {t.name for t in model.graph.initializer} == {"w", "b"}, "nothing that nobody reads stays in the file"
    np.testing.assert_array_equal(run(model, x), before)


def test_two_layers_that_share_a_bias_get_one_each() -> None:
    rng = np.random.default_rng(3)
    constants = {
        "w": rng.standard_normal((2, 2, 1, 1)).astype(np.float32),
        "b": rng.standard_normal(2).astype(np.float32),
    }
    nodes = [helper.make_node("Conv", ["x", "w", "b"], ["a"]), helper.make_node("Conv", ["a", "w", "b"], ["y"])]
    model = model_of(nodes, constants, 2, 2)
    x = rng.standard_normal((1, 2, 3, 3)).astype(np.float32)
    before = run(model, x)
    assert run_passes(model, ["own_biases"]) == {"own_biases": 1}
    assert len({node.input[2] for node in model.graph.node}) == 2
    assert len({node.input[1] for node in model.graph.node}) == 1
    np.testing.assert_array_equal(run(model, x), before)
