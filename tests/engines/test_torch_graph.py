"""ONNX files as torch calls: every operator gives what ONNX Runtime gives, and what cannot is refused by name."""

from __future__ import annotations

from typing import Any

import numpy as np
import onnx
import onnxruntime as ort
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from numpy.typing import NDArray
from onnx import TensorProto, helper, numpy_helper

from engines.errors import ModelFileError, UnsupportedGraphError

pytest.importorskip("torch", reason="torch is not installed (extra: torch)")
import torch

from engines.backends.torch_graph import OPERATORS, OPSETS, read_graph
from engines.backends.torch_graph_plan import DeviceWeights, plan

Array = NDArray[Any]
RNG = np.random.default_rng(0)


def some(*shape: int, low: float = -2.0, high: float = 2.0) -> Array:
    return RNG.uniform(low, high, shape).astype(np.float32)


def ints(*values: int) -> Array:
    return np.array(values, np.int64)


class Model:
    """A graph under construction: `live` arrays are inputs, the rest weights inside the file."""

    def __init__(self, opset: int = 17) -> None:
        self.opset = opset
        self.live: dict[str, Array] = {}
        self.weights: list[Any] = []
        self.nodes: list[Any] = []
        self.outputs: list[str] = []

    def input(self, array: Array) -> str:
        name = f"in{len(self.live)}"
        self.live[name] = array
        return name

    def weight(self, array: Array) -> str:
        self.weights.append(numpy_helper.from_array(np.asarray(array), f"w{len(self.weights)}"))
        return str(self.weights[-1].name)

    def op(self, kind: str, *inputs: str, count: int = 1, **attributes: Any) -> list[str]:
        outs = [f"{kind}{len(self.nodes)}_{i}" for i in range(count)]
        self.nodes.append(helper.make_node(kind, list(inputs), outs, name=self._name(kind), **attributes))
        return outs

    def _name(self, kind: str) -> str:
        names = {node.name for node in self.nodes}
        return next(name for i in range(99) if (name := f"the_{kind}{i or ''}") not in names)

    def give(self, *names: str) -> None:
        """Make these the outputs, as floats."""
        for name in names:
            self.outputs.append(f"out{len(self.outputs)}")
            self.nodes.append(helper.make_node("Cast", [name], [self.outputs[-1]], to=TensorProto.FLOAT))

    def to_bytes(self) -> bytes:
        ins = [helper.make_tensor_value_info(n, TensorProto.FLOAT, ["N", *a.shape[1:]]) for n, a in self.live.items()]
        outs = [helper.make_tensor_value_info(n, TensorProto.FLOAT, None) for n in self.outputs]
        graph = helper.make_graph(self.nodes, "tested", ins, outs, self.weights)
        model = helper.make_model(graph, opset_imports=[helper.make_opsetid("", self.opset)], ir_version=8)
        data: bytes = model.SerializeToString()
        return data


def by_onnxruntime(data: bytes, live: dict[str, Array], optimised: bool = False) -> list[Array]:
    options = ort.SessionOptions()
    options.log_severity_level = 3
    options.intra_op_num_threads = 1
    if not optimised:
        options.graph_optimization_level = ort.GraphOptimizationLevel.ORT_DISABLE_ALL
    session = ort.InferenceSession(data, options, providers=["CPUExecutionProvider"])
    found: list[Array] = session.run(None, live)
    return found


def by_torch(data: bytes, live: dict[str, Array], floats: Any = "f32") -> list[Array]:
    graph = read_graph(torch, "tested 1", data)
    batch = next(iter(live.values())).shape[0]
    program = plan(graph, batch, DeviceWeights(torch, "cpu", floats))
    with torch.inference_mode():
        out = program(*[torch.from_numpy(live[tensor.name]) for tensor in graph.inputs])
    assert {name: tuple(value.shape) for name, value in out.items()} == program.shapes
    return [value.numpy() for value in out.values()]


