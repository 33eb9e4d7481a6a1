"""What an ONNX file is turned into for TensorRT, whose strongly typed networks compute in the types that the file says.

Three things differ from what the CPU's libraries take (sources in docs/tensorrt.md):

- Rounding is symmetric: every zero point must be 0, an INT32 bias cannot be dequantised, and a weight is best handed
  over in float with its pair behind it. A file that was rounded for the CPU (unsigned activations with zero points) is
  brought into that form: the same ranges, the wider side kept, so that an activation keeps 127 of its 255 steps after
  a ReLU.
- Half precision is written into the file. Only what lies between the first and the last large multiplication runs in
  it: cameras' raw numbers before, and coordinates in pixels after, need more than 11 bits. Inputs and outputs stay
  float32.
- Constants are computed ahead, so that a convolution's weights are plain numbers.

Needs the package ``onnx``.
"""

from __future__ import annotations

from typing import Any

import numpy as np
import onnx
from numpy.typing import NDArray
from onnx import NodeProto, TensorProto, helper

from engines.backend import Precision
from engines.errors import BackendUnavailableError, UnsupportedGraphError
from engines.graph_passes import PASSES, Graph, attributes, fold_constants

VERSION = "1"
"""Changes when any pass gives another graph: it is part of a plan's key."""

HALF_MAX = 65504.0
"""Largest float16."""

_LARGE_WEIGHT = 1 << 15
"""Values in the weight of a matrix product from which on half precision is worth a cast."""

# The formatter would put each operator on a line of its own.
# fmt: off
_HALF_SAFE = frozenset({
    "Relu", "LeakyRelu", "PRelu", "Clip", "Sigmoid", "Tanh", "HardSigmoid", "HardSwish", "Elu", "Add", "Sub",
    "Mul", "Concat", "Split", "Slice", "Pad", "Resize", "MaxPool", "AveragePool", "GlobalAveragePool",
    "DepthToSpace", "SpaceToDepth", "Reshape", "Transpose", "Flatten", "Squeeze", "Unsqueeze", "Identity",
    "Dropout", "BatchNormalization",
})
# fmt: on
"""Operations that lose little in float16 and would cost casts in float32."""

_FLOAT_INPUTS_ONLY = {"Resize": (0,), "Clip": (0, 1, 2), "Pad": (0, 2), "BatchNormalization": (0,)}
"""Which inputs follow the type of the data, for the operations where not all float inputs do."""


def passes_of(precision: Precision) -> str:
    """The passes that a precision takes, with their versions, for a plan's key."""
    return f"tensorrt {VERSION} {precision}, fold_constants {PASSES['fold_constants'][0]}"


def prepare(title: str, data: bytes, precision: Precision) -> bytes:
    """An ONNX file's bytes, made ready for TensorRT in a precision.

    Args:
        title: of the model, for errors.
        data: of the ONNX file.
        precision: ``file``: as the file has it; ``fp32``: without rounding; ``fp16``: see above, without rounding to
            int8; ``int8``: the file's own pairs.

    Raises:
        UnsupportedGraphError: weights outside the file, a body of its own in a node, or no ONNX file.
        BackendUnavailableError: int8 is asked for and the file has no pairs.
    """
    try:
        model = onnx.load_from_string(data)
    except Exception as error:  # protobuf's errors differ between its implementations
        raise UnsupportedGraphError(
            f"{title}: this is no ONNX file that can be read ({error}); export it again"
        ) from error
    _refuse(title, model)
    weights = _take_weights_out(model)
    activations = _count(model, "QuantizeLinear")
    if precision == "int8" and not activations:
        raise BackendUnavailableError(
            f"{title} has no int8 file: TensorRT computes in int8 only what explicit pairs in the file say; run: "
            f"tapetum engines build {title.split(' ', maxsplit=1)[0]} --precision int8"
        )
    if precision in ("fp32", "fp16"):
        _drop_pairs(model)
        weights = {}
    else:
        _make_symmetric(title, model)
    fold_constants(model)
    if weights and precision in ("file", "int8"):
        _put_pairs_on_weights(model, weights)
    if precision == "fp16":
        _to_half(title, model)
    _forget_unused_domains(model)
    prepared: bytes = model.SerializeToString(deterministic=True)
    return prepared


def _refuse(title: str, model: onnx.ModelProto) -> None:
    outside = [t.name for t in model.graph.initializer if t.data_location == TensorProto.EXTERNAL]
    if outside:
        raise UnsupportedGraphError(
            f"{title}: {len(outside)} of its weights lie outside the file ({outside[0]}); export it into one file"
        )
    for node in model.graph.node:
        if any(a.type in (onnx.AttributeProto.GRAPH, onnx.AttributeProto.GRAPHS) for a in node.attribute):
            raise UnsupportedGraphError(
                f"{title}: node {node.name or '(no name)'} ({node.op_type}) holds a graph of its own, which is not "
                "supported on the GPU; export the model without branches and loops"
            )


