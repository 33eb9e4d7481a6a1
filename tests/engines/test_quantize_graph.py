"""Where the pairs stand, and that runtimes compute in bytes because of it."""

from __future__ import annotations

from collections import Counter
from typing import Any

import numpy as np
import onnx
import onnxruntime
import pytest
from onnx import numpy_helper

from engines.graph_passes import Graph
from engines.quantize import quantise
from engines.quantize_graph import Scheme, candidates
from engines.quantize_ranges import METHODS, Seen
from tests.engines.int8_networks import SIDE, Net, crops, unet

SPLIT = Scheme(split=True, passes=("fold_constants", "sub_pixel"))


def outputs(model: onnx.ModelProto, seed: int = 9) -> list[Any]:
    session = onnxruntime.InferenceSession(model.SerializeToString(), providers=["CPUExecutionProvider"])
    found: list[Any] = session.run(None, crops(1, seed)[0])
    return found


def values_of(model: onnx.ModelProto) -> dict[str, Any]:
    return {t.name: numpy_helper.to_array(t) for t in model.graph.initializer}


@pytest.mark.parametrize("scheme", [Scheme(), SPLIT, Scheme(unsigned=False), Scheme(weight_bits=7)])
def test_the_rounded_network_answers_nearly_as_before(scheme: Scheme) -> None:
    model = unet()
    for wanted, found in zip(outputs(model), outputs(quantise(model, crops(), scheme)), strict=True):
        assert np.abs(wanted - found).mean() < 0.06 * np.abs(wanted - wanted.mean()).mean()


def test_every_layer_reads_rounded_values_and_rounded_weights() -> None:
    model = quantise(unet(), crops(), Scheme())
    producers = {name: node.op_type for node in model.graph.node for name in node.output}
    rearranging = {"MaxPool", "Concat"}
    for node in model.graph.node:
        if node.op_type in ("Conv", "ConvTranspose"):
            assert producers[node.input[0]] in {"DequantizeLinear"} | rearranging
            assert producers[node.input[1]] == "DequantizeLinear"
    weights = [v for k, v in values_of(model).items() if k.endswith("weight_quantized")]
    assert len(weights) == 7
    assert all(w.dtype == np.int8 for w in weights)


def test_joined_maps_share_one_scale() -> None:
    model = quantise(unet(), crops(), Scheme())
    makers = {name: node for node in model.graph.node for name in node.output}
    join = next(node for node in model.graph.node if node.op_type == "Concat")
    scales = {makers[name].input[1] for name in join.input}
    after = [n.input[1] for n in model.graph.node if n.op_type == "QuantizeLinear" and n.input[0] == join.output[0]]
    assert len(scales) == 1
    assert set(after) <= scales


def test_seven_bits_are_kept_to_where_processors_would_overflow() -> None:
    for bits, most in ((7, 63), (8, 127)):
        model = quantise(unet(), crops(), Scheme(weight_bits=bits))  # type: ignore[arg-type]  # it is 7 or 8
        assert max(np.abs(v).max() for k, v in values_of(model).items() if k.endswith("weight_quantized")) == most


def test_symmetric_pairs_have_no_zero_point() -> None:
    model = quantise(unet(), crops(), Scheme(unsigned=False))
    values = values_of(model)
    zeros = [values[n.input[2]] for n in model.graph.node if n.op_type == "QuantizeLinear"]
    assert zeros
    assert all(z.dtype == np.int8 and z == 0 for z in zeros)


def test_a_layer_left_in_float_keeps_its_weights_and_reads_float() -> None:
    source = unet()
    graph = Graph(source)
    graph.finish()
    layer = candidates(graph)[-1]
    model = quantise(source, crops(), Scheme(), in_float=[layer])
    node = next(n for n in model.graph.node if n.name == layer)
    producers = {name: n.op_type for n in model.graph.node for name in n.output}
    assert producers[node.input[0]] == "Relu"
    assert node.input[1] in values_of(model)


def test_two_inputs_and_shared_weights() -> None:
    net = Net(7)
    left = net.conv("first", 1, 16)
    net.add("Conv", ["second", "conv0.weight", "conv0.bias"], "right", pads=[1] * 4)
    joined = net.add("Concat", [left, net.add("Relu", ["right"], "right.out")], "both", axis=1)
    net.add("Tanh", [net.conv(joined, 32, 1, after="")], "relief")
    pair = [{"first": c["gray"], "second": d["gray"]} for c, d in zip(crops(4), crops(4, 3), strict=True)]
    model = quantise(net.model({"first": 1, "second": 1}, ("relief",)), pair, Scheme())
    session = onnxruntime.InferenceSession(model.SerializeToString(), providers=["CPUExecutionProvider"])
    assert session.run(None, pair[0])[0].shape == (1, 1, SIDE, SIDE)
    assert sum(k.startswith("conv0.weight_quantized") for k in values_of(model)) == 1, "shared weights are stored once"


def test_openvino_computes_every_layer_in_bytes() -> None:
    from engines.backends.openvino_library import openvino_core

    core: Any = openvino_core()
    model = core.read_model(model=quantise(unet(), crops(), Scheme()).SerializeToString())
    model.reshape({"gray": [1, 1, SIDE, SIDE]})
    compiled = core.compile_model(model, "CPU", {"INFERENCE_PRECISION_HINT": "f32"})
    found: Counter[tuple[str, str]] = Counter()
    operations: list[Any] = list(compiled.get_runtime_model().get_ordered_ops())
    for node in operations:
        facts = node.get_rt_info()
        found[facts["layerType"].astype(str), facts["runtimePrecision"].astype(str)] += 1
    layers = {key: n for key, n in found.items() if key[0] in ("Convolution", "Deconvolution")}
    if not any(precision in ("u8", "i8") for _, precision in layers):
        pytest.skip(f"OpenVINO has no int8 kernels for this processor: {layers}")
    assert all(precision in ("u8", "i8") for _, precision in layers), layers
    assert sum(layers.values()) == 7


def test_onnx_runtime_computes_split_pairs_in_bytes(tmp_path: Any) -> None:
    options = onnxruntime.SessionOptions()
    options.optimized_model_filepath = str(tmp_path / "optimised.onnx")
    options.log_severity_level = 3
    data = quantise(unet(), crops(), SPLIT).SerializeToString()
    onnxruntime.InferenceSession(data, options, providers=["CPUExecutionProvider"])
    kinds = Counter(node.op_type for node in onnx.load(tmp_path / "optimised.onnx").graph.node)
    assert kinds["QLinearConv"] >= 5
    assert kinds["ConvTranspose"] == 0


@pytest.mark.parametrize("method", METHODS)
def test_ranges_hold_most_of_what_was_seen(method: str) -> None:
    sample = np.random.default_rng(0).normal(0, 1, 20000).astype(np.float32)
    low, high = METHODS[method](Seen(float(sample.min()), float(sample.max()), sample))
    assert ((sample >= low) & (sample <= high)).mean() > 0.95
    assert METHODS[method](Seen(0.0, 5.0, np.abs(sample)))[0] == 0.0, "what is never negative gets no zero point"