def check(model: Model, atol: float = 2e-6) -> None:
    data = model.to_bytes()
    ours, theirs = by_torch(data, model.live), by_onnxruntime(data, model.live)
    for a, b in zip(ours, theirs, strict=True):
        assert a.shape == b.shape
        np.testing.assert_allclose(a, b, atol=atol, rtol=2e-6)


X = some(2, 4, 6, 8)
POSITIVE = some(2, 4, 6, 8, low=0.1)

UNARY = ["Relu", "Sigmoid", "Tanh", "Neg", "Abs", "Exp", "Identity", "Dropout", "GlobalAveragePool"]
BINARY = ["Add", "Sub", "Mul", "Div", "Max", "Min", "Greater", "GreaterOrEqual", "Less", "LessOrEqual", "Equal"]

# (operator, live inputs, weights behind them, attributes, number of outputs, opset)
CASES: list[tuple[str, list[Array], list[Array | None], dict[str, Any], int, int]] = [
    *((kind, [X], [], {}, 1, 17) for kind in UNARY),
    *((kind, [POSITIVE], [], {}, 1, 17) for kind in ("Log", "Sqrt", "Reciprocal")),
    *((kind, [X, X.round()], [], {}, 1, 17) for kind in BINARY),
    *((kind, [X], [some(4, 1, 1)], {}, 1, 17) for kind in BINARY),
    ("Mod", [X], [some(4, 1, 1, low=0.5)], {"fmod": 1}, 1, 17),
    ("Pow", [POSITIVE], [np.float32(1.5)], {}, 1, 17),
    ("Max", [X, -X, some(2, 1, 1, 8)], [], {}, 1, 17),
    ("LeakyRelu", [X], [], {"alpha": 0.2}, 1, 17),
    ("Softmax", [X], [], {"axis": 2}, 1, 17),
    ("Softmax", [X], [], {}, 1, 17),
    ("Clip", [X], [np.float32(-0.5), np.float32(0.7)], {}, 1, 17),
    ("Clip", [X], [None, np.float32(0.7)], {}, 1, 17),
    ("Clip", [X], [], {}, 1, 17),
    ("Conv", [X], [some(5, 4, 3, 3), some(5)], {"pads": [1, 0, 2, 1], "strides": [2, 1]}, 1, 17),
    ("Conv", [X], [some(8, 2, 3, 3)], {"group": 2, "dilations": [2, 2], "auto_pad": "VALID"}, 1, 17),
    ("ConvTranspose", [X], [some(4, 3, 5, 5), some(3)], {"pads": [2] * 4, "strides": [2, 2]}, 1, 17),
    ("ConvTranspose", [X], [some(4, 3, 5, 5)], {"pads": [2] * 4, "strides": [2, 2], "output_padding": [1, 1]}, 1, 17),
    ("ConvTranspose", [X], [some(4, 3, 2, 2)], {"strides": [2, 2], "group": 2}, 1, 17),
    ("BatchNormalization", [X], [some(4), some(4), some(4), some(4, low=0.2)], {"epsilon": 1e-3}, 1, 17),
    ("MaxPool", [X], [], {"kernel_shape": [2, 2], "strides": [2, 2]}, 1, 17),
    ("MaxPool", [X], [], {"kernel_shape": [3, 3], "strides": [2, 2], "pads": [1, 1, 0, 0]}, 1, 17),
    ("AveragePool", [X], [], {"kernel_shape": [2, 2], "strides": [2, 2], "pads": [1] * 4}, 1, 17),
    ("AveragePool", [X], [], {"kernel_shape": [2, 2], "pads": [1] * 4, "count_include_pad": 1}, 1, 19),
    ("Gemm", [some(3, 7)], [some(5, 7), some(5)], {"transB": 1}, 1, 17),
    ("Gemm", [some(3, 7)], [some(7, 5)], {}, 1, 17),
    ("Gemm", [some(7, 3)], [some(5, 7), some(3, 1)], {"transA": 1, "transB": 1, "alpha": 0.5, "beta": 2.0}, 1, 17),
    ("MatMul", [some(2, 3, 7)], [some(7, 5)], {}, 1, 17),
    ("DepthToSpace", [X], [], {"blocksize": 2, "mode": "CRD"}, 1, 17),
    ("DepthToSpace", [some(2, 8, 3, 2)], [], {"blocksize": 2}, 1, 17),
    ("SpaceToDepth", [X], [], {"blocksize": 2}, 1, 17),
    ("Resize", [X], [None, np.array([1, 1, 2, 3], np.float32)], {"mode": "nearest"}, 1, 17),
    (
        "Resize",
        [X],
        [None, None, ints(2, 4, 12, 8)],
        {"mode": "nearest", "nearest_mode": "floor", "coordinate_transformation_mode": "asymmetric"},
        1,
        18,
    ),
    ("Resize", [X], [None, np.array([2, 2], np.float32)], {"mode": "nearest", "axes": [2, 3]}, 1, 18),
    ("Resize", [X], [None, np.array([1, 1, 2, 3], np.float32)], {"mode": "linear"}, 1, 17),
    (
        "Resize",
        [X],
        [None, None, ints(2, 4, 12, 8)],
        {"mode": "linear", "coordinate_transformation_mode": "pytorch_half_pixel"},
        1,
        17,
    ),
    ("GridSample", [X, some(2, 3, 5, 2)], [], {"padding_mode": "border", "align_corners": 1}, 1, 17),
    ("GridSample", [X, some(2, 3, 5, 2)], [], {"mode": "linear"}, 1, 20),
    ("GridSample", [X, some(2, 3, 5, 2)], [], {"mode": "nearest", "padding_mode": "reflection"}, 1, 17),
    ("Reshape", [X], [ints(0, -1, 8)], {}, 1, 17),
    ("Reshape", [X], [ints(2, 4, 48)], {"allowzero": 1}, 1, 17),
    ("Flatten", [X], [], {}, 1, 17),
    ("Flatten", [X], [], {"axis": -1}, 1, 17),
    ("Squeeze", [some(2, 1, 3, 1)], [ints(-1)], {}, 1, 17),
    ("Squeeze", [some(2, 1, 3, 1)], [], {}, 1, 17),
    ("Unsqueeze", [some(2, 3)], [ints(-1, 1)], {}, 1, 17),
    ("Transpose", [some(2, 3, 4)], [], {"perm": [0, 2, 1]}, 1, 17),
    ("Transpose", [some(2, 3, 4)], [], {}, 1, 17),
    ("Concat", [X, X[:, :2]], [], {"axis": 1}, 1, 17),
    ("Concat", [X], [some(2, 4, 6, 3)], {"axis": -1}, 1, 17),
    ("Split", [some(2, 7, 3)], [ints(2, 4, 1)], {"axis": 1}, 3, 17),
    ("Split", [some(2, 6, 3)], [], {"axis": -2}, 3, 17),
    ("Split", [some(2, 7, 3)], [], {"axis": 1, "num_outputs": 3}, 3, 18),
    ("Slice", [X], [ints(1), ints(3), ints(1)], {}, 1, 17),
    ("Slice", [X], [ints(-1), ints(-99), ints(3), ints(-1)], {}, 1, 17),
    ("Gather", [X], [np.array([[0, 2], [3, -1]])], {"axis": 1}, 1, 17),
    ("Gather", [X], [ints(1, 2, 3)], {"axis": 3}, 1, 17),
    ("Gather", [X], [np.array(-2)], {"axis": 2}, 1, 17),
    ("Expand", [some(2, 1, 3)], [ints(4, 1, 5, 1)], {}, 1, 17),
    ("Tile", [some(2, 3)], [ints(1, 4)], {}, 1, 17),
    ("Pad", [X], [ints(0, 0, 1, 2, 0, 1, 0, 3), np.float32(7)], {}, 1, 17),
    ("Pad", [X], [ints(1, 2, 3, 4), None, ints(3, 1)], {}, 1, 18),
    ("Pad", [X], [ints(0, 0, 1, 2, 0, 0, 0, 3)], {"mode": "edge"}, 1, 17),
    ("ReduceSum", [X], [ints(2, 3)], {"keepdims": 0}, 1, 17),
    ("ReduceSum", [X], [], {"noop_with_empty_axes": 1}, 1, 17),
    ("ReduceMean", [X], [], {"axes": [1]}, 1, 17),
    ("ReduceMean", [X], [ints(-1)], {"keepdims": 0}, 1, 18),
    ("ReduceMax", [X], [], {"axes": [2, 3], "keepdims": 0}, 1, 17),
    ("ReduceMin", [X], [], {}, 1, 17),
    ("ReduceL2", [X], [], {"axes": [1]}, 1, 17),
]