def _count(model: onnx.ModelProto, kind: str) -> int:
    return sum(node.op_type == kind for node in model.graph.node)


def _spread(values: NDArray[Any], like: NDArray[Any], axis: int) -> NDArray[Any]:
    """Scales or zero points, one or one a channel, in a shape that fits ``like``."""
    if values.size == 1:
        return values.reshape(())
    shape = [1] * like.ndim
    shape[axis] = -1
    return values.reshape(shape)


def _take_weights_out(model: onnx.ModelProto) -> dict[str, tuple[NDArray[np.float32], int]]:
    """Make every rounded constant a float one. Returns tensor -> symmetric scales and their axis, of 8-bit ones."""
    graph = Graph(model)
    found: dict[str, tuple[NDArray[np.float32], int]] = {}
    kept = []
    for node in graph.nodes:
        if node.op_type != "DequantizeLinear" or any(n and n not in graph.constants for n in node.input):
            kept.append(node)
            continue
        stored = graph.constants[node.input[0]]
        scale = graph.constants[node.input[1]].astype(np.float32)
        zero = graph.constants[node.input[2]] if len(node.input) > 2 and node.input[2] else np.zeros((), stored.dtype)
        axis = int(attributes(node).get("axis", 1))
        axis += stored.ndim if axis < 0 else 0
        exact = stored.astype(np.int64) - _spread(zero.astype(np.int64), stored, axis)
        value = (exact * _spread(scale, stored, axis)).astype(np.float32)
        if stored.dtype.itemsize == 1 and stored.ndim > 1:
            if zero.any() or stored.dtype == np.uint8:
                others = tuple(i for i in range(stored.ndim) if i != axis) if scale.size > 1 else None
                scale = np.maximum(np.abs(value).max(axis=others) / 127, np.float32(1e-12)).astype(np.float32)
            found[node.output[0]] = (scale.reshape(-1) if scale.size > 1 else scale.reshape(()), axis)
        graph.constants[node.output[0]] = value
    graph.nodes = kept
    graph.finish()
    return found


def _put_pairs_on_weights(model: onnx.ModelProto, weights: dict[str, tuple[NDArray[np.float32], int]]) -> None:
    graph = Graph(model)
    pairs = []
    for name, (scale, axis) in weights.items():
        if name not in graph.constants:
            continue
        value = graph.constants[name]
        scale_name = graph.constant(f"{name}_scale", scale)
        zero = graph.constant(f"{name}_zero", np.zeros(scale.shape, np.int8))
        rounded, back = graph.fresh(f"{name}_rounded"), graph.fresh(f"{name}_back")
        axes: dict[str, Any] = {"axis": axis} if scale.size > 1 else {}
        for node in graph.nodes:
            for i, read in enumerate(node.input):
                if read == name:
                    node.input[i] = back
        graph.constants[name] = value
        pairs.append(helper.make_node("QuantizeLinear", [name, scale_name, zero], [rounded], f"{name}_q", **axes))
        pairs.append(helper.make_node("DequantizeLinear", [rounded, scale_name, zero], [back], f"{name}_dq", **axes))
    graph.nodes = pairs + graph.nodes
    graph.finish()


def _drop_pairs(model: onnx.ModelProto) -> None:
    """Take the rounding of activations out: what goes into a pair comes out of it."""
    graph = Graph(model)
    producers = graph.producers()
    same: dict[str, str] = {}
    for node in graph.nodes:
        maker = producers.get(node.input[0]) if node.op_type == "DequantizeLinear" else None
        if maker is not None and maker.op_type == "QuantizeLinear":
            same[node.output[0]] = maker.input[0]
    kept = []
    for node in graph.nodes:
        if node.output[0] in same and node.output[0] not in graph.outputs:
            continue  # a rounding whose reading back is gone is read by nobody and goes at the end
        for i, name in enumerate(node.input):
            while name in same:
                name = same[name]
            node.input[i] = name
        kept.append(node)
    read = {name for node in kept for name in node.input}
    graph.nodes = [node for node in kept if node.op_type != "QuantizeLinear" or node.output[0] in read]
    graph.finish()


