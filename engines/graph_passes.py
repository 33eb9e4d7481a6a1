"""Exact rewrites of an ONNX graph that make it quicker in int8, or ready for it. Needs the package ``onnx``.

Each pass changes the model in place and says how often it found something to change. What a graph computes stays the
same up to the rounding of float32; the tests prove it on random graphs.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable, Sequence
from itertools import product
from typing import Any

import numpy as np
import onnx
from numpy.typing import NDArray
from onnx import NodeProto, helper, numpy_helper
from onnx.reference import ReferenceEvaluator

FOLD_BYTES = 64 * 2**20
"""A constant larger than this is not computed ahead."""

ELEMENTWISE = frozenset({"Relu", "LeakyRelu", "Clip", "Sigmoid", "Tanh"})
"""Work on each value by itself: they may stand before or after a rearrangement of values."""


class Graph:
    """A view of a model's graph that knows producers, consumers and constants; edits go through it."""

    def __init__(self, model: onnx.ModelProto) -> None:
        self.proto = model.graph
        self.nodes: list[NodeProto] = list(model.graph.node)
        self.constants: dict[str, NDArray[Any]] = {t.name: numpy_helper.to_array(t) for t in model.graph.initializer}
        self.inputs = [i.name for i in model.graph.input if i.name not in self.constants]
        self.outputs = [o.name for o in model.graph.output]
        self._names = {name for node in self.nodes for name in (*node.input, *node.output)} | self.constants.keys()
        self._names.update(self.inputs)
        for number, node in enumerate(self.nodes):
            if not node.name:
                node.name = self.fresh(f"{node.op_type}_{number}")

    def producers(self) -> dict[str, NodeProto]:
        """Tensor -> the node that makes it."""
        return {name: node for node in self.nodes for name in node.output if name}

    def consumers(self) -> dict[str, list[NodeProto]]:
        """Tensor -> the nodes that read it."""
        found: dict[str, list[NodeProto]] = defaultdict(list)
        for node in self.nodes:
            for name in dict.fromkeys(node.input):
                if name:
                    found[name].append(node)
        return found

    def fresh(self, stem: str) -> str:
        """A tensor or node name that nothing has yet."""
        name, number = stem, 1
        while name in self._names:
            name, number = f"{stem}_{number}", number + 1
        self._names.add(name)
        return name

    def constant(self, stem: str, value: NDArray[Any]) -> str:
        """Add a constant; returns its name."""
        name = self.fresh(stem)
        self.constants[name] = value
        return name

    def finish(self) -> None:
        """Write the nodes and those constants that are still read back into the model."""
        read = {name for node in self.nodes for name in node.input} | set(self.outputs)
        del self.proto.node[:]
        self.proto.node.extend(self.nodes)
        del self.proto.initializer[:]
        self.proto.initializer.extend(
            numpy_helper.from_array(np.ascontiguousarray(v) if v.ndim else v, k)
            for k, v in self.constants.items()
            if k in read
        )
        del self.proto.value_info[:]  # what was known of the old tensors


def attributes(node: NodeProto) -> dict[str, Any]:
    """The attributes of a node as Python values."""
    return {a.name: helper.get_attribute_value(a) for a in node.attribute}


def run_passes(model: onnx.ModelProto, names: Iterable[str]) -> dict[str, int]:
    """Run passes by name (see PASSES) in that order. Returns how often each changed something."""
    return {name: PASSES[name][1](model) for name in names}


def fold_constants(model: onnx.ModelProto) -> int:
    """Compute ahead whatever depends on constants alone: widened half-precision weights, sizes, grids."""
    graph = Graph(model)
    changed, kept = 0, []
    opsets = list(model.opset_import)
    for node in graph.nodes:
        foldable = all(not name or name in graph.constants for name in node.input)
        if not foldable or any(name in graph.outputs for name in node.output) or _has_body(node) or _draws(node):
            kept.append(node)
            continue
        values = _evaluate(node, graph.constants, opsets)
        if sum(v.nbytes for v in values) > FOLD_BYTES:
            kept.append(node)
            continue
        graph.constants.update(zip(node.output, values, strict=True))
        changed += 1
    graph.nodes = kept
    changed += _drop_identities(graph)
    graph.finish()
    return changed


def _has_body(node: NodeProto) -> bool:
    return any(a.type in (onnx.AttributeProto.GRAPH, onnx.AttributeProto.GRAPHS) for a in node.attribute)