@pytest.mark.parametrize("case", CASES, ids=[f"{c[0]}-{i}" for i, c in enumerate(CASES)])
def test_an_operator_gives_what_onnx_runtime_gives(case: tuple[Any, ...]):
    kind, live, weights, attributes, count, opset = case
    model = Model(opset)
    names = [model.input(a) for a in live] + [model.weight(np.asarray(a)) if a is not None else "" for a in weights]
    model.give(*model.op(kind, *names, count=count, **attributes))
    check(model, atol=1e-5 if kind in ("Conv", "ConvTranspose") else 2e-6)


def test_logic_and_choice():
    model = Model()
    x, y = model.input(X), model.input(some(2, 4, 6, 8))
    (a,), (b,) = model.op("Greater", x, y), model.op("Less", x, model.weight(np.float32(0.5)))
    (both,), (one,), (neither,) = model.op("And", a, b), model.op("Or", a, b), model.op("Not", a)
    model.give(both, one, neither, *model.op("Where", a, x, y))
    check(model)


def test_shapes_are_computed_beforehand_for_every_batch():
    model = Model()
    x = model.input(X)
    (shape,) = model.op("Shape", x)
    (n,) = model.op("Gather", shape, model.weight(np.array(0)), axis=0)
    (half,) = model.op("Div", *model.op("Gather", shape, model.weight(np.array(1)), axis=0), model.weight(np.array(2)))
    (odd,) = model.op("Mod", half, model.weight(np.array(-3)))
    parts = [model.op("Unsqueeze", v, model.weight(ints(0)))[0] for v in (n, half)]
    (wanted,) = model.op("Concat", *parts, model.weight(ints(-1)), axis=0)
    (ones,) = model.op("ConstantOfShape", parts[0], value=numpy_helper.from_array(ints(1)))
    model.give(*model.op("Reshape", x, wanted), odd, ones, *model.op("Shape", x, start=1, end=3))
    check(model)