def _make_symmetric(title: str, model: onnx.ModelProto) -> None:
    """Give every pair on an activation a zero point of 0 and the wider side of its range."""
    graph = Graph(model)
    for node in graph.nodes:
        if node.op_type not in ("QuantizeLinear", "DequantizeLinear"):
            continue
        if any(name and name not in graph.constants for name in node.input[1:]):
            raise UnsupportedGraphError(
                f"{title}: node {node.name} ({node.op_type}) has a scale that is computed, TensorRT takes constants"
            )
        scale = graph.constants[node.input[1]]
        has_zero = len(node.input) > 2 and node.input[2]
        zero = graph.constants[node.input[2]] if has_zero else np.zeros(scale.shape, np.uint8)
        if zero.dtype == np.int8 and not zero.any():
            continue
        if zero.dtype not in (np.uint8, np.int8):
            raise UnsupportedGraphError(f"{title}: node {node.name} rounds to {zero.dtype}, TensorRT takes int8 only")
        limits = np.iinfo(zero.dtype)
        low = (limits.min - zero.astype(np.float64)) * scale
        high = (limits.max - zero.astype(np.float64)) * scale
        wide = (np.maximum(np.abs(low), np.abs(high)) / 127).astype(np.float32)
        scale_name = graph.constant(f"{node.name}_scale", wide)
        zero_name = graph.constant(f"{node.name}_zero", np.zeros(wide.shape, np.int8))
        first = node.input[0]
        del node.input[:]
        node.input.extend([first, scale_name, zero_name])
    graph.finish()


def _to_half(title: str, model: onnx.ModelProto) -> None:
    """Let the middle of the network compute in float16, between the first and the last large multiplication."""
    try:
        inferred = onnx.shape_inference.infer_shapes(model, strict_mode=True)
    except onnx.shape_inference.InferenceError as error:
        raise UnsupportedGraphError(f"{title}: the types in its graph do not fit together ({error})") from error
    types = {v.name: v.type.tensor_type.elem_type for v in (*inferred.graph.value_info, *inferred.graph.input)}
    types.update({v.name: v.type.tensor_type.elem_type for v in inferred.graph.output})
    graph = Graph(model)
    half = _half_nodes(graph)
    is_half: set[str] = set()  # tensors that exist in float16 under their own name
    cast_of: dict[tuple[str, bool], str] = {}
    new: list[NodeProto] = []

    def wanted(name: str, as_half: bool) -> str:
        """The tensor's name in the type that is asked for."""
        if (name in is_half) == as_half:
            return name
        if (name, as_half) not in cast_of:
            if name in graph.constants:
                value = np.clip(graph.constants[name], -HALF_MAX, HALF_MAX).astype(np.float16)
                cast_of[name, as_half] = graph.constant(f"{name}_half", value)
            else:
                to = graph.fresh(f"{name}_{'half' if as_half else 'single'}")
                kind = TensorProto.FLOAT16 if as_half else TensorProto.FLOAT
                new.append(helper.make_node("Cast", [name], [to], graph.fresh(f"cast_{to}"), to=kind))
                cast_of[name, as_half] = to
        return cast_of[name, as_half]

    def is_float(name: str) -> bool:
        known = graph.constants.get(name)
        return known.dtype == np.float32 if known is not None else types.get(name) == TensorProto.FLOAT

    for node in graph.nodes:
        as_half = node.name in half
        follow = _FLOAT_INPUTS_ONLY.get(node.op_type, range(len(node.input)))
        for i, name in enumerate(node.input):
            if name and is_float(name):
                node.input[i] = wanted(name, as_half and i in follow)
        new.append(node)
        if not as_half:
            continue
        for i, name in enumerate(node.output):
            if is_float(name) and name in graph.outputs:  # an output of the graph keeps its name and its type
                node.output[i] = graph.fresh(f"{name}_half")
                new.append(
                    helper.make_node(
                        "Cast", [node.output[i]], [name], graph.fresh(f"cast_{name}"), to=TensorProto.FLOAT
                    )
                )
                cast_of[name, True] = node.output[i]
            elif is_float(name):
                is_half.add(name)
    graph.nodes = new
    graph.finish()


def _half_nodes(graph: Graph) -> set[str]:
    """Names of the nodes that run in float16: large multiplications, and what is safe between two of them."""

    def large(node: NodeProto) -> bool:
        if node.op_type in ("Conv", "ConvTranspose"):
            return True
        weights = [graph.constants[n] for n in node.input if n in graph.constants]
        return node.op_type in ("Gemm", "MatMul") and any(w.size >= _LARGE_WEIGHT for w in weights)

    after: set[str] = set()  # tensors with a large multiplication before them
    reached: set[str] = set()
    for node in graph.nodes:
        if any(n in after for n in node.input):
            reached.add(node.name)
        if large(node) or node.name in reached:
            after.update(node.output)
    before: set[str] = set()  # tensors with one after them
    half: set[str] = set()
    for node in reversed(graph.nodes):
        leads = any(n in before for n in node.output)
        if large(node) or (node.op_type in _HALF_SAFE and leads and node.name in reached):
            half.add(node.name)
        if large(node) or leads:
            before.update(node.input)
    return half


def _forget_unused_domains(model: onnx.ModelProto) -> None:
    used = {node.domain for node in model.graph.node} | {""}
    kept = [o for o in model.opset_import if o.domain in used]
    del model.opset_import[:]
    model.opset_import.extend(kept)