def _draws(node: NodeProto) -> bool:
    return node.op_type.startswith("Random") or node.op_type in ("Bernoulli", "Multinomial", "Dropout")


def _evaluate(node: NodeProto, constants: dict[str, NDArray[Any]], opsets: Sequence[Any]) -> list[NDArray[Any]]:
    names = [name for name in dict.fromkeys(node.input) if name]
    inputs = [
        helper.make_tensor_value_info(n, helper.np_dtype_to_tensor_dtype(constants[n].dtype), constants[n].shape)
        for n in names
    ]
    outputs = [helper.make_value_info(n, onnx.TypeProto()) for n in node.output]
    single = helper.make_model(helper.make_graph([node], "one", inputs, outputs), opset_imports=opsets)
    return [np.asarray(v) for v in ReferenceEvaluator(single).run(None, {n: constants[n] for n in names})]


def _drop_identities(graph: Graph) -> int:
    """Take out Identity nodes; one that makes an output of the graph stays."""
    renamed: dict[str, str] = {}
    kept = []
    for node in graph.nodes:
        for i, name in enumerate(node.input):
            node.input[i] = renamed.get(name, name)
        if node.op_type == "Identity" and node.output[0] not in graph.outputs:
            renamed[node.output[0]] = node.input[0]
        else:
            kept.append(node)
    graph.nodes = kept
    return len(renamed)


def fold_batch_norm(model: onnx.ModelProto) -> int:
    """Fold a batch norm into the convolution before it: w' = w g / sqrt(v + e), b' = (b - m) g / sqrt(v + e) + beta."""
    graph = Graph(model)
    consumers, producers = graph.consumers(), graph.producers()
    gone: set[str] = set()
    for norm in graph.nodes:
        conv = producers.get(norm.input[0]) if norm.op_type == "BatchNormalization" else None
        if conv is None or conv.op_type not in ("Conv", "ConvTranspose") or len(consumers[norm.input[0]]) != 1:
            continue
        if norm.input[0] in graph.outputs or any(n not in graph.constants for n in (*conv.input[1:], *norm.input[1:])):
            continue
        facts = attributes(conv)
        if conv.op_type == "ConvTranspose" and facts.get("group", 1) != 1:
            continue
        scale, beta, mean, variance = (graph.constants[n].astype(np.float64) for n in norm.input[1:5])
        factor = scale / np.sqrt(variance + attributes(norm).get("epsilon", 1e-5))
        weight = graph.constants[conv.input[1]].astype(np.float64)
        axis = 0 if conv.op_type == "Conv" else 1
        shape = [-1 if i == axis else 1 for i in range(weight.ndim)]
        bias = graph.constants[conv.input[2]].astype(np.float64) if len(conv.input) > 2 and conv.input[2] else 0.0
        new_weight = graph.constant(f"{conv.input[1]}_folded", (weight * factor.reshape(shape)).astype(np.float32))
        new_bias = graph.constant(f"{conv.name}_bias", ((bias - mean) * factor + beta).astype(np.float32))
        _set_inputs(conv, [conv.input[0], new_weight, new_bias])
        conv.output[0] = norm.output[0]
        gone.add(norm.name)
    graph.nodes = [node for node in graph.nodes if node.name not in gone]
    graph.finish()
    return len(gone)


def own_biases(model: onnx.ModelProto) -> int:
    """A bias of its own for every layer: OpenVINO fuses none that two layers share, nor the function behind it."""
    graph = Graph(model)
    used: set[str] = set()
    changed = 0
    for node in graph.nodes:
        if node.op_type not in ("Conv", "ConvTranspose", "Gemm") or len(node.input) < 3:
            continue
        name = node.input[2]
        if name in used and name in graph.constants:
            node.input[2] = graph.constant(name, graph.constants[name])
            changed += 1
        used.add(name)
    graph.finish()
    return changed


def sub_pixel(model: onnx.ModelProto) -> int:
    """Transposed convolutions as ordinary ones to s^2 times the channels, and a rearrangement (Shi et al., 2016).

    Exact wherever stride s is the same both ways, the map grows exactly s times, and there is one group: phase r of
    output s q + r takes input q + d by tap r + p - s d. Element-wise functions that follow move before the
    rearrangement, where they fuse with the convolution.
    """
    graph = Graph(model)
    changed, out = 0, []
    for node in graph.nodes:
        made = _sub_pixel_of(graph, node) if node.op_type == "ConvTranspose" else None
        out += made or [node]
        changed += made is not None
    graph.nodes = out
    while _move_functions_up(graph):
        pass
    graph.finish()
    return changed