@pytest.mark.parametrize("zero", [np.uint8(114), np.int8(-3), None])
def test_rounded_values_are_those_of_the_file_to_the_last_step(zero: Any):
    model = Model()
    scale = np.float32(0.0173)
    ties = (np.arange(-300, 300, dtype=np.float32) * np.float32(0.5) * scale).reshape(2, -1)
    x = model.input(ties)
    with_zero = [] if zero is None else [model.weight(np.asarray(zero))]
    pair = [model.weight(np.asarray(scale)), *with_zero]
    model.give(*model.op("DequantizeLinear", *model.op("QuantizeLinear", x, *pair), *pair))
    check(model, atol=0)


def test_weights_rounded_by_channel_are_widened_along_their_axis():
    model = Model()
    x = model.input(X)
    rounded = RNG.integers(-127, 128, (3, 4, 3, 3)).astype(np.int8)
    scales, zeros = some(3, low=0.01, high=0.02), np.zeros(3, np.int8)
    (weight,) = model.op("DequantizeLinear", model.weight(rounded), model.weight(scales), model.weight(zeros), axis=0)
    bias = model.op("DequantizeLinear", model.weight(np.array([7, -9, 1], np.int32)), model.weight(np.float32(0.5)))
    model.give(*model.op("Conv", x, weight, *bias))
    check(model, atol=1e-5)
    graph = read_graph(torch, "tested 1", model.to_bytes())
    assert [node.kind for node in graph.nodes] == ["Conv", "Cast"]