def _sub_pixel_of(graph: Graph, node: NodeProto) -> list[NodeProto] | None:
    facts = attributes(node)
    weight = graph.constants.get(node.input[1])
    bias = graph.constants.get(node.input[2]) if len(node.input) > 2 and node.input[2] else None
    if weight is None or weight.ndim != 4 or (len(node.input) > 2 and node.input[2] and bias is None):
        return None
    stride = tuple(facts.get("strides", (1, 1)))
    pads = tuple(facts.get("pads", (0, 0, 0, 0)))
    extra = tuple(facts.get("output_padding", (0, 0)))
    plain = facts.get("group", 1) == 1 and tuple(facts.get("dilations", (1, 1))) == (1, 1)
    if not plain or stride[0] != stride[1] or stride[0] < 2 or "output_shape" in facts:
        return None
    if facts.get("auto_pad", b"NOTSET") != b"NOTSET":
        return None
    s = stride[0]
    if any(weight.shape[2 + i] - pads[i] - pads[2 + i] + extra[i] != s for i in (0, 1)):
        return None
    reach = [_taps(weight.shape[2 + i], s, pads[i]) for i in (0, 1)]
    inputs, outputs = weight.shape[:2]
    (low_y, high_y), (low_x, high_x) = reach
    new = np.zeros((outputs, s, s, inputs, high_y - low_y + 1, high_x - low_x + 1), weight.dtype)
    for ry, rx, dy, dx in product(range(s), range(s), range(low_y, high_y + 1), range(low_x, high_x + 1)):
        ty, tx = ry + pads[0] - s * dy, rx + pads[1] - s * dx
        if 0 <= ty < weight.shape[2] and 0 <= tx < weight.shape[3]:
            new[:, ry, rx, :, dy - low_y, dx - low_x] = weight[:, :, ty, tx].T
    kernel = new.shape[4:]
    names = [node.input[0], graph.constant(f"{node.input[1]}_phases", new.reshape(-1, inputs, *kernel))]
    if bias is not None:
        names.append(graph.constant(f"{node.input[2]}_phases", np.repeat(bias, s * s)))
    phases = graph.fresh(f"{node.output[0]}_phases")
    conv = helper.make_node(
        "Conv",
        names,
        [phases],
        name=graph.fresh(f"{node.name}_phases"),
        kernel_shape=kernel,
        pads=(-low_y, -low_x, high_y, high_x),
        strides=(1, 1),
    )
    spread = helper.make_node("DepthToSpace", [phases], list(node.output), name=node.name, blocksize=s, mode="CRD")
    return [conv, spread]


def _taps(kernel: int, stride: int, pad: int) -> tuple[int, int]:
    """The first and the last input, counted from q, that any phase of output s q + r reads; they include q."""
    first = min((r + pad - kernel + stride) // stride for r in range(stride))
    return min(first, 0), max((stride - 1 + pad) // stride, 0)


def _move_functions_up(graph: Graph) -> int:
    """DepthToSpace and then a function of each value: the function first."""
    producers, consumers = graph.producers(), graph.consumers()
    for i, node in enumerate(graph.nodes):
        spread = producers.get(node.input[0]) if node.op_type in ELEMENTWISE else None
        if spread is None or spread.op_type != "DepthToSpace" or len(consumers[spread.output[0]]) != 1:
            continue
        if spread.output[0] in graph.outputs or producers[spread.input[0]].op_type != "Conv":
            continue
        between = graph.fresh(f"{spread.input[0]}_{node.op_type}")
        before, after = spread.input[0], node.output[0]
        node.input[0], node.output[0] = before, between
        spread.input[0], spread.output[0] = between, after
        graph.nodes[i] = spread
        graph.nodes[next(k for k, n in enumerate(graph.nodes) if n is spread)] = node
        return 1
    return 0


def _set_inputs(node: NodeProto, names: Sequence[str]) -> None:
    del node.input[:]
    node.input.extend(names)


PASSES: dict[str, tuple[str, Callable[[onnx.ModelProto], int]]] = {
    "fold_constants": ("1", fold_constants),
    "fold_batch_norm": ("1", fold_batch_norm),
    "own_biases": ("1", own_biases),
    "sub_pixel": ("1", sub_pixel),
}
"""Name of a pass -> its version, which changes when its results do, and the pass."""