def test_half_precision_rounds_the_layers_and_nothing_else():
    model = Model()
    x = model.input(some(2, 16, 8, 8))
    (layer,) = model.op("Conv", x, model.weight(some(16, 16, 3, 3)), pads=[1] * 4)
    (total,) = model.op("ReduceSum", *model.op("Mul", x, model.weight(np.float32(1e4))), model.weight(ints(1, 2, 3)))
    model.give(*model.op("Relu", layer), total)
    data = model.to_bytes()
    exact, half = by_onnxruntime(data, model.live), by_torch(data, model.live, "f16")
    assert [a.dtype for a in half] == [np.float32, np.float32]
    assert 1e-5 < np.abs(exact[0] - half[0]).max() < 0.05
    np.testing.assert_allclose(half[1], exact[1], rtol=1e-5, atol=1.0)  # 1e5 and more: float16 would overflow
    assert np.abs(exact[1]).max() > 65504


@settings(max_examples=25, deadline=None)
@given(st.data())
def test_any_slice_is_the_file_s_slice(data: st.DataObject):
    shape = data.draw(st.tuples(*[st.integers(1, 5)] * 3))
    axes = data.draw(st.permutations(range(3)))[: data.draw(st.integers(1, 3))]
    edge = st.integers(-8, 8)
    starts, ends = [data.draw(edge) for _ in axes], [data.draw(edge) for _ in axes]
    steps = [data.draw(st.sampled_from([-3, -1, 1, 2])) for _ in axes]
    model = Model()
    x = model.input(np.arange(np.prod(shape), dtype=np.float32).reshape(shape))
    model.give(*model.op("Slice", x, *[model.weight(ints(*v)) for v in (starts, ends, axes, steps)]))
    check(model, atol=0)


@settings(max_examples=25, deadline=None)
@given(st.data())
def test_any_convolution_is_the_file_s_convolution(data: st.DataObject):
    groups = data.draw(st.sampled_from([1, 2]))
    kernel = data.draw(st.tuples(st.integers(1, 3), st.integers(1, 3)))
    stride = data.draw(st.tuples(st.integers(1, 2), st.integers(1, 2)))
    pads = [data.draw(st.integers(0, 2)) for _ in range(4)]
    model = Model()
    x = model.input(some(1, 2 * groups, 5, 6))
    model.give(
        *model.op(
            "Conv",
            x,
            model.weight(some(groups * 2, 2, *kernel)),
            group=groups,
            pads=pads,
            strides=list(stride),
        )
    )
    check(model, atol=1e-5)


def refused(model: Model) -> str:
    with pytest.raises(UnsupportedGraphError) as caught:
        by_torch(model.to_bytes(), model.live)
    return str(caught.value)


def test_every_refusal_names_node_operator_and_opset():
    model = Model()
    model.give(*model.op("Det", model.input(some(2, 3, 3))))
    told = refused(model)
    assert "tested 1" in told
    assert "node 'the_Det' (operator Det, opset 17)" in told
    assert "another backend runs this model" in told


@pytest.mark.parametrize(
    ("kind", "attributes", "weights", "why"),
    [
        ("Conv", {"auto_pad": "SAME_UPPER"}, [some(3, 4, 3, 3)], "auto_pad=SAME_UPPER"),
        ("Resize", {"mode": "cubic"}, [None, np.array([1, 1, 2, 2], np.float32)], "mode 'cubic'"),
        ("Resize", {"mode": "linear"}, [None, np.array([1, 1, 0.5, 1], np.float32)], "enlarging by whole numbers"),
        ("Resize", {"mode": "linear"}, [None, np.array([1, 2, 1, 1], np.float32)], "batch or the channels"),
        ("Resize", {"mode": "nearest"}, [None, np.array([1, 1, 0.5, 1], np.float32)], "repeating every cell"),
        ("MaxPool", {"kernel_shape": [2, 2], "ceil_mode": 1}, [], "ceil_mode"),
        ("Pad", {"mode": "reflect"}, [ints(0, 0, 1, 1, 0, 0, 1, 1)], "mode 'reflect'"),
        ("Pad", {"mode": "edge"}, [ints(0, 1, 0, 0, 0, 0, 0, 0)], "height and width"),
        ("Cast", {"to": TensorProto.DOUBLE}, [], "becomes type 11"),
        ("GridSample", {"mode": "bicubic"}, [some(2, 3, 3, 2)], "bicubic"),
        ("Reshape", {}, [ints(5, 5)], "shape"),
        ("Conv", {}, [some(3, 9, 3, 3)], "the_Conv"),
        ("QuantizeLinear", {}, [np.float32(0.1), np.uint16(3)], "uint16"),
    ],
)
def test_what_is_not_computed_exactly_is_refused(kind: str, attributes: dict[str, Any], weights: list[Any], why: str):
    model = Model()
    names = [model.input(X)] + [model.weight(np.asarray(w)) if w is not None else "" for w in weights]
    model.give(*model.op(kind, *names, **attributes))
    assert why in refused(model)


def test_an_attribute_nobody_knows_is_refused():
    model = Model()
    model.give(*model.op("Relu", model.input(X), hurry=1))
    assert "attribute 'hurry'" in refused(model)


def test_a_shape_that_depends_on_the_picture_is_refused():
    model = Model()
    x = model.input(some(2, 3))
    (wanted,) = model.op("Cast", *model.op("Squeeze", x), to=TensorProto.INT64)
    model.give(*model.op("Reshape", x, wanted))
    assert "must be a constant" in refused(model)


@pytest.mark.parametrize("opset", [OPSETS[0] - 1, OPSETS[1] + 1])
def test_an_opset_too_old_or_too_new_is_refused(opset: int):
    model = Model(opset)
    model.give(*model.op("Relu", model.input(X)))
    assert f"of opset {opset}; the torch backend computes {OPSETS[0]} to {OPSETS[1]}" in refused(model)


def test_weights_in_another_file_are_refused():
    model = Model()
    model.give(*model.op("Add", model.input(X), model.weight(some(4, 1, 1))))
    proto = onnx.load_model_from_string(model.to_bytes())
    tensor = proto.graph.initializer[0]
    tensor.data_location = TensorProto.EXTERNAL
    tensor.external_data.add(key="location", value="weights.bin")
    with pytest.raises(UnsupportedGraphError, match="lie in another file"):
        read_graph(torch, "tested 1", proto.SerializeToString())


@pytest.mark.parametrize("keep", [0, 1, 40, 200])
def test_a_torn_file_is_no_model(keep: int):
    model = Model()
    model.give(*model.op("Conv", model.input(X), model.weight(some(5, 4, 3, 3))))
    with pytest.raises((ModelFileError, UnsupportedGraphError)):
        read_graph(torch, "tested 1", model.to_bytes()[:keep])


def test_a_node_that_reads_what_nothing_makes_is_no_model():
    model = Model()
    model.give(*model.op("Add", model.input(X), "nowhere"))
    with pytest.raises(ModelFileError, match="reads 'nowhere', which nothing makes"):
        read_graph(torch, "tested 1", model.to_bytes())


def test_every_operator_is_tested_here():
    tested = {case[0] for case in CASES} | {"And", "Or", "Not", "Where", "Shape", "Div", "Mod", "ConstantOfShape"}
    tested |= {"QuantizeLinear", "DequantizeLinear", "Cast", "Constant"}
    assert set(OPERATORS) <= tested
